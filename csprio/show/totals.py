"""The book's tiers summed up for people: a total under each tier, and one of the whole book.

Comes in: the sheet of `tiers`. Goes out: the same with rows of totals, and which rows those are.
Sums are exact; shares are of the whole book, half up to 4 decimals as in the rows themselves.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.tables import Sheet

ALL = "all"
UNGRADED = "ungraded"
_SUMMED = ("accounts", "potential", "arr", "renewing_90d")
_SHARES = {"accounts_share": "accounts", "potential_share": "potential", "arr_share": "arr"}
_SHARE = Decimal("0.0001")
_Row = dict[str, Any]


def with_totals(sheet: Sheet) -> tuple[Sheet, list[bool]]:
    """Add the totals, and say `ungraded` where the data is blank.

    A tier's total follows its rows; what has no tier is one row and needs none. Columns that are
    neither sums nor shares stay blank in totals.
    """
    table = sheet.whole()
    rows = table.to_pylist()
    book = _total(rows, rows) | {"tier": ALL}
    summed: list[tuple[_Row, bool]] = []
    for tier, group in groupby(rows, key=lambda row: row["tier"]):
        mine = list(group)
        summed += [(row | {"grade": row["grade"] or UNGRADED}, False) for row in mine]
        if tier:
            names = {"tier": tier, "tier_name": mine[0]["tier_name"], "grade": ALL}
            summed.append((_total(mine, rows) | names, True))
    summed.append((book, True))
    schema = pa.schema([(field.name, _wide(field.type)) for field in table.schema])
    total = pa.Table.from_pylist([row for row, _ in summed], schema)
    return replace(sheet, table=total, more=()), [is_total for _, is_total in summed]


def _total(rows: Sequence[_Row], book: Sequence[_Row]) -> _Row:
    total = {name: _sum(rows, name) for name in _SUMMED}
    for share, of in _SHARES.items():
        whole = _sum(book, of)
        part = Decimal(total[of]) / Decimal(whole) if whole else Decimal(0)
        total[share] = part.quantize(_SHARE, ROUND_HALF_UP)
    return total


def _sum(rows: Sequence[_Row], name: str) -> Any:  # noqa: ANN401 - an int or a Decimal, as in Arrow
    return sum(row[name] or 0 for row in rows)


def _wide(kind: pa.DataType) -> pa.DataType:
    """Make room for sums: a decimal of a row may have just the digits that the row needs."""
    return pa.decimal128(38, kind.scale) if pa.types.is_decimal(kind) else kind
