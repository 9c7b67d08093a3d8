"""The whole chain of one account, from its cells to the dates of its tasks.

In: the subject and the days asked for. Out: a table of steps in the order of the chain, each with
its file and line. Per account. Nothing is decided here: what the stages found is put into words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.decide.explain_cells import cells
from csprio.decide.explain_grade import grading, tiering
from csprio.decide.explain_journal import journal
from csprio.decide.explain_plan import people, planning, terms
from csprio.decide.explain_scores import scores
from csprio.decide.explain_tasks import activities
from csprio.tables import ANSWERS, arrow_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.decide.explain_subject import Step, Subject
    from csprio.decide.occurrences import Span


def explain(subject: Subject, span: Span, *, whole: bool) -> pa.Table:
    """Explain an account; `whole` asks for the calendar's default, undated tasks included."""
    rows = [
        (
            each.step,
            each.what,
            each.value,
            each.why,
            each.place.file,
            each.place.line,
            each.place.column,
        )
        for each in _steps(subject, span, whole=whole)
    ]
    columns = ANSWERS["explain"]
    return pa.table(
        {
            column.name: pa.array([row[number] or None for row in rows], arrow_type(column.kind))
            for number, column in enumerate(columns)
        }
    )


def _steps(subject: Subject, span: Span, *, whole: bool) -> Iterator[Step]:
    yield from cells(subject)
    yield from journal(subject)
    yield from scores(subject)
    yield from grading(subject)
    yield from tiering(subject)
    yield from people(subject)
    yield from planning(subject)
    yield from terms(subject)
    yield from activities(subject, span, whole=whole)
