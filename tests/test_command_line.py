"""What a command line may say, and what it may never do to the files that it names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from csprio.problems import ExitCode
from csprio.show.formats import FORMATS
from session import run


def test_closed_stdin(tmp_path: Path) -> None:
    """Where stdin is closed a file is read all the same, and `-` is a file without a header."""
    (tmp_path / "a.csv").write_text("account_id\n1\n")
    shell = ["sh", "-c", f"exec {sys.executable} -m csprio grade $0 <&-"]
    for name, code in (("a.csv", 0), ("-", 3)):
        done = subprocess.run([*shell, name], cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode, b"defect" in done.stderr) == (code, False)


@pytest.mark.parametrize("words", [["grade", "--as-of"], ["calendar", "--from"]])
@pytest.mark.parametrize("day", ["2026-W48-1", "20261123", "2026-02-30", "23.11.2026"])
def test_days_are_written_in_one_way(words: list[str], day: str, tmp_path: Path) -> None:
    """A day on the command line is YEAR-MONTH-DAY and nothing else."""
    (tmp_path / "a.csv").write_text("account_id\n1\n")
    assert run(*words, day, "a.csv", cwd=tmp_path).code == ExitCode.POLICY


@pytest.mark.parametrize(
    "words",
    [["worklist", "--as-of", "9999-12-31"], ["explain", "1", "--as-of", "2500-01-01"],
     ["grade", "--as-of", "1969-12-31"], ["worklist", "--week", "9999-W52"]],
)  # fmt: skip
def test_days_beyond_all_dates(words: list[str], tmp_path: Path) -> None:
    """No day is asked about that no cell could hold."""
    (tmp_path / "csprio.yaml").write_text("accounts: a.csv\n")
    (tmp_path / "a.csv").write_text("account_id,start_date\n1,2026-01-01\n")
    asked = run(*words, cwd=tmp_path)
    assert (asked.code, asked.out, words[-2].encode() in asked.err) == (ExitCode.POLICY, b"", True)


@pytest.mark.parametrize("rows", ["1\n", "1,x\n"], ids=["unusable", "good"])
def test_check_spares_the_files_of_the_configuration(rows: str, tmp_path: Path) -> None:
    """An output that is an input by csprio.yaml is refused, also where the input cannot be read."""
    (tmp_path / "csprio.yaml").write_text("accounts: a.csv\n")
    (tmp_path / "a.csv").write_text(f"account_id,name\n{rows}")
    asked = run("check", "-o", "a.csv", cwd=tmp_path)
    assert asked.code == ExitCode.POLICY
    assert b"output-is-input" in asked.err
    assert (tmp_path / "a.csv").read_text() == f"account_id,name\n{rows}"


ASKING = ["grade", "tiers", "calendar", "worklist", "scores", "explain A0", "check", "report",
          "backtest --score health --at 2026-05-31 --left status=churned"]  # fmt: skip


@pytest.mark.parametrize("name", [*FORMATS, "mine"])
@pytest.mark.parametrize("words", ASKING)
def test_any_command_in_any_format(words: str, name: str, tmp_path: Path) -> None:
    """A format shows an answer, or says that it cannot: nobody sees a defect."""
    (tmp_path / "csprio.yaml").write_text(
        "accounts: a.csv\nsignals: s.yaml\nexports: {mine: m.yaml}\n", encoding="utf-8"
    )
    (tmp_path / "m.yaml").write_text("like: jira\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text(
        "scores: {health: {of: {arr: {zero: 0, full: 9}}}}\n", encoding="utf-8"
    )
    head, ends = "account_id,arr,potential,csm,start_date,status\n", ("", "churned")
    rows = [f"A{each},{each},90000,Ann,2025-01-01,{ends[each % 2]}\n" for each in range(64)]
    (tmp_path / "a.csv").write_text(head + "".join(rows), encoding="utf-8")
    asked = run(*words.split(), "-f", name, "-o", "out", "--as-of", "2026-11-23", cwd=tmp_path)
    written = (tmp_path / "out").exists()
    if written:
        assert asked.code == ExitCode.ANSWERED
        assert (tmp_path / "out").stat().st_size
    else:
        assert asked.code == ExitCode.POLICY
        codes = (b"format-not-for", b"report-format", b"unknown-format", b"mail-people")
        assert any(code in asked.err for code in codes)


def test_add_of_the_configuration(tmp_path: Path) -> None:
    """An unknown column is reported where it was asked for."""
    (tmp_path / "a.csv").write_text("account_id\n1\n")
    asked = run("grade", "a.csv", "--add", "foo", cwd=tmp_path)
    assert asked.err.startswith(b"--add: field-unknown: no input has the field `foo`; check")
    (tmp_path / "csprio.yaml").write_text("dates: dmy\nadd: foo\n")
    asked = run("grade", "a.csv", cwd=tmp_path)
    assert asked.err.startswith(b"csprio.yaml:2:1: field-unknown")


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_that_cannot_be_written(word: str) -> None:
    """A full disk ends help and version as it ends an answer: one line, exit 4."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "csprio", word], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr.count(b"\n")) == (4, 1)
    assert b"could not write" in done.stderr
