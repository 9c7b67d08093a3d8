"""Proves the arithmetic of days: months clipped, business days, rolls."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide.dates import BusinessDays, add_months, day
from csprio.rules import DaysOff, Offset, Roll, Unit

DAYS = st.dates(date(1970, 1, 1), date(2099, 12, 31))
MASKS = st.lists(st.booleans(), min_size=7, max_size=7).filter(any).map(tuple)
HOLIDAYS = st.lists(DAYS, max_size=8).map(tuple)
WEEKENDS = BusinessDays(DaysOff())
VETERANS = BusinessDays(DaysOff(holidays=(date(2017, 11, 10),)))


def one(moment: str | date) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Make a column of one day."""
    return np.array([moment], "M8[D]")


def the(days: np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]) -> str:
    """Write the only day of a column."""
    return str(days[0])


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("NaT", 1, "NaT"),
    ],
)
def test_months_are_clipped_to_the_end_of_the_month(start: str, months: int, expected: str) -> None:
    """A month on keeps the day where the month has it, else takes the month's last."""
    assert the(add_months(one(start), months)) == expected


@given(DAYS, st.integers(-400, 400))
def test_months_agree_with_the_calendar(start: date, months: int) -> None:
    """Month arithmetic equals counting on the calendar by hand."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    expected = date(year, month + 1, min(start.day, last))
    assert the(add_months(one(start), months)) == expected.isoformat()


@pytest.mark.parametrize(
    ("business", "start", "count", "expected"),
    [
        (WEEKENDS, "2026-11-27", 3, "2026-12-02"),  # Friday + 3bd = Wednesday
        (WEEKENDS, "2026-11-28", 1, "2026-12-01"),  # Saturday + 1bd = Tuesday
        (VETERANS, "2017-11-07", 5, "2017-11-15"),
        (WEEKENDS, "2026-11-28", -1, "2026-11-26"),
        (WEEKENDS, "2026-11-28", 0, "2026-11-30"),
    ],
)
def test_business_days(business: BusinessDays, start: str, count: int, expected: str) -> None:
    """The worked cases of business days."""
    backward = count < 0
    moved = business.shift(one(start), count, Unit.BUSINESS_DAYS, backward=backward)
    assert the(moved) == expected


def test_minus_no_business_days_goes_back() -> None:
    """`- 0bd` rolls backward first, where `+ 0bd` rolls forward."""
    moved = WEEKENDS.shift(one("2026-11-28"), 0, Unit.BUSINESS_DAYS, backward=True)
    assert the(moved) == "2026-11-27"


def test_three_days_from_friday_roll_to_monday() -> None:
    """Friday + 3d is Monday: the days count on, and no roll is needed."""
    moved = WEEKENDS.roll(WEEKENDS.shift(one("2026-11-27"), 3, Unit.DAYS), Roll.NEXT)
    assert the(moved) == "2026-11-30"


@given(DAYS, st.integers(-60, 60), MASKS, HOLIDAYS)
def test_business_days_agree_with_a_walk(
    start: date, count: int, mask: tuple[bool, ...], holidays: tuple[date, ...]
) -> None:
    """Counting business days equals walking day by day, and numpy's own function."""
    business = BusinessDays(DaysOff(mask, holidays))
    step = timedelta(days=-1 if count < 0 else 1)
    walked = start
    while not mask[walked.weekday()] or walked in holidays:
        walked += step
    for _ in range(abs(count)):
        walked += step
        while not mask[walked.weekday()] or walked in holidays:
            walked += step
    moved = business.shift(one(start), count, Unit.BUSINESS_DAYS, backward=count < 0)
    roll: Literal["forward", "backward"] = "backward" if count < 0 else "forward"
    calendar_of = np.busdaycalendar(list(mask), np.array(holidays, "M8[D]"))
    direct = np.busday_offset(one(start), [count], roll, busdaycal=calendar_of)
    assert the(moved) == walked.isoformat() == the(direct)


@given(DAYS, MASKS, HOLIDAYS, st.sampled_from(list(Roll)))
def test_rolls_stay_within_their_bound(
    start: date, mask: tuple[bool, ...], holidays: tuple[date, ...], how: Roll
) -> None:
    """A roll lands on a business day, the right way, and never farther than the bound."""
    business = BusinessDays(DaysOff(mask, holidays))
    rolled = business.roll(one(start), how)[0]
    moved = int((rolled - day(start)).astype(int))
    if how is Roll.NONE:
        assert moved == 0
        return
    assert mask[rolled.item().weekday()]
    assert rolled.item() not in holidays
    assert moved == 0 or (moved > 0) == (how is Roll.NEXT)
    assert abs(moved) <= business.longest_roll


@given(DAYS, st.integers(-90, 90), st.booleans(), st.sampled_from(list(Unit)), MASKS, HOLIDAYS)
def test_moves_bound_every_offset(  # noqa: PLR0913, PLR0917 - an offset, and a calendar
    start: date,
    count: int,
    backward: bool,  # noqa: FBT001 - drawn like the others
    unit: Unit,
    mask: tuple[bool, ...],
    holidays: tuple[date, ...],
) -> None:
    """An offset moves a day as far as its bounds say, the right way."""
    business = BusinessDays(DaysOff(mask, holidays))
    backward = count < 0 or (backward and not count)
    moved = business.shift(one(start), count, unit, backward=backward)[0]
    least, most = business.moves(Offset(count, unit, backward))
    assert least <= int((moved - day(start)).astype(int)) <= most


@given(DAYS, st.integers(-90, 90), st.sampled_from(list(Unit)), MASKS, HOLIDAYS)
def test_reach_bounds_every_offset(
    start: date, count: int, unit: Unit, mask: tuple[bool, ...], holidays: tuple[date, ...]
) -> None:
    """No offset moves a day farther than its reach."""
    business = BusinessDays(DaysOff(mask, holidays))
    moved = business.shift(one(start), count, unit, backward=count < 0)[0]
    assert abs(int((moved - day(start)).astype(int))) <= business.reach(Offset(count, unit))
