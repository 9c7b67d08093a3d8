"""Benchmarks compare like with like: seeded data, and rivals that give csprio's answers.

How long anything takes is nobody's business here: times are for `make bench`.
"""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

import policy
import report
from agreement import difference
from big_book import write_book
from big_journal import HEADER, write_journal
from big_usage import write_usage
from contests import BARE, LIMIT, OURS, RIVALS, answers, environment, workbook
from goals import MILLION, goals
from measuring import Program, Run, Taken, in_turns, measure
from run import too_much
from session import run

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"
PAGE = ROOT / "docs" / "performance.md"
ACCOUNTS = 1500
COLUMNS = 25
DAY = ("--as-of", policy.AS_OF.isoformat(), "-q")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a small book, its playbook, and csprio's three answers to them."""
    folder = tmp_path_factory.mktemp("book")
    write_book(folder / "book.csv", ACCOUNTS)
    (folder / "playbook.yaml").write_text(policy.playbook(), encoding="utf-8")
    for question in policy.ANSWERS:
        plan = [] if question == "grade" else ["--playbook", "playbook.yaml"]
        run(question, "book.csv", *plan, *DAY, "-o", f"{question}.csv", cwd=folder).good()
    return folder


@pytest.mark.parametrize("question", list(policy.ANSWERS))
@pytest.mark.parametrize("rival", list(RIVALS))
def test_rivals_give_the_same_answer(book: Path, rival: str, question: str, tmp_path: Path) -> None:
    """Every rival answers every question as csprio does, value by value."""
    script, _ = RIVALS[rival]
    command = [sys.executable, str(BENCHMARKS / "rivals" / script), question]
    out = tmp_path / "out.csv"
    measure([*command, str(book / "book.csv"), str(out)], environment())
    assert difference(book / f"{question}.csv", out) == ""


@pytest.mark.parametrize("question", list(policy.ANSWERS))
def test_the_limit_writes_the_answer(book: Path, question: str, tmp_path: Path) -> None:
    """What the limit writes without deciding anything is the whole answer."""
    ready, out = tmp_path / "ready.arrow", tmp_path / "out.csv"
    answer = str(book / f"{question}.csv")
    prepare = [sys.executable, str(BENCHMARKS / "prepare.py"), "answer", answer, str(ready)]
    measure(prepare, environment())
    limit = [sys.executable, str(BENCHMARKS / "rivals" / "limit.py"), question]
    measure([*limit, str(book / "book.csv"), str(out), str(ready)], environment())
    assert difference(book / f"{question}.csv", out) == ""


def test_answers_have_something_in_them(book: Path) -> None:
    """Each account has a grade's row, most have fifteen tasks, and every role has a list."""
    grade, calendar, worklist = (_rows(book / f"{each}.csv") for each in policy.ANSWERS)
    assert len(grade) == ACCOUNTS
    assert {row["grade"] for row in grade} == {"", *(each.grade for each in policy.CELLS)}
    notes = {row["note"] for row in grade}
    assert notes <= {each.note for each in policy.CELLS}
    assert notes >= {"", policy.INACTIVE, policy.NO_SIZE, policy.NO_LIKELIHOOD}
    planned = {row["account_id"] for row in calendar}
    assert len(planned) > ACCOUNTS * 0.85
    assert len(calendar) == 15 * len(planned)
    assert {row["activity"] for row in calendar} == {each.id for each in policy.ACTIVITIES}
    assert {(row["part"], row["role"]) for row in worklist} >= {
        ("lead", "csm"),
        ("lead", "sales"),
        ("lead", "custdev"),
        ("with", "csm"),
        ("with", "sales"),
    }


def test_the_bare_workbook_has_every_cell(tmp_path: Path) -> None:
    """What csprio's workbook is held against has the same sheets, and in them the same cells."""
    contest = workbook(tmp_path, 120)
    contest.prepare()
    found = []
    for program in contest.programs:
        measure([*program.command], environment())
        assert program.writes is not None
        found.append(_cells(program.writes))
    assert contest.beside == BARE
    assert found[0] == found[1]
    assert sum(map(len, found[0].values())) > 120 * 2


