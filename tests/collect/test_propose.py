import csv
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from lotwise import config
from lotwise.collect import propose, run
from lotwise.errors import InputError
from lotwise.stage import Inputs

ONLINE_RETAIL = Path(__file__).parents[2].parent / "shared/data/online_retail"

D, DT = (
    ["2024-03-01", "2024-03-02", "2024-03-02", "2024-03-05"],
    ["2024-03-01 09:12:44", "2024-03-02 10:00:01", "2024-03-02 10:00:01", "2024-03-05 18:30:00"],
)
DE, DE_T = (
    ["01.03.2024", "02.03.2024", "02.03.2024", "25.03.2024"],
    ["01.03.2024 09:12", "02.03.2024 10:00", "02.03.2024 10:00", "25.03.2024 18:30"],
)
FR = ["01/03/2024", "02/03/2024", "02/03/2024", "25/03/2024"]
CN_T = ["2024/3/1 9:12", "2024/3/2 10:00", "2024/3/2 10:00", "2024/3/25 18:30"]
SAP = ["20240301", "20240302", "20240302", "20240325"]
QTY, PRICE, COMMA = ["1", "3", "2", "1"], ["19.90", "4.50", "12.00", "19.90"], ["19,90", "4,50", "1.012,00", "19,90"]
SKU, NAMES = ["TS-RED-M", "MUG-01", "TS-BLU-L", "TS-RED-M"], ["Red T-shirt M", "Mug", "Blue T-shirt L", "Red T-shirt M"]
ORDER, ONE = ["1001", "1002", "1002", "1003"], ["1", "1", "2", "1"]
WHO, MAIL = ["501", "502", "502", "507"], ["ann@example.com", "bo@example.org", "bo@example.org", "cy@example.net"]
LAND, ZH = ["Germany", "France", "France", "Germany"], ["红色T恤", "马克杯", "蓝色T恤", "红色T恤"]

