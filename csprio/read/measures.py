"""Measures of `signals.yaml`: one value an account, taken from the rows of a source, or matched.

Comes in: the section of the file and the names of the sources. Goes out: `Measure`s and `Match`es
in the order of the file; what is wrong with one leaves it out and is a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.read.conditions import condition_at
from csprio.read.quantities import NOTHING, SHARE, days, quantity, quantity_of
from csprio.read.schema import section, user_keys
from csprio.read.source_rules import source_of
from csprio.read.wording import close, hint, short
from csprio.read.yamls import MapNode, TextNode
from csprio.signals import Match, Measure, Take

if TYPE_CHECKING:
    from csprio.problems import Place
    from csprio.read.schema import Section
    from csprio.read.yamls import Node

MEASURE_KEYS = ("from", "take", "over", "per", "where", "empty", "by")
MATCH_KEYS = ("match", "we_meet")
_TAKES = {take.value: take for take in Take}
_COUNTED = (Take.SUM, Take.COUNT, Take.DAYS, Take.DISTINCT)
# What people write for a way to take, and how csprio calls it.
_NEAR = {
    "avg": Take.MEAN, "average": Take.MEAN, "total": Take.SUM, "latest": Take.LAST,
    "newest": Take.LAST, "unique": Take.DISTINCT, "minimum": Take.MIN, "maximum": Take.MAX,
    "rows": Take.COUNT, "number": Take.COUNT, "change": Take.TREND, "growth": Take.TREND,
    "recency": Take.SINCE,
}  # fmt: skip


def is_match(node: Node) -> bool:
    """Tell a measure that matches words from one that takes rows, also where a key is misspelt."""
    keys = [key.text for key, _ in node.entries] if isinstance(node, MapNode) else []
    if "from" in keys or "take" in keys:
        return False
    return any(close(key, MATCH_KEYS) is not None for key in keys)


def match_names(found: Section) -> tuple[str, ...]:
    """List the names of measures that match, also of those that cannot be read."""
    written = found.node("measures")
    entries = written.entries if isinstance(written, MapNode) else ()
    return tuple(key.text for key, node in entries if is_match(node))


def read_measures(
    found: Section, sources: tuple[str, ...]
) -> tuple[tuple[Measure, ...], tuple[Match, ...]]:
    """Read the measures of both kinds."""
    measures, matches = [], []
    for name, key, node in user_keys(found.pairs("measures"), "a measure", found.problems):
        if is_match(node):
            match = _match(found, name, key.place, node)
            matches += [match] if match else []
        else:
            measure = _measure(found, sources, (name, key.place), node)
            measures += [measure] if measure else []
    return tuple(measures), tuple(matches)


def _measure(
    found: Section, sources: tuple[str, ...], called: tuple[str, Place], node: Node
) -> Measure | None:
    name, place = called
    what = f"measure `{short(name)}`"
    inner = section(node, what, MEASURE_KEYS, found.problems, ("from", "take"))
    if inner is None:
        return None
    source, (take, column) = source_of(inner, sources), _take(inner)
    over = days(inner, "over")
    where, empty = condition_at(inner, "where"), quantity(inner, "empty", NOTHING)
    per, by = inner.text("per"), inner.text("by")
    if take is None:
        return None
    _check_keys(inner, take)
    places = {key: inner.place_of(key) for key in inner.nodes}
    return Measure(name, source, take, column, over, per, where, empty, by, place, places)


def _check_keys(inner: Section, take: Take) -> None:
    """Refuse keys that do nothing for this way to take, and ask for the one it needs."""
    if take is Take.TREND and inner.node("over") is None:
        more = " the length of each of the two windows that are compared, as `28d`"
        what = f"`take: trend` of {inner.what}"
        inner.report("key-missing", inner.place_of("over"), what=what, key="over", hint=more)
    useless = {
        "by": "does not look at who answered" if take is not Take.NPS else "",
        "empty": "has no value without rows" if take not in _COUNTED else "",
    }
    remedies = {
        "by": "delete `by`, or write `take: nps` and the column of the answers",
        "empty": "delete `empty`: it is for sum, count, days and distinct",
    }
    for key, why in useless.items():
        if why and inner.node(key) is not None:
            facts = {"key": key, "take": take.value, "why": why, "remedy": remedies[key]}
            inner.report("take-key", inner.place_of(key), **facts)


def _take(inner: Section) -> tuple[Take | None, str]:
    """Read the way to take, and the column that it is taken of."""
    node = inner.node("take")
    if node is None:
        return None, ""
    if not isinstance(node, TextNode) or not node.text.strip():
        inner.wrong("take", node, "a way to take, and mostly a column", "`take: sum logins`")
        return None, ""
    word, *rest = node.text.split(maxsplit=1)
    take, column = _TAKES.get(word.casefold()), rest[0].strip() if rest else ""
    if take is None:
        near = _NEAR.get(word.casefold())
        guess = f"did you mean `{near}`?" if near else hint(word, _TAKES)
        facts = {"value": short(node.text), "what": "way to take", "hint": guess}
        inner.report("value-unknown", node.place, **facts)
    elif take.of_column != bool(column):
        why, remedy = _column_amiss(take, column)
        written = f"{take} {short(column)}".strip()
        inner.report("take-column", node.place, take=written, why=why, remedy=remedy)
    return take, column


def _column_amiss(take: Take, column: str) -> tuple[str, str]:
    if not column:
        example = "nps score" if take is Take.NPS else f"{take} logins"
        return "names no column", f"write the column behind it, as `take: {example}`"
    remedy = f"write `take: {take}`"
    if take is not Take.COUNT:
        return "names a column where the date of each row is looked at", remedy
    remedy += f", or `take: distinct {short(column)}` to count different values"
    return "names a column where rows are counted", remedy


def _match(found: Section, name: str, place: Place, node: Node) -> Match | None:
    what = f"measure `{short(name)}`"
    inner = section(node, what, MATCH_KEYS, found.problems, MATCH_KEYS)
    if inner is None:
        return None
    meets = {}
    for key, _, worth in user_keys(inner.pairs("we_meet"), "what we meet", found.problems):
        value = quantity_of(inner, key, worth, SHARE)
        if value is not None:
            meets[key] = value
    places = {key: inner.place_of(key) for key in inner.nodes}
    return Match(name, inner.text("match"), meets, place, places)
