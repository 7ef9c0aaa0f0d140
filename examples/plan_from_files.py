"""Plan a joinery from a handful of CSV files: three firm orders, no sales history. docs/how-to/plan-from-files.md explains it.

Run it in an empty folder: it writes the files into a folder ``joinery`` there, lets lotwise guess what they are, and plans.
"""

from pathlib import Path

import lotwise
from lotwise.collect import propose

FILES = {
    "orders": """order,ordered,product,units,price,due date
O-1,2026-11-13,table,4,240,2026-11-27
O-2,2026-11-13,stool,10,60,2026-12-04
O-3,2026-11-14,table,6,240,2026-12-11
""",
    "products": """product,category,price,cost,make to
table,furniture,240,120,order
stool,furniture,60,25,order
""",
    "bom": """parent,component,quantity
table,top,1
table,leg,4
stool,seat,1
stool,leg,3
top,board,2
seat,board,0.5
leg,beam,0.25
""",
    "routing": """item,operation,work center,run hours,setup hours
table,10,bench,1,0.5
stool,10,bench,0.25,0.5
top,10,saw,0.5,1
seat,10,saw,0.1,1
leg,10,saw,0.05,0.5
""",
    "machines": """machine,weekly hours,overtime hours,overtime cost
bench,16,4,30
saw,10,4,30
""",
    "materials": """material,unit,unit cost,lead weeks
board,sheet,20,2
beam,piece,8,1
""",
    "suppliers": """material,supplier,price,lead weeks,minimum order
board,Nordic Board,20,2,5
board,Corner Shop,26,0,
beam,Sawmill,8,1,
""",
    "stock": """item,date,on hand
leg,2026-11-15,20
board,2026-11-15,10
beam,2026-11-15,4
""",
    "receipts": """PO number,item,open quantity,expected date,type
P-7,board,10,2026-11-18,purchase
""",
}

folder = Path("joinery")
folder.mkdir()
for name, text in FILES.items():
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")

proposal = propose(folder)
print("Left to decide:", *proposal.undecided, sep="\n- ")
toml = proposal.toml.replace("# today = 2024-12-30", "today = 2026-11-16")
(folder / "lotwise.toml").write_text(toml, encoding="utf-8")

project = lotwise.open_project(folder)
project.run()
print("\nWhat to make:")
for row in project.table("plans").to_pylist():
    if row["information"] == "now" and row["units"] > 0:
        print(f"{row['week']}  {row['product']:6} {row['units']:5.1f}")
print("\nWhat to buy:")
for row in project.table("purchases").to_pylist():
    print(f"{row['week']}  {row['material']:6} {row['units']:5.1f} to arrive {row['arrives']}, for {row['cost']:.2f}")
