"""Why, in words: each sentence that notes, worklists and explanations share is written once, here.

In: the codes behind a graded table, or tasks with their schedule. Out: sentences, or text columns.
Per account.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import glued, joined, texts
from csprio.decide.dates import date_column
from csprio.decide.plans import ALL, OWN, UNGRADED
from csprio.rules import Anchor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from csprio.decide.calendar import Schedule, Tasks
    from csprio.decide.grading import Graded
    from csprio.rules import Grid

    Codes = npt.NDArray[np.int64]

PLAIN, TO_MAKE, BY_RULE, CALLED, OVERRIDE = range(5)  # how a tier came about
INACTIVE = "inactive by status: left out of tiers, calendars and worklists"
PROSPECT = "prospect: only activities before the start"
NO_SIZE = "size unknown (no potential, size or grade)"
NO_LIKELIHOOD = "likelihood unknown (no likelihood or grade)"
NO_DATES = "no dates yet: add start_date or renewal_date to plan this account"
# Sentences of a note, whatever keys a grid has; a test holds them against all that notes say.
_OWN = re.compile(
    "|".join(
        [
            *map(re.escape, (INACTIVE, PROSPECT, NO_SIZE, NO_LIKELIHOOD)),
            r"size .+ (by the journal, the file|(by the journal|given), potential) says .+",
            r"likelihood .+ by the journal, the (file|score) says .+",
            r"grade .+ given, (size or potential|likelihood|the score) says .+",
            r"tier given by hand, (no grade|the grid says tier .+)",
            r"the call was made (for grade .+|without a grade)",
            r"between tier .+ and .+: a call to make, tier .+ until then",
        ]
    )
)
_PLANS = {ALL: "plan for all", OWN: "the account's own plan"}


class Situation(NamedTuple):
    """All that a note depends on, as codes: -1 where nothing is known."""

    told_size: int
    told_level: int
    given_size: int
    given_level: int
    part_size: int
    part_level: int
    band: int
    size: int
    level: int
    borderline: int
    called_for: int
    state: int
    by_score: int = 0  # 1 where the level of the parts is the score's


def situations(graded: Graded, called_for: Codes, state: Codes) -> tuple[Codes, ...]:
    """Give the columns of the accounts' situations, in the order of `Situation`."""
    return (
        graded.told.size, graded.told.level, graded.given.size, graded.given.level,
        graded.parts.size, graded.parts.level, graded.band, graded.size, graded.level,
        graded.borderline, called_for, state, graded.by_score,
    )  # fmt: skip


# --- of accounts ----------------------------------------------------------------------------------


def by_hand(note: str) -> str:
    """Give what of a note a person wrote: csprio's own sentences, of whatever day, are left out."""
    return "; ".join(part for part in note.split("; ") if not _OWN.fullmatch(part.strip()))


def missing(at: Situation) -> Iterator[str]:
    """Tell what an ungraded account lacks."""
    if at.size < 0:
        yield NO_SIZE
    if at.level < 0:
        yield NO_LIKELIHOOD


def about_size(at: Situation, grid: Grid) -> Iterator[str]:
    """Tell where a size that counts is another than what it beats says."""
    size = _words(grid.sizes)
    by_grade = at.given_size >= 0
    in_file = at.given_size if by_grade else at.part_size
    if at.told_size >= 0 and in_file not in {-1, at.size}:
        yield f"size {size(at.size)} by the journal, the file says {size(in_file)}"
    elif (at.told_size >= 0 or not by_grade) and at.size >= 0 and at.band not in {-1, at.size}:
        by = "by the journal" if at.told_size >= 0 else "given"
        yield f"size {size(at.size)} {by}, potential says {size(at.band)}"
    elif at.told_size < 0 and by_grade and at.part_size not in {-1, at.size}:
        yield f"grade {_given(at, grid)} given, size or potential says {size(at.part_size)}"


def about_likelihood(at: Situation, grid: Grid) -> Iterator[str]:
    """Tell where a likelihood that counts is another than what it beats says."""
    level = _words(grid.levels)
    by_grade = at.given_level >= 0
    in_file = at.given_level if by_grade else at.part_level
    if at.told_level >= 0 and in_file not in {-1, at.level}:
        by = "the score" if at.by_score and not by_grade else "the file"
        yield f"likelihood {level(at.level)} by the journal, {by} says {level(in_file)}"
    elif at.told_level < 0 and by_grade and at.part_level not in {-1, at.level}:
        by = "the score" if at.by_score else "likelihood"
        yield f"grade {_given(at, grid)} given, {by} says {level(at.part_level)}"


def about_tier(at: Situation, grid: Grid) -> Iterator[str]:
    """Tell which tiers a borderline cell lies between, and what a tier by hand overrides."""
    if at.size < 0 or at.level < 0:
        if at.borderline == OVERRIDE:
            yield "tier given by hand, no grade"
        if 0 <= at.called_for < len(grid.grades):
            yield f"the call was made for grade {grid.grades[at.called_for]}"
        return
    cell = grid.cells[at.size][at.level]
    better, worse = grid.tier_keys[cell.better], grid.tier_keys[cell.worse]
    if at.borderline == TO_MAKE:
        yield f"between tier {better} and {worse}: a call to make, tier {worse} until then"
    if at.borderline == OVERRIDE:
        says = f"{better} or {worse}" if cell.borderline else worse
        yield f"tier given by hand, the grid says tier {says}"
    if at.called_for not in {-1, at.size * len(grid.levels) + at.level}:
        was = (*(f"for grade {grade}" for grade in grid.grades), "without a grade")
        yield f"the call was made {was[at.called_for]}"


def _given(at: Situation, grid: Grid) -> str:
    return _words(grid.sizes)(at.given_size) + _words(grid.levels)(at.given_level)


def _words(keys: Sequence[str]) -> Callable[[int], str]:
    """Write a code as its key, and nothing for -1."""
    return lambda code: keys[code] if code >= 0 else ""


# --- of tasks -------------------------------------------------------------------------------------


def plan_called(plan: str) -> str:
    """Name the plan that an activity comes from."""
    return _PLANS.get(plan, f"plan of tier {plan}")


def purpose(tasks: Tasks, schedule: Schedule) -> pa.Array:
    """Say in one line what a task is for: what keeps it ungraded, or what dates it."""
    planned = tasks.assignment.planned
    rows = pa.array(tasks.found.row)
    lacks = schedule.missing.take(rows)
    ungraded = pc.if_else(lacks.is_valid(), glued("ungraded: ", lacks), lacks)
    if tasks.undated:
        dates = texts([NO_DATES]).take(pa.array(np.zeros(len(rows), np.int8)))
        return joined([ungraded, dates], "; ")
    if planned.plan == UNGRADED:
        return ungraded
    return glued(plan_called(planned.plan), ": ", rule(tasks, schedule))


def rule(tasks: Tasks, schedule: Schedule) -> pa.Array:
    """Write a date's rule and what it counts from: `term + 1mo, repeat 9 (term 2026-02-24)`."""
    activity, found = tasks.activity, tasks.found
    repeat = pc.cast(pa.array(found.repeat), pa.string())
    repeats: list[pa.Array | str] = [] if activity.every is None else [", repeat ", repeat]
    anchor = activity.due.anchor
    words = texts([activity.due.event or anchor.value, Anchor.START.value])
    fallen = (anchor is Anchor.GRADED) & (found.anchor == schedule.dating.terms.start[found.row])
    word = words.take(pa.array(fallen.astype(np.int8)))
    day = pc.cast(date_column(found.anchor), pa.string())
    return glued(activity.due.text, *repeats, " (", word, " ", day, ")")
