"""A joinery's week to the minute, from frames: set-ups, shifts, overtime, an oven that takes several orders, and a breakdown.

Run it anywhere: python schedule_frame.py
"""

import pyarrow as pa

from lotwise.schedule import Result, schedule

orders = pa.table(
    {
        "order": ["table", "bench", "door", "shelf", "chair", "frame"],
        "due": [f"2026-11-0{day} 18:00" for day in (2, 3, 3, 3, 4, 4)],
        "weight": [40.0, 15.0, 60.0, 10.0, 25.0, 15.0],  # money for each hour late
    }
)
steps = [  # order, operation, machine, minutes, set-up state, oven family, trays
    *[(name, 1, "saw", minutes, wood, None, 1) for name, minutes, wood in (
        ("table", 150, "oak"), ("bench", 90, "pine"), ("door", 120, "oak"),
        ("shelf", 60, "pine"), ("chair", 180, "oak"), ("frame", 45, "pine"),
    )],
    *[(name, 2, "varnish", 210, None, "clear", trays) for name, trays in (
        ("table", 3), ("bench", 2), ("door", 3), ("shelf", 2), ("chair", 4), ("frame", 1),
    )],
    *[(name, 3, bench, minutes, None, None, 1) for name, minutes in (
        ("table", 240), ("bench", 150), ("door", 180), ("shelf", 90), ("chair", 300), ("frame", 60),
    ) for bench in ("assembly 1", "assembly 2")],  # two rows for one operation: either bench will do
]  # fmt: skip
names = ("order", "operation", "machine", "minutes", "state", "family", "size")
operations = pa.Table.from_pylist([dict(zip(names, step, strict=True)) for step in steps])
machines = pa.table(
    {
        "machine": ["saw", "varnish", "assembly 1", "assembly 2"],
        "state": ["pine", None, None, None],
        "room": [None, 6.0, None, None],  # trays in one batch
        "overtime_cost": [45.0, 0.0, 45.0, 45.0],  # an hour
    }
)
shifts = pa.Table.from_pylist(
    [{"machine": "all", "weekday": day, "starts": "07:00", "ends": "16:00", "overtime": False} for day in range(1, 6)]
    + [{"machine": "all", "weekday": day, "starts": "16:00", "ends": "19:00", "overtime": True} for day in range(1, 6)]
)
setups = pa.table({"machine": ["saw", "saw"], "from_state": ["oak", "pine"], "to_state": ["pine", "oak"], "minutes": [30, 45]})


def show(result: Result) -> None:
    """Print a schedule."""
    for row in result.jobs.sort_by([("machine", "ascending"), ("place", "ascending")]).to_pylist():
        setup = f"  set-up from {row['setup_starts']:%H:%M}" if row["setup_starts"] else ""
        batch = f"  batch {row['batch']}" if row["batch"] is not None else ""
        print(f"{row['machine']:11}{row['starts']:%a %H:%M} to {row['ends']:%a %H:%M}  {row['order']:6}{setup}{batch}")
    total = result.summary.to_pylist()[0]
    print(
        f"{total['method']}: {total['total']:.2f} = late {total['tardiness']:.2f} + overtime {total['overtime']:.2f} "
        f"+ changes {total['change']:.2f}; {total['late']} orders late\n"
    )


monday = "2026-11-02 07:00"
first = schedule(orders, operations, machines, shifts=shifts, setups=setups, start=monday)
show(first)

broken = pa.table({"machine": ["assembly 1"], "starts": ["2026-11-02 14:00"], "ends": ["2026-11-03 12:00"]})
again = schedule(
    orders, operations, machines, shifts=shifts, setups=setups, downtime=broken, previous=first.jobs,
    start=monday, now="2026-11-02 14:00", frozen_until="2026-11-02 16:00",
)  # fmt: skip
show(again)