SERVICES = [
    *("AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "D", "DOT", "M", "POST", "S"),
    *("gift_0001_10", "gift_0001_20", "gift_0001_30", "gift_0001_40", "gift_0001_50", "m"),
]
"""Codes of the real shop that sell no product."""

SCHEMAS = {  # twenty exports as shops and factories write them, with what each column should become (None: nothing)
    "shopify_orders": (
        "orders",
        {
            "Name": ("order", ["#1001", "#1002", "#1002", "#1003"]),
            "Email": ("customer", MAIL),
            "Financial Status": (None, ["paid", "paid", "paid", "refunded"]),
            "Paid at": (None, ["2024-03-01 09:13:00 +0100"] * 4),
            "Currency": (None, ["EUR"] * 4),
            "Subtotal": (None, ["19.90", "37.50", "", "19.90"]),
            "Shipping": (None, ["4.90", "4.90", "", "4.90"]),
            "Taxes": (None, ["3.18", "5.99", "", "3.18"]),
            "Total": (None, ["24.80", "42.40", "", "24.80"]),
            "Created at": (
                "time",
                [
                    "2024-03-01 09:12:44 +0100",
                    "2024-03-02 10:00:01 +0100",
                    "2024-03-02 10:00:01 +0100",
                    "2024-03-05 18:30:00 +0100",
                ],
            ),
            "Lineitem quantity": ("units", QTY),
            "Lineitem name": (None, NAMES),
            "Lineitem price": ("unit_price", PRICE),
            "Lineitem sku": ("product", SKU),
            "Lineitem discount": ("discount", ["0.00", "1.00", "0.00", "0.00"]),
            "Shipping Country": ("region", ["DE", "FR", "FR", "DE"]),
            "Vendor": (None, ["Own"] * 4),
        },
    ),
    "shopify_products": (
        "products",
        {
            "Handle": (None, ["red-t", "mug", "blue-t", "cap"]),
            "Title": ("name", [*NAMES[:3], "Cap"]),
            "Type": ("category", ["Shirts", "Cups", "Shirts", "Caps"]),
            "Variant SKU": ("product", ["TS-RED-M", "MUG-01", "TS-BLU-L", "CAP-1"]),
            "Variant Price": ("unit_price", PRICE),
            "Cost per item": ("unit_cost", ["8.00", "1.50", "5.00", "3.00"]),
            "Vendor": (None, ["Own"] * 4),
        },
    ),
    "woocommerce_orders": (
        "orders",
        {
            "Order Number": ("order", ORDER),
            "Order Date": ("time", DT),
            "Customer User ID": ("customer", WHO),
            "Order Status": (None, ["completed"] * 4),
            "Country Code (Shipping)": ("region", ["DE", "FR", "FR", "DE"]),
            "SKU": ("product", SKU),
            "Item #": ("line", ONE),
            "Item Name": (None, NAMES),
            "Quantity": ("units", QTY),
            "Item Cost": ("unit_price", PRICE),
            "Discount Amount": ("discount", ["0.00", "1.00", "0.00", "0.50"]),
        },
    ),
    "amazon_report": (
        "orders",
        {
            "amazon-order-id": ("order", ["028-1", "028-2", "028-2", "028-3"]),
            "purchase-date": (
                "time",
                [
                    "2024-03-01T09:12:44+00:00",
                    "2024-03-02T10:00:01+00:00",
                    "2024-03-02T10:00:01+00:00",
                    "2024-03-05T18:30:00+00:00",
                ],
            ),
            "order-status": (None, ["Shipped"] * 4),
            "sales-channel": ("location", ["Amazon.de", "Amazon.fr", "Amazon.fr", "Amazon.de"]),
            "product-name": (None, NAMES),
            "sku": ("product", SKU),
            "asin": (None, ["B01", "B02", "B03", "B01"]),
            "quantity": ("units", QTY),
            "currency": (None, ["EUR"] * 4),
            "item-price": ("unit_price", PRICE),
            "item-promotion-discount": ("discount", ["0.0", "0.5", "0.0", "0.0"]),
            "ship-country": ("region", ["DE", "FR", "FR", "DE"]),
        },
    ),
    "online_retail": (
        "orders",
        {
            "InvoiceNo": ("order", ORDER),
            "StockCode": ("product", SKU),
            "Description": (None, NAMES),
            "Quantity": ("units", QTY),
            "InvoiceDate": ("time", ["12/1/2010 8:26", "12/13/2010 8:26", "12/13/2010 8:26", "12/22/2010 9:00"]),
            "UnitPrice": ("unit_price", PRICE),
            "CustomerID": ("customer", WHO),
            "Country": ("region", LAND),
        },
    ),
    "grocery_transactions": (
        "orders",
        {
            "household_id": ("customer", WHO),
            "store_id": ("location", ["330", "330", "31", "31"]),
            "basket_id": ("order", ORDER),
            "product_id": ("product", ["1095275", "9878513", "1041453", "1020156"]),
            "quantity": ("units", QTY),
            "sales_value": ("revenue", PRICE),
            "retail_disc": ("discount", ["0.0", "0.1", "0.3", "0.29"]),
            "transaction_timestamp": ("time", DT),
        },
    ),
    "sap_sales_items": (
        "orders",
        {
            "VBELN": ("order", ["0000001001", "0000001002", "0000001002", "0000001003"]),
            "POSNR": ("line", ["000010", "000010", "000020", "000010"]),
            "AUDAT": ("time", SAP),
            "KUNNR": ("customer", ["0000000501", "0000000502", "0000000502", "0000000507"]),
            "MATNR": ("product", SKU),
            "ARKTX": (None, NAMES),
            "WERKS": ("location", ["1000", "1000", "2000", "1000"]),
            "KWMENG": ("units", ["1.000", "3.000", "2.000", "1.000"]),
            "NETPR": ("unit_price", PRICE),
            "NETWR": ("revenue", ["19.90", "13.50", "24.00", "19.90"]),
            "WAERK": (None, ["EUR"] * 4),
        },
    ),
    "german_orders": (
        "orders",
        {
            "Belegnummer": ("order", ORDER),
            "Belegdatum": ("time", DE),
            "Kundennr.": ("customer", WHO),
            "Artikelnummer": ("product", SKU),
            "Bezeichnung": (None, NAMES),
            "Menge": ("units", QTY),
            "Einzelpreis": ("unit_price", COMMA),
            "Rabatt": ("discount", ["0,00", "0,50", "0,00", "0,00"]),
            "Gesamtpreis": ("revenue", COMMA),
            "Land": ("region", ["Deutschland", "Österreich", "Österreich", "Deutschland"]),
            "Liefertermin": ("due", DE),
        },
    ),
    "german_shop": (
        "orders",
        {
            "Bestellnummer": ("order", ORDER),
            "Bestelldatum": ("time", DE_T),
            "Kunde": ("customer", WHO),
            "Artikel": ("product", SKU),
            "Anzahl": ("units", QTY),
            "Preis": ("unit_price", COMMA),
            "Zahlungsart": (None, ["Rechnung", "Karte", "Karte", "Karte"]),
            "Filiale": ("location", ["Berlin", "Ulm", "Ulm", "Berlin"]),
        },
    ),
    "german_articles": (
        "products",
        {
            "Artikelnr": ("product", ["A1", "A2", "A3", "A4"]),
            "Artikelbezeichnung": ("name", ["Stuhl", "Tisch", "Bank", "Regal"]),
            "Warengruppe": ("category", ["Sitzen", "Tische", "Sitzen", "Lagern"]),
            "VK-Preis": ("unit_price", COMMA),
            "EK-Preis": ("unit_cost", ["8,00", "1,50", "500,00", "9,00"]),
            "Verpackung": ("package", ["1 St", "1 St", "2 St", "1 St"]),
            "Lieferant": (None, ["Holz AG", "Holz AG", "Brett KG", "Brett KG"]),
        },
    ),
    "french_sales": (
        "orders",
        {
            "N° commande": ("order", ORDER),
            "Date de commande": ("time", FR),
            "Client": ("customer", WHO),
            "Référence": ("product", SKU),
            "Désignation": (None, NAMES),
            "Quantité": ("units", QTY),
            "Prix unitaire HT": ("unit_price", COMMA),
            "Remise": ("discount", ["0,00", "0,50", "0,00", "0,00"]),
            "Montant HT": ("revenue", COMMA),
            "Magasin": ("location", ["Lyon", "Paris", "Paris", "Lyon"]),
            "Pays": ("region", ["France"] * 4),
        },
    ),
    "french_articles": (
        "products",
        {
            "Code article": ("product", ["A1", "A2", "A3", "A4"]),
            "Libellé": ("name", ["Chaise", "Table", "Banc", "Lit"]),
            "Famille": ("category", ["Assise", "Table", "Assise", "Lit"]),
            "Prix de vente": ("unit_price", COMMA),
            "Prix d'achat": ("unit_cost", ["8,00", "1,50", "500,00", "9,00"]),
            "Fournisseur": (None, ["Bois SA"] * 4),
        },
    ),
    "spanish_sales": (
        "orders",
        {
            "Pedido": ("order", ORDER),
            "Fecha": ("time", FR),
            "Cliente": ("customer", WHO),
            "Código artículo": ("product", SKU),
            "Descripción": (None, NAMES),
            "Cantidad": ("units", QTY),
            "Precio unitario": ("unit_price", COMMA),
            "Importe": ("revenue", COMMA),
            "Tienda": ("location", ["Sol", "Mar", "Mar", "Sol"]),
            "Provincia": ("region", ["Madrid", "Cádiz", "Cádiz", "Madrid"]),
        },
    ),
    "taobao_orders": (
        "orders",
        {
            "订单编号": ("order", ["3690001", "3690002", "3690002", "3690003"]),
            "买家会员名": ("customer", ["小王", "tb_01", "tb_01", "阿明"]),
            "商品标题": (None, ZH),
            "商家编码": ("product", SKU),
            "购买数量": ("units", QTY),
            "商品价格": ("unit_price", PRICE),
            "买家实际支付金额": ("revenue", PRICE),
            "订单状态": (None, ["交易成功"] * 4),
            "订单创建时间": ("time", DT),
            "收货省份": ("region", ["浙江省", "广东省", "广东省", "四川省"]),
            "物流公司": (None, ["顺丰", "中通", "中通", "顺丰"]),
        },
    ),
    "jd_orders": (
        "orders",
        {
            "订单号": ("order", ["2910001", "2910002", "2910002", "2910003"]),
            "下单时间": ("time", CN_T),
            "商品编号": ("product", ["100012", "100013", "100014", "100012"]),
            "商品名称": (None, ZH),
            "订购数量": ("units", QTY),
            "单价": ("unit_price", PRICE),
            "优惠金额": ("discount", ["0.00", "1.00", "0.00", "0.00"]),
            "应付金额": ("revenue", PRICE),
            "客户": ("customer", ["jd_a", "jd_b", "jd_b", "jd_c"]),
            "店铺名称": ("location", ["旗舰店"] * 4),
            "支付方式": (None, ["在线支付"] * 4),
        },
    ),
    "chinese_products": (
        "products",
        {
            "商品编码": ("product", ["P1", "P2", "P3", "P4"]),
            "商品名称": ("name", ["椅子", "桌子", "长凳", "书架"]),
            "类目": ("category", ["坐具", "桌", "坐具", "柜"]),
            "售价": ("unit_price", PRICE),
            "成本价": ("unit_cost", ["8.00", "1.50", "5.00", "9.00"]),
            "规格": ("package", ["1件", "1件", "2件", "1件"]),
            "供应商": (None, ["木业"] * 4),
        },
    ),
    "crm_customers": (
        "customers",
        {
            "Customer ID": ("customer", ["501", "502", "503", "504"]),
            "First Name": (None, ["Ann", "Bo", "Cy", "Di"]),
            "Last Name": (None, ["Lee", "Ray", "Fox", "Orr"]),
            "Email": (None, ["ann@example.com", "bo@example.org", "cy@example.net", "di@example.net"]),
            "Country": ("region", LAND),
            "Created At": ("joined", DT),
            "Age Group": ("age", ["25-34", "35-44", "25-34", "65+"]),
            "Accepts Marketing": ("consent", ["yes", "no", "yes", "yes"]),
        },
    ),
    "erp_bom": (
        "bom",
        {
            "Parent Item": ("item", ["CHAIR", "CHAIR", "TABLE", "TABLE"]),
            "Component": ("component", ["LEG", "SEAT", "LEG", "TOP"]),
            "Qty Per": ("quantity", ["4.0", "1.0", "4.0", "1.5"]),
            "UoM": ("unit", ["pc"] * 4),
            "Level": (None, ["1"] * 4),
        },
    ),
    "german_stock": (
        "stock",
        {
            "Artikelnummer": ("item", ["A1", "A2", "A3", "A4"]),
            "Stichtag": ("day", DE),
            "Lagerbestand": ("units", ["10", "0", "250", "3"]),
            "Lagerort": ("site", ["H1", "H1", "H2", "H2"]),
        },
    ),
    "mes_work_orders": (
        "work",
        {
            "Work Order": ("lot", ["W1", "W2", "W3", "W4"]),
            "Item Code": ("item", ["CHAIR", "CHAIR", "TABLE", "BENCH"]),
            "Production Week": ("week", ["2024-03-04", "2024-03-11", "2024-03-11", "2024-03-18"]),
            "Work Center": ("machine", ["SAW", "SAW", "MILL", "MILL"]),
            "Planned Quantity": ("planned", ["100", "120", "40", "60"]),
            "Good Quantity": ("made", ["98", "120", "37", "60"]),
            "Scrap Quantity": ("scrapped", ["2", "0", "3", "0"]),
            "Downtime Hours": ("down_hours", ["0.5", "0.0", "4.25", "0.0"]),
            "Completion Date": ("finished", D),
            "Operator": (None, ["kim", "lee", "kim", "ray"]),
        },
    ),
    "german_dated_bom": (
        "bom",
        {
            "Baugruppe": ("item", ["STUHL", "STUHL", "TISCH", "TISCH"]),
            "Komponente": ("component", ["BEIN", "SITZ", "BEIN", "PLATTE"]),
            "Menge": ("quantity", ["4,0", "1,0", "4,0", "1,5"]),
            "Ausschuss": ("scrap", ["0,02", "0,00", "0,02", "0,10"]),
            "Alternativgruppe": ("alternate", ["", "S", "", ""]),
            "Gültig ab": ("starts", DE),
            "Gültig bis": ("ends", DE),
        },
    ),
    "sap_item_sites": (
        "items",
        {
            "MATNR": ("item", ["A1", "A2", "A3", "A4"]),
            "WERKS": ("site", ["1000", "1000", "2000", "2000"]),
            "BSTMI": ("lot_minimum", ["10", "20", "10", "50"]),
            "BSTRF": ("lot_multiple", ["5", "5", "10", "10"]),
            "BSTMA": ("lot_maximum", ["100", "200", "100", "500"]),
            "EISBE": ("safety_stock", ["12", "0", "40", "7"]),
        },
    ),
    "french_suppliers": (
        "suppliers",
        {
            "Code matière": ("material", ["M1", "M2", "M3", "M4"]),
            "Fournisseur": ("supplier", ["Dubois", "Dubois", "Martin", "Petit"]),
            "Prix unitaire": ("unit_price", ["8,00", "1,50", "5,00", "9,00"]),
            "Délai semaines": ("lead_weeks", ["2", "3", "1", "4"]),
            "Quantité minimum": ("minimum_order", ["100", "50", "20", "10"]),
            "Coût de commande": ("order_cost", ["30,00", "30,00", "45,00", "20,00"]),
        },
    ),
    "open_purchase_orders": (
        "receipts",
        {
            "PO Number": ("receipt", ["45001", "45002", "45003", "45004"]),
            "Material": ("item", ["M1", "M2", "M3", "M4"]),
            "Open Quantity": ("units", ["100", "50", "20", "10"]),
            "Expected Date": ("day", D),
            "Plant": ("site", ["1000", "1000", "2000", "2000"]),
        },
    ),
    "chinese_receipts": (
        "receipts",
        {
            "采购单号": ("receipt", ["CG01", "CG02", "CG03", "CG04"]),
            "物料编码": ("item", ["M1", "M2", "M3", "M4"]),
            "未交数量": ("units", ["100", "50", "20", "10"]),
            "预计到货": ("day", D),
            "仓库": ("site", ["一号", "一号", "二号", "二号"]),
        },
    ),
    "transport_lanes": (
        "lanes",
        {
            "From Site": ("origin", ["factory", "factory", "depot", "depot"]),
            "To Site": ("target", ["depot", "shop", "shop", "customers"]),
            "Item": ("item", ["A1", "A2", "A3", "A4"]),
            "Transit Weeks": ("lead_weeks", ["1", "2", "1", "0"]),
            "Freight Cost": ("unit_cost", ["1.50", "2.00", "0.75", "0.20"]),
        },
    ),
    "spanish_machine_calendar": (
        "machine_weeks",
        {
            "Máquina": ("machine", ["sierra", "sierra", "horno", "horno"]),
            "Semana": ("week", ["2024-03-04", "2024-03-11", "2024-03-04", "2024-03-11"]),
            "Horas": ("hours", ["24.0", "40.0", "32.5", "16.0"]),
        },
    ),
    "setup_families": (
        "families",
        {
            "Setup Family": ("family", ["red", "green", "blue", "white"]),
            "Work Center": ("machine", ["PAINT", "PAINT", "PAINT", "PAINT"]),
            "Changeover Hours": ("setup_hours", ["1.5", "1.0", "1.0", "0.5"]),
            "Changeover Cost": ("setup_cost", ["15.0", "10.0", "10.0", "5.0"]),
        },
    ),
}


def export(folder, columns, delimiter=","):
    folder.mkdir(exist_ok=True)
    with (folder / "export.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(columns)
        writer.writerows(zip(*(values for _, values in columns.values()), strict=True))


def right(proposal, table, columns):
    """Return how many columns became what they should."""
    settings = config.build(tomllib.loads(proposal.toml))
    found = next((mapping for mapping in settings.collect if mapping.table == table), None)
    ways = {} if found is None else found.columns
    got = {
        way if isinstance(way, str) else way.source: name
        for name, way in reversed(ways.items())
        if isinstance(way, str) or not way.divide_by
    }
    return sum(got.get(theirs) == ours for theirs, (ours, _) in columns.items())


def test_nine_columns_in_ten_are_guessed(tmp_path):
    """Over twenty-eight foreign schemas at least 90 % of the columns become what they should, and the proposal is valid."""
    hits = 0
    for name, (table, columns) in SCHEMAS.items():
        export(tmp_path / name, columns, delimiter=";" if "german" in name or "french" in name else ",")
        hits += right(propose(tmp_path / name), table, columns)
    total = sum(len(columns) for _, columns in SCHEMAS.values())
    assert (len(SCHEMAS), hits / total >= 0.9) == (28, True), f"{hits} of {total}"


@pytest.mark.parametrize("name", ["german_orders", "taobao_orders", "sap_sales_items", "online_retail", "jd_orders"])
def test_what_is_proposed_can_be_collected(tmp_path, engine, name):
    """The proposal reads every row of the file it was made from, dates and decimal marks included, without a fault."""
    export(tmp_path / name, SCHEMAS[name][1], delimiter=";")
    settings = config.build(tomllib.loads(propose(tmp_path / name).toml))
    given = run(Inputs(settings=settings, engine=engine, folder=tmp_path / name))
    orders = engine.to_arrow(given["raw.orders"])
    assert orders.num_rows == 4
    assert [orders[column].null_count for column in ("order", "time", "product", "units", "unit_price", "customer")] == [0] * 6
    assert engine.to_arrow(given["raw.faults"]).num_rows == 0


def test_products_are_drawn_from_the_orders_where_no_file_holds_them(tmp_path):
    """Without a file of products they come from the order lines, with one category for all, said as undecided."""
    export(tmp_path, SCHEMAS["online_retail"][1])
    proposal = propose(tmp_path)
    products = next(m for m in config.build(tomllib.loads(proposal.toml)).collect if m.table == "products")
    assert products.columns == {"product": "StockCode", "name": "Description", "category": config.Field(value="all")}
    assert any("share the category 'all'" in question for question in proposal.undecided)


def test_what_cannot_be_decided_is_said(tmp_path):
    """Dates that fit two formats, files without a table and files that cannot be read are each told."""
    columns = dict(SCHEMAS["online_retail"][1])
    columns["InvoiceDate"] = ("time", ["01/02/2024", "02/02/2024", "02/02/2024", "03/02/2024"])
    export(tmp_path, columns)
    (tmp_path / "colors.csv").write_text("hue,shade\nred,dark\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 cut off")
    told = "\n".join(propose(tmp_path).undecided)
    assert "fits %d/%m/%Y and %m/%d/%Y; taken as the first" in told
    assert "colors.csv: no table found" in told
    assert "empty.csv is empty" in told
    assert "broken.parquet was left out: broken.parquet is not a whole Parquet file" in told


def test_files_of_the_same_columns_are_one_mapping(tmp_path):
    """Months in files of their own become one mapping."""
    for month in ("01", "02"):
        (tmp_path / f"orders-{month}.csv").write_text(f"order,date,sku,qty,price\n{month},2024-{month}-03,A,1,2.50\n")
    mapping = config.build(tomllib.loads(propose(tmp_path).toml)).collect[0]
    assert (mapping.table, mapping.files) == ("orders", ["orders-01.csv", "orders-02.csv"])


def test_a_folder_without_files_is_refused(tmp_path):
    """There is nothing to propose from nothing."""
    with pytest.raises(InputError, match="holds no file that can be read"):
        propose(tmp_path)


@pytest.fixture(scope="module")
def online_retail():
    """What is proposed for a real shop's export."""
    if not ONLINE_RETAIL.exists():
        pytest.skip("the shared data are not here")
    return propose(ONLINE_RETAIL)


def test_online_retail_is_understood(engine, online_retail):
    """A real shop's export (other names, cancellations, lines without a customer) becomes its orders, services left out."""
    settings = config.build(tomllib.loads(online_retail.toml))
    given = run(Inputs(settings=settings, engine=engine, folder=ONLINE_RETAIL))
    orders = given["raw.orders"]
    counts = engine.to_arrow(
        orders.aggregate(
            rows=orders.count(), returns=(orders["kind"] == "return").ifelse(1, None).count(), named=orders["customer"].count()
        )
    )
    theirs = pq.read_table(ONLINE_RETAIL / "online_retail.parquet", columns=["StockCode", "Quantity", "CustomerID"])
    sold = theirs.filter(pc.invert(pc.is_in(theirs["StockCode"], pa.array(SERVICES, theirs["StockCode"].type))))
    returns = sum(units < 0 for units in sold["Quantity"].to_pylist())
    named = sold.num_rows - sold["CustomerID"].null_count
    assert counts.to_pylist() == [{"rows": sold.num_rows, "returns": returns, "named": named}]


def test_online_retail_leaves_out_what_is_no_product(online_retail):
    """Postage, fees, vouchers and corrections are filtered out, and said; party bags with odd codes stay."""
    orders = config.build(tomllib.loads(online_retail.toml)).collect[0]
    assert orders.filter == [config.Condition(column="StockCode", not_in=SERVICES)]
    assert any("lines of AMAZONFEE, B, BANK CHARGES" in question for question in online_retail.undecided)


def test_online_retail_products_have_names(engine, online_retail):
    """Products drawn from order lines stand once for each name, and no remark such as 'damaged' is a name."""
    settings = config.build(tomllib.loads(online_retail.toml))
    given = run(Inputs(settings=settings, engine=engine, folder=ONLINE_RETAIL))
    names = engine.to_arrow(given["raw.products"].select("product", "name"))
    assert names.num_rows == len(set(zip(*names.to_pydict().values(), strict=True))) < 5000
    assert not {"damaged", "check", "adjustment"} & set(names["name"].to_pylist())


def test_online_retail_says_what_a_reviewer_must_know(online_retail):
    """Currency, time zone, thin regions and lines of price 0 are put as questions, and every source is written out."""
    told = "\n".join(online_retail.undecided)
    assert all(text in told for text in ("project.currency", "project.timezone", "34 of its 38 values", "1,179 of 541,909"))
    settings = config.build(tomllib.loads(online_retail.toml))
    assert [source.tables for source in settings.source] == [["demand.units"], ["demand.unit_price"], ["orders"]]
    assert "region" not in settings.collect[0].columns


def test_currency_of_the_files_is_taken(tmp_path):
    """A column of one currency names the project's, and nothing is left to decide about it."""
    export(tmp_path, SCHEMAS["sap_sales_items"][1] | {"Currency": (None, ["EUR"] * 4)})
    proposal = propose(tmp_path)
    assert config.build(tomllib.loads(proposal.toml)).project.currency == "EUR"
    assert not any("project.currency" in question for question in proposal.undecided)


def test_what_orders_lack_is_said(tmp_path):
    """Where no file holds orders, the nearest one is named with what it lacks."""
    (tmp_path / "sales.csv").write_text("date,sku,qty,price\n2024-01-03,A,1,2.50\n2024-01-04,B,2,3.50\n")
    told = "\n".join(propose(tmp_path).undecided)
    assert "nearest is sales.csv, where nothing gives orders.order" in told


def test_only_shares_that_no_column_gives_are_questions(tmp_path):
    """Where the products tell what a unit costs, the assumed cost share decides nothing and is no question."""
    (tmp_path / "products.csv").write_text("product,category,unit cost\nA,cups,2.50\nB,mugs,3.50\n")
    told = "\n".join(propose(tmp_path).undecided)
    assert "[economics]: salvage_share is assumed" in told


@pytest.mark.parametrize(
    ("name", "content", "table"),
    [
        ("shift times.csv", "Work center,Weekday,Start,End\nsaw,1,06:00,14:00\nsaw,2,06:00,14:00\n", "shifts"),
        ("maintenance.csv", "Machine,Down from,Down until\nsaw,2026-11-02 08:00,2026-11-02 10:00\n", "downtime"),
        ("setup matrix.csv", "Machine,From setup,To setup,Hours\nsaw,oak,pine,0.5\nsaw,pine,oak,1.5\n", "setups"),
        ("molds.csv", "Mold,Pieces\nM1,2\nM2,1\n", "tools"),
        ("stops.csv", "Stop,Lat,Lon\nA,52.5,13.4\nB,52.6,13.3\n", "places"),
        ("fleet.csv", "Vehicle,Depot,Capacity\nvan,A,120\ntruck,A,600\n", "vehicles"),
    ],
)
def test_tables_of_the_shop_floor_are_found(tmp_path, name, content, table):
    """Shifts, downtime, set-ups, tools, places and vehicles are known by what shops call them."""
    (tmp_path / name).write_text(content)
    assert f'table = "{table}"' in propose(tmp_path).toml
