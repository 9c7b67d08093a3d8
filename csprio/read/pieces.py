"""A file of rows, read in pieces: so much of it is in memory at a time, however long it is.

Comes in: the path of a CSV and, if that is said, its encoding. Goes out: `Piece`s of rows, their
cells as written. Arrow reads; a file in which anything is odd is read at once, in the exact way
that accounts files are. Nothing here knows what a column means.
"""

from __future__ import annotations

from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.problems import ExitCode, Stop
from csprio.read.parquet import Parquet
from csprio.read.source import Source, read_table, utf8_first
from csprio.read.table import lay_out, read_columns
from csprio.read.text_pieces import Odd, Texts, line_ends, whole_rows
from csprio.read.tidy_columns import tidy
from csprio.read.whole_rows import at_once
from csprio.read.wording import short
from csprio.settings import TableSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeVar

    import numpy.typing as npt

    from csprio.read.table import Cells, Layout
    from csprio.read.whole_rows import Found

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
    Thing = TypeVar("Thing")

ROWS = 1 << 20  # rows that are given at a time of a file that is read at once
_SAMPLE = 1 << 16  # bytes that tell which columns repeat their texts
_REPEATED = 4  # how often a text stands there on average
_CODED = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Piece:
    """Some rows that follow each other: each wanted column as written, plain or coded.

    `first` is the number of its first row in the file, counted from 0; rows of nothing but white
    space are not among them and do not count. `line` gives the line that a row begins on, which
    counts from 0 in each piece. `numbers` are columns of numbers, however the user writes numbers.
    """

    columns: Mapping[int, pa.Array]
    rows: int
    first: int
    line: Callable[[int], int]
    numbers: frozenset[int] = frozenset()


class _Lines(Protocol):
    """Knows the line that each row begins on."""

    def __getitem__(self, row: int, /) -> int:
        """Give the line of a row."""


class File:
    """A file whose rows can be walked through again and again.

    `key` is the column that tells a blank row from others: it is blank there. `said` is what stderr
    is told. Raises `Stop` where the file is no table.
    """

    def __init__(self, path: str, encoding: str | None) -> None:
        """Look at the head of the file, and where that is odd at all of it."""
        self.said: list[str] = []
        self.path, self._encoding = path, encoding
        self._way: _InPieces | _AtOnce | _InColumns
        try:
            self._way = _InPieces(path, encoding)
        except Odd:
            source = read_table(path, encoding)
            self._way = _AtOnce(source) if source.columns is None else _InColumns(source)
        self.layout: Layout = self._way.layout

    def walk(self, wanted: Sequence[int], key: int) -> Iterator[Piece]:
        """Give all rows in order."""
        given = 0
        if isinstance(self._way, _InPieces):
            try:
                for piece in self._way.walk(wanted, key):
                    yield piece
                    given = piece.first + piece.rows
            except Odd:  # what has been given is what the other way gives, too
                if isinstance(self._way, _InPieces):  # not while somebody walked elsewhere
                    self._way = _AtOnce(utf8_first(self.path, self._encoding))
            else:
                return
        yield from self._way.walk(wanted, key, given)
        self.said = self._way.said

    def line(self, row: int, key: int) -> int:
        """Give the line of a row that was walked over, by its number; it is looked up now."""
        return self._way.line(row, key)

    @property
    def source(self) -> Source | None:
        """The file as it was read, where that was done at once."""
        return None if isinstance(self._way, _InPieces) else self._way.source


class _AtOnce:
    """A file that is read as an accounts file is."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.layout = lay_out(self.source, TableSettings())
        self.said: list[str] = []
        self._found: Cells | None = None

    def walk(self, wanted: Sequence[int], key: int, start: int) -> Iterator[Piece]:
        found = self._found = read_columns(self.source, self.layout, wanted, key)
        if found.errors:
            raise Stop(ExitCode.UNUSABLE, found.errors)
        if found.footer:
            lines = "1 line" if len(found.footer) == 1 else f"{len(found.footer)} lines"
            told = f"left out {lines} at the end, a report's footer: `{short(found.footer[0])}`"
            self.said = [f"{self.source.name}: {told}"]
        rows = len(found.columns[key])
        for first in range(start, rows, ROWS):
            count = min(ROWS, rows - first)
            columns = {at: found.columns[at].slice(first, count) for at in wanted}
            yield Piece(columns, count, first, partial(_line_of, found.lines, first))

    def line(self, row: int, key: int) -> int:
        if self._found is None:
            self._found = read_columns(self.source, self.layout, [key], key)
        return self._found.lines[row]


class _InColumns:
    """A file of columns, of which so many rows are text at a time."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.layout = lay_out(source, TableSettings())
        self.said: list[str] = []
        self._lines: dict[int, Sequence[int]] = {}  # of each piece, by its first row

    def walk(self, wanted: Sequence[int], key: int, start: int) -> Iterator[Piece]:
        assert isinstance(self.source.columns, Parquet)  # noqa: S101 - else it is read otherwise
        for rows in self.source.columns.pieces(wanted, key, ROWS):
            if rows.errors:
                raise Stop(ExitCode.UNUSABLE, rows.errors)
            columns = {at: rows.columns[at] for at in wanted}
            self._lines[start] = rows.lines
            line_of = partial(_line_of, rows.lines, 0)
            yield Piece(columns, len(rows.lines), start, line_of, rows.numbers)
            start += len(rows.lines)

    def line(self, row: int, _key: int) -> int:
        first = max(each for each in self._lines if each <= row)
        return self._lines[first][row - first]


