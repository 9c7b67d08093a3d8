"""What holds of every journal, whatever is in it: csprio is held against itself."""

import csv
import io
import os
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from naive import folder
from naive.book import Case, Row
from naive.entries import ALONE, entry
from naive.grading import BUILT_IN, Grid
from naive.journal import LINES
from naive.pick import Pick
from naive.strategies import cases
from session import run

ASKED = os.environ.get("CSPRIO_EXAMPLES")
EXAMPLES = (
    settings(max_examples=int(ASKED), derandomize=False)
    if ASKED
    else settings(max_examples=max(settings().max_examples // 6, 10))
)
SEEDS = st.integers(0, 2**32)
FAR = timedelta(days=400)


def ask(case: Case, *questions: list[str]) -> list[list[Row]]:
    """Ask csprio about a case in a folder of its own, and give the rows of each answer."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "book"
        folder.write(case, place)
        found = []
        for command, *options in questions:
            words = [command, "--as-of", str(case.as_of), "-f", "csv", *options]
            result = run(*words, cwd=place)
            told = f"$ csprio {' '.join(words)}\n{folder.show(place)}"
            assert result.code == 0, f"exit {result.code}: {result.err.decode()}\n{told}"
            found.append(list(csv.DictReader(io.StringIO(result.out.decode(), newline=""))))
        return found


def everything(case: Case) -> dict[str, list[Row]]:
    """Ask all that a journal bears on: with the notes and the reasons, near and far."""
    span = [f"--from={case.as_of - FAR}", f"--to={case.as_of + FAR}"]
    questions = [
        ["grade"],
        ["tiers"],
        ["calendar"],
        ["calendar", *span],
        ["worklist"],
        ["worklist", "--days=60"],
    ]
    asked = (" ".join(words) for words in questions)
    return dict(zip(asked, ask(case, *questions), strict=True))


def agree(one: Case, other: Case) -> None:
    """Hold two cases against each other: every answer is the same, to the last column."""
    first, second = everything(one), everything(other)
    for question, rows in first.items():
        assert rows == second[question], f"{question}\n{told(one)}\n--- or\n{told(other)}"


def told(case: Case) -> str:
    """Show a case as its files, for a message that somebody has to understand."""
    with tempfile.TemporaryDirectory() as name:
        folder.write(case, Path(name))
        return folder.show(Path(name))


def is_seen(row: Row, as_of: date) -> bool:
    """Tell whether an entry is dated up to a day; what has no day is there on all of them."""
    return row["date"] <= str(as_of) or not row["date"][0].isdigit()


def moved(row: Row, by: timedelta) -> Row:
    """Give an entry as it would be some days later; a day that nobody can read stays so."""
    days = {name: row[name] for name in ("date", "until") if row[name][:1].isdigit()}
    later = {name: str(date.fromisoformat(text) + by) for name, text in days.items()}
    return {**row, **later}


@EXAMPLES
@given(cases(), SEEDS)
def test_what_comes_later_is_not_seen(case: Case, seed: int) -> None:
    """The answers as of a day stay the same, whatever is appended that is dated after it."""
    assume(case.journal)
    pick = Pick(seed)
    before = {
        name: [row for row in rows if is_seen(row, case.as_of)]
        for name, rows in case.journal.items()
    }
    after = {
        name: [*rows, *(moved(row, 2 * FAR) for row in pick.mixed(case.journal[name]))]
        for name, rows in before.items()
    }
    later = {
        name: [row for row in rows if row in before[name] or not is_seen(row, case.as_of)]
        for name, rows in after.items()
    }
    agree(replace(case, journal=before), replace(case, journal=later))


@EXAMPLES
@given(cases())
def test_what_is_taken_back_was_never_said(case: Case) -> None:
    """Whatever is logged of tasks, a last ``reopened`` of each leaves no trace of it.

    Tracking has begun before, by an account that is not even in the book.
    """
    rows = [row for some in case.journal.values() for row in some if is_seen(row, case.as_of)]
    lines = [row for row in rows if row["kind"] in LINES]
    assume(lines)
    first = date.fromisoformat(min(row["date"] for row in lines)) - timedelta(days=1)
    tracking = entry("nobody", first, "done", key="nobody:x:s1")
    without = [tracking, *(row for row in rows if row["kind"] not in LINES)]
    tasks = dict.fromkeys((row["account_id"], row["key"]) for row in lines)
    back = [entry(account, case.as_of, "reopened", key=key) for account, key in tasks]
    agree(
        replace(case, journal={ALONE: without}),
        replace(case, journal={ALONE: [tracking, *rows, *back]}),
    )


@EXAMPLES
@given(cases(), SEEDS)
def test_what_is_done_stays_done_in_another_tier(case: Case, seed: int) -> None:
    """A plan for another tier does not ask for a finished task again, nor for any task twice."""
    pick = Pick(seed)
    rows = [row for some in case.journal.values() for row in some if is_seen(row, case.as_of)]
    span = ["calendar", f"--from={case.as_of - FAR}", f"--to={case.as_of + FAR}"]
    planned, far = ask(replace(case, journal={ALONE: rows}), ["calendar"], span)
    finished = {
        (row["account_id"], row["task_id"]) for row in [*planned, *far] if not pick.one_in(3)
    }
    rows += [entry(one, case.as_of, "done", key=task) for one, task in sorted(finished)]
    tiers = Grid(case.grid or BUILT_IN).tiers
    names = dict.fromkeys(row["account_id"] for row in case.rows)
    rows += [entry(one, case.as_of, "tier", value=pick.choice(tiers)) for one in names]
    later = case.as_of + timedelta(days=pick.choice([0, 0, 1, 30, 100]))
    again = replace(case, journal={ALONE: rows}, as_of=later)
    done = {task for _, task in finished}
    *plans, work = ask(again, ["calendar"], span, ["worklist", "--days=100"])
    assert not [row for row in work if row["task_id"] in done], told(again)
    for answer in plans:
        ids = Counter(row["task_id"] for row in answer)
        assert not [one for one, count in ids.items() if count > 1], told(again)
        back = [row for row in answer if row["task_id"] in done and row["status"] != "done"]
        assert not back, f"{back}\n{told(again)}"
