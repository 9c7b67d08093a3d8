"""`csprio explain`: each claim with its file and line, and never another answer than the others."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive import folder
from naive.strategies import cases, ranges
from session import run

if TYPE_CHECKING:
    from datetime import date

    from naive.book import Case

Rows = list[dict[str, str]]


def ask(cwd: Path, *words: str) -> Rows:
    """Ask csprio and give the rows of its CSV."""
    out = run(words[0], "-q", "-f", "csv", *words[1:], cwd=cwd).good()
    return list(csv.DictReader(io.StringIO(out.decode(), newline="")))


# --- never another answer -------------------------------------------------------------------------


@settings(max_examples=settings().max_examples // 3)
@given(st.data())
def test_agrees(data: st.DataObject) -> None:
    """For any account of any book, it says what `grade` and `calendar` say."""
    case: Case = data.draw(cases())
    begin, end = data.draw(ranges(case.as_of))
    ids = [row["account_id"] for row in case.rows]
    asked = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder.write(case, place)
        compare(place, case.as_of, asked, begin, end)


def compare(
    place: Path, as_of: date, asked: list[str], begin: date | None, end: date | None
) -> None:
    """Hold explanations of some accounts against the other answers."""
    on = f"--as-of={as_of}"
    days = [f"--from={begin}"] * bool(begin) + [f"--to={end}"] * bool(end)
    graded = {row["account_id"]: row for row in ask(place, "grade", on)}
    tasks: dict[str, Rows] = {}
    for row in ask(place, "calendar", on, *days):
        tasks.setdefault(row["account_id"], []).append(row)
    for account in asked:
        found = ask(place, "explain", on, *days, "--", account)
        told = f"\n$ csprio explain {account} {on} {' '.join(days)}\n{folder.show(place)}"
        said = {row["what"]: row["value"] for row in found if row["step"] == row["what"]}
        for column in ("size", "likelihood", "grade", "tier"):
            assert said[column] == graded[account][column], column + told
        dues = {row["what"]: row["value"] for row in found if row["step"] == "task"}
        stands = {row["what"]: row["value"] for row in found if row["step"] == "status"}
        expected = tasks.get(account, [])
        assert dues == {row["task_id"]: row["due"] for row in expected}, told
        assert stands == {row["task_id"]: row["status"] for row in expected}, told
        assert len(dues) == sum(row["step"] == "task" for row in found), told


# --- each claim, once -----------------------------------------------------------------------------

CHAIN = Path(__file__).parent / "golden" / "explain-chain"
DAY = "--as-of=2026-03-20"
GRID = """potential: {A: over 50k, B: at least 10k, C: rest}
grid:
  A: [1, 1/2, 2]
  B: [1/2, 2, 2]
  C: [3, 3, 3]
tiers: {1: {name: Growth}, 2: {name: Bread and butter}, 3: {name: Automated}}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Give a copy of the book of the golden case."""
    return Path(shutil.copytree(CHAIN, tmp_path / "book"))


def made(folder_: Path, **files: str) -> Path:
    """Write files, with `.csv` or `.yaml` by what is in them; a journal gets its header."""
    for name, text in files.items():
        ending = "yaml" if name in {"grid", "playbook", "csprio"} else "csv"
        head = "date,account_id,kind,key,value,until,by,note\n" if name == "journal" else ""
        (folder_ / f"{name}.{ending}").write_text(head + text)
    (folder_ / "csprio.yaml").touch()
    return folder_


def told(rows: Rows, step: str, what: str = "") -> list[tuple[str, str, str]]:
    """Give value, reason and place of the rows of a step."""
    return [
        (row["value"], row["why"], ":".join(filter(None, [row["file"], row["line"]])))
        for row in rows
        if row["step"] == step and (not what or row["what"] == what)
    ]


def test_cells(book: Path) -> None:
    """Cells are shown as read, with what was written, what is wrong with them, what beats them."""
    acme, beta, late = (ask(book, "explain", one, DAY) for one in ("ACME", "beta", "none"))
    assert told(acme, "account") == [("acme", "ACME", "accounts.csv:2")]
    assert told(acme, "cell", "potential") == [("60000", "written `$60,000`", "accounts.csv:2")]
    assert told(acme, "cell", "champion") == [("strong", "", "accounts.csv:2")]
    beaten = "journal.csv:19 says 25000, which counts"
    assert told(acme, "cell", "arr") == [("20000", beaten, "accounts.csv:2")]
    bad = "written `abc`; bad-money: `abc` is not an amount: no number is written like this"
    assert told(beta, "cell", "arr") == [("", bad, "accounts.csv:3")]
    after = "after the day asked about, so it does not count"
    assert told(late, "cell", "graded_on") == [("2027-01-01", after, "accounts.csv:9")]
    assert "likelihood, grade" in told(beta, "cell", "empty")[0][1]
    assert not told(beta, "cell", "no column")


def test_cell_by_call(book: Path) -> None:
    """A tier's cell names the call of the journal that counts instead of it."""
    rows = ask(book, "explain", "call", DAY)
    said = "journal.csv:5 calls tier 1, which counts"
    assert told(rows, "cell", "tier") == [("1", said, "accounts.csv:7")]


