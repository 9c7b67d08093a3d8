"""The script without libraries: the csv module, a loop over the rows, datetime.

`python with_csv.py QUESTION BOOK OUT`. It knows the benchmark's policy and a clean file, and
nothing else: no problems with lines, no calls, no journal.
"""

from __future__ import annotations

import csv
import sys
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Row = dict[str, Any]

CELLS = {each[:3]: each._asdict() for each in policy.CELLS}
SATURDAY = 5


def grade(accounts: Iterable[Row]) -> Iterator[Row]:
    """Give each account its size, grade and tier."""
    for account in accounts:
        potential = float(account["potential"]) if account["potential"] else None
        if potential is None:
            size = ""
        elif potential > policy.OVER:
            size = "A"
        else:
            size = "B" if potential >= policy.AT_LEAST else "C"
        account.update(CELLS[size, account["likelihood"], account["status"]])
        yield account


@cache
def plan(tier: str, start: str, months: int) -> list[tuple[policy.Activity, date, Row]]:
    """Date the tasks of the current term, by due and activity: what they share in all accounts."""
    day = date.fromisoformat(start)
    since = (policy.AS_OF.year - day.year) * 12 + policy.AS_OF.month - day.month
    number = since // months
    if add_months(day, number * months) > policy.AS_OF:
        number -= 1
    anchors = {
        "term": add_months(day, number * months),
        "renewal": add_months(day, (number + 1) * months),
    }
    found = []
    for each in policy.ACTIVITIES:
        if each.plan not in {"all", tier}:
            continue
        due = rolled(each, anchors[each.anchor])
        late = (policy.AS_OF - due).days > policy.EXPIRES
        shared = {
            "due": due,
            "activity": each.id,
            "title": each.title,
            "role": each.role,
            "channel": each.channel,
            "effort_minutes": each.minutes,
            "objective": each.objective,
            "status": "expired" if late else "open",
            "renewal_date": anchors["renewal"],
            "why": f"{each.why}{anchors[each.anchor]})",
            "task": f":{each.id}:t{anchors['term']:%Y-%m}.1",
        }
        found.append((each, due, shared))
    return sorted(found, key=lambda task: (task[1], task[0].id))


def rolled(each: policy.Activity, anchor: date) -> date:
    """Date an activity, on a working day."""
    if each.unit == "mo":
        day = add_months(anchor, each.number)
    else:
        day = anchor + timedelta(each.number * {"d": 1, "w": 7}[each.unit])
    step = timedelta(1 if each.anchor == "term" else -1)
    while day.weekday() >= SATURDAY:
        day += step
    return day


def add_months(day: date, months: int) -> date:
    """Add months; a day that the month lacks becomes its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def served(accounts: Iterable[Row]) -> Iterator[Row]:
    """Keep the graded accounts that are served."""
    for account in grade(accounts):
        if account["status"] == "active" and account["tier"]:
            yield account


def calendar(accounts: Iterable[Row]) -> Iterator[Row]:
    """List the tasks of each account's current term."""
    for account in served(accounts):
        months = int(account["term_months"])
        for each, _, shared in plan(account["tier"], account["start_date"], months):
            _, _, owner, other = each.parties[0] if each.parties else ("", "", "", "")
            yield (
                account
                | shared
                | {
                    "owner": account.get(owner, ""),
                    "with": account.get(other, ""),
                    "task_id": account["account_id"] + shared["task"],
                }
            )


def worklist(accounts: Iterable[Row]) -> Iterator[Row]:
    """List what each person does this week."""
    found = []
    for account in served(accounts):
        months = int(account["term_months"])
        for each, due, shared in plan(account["tier"], account["start_date"], months):
            if not policy.AS_OF <= due <= policy.WEEK_ENDS:
                continue
            task_id = account["account_id"] + shared["task"]
            for part, role, owner, other in each.parties:
                task = account | shared | {"part": part, "role": role, "task_id": task_id}
                found.append(
                    task | {"owner": account[owner], "with": account[other] if other else ""}
                )
    found.sort(key=place)
    for _, tasks in groupby(found, key=lambda task: task["owner"]):
        for rank, task in enumerate(tasks, start=1):
            yield task | {"rank": rank}


def place(task: Row) -> tuple[Any, ...]:
    """Say where a task stands in the lists."""
    return (
        *(task["owner"], task["due"], task["tier"], -float(task["potential"])),
        *(task["account_id"], task["activity"]),
    )


QUESTIONS = {"grade": grade, "calendar": calendar, "worklist": worklist}

if __name__ == "__main__":
    question, book, out = sys.argv[1:]
    with (
        Path(book).open(encoding="utf-8", newline="") as source,
        Path(out).open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.DictWriter(
            target, policy.ANSWERS[question], extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(QUESTIONS[question](csv.DictReader(source)))
