"""Random journals and teams: what people tell, about tasks that are really there as a rule.

A journal is made of stories, each of one seed: a few entries about one account that belong
together, so that what is left out of a shrunk example still makes sense.
"""

from collections.abc import Callable
from datetime import date, timedelta

from naive.book import Account, Book, Row
from naive.journal import COLUMNS, Files
from naive.pick import Pick
from naive.playbook import Activity
from naive.standing import task_id
from naive.tasks import BY_TERM, UNDATED, Task, tasks_due, undated
from naive.workdays import add_months

ALONE = "journal.csv"
FOLDERS = [["ann.csv", "ann-b.csv"], ["9.csv", "10.csv"], ["Bob.csv", "ann.csv", "x y.csv"]]
EVENTS = ["new-group", "New-Group", "EXPORT", "export", "usage-drop", "renewed", "expanded"]
MOTIONS = ["growth", "retention", "churn-prevention"]
AMOUNTS = ["50000", "50000.01", "10000", "9999.99", "0", "120k", "1.2M", "1200.50"]
NEAR = [-1, 0, 0, 1, -2, -3, -7, -14, -20]
FAR = [-400, -200, -120, -90, -61, -60, -45, -30, -25, -15, -10, -5, 2, 5, 20, 60]
AHEAD = timedelta(days=40)
BEHIND = timedelta(days=75)

Story = Callable[[Book, Pick, Account], list[Row]]


def journal(book: Book, pick: Pick, stories: list[Pick]) -> Files:
    """Tell the stories, and spread their entries over one file or several."""
    names = pick.choice([[ALONE], [ALONE], *FOLDERS])
    files: Files = {name: [] for name in names}
    rows: list[Row] = []
    if not pick.one_in(4):
        rows += _tracking(book, pick)
    for story in stories:
        rows += story.choice(STORIES)(book, story, _account(book, story))
    if pick.one_in(3):
        rows.sort(key=lambda row: row["date"])
    for row in rows:
        files[pick.choice(names)].append(row)
    return files


def team(pick: Pick) -> list[Row]:
    """Draw a team: who is there, some in several roles, and who serves a role by default."""
    people = [("Ann", "ann@x.example"), ("Çelik", "c@x.example"), ("Dora Quint", ""), ("Éva", "")]
    people = pick.sample(people, pick.randint(1, len(people)))
    roles = pick.mixed(["sales", "csm", "custdev", "coach", "system"])
    serves = pick.randint(0, len(roles))
    rows = [
        _member(pick.choice(people), role, "yes" if number < serves else pick.choice(["", "no"]))
        for number, role in enumerate(roles)
    ]
    return [*rows, *(_member(one, pick.choice(roles), "") for one in people)]


def _member(person: tuple[str, str], role: str, default: str) -> Row:
    row = {"name": person[0], "email": person[1], "role": role, "default": default}
    return {**row, "reports_to": "", "hours_per_week": "", "max_accounts": "", "region": "EU"}


def entry(  # noqa: PLR0913 - an entry has so many cells
    account: str, on: date, kind: str, *, key: str = "", value: str = "", until: date | None = None
) -> Row:
    """Make one line of a journal."""
    row = {"date": str(on), "account_id": account, "kind": kind, "key": key, "value": value}
    return dict.fromkeys(COLUMNS, "") | row | {"until": str(until or "")}


def _account(book: Book, pick: Pick) -> Account:
    """Choose an account, of the few first ones rather often, so that stories meet."""
    busy = [account for account in book.active if account.plan] or book.accounts
    return pick.choice([*book.accounts, *busy, *busy, *busy[:3] * 9])


def _on(book: Book, pick: Pick) -> date:
    """Choose a day: around as-of, mostly before it."""
    return book.as_of + timedelta(days=pick.choice(NEAR if pick.one_in(2) else FAR))


def _later(pick: Pick, on: date) -> date:
    return on + timedelta(days=pick.choice([0, 0, 1, 2, 7]))


def _tracking(book: Book, pick: Pick) -> list[Row]:
    """Begin tracking, early enough for something to be overdue, by an account of this book or not.

    ``nobody`` is in no book; what was logged of it still shows that the journal was kept.
    """
    on = book.as_of - timedelta(days=pick.choice([400, 120, 60, 45, 30, 10]))
    name = pick.choice(["nobody", book.accounts[-1].id])
    return [entry(name, on, pick.choice(["done", "skipped"]), key=f"{name}:x:s1")]


