"""What counts once, however many rows have it: days, texts, people who answered.

In: batches of rows in the order of the file. Out: arrays with one entry an account. Kept is each
different thing that an account has, once: as a bit each, where there are few of them. Per account.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide.nps import LEAST_PROMOTER, MOST_DETRACTOR, Answers, counted
from csprio.decide.totals import Gathered
from csprio.decide.windows import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    import numpy.typing as npt

    from csprio.decide.windows import Seen

    Ints = npt.NDArray[np.int64]
    Columns: TypeAlias = tuple[Ints, ...]  # of one length; the first are pairs

MANY = 2**20  # pairs that wait before they are looked through again
_LOW = 32  # bits of the second number of a pair; the account has the rest
_LOW_BITS = (1 << _LOW) - 1
_WORD = 64
_MOST_BITS = 8 * _WORD  # days of a window, or texts, that are kept as bits


def different(pairs: Ints) -> Ints:
    """Sort numbers, each once."""
    ordered = np.sort(pairs)  # far faster than `np.unique`
    return np.asarray(ordered[np.append(ordered[1:] != ordered[:-1], [True])[: len(ordered)]])


def _pairs(row: Ints, number: Ints) -> Ints:
    """Write accounts and numbers from 0 as one number each."""
    return row << _LOW | number


class Pairs:
    """Different pairs of an account and a number from 0."""

    def __init__(self, accounts: int) -> None:
        """Begin with none."""
        self._accounts = accounts
        self._pairs = np.zeros(0, np.int64)
        self._new: list[Ints] = []
        self._waiting = 0

    def add(self, row: Ints, number: Ints) -> None:
        """Add pairs; they may come more than once."""
        self._new.append(different(_pairs(row, number)))
        self._waiting += len(self._new[-1])
        if self._waiting > max(MANY, len(self._pairs)):
            self._settle()

    def count(self) -> Ints:
        """Count the different numbers of each account."""
        self._settle()
        return np.bincount(self._pairs >> _LOW, minlength=self._accounts)

    def _settle(self) -> None:
        self._pairs = different(np.concatenate([self._pairs, *self._new]))
        self._new, self._waiting = [], 0


class Bits:
    """Different pairs of an account and a number from 0 that is small: a bit each."""

    def __init__(self, accounts: int, numbers: int) -> None:
        """Begin with none, of so many numbers."""
        self._bits = np.zeros((accounts, -(-numbers // _WORD)), np.uint64)

    def add(self, row: Ints, number: Ints) -> None:
        """Add pairs; they may come more than once."""
        places = row * self._bits.shape[1] + number // _WORD
        marks = np.left_shift(np.uint64(1), (number % _WORD).astype(np.uint64))
        np.bitwise_or.at(self._bits.reshape(-1), places, marks)

    def grow(self, numbers: int) -> None:
        """Make room for so many numbers, if there is less."""
        more = -(-numbers // _WORD) - self._bits.shape[1]
        if more > 0:
            self._bits = np.pad(self._bits, ((0, 0), (0, more)))

    def count(self) -> Ints:
        """Count the different numbers of each account."""
        return np.asarray(np.bitwise_count(self._bits).sum(1, dtype=np.int64))

    def pairs(self) -> tuple[Ints, Ints]:
        """Give each pair, once: accounts, and their numbers."""
        found = []
        for word, bits in enumerate(self._bits.T):
            rows = np.flatnonzero(bits)
            letters = bits[rows].astype("<u8").view(np.uint8)
            at, bit = np.nonzero(np.unpackbits(letters, bitorder="little").reshape(-1, _WORD))
            found.append((rows[at], bit + word * _WORD))
        row, number = (np.concatenate(column) for column in zip(*found, strict=True))
        return row, number


class Days(Gathered):
    """How many different days have a row."""

    def __post_init__(self) -> None:
        """Begin with none: with a bit a day, where the window is not too long for that."""
        days = self.window.last - self.window.first + 1
        few = days <= _MOST_BITS
        self._days = Bits(self.accounts, days) if few else Pairs(self.accounts)

    def add(self, seen: Seen) -> None:
        """Mark the days."""
        rows = seen.rows(self.window)
        self._days.add(rows.row, self.window.last - seen.batch.day[rows.place])

    def count(self) -> Ints:
        """Count the days of each account."""
        return self._days.count()


class Named(Gathered):
    """Pairs of an account and a text, each once, perhaps with more that belongs to it.

    Texts get the numbers of their place in a list. The pairs of each batch first wait with a list
    of their own; the lists become one when enough pairs have come.
    """

    columns = 1

    def __post_init__(self) -> None:
        """Begin with none."""
        self._settled: Columns = tuple(np.zeros(0, np.int64) for _ in range(self.columns))
        self._texts = pa.array([], TEXT)
        self._new: list[tuple[Columns, pa.Array]] = []
        self._waiting = 0

    @abstractmethod
    def _once(self, columns: Columns) -> Columns:
        """Keep each pair once."""

    def _put(self, texts: pa.Array, *columns: Ints) -> None:
        """Add pairs whose second numbers are places in `texts`."""
        self._new.append((self._once(columns), texts))
        self._waiting += len(self._new[-1][0][0])
        if self._waiting > max(MANY, len(self._settled[0])):
            self._settle()

    def _all(self) -> Columns:
        """Give every pair, once, and what belongs to it."""
        self._settle()
        return self._settled

    def _settle(self) -> None:
        """Bring all pairs to one list of texts."""
        pieces = [(self._settled, self._texts), *self._new]
        places, self._texts = _united([texts for _, texts in pieces])
        moved = [
            (columns[0] & ~_LOW_BITS | place[columns[0] & _LOW_BITS], *columns[1:])
            for (columns, _), place in zip(pieces, places, strict=True)
        ]
        joined = tuple(np.concatenate(column) for column in zip(*moved, strict=True))
        self._settled = self._once(joined)
        self._new, self._waiting = [], 0


def _united(lists: Sequence[pa.Array]) -> tuple[list[Ints], pa.Array]:
    """Make one list of several, each text in it once: where each text of each list went, and it."""
    encoded = pa.concat_arrays(lists).dictionary_encode()
    places = encoded.indices.to_numpy().astype(np.int64)
    ends = np.cumsum([len(texts) for texts in lists])
    return np.split(places, ends[:-1]), encoded.dictionary


class Distinct(Named):
    """How many different texts a column has; blank is none."""

    def __post_init__(self) -> None:
        """Begin with none: with a bit a text, until there are too many for that."""
        super().__post_init__()
        self._few: Bits | None = Bits(self.accounts, _WORD)
        self._known = pa.array([], TEXT)  # the texts that have a bit

    def add(self, seen: Seen) -> None:
        """Look for texts."""
        rows = seen.rows(self.window)
        found = seen.texts(rows, self.column)
        row = rows.only(found.filled).row
        if self._few is not None:
            (_, places), known = _united([self._known, found.texts])
            if len(known) <= _MOST_BITS:
                self._known = known
                self._few.grow(len(known))
                self._few.add(row, places[found.code])
                return
            self._put(self._known, _pairs(*self._few.pairs()))
            self._few = None
        self._put(found.texts, _pairs(row, found.code))

    def count(self) -> Ints:
        """Count the different texts of each account."""
        if self._few is not None:
            return self._few.count()
        return np.bincount(self._all()[0] >> _LOW, minlength=self.accounts)

    def _once(self, columns: Columns) -> Columns:
        return (different(columns[0]),)


class Replies(Named):
    """The last answer of each person to a survey; whom nobody names is a person each time."""

    columns = 3  # the person, when, the answer

    def __post_init__(self) -> None:
        """Begin with none."""
        super().__post_init__()
        zeros = (np.zeros(self.accounts, np.int64) for _ in range(3))
        self._nameless = Answers(*zeros)

    def add(self, seen: Seen) -> None:
        """Look for answers."""
        rows, answers = seen.answers(self.window, self.column)
        if not self.by:
            self._count(rows.row, answers)
            return
        found = seen.texts(rows, self.by)
        named = rows.only(found.filled)
        self._count(rows.row[~found.filled], answers[~found.filled])
        pairs = _pairs(named.row, found.code)
        self._put(found.texts, pairs, seen.order[named.place], answers[found.filled])

    def answers(self) -> Answers:
        """Count the answers of each account, by kind."""
        pairs, _, answers = self._all()
        named, nameless = counted(pairs >> _LOW, answers, self.accounts), self._nameless
        return Answers(
            named.promoters + nameless.promoters,
            named.detractors + nameless.detractors,
            named.answers + nameless.answers,
        )

    def _count(self, row: Ints, answers: Ints) -> None:
        """Count answers of whom nobody names."""
        np.add.at(self._nameless.promoters, row[answers >= LEAST_PROMOTER], 1)
        np.add.at(self._nameless.detractors, row[answers <= MOST_DETRACTOR], 1)
        np.add.at(self._nameless.answers, row, 1)

    def _once(self, columns: Columns) -> Columns:
        """Keep the last answer of each person."""
        by_person = np.argsort(columns[0])
        pairs, order, answers = (column[by_person] for column in columns)
        begins = np.append([True], pairs[1:] != pairs[:-1])[: len(pairs)]
        last = np.maximum.reduceat(order, np.flatnonzero(begins))[np.cumsum(begins) - 1]
        kept = order == last  # one row each: no two have one order
        return pairs[kept], order[kept], answers[kept]
