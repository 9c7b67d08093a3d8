"""How tasks stand on the day asked about: ended, snoozed, overdue, expired, open.

In: tasks with their own due days; what the journal says of them and of their accounts. Out: a
status and the day they are due after all. Per account, but for the day on which tracking began,
which is the whole journal's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.closings import DONE, SKIPPED, SNOOZED
from csprio.decide.plans import UNGRADED
from csprio.journal import GRADINGS, RENEWED
from csprio.rules import Anchor

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from csprio.decide.calendar import Tasks
    from csprio.decide.closings import Closings
    from csprio.decide.dates import Days, Ints
    from csprio.decide.memory import Memory
    from csprio.decide.terms import Terms

    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

STATUSES = ("done", "skipped", "undated", "snoozed", "overdue", "expired", "open")
_DONE, _SKIPPED, _UNDATED, _SNOOZED, _OVERDUE, _EXPIRED, _OPEN = range(len(STATUSES))
LISTED = (_UNDATED, _OVERDUE, _OPEN)
OVERDUE = _OVERDUE
MOTION = "motion"
EARLY = np.timedelta64(14, "D")  # how long before its due day an entry ends an activity
ENDS_WITH = {
    "grade": GRADINGS,
    MOTION: (MOTION,),
    "review": ("review",),
    "touch": ("touch",),
}
_DAYS = 18  # bits of a day since 1970


@dataclass(frozen=True)
class Stands:
    """How tasks stand: the number of their status, the day on which they are due after all."""

    status: Ints
    due: Days

    def take(self, keep: Mask) -> Stands:
        """Keep some of them."""
        return Stands(self.status[keep], self.due[keep])

    def joined(self, others: Stands) -> Stands:
        """Put others behind these."""
        return Stands(
            np.concatenate([self.status, others.status]), np.concatenate([self.due, others.due])
        )


@dataclass(frozen=True)
class Changed:
    """The last day whose entries changed each account's tier, and what its plan had before.

    `had` says of an activity's id which accounts' earlier plan had it.
    """

    day: Days
    had: Mapping[str, Mask]


class Standing:
    """Tells how tasks stand, from the memory of the journal."""

    def __init__(
        self, memory: Memory, terms: Terms, closings: Closings, changed: Changed, expires: int
    ) -> None:
        """Take what the whole question shares."""
        self.as_of, self._memory, self._terms, self._changed = memory.as_of, memory, terms, changed
        self.closings = closings
        self.tracking = memory.tracking
        self.oldest = memory.as_of - np.timedelta64(expires, "D")
        self._last_days: dict[str, Days] = {}

    @property
    def told(self) -> Mask:
        """Tell which accounts the journal has an entry about."""
        return np.diff(self._memory.now.end, prepend=0) > 0

    def of(self, tasks: Tasks, *, in_list: bool = False) -> Stands:
        """Tell the first status that holds.

        In a list a snoozed task stands as on the day it comes back: it is never `snoozed` there.
        """
        said = self.closings.of(tasks)
        own = tasks.found.due
        back = (said.kind == SNOOZED) & (said.until > own)
        due = np.where(back, said.until, own)
        ended = self.ended_by_entry(tasks) | self.ended_by_renewal(tasks)
        done = (said.kind == DONE) | ((said.kind != SKIPPED) & ended)
        first = [
            (done, _DONE),
            (said.kind == SKIPPED, _SKIPPED),
            (np.full(len(own), tasks.undated), _UNDATED),
            (back & (due > self.as_of) & (not in_list), _SNOOZED),
            (self._overdue(tasks, due), _OVERDUE),
            (self.too_old(tasks, due), _EXPIRED),
        ]
        status = np.select([each for each, _ in first], [code for _, code in first], _OPEN)
        return Stands(status, due)

    def _overdue(self, tasks: Tasks, due: Days) -> Mask:
        late = (due < self.as_of) & (due >= self.tracking)
        return late & ~self.before_change(tasks, due) & ~self.too_old(tasks, due)

    def too_old(self, tasks: Tasks, due: Days) -> Mask:
        """Tell which tasks are due too long ago; those of plan `ungraded` never are."""
        return (due < self.oldest) & (tasks.assignment.planned.plan != UNGRADED)

    def before_change(self, tasks: Tasks, due: Days) -> Mask:
        """Tell which tasks are due before a change of tier that brought their activity."""
        row = tasks.found.row
        had = self._changed.had.get(tasks.activity.id)
        before: Mask = due < self._changed.day[row]
        return before if had is None else before & ~had[row]

    def changed(self, row: int) -> np.datetime64:
        """Give the last day whose entries changed an account's tier, NaT for none."""
        day: np.datetime64 = self._changed.day[row]
        return day

    def ended_by_entry(self, tasks: Tasks) -> Mask:
        """Tell which tasks an entry of their activity's `ends_with` ended."""
        found, activity = tasks.found, tasks.activity
        if tasks.undated or not activity.ends_with:
            return np.zeros(len(found.row), bool)
        last = self._last(activity.ends_with)[found.row]
        ended: Mask = last >= self.ends_from(tasks)
        if activity.due.anchor is Anchor.GRADED and activity.ends_with != MOTION:
            ended &= last > found.anchor
        return ended

    def ended_by_renewal(self, tasks: Tasks) -> Mask:
        """Tell which tasks ended as their term was renewed."""
        found = tasks.found
        if tasks.undated or tasks.activity.due.anchor not in {Anchor.RENEWAL, Anchor.NOTICE}:
            return np.zeros(len(found.row), bool)
        return np.isin(_numbered(found.row, found.key), self._renewed)

    def ends_from(self, tasks: Tasks) -> Days:
        """Give the first day on which an entry ends each task."""
        found = tasks.found
        if tasks.activity.ends_with == MOTION:
            return found.anchor
        early = found.due - EARLY
        return np.maximum(early, found.anchor) if _forward(tasks) else early

    def _last(self, ends_with: str) -> Days:
        if ends_with not in self._last_days:
            self._last_days[ends_with] = self._memory.last_day(*ENDS_WITH[ends_with])
        return self._last_days[ends_with]

    @cached_property
    def _renewed(self) -> Ints:
        _, row, boundary = self.renewals
        return _numbered(row, boundary)

    @cached_property
    def renewals(self) -> tuple[Ints, Rows, Days]:
        """The places of renewals, their accounts, and the first boundary of the term renewed.

        That is the term whose end is nearest to the renewal's day.
        """
        track, _ = self._memory.named(RENEWED)
        terms = self._terms
        known = terms.exist[track.row]
        row, day = track.row[known], track.day[known]
        holding = terms.holding(row, day)
        before = np.maximum(holding - 1, terms.first[row])
        sooner = day - terms.end(row, before) <= terms.end(row, holding) - day
        number = np.where(sooner, before, holding)
        return track.at[known], row, terms.boundary(row, number)


def _forward(tasks: Tasks) -> bool:
    """Tell whether an activity is due on its anchor or after it."""
    return tasks.activity.due.offset.count >= 0


def _numbered(row: Rows, day: Days) -> Ints:
    return (row << _DAYS) | day.astype(np.int64)
