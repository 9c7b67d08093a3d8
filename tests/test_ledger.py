"""`--only-new`: a task goes to a system once, and the ledger says so only where it has gone."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from session import process, run

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("worklist", "-q", "accounts.csv", "-f", "jira", "--only-new", "ledger.csv")
HEADER = "task_id,exported,format\n"
FIRST = ("--as-of", "2026-11-23")
DATED = "{}:check-in:t2026-06.5"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two accounts, each with tasks of Ada."""
    write(tmp_path, "ACME", "KILN")
    return tmp_path


def write(folder: Path, *accounts: str) -> None:
    """Write a book of these accounts, each with one task of Ada's in each of the two weeks."""
    rows = [f"{account},{account.lower()},Ada,180000,1,2026-06-26" for account in accounts]
    text = "account_id,name,csm,potential,likelihood,start_date\n" + "\n".join(rows) + "\n"
    (folder / "accounts.csv").write_text(text, encoding="utf-8")


def exported(data: bytes) -> list[str]:
    """Name the tasks of an export, by the last line of their descriptions."""
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
    return [row["Description"].rsplit("csprio ", 1)[1] for row in rows]


def ledger(folder: Path) -> list[list[str]]:
    """Read the ledger, less its header."""
    text = (folder / "ledger.csv").read_text(encoding="utf-8")
    assert text.startswith(HEADER)
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def test_a_task_goes_once(folder: Path) -> None:
    """A second export has only what is new, by format; the ledger grows by just that."""
    words = (*WORDS, "--owner", "Ada")
    one = exported(run(*words, *FIRST, cwd=folder).good())
    assert one == [DATED.format("ACME"), DATED.format("KILN")]
    assert ledger(folder) == [[task, "2026-11-23", "jira"] for task in one]
    assert exported(run(*words, *FIRST, cwd=folder).good()) == []
    write(folder, "ACME", "KILN", "OPAL")
    assert exported(run(*words, *FIRST, cwd=folder).good()) == [DATED.format("OPAL")]
    assert len(ledger(folder)) == 3
    todoist = run(*words, *FIRST, "-f", "todoist", cwd=folder)
    assert todoist.good().count(b"\ntask,") == 3
    assert [row[2] for row in ledger(folder)] == ["jira"] * 3 + ["todoist"] * 3


def test_in_a_file_each(folder: Path) -> None:
    """Where there is a file for each owner the ledger has the tasks of all of them."""
    run(*WORDS, *FIRST, "-o", "out/{owner}.csv", cwd=folder).good()
    count = sum(len(exported(path.read_bytes())) for path in (folder / "out").iterdir())
    assert count == len(ledger(folder)) > 2


def test_a_rejected_task_is_not_in_it(folder: Path) -> None:
    """What a system would not take has not gone there; mended, it goes."""
    text = (folder / "accounts.csv").read_text(encoding="utf-8")
    (folder / "accounts.csv").write_text(text.replace("kiln", "k" * 300), encoding="utf-8")
    words = (*WORDS, *FIRST, "--owner", "Ada")
    assert exported(run(*words, cwd=folder).good()) == [DATED.format("ACME")]
    assert [row[0] for row in ledger(folder)] == [DATED.format("ACME")]
    (folder / "accounts.csv").write_text(text, encoding="utf-8")
    assert exported(run(*words, cwd=folder).good()) == [DATED.format("KILN")]


@pytest.mark.parametrize("before", [None, HEADER, f"{HEADER}A:b:c,2026-11-01,jira"])
def test_a_run_that_fails_leaves_it(folder: Path, before: str | None) -> None:
    """A strict run with a problem, and an output that cannot be written, leave the ledger."""
    path = folder / "ledger.csv"
    if before is not None:
        path.write_text(before, encoding="utf-8")
    text = (folder / "accounts.csv").read_text(encoding="utf-8")
    assert run(*WORDS, *FIRST, "-o", "nowhere/out.csv", cwd=folder).code == 4
    (folder / "accounts.csv").write_text(text.replace("kiln", "=kiln"), encoding="utf-8")
    (folder / "csprio.yaml").write_text("exports: {jira: j.yaml}\n", encoding="utf-8")
    (folder / "j.yaml").write_text("like: jira\ncolumns: {Account: name}\n", encoding="utf-8")
    assert run(*WORDS, *FIRST, "--strict", "-o", "out.csv", cwd=folder).code == 1
    assert not (folder / "out.csv").exists()
    assert (path.read_text(encoding="utf-8") if path.exists() else None) == before


def test_stdout_that_is_full_leaves_it(folder: Path) -> None:
    """Where stdout takes nothing, nothing has gone anywhere."""
    script = f'exec 1>/dev/full; exec "$0" -m csprio {" ".join([*WORDS, *FIRST])}'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 4, done.stderr
    assert not (folder / "ledger.csv").exists()


def test_a_last_line_without_an_end(folder: Path) -> None:
    """A ledger that somebody's editor left without a last line end gets one; a mark stays."""
    path = folder / "ledger.csv"
    path.write_text(f"\ufeff{HEADER}{DATED.format('ACME')},2026-11-01,jira", encoding="utf-8")
    words = (*WORDS, *FIRST, "--owner", "Ada")
    assert exported(run(*words, cwd=folder).good()) == [DATED.format("KILN")]
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines == [
        HEADER.strip(),
        f"{DATED.format('ACME')},2026-11-01,jira",
        f"{DATED.format('KILN')},2026-11-23,jira",
    ]


@pytest.mark.parametrize(
    "text", ["date,account_id\n", f'{HEADER}"A:b:c,2026-11-01', f"{HEADER}A:b:c\n", "\udcff"]
)
def test_what_is_no_ledger(folder: Path, text: str) -> None:
    """A file that is no ledger, or a torn one, ends the run with 3 and stays as it is."""
    path = folder / "ledger.csv"
    path.write_bytes(text.encode(errors="surrogateescape"))
    told = run(*WORDS, *FIRST, "-o", "out.csv", cwd=folder)
    assert told.code == 3
    assert told.err.startswith(b"ledger.csv:")
    assert not (folder / "out.csv").exists()
    assert path.read_bytes() == text.encode(errors="surrogateescape")


def test_ledger_is_no_output(folder: Path) -> None:
    """The ledger is read, so it cannot be the output."""
    (folder / "ledger.csv").write_text(HEADER, encoding="utf-8")
    told = run(*WORDS, *FIRST, "-o", "ledger.csv", cwd=folder)
    assert told.code == 2
    assert b"output-is-input" in told.err


def test_two_runs_at_once(folder: Path) -> None:
    """Of runs at the same moment one exports a task, the others leave it out."""
    words = (*WORDS, *FIRST, "--owner", "Ada")
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: process(*words, cwd=folder).good(), range(3)))
    assert sorted(task for data in found for task in exported(data)) == [
        DATED.format("ACME"), DATED.format("KILN"),
    ]  # fmt: skip
    assert len(ledger(folder)) == 2


def test_ledger_is_no_stream(folder: Path) -> None:
    """A ledger that comes from stdin could not be added to."""
    told = run(*WORDS[:-1], "-", *FIRST, cwd=folder)
    assert told.code == 2
    assert b"--only-new" in told.err
    assert not (folder / "-").exists()
