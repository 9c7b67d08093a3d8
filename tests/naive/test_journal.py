"""What people log, worked by hand on the calendar, held against the second implementation."""

from datetime import date
from typing import Any

import pytest

from naive import answers, worklist
from naive.book import Book, Case, Row
from naive.journal import Files
from naive.making import case, entry, told

# 2026: 1 October is a Thursday, 1 November a Sunday, 23 November (as-of) a Monday.
TRACKED = "2026-01-05,nobody,done,nobody:x:s1"
PLAIN = {"all": [entry("call", "start")]}


def account(**cells: str) -> Row:
    """Make an account of Ann's, graded A1 and so in tier 1."""
    return {"account_id": "a", "csm": "Ann", "grade": "A1", **cells}


def ask(
    lines: list[str] | Files,
    plans: dict[str, Any] | None = None,
    cells: Row | None = None,
    **further: Any,  # noqa: ANN401
) -> Case:
    """Make a case of one account and what was told."""
    files = lines if isinstance(lines, dict) else {"journal.csv": told(*lines)}
    row = account() if cells is None else cells
    return case([row], plans or PLAIN, journal=files, **further)


def graded(lines: list[str] | Files, cells: Row | None = None, **further: Any) -> str:  # noqa: ANN401
    """Give what an account is, in one line: potential, grade, tier, basis, mark."""
    (row,) = answers.grade(ask(lines, cells=cells, **further))
    names = ["potential", "size", "likelihood", "tier", "basis", "borderline"]
    return "|".join(row[name] for name in names)


def statuses(asked: Case) -> dict[str, str]:
    """Give the status of each task of the current term."""
    return {row["task_id"].partition(":")[2]: row["status"] for row in answers.calendar(asked)}


def listed(asked: Case, **window: Any) -> list[tuple[str, str, str, str]]:  # noqa: ANN401
    """Give the due date, task, status and lateness of each line of work."""
    return [
        (row["due"], row["task_id"].partition(":")[2], row["status"], row["days_overdue"])
        for row in worklist.worklist(asked, **window)
    ]


BARE = {"account_id": "a", "csm": "Ann"}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2026-11-01", "|||||"), ("2026-11-02", "|A|1|1|journal|"), ("2026-11-10", "|C|3|3|journal|")],
)
def test_entries_are_seen_from_their_day_on(as_of: str, expected: str) -> None:
    """As of a day the journal is what was dated up to it, that day included."""
    lines = ["2026-11-10,a,grade,,C3", "2026-11-02,a,grade,,a1"]
    found = graded(lines, BARE, as_of=date.fromisoformat(as_of))
    assert found == expected.replace("|||||", "||||ungraded|")


def test_order_is_by_date_then_file_then_line() -> None:
    """A later file beats an earlier one of the same day, a later line an earlier one."""
    files = {
        "b.csv": told("2026-11-02,a,size,,B", "2026-11-01,a,likelihood,,2"),
        "a.csv": told("2026-11-02,a,size,,A", "2026-11-02,a,size,,C", "2026-11-01,b,size,,A"),
        "a-2.csv": told("2026-11-02,a,size,,A", "2026-11-01,a,likelihood,,1"),
    }
    assert graded(files, BARE) == "|B|2|2|journal|"
    del files["b.csv"]
    assert graded(files, BARE) == "|C|1|3|journal|"


@pytest.mark.parametrize(
    ("lines", "cells", "expected"),
    [
        # the older size gives way to the cell, the likelihood of that day does not
        (
            ["2026-11-09,a,size,,A", "2026-11-10,a,likelihood,,1"],
            {"grade": "B2", "graded_on": "2026-11-10"},
            "|B|1|2|journal|call to make",
        ),
        # no cell gives a size, so the older one stays
        (
            ["2026-11-09,a,grade,,A3"],
            {"likelihood": "1", "graded_on": "2026-11-10"},
            "|A|1|1|journal|",
        ),
        # both give way
        (["2026-11-09,a,grade,,A1"], {"grade": "C2", "graded_on": "2026-11-10"}, "|C|2|3|given|"),
        # a grading of tomorrow does not count
        (["2026-11-09,a,grade,,A1"], {"grade": "C2", "graded_on": "2026-11-24"}, "|A|1|1|journal|"),
        # without a day the cells never win
        (["2020-01-01,a,grade,,A1"], {"grade": "C2"}, "|A|1|1|journal|"),
    ],
)
def test_gradings_give_way_part_by_part(lines: list[str], cells: Row, expected: str) -> None:
    """What is older than the CRM's grading counts only where the CRM gives nothing."""
    assert graded(lines, BARE | cells) == expected


