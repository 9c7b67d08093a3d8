"""When tasks were closed: the day of the line that decides each one.

In: the journal's entries and the day asked about. Out: days by task_id. Per account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.journal import CLOSINGS

if TYPE_CHECKING:
    from datetime import date


def days_closed(entries: pa.Table, as_of: date) -> dict[str, str]:
    """Give the ISO day of the last line of every task that was told of by then."""
    here = pc.and_(
        pc.is_in(entries["kind"], pa.array(CLOSINGS)),
        pc.less_equal(entries["date"], pa.scalar(as_of)),
    )
    found = entries.filter(here)
    days = found["date"].cast(pa.string()).to_pylist()
    return dict(zip(found["key"].fill_null("").to_pylist(), days, strict=True))
