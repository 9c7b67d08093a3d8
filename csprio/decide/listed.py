"""Which tasks a worklist holds: what is overdue, what is due in the window, the backlog.

In: the schedule and a window of days. Out: tasks with how they stand, activity by activity. Per
account. A task that was put off counts by the day it comes back; it is found by its id, however
long ago it was due first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.calendar import Schedule, Tasks, undated
from csprio.decide.closings import numbered, parts
from csprio.decide.dates import LONGEST_MONTH
from csprio.decide.occurrences import (
    FAR_PAST,
    OF_TERMS,
    Dating,
    Named,
    Occurrences,
    Span,
    occurrences,
    occurrences_named,
)
from csprio.decide.plans import UNGRADED, Assignment
from csprio.decide.standing import LISTED, OVERDUE, Stands

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    _Stretch = tuple[np.datetime64, np.datetime64]

_LISTED = np.array(LISTED)


@dataclass(frozen=True)
class Window:
    """The days a worklist is for, both in; `automated` asks for what machines do."""

    low: np.datetime64
    high: np.datetime64
    automated: bool = False


@dataclass(frozen=True)
class Listed:
    """Tasks of one activity that a worklist holds, and how they stand; `backlog` marks those."""

    tasks: Tasks
    stands: Stands
    backlog: bool = False

    def __len__(self) -> int:
        """Count them."""
        return len(self.tasks.found.row)

    def take(self, keep: Mask) -> Listed:
        """Keep some of them."""
        tasks = replace(self.tasks, found=self.tasks.found.take(keep))
        return Listed(tasks, self.stands.take(keep), self.backlog)

    def still(self) -> Listed:
        """Keep what is neither ended nor expired."""
        return self.take(np.isin(self.stands.status, _LISTED))


def listed(schedule: Schedule, window: Window) -> Iterator[Listed]:
    """Yield what the window holds, and the backlog, activity by activity."""
    for each in schedule.assignments:
        yield _of_window(each, schedule, window)
        if each.planned.plan == UNGRADED:
            yield _left_over(each, schedule, window.low).still()
    yield from _first_undated(
        [_stood(each, schedule).still() for each in undated(schedule)], schedule
    )


def _of_window(each: Assignment, schedule: Schedule, window: Window) -> Listed:
    """List what is due in the window, and what is overdue wherever it was due.

    What plan `ungraded` had before the window is its backlog.
    """
    spans = _spans(each, schedule, window)
    found = _found(each, schedule, spans).still()
    due, overdue = found.stands.due, found.stands.status == OVERDUE
    if each.planned.plan == UNGRADED:
        overdue &= due >= window.low
    return found.take(((due >= window.low) & (due <= window.high)) | overdue)


def _spans(each: Assignment, schedule: Schedule, window: Window) -> list[Span]:
    """Give the stretches of days in which listed tasks can be due: the window, and around it."""
    standing, size = schedule.standing, len(schedule.accounts)
    never_expires = each.planned.plan == UNGRADED
    first = standing.tracking if never_expires else max(standing.tracking, standing.oldest)
    stretches = [(window.low, window.high)]
    if not np.isnat(standing.tracking):
        yesterday = schedule.as_of - 1
        after = max(first, window.high + 1), yesterday
        before = first, min(yesterday, window.low - 1)
        stretches += [after] if never_expires else [before, after]
    return [
        Span(np.broadcast_to(low, size), np.broadcast_to(high, size))
        for low, high in _merged([each for each in stretches if each[0] <= each[1]])
    ]


def _merged(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Make one of stretches of days that follow each other."""
    merged: list[_Stretch] = []
    for low, high in sorted(stretches):
        if merged and merged[-1][1] + 1 == low:
            merged[-1] = merged[-1][0], high
        else:
            merged.append((low, high))
    return merged


def _found(each: Assignment, schedule: Schedule, spans: Sequence[Span]) -> Listed:
    """Find tasks by their own days, less those that were put off, and these by their ids."""
    own = occurrences(each, schedule.dating, spans[0])
    for span in spans[1:]:
        own = own.joined(occurrences(each, schedule.dating, span))
    here = _stood(Tasks(each, own), schedule)
    here = here.take(here.stands.due == own.due)
    away = put_off(each, schedule)
    both = here.tasks.found.joined(away.tasks.found)
    return Listed(Tasks(each, both), here.stands.joined(away.stands))


