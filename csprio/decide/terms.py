"""The terms of each account's contract, as boundaries counted from one date.

In: the columns start_date, renewal_date, term_months and the day asked about. Out: `Terms`. Per
account. Boundary k of an account is its renewal_date (else its start_date) plus k whole terms,
computed from that date with month ends clipped, never step by step. Term k runs from boundary k up
to, not including, boundary k + 1. No boundary depends on the day asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.dates import add_months, days_of, months_between

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from csprio.decide.dates import Days, Ints

    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

DEFAULT_MONTHS = 12
SLIVER_DAYS = 31
BEFORE_ALL = np.iinfo(np.int32).min  # the first term of an account without a start_date


@dataclass(frozen=True)
class Terms:
    """Arrays with one entry an account.

    `origin` is the day boundaries are counted from (NaT: no terms), `months` the length of a term,
    `start` the start_date, `first` the number of the first term that exists (`BEFORE_ALL` without
    a start_date), `current` the number of the term that holds the day asked about.
    """

    origin: Days
    months: Ints
    start: Days
    first: Ints
    current: Ints

    @cached_property
    def exist(self) -> Mask:
        """Tell which accounts have terms at all."""
        return ~np.isnat(self.origin)

    def boundary(self, rows: Rows, number: Ints) -> Days:
        """Compute boundary `number` of each account in `rows`."""
        return add_months(self.origin[rows], self.months[rows] * number)

    def first_day(self, rows: Rows, number: Ints) -> Days:
        """Compute the first day of a term: the first term begins on start_date."""
        return self.cut(rows, number, self.boundary(rows, number))

    def cut(self, rows: Rows, number: Ints, boundary: Days) -> Days:
        """Let the first of some terms, whose boundaries are known, begin on start_date."""
        return np.where(number == self.first[rows], self.start[rows], boundary)

    def end(self, rows: Rows, number: Ints) -> Days:
        """Compute the day a term ends, which is the first day of the next."""
        return self.boundary(rows, number + 1)

    def beginning_in(self, rows: Rows, months: Ints) -> tuple[Ints, Mask]:
        """Find the terms whose first boundary lies in a month, and tell where there is one."""
        exist = self.exist[rows]
        origin = np.where(exist, self.origin[rows], np.datetime64(0, "D")).astype("M8[M]")
        number, rest = np.divmod(months - origin.astype(np.int64), self.months[rows])
        return number, exist & (rest == 0) & (number >= self.first[rows])

    def holding(self, rows: Rows, days: Days) -> Ints:
        """Find the term that holds a day: the first one if the day lies before it."""
        return np.maximum(_locate(self.origin[rows], self.months[rows], days), self.first[rows])


def terms(table: pa.Table, as_of: np.datetime64) -> Terms:
    """Find the first and the current term of every account in `table`."""
    start = days_of(table["start_date"])
    renewal = days_of(table["renewal_date"])
    months = term_months(table)
    origin = np.where(np.isnat(renewal), start, renewal)
    first = _first(origin, months, start)
    current = np.maximum(_locate(origin, months, np.full(len(start), as_of)), first)
    return Terms(origin, months, start, first, current)


def term_months(table: pa.Table) -> Ints:
    """Read the length of a term, in months; 12 where the account does not say."""
    filled = table["term_months"].fill_null(DEFAULT_MONTHS)
    return np.asarray(filled.to_numpy(zero_copy_only=False)).astype(np.int64)


def _locate(origin: Days, months: Ints, days: Days) -> Ints:
    """Find k with boundary k <= day < boundary k + 1; 0 where there is no origin or day."""
    unknown = np.isnat(origin) | np.isnat(days)
    origin, days = (np.where(unknown, np.datetime64(0, "D"), each) for each in (origin, days))
    number = months_between(origin, days) // months
    return number - (add_months(origin, number * months) > days)


def _first(origin: Days, months: Ints, start: Days) -> Ints:
    """Find the first term: the one that holds start_date, or the next where that is a sliver.

    A term that start_date cuts to less than half its days and to under 31 days is a sliver: its
    piece belongs to the next term.
    """
    holding = _locate(origin, months, start)
    begins = add_months(origin, holding * months)
    ends = add_months(origin, (holding + 1) * months)
    piece, whole = (ends - start).astype(np.int64), (ends - begins).astype(np.int64)
    sliver = (start > begins) & (2 * piece < whole) & (piece < SLIVER_DAYS)
    return np.where(np.isnat(start), BEFORE_ALL, holding + sliver)
