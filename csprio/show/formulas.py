"""What a spreadsheet would take for a formula in plain CSV: counted, for a warning.

Comes in: the sheets that go out as CSV. Goes out: the same sheets, and at most one problem when
they have been written. Nothing is changed: plain CSV is raw data.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.problems import Place, problem
from csprio.show.cells import PLAIN_DECIMAL, leading, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from csprio.problems import Problem
    from csprio.tables import Column, Sheet

_FORMULA = b"=+-@"
_SHOWN = 40  # letters of the first such cell


class FormulaCount:
    """Counts the text cells that begin with `= + - @` while an answer is written."""

    def __init__(self) -> None:
        """Begin with none."""
        self._total = 0
        self._first: tuple[str, str] | None = None

    def watch(self, sheet: Sheet) -> Sheet:
        """Give the same answer; its cells are counted as its rows are read, which is once."""
        return replace(sheet, table=sheet.table.slice(0, 0), more=self._seen(sheet))

    def warning(self) -> list[Problem]:
        """Say how many there were and show the first, by row and column; none, nothing."""
        if self._first is None:
            return []
        column, value = self._first
        value = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        cells = "1 cell begins" if self._total == 1 else f"{self._total} cells begin"
        return [problem("formula-cells", Place(""), cells=cells, column=column, value=value)]

    def _seen(self, sheet: Sheet) -> Iterator[pa.Table]:
        for part in sheet.parts():
            hits = [(column.name, _hits(part, column)) for column in sheet.columns]
            found = [(int(rows[0]), place) for place, (_, rows) in enumerate(hits) if len(rows)]
            self._total += sum(len(rows) for _, rows in hits)
            if found and self._first is None:
                row, place = min(found)
                name = hits[place][0]
                self._first = (name, str(part.column(name)[row].as_py()))
            yield part


def _hits(part: pa.Table, column: Column) -> npt.NDArray[np.int64]:
    """Give the rows of a part whose text in this column looks like a formula; numbers do not."""
    if not pa.types.is_string(part.schema.field(column.name).type):
        return np.empty(0, np.int64)
    cells = texts(part.column(column.name))
    rows = leading(cells, _FORMULA)
    if not len(rows):
        return rows
    numbers = pc.match_substring_regex(cells.take(pa.array(rows)), PLAIN_DECIMAL)
    return np.asarray(rows[~numbers.to_numpy(zero_copy_only=False)])
