"""The cells of a sheet as text: what a CSV with the same values would say.

Comes in: rows of values as a workbook holds them. Goes out: a `Grid`, which is read as a file of
columns is. Errors such as #N/A are missing and a problem; a number of more digits than a
spreadsheet program keeps is one, too. Nothing here knows a field.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.parquet import Rows
from csprio.read.wording import short

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from csprio.problems import Problem

_DIGITS = 15  # that Excel keeps of a number
_ERRORS = frozenset({
    "#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!",
})  # fmt: skip
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_READS_TWICE = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_MINUTE, _HOUR = 60, 3600


class Uncomputed(str):
    """A formula whose value nobody has computed and stored."""

    __slots__ = ()


class Grid:
    """A sheet as a file of columns: its header is the first row in which anything is."""

    def __init__(
        self, name: str, rows: Sequence[tuple[Any, ...]], skip: int, decimal: str | None
    ) -> None:
        """Find the header; Stop where there is none."""
        self._name, self._decimal = name, decimal
        filled = (at for at, row in enumerate(rows) if at >= skip and not _is_blank(row))
        at = next(filled, None)
        if at is None:
            raise Stop(ExitCode.UNUSABLE, [problem("no-header", Place(name))])
        self.header_line = at + 1
        self._rows, self._first = rows[at + 1 :], at + 2
        width = max(_width(row) for row in rows[at:])
        self.header: tuple[str, ...] = tuple(
            "" if each is None else _text(each) for each in (*rows[at], *[None] * width)[:width]
        )

    def read(self, wanted: Collection[int], _key: int) -> Rows:
        """Read columns as text; the rows of nothing but white space are left out."""
        kept = [at for at, row in enumerate(self._rows) if not _is_blank(row)]
        lines = [self._first + at for at in kept]
        errors: list[Problem] = []
        notes: list[Problem] = []
        columns: dict[int, pa.Array] = {}
        numbers = set()
        for at in sorted({*wanted, _key}):
            cells = [_cell(self._rows[row], at) for row in kept]
            numeric = any(map(_is_number, cells))
            mixed = numeric and any(isinstance(cell, str) and cell.strip() for cell in cells)
            if numeric and not mixed:
                numbers.add(at)
            texts = [_written(cell, self._decimal, mixed=mixed)
                     for cell in cells]  # fmt: skip
            for row, (cell, text) in enumerate(zip(cells, texts, strict=True)):
                found = _problem(cell, text, Place(self._name, lines[row], self.header[at].strip()))
                if found is not None:
                    (errors if found.code == "nul-byte" else notes).append(found)
            columns[at] = pa.array(texts, pa.string())
        return Rows(columns, lines, frozenset(numbers), self._padded(kept), errors, notes)

    def _padded(self, kept: Sequence[int]) -> tuple[int, ...]:
        """Find the rows behind the last blank one if only the first cell of each is filled."""
        first = len(kept) - 1
        while first > 0 and kept[first - 1] == kept[first] - 1:
            first -= 1
        if first <= 0 or len(self.header) == 1:
            return ()
        tail = range(first, len(kept))
        return tuple(tail) if all(_is_blank(self._rows[kept[at]][1:]) for at in tail) else ()


def _cell(row: tuple[Any, ...], at: int) -> Any:  # noqa: ANN401 - whatever a cell holds
    return row[at] if at < len(row) else None


def _is_blank(row: Sequence[Any]) -> bool:
    return all(each is None or (isinstance(each, str) and not each.strip()) for each in row)


def _width(row: Sequence[Any]) -> int:
    """Count the cells to the last one in which anything is."""
    return next((at for at in range(len(row), 0, -1) if not _is_blank(row[at - 1 : at])), 0)


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _written(cell: object, decimal: str | None, *, mixed: bool) -> str:
    """Write a cell; where a column has texts too, a number as these are written."""
    text = "" if cell is None else _text(cell)
    if not (mixed and _is_number(cell)):
        return text
    if decimal is not None:
        return text.replace(".", decimal)
    return f"{text}0" if _READS_TWICE.fullmatch(text) else text


def _text(cell: object) -> str:  # noqa: PLR0911 - a line for each thing that a cell may hold
    """Write what a cell holds: ISO days and times, shortest plain numbers, TRUE and FALSE."""
    if isinstance(cell, str):
        return "" if _is_error(cell) else _unescaped(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // _HOUR}:{seconds // _MINUTE % _MINUTE:02}:{seconds % _MINUTE:02}"
    if isinstance(cell, float):
        value = Decimal(f"{cell:.{_DIGITS}g}")
        return f"{value:f}" if value else "0"
    return str(cell)


def _unescaped(text: str) -> str:
    """Read the characters that the file writes by their numbers."""
    if "_x" not in text:
        return text
    read = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return read.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs are one


def _is_error(cell: str) -> bool:
    return isinstance(cell, Uncomputed) or cell in _ERRORS


def _problem(cell: object, text: str, place: Place) -> Problem | None:
    """Say what is wrong with a cell."""
    if isinstance(cell, str):
        if _is_error(cell):
            kind = "cell-uncomputed" if cell not in _ERRORS else "cell-error"
            return problem(kind, place, value=short(cell))
        return problem("nul-byte", place) if "\0" in text else None
    if _is_number(cell) and len(text.lstrip("-").partition(".")[0]) > _DIGITS:
        return problem("cell-digits", place, value=text)
    return None
