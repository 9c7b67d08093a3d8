"""JSON for scripts: `as_of`, `csprio` (the version), `rows` (one a line), `inputs` (path: sha256).

Numbers are numbers, digit by digit as in CSV; missing is null; text is UTF-8 with its control
characters escaped. Built of Arrow kernels, a part of the sheet at a time.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio import __version__
from csprio.show.cells import exchanged, holding, joined, number_mask, part_texts

if TYPE_CHECKING:
    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

_ESCAPED = b'"\\\x7f\xc2' + bytes(range(0x20))  # C2 begins the two bytes of each of 80 to 9F
_BEYOND_ASCII = re.compile("[\x7f-\x9f]")  # control characters that json leaves as they are


def write(sheet: Sheet, sink: Sink, _look: Look) -> None:
    """Write one object; its rows are in the sheet's order."""
    head = f'"as_of": {_text(sheet.as_of or None)}, "csprio": {_text(__version__)}'
    sink.write(f'{{{head}, "rows": ['.encode())
    lead = 1  # the first row has no comma before its newline
    for part in sheet.parts():
        sink.write(_rows(sheet, part)[lead:])
        lead = 0
    close = "], " if lead else "\n], "
    inputs = ", ".join(f"{_text(path)}: {_text(digest)}" for path, digest in sheet.inputs)
    sink.write(f'{close}"inputs": {{{inputs}}}}}\n'.encode())


def _rows(sheet: Sheet, part: pa.Table) -> memoryview:
    """Write the rows of a part, each as `,` newline and its object."""
    pieces: list[pa.Array | str] = []
    opening = ",\n{"
    for column, cells in zip(sheet.columns, part_texts(sheet, part), strict=True):
        values = _values(cells, number_mask(cells, column, part))
        pieces += [f"{opening}{_text(column.name)}: ", values]
        opening = ", "
    return joined([*pieces, "}"], missing="null")


def _values(cells: pa.Array, numbers: pa.Array | None) -> pa.Array:
    """Write cells as JSON values, null where missing; an empty text is a missing one."""
    if isinstance(numbers, pa.Scalar):
        return cells
    empty = pc.equal(cells, "")
    if pc.any(empty).as_py():
        cells = pc.if_else(empty, None, cells)
    quoted = pc.binary_join_element_wise('"', _escaped(cells), '"', "")
    return quoted if numbers is None else pc.if_else(numbers, cells, quoted)


def _escaped(cells: pa.Array) -> pa.Array:
    """Escape what JSON wants escaped, one by one: such cells are few."""
    rows = holding(cells, _ESCAPED)
    if not len(rows):
        return cells
    written = [_text(cell)[1:-1] for cell in cells.take(pa.array(rows)).to_pylist()]
    return exchanged(cells, rows, pa.array(written, pa.string()))


def _text(text: str | None) -> str:
    """Write one text (or null) as JSON."""
    written = json.dumps(text, ensure_ascii=False)
    return _BEYOND_ASCII.sub(lambda found: f"\\u{ord(found.group()):04x}", written)