def test_journal(book: Path) -> None:
    """Every entry is listed; those that give way name what they give way to."""
    call = ask(book, "explain", "call", DAY)
    assert [row[1:] for row in told(call, "journal")] == [
        (
            (
                "size: journal.csv:3 is later; the amount gives way to the cell 60000; "
                "2025-12-01 by Jane"
            ),
            "journal.csv:2",
        ),
        (
            (
                "size: gives way to the cells, as graded_on 2026-01-20 is later; "
                "likelihood: journal.csv:4 is later; 2026-01-10 by Jane"
            ),
            "journal.csv:3",
        ),
        ("sets the likelihood; 2026-01-25 by Jane: guess", "journal.csv:4"),
        ("the call that counts; 2026-02-02 by Bob: big", "journal.csv:5"),
        ("ended on 2026-03-01; 2026-02-03 by Bob", "journal.csv:6"),
    ]
    left = ask(book, "explain", "left", DAY)
    assert [row[1:] for row in told(left, "journal", "tier")] == [
        ("journal.csv:8 withdraws it; 2026-01-06 by Bob", "journal.csv:7"),
        ("withdraws all calls before it; 2026-01-07 by Bob", "journal.csv:8"),
    ]
    assert told(left, "term", "counted from")[0][2] == "journal.csv:27"


def test_journal_kinds(tmp_path: Path) -> None:
    """What is shown of amounts, calls and tasks depends on what is later."""
    made(
        tmp_path,
        accounts="account_id\na\nb\n",
        grid=GRID,
        journal="""2026-01-01,a,potential,,70000,,,
2026-01-02,a,tier,,1,,Bob,
2026-01-03,a,tier,,2,2026-09-30,Bob,
2026-01-04,a,tier,,,,Bob,
2026-01-05,a,tier,,3,2026-10-01,Bob,
2026-01-06,a,done,a:x:e1969-01-01.1,,,,
2026-01-07,a,done,a:x:e1968-01-01.1,,,,
2026-01-05,b,tier,,3,2026-01-10,Bob,
""",
    )
    words = (DAY, "--accounts=accounts.csv", "--journal=journal.csv", "--grid=grid.yaml")
    rows = ask(tmp_path, "explain", "a", *words)
    assert [row[1] for row in told(rows, "journal")] == [
        "sets the size; the last amount known; 2026-01-01",
        "journal.csv:6 is later; 2026-01-02 by Bob",
        "journal.csv:6 is later; 2026-01-03 by Bob",
        "withdraws all calls before it; journal.csv:6 is later; 2026-01-04 by Bob",
        "the call that counts until 2026-10-01; 2026-01-05 by Bob",
        "no task has this id; 2026-01-06",
        "decides the task; 2026-01-07",
    ]
    assert told(rows, "cell", "no column")[0][1].startswith("potential, size, likelihood")
    made_for = "2026-01-05 by Bob; made without a grade until 2026-10-01"
    assert told(rows, "tier", "call") == [("3", made_for, "journal.csv:6")]
    said = "Automated; override; tier given by hand, no grade"
    assert told(rows, "tier", "tier") == [("3", said, "grid.yaml:6")]
    rows = ask(tmp_path, "explain", "b", *words)
    assert told(rows, "journal", "tier")[0][1] == "ended on 2026-01-10; 2026-01-05 by Bob"
    assert told(rows, "tier", "tier")[0][1] == "no grade and no call, so no tier"


