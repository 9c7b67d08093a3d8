"""The one place that adds to a journal: whole lines at its end, all of a run or none.

Comes in: the path of a journal and the cells of its new entries. Goes out: the same file with these
lines at its end, on the disk by the time `append` returns; or a `Stop` and the bytes that were
there before. Nothing here reads what an entry says, and nothing is ever rewritten.
"""

from __future__ import annotations

import csv
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from csprio.held import Held, must_be_plain, sync_folder
from csprio.journal import CLOSINGS, COLUMNS
from csprio.problems import ExitCode, Place, Stop, policy_stop, problem
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MARK = b"\xef\xbb\xbf"  # of UTF-8, as spreadsheets write it
_HEADER = ",".join(COLUMNS).encode()
_SEPARATORS, _QUOTE = ",;\t|", '"'
_SEP_LINE = re.compile(rb'"?sep=[^\r\n]"?[ \t]*(?:\r\n|[\r\n])', re.IGNORECASE)
_FIRST_LINE = re.compile(rb"\s*([^\r\n]*)(\r\n|[\r\n]|\Z)")
_TOO_MANY = len(COLUMNS)  # as many separators make more cells than a row of the journal has
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Readers take one apostrophe off such cells, which spreadsheets must not take for formulas.
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_ACCOUNT, _KIND, _KEY = (COLUMNS.index(name) for name in ("account_id", "kind", "key"))
# The head of a UTF-8 character and what may follow it, first byte by first byte.
_LEAD_OF_TWO, _LEAD_OF_THREE, _LEAD_OF_FOUR, _NO_LEAD = 0xC2, 0xE0, 0xF0, 0xF5
_CONTINUED = range(0x80, 0xC0)
_LOWEST_SECOND = {0xE0: 0xA0, 0xF0: 0x90}
_LONGEST = 4


@dataclass(frozen=True)
class _Form:
    """How a journal is written."""

    separator: str = ","
    line_end: str = "\n"


def append(path: str, rows: Sequence[Sequence[str]]) -> None:
    """Add entries, cells in the order of `COLUMNS`, as whole lines; a new file gets its header.

    The lines go to the disk in one write under a lock of the file. Where that fails (exit 4), and
    where the file is no journal (exit 2), the file is left, or left out, as it was.
    """
    with adding(path) as add:
        add(rows)


@contextmanager
def adding(path: str) -> Iterator[Callable[[Sequence[Sequence[str]]], None]]:
    """Hold the lock of a journal, and give what adds to it, as `append` does.

    Nobody else adds to it meanwhile: who looks first what it says already does so in here. A new
    file to which nothing is added is taken away again.
    """
    with _unwritten(path):
        file = Held(path)

    def add(rows: Sequence[Sequence[str]]) -> None:
        with _unwritten(path):
            before = file.read()
            lead, form = _lead_in(before, path)
            file.add(lead + lines(rows, form.separator, form.line_end).encode())

    with file:
        yield add


def make_folder(path: str) -> None:
    """Make the folder of a journal that has a file for each person, as git keeps no empty ones."""
    folder = Path(os.path.realpath(path))
    with _unwritten(path):
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            sync_folder(folder)


def check(path: str) -> None:
    """Stop where `append` would: the file is no journal, or no plain file. Nothing is made."""
    with _unwritten(path):
        try:
            must_be_plain(Path(path).stat().st_mode)
        except FileNotFoundError:
            if not Path(os.path.realpath(path)).parent.is_dir():
                raise
        else:
            _lead_in(Path(path).read_bytes(), path)


def lines(rows: Sequence[Sequence[str]], separator: str = ",", line_end: str = "\n") -> str:
    """Write entries as lines of CSV, with as few quotes as can be."""
    special = {separator, '"', "\n", "\r"}
    written = (
        separator.join(
            cell if special.isdisjoint(cell) else f'"{cell.replace(_QUOTE, _QUOTE * 2)}"'
            for cell in _cells(row)
        )
        for row in rows
    )
    return "".join(line + line_end for line in written)


def one_line(text: str) -> str:
    """Turn what breaks a line, and other control characters, into single spaces."""
    return _BREAKS.sub(" ", text).encode(errors="replace").decode().strip()


