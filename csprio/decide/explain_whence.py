"""What activities count from: where the day of an anchor comes from, or why there is none.

In: the subject, an activity and an anchor's day. Out: words and the place of the cell or of the
entry of the journal. Nothing is dated here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide import why
from csprio.decide.calendar import Tasks
from csprio.decide.explain_plan import as_day, origin_place
from csprio.decide.explain_subject import Step
from csprio.decide.occurrences import FAR_PAST, OF_TERMS, Span, traced
from csprio.journal import CHURNED, GRADINGS
from csprio.rules import Anchor

if TYPE_CHECKING:
    from csprio.decide.explain_subject import Entry, Subject
    from csprio.decide.plans import Assignment
    from csprio.problems import Place
    from csprio.rules import Activity

    _Said = tuple[str, Place]

_FAR_FUTURE = np.datetime64("2500-01-01")


def whence(activity: Activity, anchor: np.datetime64, subject: Subject) -> _Said:
    """Say where the day of an anchor comes from, in words where the place alone says too little."""
    match activity.due.anchor:
        case Anchor.START:
            return "", subject.files.cell("start_date")
        case Anchor.TERM if anchor == subject.schedule.dating.terms.start[subject.row]:
            return "", subject.files.cell("start_date")
        case Anchor.TERM | Anchor.RENEWAL:
            return "", origin_place(subject)
        case Anchor.NOTICE:
            days = subject.cell("notice_days")
            words = f"renewal {anchor + np.timedelta64(days, 'D')} less notice_days {days}"
            return words, subject.files.cell("notice_days")
        case Anchor.GRADED:
            return _graded(anchor, subject)
        case _:
            entry = _heard(activity.due.event, anchor, subject)
            words = f"event {entry.key}" if activity.due.event == "any" else ""
            return words, entry.place


def _graded(anchor: np.datetime64, subject: Subject) -> _Said:
    """Find what graded the account last: an entry, the cell graded_on, else its start."""
    last = subject.last(GRADINGS)
    if last is not None and last.day == anchor.astype(object):
        return f"the last grading, {last.kind} {last.value}", last.place
    if as_day(subject, "graded_on") == anchor:
        return "graded_on", subject.files.cell("graded_on")
    return "never graded, so from start_date", subject.files.cell("start_date")


def _heard(event: str, anchor: np.datetime64, subject: Subject) -> Entry:
    """Find the first entry of a day that an activity listens to."""
    return next(
        each
        for each in subject.entries.values()
        if each.kind == "event"
        and each.day == anchor.astype(object)
        and (
            each.key.casefold() != CHURNED
            if event == "any"
            else each.key.casefold() == event.casefold()
        )
    )


# --- nothing at all -------------------------------------------------------------------------------


def nothing(assigned: Assignment, subject: Subject, span: Span) -> Step:
    """Say why an activity that the account gets has no task in the days asked for."""
    activity = assigned.planned.activity
    words, place = _without_anchor(activity, subject)
    if not words:
        words, place = _elsewhere(assigned, subject, span), activity.place
    return Step("no task", activity.id, "", words, place)


def _without_anchor(activity: Activity, subject: Subject) -> _Said:
    """Say which day is missing to count from; empty where there is one."""
    dating, row, cell = subject.schedule.dating, subject.row, subject.files.cell
    anchor = activity.due.anchor
    if anchor in OF_TERMS and not dating.terms.exist[row]:
        return "no terms: no start_date and no renewal_date", cell("start_date")
    if anchor is Anchor.NOTICE and dating.notice_days[row] < 0:
        return "no notice_days", cell("notice_days")
    if anchor is Anchor.START and np.isnat(dating.terms.start[row]):
        return "no start_date", cell("start_date")
    if anchor is Anchor.GRADED and np.isnat(dating.graded[row]):
        return "never graded, and no start_date", cell("graded_on")
    return "", activity.place


def _elsewhere(assigned: Assignment, subject: Subject, span: Span) -> str:
    """Say where the dates lie that are not asked for: the first of the last anchor."""
    activity, row = assigned.planned.activity, subject.row
    size = len(subject.schedule.accounts)
    ever = Span(np.full(size, FAR_PAST), np.full(size, _FAR_FUTURE), current_term=True)
    first = replace(activity, every=None, times=None)
    once = replace(assigned, planned=replace(assigned.planned, activity=first))
    trace = traced(once, subject.schedule.dating, ever)
    if not len(trace.found.row):
        named = "event" if activity.due.event == "any" else f"`event {activity.due.event}`"
        return f"no {named} up to {subject.schedule.as_of}"
    counted = why.rule(Tasks(once, trace.found), subject.schedule)[-1].as_py()
    written, due = trace.written[-1], trace.found.due[-1]
    if not trace.planned[-1]:
        limits = [each for each in (trace.until[-1], trace.end[-1]) if each <= written]
        return f"{counted}: {written} is not before {limits[0]}"
    low, high = span.low[row], span.high[row]
    days = f"the days asked for, {low} to {high}" if low > FAR_PAST else f"the days up to {high}"
    repeats = "" if activity.every is None else ", and no repeat falls into them"
    return f"{counted}: {due} is not in {days}{repeats}"
