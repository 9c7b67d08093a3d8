"""The answer to ``worklist``: a list a person of what is due, and of what nobody has settled."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from naive.answers import named
from naive.book import Account, Book, Case, Row
from naive.cells import plain
from naive.playbook import Activity
from naive.standing import Standing, standing, task_id
from naive.tasks import UNDATED, Task, tasks_due, undated

WEEK = timedelta(days=7)
LOOK_BACK = 9  # years; far enough for what only leap years let happen


@dataclass(frozen=True)
class Work:
    """A task that somebody has to do, how it stands, and whether it is backlog."""

    task: Task
    standing: Standing
    backlog: bool

    @property
    def status(self) -> str:
        """What is shown: a task that was put off is open in the list that has it."""
        return "open" if self.standing.status == "snoozed" else self.standing.status


@dataclass(frozen=True)
class Line:
    """One row before it is written: a task, and one person's part in it."""

    owner: str
    role: str
    part: str
    account: Account
    work: Work


def window(as_of: date, *, week: str | None = None, days: int | None = None) -> tuple[date, date]:
    """Settle the first and the last day asked about; the default is the week of as-of."""
    if days is not None:
        return as_of, as_of + timedelta(days=days - 1)
    monday = as_of - timedelta(days=as_of.weekday())
    if week == "next":
        monday += WEEK
    elif week not in {None, "this"}:
        year, number = str(week).split("-W")
        monday = date.fromisocalendar(int(year), int(number), 1)
    return monday, monday + WEEK - timedelta(days=1)


def worklist(
    case: Case, *, week: str | None = None, days: int | None = None, automated: bool = False
) -> list[Row]:
    """Say what each person does; ``automated`` lists what machines do instead."""
    book = Book(case)
    first, last = window(book.as_of, week=week, days=days)
    lines = [
        line
        for account in book.active
        for work in _work(book, account, first, last)
        for line in _parts(book, account, work, automated=automated)
    ]
    lines.sort(key=lambda line: (_by_owner(line.owner), _urgency(book, line)))
    ranks: dict[str, int] = {}
    rows = []
    for line in lines:
        ranks[line.owner] = ranks.get(line.owner, 0) + 1
        rows.append(_row(book, line, ranks[line.owner]))
    return rows


def _work(book: Book, account: Account, first: date, last: date) -> list[Work]:
    """Gather what an account needs: what is overdue, what the window holds, and the backlog."""
    found: list[Work] = []
    for activity in account.plan:
        back = _since(book, account, activity, first)
        tasks = tasks_due(activity, account.life, book.days, back, max(last, book.as_of))
        stands = [Work(task, standing(book, account, task), backlog=False) for task in tasks]
        until = first if activity.plan == "ungraded" else date.min
        latest = max(
            (work for work in stands if _day(work) < until), key=_by_occurrence, default=None
        )
        found += [work for work in stands if _day(work) >= until and _is_listed(work, first, last)]
        if latest and not latest.standing.ended:
            found.append(Work(latest.task, latest.standing, backlog=True))
    return found + _undated(book, account)


def _since(book: Book, account: Account, activity: Activity, first: date) -> date:
    """Give the day from which to look: far back where grading waits or something was put off."""
    put_off = any(one.kind == "snoozed" for one in account.told.entries)
    if activity.plan == "ungraded" or put_off:
        return first.replace(year=first.year - LOOK_BACK, day=1)
    return min(first, book.as_of - book.expires)


def _day(work: Work) -> date:
    assert work.standing.day is not None
    return work.standing.day


def _by_occurrence(work: Work) -> tuple[date, str, int]:
    tag, _, number = work.task.occurrence.rpartition(".")
    return _day(work), tag, int(number.removeprefix("s"))


def _is_listed(work: Work, first: date, last: date) -> bool:
    """Tell whether a task stands in the list: overdue whenever it was, else due in the window."""
    in_window = first <= _day(work) <= last and work.standing.status in {"open", "snoozed"}
    return in_window or work.standing.status == "overdue"


def _undated(book: Book, account: Account) -> list[Work]:
    """Give the first task that a person has for an account without dates."""
    bare = [] if account.has_dates else [one for one in account.plan if one.due.anchor in UNDATED]
    tasks = [undated(one) for one in bare if not book.playbook.is_automated(one.role)]
    works = [Work(task, standing(book, account, task), backlog=True) for task in tasks]
    return [work for work in works if not work.standing.ended][:1]


def _parts(book: Book, account: Account, work: Work, *, automated: bool) -> list[Line]:
    """Give the lead's row, then one for each further person.

    Nobody is in a task twice; but who is named for a machine's role and for another one has the
    work of the other one.
    """
    lines: list[Line] = []
    activity = work.task.activity
    for role in (activity.role, *activity.others):
        person = book.person(account, role)
        lead = role == activity.role
        known = person in {line.owner for line in lines}
        if book.playbook.is_automated(role) == automated and (lead or (person and not known)):
            part = "lead" if lead else "with"
            lines.append(Line(person, role, part, account, work))
    return lines


def _by_owner(owner: str) -> tuple[bool, str, str]:
    return not owner, owner.casefold(), owner


def _urgency(book: Book, line: Line) -> tuple[Any, ...]:
    """Order one person's list: by date and tier, the backlog last and by what it is worth."""
    account, work, task = line.account, line.work, line.work.task
    tiers = book.grid.tiers
    tier = tiers.index(account.graded.tier) if account.graded.tier else len(tiers)
    potential, arr = _largest_first(account.graded.potential), _largest_first(account.arr)
    due = work.standing.day or date.max
    end = (task.activity.id, task_id(account, task))
    if work.backlog:
        return (2, potential, arr, account.id, due, *end)
    if work.status == "overdue":
        return (0, tier, due, potential, account.id, *end)
    return (1, due, tier, potential, account.id, *end)


def _largest_first(number: Decimal | None) -> tuple[bool, Decimal]:
    return number is None, -(number or Decimal(0))


def _row(book: Book, line: Line, rank: int) -> Row:
    account, activity = line.account, line.work.task.activity
    others = activity.others if line.part == "lead" else (activity.role, *activity.others)
    term = account.life.terms.current(book.as_of)
    day, status = line.work.standing.day, line.work.status
    late = plain((book.as_of - day).days) if day and status == "overdue" else ""
    return {
        "owner": line.owner,
        "rank": str(rank),
        "due": str(day or ""),
        "status": status,
        "part": line.part,
        "account_id": account.id,
        "name": account.name,
        "tier": account.graded.tier,
        "grade": account.graded.grade,
        "arr": plain(account.arr),
        "activity": activity.id,
        "title": activity.title,
        "role": line.role,
        "with": named(book, account, others, line.owner),
        "channel": activity.channel,
        "effort_minutes": str(activity.effort),
        "objective": activity.objective,
        "days_overdue": late,
        "renewal_date": str(term.end if term else ""),
        "last_touch": str(account.told.touched or ""),
        "task_id": task_id(account, line.work.task),
        "outcome": "",
        "until": "",
        "comment": "",
    }