def test_size_and_likelihood(book: Path) -> None:
    """What counts names who said it, and what else said otherwise; bands and scores their line."""
    acme = ask(book, "explain", "acme", DAY)
    assert told(acme, "size", "potential") == [("60000", "band A: over 50000", "grid.yaml:2")]
    assert told(acme, "size", "size") == [("A", "by the journal's size A", "journal.csv:25")]
    assert told(acme, "likelihood") == [
        ("holds", "gives 2.5 where champion: strong", "grid.yaml:7"),
        ("unknown", "gives -2 where barrier: yes (missing)", "grid.yaml:8"),
        ("1", "sum 2.5: level 1: at least 2", "grid.yaml:9"),
        ("1", "by the score", "grid.yaml:5"),
    ]
    left = ask(book, "explain", "left", DAY)
    assert told(left, "size", "size") == [
        ("B", "by the cell grade; grade B2 given, size or potential says C", "accounts.csv:11")
    ]
    assert told(left, "likelihood")[1:] == [
        ("does not hold", "gives -2 where barrier: yes (no)", "grid.yaml:8"),
        ("2", "sum 0: level 2: at least 0", "grid.yaml:9"),
        ("2", "by the cell grade; grade B2 given, likelihood says 3", "accounts.csv:11"),
    ]
    call = ask(book, "explain", "call", DAY)
    assert told(call, "size", "size") == [("A", "by the band of potential", "accounts.csv:7")]
    said = "by the journal's likelihood 3; likelihood 3 by the journal, the file says 2"
    assert told(call, "likelihood", "likelihood") == [("3", said, "journal.csv:4")]
    assert told(call, "grade") == [("A3", "size A and likelihood 3: journal", "grid.yaml:11")]


def test_ungraded(book: Path) -> None:
    """An ungraded account says what is missing, and which grades and tiers are still possible."""
    beta, half, none = (ask(book, "explain", one, DAY) for one in ("beta", "half", "none"))
    assert told(beta, "grade") == [
        ("", "ungraded: likelihood unknown (no likelihood or grade)", "accounts.csv:3")
    ]
    assert told(beta, "possible") == [
        ("1 or 2", "with likelihood 1", "grid.yaml:12"),
        ("2", "with likelihood 2", "grid.yaml:12"),
        ("2", "with likelihood 3", "grid.yaml:12"),
        (
            "1 or 2",
            "size B is known; with likelihood 1, 2 or 3 it would be tier 1 or 2, 2, 2",
            "grid.yaml:1",
        ),
    ]
    assert told(half, "possible")[-1][:2] == (
        "1, 2 or 3",
        "likelihood 2 is known; with size A, B or C it would be tier 1 or 2, 2, 3",
    )
    assert len(told(none, "possible")) == 10
    assert told(none, "possible", "A2") == [
        ("1 or 2", "with size A and likelihood 2", "grid.yaml:11")
    ]
    assert told(none, "tier") == [("", "no grade and no call, so no tier", "grid.yaml:1")]


def test_tier(book: Path) -> None:
    """The tier names the grid's cell, the rule that won, the call, and whether it overrides."""
    grow, open_, call = (ask(book, "explain", one, DAY) for one in ("grow", "open", "call"))
    assert told(grow, "tier") == [
        ("1/2", "between two tiers", "grid.yaml:11"),
        ("", "motion: retention (growth) does not hold", "grid.yaml:15"),
        ("better", "motion: growth holds", "grid.yaml:16"),
        ("1", "Growth; by a borderline rule", "grid.yaml:18"),
    ]
    assert told(open_, "tier")[-1][1] == (
        "Bread and butter; a call to make; between tier 1 and 2: a call to make, tier 2 until then"
    )
    assert told(call, "tier") == [
        ("2", "the grid's cell", "grid.yaml:11"),
        (
            "1",
            (
                "2026-02-02 by Bob: big; made for grade A3; given back as journal.csv:6 ended on "
                "2026-03-01"
            ),
            "journal.csv:5",
        ),
        ("1", "Growth; override; tier given by hand, the grid says tier 2", "grid.yaml:18"),
    ]


