"""What customers lost by what they were not shown: regret, surplus and margin under a fitted conditional logit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from lotwise.gap import verdict
from lotwise.gap.choices.logit import CREDIBLE, Logit, Occasions, Reals, Whole, fit, log_sums, scores
from lotwise.gap.interval import MOST_GROUPS, interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

REGRET = "regret of choices"
SURPLUS = "surplus not shown"
BEST = "occasions whose best product was not shown"
MARGIN = "margin not shown"
PRODUCTS = "products never shown"
PAIRS = "customer-product pairs never shown"

ESTIMATED = "model's estimate"
COUNTED = "counted"
NO_MONEY = "no unit of money"

FEWEST_DRAWN = 10
"""Customers under which there is no interval: fewer say too little of how customers differ."""

Row = dict[str, object]


@dataclass(frozen=True)
class Offer:
    """What could have been chosen on each occasion, and what of it was shown.

    Parameters
    ----------
    occasions
        The whole catalogue of each occasion; what was chosen is among it.
    shown
        Whether the alternative was shown, ``(n_rows,)``; what was chosen was.
    product
        Number of the alternative, ``(n_rows,)``.
    customer
        Number of the customer, from 0, ``(n_occasions,)``: they are drawn again for intervals.
    margin
        Price less cost of the alternative, in money, ``(n_rows,)``; None where it is not known.
    price
        The attribute that is money to pay.
    note
        What was left out, a sentence for the notes of the measures.
    """

    occasions: Occasions
    shown: NDArray[np.bool_]
    product: Whole
    customer: Whole
    margin: Reals | None = None
    price: str = "price"
    note: str = ""

    def seen(self) -> Occasions:
        """Return the occasions with what was shown only: what the logit is fitted to."""
        whole = self.occasions
        size = np.bincount(whole.occasion[self.shown], minlength=len(whole.start))
        place = np.cumsum(self.shown) - 1
        return Occasions(whole.names, whole.attributes[self.shown], np.cumsum(size) - size, place[whole.chosen])


@dataclass(frozen=True)
class Resampled:
    """Draws of customers: how often each group of them was drawn, and what that does to the part-worths.

    Parameters
    ----------
    group
        Group of each occasion's customer, ``(n_occasions,)``.
    drawn
        Times each group was drawn, ``(n_resamples, n_groups)``.
    moved
        Part-worths of each resample less those fitted, ``(n_resamples, n_attributes)``.
    """

    group: Whole
    drawn: Reals
    moved: Reals

    def sums(self, each: Reals, slopes: Reals | None = None) -> Reals:
        """Return, for each resample, the sum of a figure of each occasion, moved along its slopes in the part-worths."""
        found: Reals = self.drawn @ _grouped(self.group, each[:, None], self.drawn.shape[1])[:, 0]
        if slopes is not None:
            found += np.einsum("bk,bk->b", self.drawn @ _grouped(self.group, slopes, self.drawn.shape[1]), self.moved)
        return found


@dataclass(frozen=True)
class Figures:
    """What each occasion lost, in utility or in money of the seller, and the slopes of it in the part-worths."""

    regret: Reals
    regret_slopes: Reals
    surplus: Reals
    surplus_slopes: Reals
    margin: Reals
    margin_slopes: Reals
    taste: Reals
    hidden: Reals


@dataclass(frozen=True)
class Reach:
    """How far what was shown reached.

    Parameters
    ----------
    hidden, offered
        Products never shown to each customer, and those that could have been, ``(n_customers,)``.
    never
        Products that nobody was shown.
    products
        Products that could have been shown.
    """

    hidden: Reals
    offered: Reals
    never: int
    products: int


def measures(offer: Offer, *, rng: np.random.Generator, resamples: int = 2000, width: float = 0.9) -> list[Row]:
    """Return the measures that need part-worths, as rows of the table ``unseen``.

    The part-worths are fitted to what was shown. Intervals draw customers again; a resample's part-worths are those fitted
    plus one Newton step from its own scores, and figures move with them along their slopes.

    Raises
    ------
    InputError
        As for ``choice.fit``.

    References
    ----------
    Kline and Santos (2012), A score based approach to wild bootstrap inference, Journal of Econometric Methods 1(1).
    """
    seen = offer.seen()
    model = fit(seen)
    drawn = resample(model, seen, offer.customer, rng=rng, resamples=resamples)
    figures = _figures(offer, model)
    rows = [*_in_money(offer, model, figures, drawn, width), *_others(offer, figures, drawn, width)]
    return [one | {"note": f"{one['note']} {offer.note}".rstrip()} for one in rows]


def resample(model: Logit, occasions: Occasions, customer: Whole, *, rng: np.random.Generator, resamples: int) -> Resampled:
    """Return draws of customers with replacement and the part-worths of each; many customers are dealt into groups."""
    whos, who = np.unique(customer, return_inverse=True)
    count = min(len(whos), MOST_GROUPS)
    group = (rng.permutation(len(whos)) % count)[who]
    slopes = _grouped(group, scores(occasions, model.part_worths), count)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=resamples).astype(np.float64)
    return Resampled(group, drawn, (drawn - 1) @ slopes @ model.covariance)


def money_unit(model: Logit, drawn: Resampled, price: str) -> tuple[Reals | None, str]:
    """Return utility of one unit of money, as fitted and then of each resample; None and the reason where there is none."""
    place = model.names.index(price)
    paid = model.part_worths[place]
    reach = CREDIBLE * max(drawn.moved[:, place].std(), model.errors[place])
    if paid + reach < 0:
        return -np.concatenate([[paid], paid + drawn.moved[:, place]]), ""
    return None, _NO_MONEY_NOTE.format(paid=f"{paid:.4g}", low=f"{paid - reach:.4g}", high=f"{paid + reach:.4g}")


def ends_of(spread: Reals, drawn: Resampled, width: float) -> tuple[float, float] | None:
    """Return the interval of a figure's resamples; None where there are too few customers to draw from."""
    return interval(spread, width) if drawn.drawn.shape[1] >= FEWEST_DRAWN else None