class _Start(NamedTuple):
    """Where a piece begins: the number of its first row, its place in the file, its line."""

    row: int
    offset: int
    line: int


@dataclass
class _InPieces:
    """A file that is read piece by piece; `Odd` where it cannot be."""

    path: str
    encoding: str | None
    starts: dict[int, _Start] = field(default_factory=dict)  # by row
    _last: Piece | None = None

    def __post_init__(self) -> None:
        self.texts = Texts(self.path, self.encoding)
        head = self.texts.head
        try:
            self.layout = lay_out(Source(self.path, head, b""), TableSettings())
        except Stop:
            raise Odd from None
        ended = self.layout.body < len(head) or self.texts.whole
        if not ended or len(self.layout.header) == 1:  # whose open quotes only the whole shows
            raise Odd

    def walk(self, wanted: Sequence[int], key: int) -> Iterator[Piece]:
        """Give the pieces; the next one is read while somebody works on one."""
        start = _Start(0, self.texts.offset(self.layout.body), self.layout.body_line)
        pieces = self._from(start, wanted, key)
        return ahead(pieces) if self.texts.several else pieces

    def line(self, row: int, key: int) -> int:
        """Read the piece of a row again."""
        if self._last is None or not 0 <= row - self._last.first < self._last.rows:
            begins = sorted(self.starts)
            start = self.starts[begins[bisect_right(begins, row) - 1]]
            self._last = next(self._from(start, [key], key))
        return self._last.line(row - self._last.first)

    def _from(self, start: _Start, wanted: Sequence[int], key: int) -> Iterator[Piece]:
        row, line = start.row, start.line
        for offset, data in self.texts.walk(start.offset):
            begin = _Start(row, offset, line)
            piece = self._piece(data, begin, wanted, key)
            row, line = row + piece.rows, line + line_ends(data)
            if piece.rows:
                self.starts[begin.row] = begin
                yield piece

    def _piece(self, data: bytes, start: _Start, wanted: Sequence[int], key: int) -> Piece:
        layout = replace(self.layout, body=0, body_line=1)  # lines are counted from the piece's own
        source = Source(self.path, data, b"")
        every = sorted({*wanted, key, len(layout.header) - 1})
        found = _read(source, layout, _kinds(source, layout, every))
        columns = {at: _one(column) for at, column in found.columns.items()}
        blank = _blank_rows(source, layout, columns[key])
        rows = len(columns[key])
        if blank is None:
            return Piece(columns, rows, start.row, partial(_line_in, found.lines, start.line, None))
        kept = np.flatnonzero(~blank)
        columns = {at: column.take(pa.array(kept)) for at, column in columns.items()}
        lines = partial(_line_in, found.lines, start.line, kept)
        return Piece(columns, len(kept), start.row, lines)


def _read(source: Source, layout: Layout, kinds: Mapping[int, pa.DataType]) -> Found:
    """Let Arrow read a piece."""
    found = at_once(source, layout, kinds)
    if found is None:
        raise Odd
    return found


def _kinds(source: Source, layout: Layout, wanted: Sequence[int]) -> dict[int, pa.DataType]:
    """Choose how Arrow holds each column: coded what repeats its texts in the first lines."""
    plain = dict.fromkeys(wanted, pa.string())
    sample = source.data[: whole_rows(source.data[:_SAMPLE])]
    found = at_once(replace(source, data=sample), layout, plain) if sample else None
    if found is None:
        return plain
    texts = {at: len(pc.unique(column)) for at, column in found.columns.items()}
    rows = len(found.columns[wanted[0]])
    return {at: _CODED if texts[at] * _REPEATED <= rows else kind for at, kind in plain.items()}


def _blank_rows(source: Source, layout: Layout, key: pa.Array) -> Mask | None:
    """Mark the rows that hold nothing but white space; None where there is none."""
    blank = pc.is_null(tidy(pa.chunked_array([key]))).to_numpy(zero_copy_only=False)
    places = np.flatnonzero(blank)
    if not len(places):
        return None
    every = _read(source, layout, dict.fromkeys(range(len(layout.header)), pa.string()))
    for column in every.columns.values():
        texts = pc.utf8_trim_whitespace(column.take(pa.array(places)))
        places = places[pc.equal(texts, "").to_numpy()]
    blank = np.zeros(len(key), np.bool_)
    blank[places] = True
    return blank if len(places) else None


def _one(column: pa.ChunkedArray) -> pa.Array:
    """Make one array of a column."""
    whole = column.combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def _line_of(lines: _Lines, first: int, row: int) -> int:
    return int(lines[first + row])


def _line_in(lines: _Lines, start: int, kept: Ints | None, row: int) -> int:
    """Give the line of a row of a piece that begins on a line; some of its rows are kept."""
    return start - 1 + int(lines[row if kept is None else int(kept[row])])


def ahead(things: Iterator[Thing]) -> Iterator[Thing]:
    """Fetch each in a thread while somebody works on the one before."""
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(next, things, None)
        while (thing := waiting.result()) is not None:
            waiting = thread.submit(next, things, None)
            yield thing
