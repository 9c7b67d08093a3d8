"""Parquet for notebooks and warehouses: columns with their types, in groups of rows.

Dates are dates, money and numbers exact decimals, counts whole numbers, all else text; missing is
null. The same answer has the same bytes under the same edition of Arrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from csprio import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

GROUP_ROWS = 1 << 17  # few enough to wait in memory, many enough to pack well
_AS_THEY_ARE = (pa.types.is_decimal, pa.types.is_date32, pa.types.is_boolean)
_WIDEST = ((pa.types.is_integer, pa.int64()), (pa.types.is_floating, pa.float64()))


def write(sheet: Sheet, sink: Sink, _look: Look) -> None:
    """Write every row, in the sheet's order; `as_of` and the version stand in the footer."""
    names = [column.name for column in sheet.columns]
    said = {"as_of": sheet.as_of, "csprio": __version__}
    schema = pa.schema(
        [(name, _type(sheet.table.schema.field(name).type)) for name in names], metadata=said
    )
    out = _Out(sink)
    with pq.ParquetWriter(out, schema, compression="zstd", write_page_checksum=True) as writer:
        for group in _groups(sheet.parts()):
            columns = [group.column(name).cast(schema.field(name).type) for name in names]
            # In one piece each: how an answer was made must not show in its bytes.
            writer.write_table(pa.table(columns, schema=schema).combine_chunks(), GROUP_ROWS)


class _Out:
    """A sink as Arrow wants it: a file that can only be written.

    Once writing has failed nothing more is written: Arrow would still try to end the file.
    """

    closed = False

    def __init__(self, sink: Sink) -> None:
        """Take what the bytes go to."""
        self._sink, self._failed = sink, False

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if not self._failed:
            self._failed = True
            self._sink.write(chunk)
            self._failed = False

    def flush(self) -> None:
        """Do nothing: who gave the sink sees to it."""


def _type(kind: pa.DataType) -> pa.DataType:
    """Say how a column is written, however it is held."""
    if any(holds(kind) for holds in _AS_THEY_ARE):
        return kind
    return next((widest for holds, widest in _WIDEST if holds(kind)), pa.string())


def _groups(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Gather parts to groups of as many rows, wherever the parts end."""
    waiting: list[pa.Table] = []
    rows = 0
    for part in parts:
        waiting.append(part)
        rows += part.num_rows
        while rows >= GROUP_ROWS:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, GROUP_ROWS)
            waiting, rows = [whole.slice(GROUP_ROWS)], rows - GROUP_ROWS
    if rows:
        yield pa.concat_tables(waiting)
