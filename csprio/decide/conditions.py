"""Conditions over a table: which rows meet them.

In: a `Condition` and a table of accounts. Out: a boolean array, one entry a row. Per account. A
test is decided once for each distinct value of its column, on exact values; then every row takes
the answer of its value. Conditions are data: nothing is ever evaluated as code.
"""

from __future__ import annotations

import operator
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import has_units, interval, units_of
from csprio.fields import FIELDS
from csprio.rules import (
    AnyOf,
    Between,
    Clause,
    Compare,
    Condition,
    Contains,
    Every,
    Is,
    Missing,
    Not,
    Present,
    Same,
    Test,
)
from csprio.tables import Kind, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

Value = str | Decimal | date | int | None

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_YES = dict.fromkeys(("yes", "true", "y", "t", "1"), True) | dict.fromkeys(
    ("no", "false", "n", "f", "0"), False
)
_ASKS_YES_OR_NO = ("yes", "no", "true", "false")
_IDS = frozenset(field.name for field in FIELDS if field.kind is Kind.ID)
_OF_INPUT = "of input: "
# What csprio itself adds to the table under names that an input's column may have as well.
_ADDED = frozenset(
    map(plain, ("tier_name", "basis", "note", "term_end", "term_ends_in", "last_touch"))
)


class Conditions:
    """Decides conditions over one table, each of them once."""

    def __init__(self, table: pa.Table) -> None:
        """Look at the columns of `table`; a field it lacks is missing in every row."""
        self._table = table
        names = sorted(table.column_names, key=lambda name: name.startswith(_OF_INPUT))
        self._names = {plain(name.removeprefix(_OF_INPUT)): name for name in names}
        self._decided: dict[Condition, Mask] = {}

    def mask(self, condition: Condition) -> Mask:
        """Tell which rows meet `condition`: a boolean array as long as the table."""
        if condition not in self._decided:
            self._decided[condition] = self._decide(condition)
        return self._decided[condition]

    def none(self) -> Mask:
        """Give a mask in which no row is set."""
        return np.zeros(len(self._table), bool)

    def known(self, field: str) -> Mask:
        """Tell in which rows `field` has a value."""
        return self.mask(Clause(field, Present()))

    def column(self, field: str) -> pa.ChunkedArray | None:
        """Find the column that a rule means by a field; None where the table has none."""
        name = self._names.get(plain(field))
        return None if name is None else self._table.column(name)

    def _decide(self, condition: Condition) -> Mask:
        if isinstance(condition, Clause):
            return self._clause(condition)
        parts = [self.mask(part) for part in condition.parts]
        if isinstance(condition, Every):
            return np.asarray(np.all([np.ones(len(self._table), bool), *parts], axis=0))
        return np.asarray(np.any([np.zeros(len(self._table), bool), *parts], axis=0))

    def _clause(self, clause: Clause) -> Mask:
        name = self._names.get(plain(clause.field))
        if name is None:
            return np.full(len(self._table), holds(clause.test, None))
        column = self._table.column(name).combine_chunks()
        test, is_amount = clause.test, pa.types.is_decimal(column.type)
        if is_amount and isinstance(test, (Compare, Between)) and has_units(column):
            return _within(column, test)
        encoded = column.dictionary_encode()
        is_id = name in _IDS
        answers = [
            holds(clause.test, value, is_id=is_id) for value in encoded.dictionary.to_pylist()
        ]
        answers.append(holds(clause.test, None))
        codes = pc.fill_null(encoded.indices, len(answers) - 1).to_numpy(zero_copy_only=False)
        return np.asarray(np.array(answers, bool)[codes])


def _within(column: pa.Array, test: Compare | Between) -> Mask:
    """Compare amounts with numbers, all at once: exactly, as they are counted in whole units."""
    units, known = units_of(column)
    low, high = interval(test, 10**column.type.scale)
    return known & (units >= low) & (units <= high)


def kept_apart(table: pa.Table) -> pa.Table:
    """Rename the input's columns that csprio is about to add columns of the same name to.

    Conditions mean the input's column; answers show csprio's.
    """
    return table.rename_columns(
        [f"{_OF_INPUT}{name}" if plain(name) in _ADDED else name for name in table.column_names]
    )


def mask(condition: Condition, table: pa.Table) -> Mask:
    """Tell which rows of `table` meet one condition."""
    return Conditions(table).mask(condition)


def holds(  # noqa: C901, PLR0911 - one line a test
    test: Test, value: Value, *, is_id: bool = False
) -> bool:
    """Decide one test on one value; None is missing and meets `missing` alone.

    Ids are compared as they are written, case included: in some systems it tells them apart.
    """
    match test:
        case Missing():
            return value is None
        case AnyOf(tests):
            return any(holds(one, value, is_id=is_id) for one in tests)
        case _ if value is None:
            return False
        case Present():
            return True
        case Not(inner):
            return not holds(inner, value, is_id=is_id)
        case Contains(text):
            return text.casefold() in as_text(value).casefold()
        case Is(text) if is_id:
            return text == value
        case Is(text):
            return text.casefold() == as_text(value).casefold()
        case Same(text):
            return _same(text, value, is_id=is_id)
        case Compare(sign, bound):
            known = None if is_id else _like(bound, value)
            return known is not None and _SIGNS[sign](known, bound)
        case _:
            known = None if is_id else _like(test.low, value)
            return known is not None and test.low <= known <= test.high  # type: ignore[operator]


def _same(text: str, value: Value, *, is_id: bool) -> bool:
    if is_id:
        return text == value
    written = as_text(value).casefold()
    asked = text.casefold()
    if written == asked:
        return True
    if asked in _ASKS_YES_OR_NO:
        return _YES.get(written) is _YES[asked]
    for read in (as_number, as_day):
        left, right = read(text), read(value)
        if left is not None and right is not None:
            return left == right
    return False


def _like(bound: Decimal | date, value: Value) -> Decimal | date | None:
    return as_day(value) if isinstance(bound, date) else as_number(value)


def as_number(value: Value) -> Decimal | None:
    """Read a plain decimal (`-12.5`); anything else is no number."""
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    return Decimal(value) if isinstance(value, (int, Decimal)) else None


def as_day(value: Value) -> date | None:
    """Read an ISO day (`2026-11-23`); anything else is no day."""
    if not isinstance(value, str):
        return value if isinstance(value, date) else None
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def as_text(value: Value) -> str:
    """Write a value as csprio prints it: shortest plain decimal, ISO date, the text itself."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else str(value)
