"""Date arithmetic on whole columns of days.

In and out: arrays of `datetime64[D]`, NaT where a day is missing. Per account. Months are counted
on the calendar with the day clipped to the month's end; business days as `numpy.busday_offset`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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


def days_of(column: pa.Array | pa.ChunkedArray) -> Days:
    """Turn an Arrow date column into days, nulls into NaT."""
    return np.asarray(column.to_numpy(zero_copy_only=False)).astype("M8[D]")


def add_months(days: Days, months: Ints | int) -> Days:
    """Add whole months, the day clipped to the end of the month: 31 Jan + 1 is 28 or 29 Feb."""
    month = days.astype("M8[M]")
    target = month + months
    day_of_month = days - month.astype("M8[D]")
    last = (target + 1).astype("M8[D]") - target.astype("M8[D]") - 1
    added: Days = target.astype("M8[D]") + np.minimum(day_of_month, last)
    return added


def months_between(earlier: Days, later: Days) -> Ints:
    """Count calendar months from the month of `earlier` to the month of `later`."""
    months: Ints = (later.astype("M8[M]") - earlier.astype("M8[M]")).astype(np.int64)
    return months


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