def test_called(tmp_path: Path) -> None:
    """A call to one of two tiers is called; one to the grid's own tier says what the grid says."""
    text = "account_id,grade,tier\na,A2,1\nb,C1,3\n"
    made(tmp_path, accounts=text, grid=GRID)
    one, two = (
        ask(tmp_path, "explain", each, DAY, "--accounts=accounts.csv", "--grid=grid.yaml")
        for each in "ab"
    )
    assert [row[1] for row in told(one, "tier")] == [
        "between two tiers", "by the cell tier", "Growth; called",
    ]  # fmt: skip
    assert told(two, "tier", "tier")[0][1] == "Automated; called, as the grid says"
    assert told(one, "likelihood") == [("2", "by the cell grade", "accounts.csv:2")]


def test_people(book: Path) -> None:
    """Each role names its person and whether the cell, the team or nobody says so."""
    acme, beta = (ask(book, "explain", one, DAY) for one in ("acme", "beta"))
    by_team = "by the cell sales, `JANE@x.example`, as the team calls them"
    assert told(acme, "role") == [
        ("Jane", "by the cell csm", "accounts.csv:2"),
        ("Jane", by_team, "accounts.csv:2"),
    ]
    nobody = "nobody: the cell csm is empty, and the team has no default"
    assert told(beta, "role") == [
        ("", nobody, "accounts.csv:3"),
        ("Bob", "the team's default for the role", "team.csv:3"),
    ]


def test_plan_and_terms(book: Path) -> None:
    """The playbook names its condition, an own plan what it does, a term what it counts from."""
    acme, half, left = (ask(book, "explain", one, DAY) for one in ("acme", "half", "left"))
    assert told(acme, "plan") == [
        ("", "term_months: at most 3 (12) does not hold", "csprio.yaml:4"),
        ("", "takes every account", "csprio.yaml:5"),
        ("all, 1", "graded A1, tier 1", "book.yaml:1"),
        ("", "adds dinner; replaces exact; removes bye", "plans/acme.yaml:1"),
    ]
    assert told(acme, "term", "months") == [("12", "term_months is blank, so 12", "accounts.csv:2")]
    origin = "start_date (there is no renewal_date) plus whole terms of 12 months"
    assert told(acme, "term", "counted from") == [("2026-01-05", origin, "accounts.csv:2")]
    merged = "begins on start_date; the 13 days before 2026-03-01 belong to it"
    assert told(half, "term", "first term") == [
        ("2026-02-16 to 2027-02-28", f"{merged}; renewal on 2027-03-01", "accounts.csv:10")
    ]
    cut = "begins on start_date, which cuts the term from 2024-12-01; renewal on 2025-12-01"
    assert told(left, "term")[-2:] == [
        ("2025-06-15 to 2025-11-30", cut, "accounts.csv:11"),
        ("2025-12-01 to 2026-11-30", "holds 2026-03-20; renewal on 2026-12-01", "journal.csv:27"),
    ]


def test_inactive_and_prospect(book: Path, tmp_path: Path) -> None:
    """An inactive account has no activities, a prospect only those before the start."""
    gone, soon = (ask(book, "explain", one, DAY) for one in ("gone", "soon"))
    inactive = "inactive by status: left out of tiers, calendars and worklists"
    assert told(gone, "plan") == [("churned", inactive, "accounts.csv:4")]
    assert not told(gone, "activity")
    prospect = "prospect: only activities before the start"
    assert told(soon, "plan", "status") == [("prospect", prospect, "accounts.csv:8")]
    assert told(soon, "no task", "kickoff") == [("", prospect, "book.yaml:8")]
    assert [row[0] for row in told(soon, "task")] == ["2026-04-27"]
    future = "still to begin: the first term; renewal on 2027-05-01"
    assert told(soon, "term", "current term")[0][1] == future
    left = made(tmp_path, accounts="account_id\na\n", journal="2026-01-01,a,event,churned,,,,\n")
    rows = ask(left, "explain", "a", DAY, "--accounts=accounts.csv", "--journal=journal.csv")
    assert told(rows, "plan") == [("churned", inactive, "journal.csv:2")]
    assert told(rows, "journal")[0][1].startswith("inactive until an event renewed; ")


