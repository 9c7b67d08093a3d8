"""Tables of a page: rows of texts as people read them, and how each column sorts.

Comes in: a sheet. Goes out: a `Listing`, which holds nothing but texts, so that a template may have
it. Nothing here knows HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from csprio.show.cells import NUMBERS, texts
from csprio.show.figures import figures
from csprio.show.text import visible
from csprio.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from csprio.tables import Column, Sheet

_PICKED = {"csm", "tier", "grade", "borderline", "owner", "status", "score", "severity"}
_WIDE = {"note", "objective", "why", "message", "remedy"}
_LABELS = {"effort_minutes": "minutes", "renewing_90d": "renewing in 90 days"}
# Cells that are to be seen at once, by column; the word always stands there, too.
_MARKS = {
    "status": {"overdue": "bad", "undated": "odd"},
    "borderline": {"call to make": "odd"},
    "basis": {"ungraded": "odd"},
    "severity": {"error": "bad", "warning": "odd"},
}


@dataclass(frozen=True)
class Head:
    """A column of a page: its name and label, how it sorts, whether one may pick a value.

    `sorts` is number, date, key (by `order`, best first) or text; `marks` pairs cells with a class.
    """

    name: str
    label: str
    sorts: str = "text"
    order: tuple[str, ...] = ()
    picked: bool = False

    @property
    def wide(self) -> bool:
        """Tell whether whole sentences stand in it."""
        return self.name in _WIDE

    def mark(self, cell: str) -> str:
        """Say how a cell of this column is marked, "" where it is not."""
        return _MARKS.get(self.name, {}).get(cell, "")


@dataclass(frozen=True)
class Listing:
    """A table of a page: `bold` are the numbers of rows of totals, `more` says what is left out."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    bold: frozenset[int] = frozenset()
    more: str = ""


def listing(
    sheet: Sheet, caption: str, names: Iterable[str] = (), *, bold: Sequence[bool] = ()
) -> Listing:
    """Make a table of a sheet: these columns in this order, or all of them."""
    table = sheet.whole()
    columns = {column.name: column for column in sheet.columns}
    chosen = [columns[name] for name in names or columns]
    cells = [
        figures(sheet.command, column, texts(table.column(column.name)).to_pylist())
        for column in chosen
    ]
    rows = tuple(tuple(cell or "" for cell in row) for row in zip(*cells, strict=True))
    totals = frozenset(row for row, total in enumerate(bold) if total)
    return Listing(caption, tuple(_head(column, sheet) for column in chosen), rows, totals)


def said(caption: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> Listing:
    """Make a table of words."""
    heads = tuple(Head(name, label(name), picked=name in _PICKED) for name in names)
    return Listing(caption, heads, tuple(map(tuple, rows)))


def label(name: str) -> str:
    """Write a column's name for people."""
    return _LABELS.get(name) or visible(name).replace("_", " ")


def counted(count: int, what: str, many: str = "") -> str:
    """Count things: `1 task`, `1,200 tasks`; `many` is a plural that is not regular."""
    return f"{count:,} {what if count == 1 else many or f'{what}s'}"


def _head(column: Column, sheet: Sheet) -> Head:
    name = column.name
    order = tuple(sheet.orders.get(name, ()))
    sorts = "number" if column.kind in NUMBERS else "key" if order else "text"
    if column.kind is Kind.DATE:
        sorts = "date"
    return Head(name, label(name), sorts, order, picked=name in _PICKED)
