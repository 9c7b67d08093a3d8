"""Proves what `csprio log` writes, refuses and says: one line a command, all or none of a sheet."""

from __future__ import annotations

import csv
import random
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from csprio.journal import COLUMNS, KINDS
from csprio.telling.words import FORMS
from session import process, run
from warm import LANG

if TYPE_CHECKING:
    from pathlib import Path

    from session import Result

DAY = "2026-11-23"
TODAY = ("--as-of", DAY)
ACCOUNTS = """\
account_id,name,csm,sales,potential,likelihood,start_date,term_months
ACME,Acme Robotics,Maya,Dana,180000,2,2026-05-26,12
BOLT,Bolt Ltd,Maya,Dana,5000,2,2026-05-26,12
CORE,Core & Co,Tom,Dana,,,2026-05-26,12
CORE2,Acme Robotics 2,Tom,Dana,20000,1,2026-05-26,12
"""
HEADER = ",".join(COLUMNS)
OLD = "2026-11-01,ACME,touch,call,,,Ana,"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Make a folder with accounts, and a configuration that names journal and teller."""
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    config = "accounts: accounts.csv\njournal: journal.csv\nby: Ana\n"
    (tmp_path / "csprio.yaml").write_text(config, encoding="utf-8")
    return tmp_path


def log(book: Path, *words: str) -> Result:
    """Run `csprio log` on the day of these tests."""
    return run("log", *words, *TODAY, cwd=book)


def told(book: Path, name: str = "journal.csv") -> list[list[str]]:
    """Give the entries of the journal."""
    path = book / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def said(result: Result) -> str:
    """Give what a run said on stderr; nothing may stand on stdout."""
    assert result.out == b""
    return result.err.decode()


def refused(book: Path, *words: str) -> str:
    """Run what must be refused with exit 2, and leave no journal behind."""
    before = sorted(path.name for path in book.iterdir())
    result = log(book, *words)
    assert result.code == 2, result.err
    assert sorted(path.name for path in book.iterdir()) == before
    return said(result)


def test_every_kind_has_its_form() -> None:
    """Each kind of entry can be told, and messages show how."""
    assert FORMS.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        (["ACME", "grade", "b2"], ["grade", "", "B2", "", "Ana", ""]),
        (["ACME", "size", "a", "--note", "so\nwe"], ["size", "", "A", "", "Ana", "so we"]),
        (["ACME", "potential", "120k"], ["potential", "", "120000", "", "Ana", ""]),
        (["ACME", "potential", "1.2345k"], ["potential", "", "1234.5", "", "Ana", ""]),
        (["ACME", "likelihood", "1.0"], ["likelihood", "", "1", "", "Ana", ""]),
        (["ACME", "tier", "2"], ["tier", "", "2", "", "Ana", ""]),
        (["ACME", "tier", "1", "--until", DAY], ["tier", "", "1", DAY, "Ana", ""]),
        (["ACME", "tier", "3", "--note", "big"], ["tier", "", "3", "", "Ana", "big"]),
        (["ACME", "tier", ""], ["tier", "", "", "", "Ana", ""]),
        (["ACME", "motion", "Churn Prevention"], ["motion", "", "churn-prevention", "", "Ana", ""]),
        (["ACME", "event", "new", "R&D, too"], ["event", "new", "R&D, too", "", "Ana", ""]),
        (["ACME", "EVENT", "Churned"], ["event", "churned", "", "", "Ana", ""]),
        (
            ["ACME", "event", "renewed", "--until", "2027-12-01"],
            ["event", "renewed", "", "2027-12-01", "Ana", ""],
        ),
        (["ACME", "event", "expanded", "$ 70k"], ["event", "expanded", "70000", "", "Ana", ""]),
        (["Bolt Ltd", "touch"], ["touch", "", "", "", "Ana", ""]),
        (["ACME", "touch", "call", "=1+1"], ["touch", "call", "=1+1", "", "Ana", ""]),
        (["ACME", "review", "call", "on track"], ["review", "call", "on track", "", "Ana", ""]),
        (["ACME", "kpi", "nps", "-5.50"], ["kpi", "nps", "-5.5", "", "Ana", ""]),
        (["ACME", "touch", "mail", "--by", "Bo, Jr."], ["touch", "mail", "", "", "Bo, Jr.", ""]),
    ],
)  # fmt: skip
def test_one_entry(book: Path, words: list[str], entry: list[str]) -> None:
    """A command adds one line, spelled as the policy spells it, and says so on stderr alone."""
    result = log(book, *words)
    assert result.code == 0, result.err
    account = "BOLT" if words[0] == "Bolt Ltd" else "ACME"
    assert told(book) == [["2026-11-23", account, *entry]]
    assert said(result).startswith("journal.csv: added by ")
    assert said(result).count("\n") == 1
    assert said(log(book, *words, "-q")) == ""
    assert len(told(book)) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ACNE", "touch"], "did you mean ACME"),
        (["ACME", "motio", "growth"], "did you mean `motion`?"),
        (["ACME", "churned"], "write `event churned`"),
        (["ACME"], "`ACME` needs a kind"),
        (["ACME", "grade", "D9"], "`D9` is no grade of the grid"),
        (["ACME", "grade"], "`grade` needs a value"),
        (["ACME", "potential", "12x"], "`12x` is not an amount"),
        (["ACME", "potential", "1.234"], "may be 1.2340 or 1234"),
        (["ACME", "potential", "-5"], "it is negative"),
        (["ACME", "tier"], '`tier ""` to withdraw'),
        (["ACME", "tier", "9"], "`9` is no tier of the grid"),
        (["ACME", "tier", "2", "--until", "2026-11-22"], "2026-11-22 is not after 2026-11-23"),
        (["ACME", "motion", "slow"], "`slow` is no motion"),
        (["ACME", "event"], "`event` needs a name"),
        (["ACME", "event", "expanded"], "needs the new arr"),
        (["ACME", "event", "expanded", "more"], "`more` is not an amount"),
        (["ACME", "event", "renewed", "--until", "2026-11-23"], "is not after"),
        (["ACME", "event", "new-group", "--until", "2027-01-01"], "takes no last day"),
        (["ACME", "touch", "call", "a", "b"], "put a text of several words in quotes"),
        (["ACME", "kpi", "nps"], "`kpi` needs a value"),
        (["ACME", "kpi", "nps", "many"], "`many` is not a number"),
        (["ACME", "touch", "--until", "2027-01-01"], "`touch` takes no last day"),
        (["ACME", "touch", "--likelihood", "7"], "`7` is no likelihood of the grid"),
        (["ACME", "grade", "A1", "--likelihood", "1"], "`grade` sets the likelihood itself"),
        (["ACME", "tier", "1", "--until", "soon"], "`soon` is not a date"),
        (["ACME", "touch", "--by", " "], "nobody is named who tells this"),
        (["ACME", "touch", "-x"], "there is no option -x"),
        ([], "nothing is told"),
        (["ACME", "touch", "--from", "sheet.csv"], "the sheet says it all"),
        (["--from", "-", "--accounts", "-"], "stdin cannot be two files"),
        (["done"], "`done` needs a task_id"),
        (["done", "nothing-like-it"], "unknown-task"),
        (["done", "ACME:kickof:s1"], "did you mean `ACME:kickoff:s1`"),
        (["done", "kickoff:s1"], "2 tasks have `kickoff:s1` in their id"),
        (["snoozed", "ACME:kick"], "task-ambiguous"),
        (["snoozed", "ACME:kickoff:s1"], "give a day after 2026-11-23 by --until DATE"),
        (["snoozed", "ACME:kickoff:s1", "--until", "2026-11-23"], "is not after 2026-11-23"),
        (["reopened", "ACME"], "the journal has ended no task yet"),
        (["BOLT", "done", "ACME:kickoff"], "unknown-task"),
    ],
)
def test_refused(book: Path, words: list[str], message: str) -> None:
    """What is not understood is refused with a remedy, and nothing is written."""
    by = [] if "--by" in words else ["--by", "Ana"]
    assert message in " ".join(refused(book, *words, *by).split())


def test_who_and_where(book: Path) -> None:
    """Without a journal or somebody who says so, nothing is written, and both are asked for."""
    (book / "csprio.yaml").write_text("accounts: accounts.csv\n", encoding="utf-8")
    message = refused(book, "ACME", "touch")
    assert "journal: journal.csv" in message
    assert "nobody is named who tells this" in message
    log(book, "ACME", "touch", "--journal", "new.csv", "--by", "Bo").good()
    assert told(book, "new.csv") == [["2026-11-23", "ACME", "touch", "", "", "", "Bo", ""]]


def test_a_withdrawal_has_no_last_day(book: Path) -> None:
    """A call may have a last day; what withdraws calls has none, since they would not come back."""
    assert "until-unused" in refused(book, "ACME", "tier", "", "--until", "2026-12-31")


def test_override_needs_a_reason(book: Path) -> None:
    """A tier that is no choice of the grid's cell that day asks for a note; a call does not."""
    assert "the grid, which says 3" in refused(book, "BOLT", "tier", "1")
    assert "the grid, which says nothing" in refused(book, "CORE", "tier", "3")
    for words in (["BOLT", "tier", "3"], ["ACME", "tier", "1"], ["CORE2", "tier", "2"]):
        log(book, *words).good()
    assert "grid, which says 1 " in said(log(book, "ACME", "tier", "2", "--likelihood", "1"))
    log(book, "BOLT", "grade", "A1").good()
    log(book, "BOLT", "tier", "1").good()
    assert log(book, "BOLT", "tier", "3").code == 2


