"""Bytes in, text out: a path or `-` becomes UTF-8, whatever encoding the file says it has.

Comes in: a path as the user wrote it, stdin, the `encoding` setting. Goes out: a `Source`, or a
`Stop` that says what the file is instead. What gzip packs is text too; a table of columns stays
what it is. Nothing here knows what a row or a cell is.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csprio.problems import ExitCode, Place, Stop, policy_stop, problem
from csprio.read.unpacked import PARQUET, ZIP, kind_of, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from csprio.read.parquet import Parquet
    from csprio.read.reopened import Kept
    from csprio.read.sheet_cells import Grid
    from csprio.read.workbook import Workbook
    from csprio.settings import TableSettings

STDIN = "-"

# The mark at the head of a file says its encoding; the longer marks come first.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_AT_ONCE = 1 << 18  # bytes that a processor's cache holds
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True)
class Source:
    """A text file: its name as given, its text as UTF-8 without a mark, its bytes as they came.

    A file of columns has no text: `columns` is what it has instead. `said` is for stderr.
    """

    name: str
    data: bytes
    raw: bytes
    columns: Parquet | Grid | None = None
    said: tuple[str, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """The digest of the file's bytes; nobody waits for it who does not ask."""
        return hashlib.sha256(self.raw).hexdigest()


def read_source(name: str, settings: TableSettings, stdin: BinaryIO | Kept) -> Source:
    """Read a table from a file, or from stdin for `-`; what is none is a `Stop` with exit 3.

    Of a workbook it is the sheet that the settings name, or the first.
    """
    raw = stdin.read() if name == STDIN else read_bytes(name)
    sheet = _of_sheet(name, raw, settings)
    return sheet or _of_columns(name, raw) or decoded(name, raw, settings.encoding)


def read_table(name: str, encoding: str | None) -> Source:
    """Read a table from a file that is most likely UTF-8, as `utf8_first` reads text."""
    raw = read_bytes(name)
    return _of_columns(name, raw) or taken_as_utf8(name, raw, encoding)


def utf8_first(name: str, encoding: str | None, stdin: BinaryIO | None = None) -> Source:
    """Read a file that is most likely UTF-8, whatever the accounts are written in.

    csprio itself writes UTF-8. Only what is none, or has NUL bytes, is read as the setting says.
    The bytes are read once: a pipe has them no second time. Without `stdin`, `-` is a file.
    """
    raw = read_bytes(name) if stdin is None or name != STDIN else stdin.read()
    return taken_as_utf8(name, raw, encoding)


def taken_as_utf8(name: str, raw: bytes, encoding: str | None) -> Source:
    """Take bytes as UTF-8, else as the setting says."""
    try:
        return decoded(name, raw, None)
    except Stop as stop:
        if encoding is None or stop.problems[0].code not in {"not-utf8", "nul-byte"}:
            raise
        return decoded(name, raw, encoding)


def _of_columns(name: str, raw: bytes) -> Source | None:
    """Take bytes as a table of columns; None where they are none."""
    if kind_of(raw) != PARQUET:
        return None
    from csprio.read.parquet import Parquet  # noqa: PLC0415 - few books are in such files

    return Source(name, b"", raw, Parquet(name, raw))


def workbook_of(name: str, raw: bytes) -> Workbook | None:
    """Take bytes as a workbook; None where they are none."""
    if kind_of(raw) != ZIP:
        return None
    from csprio.read.workbook import Workbook, is_workbook  # noqa: PLC0415 - few books are in such

    return Workbook(name, raw) if is_workbook(raw) else None


def _of_sheet(name: str, raw: bytes, settings: TableSettings) -> Source | None:
    """Take bytes as a workbook, and of that a sheet; None where they are none."""
    book = workbook_of(name, raw)
    if book is None:
        return None
    title, said = book.chosen(settings.sheet)
    grid = book.sheet(title, settings.skip_lines, settings.numerals.decimal)
    return Source(name, b"", raw, grid, (said,) if said else ())


