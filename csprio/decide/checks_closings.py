"""Closings that name no task of their account, so that they are not counted.

In: the schedule, the memory of the journal, the closings. Out: findings about entries. Per account,
but for activities that no plan knows, which are reported once.

An id is judged by what the policy says now of its activity, in whichever plan: an account that was
moved to another tier has not forgotten what it had before. What was logged before the account's
current term began is let be: dates and playbooks change, and those tasks are over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from csprio.decide.calendar import UNDATED_ANCHORS, Tasks, task_ids
from csprio.decide.checks_policy import YEAR, activities
from csprio.decide.closings import LETTERS, UNDATED, keys_of_tasks, numbered, parts
from csprio.decide.columns import codes_of
from csprio.decide.dates import NEVER, add_months, days_of
from csprio.decide.occurrences import (
    DAYS_AT_MOST,
    FAR_PAST,
    OF_TERMS,
    Dating,
    Events,
    Named,
    Occurrences,
    Span,
    occurrences,
    occurrences_named,
)
from csprio.decide.plans import Assignment, Planned
from csprio.decide.terms import Terms
from csprio.decide.wanted import many, meant
from csprio.journal import CLOSINGS, GRADINGS
from csprio.problems import EntryFinding
from csprio.rules import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from csprio.decide.calendar import Schedule
    from csprio.decide.closings import Closings
    from csprio.decide.dates import Days, Ints
    from csprio.decide.memory import Memory
    from csprio.rules import Activity

    Mask = npt.NDArray[np.bool_]

_NOBODY = np.empty(0, np.int64)
_MID_MONTH = 14
_COPY = "copy it from the column task_id of a worklist or a calendar"


class _Lost(NamedTuple):
    """Tasks that do not exist: account row, the day that the id names, repeat, place of the entry.

    An id that names no day stands for the day on which it was written.
    """

    row: Ints
    day: Days
    repeat: Ints
    at: Ints


def lost_closings(
    schedule: Schedule, memory: Memory, closings: Closings, asked: Mask
) -> Iterator[EntryFinding]:
    """Find the tasks that the journal names and no account has, each at its deciding line."""
    judge = _Judge(schedule, memory)
    track, since = memory.track(*CLOSINGS), _since(schedule)
    for name, letter, lines in closings.groups():
        row = track.row[np.searchsorted(track.at, lines.at)]
        written = memory.day_at(lines.at)
        lost = asked[row] & (written >= since[row])
        can_be = lines.number >= 0
        key, repeat = (np.where(can_be, each, 1) for each in parts(lines.number)[1:])
        if name in judge.activities:
            ask = lost & can_be
            named = Named(row[ask], key[ask], repeat[ask])
            lost[ask] = ~judge.there(name, letter, named)
        day = np.where(can_be, _day_named(letter, key, written), written)
        found = _Lost(row[lost], day[lost], repeat[lost], lines.at[lost])
        if not len(found.at):
            continue
        if name in judge.activities:
            yield from judge.no_task(name, found)
        else:
            yield judge.no_activity(name, found)


def _since(schedule: Schedule) -> Days:
    """Give the first day of each account's current term; without terms the day a year ago."""
    terms = schedule.dating.terms
    rows = np.arange(len(terms.origin))
    ago = add_months(np.full(len(rows), schedule.as_of), -YEAR)
    return np.where(terms.exist, terms.first_day(rows, terms.current), ago)


def _day_named(letter: str, key: Ints, written: Days) -> Days:
    """Give the day that ids name: of a month the middle, else the day they were written."""
    if letter == LETTERS[Anchor.TERM]:
        return key.astype("M8[M]").astype("M8[D]") + _MID_MONTH
    dated = letter in {LETTERS[Anchor.EVENT], LETTERS[Anchor.GRADED]}
    return key.astype("M8[D]") if dated else written


