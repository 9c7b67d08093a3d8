"""Packed bytes: what packs them, and the bytes inside of gzip.

Comes in: the bytes of a file as they are. Goes out: the bytes that they pack, or a `Stop` where
they are damaged. What packs them is told by the first bytes, never by a name. Nothing is unpacked
twice.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING

from csprio.problems import ExitCode, Place, Stop, problem

if TYPE_CHECKING:
    from typing import BinaryIO

GZIP, PARQUET, ZIP = ".gz", ".parquet", "such as .xlsx, .ods or .zip"
# A text may well begin with the letters PK or PAR1; a packed file goes on with control characters.
_KINDS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x1f\x8b"), GZIP),
    (re.compile(rb"PAR1[\x00-\x08\x0b\x0c\x0e-\x1f]"), PARQUET),
    (re.compile(rb"PK[\x00-\x08]"), ZIP),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "such as .xls"),
)
_PIECE = 1 << 15  # bytes unpacked at a time
_GZIP = 31  # tells zlib that the bytes are a gzip file, whose sum and length it then checks


def kind_of(raw: bytes) -> str | None:
    """Say how bytes are packed; None where they may be text."""
    return next((kind for pattern, kind in _KINDS if pattern.match(raw)), None)


def unpacked(name: str, raw: bytes) -> bytes:
    """Give the bytes that a gzip file packs, once; others come back as they are."""
    if kind_of(raw) != GZIP:
        return raw
    text = io.BytesIO()
    unpack(name, io.BytesIO(raw), text)
    return text.getvalue()


def unpack(name: str, packed: BinaryIO, text: BinaryIO) -> None:
    """Unpack a gzip file, piece by piece.

    Several files that were packed one behind the other are one, as for every program. A file that
    was cut short or changed is a `Stop` with exit 3: some of its rows could be all of them.
    """
    rest = packed.read(_PIECE)
    while rest:
        member = zlib.decompressobj(_GZIP)
        while not member.eof:
            if not rest:
                raise damaged(name, "gzip", "it ends too early")
            try:
                text.write(member.decompress(rest))
            except zlib.error as failure:
                raise damaged(name, "gzip", str(failure).rpartition(": ")[2]) from None
            rest = member.unused_data or packed.read(_PIECE)
        rest = _past_zeros(rest, packed)


def _past_zeros(rest: bytes, packed: BinaryIO) -> bytes:
    """Pass over the zeros with which some programs fill up a last block."""
    while not (left := rest.lstrip(b"\0")):
        rest = packed.read(_PIECE)
        if not rest:
            break
    return left


def damaged(name: str, kind: str, why: str) -> Stop:
    """Stop for a packed file that is not whole."""
    return Stop(ExitCode.UNUSABLE, [problem("damaged-file", Place(name), kind=kind, why=why)])
