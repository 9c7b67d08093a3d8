"""Proves what `check` finds in a book, a journal and a team, and what it counts or lets be."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from session import run

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNTS = """\
account_id,name,grade,tier,csm,coach,start_date,renewal_date,term_months,graded_on
ACME,Acme Robotics,A1,,Maya,Ines,2026-01-15,,,
BOLT,Bolt,B2,,Maya,Ines,2026-03-31,,12,2026-06-01
CRAB,Crab,B2,,Maya,Ines,,,,
MOON,Moon,B2,,Maya,Ines,2026-11-01,,1,
"""
BOOK = """\
roles:
  csm: {title: CSM}
  coach: {title: Coach}
  system: {title: Machine, automated: true}
plans:
  all:
    - {id: kickoff, role: csm, due: start + 5bd}
    - {id: check-in, role: csm, due: term + 1w, every: 1mo, until: renewal - 1mo}
    - {id: regrade, role: csm, due: graded + 1mo, every: 1mo, times: 3}
    - {id: rescue, role: coach, due: event at-risk + 1d}
    - {id: renewal, role: csm, due: renewal - 30d}
    - {id: hello, role: system, due: start}
  1:
    - {id: growth, role: coach, due: term + 3mo, every: 3mo}
"""
HEADER = "date,account_id,kind,key,value,until,by,note\n"
FIRST = "2026-01-22,ACME,done,ACME:kickoff:s1,,,,\n"
TEAM = "name,email,role\nMaya,maya@example.com,csm\nInes,,coach\n"


def check(folder: Path, *options: str, **files: str) -> list[dict[str, str]]:
    """Run `check` over a folder of these files; give its rows."""
    there = {"accounts": ACCOUNTS, "journal": HEADER + FIRST, **files}
    for name, text in there.items():
        (folder / f"{name}.csv").write_text(text)
    if not (folder / "playbook.yaml").exists():
        (folder / "playbook.yaml").write_text(BOOK)
    words = ["accounts.csv", "--playbook", "playbook.yaml", "--as-of", "2026-11-23", "-q"]
    told = [] if "journal" in options else ["--journal", "journal.csv"]
    team = ["--team", "team.csv"] if "team" in files else []
    asked = [each for each in options if each != "journal"]
    out = run("check", *words, *told, *team, *asked, "-f", "csv", cwd=folder).good().decode()
    return list(csv.DictReader(io.StringIO(out)))


def found(rows: list[dict[str, str]], code: str) -> list[str]:
    """Give line and message of the findings of one code."""
    return [f"{row['line']}: {row['message']}" for row in rows if row["code"] == code]


def test_healthy(tmp_path: Path) -> None:
    """A book whose journal, team and policy agree has nothing to be said about."""
    entries = "2026-02-01,ACME,event,renewed,,,maya@example.com,\n"
    assert check(tmp_path, journal=HEADER + FIRST + entries, team=TEAM) == []


# --- the journal ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "entries", "why"),
    [
        ("by: Maya\n", "", "the journal has no task yet that is done, skipped or snoozed"),
        ("journal: log.csv\n", None, "there is no journal log.csv yet"),
        ("by: Maya\n", None, "there is no journal"),
        ("by: Maya\n", FIRST, None),
    ],
)
def test_nothing_overdue(config: str, entries: str | None, why: str | None, tmp_path: Path) -> None:
    """Until something was closed nothing is overdue, which is said once."""
    (tmp_path / "csprio.yaml").write_text(config)
    without = ["journal"] if entries is None else []
    rows = check(tmp_path, *without, journal=HEADER + (entries or ""))
    said = [f"{why}, so nothing counts as overdue"] if why else []
    assert [row["message"] for row in rows if row["code"] == "nothing-overdue"] == said


# A task that the journal names, and the task that is meant where there is none of that id.
TASKS = {
    "ACME:kickoff:s1": None,
    "ACME:kickoff:s2": "ACME:kickoff:s1",
    "ACME:check-in:t2026-01.11": None,
    "ACME:check-in:t2026-01.12": "ACME:check-in:t2026-01.11",
    "ACME:check-in:t2026-02.1": None,  # of a term that was moved by a month
    "ACME:check-in:t2025-12.1": None,
    "ACME:check-in:t2026-03.1": "ACME:check-in:t2026-01.1",
    "ACME:check-in:s1": "ACME:check-in:t2026-01.1",
    "ACME:check-in:t1960-01.1": "ACME:check-in:t2026-01.1",
    "ACME:check-in:t2026-01.99999999": "ACME:check-in:t2026-01.1",
    "ACME:renewal:t2026-01.1": None,
    "ACME:growth:t2026-01.3": None,
    "BOLT:growth:t2026-03.3": None,  # of a tier that the account is not in now
    "BOLT:growth:t2026-05.1": "BOLT:growth:t2026-03.1",
    "MOON:check-in:t2026-12.1": "",
    "CRAB:kickoff:u": None,
    "CRAB:kickoff:s1": "CRAB:kickoff:u",
    "CRAB:rescue:u": "",
    "ACME:kickoff:u": "ACME:kickoff:s1",
    "ACME:rescue:e2026-02-01.1": None,
    "ACME:rescue:e2026-02-07.1": "ACME:rescue:e2026-02-01.1",
    "BOLT:rescue:e2026-02-01.1": "",
    "ACME:regrade:g2026-02-03.3": None,  # of a grading before the last one
    "ACME:regrade:g2026-02-10.1": None,
    "ACME:regrade:g2026-01-15.1": None,
    "ACME:regrade:g2026-02-10.4": "ACME:regrade:g2026-02-10.3",
    "ACME:regrade:g2026-02-11.1": "ACME:regrade:g2026-02-10.1",
    "BOLT:regrade:g2026-05-01.1": None,  # the CRM may have had that day before
    "BOLT:regrade:g2026-06-02.1": "BOLT:regrade:g2026-06-01.1",
    "ACME:own:s1": None,  # of an account's own plan
    "BOLT:own:s1": "",
}
EVENTS = """\
2026-02-01,ACME,event,at-risk,,,,
2026-02-03,ACME,grade,,A1,,,
2026-02-10,ACME,likelihood,,1,,,
"""


@pytest.mark.parametrize("task", TASKS)
def test_tasks(task: str, tmp_path: Path) -> None:
    """A closing names a task that is there or was there, else the nearest one is offered."""
    (tmp_path / "plans").mkdir()
    own = "account: ACME\nadd:\n  - {id: own, title: Own, role: csm, due: start}\n"
    (tmp_path / "plans" / "acme.yaml").write_text(own)
    (tmp_path / "csprio.yaml").write_text("plans: plans\n")
    account = task.partition(":")[0]
    entry = f"2026-11-20,{account},skipped,{task},,,,\n"
    rows = check(tmp_path, journal=HEADER + FIRST + EVENTS + entry)
    remedies = [row["remedy"] for row in rows if row["code"] == "entry-no-task"]
    near = TASKS[task]
    if near is None:
        assert remedies == []
    elif near:
        assert remedies == [f"did you mean `{near}`?"]
    else:
        assert remedies == ["copy it from the column task_id of a worklist or a calendar"]


def test_tasks_of_long_ago(tmp_path: Path) -> None:
    """What was logged before the account's current term began is let be."""
    entry = "2025-11-22,CRAB,done,CRAB:nonsense:s1,,,,\n2026-01-14,ACME,done,ACME:nonsense:s1,,,,\n"
    assert check(tmp_path, journal=HEADER + entry + FIRST) == []


