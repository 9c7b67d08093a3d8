"""The sheet Overrides: a row an account, with cells for a grade or tier that somebody decides.

Comes in: what `grade` answers, and the keys of the grid. Goes out: a sheet that `csprio log --from`
reads. The keys stand on a sheet of their own, for the drop-downs: a list of their own may hold
commas, and may be longer than what the rule of a cell can hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.show.workbook.book import DAY, LISTS, OVERRIDES, TEXT
from csprio.show.workbook.values import day_number
from csprio.tables import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from csprio.show.workbook.book import Book
    from csprio.tables import Sheet

COLUMNS = (
    Column("account_id", Kind.ID, "the account"),
    Column("name", Kind.TEXT, "the account's name"),
    Column("current grade", Kind.KEY, "the grade that counts now"),
    Column("current tier", Kind.KEY, "the tier that counts now"),
    Column("grade", Kind.KEY, "to be filled in: a grade that is to count instead"),
    Column("tier", Kind.KEY, "to be filled in: a tier that is to count instead"),
    Column("until", Kind.DATE, "to be filled in, if at all: the last day on which the tier counts"),
    Column("reason", Kind.TEXT, "to be filled in: why; a tier against the grid needs it"),
)
FILL_IN = {"grade": TEXT, "tier": TEXT, "until": DAY, "reason": TEXT}


def add_overrides(book: Book, graded: Sheet) -> None:
    """Add the sheet."""
    table = graded.whole()
    rows = table.num_rows
    known = [table[name] for name in ("account_id", "name", "grade", "tier")]
    blank = pa.nulls(rows, pa.string())
    until = pa.nulls(rows, pa.date32())
    data = pa.table(
        dict(
            zip((each.name for each in COLUMNS), [*known, blank, blank, until, blank], strict=True)
        )
    )
    sheet = book.table(OVERRIDES, COLUMNS, data, frozen=2, fill_in=FILL_IN).sheet
    at = {column.name: place for place, column in enumerate(COLUMNS)}
    if rows:
        for place, key in enumerate(("grade", "tier")):
            keys = graded.orders.get(key, ())
            _offer(sheet, at[key], rows, place, len(keys), key)
        _ask_day(sheet, at["until"], rows, book)


def add_lists(book: Book, graded: Sheet) -> None:
    """Add the keys that the drop-downs offer, on a sheet that is not seen."""
    sheet = book.sheet(LISTS)
    for place, key in enumerate(("grade", "tier")):
        _list(book, sheet, place, key, graded.orders.get(key, ()))
    sheet.hide()


def _list(book: Book, sheet: Worksheet, place: int, key: str, keys: Sequence[str]) -> None:
    sheet.write_string(0, place, key, book.header)
    look = book.look(num_format=TEXT, valign="top", text_wrap=False)
    book.put(sheet, place, [book.texts.text(each, key) for each in keys], look)


def _offer(sheet: Worksheet, at: int, rows: int, place: int, count: int, key: str) -> None:  # noqa: PLR0913, PLR0917 - a drop-down's parts
    letter = "AB"[place]
    sheet.data_validation(1, at, rows, at, {
        "validate": "list",
        "source": f"={LISTS}!${letter}$2:${letter}${max(count, 1) + 1}",
        "error_title": f"No {key} of the grid",
        "error_message": f"Choose a {key} from the list, or leave the cell empty.",
    })  # fmt: skip


def _ask_day(sheet: Worksheet, at: int, rows: int, book: Book) -> None:
    sheet.data_validation(1, at, rows, at, {
        "validate": "decimal", "criteria": ">=", "value": day_number(book.as_of),
        "error_type": "warning", "error_title": "The last day of a tier",
        "error_message": f"A date from {book.as_of} on, such as 2026-12-31.",
    })  # fmt: skip
