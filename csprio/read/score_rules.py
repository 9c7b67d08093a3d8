"""Scores of `signals.yaml`: parts and their points, bands, coverage, caps.

Comes in: the section of the file. Goes out: `ScoreRule`s in the order of the file; what is wrong
with one leaves it out, or a part of it, and is a problem.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from csprio.read.bands import SCORES, check_bands, read_bands
from csprio.read.conditions import condition_at
from csprio.read.literals import plain_number
from csprio.read.quantities import NUMBER, POINTS, WEIGHT, days, quantity, quantity_of
from csprio.read.schema import section, user_keys
from csprio.read.source_rules import names_under
from csprio.read.wording import short
from csprio.read.yamls import MapNode
from csprio.signals import MIN_COVERAGE, NOT_SCORED, TREND_DAYS, Cap, Part, ScoreRule
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Collection

    from csprio.problems import Place
    from csprio.read.schema import Section
    from csprio.read.yamls import Node, TextNode
    from csprio.rules import Band

SCORE_KEYS = ("of", "bands", "min_coverage", "cap", "trend")
PART_KEYS = ("weight", "zero", "full", "points")
_EITHER = (
    "write `zero:` and `full:`, the values that earn 0 and 100 points, or under `points:` what each"
    " text earns"
)


def read_scores(found: Section, matches: Collection[str], *, sound: bool) -> tuple[ScoreRule, ...]:
    """Read the scores; `matches` names other fields that go from 0 to 100.

    `sound` tells that the file was read as it is written, so that gaps between bands are meant.
    """
    hundred = frozenset(plain(name) for name in (*names_under(found, "scores"), *matches))
    scores = []
    for name, key, node in user_keys(found.pairs("scores"), "a score", found.problems):
        inner = section(node, f"score `{short(name)}`", SCORE_KEYS, found.problems, ("of",))
        if inner is None:
            continue
        coverage = _out_of_hundred(inner, "min_coverage")
        score = ScoreRule(
            name=name,
            parts=_parts(inner, hundred),
            bands=_bands(inner, name, sound=sound),
            min_coverage=MIN_COVERAGE if coverage is None else coverage,
            caps=_caps(inner),
            trend=days(inner, "trend", TREND_DAYS) or TREND_DAYS,
            place=key.place,
        )
        scores.append(score)
    return tuple(scores)


def _parts(score: Section, hundred: frozenset[str]) -> tuple[Part, ...]:
    """Read the fields that a score is the mean of, each once."""
    parts = []
    seen: dict[str, TextNode] = {}
    for field, key, node in user_keys(score.pairs("of"), "a part of a score", score.problems):
        if plain(field) in seen:
            first = seen[plain(field)]
            facts = {"key": short(field), "first": short(first.text), "line": first.place.line}
            score.report("columns-repeated", key.place, **facts)
            continue
        seen[plain(field)] = key
        inner = section(node, f"part `{short(field)}`", PART_KEYS, score.problems)
        if inner is not None:
            parts.append(_part(inner, field, key.place, hundred))
    return tuple(parts)


def _part(inner: Section, field: str, place: Place, hundred: frozenset[str]) -> Part:
    """Read one field of a score, as far as it can be: what uses what is looked at all the same."""
    weight = quantity(inner, "weight", WEIGHT) or Decimal(1)
    zero, full = quantity(inner, "zero", NUMBER), quantity(inner, "full", NUMBER)
    written = inner.node("points")
    empty = written is None or (isinstance(written, MapNode) and not written.entries)
    points = None if empty else _points(inner)
    ends = [key for key in ("zero", "full") if inner.node(key) is not None]
    if points is None and not ends and plain(field) in hundred:
        zero, full = Decimal(0), Decimal(100)
    elif points is None and len(ends) == 1:
        lost = "full" if ends == ["zero"] else "zero"
        earns = " the value that earns 100 points" if lost == "full" else " the one that earns 0"
        what = f"part `{short(field)}`"
        inner.report("key-missing", place, what=what, key=lost, hint=earns)
    elif bool(ends) == (points is not None):
        why = (
            "has `points` as well as `zero` or `full`" if ends else "has nothing that earns points"
        )
        inner.report("part-points", place, field=short(field), why=why, remedy=_EITHER)
    elif zero is not None and zero == full:
        inner.report("points-flat", inner.place_of("full"), value=plain_number(zero))
    return Part(field, weight, zero, full, points, place)


def _points(inner: Section) -> dict[str, Decimal]:
    """Read what each text earns."""
    points = {}
    entries = inner.pairs("points")
    for text, _, node in user_keys(entries, "a text that earns points", inner.problems):
        value = quantity_of(inner, text, node, POINTS)
        if value is not None:
            points[text] = value
    most = max(points.values(), default=Decimal(0))
    if len(points) == len(entries):
        _warn_of_hundred(inner, "points", "what a text earns", most)
    return points


def _bands(score: Section, name: str, *, sound: bool) -> tuple[Band, ...]:
    entries, before = score.pairs("bands"), len(score.problems)
    what = f"score `{short(name)}`"
    bands = read_bands(entries, what, "a band", score.problems)
    for band in bands:
        if band.key.casefold() == NOT_SCORED:
            why = "it is the band of accounts whose score is missing"
            facts = {"key": band.key, "what": "a band", "why": why, "remedy": "choose another word"}
            score.report("grid-key", band.place, **facts)
    if sound and bands and len(score.problems) == before:
        check_bands(bands, SCORES, what, score.place_of("bands"), score.problems)
    return bands


def _caps(score: Section) -> tuple[Cap, ...]:
    caps = []
    for item in score.list_of("cap"):
        keys = ("when", "at")
        line = section(item, "a line of `cap`", keys, score.problems, keys)
        if line is None:
            continue
        when, most = condition_at(line, "when"), _out_of_hundred(line, "at")
        if most is not None:
            caps.append(Cap(when, most, line.place))
    return tuple(caps)


def _out_of_hundred(found: Section, key: str) -> Decimal | None:
    """Read a number that counts to 100, and doubt one that counts to 1."""
    value = quantity(found, key, POINTS)
    if value is not None:
        _warn_of_hundred(found, key, f"`{key}`", value)
    return value


def _warn_of_hundred(found: Section, key: str, what: str, value: Decimal) -> None:
    if 0 < value <= 1:
        node: Node | None = found.node(key)
        place = found.place_of(key) if node is None else node.place
        times = "100 times as much" if key == "points" else f"`{key}: {plain_number(value * 100)}`"
        facts = {"what": what, "value": plain_number(value), "instead": times}
        found.report("of-hundred", place, **facts)