def _in_money(offer: Offer, model: Logit, figures: Figures, drawn: Resampled, width: float) -> Iterator[Row]:
    count = len(offer.customer)
    unit, refused = money_unit(model, drawn, offer.price)
    if unit is None:
        for measure in (REGRET, SURPLUS):
            yield row(measure, "money", said=NO_MONEY, note=refused)
        return
    times = drawn.sums(np.ones(count))
    for measure, each, slopes, note in (
        (REGRET, figures.regret, figures.regret_slopes, _REGRET_NOTE),
        (SURPLUS, figures.surplus, figures.surplus_slopes, _SURPLUS_NOTE),
    ):
        spread = drawn.sums(each, slopes) / times / np.where(unit[1:] > 0, unit[1:], np.nan)
        left = f"{figures.taste.mean() / unit[0]:,.2f}"
        yield row(
            measure, "money", each.mean() / unit[0], ends_of(spread, drawn, width), said=ESTIMATED,
            note=note.format(choices=f"{count:,}", taste=left),
        )  # fmt: skip


def _others(offer: Offer, figures: Figures, drawn: Resampled, width: float) -> Iterator[Row]:
    count = len(offer.customer)
    hidden = drawn.sums(figures.hidden) / drawn.sums(np.ones(count))
    yield row(BEST, "share", figures.hidden.mean(), ends_of(hidden, drawn, width), said=ESTIMATED, note=_BEST_NOTE)
    if offer.margin is None:
        yield row(MARGIN, "money", said=verdict.UNMEASURED, note="It takes price and cost of each product.")
        return
    ends = ends_of(drawn.sums(figures.margin, figures.margin_slopes), drawn, width)
    said = verdict.ZERO if ends and ends[0] <= 0 <= ends[1] else ESTIMATED
    note = _MARGIN_NOTE.format(choices=f"{count:,}", customers=f"{len(np.unique(offer.customer)):,}")
    yield row(MARGIN, "money", figures.margin.sum(), ends, said=said, note=note)


def counts(reach: Reach, *, rng: np.random.Generator, resamples: int = 2000, width: float = 0.9) -> list[Row]:
    """Return the shares of products and of customer-product pairs that were never shown, as rows of the table ``unseen``."""
    customers, never, products = len(reach.hidden), reach.never, reach.products
    count = min(customers, MOST_GROUPS)
    group = rng.permutation(customers) % count
    both = np.column_stack([np.bincount(group, reach.hidden), np.bincount(group, reach.offered)])
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=resamples) @ both
    ends = interval(drawn[:, 0] / drawn[:, 1], width) if customers >= FEWEST_DRAWN else None
    note = _PAIRS_NOTE.format(customers=f"{customers:,}", products=f"{products:,}")
    told = _PRODUCTS_NOTE.format(never=f"{never:,}", products=f"{products:,}")
    return [
        row(PRODUCTS, "share", never / products, said=COUNTED, note=told),
        row(PAIRS, "share", reach.hidden.sum() / reach.offered.sum(), ends, said=COUNTED, note=note),
    ]