def test_decimal_mark(book: Path) -> None:
    """Amounts are written with the decimal mark of the configuration, and read back as told."""
    with (book / "csprio.yaml").open("a", encoding="utf-8") as config:
        config.write('decimal: ","\n')
    log(book, "ACME", "potential", "1.234,5").good()
    log(book, "ACME", "kpi", "nps", "7,25").good()
    assert [entry[4] for entry in told(book)] == ["1234,5", "7,25"]
    graded = run("grade", *TODAY, cwd=book).good().decode()
    assert ",1234.5,C," in graded


def test_read_back(book: Path) -> None:
    """A grading that was told counts in the next answer."""
    log(book, "CORE", "potential", "60k", "--likelihood", "1").good()
    assert [entry[2:5] for entry in told(book)] == [
        ["potential", "", "60000"],
        ["likelihood", "", "1"],
    ]
    assert b"CORE,Core & Co,Tom,60000,A,1,A1,1" in run("grade", *TODAY, cwd=book).good()


def test_tasks(book: Path) -> None:
    """A task is any part of its id that no other has; what was told of it can be taken back."""
    log(book, "done", "acme:KICKOFF:S1", "went well", "--likelihood", "2").good()
    assert [entry[1:5] for entry in told(book)] == [
        ["ACME", "done", "ACME:kickoff:s1", "went well"],
        ["ACME", "likelihood", "", "2"],
    ]
    assert "`ACME:kickoff:s1` is done already" in said(log(book, "ACME", "skipped", "kickoff:s1"))
    log(book, "reopened", "kickoff").good()
    log(book, "ACME", "snoozed", "kickoff:s1", "--until", "2026-12-01").good()
    log(book, "skipped", "BOLT:grade:s1", "-q").good()
    found = [entry[1:4] for entry in told(book)[2:]]
    assert found[0] == ["ACME", "reopened", "ACME:kickoff:s1"]
    assert found[1] == ["ACME", "snoozed", "ACME:kickoff:s1"]


