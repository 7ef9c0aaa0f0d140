"""Who the customers of a tea shop are and what they want, from frames: everything here is made up, so that the truth is known.

Run it anywhere: python mine_frame.py
"""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from lotwise.mine import (
    customer_value,
    find_drivers,
    find_next,
    find_preferences,
    find_rules,
    find_trends,
    foresee,
    line,
    read_texts,
    segment,
    shares,
)

rng = np.random.default_rng(7)
PRICES = {"green tea": 6.0, "black tea": 5.0, "oolong": 9.0, "kettle": 30.0, "scones": 4.0}
TEAS = ("green tea", "black tea", "oolong")
FIRST, JULY, REGULARS = date(2025, 1, 6), 25, 150  # a Monday, a week, and how many come weekly

# the truth: some come weekly, most monthly; scones go with black tea; teas are bought by price; who has a kettle likes oolong;
# from July on green tea is liked more
price = {(tea, week): PRICES[tea] * rng.choice([0.9, 1.0, 1.1]) for tea in TEAS for week in range(52)}
lines = []
for customer in range(600):
    has_kettle = False
    for week in np.flatnonzero(rng.random(52) < (0.6 if customer < REGULARS else 0.12)):
        liking = np.array([0.3 + 0.8 * (week >= JULY), 0.6, 1.2 + 1.5 * has_kettle])
        cost = np.array([0.5 * price[tea, week] for tea in TEAS])
        tea = TEAS[np.argmax(liking - cost + rng.gumbel(size=3))]
        scones, kettle = rng.random(2) < (0.5 if tea == "black tea" else 0.15, 0.02)
        has_kettle |= kettle
        day = FIRST + timedelta(days=int(week) * 7 + int(rng.integers(7)))
        lines += [
            (f"C{customer:03}", f"C{customer:03}-{week}", day, product, price.get((product, week), PRICES[product]))
            for product in (tea, *["scones"] * int(scones), *["kettle"] * int(kettle))
        ]
names = ("customer", "order", "day", "product", "price")
frame = pa.table(dict(zip(names, zip(*lines, strict=True), strict=True)))

print("What goes together, and how much more often than by chance:")
for rule in find_rules(frame, basket="order", item="product").to_pylist():
    if rule["verdict"] == "usable":
        first, second = " + ".join(rule["antecedent"]), " + ".join(rule["consequent"])
        print(f"  {first} -> {second}: {rule['lift']:.2f} times, {rule['confidence']:.0%} of {first}, {rule['count']} orders")

print("What is bought within four weeks:")
for rule in find_next(frame, customer="customer", time="day", item="product", days=28).to_pylist():
    if rule["verdict"] == "usable":
        print(f"  {rule['antecedent'][0]} -> {rule['consequent'][0]}: {rule['lift']:.2f} times, {rule['count']} customers")

print("Groups of customers:")
groups = segment(frame, time="day", revenue="price", columns={"category": "product"})
counts = groups.group_by(["segment", "name"]).aggregate([("customer", "count"), ("orders", "mean")])
for row in counts.sort_by("segment").to_pylist():
    print(f"  {row['segment']} {row['name']}: {row['customer_count']} customers, {row['orders_mean']:.1f} orders each")

value = customer_value(frame, time="day", revenue="price", ahead=13)
best = value.customers.sort_by([("revenue", "descending"), ("customer", "ascending")]).slice(0, 1).to_pylist()[0]
print(
    f"Best customer: {best['customer']}, {best['orders']:.1f} orders in 13 weeks ({best['orders_low']:.0f} .. "
    f"{best['orders_high']:.0f}), {best['revenue']:.0f} of revenue"
)

ahead = foresee(frame, customer="customer", time="day", item="product", revenue="price", targets=["oolong"])
base = {row["target"]: row["log_loss"] for row in ahead.scores.to_pylist() if row["model"] == "base rate"}
for row in ahead.scores.filter(ahead.scores["chosen"]).to_pylist():
    print(f"{row['target']}: log loss {row['log_loss']:.3f} by {row['model']}, {base[row['target']]:.3f} by the base rate")

teas = frame.filter(pa.array([product in TEAS for product in frame["product"].to_pylist()]))
wants = find_preferences(teas)
now = {row["alternative"]: row["share"] for row in shares(wants).to_pylist()}
dear = {row["alternative"]: row["share"] for row in shares(wants, prices={"green tea": 7.5}).to_pylist()}
print(f"Model of choice: {wants.model.name}. Were green tea 7.50:")
print("  " + ", ".join(f"{tea} {now[tea]:.0%} -> {dear[tea]:.0%}" for tea in TEAS))
margins = {"green tea": 3.0, "black tea": 1.0, "oolong": 4.0}
kept = [row["alternative"] for row in line(wants, margins).to_pylist() if row["kept"]]
print(f"The line that earns most: {', '.join(kept)}")

print("What has changed:")
weekly = teas.append_column("units", pa.array(np.ones(len(teas))))
for row in find_trends(weekly, series="product", time="day", value="units", beside_all=True).to_pylist():
    print(f"  {row['series']}: {row['change']} from {row['start']}, {row['relative']:+.0%}, p = {row['p_value']:.1g}")

print("What moves the price of an order line:")
for row in find_drivers(frame, "price", features=["product", "day"], time="day").to_pylist():
    print(f"  {row['feature']}: {row['share']:.0%}, {row['words']}")

texts = {
    "text": [
        "The oolong is wonderful, but the tin is too small.",
        "Delivery was slow and the box arrived damaged.",
        "茶很香，就是罐子太小了。",
        "Not bad at all, great value!",
    ],
    "product": ["oolong", "oolong", "oolong", "black tea"],
}
told = read_texts(texts, product="product")
print("What is written:")
for row in told.opinions.to_pylist():
    print(f"  {row['product']}, {row['aspect']}: {row['positive']} for, {row['negative']} against")
for row in told.requests.to_pylist():
    print(f"  asked for, {row['product']}: {row['change']} ({row['texts']} texts)")
