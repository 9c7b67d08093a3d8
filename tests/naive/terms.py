"""Terms of a contract: boundaries from one original date, the first term cut by the start."""

from dataclasses import dataclass
from datetime import date

from naive.workdays import add_months

SLIVER_DAYS = 31
MONTHS = 12


@dataclass(frozen=True)
class Term:
    """One term: its first day, its end (the next one's first day), its month in task ids."""

    first: date
    end: date
    month: str


def _months(month: str) -> int:
    """Count the months of ``2026-11`` from the year 0."""
    return int(month[:4]) * MONTHS + int(month[5:]) - 1


def _month_after(month: str, by: int) -> str:
    year, number = divmod(_months(month) + by, MONTHS)
    return f"{year:04d}-{number + 1:02d}"


class Terms:
    """All terms of one account, which has none without a start or a renewal date."""

    def __init__(self, start: date | None, renewal: date | None, months: int) -> None:
        """Count boundaries from the renewal date, else from the start."""
        self._origin = renewal or start
        self._months = months
        self._start = start
        self._first_index, self.first = self._first_term()

    def __bool__(self) -> bool:
        """Tell whether the account has terms at all."""
        return self._origin is not None

    def _boundary(self, index: int) -> date:
        assert self._origin is not None
        return add_months(self._origin, index * self._months)

    def _index(self, one: date) -> int:
        """Find the boundary on or before a day, by a guess that is then put right."""
        assert self._origin is not None
        apart = (one.year - self._origin.year) * 12 + one.month - self._origin.month
        index = apart // self._months
        while self._boundary(index) > one:
            index -= 1
        while self._boundary(index + 1) <= one:
            index += 1
        return index

    def _whole(self, index: int) -> Term:
        first = self._boundary(index)
        return Term(first, self._boundary(index + 1), f"{first.year:04d}-{first.month:02d}")

    def _first_term(self) -> tuple[int | None, Term | None]:
        """Cut the term that contains the start; a sliver of a cut term belongs to the next one."""
        if self._start is None:
            return None, None
        index = self._index(self._start)
        term = self._whole(index)
        if term.first == self._start:
            return index, term
        left, all_days = (term.end - self._start).days, (term.end - term.first).days
        if 2 * left < all_days and left < SLIVER_DAYS:
            index += 1
            term = self._whole(index)
        return index, Term(self._start, term.end, term.month)

    def _term(self, index: int) -> Term:
        """Give the term of a boundary; before the first there is only the first."""
        if self.first is not None and self._first_index is not None and index <= self._first_index:
            return self.first
        return self._whole(index)

    def nearest(self, one: date) -> Term | None:
        """Give the term that ends nearest to a day, of two the earlier."""
        if not self:
            return None
        index = self._index(one)
        near = [self._term(number) for number in range(index - 2, index + 3)]
        return min(near, key=lambda term: (abs(term.end - one), term.end))

    def moved(self, month: str) -> str:
        """Give the month next to a month of no boundary that a term has; else nothing."""
        if not self or not 1 <= int(month[5:]) <= MONTHS or self._boundary_in(month) is not None:
            return ""
        near = [_month_after(month, -1), _month_after(month, 1)]
        return next((one for one in near if self._has_term(one)), "")

    def _boundary_in(self, month: str) -> int | None:
        """Find the boundary that lies in a month, of terms that exist or not."""
        assert self._origin is not None
        apart = _months(month) - (self._origin.year * MONTHS + self._origin.month - 1)
        return None if apart % self._months else apart // self._months

    def _has_term(self, month: str) -> bool:
        """Tell whether the boundary of a term that exists lies in a month."""
        index = self._boundary_in(month)
        return index is not None and (self._first_index is None or index >= self._first_index)

    def current(self, as_of: date) -> Term | None:
        """Give the term that as-of lies in; with a start in the future, the first."""
        return self._term(self._index(as_of)) if self else None

    def around(self, one: date) -> Term | None:
        """Give the term that a day lies in, if it lies in one."""
        term = self.current(one)
        return term if term and term.first <= one else None

    def between(self, low: date, high: date) -> list[Term]:
        """List the terms that touch a stretch of days."""
        if not self:
            return []
        indexes = range(self._index(low), self._index(high) + 1)
        found = dict.fromkeys(self._term(index) for index in indexes)
        return [term for term in found if term.first <= high and term.end >= low]
