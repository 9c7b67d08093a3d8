"""Cells of an answer as a workbook holds them: numbers, dates as numbers of days, and text.

Comes in: a column and its Arrow values. Goes out: a list with a number, a text or None for each
row. What a workbook cannot hold is changed and counted. Nothing becomes a number that would lose a
digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.problems import Place, problem
from csprio.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.problems import Problem
    from csprio.tables import Column

    Value = str | int | float | None

MOST_CHARACTERS = 32_767  # of a cell
_DIGITS = 15  # that a spreadsheet program keeps of a number
# What XML cannot hold, even as a reference; a line end is written as one.
_NO_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
_NO_XML_ARROW = r"[\x{00}-\x{08}\x{0b}\x{0c}\x{0e}-\x{1f}\x{fffe}\x{ffff}]"
_UNKNOWN = "\ufffd"
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, for every day from March 1900 on
_BASE = (date(1970, 1, 1) - _EPOCH).days
_NUMBERS = (Kind.MONEY, Kind.SHARE, Kind.NUMBER)


@dataclass
class Texts:
    """Makes texts of cells, and remembers what had to be changed."""

    cut: dict[str, str] = field(default_factory=dict)  # text as it was, by column of the first one
    changed: dict[str, str] = field(default_factory=dict)

    def text(self, text: str, column: str) -> str:
        """Make one text such that a cell can hold it."""
        if re.search(_NO_XML, text):
            self.changed.setdefault(text, column)
            text = re.sub(_NO_XML, _UNKNOWN, text)
        if _long(text):
            self.cut.setdefault(text, column)
            text = text.encode("utf-16-le")[: 2 * MOST_CHARACTERS].decode("utf-16-le", "ignore")
        return text

    def column(self, values: pa.ChunkedArray, name: str) -> list[str | None]:
        """Make a column of texts; most are fine as they are."""
        values = values.cast(pa.string())
        found: list[str | None] = values.to_pylist()
        odd = pc.match_substring_regex(values, _NO_XML_ARROW)
        long = pc.greater(pc.binary_length(values), MOST_CHARACTERS)
        if pc.any(pc.or_(odd, long)).as_py():
            return [each if each is None else self.text(each, name) for each in found]
        return found

    @property
    def problems(self) -> list[Problem]:
        """Say what is not in the workbook as it is in the data."""
        found = []
        for code, texts in (("workbook-cut", self.cut), ("workbook-characters", self.changed)):
            if texts:
                text, column = next(iter(texts.items()))
                count = "one text" if len(texts) == 1 else f"{len(texts)} texts"
                facts = {"texts": count, "column": column, "value": text[:20]}
                found.append(problem(code, Place(""), **facts))
        return found


def cells_of(column: Column, values: pa.ChunkedArray, texts: Texts) -> Sequence[Value]:
    """Make the cells of a column."""
    kind = values.type
    if pa.types.is_date32(kind):
        days = values.cast(pa.int32()).to_pylist()
        return [None if each is None else each + _BASE for each in days]
    if pa.types.is_integer(kind):
        return [_whole(each) for each in values.to_pylist()]
    if pa.types.is_decimal(kind):
        return [exact(each) for each in values.to_pylist()]
    if pa.types.is_floating(kind):
        return [None if each is None else exact(Decimal(repr(each))) for each in values.to_pylist()]
    found = texts.column(values, column.name)
    if column.kind in _NUMBERS:
        return [_number(each) for each in found]
    return found


def day_number(day: date) -> int:
    """Give the number by which a spreadsheet knows a day."""
    return (day - _EPOCH).days


def _long(text: str) -> bool:
    return len(text.encode("utf-16-le")) > 2 * MOST_CHARACTERS


def _whole(value: int | None) -> Value:
    return value if value is None or abs(value) < 10**_DIGITS else str(value)


def exact(value: Decimal | None) -> Value:
    """Give a number if it keeps all its digits, else its text."""
    if value is None or not value.is_finite():
        return None
    shortest = value.normalize()
    if len(shortest.as_tuple().digits) > _DIGITS:
        return f"{value:f}"
    return int(shortest) if shortest == shortest.to_integral_value() else float(shortest)


def _number(text: str | None) -> Value:
    """Give the number that a text writes plainly; another text stays one."""
    if not text:
        return None
    try:
        return exact(Decimal(text))
    except InvalidOperation:
        return text
