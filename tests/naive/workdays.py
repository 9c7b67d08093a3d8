"""Date arithmetic: units, month ends, business days and rolling. Knows no account."""

import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

FIRST, LAST = date(1950, 1, 1), date(2150, 1, 1)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MONTHS_OF = {"mo": 1, "q": 3, "y": 12}
DAYS_OF = {"d": 1, "w": 7}


@dataclass(frozen=True)
class Span:
    """So many of a unit, with its sign: ``- 90d`` is ``Span(-90, "d")``; a bare anchor has none."""

    count: int
    unit: str
    minus: bool = False

    @property
    def months(self) -> int | None:
        """The span in months, where its unit is one of months."""
        return self.count * MONTHS_OF[self.unit] if self.unit in MONTHS_OF else None


def span(text: str) -> Span:
    """Read ``3mo``, ``+ 5bd`` or ``- 90d``."""
    found = re.fullmatch(r"\s*([+-]?)\s*(\d+)\s*(bd|mo|d|w|q|y)\s*", text)
    if found is None:
        message = f"no span: {text!r}"
        raise ValueError(message)
    minus = found[1] == "-"
    return Span(-int(found[2]) if minus else int(found[2]), found[3], minus)


def add_months(origin: date, months: int) -> date:
    """Go whole months from a day, the month's end clipped."""
    year, month = divmod(origin.year * 12 + origin.month - 1 + months, 12)
    return date(year, month + 1, min(origin.day, monthrange(year, month + 1)[1]))


class Workdays:
    """The business days of a configuration, in one list, so that counting is indexing."""

    def __init__(self, weekend: list[str], holidays: list[str]) -> None:
        """List every day of two centuries that is neither on the weekend nor a holiday."""
        off = {DAYS.index(name) for name in weekend}
        closed = {date.fromisoformat(text).toordinal() for text in holidays}
        days = range(FIRST.toordinal(), LAST.toordinal())
        self._worked = [d for d in days if (d - 1) % 7 not in off and d not in closed]
        self._known = set(self._worked)

    def is_worked(self, one: date) -> bool:
        """Tell whether somebody works that day."""
        return one.toordinal() in self._known

    def later(self, one: date) -> date:
        """Find the first business day from that day on."""
        return date.fromordinal(self._worked[bisect_left(self._worked, one.toordinal())])

    def earlier(self, one: date) -> date:
        """Find the last business day up to that day."""
        return date.fromordinal(self._worked[bisect_right(self._worked, one.toordinal()) - 1])

    def add(self, one: date, count: int, *, backward: bool) -> date:
        """Count business days, first off a day off: forward for plus, backward for minus."""
        begin = self.earlier(one) if backward else self.later(one)
        at = bisect_left(self._worked, begin.toordinal())
        return date.fromordinal(self._worked[at + count])

    def shift(self, one: date, by: Span | None, times: int = 1) -> date:
        """Go a span, or several at once, from a day; without any it stays there."""
        if by is None or times == 0:
            return one
        if by.unit == "bd":
            return self.add(one, by.count * times, backward=by.minus)
        if by.months is not None:
            return add_months(one, by.months * times)
        return one + timedelta(days=by.count * times * DAYS_OF[by.unit])


@lru_cache(maxsize=8)
def workdays(weekend: tuple[str, ...], holidays: tuple[str, ...]) -> Workdays:
    """List the business days once for several questions about one folder."""
    return Workdays(list(weekend), list(holidays))
