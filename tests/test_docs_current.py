"""Compares the generated pages of docs/ with what they are made from."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

from csprio.codes import CODES

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
