"""What a text says of what: opinions clause by clause, the aspect each is about, and the changes it asks for.

A negator turns round the next word of opinion within its scope, twice is none ("not bad", "不是不好"); degrees weigh it; what
follows a 'but' weighs more. A fault ("too short", "偏小") and a wish ("should be longer", "希望厚一点") are requests, and count
against.
"""

from __future__ import annotations

from dataclasses import dataclass

from lotwise.mine.opinions.lexicon import MORE, Kind, Lexicon, lexicon, negator_scope
from lotwise.mine.opinions.marks import Clause, Mark, parse

TURNED, EASED = -0.8, 0.5
"""What praise is multiplied by when it is negated, and what is left of the size of blame that is negated."""

FAULT, WISH, MISSED = -1.0, -0.8, -0.5
"""Weight of a fault, of a wish and of something that is missing."""

AFTER_BUT = 1.5
BESIDE = 2
"""Units between 'too' and the fault it makes."""

NEAR = 5
"""Units within which a named aspect goes before one that is hinted at."""

REACH = 3
"""Units between what is missed and the word that says so."""

MISSING = frozenset({" no", "没有", "缺", " missing", " lacks"})
"""Words that say what is missing right before it."""

PLAIN = frozenset({"delivery", "color", "price", "service"})
"""Things of which a grave word right before them is a fault: 'slow delivery', but not 'short sleeves'."""

JOINED = frozenset({" or", " nor", " and", "或", "和"})


@dataclass(frozen=True)
class Opinion:
    """One opinion: its place in the clause, its weight, the aspect it is about and the change it asks for."""

    place: int
    weight: float
    aspect: str | None = None
    change: str | None = None


@dataclass(frozen=True)
class Said:
    """What a text says.

    Parameters
    ----------
    weight
        Sum of the opinions, above 0 for.
    opinions
        How many there are.
    aspects
        Aspect -> sum of its opinions; None where it is only named.
    changes
        What is asked for, without repeats, in order.
    """

    weight: float
    opinions: int
    aspects: dict[str, float | None]
    changes: tuple[str, ...]


def said(text: str) -> Said:
    """Return what a clean text says, by the word lists alone."""
    weight, count = 0.0, 0
    aspects: dict[str, float | None] = {}
    changes: dict[str, None] = {}
    named: tuple[str, int] | None = None  # the last aspect named, and its sentence
    things: list[Mark] = []
    sentence = -1
    for clause in parse(text):
        if clause.sentence != sentence:
            things, sentence = [], clause.sentence
        things = [*clause.of(Kind.THING)] or things
        force = AFTER_BUT if clause.contrasts else 1.0
        carried = named[0] if named and named[1] == clause.sentence else None
        for opinion in opinions(clause, things):
            weight += force * opinion.weight
            count += 1
            if opinion.change:
                changes[opinion.change] = None
            about = _about(clause, opinion) or carried
            if about:
                aspects[about] = (aspects.get(about) or 0.0) + force * opinion.weight
        for mark in _named(clause):
            aspects.setdefault(mark.value, None)
            named = (mark.value, clause.sentence)
    return Said(weight, count, aspects, tuple(changes))


def opinions(clause: Clause, things: list[Mark]) -> list[Opinion]:
    """Return the opinions of a clause; ``things`` are those it may be about, its own or those named just before."""
    words = lexicon()
    own = bool(clause.of(Kind.THING))
    asked = [*_faults(clause, things, words, own=own), *_outright(clause, words), *_wishes(clause, things, words, own=own)]
    asked += [*_not_enough(clause, things, words, own=own), *_missed(clause, words)]
    spans = {opinion.place for opinion in asked}
    plain = [
        Opinion(mark.start, _weighed(clause, mark))
        for mark in clause.of(Kind.OPINION)
        if mark.value and not spans & set(range(mark.start, mark.end))
    ]
    return sorted([*asked, *plain], key=lambda opinion: (opinion.place, opinion.change or ""))


def _weighed(clause: Clause, mark: Mark) -> float:
    weight: float = mark.value
    for degree in clause.of(Kind.DEGREE):
        if degree.end <= mark.start <= degree.end + 1:
            weight *= degree.value
    if not is_negated(clause, mark):
        return weight
    return TURNED * weight if weight > 0 else EASED * abs(weight)


def is_negated(clause: Clause, mark: Mark) -> bool:
    """Whether an odd number of negators reaches the mark."""
    count = 0
    for negator in clause.of(Kind.NEGATOR):
        if negator.end <= mark.start and not (negator.start < mark.end and mark.start < negator.end):
            scope = negator_scope()["en" if negator.phrase.startswith(" ") else "zh"]
            count += _distance(clause, negator, mark) <= scope and not _shielded(clause, negator, mark)
    return count % 2 == 1


def _distance(clause: Clause, negator: Mark, mark: Mark) -> int:
    """Return the units between, those of degrees and other negators left out."""
    skipped: set[int] = set()
    for kind in (Kind.DEGREE, Kind.TOO, Kind.NEGATOR):
        for one in clause.of(kind):
            skipped |= set(range(one.start, one.end))
    return sum(place not in skipped for place in range(negator.end, mark.start))


def _shielded(clause: Clause, negator: Mark, mark: Mark) -> bool:
    """Whether another opinion stands between and is not joined to this one by 'or' or 'and'."""
    between = [
        one
        for kind in (Kind.OPINION, Kind.FAULT)
        for one in clause.of(kind)
        if negator.end <= one.start and one.end <= mark.start and one.value
    ]
    if not between:
        return False
    last = max(one.end for one in between)
    return not JOINED & set(clause.units[last : mark.start])