def decoded(name: str, raw: bytes, encoding: str | None) -> Source:
    """Take bytes that were read as text, packed or not; what is none is a `Stop` with exit 3."""
    text = unpacked(name, raw)
    kind = kind_of(text)
    if kind is not None:
        raise _unusable("spreadsheet", Place(name), kind=kind)
    data = _decode(name, text, encoding)
    if b"\0" in data:
        raise Stop(ExitCode.UNUSABLE, [problem("nul-byte", place) for place in _nuls(name, data)])
    return Source(name, data, raw)


def sha256_of(path: str) -> str:
    """Hash the bytes of a file that was read."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def line_at(data: bytes, offset: int) -> int:
    """Count the line, from 1, that `offset` lies in; LF, CRLF and CR each end a line."""
    breaks = count_of(b"\n", data, 0, offset)
    if b"\r" in data:
        breaks += data.count(b"\r", 0, offset) - data.count(b"\r\n", 0, offset)
    return breaks + 1


def count_of(letter: bytes, data: bytes, start: int = 0, end: int | None = None) -> int:
    """Count a letter of one byte between two offsets, at memory speed."""
    import numpy as np  # noqa: PLC0415 (imported when a command runs)

    text = np.frombuffer(data, np.uint8)[start:end]
    parts = (text[at : at + _AT_ONCE] for at in range(0, len(text), _AT_ONCE))
    return sum(int(np.count_nonzero(part == ord(letter))) for part in parts)


def skip_lines(data: bytes, count: int) -> int:
    """Give the offset at which line `count` + 1 begins, or the end of the data."""
    offset = 0
    for _ in range(count):
        end = _LINE_END.search(data, offset)
        if end is None:
            return len(data)
        offset = end.end()
    return offset


def read_bytes(name: str) -> bytes:
    """Read all bytes of a file, or say why that is not possible."""
    try:
        return Path(name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _unusable("missing-file", Place(name)) from None
    except IsADirectoryError:
        raise _unusable("is-folder", Place(name)) from None
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        raise _unusable("unreadable-file", Place(name), reason=reason) from None


def _decode(name: str, raw: bytes, encoding: str | None) -> bytes:
    """Give the text as UTF-8; a mark at its head beats the setting."""
    said = (b"", _known(encoding or "utf-8"))
    mark, codec = next(((m, c) for m, c in _MARKS if raw.startswith(m)), said)
    data = raw[len(mark) :]
    if codec == "utf-8" and is_utf8(data):
        return data
    try:
        return data.decode(codec).encode()
    except UnicodeError as failure:
        start = failure.start if isinstance(failure, UnicodeDecodeError) else 0
        line, byte = _position(data[:start], codec)
        facts = {"line": line, "byte": byte + (len(mark) if line == 1 else 0)}
        if codec == "utf-8":
            raise _unusable("not-utf8", Place(name, line), **facts) from None
        shown = codec.upper().removesuffix("-LE").removesuffix("-BE") if mark else encoding
        raise _unusable("not-encoded", Place(name, line), encoding=shown, **facts) from None


def _known(encoding: str) -> str:
    """Give Python's own name of an encoding of text."""
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # refuses what encodes no text, such as base64
    except (LookupError, ValueError):
        raise policy_stop("unknown-encoding", Place(""), encoding=encoding) from None
    return name


def is_utf8(data: bytes) -> bool:
    """Check the bytes at memory speed, without making a text of them."""
    import numpy as np  # noqa: PLC0415 (imported when a command runs)
    import pyarrow as pa  # noqa: PLC0415

    offsets = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    whole = pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(data))
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _position(good: bytes, codec: str) -> tuple[int, int]:
    """Give line and byte in the line, both from 1, of what follows these good bytes."""
    text = good.decode(codec, "replace")
    start = max(text.rfind("\n"), text.rfind("\r")) + 1
    return line_at(text[:start].encode(), len(good) * 4), len(text[start:].encode(codec)) + 1


def _nuls(name: str, data: bytes) -> Iterator[Place]:
    """Give each line that has a NUL byte."""
    for line, text in enumerate(_LINE_END.split(data), 1):
        if b"\0" in text:
            yield Place(name, line)


def _unusable(code: str, place: Place, **facts: Any) -> Stop:  # noqa: ANN401 (facts of any kind)
    """Stop for one problem of a file that cannot be used."""
    return Stop(ExitCode.UNUSABLE, [problem(code, place, **facts)])
