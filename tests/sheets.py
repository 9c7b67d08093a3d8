"""Makes small answers for the tests of the formats, and shows them.

In: rows as a person would write them (text, Decimal, date). Out: a `Sheet`, or the bytes or text of
a format. Nothing here knows what a format should look like.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from csprio.show.formats import writer
from csprio.show.terminal import Look
from csprio.tables import ANSWERS, Column, Kind, Sheet, arrow_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAUGHTY = Path(__file__).parent / "data" / "text" / "blns.json"


def answer(command: str, rows: Sequence[Mapping[str, Any]], **rest: Any) -> Sheet:  # noqa: ANN401
    """Make the answer of a command; a column that a row does not name is missing in it."""
    return of_columns(ANSWERS[command], rows, command, **rest)


def of_columns(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    command: str = "any",
    **rest: Any,  # noqa: ANN401
) -> Sheet:
    """Make an answer of any columns."""
    full = [{column.name: row.get(column.name) for column in columns} for row in rows]
    schema = pa.schema([(column.name, arrow_type(column.kind)) for column in columns])
    return Sheet(command, tuple(columns), pa.Table.from_pylist(full, schema), **rest)


def of_texts(texts: Sequence[Sequence[str | None]], kind: Kind = Kind.TEXT) -> Sheet:
    """Make an answer of rows of text, whose columns are called a, b, c ..."""
    columns = [Column("abcdefgh"[n], kind, "") for n in range(len(texts[0]))]
    rows = [dict(zip("abcdefgh", row, strict=False)) for row in texts]
    return of_columns(columns, rows)


def shown(name: str, sheet: Sheet, look: Look = Look()) -> bytes:  # noqa: B008 - it is frozen
    """Give the bytes of a sheet in a format."""
    sink = io.BytesIO()
    writer(name)(sheet, sink, look)
    return sink.getvalue()


def drawn(sheet: Sheet, width: int | None = None, *, color: bool = False) -> list[str]:
    """Give the lines of a sheet as a table."""
    return shown("table", sheet, Look(width, color)).decode().splitlines()


def naughty() -> list[str]:
    """Give strings that are known to break programs (the Big List of Naughty Strings)."""
    strings: list[str] = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    return strings
