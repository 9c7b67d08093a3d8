"""Rows of one id folded into one account, standing where its first row stood.

Comes in: all rows kept, in file order, and what `combine:` says of their columns. Goes out: one row
an account, and notes of what gave way. Sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.problems import problem
from csprio.read.amounts import marks
from csprio.read.cells import as_date, as_number, votes
from csprio.read.dates import DMY, MDY
from csprio.read.ids import first_rows
from csprio.read.literals import plain_number
from csprio.read.wording import short
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from csprio.problems import Problem
    from csprio.read.stack import Marked, Rows, Stack
    from csprio.settings import TableSettings

SUM = "sum"
_DIGITS = 100  # of a sum of numbers: more than any file can need


@dataclass(frozen=True)
class Folds:
    """Which account each row belongs to, the first row of each, and how cells are written."""

    groups: Rows
    first: Rows
    settings: TableSettings

    @property
    def count(self) -> int:
        """How many accounts there are."""
        return len(self.first)


def combine(stack: Stack, settings: TableSettings) -> tuple[Stack, list[Problem]]:
    """Fold rows of one id into one; a column not named by `combine:` keeps its first value."""
    coded = stack.table["account_id"].combine_chunks().dictionary_encode()
    groups = coded.indices.to_numpy().astype(np.int64)
    first = first_rows(groups, np.arange(len(groups)), len(coded.dictionary))
    by = Folds(groups, first, settings)
    said = {plain(name): way for name, way in settings.combine.items()}
    found: list[Problem] = []
    table = {name: _fold(stack, name, said, by, found) for name in stack.table.column_names}
    written = {}
    for name in stack.written.column_names:
        way = said.get(plain(name), "")
        if way == SUM and name in table:
            written[name] = table[name]
            continue
        column = stack.written[name].combine_chunks()
        judge = stack.table[name].combine_chunks() if name in table else column
        written[name] = _take(column, _pick(judge, way or "first", by))
        if not way and name not in table:
            found.extend(_gave_way(stack, name, column, written[name], by))
    order = by.first
    folded = replace(
        stack, table=pa.table(table), written=pa.table(written),
        files=stack.files[order], rows=stack.rows[order],
    )  # fmt: skip
    return folded, found


def _fold(
    stack: Stack, name: str, said: Mapping[str, str], by: Folds, found: list[Problem]
) -> pa.Array:
    """Fold one column; what gave way without being asked to is noted in `found`."""
    column = stack.table[name].combine_chunks()
    way = said.get(plain(name), "")
    if way == SUM:
        summed = _total(column, stack.unreadable(name), by)
        found.extend(_too_large(stack, name, column, summed, by))
        return summed
    kept = _take(column, _pick(column, way or "first", by))
    if not way:
        found.extend(_gave_way(stack, name, column, kept, by))
    return kept


def _pick(column: pa.Array, way: str, by: Folds) -> Rows:
    """Give for each account the row whose value counts, -1 where none is known."""
    known = np.flatnonzero(pc.is_valid(column).to_numpy(zero_copy_only=False))
    values = _comparable(column, by.settings) if way in ("min", "max") else column
    order = _PICKS[way](values, known)
    return first_rows(by.groups[order], order, by.count)


def _take(column: pa.Array, rows: Rows) -> pa.Array:
    """Take these rows of a column; -1 gives null."""
    return column.take(pa.array(rows, mask=rows < 0))


def _total(column: pa.Array, unreadable: Marked, by: Folds) -> pa.Array:
    """Sum a column exactly; missing where nothing is known or a cell could not be read."""
    if pa.types.is_string(column.type):
        sums = _sum_texts(column, by)
    else:
        both = pa.table({"group": by.groups, "value": column})
        table = both.group_by("group", use_threads=False).aggregate([("value", "sum")])
        order = pc.sort_indices(table, [("group", "ascending")])
        sums = _fitted(table["value_sum"].combine_chunks().take(order), column.type)
    spoiled = np.zeros(by.count, dtype=np.bool_)
    spoiled[by.groups[unreadable]] = True
    return pc.if_else(pa.array(spoiled), pa.scalar(None, column.type), sums)


def _fitted(sums: pa.Array, kind: pa.DataType) -> pa.Array:
    """Bring sums back to the column's type; one that is too large for it is missing."""
    if not pa.types.is_decimal(kind):
        return sums
    fits = pc.less(sums, pa.scalar(Decimal(10 ** (kind.precision - kind.scale))))
    return pc.cast(pc.if_else(fits, sums, pa.scalar(None, sums.type)), kind)


