"""Numbers and dates as a policy writes them: exact, one way of writing, never a guess.

Comes in: text. Goes out: an exact Decimal or a date, or None. `read_number` adds the problem.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from csprio.problems import problem
from csprio.read.wording import short
from csprio.settings import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from csprio.problems import Place, Problem

WHOLE_DIGITS, PLACES = 14, 10
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<part>\.[0-9]+)?\s?(?P<times>[kKmM]?)"
)
_AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


def number(text: str) -> Decimal | None:
    """Read `50000`, `50,000`, `50k`, `1.2M`, `-3`, `0.5` exactly; None if it is no number."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    digits = match["whole"].replace(",", "") + (match["part"] or "")
    if len(digits) > WHOLE_DIGITS + PLACES + 1:  # past any use; exactness would end at 28 digits
        return Decimal(match["sign"] + digits)
    return tidy(Decimal(match["sign"] + digits) * _TIMES[match["times"].lower()])


def tidy(value: Decimal) -> Decimal:
    """Drop trailing zeros after the point, and exponents."""
    bare = value.normalize()
    return Decimal(f"{bare:f}") if int(bare.as_tuple().exponent) > 0 else bare


def plain_number(value: Decimal) -> str:
    """Write a number as its shortest plain decimal."""
    return format(tidy(value), "f")


def places(value: Decimal) -> int:
    """Count the digits after the point."""
    return max(0, -int(value.as_tuple().exponent))


def read_number(
    text: str, place: Place, problems: list[Problem], most_places: int = PLACES
) -> Decimal | None:
    """Read a number, refusing what reads two ways (`50.000`) or has too many digits."""
    value = number(text)
    if value is None:
        return None
    if _AMBIGUOUS.fullmatch(text):
        problems.append(_ambiguous(text, place))
    elif abs(value) >= 10**WHOLE_DIGITS or places(value) > most_places:
        problems.append(problem("number-bounds", place, text=short(text), places=most_places))
        return None
    return value


def _ambiguous(text: str, place: Place) -> Problem:
    small, large = tidy(Decimal(text)), text.replace(".", "")
    decimal = format(small, "f") if places(small) != 3 else text + "0"  # noqa: PLR2004 - a group of three is what reads two ways
    grouped = format(int(large), ",")
    return problem(
        "number-ambiguous", place,
        text=text, small=format(small, "f"), large=large, plain=decimal, grouped=grouped,
    )  # fmt: skip


def looks_like_date(text: str) -> bool:
    """Tell whether a text has the form of an ISO date, real day or not."""
    return _DATE.fullmatch(text) is not None


def iso_date(text: str) -> date | None:
    """Read an ISO date of the years 1970 to 2099; None if it is none."""
    if not looks_like_date(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def read_date(text: str, place: Place, problems: list[Problem]) -> date | None:
    """Read an ISO date; what only looks like one is a problem."""
    day = iso_date(text)
    if day is None and looks_like_date(text):
        problems.append(problem("test-date", place, text=text))
    return day
