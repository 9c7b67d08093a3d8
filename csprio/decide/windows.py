"""What a batch of rows shows through a window: some days, and a condition that rows must meet.

In: a `Batch` of a source, windows, names of columns. Out: the rows that are seen, by account, and
what they hold. Each window is looked through once a batch, each condition decided once, each column
of texts numbered once. Rows of accounts that the book lacks are never seen. Per account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.batches import NOBODY, Numbers, Units
from csprio.decide.conditions import Conditions
from csprio.rules import ALWAYS, Clause
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    import numpy.typing as npt

    from csprio.batches import Batch
    from csprio.rules import Condition

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

    Column = TypeVar("Column", Numbers, Units)

TEXT = pa.large_string()  # more than 2 GiB of texts may be counted
_LINES = 40  # bits for the number of a row in its file: the rest is its day
_BLANK = -1
_EVER = -(2**31)  # before any day
_PLACE = 32  # bits for the place of a row in its batch: the rest is its account


@dataclass(frozen=True)
class Window:
    """Days from 1970-01-01, `first` to `last`, both in; rows in it must meet `where`."""

    first: int
    last: int
    where: Condition = ALWAYS


def window(moment: int, over: int | None, where: Condition = ALWAYS) -> Window:
    """Make the window of `over` days (None: all days) that ends on a day."""
    return Window(_EVER if over is None else moment - over + 1, moment, _bare(where))


def _bare(where: Condition) -> Condition:
    """Leave out the places of a condition, so that what is written twice is decided once."""
    if isinstance(where, Clause):
        return Clause(where.field, where.test)
    return type(where)(tuple(map(_bare, where.parts)))


@dataclass(frozen=True)
class Rows:
    """Rows of a batch: the place of each in it, and its account.

    The places of rows that follow each other are a slice: columns are seen through it, not copied.
    """

    place: Ints | slice
    row: Ints

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.row)

    def only(self, keep: Mask) -> Rows:
        """Keep some of the rows."""
        if keep.all():
            return self
        kept = np.flatnonzero(keep)
        if isinstance(self.place, slice):
            return Rows(self.place.start + kept, self.row[kept])
        return Rows(self.place[kept], self.row[kept])


@dataclass(frozen=True)
class Texts:
    """The texts that some rows have in a column.

    `filled` tells which of the rows have one; `code` has one entry for each that does: the place of
    its text in `texts`, which holds no other texts than these.
    """

    filled: Mask
    code: Ints
    texts: pa.Array


class Seen:
    """A batch, looked at through windows."""

    def __init__(self, batch: Batch) -> None:
        """Look at a batch, its rows put in the order of the book."""
        self.batch = batch = by_account(batch)
        # A table without columns has no rows, but conditions are to be decided for each.
        bare = pa.table({"": pa.nulls(len(batch))})
        self._conditions = Conditions(batch.texts if batch.texts.num_columns else bare)
        self._allowed: dict[Condition, Mask] = {}
        self._rows: dict[Window, Rows] = {}
        self._codes: dict[str, tuple[Ints, pa.Array]] = {}

    @cached_property
    def order(self) -> Ints:
        """Give a number to each row that is greater the later its day, then its line."""
        return ordered(self.batch.day, self.batch.at)

    def rows(self, window: Window) -> Rows:
        """Find the rows of a window: by account, those of one in the order of the file."""
        if window not in self._rows:
            allowed, day = self._allows(window.where), self.batch.day
            found = np.flatnonzero(allowed & (day >= window.first) & (day <= window.last))
            place = _run(found)
            self._rows[window] = Rows(place, self.batch.row[place])
        return self._rows[window]

    def _allows(self, where: Condition) -> Mask:
        """Tell which rows are of a known account and meet a condition."""
        if where not in self._allowed:
            self._allowed[where] = (self.batch.row > NOBODY) & self._conditions.mask(where)
        return self._allowed[where]

    def numbers(self, window: Window, column: str) -> tuple[Rows, Ints, Ints]:
        """Find the rows of a window with a number in a column, and the number: whole and part."""
        found = _named(self.batch.numbers, column)
        rows = _known(self.rows(window), found)
        return rows, found.whole[rows.place], found.part[rows.place]

    def answers(self, window: Window, column: str) -> tuple[Rows, Ints]:
        """Find the rows of a window with an answer to a survey, and the answer."""
        found = _named(self.batch.answers, column)
        rows = _known(self.rows(window), found)
        return rows, found.units[rows.place]

    def amounts(self, window: Window, column: str) -> tuple[Rows, Ints]:
        """Find the rows of a window with the amount of an order, and the amount."""
        found = _named(self.batch.amounts, column)
        rows = _known(self.rows(window), found)
        return rows, found.units[rows.place]

    def texts(self, rows: Rows, column: str) -> Texts:
        """Find the texts that rows have in a column."""
        if column not in self._codes:
            self._codes[column] = self._encoded(column)
        codes, texts = self._codes[column]
        code = codes[rows.place]
        filled = code != _BLANK
        code = code if filled.all() else code[filled]
        used = np.zeros(len(texts), bool)
        used[code] = True
        return Texts(filled, (np.cumsum(used) - 1)[code], texts.filter(pa.array(used)))

    def _encoded(self, column: str) -> tuple[Ints, pa.Array]:
        """Give a number to each text of a column: what row has which, and the texts."""
        found = self._conditions.column(column)
        if found is None:
            return np.full(len(self.batch), _BLANK), pa.array([], TEXT)
        encoded = found.combine_chunks().dictionary_encode()
        if encoded.dictionary.null_count:  # blanks that were numbered like a text
            encoded = encoded.cast(encoded.dictionary.type).dictionary_encode()
        codes = pc.fill_null(encoded.indices, _BLANK).to_numpy(zero_copy_only=False)
        return codes, encoded.dictionary.cast(TEXT)


def by_account(batch: Batch) -> Batch:
    """Put rows in the order of their accounts in the book, those of one in the order of the file.

    What each account has so far is then walked through from front to back, not looked up all over
    memory, which takes several times as long.
    """
    if (batch.row[1:] >= batch.row[:-1]).all():
        return batch
    order = (batch.row << _PLACE) | np.arange(len(batch))
    order.sort()  # faster than `np.argsort`
    order &= (1 << _PLACE) - 1
    texts = batch.texts.take(pa.array(order)) if batch.texts.num_columns else batch.texts
    return replace(
        batch,
        row=batch.row[order],
        day=_in(order, batch.day),
        at=batch.at[order],
        texts=texts,
        numbers={
            name: Numbers(_in(order, each.whole), _in(order, each.part), _in(order, each.known))
            for name, each in batch.numbers.items()
        },
        answers={name: _units(each, order) for name, each in batch.answers.items()},
        amounts={name: _units(each, order) for name, each in batch.amounts.items()},
    )


def _units(units: Units, order: Ints) -> Units:
    return Units(_in(order, units.units), _in(order, units.known))


def _in(order: Ints, column: Any) -> Any:  # noqa: ANN401 - an array comes, one of its type goes
    """Put a column in order; one that says the same of every row is in any order."""
    return column[order] if (column != column[:1]).any() else column


def ordered(day: Ints, at: Ints) -> Ints:
    """Give numbers to rows, by their day, then by their number in the file."""
    return day << _LINES | at


def unordered(order: Ints) -> tuple[Ints, Ints]:
    """Give back the day and the number in the file."""
    return order >> _LINES, order & ((1 << _LINES) - 1)


def _run(places: Ints) -> Ints | slice:
    """Make a slice of ascending places, where none is left out between the first and the last."""
    if not len(places) or places[-1] - places[0] >= len(places):
        return places
    return slice(int(places[0]), int(places[-1]) + 1)


def _named(columns: Mapping[str, Column], name: str) -> Column:
    """Find a column as headers are found: case, spaces, `_`, `-` and `.` do not matter."""
    return {plain(each): found for each, found in columns.items()}[plain(name)]


def _known(rows: Rows, found: Numbers | Units) -> Rows:
    """Keep the rows that have a number."""
    return rows.only(found.known[rows.place])