def test_differences_are_found(tmp_path: Path) -> None:
    """Numbers and quotes may be written in other ways; another value, row or column is found."""
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    ours.write_text("name,due,arr,why\nA,2026-11-23,60000,x\nB,,,\n", encoding="utf-8")
    for text, found in {
        'name,due,arr,why\n"A",2026-11-23,60000.0,x\nB,,,""\n': "",
        "name,due,arr,why\nA,2026-11-23,60000,x\nB,,0,\n": "row 2, arr: 0.0 instead of None",
        "name,due,arr,why\nA,2026-11-24,60000,x\nB,,,\n": (
            "row 1, due: datetime.date(2026, 11, 24) instead of datetime.date(2026, 11, 23)"
        ),
        "name,due,arr,why\nB,,,\nA,2026-11-23,60000,x\n": "row 1, name: 'B' instead of 'A'",
        "name,due,arr,why\nA,2026-11-23,60000,x\n": "1 rows instead of 2",
        "name,due,why,arr\nA,2026-11-23,x,60000\nB,,,\n": (
            "columns name, due, why, arr instead of name, due, arr, why"
        ),
    }.items():
        theirs.write_text(text, encoding="utf-8")
        assert difference(ours, theirs) == found


def test_a_book_is_seeded(tmp_path: Path) -> None:
    """The same number of accounts gives the same file of 25 columns, another number another."""
    hashes = []
    for name, accounts in (("a", 700), ("b", 700), ("c", 701)):
        write_book(tmp_path / name, accounts)
        hashes.append(_hash(tmp_path / name))
        assert len(_rows(tmp_path / name)) == accounts
    assert hashes[0] == hashes[1] != hashes[2]
    assert len(_rows(tmp_path / "a")[0]) == COLUMNS


def test_usage_is_seeded(tmp_path: Path) -> None:
    """The same numbers of accounts and rows give the same usage, by day, and signals for it."""
    for name in ("a", "b"):
        write_usage(tmp_path / name, 50, 2000)
    assert _hash(tmp_path / "a" / "usage.csv") == _hash(tmp_path / "b" / "usage.csv")
    rows = _rows(tmp_path / "a" / "usage.csv")
    days = [row["date"] for row in rows]
    assert len(rows) == 2000
    assert days == sorted(days)
    assert days[-1] == policy.AS_OF.isoformat()
    write_book(tmp_path / "book.csv", 50)
    scores = ("scores", "book.csv", "--signals", "a/signals.yaml", *DAY, "-f", "csv")
    answer = list(csv.DictReader(run(*scores, cwd=tmp_path).good().decode().splitlines()))
    assert {row["coverage"] for row in answer} == {"100"}
    assert {row["band"] for row in answer} >= {"green", "yellow"}


def test_a_journal_is_seeded(book: Path, tmp_path: Path) -> None:
    """The same calendar and number of entries give the same journal, and csprio can read it."""
    run("calendar", "book.csv", *DAY, "-o", str(tmp_path / "calendar.csv"), cwd=book).good()
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "calendar.csv").symlink_to(tmp_path / "calendar.csv")
        write_journal(folder, 3000)
    journal = tmp_path / "a" / "journal.csv"
    assert _hash(journal) == _hash(tmp_path / "b" / "journal.csv")
    rows = _rows(journal)
    assert len(rows) == pytest.approx(3000, abs=10)
    assert tuple(rows[0]) == HEADER
    check = run("check", "book.csv", "--journal", str(journal), *DAY, "-f", "csv", cwd=book)
    assert b",error," not in check.good()


def test_turns(tmp_path: Path) -> None:
    """Programs take turns; one that fails, and one with another answer, have no further one."""
    log, out = tmp_path / "log", tmp_path / "out"
    said = f"open({str(log)!r}, 'a').write"
    programs = [
        Program("a", [sys.executable, "-c", f"{said}('a')"]),
        Program("b", [sys.executable, "-c", f"{said}('b'); open({str(out)!r}, 'w')"], out),
        Program("c", [sys.executable, "-c", f"{said}('c'); raise SystemExit('no book')"]),
    ]
    taken = in_turns(programs, 2, dict(os.environ), lambda _: "")
    assert log.read_text(encoding="utf-8") == "abcab"
    assert [len(taken[name].runs) for name in "abc"] == [2, 2, 0]
    assert taken["c"].wrong == "ended with 1 no book"
    assert not out.exists()
    judged = in_turns(
        programs[:2], 2, dict(os.environ), lambda each: "x" if each.name == "b" else ""
    )
    assert [judged[name].wrong for name in "ab"] == ["", "another answer: x"]


