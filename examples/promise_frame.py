"""Dates for customers who ask one after another, from frames: what is free, what each order takes, what stands in the way.

Run it anywhere: python promise_frame.py
"""

from datetime import date, timedelta

import pyarrow as pa

from lotwise.plan import promise

weeks = [date(2026, 11, 2) + timedelta(weeks=week) for week in range(5)]
capacity = pa.Table.from_pylist(  # hours nobody has taken yet
    [
        {"resource": "sewing", "week": week, "hours": hours, "overtime": 6.0, "overtime_cost": 40.0, "price": price}
        for week, hours, price in zip(weeks, (4.0, 10.0, 30.0, 40.0, 40.0), (25.0, 25.0, 5.0, 0.0, 0.0), strict=True)
    ]
    + [{"resource": "cutting", "week": week, "hours": 12.0, "overtime": 0.0} for week in weeks]
)
needs = pa.table(  # for one unit; fabric by the option chosen, as often as usual where it is left open
    {
        "product": ["coat", "coat", "coat", "coat", "scarf"],
        "resource": ["sewing", "cutting", "melton", "cashmere", "scarf stock"],
        "quantity": [1.2, 0.3, 2.0, 2.0, 1.0],
        "option": [None, None, "fabric", "fabric", None],
        "value": [None, None, "melton", "cashmere", None],
        "share": [None, None, 0.8, 0.2, None],
    }
)
stock = pa.table(  # what comes free in a week and stays until somebody takes it
    {
        "item": ["melton", "cashmere", "cashmere", "scarf stock"],
        "week": [weeks[0], weeks[0], weeks[3], weeks[0]],
        "units": [90.0, 8.0, 40.0, 25.0],
    }
)
products = pa.table({"product": ["coat", "scarf"], "price": [320.0, 45.0], "cost": [140.0, 12.0], "lead_weeks": [1, 0]})
orders = pa.table(
    {
        "product": ["coat", "coat", "coat", "scarf", "coat"],
        "units": [6.0, 10.0, 5.0, 20.0, 60.0],
        "options": ["fabric=melton", "fabric=melton", "fabric=cashmere", None, None],
        "by": [None, date(2026, 11, 27), None, None, None],
    }
)

for row in promise(orders, capacity, needs, stock=stock, products=products).to_pylist():
    when = f"by {row['day']}, margin {row['margin']:8.2f}" if row["day"] else "not in these weeks"
    print(f"{row['units']:3.0f} {row['product']:6}{when:32} {row['binds']}")
