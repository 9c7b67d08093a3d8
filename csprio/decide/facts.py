"""What is computed from an account's dates and amounts: fields of conditions and `--add`.

In: the graded table, the terms, what the journal told, the day asked about. Out: the table with
the computed columns. Per account. An input column called like a computed field counts instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.dates import NEVER, date_column, days_of
from csprio.decide.grading import replaced
from csprio.decide.occurrences import Dating, Events
from csprio.journal import GRADINGS

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.dates import BusinessDays, Days
    from csprio.decide.memory import Memory
    from csprio.decide.terms import Terms

NO_NOTICE = -1


@dataclass(frozen=True)
class Lately:
    """The last days of each account: it was graded, somebody was in touch; NaT: never."""

    graded: Days
    touched: Days

    def take(self, rows: npt.NDArray[np.int64]) -> Lately:
        """Take some accounts."""
        return Lately(self.graded[rows], self.touched[rows])


def with_computed(table: pa.Table, terms: Terms, days: Lately, as_of: np.datetime64) -> pa.Table:
    """Add headroom, tenure_days, renewal_in, days_since_grade, days_since_touch, last_touch.

    `term_months` becomes the length counted with, also where the account does not say it.
    """
    rows = np.arange(len(table))
    start = days_of(table["start_date"])
    never = np.full(len(table), NEVER)
    begun: Days = np.where(start > as_of, never, start)
    end = terms.end(rows, terms.current)
    computed = {
        "headroom": pc.subtract(table["potential"], table["arr"]),
        "tenure_days": _days(as_of - begun),
        "renewal_in": _days(end - as_of),
        "term_ends_in": _days(end - as_of),
        "term_end": date_column(end),
        "days_since_grade": _days(as_of - days.graded),
        "days_since_touch": _days(as_of - days.touched),
        "last_touch": date_column(days.touched),
    }
    for name, column in computed.items():
        if name not in table.column_names:
            table = table.append_column(name, column)
    return replaced(table, term_months=pa.array(terms.months))


def last_graded(table: pa.Table, memory: Memory) -> Days:
    """Give the day of each account's last grading, in the journal or the CRM; NaT: never."""
    days = days_of(table["graded_on"])
    return np.fmax(np.where(days > memory.as_of, NEVER, days), memory.last_day(*GRADINGS))


def dating(
    table: pa.Table, terms: Terms, graded: Days, business: BusinessDays, memory: Memory
) -> Dating:
    """Gather what dates depend on; the anchor `graded` falls back on start_date."""
    track, names = memory.events
    called = names.to_numpy(zero_copy_only=False).astype(np.str_)
    events = Events(track.row, called, track.day, memory.heard(track))
    notice = table["notice_days"].fill_null(NO_NOTICE).to_numpy(zero_copy_only=False)
    return Dating(
        terms,
        np.asarray(notice).astype(np.int64),
        np.where(np.isnat(graded), terms.start, graded),
        events,
        business,
    )


def _days(difference: npt.NDArray[np.timedelta64]) -> pa.Array:
    missing = np.isnat(difference)
    return pa.array(np.where(missing, 0, difference.astype(np.int64)), pa.int64(), mask=missing)