def _stood(tasks: Tasks, schedule: Schedule) -> Listed:
    return Listed(tasks, schedule.standing.of(tasks, in_list=True))


def put_off(each: Assignment, schedule: Schedule) -> Listed:
    """Find the tasks of an activity that come back later than they were due."""
    nothing = Occurrences.none()
    row, key, repeat = schedule.standing.closings.lines(Tasks(each, nothing)).snoozed()
    if not len(row):
        return Listed(Tasks(each, nothing), Stands(nothing.row, nothing.due))
    theirs = np.isin(row, each.rows)
    row, key, repeat = row[theirs], key[theirs], repeat[theirs]
    activity = each.planned.activity
    if activity.due.anchor in OF_TERMS:  # of a term that was moved, the months around it
        row, repeat = np.tile(row, 3), np.tile(repeat, 3)
        key = np.concatenate([key, key - 1, key + 1])
    once = parts(np.unique(numbered(row, key, repeat)))
    found = occurrences_named(activity, Named(*once), schedule.dating)
    there = _stood(Tasks(each, found), schedule)
    return there.take(there.stands.due > found.due)


def _left_over(each: Assignment, schedule: Schedule, low: np.datetime64) -> Listed:
    """Find the last task of each account dated before the window, a day put off to counting."""
    away = put_off(each, schedule)
    moved = np.isin(each.rows, away.tasks.found.row)
    plain = replace(each, rows=each.rows[~moved], order=each.order[~moved])
    quick = _stood(Tasks(each, last_before(plain, schedule.dating, low)), schedule)
    others = replace(each, rows=each.rows[moved], order=each.order[moved])
    size = len(schedule.accounts)
    past = Span(np.full(size, FAR_PAST), np.full(size, low - 1))
    slow = _found(others, schedule, [past])
    slow = slow.take(slow.stands.due < low)
    slow = slow.take(_last_of_each(slow.tasks.found, slow.stands.due))
    both = Tasks(each, quick.tasks.found.joined(slow.tasks.found))
    return Listed(both, quick.stands.joined(slow.stands), backlog=True)


def last_before(assignment: Assignment, dating: Dating, low: np.datetime64) -> Occurrences:
    """Find the last occurrence of each account that is due before `low`.

    A stretch that holds one whenever the repeats still go on is looked at first; only the accounts
    without any there are looked at from the beginning.
    """
    activity, business = assignment.planned.activity, dating.business
    stretch = business.reach(activity.due.offset) + 2 * business.longest_roll
    stretch += business.reach(activity.every) if activity.every else 0
    high = np.full(len(dating.terms.origin), low) - 1
    near = high - (dating.terms.months * LONGEST_MONTH + stretch).astype("m8[D]")
    recent = occurrences(assignment, dating, Span(near, high))
    quiet = ~np.isin(assignment.rows, recent.row)
    others = replace(assignment, rows=assignment.rows[quiet], order=assignment.order[quiet])
    older = occurrences(others, dating, Span(np.full(len(high), FAR_PAST), high))
    found = recent.joined(older)
    return found.take(_last_of_each(found, found.due))


def _last_of_each(found: Occurrences, due: npt.NDArray[np.datetime64]) -> Mask:
    """Mark the last task of each account by its day, then by its id."""
    order = np.lexsort((found.repeat, found.key, due, found.row))
    last = np.append(found.row[order][1:] != found.row[order][:-1], True)[: len(order)]
    marked = np.zeros(len(order), bool)
    marked[order[last]] = True
    return marked


def _first_undated(found: Sequence[Listed], schedule: Schedule) -> Iterator[Listed]:
    """Keep of each account the first activity in its plan that a person does."""
    roles = schedule.policy.roles
    manual = [each for each in found if not roles[each.tasks.activity.role].automated]
    if not manual:
        return
    rows = np.concatenate([each.tasks.found.row for each in manual])
    orders = [
        each.tasks.assignment.order[np.isin(each.tasks.assignment.rows, each.tasks.found.row)]
        for each in manual
    ]
    first = np.full(int(rows.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, rows, np.concatenate(orders))
    for each, order in zip(manual, orders, strict=True):
        yield replace(each.take(order == first[each.tasks.found.row]), backlog=True)
