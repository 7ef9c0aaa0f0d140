"""The neural forecaster: a few small networks over all series, origins and weeks ahead, taught on deviance and CRPS.

Direct, as the boosted model is: the weeks ahead are an input and nothing is fed back. Each network learns without
the last weeks, keeps the state that served those best, and then passes once over all weeks. Equal seeds give equal
bytes on the CPU; on a GPU sums are taken in any order and the last digits differ.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lotwise.errors import ContractError
from lotwise.extras import need
from lotwise.forecast.methods import inputs, network, training

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lotwise.config import Forecast
    from lotwise.forecast.design import Design, Rows, Single
    from lotwise.forecast.panel import Array, Mask

FLOOR = 0.02
"""No expectation is below this many units."""
MEMBERS = 2
"""Networks whose answers are averaged."""
LAST = 4
"""Last weeks that decide when to stop, at most a quarter of all."""
CHUNK = 20_000
"""Rows answered at once."""

log = logging.getLogger("lotwise.forecast")


@dataclass(frozen=True)
class Deep:
    """Fitted networks.

    Parameters
    ----------
    reader
        Brings features to the scale learned.
    members
        Weights of each network; ``(n_members, n_weights)``.
    horizon
        Most weeks ahead it learned of.
    most
        Units of the best week of any series it learned from; it expects no more.
    device
        ``cpu`` or ``cuda``.
    """

    reader: inputs.Reader
    members: Single
    horizon: int
    most: float
    device: str = "cpu"

    def expect(self, design: Design, rows: Rows) -> Array:
        """Return the expected units of each row; ``(n_rows,)``."""
        return np.maximum(self._ask(design, rows, lambda given: given.ratio.exp()[:, None])[:, 0], FLOOR)

    def quantiles(self, design: Design, rows: Rows) -> Array:
        """Return the quantiles of each row, rising and never negative; ``(n_rows, n_levels)``."""
        return self._ask(design, rows, lambda given: given.quantiles)

    def save(self, path: Path) -> None:
        """Write the networks as plain arrays (``.npz``), which open without running code."""
        fields: dict[str, Any] = {name: getattr(self.reader, name) for name in ("center", "spread", "sparse", "planned")}
        fields |= {name: np.array(getattr(self.reader, name), np.str_) for name in ("names", "columns")}
        fields |= {f"classes {place}": values for place, values in self.reader.known.items()}
        with path.open("wb") as file:
            np.savez(file, members=self.members, horizon=self.horizon, most=self.most, **fields)

    def _ask(self, design: Design, rows: Rows, of: Callable[[network.Answer], network.Tensor]) -> Array:
        torch = need("torch", extra="deep")
        layout = network.shapes(self.reader.sizes, self.horizon)
        vectors = [torch.as_tensor(vector, device=self.device) for vector in self.members]
        parts = []
        with training.alone(self.device), torch.no_grad():
            for begin in range(0, max(len(rows.series), 1), CHUNK):
                read = self.reader.read(design, rows.where(slice(begin, begin + CHUNK)))
                batch = training.Lesson.of(read, self.horizon, self.device).batch(slice(None))
                given = [of(network.answer(network.unpacked(vector, layout), batch)).double() for vector in vectors]
                parts.append((sum(given) / len(given)).cpu().numpy() * read.level[:, None])
        return np.asarray(np.minimum(np.concatenate(parts), self.most))


def load(path: Path, *, device: str = "cpu") -> Deep:
    """Return networks that ``Deep.save`` wrote.

    Parameters
    ----------
    path
        The file.
    device
        ``cpu``, ``cuda`` or ``auto``.

    Raises
    ------
    ContractError
        The file was written by a lotwise whose networks have another shape.
    """
    with np.load(path, allow_pickle=False) as file:
        found = {name: file[name] for name in file.files}
    known = {int(name.removeprefix("classes ")): values for name, values in found.items() if name.startswith("classes ")}
    names, columns = (tuple(str(text) for text in found[name]) for name in ("names", "columns"))
    center, spread, sparse, planned = (found[name] for name in ("center", "spread", "sparse", "planned"))
    reader = inputs.Reader(names, columns, center, spread, sparse, planned, known)
    horizon, members = int(found["horizon"]), found["members"]
    expected = sum(int(np.prod(shape)) for shape in network.shapes(reader.sizes, horizon).values())
    if members.shape[1] != expected:
        message = f"{path} holds networks of {members.shape[1]} weights, expected {expected}: another version wrote it."
        raise ContractError(f"{message} Fit the method again and save it.")
    return Deep(reader, members, horizon, float(found["most"]), chosen(device))


def fit(design: Design, rows: Rows, names: Sequence[str], params: Forecast, *, seed: int) -> Deep:
    """Return the networks that learned the targets of some rows.

    A series weighs as the square root of its level: between all alike, where small series drown the large ones in
    noise, and by units, where a few best sellers are all that is learned.

    Parameters
    ----------
    design
        Features and demand.
    rows
        Rows whose targets are known.
    names
        Sources whose features they may use.
    params
        The device.
    seed
        Of the weights to begin with, the order of rows and the units left out.

    Raises
    ------
    MissingPackageError
        torch is not installed.
    """
    device = chosen(params.device)
    reader = inputs.Reader.of(design, rows, names)
    read = reader.read(design, rows)
    units = design.units[rows.series, rows.target]
    weight = np.sqrt(read.level / read.level.max())
    lesson = training.Lesson.of(read, design.horizon, device)
    layout = network.shapes(reader.sizes, design.horizon)
    members = []
    with training.alone(device):
        for member in range(MEMBERS):
            rng = np.random.default_rng([seed, member])
            learner = training.Learner(lesson, units / read.level, weight / weight.mean(), layout, rng)
            members.append(learner.learn(_last(rows)))
    return Deep(reader, np.stack(members).astype(np.float32), design.horizon, float(units.max()), device)


def chosen(device: str) -> str:
    """Return ``cuda`` where it is wanted and there, else ``cpu``; a warning says where it was asked for in vain."""
    torch: Any = need("torch", extra="deep")
    if device == "cpu":
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    if device == "cuda":
        log.warning("[forecast] device = 'cuda', but torch finds no CUDA device: the CPU is used. 'auto' does so in silence.")
    return "cpu"


def _last(rows: Rows) -> Mask:
    """Return which rows are about the last weeks; all are where there is but one week."""
    newest, weeks = rows.target.max(), len(np.unique(rows.target))
    return np.asarray(rows.target > newest - min(LAST, max(weeks // 4, 1))) & (weeks > 1)
