"""What is read opened ever anew: as it lies there, unpacked on the disk, or kept from a pipe.

Comes in: a path, or stdin. Goes out: what opens the text at its head, as often as one likes. A text
on the disk has no name and goes with the process, however that ends; memory holds none of it.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from csprio.read.unpacked import GZIP, kind_of, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

HELD_BYTES = 64 << 20
_HEAD = 8  # bytes that tell how a file is packed


def opener(path: str) -> Callable[[], BinaryIO]:
    """Say how to open the text of a file; `Stop` (exit 3) where it is packed and damaged."""
    with Path(path).open("rb") as file:
        if kind_of(file.read(_HEAD)) != GZIP:
            return lambda: Path(path).open("rb")
        file.seek(0)
        with TemporaryFile(prefix="csprio-") as text:
            unpack(path, file, cast("BinaryIO", text))
            text.flush()
            return _Unpacked(os.dup(text.fileno()))


class Kept:
    """Bytes that could be read only once: in memory up to 64 MiB, then on the disk."""

    def __init__(self, once: BinaryIO) -> None:
        """Read them to their end."""
        head = once.read(HELD_BYTES + 1)
        self._open: Callable[[], BinaryIO] = lambda: io.BytesIO(head)
        if len(head) > HELD_BYTES:
            with TemporaryFile(prefix="csprio-") as text:
                text.write(head)
                copyfileobj(once, text, HELD_BYTES)
                text.flush()
                self._open = _Unpacked(os.dup(text.fileno()))

    def __call__(self) -> BinaryIO:
        """Open them at their head."""
        return self._open()

    def read(self) -> bytes:
        """Give all of them, however often."""
        with self._open() as file:
            return file.read()


class _Unpacked:
    """A text on the disk, which is given back when nobody opens it any more."""

    def __init__(self, number: int) -> None:
        """Take what the system calls the file."""
        self.number = number

    def __call__(self) -> BinaryIO:
        """Open the text at its head."""
        return cast("BinaryIO", io.BufferedReader(_Again(self)))

    def __del__(self) -> None:
        """Give the disk back."""
        os.close(self.number)


class _Again(io.RawIOBase):
    """A text that is there already, read from a place of one's own."""

    def __init__(self, text: _Unpacked) -> None:
        """Begin at the head; the text stays as long as somebody reads it."""
        super().__init__()
        self._text, self._at = text, 0

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def seekable(self) -> bool:
        """Say that this can be read from any place."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place."""
        starts = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}
        start = starts.get(whence)
        self._at = offset + (os.fstat(self._text.number).st_size if start is None else start)
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # of 3.12: Buffer
        """Read the next bytes."""
        piece = os.pread(self._text.number, len(buffer), self._at)
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
