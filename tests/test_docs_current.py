"""Compares the generated pages of docs/ with what they are made from."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

from csprio.codes import CODES
from csprio.journal import COLUMNS, KINDS
from csprio.team import COLUMNS as TEAM

ROOT = Path(__file__).parent.parent
GENERATE = ROOT / "docs" / "generate.py"


def test_generated_pages_are_current() -> None:
    """Commands, problems and fields are documented as the code has them."""
    done = subprocess.run(
        [sys.executable, str(GENERATE), "--check"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_a_page_out_of_date_is_named(tmp_path: Path) -> None:
    """A page that somebody changed by hand, and one that is not there, are both found."""
    made = runpy.run_path(str(GENERATE), run_name="generate")
    for name in made["PAGES"]:
        shutil.copy(ROOT / "docs" / name, tmp_path / name)
    assert made["stale"](tmp_path) == []
    (tmp_path / "fields.md").write_text("# Fields\n", encoding="utf-8")
    (tmp_path / "commands.md").unlink()
    assert made["stale"](tmp_path) == ["commands.md", "fields.md"]


def test_every_problem_is_explained() -> None:
    """The catalogue has a heading for each code, and an example below it."""
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    parts = page.split("\n### ")[1:]
    assert {part.split("\n", 1)[0] for part in parts} == set(CODES)
    assert [part.split("\n", 1)[0] for part in parts if "```text\n" not in part] == []


def test_every_kind_of_entry_is_explained() -> None:
    """The chapter on the journal has a row for each kind, in order, and names all columns."""
    page = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\| `(\w+)` \| `csprio log ", page) == list(KINDS)
    assert f"`{','.join(COLUMNS)}`" in page


def test_every_column_of_the_team_is_explained() -> None:
    """The page on the team has each of its columns."""
    page = (ROOT / "docs" / "team.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (`\w+`(?:, `\w+`)*) \|", page)
    assert [name for row in rows for name in re.findall(r"\w+", row)] == list(TEAM)