def test_dates(book: Path) -> None:
    """A task names what dates it and where that stands, the rule, and each day off on its way."""
    acme = ask(book, "explain", "acme", DAY)
    assert told(acme, "activity", "review") == [
        (
            "Review",
            (
                "plan for all: term + 1mo, every 3mo, until renewal - 1mo; role csm (Jane); "
                "ends with review"
            ),
            "book.yaml:9",
        )
    ]
    assert told(acme, "until", "review") == [
        ("2026-12-05", "repeats from 2026-01-05 stay before renewal - 1mo", "book.yaml:9")
    ]
    said = "plan for all: term + 1mo, repeat 2 (term 2026-01-05) = 2026-05-05"
    assert told(acme, "task", "acme:review:t2026-01.2") == [("2026-05-05", said, "accounts.csv:2")]
    said = "plan for all: notice - 10bd (notice 2026-10-07) = 2026-09-23"
    assert told(acme, "task", "acme:notice:t2026-01.1") == [
        ("2026-09-23", f"{said}; renewal 2027-01-05 less notice_days 90", "accounts.csv:2")
    ]
    said = "plan for all: graded + 30d (graded 2026-03-11) = 2026-04-10; the last grading, size A"
    assert told(acme, "task", "acme:regrade:g2026-03-11.1") == [
        ("2026-04-10", said, "journal.csv:25")
    ]
    said = "plan for all: event any (any 2026-03-01) = 2026-03-01; event New-Group"
    assert told(acme, "task", "acme:answer:e2026-03-01.1") == [
        ("2026-03-03", said, "journal.csv:15")
    ]
    assert told(acme, "roll", "acme:answer:e2026-03-01.1") == [
        (
            "2026-03-03",
            (
                "2026-03-01 is a Sunday, 2026-03-02 is a holiday (holidays.csv:3); "
                "the next business day"
            ),
            "csprio.yaml:8",
        )
    ]
    assert told(acme, "roll", "acme:plan:s1") == [
        (
            "2026-01-16",
            "2026-01-15 is a holiday (holidays.csv:2); the next business day",
            "holidays.csv:2",
        )
    ]
    assert told(acme, "roll", "acme:exact:s1") == [
        ("2026-01-11", "2026-01-11 is a Sunday; roll none", "csprio.yaml:8")
    ]


def test_status(book: Path) -> None:
    """A status names the line that decides it, or the day and the setting that do."""
    rows = ask(book, "explain", "acme", DAY)
    assert told(rows, "status", "acme:kickoff:s1") == [
        ("done", "done (went well) 2026-02-20 by Jane", "journal.csv:9")
    ]
    assert told(rows, "status", "acme:plan:s1") == [
        ("skipped", "skipped 2026-02-21 by Jane: no time", "journal.csv:10")
    ]
    assert told(rows, "status", "acme:dinner:s1") == [
        ("snoozed", "comes back on 2026-04-01; snoozed 2026-02-22 by Jane", "journal.csv:11")
    ]
    assert told(rows, "status", "acme:review:t2026-01.1") == [
        ("done", "ended by the review of 2026-03-07 by Jane, on or after 2026-01-22",
         "journal.csv:21")
    ]  # fmt: skip
    assert told(rows, "status", "acme:renew:t2026-01.1") == [
        ("done", "ended by the event renewed of 2026-03-03 by Jane", "journal.csv:17")
    ]
    back = "snoozed until 2026-03-10 (journal.csv:12); "
    assert told(rows, "status", "acme:daily:s1") == [
        ("overdue", f"{back}due 10 days ago; tracking began on 2026-02-20", "journal.csv:9")
    ]
    given_up = "due more than 30 days before 2026-03-20, so it is given up"
    assert told(rows, "status", "acme:before:s1") == [("expired", given_up, "csprio.yaml:10")]
    again = "reopened 2026-02-24 by Jane (journal.csv:14); "
    assert told(rows, "status", "acme:exact:s1") == [
        ("expired", f"{again}{given_up}", "csprio.yaml:10")
    ]
    assert told(rows, "status", "acme:regrade:g2026-03-11.1") == [
        ("open", "due on or after 2026-03-20", "")
    ]
    half = ask(book, "explain", "half", DAY)
    assert told(half, "status") == [
        ("open", "past, but tracking began later, on 2026-02-20", "journal.csv:9")
    ]
    none = ask(book, "explain", "none", DAY)
    dates = "no dates yet: add start_date or renewal_date to plan this account"
    assert told(none, "status") == [("undated", dates, "")]


