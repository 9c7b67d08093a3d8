"""Where the rows of a file begin and end and how many cells each has, all rows at once.

Comes in: UTF-8 bytes, a delimiter, where the rows begin. Goes out: `Spans`. Where every quote opens
or closes a cell, arithmetic on whole arrays says all; other files are scanned row by row, which is
the judge of both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from csprio.read.rows import has_stray_quote, scan
from csprio.read.source import line_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from csprio.read.rows import Row

    Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
    Places = np.ndarray[tuple[int], np.dtype[np.int64]]

_CR, _LF = _LINE_ENDS = b"\r\n"


@dataclass(frozen=True)
class Spans:
    """All rows in order, blank ones too: first line, first byte, byte behind the last, cells.

    `unclosed` gives, for a row with a quote that is never closed, the line of that quote.
    """

    lines: Places
    starts: Places
    ends: Places
    cells: Places
    unclosed: Mapping[int, int] = field(default_factory=dict)

    def row(self, data: bytes, delimiter: bytes, at: int) -> Row:
        """Give a row that holds a byte as the scanner sees it."""
        start, end = int(self.starts[at]), int(self.ends[at])
        found = next(scan(data[start:end], delimiter, 0, int(self.lines[at])))
        return found._replace(start=start, end=end)


def spans(data: bytes, delimiter: bytes, start: int, line: int) -> Spans:
    """Find all rows from an offset on, which stands at the head of the line given."""
    end = _whole_lines(data, start)
    if data.find(b'"', start, end) >= 0 and has_stray_quote(data[:end], start, delimiter):
        return _scanned(data, delimiter, start, line)
    found = _computed(data[:end], delimiter, start, line)
    if end == len(data):
        return found
    last = _scanned(data, delimiter, end, line + line_at(data, end) - line_at(data, start))
    return Spans(
        np.append(found.lines, last.lines),
        np.append(found.starts, last.starts),
        np.append(found.ends, last.ends),
        np.append(found.cells, last.cells),
        {len(found.lines) + at: quote for at, quote in last.unclosed.items()},
    )


def _whole_lines(data: bytes, start: int) -> int:
    """Give where the last line begins if a quote is left open in it, else where the data end."""
    last = len(data)
    while last > start and data[last - 1] in _LINE_ENDS:
        last -= 1
    begin = max(data.rfind(b"\n", start, last), data.rfind(b"\r", start, last), start - 1) + 1
    return begin if data.count(b'"', begin) % 2 else len(data)


def _scanned(data: bytes, delimiter: bytes, start: int, line: int) -> Spans:
    """Find the rows one by one."""
    rows = list(scan(data, delimiter, start, line))
    lines, starts, ends, cells = np.array([row[:4] for row in rows], np.int64).reshape(-1, 4).T
    unclosed = {at: row.unclosed for at, row in enumerate(rows) if row.unclosed}
    return Spans(lines, starts, ends, cells, unclosed)


def _computed(data: bytes, delimiter: bytes, start: int, line: int) -> Spans:
    """Find the rows by arithmetic; every quote opens or closes a cell."""
    text = np.frombuffer(data, np.uint8)
    breaks = _line_ends(data, text, start)
    ends, marks = breaks, _places(text, delimiter, start)
    if data.find(b'"', start) >= 0:
        quotes = _places(text, b'"', start)
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
    after = text.take(ends + 1, mode="clip")
    pairs = (text[ends] == _CR) & (after == _LF)
    starts, ends = np.append(start, ends + 1 + pairs), np.append(ends, len(data))
    if starts[-1] >= len(data):
        starts, ends = starts[:-1], ends[:-1]
    cells = np.searchsorted(marks, ends) - np.searchsorted(marks, starts) + 1
    return Spans(line + np.searchsorted(breaks, starts), starts, ends, cells)


def _line_ends(data: bytes, text: Bytes, start: int) -> Places:
    """Give where lines end; of CR and LF together the first."""
    feeds = _places(text, b"\n", start)
    if data.find(b"\r", start) < 0:
        return feeds
    alone = feeds[(feeds == start) | (text[feeds - 1] != _CR)]
    return np.sort(np.concatenate([_places(text, b"\r", start), alone]))


def _places(text: Bytes, mark: bytes, start: int) -> Places:
    """Give where a byte stands."""
    return np.flatnonzero(text[start:] == mark[0]) + start
