"""The answer to ``worklist``: a list a person of what is due, and of what nobody has settled."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from naive.answers import named, status, task_id
from naive.book import Account, Book, Case, Row
from naive.cells import plain
from naive.tasks import UNDATED, Task, tasks_due, undated

WEEK = timedelta(days=7)
LOOK_BACK = 9  # years; far enough for what only leap years let happen
LISTED = {"open", "overdue", "undated"}


@dataclass(frozen=True)
class Line:
    """One row before it is written: a task, and one person's part in it."""

    owner: str
    role: str
    part: str
    account: Account
    task: Task
    backlog: bool


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
        for task, backlog in _tasks(book, account, first, last)
        for line in _parts(book, account, task, backlog=backlog, automated=automated)
    ]
    lines.sort(key=lambda line: (_by_owner(line.owner), _urgency(book, line)))
    ranks: dict[str, int] = {}
    rows = []
    for line in lines:
        ranks[line.owner] = ranks.get(line.owner, 0) + 1
        rows.append(_row(book, line, ranks[line.owner]))
    return rows


def _tasks(book: Book, account: Account, first: date, last: date) -> list[tuple[Task, bool]]:
    """Gather an account's tasks, each with whether it is backlog."""
    found: list[tuple[Task, bool]] = []
    for activity in account.plan:
        due = tasks_due(activity, account.life, book.days, first, last)
        found += [(task, False) for task in due if status(book, task) in LISTED]
        if activity.plan == "ungraded":
            back = first.replace(year=first.year - LOOK_BACK, day=1)
            before = tasks_due(activity, account.life, book.days, back, first - timedelta(days=1))
            found += [(task, True) for task in sorted(before, key=lambda one: one.due or back)[-1:]]
    bare = [] if account.has_dates else [one for one in account.plan if one.due.anchor in UNDATED]
    human = [one for one in bare if not book.playbook.is_automated(one.role)]
    return found + [(undated(activity), True) for activity in human[:1]]


def _parts(
    book: Book, account: Account, task: Task, *, backlog: bool, automated: bool
) -> list[Line]:
    """Give the lead's row, then one for each further person.

    Nobody is in a task twice; but who is named for a machine's role and for another one has the
    work of the other one.
    """
    lines: list[Line] = []
    for role in (task.activity.role, *task.activity.others):
        person = book.person(account, role)
        lead = role == task.activity.role
        known = person in {line.owner for line in lines}
        if book.playbook.is_automated(role) == automated and (lead or (person and not known)):
            part = "lead" if lead else "with"
            lines.append(Line(person, role, part, account, task, backlog))
    return lines


def _by_owner(owner: str) -> tuple[bool, str, str]:
    return not owner, owner.casefold(), owner


def _urgency(book: Book, line: Line) -> tuple[Any, ...]:
    """Order one person's list: by date and tier, the backlog last and by what it is worth."""
    account, task = line.account, line.task
    tiers = book.grid.tiers
    tier = tiers.index(account.graded.tier) if account.graded.tier else len(tiers)
    potential, arr = _largest_first(account.graded.potential), _largest_first(account.arr)
    due = task.due or date.max
    end = (task.activity.id, task_id(account, task))
    if line.backlog:
        return (2, potential, arr, account.id, due, *end)
    if status(book, task) == "overdue":
        return (0, tier, due, potential, account.id, *end)
    return (1, due, tier, potential, account.id, *end)


def _largest_first(number: Decimal | None) -> tuple[bool, Decimal]:
    return number is None, -(number or Decimal(0))


def _row(book: Book, line: Line, rank: int) -> Row:
    account, activity = line.account, line.task.activity
    others = activity.others if line.part == "lead" else (activity.role, *activity.others)
    term = account.life.terms.current(book.as_of)
    return {
        "owner": line.owner,
        "rank": str(rank),
        "due": str(line.task.due or ""),
        "status": status(book, line.task),
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
        "days_overdue": "",
        "renewal_date": str(term.end if term else ""),
        "last_touch": "",
        "task_id": task_id(account, line.task),
        "outcome": "",
        "until": "",
        "comment": "",
    }
