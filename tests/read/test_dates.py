"""Dates, form by form."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.read.amounts import Bad
from csprio.read.dates import DMY, MDY, both_ways, day_of

DAYS = st.dates(date(1970, 1, 1), date(2099, 12, 31))
DAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03", "2026-11-3", "2026/11/03", "2026.11.3", "20261103",
        "2026-11-03T00:00:00.000Z", "2026-11-03T23:59:59+0000", "2026-11-03 10:30",
        "2026-11-03 10:30:00 UTC", "2026-11-03 10:30:00.123456+05:30", "2026-11-03Z",
        "3 Nov 2026", "03 november 2026", "Nov 3, 2026", "November 3 2026", "3-NOV-26",
        "03-Nov-2026 10:30", "Nov 3, 2026 8:55 PM", "Nov. 3, 2026",
    ],
)  # fmt: skip
def test_dates_that_say_their_month(text: str) -> None:
    """ISO and year first, month names, with or without a time, mean the day written."""
    assert day_of(text, None) == DAY


@pytest.mark.parametrize(
    ("text", "dmy", "mdy"),
    [
        ("03/11/2026", (2026, 11, 3), (2026, 3, 11)),
        ("3.11.26", (2026, 11, 3), (2026, 3, 11)),
        ("3-11-69 08:55 PM", (2069, 11, 3), (2069, 3, 11)),
        ("3-11-70", (1970, 11, 3), (1970, 3, 11)),
        ("23/11/2026", (2026, 11, 23), None),
        ("11/23/2026, 8:55:00\u202fPM", None, (2026, 11, 23)),
        ("05/05/2026", (2026, 5, 5), (2026, 5, 5)),
        ("31/02/2026", None, None),
    ],
)
def test_open_dates_read_both_ways(
    text: str, dmy: tuple[int, int, int] | None, mdy: tuple[int, int, int] | None
) -> None:
    """Day and month in figures read as the order says; what no month allows is no date."""
    both = both_ways(text)
    assert both is not None
    assert both.dmy == (date(*dmy) if dmy else None)
    assert both.mdy == (date(*mdy) if mdy else None)
    for order, day in ((DMY, both.dmy), (MDY, both.mdy)):
        found = day_of(text, order)
        assert isinstance(found, Bad) if day is None else found == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1969-12-31", "far-date"), ("2100-01-01", "far-date"), ("9999-12-31", "far-date"),
        ("0000-00-00", "far-date"), ("01/01/1900", "far-date"), ("25569", "excel-date"),
        ("45000.75", "excel-date"), ("73050", "excel-date"), ("73051", "bad-date"),
        ("2026-02-30", "bad-date"), ("2026-13-01", "bad-date"), ("2026", "bad-date"),
        ("Nov 2026", "bad-date"), ("23 Foo 2026", "bad-date"), ("1/2/3", "bad-date"),
        ("1/2-2026", "bad-date"), ("2026-11-23 25:00", "bad-date"), ("soon", "bad-date"),
        ("1700000000000", "bad-date"), ("29 Feb 2025", "bad-date"),
    ],
)  # fmt: skip
def test_what_is_no_date(text: str, code: str) -> None:
    """Impossible days, years too far off and Excel's day numbers are told apart."""
    found = day_of(text, DMY)
    assert isinstance(found, Bad)
    assert found.code == code


@given(DAYS)
def test_every_day_comes_back(day: date) -> None:
    """Every day from 1970 to 2099 reads as itself in each form."""
    forms = ["%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%Y-%m-%dT%H:%M:%S"]
    assert {day_of(day.strftime(form), None) for form in forms} == {day}
    assert day_of(day.strftime("%d.%m.%Y"), DMY) == day == day_of(day.strftime("%m/%d/%Y"), MDY)


@given(DAYS)
def test_excel_days_name_the_day_they_mean(day: date) -> None:
    """An Excel day number is refused with the date that it stands for."""
    found = day_of(str((day - date(1899, 12, 30)) // timedelta(days=1)), DMY)
    assert found == Bad("excel-date", {"day": day.isoformat()})


@given(st.text(alphabet="0123456789/-. :TZNovJan", max_size=16))
def test_nothing_breaks_the_reader(text: str) -> None:
    """Any text is either read or refused."""
    assert isinstance(day_of(text, DMY), date | Bad)
