"""The answers to ``grade``, ``tiers`` and ``calendar``: rows of exact CSV texts."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from naive import nps
from naive.book import Account, Book, Case, Row
from naive.cells import plain, six
from naive.conditions import holds
from naive.playbook import Activity
from naive.standing import standing, task_id
from naive.tasks import BY_TERM, UNDATED, Task, tasks_due, tasks_of_term, undated
from naive.workdays import add_months

RENEWING = timedelta(days=90)
YEAR = 12
BEFORE_ALL = date(1960, 1, 1)


def grade(case: Case, add: Iterable[str] = (), where: Mapping[str, str] | None = None) -> list[Row]:
    """Say what each account is, in the order of the file; added are fields of the signals."""
    further = list(add)
    book = Book(case)
    return [
        {
            "account_id": account.id,
            "name": account.name,
            "csm": book.person(account, "csm"),
            "potential": plain(account.graded.potential),
            "size": account.graded.size,
            "likelihood": account.graded.likelihood,
            "grade": account.graded.grade,
            "tier": account.graded.tier,
            "tier_name": book.grid.names.get(account.graded.tier, ""),
            "basis": account.graded.basis,
            "borderline": account.graded.borderline,
            **{name: account.signals[name] for name in further},
        }
        for account in book.accounts
        if holds(where, account.seen)
    ]


def tiers(case: Case, surveys: Iterable[str] = ()) -> list[Row]:
    """Say how the book looks: a row for each tier and grade that has accounts.

    Added are the measures of surveys, over the answers of all accounts of a row.
    """
    book = Book(case)
    order = [(tier, one) for tier in book.grid.tiers for one in [*book.grid.grades, ""]] + [
        ("", "")
    ]
    groups = {
        place: [a for a in book.active if (a.graded.tier, a.graded.grade) == place]
        for place in order
    }
    return [
        _tier_row(book, tier, one, group) | _pooled(book, surveys, group)
        for (tier, one), group in groups.items()
        if group
    ]


def _pooled(book: Book, surveys: Iterable[str], group: list[Account]) -> Row:
    """Score all answers of some accounts together."""
    row: Row = {}
    for name in surveys:
        said = [one for a in group if (one := book.signals.said(name, a.id)) is not None]
        score = nps.pooled(said)
        row[name] = "" if score is None else plain(six(score))
        row[f"{name}_answers"] = str(sum(map(len, said))) if said else ""
    return row


def _tier_row(book: Book, tier: str, one: str, group: list[Account]) -> Row:
    everyone = book.active
    ends = [term.end for a in group if (term := a.life.terms.current(book.as_of))]
    potential, all_potential = (
        _sum(a.graded.potential for a in some) for some in (group, everyone)
    )
    arr, all_arr = (_sum(a.arr for a in some) for some in (group, everyone))
    return {
        "tier": tier,
        "tier_name": book.grid.names.get(tier, ""),
        "grade": one,
        "accounts": str(len(group)),
        "accounts_share": share(Decimal(len(group)), Decimal(len(everyone))),
        "potential": plain(potential),
        "potential_share": share(potential, all_potential),
        "arr": plain(arr),
        "arr_share": share(arr, all_arr),
        "renewing_90d": str(sum(book.as_of < end <= book.as_of + RENEWING for end in ends)),
    }


def _sum(numbers: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in numbers if one is not None), Decimal(0))


def share(part: Decimal, whole: Decimal) -> str:
    """Give a fraction half up to four decimals; of nothing it is 0."""
    if not whole:
        return "0"
    exact = part * 10**4 / whole
    return plain(exact.quantize(Decimal(1), ROUND_HALF_UP) / 10**4)


def calendar(case: Case, first: date | None = None, last: date | None = None) -> list[Row]:
    """Say what happens with each account, by default in its current term."""
    book = Book(case)
    return [
        _calendar_row(book, account, task)
        for account in book.active
        for task in _dated(book, account, first, last)
    ]


def _dated(book: Book, account: Account, first: date | None, last: date | None) -> list[Task]:
    found = [
        task
        for activity in account.plan
        for task in _of_activity(book, account, activity, first, last)
    ]
    return sorted(
        found, key=lambda task: (task.due or date.max, task.activity.id, task_id(account, task))
    )


def _of_activity(
    book: Book, account: Account, activity: Activity, first: date | None, last: date | None
) -> list[Task]:
    """Give an activity's tasks: of the current term by default, else those dated in a range."""
    life, days = account.life, book.days
    term = life.terms.current(book.as_of)
    begin, end = (term.first, term.end) if term else (book.as_of, add_months(book.as_of, YEAR))
    if first or last:
        return tasks_due(activity, life, days, first or begin, last or end)
    if term is None:
        bare = [undated(activity)] if activity.due.anchor in UNDATED else []
        return bare or tasks_due(activity, life, days, begin, end)
    if activity.due.anchor in BY_TERM:
        return tasks_of_term(activity, life, days, term)
    earliest = BEFORE_ALL if term == life.terms.first else begin
    return tasks_due(activity, life, days, earliest, end - timedelta(days=1))


def _calendar_row(book: Book, account: Account, task: Task) -> Row:
    activity = task.activity
    owner = book.person(account, activity.role)
    return {
        "due": str(task.due or ""),
        "account_id": account.id,
        "name": account.name,
        "tier": account.graded.tier,
        "grade": account.graded.grade,
        "activity": activity.id,
        "title": activity.title,
        "role": activity.role,
        "owner": owner,
        "with": named(book, account, activity.others, owner),
        "channel": activity.channel,
        "effort_minutes": str(activity.effort),
        "objective": activity.objective,
        "status": standing(book, account, task).status,
        "task_id": task_id(account, task),
    }


def named(book: Book, account: Account, roles: Iterable[str], own: str) -> str:
    """Name the others of a task: a person once, the role where it has none, never oneself."""
    names = [book.person(account, role) or role for role in roles]
    return "; ".join(dict.fromkeys(name for name in names if name != own))
