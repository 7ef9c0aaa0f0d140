"""Choices in long frames of one's own, and what was estimated from them as tables; without a project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from lotwise.errors import SettingsError, did_you_mean
from lotwise.mine.choice.choices import gather
from lotwise.mine.choice.coded import MORE, coded
from lotwise.mine.choice.latent import latent
from lotwise.mine.choice.logit import logit
from lotwise.mine.choice.mixed import mixed
from lotwise.mine.choice.nested import nested
from lotwise.mine.choice.worths import part_worths
from lotwise.mine.intake import Frame
from lotwise.tables.mined import CHOICE_MODELS, PREFERENCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lotwise.mine.choice.choices import Choices, Flags, Reals, Whole
    from lotwise.mine.choice.coded import Coded
    from lotwise.mine.choice.draws import Kind
    from lotwise.mine.choice.fitted import Fitted

Model = Literal["logit", "nested logit", "latent classes", "mixed logit"]
MODELS: tuple[Model, ...] = ("logit", "nested logit", "latent classes", "mixed logit")


@dataclass(frozen=True)
class ChoiceFit:
    """A model of the choices of a frame.

    Parameters
    ----------
    fitted
        Coefficients, covariances, classes or spreads.
    choices
        What it was estimated from, as arrays.
    coded
        What the columns mean.
    probabilities
        A row for each row of the frame, in its order: ``choice, alternative, chosen, probability``.
    price
        Attribute that is money to pay; empty: none.
    """

    fitted: Fitted
    choices: Choices
    coded: Coded
    probabilities: pa.Table
    price: str

    def table(self) -> pa.Table:
        """Return part-worths with errors and willingness to pay: the columns of table ``preferences``."""
        rows = part_worths(self.fitted, self.coded, choice="choices", price=self.price)
        return PREFERENCES.check(pa.Table.from_pylist(rows, schema=PREFERENCES.schema))

    def model(self) -> pa.Table:
        """Return how well it fits, in one row: the columns of table ``choice_models``."""
        made = self.fitted
        row = {
            "choice": "choices",
            "model": made.model,
            "choices": round(made.choices),
            "alternatives": made.alternatives,
            "parameters": made.free,
            "log_likelihood": made.log_likelihood,
            "null_log_likelihood": made.null_log_likelihood,
            "bic": made.bic,
            "held_out": None,
            "chosen": True,
            "note": made.note or None,
        }
        return CHOICE_MODELS.check(pa.Table.from_pylist([row], schema=CHOICE_MODELS.schema))


def fit_choices(  # noqa: PLR0913  each is a keyword of its own
    frame: Any,  # noqa: ANN401  any frame there is
    *,
    choice: str,
    alternative: str,
    chosen: str,
    attributes: Sequence[str],
    price: str = "",
    person: str | None = None,
    weight: str | None = None,
    constants: bool = False,
    model: Model = "logit",
    nests: Mapping[str, Sequence[str]] | None = None,
    classes: int = 2,
    random: Mapping[str, Kind] | None = None,
    draws: int = 200,
    seed: int = 0,
) -> ChoiceFit:
    """Return what each attribute adds to liking, estimated from choices in a long frame.

    Parameters
    ----------
    frame
        A row a choice and an alternative it offers; pandas, Polars, Arrow or a dict of columns. Choices may offer different
        alternatives.
    choice, alternative, chosen
        Columns: which choice, which alternative, and whether it was taken (0 or 1; one row a choice).
    attributes
        Columns that liking depends on. Texts become a part-worth a value against the value chosen most.
    price
        The one of them that is money to pay; part-worths are then told in money as well.
    person
        Column that says who chose; absent: each choice is somebody else's.
    weight
        Column of times a choice counts; absent: once.
    constants
        Whether each alternative has a part-worth of its own beside its attributes.
    model
        ``"logit"``, ``"nested logit"``, ``"latent classes"`` or ``"mixed logit"``.
    nests
        Alternatives of each nest; nested logit only.
    classes
        Latent classes.
    random
        Attributes, or values of them (``brand: x``), whose part-worth differs over persons, and how (``normal``, ``lognormal``,
        ``triangular``); mixed logit only; absent: every number, normally.
    draws
        Draws a person of the mixed logit.
    seed
        Same seed and same frame give the same bytes.

    Raises
    ------
    ContractError
        Columns are missing, empty or not of their kind, or choices have none or several chosen: every fault is listed.
    InputError
        Attributes cannot be told apart, or separate the choices perfectly, by name; classes exceed persons, and the like.
    SettingsError
        There is no such model, or it lacks its nests.
    """
    _asked(model, nests, price, attributes)
    taken = Frame.of(frame, "The choices")
    key, which = taken.texts(choice), taken.texts(alternative)
    flag = taken.numbers(chosen, low=0)
    if (flag[np.isfinite(flag)] > 1).any():
        taken.faults.append(f"column '{chosen}' has values above 1; expected 0 or 1")
    laid = coded(taken, attributes, alternative if constants else None, flag == 1)
    who = None if person is None else taken.texts(person)
    weights = None if weight is None else taken.numbers(weight, low=0)
    taken.done()
    names, standing = np.unique(np.asarray(which.to_pylist(), dtype=object).astype(str), return_inverse=True)
    _, number = np.unique(np.asarray(key.to_pylist(), dtype=object).astype(str), return_inverse=True)
    columns = np.column_stack(laid.columns) if laid.columns else np.empty((len(taken), 0))
    choices, rows = gather(number, standing, flag == 1, columns, laid.names, alternatives=names.tolist())
    if who is not None:
        people = np.unique(np.asarray(who.to_pylist(), dtype=object).astype(str), return_inverse=True)[1]
        choices = replace(choices, person=people[rows[:, 0]])
    if weights is not None:
        choices = replace(choices, weights=weights[rows[:, 0]])
    told = (nests or {}, classes, _drawn(laid, random), draws)
    fitted = _estimated(choices, model, told, np.random.default_rng(seed))
    shown = pa.table(
        {"choice": key, "alternative": which, "chosen": flag == 1, "probability": _by_row(fitted, choices, rows, len(taken))}
    )
    return ChoiceFit(fitted, choices, laid, shown, price)


def _estimated(
    choices: Choices,
    model: str,
    told: tuple[Mapping[str, Sequence[str]], int, Mapping[str, Kind], int],
    rng: np.random.Generator,
) -> Fitted:
    nests, classes, random, draws = told
    if model == "nested logit":
        return nested(choices, nests)
    if model == "latent classes":
        return latent(choices, classes, rng=rng)
    if model == "mixed logit":
        return mixed(choices, random, draws=draws, rng=rng)
    return logit(choices)


def _drawn(laid: Coded, random: Mapping[str, Kind] | None) -> dict[str, Kind]:
    """Return the columns whose part-worths are drawn: of a text attribute those of all its values; if none is told, numbers."""
    if random is None:
        numbers = [name for name, (_, value) in zip(laid.names, laid.means, strict=True) if value == MORE]
        return dict.fromkeys(numbers or laid.names, "normal")
    found: dict[str, Kind] = {}
    for asked, kind in random.items():
        columns = [name for name, (attribute, _) in zip(laid.names, laid.means, strict=True) if asked in (name, attribute)]
        found |= dict.fromkeys(columns or [asked], kind)
    return found


def _by_row(fitted: Fitted, choices: Choices, rows: Whole, count: int) -> Reals:
    chance = fitted.probabilities(choices.attributes, choices.available, choices.alternative)
    there: Flags = rows >= 0
    found = np.empty(count)
    found[rows[there]] = chance[there]
    return found


def _asked(model: str, nests: Mapping[str, Sequence[str]] | None, price: str, attributes: Sequence[str]) -> None:
    if model not in MODELS:
        raise SettingsError(f"model = {model!r}{did_you_mean(str(model), MODELS)}; expected one of {', '.join(MODELS)}.")
    if model == "nested logit" and not nests:
        raise SettingsError("The nested logit has no nests; expected nests = {name: [alternatives]}.")
    if price and price not in attributes:
        raise SettingsError(
            f"price = {price!r} is none of the attributes{did_you_mean(price, attributes)}; expected one of them."
        )
