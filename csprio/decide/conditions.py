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
from csprio.tables import FIELDS, Kind, plain

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


class Conditions:
    """Decides conditions over one table, each of them once."""

    def __init__(self, table: pa.Table) -> None:
        """Look at the columns of `table`; a field it lacks is missing in every row."""
        self._table = table
        self._names = {plain(name): name for name in table.column_names}
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
        encoded = self._table.column(name).combine_chunks().dictionary_encode()
        is_id = name in _IDS
        answers = [
            holds(clause.test, value, is_id=is_id) for value in encoded.dictionary.to_pylist()
        ]
        answers.append(holds(clause.test, None))
        codes = pc.fill_null(encoded.indices, len(answers) - 1).to_numpy(zero_copy_only=False)
        return np.asarray(np.array(answers, bool)[codes])


def mask(condition: Condition, table: pa.Table) -> Mask:
    """Tell which rows of `table` meet one condition."""
    return Conditions(table).mask(condition)


def holds(  # noqa: C901, PLR0911 - one line a test
    test: Test, value: Value, *, is_id: bool = False
) -> bool:
    """Decide one test on one value; None is missing and meets `missing` alone."""
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
        case Is(text):
            return text.casefold() == as_text(value).casefold()
        case Same(text):
            return _same(text, value, is_id=is_id)
        case Compare(sign, bound):
            known = None if is_id else _like(bound, value)
            return known is not None and _SIGNS[sign](known, bound)
        case Between(low, high):
            known = None if is_id else _like(low, value)
            return known is not None and low <= known <= high  # type: ignore[operator]


def _same(text: str, value: Value, *, is_id: bool) -> bool:
    written = as_text(value).casefold()
    asked = text.casefold()
    if is_id or written == asked:
        return written == asked
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
