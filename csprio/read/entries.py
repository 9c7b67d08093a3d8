"""One file of a journal as text: its whole lines, column by column, and what is no line of it.

Comes in: a path. Goes out: `Entries`, or a `Stop` where the file is no journal. An append that was
cut short leaves a line that is not whole: it is left out and reported, and the others count.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.journal import COLUMNS
from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.source import Source, decoded, read_bytes
from csprio.read.table import lay_out
from csprio.read.tidy_columns import side_by_side, tidy
from csprio.read.unpacked import unpacked
from csprio.read.whole_rows import at_once, exactly, is_ended, unended
from csprio.read.wording import listed
from csprio.settings import TableSettings
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from csprio.problems import Problem
    from csprio.read.spans import Places
    from csprio.read.table import Layout
    from csprio.read.whole_rows import Begins

NEEDED = ("date", "account_id", "kind")
CODED = ("date", "kind", "until")  # columns with few texts, each of which is then looked at once
_INK = re.compile(rb"\S")
# The first bytes of a character, and then the end of the line.
_CUT_SHORT = re.compile(
    rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})(?=[\r\n]|\Z)"
)
_MARK = b"\x1a"  # stands for each byte of them


@dataclass(frozen=True)
class Entries:
    """The whole lines of a file: each column of the journal as text, null where it is blank.

    The columns of `CODED` are Arrow dictionaries. `header` gives each column that the file has as
    the file spells it; `lines` gives the line that each row begins on.
    """

    source: Source
    header: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, pa.Array] = field(default_factory=dict)
    lines: Begins | Places | Sequence[int] = ()
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.texts["date"])

    def place(self, row: int, column: str) -> Place:
        """Say where a cell stands; the line is looked up in the file only now."""
        return Place(self.source.name, int(self.lines[row]), self.header.get(column, column))


def read_entries(path: str, settings: TableSettings) -> Entries:
    """Read the lines of one file; a file without a byte is a journal without entries."""
    source, cut = _read(path, settings.encoding)
    if not _INK.search(source.data):
        return Entries(source, texts={name: pa.array([], _kind(name)) for name in COLUMNS})
    layout = lay_out(source, TableSettings())
    at = _columns(source, layout)
    wanted = {column: _kind(name) for name, column in at.items()}
    wanted.setdefault(len(layout.header) - 1, pa.string())
    found = None if cut else at_once(source, layout, wanted)
    texts = None if found is None else _texts(found.columns, at, settings)
    if found is None or texts is None or texts["date"].null_count:  # which may be blank lines
        found = exactly(source, layout, wanted, cut)
        texts = _texts(found.columns, at, settings)
    elif len(texts["date"]) and not is_ended(source.data):
        found.problems.append(unended(source, found.lines[len(texts["date"]) - 1]))
    header = {name: layout.header[column] for name, column in at.items()}
    return Entries(source, header, texts, found.lines, tuple(found.problems))


def _kind(name: str) -> pa.DataType:
    """Say how Arrow holds a column."""
    return pa.dictionary(pa.int32(), pa.string()) if name in CODED else pa.string()


def _read(path: str, encoding: str | None) -> tuple[Source, frozenset[int]]:
    """Read a file once; also give the offsets where an append has cut a character short."""
    raw = read_bytes(path)
    try:
        return decoded(path, raw, None), frozenset()
    except Stop as stop:
        code = stop.problems[0].code
        if code == "not-utf8":
            data, cut = _mended(unpacked(path, raw).removeprefix(codecs.BOM_UTF8))
            if cut:
                return Source(path, data, raw), cut
        if encoding is None or code not in {"not-utf8", "nul-byte"}:
            raise
    return decoded(path, raw, encoding), frozenset()


def _mended(data: bytes) -> tuple[bytes, frozenset[int]]:
    """Mark the characters that are cut short by the end of their line, and say where.

    No place is given where something else in the text is no UTF-8.
    """
    cut: list[int] = []

    def mark(found: re.Match[bytes]) -> bytes:
        cut.append(found.start())
        return _MARK * len(found[0])

    mended = _CUT_SHORT.sub(mark, data)
    try:
        mended.decode()
    except UnicodeDecodeError:
        cut.clear()
    return mended, frozenset(cut)


def _columns(source: Source, layout: Layout) -> dict[str, int]:
    """Find the columns of the journal in the header; without those that must be it is none."""
    spelled = [plain(name) for name in layout.header]
    found = {
        name: [at for at, text in enumerate(spelled) if text == plain(name)] for name in COLUMNS
    }
    missing = [name for name in NEEDED if not found[name]]
    if missing:
        facts = {"missing": listed(missing), "headers": listed(filter(None, layout.header))}
        place = Place(source.name, layout.line)
        made = problem("not-a-journal", place, header=",".join(COLUMNS), **facts)
        raise Stop(ExitCode.UNUSABLE, [made])
    return alone(found, layout, source.name)


def alone(found: Mapping[str, list[int]], layout: Layout, file: str) -> dict[str, int]:
    """Give the place of each column in the header; two headers for one column are a `Stop`."""
    errors = []
    for name, places in found.items():
        if len(places) > 1:
            headers = " and ".join(f"`{layout.header[at]}`" for at in places)
            place = Place(file, layout.line, layout.header[places[1]])
            errors.append(problem("columns-alike", place, headers=headers, column=name))
    if errors:
        raise Stop(ExitCode.UNUSABLE, errors)
    return {name: places[0] for name, places in found.items() if places}


def _texts(
    columns: Mapping[int, pa.ChunkedArray], at: Mapping[str, int], settings: TableSettings
) -> dict[str, pa.Array]:
    """Clean the columns; one that the file lacks is blank."""
    rows = len(columns[at["date"]])

    def texts(name: str) -> pa.Array:
        return tidy(columns[at[name]], settings.missing) if name in at else _blank(name, rows)

    return dict(zip(COLUMNS, side_by_side(rows, texts, COLUMNS), strict=True))


def _blank(name: str, rows: int) -> pa.Array:
    nothing = pa.nulls(rows, pa.string())
    return nothing.dictionary_encode() if name in CODED else nothing