def test_no_task(book: Path) -> None:
    """An activity without a task in the days asked for says why."""
    acme, grow, left = (ask(book, "explain", one, DAY) for one in ("acme", "grow", "left"))
    nothing = {row["what"]: (row["why"], f"{row['file']}:{row['line']}") for row in acme
               if row["step"] == "no task"}  # fmt: skip
    assert nothing == {
        "save": ("motion: retention (growth) does not hold", "book.yaml:16"),
        "late": ("term + 14mo: 2027-03-05 is not before 2027-01-05, the end of the term",
                 "book.yaml:17"),
        "daily": ("start + 4d: falls on 2026-01-12 as the repeat before it, which is kept",
                  "book.yaml:18"),
        "kickoff": ("replaced by book.yaml:23", "book.yaml:8"),
        "exact": ("replaced by plans/acme.yaml:5", "book.yaml:19"),
        "bye": ("removed by the account's own plan from book.yaml:21", "plans/acme.yaml:7"),
    }  # fmt: skip
    assert len(told(acme, "task")) == len({row["what"] for row in acme if row["step"] == "status"})
    assert told(grow, "no task", "notice") == [("", "no notice_days", "accounts.csv:5")]
    assert told(grow, "no task", "plan") == [("", "no start_date", "accounts.csv:5")]
    assert told(grow, "no task", "answer")[0][1] == "no event up to 2026-03-20"
    assert told(grow, "no task", "pitch")[0][1] == "no `event new-group` up to 2026-03-20"
    lacks = "never graded, and no start_date"
    assert told(grow, "no task", "regrade") == [("", lacks, "accounts.csv:5")]
    days = "the days asked for, 2025-12-01 to 2026-11-30"
    said = (
        f"start + 4d (start 2025-06-15): 2025-06-19 is not in {days}, and no repeat falls into them"
    )
    assert told(left, "no task", "daily") == [("", said, "book.yaml:18")]
    rows = ask(book, "explain", "acme", DAY, "--from=2026-06-01", "--to=2026-06-05")
    days = "the days asked for, 2026-06-01 to 2026-06-05"
    said = f"start + 3bd (start 2026-01-05): 2026-01-08 is not in {days}"
    assert told(rows, "no task", "kickoff")[0] == ("", said, "book.yaml:23")
    rows = ask(book, "explain", "none", DAY, "--from=2026-06-01")
    assert told(rows, "no task") == [("", "no start_date", "accounts.csv:9")]


ROLLS = """roles: {csm: {}}
plans:
  all:
    - {id: early, role: csm, due: renewal - 60d, roll: none}
    - {id: bound, role: csm, due: term + 13d, every: 7d, until: 2026-03-15, roll: next}
    - {id: end, role: csm, due: renewal + 0d, roll: next}
    - {id: last, role: csm, due: term + 27d, roll: next}
    - {id: gone, role: csm, due: start + 2mo, every: 1mo, until: start + 40d}
    - {id: never, role: csm, due: start + 1mo, every: 1mo, until: 2026-04-01}
    - {id: known, role: csm, due: graded + 1d}
    - {id: open, role: csm, due: event won, every: 1y, until: renewal - 1mo}
    - id: words
      role: csm
      due: start + 1d
      when:
        any:
          - {name: contains zz, segment: present}
          - {arr: 10..20, segment: missing}
          - {segment: not x, name: is b}
          - {start_date: over 2027-01-01}
"""


