"""Provokes every problem that csprio can report: one failing input each, with its message.

`tests/problems/CODE/` is a case as in cases.py, with `expected.err` (or, for a finding that only
`check` reports, an `expected.csv`) that names the code.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cases import ask_case, compare_case, write_case
from csprio import codes
from csprio.codes import CODES

CASES = sorted(path.parent for path in Path(__file__).parent.glob("problems/*/command"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_problem(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A failing input gives exactly the message, and the exit code, that its folder says."""
    answer = ask_case(case, tmp_path)
    if request.config.getoption("--update-golden"):
        write_case(case, answer, with_stderr=True)
    compare_case(case, answer)
    said = (answer.result.err + answer.result.out).decode()
    assert case.name in said, f"the message does not name {case.name}: {said}"
    assert (case / "expected.err").exists() or answer.result.err == b""


def test_catalogue() -> None:
    """Every code of the catalogue has its failing input, and every failing input its code."""
    assert {case.name for case in CASES} == set(CODES)


def test_no_code_stands_for_two() -> None:
    """A name is given once: of two codes called alike one would say what the other means."""
    rooms = [room for room in vars(codes).values() if isinstance(room, tuple)]
    names = [code.name for room in rooms for code in room]
    assert len(names) == len(set(names))
    assert set(names) == set(CODES)
