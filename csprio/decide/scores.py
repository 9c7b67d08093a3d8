"""Scores: points weighed up, what is known of them, caps, bands, and the change since another day.

In: a `ScoreRule`, a number or a text for each of its parts, and conditions for its caps. Out:
`Scored`, with one entry an account. Per account. Points and means are exact (see `exact`): they are
rounded once, at the end, half to even. Nothing here reads a field or knows what a part is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import NONE, band_codes, keys_of, texts
from csprio.decide.conditions import as_text
from csprio.decide.exact import MILLIONTHS, Exact, millionths
from csprio.signals import NOT_SCORED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import numpy.typing as npt

    from csprio.decide.conditions import Conditions
    from csprio.signals import Cap, Part, ScoreRule

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

MOST = 100  # points
MOVE = 5  # points that make a change a trend
_DOWN, _FLAT, _UP = "down", "flat", "up"
_STEEP = 64  # how often the way from 0 to 100 points may fit between 0 and its ends
_NEAR = 2.0**-44
_PARTS_AT_ONCE = 16


@dataclass(frozen=True)
class Presence:
    """Which parts each account has: `of` is the place of its combination in `sets`."""

    of: Ints
    sets: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Scored:
    """One score of every account; it has a part at least.

    `points` are those of each part, 0 to 100, missing where the part is; `present` says which parts
    are there. `mean` is what they come to before caps, missing where too little is known; `limit`
    is the number of the lowest cap that holds (-1: none does). `units` is the score, rounded, in
    millionths (0 where missing), `band` its place among the bands of the rule (-1: none), `capped`
    the number of the cap that made it less (-1: none did).
    """

    rule: ScoreRule
    points: tuple[Exact, ...]
    present: Presence
    mean: Exact
    limit: Ints
    units: Ints
    band: Ints
    capped: Ints

    @cached_property
    def value(self) -> Exact:
        """The score, capped and not rounded; missing where too little is known."""
        return _capped(self.mean, self.rule.caps, self.limit)

    @cached_property
    def low(self) -> Exact:
        """The score if all that is missing earned 0 points; it stands in any case."""
        return _capped(self._least, self.rule.caps, self.limit)

    @cached_property
    def high(self) -> Exact:
        """The score if all that is missing earned 100 points; it stands in any case."""
        missing = [MOST - share for share in coverages(self.rule, self.present)]
        most = _plus(self._least, _given(self.present, missing))
        return _capped(most, self.rule.caps, self.limit)

    @cached_property
    def coverage(self) -> Exact:
        """The share of the weight that is known, in percent; it stands in any case."""
        return _given(self.present, coverages(self.rule, self.present))

    @cached_property
    def ends(self) -> tuple[Ints, Ints]:
        """`low` and `high`, rounded, in millionths: the score itself where no part is missing."""
        whole = np.array([len(parts) == len(self.points) for parts in self.present.sets], bool)
        open_ = np.flatnonzero(~(whole[self.present.of] & self.mean.known))
        low, high = self.units.copy(), self.units.copy()
        low[open_] = millionths(self.low.take(open_))
        high[open_] = millionths(self.high.take(open_))
        return low, high

    @property
    def covered(self) -> Ints:
        """`coverage`, rounded, in millionths."""
        shares = [_rounded(share) for share in coverages(self.rule, self.present)]
        return np.array(shares, np.int64)[self.present.of]

    @property
    def bands(self) -> pa.Array:
        """The name of each account's band; null where the rule has none."""
        named = keys_of(self.band, [band.key for band in self.rule.bands])
        return pc.if_else(pa.array(self.mean.known), named, pa.scalar(NOT_SCORED))

    @property
    def lost(self) -> tuple[Exact, ...]:
        """The points of the score that each part costs; missing where the part is.

        Weight x (100 - points) / the weight of the parts that are there. What a cap takes off is
        not among it.
        """
        known = _given(self.present, _known(self.rule, self.present))
        pairs = zip(_weights(self.rule), self.points, strict=True)
        return tuple(_cost(weight, points).over(known) for weight, points in pairs)

    @cached_property
    def _least(self) -> Exact:
        """The mean if all that is missing earned nothing."""
        weights = _weights(self.rule)
        total, whole = _total(weights, self.points, self.present), sum(weights)
        return Exact(total.floats / whole, lambda row: total.at(row) / whole)


