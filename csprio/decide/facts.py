"""What is computed from an account's dates and amounts: fields of conditions and `--add`.

In: the graded table, the terms and the day asked about. Out: the table with the computed columns.
Per account. An input column called like a computed field counts instead of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.dates import NEVER, date_column, days_of
from csprio.decide.grading import replaced
from csprio.decide.occurrences import NO_EVENTS, Dating, Events

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.dates import BusinessDays, Days
    from csprio.decide.terms import Terms

NO_NOTICE = -1


def with_computed(table: pa.Table, terms: Terms, as_of: np.datetime64) -> pa.Table:
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
        "days_since_grade": _days(as_of - graded_on(table, as_of)),
        "days_since_touch": _days(as_of - never),
        "last_touch": date_column(never),
    }
    for name, column in computed.items():
        if name not in table.column_names:
            table = table.append_column(name, column)
    return replaced(table, term_months=pa.array(terms.months))


def graded_on(table: pa.Table, as_of: np.datetime64) -> Days:
    """Give the day of the last grading that is known on `as_of`; NaT where there is none."""
    days = days_of(table["graded_on"])
    return np.where(days > as_of, NEVER, days)


def dating(
    table: pa.Table,
    terms: Terms,
    as_of: np.datetime64,
    business: BusinessDays,
    events: Events = NO_EVENTS,
) -> Dating:
    """Gather what dates depend on; the anchor `graded` falls back on start_date."""
    graded = graded_on(table, as_of)
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
