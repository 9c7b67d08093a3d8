"""The grading sheet: a row an account, for people to fill in what no export knows.

Comes in: the accounts as read. Goes out: the bytes of `grading.csv`. What is known is filled in,
amounts with the decimal mark of the export, so that the settings of its folder read them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.show.cells import texts
from csprio.starter.text import spreadsheet_bytes
from csprio.tables import GRADING_SHEET

if TYPE_CHECKING:
    from csprio.starter.export import Export

_READS_TWICE = 3  # decimals: 1.234 could be a thousand and more


def grading_sheet(export: Export) -> bytes:
    """Write the sheet, in the order of the file."""
    columns = [_column(export, name) for name in GRADING_SHEET]
    rows = zip(*columns, strict=True)
    return spreadsheet_bytes(GRADING_SHEET, rows, delimiter=export.delimiter)


def _column(export: Export, name: str) -> list[str]:
    """Give the cells of a column of the sheet, empty where nothing is known."""
    book = export.book
    if name in book.table.column_names:
        cells = texts(book.table[name]).to_pylist()
    elif name in book.written.column_names:
        cells = [cell and cell.strip() for cell in book.written[name].to_pylist()]
    else:
        return [""] * book.table.num_rows
    if name in {"arr", "potential"}:
        return [_amount(cell or "", export.decimal) for cell in cells]
    return [cell or "" for cell in cells]


def _amount(text: str, decimal: str) -> str:
    """Write an amount with the decimal mark of the export, so that it reads one way only."""
    whole, point, part = text.partition(".")
    part += "0" if len(part) == _READS_TWICE else ""
    return whole + (decimal if point else "") + part
