"""Sources of `signals.yaml`, and the events that their rows tell.

Comes in: the section of the file. Goes out: `SourceRule`s by name and `EventRule`s; what is wrong
with one leaves it out and is a problem. No source is opened here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.fields import FIELDS
from csprio.journal import NEW_ARR
from csprio.read.conditions import condition_at
from csprio.read.quantities import days
from csprio.read.schema import section, user_keys
from csprio.read.wording import short
from csprio.read.yamls import MapNode, TextNode
from csprio.signals import EventRule, SourceRule, Via
from csprio.tables import plain

if TYPE_CHECKING:
    from csprio.problems import Place
    from csprio.read.schema import Section

SOURCE_KEYS = ("file", "date", "columns", "via", "dates", "encoding", "stale_after")
EVENT_KEYS = ("from", "where", "take")
_EACH, _FIRST = "each", "first"
_ANY = "any"
_FIELDS = {plain(field.name): field.name for field in FIELDS}


def names_under(found: Section, key: str) -> tuple[str, ...]:
    """List the names that stand under a key, also of what cannot be read; nothing is reported."""
    node = found.node(key)
    return tuple(name.text for name, _ in node.entries) if isinstance(node, MapNode) else ()


def read_sources(found: Section) -> dict[str, SourceRule]:
    """Read the sources by name, in the order of the file."""
    sources = {}
    for name, key, node in user_keys(found.pairs("sources"), "a source", found.problems):
        required = ("file", "date")
        what = f"source `{short(name)}`"
        inner = section(node, what, SOURCE_KEYS, found.problems, required)
        if inner is None:
            continue
        columns, places = _columns(inner)
        places |= {known: inner.place_of(known) for known in inner.nodes}
        sources[name] = SourceRule(
            name=name,
            file=inner.text("file"),
            date=inner.text("date"),
            columns=columns,
            via=_via(inner),
            dates=inner.choice("dates", ("dmy", "mdy"), "order of day and month") or None,
            encoding=inner.text("encoding") or None,
            stale_after=days(inner, "stale_after"),
            place=key.place,
            places=places,
        )
    return sources


def _columns(inner: Section) -> tuple[dict[str, str], dict[str, Place]]:
    """Read which header stands for which name; places are those of `columns.NAME`."""
    columns: dict[str, str] = {}
    places: dict[str, Place] = {}
    seen: dict[str, TextNode] = {}
    for key, node in inner.pairs("columns"):
        folded = plain(key.text)
        name = _FIELDS.get(folded, key.text.strip())
        if folded in seen:
            first = seen[folded]
            facts = {"key": short(key.text), "first": short(first.text), "line": first.place.line}
            inner.report("columns-repeated", key.place, **facts)
            continue
        seen[folded] = key
        if not isinstance(node, TextNode) or node.nothing or not node.text.strip():
            example = f"`{short(key.text)}: Header`"
            inner.wrong(key.text, node, "the header of a column", example)
            continue
        columns[name] = node.text.strip()
        places[f"columns.{name}"] = node.place
    return columns, places


def _via(inner: Section) -> Via | None:
    node = inner.node("via")
    keys = ("file", "on")
    found = None if node is None else section(node, "`via`", keys, inner.problems, keys)
    if found is None:
        return None
    return Via(found.text("file"), found.text("on"), inner.place_of("via"))


def read_events(found: Section, sources: tuple[str, ...]) -> tuple[EventRule, ...]:
    """Read which rows count as events."""
    events = []
    for name, key, node in user_keys(found.pairs("events"), "an event", found.problems):
        _check_event(found, name, key.place)
        what = f"event `{short(name)}`"
        inner = section(node, what, EVENT_KEYS, found.problems, ("from",))
        if inner is None:
            continue
        each = inner.choice("take", (_FIRST, _EACH), "way to take events") == _EACH
        source = source_of(inner, sources)
        events.append(EventRule(name, source, condition_at(inner, "where"), each, key.place))
    return tuple(events)


def _check_event(found: Section, name: str, place: Place) -> None:
    """Refuse names that mean more than a row can say."""
    why = ""
    if name.casefold() == _ANY:
        why, remedy = "`event any` in a playbook is every event", "give it a name of its own"
    elif name.casefold() in NEW_ARR:
        why = "its value is the new arr, which no row gives"
        remedy = "give it another name, or tell it to the journal"
    if why:
        found.report("event-reserved", place, event=short(name), why=why, remedy=remedy)


def source_of(inner: Section, sources: tuple[str, ...]) -> str:
    """Give the name of the source under `from`; empty where it is left out or unknown."""
    node = inner.node("from")
    if node is None:
        return ""
    if sources or not isinstance(node, TextNode):
        return inner.pick("from", node, sources or ("usage",), "source")
    written, hint = short(node.text), "name its file and date column under `sources:`"
    inner.report("value-unknown", node.place, value=written, what="source", hint=hint)
    return ""
