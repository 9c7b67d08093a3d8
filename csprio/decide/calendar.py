"""The calendar: the activities of each account with dates and a status.

In: the graded table, assignments, dating, and which days are asked for. Out: an Arrow table, one
row a task, sorted by account (as in the file), due (undated last), activity, task_id. Per account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide.agenda import agenda_of, occurrence_texts
from csprio.decide.columns import glued, spelled_out
from csprio.decide.dates import NEVER, add_months
from csprio.decide.lives import lives_of
from csprio.decide.occurrences import FAR_PAST, Dating, Occurrences, Span, occurrences
from csprio.decide.people import People, Seat, Seats
from csprio.decide.task_rows import task_columns
from csprio.rules import Activity, Anchor, Policy
from csprio.tables import ANSWERS, arrow_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from csprio.decide.plans import Assignment
    from csprio.decide.standing import Standing, Stands
    from csprio.decide.terms import Terms

    Rows = npt.NDArray[np.int64]

YEAR = 12
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
        begins if low is None else np.broadcast_to(low, len(rows)),
        ends if high is None else np.broadcast_to(high, len(rows)),
    )


def _year(terms: Terms, as_of: np.datetime64) -> Span:
    low = np.full(len(terms.origin), as_of)
    return Span(low, add_months(low, YEAR))


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
    return [each for each in listed if len(each.found.row)]


def calendar_parts(schedule: Schedule, span: Span, *, whole: bool) -> Iterator[pa.Table]:
    """Yield the calendar in parts: accounts as in the file; in each by due, activity, task_id.

    A row of the answer's columns and the account's `row` for each task, with its first due day.
    `whole` asks also for what accounts without terms would get.
    """
    lives = lives_of(schedule)
    ones = lives.one_each(schedule)
    found = [*dated(ones, span), *(undated(ones) if whole else ())]
    agenda = agenda_of([(each, _first_stands(each, schedule)) for each in found], lives)
    seats = Seats([Seat(each) for each in agenda.activities], schedule.people)
    for low, high in agenda.parts():
        rows, entries = agenda.of_accounts(low, high)
        columns = task_columns(agenda, schedule.accounts, rows, entries)
        columns["owner"], columns["with"] = seats.at(agenda.which[entries], rows)
        yield spelled_out(pa.table({name: columns[name] for name in task_schema().names}))


def _first_stands(tasks: Tasks, schedule: Schedule) -> Stands:
    """Tell how tasks stand, on their first due day."""
    return replace(schedule.standing.of(tasks), due=tasks.found.due)


def task_schema() -> pa.Schema:
    """Give the calendar's columns, and the account's row number."""
    columns = [(column.name, arrow_type(column.kind)) for column in ANSWERS["calendar"]]
    return pa.schema([*columns, ("row", pa.int64())])


def task_ids(tasks: Tasks, account_ids: pa.ChunkedArray) -> pa.Array:
    """Write `account_id:activity:occurrence`, which no renaming, owner, tier or roll changes."""
    return glued(account_ids.combine_chunks(), occurrence_texts(tasks))