def test_tasks_asked_about(tmp_path: Path) -> None:
    """Each task is reported once, by its last line, and only of the accounts asked about."""
    lines = "".join(
        f"2026-11-{day},{account},done,{account}:kickoff:s7,,,,\n"
        for day in (10, 11)
        for account in ("ACME", "BOLT")
    )
    rows = check(tmp_path, journal=HEADER + FIRST + lines)
    assert [line[:3] for line in found(rows, "entry-no-task")] == ["5: ", "6: "]
    rows = check(tmp_path, "--where", "name=Bolt", journal=HEADER + FIRST + lines)
    assert [line[:3] for line in found(rows, "entry-no-task")] == ["6: "]


def test_unknown_accounts(tmp_path: Path) -> None:
    """Accounts are counted by id, the first twenty singly; those that left are let be."""
    lines = [
        "2026-02-01,LEFT,event,churned,,,,",
        "2026-02-01,BACK,event,Churned,,,,",
        "2026-02-02,BACK,event,renewed,,,,",
        "2026-02-03,acme,touch,call,,,,",
        "2026-02-03,Acme Robotics,touch,call,,,,",
        *(f"2026-02-04,{number},touch,call,,,," for number in range(100, 119)),
        "2026-02-05,118,touch,call,,,,",
    ]
    rows = check(tmp_path, journal=HEADER + FIRST + "\n".join(lines))
    singly = [row for row in rows if row["code"] == "entry-account"]
    assert [row["message"] for row in singly[:4]] == [
        "`BACK` is no account of the book (2 entries)",
        "`acme` is no account of the book (1 entry)",
        "`Acme Robotics` is no account of the book (1 entry)",
        "`100` is no account of the book (1 entry)",
    ]
    hints = [row["remedy"].partition("?")[0].partition(":")[0] for row in singly[1:4]]
    assert hints == [
        "did you mean `ACME`",
        "that is the name of the account `ACME`",
        "correct it, or add the account to the book",
    ]
    assert len(singly) == 20
    assert found(rows, "entry-accounts") == [
        "25: the book does not have 2 more accounts either (3 entries), the first of them `117`"
    ]


