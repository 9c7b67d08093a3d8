"""A Parquet file as a table of text: the wanted columns, as csprio would print them.

Comes in: the bytes of a file. Goes out: `Rows`, in which a row is what a line of a CSV would be, or
a `Stop` where the file is damaged. Only wanted columns are read. Nothing here knows a field.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.column_texts import is_number, not_single, texts_of
from csprio.read.unpacked import damaged
from csprio.read.wording import short

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    import numpy.typing as npt

    from csprio.problems import Problem

    Mask = npt.NDArray[np.bool_]

# Places are those of a CSV whose header is its first line and whose rows are a line each.
HEADER_LINE, FIRST_LINE = 1, 2
_END = b"PAR1"


class Rows(NamedTuple):
    """The rows that are not blank: columns of text by position, and the line of each row.

    A cell in which nothing is known is empty. `numbers` are the columns of numbers, which are
    written plainly, however the user writes numbers. `padded` are the rows after the last blank
    one, where only the first cell of each is filled. `errors` make the file unusable, `notes` do
    not.
    """

    columns: dict[int, pa.Array]
    lines: Sequence[int]
    numbers: frozenset[int]
    padded: tuple[int, ...]
    errors: list[Problem]
    notes: Sequence[Problem] = ()


class _Some(NamedTuple):
    """Rows of a file by their numbers, and how columns of these are read."""

    rows: range
    read: Callable[[Sequence[int]], dict[int, pa.ChunkedArray]]


class Parquet:
    """An open file; `header` names its columns, also those that hold no single values."""

    header_line = HEADER_LINE

    def __init__(self, name: str, raw: bytes) -> None:
        """Read the footer, which says what there is."""
        self._name = name
        if not raw.endswith(_END):
            raise damaged(name, "Parquet", "it ends too early")
        import pyarrow.parquet as pq  # noqa: PLC0415 - few books are in such files

        with self._whole():
            self._file = pq.ParquetFile(pa.BufferReader(raw), page_checksum_verification=True)
            schema = self._file.schema_arrow
        self.header: tuple[str, ...] = tuple(schema.names)
        self._kinds, self._rows = list(schema.types), int(self._file.metadata.num_rows)
        if not self.header:
            raise Stop(ExitCode.UNUSABLE, [problem("no-header", Place(name))])

    def read(self, wanted: Collection[int], key: int) -> Rows:
        """Read columns as text; `key` is the one that is blank in every blank row.

        A column that has no text is an error, and empty. It is a `Stop` where it is the key, if
        that is wanted: then nothing is known of any row.
        """
        some = _Some(range(self._rows), self._read)
        errors: list[Problem] = []
        columns = self._filled(some, wanted, key, errors)
        lines: Sequence[int] = range(FIRST_LINE, FIRST_LINE + self._rows)
        padded: tuple[int, ...] = ()
        if _blank(columns[key]).any():
            blank, tail = self._blank_rows
            if tail and 0 not in columns:
                columns |= self._texts(some, [0], [])
            columns, lines = _kept(columns, lines, blank)
            kept = np.flatnonzero(~blank)
            padded = tuple(np.searchsorted(kept, tail).tolist()) if 0 in columns else ()
        return Rows(columns, lines, self._numbers(columns), padded, errors)

    def pieces(self, wanted: Collection[int], key: int, rows: int) -> Iterator[Rows]:
        """Read so many rows at a time, without a look at what may be a footer."""
        at_once = [at for at in sorted({*wanted, key}) if not not_single(self._kinds[at])]
        names = [self.header[at] for at in at_once] if self._alone else None
        first = 0
        with self._whole():
            for batch in self._file.iter_batches(rows, columns=names):
                table = pa.Table.from_batches([batch])
                span = range(first, first + len(table))
                some = _Some(span, partial(self._picked, table))
                errors: list[Problem] = []
                columns = self._filled(some, wanted, key, errors)
                lines: Sequence[int] = range(FIRST_LINE + span.start, FIRST_LINE + span.stop)
                if _blank(columns[key]).any():
                    blank = self._blank_rows[0][span.start : span.stop]
                    columns, lines = _kept(columns, lines, blank)
                yield Rows(columns, lines, self._numbers(columns), (), errors)
                first = span.stop

    def _numbers(self, columns: Collection[int]) -> frozenset[int]:
        return frozenset(at for at in columns if is_number(self._kinds[at]))

    def _filled(
        self, some: _Some, wanted: Collection[int], key: int, errors: list[Problem]
    ) -> dict[int, pa.Array]:
        """Read columns of some rows as text, those without text as empty ones."""
        columns = self._texts(some, sorted(wanted), errors)
        if key in wanted and key not in columns:
            raise Stop(ExitCode.UNUSABLE, errors)
        if key not in columns:
            columns |= self._texts(some, [key], [])
        for at in {*wanted, key} - columns.keys():
            columns[at] = pa.array([""] * len(some.rows), pa.string())
        return columns

    def _texts(
        self, some: _Some, positions: Sequence[int], errors: list[Problem]
    ) -> dict[int, pa.Array]:
        """Read columns of some rows as text; those that have none are left out."""
        read = some.read([at for at in positions if not not_single(self._kinds[at])])
        found = {}
        for at in positions:
            place = Place(self._name, HEADER_LINE, self.header[at].strip())
            texts = texts_of(read[at]) if at in read else not_single(self._kinds[at])
            if isinstance(texts, str):
                errors.append(problem("column-kind", place, what=texts))
                continue
            found[at] = texts
            for row in np.flatnonzero(pc.match_substring(texts, "\0")).tolist():
                there = Place(self._name, FIRST_LINE + some.rows[row], place.column)
                errors.append(problem("nul-byte", there))
        return found

    def _read(self, positions: Sequence[int]) -> dict[int, pa.ChunkedArray]:
        """Read columns as they are; where two have one name, the whole file."""
        if not positions:
            return {}
        names = [self.header[at] for at in positions] if self._alone else None
        with self._whole():
            return self._picked(self._file.read(columns=names), positions)

    def _picked(self, table: pa.Table, positions: Sequence[int]) -> dict[int, pa.ChunkedArray]:
        """Find columns in what was read: some of the file, or all of it."""
        places = {
            at: table.column_names.index(self.header[at]) if self._alone else at for at in positions
        }
        return {at: table.column(place) for at, place in places.items()}

    @property
    def _alone(self) -> bool:
        """Tell whether every column has a name of its own, by which alone one can be read."""
        return len(set(self.header)) == len(self.header)

    @cached_property
    def _blank_rows(self) -> tuple[Mask, Sequence[int]]:
        """Mark the rows of nothing but white space; give those that may be a report's footer."""
        first, *others = (self._blank_cells(at) for at in range(len(self.header)))
        rest = np.logical_and.reduce([np.ones(len(first), np.bool_), *others])
        blank = first & rest
        filled = np.flatnonzero(~blank)
        before = np.flatnonzero(blank[: filled[-1]]) if len(filled) else filled
        if not len(before) or not others:
            return blank, ()
        tail = range(int(before[-1]) + 1, int(filled[-1]) + 1)
        return blank, tail if rest[tail.start : tail.stop].all() else ()

    def _blank_cells(self, at: int) -> Mask:
        """Mark the cells of a column in which nothing is."""
        column = self._read([at])[at]
        texts = texts_of(column)
        return column.is_null().to_numpy() if isinstance(texts, str) else _blank(texts)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Turn what Arrow says of a damaged file into the end of the run."""
        try:
            yield
        except (pa.ArrowException, OSError, ValueError) as failure:
            raise damaged(self._name, "Parquet", short(str(failure))) from None


def _kept(
    columns: dict[int, pa.Array], lines: Sequence[int], blank: Mask
) -> tuple[dict[int, pa.Array], Sequence[int]]:
    """Leave out the rows that are blank."""
    kept = np.flatnonzero(~blank)
    taken = {at: column.take(pa.array(kept)) for at, column in columns.items()}
    return taken, [lines[row] for row in kept.tolist()]


def _blank(texts: pa.Array) -> Mask:
    """Mark texts of nothing but white space."""
    found: Mask = pc.equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False)
    return found
