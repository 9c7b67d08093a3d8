"""The formats: one file each, with `write(sheet, sink, look)`.

A format is imported when it is asked for. `sink` takes bytes; a format that does not draw for a
terminal pays no attention to `look`. A new format is one file here and one line below.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from csprio.show.terminal import Look
    from csprio.tables import Sheet


class Sink(Protocol):
    """What a format writes to."""

    def write(self, chunk: bytes | memoryview, /) -> object:
        """Take the next bytes."""
        ...


class Writer(Protocol):
    """What every format is."""

    def __call__(self, sheet: Sheet, sink: Sink, look: Look) -> None:
        """Write a whole answer."""
        ...


class Format(NamedTuple):
    """Where a format stands, and which extensions of an output file mean it.

    `safe` formats write out control characters themselves; the others carry raw data, whose
    control characters are written out on the way to a terminal. `binary` ones are no text: they
    never go there, and are packed as they are.
    """

    module: str
    extensions: tuple[str, ...] = ()
    safe: bool = False
    binary: bool = False


FORMATS: dict[str, Format] = {
    "table": Format("csprio.show.formats.table", (".txt",), safe=True),
    "csv": Format("csprio.show.formats.csv", (".csv",)),
    "excel": Format("csprio.show.formats.excel"),
    "json": Format("csprio.show.formats.json", (".json",)),
    "md": Format("csprio.show.formats.md", (".md", ".markdown"), safe=True),
    "parquet": Format("csprio.show.formats.parquet", (".parquet",), safe=True, binary=True),
}


def writer(name: str) -> Writer:
    """Import a format by its name; an unknown one is a KeyError (the caller has checked it)."""
    return cast("Writer", import_module(FORMATS[name].module).write)
