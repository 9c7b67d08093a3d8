"""csprio and a second implementation, made from the contract alone, give the same answers."""

import csv
import io
import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from naive import answers, folder, worklist
from naive.book import Case, Row
from naive.strategies import cases, ranges, windows
from session import run

NOT_COMPARED = {"note", "why"}
ASKED = os.environ.get("CSPRIO_EXAMPLES")
EXAMPLES = (
    settings(max_examples=int(ASKED), derandomize=False)
    if ASKED
    else settings(max_examples=settings().max_examples * 4 // 3)
)


def compare(case: Case, command: str, options: list[str], expected: list[Row]) -> None:
    """Ask csprio about a case in a folder of its own, and hold its rows against these."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "book"
        folder.write(case, place)
        words = [command, "accounts.csv", "--as-of", str(case.as_of), "-f", "csv", *options]
        result = run(*words, cwd=place)
        told = f"\n$ csprio {' '.join(words)}\n{folder.show(place)}\n"
        assert result.code == 0, f"exit {result.code}: {result.err.decode()}{told}"
        table = list(csv.DictReader(io.StringIO(result.out.decode(), newline="")))
        found = [
            {key: value for key, value in row.items() if key not in NOT_COMPARED} for row in table
        ]
        difference = first_difference(found, expected)
        assert not difference, f"{told}{difference}"


def first_difference(found: list[Row], expected: list[Row]) -> str:
    """Say in which row and columns two answers part; nothing where they agree."""
    for number in range(max(len(found), len(expected))):
        one = found[number] if number < len(found) else None
        other = expected[number] if number < len(expected) else None
        if one == other and list(one or ()) == list(other or ()):
            continue
        columns = [
            key
            for key in {**(one or {}), **(other or {})}
            if (one or {}).get(key) != (other or {}).get(key)
        ]
        return (
            f"row {number + 1} (of {len(found)}, expected {len(expected)}) differs in {columns}\n"
            f"csprio: {one}\nnaive:  {other}"
        )
    return ""


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
