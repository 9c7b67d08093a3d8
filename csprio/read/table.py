"""A file as a table of text: its separator, its header, and the columns that are wanted.

Comes in: a `Source` and what the settings say of it. Goes out: Arrow columns as written, the rows'
lines where somebody asks, and all that makes the file no table. Arrow reads; where it fails or the
file looks odd, the exact scanner says which rows count, and Arrow reads those. A file of columns
comes out as its CSV would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from csprio.problems import ExitCode, Place, Stop, policy_stop, problem
from csprio.read.rows import Row, cells, has_stray_quote, scan
from csprio.read.source import line_at, skip_lines
from csprio.read.whole_rows import Begins
from csprio.read.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from csprio.problems import Problem
    from csprio.read.source import Source
    from csprio.settings import TableSettings

SEPARATORS = (",", ";", "\t", "|")
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "bar": "|"}
_SEP_LINE = re.compile(rb'"?sep=([^\r\n"])"?[ \t]*(\r\n|\n|\r|\Z)', re.IGNORECASE)
_MARK = "\ufeff"  # a second one, such as an editor adds, is no part of a name
_BLOCK = 1 << 20
_LARGEST_BLOCK = (1 << 31) - 1
_TAIL = 1 << 16  # bytes at the end of a file in which its last row is looked for


@dataclass(frozen=True)
class Layout:
    """Where a file's header stands, what separates its cells, and where its rows begin."""

    delimiter: str
    header: tuple[str, ...]
    line: int
    body: int
    body_line: int

    @property
    def separator(self) -> bytes:
        """The delimiter as a byte."""
        return self.delimiter.encode()


class Lines:
    """Knows the line that each row begins in; reads the file for it only when asked."""

    def __init__(self, rows: Iterator[Row]) -> None:
        """Take the rows that count, in the order of the file."""
        self._rows = rows
        self._lines: list[int] = []

    def __getitem__(self, row: int) -> int:
        """Give the first line of a row, counted from 0."""
        wanted = row + 1 - len(self._lines)
        if wanted > 0:
            self._lines.extend(found.line for found in islice(self._rows, wanted))
        return self._lines[row]


Begun = Lines | Begins


@dataclass(frozen=True)
class Cells:
    """The wanted columns of a file, by position, as written; and what was found on the way."""

    columns: dict[int, pa.Array]
    lines: Begun
    errors: list[Problem] = field(default_factory=list)
    footer: tuple[str, ...] = ()
    padded: tuple[int, ...] = ()  # rows that may be a footer too, but have all their cells
    numbers: frozenset[int] = frozenset()  # columns of numbers, however the user writes numbers
    notes: Sequence[Problem] = ()  # what is wrong with cells, and makes them missing


def lay_out(source: Source, settings: TableSettings) -> Layout:
    """Find header and separator; a file without them, or with two readings, is a `Stop`."""
    if source.columns is not None:
        line = source.columns.header_line
        return Layout(SEPARATORS[0], _named(source.columns.header), line, 0, line + 1)
    start = skip_lines(source.data, settings.skip_lines)
    said = _SEP_LINE.match(source.data)
    if marked := _SEP_LINE.match(source.data, start):
        said, start = marked, marked.end()
    chosen = settings.delimiter
    if chosen is None and said:
        chosen = said[1].decode("latin-1")
    line = line_at(source.data, start)
    if chosen is not None:
        delimiter = _NAMED.get(chosen.lower(), chosen)
        if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
            raise policy_stop("bad-delimiter", Place(""), delimiter=chosen)
        choices = [(delimiter, _first_row(source, delimiter, start, line))]
    else:
        choices = [(mark, _first_row(source, mark, start, line)) for mark in SEPARATORS]
    delimiter, row = _best(source, choices)
    header = _named(cells(source.data, row, delimiter.encode()))
    body = min(row.end + len(_line_end(source.data, row.end)), len(source.data))
    return Layout(delimiter, header, row.line, body, line_at(source.data, body))