def _cells(row: Sequence[str]) -> list[str]:
    """Put texts on one line; ids of accounts and tasks are what they are."""
    exact = {_ACCOUNT, _KEY} if row[_KIND] in CLOSINGS else {_ACCOUNT}
    cells = (cell if at in exact else one_line(cell) for at, cell in enumerate(row))
    return [f"'{cell}" if _GUARDED.match(cell) else cell for cell in cells]


def _lead_in(before: bytes, path: str) -> tuple[bytes, _Form]:
    """Give what must stand before the new lines, and how the file is written.

    That is the header or the rest of it where there is none, and the end of a last line that has
    none. A file with another header is a `Stop`.
    """
    body = before.removeprefix(_MARK)
    if _HEADER.startswith(body) or (body.isspace() and body.endswith((b"\n", b"\r"))):
        return _HEADER[len(body.strip()) :] + b"\n", _Form()
    said = _SEP_LINE.match(body)
    header = _FIRST_LINE.match(body, said.end() if said else 0)
    separator = _separator(header[1]) if header else None
    if header is None or separator is None:
        raise policy_stop("journal-header", Place(path, 1), header=",".join(COLUMNS))
    form = _Form(separator, header[2].decode() or "\n")
    return _end_of(body[header.start(1) :], form), form


def _separator(header: bytes) -> str | None:
    """Find the separator under which a line is the header of a journal."""
    text = header.decode(errors="replace")
    for separator in _SEPARATORS:
        row = next(csv.reader([text], delimiter=separator), [])
        if [plain(cell) for cell in row] == [plain(name) for name in COLUMNS]:
            return separator
    return None


def _end_of(body: bytes, form: _Form) -> bytes:
    """Give what ends the last line, so that the next one is a row of its own.

    A row that is torn inside quotes or inside a character gets its quote or its character closed,
    and more cells than a row has: it swallows nothing, and is not taken for whole. What closes it
    stays one piece should somebody mend the quote that was open.
    """
    line_end = form.line_end.encode()
    row = _row(form.separator.encode())
    rest = body[_finished(row, body) :]
    if not rest:
        return b"\n" if line_end == b"\r\n" and body.endswith(b"\r") else b""
    half, mark = _rest_of_character(rest), form.separator.encode() * _TOO_MANY
    if re.fullmatch(row, rest) is None:
        return half + b'"' + mark + b'torn"' + line_end
    return (half + mark + b"torn" if half else b"") + line_end


def _row(separator: bytes) -> bytes:
    """Match a row whose quotes are all closed; it never goes back, so no text is slow to read."""
    mark = re.escape(separator)
    rest = rb"[^\r\n" + mark + rb"]*+"
    cell = rb'(?:"[^"]*+(?:""[^"]*+)*+"' + rest + rb'|(?!")' + rest + rb")"
    return cell + rb"(?:" + mark + cell + rb")*+"


def _finished(row: bytes, body: bytes) -> int:
    """Give where the rows that have their line end are over."""
    whole = re.match(rb"(?:" + row + rb"(?:\r\n|[\r\n]))*+", body)
    return whole.end() if whole else 0


def _rest_of_character(text: bytes) -> bytes:
    """Give bytes that make a whole character of one that a torn line has broken off."""
    for back in range(1, min(_LONGEST, len(text) + 1)):
        lead = text[-back]
        if lead in _CONTINUED:
            continue
        length = 1 + sum(
            first <= lead < _NO_LEAD for first in (_LEAD_OF_TWO, _LEAD_OF_THREE, _LEAD_OF_FOUR)
        )
        missing = max(length - back, 0)
        second = _LOWEST_SECOND.get(lead, _CONTINUED[0]) if back == 1 else _CONTINUED[0]
        return bytes([second, *[_CONTINUED[0]] * (missing - 1)]) if missing else b""
    return b""


@contextmanager
def _unwritten(path: str) -> Iterator[None]:
    """Turn a failure of the system into the end of the run."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        found = problem("journal-unwritten", Place(path), reason=reason)
        raise Stop(ExitCode.UNWRITTEN, [found]) from error
