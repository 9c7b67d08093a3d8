"""Scores: weighted means of points, with what is known of them, their bands and their changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from naive.cells import amount, plain, six
from naive.conditions import holds
from naive.grading import band

Points = dict[str, Fraction | None]
ALL = Fraction(100)
COVERED = "50"
NOT_SCORED = "not scored"
MOVED = 5


@dataclass(frozen=True)
class Scored:
    """A score of one account, as it is shown; ``points`` are those of the measures present."""

    value: Decimal | None
    band: str
    low: Decimal
    high: Decimal
    coverage: Decimal
    points: dict[str, Fraction]


def points(line: Mapping[str, Any], number: Fraction | None, text: str) -> Fraction | None:
    """Give what a measure earns: by where it lies between two values, or by what it says."""
    if "points" in line:
        said = {key.casefold(): Fraction(earned) for key, earned in line["points"].items()}
        return said.get(text.casefold())
    if number is None:
        return None
    ends = amount(line.get("zero", "0")), amount(line.get("full", "100"))
    zero, full = (Fraction(one or 0) for one in ends)
    return ALL * min(max((number - zero) / (full - zero), Fraction(0)), Fraction(1))


def mean(weights: Mapping[str, Fraction], earned: Mapping[str, Fraction]) -> Fraction:
    """Weigh points up; there must be some."""
    whole = sum((weights[name] for name in earned), Fraction(0))
    return sum((weights[name] * one for name, one in earned.items()), Fraction(0)) / whole


def weights(about: Mapping[str, Any]) -> dict[str, Fraction]:
    """Read what each measure weighs."""
    return {name: Fraction(line.get("weight", "1")) for name, line in about["of"].items()}


def score(about: Mapping[str, Any], earned: Points, facts: Mapping[str, str]) -> Scored:
    """Make a score of points; it is capped last, then rounded, then banded."""
    weigh = weights(about)
    present = {name: one for name, one in earned.items() if one is not None}
    known = sum((weigh[name] for name in present), Fraction(0))
    coverage = ALL * known / sum(weigh.values(), Fraction(0))
    caps = [Fraction(line["at"]) for line in about.get("cap", []) if holds(line["when"], facts)]
    ends = [
        six(min([mean(weigh, {**dict.fromkeys(weigh, end), **present}), *caps]))
        for end in (Fraction(0), ALL)
    ]
    value = None
    if present and coverage >= Fraction(about.get("min_coverage", COVERED)):
        value = six(min([mean(weigh, present), *caps]))
    return Scored(
        value=value,
        band=NOT_SCORED if value is None else band(about.get("bands", {}), value),
        low=ends[0],
        high=ends[1],
        coverage=six(coverage),
        points=present,
    )


def change(about: Mapping[str, Any], now: Scored, before: Scored) -> Decimal | None:
    """Compare two days by the measures present on both, before caps; both must be scored."""
    both = now.points.keys() & before.points.keys()
    if now.value is None or before.value is None or not both:
        return None
    weigh = weights(about)
    one, other = (mean(weigh, {name: day.points[name] for name in both}) for day in (now, before))
    return six(one - other)


def trend(changed: Decimal | None) -> str:
    """Name a change."""
    if changed is None:
        return ""
    return "up" if changed >= MOVED else "down" if changed <= -MOVED else "flat"


def fields(name: str, scored: Scored) -> dict[str, str]:
    """Give the fields that a score is for whoever looks at it."""
    return {name: plain(scored.value), f"{name}_band": scored.band}
