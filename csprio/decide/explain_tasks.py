"""Each activity of the account's plan: its rule, its tasks and their dates; or why it has none.

In: the subject and the days asked for. Out: steps. Dates were traced and tasks found by the stages
of the calendar; nothing is dated here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide import why
from csprio.decide.calendar import Tasks, task_ids, undated
from csprio.decide.explain_plan import left_out, planned
from csprio.decide.explain_rolls import rolled
from csprio.decide.explain_status import status
from csprio.decide.explain_subject import Step
from csprio.decide.explain_whence import nothing, whence
from csprio.decide.explain_words import due_words, until_words, verdict
from csprio.decide.occurrences import traced
from csprio.decide.plans import UNGRADED, before_start
from csprio.decide.standing import STATUSES
from csprio.rules import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.decide.explain_subject import Subject
    from csprio.decide.occurrences import Span, Traced
    from csprio.decide.plans import Assignment, Planned
    from csprio.rules import Activity


@dataclass(frozen=True)
class Asked:
    """The days asked for; `whole` tells the calendar's default, which has undated tasks too."""

    subject: Subject
    span: Span
    whole: bool

    @cached_property
    def assigned(self) -> dict[int, Assignment]:
        """What the account gets, by the activity."""
        each = self.subject.schedule.assignments
        return {id(one.planned.activity): one for one in each}

    @cached_property
    def undated(self) -> dict[int, Tasks]:
        """The tasks without a date, by the activity."""
        found = undated(self.subject.schedule) if self.whole else []
        return {id(one.activity): one for one in found if len(one.found.row)}


def activities(subject: Subject, span: Span, *, whole: bool) -> Iterator[Step]:
    """Explain every activity of the account's plan, in its order, then those that it lost."""
    if not subject.active:
        return
    asked = Asked(subject, span, whole)
    for each in planned(subject):
        yield _activity(each, subject)
        yield from _tasks(each, asked)
    yield from left_out(subject)


def _activity(each: Planned, subject: Subject) -> Step:
    """Write an activity's rule: plan, due, role, condition."""
    activity = each.activity
    person = subject.schedule.people.of(activity.role, np.array([subject.row]))[0].as_py()
    plan = "plan for the ungraded" if each.plan == UNGRADED else why.plan_called(each.plan)
    parts = [f"{plan}: {due_words(activity)}", f"role {activity.role} ({person or 'nobody'})"]
    if activity.when != ALWAYS and subject.conditions.mask(activity.when)[0]:
        parts.append(f"when {verdict(activity.when, subject.conditions)}")
    if activity.ends_with:
        parts.append(f"ends with {activity.ends_with}")
    return Step("activity", activity.id, activity.title, "; ".join(parts), activity.place)


def _tasks(each: Planned, asked: Asked) -> Iterator[Step]:
    """Explain the tasks of an activity, or why it has none."""
    subject, activity = asked.subject, each.activity
    assigned = asked.assigned.get(id(activity))
    if assigned is None:
        yield Step("no task", activity.id, "", _not_assigned(activity, subject), activity.place)
        return
    if id(activity) in asked.undated:
        tasks = asked.undated[id(activity)]
        place = replace(subject.files.cell("account_id"), column="")
        task = _ids(tasks, subject)[0]
        yield Step("task", task, "", why.purpose(tasks, subject.schedule)[0].as_py(), place)
        yield from _status(tasks, subject)
        return
    trace = traced(assigned, subject.schedule.dating, asked.span)
    yield from _bounds(activity, trace)
    kept = Tasks(assigned, trace.found.take(trace.kept))
    yield from _dated(kept, _only(trace, trace.kept), subject)
    lost = list(_lost(activity, trace))
    yield from lost
    if not lost and not trace.kept.any():
        yield nothing(assigned, subject, asked.span)


def _not_assigned(activity: Activity, subject: Subject) -> str:
    """Say why an activity of the plan is not the account's."""
    if not subject.conditions.mask(activity.when)[0]:
        return verdict(activity.when, subject.conditions)
    assert subject.prospect and not before_start(activity)  # noqa: S101, PT018 - nothing else is
    return why.PROSPECT


def _only(trace: Traced, keep: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Traced:
    arrays = {name: getattr(trace, name)[keep] for name in ("written", "until", "end")}
    return replace(trace, found=trace.found.take(keep), **arrays)


def _ids(tasks: Tasks, subject: Subject) -> list[str]:
    ids = subject.schedule.accounts["account_id"].take(pa.array(tasks.found.row))
    found: list[str] = task_ids(tasks, ids).to_pylist()
    return found


def _bounds(activity: Activity, trace: Traced) -> Iterator[Step]:
    """Show the day before which the repeats of each anchor stay."""
    if activity.until is None:
        return
    for anchor, until in dict.fromkeys(zip(trace.found.anchor, trace.until, strict=True)):
        bound = "nothing" if np.isnat(until) else str(until)
        words = f"repeats from {anchor} stay before {until_words(activity.until)}"
        yield Step("until", activity.id, bound, words, activity.place)


def _dated(tasks: Tasks, trace: Traced, subject: Subject) -> Iterator[Step]:
    """Explain the tasks by their day: what dates each, how it rolled, how it stands."""
    schedule, found = subject.schedule, tasks.found
    purposes = why.purpose(tasks, schedule).to_pylist()
    rules, ids = why.rule(tasks, schedule).to_pylist(), _ids(tasks, subject)
    statuses = list(_status(tasks, subject))
    for at in np.lexsort((found.repeat, found.due)).tolist():
        due, written = found.due[at], trace.written[at]
        rule = purposes[at]
        if tasks.assignment.planned.plan == UNGRADED:
            rule = "; ".join(filter(None, [rule, rules[at]]))
        words, place = whence(tasks.activity, found.anchor[at], subject)
        extra = "; ".join(filter(None, [f"{rule} = {written}", words]))
        yield Step("task", ids[at], str(due), extra, place)
        yield from rolled(tasks.activity, ids[at], trace, at, subject)
        yield statuses[at]


def _status(tasks: Tasks, subject: Subject) -> Iterator[Step]:
    """Explain how each task stands."""
    stands = subject.schedule.standing.of(tasks)
    for at, task in enumerate(_ids(tasks, subject)):
        words, place = status(tasks, at, stands, subject)
        yield Step("status", task, STATUSES[int(stands.status[at])], words, place)


def _lost(activity: Activity, trace: Traced) -> Iterator[Step]:
    """Show dates that would be tasks but for a bound, or for the repeat on the same day."""
    served = set(trace.found.anchor[trace.kept].tolist())
    for at in np.flatnonzero(trace.asked & ~trace.kept).tolist():
        anchor = trace.found.anchor[at].item()
        if not trace.planned[at] and anchor in served:
            continue  # where the repeats of an anchor end is said by their bound
        served.add(anchor)
        written, until, end = trace.written[at], trace.until[at], trace.end[at]
        if trace.planned[at]:
            words = f"falls on {trace.found.due[at]} as the repeat before it, which is kept"
        elif not np.isnat(until) and written >= until:
            words = f"{written} is not before {until}, the bound of its repeats"
        else:
            words = f"{written} is not before {end}, the end of the term"
        yield Step("no task", activity.id, "", f"{activity.due.text}: {words}", activity.place)
