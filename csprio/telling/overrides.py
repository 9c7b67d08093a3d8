"""Calls that override the grid, which somebody must explain.

Comes in: the book and entries that are to be told. Goes out: a problem for each call to a tier that
is an override on that day, after the other entries, and has no note.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from csprio import pipeline
from csprio.problems import Problem, problem
from csprio.telling.entry import with_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.pipeline import Graded, Inputs
    from csprio.telling.entry import Entry

OVERRIDE = "override"


def graded_after(inputs: Inputs, entries: Sequence[Entry]) -> Graded:
    """Grade the book as it will be with these entries."""
    journal = with_entries(inputs.journal, entries, inputs.question.as_of)
    return pipeline.grade(replace(inputs, journal=journal))


def unexplained(inputs: Inputs, entries: Sequence[Entry], where: str) -> list[Problem]:
    """Report the calls without a note that override what the grid says."""
    silent = [each for each in entries if each.kind == "tier" and each.value and not each.note]
    return overriding(graded_after(inputs, entries), silent, where) if silent else []


def overriding(after: Graded, silent: Sequence[Entry], where: str) -> list[Problem]:
    """Report which of these calls are overrides in the book as it will be."""
    row_of = {name: row for row, name in enumerate(after.table["account_id"].to_pylist())}
    stories = after.table["borderline"]
    return [
        problem("note-missing", each.place, tier=each.value, cell=_cell(after, row), where=where)
        for each in silent
        if stories[row := row_of[each.account]].as_py() == OVERRIDE
    ]


def _cell(after: Graded, row: int) -> str:
    """Write what the grid's cell says of an account."""
    grid, codes = after.inputs.policy.grid, after.codes
    size, level = int(codes.size[row]), int(codes.level[row])
    if size < 0 or level < 0:
        return "nothing"
    cell = grid.cells[size][level]
    keys = grid.tier_keys
    return "/".join(dict.fromkeys((keys[cell.better], keys[cell.worse])))
