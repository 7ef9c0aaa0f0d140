"""Tours for nine customers of two bakeries, from frames: windows, a bike beside a van, and visits that are worth it or not.

Run it anywhere: python deliver_frame.py (needs lotwise[routes]).
"""

from datetime import date

import pyarrow as pa

from lotwise.deliver import Rules, deliver

stops = pa.table(
    {
        "order": ["cafe", "school", "hotel", "kiosk", "office", "clinic", "market", "museum", "harbor"],
        "latitude": [52.531, 52.519, 52.505, 52.543, 52.511, 52.526, 52.498, 52.520, 52.560],
        "longitude": [13.402, 13.430, 13.378, 13.412, 13.455, 13.377, 13.418, 13.397, 13.290],
        "units": [6.0, 20.0, 25.0, 4.0, 8.0, 15.0, 18.0, 5.0, 10.0],
        "opens": ["06:30", "07:00", "06:00", None, "08:00", "06:00", "07:00", "09:00", "07:00"],
        "closes": ["07:30", "08:00", "07:00", "09:00", "09:30", "08:00", "10:00", "10:00", "08:00"],
        "service_minutes": [3.0, 6.0, 8.0, 2.0, 4.0, 5.0, 6.0, 3.0, 4.0],
        "prize": [None, None, None, None, None, None, None, 4.0, 30.0],  # visits that may be left out
    }
)
vehicles = pa.table(
    {
        "vehicle": ["van", "bike"],
        "depot": ["bakery north", "bakery south"],
        "count": [2, 1],
        "capacity": [60.0, 30.0],
        "starts": ["05:30", "06:00"],
        "fixed_cost": [15.0, 3.0],
        "kilometer_cost": [0.6, 0.1],
        "hour_cost": [22.0, 18.0],
        "speed": [30.0, 15.0],
    }
)
depots = pa.table(
    {
        "depot": ["bakery north", "bakery south"],
        "latitude": [52.540, 52.500],
        "longitude": [13.390, 13.410],
        "service_minutes": [10.0, 5.0],  # loading, before each trip
    }
)

found = deliver(stops, vehicles, depots, day=date(2026, 11, 2), rules=Rules(trips=2), seed=1)
for row in found.tours.to_pylist():
    print(
        f"{row['tour']:8}{row['arrives']:%H:%M} {row['place']:14}{row['units']:6.0f} units, waits {row['waits']:3.0f} minutes"
    )
for row in found.tour_costs.to_pylist():
    print(f"{row['tour']}: {row['stops']} stops, {row['kilometers']:.1f} km, {row['hours']:.2f} hours, {row['cost']:.2f}")
for row in found.undelivered.to_pylist():
    print(f"left out: {row['order']}, {row['reason']}")
print(f"{found.summary.cost:.2f} for {found.summary.tours} tours; prizes missed: {found.summary.missed:.2f}")
