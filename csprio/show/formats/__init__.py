"""The formats: one file each, with `write(sheet, sink, look, **options)`.

A format is imported when it is asked for. `sink` takes bytes; a format that does not draw for a
terminal pays no attention to `look`; `options` are those of the command line that the format
declares. A new format is one file here and one line below.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from csprio.exports import SYSTEMS

if TYPE_CHECKING:
    from csprio.problems import Problem
    from csprio.show.terminal import Look
    from csprio.tables import Sheet


class Sink(Protocol):
    """What a format writes to."""

    def write(self, chunk: bytes | memoryview, /) -> object:
        """Take the next bytes."""
        ...


class Written(NamedTuple):
    """What a format has to say besides its bytes.

    `problems` and what is `said` go to stderr; `beside` are further files: what stands behind the
    output's name without its extension, such as `.rejects.csv`, and the bytes. `instead` are such
    files, too, which are written only where an earlier run left one.
    """

    problems: tuple[Problem, ...] = ()
    beside: tuple[tuple[str, bytes], ...] = ()
    instead: tuple[tuple[str, bytes], ...] = ()
    said: tuple[str, ...] = ()


class Writer(Protocol):
    """What every format is."""

    def __call__(
        self,
        sheet: Sheet,
        sink: Sink,
        look: Look,
        **options: Any,  # noqa: ANN401 - each format has its own
    ) -> Written | None:
        """Write a whole answer."""
        ...


class Format(NamedTuple):
    """Where a format stands, and which extensions of an output file mean it.

    `safe` formats write out control characters themselves; the others carry raw data, whose
    control characters are written out on the way to a terminal. `binary` ones are no text: they
    never go there, and are packed as they are. `options` names the options of the command line that
    a format takes, `answers` the commands that it can show (all, where there is none). One that
    `looks_behind` the answers of some commands, or of all (True), shows the whole book there, which
    is then read at once. One that is `named` is told, as the option `name`, what the file is called
    that it is written to; it is "" where there is none, or where it is packed.
    """

    module: str
    extensions: tuple[str, ...] = ()
    safe: bool = False
    binary: bool = False
    options: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    looks_behind: bool | tuple[str, ...] = False
    named: bool = False

    def shows_behind(self, command: str) -> bool:
        """Tell whether it shows more of the book than the answer of a command."""
        looks = self.looks_behind
        return looks if isinstance(looks, bool) else command in looks


REPORT = "report"  # the command that has no table of its own: it is for what looks behind it

FORMATS: dict[str, Format] = {
    "table": Format("csprio.show.formats.table", (".txt",), safe=True),
    "csv": Format("csprio.show.formats.csv", (".csv",)),
    "excel": Format("csprio.show.formats.excel"),
    "json": Format("csprio.show.formats.json", (".json",)),
    "html": Format(
        "csprio.show.formats.html",
        (".html", ".htm"),
        safe=True,
        options=("template",),
        looks_behind=(REPORT,),
        named=True,
    ),
    "ics": Format(
        "csprio.show.formats.ics",
        (".ics",),
        safe=True,
        options=("todo", "remind"),
        answers=("calendar", "worklist"),
    ),
    "eml": Format(
        "csprio.show.formats.eml",
        (".eml",),
        safe=True,
        options=("todo", "remind"),
        answers=("worklist",),
    ),
    "md": Format("csprio.show.formats.md", (".md", ".markdown"), safe=True),
    "parquet": Format("csprio.show.formats.parquet", (".parquet",), safe=True, binary=True),
    "xlsx": Format(
        "csprio.show.formats.xlsx",
        (".xlsx",),
        safe=True,
        binary=True,
        answers=("grade", "tiers", "worklist", "calendar", "scores", REPORT),
        looks_behind=True,
    ),
}

# What a map of columns describes: the task systems that csprio knows, and a user's own.
MAPPED = Format(
    "csprio.show.formats.mapped", options=("only_new",), answers=("calendar", "worklist")
)
FORMATS |= dict.fromkeys(SYSTEMS, MAPPED)


def kind_of(name: str) -> Format:
    """Give a format; what csprio does not know by name is written by a map of the user's."""
    return FORMATS.get(name, MAPPED)


def writer(name: str) -> Writer:
    """Import a format by its name, which the caller has checked."""
    return cast("Writer", import_module(kind_of(name).module).write)
