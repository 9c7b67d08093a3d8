"""csprio and the second implementation score the same files alike.

Not collected as long as csprio has no command ``scores``; from then on its place is
``tests/test_scores_agree.py``, beside the other comparisons.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agreeing import EXAMPLES, compare
from naive import answers, scored, worklist
from naive.book import Case
from naive.signalling import added, scored_cases
from naive.strategies import ranges, windows


@EXAMPLES
@given(scored_cases())
def test_scores_agree(case: Case) -> None:
    """Both give every account the same scores, bands, ends, coverage and changes."""
    compare(case, "scores", [], scored.answer(case))


@EXAMPLES
@given(scored_cases())
def test_added_fields_agree(case: Case) -> None:
    """Both measure the same, show it beside the grade, and grade by it."""
    names = added(case)
    compare(case, "grade", ["--add", ",".join(names)], answers.grade(case, names))


@EXAMPLES
@given(scored_cases())
def test_tiers_of_scores_agree(case: Case) -> None:
    """Both put the same accounts into the tiers that scores decide."""
    compare(case, "tiers", [], answers.tiers(case))


@EXAMPLES
@given(st.data())
def test_calendars_of_signals_agree(data: st.DataObject) -> None:
    """Both plan by what scores say, and by the events that sources tell."""
    case = data.draw(scored_cases())
    first, last = data.draw(ranges(case.as_of))
    options = [f"--from={first}"] * bool(first) + [f"--to={last}"] * bool(last)
    compare(case, "calendar", options, answers.calendar(case, first, last))


@EXAMPLES
@given(st.data())
def test_worklists_of_signals_agree(data: st.DataObject) -> None:
    """Both give every person the same list."""
    case = data.draw(scored_cases())
    asked: dict[str, Any] = data.draw(windows(case.as_of))
    options = [f"--{name}={value}" for name, value in asked.items()]
    compare(case, "worklist", options, worklist.worklist(case, **asked))