def scored(rule: ScoreRule, points: Sequence[Exact], conditions: Conditions) -> Scored:
    """Make a score of the points of its parts, which are in the order of the rule.

    `conditions` are over the fields that caps look at.
    """
    present = presence(points, len(conditions.none()))
    enough = [is_enough(rule, share) for share in coverages(rule, present)]
    mean = _total(_weights(rule), points, present).over(_given(present, _known(rule, present)))
    mean = mean.where(np.array(enough, bool)[present.of])
    limit = _limit(rule.caps, conditions)
    rounded, ats = millionths(mean), _at([_rounded(cap.at) for cap in rule.caps], limit)
    capped = mean.known & (limit >= 0) & (rounded > ats)
    units = np.where(capped, ats, rounded)
    return Scored(
        rule=rule,
        points=tuple(points),
        present=present,
        mean=mean,
        limit=limit,
        units=units,
        band=band_codes(units, mean.known, rule.bands, MILLIONTHS),
        capped=np.where(capped, limit, NONE),
    )


# --- points ---------------------------------------------------------------------------------------


def points_of(part: Part, numbers: Exact) -> Exact:
    """Give what numbers earn: 100 x clamp((x - zero) / (full - zero), 0, 1).

    Without `zero` and `full` a number is out of 100 itself.
    """
    zero = Fraction(0 if part.zero is None else part.zero)
    span = Fraction(MOST if part.full is None else part.full) - zero
    over, under = span.denominator, span.numerator * zero.denominator

    def at(row: int) -> Fraction:
        """Compute the points of one account; in whole numbers, which takes a third of the time."""
        number = numbers.at(row)
        share = (number.numerator * zero.denominator - zero.numerator * number.denominator) * over
        whole = number.denominator * under
        if whole < 0:
            share, whole = -share, -whole
        return Fraction(MOST * min(max(share, 0), whole), whole)

    way = (numbers.floats - float(zero)) / float(span)
    floats = MOST * np.clip(way, 0, 1)
    steep = max(abs(zero), abs(zero + span)) / abs(span)
    if steep > _STEEP:  # the difference of two large numbers: floats lose too much of it
        for row in np.flatnonzero(np.abs(way - 0.5) <= 0.5 + float(steep) * _NEAR).tolist():
            floats[row] = float(at(row))
    return Exact(floats, at)


def points_said(part: Part, column: pa.Array) -> tuple[Exact, Mask]:
    """Give what texts earn, and tell which of them earn nothing that the rule knows of.

    Texts are compared without case, numbers as they are shown.
    """
    said = {text.casefold(): Fraction(points) for text, points in (part.points or {}).items()}
    coded = column.dictionary_encode()
    earned = [said.get(as_text(value).casefold()) for value in coded.dictionary.to_pylist()]
    codes = np.asarray(coded.indices.fill_null(len(earned)).to_numpy(zero_copy_only=False))
    floats = np.array([*(np.nan if one is None else float(one) for one in earned), np.nan])
    unknown = np.array([*(one is None for one in earned), False])
    return Exact(floats[codes], lambda row: earned[codes[row]] or Fraction(0)), unknown[codes]


# --- what is known --------------------------------------------------------------------------------


def presence(points: Sequence[Exact], rows: int) -> Presence:
    """Find the combinations of parts that accounts have, and the one of each account."""
    of = np.zeros(rows, np.int64)
    sets: list[tuple[int, ...]] = [()]
    for first in range(0, len(points), _PARTS_AT_ONCE):
        some = points[first : first + _PARTS_AT_ONCE]
        of <<= _PARTS_AT_ONCE
        for place, part in enumerate(some):
            of |= part.known.astype(np.int64) << place
        found = pa.array(of).dictionary_encode()
        sets = [
            (
                *sets[bits >> _PARTS_AT_ONCE],
                *(first + place for place in range(len(some)) if bits >> place & 1),
            )
            for bits in found.dictionary.to_pylist()
        ]
        of = found.indices.to_numpy().astype(np.int64)
    return Presence(of, tuple(sets))


def coverages(rule: ScoreRule, present: Presence) -> list[Fraction]:
    """Give the share of the weight that each combination of parts has, in percent."""
    whole = sum(_weights(rule))
    return [Fraction(MOST * known, whole) for known in _known(rule, present)]


def is_enough(rule: ScoreRule, coverage: Fraction) -> bool:
    """Tell whether so much of the weight makes a score; of nothing there is none."""
    return coverage > 0 and coverage >= Fraction(rule.min_coverage)