@pytest.mark.parametrize(
    ("lines", "cells", "expected"),
    [
        # by its band, and it beats the cell
        (["2026-11-09,a,potential,,120k"], {"potential": "100"}, "120000|A|1|1|journal|"),
        # a later size sets the size, the amount is still the last one known
        (
            ["2026-11-09,a,potential,,120k", "2026-11-10,a,size,,C"],
            {"potential": "100"},
            "120000|C|1|3|journal|",
        ),
        # older than the CRM's size: it gives way as a size, and is shown all the same
        (
            ["2026-11-09,a,potential,,120k"],
            {"size": "C", "graded_on": "2026-11-10"},
            "120000|C|1|3|computed|",
        ),
        # it gives way to an amount
        (
            ["2026-11-09,a,potential,,120k"],
            {"potential": "100", "graded_on": "2026-11-10"},
            "100|C|1|3|computed|",
        ),
        # half a grade is none, whoever gave it
        (
            ["2026-11-09,a,potential,,120k"],
            {"likelihood": ""},
            "120000|A|||ungraded|",
        ),
    ],
)
def test_potentials_set_the_size_and_are_shown(lines: list[str], cells: Row, expected: str) -> None:
    """A potential is a size by its band, and the last one known is shown."""
    assert graded(lines, BARE | {"likelihood": "1"} | cells) == expected


@pytest.mark.parametrize(
    ("as_of", "tier", "mark"),
    [
        ("2026-11-09", "1", "called"),
        ("2026-11-10", "3", "override"),
        ("2026-11-20", "3", "override"),
        ("2026-11-21", "1", "called"),
        ("2026-11-22", "2", "override"),
        ("2026-11-23", "1", ""),
    ],
)
def test_calls_run_out_and_are_withdrawn(as_of: str, tier: str, mark: str) -> None:
    """A call runs to its last day and gives back the one before; a blank one withdraws them all.

    On 22 November the account's own cell counts again, on the 23rd the call of that day.
    """
    lines = ["2026-11-01,a,tier,,1", "2026-11-10,a,tier,,3,2026-11-20", "2026-11-22,a,tier"]
    lines += ["2026-11-23,a,grade,,A1", "2026-11-23,a,tier,,1"]
    # A2 is 1/2 in the built-in grid; C1 from the 22nd on is plainly 3
    lines += ["2026-11-22,a,grade,,C1"]
    found = graded(lines, account(grade="A2", tier="2"), as_of=date.fromisoformat(as_of))
    assert found.split("|")[3:] == [tier, "journal" if as_of > "2026-11-21" else "given", mark]


def test_the_tier_cell_counts_for_a_borderline_grade_too() -> None:
    """After a withdrawal a tier cell that is one of the two is a call again."""
    lines = ["2026-11-01,a,tier,,1", "2026-11-02,a,tier"]
    assert graded(lines, account(grade="A2", tier="2")) == "|A|2|2|given|called"


def test_a_call_stays_when_the_grade_changes() -> None:
    """What was a call on a borderline grade is an override of a plain one."""
    lines = ["2026-11-01,a,tier,,2", "2026-11-02,a,grade,,C1"]
    assert graded(lines, account(grade="A2")) == "|C|1|2|journal|override"


def test_an_ungraded_account_can_be_called() -> None:
    """A call gives a tier, not a grade."""
    assert graded(["2026-11-01,a,tier,,2"], BARE) == "|||2|ungraded|override"


def test_motion_beats_its_cell_in_rules() -> None:
    """The last motion told is the one that a borderline rule sees."""
    grid = {
        "name": "G",
        "potential": {"A": "rest"},
        "grid": {"A": ["1/2"]},
        "borderline": [{"when": {"motion": "growth"}, "tier": "better"}],
        "tiers": {"1": {"name": "One"}, "2": {"name": "Two"}},
    }
    cells = account(motion="growth")
    assert graded([], cells, grid=grid) == "|A|1|1|given|rule"
    assert graded(["2026-11-01,a,motion,,retention"], cells, grid=grid) == (
        "|A|1|2|given|call to make"
    )


