"""One account explained as a sheet: the whole chain from its cells to the dates of its tasks.

In: what `pipeline` graded, for a question about one account. Out: a `Sheet`, a row a step.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from csprio import pipeline
from csprio.checking import noticed
from csprio.decide.calendar import current_span, range_span
from csprio.decide.conditions import kept_apart
from csprio.decide.dates import day
from csprio.decide.explain import explain
from csprio.decide.explain_subject import Files, Subject
from csprio.decide.history import called_for
from csprio.tables import ANSWERS, Sheet

if TYPE_CHECKING:
    from datetime import date

    from csprio.pipeline import Graded
    from csprio.problems import Place, Problem


def explain_sheet(graded: Graded, low: date | None, high: date | None) -> Sheet:
    """Answer `explain` for the one account asked about, on the days of its calendar."""
    ends = [None if each is None else day(each) for each in (low, high)]
    whole = low is None and high is None
    span = (
        current_span(graded.terms, graded.as_of)
        if whole
        else range_span(graded.terms, graded.as_of, *ends)
    )
    table = explain(subject_of(graded), span, whole=whole)
    inputs = graded.inputs
    as_of = inputs.question.as_of.isoformat()
    return Sheet("explain", ANSWERS["explain"], table, as_of=as_of, inputs=inputs.hashes)


def subject_of(graded: Graded) -> Subject:
    """Gather what the stages found of the one account asked about."""
    inputs = graded.inputs
    book = inputs.book.table
    (row,) = np.flatnonzero(graded.asked).tolist()
    made_for = called_for(kept_apart(book), inputs.policy.grid, graded.memory, graded.codes)
    return Subject(
        row,
        book,
        pipeline.plan(graded),
        graded.codes,
        graded.memory,
        inputs.journal,
        inputs.team,
        made_for,
        None if inputs.scoring is None else inputs.scoring.now,
        bool(graded.active[row]),
        bool(graded.prospect[row]),
        _files(graded, row),
    )


def _files(graded: Graded, row: int) -> Files:
    """Say where the account's cells stand, and what is wrong with them."""
    book, place = graded.inputs.book, graded.inputs.book.place(row, "account_id")
    found: dict[Place, list[Problem]] = defaultdict(list)
    for each in (*book.problems, *noticed(graded)):
        if (each.place.file, each.place.line) == (place.file, place.line):
            found[each.place].append(each)
    config = graded.inputs.config
    return Files(
        lambda field: book.place(row, field),
        lambda field: book.text(row, field),
        found,
        config.places,
    )
