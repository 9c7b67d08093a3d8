"""The whole rows of a journal's file as Arrow reads them, and the rows that are not whole.

Comes in: a `Source`, its layout, the wanted columns. Goes out: `Found`, or a `Stop` where a row
that is not whole may hold entries. Nothing here knows what a column means.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.rows import cells, has_stray_quote
from csprio.read.source import line_at
from csprio.read.spans import spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from csprio.problems import Problem
    from csprio.read.rows import Row
    from csprio.read.source import Source
    from csprio.read.spans import Places, Spans
    from csprio.read.table import Layout

    Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
    Wanted = Mapping[int, pa.DataType]  # columns of a file, and how Arrow is to hold them

_BLOCK = 1 << 20
_LARGEST_BLOCK = (1 << 31) - 1
_LINE_END = re.compile(rb"\r\n|\n|\r")
_PLAIN = np.zeros(256, dtype=np.bool_)  # letters and digits
_PLAIN[[byte for byte in range(128) if chr(byte).isalnum()]] = True


class Begins:
    """Knows the line that each row of a file without a torn line begins on, when asked."""

    def __init__(self, data: bytes, layout: Layout, rows: int) -> None:
        """Take the file, its layout and how many rows it has."""
        self._data, self._layout, self._rows = data, layout, rows

    def __getitem__(self, row: int) -> int:
        """Give the first line of a row, counted from 0."""
        return int(self._lines[row])

    @cached_property
    def _lines(self) -> Sequence[int] | Places:
        data, layout = self._data, self._layout
        if _lines(data, layout) == self._rows:  # a line each
            return range(layout.body_line, layout.body_line + self._rows)
        every = spans(data, layout.separator, layout.body, layout.body_line)
        return every.lines[every.ends > every.starts]  # Arrow has passed over empty lines only


class Found(NamedTuple):
    """The whole rows of a file: their cells as written, the lines they begin on, and the rest."""

    columns: dict[int, pa.ChunkedArray]
    lines: Begins | Places
    problems: list[Problem]


def at_once(source: Source, layout: Layout, wanted: Wanted) -> Found | None:
    """Let Arrow read the file; None where it cannot, or where a quote needs a closer look.

    Arrow takes a quote that is never closed for closed, or for one that the next quote closes.
    """
    data = source.data
    quoted = b'"' in data
    columns = _arrow(pa.py_buffer(data).slice(layout.body), layout, wanted, quoted=quoted)
    if columns is None:
        return None
    last = columns[len(layout.header) - 1]
    rows = len(last)
    if quoted and _opens_at_end(data, layout, last):
        return None
    runs_on = quoted and _lines(data, layout) > rows
    if runs_on and has_stray_quote(data, layout.body, layout.separator):
        return None
    return Found(columns, Begins(data, layout, rows), [])


def _lines(data: bytes, layout: Layout) -> int:
    """Count the lines below the header."""
    return line_at(data, len(data)) - layout.body_line + (not is_ended(data))


def is_ended(data: bytes) -> bool:
    """Tell whether the last line ends."""
    return data[-1:] in {b"\n", b"\r"}


def _opens_at_end(data: bytes, layout: Layout, last: pa.Array) -> bool:
    """Tell whether the file ends inside a quoted cell."""
    if not len(last):
        return False
    cell = b'"' + last[-1].as_py().encode().replace(b'"', b'""')
    before = len(data) - len(cell) - 1
    return data.endswith(cell) and data[before : before + 1] in {layout.separator, b"\n", b"\r"}


def _arrow(
    body: pa.Buffer, layout: Layout, wanted: Wanted, *, quoted: bool, block: int = _BLOCK
) -> dict[int, pa.ChunkedArray] | None:
    """Let Arrow read the wanted columns as text; None where it cannot."""
    if not body.size:
        return {position: pa.chunked_array([], kind) for position, kind in wanted.items()}
    names = [str(position) for position in range(len(layout.header))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(body),
            pyarrow.csv.ReadOptions(column_names=names, block_size=block),
            pyarrow.csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=quoted),
            pyarrow.csv.ConvertOptions(
                check_utf8=False,  # the source has checked the whole file
                column_types={str(position): kind for position, kind in wanted.items()},
                include_columns=[str(position) for position in wanted],
            ),
        )
    except pa.ArrowInvalid:
        return None
    return {position: table[str(position)] for position in wanted}


def exactly(source: Source, layout: Layout, wanted: Wanted, cut: frozenset[int]) -> Found:
    """Find out which rows are whole, and have Arrow read just those."""
    data, width = source.data, len(layout.header)
    rows = spans(data, layout.separator, layout.body, layout.body_line)
    whole = rows.cells == width
    doubtful = whole & _may_be_blank(data, rows)
    doubtful |= ~whole & (rows.ends > rows.starts)  # a row without a byte is blank
    doubtful[list(rows.unclosed)] = True
    doubtful[np.searchsorted(rows.starts, sorted(cut), side="right") - 1] = True
    problems, errors = [], []
    for at in np.flatnonzero(doubtful).tolist():
        row = rows.row(data, layout.separator, at)
        why = "" if row.blank else _torn(row, width, cut)
        whole[at] = not (row.blank or why)
        if why and _LINE_END.search(data[row.start : row.end].rstrip(b"\r\n")):
            errors.append(_swallowing(source, layout, row))
        elif why:
            problems.append(problem("journal-torn", Place(source.name, row.line), why=why))
    if errors:
        raise Stop(ExitCode.UNUSABLE, errors, problems)
    if whole[-1:].any() and not is_ended(data):
        problems.append(unended(source, int(rows.lines[-1])))
    good = np.flatnonzero(whole)
    columns = _cells_of(source, layout, rows, good, wanted)
    return Found(columns, rows.lines[good], problems)


def _may_be_blank(data: bytes, rows: Spans) -> Mask:
    """Mark the rows that begin neither with a letter nor a digit, a quote before it aside."""
    text = np.frombuffer(data, np.uint8)
    heads, seconds = (text.take(rows.starts + at, mode="clip") for at in (0, 1))
    found: Mask = ~(_PLAIN[heads] | ((heads == ord('"')) & _PLAIN[seconds]))
    return found


def _torn(row: Row, width: int, cut: frozenset[int]) -> str:
    """Say why a row is not whole; nothing where it is."""
    if row.unclosed:
        return "a quote is opened here and never closed"
    if cut and not cut.isdisjoint(range(row.start, row.end)):
        return "it ends inside a character"
    if row.cells != width:
        held = f"{row.cells} cell{'s' * (row.cells != 1)}"
        return f"it has {held} where the header has {width}"
    return ""


def _swallowing(source: Source, layout: Layout, row: Row) -> Problem:
    """Say that a row that is not whole runs over several lines, which may be entries."""
    if row.unclosed or row.cells == len(layout.header):
        return problem("unclosed-quote", Place(source.name, row.unclosed or row.line))
    mark = "a tab" if layout.delimiter == "\t" else f"`{layout.delimiter}`"
    held = f"{row.cells} cell{'s' * (row.cells != 1)}"
    place = Place(source.name, row.line)
    return problem("ragged-row", place, cells=held, header=len(layout.header), delimiter=mark)


def _cells_of(
    source: Source, layout: Layout, rows: Spans, good: Places, wanted: Wanted
) -> dict[int, pa.ChunkedArray]:
    """Read the wanted columns of these rows, by Arrow or, should it disagree, cell by cell."""
    data, starts, ends = source.data, rows.starts[good], rows.ends[good]
    parted = np.flatnonzero(np.diff(good) > 1)  # rows that follow each other are one piece
    firsts, lasts = np.append(-1, parted) + 1, np.append(parted, len(good) - 1)
    pieces = zip(starts[firsts].tolist(), ends[lasts].tolist(), strict=True) if len(good) else ()
    text = b"\n".join(data[start:end] for start, end in pieces)
    block = 2 * int((ends - starts).max(initial=0)) + _BLOCK
    if block < _LARGEST_BLOCK:
        found = _arrow(pa.py_buffer(text), layout, wanted, quoted=b'"' in text, block=block)
        if found is not None and all(len(column) == len(good) for column in found.values()):
            return found
    mark = layout.separator
    table = [cells(data, rows.row(data, mark, at), mark) for at in good.tolist()]
    return {
        at: pa.chunked_array([[row[at] for row in table]], pa.string()).cast(kind)
        for at, kind in wanted.items()
    }


def unended(source: Source, line: int) -> Problem:
    """Warn of a whole last row whose line does not end."""
    return problem("journal-end", Place(source.name, line))
