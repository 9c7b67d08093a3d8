r"""CSV for machines: UTF-8 without BOM, `\n`, quotes only where RFC 4180 asks for them, raw data.

Built of Arrow kernels, a part of the sheet at a time. `put` also serves the format `excel`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.show.ahead import ahead
from csprio.show.cells import exchanged, holding, joined, number_mask, part_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

_QUOTED = b'",\r\n'


def write(sheet: Sheet, sink: Sink, _look: Look) -> None:
    """Write the header and every row, in the sheet's order."""
    put(sheet, sink, "\n")


def put(
    sheet: Sheet, sink: Sink, end: str, guard: Callable[[pa.Array], pa.Array] | None = None
) -> None:
    """Write CSV lines that end in `end`; `guard` may change cells of text (never of numbers)."""
    alone = len(sheet.columns) == 1
    names = [pa.array([column.name], pa.string()) for column in sheet.columns]
    sink.write(_lines([guard(name) if guard else name for name in names], end, alone=alone))

    def lines(part: pa.Table) -> memoryview:
        cells = part_texts(sheet, part)
        if guard:
            for place, column in enumerate(sheet.columns):
                numbers = number_mask(cells[place], column, part)
                cells[place] = _guarded(cells[place], numbers, guard)
        return _lines(cells, end, alone=alone)

    for chunk in ahead(lines, sheet.parts()):
        sink.write(chunk)


def _guarded(
    cells: pa.Array, numbers: pa.Array | None, guard: Callable[[pa.Array], pa.Array]
) -> pa.Array:
    """Leave numbers as they are: a guard would turn `-5` into text."""
    guarded = guard(cells)
    if numbers is None or guarded is cells:
        return guarded
    return pc.if_else(numbers, cells, guarded)


def _lines(columns: list[pa.Array], end: str, *, alone: bool) -> memoryview:
    """Join cells to lines; in a table of one column an empty cell is quoted: no line is empty."""
    pieces: list[pa.Array | str] = []
    for cells in columns:
        pieces += [_quoted(cells), ","]
    if alone:
        only = pc.fill_null(columns[0], "")
        pieces[0] = pc.if_else(pc.equal(only, ""), '""', pieces[0])
    pieces[-1] = end
    return joined(pieces)


def _quoted(cells: pa.Array) -> pa.Array:
    rows = holding(cells, _QUOTED)
    if not len(rows):
        return cells
    doubled = pc.replace_substring(cells.take(pa.array(rows)), '"', '""')
    return exchanged(cells, rows, pc.binary_join_element_wise('"', doubled, '"', ""))