def test_whole_id_from_elsewhere(book: Path) -> None:
    """The whole id of a task far from today is taken as it is, if account and activity are real."""
    log(book, "done", "ACME:kickoff:t2031-01.1").good()
    for task in ("NOBODY:kickoff:s1", "ACME:no-such:s1", "ACME:kickoff:x1"):
        assert "unknown-task" in said(log(book, "done", task))


def test_dry_run(book: Path) -> None:
    """A dry run prints the lines and leaves no file behind."""
    result = log(
        book, "ACME", "potential", "120k", "--likelihood", "1", "--note", 'a "b", c', "--dry-run"
    )
    assert result.code == 0
    assert result.out.decode().splitlines() == [
        '2026-11-23,ACME,potential,,120000,,Ana,"a ""b"", c"',
        '2026-11-23,ACME,likelihood,,1,,Ana,"a ""b"", c"',
    ]
    assert not told(book)
    assert not (book / "journal.csv").exists()


def test_folder(book: Path) -> None:
    """In a folder everybody has a file of their own, under a safe name."""
    (book / "journal").mkdir()
    for who in ("Ana", "../B/C", "Ana"):
        log(book, "ACME", "touch", "--journal", "journal", "--by", who).good()
    assert sorted(path.name for path in (book / "journal").iterdir()) == ["Ana.csv", "B-C.csv"]
    assert len(told(book / "journal", "Ana.csv")) == 2
    log(book, "ACME", "touch", "--journal", "new/", "--by", "Ana").good()
    assert len(told(book / "new", "Ana.csv")) == 1
    assert not log(book, "ACME", "touch", "--journal", "dry/", "--by", "Ana", "--dry-run").code
    assert not (book / "dry").exists()
    assert log(book, "ACME", "touch", "--journal", "no/such/", "--by", "Ana").code == 4


