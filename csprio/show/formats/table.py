"""Tables for people at a terminal: what matters first, as wide as there is room for.

Every cell is sanitised text. In a pipe or a file nothing is cut and nothing left out for width.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.show.cells import NUMBERS, texts
from csprio.show.draw import Fit, Strip, fit, lines, styled
from csprio.show.heatmap import heat_map
from csprio.show.priority import (
    BACKLOG_SHOWN,
    backlog_rows,
    by_importance,
    drawn,
    prioritized,
)
from csprio.show.text import visible
from csprio.show.totals import with_totals
from csprio.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Column, Sheet

_LEAST = {Kind.TEXT: 10, Kind.ID: 24, Kind.KEY: 12}  # other kinds are never shortened
_LEAST_OF = {"name": 16, "title": 16, "why": 20, "note": 20, "task_id": 40}
_WRAPS = {"check": {"message": 24, "remedy": 20}}
_STYLES = {
    "status": {"overdue": "bold red", "undated": "yellow"},
    "borderline": {"call to make": "yellow"},
    "basis": {"ungraded": "yellow"},
    "severity": {"error": "bold red", "warning": "yellow"},
}
_LINES_AT_ONCE = 1000


def write(sheet: Sheet, sink: Sink, look: Look) -> None:
    """Write a worklist as a table a person, `tiers` with totals and the grid, the rest as it is."""
    waiting: list[str] = []
    for line in _lines(sheet, look):
        waiting.append(line)
        if len(waiting) == _LINES_AT_ONCE:
            sink.write(("\n".join(waiting) + "\n").encode())
            waiting.clear()
    if waiting:
        sink.write(("\n".join(waiting) + "\n").encode())


def _lines(sheet: Sheet, look: Look) -> Iterator[str]:
    if sheet.command == "worklist":
        yield from _worklist(sheet, look)
    elif sheet.command == "tiers":
        summed, totals = with_totals(sheet)
        yield from _table(summed, look, totals)
        if sheet.picture is not None:
            yield ""
            yield from heat_map(sheet.picture, look)
    else:
        yield from _table(prioritized(sheet), look)


def _table(sheet: Sheet, look: Look, bold: Sequence[bool] = ()) -> Iterator[str]:
    """Draw one table, and say what the width has hidden."""
    strips, fitted = _fitted(sheet, look)
    yield from lines(strips, fitted, look, bold)
    if not sheet.table.num_rows:
        yield "(nothing)"
    yield from _note(fitted, look)


def _worklist(sheet: Sheet, look: Look) -> Iterator[str]:
    """Draw a table a person, all alike: what is due, the first of the backlog, a count of the rest.

    What the width has hidden is said once, at the end.
    """
    people = _people(sheet)
    shown = [row for _, rows, hidden in people for row in rows if row not in hidden]
    strips, fitted = _fitted(sheet.rows(pa.array(shown, pa.int64())), look)
    drawn_rows = 0
    for place, (owner, rows, hidden) in enumerate(people):
        if place:
            yield ""
        yield styled(_heading(sheet, owner, rows), "bold", look)
        end = drawn_rows + len(rows) - len(hidden)
        mine = [replace(strip, cells=strip.cells[drawn_rows:end]) for strip in strips]
        drawn_rows = end
        yield from lines(mine, fitted, look)
        if hidden:
            yield f"... and {len(hidden)} more in the backlog (-f csv lists all)"
    if not people:
        yield "Nothing to do."
    yield from _note(fitted, look)


def _people(sheet: Sheet) -> list[tuple[str, list[int], set[int]]]:
    """Give each person's rows, and which of these are the part of a backlog that is not shown."""
    backlog = backlog_rows(sheet)
    people: dict[str, list[int]] = {}
    for row, owner in enumerate(sheet.table.column("owner").to_pylist()):
        people.setdefault(owner or "", []).append(row)
    return [
        (owner, rows, set([row for row in rows if backlog[row]][BACKLOG_SHOWN:]))
        for owner, rows in people.items()
    ]


def _heading(sheet: Sheet, owner: str, rows: Sequence[int]) -> str:
    """Say whose list it is and how much is in it: `Jane Doe: 12 tasks, 2 overdue, 3 backlog`."""
    mine = sheet.rows(pa.array(rows, pa.int64()))
    overdue = mine.table.column("status").to_pylist().count("overdue")
    backlog = sum(backlog_rows(mine))
    counts = [f"{len(rows)} task{'s' * (len(rows) != 1)}"]
    counts += [f"{overdue} overdue"] * (overdue > 0)
    counts += [f"{backlog} backlog"] * (backlog > 0)
    return f"{visible(owner) or 'nobody'}: {', '.join(counts)}"


def _fitted(sheet: Sheet, look: Look) -> tuple[list[Strip], Fit]:
    """Give the columns to draw, and how they fit."""
    table = sheet.whole()
    names = drawn(sheet)
    strips = [
        _strip(sheet.command, column, texts(table.column(column.name)).to_pylist())
        for column in sheet.columns
        if column.name in names
    ]
    return strips, fit(strips, by_importance(sheet.command, names), look.width)


def _note(fitted: Fit, look: Look) -> Iterator[str]:
    for line in fitted.note(look.width):
        yield styled(line, "dim", look)


def _strip(command: str, column: Column, cells: Sequence[str | None]) -> Strip:
    wraps = _WRAPS.get(command, {}).get(column.name)
    least = wraps or _LEAST_OF.get(column.name) or _LEAST.get(column.kind)
    seen = ["" if cell is None else visible(cell) for cell in cells]
    name = visible(column.name)
    return Strip(
        name,
        seen,
        least=least or max(map(len, (name, *seen))),
        right=column.kind in NUMBERS,
        wraps=wraps is not None,
        styles=_STYLES.get(column.name, {}),
    )
