"""csprio and a second implementation, made from the contract alone, give the same answers."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agreeing import EXAMPLES, compare
from naive import answers, worklist
from naive.book import Case
from naive.strategies import cases, ranges, windows


@EXAMPLES
@given(cases())
def test_grade_agrees(case: Case) -> None:
    """Every account gets the same size, likelihood, grade, tier, basis and mark from both."""
    compare(case, "grade", [], answers.grade(case))


@EXAMPLES
@given(cases())
def test_tiers_agree(case: Case) -> None:
    """Both count and sum up the same book."""
    compare(case, "tiers", [], answers.tiers(case))


@EXAMPLES
@given(cases())
def test_calendars_agree(case: Case) -> None:
    """Both plan the same tasks for the current term of every account."""
    compare(case, "calendar", [], answers.calendar(case))


@EXAMPLES
@given(st.data())
def test_calendars_of_ranges_agree(data: st.DataObject) -> None:
    """Both find the same tasks in a range, in one that only begins and in one that only ends."""
    case = data.draw(cases())
    first, last = data.draw(ranges(case.as_of))
    options = [f"--from={first}"] * bool(first) + [f"--to={last}"] * bool(last)
    compare(case, "calendar", options, answers.calendar(case, first, last))


@EXAMPLES
@given(st.data())
def test_worklists_agree(data: st.DataObject) -> None:
    """Both give every person the same list, in the same order."""
    case = data.draw(cases())
    asked: dict[str, Any] = data.draw(windows(case.as_of))
    options = [f"--{name}={value}" for name, value in asked.items()]
    compare(case, "worklist", options, worklist.worklist(case, **asked))
