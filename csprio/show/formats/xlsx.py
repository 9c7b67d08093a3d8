"""A workbook for managers and finance: the book on one page, the accounts, a sheet a person.

Whichever command asks, the workbook is about the whole book; the answer that was asked for stands
in it as it is. Cells to fill in come back by `csprio log --from`. The same files and day give the
same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.show.formats import Written
from csprio.show.workbook.book import ACCOUNTS, FURTHER, OVERRIDES, Book, all_rows
from csprio.show.workbook.notes import add_notes
from csprio.show.workbook.overrides import COLUMNS, add_lists, add_overrides
from csprio.show.workbook.people import add_people
from csprio.show.workbook.summary import add_summary

if TYPE_CHECKING:
    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

GRADED = ("grade", "report")
FOLDED = ("activity", "objective")  # of a calendar, which is wide


def write(sheet: Sheet, sink: Sink, _look: Look) -> Written:
    """Write the workbook of the book behind an answer."""
    assert sheet.report is not None  # noqa: S101 - a format that looks behind is given it
    behind, sheet = sheet.report, all_rows(sheet)
    report = behind()
    graded = sheet if sheet.command in GRADED else all_rows(report.grade)
    listed = sheet if sheet.command == "worklist" else all_rows(report.worklist)
    book = Book(sheet.as_of)
    add_summary(book, report)
    meanings = [(ACCOUNTS, graded.columns), ("a person's", listed.columns), (OVERRIDES, COLUMNS)]
    if name := FURTHER.get(sheet.command):
        book.table(name, sheet.columns, sheet.table, folded=FOLDED)
        meanings.insert(0, (name, sheet.columns))
    book.table(ACCOUNTS, graded.columns, graded.table, frozen=2)
    add_people(book, listed)
    add_overrides(book, graded)
    add_notes(book, meanings, report.problems)
    add_lists(book, graded)
    sink.write(book.end())
    return Written(tuple(book.texts.problems))
