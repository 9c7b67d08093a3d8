"""csprio and the second implementation score the same files alike."""

import csv
import io
import os
import tempfile
from decimal import Decimal
from math import isclose
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreeing import compare
from csprio.decide import distinct
from csprio.read import pieces, text_pieces
from naive import answers, folder, scored, worklist
from naive.book import Case
from naive.signalling import added, narrowed, renewing, scored_cases
from naive.strategies import ranges, windows
from session import run

ASKED = os.environ.get("CSPRIO_EXAMPLES")
EXAMPLES = (
    settings(max_examples=int(ASKED), derandomize=False)
    if ASKED
    else settings(max_examples=max(settings().max_examples // 10, 10))
)
DIGITS = 1e-4  # two searches for the likeliest parameters need not stop at the same last digit


@EXAMPLES
@given(st.data())
def test_scores_agree(data: st.DataObject) -> None:
    """Both give every account the same scores, bands, ends, coverage and changes."""
    case = data.draw(scored_cases())
    where = data.draw(narrowed(case))
    compare(case, "scores", asked(where), scored.answer(case, where))


@EXAMPLES
@given(scored_cases(), st.sampled_from([48, 100, 300, 1000]), st.sampled_from([1, 3, 20]))
def test_scores_of_small_pieces_agree(case: Case, size: int, rows: int) -> None:
    """They are the same where a file is read a few bytes, and counted a few rows, at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "PIECE", size)
        patch.setattr(pieces, "ROWS", rows)
        patch.setattr(distinct, "MANY", rows)
        compare(case, "scores", [], scored.answer(case))


@EXAMPLES
@given(st.data())
def test_added_fields_agree(data: st.DataObject) -> None:
    """Both measure the same, show it beside the grade, and grade by it."""
    case = data.draw(scored_cases())
    names, where = added(case), data.draw(narrowed(case))
    options = ["--add", ",".join(names), *asked(where)]
    compare(case, "grade", options, answers.grade(case, names, where))


@EXAMPLES
@given(scored_cases())
def test_tiers_of_scores_agree(case: Case) -> None:
    """Both put the same accounts into the tiers that scores decide, and pool their answers."""
    surveys = [name for name in (case.signals or {})["measures"] if name == "nps"]
    options = ["--add=nps,nps_answers"] if surveys else []
    compare(case, "tiers", options, answers.tiers(case, surveys))


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
    wanted: dict[str, Any] = data.draw(windows(case.as_of))
    options = [f"--{name}={value}" for name, value in wanted.items()]
    compare(case, "worklist", options, worklist.worklist(case, **wanted))


@settings(max_examples=10)
@given(renewing())
def test_estimates_agree(case: Case) -> None:
    """Both find the same chance of a renewal in what accounts did, as near as searches come."""
    expected = [row["clv"] for row in answers.grade(case, ["clv"])]
    with tempfile.TemporaryDirectory() as name:
        folder.write(case, Path(name))
        words = ["grade", "accounts.csv", f"--as-of={case.as_of}", "-f", "csv", "--add=clv"]
        told = run(*words, cwd=Path(name)).good().decode()
    found = [row["clv"] for row in csv.DictReader(io.StringIO(told))]
    for one, other in zip(found, expected, strict=True):
        assert bool(one) == bool(other)
        assert isclose(Decimal(one or 0), Decimal(other or 0), rel_tol=DIGITS)


def asked(where: dict[str, str]) -> list[str]:
    """Write what is asked as options."""
    return [f"--where={field}={test}" for field, test in where.items()]