def test_ahead(tmp_path: Path) -> None:
    """Entries dated after the day asked about are counted, and the first of them is named."""
    lines = "2026-11-23,ACME,touch,call,,,,\n2026-11-30,ACME,touch,call,,,,\n"
    rows = check(tmp_path, journal=HEADER + FIRST + lines)
    [said] = found(rows, "entries-ahead")
    assert said.startswith("4: 1 entry is dated after 2026-11-23, and not looked at yet")


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        (
            "2026-06-01,ACME,tier,,3,2026-06-30,,\n",
            "3 ended on 2026-06-30: the account is in tier 1",
        ),
        ("2026-06-01,NONE,tier,,2,2026-06-30,,\n", "2 ended on 2026-06-30: the account has no"),
        ("2026-06-01,ACME,tier,,1,2026-06-30,,\n", ""),  # which it has anyway
        ("2026-06-01,ACME,tier,,3,2026-11-23,,\n", ""),
        ("2026-06-01,ACME,tier,,3,2026-06-30,,\n2026-07-01,ACME,tier,,,,,\n", ""),
    ],
)
def test_ended_calls(calls: str, said: str, tmp_path: Path) -> None:
    """The last call of an account that has ended is named where it makes a difference."""
    accounts = f"{ACCOUNTS}NONE,None,,,Maya,Ines,2026-05-01,,,\n"
    rows = check(tmp_path, journal=HEADER + FIRST + calls, accounts=accounts)
    ended = found(rows, "call-ended")
    assert len(ended) == bool(said)
    assert all(said in each for each in ended)


