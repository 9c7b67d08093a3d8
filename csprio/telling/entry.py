"""What somebody tells the journal, before it is written there.

Comes in: an account and what is said of it. Goes out: an `Entry`, its cells, and the journal as it
would be with it. Nothing here checks or writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.journal import Journal, entry_schema
from csprio.rules import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from csprio.problems import Place


@dataclass(frozen=True)
class Entry:
    """One entry: texts as they will be written, `amount` the value as money; `place` says it."""

    account: str
    kind: str
    key: str = ""
    value: str = ""
    until: date | None = None
    note: str = ""
    amount: Decimal | None = None
    place: Place = NOWHERE

    @property
    def says(self) -> tuple[str, str, date | None, str]:
        """What it says, whoever says it when."""
        return self.kind, self.value, self.until, self.note

    def cells(self, day: date, by: str) -> tuple[str, ...]:
        """Give its cells as they stand in a journal."""
        until = self.until.isoformat() if self.until else ""
        return (
            day.isoformat(), self.account, self.kind, self.key, self.value, until, by, self.note
        )  # fmt: skip

    def __str__(self) -> str:
        """Write it as one line for people."""
        withdrawn = "withdrawn" if self.kind == "tier" and not self.value else ""
        said = [self.account, self.kind, self.key, self.value, withdrawn]
        until = f"until {self.until}" if self.until else ""
        return " ".join(filter(None, [*said, until]))


def with_entries(journal: Journal, entries: Sequence[Entry], day: date) -> Journal:
    """Give the journal as it will be once these entries of a day stand at its end."""
    rows = [
        {
            "date": day,
            "account_id": each.account,
            "kind": each.kind,
            "key": each.key or None,
            "value": each.value or None,
            "amount": each.amount,
            "until": each.until,
            "note": each.note or None,
        }
        for each in entries
    ]
    new = pa.Table.from_pylist(rows, schema=entry_schema())
    table = pa.concat_tables([journal.entries, new]).combine_chunks()
    days = table["date"].cast(pa.int32()).to_numpy()
    order = np.argsort(days, kind="stable")
    before = len(journal.entries)

    def place(number: int, column: str) -> Place:
        at = int(order[number])
        return journal.place(at, column) if at < before else entries[at - before].place

    return replace(journal, entries=table.take(pa.array(order)), find=place)
