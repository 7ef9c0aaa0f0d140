"""Which classifier foresees a target best, and what it says of today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from lotwise.mine.propensity import classifiers
from lotwise.mine.propensity.classifiers import Budget, Learned, Lesson
from lotwise.mine.propensity.features import Features, stacked
from lotwise.mine.propensity.voices import BASE, BLEND, best, joined, kinds_of, voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lotwise.mine.propensity.history import History
    from lotwise.mine.propensity.streams import Floats, Ints
    from lotwise.mine.propensity.voices import Said, Voice
    from lotwise.mine.propensity.windows import Windows

FEWEST = 10
"""Fewest rows of customers who did, and who did not, from which a classifier learns."""


@dataclass(frozen=True)
class Target:
    """One thing a customer may do.

    Parameters
    ----------
    name
        As in the table ``propensities``.
    category
        Category bought; None for anything.
    absent
        Whether it means that nothing is bought.
    """

    name: str
    category: str | None
    absent: bool = False


@dataclass(frozen=True)
class Foreseen:
    """What was found for one target.

    Parameters
    ----------
    target, windows
        What, and the days it was learned from and checked on.
    customers, chance
        Places of the customers known today, and their chances.
    base
        Share of whom it was true in the windows learned from.
    chosen
        Where the chances come from: a classifier, ``"blend"`` or ``"base rate"``.
    calibration
        Kind of calibration of each classifier, by name.
    checked, happened
        Places of the customers known on the day of the check, and what they did.
    said
        What each way to tell a chance said of them, by name, the base rate first.
    rows
        Customers on past days learned from.
    reason
        Why it is the base rate alone; None where classifiers were tried.
    restless
        Classifiers whose search did not come to an end.
    """

    target: Target
    windows: Windows
    customers: Ints
    chance: Floats
    base: float
    chosen: str
    calibration: dict[str, str]
    checked: Ints
    happened: Floats
    said: dict[str, Floats]
    rows: int
    reason: str | None = None
    restless: tuple[str, ...] = ()


def foresee(
    history: History,
    targets: Sequence[Target],
    windows: Windows,
    models: Sequence[str],
    rng: np.random.Generator,
    budget: Budget,
) -> list[Foreseen]:
    """Return what was found for targets that share their windows.

    Each classifier learns from the earlier days. Its calibration is learned on the next window and chosen, and with it the
    classifier, by the log loss of the one after. The last whole window is scored once. Then the chosen one learns again
    from every day up to today; its calibration is learned again from all three windows.

    Parameters
    ----------
    history
        What customers did.
    targets
        What is foreseen.
    windows
        Which days are learned from, and kept apart.
    models
        Classifiers tried: those of ``classifiers.learn``, and ``"blend"`` of the others.
    rng
        Draws samples and seeds.
    budget
        What may be spent on a classifier.
    """
    with threadpool_limits(limits=1):  # sums in the same order, whatever the number of cores
        return _Study(history, targets, windows, models, budget).run(rng)


class _Study:
    """Targets that share their windows, on their way to what was found."""

    def __init__(
        self, history: History, targets: Sequence[Target], windows: Windows, models: Sequence[str], budget: Budget
    ) -> None:
        self.history, self.targets, self.windows, self.budget = history, targets, windows, budget
        self.features = Features(history)
        self.asked: Ints = np.arange(history.every.customers)
        self.kept: dict[int, list[Lesson]] = {}
        self.tried = [name for name in dict.fromkeys(models) if name != BLEND]
        self.voices = [BASE, *self.tried, *([BLEND] if BLEND in models and len(self.tried) > 1 else [])]

    def run(self, rng: np.random.Generator) -> list[Foreseen]:
        room = max(self.budget.rows // len(self.windows.latest), 1)
        if len(self.asked) > room:
            self.asked = np.sort(rng.permutation(len(self.asked))[:room])
        lessons = self._lessons(self.windows.learned)
        able = [place for place, lesson in enumerate(lessons) if _enough(lesson)]
        made = self._learn(self.tried, {place: lessons[place] for place in able}, rng)
        apart = [self._said(made, day) for day in (self.windows.earlier, self.windows.later, self.windows.check)]
        judged = [self._judge(place, lessons[place], [day[place] for day in apart], made) for place in range(len(lessons))]
        needed = {name for _, now in judged for name in now.weights}
        again = self._lessons(self.windows.latest) if needed else []
        last = self._learn(
            [name for name in self.tried if name in needed],
            {place: again[place] for place in able if needed and _enough(again[place])},
            rng,
            wanted={place: set(now.weights) for place, (_, now) in enumerate(judged)},
        )
        return self._today(judged, {place: one | last[place] for place, one in made.items()})

    def _lessons(self, days: Sequence[int]) -> list[Lesson]:
        """Return what is learned from some days, by target; of many customers a sample, the same on every day."""
        for day in days:
            if day not in self.kept:
                known = np.intersect1d(self.history.known(day), self.asked, assume_unique=True)
                self.kept[day] = [self._lesson(target, day, known) for target in self.targets]
        return [
            Lesson(np.concatenate([part.rows for part in one]), np.concatenate([part.happened for part in one]))
            for one in zip(*(self.kept[day] for day in days), strict=True)
        ]

    def _lesson(self, target: Target, day: int, customers: Ints) -> Lesson:
        happened = self.history.stream(target.category).visits(np.array([day]), np.array([day + self.windows.ahead]))[0] > 0
        return Lesson(self._rows(target, day, customers), np.asarray(happened[customers] != target.absent, dtype=np.float64))

    def _rows(self, target: Target, day: int, customers: Ints) -> Floats:
        return stacked(self.features.of(target.category, day, self.windows.ahead))[customers]

    def _learn(
        self,
        names: Sequence[str],
        lessons: dict[int, Lesson],
        rng: np.random.Generator,
        wanted: dict[int, set[str]] | None = None,
    ) -> dict[int, dict[str, Learned]]:
        """Return what classifiers made of each target; boosting takes all targets, the others those that want them."""
        made: dict[int, dict[str, Learned]] = {place: {} for place in range(len(self.targets))}
        for name in names if lessons else ():
            places = [place for place in lessons if wanted is None or name == "boosting" or name in wanted[place]]
            found = classifiers.learn(name, [lessons[place] for place in places], rng, self.budget)
            for place, learned in zip(places, found, strict=True):
                made[place][name] = learned
        return made

    def _said(self, made: dict[int, dict[str, Learned]], day: int) -> list[tuple[Said, Floats]]:
        """Return what was said of the customers known on a day, and what they did, by target."""
        customers = self.history.known(day)
        sample = np.isin(customers, self.asked)
        found, kept = [], []
        for place, target in enumerate(self.targets):
            lesson = self._lesson(target, day, customers)
            found.append(({name: one.chance(lesson.rows) for name, one in made[place].items()}, lesson.happened))
            kept.append(Lesson(lesson.rows[sample], lesson.happened[sample]))
        self.kept[day] = kept
        return found

    def _judge(
        self, place: int, lesson: Lesson, apart: list[tuple[Said, Floats]], made: dict[int, dict[str, Learned]]
    ) -> tuple[Foreseen, Voice]:
        """Return what was found but for today's chances, and the voice that is to tell them."""
        earlier, later, check = apart
        happened = check[1]
        shares = [np.concatenate([lesson.happened, *more]) for more in ([earlier[1]], [earlier[1], later[1]])]
        base = float(shares[1].mean())
        names = self.voices if made[place] else [BASE]
        kinds = kinds_of(earlier, later) if made[place] else {}
        chosen = best(names, earlier, later, kinds, float(shares[0].mean())) if len(earlier[1]) else BASE
        before = joined([earlier, later])
        said = {name: voice(name, *before, kinds, base).chance(check[0], len(happened)) for name in names}
        apart = [earlier, later, check] if self.windows.check != self.windows.later else [earlier, later]
        base_now = float(np.concatenate([lesson.happened, *(part[1] for part in apart)]).mean())
        now = voice(chosen, *joined(apart), kinds, base_now)
        found = Foreseen(
            self.targets[place], self.windows, np.empty(0, np.int64), np.empty(0), base_now, chosen, dict(kinds),
            self.history.known(self.windows.check), happened, said, len(lesson.happened),
            None if made[place] else _reason(lesson), tuple(name for name, one in made[place].items() if not one.converged),
        )  # fmt: skip
        return found, now

    def _today(self, judged: list[tuple[Foreseen, Voice]], made: dict[int, dict[str, Learned]]) -> list[Foreseen]:
        customers = self.history.known(self.history.today)
        told = []
        for place, (found, now) in enumerate(judged):
            rows = self._rows(found.target, self.history.today, customers) if now.weights else np.empty((len(customers), 0))
            said = {name: made[place][name].chance(rows) for name in now.weights}
            told.append(replace(found, customers=customers, chance=np.clip(now.chance(said, len(customers)), 0.0, 1.0)))
        return told


def _enough(lesson: Lesson) -> bool:
    return bool(min(lesson.happened.sum(), (1 - lesson.happened).sum()) >= FEWEST)


def _reason(lesson: Lesson) -> str:
    did, count = int(lesson.happened.sum()), len(lesson.happened)
    return f"{did} of {count} customers on past days did; {FEWEST} who did and {FEWEST} who did not are needed; base rate"