def _sum_texts(column: pa.Array, by: Folds) -> pa.Array:
    """Sum plain decimals that travel as text."""
    sums: list[Decimal | None] = [None] * by.count
    with localcontext(prec=_DIGITS):
        for group, text in zip(by.groups.tolist(), column.to_pylist(), strict=True):
            if text is not None:
                sums[group] = (sums[group] or Decimal(0)) + Decimal(text)
        texts = [None if value is None else plain_number(value) for value in sums]
    return pa.array(texts, pa.string())


def _too_large(
    stack: Stack, name: str, column: pa.Array, summed: pa.Array, by: Folds
) -> list[Problem]:
    """Report the accounts whose sum money cannot hold."""
    if not pa.types.is_decimal(column.type):
        return []
    known = np.zeros(by.count, dtype=np.bool_)
    known[by.groups[pc.is_valid(column).to_numpy(zero_copy_only=False)]] = True
    known[by.groups[stack.unreadable(name)]] = False
    lost = known & pc.is_null(summed).to_numpy(zero_copy_only=False)
    why = "the rows of this account add up to more than 14 digits before the decimals"
    facts = {"value": "the sum", "why": why, "remedy": "check the amounts in the account's rows"}
    return [problem("bad-money", stack.place(int(row), name), **facts) for row in by.first[lost]]


def _gave_way(
    stack: Stack, name: str, column: pa.Array, kept: pa.Array, by: Folds
) -> list[Problem]:
    """Note, once a column, that rows of one account disagree."""
    stands = kept.take(pa.array(by.groups))
    same = pc.fill_null(pc.equal(column, stands), True)  # noqa: FBT003 (missing disagrees with nothing)
    rows = np.flatnonzero(pc.invert(same).to_numpy(zero_copy_only=False))
    if not len(rows):
        return []
    first = int(rows[0])
    facts = {"value": _shown(column[first]), "kept": _shown(stands[first]), "field": name}
    return [problem("combined-differs", stack.place(first, name), count=len(rows), **facts)]


def _shown(value: pa.Scalar) -> str:
    """Write a value for a message."""
    known = value.as_py()
    return short(plain_number(known) if isinstance(known, Decimal) else str(known))


def _comparable(column: pa.Array, settings: TableSettings) -> pa.Array:
    """Read texts as numbers where all of them are, else as dates where all are, else not at all."""
    if not pa.types.is_string(column.type):
        return column
    numbers = as_number(column, marks(settings.numerals))
    if not numbers.bad:
        return pc.cast(numbers.values, pa.float64())
    found = votes(column, "")
    order = settings.dates or (DMY if found.dmy else MDY if found.mdy else None)
    dates = as_date(column, order)
    return column if dates.bad or (found.either and not order) else dates.values


def _by_value(column: pa.Array, known: Rows) -> Rows:
    """Order rows by their value, smallest first."""
    order: Rows = pc.sort_indices(column.take(pa.array(known))).to_numpy().astype(np.int64)
    return known[order]


_PICKS: dict[str, Callable[[pa.Array, Rows], Rows]] = {
    "first": lambda _, known: known,
    "last": lambda _, known: known[::-1],
    "min": _by_value,
    "max": lambda column, known: _by_value(column, known)[::-1],
}