@pytest.mark.parametrize(
    ("book", "said"),
    [
        (BOOK, ["at_risk` (2 entries)", "party` (1 entry)"]),
        (f"{BOOK}    - {{id: look, role: csm, due: event any}}\n", ["at_risk` in particular (2"]),
    ],
)
def test_events(book: str, said: list[str], tmp_path: Path) -> None:
    """An event is named once if nothing listens to it, or nearly something does."""
    (tmp_path / "playbook.yaml").write_text(book)
    lines = [
        "2026-02-01,ACME,event,At_Risk,,,,",
        "2026-02-02,BOLT,event,at_risk,,,,",
        "2026-02-02,BOLT,event,AT-RISK,,,,",
        "2026-02-02,BOLT,event,contracted,5,,,",
        "2026-02-03,BOLT,event,party,,,,",
    ]
    unheard = found(check(tmp_path, journal=HEADER + FIRST + "\n".join(lines)), "event-unheard")
    assert len(unheard) == len(said)
    assert all(part in line for part, line in zip(said, unheard, strict=True))


def test_writers(tmp_path: Path) -> None:
    """Who logs entries is somebody of the team; those of long ago may have left it."""
    lines = [
        "2025-10-01,ACME,touch,call,,,Gone,",
        "2026-02-01,ACME,touch,call,,,Maja,",
        "2026-02-01,ACME,touch,call,,,MAYA,",
        "2026-02-02,ACME,touch,call,,,Maja,",
    ]
    (tmp_path / "csprio.yaml").write_text("by: Inez\n")
    rows = check(tmp_path, journal=HEADER + FIRST + "\n".join(lines), team=TEAM)
    assert found(rows, "by-unknown") == [
        "1: nobody in the team is called `Inez`",
        "4: nobody in the team is called `Maja` (2 entries)",
    ]


# --- the policy -----------------------------------------------------------------------------------


def test_never(tmp_path: Path) -> None:
    """An activity of the term that no account's term is long enough for is named, with a count."""
    more = [
        "    - {id: late, role: csm, due: term + 13mo}",
        "    - {id: short, role: csm, due: term + 1mo, when: {term_months: 1}}",
        "    - {id: past, role: csm, due: term, every: 1mo, until: 2020-01-01}",
        "    - {id: nobody, role: csm, due: term + 2mo, when: {account_id: CRAB}}",
    ]
    (tmp_path / "playbook.yaml").write_text(BOOK.replace("  1:", "\n".join([*more, "  1:"])))
    lines = found(check(tmp_path), "activity-never")
    assert [line.partition(": ")[2].partition(" would")[0] for line in lines] == [
        "`late` never comes: no term of the 3 accounts that",
        "`short` never comes: no term of the 1 account that",
    ]


@pytest.mark.parametrize(
    ("cells", "place", "said"),
    [
        ("Maya,Ines", "", []),
        ("Maya,", "playbook.yaml:3", ["`coach` on 1 account: "]),
        (",", "accounts.csv:", ["`csm` and `coach` on 1 account: "]),
    ],
)
def test_unfilled_roles(cells: str, place: str, said: list[str], tmp_path: Path) -> None:
    """A role whose work nobody does is named at its place, all of them at once at the accounts."""
    accounts = f"account_id,grade,csm,coach,start_date\nACME,A1,{cells},2026-01-15\n"
    rows = [row for row in check(tmp_path, accounts=accounts) if row["code"] == "role-unfilled"]
    assert len(rows) == len(said)
    assert all(part in row["message"] for part, row in zip(said, rows, strict=True))
    assert all(f"{row['file']}:{row['line']}" == place for row in rows)


def test_one_role(tmp_path: Path) -> None:
    """Where there is but one role, it is named at its place."""
    book = "roles:\n  csm: {title: CSM}\nplans:\n  all:\n    - {id: hi, role: csm, due: start}\n"
    (tmp_path / "playbook.yaml").write_text(book)
    rows = check(tmp_path, accounts="account_id,grade,start_date\nACME,A1,2026-01-15\n")
    places = [row["file"] for row in rows if row["code"] == "role-unfilled"]
    assert places == ["playbook.yaml"]


