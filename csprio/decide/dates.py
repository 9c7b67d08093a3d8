"""Date arithmetic on whole columns of days.

In and out: arrays of `datetime64[D]`, NaT where a day is missing. Per account. Months are counted
on the calendar with the day clipped to the month's end; business days as `numpy.busday_offset`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from csprio.rules import DaysOff, Offset, Roll, Unit

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    Days = npt.NDArray[np.datetime64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

NEVER = np.datetime64("NaT", "D")
LONGEST_MONTH, SHORTEST_MONTH, WEEK = 31, 28, 7
# The calendar that days are looked up in, far wider than any file's dates: numpy's own way from
# days to months works out the year of every single day, which takes ten times as long.
_FIRST_MONTH, _LAST_MONTH = np.datetime64("1800-01"), np.datetime64("2500-01")


def days_of(column: pa.Array | pa.ChunkedArray) -> Days:
    """Turn an Arrow date column into days, nulls into NaT."""
    return np.asarray(column.to_numpy(zero_copy_only=False)).astype("M8[D]")


@cache
def _calendar() -> tuple[Ints, npt.NDArray[np.int32], int]:
    """Give the first day of each month, the month of each day, and the number of the first day.

    Months count from the first one of the calendar, days from the first day.
    """
    begins = np.arange(_FIRST_MONTH, _LAST_MONTH).astype("M8[D]").astype(np.int64)
    month = np.repeat(np.arange(len(begins) - 1, dtype=np.int32), np.diff(begins))
    return begins, month, int(begins[0])


def add_months(days: Days, months: Ints | int) -> Days:
    """Add whole months, the day clipped to the end of the month: 31 Jan + 1 is 28 or 29 Feb."""
    begins, month_of, first = _calendar()
    number = days.astype("M8[D]").astype(np.int64)
    known = (number >= first) & (number < begins[-1])  # NaT is the least number of all
    number = np.where(known, number, first)
    month = month_of[number - first]
    target = month + months
    known &= (target >= 0) & (target < len(begins) - 1)
    target = np.where(known, target, 0)
    start = begins[target]
    day_of_month = number - begins[month]
    added = np.minimum(start + day_of_month, begins[target + 1] - 1)
    return np.where(known, added.astype("M8[D]"), NEVER)


def months_between(earlier: Days, later: Days) -> Ints:
    """Count calendar months from the month of `earlier` to the month of `later`, both known.

    Days outside the calendar count as its first or its last day.
    """
    return months_of(later) - months_of(earlier)


def months_of(days: Days) -> Ints:
    """Give each day, all of them known, the number of its calendar month; they count on."""
    _, month_of, first = _calendar()
    place = np.clip(days.astype(np.int64) - first, 0, len(month_of) - 1)
    return np.asarray(month_of[place]).astype(np.int64)


@dataclass(frozen=True)
class BusinessDays:
    """A business calendar, and arithmetic on it."""

    days_off: DaysOff

    @cached_property
    def calendar(self) -> np.busdaycalendar:
        """The calendar as numpy counts on it."""
        holidays = np.array(self.days_off.holidays, "M8[D]")
        return np.busdaycalendar(weekmask=list(self.days_off.weekmask), holidays=holidays)

    @cached_property
    def longest_roll(self) -> int:
        """The most days that a roll can move a date."""
        free_of_holidays = np.arange(np.datetime64("2001-01-01"), np.datetime64("2001-01-15"))
        spans = [free_of_holidays]
        if self.days_off.holidays:
            first, last = min(self.days_off.holidays), max(self.days_off.holidays)
            spans.append(np.arange(np.datetime64(first, "D") - 14, np.datetime64(last, "D") + 15))
        return max(_longest_run(~np.is_busday(span, busdaycal=self.calendar)) for span in spans)

    def shift(self, days: Days, count: Ints | int, unit: Unit, *, backward: bool = False) -> Days:
        """Add `count` units (negative ones go back); `backward` decides how a zero `bd` rolls."""
        if unit is Unit.MONTHS:
            return add_months(days, count)
        if unit is Unit.DAYS:
            return np.asarray(days + np.asarray(count).astype("m8[D]"))
        return self._offset(days, count, "backward" if backward else "forward")

    def roll(self, days: Days, how: Roll) -> Days:
        """Move days off to the next or the previous business day, or leave them."""
        if how is Roll.NONE:
            return days
        return self._offset(days, 0, "forward" if how is Roll.NEXT else "backward")

    def _offset(self, days: Days, count: Ints | int, roll: Literal["forward", "backward"]) -> Days:
        counts = np.asarray(count)
        return np.asarray(np.busday_offset(days, counts, roll, busdaycal=self.calendar))

    def moves(self, offset: Offset) -> tuple[int, int]:
        """Bound from below and above the days from a date to what an offset makes of it."""
        if offset.unit is Unit.BUSINESS_DAYS:
            reach = self.reach(offset)
            return (-reach, 0) if offset.backward or offset.count < 0 else (0, reach)
        if offset.unit is Unit.DAYS:
            return offset.count, offset.count
        least, most = sorted((offset.count * SHORTEST_MONTH, offset.count * LONGEST_MONTH))
        return least, most

    def reach(self, offset: Offset) -> int:
        """Bound from above how many days an offset can move a date, whichever way."""
        count = abs(offset.count)
        if offset.unit is Unit.DAYS:
            return count
        if offset.unit is Unit.MONTHS:
            return count * LONGEST_MONTH
        worked = sum(self.days_off.weekmask)
        return (count + len(self.days_off.holidays)) * WEEK // worked + 2 * WEEK


def _longest_run(flags: Mask) -> int:
    """Count the longest run of true entries."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return int(np.max(edges[1::2] - edges[::2], initial=0))


def day(moment: date) -> np.datetime64:
    """Turn one date into a numpy day."""
    return np.datetime64(moment, "D")


def date_column(days: Days) -> pa.Array:
    """Turn days into an Arrow date column, NaT into null."""
    return pa.array(days.astype("M8[D]"), pa.date32())
