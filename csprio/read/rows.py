"""The exact reading of CSV: where each row begins and ends, and what its cells are.

Comes in: UTF-8 bytes and a delimiter. Goes out: rows with the line they begin in. Arrow reads good
files much faster; this is what finds the places in all others, and the judge of both. Quotes count
only at the head of a cell, as everywhere; what follows a closing quote is part of the cell.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_END = re.compile(rb"\r\n|\n|\r")
_QUOTE = ord('"')
_CHUNK = 1 << 24
_INSIDE = rb'"[^"]*+(?:""[^"]*+)*+'  # a quoted cell up to its closing quote


class Row(NamedTuple):
    """A row: the line it begins in, its bytes without the line end, how many cells it has."""

    line: int
    start: int
    end: int
    cells: int
    blank: bool
    unclosed: int = 0  # the line of a quote that is never closed; 0 where all are


class _Patterns(NamedTuple):
    """How to find, under one delimiter, a whole row, a quoted cell in it, and each cell."""

    row: re.Pattern[bytes]
    quoted: re.Pattern[bytes]
    cell: re.Pattern[bytes]


def scan(data: bytes, delimiter: bytes, start: int = 0, line: int = 1) -> Iterator[Row]:
    """Give every row from `start` on, blank ones too, with its line counted from `line`."""
    find, size = _patterns(delimiter), len(data)
    while start < size:
        end = find.row.match(data, start).end()  # type: ignore[union-attr] # it matches nothing too
        text = data[start:end]
        inner = find.quoted.findall(text) if b'"' in text else []
        breaks = sum(len(_LINE_END.findall(cell)) for cell in inner)
        if data[end : end + 1] == b'"':
            found = cells(data, Row(line, start, size, 0, blank=False), delimiter)
            yield Row(line, start, size, len(found), blank=False, unclosed=line + breaks)
            return
        count = text.count(delimiter) - sum(cell.count(delimiter) for cell in inner) + 1
        lost = _runs_on(text, find, delimiter, line) if breaks else 0
        yield Row(line, start, end, count, _is_blank(text, delimiter), lost)
        start = end + (2 if data[end : end + 2] == b"\r\n" else 1)
        line += breaks + 1


def cells(data: bytes, row: Row, delimiter: bytes) -> list[str]:
    """Give the cells of a row as written, quotes taken off."""
    found = _patterns(delimiter).cell.findall(data[row.start : row.end])
    return [(inside.replace(b'""', b'"') + rest).decode() for inside, rest in found]


@lru_cache
def _patterns(delimiter: bytes) -> _Patterns:
    """Make the patterns; none of them ever goes back, so that no text is slow to read."""
    mark = re.escape(delimiter)
    plain = rb"[^\r\n" + mark + rb"]*+"
    closed = rb"(?:" + _INSIDE + rb'"' + plain + rb'|(?!")' + plain + rb")"
    # The quote comes first, which is what makes looking for it fast; then what stands before it.
    head = rb'"(?:(?<=\A")|(?<=' + mark + rb'"))'
    return _Patterns(
        re.compile(closed + rb"?+(?:" + mark + closed + rb"?+)*+"),
        re.compile(head + _INSIDE[1:] + rb'"'),
        re.compile(rb"(?:\A|" + mark + rb')(?:"([^"]*+(?:""[^"]*+)*+)"?+)?+([^' + mark + rb"]*+)"),
    )


def has_stray_quote(data: bytes, start: int, delimiter: bytes) -> bool:
    """Tell whether, from `start` on, some quote neither opens nor closes a cell nor is doubled."""
    import numpy as np  # noqa: PLC0415 (imported when a command runs)

    text = np.frombuffer(data, np.uint8)[start:]
    fitting = np.zeros(256, np.bool_)
    fitting[list(delimiter + b'\r\n"')] = True
    seen, last = 0, len(text) - 1
    for begin in range(0, len(text), _CHUNK):
        at = np.flatnonzero(text[begin : begin + _CHUNK] == _QUOTE) + begin
        opening, closing = at[seen % 2 :: 2], at[1 - seen % 2 :: 2]
        beside = (np.maximum(opening - 1, 0), np.minimum(closing + 1, last))
        if not all(fitting[text[found]].all() for found in beside):
            return True
        seen += len(at)
    return seen % 2 == 1


def _runs_on(text: bytes, find: _Patterns, delimiter: bytes, line: int) -> int:
    """Give the line of a quoted cell that holds a line end and runs on after its quote; 0 if none.

    Its quote was never closed: what looks like its end opens a cell of the next account.
    """
    for cell in find.quoted.finditer(text):
        after = text[cell.end() : cell.end() + 1]
        if after not in {b"", delimiter} and _LINE_END.search(cell[0]):
            return line + len(_LINE_END.findall(text, 0, cell.start()))
    return 0


def _is_blank(text: bytes, delimiter: bytes) -> bool:
    """Tell whether all cells of a row hold nothing but white space."""
    rest = text.strip(delimiter + b'" \t')
    if b" " < rest[:1] < b"\x7f":
        return False
    found = _patterns(delimiter).cell.findall(text)
    return not any((inside + rest_of_it).decode().strip() for inside, rest_of_it in found)
