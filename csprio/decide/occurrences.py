"""The dated occurrences of one activity for the accounts that get it.

In: an assignment, the terms, the anchors' dates, and which occurrences are asked for. Out: arrays,
one entry an occurrence. Per account. Rows are expanded once (account x term x repeat), then dated
in one go; only what can fall into the span asked for is expanded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from csprio.decide.dates import (
    LONGEST_MONTH,
    NEVER,
    SHORTEST_MONTH,
    WEEK,
    BusinessDays,
    day,
)
from csprio.decide.within import can_be_due, terms_within
from csprio.journal import CHURNED
from csprio.rules import Activity, Anchor, Due, Offset, Roll, Unit

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.dates import Days, Ints
    from csprio.decide.plans import Assignment
    from csprio.decide.terms import Terms

    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

OF_TERMS = (Anchor.TERM, Anchor.RENEWAL, Anchor.NOTICE)
FAR_PAST = np.datetime64("1900-01-01")
DAYS_AT_MOST = 1 << 20  # days from 1970 to any event, and many more


@dataclass(frozen=True)
class Events:
    """Dated events of accounts, one entry each: account row, name (without case), day.

    `heard` tells those that no person told, but a row of a source.
    """

    row: Rows
    name: npt.NDArray[np.str_]
    day: Days
    heard: Mask


@dataclass(frozen=True)
class Dating:
    """All that dates depend on: `notice_days` is -1 where there is none, `graded` NaT."""

    terms: Terms
    notice_days: Ints
    graded: Days
    events: Events
    business: BusinessDays


@dataclass(frozen=True)
class Span:
    """What is asked for, an entry an account: due dates from `low` to `high`, both in.

    With `current_term` the occurrences of the current term are asked for whatever their date, and
    the span bounds only those of the anchors `start`, `graded` and `event`.
    """

    low: Days
    high: Days
    current_term: bool = False


@dataclass(frozen=True)
class Named:
    """What task ids of an activity say: account row, month or day as a number, repeat from 1."""

    row: Rows
    key: Ints
    repeat: Ints


@dataclass(frozen=True)
class Occurrences:
    """One entry an occurrence: account row, due, anchor's day, key of the id, repeat from 1."""

    row: Rows
    due: Days
    anchor: Days
    key: Days
    repeat: Rows

    @classmethod
    def none(cls) -> Occurrences:
        """Give no occurrence at all."""
        rows, days = np.empty(0, np.int64), np.empty(0, "M8[D]")
        return cls(rows, days, days, days, rows)

    @property
    def arrays(self) -> tuple[npt.NDArray[Any], ...]:
        """The five arrays, in the order declared."""
        return (self.row, self.due, self.anchor, self.key, self.repeat)

    def take(self, keep: Mask | Rows) -> Occurrences:
        """Keep the entries that a mask or their numbers pick."""
        return Occurrences(*(each[keep] for each in self.arrays))

    def joined(self, others: Occurrences) -> Occurrences:
        """Put others behind these."""
        pairs = zip(self.arrays, others.arrays, strict=True)
        return Occurrences(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class Traced:
    """Occurrences with how they came to their day: one entry each, those not planned too.

    `written` is the date before rolling, `until` the day before which repeats stay and `end` the
    end of the term (NaT where nothing bounds them). `planned` tells that no bound is in the way,
    `again` that the repeat before it falls on the same day, `asked` that it is in the span.
    """

    found: Occurrences
    written: Days
    until: Days
    end: Days
    planned: Mask
    again: Mask
    asked: Mask

    @property
    def kept(self) -> Mask:
        """Tell which of them are tasks that were asked for."""
        return self.planned & ~self.again & self.asked


@dataclass(frozen=True)
class _Anchors:
    """Instances of an anchor: account row, day, the term's end (NaT: none), key of the task id."""

    row: Rows
    day: Days
    end: Days
    key: Days

    def take(self, keep: Mask | Rows) -> _Anchors:
        return _Anchors(self.row[keep], self.day[keep], self.end[keep], self.key[keep])


def occurrences(assignment: Assignment, dating: Dating, span: Span) -> Occurrences:
    """Date an activity for its accounts, within the span asked for."""
    trace = traced(assignment, dating, span)
    return trace.found.take(trace.kept)


def traced(assignment: Assignment, dating: Dating, span: Span) -> Traced:
    """Date an activity for its accounts; what is near the span and not planned is there too."""
    activity = assignment.planned.activity
    anchors = _anchors(activity, assignment.rows, dating, span)
    instance, repeat, written = _repeats(activity, anchors, dating, span)
    trace = _planned(activity, anchors, instance, repeat, written, dating)
    if span.current_term and activity.due.anchor in OF_TERMS:
        return trace
    row, due = trace.found.row, trace.found.due
    return replace(trace, asked=(due >= span.low[row]) & (due <= span.high[row]))


def occurrences_named(activity: Activity, named: Named, dating: Dating) -> Occurrences:
    """Date the occurrences that task ids name; those that do not exist are left out."""
    anchors, repeat = _anchors_named(activity, named, dating)
    repeats = 1 if activity.every is None else activity.times or repeat.max(initial=0)
    within = (repeat >= 1) & (repeat <= repeats)
    anchors, last = anchors.take(within), repeat[within] - 1
    # With the repeat before each, so that one that rolls onto the same day is not kept.
    instance, number = _expanded(np.maximum(last - 1, 0), last)
    written = _dated(activity, anchors.day[instance], number, dating)
    trace = _planned(activity, anchors, instance, number, written, dating)
    return trace.found.take(trace.kept & (number == last[instance]))


def _planned(  # noqa: PLR0913, PLR0917 - an occurrence's parts
    activity: Activity,
    anchors: _Anchors,
    instance: Rows,
    repeat: Ints,
    written: Days,
    dating: Dating,
) -> Traced:
    """Roll dates as written, and tell which of the occurrences are planned at all."""
    anchors = anchors.take(instance)
    until = _until(activity, anchors, dating)
    due, planned = _rolled(activity, anchors, written, until, dating)
    found = Occurrences(anchors.row, due, anchors.day, anchors.key, repeat + 1)
    again, asked = _same_day_as_before(instance, due), np.ones(len(due), bool)
    return Traced(found, written, until, anchors.end, planned, again, asked)


def _anchors_named(activity: Activity, named: Named, dating: Dating) -> tuple[_Anchors, Ints]:
    """Find the instances of an anchor that task ids name, and the repeats named."""
    anchor, terms = activity.due.anchor, dating.terms
    if anchor in OF_TERMS:
        number, begins = terms.beginning_in(named.row, named.key)
        begins &= (dating.notice_days[named.row] >= 0) | (anchor is not Anchor.NOTICE)
        return _term_instances(anchor, named.row[begins], number[begins], dating), (
            named.repeat[begins]
        )
    if anchor is Anchor.EVENT:
        every = _event_anchors(activity.due.event, named.row, dating.events)
        known = every.row * DAYS_AT_MOST + every.key.astype(np.int64)
        there = np.isin(named.row * DAYS_AT_MOST + named.key, known)
        days = named.key.astype("M8[D]")
    elif anchor is Anchor.START:
        days = terms.start[named.row]
        there = ~np.isnat(days)
    else:
        days = dating.graded[named.row]
        there = days == named.key.astype("M8[D]")
    none = np.full(len(days), NEVER)
    return _Anchors(named.row, days, none, days).take(there), named.repeat[there]


def _anchors(activity: Activity, rows: Rows, dating: Dating, span: Span) -> _Anchors:
    anchor = activity.due.anchor
    if anchor in OF_TERMS:
        return _term_anchors(activity, rows, dating, span)
    if anchor is Anchor.EVENT:
        return _event_anchors(activity.due.event, rows, dating.events)
    days = (dating.terms.start if anchor is Anchor.START else dating.graded)[rows]
    none = np.full(len(rows), NEVER)
    return _Anchors(rows, days, none, days).take(~np.isnat(days))


def _event_anchors(name: str, rows: Rows, events: Events) -> _Anchors:
    """Find the events an activity listens to; several of one name on a day are one."""
    wanted = np.isin(events.row, rows)
    logged = (events.name != CHURNED) & ~events.heard
    wanted &= logged if name == "any" else events.name == name.casefold()
    day = events.day[wanted].astype(np.int64)
    each = np.unique(events.row[wanted] * DAYS_AT_MOST + day)
    row, days = each // DAYS_AT_MOST, (each % DAYS_AT_MOST).astype("M8[D]")
    return _Anchors(row, days, np.full(len(row), NEVER), days)


def _term_anchors(activity: Activity, rows: Rows, dating: Dating, span: Span) -> _Anchors:
    """Expand the terms of each account whose occurrences can fall into the span."""
    terms, anchor = dating.terms, activity.due.anchor
    rows = rows[terms.exist[rows]]
    if anchor is Anchor.NOTICE:
        rows = rows[dating.notice_days[rows] >= 0]
    if span.current_term:
        first = last = terms.current[rows]
    else:
        if activity.every is None:
            rows = rows[can_be_due(activity, rows, dating, span)]
        first, last = terms_within(activity, rows, dating, span)
    which, number = _expanded(first, last)
    return _term_instances(anchor, rows[which], number, dating)


def _term_instances(anchor: Anchor, rows: Rows, number: Ints, dating: Dating) -> _Anchors:
    """Give the anchor's day in terms by number."""
    terms = dating.terms
    end, key = terms.end(rows, number), terms.boundary(rows, number)
    days = end
    if anchor is Anchor.TERM:
        days = terms.cut(rows, number, key)
    elif anchor is Anchor.NOTICE:
        days = end - dating.notice_days[rows].astype("m8[D]")
    return _Anchors(rows, days, end, key)


def _expanded(first: Ints, last: Ints) -> tuple[Rows, Ints]:
    """Expand ranges `first..last` (both in) into pairs of range number and value."""
    count = np.maximum(last - first + 1, 0)
    which = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return which, first[which] + step


def _repeats(
    activity: Activity, anchors: _Anchors, dating: Dating, span: Span
) -> tuple[Rows, Ints, Days]:
    """Expand each anchor into its repeats: anchor number, repeat from 0, date before rolling."""
    nothing = np.zeros(len(anchors.row), np.int64)
    if activity.every is None:
        return np.arange(len(nothing)), nothing, _dated(activity, anchors.day, nothing, dating)
    base = _dated(activity, anchors.day, nothing, dating)
    roll = dating.business.longest_roll + 1
    unbounded = span.current_term and activity.due.anchor in OF_TERMS
    low = np.where(unbounded, base, span.low[anchors.row] - roll)
    stop = np.where(unbounded, anchors.end, span.high[anchors.row] + roll)
    until = _until(activity, anchors, dating)
    stop = np.where(np.isnat(until), stop, np.minimum(stop, until))
    shortest, longest, extra = _pace(activity.every, dating.business)
    behind = np.maximum((low - base).astype(np.int64) - extra, 0)
    ahead = (stop - base).astype(np.int64)
    first, last = behind // longest, np.where(ahead < 0, -1, ahead // shortest)
    if activity.times is not None:
        last = np.minimum(last, activity.times - 1)
    which, repeat = _expanded(first, last)
    return which, repeat, _dated(activity, anchors.day[which], repeat, dating)


def _pace(every: Offset, business: BusinessDays) -> tuple[int, int, int]:
    """Bound the days of one interval from below and above, and days that no interval explains.

    Twelve months are at least 365 days, and a business day at most a week; holidays and month ends
    come on top, once for the whole stretch.
    """
    if every.unit is Unit.DAYS:
        return every.count, every.count, 0
    if every.unit is Unit.MONTHS:
        return every.count * SHORTEST_MONTH, every.count * LONGEST_MONTH, LONGEST_MONTH
    slack = (len(business.days_off.holidays) + 2) * WEEK
    return every.count, every.count * WEEK, slack


def _dated(activity: Activity, anchor: Days, repeat: Ints, dating: Dating) -> Days:
    """Date repeats before rolling: months are added up and applied once, else offset first."""
    offset, every, business = activity.due.offset, activity.every, dating.business
    if every is not None and offset.unit is every.unit is Unit.MONTHS:
        return business.shift(anchor, offset.count + repeat * every.count, Unit.MONTHS)
    begun = business.shift(anchor, offset.count, offset.unit, backward=offset.backward)
    if every is None:
        return begun
    moved = business.shift(begun, repeat * every.count, every.unit)
    return np.where(repeat == 0, begun, moved)


def _until(activity: Activity, anchors: _Anchors, dating: Dating) -> Days:
    """Find the day before which the repeats of each anchor stay, NaT where nothing bounds them."""
    match activity.until:
        case date() as fixed:
            return np.full(len(anchors.row), day(fixed))
        case Due() as due:
            own = due.anchor is activity.due.anchor
            start = anchors.day if own else _renewal_after(anchors, dating.terms)
            offset = due.offset
            return dating.business.shift(start, offset.count, offset.unit, backward=offset.backward)
        case _:
            return np.full(len(anchors.row), NEVER)


def _renewal_after(anchors: _Anchors, terms: Terms) -> Days:
    """Find the end of the term that each anchor lies in; NaT where it lies in none."""
    number = terms.holding(anchors.row, anchors.day)
    end = np.where(np.isnat(anchors.end), terms.end(anchors.row, number), anchors.end)
    return np.where(anchors.day < terms.first_day(anchors.row, number), NEVER, end)


def _rolled(
    activity: Activity, anchors: _Anchors, written: Days, until: Days, dating: Dating
) -> tuple[Days, Mask]:
    """Apply what is not planned, what is due on start_date, and the roll; returns days and mask."""
    anchor, business = activity.due.anchor, dating.business
    planned = np.isnat(until) | (written < until)
    if anchor is Anchor.TERM:
        planned &= written < anchors.end
    due = business.roll(written, activity.roll)
    if anchor in {Anchor.RENEWAL, Anchor.NOTICE}:
        start = dating.terms.start[anchors.row]
        due = np.where(written < start, business.roll(start, Roll.NEXT), due)
        written = np.where(written < start, start, written)
    for limit, binds in ((until, True), (anchors.end, anchor in {Anchor.TERM, Anchor.RENEWAL})):
        if binds:
            late = (due > limit) & (written <= limit)
            due = np.where(late, business.roll(written, Roll.PREVIOUS), due)
    return due, planned


def _same_day_as_before(instance: Rows, due: Days) -> Mask:
    """Tell which repeats fall on the day of the repeat before them."""
    same = np.zeros(len(due), bool)
    same[1:] = (instance[1:] == instance[:-1]) & (due[1:] == due[:-1])
    return same
