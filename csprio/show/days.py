"""A worklist for people: each person's tasks under the day on which they are to be done.

Comes in: the sheet of `worklist` of one person. Goes out: headings, and the rows of each as texts,
in the list's order: what is overdue, day after day, then the backlog.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from csprio.show.cells import texts
from csprio.show.priority import backlog_rows

if TYPE_CHECKING:
    from csprio.tables import Sheet

OVERDUE = "Overdue"
BACKLOG = "Backlog"
SAID_ELSEWHERE = frozenset({"activity", "role"})  # in task_id, title and part
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Row = dict[str, str | None]


def by_day(sheet: Sheet) -> list[tuple[str, list[Row]]]:
    """Give the rows of one person under their headings, in the list's order."""
    names = [column.name for column in sheet.columns]
    cells = [texts(sheet.table.column(name)).to_pylist() for name in names]
    rows: list[Row] = [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
    backlog = backlog_rows(sheet)
    headed = [(_heading(row, kept), row) for row, kept in zip(rows, backlog, strict=True)]
    return [
        (heading, [row for _, row in group])
        for heading, group in groupby(headed, key=lambda pair: pair[0])
    ]


def weekday(day: str) -> str:
    """Name the day of the week of an ISO date."""
    return _WEEKDAYS[date.fromisoformat(day).weekday()]


def _heading(row: Row, kept: bool) -> str:  # noqa: FBT001 - a cell of a column
    """Say under which heading a task stands; `kept` is of the backlog."""
    if kept:
        return BACKLOG
    if row["status"] == "overdue":
        return OVERDUE
    due = row["due"]
    return f"{weekday(due)} {due}" if due else "Undated"
