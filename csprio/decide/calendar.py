"""The calendar: the activities of each account with dates and a status.

In: the graded table, assignments, dating, and which days are asked for. Out: an Arrow table, one
row a task, sorted by account (as in the file), due (undated last), activity, task_id. Per account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.closings import LETTERS
from csprio.decide.columns import glued, texts
from csprio.decide.dates import NEVER, add_months, date_column
from csprio.decide.occurrences import (
    FAR_PAST,
    OF_TERMS,
    Dating,
    Occurrences,
    Span,
    occurrences,
)
from csprio.decide.people import Parties, People
from csprio.decide.standing import STATUSES, Standing, Stands
from csprio.rules import Activity, Anchor, Policy
from csprio.tables import ANSWERS, arrow_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from csprio.decide.dates import Days
    from csprio.decide.plans import Assignment
    from csprio.decide.terms import Terms

    Rows = npt.NDArray[np.int64]

YEAR = 12
LAST_DAY = 1 << 16  # after all that an account can have to do with
ACCOUNTS_AT_ONCE = 1 << 12  # whose tasks are rows of a table at a time
UNDATED_ANCHORS = (Anchor.START, Anchor.TERM, Anchor.RENEWAL)


@dataclass(frozen=True)
class Schedule:
    """Accounts with their people and activities, and what the dates of these depend on.

    `missing` says for each account what keeps it ungraded, null where nothing does; `playbook` is
    the number of its playbook in the policy, -1 where none takes it.
    """

    accounts: pa.Table
    people: People
    policy: Policy
    assignments: Sequence[Assignment]
    playbook: npt.NDArray[np.int64]
    dating: Dating
    as_of: np.datetime64
    missing: pa.Array
    standing: Standing


@dataclass(frozen=True)
class Tasks:
    """The tasks of one activity: its assignment and occurrences; undated ones are due never."""

    assignment: Assignment
    found: Occurrences
    undated: bool = False

    @property
    def activity(self) -> Activity:
        """The activity that all of them are of."""
        return self.assignment.planned.activity


def current_span(terms: Terms, as_of: np.datetime64) -> Span:
    """Ask for the current term; without terms, for the twelve months from `as_of`."""
    rows = np.arange(len(terms.origin))
    first_day = terms.first_day(rows, terms.current)
    begins = np.where(terms.current == terms.first, FAR_PAST, first_day)
    year = _year(terms, as_of)
    return Span(
        np.where(terms.exist, begins, year.low),
        np.where(terms.exist, terms.end(rows, terms.current) - 1, year.high),
        current_term=True,
    )


def range_span(
    terms: Terms, as_of: np.datetime64, low: np.datetime64 | None, high: np.datetime64 | None
) -> Span:
    """Ask for a range, both ends in; an open end is that of the current term, or of the year."""
    rows = np.arange(len(terms.origin))
    year = _year(terms, as_of)
    begins = np.where(terms.exist, terms.first_day(rows, terms.current), year.low)
    ends = np.where(terms.exist, terms.end(rows, terms.current), year.high)
    return Span(
        begins if low is None else np.full(len(rows), low),
        ends if high is None else np.full(len(rows), high),
    )


def _year(terms: Terms, as_of: np.datetime64) -> Span:
    low = np.full(len(terms.origin), as_of)
    return Span(low, add_months(low, YEAR))


def in_parts(schedule: Schedule) -> Iterator[Schedule]:
    """Cut a schedule into parts: a few thousand accounts each, in the order of the file."""
    for low in range(0, max(len(schedule.accounts), 1), ACCOUNTS_AT_ONCE):
        yield replace(
            schedule,
            assignments=[
                _between(each, low, low + ACCOUNTS_AT_ONCE) for each in schedule.assignments
            ],
        )


def _between(assignment: Assignment, low: int, high: int) -> Assignment:
    """Keep the accounts from one row up to another."""
    start, end = np.searchsorted(assignment.rows, [low, high])
    return replace(assignment, rows=assignment.rows[start:end], order=assignment.order[start:end])


def dated(schedule: Schedule, span: Span) -> list[Tasks]:
    """Date all activities within the span."""
    return [Tasks(each, occurrences(each, schedule.dating, span)) for each in schedule.assignments]


def undated(schedule: Schedule) -> list[Tasks]:
    """List once, without a date, what accounts without any term would get."""
    listed = []
    terms = schedule.dating.terms
    for each in schedule.assignments:
        if each.planned.activity.due.anchor in UNDATED_ANCHORS:
            rows = each.rows[~terms.exist[each.rows]]
            never = np.full(len(rows), NEVER)
            nothing = np.zeros(len(rows), np.int64)
            listed.append(
                Tasks(each, Occurrences(rows, never, never, never, nothing), undated=True)
            )
    return listed


def task_table(tasks: Sequence[Tasks], schedule: Schedule) -> pa.Table:
    """Write tasks as rows of the calendar's columns, with the account's `row` at the end."""
    parts = [task_rows(each, schedule) for each in tasks]
    return pa.concat_tables([task_schema().empty_table(), *parts]).combine_chunks()


def calendar(table: pa.Table) -> pa.Table:
    """Sort a calendar: accounts as in the file; in each by due, activity, task_id."""
    order = [
        ("row", "ascending"),
        ("due", "ascending"),
        ("activity", "ascending"),
        ("task_id", "ascending"),
    ]
    return table.take(pc.sort_indices(table, sort_keys=order))


def task_rows(tasks: Tasks, schedule: Schedule, stands: Stands | None = None) -> pa.Table:
    """Write the tasks of one activity as rows of the calendar's columns.

    They stand as the calendar has it, with their first due day, unless `stands` says otherwise.
    """
    activity, found, accounts = tasks.activity, tasks.found, schedule.accounts
    rows = pa.array(found.row)
    parties = Parties(activity, schedule.people, found.row)
    due = found.due if stands is None else stands.due
    status = (schedule.standing.of(tasks) if stands is None else stands).status
    columns = {
        "due": date_column(due),
        "account_id": accounts["account_id"].take(rows),
        "name": accounts["name"].take(rows),
        "tier": accounts["tier"].take(rows),
        "grade": accounts["grade"].take(rows),
        "activity": _all(activity.id, rows),
        "title": _all(activity.title, rows),
        "role": _all(activity.role, rows),
        "owner": parties.persons[0],
        "with": parties.others(0),
        "channel": _all(activity.channel or None, rows),
        "effort_minutes": pa.array(np.full(len(rows), activity.effort)),
        "objective": _all(activity.objective or None, rows),
        "status": texts(STATUSES).take(pa.array(status)),
        "task_id": task_ids(tasks, accounts["account_id"].take(rows)),
        "row": rows,
    }
    return pa.table(columns, schema=task_schema())


def task_schema() -> pa.Schema:
    """Give the calendar's columns, and the account's row number."""
    columns = [(column.name, arrow_type(column.kind)) for column in ANSWERS["calendar"]]
    return pa.schema([*columns, ("row", pa.int64())])


def _all(text: str | None, rows: pa.Array) -> pa.Array:
    return pa.array([text], pa.string()).take(pa.array(np.zeros(len(rows), np.int8)))


def task_ids(tasks: Tasks, account_ids: pa.ChunkedArray) -> pa.Array:
    """Write `account_id:activity:occurrence`, which no renaming, owner, tier or roll changes."""
    activity, found = tasks.activity, tasks.found
    ids = account_ids.combine_chunks()
    if tasks.undated:
        return glued(ids, f":{activity.id}:u")
    letter, repeat = LETTERS[activity.due.anchor], pc.cast(pa.array(found.repeat), pa.string())
    if activity.due.anchor is Anchor.START:
        return glued(ids, f":{activity.id}:s", repeat)
    form = "%Y-%m" if activity.due.anchor in OF_TERMS else "%Y-%m-%d"
    return glued(ids, f":{activity.id}:{letter}", _written(found.key, form), ".", repeat)


def _written(days: Days, form: str) -> pa.Array:
    """Write days; there are far fewer of them than tasks, so each is written once."""
    numbers = days.astype(np.int64)
    first, last = int(numbers.min(initial=LAST_DAY)), int(numbers.max(initial=0))
    every = date_column(np.arange(first, max(first, last) + 1).astype("M8[D]"))
    return pc.strftime(every, form).take(pa.array(numbers - first))
