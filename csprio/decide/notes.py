"""The note of each account in words: what is missing, left out or in disagreement.

In: the codes behind a graded table. Out: text columns, null where there is nothing to say. Per
account. Accounts in the same situation get the same words, so each situation is written once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from csprio.decide.columns import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from csprio.decide.grading import Graded
    from csprio.rules import Grid

    Codes = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

TAKES_PART, INACTIVE, PROSPECT = range(3)
PLAIN, TO_MAKE, BY_RULE, CALLED, OVERRIDE = range(5)  # how a tier came about


class Situation(NamedTuple):
    """All that a note depends on, as codes: -1 where nothing is known."""

    given_size: int
    part_size: int
    part_level: int
    band: int
    size: int
    level: int
    borderline: int
    state: int


def notes(graded: Graded, grid: Grid, inactive: Mask, prospect: Mask) -> pa.Array:
    """Write the note of every account."""
    state = np.select([inactive, prospect], [INACTIVE, PROSPECT], TAKES_PART)
    return _written(graded, state, lambda situation: "; ".join(_sentences(situation, grid)))


def what_is_missing(graded: Graded) -> pa.Array:
    """Say what an ungraded account lacks, null for the others."""
    state = np.zeros(len(graded.size), np.int64)
    return _written(graded, state, lambda situation: "; ".join(_missing(situation)))


def _written(graded: Graded, state: Codes, write: Callable[[Situation], str]) -> pa.Array:
    """Write each situation that occurs, then give every account its own."""
    columns = (
        graded.given.size, graded.parts.size, graded.parts.level,
        graded.band, graded.size, graded.level, graded.borderline, state,
    )  # fmt: skip
    key = np.zeros(len(state), np.int64)
    for column in columns:  # mixed radix: one whole number for each situation
        key = key * (int(column.max(initial=0)) + 2) + column + 1
    which, found = pd.factorize(key)
    first = np.zeros(len(found), np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]
    situations = [
        Situation(*row) for row in np.stack([each[first] for each in columns], 1).tolist()
    ]
    return texts([write(each) or None for each in situations]).take(pa.array(which))


def _sentences(at: Situation, grid: Grid) -> Iterator[str]:
    if at.state == INACTIVE:
        yield "inactive by status: left out of tiers, calendars and worklists"
    if at.state == PROSPECT:
        yield "prospect: only activities before the start"
    yield from _missing(at)
    yield from _disagreements(at, grid)
    yield from _calls(at, grid)


def _missing(at: Situation) -> Iterator[str]:
    if at.size < 0:
        yield "size unknown (no potential, size or grade)"
    if at.level < 0:
        yield "likelihood unknown (no likelihood or grade)"


def _disagreements(at: Situation, grid: Grid) -> Iterator[str]:
    """Tell where something given by hand says other than what it beats."""
    by_grade = at.given_size >= 0
    size_given = not by_grade and at.part_size >= 0
    if size_given and at.band not in {-1, at.size}:
        yield f"size {grid.sizes[at.size]} given, potential says {grid.sizes[at.band]}"
    if by_grade and at.part_size not in {-1, at.size}:
        yield f"grade {_grade(at, grid)} given, size or potential says {grid.sizes[at.part_size]}"
    if by_grade and at.part_level not in {-1, at.level}:
        yield f"grade {_grade(at, grid)} given, likelihood says {grid.levels[at.part_level]}"


def _calls(at: Situation, grid: Grid) -> Iterator[str]:
    """Tell which tiers a borderline cell lies between, and what a tier by hand overrides."""
    if at.size < 0 or at.level < 0:
        if at.borderline == OVERRIDE:
            yield "tier given by hand, no grade"
        return
    cell = grid.cells[at.size][at.level]
    better, worse = grid.tier_keys[cell.better], grid.tier_keys[cell.worse]
    if at.borderline == TO_MAKE:
        yield f"between tier {better} and {worse}: a call to make, tier {worse} until then"
    if at.borderline == OVERRIDE:
        says = f"{better} or {worse}" if cell.borderline else worse
        yield f"tier given by hand, the grid says tier {says}"


def _grade(at: Situation, grid: Grid) -> str:
    return grid.sizes[at.size] + grid.levels[at.level]
