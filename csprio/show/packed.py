"""Bytes on their way into a gzip file, packed as they come.

Comes in: the bytes of an answer. Goes out, to a sink: a gzip file without name or time, so that
the same answer has the same bytes. Nothing here knows a format or a path.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from csprio.show.formats import Sink

_LEVEL = 6  # what gzip takes, if nobody says otherwise
_GZIP = 31  # tells zlib to write a gzip file


class Packed:
    """A sink that packs what it is given; `end` writes the rest."""

    def __init__(self, sink: Sink) -> None:
        """Take what the packed bytes go to."""
        self._sink, self._packer = sink, zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)

    def write(self, chunk: bytes | memoryview, /) -> None:
        """Pack the next bytes."""
        self._sink.write(self._packer.compress(chunk))

    def end(self) -> None:
        """Write what is left, and the sum and length of all."""
        self._sink.write(self._packer.flush())