def read_columns(source: Source, layout: Layout, wanted: Sequence[int], key: int) -> Cells:
    """Read the wanted columns as text; `key` is the column that no row may leave blank."""
    if source.columns is not None:
        rows = source.columns.read(wanted, key)
        lines = Lines(Row(line, 0, 0, 0, blank=False) for line in rows.lines)
        found = Cells(rows.columns, lines, rows.errors, (), rows.padded, rows.numbers)
        return replace(found, notes=rows.notes)
    plain = read_plainly(source, layout, wanted, key)
    return plain or _read_exactly(source, layout, sorted({*wanted, key, 0}))


def read_plainly(source: Source, layout: Layout, wanted: Sequence[int], key: int) -> Cells | None:
    """Read the wanted columns of text in which nothing is odd; None where something is."""
    body = pa.py_buffer(source.data).slice(layout.body)
    last = len(layout.header) - 1
    quoted = b'"' in source.data
    found = _arrow(body, layout, sorted({*wanted, key, last}), quoted=quoted)
    if found is None or _is_odd(source, layout, found[last], found[key]):
        return None
    return Cells(found, Begins(source.data, layout, len(found[key])))


def ends_padded(source: Source, layout: Layout) -> bool:
    """Tell whether the last row is whole, but has its first cell filled and no other."""
    tail = reversed(source.data[-_TAIL:].decode(errors="ignore"))
    empty = list(takewhile(lambda char: char.isspace() or char in {'"', layout.delimiter}, tail))
    return 0 < len(layout.header) - 1 <= empty.count(layout.delimiter)


def _named(header: Iterable[str]) -> tuple[str, ...]:
    """Clean the names of the columns."""
    return tuple(name.replace(_MARK, "").strip() for name in header)


def _first_row(source: Source, delimiter: str, start: int, line: int) -> Row:
    """Give the first row that is not blank, as this delimiter reads it."""
    for row in scan(source.data, delimiter.encode(), start, line):
        if not row.blank:
            return row
    raise Stop(ExitCode.UNUSABLE, [problem("no-header", Place(source.name))])


def _best(source: Source, choices: list[tuple[str, Row]]) -> tuple[str, Row]:
    """Take the separator that makes the most cells of the header; a tie is a `Stop`."""
    most = max(row.cells for _, row in choices)
    best = [(delimiter, row) for delimiter, row in choices if row.cells == most]
    if most > 1 and len(best) > 1:
        readings = [listed(cells(source.data, row, mark.encode())) for mark, row in best]
        marks = ["a tab" if mark == "\t" else f"`{mark}`" for mark, _ in best]
        names = [f"{text} ({mark})" for text, mark in zip(readings, marks, strict=True)]
        place = Place(source.name, best[0][1].line)
        found = problem("two-separators", place, first=names[0], second=names[1])
        raise Stop(ExitCode.UNUSABLE, [found])
    delimiter, row = best[0]
    if row.unclosed:
        place = Place(source.name, row.unclosed)
        raise Stop(ExitCode.UNUSABLE, [problem("unclosed-quote", place)])
    return delimiter, row


def _line_end(data: bytes, at: int) -> bytes:
    """Give the line end that stands at an offset."""
    return b"\r\n" if data[at : at + 2] == b"\r\n" else data[at : at + 1]


def _arrow(
    body: pa.Buffer, layout: Layout, wanted: Sequence[int], *, quoted: bool, block: int = _BLOCK
) -> dict[int, pa.Array] | None:
    """Let Arrow read the wanted columns; None where it cannot."""
    names = [str(position) for position in range(len(layout.header))]
    if not body.size:
        return {position: pa.array([], pa.string()) for position in wanted}
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(body),
            pyarrow.csv.ReadOptions(column_names=names, block_size=block),
            pyarrow.csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=quoted),
            pyarrow.csv.ConvertOptions(
                check_utf8=False,  # the source has checked the whole file
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[str(position) for position in wanted],
            ),
        )
    except pa.ArrowInvalid:
        return None
    return {position: _one(table[str(position)]) for position in wanted}


