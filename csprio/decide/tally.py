"""What the rows of one source add up to, seen on one or several days.

In: the signals, and batches of rows in the order of the file. Out: what measures, events, RFM and
lifetime value are made of, one entry an account. Rows are added as they come and none is kept, but
those that are events; each day that is asked about sees the rows on or before it alone. Per
account, but for how old the last row is: that is over the whole source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from csprio.decide.distinct import Days, Distinct, Replies
from csprio.decide.orders import Bought, Ordered
from csprio.decide.told import Each, First
from csprio.decide.totals import Count, CountKnown, Last, LastAnswer, LastDay, Least, Most, Sum
from csprio.decide.windows import Seen, Window, window
from csprio.signals import TRANSACTIONS, Take

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeVar

    import numpy.typing as npt

    from csprio.batches import Batch
    from csprio.decide.bgnbd import Purchases
    from csprio.decide.rfm import Orders
    from csprio.decide.told import Told
    from csprio.decide.totals import Gathered
    from csprio.signals import Measure, Signals

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

    Kind = TypeVar("Kind", bound=Gathered)

_ALL_ROWS = window(np.iinfo(np.int32).max, None)
_NO_DAY, _NEVER = np.iinfo(np.int64).min, np.iinfo(np.int64).max
_KINDS: Mapping[Take, tuple[type[Gathered], ...]] = {
    Take.SUM: (Sum,),
    Take.MEAN: (Sum, CountKnown),
    Take.MIN: (Least,),
    Take.MAX: (Most,),
    Take.LAST: (Last,),
    Take.COUNT: (Count,),
    Take.DAYS: (Days,),
    Take.DISTINCT: (Distinct,),
    Take.SINCE: (LastDay,),
    Take.TREND: (Sum,),
    Take.NPS: (Replies, LastAnswer),
}


class Tally:
    """The rows of a source, added up for each account and day asked about."""

    def __init__(
        self, signals: Signals, source: str, moments: Sequence[int], accounts: int
    ) -> None:
        """Begin with no row; `moments` are days from 1970-01-01, the one that is asked about first.

        Events are those of the first moment.
        """
        measures = [each for each in signals.measures if each.source == source]
        lengths = [each.over for each in measures if each.over is not None]
        given = signals.sources[source].stale_after
        self.stale_after = min(lengths, default=None) if given is None else given
        self.first_day = np.full(accounts, _NEVER)  # of any row of each account
        self._last_days = dict.fromkeys(moments, _NO_DAY)
        self.accounts = accounts
        self._gathered: dict[tuple[type[Gathered], Window, str, str], Gathered] = {}
        for measure in measures:
            for moment in moments:
                for kind in _KINDS[measure.take]:
                    for each in windows(measure, moment):
                        self._begin(kind, each, measure.column, measure.by)
        self._events: dict[str, Each | First] = {}
        for event in signals.events:
            if event.source == source:
                told: type[Each | First] = Each if event.each else First
                self._events[event.name] = self._begin(told, window(moments[0], None, event.where))
        self._orders: dict[int, Ordered] = {}
        self._purchases: dict[int, Bought] = {}
        for moment in moments:
            self._begin_trade(signals, source, moment)

    def _begin_trade(self, signals: Signals, source: str, moment: int) -> None:
        """Gather orders and purchases, where they are of this source."""
        rfm, clv = signals.rfm, signals.clv
        if rfm is not None and rfm.source == source:
            seen = window(moment, rfm.over)
            self._orders[moment] = self._begin(Ordered, seen, rfm.amount)
        if clv is not None and clv.model == TRANSACTIONS and clv.source == source:
            seen = window(moment, None)
            self._purchases[moment] = self._begin(Bought, seen, clv.amount)

    def add(self, batch: Batch) -> None:
        """Add some rows; batches come in the order of the file."""
        for moment, last in self._last_days.items():
            seen_days = np.where(batch.day <= moment, batch.day, _NO_DAY)
            self._last_days[moment] = int(seen_days.max(initial=last))
        seen = Seen(batch)
        rows = seen.rows(_ALL_ROWS)
        np.minimum.at(self.first_day, rows.row, seen.batch.day[rows.place])
        for each in self._gathered.values():
            each.add(seen)

    def last_day(self, moment: int) -> int | None:
        """Give the day of the last row on or before a moment, of whomever; None without one."""
        last = self._last_days[moment]
        return None if last == _NO_DAY else last

    def is_stale(self, moment: int) -> bool:
        """Tell whether the last row is too old for measures of a window to mean anything."""
        last, most = self.last_day(moment), self.stale_after
        return last is not None and most is not None and moment - last > most

    def any_row(self, moment: int) -> Mask:
        """Tell which accounts have a row on or before a moment, whatever it says."""
        return self.first_day <= moment

    def of(self, kind: type[Kind], window: Window, measure: Measure) -> Kind:
        """Give what the rows of a window add up to for a measure."""
        return cast("Kind", self._gathered[kind, window, measure.column, measure.by])

    def events(self) -> Mapping[str, Told]:
        """Give the rows that count as events, by the name of the event."""
        return {name: rows.told() for name, rows in self._events.items()}

    def orders(self, moment: int) -> Orders | None:
        """Give the orders that RFM scores, where they are of this source."""
        found = self._orders.get(moment)
        return None if found is None else found.orders()

    def purchases(self, moment: int) -> Purchases | None:
        """Give the purchases that lifetime value comes from, where they are of this source."""
        found = self._purchases.get(moment)
        return None if found is None else found.purchases()

    def _begin(self, kind: type[Kind], window: Window, column: str = "", by: str = "") -> Kind:
        """Gather something, if nothing asks for it yet."""
        key = kind, window, column, by
        if key not in self._gathered:
            self._gathered[key] = kind(self.accounts, window, column, by)
        return cast("Kind", self._gathered[key])


def windows(measure: Measure, moment: int) -> tuple[Window, ...]:
    """Give the window of a measure, and for a trend the one before it."""
    now = window(moment, measure.over, measure.where)
    if measure.take is not Take.TREND:
        return (now,)
    return now, window(now.first - 1, measure.over, measure.where)
