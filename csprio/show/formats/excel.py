"""CSV for people with a spreadsheet: BOM, CRLF, and no text that it would take for a formula.

A text cell that begins with `= + - @` TAB or CR, or with apostrophes and one of these, gets one
apostrophe more; every reader of csprio takes one off there, so any text comes back as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.show.cells import exchanged, leading
from csprio.show.formats.csv import put

if TYPE_CHECKING:
    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

_BOM = b"\xef\xbb\xbf"
_FORMULA = "^'*[=+\\-@\\t\\r]"
_BEGINS = b"'=+-@\t\r"


def write(sheet: Sheet, sink: Sink, _look: Look) -> None:
    """Write the header and every row, in the sheet's order."""
    sink.write(_BOM)
    put(sheet, sink, "\r\n", _guard)


def _guard(cells: pa.Array) -> pa.Array:
    rows = leading(cells, _BEGINS)
    rows = rows[pc.match_substring_regex(cells.take(pa.array(rows)), _FORMULA).to_numpy(False)]  # noqa: FBT003
    marked = pc.binary_join_element_wise("'", cells.take(pa.array(rows)), "")
    return exchanged(cells, rows, marked) if len(rows) else cells
