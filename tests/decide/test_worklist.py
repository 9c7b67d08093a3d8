"""Proves what stands in worklists, and that batches of accounts are ranked as one book."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from csprio import pipeline
from csprio.decide.listed import Window
from csprio.decide.worklist import listed_rows, ranked
from session import run

if TYPE_CHECKING:
    from pathlib import Path

    from csprio.decide.calendar import Schedule
    from csprio.decide.worklist import Ranked

BOOK = """\
roles:
  csm: {title: CSM}
  system: {title: Machine, automated: true}
plans:
  all:
    - {id: welcome, role: system, due: start%s}
"""


@pytest.mark.parametrize(
    ("more", "listed"),
    [("", []), ("}\n    - {id: kickoff, role: csm, due: term + 5bd", ["A:kickoff:u"])],
)
def test_first_undated_is_a_person_s(more: str, listed: list[str], tmp_path: Path) -> None:
    """Of an account without dates the first activity that a person does is listed, if any."""
    (tmp_path / "accounts.csv").write_text("account_id,grade\nA,B2\n")
    (tmp_path / "playbook.yaml").write_text(BOOK % more)
    asked = ["accounts.csv", "--playbook", "playbook.yaml", "--as-of", "2026-11-23", "-q"]
    lines = run("worklist", *asked, cwd=tmp_path).good().decode().splitlines()
    assert [line.split(",")[-4] for line in lines[1:]] == listed


TEAMS = """\
roles:
  csm: {title: CSM}
  sales: {title: Sales}
plans:
  all:
    - {id: hello, role: csm, with: [sales], due: term + 5bd, every: 1mo}
    - {id: again, role: sales, due: term + 5bd, every: 1mo}
  ungraded:
    - {id: grade, role: sales, due: start, ends_with: grade}
"""
HEADER = "account_id,grade,start_date,potential,arr,csm,sales\n"
ACCOUNTS = [
    "10,B2,2026-01-16,5000,,Ann,Bob",
    "9,B2,2026-01-16,5000,,Ann,ann",
    "é,A1,2026-01-16,70000,10,Ann,Bob",
    "a,,2026-01-16,,500,,Bob",
    "b,,2026-01-16,900,,Bob,",
    "c,,2026-01-16,900,20,Bob,Bob",
    "d,,,900,20,Bob,Bob",
]
WEEKS = Window(np.datetime64("2026-11-23"), np.datetime64("2026-12-31"))


def planned(folder: Path, accounts: list[str]) -> Schedule:
    """Plan some accounts."""
    (folder / "accounts.csv").write_text(HEADER + "".join(f"{line}\n" for line in accounts))
    (folder / "playbook.yaml").write_text(TEAMS)
    files = (str(folder / "accounts.csv"),)
    question = pipeline.Question(files, date(2026, 11, 23), playbook=str(folder / "playbook.yaml"))
    return pipeline.plan(pipeline.grade(pipeline.read(question, io.BytesIO())))


def in_order(lists: Ranked) -> pa.Table:
    """Give all rows as one table."""
    return pa.concat_tables(lists.parts())


@pytest.mark.parametrize("size", [1, 2, 3])
def test_batches_are_ranked_as_one_book(size: int, tmp_path: Path) -> None:
    """Accounts listed batch by batch, then ranked together, make the lists of the whole book."""
    whole = planned(tmp_path, ACCOUNTS)
    tiers = whole.policy.grid.tier_keys
    batches = [ACCOUNTS[at : at + size] for at in range(0, len(ACCOUNTS), size)]
    rows = [listed_rows(planned(tmp_path, batch), WEEKS) for batch in batches]
    together = ranked(pa.concat_tables(rows), tiers)
    at_once = ranked(listed_rows(whole, WEEKS), tiers)
    assert in_order(together).drop_columns("row") == in_order(at_once).drop_columns("row")
    assert together.backlog == at_once.backlog


def test_texts_settle_what_numbers_leave_open(tmp_path: Path) -> None:
    """Tasks alike in all else stand by account, then activity, by code point."""
    alike = [f"{name},B2,2026-01-16,5000,,Ann,Ann" for name in ("é", "9", "10")]
    tasks = planned(tmp_path, alike)
    lists = ranked(listed_rows(tasks, WEEKS), tasks.policy.grid.tier_keys)
    names = in_order(lists)["task_id"].to_pylist()
    first = [tuple(name.split(":")[:2]) for name in names[:6]]
    assert first == [(name, each) for name in ("10", "9", "é") for each in ("again", "hello")]
