"""The sheet Notes: what each column means, and what csprio found wrong with the files.

Comes in: the columns of the other sheets, problems. Goes out: a sheet, a table below the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.show.workbook.book import NOTES, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from csprio.problems import Problem
    from csprio.show.workbook.book import Book
    from csprio.tables import Column

MOST_PROBLEMS = 2_000  # that are listed; `csprio check` lists all
_WIDTHS = (22, 18, 20, 10, 22, 60, 60)
_PROBLEM = ("file", "line", "column", "severity", "code", "message", "remedy")


def add_notes(
    book: Book, columns: Iterable[tuple[str, Sequence[Column]]], problems: Sequence[Problem]
) -> None:
    """Add the sheet."""
    sheet = book.sheet(NOTES)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    bold = book.look(bold=True, font_size=13)
    text = book.look(num_format=TEXT, valign="top", text_wrap=False)
    sheet.write_string(0, 0, "What the columns mean", bold)
    row = 1
    for at, name in enumerate(("sheet", "column", "meaning")):
        sheet.write_string(row, at, name, book.header)
    for where, some in columns:
        for column in some:
            row += 1
            for at, value in enumerate((where, column.name, column.meaning)):
                sheet.write_string(row, at, book.texts.text(value, "a header"), text)
    _add_problems(book, sheet, row + 2, problems)


def _add_problems(book: Book, sheet: Worksheet, row: int, problems: Sequence[Problem]) -> None:
    wrapped = book.look(num_format=TEXT, valign="top", text_wrap=True)
    plain = book.look(num_format="0", valign="top")
    sheet.write_string(row, 0, "What csprio found", book.look(bold=True, font_size=13))
    if not problems:
        sheet.write_string(row + 1, 0, "nothing that is wrong")
        return
    row += 1
    for at, name in enumerate(_PROBLEM):
        sheet.write_string(row, at, name, book.header)
    for each in sorted(problems, key=lambda each: each.order)[:MOST_PROBLEMS]:
        row += 1
        place = each.place
        texts = (place.file, None, place.column, each.severity.value, each.code, each.message,
                 each.remedy)  # fmt: skip
        for at, value in enumerate(texts):
            if value:
                sheet.write_string(row, at, book.texts.text(value, _PROBLEM[at]), wrapped)
        if place.line:
            sheet.write_number(row, 1, place.line, plain)
    if len(problems) > MOST_PROBLEMS:
        more = f"and {len(problems) - MOST_PROBLEMS} more: `csprio check` lists all"
        sheet.write_string(row + 1, 0, more)
