"""Whose a row of a source is: by the account's id in it, or by a key that another file knows.

Comes in: columns of ids or keys, the ids of the book, perhaps the other file. Goes out: rows of the
book. Ids and keys that lead nowhere are counted; a key of two accounts is a `Stop`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.batches import NOBODY
from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read import ids
from csprio.read.id_index import IdIndex
from csprio.read.source_cells import Cells, cells_of, places
from csprio.read.source_columns import ACCOUNT
from csprio.read.source_remarks import Strays
from csprio.read.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from csprio.problems import Problem
    from csprio.read.pieces import File
    from csprio.read.source_columns import Columns
    from csprio.read.source_remarks import Find
    from csprio.settings import TableSettings

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Via:
    """Keys, each once, and the account of each; a row without one of the two says nothing."""

    index: IdIndex
    accounts: pa.Array


@dataclass
class Whose:
    """Finds the rows of the book, and counts the rows that are nobody's."""

    book: IdIndex
    is_cut: bool  # Salesforce ids are compared by the characters that tell them apart
    via: Via | None = None
    aside: IdIndex | None = None  # accounts that are left out on purpose, those of the book too
    strangers: Strays = field(default_factory=Strays)  # ids that the book lacks
    lacking: Strays = field(default_factory=Strays)  # keys that the other file lacks
    met: bool = False  # whether any row is of an account of the book
    _rows: Ints | None = None  # of each account of the other file

    def rows(self, column: Cells, find: Find) -> Ints:
        """Find the row of each id, or of the account of each key; `NOBODY` where there is none."""
        if self.via is None:
            rows = column.spread(self._in_book(column.texts), NOBODY)
            met = rows if self.aside is None else column.spread(self._aside(column.texts), NOBODY)
            self._meet(column, np.ones(len(rows), bool), met, find)
            return rows
        if self._rows is None:
            self._rows = np.append(self._in_book(self.via.accounts), NOBODY)
        keys = column.spread(self.via.index.rows(column.texts), NOBODY)
        self.lacking.add(column, np.flatnonzero(keys == NOBODY), find)
        rows = self._rows[keys]
        accounts = Cells(self.via.accounts, keys.astype(np.int32))
        met = rows
        if self.aside is not None:
            met = np.append(self._aside(self.via.accounts), NOBODY)[keys]
        self._meet(accounts, keys != NOBODY, met, find)
        return rows

    def _meet(self, column: Cells, asked: Mask, met: Ints, find: Find) -> None:
        """Count the rows whose account nobody knows, of those that name one."""
        self.strangers.add(column, np.flatnonzero(asked & (met == NOBODY)), find)
        self.met |= bool((met != NOBODY).any())

    def _in_book(self, accounts: pa.Array) -> Ints:
        return self.book.rows(ids.cut(accounts) if self.is_cut else accounts)

    def _aside(self, accounts: pa.Array) -> Ints:
        assert self.aside is not None  # noqa: S101 - who asks has it
        return self.aside.rows(ids.cut(accounts) if self.is_cut else accounts)


def read_via(file: File, columns: Columns, key: str, settings: TableSettings) -> Via:
    """Read which account each key is of."""
    keys, accounts, rows = _pairs(file, columns, key, settings)
    coded, named = keys.dictionary_encode(), accounts.dictionary_encode()
    codes, names = places(coded).astype(np.int64), places(named)
    first = ids.first_rows(codes, np.arange(len(codes)), len(coded.dictionary))
    again = np.flatnonzero(names != names[first[codes]])
    if len(again):
        wrong = ids.first_rows(codes[again], again, len(coded.dictionary))
        pairs = [(at, int(first[codes[at]])) for at in sorted(wrong[wrong >= 0].tolist())]

        def line(at: int) -> int:
            return file.line(int(rows[at]), columns[key])

        def errors() -> Iterator[Problem]:
            for at, there in pairs:
                place = Place(columns.header.file, line(at), columns.header_of(key))
                facts = {"key": short(keys[at].as_py()), "account": short(accounts[at].as_py())}
                facts |= {"other": short(accounts[there].as_py()), "column": place.column}
                yield problem("via-two", place, line=line(there), **facts)

        raise Stop(ExitCode.UNUSABLE, errors())
    return Via(IdIndex(coded.dictionary), accounts.take(pa.array(first)))


def _pairs(
    file: File, columns: Columns, key: str, settings: TableSettings
) -> tuple[pa.Array, pa.Array, Ints]:
    """Read keys and accounts, both there, and the number of the row that each pair is of."""
    keys, accounts, rows = [], [], [np.zeros(0, np.int64)]
    for piece in file.walk([columns[key], columns[ACCOUNT]], columns[key]):
        read = cells_of(piece.columns[columns[key]], settings.missing)
        named = cells_of(piece.columns[columns[ACCOUNT]], settings.missing)
        here = np.flatnonzero(~read.blank & ~named.blank)
        keys.append(read.take(here).coded().cast(pa.string()))
        found = named.take(here).coded().cast(pa.string())
        accounts.append(ids.cut(found) if settings.ids == ids.SALESFORCE else found)
        rows.append(here + piece.first)
    none = [pa.array([], pa.string())]
    return pa.concat_arrays(keys or none), pa.concat_arrays(accounts or none), np.concatenate(rows)
