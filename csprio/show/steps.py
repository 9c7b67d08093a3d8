"""An explanation for people: the steps of the chain under headings, each with where it stands.

Comes in: the rows of `explain`. Go out: lines for a terminal, fitted to its width, or sections for
Markdown. Nothing is left out: what is long goes on below.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from csprio.show.cells import texts
from csprio.show.draw import cells_in, folded, styled
from csprio.show.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from csprio.show.terminal import Look
    from csprio.tables import Sheet

    Row = dict[str, str]

_SECTIONS = {
    "account": "account", "cell": "accounts file", "journal": "journal",
    "measure": "measures", "value": "values", "score": "scores", "size": "size",
    "likelihood": "likelihood", "grade": "grade", "possible": "grade", "tier": "tier",
    "role": "people", "plan": "plan", "term": "terms",
}  # fmt: skip
_ACTIVITIES = "activities"
_STATUS = {"overdue": "bold red", "undated": "yellow"}
_LEAST_ROOM = 24  # what a reason needs beside the rest; with less it goes below
_MOST = {"what": 24, "value": 24}
_GAP = "  "


def rows_of(sheet: Sheet) -> list[Row]:
    """Give the rows as texts, with `place` as `file:line:column`."""
    table = sheet.whole()
    columns = {name: texts(table.column(name)).to_pylist() for name in table.column_names}
    rows = [
        {name: visible(cell or "") for name, cell in zip(columns, row, strict=True)}
        for row in zip(*columns.values(), strict=True)
    ]
    for row in rows:
        row["place"] = ":".join(filter(None, [row["file"], row["line"], row["column"]]))
    return rows


def sections(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Put the rows under their headings."""
    grouped = groupby(rows, key=lambda row: _SECTIONS.get(row["step"], _ACTIVITIES))
    return [(heading, list(group)) for heading, group in grouped]


def short_task(row: Row) -> Row:
    """Name a task within its activity, and other lines of it by their step alone."""
    if row["step"] == "task":
        return row | {"what": f"task {row['what'].rpartition(':')[2]}"}
    return row if row["step"] == "activity" else row | {"what": row["step"]}


def chain(sheet: Sheet, look: Look) -> Iterator[str]:
    """Draw the sections, a blank line between them."""
    for number, (heading, rows) in enumerate(sections(rows_of(sheet))):
        if number:
            yield ""
        yield styled(heading, "bold", look)
        if heading != _ACTIVITIES:
            yield from _block(rows, look, "  ")
            continue
        for activity, lines in _by_activity(rows):
            yield from _titled(activity, look)
            yield from _block([short_task(row) for row in lines], look, "    ")


def _by_activity(rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """Give each activity with the lines that follow it, then those that are not in the plan."""
    found: list[tuple[Row, list[Row]]] = []
    for row in rows:
        known = bool(found) and found[-1][0]["what"] == row["what"]
        if row["step"] == "activity":
            found.append((row, []))
        elif row["step"] == "no task" and not known:
            found.append((row | {"value": "not in the plan"}, []))
        else:
            found[-1][1].append(row)
    return found


def _titled(row: Row, look: Look) -> Iterator[str]:
    """Draw an activity's id and title on lines of their own, under them its rule and its place."""
    head = f"{row['what']}: {row['value']}"
    for line in folded(head, max(look.width - 2, 1)) if look.width else [head]:
        yield "  " + styled(line, "bold", look)
    yield from _reason("    ", "", row, look)


def _block(rows: Sequence[Row], look: Look, indent: str) -> Iterator[str]:
    """Draw rows as columns: what, its value, and beside or below them the reason and the place."""
    widths = {
        name: min(max((cells_in(row[name]) for row in rows), default=0), most)
        for name, most in _MOST.items()
    }
    for row in rows:
        first = _padded(row["what"], widths["what"]) + _GAP
        second = _padded(row["value"], widths["value"])
        style = _STATUS.get(row["value"], "") if row["step"] == "status" else ""
        head = indent + first + second + _GAP
        room = None if look.width is None else look.width - cells_in(head)
        painted = indent + first + styled(second, style, look) + _GAP
        if room is not None and room < _LEAST_ROOM:
            yield (indent + first + styled(row["value"], style, look)).rstrip()
            yield from _reason(indent + "  ", "", row, look)
        else:
            yield from _reason(" " * cells_in(head), painted, row, look)


def _reason(indent: str, head: str, row: Row, look: Look) -> Iterator[str]:
    """Draw the reason behind `head`, or behind the indent, and the place at its end."""
    room = None if look.width is None else max(look.width - len(indent), 1)
    lines = folded(row["why"], room) if room else [row["why"]]
    place = row["place"]
    last = cells_in(lines[-1])
    gap = _GAP if last else ""
    if place and (room is None or last + len(gap) + cells_in(place) <= room):
        lines = [*lines[:-1], f"{lines[-1]}{gap}{styled(place, 'dim', look)}"]
    elif place:
        more = [place] if room is None else folded(place, room)
        lines = [*(lines if last else []), *(styled(line, "dim", look) for line in more)]
    for number, line in enumerate(lines):
        lead = (head or indent) if number == 0 else indent
        yield (lead + line).rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - cells_in(text), 0)
