"""Types and columns that many tables share."""

from __future__ import annotations

import pyarrow as pa

from lotwise.tables.contract import Column

TEXT, REAL, COUNT, FLAG = pa.string(), pa.float64(), pa.int64(), pa.bool_()
DAY, TIME = pa.date32(), pa.timestamp("us")

CUSTOMER = Column("customer", TEXT, "who; a keyed pseudonym from guard on", nullable=True)
PRODUCT = Column("product", TEXT, "product code")
LOCATION = Column("location", TEXT, "store, shop or channel; 'all' where the source has none")
REGION = Column("region", TEXT, "sales region; 'all' where the source has none")
WEEK = Column("week", DAY, "Monday the week starts on")
MACHINE = Column("machine", TEXT, "machine or group of equal machines")
ITEM = Column("item", TEXT, "a product, or a component made on the way to one")
SITE = Column("site", TEXT, "where it is made or kept; 'all' where there is one site")