def _faults(clause: Clause, things: list[Mark], words: Lexicon, *, own: bool) -> list[Opinion]:
    found = []
    compared = clause.of(Kind.COMPARISON)
    wishes = {mark.start for mark in clause.of(Kind.WISHED)} if clause.of(Kind.WISH) and not compared else set()
    for mark in clause.of(Kind.FAULT):
        if mark.start in wishes or not _is_fault(clause, mark, things, own=own):
            continue
        only = words.only.get(mark.phrase)
        thing = _thing(mark, things, own=own)
        if only and thing != only:
            continue
        asked = _asked(mark, mark.value, thing, words, FAULT)
        if asked and is_negated(clause, mark):
            asked = Opinion(mark.start, EASED, asked.aspect)
        found.append(asked)
    return [opinion for opinion in found if opinion is not None]


def _is_fault(clause: Clause, mark: Mark, things: list[Mark], *, own: bool) -> bool:
    """Whether the word is meant as a fault.

    It is after 'too', in a comparison with what was promised, or where it is grave of itself ('thin') beside a thing.
    """
    if any(too.end <= mark.start <= too.end + BESIDE - 1 for too in clause.of(Kind.TOO)) or clause.of(Kind.COMPARISON):
        return True
    if not any(grave.start == mark.start for grave in clause.of(Kind.GRAVE)):
        return False
    if any(degree.value == MORE and degree.end == mark.start for degree in clause.of(Kind.DEGREE)):
        return True
    if any(thing.start == mark.end and thing.value in PLAIN for thing in clause.of(Kind.THING)):
        return True
    return any(thing.end <= mark.start for thing in things) if own else False


def _outright(clause: Clause, words: Lexicon) -> list[Opinion]:
    found = []
    for mark in clause.of(Kind.OUTRIGHT):
        if not is_negated(clause, mark):
            thing = mark.value.partition(":")[0]
            found.append(Opinion(mark.start, FAULT, words.aspects.get(thing), mark.value))
    return found


def _wishes(clause: Clause, things: list[Mark], words: Lexicon, *, own: bool) -> list[Opinion]:
    if not clause.of(Kind.WISH) or clause.of(Kind.COMPARISON):
        return []
    found = [
        _asked(mark, mark.value, _thing(mark, things, own=own), words, WISH)
        for mark in clause.of(Kind.WISHED)
        if not is_negated(clause, mark)
    ]
    return [opinion for opinion in found if opinion is not None]


def _not_enough(clause: Clause, things: list[Mark], words: Lexicon, *, own: bool) -> list[Opinion]:
    """Return what there is not enough of: 'not long enough', '不够长'."""
    found = [
        _asked(mark, mark.value, _thing(mark, things, own=own), words, FAULT)
        for enough in clause.of(Kind.ENOUGH)
        for mark in clause.of(Kind.ENOUGH_OF)
        if _is_short_of(clause, enough, mark)
    ]
    return [opinion for opinion in found if opinion is not None]


def _is_short_of(clause: Clause, enough: Mark, mark: Mark) -> bool:
    if enough.phrase.startswith(" "):
        return mark.end == enough.start and is_negated(clause, mark)
    return mark.start == enough.end


def _missed(clause: Clause, words: Lexicon) -> list[Opinion]:
    """Return parts that the writer misses: 'needs pockets', '没有口袋'."""
    found = []
    for add in clause.of(Kind.ADD):
        for thing in clause.of(Kind.THING):
            reach = 0 if add.phrase in MISSING else REACH
            if 0 <= thing.start - add.end <= reach and (thing.value == "pockets" or thing.value in words.applies["pockets"]):
                found.append(Opinion(thing.start, MISSED, words.aspects[thing.value], f"{thing.value}: add"))
    return found


def _asked(mark: Mark, change: str, thing: str | None, words: Lexicon, weight: float) -> Opinion | None:
    """Return the request, put to the thing that is named where the change can be asked of it."""
    usual, _, want = change.partition(": ")
    about = thing if thing in words.applies[usual] and not change.endswith("as pictured") else usual
    written = words.instead.get(f"{about}: {want}", f"{about}: {want}")
    if not written:
        return None
    about = written.partition(":")[0]
    return Opinion(mark.start, weight, words.aspects.get(about), written)


def _thing(mark: Mark, things: list[Mark], *, own: bool) -> str | None:
    """Return the thing the mark is about: the nearest of its clause, those before it first, else the last one named."""
    if not things:
        return None
    if not own:
        return str(things[-1].value)
    before = [thing for thing in things if thing.end <= mark.start]
    return str(before[-1].value if before else things[0].value)


def _about(clause: Clause, opinion: Opinion) -> str | None:
    """Return the aspect an opinion is about: what is named near it, before what its own word hints at ('beautiful': look).

    A request is about the aspect of the thing that is to change, but for words that name one themselves ('shrank': durability).
    """
    marks = clause.of(Kind.ASPECT)
    if opinion.change:
        return next((mark.value for mark in marks if mark.start <= opinion.place < mark.end), opinion.aspect)
    near = min(_named(clause), key=lambda mark: (abs(mark.start - opinion.place), mark.start), default=None)
    if near is None or abs(near.start - opinion.place) > NEAR:
        near = min(marks, key=lambda mark: (abs(mark.start - opinion.place), mark.start), default=near)
    return opinion.aspect or (None if near is None else str(near.value))


def _named(clause: Clause) -> list[Mark]:
    """Return the aspects that are named by words that are no opinions; where there are none, those that opinions hint at."""
    marks = clause.of(Kind.ASPECT)
    opinions = {mark.start for mark in clause.of(Kind.OPINION) if mark.value}
    return [mark for mark in marks if mark.start not in opinions] or list(marks)
