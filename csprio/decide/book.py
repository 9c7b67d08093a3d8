"""The tier report: how the book looks, tier by tier and grade by grade.

In: the graded table of the accounts that take part. Out: one row for each tier and grade that has
accounts. Over the whole book: shares are of all accounts in the table.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.choose import total
from csprio.decide.columns import codes_of
from csprio.decide.exact import MILLIONTH
from csprio.tables import ANSWERS, MONEY_DECIMALS, Column, Kind, arrow_type, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from csprio.rules import Grid

    Added = tuple[Column, pa.ChunkedArray]
    Rows = npt.NDArray[np.int64]
    Totals = Mapping[str, Callable[[Rows], Decimal | None]]

FIELDS = ("tier", "grade", "potential", "arr", "term_ends_in")  # that are looked at
RENEWING_DAYS = 90
_SHARE = Decimal(1).scaleb(-MONEY_DECIMALS)
_SUM = pa.decimal128(38, MONEY_DECIMALS)


def tiers(
    table: pa.Table, grid: Grid, adds: Sequence[Added] = (), totals: Totals | None = None
) -> pa.Table:
    """Count and sum the accounts of each tier and grade, in the grid's order, ungraded last.

    `adds` are further columns over the accounts: each row gets the total of its own. `totals` find
    those that are no sums, from the rows of `table`.
    """
    by_field = {plain(name): each for name, each in (totals or {}).items()}
    tier, grade = codes_of(table["tier"], grid.tier_keys), codes_of(table["grade"], grid.grades)
    place = _last(tier, len(grid.tiers)) * (len(grid.grades) + 1) + _last(grade, len(grid.grades))
    groups = np.unique(place)
    book = _sums(table, np.ones(len(table), bool))
    schema = pa.schema(
        [
            *((column.name, _type(column.name)) for column in ANSWERS["tiers"]),
            *((column.name, _added_type(column.kind)) for column, _ in adds),
        ]
    )
    columns: dict[str, list[object]] = {name: [] for name in schema.names}
    for group in groups.tolist():
        tier_at, grade_at = divmod(group, len(grid.grades) + 1)
        known_tier = grid.tiers[tier_at] if tier_at < len(grid.tiers) else None
        sums = _sums(table, place == group)
        row = {
            "tier": known_tier.key if known_tier else None,
            "tier_name": known_tier.name if known_tier else None,
            "grade": grid.grades[grade_at] if grade_at < len(grid.grades) else None,
            **sums,
            **{
                f"{name}_share": share(sums[name], book[name])
                for name in ("accounts", "potential", "arr")
            },
            **{
                column.name: by_field[plain(column.name)](np.flatnonzero(place == group))
                if plain(column.name) in by_field
                else _whole(total(values.filter(pa.array(place == group))), column.kind)
                for column, values in adds
            },
        }
        for name, values in columns.items():
            values.append(row[name])
    return pa.table(columns, schema=schema)


def share(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """Give a fraction, half up to 4 decimals; a share of nothing is 0."""
    if not whole:
        return Decimal(0)
    # Twice the decimals that are kept, and the remainder, decide a half exactly.
    scaled, rest = divmod(Decimal(part) / _SHARE, Decimal(whole))
    return (scaled + (1 if 2 * rest >= whole else 0)) * _SHARE


def _last(codes: npt.NDArray[np.int64], after: int) -> npt.NDArray[np.int64]:
    return np.where(codes < 0, after, codes)


def _sums(table: pa.Table, rows: npt.NDArray[np.bool_]) -> dict[str, Decimal | int]:
    picked = table.filter(pa.array(rows))
    soon = pc.and_(
        pc.greater(picked["term_ends_in"], 0), pc.less_equal(picked["term_ends_in"], RENEWING_DAYS)
    )
    return {
        "accounts": len(picked),
        "potential": _total(picked["potential"]),
        "arr": _total(picked["arr"]),
        "renewing_90d": pc.sum(soon).as_py() or 0,
    }


def _total(money: pa.ChunkedArray) -> Decimal:
    return pc.sum(money.cast(_SUM)).as_py() or Decimal(0)


def _whole(text: str | None, kind: Kind) -> Decimal | int | str | None:
    if text is None or kind is Kind.TEXT:
        return text
    if kind in {Kind.MONEY, Kind.NUMBER}:
        return Decimal(text)
    return int(text) if kind is Kind.WHOLE else text


def _added_type(kind: Kind) -> pa.DataType:
    types = {Kind.MONEY: _SUM, Kind.NUMBER: MILLIONTH, Kind.WHOLE: pa.int64()}
    return types.get(kind, pa.string())


def _type(name: str) -> pa.DataType:
    kind = next(column.kind for column in ANSWERS["tiers"] if column.name == name)
    return _SUM if name in {"potential", "arr"} else arrow_type(kind)
