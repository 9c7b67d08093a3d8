"""Accounts that lead one life: the same plan, dates and lacks, and nobody said anything of them.

In: a schedule. Out: the number of each account's life, and the schedule of one account of each.
Per account. Two accounts of one life have the same tasks on the same days, and these stand alike:
what the tasks of one are is worked out, and the others are given copies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.alike import numbered_alike
from csprio.decide.columns import NONE
from csprio.rules import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from csprio.decide.calendar import Schedule
    from csprio.decide.plans import Assignment

    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int64]

_BITS = 31  # activities whose holders are marked in one number


@dataclass(frozen=True)
class Lives:
    """`number` is the life of each account, -1 without activities; `first` an account of each."""

    number: Ints
    first: Rows

    def __len__(self) -> int:
        """Count the lives."""
        return len(self.first)

    def one_each(self, schedule: Schedule) -> Schedule:
        """Keep of every life its first account."""
        kept = np.zeros(len(self.number), bool)
        kept[self.first] = True
        given = schedule.assignments
        held = {id(rows): np.flatnonzero(kept[rows]) for rows in _distinct(given)}
        ones = [_only(each, held[id(each.rows)]) for each in given]
        return replace(schedule, assignments=ones)


def lives_of(schedule: Schedule) -> Lives:
    """Find which accounts lead one life; an account that the journal tells of has its own."""
    plans = list(_plans(schedule.assignments, len(schedule.accounts)))
    planned = np.flatnonzero(np.any(plans, axis=0))
    columns = (*plans, *_dates(schedule), *_others(schedule))
    number, first = numbered_alike(each[planned] for each in columns)
    lives = np.full(len(schedule.accounts), NONE, np.int64)
    lives[planned] = number
    return Lives(lives, planned[first])


def _distinct(assignments: Sequence[Assignment]) -> list[Rows]:
    """Give the accounts of all activities; many activities share one array of them."""
    return list({id(each.rows): each.rows for each in assignments}.values())


def _only(assignment: Assignment, at: Ints) -> Assignment:
    return replace(assignment, rows=assignment.rows[at], order=assignment.order[at])


def _plans(assignments: Sequence[Assignment], size: int) -> Iterator[Ints]:
    """Mark who has which activity at which place of the plan, many of them in one number.

    Activities that the very same accounts have, each at one place in all plans, need one mark.
    """
    marks, used, marked = np.zeros(size, np.int64), 0, set()
    for each in assignments:
        places = np.flatnonzero(np.bincount(each.order)).tolist()
        if len(places) == 1 and id(each.rows) in marked:
            continue
        marked.add(id(each.rows))
        for place in places:
            if used == _BITS:
                yield marks
                marks, used = np.zeros(size, np.int64), 0
            marks[each.rows[each.order == place]] |= 1 << used
            used += 1
    yield marks


def _dates(schedule: Schedule) -> Iterator[Ints]:
    """Give what the dates of the plans' activities depend on, besides what is logged."""
    dating, terms = schedule.dating, schedule.dating.terms
    yield from (terms.origin.astype(np.int64), terms.months, terms.start.astype(np.int64))
    anchors = {each.planned.activity.due.anchor for each in schedule.assignments}
    if Anchor.NOTICE in anchors:
        yield dating.notice_days
    if Anchor.GRADED in anchors:
        yield dating.graded.astype(np.int64)


def _others(schedule: Schedule) -> Iterator[Ints]:
    """Give what keeps accounts ungraded, and a number of its own to each that is told of."""
    lacks = schedule.missing.dictionary_encode().indices.fill_null(NONE)
    yield lacks.to_numpy(zero_copy_only=False).astype(np.int64)
    told = schedule.standing.told.copy()
    told[schedule.dating.events.row] = True
    yield np.where(told, np.arange(len(told)) + 1, 0)