@pytest.mark.parametrize(
    ("lines", "cell", "tasks"),
    [
        (["2026-11-01,a,event,Churned"], "", 0),
        (["2026-11-01,a,event,churned", "2026-11-20,a,event,renewed"], "", 1),
        (["2026-11-01,a,event,renewed", "2026-11-01,a,event,churned"], "", 0),
        (["2026-11-01,a,event,churned", "2026-11-20,a,event,renewed"], "lost", 0),
        (["2026-11-20,a,event,renewed"], "lost", 0),
        (["2026-11-24,a,event,churned"], "", 1),
    ],
)
def test_the_churned_are_shown_and_left_alone(lines: list[str], cell: str, tasks: int) -> None:
    """Who left is graded and no more, until a renewal; then the cell's word counts again."""
    asked = ask(lines, cells=account(start_date="2026-11-23", status=cell))
    assert len(answers.grade(asked)) == 1
    assert len(answers.calendar(asked)) == tasks
    assert len(worklist.worklist(asked)) == tasks
    assert len(answers.tiers(asked)) == tasks


def test_the_churned_have_that_status_in_conditions() -> None:
    """A rule of the grid sees that an account has left."""
    levels = {"1": "at least 1", "2": "rest"}
    grid = {
        "name": "G",
        "potential": {"A": "rest"},
        "likelihood": {
            "score": [{"when": {"status": "churned"}, "points": "1"}],
            "levels": levels,
        },
        "grid": {"A": ["1", "2"]},
        "tiers": {"1": {"name": "One"}, "2": {"name": "Two"}},
    }
    cells = BARE | {"size": "A", "status": "active"}
    assert graded([], cells, grid=grid) == "|A|2|2|computed|"
    assert graded(["2026-11-01,a,event,churned"], cells, grid=grid) == "|A|1|1|computed|"


def test_renewals_and_growth_beat_the_cells() -> None:
    """The last renewal with a date moves the term, the last change of size sets what is paid."""
    lines = ["2026-11-02,a,event,renewed,,2027-02-01", "2026-11-03,a,event,renewed"]
    lines += ["2026-11-04,a,event,expanded,30k", "2026-11-05,a,event,Contracted,25000.50"]
    plans = {"all": [entry("call", "term + 1mo"), entry("look", "start")]}
    cells = account(start_date="2026-11-23", renewal_date="2027-09-01", arr="20000")
    asked = ask(lines, plans, cells)
    assert [row["arr"] for row in answers.tiers(asked)] == ["25000.5"]
    assert [(row["renewal_date"], row["arr"]) for row in worklist.worklist(asked)] == [
        ("2027-02-01", "25000.5")
    ]
    # the boundary is now 1 February 2026, and the term is cut by the start
    assert statuses(asked) == {"call:t2026-02.1": "open", "look:s1": "open"}


def test_events_are_anchors() -> None:
    """Names compare without case, a day counts once, and nobody is asked about who left."""
    lines = ["2026-11-03,a,event,New-Group", "2026-11-03,a,event,new-group"]
    lines += [
        "2026-11-03,a,event,export",
        "2026-11-05,a,event,churned",
        "2026-11-06,a,event,export",
    ]
    lines += ["2026-11-09,a,event,renewed", "2026-11-24,a,event,new-group"]
    plans = {
        "all": [
            entry("any", "event any + 1d"),
            entry("group", "event NEW-group"),
            entry("left", "event churned"),
        ]
    }
    assert list(statuses(ask(lines, plans, account(start_date="2026-10-01")))) == [
        "group:e2026-11-03.1",
        "any:e2026-11-03.1",
        "left:e2026-11-05.1",
        "any:e2026-11-06.1",  # a Saturday, so on Monday the 9th
        "any:e2026-11-09.1",
    ]


