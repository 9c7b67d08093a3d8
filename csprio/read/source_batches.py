"""Pieces of a source become batches: each column as what signals take it for.

Comes in: pieces of a file, and which columns are asked for. Goes out: `Batch`es; problems, with
their places, of what could not be read. Rows of days after the last one asked about are never seen,
and rows without a day are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from csprio.batches import Batch
from csprio.problems import Place, problem
from csprio.read import ids
from csprio.read.amounts import PLAIN
from csprio.read.fields import DATE, NUMBER
from csprio.read.source_cells import Cells, Read, Reader, cells_of
from csprio.read.source_columns import ACCOUNT
from csprio.read.source_days import heads_of
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from csprio.problems import Problem
    from csprio.read.pieces import Piece
    from csprio.read.source_columns import Asked, Columns
    from csprio.read.source_days import Calendar, Heads
    from csprio.read.source_remarks import Find, Remarks
    from csprio.read.via import Whose
    from csprio.settings import TableSettings

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

Values = TypeVar("Values")


class Written(NamedTuple):
    """An amount with a currency beside it: where it stands, and its text."""

    place: Place
    text: str


@dataclass
class Batches:
    """Makes batches of a source; what it finds on the way stays in it.

    `date` and `key` are the names of the columns of the day, and of whose a row is. `settle` says
    in which order a file has day and month; it is asked once, where a date leaves it open.
    """

    asked: Asked
    columns: Columns
    settings: TableSettings
    date: str
    key: str
    last: int
    whose: Whose
    reader: Reader
    calendar: Calendar
    remarks: Remarks
    settle: Callable[[], str | None]
    currencies: dict[str, Written] = field(default_factory=dict)
    typed: Reader = field(default_factory=lambda: Reader(PLAIN))

    def batch(self, piece: Piece) -> Batch | None:
        """Read a piece; None where no row is left."""
        work = _Work(self, piece)
        heads = work.heads(self.date)
        dates = [heads, *(work.heads(name) for name in self.asked.dates)]
        if self.calendar.order is None and any(each.is_open() for each in dates):
            self.calendar.order = self.settle()
        (day, known), bad, _ = self.calendar.days(heads)
        self.remarks.undated(heads.column, bad, self.calendar.order, work.find(self.date))
        seen = np.flatnonzero(known & (day <= self.last))
        if not len(seen):
            return None
        if len(seen) < len(day):
            work, day = work.only(seen), day[seen]
        row = self.whose.rows(work.cells(self.key), work.find(self.key))
        batch = Batch(
            row, day, seen + piece.first,
            numbers={name: work.read(name, Reader.numbers) for name in self.asked.numbers},
            answers={name: work.read(name, Reader.answers) for name in self.asked.answers},
            amounts={name: work.read(name, Reader.amounts) for name in self.asked.amounts},
            texts=work.texts(),
        )  # fmt: skip
        for row_of, name, currency, text in sorted(work.written):
            written = Written(work.find(name)(row_of), text)
            self.currencies.setdefault(currency, written)
        return batch

    def two_currencies(self) -> Iterator[Problem]:
        """Report further currencies than the first that amounts of the file are written in."""
        for currency, (place, text) in [*self.currencies.items()][1:]:
            taken, (there, shown) = next(iter(self.currencies.items()))
            facts = {"first": f"`{shown}` in {there.file}:{there.line}", "taken": taken}
            yield problem("two-currencies", place, value=text, found=currency, **facts)


@dataclass
class _Work:
    """A piece while it is read: its cleaned columns, by position, and what was told of them.

    `rows` are those of the piece that are seen; None is all.
    """

    batches: Batches
    piece: Piece
    rows: Ints | None = None
    cleaned: dict[int, Cells] = field(default_factory=dict)
    told: dict[int, Mask] = field(default_factory=dict)
    written: list[tuple[int, str, str, str]] = field(default_factory=list)

    def only(self, rows: Ints) -> _Work:
        """See only some of the rows."""
        cleaned = {at: column.take(rows) for at, column in self.cleaned.items()}
        return _Work(self.batches, self.piece, rows, cleaned)

    def cells(self, name: str) -> Cells:
        """Clean a column."""
        at = self.batches.columns[name]
        if at not in self.cleaned:
            column = cells_of(self.piece.columns[at], self.batches.settings.missing)
            self.cleaned[at] = column if self.rows is None else column.take(self.rows)
        return self.cleaned[at]

    def heads(self, name: str) -> Heads:
        """Clean a column of dates, and take the times off."""
        return heads_of(self.cells(name))

    def find(self, name: str) -> Find:
        """Say how the place of a row is found."""
        file, header = self.batches.columns.header.file, self.batches.columns.header_of(name)

        def place(row: int) -> Place:
            row = row if self.rows is None else int(self.rows[row])
            return Place(file, self.piece.line(row), header)

        return place

    def read(self, name: str, way: Callable[[Reader, Cells], Read[Values]]) -> Values:
        """Read a column; a cell that cannot be read is told of once, whatever it is taken for."""
        column, at = self.cells(name), self.batches.columns[name]
        reader = self.batches.typed if at in self.piece.numbers else self.batches.reader
        values, bad, currencies = way(reader, column)
        if bad:
            told = self.told.setdefault(at, np.zeros(len(column), np.bool_))
            self.batches.remarks.cells(column, bad, told, self.find(name))
        if currencies and not self.batches.settings.numerals.currency:
            for currency in {*currencies.values()} - self.batches.currencies.keys():
                texts = [text for text, one in currencies.items() if one == currency]
                rows = np.flatnonzero(column.marked(texts))[:1].tolist()
                self.written += [(row, name, currency, column.text(row)) for row in rows]
        return values

    def texts(self) -> pa.Table:
        """Give the columns that conditions, `distinct` and `by` look at."""
        columns = {name: self._text(name, kind) for name, kind in self.batches.asked.texts.items()}
        if columns:
            return pa.table(columns)
        rows = len(self.piece.columns[self.batches.columns[self.batches.date]])
        none = pa.nulls(rows if self.rows is None else len(self.rows))
        return pa.table({"": none}).select([])  # knows how many rows it has

    def _text(self, name: str, kind: str) -> pa.DictionaryArray:
        column = self.cells(name)
        if kind == NUMBER:
            column = self.read(name, Reader.plainly)
        elif kind == DATE:
            heads = heads_of(column)
            column = self.read(name, lambda *_: self.batches.calendar.iso(heads))
        elif plain(name) == plain(ACCOUNT) and self.batches.settings.ids == ids.SALESFORCE:
            column = column.once(ids.cut(column.texts))
        return column.coded()
