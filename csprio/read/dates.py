"""Dates as people and exports write them, and which of day and month comes first in a file.

Comes in: the text of a cell, trimmed. Goes out: a date, or a `Bad` that says why there is none.
The order of day and month is settled by a whole file, never guessed from one cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from csprio.read.amounts import Bad
from csprio.settings import FIRST_YEAR, LAST_YEAR

DMY, MDY = "dmy", "mdy"
_ORDER_WORDS = {DMY: "day first", MDY: "month first"}

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_MONTH = {name[:cut]: i for i, name in enumerate(_MONTHS, 1) for cut in (3, len(name))}
_MONTH["sept"] = 9

_ZONE = r"(?:\s*(?:Z|z|[+-][0-9]{2}(?::?[0-9]{2})?|\(?[A-Z]{2,5}\)?))?"
_CLOCK = r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?"
_TIME = rf"(?:(?:[Tt]|,?\s+){_CLOCK}(?:\s*[AaPp]\.?[Mm]\.?)?{_ZONE})?"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
    rf"|(?P<month2>[0-9]{{2}})(?P<day2>[0-9]{{2}})){_TIME}{_ZONE}"
)
_NAMED = (
    re.compile(rf"(?P<day>[0-9]{{1,2}})[-\s./]*(?P<name>[A-Za-z]{{3,9}})[-\s./,]*{_YEAR}{_TIME}"),
    re.compile(rf"(?P<name>[A-Za-z]{{3,9}})[\s.]*(?P<day>[0-9]{{1,2}})(?:,\s*|\s+){_YEAR}{_TIME}"),
)
_OPEN = re.compile(
    rf"(?P<first>[0-9]{{1,2}})(?P<sep>[-/.])(?P<second>[0-9]{{1,2}})(?P=sep){_YEAR}{_TIME}"
)
_SERIAL = re.compile(r"(?P<days>[0-9]{5})(?:\.[0-9]+)?")
_EXCEL_DAY_0 = date(1899, 12, 30)
_DAYS_KEPT = 1 << 15
_CENTURY_TURN = 70  # 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069


class Both(NamedTuple):
    """What a date without a month's name is day first, and month first; None where impossible."""

    dmy: date | None
    mdy: date | None


class Vote(NamedTuple):
    """A cell that speaks for an order of day and month: its row, its column, its text."""

    row: int
    column: str
    text: str


@dataclass(frozen=True)
class Votes:
    """The first cells of a column, or of a file, that speak for an order of day and month.

    `either` is the first that allows both orders and is another day in each.
    """

    dmy: Vote | None = None
    mdy: Vote | None = None
    either: Vote | None = None

    def __or__(self, other: Votes) -> Votes:
        """Keep the earlier of each."""
        return Votes(
            _earlier(self.dmy, other.dmy),
            _earlier(self.mdy, other.mdy),
            _earlier(self.either, other.either),
        )


def both_ways(text: str) -> Both | None:
    """Read a date whose order of day and month is open; None if it is not of that form."""
    match = _OPEN.fullmatch(text)
    if match is None:
        return None
    year, first, second = _year(match["year"]), int(match["first"]), int(match["second"])
    return Both(_day(year, second, first), _day(year, first, second))


@lru_cache(_DAYS_KEPT)  # the batches of a book have mostly the same days
def day_of(text: str, order: str | None) -> date | Bad:
    """Read a date; `order` is `dmy` or `mdy`, or None in a file where none is needed."""
    serial = _SERIAL.fullmatch(text)
    if serial is not None:
        day = _EXCEL_DAY_0 + timedelta(days=int(serial["days"]))
        near = FIRST_YEAR <= day.year <= LAST_YEAR
        return Bad("excel-date", {"day": day.isoformat()}) if near else _bad_date()
    found = both_ways(text)
    if found is not None:
        day_or_none = found.mdy if order == MDY else found.dmy
        hint = f"; dates are read {_ORDER_WORDS[order]} here" if order and any(found) else ""
        return _bad_date(hint) if day_or_none is None else _near(day_or_none)
    return _fixed(text)


def _fixed(text: str) -> date | Bad:
    """Read a date that says itself which part is the month."""
    if match := _YEAR_FIRST.fullmatch(text):
        month, day = match["month"] or match["month2"], match["day"] or match["day2"]
        found = _day(int(match["year"]), int(month), int(day))
        if found is None and int(match["year"]) == 0:
            return Bad("far-date")
    elif match := _NAMED[0].fullmatch(text) or _NAMED[1].fullmatch(text):
        number = _MONTH.get(match["name"].lower())
        found = _day(_year(match["year"]), number, int(match["day"])) if number else None
    else:
        found = None
    return _bad_date() if found is None else _near(found)


def _near(day: date) -> date | Bad:
    """Let pass the years that an account can have to do with."""
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else Bad("far-date")


def _year(text: str) -> int:
    """Read a year of two or four digits."""
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004 (two digits or four)
        return year
    return year + (1900 if year >= _CENTURY_TURN else 2000)


def _day(year: int, month: int, day: int) -> date | None:
    """Make a date; None if there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _earlier(one: Vote | None, two: Vote | None) -> Vote | None:
    """Give the one that stands in the earlier row."""
    return min(filter(None, (one, two)), default=None)


def _bad_date(order: str = "") -> Bad:
    """Say that there is no such date."""
    return Bad("bad-date", {"order": order})