@pytest.mark.parametrize(
    ("lines", "graded_on", "expected"),
    [
        (["2026-11-02,a,likelihood,,1"], "2026-11-03", "g2026-11-03.1"),
        (["2026-11-04,a,likelihood,,1", "2026-10-05,a,size,,A"], "2026-11-03", "g2026-11-04.1"),
        (["2026-11-04,a,potential,,5"], "2026-11-30", "g2026-11-04.1"),
        (["2026-11-24,a,grade,,A1"], "", "g2026-10-01.1"),
    ],
)
def test_graded_is_the_last_grading(lines: list[str], graded_on: str, expected: str) -> None:
    """The later of the journal's and the CRM's day, else the start."""
    cells = account(start_date="2026-10-01", graded_on=graded_on)
    asked = ask(lines, {"all": [entry("look", "graded + 1d")]}, cells)
    assert list(statuses(asked)) == [f"look:{expected}"]


@pytest.mark.parametrize(
    ("due", "ends", "line", "status"),
    [
        # start 5 October, a Monday; due 4 November, 14 days before it is 21 October
        ("start + 30d", "grade", "2026-10-20,a,likelihood,,1", "open"),
        ("start + 30d", "grade", "2026-10-21,a,likelihood,,1", "done"),
        ("start + 30d", "grade", "2026-11-23,a,potential,,5", "done"),
        ("start + 30d", "grade", "2026-11-24,a,grade,,A1", "open"),
        ("start + 30d", "grade", "2026-11-01,a,review,call", "open"),
        # due Saturday 10 October, rolled to Monday the 12th; not before the anchor, the 5th
        ("start + 5d", "review", "2026-10-04,a,review,call", "open"),
        ("start + 5d", "review", "2026-10-05,a,review,call", "done"),
        ("start + 5d", "touch", "2026-10-05,a,touch", "done"),
        ("start + 5d", "touch", "2026-10-05,a,review", "open"),
        # due Friday 25 September, rolled nowhere: before the anchor is no matter
        ("start - 10d", "touch", "2026-09-10,a,touch", "open"),
        ("start - 10d", "touch", "2026-09-11,a,touch", "done"),
        # a motion, on or after the anchor, however early for its due date
        ("start + 60d", "motion", "2026-10-04,a,motion,,growth", "open"),
        ("start + 60d", "motion", "2026-10-05,a,motion,,growth", "done"),
        # the grading itself does not end what is counted from it, a review of that day neither
        ("graded", "grade", "2026-11-02,a,grade,,A1", "open"),
        ("graded + 2d", "review", "2026-10-05,a,review", "open"),
        ("graded + 2d", "review", "2026-10-06,a,review", "done"),
        ("graded - 2d", "review", "2026-10-05,a,review", "open"),
        ("graded + 2d", "motion", "2026-10-05,a,motion,,growth", "done"),
    ],
)
def test_entries_end_tasks(due: str, ends: str, line: str, status: str) -> None:
    """An entry of the right kind ends a task, if it came at the right time."""
    asked = ask(
        [line], {"all": [entry("x", due, ends_with=ends)]}, account(start_date="2026-10-05")
    )
    assert list(statuses(asked).values()) == [status]


def test_a_task_without_a_date_is_ended_by_its_line_alone() -> None:
    """Nothing that happens to an account can be near a task without a date."""
    plans = {"all": [entry("x", "start", ends_with="touch"), entry("y", "start")]}
    lines = ["2026-11-02,a,touch,call"]
    assert statuses(ask(lines, plans)) == {"x:u": "undated", "y:u": "undated"}
    assert listed(ask(lines, plans)) == [("", "x:u", "undated", "")]
    lines += ["2026-11-03,a,done,a:x:u", "2026-11-04,a,snoozed,a:y:u,,2026-12-24"]
    assert statuses(ask(lines, plans)) == {"x:u": "done", "y:u": "undated"}
    assert listed(ask(lines, plans)) == [("", "y:u", "undated", "")]


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ("done", "done"),
        ("skipped", "skipped"),
        ("done skipped", "skipped"),
        ("done reopened", "open"),
        ("done reopened skipped", "skipped"),
        ("done snoozed", "snoozed"),
        ("snoozed done", "done"),
        ("snoozed reopened", "open"),
        ("reopened", "open"),
    ],
)
def test_the_last_line_of_a_task_decides(kinds: str, status: str) -> None:
    """What was said before the last line does not matter, also of one day."""
    lines = [
        f"2026-11-20,a,{kind},a:call:s1,,{'2026-12-01' if kind == 'snoozed' else ''}"
        for kind in kinds.split()
    ]
    asked = ask(lines, cells=account(start_date="2026-11-24"))
    assert statuses(asked) == {"call:s1": status}


