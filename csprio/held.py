"""A file that is held while lines are added to its end: locked, written whole or not at all.

Comes in: a path, then bytes. Goes out: the same file with these bytes at its end, on the disk by
the time `add` returns; or an error of the system and the bytes that were there before. What the
bytes say is the business of who adds them.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType


class Held:
    """The file that stands at a path, under a lock; a new one to which nothing is added goes."""

    def __init__(self, path: str) -> None:
        """Wait for the lock; make the file where there is none."""
        self._path = path
        self._file, self._new = _locked(path)

    def __enter__(self) -> Self:
        """Give the file itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the lock."""
        if self._new and not os.fstat(self._file).st_size:
            with suppress(OSError):  # under the lock: whoever waits for it looks again
                Path(os.path.realpath(self._path)).unlink()
        os.close(self._file)

    def read(self) -> bytes:
        """Give all that is in the file, which must still stand at its path."""
        if not _is_at(self._file, self._path):
            raise ValueError("another file has taken its place")
        os.lseek(self._file, 0, os.SEEK_SET)
        with open(self._file, "rb", buffering=0, closefd=False) as file:
            return file.readall()

    def add(self, text: bytes) -> None:
        """Write bytes at the end of the file, or nothing."""
        if not _is_at(self._file, self._path):
            raise ValueError("another file has taken its place")
        before = os.fstat(self._file).st_size
        try:
            while text:  # once, but on a disk that is about to be full: then to learn why
                text = text[os.write(self._file, text) :]
            os.fsync(self._file)
            if not before:
                sync_folder(Path(os.path.realpath(self._path)).parent)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(self._file, before)
            raise


def must_be_plain(mode: int) -> None:
    """Refuse folders, devices and pipes: they have no end to add a line to."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise ValueError("it is not a plain file")


def sync_folder(folder: Path) -> None:
    """Put the names of new files in a folder on the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _locked(path: str) -> tuple[int, bool]:
    """Open the file that stands at the path once nobody else holds it; tell if it is new.

    Another program (git, an editor) may put a new file there while we wait: then that one counts.
    """
    while True:
        real = os.path.realpath(path)
        new = False
        try:
            if os.path.lexists(real):
                must_be_plain(Path(real).stat().st_mode)
            file = os.open(real, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        except FileNotFoundError:
            flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_CREAT | os.O_EXCL
            with suppress(FileExistsError):
                file, new = os.open(real, flags, 0o666), True
            if not new:
                continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_at(file, path):
                return file, new
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _is_at(file: int, path: str) -> bool:
    """Tell whether an open file is the one that stands at a path."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), Path(path).stat())
    return False
