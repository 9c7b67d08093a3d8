"""Writes rows of text columns as CSV, a block at a time, with as few quotes as a CRM would.

In: Arrow or numpy columns. Out: bytes in a file. Arrow's own writer quotes every text or none.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Block = Mapping[str, Any]


@contextmanager
def csv_file(path: Path) -> Iterator[Callable[[Block], None]]:
    """Open a file for blocks of columns; the first one's names are the header."""
    with path.open("wb") as file:

        def write(block: Block) -> None:
            if not file.tell():
                file.write((",".join(block) + "\n").encode())
            columns = [_cells(pa.array(column)) for column in block.values()]
            last = pc.binary_join_element_wise(columns[-1], "", "\n")
            rows = pc.binary_join_element_wise(*columns[:-1], last, ",")
            _, offsets, text = rows.buffers()
            end = memoryview(offsets).cast("i")[len(rows)]
            file.write(memoryview(text)[:end])

        yield write


def _cells(column: pa.Array) -> pa.Array:
    """Write values as text, nulls as nothing, and quote what needs it."""
    text = pc.fill_null(pc.cast(column, pa.string()), "")
    needs = pc.match_substring_regex(text, '[",\r\n]')
    if not pc.any(needs).as_py():
        return text
    doubled = pc.replace_substring(text, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), text)
