"""The rows of all files as one table, each knowing the file and the row it comes from.

Comes in: the parts, one a file. Goes out: a `Stack`, from which rows can be selected. Nothing here
reads a cell or says what is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.read.part import NAMES, empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from csprio.problems import Place
    from csprio.read.part import Needs, Part

    Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
    Marked = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Stack:
    """Accounts in file order: `table` is typed, `written` as written.

    `files` and `rows` say where each comes from: which part, and which of its rows.
    """

    parts: tuple[Part, ...]
    table: pa.Table
    written: pa.Table
    files: Rows
    rows: Rows

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def select(self, rows: Rows) -> Stack:
        """Take these rows, in this order."""
        if len(rows) == len(self):
            return self
        at = pa.array(rows)
        return replace(
            self, table=self.table.take(at), written=self.written.take(at),
            files=self.files[rows], rows=self.rows[rows],
        )  # fmt: skip

    def place(self, row: int, name: str) -> Place:
        """Say where a field of a row stands; the line is looked up in the file only now."""
        part = self.parts[int(self.files[row])]
        return part.place(int(self.rows[row]), name)

    def text(self, row: int, name: str) -> str | None:
        """Give the cell of a field as it is written; None for an empty one, or no such column."""
        texts = self.parts[int(self.files[row])].texts.get(name)
        return None if texts is None else texts[int(self.rows[row])].as_py()

    def by_part(self) -> Iterator[tuple[Part, Marked]]:
        """Give each file with a mark at each of its rows that is still here."""
        for number, part in enumerate(self.parts):
            here = np.zeros(part.rows, dtype=np.bool_)
            here[self.rows[self.files == number]] = True
            yield part, here

    def unreadable(self, name: str) -> Marked:
        """Mark the rows whose cell of a field could not be read."""
        found = []
        for part, here in self.by_part():
            bad = part.typed[name].bad if name in part.typed else ()
            found.append(part.marked(name, bad)[here])
        return np.concatenate(found)


def pile(parts: Sequence[Part], needs: Needs) -> Stack:
    """Put the rows of all files one below the other; what a file lacks is missing there."""
    kinds = needs.kinds
    found = {name for part in parts for name in part.typed}
    names = [name for name in kinds if name in NAMES or name in needs.roles or name in found]
    table = pa.table({
        name: _pile([p.typed[name].values if name in p.typed else
                     empty(name, kinds[name], p.rows) for p in parts])
        for name in names
    })  # fmt: skip
    added = list(dict.fromkeys(name for part in parts for name in part.written))
    written = pa.table({
        name: _pile([p.written.get(name, pa.nulls(p.rows, pa.string())) for p in parts])
        for name in added
    })  # fmt: skip
    files = np.repeat(np.arange(len(parts)), [part.rows for part in parts])
    rows = np.concatenate([np.arange(part.rows) for part in parts])
    return Stack(tuple(parts), table, written, files, rows)


def _pile(columns: list[pa.Array]) -> pa.Array:
    """Put columns one below the other."""
    return columns[0] if len(columns) == 1 else pa.concat_arrays(columns)
