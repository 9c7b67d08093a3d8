"""Why a task is due on another day than its rule says: days off, bounds, the start of the contract.

In: the subject, and an occurrence as it was traced. Out: a step where the day was moved, or was
left on a day off. Nothing is dated here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.explain_subject import Step, at
from csprio.rules import NOWHERE, Anchor, Roll

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.decide.explain_subject import Subject
    from csprio.decide.occurrences import Traced
    from csprio.problems import Place
    from csprio.rules import Activity

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WAYS = {Roll.NEXT: "next", Roll.PREVIOUS: "previous"}


def rolled(
    activity: Activity, task: str, trace: Traced, number: int, subject: Subject
) -> Iterator[Step]:
    """Say how occurrence `number` rolled; nothing where it is due on the day written."""
    schedule = subject.schedule
    due, base = trace.found.due[number], trace.written[number]
    start = schedule.dating.terms.start[subject.row]
    before = activity.due.anchor in {Anchor.RENEWAL, Anchor.NOTICE} and base < start
    said, way = [], activity.roll
    if before:
        said.append(f"{base} is before start_date {start}, so it is due on that")
        base, way = start, Roll.NEXT
    business = schedule.dating.business
    off, place = _days_off(base, due, subject)
    if off:
        said.append(off)
    usual = business.roll(np.array([base]), way)[0]
    if due != usual:
        limit = trace.until[number] if trace.until[number] < usual else trace.end[number]
        said.append(f"{usual} would be later than {limit}, so the business day before")
    elif off:
        said.append(f"roll {way.value}" if way is Roll.NONE else f"the {_WAYS[way]} business day")
    if said:
        yield Step("roll", task, str(due), "; ".join(said), place)


def _days_off(base: np.datetime64, due: np.datetime64, subject: Subject) -> tuple[str, Place]:
    """Name the days off between the day written and the day due, that day aside."""
    business = subject.schedule.dating.business
    step = 1 if due >= base else -1
    count = max(abs(int((due - base).astype(int))), 1)
    days = [base + step * number for number in range(count)]
    off = [each for each in days if not np.is_busday(each, busdaycal=business.calendar)]
    places = [_place(each, subject) for each in off]
    named = [f"{each} is {words}" for each, (words, _) in zip(off, places, strict=True)]
    return ", ".join(named), places[0][1] if places else NOWHERE


def _place(each: np.datetime64, subject: Subject) -> tuple[str, Place]:
    """Say why a day is off, and where that stands."""
    days_off, day = subject.schedule.policy.days_off, each.astype(object)
    if not days_off.weekmask[day.weekday()]:
        place = subject.files.settings.get("weekend", NOWHERE)
        return f"a {_DAYS[day.weekday()]}", place
    place = days_off.places[day]
    return f"a holiday ({at(place)})", place
