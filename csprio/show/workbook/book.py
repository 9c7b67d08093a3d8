"""A workbook while it is written: its looks, and sheets that are tables.

Comes in: columns and rows. Goes out: bytes, the same for the same rows. Every text is written as
text, so nothing in the data becomes a formula or a link.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import xlsxwriter

from csprio.problems import Place, policy_stop
from csprio.show.workbook.sheet_names import SheetNames
from csprio.show.workbook.values import Texts, cells_of
from csprio.tables import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from csprio.show.workbook.values import Value
    from csprio.tables import Sheet

SUMMARY, ACCOUNTS, OVERRIDES, NOTES, LISTS = "Summary", "Accounts", "Overrides", "Notes", "Lists"
EVERYBODY = "Worklist"
FURTHER = {"tiers": "Tiers", "calendar": "Calendar", "scores": "Scores"}  # by command
OWN = (SUMMARY, ACCOUNTS, OVERRIDES, NOTES, LISTS, EVERYBODY, *FURTHER.values())
MOST_ROWS = 1_048_575  # below the header
DAY, TEXT = "yyyy-mm-dd", "@"
_INK, _SHADE, _FILL_IN = "#1F2A44", "#DCE6F1", "#FFF9DB"
_FILLED_IN = {"outcome": 16.0, "comment": 30.0, "reason": 44.0, "until": 13.0}  # widths
_LOOKED_AT = 2_000  # rows whose texts tell how wide a column is
_NARROWEST, _WIDEST, _WIDEST_TEXT = 7, 36, 48
_MARGIN = 0.4  # inches
_A4 = 9
_HEADER_HEIGHT = 20
_LINE, _MOST_LINES = 15, 6
_PACKED = 1.15  # characters of prose to one of a column's width, which is that of digits
_DATE_WIDTH, _NUMBER_ROOM = 13, 3
PROSE = {"objective", "why", "note"}
_FORMATS = {Kind.SHARE: "0.0%", Kind.WHOLE: "#,##0", Kind.NUMBER: "General"}
_NUMERIC = {Kind.MONEY, Kind.SHARE, Kind.WHOLE, Kind.NUMBER, Kind.DATE}


class Table(NamedTuple):
    """A sheet that is a table: where it stands, and how many rows it has."""

    sheet: Worksheet
    rows: int


class Book:
    """A workbook. Its sheets stand in the order in which they are added."""

    def __init__(self, as_of: str) -> None:
        """Begin one; `as_of` is the day that it says it was made on."""
        self.texts, self.names, self._bytes = Texts(), SheetNames(OWN), io.BytesIO()
        self.as_of = date.fromisoformat(as_of)
        self._book = xlsxwriter.Workbook(
            self._bytes,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        made = datetime.combine(self.as_of, time(), UTC).replace(tzinfo=None)
        self._book.set_properties({"title": f"csprio, as of {as_of}", "created": made})
        self._looks: dict[tuple[tuple[str, object], ...], Format] = {}

    def look(self, **traits: object) -> Format:
        """Give a format of cells; equal ones are one."""
        key = tuple(sorted(traits.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format(dict(traits))
        return self._looks[key]

    @property
    def header(self) -> Format:
        """How the names of columns look."""
        return self.look(bold=True, bg_color=_INK, font_color="#FFFFFF", valign="vcenter", indent=1)

    def fill_in(self, number_format: str = TEXT) -> Format:
        """How a cell looks that waits for somebody."""
        return self.look(num_format=number_format, bg_color=_FILL_IN, border=1,
                         border_color=_SHADE, valign="top",
                         text_wrap=True)  # fmt: skip

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet set up for printing; the name is safe and not taken."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(_MARGIN, _MARGIN, 2 * _MARGIN, 2 * _MARGIN)
        sheet.fit_to_pages(1, 0)
        sheet.set_header('&L&"-,Bold"&14&A')
        sheet.set_footer(f"&Las of {self.as_of}&R&P of &N")
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def table(  # noqa: PLR0913 - what a table looks like
        self,
        name: str,
        columns: Sequence[Column],
        data: pa.Table,
        *,
        frozen: int = 0,
        fill_in: Mapping[str, str] | None = None,
        folded: Iterable[str] = (),
    ) -> Table:
        """Add a sheet of columns, their names on top, which stay in sight.

        `fill_in` are columns that wait for somebody, with the format of what is written there;
        `folded` ones are there but not seen until somebody unfolds them.
        """
        sheet, rows = self.sheet(name), data.num_rows
        hidden, lines = set(folded), dict[int, int]()
        for at, column in enumerate(columns):
            values = cells_of(column, data.column(at), self.texts)
            title = self.texts.text(column.name, "a header")
            waits = (fill_in or {}).get(column.name)
            look = self.fill_in(waits) if waits else self._of(column, values)
            sheet.write_string(0, at, title, self.header)
            options = {"level": 1, "hidden": True} if column.name in hidden else {}
            sheet.set_column(at, at, width_of(column, values), None if waits else look, options)
            self.put(sheet, at, values, look if waits else None)
            if column.name in PROSE - hidden:
                self._count_lines(lines, values, width_of(column, values))
        for row, count in lines.items():  # not every program finds the room that a text needs
            sheet.set_row(row, _LINE * count)
        self.finish(sheet, len(columns), rows, frozen)
        return Table(sheet, rows)

    @staticmethod
    def put(sheet: Worksheet, at: int, values: Sequence[Value], look: Format | None) -> None:
        """Write a column below its header; where it has a look of its own, blank cells too."""
        for row, value in enumerate(values, 1):
            if isinstance(value, str):
                if value:
                    sheet.write_string(row, at, value, look)
                elif look is not None:
                    sheet.write_blank(row, at, None, look)
            elif value is not None:
                sheet.write_number(row, at, value, look)
            elif look is not None:
                sheet.write_blank(row, at, None, look)

    @staticmethod
    def _count_lines(lines: dict[int, int], values: Sequence[Value], width: float) -> None:
        """Note the rows whose text needs several lines."""
        for row, value in enumerate(values, 1):
            needs = ceil(len(value) / (width * _PACKED)) if isinstance(value, str) else 1
            if needs > 1:
                lines[row] = min(max(needs, lines.get(row, 1)), _MOST_LINES)

    @staticmethod
    def finish(sheet: Worksheet, columns: int, rows: int, frozen: int) -> None:
        """Keep the header in sight, on paper too, and offer to filter."""
        sheet.set_row(0, _HEADER_HEIGHT)
        sheet.freeze_panes(1, frozen)
        sheet.autofilter(0, 0, max(rows, 1), columns - 1)
        sheet.repeat_rows(0)

    def _of(self, column: Column, values: Sequence[Value]) -> Format:
        """Choose how a column looks, by what it holds."""
        if column.kind is Kind.MONEY:
            return self.look(num_format=money_format(values), valign="top")
        if column.kind is Kind.DATE:
            return self.look(num_format=DAY, valign="top", align="left", indent=1)
        if column.kind in _FORMATS:
            return self.look(num_format=_FORMATS[column.kind], valign="top")
        wraps = column.name in PROSE
        return self.look(num_format=TEXT, valign="top", align="left", indent=1, text_wrap=wraps)

    def end(self) -> bytes:
        """Give the bytes of the whole."""
        self._book.close()
        return self._bytes.getvalue()

    def chart(self, kind: str) -> object:
        """Make a chart, to be put on a sheet."""
        return self._book.add_chart({"type": kind})


def money_format(values: Iterable[Value]) -> str:
    """Write amounts with as many decimals as one of them has."""
    numbers = [each for each in values if isinstance(each, float)]
    if not numbers:
        return "#,##0"
    cents = all(round(each, 2) == each for each in numbers)
    return "#,##0.00" if cents else "#,##0.0000"


def width_of(column: Column, values: Sequence[Value]) -> float:
    """Say how many characters wide a column should be."""
    if column.name in _FILLED_IN:
        return _FILLED_IN[column.name]
    least = len(column.name) + 4  # the arrow of the filter
    if column.kind is Kind.DATE:
        return max(least, _DATE_WIDTH)
    widest = _WIDEST_TEXT if column.name in PROSE else _WIDEST
    longest = max((len(str(each)) for each in values[:_LOOKED_AT] if each is not None), default=0)
    room = _NUMBER_ROOM if column.kind in _NUMERIC else 2
    return max(_NARROWEST, min(least, widest), min(longest + room, widest))


def all_rows(sheet: Sheet) -> Sheet:
    """Give an answer with all rows in its table; Stop (exit 2) where a sheet cannot hold them."""
    parts, rows = [sheet.table], sheet.table.num_rows
    for part in sheet.more:
        rows += part.num_rows
        if rows > MOST_ROWS:
            break
        parts.append(part)
    if rows > MOST_ROWS:
        facts = {"what": sheet.command, "most": f"{MOST_ROWS:,}"}
        raise policy_stop("too-many-rows", Place(""), **facts)
    return replace(sheet, table=pa.concat_tables(parts), more=())