def _grading(book: Book, pick: Pick, account: Account) -> list[Row]:
    """Grade an account once or a few times, around the day of the CRM's grading or of as-of."""
    crm = account.row.get("graded_on", "")
    on = _on(book, pick)
    if account.life.graded and str(account.life.graded) == crm and pick.one_in(2):
        on = account.life.graded + timedelta(days=pick.choice([-1, 0, 1]))
    rows = []
    for _ in range(pick.choice([1, 1, 2, 3])):
        kind = pick.choice(["grade", "grade", "size", "potential", "likelihood"])
        rows.append(entry(account.id, on, kind, value=_graded(book, pick, kind)))
        on = _later(pick, on)
    return rows


def _graded(book: Book, pick: Pick, kind: str) -> str:
    grid = book.grid
    values: dict[str, list[str]] = {"grade": grid.grades, "size": grid.sizes}
    values |= {"likelihood": grid.levels, "potential": AMOUNTS, "tier": grid.tiers}
    value = pick.choice(values[kind])
    return value.lower() if kind in {"grade", "size"} and pick.one_in(4) else value


def _call(book: Book, pick: Pick, account: Account) -> list[Row]:
    """Call tiers, to a day or for good, and withdraw them now and then."""
    rows = []
    on = _on(book, pick)
    for _ in range(pick.choice([1, 2, 2, 3])):
        if pick.one_in(5):
            rows.append(entry(account.id, on, "tier"))
        else:
            ends = [book.as_of + timedelta(days=apart) for apart in (-9, -1, 0, 1, 30)]
            until = pick.choice([None, None, *(day for day in ends if day >= on)])
            value = _graded(book, pick, "tier")
            rows.append(entry(account.id, on, "tier", value=value, until=until))
        on = _later(pick, on)
    return rows


def _motion(book: Book, pick: Pick, account: Account) -> list[Row]:
    return [entry(account.id, _on(book, pick), "motion", value=pick.choice(MOTIONS))]


def _event(book: Book, pick: Pick, account: Account) -> list[Row]:
    """Tell of a change of state, or of one that a later one takes back."""
    on = _on(book, pick)
    name = pick.choice(EVENTS)
    if name == "expanded":
        kinds = ["expanded", "Contracted"][: pick.randint(1, 2)]
        return [
            entry(account.id, on, "event", key=kind, value=pick.choice([*AMOUNTS, ""]))
            for kind in kinds
        ]
    if name != "renewed":
        return [entry(account.id, on, "event", key=name, value=pick.choice(["", "said so"]))]
    return [entry(account.id, on, "event", key=name, until=_renewal(book, pick, account))]


def _churn(book: Book, pick: Pick, account: Account) -> list[Row]:
    """Leave, and come back as a rule, so that something is left to plan."""
    on = _on(book, pick)
    rows = [entry(account.id, on, "event", key=pick.choice(["churned", "Churned"]))]
    if not pick.one_in(3):
        rows.append(entry(account.id, _later(pick, on), "event", key="renewed"))
    return rows if pick.one_in(2) else rows[-1:]


def _renewal(book: Book, pick: Pick, account: Account) -> date | None:
    """Choose what a renewal is moved to: nothing, some days or months off its end, or far off."""
    term = account.life.terms.current(book.as_of)
    if term is None:
        return pick.choice([None, add_months(book.as_of, 6)])
    moved = term.end + timedelta(days=pick.choice([-35, -20, -5, 1, 10, 28, 32]))
    return pick.choice([None, moved, moved, add_months(term.end, pick.choice([-1, 1, 5, 12]))])


def _contact(book: Book, pick: Pick, account: Account) -> list[Row]:
    rows = []
    on = _on(book, pick)
    if (task := _task(book, pick, account)) and task.due:
        on = task.due + timedelta(days=pick.choice([-16, -15, -14, -13, -1, 0, 1]))
    for _ in range(pick.randint(1, 2)):
        kind = pick.choice(["touch", "review", "touch", "kpi"])
        key, value = ("adoption", "12") if kind == "kpi" else ("call", "")
        rows.append(entry(account.id, on, kind, key=key, value=value))
        on = _later(pick, on)
    return rows


def _task(book: Book, pick: Pick, account: Account) -> Task | None:
    """Choose a task of an account, due around as-of if there is one."""
    some = [one for one in account.plan if pick.one_in(2)] or account.plan or _any_plan(book)
    if not some:
        return None
    activity = pick.choice(some)
    if not account.has_dates and activity.due.anchor in UNDATED:
        return undated(activity)
    low, high = book.as_of - BEHIND, book.as_of + AHEAD
    near = tasks_due(activity, account.life, book.days, low, high)
    far = tasks_due(activity, account.life, book.days, low - 10 * BEHIND, high + 10 * AHEAD)
    tasks = near or far
    return pick.choice(tasks[-3:] if pick.one_in(2) else tasks) if tasks else None