def test_what_measures_is_small() -> None:
    """The command imports nothing large: the kernel counts a parent's memory to its children."""
    look = "import sys, run; print({'numpy', 'pandas', 'pyarrow', 'csprio'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", look], env=environment(), check=True, capture_output=True, text=True
    )
    assert done.stdout == "set()\n"


def test_what_takes_too_much_is_left_out(tmp_path: Path) -> None:
    """By what it took of a smaller book, a program that would fill the machine is not run."""
    small = Taken([Run(1.0, 1.0, 200 * MILLION)], wrote=MILLION)
    slow = Taken([Run(100.0, 100.0, 200 * MILLION)], wrote=MILLION)
    assert too_much(OURS, small, 10, tmp_path) == ""
    assert too_much(OURS, slow, 10, tmp_path) == "not run, it would take about 17 minutes"
    assert too_much(OURS, small, 10**5, tmp_path) == "not run, it would take about 10000 GB"
    assert too_much(LIMIT, small, 100, tmp_path) == ""
    assert too_much(OURS, Taken(wrong="ended with -9"), 10, tmp_path) == "ended with -9"


def test_goals_are_judged() -> None:
    """A goal is met up to what was asked, missed beyond, and not measured without its programs."""

    def took(wall: float, peak: int = MILLION) -> Taken:
        return Taken([Run(wall, wall, peak)], wrote=50 * MILLION)

    results = {
        ("grade", MILLION): {OURS: took(2.5, 316 * MILLION), LIMIT: took(1.0)},
        ("calendar", MILLION): {OURS: took(1.6), LIMIT: Taken(left_out="not run")},
        ("worklist", 5 * MILLION): {OURS: took(2.6), LIMIT: took(1.0), "polars": took(9.0)},
        ("grade", 5 * MILLION): {OURS: took(14.0, 381 * MILLION), LIMIT: took(1.0)},
    }
    found = {goal.what: goal.met for goal in goals(results)}
    assert found["grade, 1,000,000 / the limit"] is True
    assert found["grade, 5,000,000 / the limit"] is False
    assert found["calendar, 1,000,000 / the limit"] is None
    assert found["worklist, 5,000,000 / the limit"] is False
    assert found["worklist, 5,000,000: polars / csprio"] is True
    assert found["grade, 1,000,000: peak memory"] is True
    assert found["grade, 5,000,000: peak memory"] is False
    assert found["grade, 1,000,000 to 5,000,000: time"] is False


def test_the_page_has_a_place_for_the_tables(tmp_path: Path) -> None:
    """A run replaces what stands between the marks of the page, and nothing else."""
    page = tmp_path / "page.md"
    page.write_bytes(PAGE.read_bytes())
    report.write(page, "| new |")
    report.write(page, "| newer |")
    before, after = (each.read_text(encoding="utf-8") for each in (PAGE, page))
    assert after.count(report.BEGIN) == after.count(report.END) == 1
    assert "| newer |" in after
    assert "| new |" not in after
    assert after.partition(report.BEGIN)[0] == before.partition(report.BEGIN)[0]
    assert after.partition(report.END)[2] == before.partition(report.END)[2]


def test_one_command_does_it_all(tmp_path: Path) -> None:
    """The command makes data, runs rivals that are there, checks, prints and writes the page."""
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{report.BEGIN}\n{report.END}\n", encoding="utf-8")
    words = ["--sizes", "300", "--rounds", "1", "--questions", "grade", "--write", str(page)]
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "run.py"), *words, "--folder", str(tmp_path / "made")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    written = page.read_text(encoding="utf-8")
    for name in (OURS, LIMIT, *RIVALS):
        assert name in done.stdout
        assert name in written
    assert "not measured" in written
    assert (tmp_path / "made" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_contests_name_their_files(tmp_path: Path) -> None:
    """All programs of a contest write to the place where the judge looks."""
    contest = answers(tmp_path, 10, "grade")
    assert {program.writes for program in contest.programs} == {tmp_path / "10" / "grade-out.csv"}
    assert contest.beside == LIMIT


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _cells(path: Path) -> dict[str, list[list[object]]]:
    """Read the cells of each sheet; a day is the number that stands there."""
    sheets = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        rows = sheet.iter_rows()
        sheets[sheet.title] = [
            [to_excel(x) if isinstance(x := cell.value, datetime) else x for cell in row]
            for row in rows
        ]
    return sheets


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