def test_a_reopened_task_can_still_be_ended() -> None:
    """To take a line back is to have said nothing; the review still ends the task."""
    lines = ["2026-11-20,a,review", "2026-11-21,a,skipped,a:x:s1", "2026-11-22,a,reopened,a:x:s1"]
    plans = {"all": [entry("x", "start", ends_with="review")]}
    cells = account(start_date="2026-11-16")
    assert statuses(ask(lines[:2], plans, cells)) == {"x:s1": "skipped"}
    assert statuses(ask(lines, plans, cells)) == {"x:s1": "done"}


@pytest.mark.parametrize(
    ("on", "ended"),
    [
        # terms of a month that end on the 10th: the 25th is 15 days from 10 November and from
        # 10 December; the 26th is nearer to December
        ("2026-11-22", "2026-10"),
        ("2026-10-26", "2026-10"),
        ("2026-10-25", "2026-09"),
        ("2020-01-01", "2026-08"),  # before all terms, so the first one
    ],
)
def test_a_renewal_ends_what_the_nearest_term_asked_for(on: str, ended: str) -> None:
    """It ends the tasks of renewal and notice of the term that ends nearest to its day."""
    plans = {"all": [entry("renew", "renewal + 2d"), entry("tell", "notice"), entry("x", "term")]}
    cells = account(start_date="2026-08-10", term_months="1", notice_days="5")
    asked = ask([f"{on},a,event,renewed"], plans, cells)
    rows = answers.calendar(asked, date(2026, 8, 1), date(2026, 12, 31))
    done = {row["task_id"] for row in rows if row["status"] == "done"}
    assert done == {f"a:renew:t{ended}.1", f"a:tell:t{ended}.1"}


def test_a_renewal_between_two_ends_is_of_the_earlier() -> None:
    """From 25 November it is 15 days to 10 November and to 10 December."""
    cells = account(start_date="2026-08-10", term_months="1")
    asked = ask(
        ["2026-11-25,a,event,renewed"],
        {"all": [entry("renew", "renewal")]},
        cells,
        as_of=date(2026, 11, 30),
    )
    rows = answers.calendar(asked, date(2026, 11, 1), date(2026, 12, 31))
    assert [(row["task_id"], row["status"]) for row in rows] == [
        ("a:renew:t2026-10.1", "done"),
        ("a:renew:t2026-11.1", "open"),
    ]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        # boundaries on 15 April; March and May have none, February is too far
        (["2026-11-02,a,done,a:x:t2026-03.2"], "done"),
        (["2026-11-02,a,skipped,a:x:t2026-05.2"], "skipped"),
        (["2026-11-02,a,snoozed,a:x:t2026-05.2,,2026-12-31"], "snoozed"),
        (["2026-11-02,a,done,a:x:t2026-02.2"], "open"),
        (["2026-11-02,a,done,a:x:t2025-04.2"], "open"),  # a boundary's month is its own
        (["2026-11-02,a,done,a:x:t2026-03.1"], "open"),  # another number
        (["2026-11-02,a,done,a:y:t2026-03.2"], "open"),  # another activity
        (["2026-11-02,a,done,a:x:t2026-03.2", "2026-11-03,a,reopened,a:x:t2026-05.2"], "open"),
        # a task's own lines come first, whenever they were written
        (["2026-11-01,a,reopened,a:x:t2026-04.2", "2026-11-02,a,done,a:x:t2026-03.2"], "open"),
        (["2026-11-01,a,skipped,a:x:t2026-04.2", "2026-11-02,a,done,a:x:t2026-03.2"], "skipped"),
    ],
)
def test_lines_follow_a_term_that_was_moved(lines: list[str], status: str) -> None:
    """A line of a month without a boundary counts for the term of the month beside it."""
    plans = {"all": [entry("x", "term", every="8mo")]}
    asked = ask(lines, plans, account(renewal_date="2027-04-15"))
    assert statuses(asked)["x:t2026-04.2"] == status


