"""Bands: which amounts each takes, in exact arithmetic, and what a careful reader refuses.

Comes in: a mapping of key to comparison, range, number or `rest`. Goes out: `Band`s in order, and
problems for gaps and for bands that can never win. Amounts are whole numbers of the smallest step
(0.0001 for money), so that `at most 10` and `at least 10.0001` leave no gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import inf
from typing import TYPE_CHECKING

from csprio.problems import problem
from csprio.read.conditions import parse_test
from csprio.read.literals import number, plain_number, read_number
from csprio.read.schema import describe, user_keys
from csprio.read.yamls import Node, TextNode
from csprio.rules import Band, Between, Compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from csprio.problems import Place, Problem

Span = tuple[int | None, int | None]  # both ends in; None is no end


@dataclass(frozen=True, slots=True)
class Domain:
    """The amounts that occur: multiples of 10 ** -places from `low` to `high` (None: no end)."""

    places: int
    low: Decimal | None = None
    high: Decimal | None = None

    def floor(self, value: Decimal) -> int:
        """Count the steps up to `value`."""
        return int(value.scaleb(self.places).to_integral_value(ROUND_FLOOR))

    def ceiling(self, value: Decimal) -> int:
        """Count the steps that reach `value`."""
        return int(value.scaleb(self.places).to_integral_value(ROUND_CEILING))

    @property
    def span(self) -> Span:
        """Say what it holds, in steps."""
        return (
            None if self.low is None else self.ceiling(self.low),
            None if self.high is None else self.floor(self.high),
        )

    def span_of(self, band: Band) -> Span:
        """Say what a band takes if nothing before it does, in steps."""
        test = band.test
        if isinstance(test, Between):
            return self.ceiling(_exact(test.low)), self.floor(_exact(test.high))
        if not isinstance(test, Compare):
            return None, None
        bound = _exact(test.bound)
        if test.sign == ">":
            return self.floor(bound) + 1, None
        if test.sign == ">=":
            return self.ceiling(bound), None
        return (None, self.ceiling(bound) - 1) if test.sign == "<" else (None, self.floor(bound))

    def amount(self, steps: int) -> str:
        """Write a number of steps as an amount."""
        return plain_number(Decimal(steps).scaleb(-self.places))


SCORES = Domain(6, Decimal(0), Decimal(100))  # what a score of the signals can be, once rounded


def _exact(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def read_bands(
    entries: Iterable[tuple[TextNode, Node]], what: str, key_is: str, problems: list[Problem]
) -> tuple[Band, ...]:
    """Read bands in order; one that cannot be read is left out and is a problem."""
    found = []
    for key, name, node in user_keys(entries, key_is, problems):
        band = _band(key, name.place, node, what, problems)
        if band is not None:
            found.append(band)
    return tuple(found)


def _band(key: str, place: Place, node: Node, what: str, problems: list[Problem]) -> Band | None:
    text = node.text.strip() if isinstance(node, TextNode) else ""
    if text.casefold() == "rest":
        return Band(key, None, place)
    before = len(problems)
    test = _test(text, node, problems) if text else None
    if len(problems) > before:
        return None
    if test is None:
        written = describe(node).strip("`")
        problems.append(problem("band-form", node.place, text=written, what=what))
        return None
    return Band(key, test, place)


def _test(text: str, node: Node, problems: list[Problem]) -> Compare | Between | None:
    """Read a comparison or range of numbers; a number alone is the band of just that amount."""
    if number(text) is not None:
        value = read_number(text, node.place, problems)
        return None if value is None else Between(value, value)
    test = parse_test(text, node.place, problems)
    if isinstance(test, Compare):
        return test if isinstance(test.bound, Decimal) else None
    return test if isinstance(test, Between) and isinstance(test.low, Decimal) else None


def check_bands(
    bands: Iterable[Band], domain: Domain, what: str, place: Place, problems: list[Problem]
) -> None:
    """Report each band that can never win, and the first amount that is in no band."""
    free = [domain.span]
    for band in bands:
        taken = _meet(domain.span_of(band), domain.span)
        rest = [left for span in free for left in _without(span, taken)]
        if rest == free:
            why = "the bands before it take all that it could"
            if not _some(taken):
                why = "no amount is in it"
            problems.append(problem("band-never-wins", band.place, key=band.key, why=why))
        free = rest
    if free:
        low, high = free[0]
        steps = low if low is not None else high if high is not None else 0
        problems.append(problem("band-gap", place, what=what, example=domain.amount(steps)))


def largest_first(bands: Iterable[Band], domain: Domain) -> tuple[str, ...]:
    """Sort the keys of bands that can win by the largest amount that each wins."""
    free, most = [domain.span], dict[str, float]()
    for band in bands:
        taken = _meet(domain.span_of(band), domain.span)
        won = [part for span in free if _some(part := _meet(span, taken))]
        if won:
            most[band.key] = max(inf if high is None else high for _, high in won)
        free = [left for span in free for left in _without(span, taken)]
    return tuple(sorted(most, key=lambda key: -most[key]))


def _some(span: Span) -> bool:
    low, high = span
    return low is None or high is None or low <= high


def _meet(one: Span, two: Span) -> Span:
    lows = [low for low, _ in (one, two) if low is not None]
    highs = [high for _, high in (one, two) if high is not None]
    return max(lows, default=None), min(highs, default=None)


def _without(span: Span, taken: Span) -> list[Span]:
    """Take `taken` out of `span`: what is left below it and above it."""
    if not _some(_meet(span, taken)):
        return [span]
    low, high = taken
    below = [] if low is None else [_meet(span, (None, low - 1))]
    above = [] if high is None else [_meet(span, (high + 1, None))]
    return [left for left in (*below, *above) if _some(left)]
