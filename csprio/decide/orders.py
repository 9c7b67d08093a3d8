"""Orders of accounts, added up batch by batch: for RFM, and for the lifetime value of buyers.

In: batches of rows in the order of the file. Out: `Orders`, `Purchases`; kept is a few numbers an
account, and each day on which one bought. Amounts are in units of 0.0001. Per account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.bgnbd import Purchases, purchases
from csprio.decide.columns import UNITS
from csprio.decide.distinct import Pairs
from csprio.decide.rfm import Orders
from csprio.decide.totals import Gathered, Total

if TYPE_CHECKING:
    from csprio.decide.windows import Seen

_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


class Ordered(Gathered):
    """Recency, frequency and monetary value, of rows with an amount in `column`."""

    def __post_init__(self) -> None:
        """Begin with none."""
        self._last = np.full(self.accounts, _LEAST)
        self._frequency = np.zeros(self.accounts, np.int64)
        self._some = np.zeros(self.accounts, bool)
        self._monetary = Total(self.accounts)

    def add(self, seen: Seen) -> None:
        """Add orders."""
        rows, amounts = seen.amounts(self.window, self.column)
        self._some[rows.row] = True
        self._monetary.add(rows.row, amounts)
        paid = rows.only(amounts > 0)
        np.add.at(self._frequency, paid.row, 1)
        np.maximum.at(self._last, paid.row, seen.batch.day[paid.place])

    def orders(self) -> Orders:
        """Give what the orders add up to; money beyond 64 bits is the most that these hold."""
        bought = self._frequency > 0
        recency = np.where(bought, self.window.last - np.where(bought, self._last, 0), 0)
        monetary = np.clip(self._monetary.scaled().units, _LEAST, _MOST).astype(np.int64)
        return Orders(recency, self._frequency, monetary, self._some, bought)


class Bought(Gathered):
    """When and for how much accounts bought: rows with an amount in `column` that is not below 0.

    A row of 0 is a purchase, as in the data that the models were published with; a refund is none.
    """

    def __post_init__(self) -> None:
        """Begin with none."""
        self._first = np.full(self.accounts, _MOST)
        self._last = np.full(self.accounts, _LEAST)
        self._days = Pairs(self.accounts)
        self._spent = Total(self.accounts)
        self._at_first = Total(self.accounts)

    def add(self, seen: Seen) -> None:
        """Add purchases."""
        rows, amounts = seen.amounts(self.window, self.column)
        paid, amounts = rows.only(amounts >= 0), amounts[amounts >= 0]
        row, day = paid.row, seen.batch.day[paid.place]
        self._days.add(row, day)
        self._spent.add(row, amounts)
        np.maximum.at(self._last, row, day)
        before = self._first[row]
        np.minimum.at(self._first, row, day)
        first = self._first[row]
        self._at_first.clear(row[first != before])
        self._at_first.add(row[day == first], amounts[day == first])

    def purchases(self) -> Purchases:
        """Give what the purchases add up to, times in days, amounts as money."""
        days = self._days.count()
        first, last = (np.where(days > 0, each, 0) for each in (self._first, self._last))
        again = self._spent.scaled().less(self._at_first.scaled()).units.astype(np.float64) / UNITS
        return purchases(days, self.window.last - first, self.window.last - last, again)
