"""Rows of a source that count as events: every one, or the first of each account.

In: batches of rows in the order of the file. Out: the account, day and line of the rows that count.
Of the first rows one an account is kept, of all rows each that counts: they are the answer. Per
account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.totals import Gathered
from csprio.decide.windows import unordered

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.windows import Seen

    Ints = npt.NDArray[np.int64]

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Told:
    """Rows that count as events: the account, the day, and the number of each in the file."""

    row: Ints
    day: Ints
    at: Ints


class First(Gathered):
    """The row of the earliest day, of that the first line."""

    def __post_init__(self) -> None:
        """Begin with none."""
        self._order = np.full(self.accounts, _NEVER)

    def add(self, seen: Seen) -> None:
        """Look for earlier rows."""
        rows = seen.rows(self.window)
        np.minimum.at(self._order, rows.row, seen.order[rows.place])

    def told(self) -> Told:
        """Give the rows, by account."""
        row = np.flatnonzero(self._order != _NEVER)
        return Told(row, *unordered(self._order[row]))


class Each(Gathered):
    """Every row."""

    def __post_init__(self) -> None:
        """Begin with none."""
        none = np.zeros(0, np.int64)
        self._told = [Told(none, none, none)]

    def add(self, seen: Seen) -> None:
        """Keep the rows."""
        rows = seen.rows(self.window)
        batch = seen.batch
        kept = rows.row, batch.day[rows.place], batch.at[rows.place]
        self._told.append(Told(*(np.array(column) for column in kept)))  # not all of the batch

    def told(self) -> Told:
        """Give the rows, in the order of the file."""
        kept = [(each.row, each.day, each.at) for each in self._told]
        row, day, at = (np.concatenate(column) for column in zip(*kept, strict=True))
        order = np.argsort(at)
        return Told(row[order], day[order], at[order])