def test_of_two_months_beside_it_a_line_takes_the_earlier() -> None:
    """With boundaries in October and December, November's line was about October."""
    plans = {"all": [entry("x", "term")]}
    cells = account(renewal_date="2026-12-10", term_months="2")
    asked = ask(["2026-11-02,a,done,a:x:t2026-11.1"], plans, cells)
    rows = answers.calendar(asked, date(2026, 10, 1), date(2026, 12, 31))
    assert [(row["task_id"], row["status"]) for row in rows] == [
        ("a:x:t2026-10.1", "done"),
        ("a:x:t2026-12.1", "open"),
    ]


def test_a_line_takes_the_month_whose_term_exists() -> None:
    """October's term is merged into December's, so that November's line is about December."""
    plans = {"all": [entry("x", "term")]}
    cells = account(start_date="2026-11-20", renewal_date="2026-12-10", term_months="2")
    asked = ask(["2026-11-21,a,done,a:x:t2026-11.1"], plans, cells)
    assert statuses(asked) == {"x:t2026-12.1": "done"}
    # the month of a boundary is its own, though its term is no more
    asked = ask(["2026-11-21,a,done,a:x:t2026-10.1"], plans, cells)
    assert statuses(asked) == {"x:t2026-12.1": "open"}


@pytest.mark.parametrize(
    ("start", "tracked", "status"),
    [
        ("2026-11-20", "2026-11-20", "overdue"),
        ("2026-11-20", "2026-11-21", "open"),  # nobody kept the journal then
        ("2026-11-23", "2026-11-20", "open"),  # today
        ("2026-09-24", "2026-09-01", "overdue"),  # 60 days ago
        ("2026-09-23", "2026-09-01", "expired"),  # 61
        ("2026-09-23", "", "expired"),
        ("2026-09-24", "", "open"),
    ],
)
def test_what_is_late_is_overdue_until_it_expires(start: str, tracked: str, status: str) -> None:
    """Overdue is what was due since tracking began, before today, and not over 60 days ago."""
    lines = [f"{tracked},nobody,snoozed,nobody:x:s1,,2027-01-01"] if tracked else []
    assert statuses(ask(lines, cells=account(start_date=start))) == {"call:s1": status}


def test_neither_reopening_nor_touching_begins_tracking() -> None:
    """Tracking begins with the first line that closes a task or puts it off."""
    lines = ["2026-11-01,a,reopened,a:call:s1", "2026-11-01,a,touch"]
    assert statuses(ask(lines, cells=account(start_date="2026-11-20"))) == {"call:s1": "open"}


def test_grading_never_expires() -> None:
    """The plan of the ungraded is overdue however old, and stays behind the rest."""
    plans = {"ungraded": [entry("grade", "start")]}
    cells = BARE | {"start_date": "2026-01-12"}
    assert statuses(ask([TRACKED], plans, cells)) == {"grade:s1": "overdue"}
    # from Monday 12 January to 23 November: 19 + 28 + 31 + 30 + 31 + 30 + 31 + 31 + 30 + 31 + 23
    assert listed(ask([TRACKED], plans, cells)) == [("2026-01-12", "grade:s1", "overdue", "315")]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        # due 10 November, and in tier 1 only since the 12th
        (["2026-11-12,a,grade,,A1"], "open"),
        (["2026-11-10,a,grade,,A1"], "overdue"),
        # there and back on one day changes nothing
        (["2026-11-01,a,tier,,1", "2026-11-12,a,tier,,2", "2026-11-12,a,tier,,1"], "overdue"),
        # that a call runs out is no change, neither on its last day nor on one with entries
        (["2026-11-01,a,tier,,1", "2026-11-02,a,tier,,2,2026-11-12"], "overdue"),
        (
            ["2026-11-01,a,tier,,1", "2026-11-01,a,tier,,2,2026-11-12", "2026-11-13,a,touch"],
            "overdue",
        ),
        # the last change counts, and tier 3 has it too
        (["2026-11-02,a,grade,,C1", "2026-11-12,a,grade,,A1"], "overdue"),
    ],
)
def test_a_new_tier_brings_no_old_debts(lines: list[str], status: str) -> None:
    """What was due before the tier changed is overdue only if the plan before had it."""
    plans = {"1": [entry("x", "start")], "2": [entry("z", "start")], "3": [entry("x", "start")]}
    cells = BARE | {"start_date": "2026-11-10", "grade": "B2"}
    found = statuses(ask([TRACKED, *lines], plans, cells))
    assert found.get("x:s1", "open") == status


