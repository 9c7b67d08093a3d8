"""What `check` alone says of a journal: lines out of order, and entries that stand there twice.

Comes in: entries that can be read. Goes out: problems. Nothing here changes what an entry counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from csprio.problems import Place, Problem
    from csprio.read.entry_types import Typed

    Days = np.ndarray[tuple[int], np.dtype[np.int32]]

_ROW = "row"


def out_of_order(parts: Sequence[Typed], days: Sequence[Days]) -> Iterator[Problem]:
    """Note, once a file, the entries that are older than the one on the line before."""
    for part, here in zip(parts, days, strict=True):
        older = np.flatnonzero(np.diff(here) < 0) + 1
        if not len(older):
            continue
        row = int(older[0])
        place = part.file.place(int(part.rows[row]), "date")
        date, before = (np.datetime64(int(here[at]), "D") for at in (row, row - 1))
        lines = "1 line is" if len(older) == 1 else f"{len(older)} lines are"
        yield problem("journal-order", place, date=date, before=before, lines=lines)


def repeated(entries: pa.Table, place: Callable[[int, str], Place]) -> Iterator[Problem]:
    """Warn of each entry that stands above already, with all its cells."""
    names = [name for name in entries.column_names if name != "amount"]
    numbered = entries.select(names).append_column(_ROW, pa.array(np.arange(len(entries))))
    groups = numbered.group_by(names).aggregate([(_ROW, "count"), (_ROW, "min")])
    twice = groups.filter(pc.greater(groups[f"{_ROW}_count"], 1))
    if not len(twice):
        return
    first: dict[tuple[object, ...], int] = {}
    alike = pc.is_in(numbered["account_id"], pc.unique(twice["account_id"]))
    near = numbered.filter(alike).to_pydict()
    for cells in zip(*near.values(), strict=True):
        row, found = cells[-1], first.setdefault(cells[:-1], cells[-1])
        if found != row:
            here, there = place(row, ""), place(found, "")
            where = f"line {there.line}" + (f" of {there.file}" if there.file != here.file else "")
            yield problem("journal-repeated", here, first=where)
