"""Events that rows of sources tell, put among the entries of the journal.

In: the journal, and what sources tell. Out: a journal with both, in the order that counts. On one
day rows speak first, so that what a person tells beats them. Per account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.journal import Journal, entry_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from csprio.problems import Place

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Heard:
    """Events of one name that rows of a source tell, one entry each.

    `row` is that of the account in the book, `day` counts from 1970-01-01, `at` is the number of
    the row in its file, and `find` gives the place of such a row.
    """

    name: str
    row: Ints
    day: Ints
    at: Ints
    find: Callable[[int, str], Place]


def with_heard(journal: Journal, ids: pa.Array, events: Sequence[Heard]) -> Journal:
    """Put events of sources among the entries; `ids` are those of the book's accounts."""
    events = [each for each in events if len(each.row)]
    if not events:
        return journal
    told = journal.entries.combine_chunks()
    table = pa.concat_tables([*(_entries(each, ids) for each in events), told]).combine_chunks()
    days = table["date"].cast(pa.int32()).to_numpy()
    order = np.argsort(days, kind="stable")
    starts = np.cumsum([0, *(len(each.row) for each in events)])

    def find(entry: int, column: str) -> Place:
        at = int(order[entry])
        if at >= starts[-1]:
            return journal.place(at - int(starts[-1]), column)
        source = int(np.searchsorted(starts, at, side="right")) - 1
        each = events[source]
        return each.find(int(each.at[at - int(starts[source])]), "")

    heard = order < starts[-1]
    return replace(journal, entries=table.take(pa.array(order)), find=find, heard=heard)


def _entries(events: Heard, ids: pa.Array) -> pa.Table:
    """Write events as entries of a journal."""
    schema, rows = entry_schema(), len(events.row)
    known = {
        "date": pa.array(events.day.astype("M8[D]")),
        "account_id": ids.take(pa.array(events.row)),
        "kind": pa.repeat(pa.scalar("event", pa.string()), rows),
        "key": pa.repeat(pa.scalar(events.name, pa.string()), rows),
    }
    columns = [known.get(field.name, pa.nulls(rows, field.type)) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)