def test_part_of_a_task(book: Path) -> None:
    """A whole part of an id beats the beginning of another: kickoff is not kickoff-invite."""
    log(book, "ACME", "done", "kickoff", "--by", "Ana").good()
    assert told(book)[-1][3] == "ACME:kickoff:s1"


@pytest.mark.parametrize("journal", ["/dev/full", "/dev/null", "no/such/journal.csv"])
def test_cannot_write(book: Path, journal: str) -> None:
    """Where nothing can be added the run ends with exit 4."""
    result = log(book, "ACME", "touch", "--journal", journal)
    assert result.code == 4
    assert "unwritten" in said(result)


def test_no_journal(book: Path) -> None:
    """A file that is no journal stays as it is."""
    result = log(book, "ACME", "touch", "--journal", "accounts.csv")
    assert result.code == 2
    assert "journal-header" in said(result)
    assert (book / "accounts.csv").read_text(encoding="utf-8") == ACCOUNTS


def test_disk_full(book: Path) -> None:
    """Where the line does not fit the run ends with exit 4, and the journal is as it was."""
    journal = book / "journal.csv"
    journal.write_text(f"{HEADER}\n{OLD}\n", encoding="utf-8")
    before = journal.read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "csprio", "log", "ACME", "touch", "call", "x" * 200, *TODAY],
        cwd=book,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (len(before) + 50, len(before) + 50)
        ),
    )
    assert done.returncode == 4, done.stderr
    assert b"unwritten" in done.stderr
    assert journal.read_bytes() == before


@pytest.mark.parametrize("cut", [1, 8, 20, 40])
def test_torn_journal(book: Path, cut: int) -> None:
    """After a torn line an entry is added on a line of its own, and the journal reads."""
    torn = f'{HEADER}\n{OLD}\n2026-11-02,ACME,touch,call,"she said, no",,Ana,"é"'.encode()
    (book / "journal.csv").write_bytes(torn[:-cut])
    log(book, "ACME", "grade", "C3").good()
    found = told(book)
    assert found[0] == OLD.split(",")
    assert found[-1] == ["2026-11-23", "ACME", "grade", "", "C3", "", "Ana", ""]
    assert b",C3,3," in run("grade", *TODAY, cwd=book).good()


# --- sheets ---------------------------------------------------------------------------------------


def worklist(book: Path, *options: str) -> list[dict[str, str]]:
    """Give the rows of the worklist of this month."""
    out = run("worklist", "--days", "60", *options, *TODAY, cwd=book).good()
    return list(csv.DictReader(out.decode("utf-8-sig").splitlines()))


