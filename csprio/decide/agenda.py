"""The tasks of lives, in order, and copies of them for the accounts that lead these lives.

In: tasks of one account of each life, activity by activity, and how they stand. Out: entries, one
a task of a life; and for the accounts, which of them are theirs. Per account. Whatever differs
among the accounts of one life (id, name, people) is no matter of an entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.alike import settled
from csprio.decide.closings import LETTERS, UNDATED
from csprio.decide.columns import glued, texts
from csprio.decide.dates import date_column
from csprio.decide.occurrences import OF_TERMS, Occurrences
from csprio.rules import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from csprio.decide.calendar import Tasks
    from csprio.decide.dates import Days
    from csprio.decide.lives import Lives
    from csprio.decide.standing import Stands
    from csprio.rules import Activity

    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int64]

TASKS_AT_ONCE = 1 << 15  # tasks of accounts that are rows of a table at a time
LAST_DAY = 1 << 18  # after all due days, counted from 1970
_MONTH = len("2026-11")
_NOTHING = Occurrences.none()


@dataclass(frozen=True)
class Agenda:
    """Tasks of lives, one entry each: by life, then due (undated last), activity and task id.

    `which` is the number of a task's activity among `activities`; `written` what its id says
    behind the account's. The entries of a life run from `begins[life]` on, `count[life]` of them;
    `order` says where each entry stood among the tasks given.
    """

    lives: Lives
    activities: tuple[Activity, ...]
    order: Rows
    which: Ints
    due: Days
    status: Ints
    written: pa.Array
    begins: Rows
    count: Ints

    def of_accounts(self, low: int, high: int) -> tuple[Rows, Rows]:
        """Give the tasks of the accounts in rows `low` to `high`: row and entry of each."""
        life = self.lives.number[low:high]
        account, entries = expanded(self.begins[life], self.count[life])
        return low + account, entries

    def parts(self) -> Iterator[tuple[int, int]]:
        """Cut the accounts into parts that have about `TASKS_AT_ONCE` tasks: rows from, to."""
        total = np.cumsum(self.count[self.lives.number])
        size = len(total)
        full = np.arange(TASKS_AT_ONCE, int(total[-1]) if size else 0, TASKS_AT_ONCE)
        edges = np.unique([0, *(np.searchsorted(total, full) + 1).tolist(), size]).tolist()
        yield from pairwise(edges)


def agenda_of(found: Sequence[tuple[Tasks, Stands]], lives: Lives) -> Agenda:
    """Put tasks of one account of each life in order."""
    activities = tuple(tasks.activity for tasks, _ in found)
    counts = [len(tasks.found.row) for tasks, _ in found]
    which = np.repeat(np.arange(len(found)), counts)
    row = np.concatenate([_NOTHING.row, *(tasks.found.row for tasks, _ in found)])
    due = np.concatenate([_NOTHING.due, *(stands.due for _, stands in found)])
    status = np.concatenate([_NOTHING.row, *(stands.status for _, stands in found)])
    written = pa.concat_arrays([texts([]), *(occurrence_texts(tasks) for tasks, _ in found)])
    life = lives.number[row]
    order = _in_order(life, which, due, [each.id for each in activities], written)
    # One more count than lives: that of accounts without any, whose life is -1.
    count = np.bincount(life, minlength=len(lives) + 1)
    return Agenda(
        lives,
        activities,
        order,
        which[order],
        due[order],
        status[order],
        written.take(pa.array(order)),
        np.cumsum(count) - count,
        count,
    )


def expanded(begins: Ints, count: Ints) -> tuple[Rows, Ints]:
    """Expand runs of whole numbers into pairs of the run's number and a whole number."""
    run = np.repeat(np.arange(len(count)), count)
    skipped = begins - (np.cumsum(count) - count)
    return run, np.arange(len(run)) + np.repeat(skipped, count)


def occurrence_texts(tasks: Tasks) -> pa.Array:
    """Write what the ids of tasks say behind the account's: `:activity:occurrence`."""
    activity, found = tasks.activity, tasks.found
    if tasks.undated:
        one = texts([f":{activity.id}:{UNDATED}"])
        return one.take(pa.array(np.zeros(len(found.row), np.int8)))
    anchor, repeat = activity.due.anchor, pc.cast(pa.array(found.repeat), pa.string())
    begun = f":{activity.id}:{LETTERS[anchor]}"
    if anchor is Anchor.START:
        return glued(begun, repeat)
    return glued(begun, _written(found.key, "M" if anchor in OF_TERMS else "D"), ".", repeat)


def _written(days: Days, unit: str) -> pa.Array:
    """Write days, or their months; there are far fewer than tasks, so each is written once."""
    numbers = days.astype(f"M8[{unit}]").astype(np.int64)
    low, high = int(numbers.min(initial=LAST_DAY)), int(numbers.max(initial=0))
    every = np.arange(low, max(low, high) + 1).astype(f"M8[{unit}]")
    written = pc.cast(date_column(every), pa.string())
    if unit == "M":
        written = pc.utf8_slice_codeunits(written, 0, _MONTH)
    return written.take(pa.array(numbers - low))


def _in_order(
    life: Ints, which: Ints, due: Days, activities: Sequence[str], written: pa.Array
) -> Rows:
    """Sort by life, due, activity; then by what the task id says, which few tasks need."""
    names = {name: place for place, name in enumerate(sorted(set(activities)))}
    places = np.array([names[name] for name in activities], np.int64)[which]
    days = np.where(np.isnat(due), LAST_DAY, due.astype(np.int64))
    # Lives below 2**26, days within 2**19 and activities below 2**18 make numbers of 63 bits.
    key = (life * (2 * LAST_DAY) + days + LAST_DAY) * (len(names) + 1) + places
    return settled(np.argsort(key, kind="stable"), [key], pa.table({"written": written}))
