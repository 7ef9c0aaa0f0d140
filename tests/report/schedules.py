"""A made-up schedule and made-up tours: small by default, as large as asked for, and free of overlaps."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from lotwise.tables import TABLES

START = datetime(2018, 1, 1, 6)  # noqa: DTZ001  the floor's own clock
ITEMS = ("P1", "P2", "P3", "P4", "P5")
GROUPS = {"cutting": 2, "sewing": 3, "oven": 1}
"""Machine groups and how many machines each has; the last one takes batches of two."""
OPENS, CLOSES, MINUTE = 6, 22, timedelta(minutes=1)
REASON = (
    "A2 sewing waited 5:00 hours for machine sewing 1, busy with A1 sewing, A3 sewing. It ends at 2018-01-02 09:00, "
    "0:45 hours after it is due."
)
REMEDY = "Working the overtime of sewing 1 on 2018-01-02 saves 12.50. Taking A2 sewing before A1 sewing on sewing 1 saves 3.25."


def table(name, rows):
    """Return rows as the table of a contract, checked."""
    return TABLES[name].check(pa.Table.from_pylist(rows, schema=TABLES[name].schema))


class Floor:
    """Machines that take one job after the other, on weekdays between opening and closing."""

    def __init__(self):
        self.free = {f"{group} {k}": START for group, count in GROUPS.items() for k in range(1, count + 1)}
        self.state = dict.fromkeys(self.free)
        self.place = dict.fromkeys(self.free, 0)

    def first(self, group):
        """Return the machine of a group that is free first."""
        return min((name for name in self.free if name.startswith(f"{group} ")), key=lambda name: (self.free[name], name))

    def put(self, machine, ready, minutes, state):
        """Return when a job starts and its set-up, after placing it."""
        setup = 20 if self.state[machine] not in {None, state} else 0
        start = open_time(max(ready, self.free[machine] + setup * MINUTE), minutes)
        before, self.state[machine] = self.state[machine], state
        self.free[machine] = start + minutes * MINUTE
        self.place[machine] += 1
        return start, setup, before


def open_time(when, minutes):
    """Return the first time from which so many minutes are open without a gap."""
    while True:
        opens = when.replace(hour=OPENS, minute=0)
        if when.weekday() < 5 and when <= opens.replace(hour=CLOSES) - minutes * MINUTE:
            return max(when, opens)
        when = opens + timedelta(days=1)


def made_jobs(orders, seed=5):
    """Return the jobs of so many orders, each with one step on each group; the oven takes orders two by two."""
    rng, floor, rows, done = np.random.default_rng(seed), Floor(), [], {}
    for k in range(orders):
        item, ready = ITEMS[int(rng.integers(len(ITEMS)))], START
        for step, group in enumerate(GROUPS, start=1):
            minutes = int(rng.integers(4, 18)) * 10
            last = done.get(group)
            shares = group == "oven" and k % 2 == 1 and last is not None and last["starts"] >= ready
            if shares:
                row = last | {"place": last["place"] + 1, "setup_starts": None, "setup_minutes": 0.0}
                floor.place[row["machine"]] += 1
            else:
                machine = floor.first(group)
                start, setup, before = floor.put(machine, ready, minutes, item if group == "sewing" else None)
                row = {
                    "machine": machine, "starts": start, "ends": start + minutes * MINUTE, "minutes": float(minutes),
                    "setup_starts": start - setup * MINUTE if setup else None, "setup_minutes": float(setup),
                    "from_state": before, "to_state": item if group == "sewing" else None, "place": floor.place[machine],
                }  # fmt: skip
            status = "running" if row["starts"] == START else "frozen" if row["starts"] < START + 4 * 60 * MINUTE else "planned"
            row |= {
                "lot": f"A{k + 1}", "part": 1, "step": step, "item": item, "units": float(10 + k % 7), "group": group,
                "overtime_minutes": 30.0 if k == 2 else 0.0, "batch": k - shares if group == "oven" else None,
                "status": status, "before": row["machine"] if k % 3 else None, "changed": k % 5 == 4,
            }  # fmt: skip
            rows.append(row)
            done[group] = row
            ready = row["ends"]
    return rows


def made_schedule(orders=12, seed=5):
    """Return every table of a schedule."""
    jobs = made_jobs(orders, seed)
    ends = {row["lot"]: row for row in jobs}  # the last step of each
    lateness, late_orders = [], []
    for k, (lot, row) in enumerate(ends.items()):
        due = START + timedelta(hours=4 if k % 4 == 1 else 16) + (row["ends"] - START) * (0.6 if k % 4 == 1 else 1.1)
        late = max((row["ends"] - due) / timedelta(hours=1), 0.0) if k else 0.0
        lateness.append({
            "lot": lot, "part": 1, "item": row["item"], "due": due if k else None, "ends": row["ends"], "late_hours": late,
            "money": round(12.5 * late, 2), "waited_for": "machine sewing 1" if k else None, "waited_hours": 5.0 if k else 0.0,
            "reason": REASON if late else "", "remedy": REMEDY if late else "", "gain": round(4.5 * late, 2),
        })  # fmt: skip
        if late:
            late_orders.append({
                "order": f"O{k}", "line": 1, "product": row["item"], "lot": lot, "part": 1, "due": due.date(),
                "ends": row["ends"], "late_days": late / 24,
            })  # fmt: skip
    tardiness = round(sum(row["money"] for row in lateness), 2)
    setup = sum(row["setup_minutes"] for row in jobs) / 10
    schedules = [
        {"schedule": name, "starts": START, "method": method, "why": why, "orders": orders, "operations": len(jobs),
         "moves": moves, "total": times * (tardiness + setup) + 15.0, "tardiness": times * tardiness, "setup": times * setup,
         "overtime": 15.0, "change": 0.0, "bound": None, "late": int(times * len(late_orders)), "changed": 2,
         "ends": max(row["ends"] for row in jobs)}
        for name, method, why, moves, times in (
            ("published", "list", "it was asked for", 20_000, 1.0),
            ("dispatch", "dispatch", "", 0, 2.0))
    ]  # fmt: skip
    made = {"jobs": jobs, "lateness": lateness, "order_ends": late_orders, "schedules": schedules, "machine_days": days(jobs)}
    return {name: table(name, rows) for name, rows in made.items()}


def days(jobs):
    """Return what each machine does on each day, up to the last job."""
    found = {}
    last = max(row["ends"] for row in jobs).date()
    for machine in Floor().free:
        day = START.date()
        while day <= last:
            hours = float(CLOSES - OPENS) if day.weekday() < 5 else 0.0
            down = 2.0 if (machine, day) == ("sewing 2", START.date() + timedelta(days=1)) else 0.0
            found[machine, day] = {
                "machine": machine, "group": machine.rpartition(" ")[0], "day": day, "open": hours - down, "work": 0.0,
                "setup": 0.0, "overtime": 0.0, "down": down,
            }  # fmt: skip
            day += timedelta(days=1)
    seen = set()
    for row in jobs:
        mine = found[row["machine"], row["starts"].date()]
        if (row["machine"], row["starts"]) not in seen:
            mine["work"] += row["minutes"] / 60
        seen.add((row["machine"], row["starts"]))
        mine["setup"] += row["setup_minutes"] / 60
        mine["overtime"] += row["overtime_minutes"] / 60
    return list(found.values())


PLACES = ("Harbor", "Old Town", "Mill Lane", "Station", "North Gate", "Lakeside", "Hill Farm", "West End")


def made_tours(tours=2, stops=4, seed=3):
    """Return every table of tours: so many a day from one depot, each with so many places."""
    rng, rows, costs = np.random.default_rng(seed), [], []
    depot = (31.20, 121.45)
    for k in range(tours):
        day, name, when = START.date() + timedelta(days=k // 2), f"van {k + 1}", START.replace(hour=8) + timedelta(days=k // 2)
        spots = [depot, *((depot[0] + 0.1 * a, depot[1] + 0.1 * b) for a, b in rng.normal(size=(stops, 2))), depot]
        for stop, (latitude, longitude) in enumerate(spots):
            served = 0 < stop <= stops
            kilometers = 6.5 if stop else 0.0
            arrives = when + stop * timedelta(minutes=25)
            rows.append({
                "day": day, "tour": name, "stop": stop, "vehicle": "van",
                "place": PLACES[(k * stops + stop) % len(PLACES)] if served else "depot",
                "orders": f"O{k * stops + stop} O{100 + stop}" if served else "", "units": 6.0 if served else 0.0,
                "arrives": arrives, "waits": 5.0 if stop == 1 else 0.0, "leaves": arrives + 10 * MINUTE, "latitude": latitude,
                "longitude": longitude, "kilometers": kilometers,
            })  # fmt: skip
        costs.append({
            "day": day, "tour": name, "vehicle": "van", "stops": stops, "orders": 2 * stops, "units": 6.0 * stops,
            "capacity": None if k == 1 else 40.0, "kilometers": 6.5 * (stops + 1), "hours": 25 * (stops + 1) / 60,
            "cost": 20.0 + 6.5 * (stops + 1),
        })  # fmt: skip
    left = [
        {
            "order": "O9",
            "place": "Far Island",
            "units": 3.0,
            "ready": START.date(),
            "reason": "it is larger than every vehicle; days tried: 2",
        }
    ]
    return {name: table(name, rows) for name, rows in (("tours", rows), ("tour_costs", costs), ("undelivered", left))}