def _any_plan(book: Book) -> list[Activity]:
    return [one for plan in book.playbook.plans.values() for one in plan]


def _moved(pick: Pick, account: Account, task: Task) -> str:
    """Give the id that a task had when its term began a month or two away, or nearly so."""
    assert task.anchor is not None
    assert task.anchor.term is not None
    month = date.fromisoformat(f"{task.anchor.term.month}-01")
    moved = add_months(month, pick.choice([-1, -1, 1, 1, 2, 12]))
    number = task.occurrence.rpartition(".")[2]
    return f"{account.id}:{task.activity.id}:t{moved:%Y-%m}.{number}"


def _lines(book: Book, pick: Pick, account: Account) -> list[Row]:
    """Log a task: done, skipped, put off, taken back, some of it several times."""
    task = _task(book, pick, account)
    if task is None:
        return []
    name = task_id(account, task)
    names = [name]
    if task.activity.due.anchor in BY_TERM and task.due and pick.one_in(2):
        names = pick.choice([[_moved(pick, account, task)], [name, _moved(pick, account, task)]])
    if pick.one_in(12):
        names = [f"{account.id}:gone:s1"]
    elif task.due and pick.one_in(12):
        names = [f"{name}0"]
    about = task.due or book.as_of
    on = min(about, book.as_of) + timedelta(days=pick.choice([-30, -9, -2, -1, 0, 0, 1, 3]))
    rows = []
    for _ in range(pick.choice([1, 1, 1, 2, 3, 4])):
        kind = pick.choice(["done", "done", "skipped", "snoozed", "snoozed", "reopened"])
        until = _put_off(book, pick, on, about) if kind == "snoozed" else None
        rows.append(entry(account.id, on, kind, key=pick.choice(names), until=until))
        on = _later(pick, on)
    return rows


def _put_off(book: Book, pick: Pick, on: date, due: date) -> date:
    """Choose a day to come back on: after the entry, around the task's own day or as-of."""
    apart = [timedelta(days=one) for one in (-61, -8, -1, 0, 1, 3, 10)]
    days = [base + one for base in (due, book.as_of) for one in apart]
    return pick.choice([day for day in days if day > on] or [on + timedelta(days=1)])


def _correction(book: Book, pick: Pick, account: Account) -> list[Row]:
    """Close tasks of a term, then learn that the term begins in another month."""
    rows = [row for _ in range(3) for row in _lines(book, pick, account)]
    on = book.as_of - timedelta(days=pick.choice([0, 1, 5]))
    until = _renewal(book, pick, account)
    return [*rows, entry(account.id, on, "event", key="renewed", until=until)]


def _switch(book: Book, pick: Pick, account: Account) -> list[Row]:
    """Change the tier in the last weeks, by a call or a grading, perhaps back the same day."""
    on = book.as_of - timedelta(days=pick.choice([0, 1, 3, 8, 15, 30]))
    kinds = [pick.choice(["tier", "tier", "grade", "size", "likelihood", "potential"])]
    kinds += pick.several(["tier", "grade"], 1)
    return [entry(account.id, on, kind, value=_graded(book, pick, kind)) for kind in kinds]


def _broken(book: Book, pick: Pick, account: Account) -> list[Row]:
    """Write what does not say what its kind must say; such a line tells nothing."""
    on = _on(book, pick)
    return [
        pick.choice(
            [
                entry(account.id, on, "size", value="Q"),
                entry(account.id, on, "tier", value="99"),
                entry(account.id, on, "potential", value="abc"),
                entry(account.id, on, "motion", value="sideways"),
                entry(account.id, on, "snoozed", key=f"{account.id}:x:s1"),
                entry(account.id, on, "snoozed", key=f"{account.id}:x:s1", until=on),
                entry(account.id, on, "gossip", value="x"),
                entry(account.id, on, "touch") | {"date": "soon"},
            ]
        )
    ]


STORIES: list[Story] = [
    *[_lines] * 10,
    *[_grading] * 4,
    *[_call] * 2,
    *[_switch] * 2,
    *[_event] * 3,
    *[_contact] * 3,
    _motion,
    _motion,
    _churn,
    _correction,
    _broken,
]
