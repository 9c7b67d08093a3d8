"""What the rows of a window add up to, one number an account: counts, sums, extremes, the last one.

In: batches of rows in the order of the file. Out: arrays with one entry an account; no row is kept.
Sums are exact, however large they grow. Per account.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csprio.batches import PARTS
from csprio.decide.exact import Scaled, scaled

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

    from csprio.decide.windows import Rows, Seen, Window

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

_NEVER = np.iinfo(np.int64).min
_MOST = 2**62  # what a sum may grow to in 64 bits


@dataclass(eq=False)
class Gathered(ABC):
    """What the rows of one window add up to, batch by batch, for so many accounts.

    `column` and `by` are the columns that are looked at, where any are.
    """

    accounts: int
    window: Window
    column: str = ""
    by: str = ""

    @abstractmethod
    def __post_init__(self) -> None:
        """Begin with no row."""

    @abstractmethod
    def add(self, seen: Seen) -> None:
        """Add the rows of the window that a batch has."""


class Total:
    """A sum an account that never overflows: in 64 bits, and in Python integers beyond."""

    def __init__(self, accounts: int) -> None:
        """Begin with 0."""
        self._whole: npt.NDArray[Any] = np.zeros(accounts, np.int64)
        self._part = np.zeros(accounts, np.int64)
        self._bound = 0  # no sum is farther from 0

    def add(self, row: Ints, whole: Ints, part: Ints | None = None) -> None:
        """Add numbers to accounts, `whole` + `part` / `PARTS` each; a row may come repeatedly."""
        self._make_room(row, whole)
        np.add.at(self._whole, row, whole)
        if part is not None and part.any():
            np.add.at(self._part, row, part)

    def clear(self, row: Ints) -> None:
        """Begin some accounts with 0 again."""
        self._whole[row], self._part[row] = 0, 0

    def scaled(self) -> Scaled:
        """Give the sums."""
        return scaled(self._whole, self._part)

    def _make_room(self, row: Ints, whole: Ints) -> None:
        """Go on in Python integers where a sum might leave 64 bits."""
        most = max(-int(whole.min(initial=0)), int(whole.max(initial=0)))
        if self._bound + most * len(row) >= _MOST:
            # That bound is for all rows being of one account: look closer before giving up speed.
            self._bound = int(np.abs(self._whole).max(initial=0))
            most *= int(np.bincount(row).max(initial=0))
            if self._bound + most >= _MOST:
                self._whole = self._whole.astype(object)
            self._bound += most
        else:
            self._bound += most * len(row)


class Count(Gathered):
    """How many rows there are."""

    def __post_init__(self) -> None:
        """Begin with 0."""
        self.found = np.zeros(self.accounts, np.int64)

    def add(self, seen: Seen) -> None:
        """Count the rows."""
        np.add.at(self.found, self._rows(seen).row, 1)

    def _rows(self, seen: Seen) -> Rows:
        return seen.rows(self.window)


class CountKnown(Count):
    """How many rows have a number in a column."""

    def _rows(self, seen: Seen) -> Rows:
        return seen.numbers(self.window, self.column)[0]


class Sum(Gathered):
    """The sum of a column."""

    def __post_init__(self) -> None:
        """Begin with 0."""
        self._total = Total(self.accounts)

    def add(self, seen: Seen) -> None:
        """Add the numbers."""
        rows, whole, part = seen.numbers(self.window, self.column)
        self._total.add(rows.row, whole, part)

    def scaled(self) -> Scaled:
        """Give the sums."""
        return self._total.scaled()


class Most(Gathered):
    """The largest number of a column."""

    def __post_init__(self) -> None:
        """Begin with none."""
        self._whole = np.full(self.accounts, _NEVER)
        self._part = np.zeros(self.accounts, np.int64)

    def add(self, seen: Seen) -> None:
        """Look for larger numbers: by their whole part, then among the largest by the rest."""
        rows, whole, part = self._numbers(seen)
        before = self._whole[rows.row]
        np.maximum.at(self._whole, rows.row, whole)
        after = self._whole[rows.row]
        self._part[rows.row[after != before]] = 0
        best = whole == after
        np.maximum.at(self._part, rows.row[best], part[best])

    def _numbers(self, seen: Seen) -> tuple[Rows, Ints, Ints]:
        return seen.numbers(self.window, self.column)

    @property
    def known(self) -> Mask:
        """Tell which accounts have a number."""
        return np.asarray(self._whole != _NEVER)

    def scaled(self) -> Scaled:
        """Give the numbers."""
        return scaled(np.where(self.known, self._whole, 0), self._part)


class Least(Most):
    """The smallest number of a column: the largest one below 0, turned over."""

    def _numbers(self, seen: Seen) -> tuple[Rows, Ints, Ints]:
        rows, whole, part = super()._numbers(seen)
        return rows, -whole - (part > 0), -part % PARTS

    def scaled(self) -> Scaled:
        """Give the numbers."""
        turned = super().scaled()
        return Scaled(-turned.units, turned.scale)


class LastDay(Gathered):
    """The last day with a row."""

    def __post_init__(self) -> None:
        """Begin with none."""
        self.found = np.full(self.accounts, _NEVER)

    def add(self, seen: Seen) -> None:
        """Look for later rows."""
        rows = seen.rows(self.window)
        np.maximum.at(self.found, rows.row, seen.batch.day[rows.place])

    @property
    def known(self) -> Mask:
        """Tell which accounts have a row."""
        return np.asarray(self.found != _NEVER)


class Last(Gathered):
    """The number of the latest day, of that the one of the last line, among rows that have one."""

    def __post_init__(self) -> None:
        """Begin with none."""
        self._order = np.full(self.accounts, _NEVER)
        self._whole = np.zeros(self.accounts, np.int64)
        self._part = np.zeros(self.accounts, np.int64)

    def add(self, seen: Seen) -> None:
        """Look for later numbers."""
        rows, whole, part = self._numbers(seen)
        order = seen.order[rows.place]
        np.maximum.at(self._order, rows.row, order)
        last = np.flatnonzero(order == self._order[rows.row])  # at most one row an account
        row = rows.row[last]
        self._whole[row], self._part[row] = whole[last], part[last]

    def _numbers(self, seen: Seen) -> tuple[Rows, Ints, Ints]:
        return seen.numbers(self.window, self.column)

    @property
    def known(self) -> Mask:
        """Tell which accounts have a number."""
        return np.asarray(self._order != _NEVER)

    def scaled(self) -> Scaled:
        """Give the numbers."""
        return scaled(self._whole, self._part)


class LastAnswer(Last):
    """The last answer to a survey."""

    def _numbers(self, seen: Seen) -> tuple[Rows, Ints, Ints]:
        rows, answers = seen.answers(self.window, self.column)
        return rows, answers, np.zeros(len(rows), np.int64)
