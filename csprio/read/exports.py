"""Maps of task systems: YAML becomes an `Export`, the user's own ones and those shipped.

Comes in: a map's path, or the configuration that names the maps. Goes out: maps and problems
(nothing is raised). A map that is `like` a shipped one has all of it but what it says itself.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from csprio.exports import ISO, SYSTEMS, Export, ExportColumn
from csprio.problems import problem
from csprio.read.builtin import builtin_path, builtin_shown
from csprio.read.config import beside
from csprio.read.schema import section
from csprio.read.wording import short
from csprio.read.yamls import TextNode, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from csprio.exports import Piece
    from csprio.problems import Place, Problem
    from csprio.read.schema import Section
    from csprio.read.yamls import Node
    from csprio.settings import Config

KEYS = ("like", "form", "file_each", "dates", "statuses", "visible", "people", "columns")
COLUMN_KEYS = (
    "from", "text", "lines", "words", "otherwise", "required", "longest", "pattern", "is_a",
    "one_line", "many", "dates",
)  # fmt: skip
STATUSES = ("open", "overdue", "undated", "done", "skipped", "snoozed", "expired")
_SOURCES = ("from", "text", "lines")
_PIECES = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")


def read_exports(config: Config, problems: list[Problem]) -> dict[str, Export]:
    """Read every map that the configuration names."""
    found = {name: read_export(name, config, problems) for name, _, _ in config.exports}
    return {name: export for name, export in found.items() if export is not None}


def read_export(name: str, config: Config, problems: list[Problem]) -> Export | None:
    """Read the map of this name, the user's own before a shipped one; None if there is none."""
    for known, path, _ in config.exports:
        if known == name:
            return _load(name, beside(config, path), beside(config, path), problems)
    return _shipped(name, problems) if name in SYSTEMS else None


def _shipped(name: str, problems: list[Problem]) -> Export | None:
    file = f"exports/{name}.yaml"
    return _load(name, builtin_path(file), builtin_shown(file), problems)


def _load(name: str, path: str, shown: str, problems: list[Problem]) -> Export | None:
    node = load(path, shown, problems)
    found = None if node is None else section(node, "a map of tasks", KEYS, problems)
    if found is None:
        return None
    if found.node("like") is None and found.node("columns") is None:
        found.report(
            "key-missing", found.place, what="a map of tasks", key="columns",
            hint=", or `like:` and the name of a map that csprio has",
        )  # fmt: skip
        return None
    like = found.choice("like", SYSTEMS, "map that csprio has")
    base = _shipped(like, problems) if like else None
    base = replace(base, name=name, place=found.place) if base else Export(name, ())
    return replace(
        base,
        form=found.choice("form", ("csv", "json"), "form of a file") or base.form,
        file_each=found.flag("file_each", default=base.file_each),
        visible=found.flag("visible", default=base.visible),
        statuses=_statuses(found) or base.statuses,
        people={**base.people, **_words(found, "people")},
        columns=_columns(found, base.columns),
        place=found.place,
    )


def _statuses(found: Section) -> tuple[str, ...]:
    nodes = found.text_nodes("statuses")
    named = (found.pick("statuses", node, STATUSES, "status of a task") for node in nodes)
    return tuple(name for name in named if name)


def _words(found: Section, key: str) -> dict[str, str]:
    """Read a list of words: what csprio says, and what stands for it; case aside."""
    words = {}
    for said, value in found.pairs(key):
        if isinstance(value, TextNode):
            words[said.text.strip().casefold()] = value.text.strip()
        else:
            found.wrong(said.text, value, "a text", f"`{short(said.text)}: ...`")
    return words


def _columns(found: Section, before: Iterable[ExportColumn]) -> tuple[ExportColumn, ...]:
    """Read the columns; those of the map that it is like stay in their places."""
    columns = {column.name: column for column in before}
    dates = _dates(found, ISO)
    for name, node in found.pairs("columns"):
        if not name.text.strip():
            found.wrong("columns", name, "the name of a column", "`Subject: title`")
            continue
        column = _column(name.text.strip(), name.place, node, dates, found.problems)
        if column is not None:
            columns[column.name] = column
    return tuple(columns.values())


def _column(
    name: str, place: Place, node: Node, dates: str, problems: list[Problem]
) -> ExportColumn | None:
    """Read a column: a field alone, nothing at all, or what it is made of and must be."""
    if isinstance(node, TextNode):
        lines = () if node.nothing else (_field(node, problems),)
        return ExportColumn(name, lines, dates, place=place)
    found = section(node, f"the column `{short(name)}`", COLUMN_KEYS, problems)
    if found is None:
        return None
    said = [key for key in _SOURCES if found.node(key) is not None]
    if len(said) > 1:
        why = f"is made of `{said[0]}` and of `{said[1]}`"
        found.report("export-source", place, column=short(name), why=why)
    return ExportColumn(
        name,
        _lines(found, said[0]) if said else (),
        _dates(found, dates),
        words=_words(found, "words"),
        otherwise=found.text("otherwise"),
        required=found.flag("required"),
        longest=found.whole("longest", least=1),
        pattern=_pattern(found),
        is_a=found.text("is_a", "as the pattern of the map says"),
        one_line=found.flag("one_line"),
        many=found.flag("many"),
        place=place,
    )


def _lines(found: Section, key: str) -> tuple[tuple[Piece, ...], ...]:
    nodes = found.text_nodes(key)
    if key == "lines":
        return tuple(_template(node, found.problems) for node in nodes)
    if len(nodes) > 1:
        found.wrong(key, nodes[1], "one text", "`lines: [...]` for several")
    read = _field if key == "from" else _template
    return tuple(read(node, found.problems) for node in nodes[:1])


def _field(node: TextNode, problems: list[Problem]) -> tuple[Piece, ...]:
    """Read a field, or several with bars between them."""
    if "{" in node.text or "}" in node.text:
        why = "`from` takes a field without braces"
        problems.append(problem("export-template", node.place, text=short(node.text), why=why))
        return ()
    return (_names(node.text),)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for each in text.split("|") if (name := each.strip()))


def _template(node: TextNode, problems: list[Problem]) -> tuple[Piece, ...]:
    """Read a text with fields in braces."""
    pieces: list[Piece] = []
    for names, text, brace in _PIECES.findall(node.text):
        if brace or not (text or _names(names)):
            why = f"the `{brace}` stands alone" if brace else "the braces are empty"
            problems.append(problem("export-template", node.place, text=short(node.text), why=why))
            return ()
        pieces.append(text or _names(names))
    return tuple(pieces)


def _dates(found: Section, default: str) -> str:
    text = found.text("dates", default)
    if all(text.count(part) == 1 for part in ("YYYY", "MM", "DD")):
        return text
    found.report("export-dates", found.place_of("dates"), text=short(text))
    return default


def _pattern(found: Section) -> str:
    text = found.text("pattern")
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as failure:
        place = found.place_of("pattern")
        found.report("export-pattern", place, pattern=short(text), why=short(str(failure)))
        return ""
    return text