def test_partly_filled_roles(tmp_path: Path) -> None:
    """A role that some accounts have nobody for is named at the first of them."""
    accounts = ACCOUNTS.replace("B2,,Maya", "B2,,")
    assert found(check(tmp_path, accounts=accounts), "role-partly") == [
        "3: 3 of the 4 accounts with work for the role `csm` name nobody for it"
    ]


def test_people(tmp_path: Path) -> None:
    """A name that the team does not have is named once, with its cells in all roles."""
    accounts = ACCOUNTS.replace("BOLT,Bolt,B2,,Maya,Ines", "BOLT,Bolt,B2,,Inez,Inez")
    accounts = accounts.replace("ACME,Acme Robotics,A1,,Maya,Ines", "ACME,Acme,A1,,MAYA,Inez")
    rows = check(tmp_path, accounts=accounts, team=TEAM)
    assert found(rows, "person-unknown") == ["2: nobody in the team is called `Inez` (3 cells)"]
    [row] = [row for row in rows if row["code"] == "person-unknown"]
    assert row["column"] == "coach"
    assert row["remedy"].startswith("did you mean `Ines`?")


def test_a_column_of_other_things(tmp_path: Path) -> None:
    """Where a column holds thousands of names, nobody is looked for who may be meant."""
    lines = "".join(f"{each},B2,Maya{each},2026-03-01\n" for each in range(1001))
    accounts = f"account_id,grade,csm,start_date\n{lines}"
    rows = check(tmp_path, accounts=accounts, team=TEAM)
    remedies = [row["remedy"] for row in rows if row["code"] == "person-unknown"]
    assert remedies == ["correct the cells, or add the person to the team"] * 1001


def test_calls_to_make(tmp_path: Path) -> None:
    """Accounts that wait for a call between two tiers are counted, at the first of them."""
    grades = ["A2", "B1", "A2", "A2", "A2", "B2"]
    lines = "".join(f"X{at},{grade},Maya,Ines\n" for at, grade in enumerate(grades))
    rows = check(tmp_path, accounts=f"account_id,grade,csm,coach\n{lines}")
    [said] = found(rows, "calls-to-make")
    assert said.startswith("2: 5 accounts (A2, B1) lie between tier 1 and tier 2, and nobody")
    assert said.endswith(": X0, X1, X2 ...")


@pytest.mark.parametrize(
    ("last", "months", "said"),
    [
        ("2026-12-25", "12", "add the holidays of 2027;"),
        ("2025-12-25", "12", "add the holidays of 2026 to 2027;"),
        ("2027-01-01", "60", ""),
        ("2026-11-26", "1", ""),
        ("2026-12-25", "", "add the holidays of 2027;"),
    ],
)
def test_holidays(last: str, months: str, said: str, tmp_path: Path) -> None:
    """Holidays are wanted for the year ahead, or as far as current terms go."""
    (tmp_path / "csprio.yaml").write_text("holidays: [days.csv]\n")
    start = "2026-11-01" if months else ""
    accounts = (
        f"account_id,grade,csm,coach,start_date,term_months\nX,B2,Maya,Ines,{start},{months}\n"
    )
    rows = check(tmp_path, accounts=accounts, days=f"date\n2025-01-01\n{last}\n")
    remedies = [row["remedy"] for row in rows if row["code"] == "holidays-end"]
    assert len(remedies) == bool(said)
    assert all(each.startswith(said) for each in remedies)


def test_a_renewal_told_in_time_is_not_far(tmp_path: Path) -> None:
    """A far renewal date of the file asks for term_months; one that the journal gave does not."""
    told = "2026-11-20,ACME,event,renewed,,2027-12-15,,\n"
    assert found(check(tmp_path, journal=HEADER + FIRST + told), "renewal-far") == []
    dates = "2026-01-15,,,\nBOLT", "2026-01-15,2027-12-15,,\nBOLT"
    far = ACCOUNTS.replace(*dates)
    assert len(found(check(tmp_path, accounts=far), "renewal-far")) == 1
