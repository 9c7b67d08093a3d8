"""A filled-in workbook: the people's sheets of it, and its overrides.

Comes in: an open workbook. Goes out: `Sheet`s, the people's as one; or a `Stop` (exit 3) where it
has none. Other sheets are passed over: what somebody changes there is told to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.source import Source
from csprio.telling.sheet import Sheet, read_sheet

if TYPE_CHECKING:
    from csprio.problems import Problem
    from csprio.read.workbook import Workbook
    from csprio.settings import TableSettings

OVERRIDES = "overrides"
_NO_SHEET = {"no-header", "sheet-unknown"}


@dataclass(frozen=True)
class Sheets(Sheet):
    """Several sheets with the same columns, one below the other."""

    parts: tuple[Sheet, ...] = ()

    def place(self, row: int, name: str) -> Place:
        """Say where a cell stands, by the sheet that it is on."""
        for part in self.parts:
            if row < part.rows:
                return part.place(row, name)
            row -= part.rows
        raise IndexError(row)


def read_book(book: Workbook, settings: TableSettings) -> list[Sheet]:
    """Read what somebody may have filled in.

    Where there are overrides they alone are grades and tiers; else every grading sheet is read.
    """
    by_hand = OVERRIDES in {title.casefold() for title in book.sheets}
    found: list[Sheet] = []
    problems: list[Problem] = []
    for title in book.sheets:
        try:
            name = f"{book.name}[{title}]"
            grid = book.sheet(title, decimal=settings.numerals.decimal, name=name)
            sheet = read_sheet(Source(name, b"", b"", grid), settings)
        except Stop as stop:
            problems += [each for each in stop.problems if each.code not in _NO_SHEET]
            continue
        if sheet.is_worklist or not by_hand or title.casefold() == OVERRIDES:
            found.append(sheet)
    if problems:
        raise Stop(ExitCode.UNUSABLE, problems)
    if not found:
        raise Stop(ExitCode.UNUSABLE, [problem("sheet-unknown", Place(book.name))])
    lists = tuple(each for each in found if each.is_worklist)
    others = [each for each in found if not each.is_worklist]
    return [*([_gathered(lists)] if lists else []), *others]


def _gathered(parts: tuple[Sheet, ...]) -> Sheets:
    """Put sheets below each other; a column that one of them lacks is empty there."""
    names = {name: header for part in parts for name, header in part.headers.items()}
    columns = {
        name: pa.concat_arrays([part.columns.get(name, pa.nulls(part.rows, pa.string()))
                                for part in parts])
        for name in names
    }  # fmt: skip
    return Sheets("", names, columns, (), parts=parts)
