"""The book as a whole, for formats that show more than one answer: a workbook, a page.

In: a walk whose book was read at once. Out: a `Report`: every answer about the same accounts, as
the commands give them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from csprio import answers, checking, pipeline
from csprio.tables import Report

if TYPE_CHECKING:
    from csprio.walk import Walk

WEEKS = 8  # from the Monday of the week asked about


def report_of(walk: Walk) -> Report:
    """Answer all that a report shows."""
    graded = walk.head
    schedule = pipeline.plan(graded)
    as_of = graded.inputs.question.as_of
    monday = as_of - timedelta(days=as_of.weekday())
    week = answers.window(monday, monday + timedelta(days=6))
    last = monday + timedelta(days=7 * WEEKS - 1)
    return Report(
        answers.grade_sheet(graded),
        answers.tiers_sheet([graded]),
        answers.worklist_sheet([graded], lambda _: schedule, week).gathered(),
        answers.calendar_sheet(graded, schedule, monday, last).gathered(),
        checking.checked(graded, schedule),
        frozenset(key for key, role in graded.inputs.policy.roles.items() if role.automated),
    )
