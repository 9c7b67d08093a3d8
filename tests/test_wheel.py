"""Proves that what is shipped works alone: a wheel, a fresh environment, an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIP: list[str | Path] = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check"]
DAY = ["--as-of", "2026-11-23"]
ACCOUNTS = """\
account_id,name,potential,likelihood,csm,sales,cust_dev,start_date
ACME,Acme Corp,80000,1,Ann,Sam,Cleo,2026-11-16
TINY,Tiny Ltd,900,3,Ann,Sam,Cleo,2026-11-16
"""


@pytest.fixture(scope="module")
def csprio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the csprio of a fresh environment that got nothing but the wheel."""
    scratch = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", "--no-deps", "--wheel-dir", scratch, ROOT], check=True)
    (wheel,) = scratch.glob("csprio-*.whl")
    # Without a pip of its own, which takes longer to make than all the rest: this one installs.
    home = scratch / "environment"
    venv.create(home, with_pip=False)
    python: list[str | Path] = ["--python", home / "bin" / "python"]
    lock: list[str | Path] = ["--constraint", ROOT / "requirements.lock"]
    subprocess.run([*PIP, *python, "install", "--no-compile", *lock, wheel], check=True)
    return home / "bin" / "csprio"


def _ask(csprio: Path, folder: Path, *args: str) -> str:
    """Run the installed csprio in a folder, without any variable that could help it to a source."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
    done = subprocess.run(
        [csprio, *args, *DAY], cwd=folder, env=env, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_answers_in_an_empty_folder(csprio: Path, tmp_path: Path) -> None:
    """The installed wheel grades and lists accounts with its built-in grid and playbooks alone."""
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    grades = _ask(csprio, tmp_path, "grade", "accounts.csv")
    assert "ACME,Acme Corp,Ann,80000,A,1,A1,1," in grades
    assert "TINY,Tiny Ltd,Ann,900,C,3,C3,3," in grades
    header, *rows = _ask(csprio, tmp_path, "worklist", "accounts.csv").splitlines()
    assert header.startswith("owner,rank,due,status,part,account_id,")
    assert any("ACME" in row for row in rows)


def test_wheel_brings_the_man_page_and_the_maps(csprio: Path, tmp_path: Path) -> None:
    """What is installed has the man page where man looks, and the maps of task systems."""
    page = csprio.parent.parent / "share" / "man" / "man1" / "csprio.1"
    assert page.read_text(encoding="utf-8").count(".SS ") > 10
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    said = _ask(csprio, tmp_path, "worklist", "accounts.csv", "-f", "jira")
    assert said.startswith("Summary,Description,")


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (["worklist", "accounts.csv", "-o", "week.ics"], b"BEGIN:VCALENDAR"),
        (["worklist", "accounts.csv", "--owner", "Sam", "-o", "week.eml"], b"Content-Type:"),
        (["report", "accounts.csv", "-o", "book.html"], b"<!DOCTYPE html>"),
        (["report", "accounts.csv", "-o", "book.xlsx"], b"PK"),
    ],
)
def test_wheel_writes_every_format(
    csprio: Path, words: list[str], begins: bytes, tmp_path: Path
) -> None:
    """Feeds, mails, pages and workbooks need nothing but what is installed with csprio."""
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    _ask(csprio, tmp_path, *words)
    assert (tmp_path / words[-1]).read_bytes().startswith(begins)