def _weights(rule: ScoreRule) -> list[int]:
    """Give the weights of the parts in whole numbers: only their proportions count."""
    weights = [Fraction(part.weight) for part in rule.parts]
    times = lcm(*(weight.denominator for weight in weights))
    return [int(weight * times) for weight in weights]


def _known(rule: ScoreRule, present: Presence) -> list[int]:
    """Add up the weights of each combination."""
    weights = _weights(rule)
    return [sum(weights[part] for part in parts) for parts in present.sets]


def _given(present: Presence, values: Sequence[Fraction | int]) -> Exact:
    """Give each account the value of its combination."""
    floats = np.array([float(value) for value in values])
    return Exact(floats[present.of], lambda row: Fraction(values[present.of[row]]))


def _total(weights: Sequence[int], points: Sequence[Exact], present: Presence) -> Exact:
    """Add up weight x points of the parts that each account has."""
    floats = np.zeros(len(present.of))
    for weight, part in zip(weights, points, strict=True):
        np.add(floats, float(weight) * part.floats, out=floats, where=part.known)

    def at(row: int) -> Fraction:
        """Add up the parts of one account, over one denominator."""
        top, bottom = 0, 1
        for part in present.sets[present.of[row]]:
            earned = points[part].at(row)
            top = top * earned.denominator + weights[part] * earned.numerator * bottom
            bottom *= earned.denominator
        return Fraction(top, bottom)

    return Exact(floats, at)


def _plus(one: Exact, other: Exact) -> Exact:
    return Exact(one.floats + other.floats, lambda row: one.at(row) + other.at(row))


def _minus(one: Exact, other: Exact) -> Exact:
    return Exact(one.floats - other.floats, lambda row: one.at(row) - other.at(row))


def _cost(weight: int, points: Exact) -> Exact:
    """Give what a part lacks to 100 points, weighed."""
    lacking = float(weight) * (MOST - points.floats)
    return Exact(lacking, lambda row: weight * (MOST - points.at(row)))


# --- caps -----------------------------------------------------------------------------------------


def _limit(caps: Sequence[Cap], conditions: Conditions) -> Ints:
    """Find the lowest cap that holds for each account: its number, or -1."""
    limit = np.full(len(conditions.none()), NONE, np.int64)
    for number, cap in sorted(enumerate(caps), key=lambda each: (-each[1].at, -each[0])):
        limit[conditions.mask(cap.when)] = number
    return limit


def _at(values: Sequence[int], limit: Ints) -> Ints:
    """Give each account the value of its cap, 0 where it has none."""
    return np.array([*values, 0], np.int64)[limit]


def _capped(numbers: Exact, caps: Sequence[Cap], limit: Ints) -> Exact:
    """Take off what lies above each account's cap."""
    if not caps:
        return numbers
    ats = [Fraction(cap.at) for cap in caps]
    most = np.array([*map(float, ats), np.inf])[limit]

    def at(row: int) -> Fraction:
        """Cap one account."""
        exact, cap = numbers.at(row), limit[row]
        return exact if cap == NONE else min(exact, ats[cap])

    return Exact(np.minimum(numbers.floats, most), at)


def _rounded(value: Decimal | Fraction) -> int:
    """Count millionths, rounded half to even."""
    exact: int = round(Fraction(value) * MILLIONTHS)
    return exact


# --- change ---------------------------------------------------------------------------------------


def change(rule: ScoreRule, now: Scored, before: Scored) -> Exact:
    """Compare two days by the parts that an account has on both, before caps.

    It is missing where either day is not scored, or no part is there on both.
    """
    moved = [_minus(one, other) for one, other in zip(now.points, before.points, strict=True)]
    both = presence(moved, len(now.units))
    known = _given(both, _known(rule, both))
    mean = _total(_weights(rule), moved, both).over(known)
    return mean.where(now.value.known & before.value.known)


def trend(changed: Exact) -> pa.Array:
    """Name changes, as rounded: `up` from 5 points, `down` from -5, else `flat`."""
    units = millionths(changed)
    ways = 1 + (units >= MOVE * MILLIONTHS).astype(np.int64) - (units <= -MOVE * MILLIONTHS)
    return texts([_DOWN, _FLAT, _UP]).take(pa.array(ways, mask=~changed.known))
