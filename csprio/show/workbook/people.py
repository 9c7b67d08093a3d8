"""A sheet a person: the week's tasks, with cells to fill in that `csprio log --from` reads.

Comes in: a worklist. Goes out: sheets, in the order of the names; what people need is in front, the
rest is folded away but there, so that a filled-in sheet can be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.journal import CLOSINGS
from csprio.show.workbook.book import DAY, EVERYBODY, TEXT
from csprio.show.workbook.values import day_number
from csprio.tables import ANSWERS, Column

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from csprio.show.workbook.book import Book, Table
    from csprio.tables import Sheet

MOST_PEOPLE = 250  # with a sheet each
_SEEN = ("rank", "due", "status", "name", "title", "channel", "effort_minutes", "why")
FILL_IN = {"outcome": TEXT, "until": DAY, "comment": TEXT}
_CHOICES = [each for each in CLOSINGS if each != "reopened"]


def add_people(book: Book, worklist: Sheet) -> int:
    """Add a sheet for each person of a worklist, one for all where they are very many."""
    table = worklist.whole()
    owners = table["owner"].cast(pa.string()).fill_null("")
    names = sorted(
        pc.unique(owners).to_pylist(), key=lambda name: (not name, name.casefold(), name)
    )
    if len(names) > MOST_PEOPLE:
        _add(book, EVERYBODY, worklist.columns, table, alone=False)
        return len(names)
    for name in names:
        theirs = table.filter(pc.equal(owners, name))
        _add(book, book.names.take(name), worklist.columns, theirs, alone=True)
    return len(names)


def columns_in_order(columns: tuple[Column, ...], *, alone: bool) -> tuple[list[Column], list[str]]:
    """Put the columns in the order of a sheet; the names are of those that are folded away."""
    own = {column.name for column in ANSWERS["worklist"]}
    named = {column.name: column for column in columns if column.name in own}
    front = (*(() if alone else ("owner",)), *_SEEN)
    added = [column for column in columns if column.name not in own]
    seen = [*(named[name] for name in front), *added, *(named[name] for name in FILL_IN)]
    shown = {column.name for column in seen}
    rest = [column for column in columns if column.name not in shown]
    return [*seen, *rest], [column.name for column in rest]


def _add(
    book: Book, name: str, columns: tuple[Column, ...], rows: pa.Table, *, alone: bool
) -> Table:
    order, folded = columns_in_order(columns, alone=alone)
    data = rows.select([column.name for column in order])
    made = book.table(name, order, data, frozen=0, fill_in=FILL_IN, folded=folded)
    if made.rows:
        at = {column.name: place for place, column in enumerate(order)}
        _offer(made.sheet, book, at, made.rows)
    return made


def _offer(sheet: Worksheet, book: Book, at: dict[str, int], rows: int) -> None:
    """Offer the outcomes that have a meaning of their own; any other words are one too."""
    place = at["outcome"]
    sheet.data_validation(1, place, rows, place, {
        "validate": "list", "source": list(_CHOICES), "error_type": "information",
        "error_title": "An outcome in your own words",
        "error_message": "It counts as done, with these words as its outcome.",
        "input_title": "What became of it",
        "input_message": "done, skipped, snoozed, or what came of it in your own words",
    })  # fmt: skip
    place = at["until"]
    sheet.data_validation(1, place, rows, place, {
        "validate": "decimal", "criteria": ">", "value": day_number(book.as_of),
        "error_type": "warning", "error_title": "The day it comes back",
        "error_message": f"A date after {book.as_of}, such as 2026-12-01.",
        "input_title": "Of a snoozed task",
        "input_message": f"the day it comes back, after {book.as_of}",
    })  # fmt: skip