def test_rolls_and_bounds(tmp_path: Path) -> None:
    """A day that a bound sends back, and one before the start, say so; conditions are words."""
    made(
        tmp_path,
        accounts="account_id,start_date,renewal_date,term_months,grade,graded_on,segment,arr\n"
        "a,2026-03-01,2026-04-05,1,A1,2026-03-02,,15\n",
        playbook=ROLLS,
        journal="2026-02-01,a,event,won,,,,\n",
    )
    rows = ask(tmp_path, "explain", "a", "--as-of=2026-03-20", "--accounts=accounts.csv",
               "--playbook=playbook.yaml", "--journal=journal.csv")  # fmt: skip
    assert told(rows, "term", "first term")[0][0] == "2026-03-01 to 2026-04-04"
    started = "2026-02-04 is before start_date 2026-03-01, so it is due on that; "
    assert told(rows, "roll", "a:early:t2026-03.1") == [
        ("2026-03-02", f"{started}2026-03-01 is a Sunday; the next business day", "")
    ]
    back = "2026-03-14 is a Saturday; 2026-03-16 would be later than 2026-03-15"
    assert told(rows, "roll", "a:bound:t2026-03.1") == [
        ("2026-03-13", f"{back}, so the business day before", "")
    ]
    back = "2026-04-05 is a Sunday, 2026-04-04 is a Saturday; 2026-04-06 would be later than"
    assert told(rows, "roll", "a:end:t2026-03.1") == [
        ("2026-04-03", f"{back} 2026-04-05, so the business day before", "")
    ]
    assert told(rows, "no task", "gone")[0][1] == (
        "start + 2mo (start 2026-03-01): 2026-05-01 is not before 2026-04-10"
    )
    said = "start + 1mo: 2026-04-01 is not before 2026-04-01, the bound of its repeats"
    assert told(rows, "no task", "never") == [("", said, "playbook.yaml:9")]
    said = "plan for all: graded + 1d (graded 2026-03-02) = 2026-03-03; graded_on"
    assert told(rows, "task", "a:known:g2026-03-02.1") == [("2026-03-03", said, "accounts.csv:2")]
    bound = ("nothing", "repeats from 2026-02-01 stay before renewal - 1mo", "playbook.yaml:11")
    assert told(rows, "until", "open") == [bound]
    assert told(rows, "activity", "words")[0][1].endswith(
        "when any of (name: contains zz (a) and segment: present (missing); arr: 10..20 (15) and "
        "segment: missing; segment: not x (missing) and name: is b (a); start_date: over "
        "2027-01-01 (2026-03-01)) holds"
    )


def test_nothing_overdue(tmp_path: Path) -> None:
    """A task of the past that is not overdue says why: nothing tracked, another tier, a snooze."""
    accounts = "account_id,grade,start_date\na,A1,2026-03-02\n"
    playbook = "roles: {csm: {}}\nplans: {1: [{id: x, role: csm, due: start + 1d}]}\n"
    made(tmp_path, accounts=accounts, playbook=playbook, grid=GRID)
    words = ("explain", "a", DAY, "--accounts=accounts.csv", "--playbook=playbook.yaml",
             "--grid=grid.yaml")  # fmt: skip
    said = "past, but nothing is overdue before the first done, skipped or snoozed"
    assert told(ask(tmp_path, *words), "status") == [("open", said, "")]
    made(
        tmp_path,
        journal="""2026-01-01,a,grade,,C1,,,
2026-03-01,a,done,a:y:s1,,,,
2026-03-05,a,grade,,A1,,,
2026-03-06,a,snoozed,a:x:s1,,2026-03-10,,
""",
    )
    rows = ask(tmp_path, *words, "--journal=journal.csv")
    assert told(rows, "status")[0][0] == "overdue"
    made(
        tmp_path,
        journal="""2026-01-01,a,grade,,C1,,,
2026-03-01,a,snoozed,a:x:s1,,2026-03-02,,
2026-03-05,a,grade,,A1,,,
""",
    )
    rows = ask(tmp_path, *words, "--journal=journal.csv")
    own = "snoozed until 2026-03-02, which is not later than its own date (journal.csv:3); "
    changed = "past, but the tier changed on 2026-03-05, and the plan before had no such activity"
    assert told(rows, "status") == [("open", f"{own}{changed}", "journal.csv:4")]


def test_no_playbook(tmp_path: Path) -> None:
    """An account that no playbook takes has no plan, and a csm who has no role is still shown."""
    made(
        tmp_path,
        accounts="account_id,grade,csm,tier\na,A1,Jane,\n",
        csprio="playbook: [{when: {tier: 2, arr: under 5}, use: playbook.yaml}]\n",
        playbook="roles: {sales: {}}\nplans: {all: [{id: x, role: sales, due: start}]}\n",
    )
    rows = ask(tmp_path, "explain", "a", DAY, "--accounts=accounts.csv")
    said = "tier: 2 (1) and arr: under 5 (missing) does not hold"
    assert told(rows, "plan") == [
        ("", said, "csprio.yaml:1"),
        ("", "no playbook of the list takes this account", ""),
    ]
    lacks = "nobody: there is no column sales, and the team has no default"
    assert told(rows, "role") == [
        ("Jane", "by the cell csm", "accounts.csv:2"),
        ("", lacks, "accounts.csv:2"),
    ]


