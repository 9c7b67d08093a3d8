"""Cells as text: what every format starts from.

Comes in: an Arrow array of a column and its kind. Goes out: an Arrow array of text, null where the
field is missing, every number as its shortest plain decimal and every date as ISO. Nothing here
quotes or escapes: that is the business of each format.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.tables import Kind

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.tables import Column, Sheet

NUMBERS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.WHOLE, Kind.SHARE})
_BYTES = 256
PLAIN_DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"


def texts(column: pa.ChunkedArray) -> pa.Array:
    """Write each cell of a column as text; null stays null, and so does a float that is no number.

    Decimals and floats lose trailing zeros (`1200.5`, `0.25`), never a digit that counts.
    """
    if pa.types.is_decimal(column.type):
        return _decimals(_one(column))
    if pa.types.is_floating(column.type):
        return pa.array([_float(value) for value in column.to_pylist()], pa.string())
    return _one(column if column.type == pa.string() else column.cast(pa.string()))


def part_texts(sheet: Sheet, part: pa.Table) -> list[pa.Array]:
    """Write the declared columns of one part of a sheet's table as text, in order."""
    return [texts(part.column(column.name)) for column in sheet.columns]


def number_mask(cells: pa.Array, column: Column, part: pa.Table) -> pa.Array | None:
    """Say which cells are to be taken as numbers: all, none (None), or the plain decimals in text.

    `cells` is what `part_texts` made of this column of this part.
    """
    if column.kind not in NUMBERS:
        return None
    if not pa.types.is_string(part.schema.field(column.name).type):
        return pa.scalar(True)  # noqa: FBT003
    return pc.fill_null(pc.match_substring_regex(cells, PLAIN_DECIMAL), False)  # noqa: FBT003


def holding(cells: pa.Array, characters: bytes) -> npt.NDArray[np.int64]:
    """Give the rows in whose cells any of these bytes stands.

    It looks at the bytes of the whole column at once, so that a clean one costs next to nothing.
    """
    _, offsets, content = cells.buffers()
    if content is None or not len(cells):
        return np.empty(0, np.int64)
    bounds = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    used = np.frombuffer(content, np.uint8)[bounds[0] : bounds[-1]]
    wanted = np.zeros(_BYTES, bool)
    wanted[list(characters)] = True
    places = np.flatnonzero(wanted[used]) + bounds[0]
    return np.unique(np.searchsorted(bounds, places, side="right") - 1)


def exchanged(cells: pa.Array, rows: npt.NDArray[np.int64], texts: pa.Array) -> pa.Array:
    """Give the same cells, with other texts in some rows, which ascend."""
    mask = np.zeros(len(cells), bool)
    mask[rows] = True
    return pc.replace_with_mask(cells, pa.array(mask), texts)


def leading(cells: pa.Array, characters: bytes) -> npt.NDArray[np.int64]:
    """Give the rows whose cell begins with one of these bytes."""
    _, offsets, content = cells.buffers()
    if content is None or not content.size:
        return np.empty(0, np.int64)
    bounds = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    first = np.frombuffer(content, np.uint8).take(bounds[:-1], mode="clip")
    begins = np.any([first == character for character in characters], axis=0)
    rows = np.flatnonzero(begins & (bounds[1:] > bounds[:-1]))
    return rows if not cells.null_count else rows[cells.is_valid().to_numpy(False)[rows]]  # noqa: FBT003


def joined(pieces: list[pa.Array | str], missing: str = "") -> memoryview:
    """Put the pieces of every row one after the other, and the rows too: the bytes of a body.

    A null piece is written as `missing`; at least one piece is an array, and it is not empty.
    """
    rows = pc.binary_join_element_wise(
        *(pa.scalar(piece) if isinstance(piece, str) else piece for piece in pieces),
        "",
        null_handling="replace",
        null_replacement=missing,
    )
    bounds = np.frombuffer(rows.buffers()[1], np.int32)
    start, stop = bounds[rows.offset], bounds[rows.offset + len(rows)]
    return memoryview(rows.buffers()[2])[start:stop]


def _one(column: pa.ChunkedArray) -> pa.Array:
    """Give a column as one array: slices of a table may lie across the chunks it was read in."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _decimals(column: pa.Array) -> pa.Array:
    written = column.cast(pa.string())
    if len(holding(written, b"E")):  # Arrow writes a scale beyond six as 0E-8
        return pa.array([_plain(value) for value in column.to_pylist()], pa.string())
    if column.type.scale <= 0:
        return written
    return pc.ascii_rtrim(pc.ascii_rtrim(written, characters="0"), characters=".")


def _float(value: float | None) -> str | None:
    return _plain(Decimal(repr(value))) if value is not None and math.isfinite(value) else None


def _plain(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
