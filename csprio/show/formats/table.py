"""Tables for people at a terminal: what matters first, as wide as there is room for.

Every cell is sanitised text. In a pipe or a file nothing is cut and nothing left out for width, and
numbers are those of the data; at a terminal they are written as people read them.
"""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.show import backtest
from csprio.show.cells import NUMBERS, texts
from csprio.show.draw import Fit, Strip, body, fit, lines, styled
from csprio.show.figures import figures
from csprio.show.heatmap import heat_map
from csprio.show.priority import (
    BACKLOG_SHOWN,
    backlog_rows,
    by_importance,
    drawn,
    prioritized,
)
from csprio.show.scorecard import BESIDE, band_styles, by_account, score_strip
from csprio.show.steps import chain
from csprio.show.text import visible
from csprio.show.totals import with_totals
from csprio.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Column, Sheet

_LEAST = {Kind.TEXT: 10, Kind.ID: 24, Kind.KEY: 12}  # other kinds are never shortened
_LEAST_OF = {
    "name": 20, "title": 22, "csm": 14, "owner": 12, "with": 14, "tier_name": 16, "borderline": 12,
    "why": 20, "activity": 24, "task_id": 40,
}  # fmt: skip
_WRAPS = {
    "grade": {"note": 20},
    "check": {"file": 12, "column": 12, "code": 14, "message": 24, "remedy": 20},
}
_STYLES = {
    "status": {"overdue": "bold red", "undated": "yellow"},
    "borderline": {"call to make": "yellow"},
    "basis": {"ungraded": "yellow"},
    "severity": {"error": "bold red", "warning": "yellow"},
}
_BAND = "_band"  # how the fields end that hold the band of a score
_NAME_LEAST, _NOTE_LEAST = 12, 20  # of scores, where names give way to them
_LINES_AT_ONCE = 1000


def write(sheet: Sheet, sink: Sink, look: Look) -> None:
    """Write a worklist by person, `tiers` with totals and the grid, `explain` under headings.

    Scores are written with a line an account.
    """
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
    elif sheet.command == "explain":
        yield from chain(sheet, look)
    elif sheet.command == "backtest":
        yield from backtest.drawn(sheet, look)
    elif sheet.scores:
        yield from _scores(sheet, look)
    else:
        yield from _table(prioritized(sheet), look)


def _table(sheet: Sheet, look: Look, bold: Sequence[bool] = ()) -> Iterator[str]:
    """Draw one table, and say what the width has hidden."""
    strips, fitted = _fitted(sheet, look)
    yield from _drawn(strips, fitted, look, bold)


def _drawn(
    strips: Sequence[Strip], fitted: Fit, look: Look, bold: Sequence[bool] = ()
) -> Iterator[str]:
    yield from lines(strips, fitted, look, bold)
    if not any(strip.cells for strip in strips):
        yield "(nothing)"
    yield from _note(fitted, look)


def _scores(sheet: Sheet, look: Look) -> Iterator[str]:
    """Draw an account a line, the scores beside each other, and say above what comes first."""
    accounts = by_account(sheet)
    own, _ = _fitted(accounts.own, look)
    own[1] = replace(own[1], least=_NAME_LEAST)
    own[-1] = replace(own[-1], least=_NOTE_LEAST, wraps=True)
    scores = [score_strip(name, part, look) for name, part in accounts.scores.items()]
    strips = [*own[:BESIDE], *scores, *own[BESIDE:]]
    for line in wrap(accounts.title, look.width or len(accounts.title)):
        yield styled(line, "dim", look)
    yield from _drawn(strips, fit(strips, accounts.by_importance, look.width), look)


def _worklist(sheet: Sheet, look: Look) -> Iterator[str]:
    """Draw a table a person, all alike: what is due, the first of the backlog, a count of the rest.

    What the width has hidden is said once, at the end.
    """
    sheet = sheet.gathered()
    people = _people(sheet)
    shown = [row for _, due, kept in people for row in (*due, *kept[:BACKLOG_SHOWN])]
    strips, fitted = _fitted(sheet.rows(pa.array(shown, pa.int64())), look)
    start = 0
    for place, (owner, due, kept) in enumerate(people):
        if place:
            yield ""
        yield styled(_heading(sheet, owner, due, len(kept)), "bold", look)
        end = start + len(due)
        yield from lines(_part(strips, start, end), fitted, look)
        start = end + len(kept[:BACKLOG_SHOWN])
        if due and kept:
            yield styled("backlog", "bold", look)
        yield from body(_part(strips, end, start), fitted, look)
        if len(kept) > BACKLOG_SHOWN:
            yield f"... and {len(kept) - BACKLOG_SHOWN} more in the backlog (-f csv lists all)"
    if not people:
        yield "Nothing to do."
    yield from _note(fitted, look)


def _part(strips: Sequence[Strip], start: int, end: int) -> list[Strip]:
    return [replace(strip, cells=strip.cells[start:end]) for strip in strips]


def _people(sheet: Sheet) -> list[tuple[str, list[int], list[int]]]:
    """Give each person's rows: what is overdue or due, and the backlog, which comes after it."""
    people: dict[str, tuple[list[int], list[int]]] = {}
    owners = sheet.table.column("owner").to_pylist()
    for row, (owner, kept) in enumerate(zip(owners, backlog_rows(sheet), strict=True)):
        people.setdefault(owner or "", ([], []))[kept].append(row)
    return [(owner, due, kept) for owner, (due, kept) in people.items()]


def _heading(sheet: Sheet, owner: str, rows: Sequence[int], backlog: int) -> str:
    """Say whose list it is and how much is in it: `Jane: 2 overdue, 9 due, 3 in the backlog`."""
    statuses = sheet.table.column("status")
    overdue = sum(statuses[row].as_py() == "overdue" for row in rows)
    counts = [
        f"{count} {what}"
        for count, what in (
            (overdue, "overdue"), (len(rows) - overdue, "due"), (backlog, "in the backlog"),
        )
        if count
    ]  # fmt: skip
    return f"{visible(owner) or 'nobody'}: {', '.join(counts)}"


def _fitted(sheet: Sheet, look: Look) -> tuple[list[Strip], Fit]:
    """Give the columns to draw, and how they fit."""
    table = sheet.whole()
    names = drawn(sheet)
    strips = [
        _strip(sheet.command, column, texts(table.column(column.name)).to_pylist(), look)
        for column in sheet.columns
        if column.name in names
    ]
    return strips, fit(strips, by_importance(sheet.command, names), look.width)


def _note(fitted: Fit, look: Look) -> Iterator[str]:
    for line in fitted.note(look.width):
        yield styled(line, "dim", look)


def _strip(command: str, column: Column, cells: Sequence[str | None], look: Look) -> Strip:
    if look.width is not None:
        cells = figures(command, column, cells)
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
        styles=band_styles(seen) if name.endswith(_BAND) else _STYLES.get(column.name, {}),
    )
