"""Where bytes wait until all of them are known, and how they then take their place at once.

Comes in: bytes for a path or for stdout. Goes out, at `commit`: files renamed into place, and what
stdout held back. Without a `commit` nothing is left behind. Nothing here knows what is written.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import stat
import sys
import tempfile
from codecs import getincrementaldecoder
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol, Self, cast

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.show.terminal import is_terminal
from csprio.show.text import visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

HELD_BYTES = 64 << 20
_COPIED_BYTES = 1 << 20


@dataclass(frozen=True)
class _Waiting:
    """Bytes for a path: in a temporary file beside it, or held back for what is no plain file."""

    path: str
    temporary: Path | None = None
    target: Path = Path()
    held: IO[bytes] | None = None
    safe: bool = False


class _Raw(Protocol):
    """A stream without a buffer; None says that it cannot take anything now."""

    def write(self, chunk: memoryview, /) -> int | None: ...

    def fileno(self) -> int: ...


class Guarded:
    """A sink that turns a failure to write into the end of the run."""

    def __init__(self, inner: IO[bytes], path: str) -> None:
        """Write to `inner`, and name `path` where that fails."""
        self._inner = inner
        self._path = path

    def write(self, chunk: bytes | memoryview, /) -> int:
        """Write all of the chunk or stop."""
        with _unwritten(self._path):
            return self._inner.write(chunk)


class Stage:
    """Outputs of one run: open each, then commit; `folders` makes missing parent folders."""

    def __init__(self, *, folders: bool = False) -> None:
        """Begin with nothing written."""
        self._folders = folders
        self._waiting: list[_Waiting] = []
        self._made: list[Path] = []

    def __enter__(self) -> Self:
        """Give the stage itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take away what was not committed."""
        for waiting in self._waiting:
            if waiting.held is not None:
                with contextlib.suppress(OSError):
                    waiting.held.close()
            if waiting.temporary is not None:
                with contextlib.suppress(OSError):
                    waiting.temporary.unlink()
        for folder in reversed(self._made):
            with contextlib.suppress(OSError):
                folder.rmdir()  # only where it is still empty

    @contextlib.contextmanager
    def open(self, path: str, *, safe: bool = False) -> Iterator[Guarded]:
        """Give a sink for the bytes of a path (`-` is stdout).

        `safe` bytes reach a terminal as they are; others have their control characters written out.
        """
        with _unwritten(path):
            if path == "-" or not _is_plain(path):
                held = _held()
                self._waiting.append(_Waiting(path, held=held, safe=safe))
                beside = None
            else:
                beside = self._beside(path)
        if beside is None:
            yield Guarded(held, path)
            return
        try:
            yield Guarded(beside, path)
            with _unwritten(path):
                beside.flush()
                os.fsync(beside.fileno())
        finally:
            with _unwritten(path):
                beside.close()

    def commit(self) -> None:
        """Rename every file into place, then let go what was held back."""
        for waiting in self._waiting:
            if waiting.temporary is not None:
                with _unwritten(waiting.path):
                    waiting.temporary.replace(waiting.target)
        for waiting in self._waiting:
            if waiting.held is not None:
                waiting.held.seek(0)
                with _unwritten(waiting.path):
                    _let_go(waiting.held, waiting.path, safe=waiting.safe)
        self._made.clear()

    def _beside(self, path: str) -> IO[bytes]:
        """Open a new file in the folder of a path, with the permissions the path will have."""
        target = Path(path).resolve()
        if self._folders:
            self._make(target.parent)
        mode = _mode(target)
        for number in count():
            temporary = target.parent / f".csprio-{os.getpid()}-{number}.tmp"
            with contextlib.suppress(FileExistsError):
                beside = temporary.open("xb")
                break
        self._waiting.append(_Waiting(path, temporary, target))
        if mode is not None:
            temporary.chmod(mode)
        return beside

    def _make(self, folder: Path) -> None:
        """Make a folder and those above it, and remember which are new."""
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir()
            self._made.append(each)


@contextlib.contextmanager
def _unwritten(path: str) -> Iterator[None]:
    """Turn a failure of the system into the end of the run; a broken pipe is not one."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        name = "stdout" if path == "-" else path
        found = problem("unwritten", Place(name), reason=reason)
        raise Stop(ExitCode.UNWRITTEN, [found]) from error


def _held() -> IO[bytes]:
    """Open what holds bytes back: in memory up to 64 MiB, then in a temporary file."""
    return cast("IO[bytes]", tempfile.SpooledTemporaryFile(HELD_BYTES))


def _is_plain(path: str) -> bool:
    """Say whether a path is, or will be, a plain file; a folder is an error of the system."""
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFDIR if path.endswith(("/", os.sep)) else stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return stat.S_ISREG(mode)


def _mode(target: Path) -> int | None:
    """Give the permissions of a file that is there; one that may not be written stays as it is."""
    if not target.exists():
        return None
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(target.stat().st_mode)


def _let_go(held: IO[bytes], path: str, *, safe: bool) -> None:
    """Copy held bytes to stdout or to a device; a reader that has gone is no error."""
    if path != "-":
        with (
            contextlib.suppress(BrokenPipeError),
            Path(path).open("wb", buffering=0) as device,
        ):
            _copy(held, device, escape=is_terminal(device) and not safe)
        return
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    try:
        sys.stdout.flush()
        # Past Python's buffer: what fails there would fail once more, loudly, when Python ends.
        binary: Any = sys.stdout.buffer
        _copy(held, getattr(binary, "raw", binary), escape=is_terminal(sys.stdout) and not safe)
    except BrokenPipeError:
        _silence_stdout()


def _copy(held: IO[bytes], sink: _Raw, *, escape: bool) -> None:
    """Copy everything; a sink may take less than it is given at a time."""
    decoder = getincrementaldecoder("utf-8")("backslashreplace")
    while chunk := held.read(_COPIED_BYTES):
        if escape:
            chunk = visible_lines(decoder.decode(chunk)).encode()
        rest = memoryview(chunk)
        while rest:
            written = sink.write(rest)
            if written is None:  # a pipe that does not block, and is full
                select.select([], [sink], [])
            else:
                rest = rest[written:]


def _silence_stdout() -> None:
    """Send what Python still holds for stdout nowhere, so that it ends without a word."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
