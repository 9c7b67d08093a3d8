"""Proves what stands in a worklist where nobody is at hand to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from session import run

if TYPE_CHECKING:
    from pathlib import Path

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
