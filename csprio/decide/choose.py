"""Choosing and widening: whose accounts are asked about, and the columns of `--add`.

In: tables of accounts or answers. Out: the same, narrowed or widened. Per account; the columns
that `tiers` adds are totals over the accounts of a row.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.conditions import as_number
from csprio.decide.exact import MILLIONTH
from csprio.tables import Column, Kind, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

_KINDS = (
    (MILLIONTH.equals, Kind.NUMBER),
    (pa.types.is_decimal, Kind.MONEY),
    (pa.types.is_date32, Kind.DATE),
    (pa.types.is_integer, Kind.WHOLE),
)


def column_named(table: pa.Table, field: str) -> pa.ChunkedArray | None:
    """Find a column by name: exactly, else with case, spaces and `_ - .` aside."""
    if field in table.column_names:
        return table[field]
    folded = {plain(name): name for name in table.column_names}
    return table[folded[plain(field)]] if plain(field) in folded else None


def added_columns(
    table: pa.Table, written: pa.Table, fields: Iterable[str], have: Sequence[Column]
) -> list[tuple[Column, pa.ChunkedArray]]:
    """Find the columns to append: fields of csprio first, else the file's own as written.

    A field that the answer already has is not repeated. A field that nothing has is null.
    """
    names = {column.name for column in have}
    found = []
    for field in dict.fromkeys(fields):
        if field in names:
            continue
        values = column_named(written, field)
        values = column_named(table, field) if values is None else values
        if values is None:
            values = pa.chunked_array([pa.nulls(len(table), pa.string())])
        found.append((Column(field, kind_of(values.type), "added"), values))
    return found


def kind_of(type_: pa.DataType) -> Kind:
    """Tell what kind of column an Arrow type holds."""
    return next((kind for holds, kind in _KINDS if holds(type_)), Kind.TEXT)


def total(values: pa.ChunkedArray) -> str | None:
    """Sum the numbers of a column, exactly; where it holds others, the text they all share."""
    known = [value for value in values.to_pylist() if value is not None]
    numbers = [as_number(value) for value in known]
    if known and all(number is not None for number in numbers):
        whole = sum((number for number in numbers if number is not None), Decimal(0))
        return f"{whole.normalize():f}"
    shared = set(map(str, known))
    return shared.pop() if len(shared) == 1 else None


def taken(data: Any, rows: npt.NDArray[np.int64]) -> Any:  # noqa: ANN401 - a table, or a column
    """Take rows of a table or a column; all of them in their order cost nothing."""
    if len(rows) == len(data) and bool((rows == np.arange(len(rows))).all()):
        return data
    return data.take(pa.array(rows))


def owned_by(owners: pa.ChunkedArray, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell which rows of an answer are one of these persons'."""
    return np.asarray(pc.is_in(owners.cast(pa.string()), value_set=pa.array(names, pa.string())))