def fill(book: Path, rows: list[dict[str, str]], *, spreadsheet: bool = False) -> None:
    """Save a sheet, as csv or as a European spreadsheet would."""
    form = {"delimiter": ";", "lineterminator": "\r\n"} if spreadsheet else {}
    encoding = "utf-8-sig" if spreadsheet else "utf-8"
    with (book / "sheet.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), **form)  # type: ignore[arg-type] # str options
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("spreadsheet", [False, True])
def test_filled_worklist(book: Path, *, spreadsheet: bool) -> None:
    """Each outcome makes one entry, also where a task stands in two lists; twice makes none."""
    rows = worklist(book, *(["-f", "excel"] if spreadsheet else []))
    twice = next(row for row in rows if row["part"] == "with")["task_id"]
    both = [row for row in rows if row["task_id"] == twice]
    alone = list({row["task_id"]: row for row in rows if row["task_id"] != twice}.values())
    assert len(both) > 1
    both[0]["outcome"] = "DONE"
    both[1]["outcome"] = "done"
    alone[0].update(outcome="they signed; good", comment="=2 lines\nof it")
    day = "31.12.2026" if spreadsheet else "2026-12-31"
    alone[1].update(outcome="snoozed", until=day, comment="after \x1bholidays")
    alone[2].update(outcome="Skipped")
    fill(book, rows, spreadsheet=spreadsheet)
    dry = log(book, "--from", "sheet.csv", "--dry-run")
    assert dry.code == 0, dry.err
    assert not (book / "journal.csv").exists()
    result = log(book, "--from", "sheet.csv")
    assert "4 entries (" in said(result)
    found = told(book)
    assert (book / "journal.csv").read_bytes() == f"{HEADER}\n".encode() + dry.out
    assert sorted(entry[2:] for entry in found) == sorted([
        ["done", twice, "", "", "Ana", ""],
        ["done", alone[0]["task_id"], "they signed; good", "", "Ana", "=2 lines of it"],
        ["snoozed", alone[1]["task_id"], "", "2026-12-31", "Ana", "after  holidays"],
        ["skipped", alone[2]["task_id"], "", "", "Ana", ""],
    ])  # fmt: skip
    again = run("log", "--from", "sheet.csv", "--as-of", "2027-03-01", cwd=book)
    assert "nothing new to tell; 4 told before" in said(again)
    assert told(book) == found


def test_worklist_with_errors(book: Path) -> None:
    """All that is wrong with a sheet is said at once, each with its cell, and nothing written."""
    rows = worklist(book)
    rows[0].update(comment="only words")
    rows[1].update(outcome="snoozed")
    rows[2].update(outcome="snoozed", until="2026-11-01")
    rows[3].update(outcome="done", until="2026-12-01")
    rows[4].update(outcome="done", task_id="ACME:kickoff:s9x")
    rows[5].update(outcome="snoozed", until="01/02/2027")
    rows[6].update(outcome="done")
    rows[7].update(outcome="skipped", task_id=rows[6]["task_id"])
    fill(book, rows)
    message = refused(book, "--from", "sheet.csv")
    for line, cell in enumerate(
        [
            "outcome: outcome-missing: there is no outcome beside `comment`",
            "until: until-missing",
            "until: until-early",
            "until: until-unused",
            "task_id: unknown-task",
            "until: ambiguous-dates",
        ],
        2,
    ):
        assert f"sheet.csv:{line}:{cell}" in message
    assert "sheet.csv:9:outcome: told-twice: line 8 says something else" in message


def test_grading_sheet(book: Path) -> None:
    """Each changed cell of a grading sheet makes one entry; blank and equal cells make none."""
    sheet = (
        "account_id,name,potential,likelihood,arr,note\n"
        "ACME,x,180000,2,5,nothing new\n"
        "BOLT,,,3,,call\n"
        "CORE,,60k,2,,\n"
    )
    (book / "sheet.csv").write_text(sheet, encoding="utf-8")
    assert "3 entries (2 likelihood, 1 potential)" in said(log(book, "--from", "sheet.csv"))
    found = told(book)
    assert [entry[1:5] + entry[7:] for entry in found] == [
        ["BOLT", "likelihood", "", "3", "call"],
        ["CORE", "potential", "", "60000", ""],
        ["CORE", "likelihood", "", "2", ""],
    ]
    assert "nothing new" in said(log(book, "--from", "sheet.csv"))
    assert told(book) == found


def test_old_note_is_no_reason(book: Path) -> None:
    """What csprio itself noted of an account on another day is not why somebody overrides."""
    rows = list(csv.DictReader(run("grade", *TODAY, cwd=book).good().decode().splitlines()))
    noted = "between tier 1 and 2: a call to make, tier 2 until then"
    rows[2].update(size="B", likelihood="2", grade="B2", tier="1", note=noted)
    fill(book, rows)
    assert "sheet.csv:4:tier: note-missing" in refused(book, "--from", "sheet.csv")


def test_graded_answer_as_sheet(book: Path) -> None:
    """The answer of `grade`, with what was changed in it, is a grading sheet; notes are its own."""
    rows = list(csv.DictReader(run("grade", *TODAY, cwd=book).good().decode().splitlines()))
    rows[0].update(potential="5000", size="", grade="", tier="")
    rows[2].update(size="B", likelihood="2", grade="B2", tier="1")
    fill(book, rows)
    assert "sheet.csv:4:tier: note-missing" in refused(book, "--from", "sheet.csv")
    rows[2].update(tier="")
    fill(book, rows)
    log(book, "--from", "sheet.csv").good()
    assert [entry[1:5] + entry[7:] for entry in told(book)] == [
        ["ACME", "potential", "", "5000", ""],
        ["CORE", "size", "", "B", ""],
        ["CORE", "likelihood", "", "2", ""],
        ["CORE", "grade", "", "B2", ""],
    ]
    assert "nothing new" in said(log(book, "--from", "sheet.csv"))


def test_grading_sheet_that_contradicts_itself(book: Path) -> None:
    """A cell that would not count after the others of its row is a problem, not a guess."""
    sheet = "account_id,potential,size,tier\nACME,5000,A,\nBOLT,60000,,3\n"
    (book / "sheet.csv").write_text(sheet, encoding="utf-8")
    message = refused(book, "--from", "sheet.csv")
    assert "sheet.csv:2:size: sheet-disagrees: the other cells of the row make it `C`" in message
    assert "sheet.csv:3:tier: sheet-disagrees" in message


def test_grading_sheet_with_errors(book: Path) -> None:
    """Unknown accounts, unreadable cells and rows that disagree are said, each with its cell."""
    sheet = "account_id,potential,likelihood\nACNE,1,\nACME,abc,9\nBOLT,1,\nBOLT,2,\n,5,\nCORE,,\n"
    (book / "sheet.csv").write_text(sheet, encoding="utf-8")
    message = refused(book, "--from", "sheet.csv")
    for cell in (
        "2:account_id: unknown-account",
        "3:potential: bad-money",
        "3:likelihood: told-value",
        "5:potential: told-twice: line 4",
        "6:account_id: unknown-account",
    ):
        assert f"sheet.csv:{cell}" in message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("name,x\na,b\n", "sheet-unknown"),
        ("account_id,potential,Potential\nACME,1,2\n", "sheet-repeated"),
        ("account_id,potential\nACME,1,2\n", "ragged-row"),
        ("", "no-header"),
    ],
)
def test_no_sheet(book: Path, content: str, code: str) -> None:
    """A file that is no sheet ends the run with exit 3."""
    (book / "sheet.csv").write_text(content, encoding="utf-8")
    result = log(book, "--from", "sheet.csv")
    assert result.code == 3
    assert code in said(result)
    assert log(book, "--from", "missing.csv").code == 3


