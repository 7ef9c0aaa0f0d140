"""What the workshop sells and how it makes it: styles, options, rules, machines, materials. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass

REGIONS = ("north", "south", "web")
LOCATIONS = {"north": ("N1", "N2"), "south": ("S1", "S2"), "web": ("WEB",)}
SIZES = ("XS", "S", "M", "L", "XL")
SIZE_SHARES = (0.1, 0.24, 0.31, 0.23, 0.12)
SEGMENTS = ("office", "outdoor", "evening")


@dataclass(frozen=True)
class Style:
    """One style: money in CNY, ``units`` a plain week brings over all regions, hours for one unit.

    ``warmth`` is the change of the log rate for 10 degrees more, ``elasticity`` that of the log rate for a
    fall of the log price, ``rivalry`` that for a rise of the competitors' log price, ``appeal`` how the
    segments like it. ``scrap`` is the chance that a unit is spoiled.
    """

    code: str
    name: str
    category: str
    department: str
    price: float
    cost: float
    salvage: float
    make: str
    units: float
    warmth: float
    elasticity: float
    rivalry: float
    appeal: tuple[float, float, float]
    hours: tuple[float, float, float]
    fabrics: tuple[str, ...]
    details: tuple[str, ...]
    meters: float
    scrap: float


STYLES = (
    Style("COAT-WOOL", "Wool coat", "coats", "outerwear", 1680, 740, 500, "order", 48, -0.45, 1.6, 0.7, (3, 3, 1),
          (0.30, 1.60, 0.40), ("melton", "cashmere"), ("plain", "belt", "hood"), 2.8, 0.03),
    Style("COAT-TRENCH", "Trench coat", "coats", "outerwear", 1280, 560, 380, "order", 45, -0.20, 1.5, 0.6, (3, 2, 1),
          (0.30, 1.50, 0.40), ("gabardine", "cotton"), ("plain", "belt", "lining"), 2.6, 0.03),
    Style("JACKET-LINEN", "Linen jacket", "jackets", "outerwear", 980, 430, 250, "order", 41, 0.30, 1.8, 0.8, (3, 1, 2),
          (0.25, 1.30, 0.35), ("linen", "cotton"), ("plain", "lining", "patch pocket"), 1.9, 0.02),
    Style("VEST-QUILT", "Quilted vest", "jackets", "outerwear", 680, 310, 220, "stock", 66, -0.35, 2.0, 0.8, (1, 4, 0.5),
          (0.15, 0.70, 0.20), ("nylon", "cotton"), ("plain", "hood"), 1.4, 0.02),
    Style("SUIT", "Two-piece suit", "suits", "tailoring", 2380, 1080, 600, "order", 31, 0.0, 1.2, 0.5, (5, 0.5, 2),
          (0.45, 2.60, 0.70), ("worsted", "linen"), ("plain", "lining", "peak lapel"), 3.4, 0.04),
    Style("TROUSERS", "Pleated trousers", "trousers", "tailoring", 580, 240, 160, "stock", 75, 0.0, 1.7, 0.7, (4, 2, 1),
          (0.12, 0.55, 0.15), ("worsted", "cotton"), ("plain", "cuff"), 1.5, 0.02),
    Style("SKIRT", "A-line skirt", "skirts", "womenswear", 520, 210, 130, "order", 51, 0.15, 1.7, 0.7, (3, 1, 2),
          (0.12, 0.55, 0.15), ("linen", "silk", "cotton"), ("plain", "slit", "lining"), 1.3, 0.02),
    Style("DRESS-SUMMER", "Summer dress", "dresses", "womenswear", 780, 320, 180, "order", 58, 0.45, 2.0, 0.9, (2, 1, 3),
          (0.18, 0.95, 0.25), ("linen", "silk", "cotton"), ("plain", "belt", "slit"), 2.1, 0.02),
    Style("DRESS-EVENING", "Evening dress", "dresses", "womenswear", 1980, 860, 450, "order", 28, 0.0, 1.2, 0.4, (1, 0.3, 6),
          (0.35, 2.20, 0.60), ("silk", "velvet"), ("plain", "open back", "slit"), 2.9, 0.04),
    Style("BLOUSE", "Silk blouse", "shirts", "womenswear", 690, 290, 170, "order", 56, 0.05, 1.6, 0.7, (4, 0.5, 3),
          (0.14, 0.75, 0.20), ("silk", "cotton"), ("plain", "bow", "pearl button"), 1.5, 0.02),
    Style("SHIRT", "Oxford shirt", "shirts", "basics", 460, 180, 130, "stock", 92, 0.05, 1.8, 0.8, (4, 2, 1),
          (0.12, 0.60, 0.15), ("cotton", "linen"), ("plain", "pocket"), 1.5, 0.01),
    Style("TSHIRT", "Cotton T-shirt", "shirts", "basics", 190, 70, 60, "stock", 119, 0.30, 2.2, 1.0, (1, 4, 1),
          (0.06, 0.25, 0.08), ("cotton",), ("plain", "pocket"), 1.0, 0.01),
    Style("KNIT", "Cashmere knit", "knits", "basics", 1180, 560, 420, "stock", 44, -0.40, 1.5, 0.6, (3, 2, 2),
          (0.05, 0.90, 0.30), ("cashmere",), ("plain", "roll neck"), 0.9, 0.03),
    Style("SCARF", "Wool scarf", "accessories", "basics", 290, 110, 90, "stock", 69, -0.50, 1.9, 0.9, (2, 3, 2),
          (0.03, 0.15, 0.10), ("melton", "cashmere"), ("plain", "fringe"), 0.6, 0.01),
)  # fmt: skip

CODES = tuple(style.code for style in STYLES)
COLORS = {"black": (0.34, 0.0), "navy": (0.28, 0.0), "ivory": (0.2, 0.0), "rust": (0.18, 10.0)}
"""Color -> share of choices before the rules, extra price."""

FABRIC_PRICE = {
    "melton": 62, "cashmere": 260, "gabardine": 58, "cotton": 26, "linen": 48, "nylon": 30,
    "worsted": 88, "silk": 95, "velvet": 70,
}  # fmt: skip
"""Fabric -> cost of one meter."""

DETAIL_PRICE = {
    "plain": 0, "belt": 60, "hood": 90, "lining": 120, "patch pocket": 40, "peak lapel": 80, "cuff": 20, "slit": 30,
    "open back": 90, "bow": 50, "pearl button": 60, "pocket": 20, "roll neck": 70, "fringe": 20,
}  # fmt: skip
"""Style detail -> extra price; it costs half of that to make."""


@dataclass(frozen=True)
class Rule:
    """One rule between two choices of one style. A breach is put right by changing the second choice."""

    style: str
    kind: str
    if_option: str
    if_value: str
    then_option: str
    then_value: str


RULES = (
    Rule("COAT-WOOL", "requires", "fabric", "cashmere", "color", "navy"),
    Rule("COAT-WOOL", "excludes", "detail", "hood", "size", "XS"),
    Rule("COAT-TRENCH", "excludes", "fabric", "cotton", "detail", "lining"),
    Rule("JACKET-LINEN", "requires", "detail", "patch pocket", "fabric", "cotton"),
    Rule("SUIT", "excludes", "fabric", "linen", "color", "black"),
    Rule("SUIT", "requires", "detail", "peak lapel", "fabric", "worsted"),
    Rule("SKIRT", "requires", "fabric", "silk", "detail", "lining"),
    Rule("DRESS-SUMMER", "excludes", "fabric", "linen", "detail", "slit"),
    Rule("DRESS-EVENING", "excludes", "fabric", "velvet", "color", "ivory"),
    Rule("DRESS-EVENING", "excludes", "detail", "open back", "size", "XL"),
    Rule("BLOUSE", "requires", "detail", "bow", "fabric", "silk"),
)

MACHINES = {"cutting": (190, 20, 90), "sewing": (920, 90, 80), "finishing": (270, 25, 70)}
"""Machine group -> regular hours a week, most overtime hours, cost of an overtime hour."""

SETUP_HOURS = (0.2, 0.5, 0.2)
MATERIALS = {
    **{fabric: ("meter", float(cost), 2) for fabric, cost in FABRIC_PRICE.items()},
    **{f"dye-{color}": ("kg", 45.0, 1) for color in COLORS},
    "lining cloth": ("meter", 18.0, 2), "button": ("piece", 0.8, 1), "zipper": ("piece", 3.5, 1), "thread": ("spool", 6.0, 1),
    "label": ("piece", 0.4, 1), "buckle": ("piece", 12.0, 2), "pearl": ("piece", 2.5, 2),
}  # fmt: skip
"""Material -> unit, cost, weeks of lead. Cloth is bought undyed and dyed here."""

LIMITED = {"silk": 260.0, "cashmere": 150.0}
"""Material -> most units that can arrive in a week."""

ALWAYS = "always"
DYE = 0.05
"""Kilograms of dye for one meter of cloth."""

TRIMS = {"thread": 0.3, "label": 1.0}
"""Material -> units in one unit of every style."""

PARTS = {"lining": ("lining cloth", 1.5), "belt": ("buckle", 1.0), "hood": ("zipper", 1.0), "pearl button": ("pearl", 6.0)}
"""Style detail -> the part it needs, and how many units of it."""

CLOSURES = {"coats": ("button", 6.0), "jackets": ("zipper", 1.0), "suits": ("button", 8.0), "trousers": ("zipper", 1.0),
            "skirts": ("zipper", 1.0), "dresses": ("zipper", 1.0), "shirts": ("button", 7.0)}  # fmt: skip
"""Category -> what closes it, and how many units of it."""


def needs(style: Style) -> list[tuple[str, str, str, float]]:
    """Return the bill of materials of one style: component, option, value, units; most depend on a choice."""
    meters = style.meters
    cloth = [(fabric, "fabric", fabric, meters) for fabric in style.fabrics]
    dyes = [(f"dye-{color}", "color", color, round(DYE * meters, 3)) for color in COLORS]
    parts = [(PARTS[detail][0], "detail", detail, PARTS[detail][1]) for detail in style.details if detail in PARTS]
    trims = [(trim, ALWAYS, ALWAYS, units) for trim, units in TRIMS.items()]
    closing = [(CLOSURES[style.category][0], ALWAYS, ALWAYS, CLOSURES[style.category][1])] if style.category in CLOSURES else []
    return [*cloth, *dyes, *parts, *trims, *closing]


def choices(style: Style) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Return option -> value -> (share of choices before the rules, extra price, extra cost), the default value first."""
    first = FABRIC_PRICE[style.fabrics[0]]
    fabrics = {
        fabric: (
            share,
            round(2 * (FABRIC_PRICE[fabric] - first) * style.meters, 0),
            (FABRIC_PRICE[fabric] - first) * style.meters,
        )
        for fabric, share in zip(style.fabrics, falling(len(style.fabrics)), strict=True)
    }
    details = {
        detail: (share, float(DETAIL_PRICE[detail]), DETAIL_PRICE[detail] / 2)
        for detail, share in zip(style.details, falling(len(style.details)), strict=True)
    }
    colors = {color: (share, extra, 0.0) for color, (share, extra) in COLORS.items()}
    sizes = {size: (share, 0.0, 0.0) for size, share in zip(SIZES, SIZE_SHARES, strict=True)}
    return {"fabric": fabrics, "color": colors, "detail": details, "size": sizes}


def falling(count: int) -> list[float]:
    """Return shares that fall by half from each value to the next and sum to 1."""
    weights = [0.5**place for place in range(count)]
    return [weight / sum(weights) for weight in weights]