def test_what_is_for_all_is_owed_through_a_change() -> None:
    """The plan before includes what is for all, for the ungraded, and the account's own."""
    plans = {
        "ungraded": [entry("u", "start")],
        "all": [entry("x", "start")],
        "1": [entry("u", "start"), entry("new", "start")],
    }
    own = [{"account": "a", "add": [entry("mine", "start")]}]
    cells = BARE | {"start_date": "2026-11-10"}
    lines = [TRACKED, "2026-11-12,a,grade,,A1"]
    assert statuses(ask(lines, plans, cells, own=own)) == {
        "mine:s1": "overdue",
        "new:s1": "open",
        "u:s1": "overdue",
        "x:s1": "open",  # an account without a tier had nothing of what is for all
    }
    again = [*lines, "2026-11-13,a,tier,,2", "2026-11-14,a,tier,,1"]
    assert statuses(ask(again, plans, cells, own=own)) == {
        "mine:s1": "overdue",
        "new:s1": "open",
        "u:s1": "open",
        "x:s1": "overdue",
    }


@pytest.mark.parametrize(
    ("until", "status", "lists"),
    [
        # due Friday 20 November; the weeks are of Monday the 23rd and the 30th
        ("2026-12-01", "snoozed", [[], [("2026-12-01", "call:s1", "open", "")]]),
        (
            "2026-11-29",  # a Sunday stays one
            "snoozed",
            [[("2026-11-29", "call:s1", "open", "")], []],
        ),
        ("2026-11-23", "open", [[("2026-11-23", "call:s1", "open", "")], []]),
        ("2026-11-22", "overdue", [[("2026-11-22", "call:s1", "overdue", "1")]] * 2),
        ("2026-11-20", "overdue", [[("2026-11-20", "call:s1", "overdue", "3")]] * 2),
        ("2026-11-19", "overdue", [[("2026-11-20", "call:s1", "overdue", "3")]] * 2),
    ],
)
def test_a_snoozed_task_comes_back(until: str, status: str, lists: list[Any]) -> None:
    """It is in no list before its day, open there, late from it; the calendar keeps the date."""
    lines = [TRACKED, f"2026-11-16,a,snoozed,a:call:s1,,{until}"]
    asked = ask(lines, cells=account(start_date="2026-11-20"))
    (row,) = answers.calendar(asked)
    assert (row["due"], row["status"]) == ("2026-11-20", status)
    assert [listed(asked, week=week) for week in ("this", "next")] == lists


def test_a_snoozed_task_expires_from_its_new_day() -> None:
    """Due 1 July, put off to 25 September, 59 days ago; with an older day it would be expired."""
    lines = [TRACKED, "2026-07-02,a,snoozed,a:call:s1,,2026-09-25"]
    asked = ask(lines, cells=account(start_date="2026-07-01"))
    assert statuses(asked) == {"call:s1": "overdue"}
    assert listed(asked) == [("2026-09-25", "call:s1", "overdue", "59")]
    lines = [TRACKED, "2026-07-02,a,snoozed,a:call:s1,,2026-09-23"]
    assert statuses(ask(lines, cells=account(start_date="2026-07-01"))) == {"call:s1": "expired"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # the months of a start on 2 September: 2 October, 2 November; the last one stands for all
        ([], [("2026-11-02", "grade:s3", "open", "")]),
        (["2026-11-03,a,done,a:grade:s3"], []),
        (["2026-11-03,a,skipped,a:grade:s2"], [("2026-11-02", "grade:s3", "overdue", "21")]),
        # put off into the week: the one before it is the last, and it is there besides
        (
            ["2026-11-03,a,snoozed,a:grade:s3,,2026-11-25"],
            [("2026-11-25", "grade:s3", "open", ""), ("2026-10-02", "grade:s2", "open", "")],
        ),
        # put off past the last one, but to a day before the week
        (
            ["2026-11-03,a,snoozed,a:grade:s1,,2026-11-20"],
            [("2026-11-20", "grade:s1", "overdue", "3")],
        ),
    ],
)
def test_the_backlog_has_the_last_one(lines: list[str], expected: list[Any]) -> None:
    """Of several gradings that wait, the last one by the day it is put off to."""
    plans = {"ungraded": [entry("grade", "start", every="1mo", times="3")]}
    lines = [line.replace("2026-11-03,a,skipped", "2026-10-03,a,skipped") for line in lines]
    assert listed(ask(lines, plans, BARE | {"start_date": "2026-09-02"})) == expected


