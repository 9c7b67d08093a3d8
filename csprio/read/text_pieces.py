"""Pieces of a text file, each of whole rows, as UTF-8: a file is never in memory as a whole.

Comes in: a path and, if that is said, an encoding. Goes out: bytes that end behind a line end
outside of quotes, and where they begin. What cannot be read like this is `Odd`: another reading,
which sees the whole file, says what it is. Nothing here knows what a cell is.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from csprio.problems import Stop
from csprio.read.reopened import opener
from csprio.read.source import count_of, decoded, is_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

PIECE = 16 << 20  # bytes of a file that are read at a time
_HEAD = 1 << 16  # bytes in which a header is looked for, where a piece is less
_MOST = 8  # pieces that are put together until a row ends
_STEPS = 1000  # lines that are gone back over until a row ends
_UTF8, _ANY = "utf-8", "latin-1"
_FIRST = 8  # bytes that tell a packed file
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ONE_BYTE = re.compile(r"cp[0-9]+|iso8859-[0-9]+|koi8-[a-z]|mac-[a-z]+")
_BYTES, _ASCII = 256, bytes(range(128)).decode()
_CONTINUES = range(0x80, 0xC0)  # bytes of a UTF-8 character but the first


class Odd(Exception):  # noqa: N818 - no failure: the file is read in another way
    """The file cannot be read in pieces."""


class Texts:
    """A file, packed or not, in an encoding in which a line end and a quote are a byte each.

    `head` are its first lines as UTF-8, without a mark; `whole` tells that these are all, `several`
    that there is more than one piece. Unless it is read `as_said`, a file that is UTF-8 is read so.
    """

    def __init__(
        self,
        path: str,
        encoding: str | None,
        *,
        as_said: bool = False,
        most: int | None = None,
        opened: Callable[[], BinaryIO] | None = None,
    ) -> None:
        """Look at the head of the file; where an encoding is said, mostly at all of it.

        `most` are the bytes of a piece, where it is to be smaller than others are; `opened` opens
        what has no path.
        """
        self._size = min(PIECE, most or PIECE)
        try:
            if opened is None and not stat.S_ISREG(Path(path).stat().st_mode):
                raise Odd
            self._open = opened or opener(path)
            self._codec = _codec(self._open, encoding, as_said=as_said)
            with self._open() as file:
                self.several = file.seek(0, os.SEEK_END) > self._size
                file.seek(0)
                raw = file.read(max(self._size, _HEAD))
                self.whole = not file.read(1)
        except (OSError, ValueError):
            raise Odd from None
        self._mark = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
        if raw.startswith(_MARKS) or (self._mark and self._codec != _UTF8):
            raise Odd
        try:
            decoded(path, raw[self._mark : _FIRST], _ANY)
        except Stop:  # a packed file
            raise Odd from None
        end = len(raw) if self.whole else raw.rfind(b"\n") + 1
        self.head = self._decoded(raw[self._mark : end])

    def offset(self, of_head: int) -> int:
        """Give the place in the file of a place in the head."""
        if self._codec == _UTF8:
            return self._mark + of_head
        return len(self.head[:of_head].decode())

    def forget_head(self) -> None:
        """Give back the memory that the head takes."""
        self.head = b""

    def walk(self, offset: int) -> Iterator[tuple[int, bytes]]:
        """Give the text from a line on, in pieces, each with where it begins in the file."""
        try:
            with self._open() as file:
                while data := _piece(file, offset, self._size):
                    yield offset, self._decoded(data)
                    offset += len(data)
        except OSError:
            raise Odd from None

    def _decoded(self, raw: bytes) -> bytes:
        """Give the text as UTF-8."""
        if b"\0" in raw:
            raise Odd
        if self._codec == _UTF8:
            if not is_utf8(raw):
                raise Odd
            return raw
        try:
            return raw.decode(self._codec).encode()
        except UnicodeError:
            raise Odd from None


def _piece(file: BinaryIO, offset: int, least: int) -> bytes:
    """Read whole rows; what is left at the end is one whether its line ends or not."""
    for size in range(least, (_MOST + 1) * least, least):
        file.seek(offset + size)
        rest = len(file.readline(least))  # to a line end, so that mostly nothing has to be cut
        file.seek(offset)
        data = file.read(size + rest)
        end = whole_rows(data) if len(data) > size else len(data)
        if end == len(data):
            return data
        if end:
            return data[:end]
    raise Odd


def whole_rows(data: bytes) -> int:
    """Give where the last row ends whose line end is there; 0 where none is.

    The text begins outside of quotes. Each quote is taken for one that opens or closes a cell.
    """
    end = data.rfind(b"\n") + 1
    quotes = count_of(b'"', data, 0, end) if b'"' in data else 0  # to look is faster than to count
    for _ in range(_STEPS):
        if not quotes % 2:
            return end
        start = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
        quotes -= count_of(b'"', data, start, end)
        end = start
    return 0


def line_ends(data: bytes) -> int:
    """Count the line ends: LF, CRLF and CR."""
    count = count_of(b"\n", data)
    if b"\r" in data:
        count += data.count(b"\r") - data.count(b"\r\n")
    return count


def _codec(opened: Callable[[], BinaryIO], encoding: str | None, *, as_said: bool) -> str:
    """Choose how to read: as is said, but mostly what is UTF-8 as UTF-8 whatever is said."""
    if encoding is None:
        return _UTF8
    try:
        name = codecs.lookup(encoding).name
        every = bytes(range(_BYTES)).decode(name, "replace")
    except (LookupError, ValueError):
        raise Odd from None
    if name == _UTF8 or (not as_said and is_utf8_file(opened)):
        return _UTF8
    if not _ONE_BYTE.fullmatch(name) or len(every) != _BYTES or every[:128] != _ASCII:
        raise Odd
    return name


def is_utf8_file(opened: Callable[[], BinaryIO]) -> bool:
    """Check a whole file in pieces."""
    rest = b""
    with opened() as file:
        while more := file.read(PIECE):
            data = rest + more
            end = len(data)
            while end > max(len(data) - 4, 0) and data[end - 1] in _CONTINUES:
                end -= 1
            end -= end > 0 and data[end - 1] >= _CONTINUES.stop  # a character that may go on
            if b"\0" in data or not is_utf8(data[:end]):
                return False
            rest = data[end:]
    return is_utf8(rest)
