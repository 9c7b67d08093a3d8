"""Proves that the short cuts to tasks end where the long way does, account by account."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from csprio.decide import calendar, occurrences, worklist
from csprio.decide.lives import Lives
from naive import folder
from naive.strategies import cases
from session import run

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.calendar import Schedule
    from naive.book import Case

EXAMPLES = settings(max_examples=max(settings().max_examples // 8, 10))
CELLS = ("start_date", "renewal_date", "term_months", "notice_days", "graded_on", "grade", "tier")
QUESTIONS = (
    ("calendar",),
    ("calendar", "--from=2025-11-01", "--to=2027-12-31"),
    ("worklist",),
    ("worklist", "--days=90"),
    ("worklist", "--days=90", "--automated"),
    ("calendar", "--from=2026-11-23", "--to=2026-12-20"),
)


def alone(schedule: Schedule) -> Lives:
    """Give every account a life of its own."""
    rows = np.arange(len(schedule.accounts))
    return Lives(rows, rows)


def anybody(_: object, rows: npt.NDArray[np.int64], *__: object) -> npt.NDArray[np.bool_]:
    """Leave no account out before its tasks are dated."""
    return np.ones(len(rows), bool)


def family(case: Case) -> Case:
    """Give every account a twin, and siblings that have one cell of the account after it."""
    rows = []
    for row, other in zip(case.rows, [*case.rows[1:], case.rows[0]], strict=True):
        cells = [name for name in CELLS if name in row]
        siblings = [{name: other[name] if other[name] != row[name] else ""} for name in cells]
        for number, cell in enumerate([{}, {}, *siblings]):
            rows.append({**row, **cell, "account_id": f"{row['account_id']}-{number}"})
        rows.append(row)
    return replace(case, rows=rows)


def answers(case: Case, place: Path) -> list[bytes]:
    """Ask about the tasks of a case."""
    asked = ["--as-of", str(case.as_of), "-f", "csv"]
    results = [run(*question, *asked, cwd=place) for question in QUESTIONS]
    return [result.out for result in results]


@EXAMPLES
@given(cases().map(family), st.sampled_from([1, 2, 1 << 16]))
def test_sharing_a_life_changes_no_answer(case: Case, at_once: int) -> None:
    """Dated life by life, in parts of any size, tasks are what they are account by account."""
    with TemporaryDirectory() as name:
        place = Path(name)
        folder.write(case, place)
        with patch("csprio.decide.agenda.TASKS_AT_ONCE", at_once):
            shared = answers(case, place)
        with (
            patch.object(calendar, "lives_of", alone),
            patch.object(worklist, "lives_of", alone),
            patch.object(occurrences, "can_be_due", anybody),
        ):
            apart = answers(case, place)
    assert shared == apart


PLANS = """\
roles:
  csm: {title: CSM}
plans:
  all:
"""


def test_one_of_many_activities_makes_another_life(tmp_path: Path) -> None:
    """Accounts whose plans differ in a single activity, of however many, do not share a life."""
    ids = [f"step-{number}" for number in range(70)]
    lines = [
        f"    - {{id: {id_}, role: csm, due: start, when: {{segment: not {id_}}}}}" for id_ in ids
    ]
    (tmp_path / "playbook.yaml").write_text(PLANS + "\n".join(lines) + "\n")
    rows = [f"{id_},B2,2026-01-05,{id_}" for id_ in [*ids, "other"]]
    book = "\n".join(["account_id,grade,start_date,segment", *rows])
    (tmp_path / "accounts.csv").write_text(book + "\n")
    asked = ["accounts.csv", "--playbook", "playbook.yaml", "--as-of", "2026-11-23", "-q"]
    answer = run("calendar", *asked, "-f", "csv", cwd=tmp_path).good().decode().splitlines()
    got = {line.split(",")[-1].removesuffix(":s1") for line in answer[1:]}
    assert got == {f"{one}:{each}" for one in [*ids, "other"] for each in ids if one != each}