def test_sheet_in_an_old_encoding(book: Path) -> None:
    """A sheet that is not UTF-8 is read as --encoding says."""
    sheet = "account_id,potential,note\nBOLT,7000,für später\n"
    (book / "sheet.csv").write_bytes(sheet.encode("cp1252"))
    assert log(book, "--from", "sheet.csv").code == 3
    log(book, "--from", "sheet.csv", "--encoding", "cp1252").good()
    assert told(book)[0][7] == "für später"


# --- many at once ---------------------------------------------------------------------------------


def test_sheet_that_can_be_read_once(book: Path) -> None:
    """A sheet in an old encoding is read from stdin too, whose bytes come once."""
    sheet = "account_id,likelihood,note\nACME,1,früh\n".encode("cp1252")
    words = ("log", "--from", "-", "--encoding", "cp1252", *TODAY)
    run(*words, cwd=book, stdin=sheet).good()
    assert told(book)[0][-1] == "früh"
    (book / "csprio.yaml").write_text("journal: j.csv\nby: A\nencoding: cp1252\n")
    (book / "sheet.csv").write_bytes(sheet)
    log(book, "--from", "sheet.csv", "--accounts", "accounts.csv").good()
    assert told(book, "j.csv")[0][-1] == "früh"


def test_missing_words_in_a_sheet(book: Path) -> None:
    """What `missing:` lists is an empty cell in a sheet as in any table: nothing is told by it."""
    with (book / "csprio.yaml").open("a") as config:
        config.write('missing: [N/A, "-"]\n')
    (book / "sheet.csv").write_text("account_id,potential,likelihood\nACME,N/A,1\nBOLT,-,-\n")
    log(book, "--from", "sheet.csv").good()
    assert [entry[1:5] for entry in told(book)] == [["ACME", "likelihood", "", "1"]]
    rows = worklist(book)
    rows[0].update(outcome="N/A", comment="-")
    rows[1].update(outcome="done", comment="-")
    fill(book, rows)
    log(book, "--from", "sheet.csv").good()
    assert [entry[2:] for entry in told(book)[1:]] == [
        ["done", rows[1]["task_id"], "", "", "Ana", ""]
    ]