@pytest.mark.parametrize(
    ("lines", "touched"),
    [
        (["2026-11-02,a,touch,call", "2026-11-03,a,kpi,adoption,5"], "2026-11-02"),
        (["2026-11-02,a,review,call", "2026-11-24,a,touch,call"], "2026-11-02"),
        (["2026-11-02,a,touch", "2026-11-04,a,done,a:old:s1"], "2026-11-04"),
        (["2026-11-02,a,touch", "2026-11-04,a,skipped,a:old:s1"], "2026-11-02"),
        (
            ["2026-11-02,a,touch", "2026-11-04,a,done,a:old:s1", "2026-11-05,a,reopened,a:old:s1"],
            "2026-11-02",
        ),
        (["2026-11-04,a,reopened,a:old:s1", "2026-11-05,a,done,a:old:s1"], "2026-11-05"),
    ],
)
def test_the_last_touch_is_a_conversation_or_work_done(lines: list[str], touched: str) -> None:
    """A touch, a review, or a task done and not taken back."""
    asked = ask(lines, cells=account(start_date="2026-11-23"))
    assert [row["last_touch"] for row in worklist.worklist(asked)] == [touched]


def test_conditions_see_what_was_told() -> None:
    """Days since the last touch and the last grading, the arr and what is left to win."""
    when = {
        "days_since_touch": "21",  # from 2 November
        "days_since_grade": "20",  # from 3 November
        "arr": "30000",
        "headroom": "10000",
        "motion": "growth",
        "renewal_in": "39",  # to 1 January
    }
    lines = ["2026-11-02,a,touch", "2026-11-03,a,potential,,40k", "2026-11-04,a,motion,,growth"]
    lines += ["2026-11-04,a,event,expanded,30k", "2026-11-04,a,event,renewed,,2027-01-01"]
    plans = {
        "all": [
            entry(name.replace("_", "-"), "start", when={name: test}) for name, test in when.items()
        ]
    }
    asked = ask(lines, plans, account(start_date="2026-11-23", arr="1"))
    assert len(answers.calendar(asked)) == len(when)
    bare = ask([], plans, account(start_date="2026-11-23", arr="1"))
    assert answers.calendar(bare) == []


def member(name: str, role: str, email: str = "", default: str = "") -> Row:
    """Make a row of a team."""
    return {"name": name, "email": email, "role": role, "default": default}


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("ANN", "Ann"),
        ("Ann@X.example", "Ann"),
        ("Zoe", "Zoe"),
        ("", "Bob"),
    ],
)
def test_the_team_says_who_is_meant(cell: str, shown: str) -> None:
    """A cell names a person by name or e-mail in any case; nobody named, the default serves."""
    team = [member("Ann", "sales", "ann@x.example"), member("Bob", "csm", default="yes")]
    cells = account(csm=cell, start_date="2026-11-23")
    plans = {"all": [entry("call", "start", **{"with": ["sales"]})]}
    asked = ask([], plans, cells, team=team)
    assert [row["csm"] for row in answers.grade(asked)] == [shown]
    assert [(row["owner"], row["with"]) for row in answers.calendar(asked)] == [(shown, "sales")]
    assert [row["owner"] for row in worklist.worklist(asked)] == [shown]


def test_what_cannot_be_read_tells_nothing() -> None:
    """A line without its value is no grading, no call, and does not begin tracking."""
    lines = ["2026-11-02,a,size,,Q", "2026-11-02,a,tier,,9", "2026-11-02,a,motion,,sideways"]
    lines += ["2026-11-02,a,snoozed,a:call:s1", "2026-11-02,a,snoozed,a:call:s1,,2026-11-02"]
    asked = ask(lines, cells=account(start_date="2026-11-16"))
    assert graded(lines) == "|A|1|1|given|"
    assert statuses(asked) == {"call:s1": "open"}
    assert Book(asked).tracked is None
