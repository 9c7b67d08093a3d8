"""The worked cases of the contract, held against the second implementation itself."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from naive import answers, folder, playbook, worklist
from naive.book import Row
from naive.cells import money, plain
from naive.conditions import holds
from naive.grading import BUILT_IN, band
from naive.making import AS_OF, ROLES, case, entry
from naive.pick import Pick
from naive.policies import grid
from naive.tasks import Life, tasks_due
from naive.terms import Terms
from naive.workdays import Workdays, add_months, span

OFFICE = Workdays(["sat", "sun"], ["2017-11-10"])


def due_days(
    due: dict[str, Any], life: Life, low: str, high: str, days: Workdays = OFFICE
) -> list[str]:
    """List an activity's days in a range."""
    found = tasks_due(
        playbook.activity(due, "all"), life, days, date.fromisoformat(low), date.fromisoformat(high)
    )
    return [str(task.due) for task in found]


def life(start: str | None, renewal: str | None = None, months: int = 12) -> Life:
    """Make what an account's dates hang on."""
    begin, end = (date.fromisoformat(text) if text else None for text in (start, renewal))
    return Life(begin, None, None, Terms(begin, end, months))


@pytest.mark.parametrize(
    ("amount", "size"),
    [("50000", "B"), ("50000.01", "A"), ("10000", "B"), ("9999.99", "C"), ("0", "C")],
)
def test_bands_have_sharp_edges(amount: str, size: str) -> None:
    """The built-in bands put each edge where the contract says."""
    assert band(BUILT_IN["potential"], Decimal(amount)) == size


def test_a_missing_potential_is_in_no_band() -> None:
    """A blank potential is never a C."""
    assert band(BUILT_IN["potential"], None) == ""


@pytest.mark.parametrize("text", ["", "abc", "-5", "1.23456", "1.234"])
def test_bad_money_is_missing(text: str) -> None:
    """What cannot be read for certain is not read at all."""
    assert money(text) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("50000.00", "50000"),
        ("1200.50", "1200.5"),
        ("0.25", "0.25"),
        ("1E+3", "1000"),
        ("0.0", "0"),
    ],
)
def test_numbers_are_written_short(number: str, text: str) -> None:
    """Every number is its shortest plain decimal."""
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("origin", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_end_where_months_end(origin: str, months: int, expected: str) -> None:
    """Months are counted from the original day and clipped."""
    assert str(add_months(date.fromisoformat(origin), months)) == expected


@pytest.mark.parametrize(
    ("begin", "by", "expected"),
    [
        ("2026-11-20", "+ 3bd", "2026-11-25"),
        ("2026-11-21", "+ 1bd", "2026-11-24"),
        ("2017-11-07", "+ 5bd", "2017-11-15"),
        ("2026-11-22", "- 1bd", "2026-11-19"),
    ],
)
def test_business_days_are_counted_as_written(begin: str, by: str, expected: str) -> None:
    """Counting first steps off a day off, then over the others."""
    assert str(OFFICE.shift(date.fromisoformat(begin), span(by))) == expected


def test_a_friday_and_three_days_is_a_monday() -> None:
    """Three days after a Friday are rolled off the weekend."""
    assert due_days(entry("x", "start + 3d"), life("2026-11-20"), "2026-01-01", "2027-01-01") == [
        "2026-11-23"
    ]


@given(
    begin=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    count=st.integers(1, 300),
    backward=st.booleans(),
    off=st.lists(st.integers(-100, 100), max_size=20),
)
def test_business_days_are_numpys(
    begin: date, count: int, *, backward: bool, off: list[int]
) -> None:
    """Business days are counted as ``numpy.busday_offset`` counts them."""
    holidays = sorted({str(begin + timedelta(days=day)) for day in off})
    days = Workdays(["sat", "sun"], holidays)
    by = -count if backward else count
    expected = np.busday_offset(
        str(begin), by, roll="backward" if backward else "forward", holidays=holidays
    )
    assert str(days.add(begin, by, backward=backward)) == str(expected)


@pytest.mark.parametrize(
    ("start", "renewal", "months", "expected"),
    [
        ("2026-01-31", None, 1, ("2026-01-31", "2026-02-28", "2026-01")),
        ("2025-06-01", "2027-01-01", 12, ("2025-06-01", "2026-01-01", "2025-01")),
        ("2025-12-20", "2027-01-01", 12, ("2025-12-20", "2027-01-01", "2026-01")),
        ("2025-12-01", "2027-01-01", 12, ("2025-12-01", "2026-01-01", "2025-01")),
        ("2026-12-20", "2026-11-30", 1, ("2026-12-20", "2027-01-30", "2026-12")),
    ],
)
def test_first_terms_are_cut_and_slivers_merged(
    start: str, renewal: str | None, months: int, expected: tuple[str, str, str]
) -> None:
    """The first term begins on the start; where only a sliver is left, the next one does."""
    first = life(start, renewal, months).terms.first
    assert first is not None
    assert (str(first.first), str(first.end), first.month) == expected


def test_a_passed_renewal_rolls_forward() -> None:
    """The current term is found by whole terms from a renewal long gone."""
    term = life(None, "2024-02-29").terms.current(AS_OF)
    assert term is not None
    assert (str(term.first), str(term.end)) == ("2026-02-28", "2027-02-28")


def test_months_of_offset_and_interval_are_applied_once() -> None:
    """Repeats in months do not lose the month's end on their way."""
    due = entry("x", "start + 1mo", every="1mo", times="3", roll="none")
    assert due_days(due, life("2026-01-31"), "2026-01-01", "2027-01-01") == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]


