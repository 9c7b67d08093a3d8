"""What the journal changed, and when: the grades of calls, and the last change of each tier.

In: the accounts as read, the grid, the memory of the journal. Out: codes and days, an entry an
account. Per account. A moment of the past is graded by the same function as the day asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide.columns import NONE
from csprio.decide.dates import NEVER
from csprio.decide.grading import grade
from csprio.decide.memory import Moments, tier_moments
from csprio.journal import GRADINGS

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.dates import Days
    from csprio.decide.grading import Graded
    from csprio.decide.memory import Memory
    from csprio.rules import Grid

    Codes = npt.NDArray[np.int64]

# Entries that can change a tier: gradings, calls, and what the grid's rules may look at.
OF_TIERS = (*GRADINGS, "tier", "motion", "event")


@dataclass(frozen=True)
class Changes:
    """The last day whose entries changed each account's tier, NaT where none did.

    `before` holds the accounts that changed, as they were graded before that day, and `rows` their
    rows in the book.
    """

    day: Days
    rows: npt.NDArray[np.int64]
    before: pa.Table


def graded_at(
    accounts: pa.Table, grid: Grid, memory: Memory, moments: Moments
) -> tuple[pa.Table, Graded]:
    """Grade accounts as they were at moments of their lives."""
    rows = memory.cells(accounts.take(pa.array(moments.row)), moments)
    return grade(rows, grid, memory.told(moments))


def called_for(accounts: pa.Table, grid: Grid, memory: Memory, graded: Graded) -> Codes:
    """Find the grade that each running journal call was made for: its number in the grid's grades.

    Their count stands for no grade at all, -1 for no call.
    """
    found = np.full(len(graded.size), NONE, np.int64)
    rows = np.flatnonzero(graded.call_at >= 0)
    if len(rows):
        at = graded.call_at[rows]
        _, then = graded_at(accounts, grid, memory, Moments(rows, at, memory.day_at(at)))
        number = then.size * len(grid.levels) + then.level
        found[rows] = np.where(then.has_grade, number, len(grid.grades))
    return found


def changes(accounts: pa.Table, grid: Grid, memory: Memory) -> Changes:
    """Find the last day whose entries, taken together, changed each account's tier."""
    before, after = tier_moments(memory, OF_TIERS)
    tables, tiers = [], []
    for moments in (before, after):
        table, codes = graded_at(accounts, grid, memory, moments)
        tables.append(table)
        tiers.append(codes.tier)
    changed = np.flatnonzero(tiers[0] != tiers[1])
    last = changed[_last_of_each(before.row[changed])]
    day = np.full(len(accounts), NEVER)
    day[before.row[last]] = before.day[last]
    return Changes(day, before.row[last], tables[0].take(pa.array(last)))


def _last_of_each(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Mark the last of each run of one row."""
    return np.append(rows[1:] != rows[:-1], True)[: len(rows)]
