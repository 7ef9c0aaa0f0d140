"""What all lines of an order file say and its first rows do not: codes of no product, thin regions, free lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lotwise import config
from lotwise.collect.batches import read_text
from lotwise.collect.words import CHINESE, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lotwise.collect.files import File

USUAL = 0.05
"""Share of the codes from which their shape is a usual one."""
THIN = 0.01
"""Share of the lines below which a region is too thin to be forecast apart."""
FREE = r"^\s*[+]?[^1-9-]*0[^1-9-]*$"
"""A number that is 0, in text of any style."""
SERVICES = (
    "postage|carriage|shipping|freight|delivery|handling|manual|adjust|adjustment|correction|fee|fees|"
    "commission|discount|voucher|giftcard|sample|samples|charge|charges|surcharge|deposit|donation|"
    "insurance|porto|versand|versandkosten|fracht|rabatt|gutschein|gebuehr|gebuehren|pfand|korrektur|"
    "frais|livraison|remise|ajustement|echantillon|envio|gastos|descuento|comision|ajuste"
)
CHINESE_SERVICES = ("运费", "邮费", "快递费", "手续费", "优惠券", "礼品卡", "差价")


@dataclass(frozen=True)
class Survey:
    """What all lines of some order files say.

    Parameters
    ----------
    lines
        Lines.
    services
        Codes that are no products by their shape and their name: postage, fees, vouchers, corrections.
    regions, thin
        Different regions, and how many of them hold less than one line in a hundred.
    free
        Lines of price 0 that are no return.
    """

    lines: int = 0
    services: tuple[str, ...] = ()
    regions: int = 0
    thin: int = 0
    free: int = 0

    @property
    def is_thin(self) -> bool:
        """Whether most regions are too thin to be forecast apart."""
        return self.thin > self.regions / 2


def survey(files: Iterable[File], columns: Mapping[str, str], *, name: str | None = None) -> Survey:
    """Return what all lines of some files of the same columns say.

    Parameters
    ----------
    files
        Files.
    columns
        Our column of orders -> theirs.
    name
        Their column with the name of the product, where there is one.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    wanted = {key: columns[key] for key in ("product", "region", "units", "unit_price") if key in columns}
    if name:
        wanted["name"] = name
    parts = [_texts(file, wanted) for file in files]
    lines = pa.concat_tables(parts)
    regions = Counter(_counts(lines, "region")) if "region" in wanted else Counter()
    regions.pop((None,), None)
    thin = sum(times < THIN * lines.num_rows for times in regions.values())
    return Survey(lines.num_rows, _services(lines), len(regions), thin, _free(lines))


def shape(code: str) -> str:
    """Return a code with every run of digits as 9 and every run of letters as A."""
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"[0-9]+", "9", code))


def _texts(file: File, wanted: Mapping[str, str]) -> pa.Table:
    """Return some columns of a file as text, under our names."""
    theirs = list(dict.fromkeys(wanted.values()))
    if file.format == "parquet":
        table = pq.read_table(file.path, columns=theirs)
    else:
        table = read_text(file, config.Mapping(table="orders", files=file.name), set(theirs)).table
    return pa.table({ours: table[column].cast(pa.string()) for ours, column in wanted.items()})


def _counts(lines: pa.Table, *columns: str) -> dict[tuple[str | None, ...], int]:
    counted = lines.group_by(list(columns)).aggregate([([], "count_all")]).to_pydict()
    return dict(zip(zip(*(counted[column] for column in columns), strict=True), counted["count_all"], strict=True))


def _services(lines: pa.Table) -> tuple[str, ...]:
    """Return the codes of unusual shape that are, or are mostly named, like something that is no product."""
    if "product" not in lines.column_names:
        return ()
    named = "name" in lines.column_names
    names: dict[str, tuple[int, str]] = {}
    for (code, *rest), times in _counts(lines, "product", *(["name"] if named else [])).items():
        if code and code.strip():
            names[code.strip()] = max(
                names.get(code.strip(), (0, "")), (times if rest != [None] else 0, (rest or [""])[0] or "")
            )
    shapes = Counter(shape(code) for code in names)
    odd = [code for code in names if shapes[shape(code)] < USUAL * len(names)]
    return tuple(sorted(code for code in odd if _serves(code) or _serves(names[code][1])))


def _serves(text: str) -> bool:
    if CHINESE.search(text):
        return any(word in text for word in CHINESE_SERVICES)
    return not set(SERVICES.split("|")).isdisjoint(tokens(text))


def _free(lines: pa.Table) -> int:
    if not {"unit_price", "units"} <= set(lines.column_names):
        return 0
    free = pc.match_substring_regex(lines["unit_price"], FREE)
    back = pc.starts_with(pc.utf8_trim_whitespace(lines["units"]), "-")
    return int(pc.sum(pc.and_(free, pc.invert(back))).as_py() or 0)