def _one(column: pa.ChunkedArray) -> pa.Array:
    """Make one piece of a column."""
    whole = column.combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def _is_odd(source: Source, layout: Layout, last: pa.Array, key: pa.Array) -> bool:
    """Tell whether a file that Arrow has read needs a second look all the same.

    Arrow takes a quote that is never closed for closed, or for one that the next quote closes; a
    row of blank cells is no account; and a last row with only its first cell filled may be the
    footer of a report.
    """
    if not len(last):
        return False
    data, mark = source.data, layout.separator
    open_cell = b'"' + last[-1].as_py().encode().replace(b'"', b'""')
    before = len(data) - len(open_cell) - 1
    if data.endswith(open_cell) and data[before : before + 1] in {mark, b"\n", b"\r"}:
        return True
    if pc.any(pc.equal(pc.utf8_trim_whitespace(key), "")).as_py():
        return True
    lines = line_at(data, len(data)) - layout.body_line + (data[-1:] not in {b"\n", b"\r"})
    if lines > len(last) and b'"' in data and has_stray_quote(data, layout.body, mark):
        return True
    twice = (b"\n\n", b"\n\r", b"\r\r")
    return ends_padded(source, layout) and any(each in data for each in twice)


def _read_exactly(source: Source, layout: Layout, wanted: Sequence[int]) -> Cells:
    """Let the scanner say which rows count, and have Arrow read just those."""
    every = list(scan(source.data, layout.separator, layout.body, layout.body_line))
    tail = _tail(source, layout, every)
    width = len(layout.header)
    footer = {row.start for row in tail if row.cells == 1}
    rows = [row for row in every if not row.blank and row.start not in footer]
    good = [row for row in rows if row.cells == width and not row.unclosed]
    errors = [_row_error(source, layout, row) for row in rows if row.cells != width or row.unclosed]
    starts = {row.start for row in tail}
    padded = tuple(at for at, row in enumerate(good) if row.start in starts)
    texts = tuple(_first_cell(source, layout, row) for row in tail if row.cells == 1)
    return Cells(_columns(source, layout, good, wanted), Lines(iter(good)), errors, texts, padded)


def _columns(
    source: Source, layout: Layout, rows: list[Row], wanted: Sequence[int]
) -> dict[int, pa.Array]:
    """Read the wanted columns of these rows, by Arrow or, should it disagree, cell by cell."""
    lines = [source.data[row.start : row.end] for row in rows]
    block = 2 * max(map(len, lines), default=0) + _BLOCK
    if block < _LARGEST_BLOCK:
        found = _arrow(pa.py_buffer(b"\n".join(lines)), layout, wanted, quoted=True, block=block)
        if found is not None and all(len(column) == len(rows) for column in found.values()):
            return found
    table = [cells(source.data, row, layout.separator) for row in rows]
    return {at: pa.array([row[at] for row in table], pa.string()) for at in wanted}


def _tail(source: Source, layout: Layout, every: list[Row]) -> list[Row]:
    """Give the rows after the last blank one, if they look like a report's footer.

    All of them hold one cell, or only their first cell is filled; blank rows at the very end of
    the file do not count.
    """
    tail: list[Row] = []
    for row in reversed(every):
        if row.blank and tail:
            return tail[::-1] if len(layout.header) > 1 else []
        if not row.blank:
            if not _is_first_only(source, layout, row):
                return []
            tail.append(row)
    return []


def _is_first_only(source: Source, layout: Layout, row: Row) -> bool:
    """Tell whether a row holds one cell, or a whole row of which only the first is filled."""
    if row.unclosed or row.cells not in {1, len(layout.header)}:
        return False
    return not any(cell.strip() for cell in cells(source.data, row, layout.separator)[1:])


def _row_error(source: Source, layout: Layout, row: Row) -> Problem:
    """Say why a row is not one of this table."""
    if row.unclosed:
        return problem("unclosed-quote", Place(source.name, row.unclosed))
    mark = "a tab" if layout.delimiter == "\t" else f"`{layout.delimiter}`"
    held = f"{row.cells} cell{'s' * (row.cells != 1)}"
    return problem(
        "ragged-row", Place(source.name, row.line),
        cells=held, header=len(layout.header), delimiter=mark,
    )  # fmt: skip


def _first_cell(source: Source, layout: Layout, row: Row) -> str:
    """Give the first cell of a row, without the white space around it."""
    return cells(source.data, row, layout.separator)[0].strip()