@pytest.mark.parametrize(
    ("due", "until", "day"),
    [("{1}/{2}/{0}", "12/5/2026", "2026-12-05"), ("{2}.{1}.{0}", "05.12.2026", "2026-12-05"),
     ("{2}.{1}.{0}", "5/12/2026", ""), ("{0}-{1}-{2}", "5/12/2026", "")],
)  # fmt: skip
def test_days_that_a_spreadsheet_has_rewritten(book: Path, due: str, until: str, day: str) -> None:
    """The other days of a sheet settle how `until` is read, but not one with another mark."""
    rows = worklist(book)
    for row in rows:
        row["renewal_date"] = due.format(*row["renewal_date"].split("-"))
    rows[0].update(outcome="snoozed", until=until)
    fill(book, rows)
    if day:
        log(book, "--from", "sheet.csv").good()
        assert [entry[5] for entry in told(book)] == [day]
    else:
        assert "ambiguous-dates" in refused(book, "--from", "sheet.csv")


def test_a_sheet_read_twice_at_once(book: Path, csprio: Path) -> None:
    """Of several that read a sheet at the same time one tells it; the others find it told."""
    (book / "sheet.csv").write_text("account_id,likelihood\nACME,1\nBOLT,3\n")
    with ThreadPoolExecutor(4) as threads:
        words = ("log", "--from", "sheet.csv", *TODAY)
        results = list(
            threads.map(lambda _: process(*words, cwd=book, env=LANG, program=csprio), range(4))
        )
    assert {result.code for result in results} == {0}, results[0].err
    assert [entry[1] for entry in told(book)] == ["ACME", "BOLT"]


def test_sheet_that_tells_nothing(book: Path) -> None:
    """A sheet with nothing new, or with errors, makes no journal, and a journal is not touched."""
    (book / "sheet.csv").write_text("account_id,likelihood\nACME,2\n")
    assert "nothing new" in said(log(book, "--from", "sheet.csv"))
    (book / "wrong.csv").write_text("account_id,likelihood\nACME,9\n")
    assert "told-value" in refused(book, "--from", "wrong.csv")
    assert not (book / "journal.csv").exists()


def test_stdin_is_no_journal(book: Path) -> None:
    """`-` is stdin for accounts alone: no file of that name is made, or taken for empty."""
    assert "--journal" in refused(book, "ACME", "touch", "--journal", "-")
    assert b"--team" in run("grade", "--team", "-", *TODAY, cwd=book, stdin=b"name\nA\n").err


def test_a_dozen_at_once(book: Path, csprio: Path) -> None:
    """A dozen csprio processes at once leave a dozen lines and one header."""
    with ThreadPoolExecutor(12) as threads:
        results = list(
            threads.map(
                lambda number: process(
                    "log", "ACME", "touch", str(number), *TODAY, cwd=book, env=LANG, program=csprio
                ),
                range(12),
            )
        )
    assert {result.code for result in results} == {0}, results[0].err
    content = (book / "journal.csv").read_text(encoding="utf-8")
    assert content.count(HEADER) == 1
    assert sorted(int(entry[3]) for entry in told(book)) == list(range(12))


def test_killed(book: Path) -> None:
    """A csprio process killed at any moment leaves its line or none, and the journal reads."""
    chance = random.Random(11)
    began = time.monotonic()
    log_words = [sys.executable, "-m", "csprio", "log", "ACME", "touch"]
    subprocess.run([*log_words, "sure", *TODAY], cwd=book, check=True, capture_output=True)
    usual = time.monotonic() - began
    confirmed = ["sure"]
    for number in range(4):
        running = subprocess.Popen(
            [*log_words, str(number), *TODAY], cwd=book, stderr=subprocess.DEVNULL
        )
        time.sleep(usual * (0.7 + chance.random() / 2))
        running.kill()
        if running.wait() != -signal.SIGKILL:
            confirmed.append(str(number))
    found = [entry[3] for entry in told(book)]
    assert set(confirmed) <= set(found)
    log(book, "ACME", "touch", "last").good()
    assert told(book)[-1][3] == "last"
