"""The keys of `csprio.yaml` that say how an accounts file is read.

Comes in: the configuration's section. Goes out: `TableSettings`, and problems.
"""

from __future__ import annotations

import codecs
import unicodedata
from typing import TYPE_CHECKING

from csprio.fields import FIELDS
from csprio.read.conditions import condition_at
from csprio.read.wording import close, short
from csprio.read.yamls import TextNode
from csprio.settings import Numerals, TableSettings
from csprio.tables import Kind, plain

if TYPE_CHECKING:
    from csprio.problems import Place
    from csprio.read.schema import Section

COMBINE = ("sum", "min", "max", "first", "last")
_OTHER_MARK = {",": ".", ".": ","}
_MARKS = (",", ".", "'", "\u2019", " ", "\xa0", "\u202f")
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_FIELDS = {plain(field.name): field for field in FIELDS}


def read_table_settings(found: Section) -> TableSettings:
    """Read the keys that say how an accounts file is read."""
    columns, places = _columns(found)
    combine, combine_places = _combine(found)
    defaults = TableSettings()
    return TableSettings(
        columns=columns,
        column_places=places,
        only=condition_at(found, "only"),
        combine=combine,
        combine_places=combine_places,
        ids=found.choice("ids", ("salesforce",), "kind of ids") or None,
        dates=found.choice("dates", ("dmy", "mdy"), "order of day and month") or None,
        numerals=_numerals(found),
        encoding=_encoding(found),
        delimiter=_delimiter(found),
        skip_lines=found.whole("skip_lines", 0) or 0,
        sheet=found.text("sheet") or None,
        missing=found.texts("missing"),
        inactive=_words(found, "inactive", defaults.inactive),
        prospects=_words(found, "prospects", defaults.prospects),
    )


def _words(found: Section, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    return default if found.node(key) is None else found.texts(key)


def _columns(found: Section) -> tuple[dict[str, str | None], dict[str, Place]]:
    columns: dict[str, str | None] = {}
    places: dict[str, Place] = {}
    seen: dict[str, TextNode] = {}
    for key, node in found.pairs("columns"):
        known = _FIELDS.get(plain(key.text))
        name = known.name if known else key.text.strip()
        if plain(name) in seen:
            first = seen[plain(name)]
            facts = {"key": short(key.text), "first": short(first.text), "line": first.place.line}
            found.report("columns-repeated", key.place, **facts)
            continue
        seen[plain(name)] = key
        if not isinstance(node, TextNode) or not node.text.strip() or node.nothing:
            expected = "the header of a column, or `none`"
            found.wrong(key.text, node, expected, f"`{short(key.text)}: Header` or `: none`")
            continue
        _check_column(found, key, known=known is not None)
        header = node.text.strip()
        columns[name] = None if header.casefold() == "none" else header
        places[name] = node.place
    return columns, places


def _check_column(found: Section, key: TextNode, *, known: bool) -> None:
    """Warn of a key that is nearly a field: it would name a column that nothing looks at."""
    match = None if known else close(plain(key.text), _FIELDS, 0.85)
    if match is not None:
        facts = {"key": short(key.text), "match": _FIELDS[match].name}
        found.report("columns-field", key.place, **facts)


def _combine(found: Section) -> tuple[dict[str, str], dict[str, Place]]:
    ways: dict[str, str] = {}
    places: dict[str, Place] = {}
    for key, node in found.pairs("combine"):
        known = _FIELDS.get(plain(key.text))
        name = known.name if known else key.text.strip()
        how = found.pick(key.text, node, COMBINE, "way to combine")
        allowed = _ways(known.kind) if known else COMBINE
        if name == "account_id":
            allowed = ()
        if how and how not in allowed:
            kind = (
                "what rows are combined by" if not allowed else _kind(known.kind if known else None)
            )
            choices = f"one of {', '.join(allowed)}" if allowed else "other fields only"
            facts = {"how": how, "field": name, "kind": kind, "choices": choices}
            found.report("combine-field", node.place, **facts)
        elif how:
            ways[name], places[name] = how, key.place
    return ways, places


def _ways(kind: Kind) -> tuple[str, ...]:
    if kind in (Kind.MONEY, Kind.WHOLE):
        return COMBINE
    return COMBINE[1:] if kind is Kind.DATE else COMBINE[3:]


def _kind(kind: Kind | None) -> str:
    return {Kind.DATE: "a date"}.get(kind, "a text") if kind else "a text"


def _numerals(found: Section) -> Numerals:
    """Read the marks; of `decimal` and `thousands`, one left out follows from the other."""
    decimal, thousands = _mark(found, "decimal", (",", ".")), _mark(found, "thousands", _MARKS)
    if decimal is not None and decimal == thousands:
        found.report("marks-equal", found.place_of("thousands"), mark=decimal)
    if decimal is None and thousands is not None:
        decimal = _OTHER_MARK.get(thousands)
    elif thousands is None and decimal is not None:
        thousands = _OTHER_MARK[decimal]
    return Numerals(decimal, thousands, _currency(found))


def _mark(found: Section, key: str, marks: tuple[str, ...]) -> str | None:
    node = found.node(key)
    if node is None:
        return None
    if isinstance(node, TextNode) and node.text in marks:
        return node.text
    words = "a point or a comma" if len(marks) == 2 else "a point, comma, space or apostrophe"  # noqa: PLR2004 - the two decimal marks
    found.wrong(key, node, words, f'`{key}: ","`')
    return None


def _currency(found: Section) -> str | None:
    text, node = found.text("currency"), found.node("currency")
    if not text or node is None:
        return None
    code = len(text) == 3 and text.isascii() and text.isalpha()  # noqa: PLR2004 - ISO 4217
    if code:
        return text.upper()
    if unicodedata.category(text[-1]) == "Sc" and text[:-1].isalpha() is bool(text[:-1]):
        return text
    found.wrong("currency", node, "the code or the sign of a currency", "`currency: EUR`")
    return None


def _encoding(found: Section) -> str | None:
    text, node = found.text("encoding"), found.node("encoding")
    if not text or node is None:
        return None
    try:
        info = codecs.lookup(text)
        "".encode(info.name)  # refuses what is no encoding of text, such as base64
    except (LookupError, ValueError):
        found.wrong("encoding", node, "an encoding that Python knows", "`encoding: cp1252`")
        return None
    return text


def _delimiter(found: Section) -> str | None:
    node = found.node("delimiter")
    if node is None:
        return None
    text = node.text if isinstance(node, TextNode) else ""
    mark = _DELIMITERS.get(text.casefold(), text)
    if len(mark) == 1 and not mark.isalnum() and mark not in "\"'\r\n ":
        return mark
    found.wrong("delimiter", node, "one character", '`delimiter: ";"` or `delimiter: tab`')
    return None
