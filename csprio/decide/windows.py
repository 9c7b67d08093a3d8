"""What a batch of rows shows through a window: some days, and a condition that rows must meet.

In: a `Batch` of a source, windows, names of columns. Out: the rows that are seen, and what they
hold. Each window is looked through once a batch, each condition decided once, each column of texts
numbered once. Rows of accounts that the book lacks are never seen. Per account.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.batches import NOBODY
from csprio.decide.conditions import Conditions
from csprio.rules import ALWAYS, Clause
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    import numpy.typing as npt

    from csprio.batches import Batch, Numbers, Units
    from csprio.rules import Condition

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

    Column = TypeVar("Column", Numbers, Units)

TEXT = pa.large_string()  # more than 2 GiB of texts may be counted
_LINES = 40  # bits for the number of a row in its file: the rest is its day
_BLANK = -1
_EVER = -(2**31)  # before any day


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
    """Rows of a batch: the place of each in it, and its account."""

    place: Ints
    row: Ints

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.place)

    def only(self, keep: Mask) -> Rows:
        """Keep some of the rows."""
        return Rows(self.place[keep], self.row[keep])


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
        """Look at a batch."""
        self.batch = batch
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
        """Find the rows of a window, in the order of the file."""
        if window not in self._rows:
            allowed, day = self._allows(window.where), self.batch.day
            place = np.flatnonzero(allowed & (day >= window.first) & (day <= window.last))
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
        code = code[filled]
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


def ordered(day: Ints, at: Ints) -> Ints:
    """Give numbers to rows, by their day, then by their number in the file."""
    return day << _LINES | at


def unordered(order: Ints) -> tuple[Ints, Ints]:
    """Give back the day and the number in the file."""
    return order >> _LINES, order & ((1 << _LINES) - 1)


def _named(columns: Mapping[str, Column], name: str) -> Column:
    """Find a column as headers are found: case, spaces, `_`, `-` and `.` do not matter."""
    return {plain(each): found for each, found in columns.items()}[plain(name)]


def _known(rows: Rows, found: Numbers | Units) -> Rows:
    """Keep the rows that have a number."""
    return rows.only(found.known[rows.place])