def test_combined(tmp_path: Path) -> None:
    """A cell that another row of the account fills says so."""
    text = "account_id,arr,size\na,5,\na,7,B\n"
    made(tmp_path, accounts=text, csprio="combine: {arr: sum}\n")
    rows = ask(tmp_path, "explain", "a", DAY, "--accounts=accounts.csv")
    assert told(rows, "cell", "arr") == [("12", "written `5`", "accounts.csv:2")]
    other = "from another row of this account, by `combine:`"
    assert told(rows, "cell", "size") == [("B", other, "accounts.csv:2")]


def test_same_words_as_the_worklist(book: Path) -> None:
    """What a worklist gives as `why` is how the task is explained, word for word."""
    for row in ask(book, "worklist", DAY, "--days=60"):
        days = ("--from=2025-01-01", "--to=2027-12-31") if row["due"] else ()
        rows = ask(book, "explain", row["account_id"], DAY, *days)
        words = [said[1] for said in told(rows, "task", row["task_id"])]
        assert words[0].startswith(row["why"]), row
    notes = {row["account_id"]: row["note"] for row in ask(book, "grade", DAY)}
    for account, note in notes.items():
        whole = "\n".join(row["why"] for row in ask(book, "explain", account, DAY))
        assert all(part in whole for part in note.split("; ")), account


# --- how it is shown ------------------------------------------------------------------------------


def test_formats(book: Path) -> None:
    """JSON has the same rows, Markdown a table a heading, and stdin may be the accounts."""
    stdin = (book / "accounts.csv").read_bytes()
    words = ("explain", "beta", DAY, "-q", "--accounts", "-")
    out = run(*words, "-f", "json", cwd=book, stdin=stdin).good()
    found = json.loads(out)
    assert found["as_of"] == "2026-03-20"
    assert found["rows"][0] == {
        "step": "account", "what": "account", "value": "beta", "why": "Beta", "file": "-",
        "line": 3, "column": None,
    }  # fmt: skip
    text = run(*words, "-f", "md", cwd=book, stdin=stdin).good().decode()
    assert "## terms\n\n| what | value | why | place |\n| --- | --- | --- | --- |\n" in text
    assert "| task u |  | ungraded: likelihood unknown" in text


def test_usage(book: Path) -> None:
    """An account that is not there, no account at all and days the wrong way round are exit 2."""
    for words in (["zzz"], [], ["acme", "--from=2026-02-02", "--to=2026-02-01"],
                  ["acme", "--from=soon"], ["acme", "-o", "{account}.csv"]):  # fmt: skip
        result = run("explain", *words, DAY, cwd=book)
        assert (result.code, result.out) == (2, b""), words


@pytest.mark.parametrize("width", [12, 40, 60, 100, None])
def test_width(width: int | None, book: Path) -> None:
    """A table fits its width, however narrow, and loses nothing; in a pipe a step is a line."""
    from csprio.show.steps import chain  # noqa: PLC0415 - heavy
    from csprio.show.terminal import Look  # noqa: PLC0415 - heavy
    from csprio.tables import ANSWERS, Sheet, arrow_type  # noqa: PLC0415 - heavy

    rows = ask(book, "explain", "acme", DAY)
    columns = ANSWERS["explain"]
    table = pa.table(
        {
            each.name: pa.array([row[each.name] or None for row in rows], pa.string()).cast(
                arrow_type(each.kind)
            )
            for each in columns
        }
    )
    sheet = Sheet("explain", columns, table)
    lines = list(chain(sheet, Look(width)))
    if width is not None and width >= 60:
        assert max(map(len, lines)) <= width
    text = "".join("".join(lines).split())
    for row in rows:
        assert "".join(row["why"].split()) in text
    colored = "\n".join(chain(sheet, Look(width, color=True)))
    assert "\x1b[1;31m" in colored
    assert "\x1b[2m" in colored
