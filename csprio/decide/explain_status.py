"""Why a task stands as it does: done, skipped, snoozed, overdue, expired, open.

In: the subject, a task, and how it stands. Out: words, and the place of the entry or of the setting
that decides. The status itself was found by the stage; here its reasons are put into words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.closings import DONE, REOPENED, SNOOZED
from csprio.decide.columns import NONE
from csprio.decide.explain_subject import at
from csprio.decide.history import OF_TIERS
from csprio.decide.standing import ENDS_WITH, STATUSES
from csprio.decide.why import NO_DATES
from csprio.rules import NOWHERE

if TYPE_CHECKING:
    from csprio.decide.calendar import Tasks
    from csprio.decide.explain_subject import Entry, Subject
    from csprio.decide.standing import Stands
    from csprio.problems import Place

    _Said = tuple[str, Place]


def status(tasks: Tasks, number: int, stands: Stands, subject: Subject) -> _Said:
    """Say why task `number` stands as it does."""
    said = subject.schedule.standing.closings.of(tasks)
    entry = subject.entries[int(said.at[number])] if said.at[number] != NONE else None
    kind, until = int(said.kind[number]), said.until[number]
    match STATUSES[int(stands.status[number])]:
        case "done" if entry is None or kind != DONE:
            return _ended(tasks, number, subject)
        case ("done" | "skipped") as word if entry is not None:
            return f"{word}{f' ({entry.value})' if entry.value else ''} {entry.said}", entry.place
        case "undated":
            return NO_DATES, NOWHERE
        case "snoozed" if entry is not None:
            return f"comes back on {until}; snoozed {entry.said}", entry.place
        case word:
            before = _before(entry, kind, until, tasks.found.due[number])
            words, place = _going_on(word, stands.due[number], subject)
            return f"{before}{words}", place


def _before(entry: Entry | None, kind: int, until: np.datetime64, due: np.datetime64) -> str:
    """Say what was told of a task that goes on: it was put off, or reopened."""
    if entry is None:
        return ""
    if kind == REOPENED:
        return f"reopened {entry.said} ({at(entry.place)}); "
    assert kind == SNOOZED  # noqa: S101 - done and skipped end a task
    if until > due:
        return f"snoozed until {until} ({at(entry.place)}); "
    return f"snoozed until {until}, which is not later than its own date ({at(entry.place)}); "


def _ended(tasks: Tasks, number: int, subject: Subject) -> _Said:
    """Name the entry that ended a task: of its `ends_with`, or a renewal."""
    standing = subject.schedule.standing
    if standing.ended_by_entry(tasks)[number]:
        ends_with = tasks.activity.ends_with
        entry = subject.last(ENDS_WITH[ends_with])
        since = standing.ends_from(tasks)[number]
        assert entry is not None  # noqa: S101 - it has ended the task
        return f"ended by the {entry.kind} of {entry.said}, on or after {since}", entry.place
    places, _, boundaries = standing.renewals
    theirs = places[boundaries == tasks.found.key[number]]
    entry = next(subject.entries[place] for place in theirs.tolist() if place in subject.entries)
    return f"ended by the event renewed of {entry.said}", entry.place


def _going_on(word: str, due: np.datetime64, subject: Subject) -> _Said:
    """Say why a task that nothing ended is overdue, expired or open."""
    standing, as_of = subject.schedule.standing, subject.schedule.as_of
    if word == "overdue":
        place = subject.journal.place(subject.memory.tracked_by)
        days = int((as_of - due).astype(int))
        return f"due {days} days ago; tracking began on {standing.tracking}", place
    if word == "expired":
        days = int((as_of - standing.oldest).astype(int))
        place = subject.files.settings.get("expires", NOWHERE)
        return f"due more than {days} days before {as_of}, so it is given up", place
    if due >= as_of:
        return f"due on or after {as_of}", NOWHERE
    if np.isnat(standing.tracking):
        return "past, but nothing is overdue before the first done, skipped or snoozed", NOWHERE
    if due < standing.tracking:
        place = subject.journal.place(subject.memory.tracked_by)
        return f"past, but tracking began later, on {standing.tracking}", place
    changed = standing.changed(subject.row)
    words = f"past, but the tier changed on {changed}, and the plan before had no such activity"
    entries = [
        each
        for each in subject.entries.values()
        if each.kind in OF_TIERS and each.day == changed.astype(object)
    ]
    return words, entries[-1].place