def row(
    measure: str, unit: str, value: float | None = None, ends: tuple[float, float] | None = None, *, said: str, note: str
) -> Row:
    """Return one row of the table ``unseen``, rounded to cents or to a millionth."""
    digits = 2 if unit == "money" else 6
    found = [None if figure is None else round(float(figure), digits) + 0.0 for figure in (value, *(ends or (None, None)))]
    return dict(zip(("value", "low", "high"), found, strict=True)) | {
        "measure": measure, "unit": unit, "verdict": said, "note": note,
    }  # fmt: skip


def _figures(offer: Offer, model: Logit) -> Figures:
    count, wide = len(offer.occasions.start), len(model.names)
    found = Figures(*(np.zeros((count, wide) if "slopes" in name else count) for name in Figures.__annotations__))
    for some, rows in offer.occasions.blocks():
        _fill(found, offer, model, some, rows)
    return found


def _fill(found: Figures, offer: Offer, model: Logit, some: slice, rows: slice) -> None:
    """Work out one block; attributes are taken less those chosen, which changes no difference of utilities."""
    apart = offer.occasions.differences(some, rows)
    start, shown = offer.occasions.start[some] - rows.start, offer.shown[rows]
    utility = model.utility(apart)
    only = np.where(shown, utility, -np.inf)
    best = np.maximum.reduceat(utility, start)
    occasion = np.repeat(np.arange(len(start)), offer.occasions.sizes[some])
    at_best = np.where(utility == best[occasion], np.arange(len(utility)), len(utility))
    (whole, chance), (part, likely) = log_sums(utility, start), log_sums(only, start)
    found.regret[some], found.regret_slopes[some] = best, apart[np.minimum.reduceat(at_best, start)]
    found.surplus[some] = whole - part
    found.surplus_slopes[some] = np.add.reduceat(apart * (chance - likely)[:, None], start, axis=0)
    found.taste[some] = best - np.add.reduceat(chance * utility, start)
    found.hidden[some] = np.maximum.reduceat(only, start) < best
    if offer.margin is None:
        return
    for sign, share in ((1, chance), (-1, likely)):
        earned = offer.margin[rows]
        mean = np.add.reduceat(share * earned, start)
        found.margin[some] += sign * mean
        found.margin_slopes[some] += sign * np.add.reduceat(apart * (share * (earned - mean[occasion]))[:, None], start, axis=0)


def _grouped(group: Whole, each: Reals, count: int) -> Reals:
    """Return the sums by group, ``(n_groups, n_columns)``."""
    member = csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(count, len(group)))
    found: Reals = np.asarray(member @ each)
    return found


_NO_MONEY_NOTE = (
    "The part-worth of the price is {paid} (99 % interval {low} to {high}): it does not deter clearly, so utility has no unit "
    "of money. It takes prices that change while the choice stays the same."
)
_REGRET_NOTE = (
    "Mean over {choices} choices: the best product then on sale less the one chosen, in fitted utility over that of money. "
    "An upper side: taste that no attribute tells counts as regret; {taste} of it would stay had all been shown."
)
_SURPLUS_NOTE = (
    "Mean over {choices} choices: the log-sum of all then on sale less that of what was shown, over the utility of money "
    "(Small and Rosen 1981). Too high where products resemble each other, for the logit takes each as new."
)
_BEST_NOTE = "The product of the highest fitted utility among those then on sale was not among those shown."
_MARGIN_NOTE = (
    "Over these {choices} choices of {customers} customers, scaled to nothing else: expected price less cost of what would be "
    "chosen from all then on sale, less from what was shown. Who bought nothing is not in it. An experiment can confirm it."
)
_PRODUCTS_NOTE = (
    "{never} of {products} products of the catalogue, what was bought counting as shown. All were counted: no interval."
)
_PAIRS_NOTE = "Over {customers} customers of whom it is known what they were shown, and {products} products of the catalogue."