class _Judge:
    """Tells which tasks there are, and which are near to one that is not."""

    def __init__(self, schedule: Schedule, memory: Memory) -> None:
        """Gather the activities of all plans by their ids."""
        self._schedule, self._memory = schedule, memory
        self.activities: dict[str, list[tuple[Activity, str]]] = {}
        for activity, account in activities(schedule.policy):
            self.activities.setdefault(activity.id, []).append((activity, account))
        self._owners = sorted({own.account for own in schedule.policy.own_plans})
        self._own = codes_of(schedule.accounts["account_id"], self._owners)

    def there(self, name: str, letter: str, named: Named) -> Mask:
        """Tell which tasks there are, by any plan's activity of that id."""
        there = np.zeros(len(named.row), bool)
        for activity, account in self.activities[name]:
            ask = ~there
            if account:
                ask &= self._own[named.row] == self._owners.index(account)
            asked = Named(named.row[ask], named.key[ask], named.repeat[ask])
            there[ask] = self._exist(activity, letter, asked)
        return there

    def _exist(self, activity: Activity, letter: str, named: Named) -> Mask:
        anchor, terms = activity.due.anchor, self._schedule.dating.terms
        if letter == UNDATED:
            return ~terms.exist[named.row] & (anchor in UNDATED_ANCHORS)
        if LETTERS[anchor] != letter:
            return np.zeros(len(named.row), bool)
        if anchor is Anchor.GRADED:
            each = np.arange(len(named.row))
            as_then = _as_if_graded(self._schedule.dating, named)
            then = _found(activity, replace(named, row=each), as_then)
            return then & self._graded_on(named)
        there = _found(activity, named, self._schedule.dating)
        for step in (-1, 1) if anchor in OF_TERMS else ():  # a term that was moved by a month
            apart = ~there & (terms.months[named.row] > 1)
            moved = Named(named.row[apart], named.key[apart] + step, named.repeat[apart])
            there[apart] = _found(activity, moved, self._schedule.dating)
        return there

    def _graded_on(self, named: Named) -> Mask:
        """Tell on which days an account may have been graded: what the CRM had once is unknown."""
        dating, memory = self._schedule.dating, self._memory
        day = named.key.astype("M8[D]")
        crm = days_of(self._schedule.accounts["graded_on"])[named.row]
        track = memory.track(*GRADINGS)
        entries = track.row * DAYS_AT_MOST + track.day.astype(np.int64)
        logged = np.isin(named.row * DAYS_AT_MOST + named.key, entries)
        return np.asarray((day <= crm) | (day == dating.terms.start[named.row]) | logged)

    def no_task(self, name: str, lost: _Lost) -> Iterator[EntryFinding]:
        """Report tasks, with the nearest one that the account has of this activity."""
        near = [""] * len(lost.at)
        has = [it for it in self._schedule.assignments if it.planned.activity.id == name]
        for each in (*self._had(name, lost), *has):
            for at, task in _nearest(each, lost, self._schedule):
                near[at] = task
        keys = self._memory.texts("key", lost.at)
        kinds = self._memory.texts("kind", lost.at)
        for value, kind, task, at in zip(keys, kinds, near, lost.at.tolist(), strict=True):
            hint = f"did you mean `{task}`?" if task else _COPY
            facts = {"value": value, "kind": kind, "hint": hint}
            yield EntryFinding("entry-no-task", self._memory.number_at(at), "key", facts)

    def _had(self, name: str, lost: _Lost) -> Iterator[Assignment]:
        """Assign an activity as any plan has it: in another tier the account may have had it."""
        for activity, account in self.activities[name]:
            rows = np.unique(lost.row)
            if account:
                rows = rows[self._own[rows] == self._owners.index(account)]
            yield Assignment(Planned(activity, ""), rows, np.zeros(len(rows), np.int64))

    def no_activity(self, name: str, lost: _Lost) -> EntryFinding:
        """Report an activity that no plan knows, at the first of its entries."""
        first = min(map(self._memory.number_at, lost.at.tolist()))
        facts = {"activity": name, "entries": many(len(lost.at), "entry", "entries")}
        hint = meant(name, self.activities)
        return EntryFinding("entry-no-activity", first, "key", {**facts, "hint": hint})


def _found(activity: Activity, named: Named, dating: Dating) -> Mask:
    """Tell which of the tasks named the activity has."""
    found = occurrences_named(activity, named, dating)
    nobody = Assignment(Planned(activity, ""), _NOBODY, _NOBODY)
    keys = keys_of_tasks(Tasks(nobody, found))
    wanted = numbered(named.row, named.key, named.repeat)
    return np.isin(wanted, numbered(found.row, keys, found.repeat)) & (wanted >= 0)


def _as_if_graded(dating: Dating, named: Named) -> Dating:
    """Date each task as if its account had been graded last on the day that its id names."""
    terms, row = dating.terms, named.row
    of, months, start = terms.origin[row], terms.months[row], terms.start[row]
    then = Terms(of, months, start, terms.first[row], terms.current[row])
    none = Events(_NOBODY, np.empty(0, np.str_), np.empty(0, "M8[D]"), np.empty(0, bool))
    graded = named.key.astype("M8[D]")
    return Dating(then, dating.notice_days[row], graded, none, dating.business)


def _nearest(each: Assignment, lost: _Lost, schedule: Schedule) -> Iterator[tuple[int, str]]:
    """Find for lost tasks the nearest one of an activity that the account has: number and id."""
    here = np.isin(each.rows, lost.row)
    theirs = replace(each, rows=each.rows[here], order=each.order[here])
    size = len(schedule.accounts)
    ahead = add_months(np.full(size, schedule.as_of), YEAR)
    span = Span(np.full(size, FAR_PAST), ahead, current_term=True)
    for tasks in (
        Tasks(theirs, occurrences(theirs, schedule.dating, span)),
        _undated(theirs, schedule.dating.terms),
    ):
        found = tasks.found
        order = np.argsort(found.row, kind="stable")
        low, high = (
            np.searchsorted(found.row[order], lost.row, side) for side in ("left", "right")
        )
        which = np.repeat(np.arange(len(low)), high - low)
        step = np.arange(len(which)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
        at = order[low[which] + step]
        apart = np.abs((found.key[at] - lost.day[which]).astype(np.int64))
        if tasks.activity.due.anchor is Anchor.START:
            apart[:] = 0
        best = np.lexsort((np.abs(found.repeat[at] - lost.repeat[which]), apart, which))
        best = best[np.append(True, np.diff(which[best]) > 0)[: len(best)]]
        chosen = replace(tasks, found=found.take(at[best]))
        ids = schedule.accounts["account_id"].take(chosen.found.row)
        yield from zip(which[best].tolist(), task_ids(chosen, ids).to_pylist(), strict=True)


def _undated(each: Assignment, terms: Terms) -> Tasks:
    """List the tasks of accounts without any term."""
    may = each.planned.activity.due.anchor in UNDATED_ANCHORS
    rows = each.rows[~terms.exist[each.rows] & may]
    never, nothing = np.full(len(rows), NEVER), np.zeros(len(rows), np.int64)
    return Tasks(each, Occurrences(rows, never, never, never, nothing), undated=True)
