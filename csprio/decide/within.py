"""Which accounts, and which of their terms, can have an occurrence due within a span of days.

In: an activity dated from terms, what dates depend on, the span. Out: bounds that leave nothing
out, and take in little that is not due there. Per account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.dates import months_of
from csprio.rules import Activity, Anchor

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.dates import Ints
    from csprio.decide.occurrences import Dating, Span

    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]


def can_be_due(activity: Activity, rows: Rows, dating: Dating, span: Span) -> Mask:
    """Tell, as fast as can be, which accounts can have an occurrence due within the span.

    Only months are looked at: one is near in which the anchor can lie, and in which a term begins.
    Besides, a first term begins on start_date, and what would be due before that is due on it.
    """
    terms, roll = dating.terms, dating.business.longest_roll
    least, most = dating.business.moves(activity.due.offset)
    low, high = span.low[rows] - roll, span.high[rows] + roll
    begin, end = low - most, high - least
    start = terms.start[rows]
    on_start = (start >= np.minimum(begin, low)) & (start <= np.maximum(end, high))
    if activity.due.anchor is Anchor.NOTICE:
        notice = dating.notice_days[rows].astype("m8[D]")
        begin, end = begin + notice, end + notice
    last = months_of(end)
    since_term = (last - months_of(terms.origin[rows])) % terms.months[rows]
    return np.asarray(on_start | (since_term <= last - months_of(begin)))


def terms_within(activity: Activity, rows: Rows, dating: Dating, span: Span) -> tuple[Ints, Ints]:
    """Bound the numbers of the terms whose occurrences can be due within the span.

    An occurrence of anchor `term` lies before its term's end; the others lie around that end.
    """
    terms, roll = dating.terms, dating.business.longest_roll
    moved = dating.business.reach(activity.due.offset)
    notice = dating.notice_days[rows] if activity.due.anchor is Anchor.NOTICE else 0
    ending = int(activity.due.anchor is not Anchor.TERM)
    back = roll + notice + (moved if activity.due.offset.count < 0 else 0)
    forward = roll + ending * (moved + 1)
    first = terms.holding(rows, span.low[rows] - forward)
    last = terms.holding(rows, span.high[rows] + np.asarray(back).astype("m8[D]")) - ending
    return np.maximum(first, terms.first[rows]), last