def test_repeats_stay_before_until() -> None:
    """A repeat on the day of ``until`` is one too many."""
    due = entry("x", "term + 3mo", every="3mo", until="renewal - 3mo", roll="none")
    found = due_days(due, life("2026-01-01"), "2026-01-01", "2026-12-31")
    assert found == ["2026-04-01", "2026-07-01"]


def test_a_roll_past_the_end_of_the_term_goes_back() -> None:
    """A weekend before the last days of a term is left towards the term."""
    due = entry("x", "renewal - 1d", roll="next")
    assert due_days(due, life("2025-11-29"), "2026-11-01", "2026-12-31") == ["2026-11-27"]


def test_a_renewal_before_the_start_is_due_on_the_start() -> None:
    """What would have been due before the account began is due when it begins, rolled forward."""
    due = entry("x", "renewal - 400d")
    assert due_days(due, life("2026-11-21"), "2025-01-01", "2026-12-31") == ["2026-11-23"]


def test_a_term_activity_after_its_term_is_not_planned() -> None:
    """An offset as long as the term gives nothing."""
    assert due_days(entry("x", "term + 12mo"), life("2025-01-01"), "2025-01-01", "2030-01-01") == []


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"seats": "over 5"}, True),
        ({"seats": ["1", "20.0"]}, True),
        ({"seats": "5..20"}, True),
        ({"champion": "STRONG"}, True),
        ({"champion": "not strong"}, False),
        ({"gone": "not strong"}, False),
        ({"gone": "missing"}, True),
        ({"champion": "contains ron"}, True),
        ({"state": "is not started"}, True),
        ({"beta": "yes"}, True),
        ({"day": "under 2026-12-01"}, True),
        ({"any": [{"gone": "present"}, {"seats": "20"}]}, True),
        ({"all": [{"beta": "no"}, {"seats": "20"}]}, False),
    ],
)
def test_conditions_hold_as_written(when: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    """Each kind of test means what it says."""
    facts = {
        "seats": "20",
        "champion": "Strong",
        "state": "Not started",
        "beta": "T",
        "day": "2026-11-30",
        "gone": "",
    }
    assert holds(when, facts) is expected


def test_an_account_without_dates_is_undated() -> None:
    """Nothing to count from is an empty due date in the calendar, and one line of work."""
    plans = {
        "ungraded": [
            entry("mail", "start", role="system"),
            entry("ask", "start"),
            entry("renew", "renewal"),
        ]
    }
    asked = case([{"account_id": "a", "csm": "Ann"}], plans)
    calendar = answers.calendar(asked)
    assert [(row["task_id"], row["status"]) for row in calendar] == [
        ("a:ask:u", "undated"),
        ("a:mail:u", "undated"),
        ("a:renew:u", "undated"),
    ]
    assert [(row["owner"], row["task_id"]) for row in worklist.worklist(asked)] == [
        ("Ann", "a:ask:u")
    ]


def test_the_ungraded_stay_in_the_backlog() -> None:
    """Grading is listed however old it is, once an activity, behind what is due."""
    rows = [{"account_id": "a", "csm": "Ann", "start_date": "2020-01-06"}]
    rows += [{"account_id": "b", "csm": "Ann", "start_date": "2026-11-24", "grade": "A1"}]
    plans = {
        "ungraded": [entry("grade", "start", every="30d", times="3")],
        "all": [entry("call", "start")],
    }
    found = worklist.worklist(case(rows, plans))
    assert [(row["rank"], row["due"], row["task_id"], row["status"]) for row in found] == [
        ("1", "2026-11-24", "b:call:s1", "open"),
        ("2", "2020-03-06", "a:grade:s3", "open"),
    ]


def test_people_are_in_a_task_once() -> None:
    """A lead who is also a further role has one row, and nobody is named beside himself."""
    rows = [
        {"account_id": "a", "csm": "Ann", "sales": "Ann", "grade": "A1", "start_date": "2026-11-23"}
    ]
    plans = {"1": [entry("call", "start", **{"with": ["sales", "system"]})]}
    found = worklist.worklist(case(rows, plans))
    assert [(row["owner"], row["part"], row["with"]) for row in found] == [
        ("Ann", "lead", "system")
    ]


def test_a_tier_replaces_in_place() -> None:
    """A tier's activity stands where the one for all stood, though its condition may not hold."""
    plans = {
        "all": [entry("one", "start"), entry("two", "start")],
        "1": [entry("three", "start"), entry("one", "start", when={"csm": "Bob"})],
    }
    book = playbook.Playbook(
        {"roles": ROLES, "plans": plans}, [{"account": "a", "remove": ["two"]}]
    )
    assert [one.id for one in book.plan("b", "A1", "1")] == ["one", "two", "three"]
    assert [one.id for one in book.plan("a", "A1", "1")] == ["one", "three"]
    rows = [{"account_id": "b", "csm": "Ann", "grade": "A1", "start_date": "2026-11-23"}]
    assert {row["activity"] for row in answers.calendar(case(rows, plans))} == {"two", "three"}


def test_shares_are_half_up() -> None:
    """A share has four decimals, and of nothing it is 0."""
    assert answers.share(Decimal(1), Decimal(3)) == "0.3333"
    assert answers.share(Decimal("0.00005"), Decimal(1)) == "0.0001"
    assert answers.share(Decimal(0), Decimal(0)) == "0"


@given(st.integers(0, 10**6))
def test_policies_are_written_as_they_are(seed: int) -> None:
    """What a generated policy says is what its file says, word for word."""
    policy = grid(Pick(seed), AS_OF)
    assert yaml.load(folder.yaml(policy), yaml.BaseLoader) == policy  # noqa: S506 (texts only)


@pytest.mark.parametrize(
    ("cells", "tier", "borderline"),
    [
        ({"grade": "a2"}, "2", "call to make"),
        ({"grade": "A2", "tier": "1"}, "1", "called"),
        ({"grade": "A2", "tier": "3"}, "3", "override"),
        ({"grade": "A1", "tier": "1.0"}, "1", ""),
        ({"grade": "A1", "tier": "2"}, "2", "override"),
        ({"tier": "2"}, "2", "override"),
        ({"potential": "abc", "likelihood": "1"}, "", ""),
    ],
)
def test_calls_and_overrides_are_marked(cells: Row, tier: str, borderline: str) -> None:
    """A tier by hand is a call, an override or nothing to speak of."""
    (row,) = answers.grade(case([{"account_id": "a", **cells}], {"all": [entry("x", "start")]}))
    assert (row["tier"], row["borderline"]) == (tier, borderline)
