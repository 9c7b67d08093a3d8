"""How a task stands on a day: what people logged of it, what else ended it, and how late it is."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from naive.book import Account, Book
from naive.journal import ENDS, GRADINGS, LINES, Entry
from naive.tasks import BY_TERM, Task

EARLY = timedelta(days=14)
ENDED_BY = {"grade": GRADINGS, "motion": {"motion"}, "review": {"review"}, "touch": {"touch"}}
IN_TERM = re.compile(r"(.*):([^:]+):t(\d{4}-\d{2})\.(\d+)", re.DOTALL)


@dataclass(frozen=True)
class Standing:
    """A task's status, and the day that it is due on: its own, or the one it was put off to."""

    status: str
    day: date | None

    @property
    def ended(self) -> bool:
        """Whether nobody has to do anything any more."""
        return self.status in ENDS


def task_id(account: Account, task: Task) -> str:
    """Name a task for good."""
    return f"{account.id}:{task.activity.id}:{task.occurrence}"


def standing(book: Book, account: Account, task: Task) -> Standing:
    """Say how a task stands: the first that holds, in the order of the contract."""
    line = deciding(account, task)
    if line and line.kind in ENDS:
        return Standing(line.kind, task.due)
    if _is_ended(account, task):
        return Standing("done", task.due)
    if task.due is None:
        return Standing("undated", None)
    snoozed = line.until if line and line.kind == "snoozed" else None
    day = max(task.due, snoozed or task.due)
    if day > task.due and day > book.as_of:
        return Standing("snoozed", day)
    never = task.activity.plan == "ungraded"
    expired = book.as_of - day > book.expires and not never
    if day < book.as_of and not expired and _is_tracked(book, account, task, day):
        return Standing("overdue", day)
    return Standing("expired" if expired else "open", day)


def deciding(account: Account, task: Task) -> Entry | None:
    """Find the last line about a task: its own, else one that followed a term that was moved."""
    lines = [one for one in account.told.entries if one.kind in LINES]
    own = [one for one in lines if one.key == task_id(account, task)]
    moved = [one for one in lines if _follows(account, task, one.key)]
    return next(reversed(own or moved), None)


def _follows(account: Account, task: Task, key: str) -> bool:
    """Tell whether an id of a month without a boundary counts for this task of a near month."""
    found = IN_TERM.fullmatch(key)
    anchor = task.anchor
    if not found or task.activity.due.anchor not in BY_TERM or not anchor or not anchor.term:
        return False
    if (found[1], found[2]) != (account.id, task.activity.id):
        return False
    month = account.life.terms.moved(found[3])
    return month == anchor.term.month and task.occurrence == f"t{month}.{int(found[4])}"


def _is_ended(account: Account, task: Task) -> bool:
    """Tell whether something else than a line about the task has ended it."""
    if task.due is None:
        return False
    wanted = ENDED_BY.get(task.activity.ends_with, set())
    if any(_ends(one, task) for one in account.told.entries if one.kind in wanted):
        return True
    if task.activity.due.anchor not in {"renewal", "notice"} or task.anchor is None:
        return False
    return any(account.life.terms.nearest(on) == task.anchor.term for on in account.told.renewed)


def _ends(entry: Entry, task: Task) -> bool:
    """Tell whether an entry came at the time at which it ends a task."""
    assert task.due is not None
    assert task.anchor is not None
    anchor, due = task.anchor.day, task.activity.due
    if entry.kind == "motion":
        return entry.on >= anchor
    in_time = entry.on >= task.due - EARLY
    ahead = due.offset is not None and due.offset.count < 0
    if due.anchor == "graded":
        return in_time and entry.on > anchor
    return in_time and (ahead or entry.on >= anchor)


def _is_tracked(book: Book, account: Account, task: Task, day: date) -> bool:
    """Tell whether a task can be overdue: the journal was kept, and the account was in its plan."""
    if book.tracked is None or day < book.tracked:
        return False
    change = account.change
    return change is None or day >= change.day or task.activity.id in change.before
