"""Proves what each test of a condition means, value by value and over a table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from csprio.decide.conditions import (
    Conditions,
    as_day,
    as_number,
    as_text,
    holds,
    kept_apart,
    mask,
)
from csprio.rules import (
    ALWAYS,
    AnyOf,
    Between,
    Clause,
    Compare,
    Contains,
    Either,
    Every,
    Is,
    Missing,
    Not,
    Present,
    Same,
)

if TYPE_CHECKING:
    from csprio.decide.conditions import Value
    from csprio.rules import Test

OVER_FIVE = Compare(">", Decimal(5))
BEFORE_2026 = Compare("<", date(2026, 1, 1))

HOLD: list[tuple[Test, Value]] = [
    (Same("strong"), "Strong"),
    (Same("5"), "5.0"),
    (Same("5"), Decimal("5.0000")),
    (Same("5"), 5),
    (Same("2026-01-05"), date(2026, 1, 5)),
    (Same("2026-01-05"), "2026-01-05"),
    (Same("yes"), "TRUE"),
    (Same("no"), "0"),
    (Same("true"), "y"),
    (Same("yes"), 1),
    (Is("not started"), "Not Started"),
    (Contains("sso"), "API; SSO"),
    (Contains("5"), Decimal("15.5000")),
    (OVER_FIVE, Decimal("5.0001")),
    (OVER_FIVE, "6"),
    (Compare("<=", Decimal(5)), "-5"),
    (Compare(">=", Decimal(5)), 5),
    (BEFORE_2026, date(2025, 12, 31)),
    (BEFORE_2026, "2025-12-31"),
    (Between(Decimal(10), Decimal(20)), "20"),
    (Between(date(2026, 1, 1), date(2026, 6, 30)), date(2026, 6, 30)),
    (Missing(), None),
    (Present(), ""),
    (Not(Same("a")), "b"),
    (AnyOf((Same("a"), OVER_FIVE)), "7"),
    (AnyOf((Missing(), Same("a"))), None),
]
FAIL: list[tuple[Test, Value]] = [
    (Same("5"), "five"),
    (Same("yes"), "perhaps"),
    (Same("yes"), "no"),
    (Same("1"), "yes"),
    (Same("strong"), None),
    (Same("2026-02-30"), date(2026, 3, 2)),
    (Is("5"), "5.0"),
    (OVER_FIVE, "many"),
    (OVER_FIVE, date(2026, 1, 1)),
    (BEFORE_2026, "soon"),
    (BEFORE_2026, "2025-13-01"),
    (BEFORE_2026, Decimal(5)),
    (Between(Decimal(10), Decimal(20)), "x"),
    (Missing(), "here"),
    (Present(), None),
    (Not(Same("a")), None),
    (Not(Same("a")), "A"),
    (AnyOf((Same("a"), Same("b"))), None),
]


@pytest.mark.parametrize(("test", "value"), HOLD)
def test_holds(test: Test, value: Value) -> None:
    """A test that the contract says is met is met."""
    assert holds(test, value)


@pytest.mark.parametrize(("test", "value"), FAIL)
def test_fails(test: Test, value: Value) -> None:
    """A test that the contract says is not met is not, missing values above all."""
    assert not holds(test, value)


def test_ids_are_compared_as_text() -> None:
    """An id is never a number: 123 is not 00123, and no id is over 5."""
    table = pa.table({"account_id": ["00123", "123"]})
    assert mask(Clause("account_id", Same("123")), table).tolist() == [False, True]
    assert not mask(Clause("account_id", OVER_FIVE), table).any()
    assert not mask(Clause("account_id", Between(Decimal(1), Decimal(999))), table).any()


def test_ids_differ_by_case() -> None:
    """Some systems tell ids apart by nothing but case, so that a test on one means that one."""
    table = pa.table({"account_id": ["001aB", "001Ab"], "parent": ["001Ab", None]})
    assert mask(Clause("account_id", Same("001Ab")), table).tolist() == [False, True]
    assert mask(Clause("account_id", Is("001aB")), table).tolist() == [True, False]
    assert mask(Clause("parent", Same("001ab")), table).tolist() == [False, False]


def test_a_column_named_as_an_answer_stays_the_input_s() -> None:
    """Conditions mean the input's `note`, also once csprio has written a note of its own."""
    kept = kept_apart(pa.table({"Note": ["vip", None], "segment": ["x", "y"]}))
    graded = kept.append_column("note", pa.array(["tier given by hand", None]))
    assert mask(Clause("note", Same("vip")), graded).tolist() == [True, False]
    assert mask(Clause("segment", Same("y")), graded).tolist() == [False, True]


def test_nesting() -> None:
    """`all` and `any` nest; a condition without parts always holds."""
    table = pa.table({"a": ["1", "2", None], "b": ["x", "y", "x"]})
    x = Clause("b", Same("x"))
    both = Every((Clause("a", Present()), x))
    one = Either((Clause("a", Same("2")), x))
    assert mask(both, table).tolist() == [True, False, False]
    assert mask(one, table).tolist() == [True, True, True]
    assert mask(ALWAYS, table).tolist() == [True, True, True]


def test_field_names_match_as_headers_do() -> None:
    """Case, spaces, `_`, `-` and `.` do not matter in a field's name."""
    table = pa.table({"Budget Barrier": ["yes", "no"]})
    assert mask(Clause("budget_barrier", Same("yes")), table).tolist() == [True, False]


def test_a_field_that_is_not_there_is_missing_everywhere() -> None:
    """An optional field that no input has meets `missing` alone."""
    conditions = Conditions(pa.table({"a": ["1", "2"]}))
    assert conditions.mask(Clause("nps", Missing())).all()
    assert not conditions.known("nps").any()
    assert not conditions.none().any()


def test_texts_of_values() -> None:
    """Values are written as csprio prints them, and read back only in that form."""
    written = [as_text(each) for each in (Decimal("5.2500"), Decimal(50), date(2026, 1, 5), 7, "x")]
    assert written == ["5.25", "50", "2026-01-05", "7", "x"]
    assert as_number("1e5") is None
    assert as_day("20260105") is None


def test_amounts_are_compared_exactly_however_large() -> None:
    """Amounts are compared as whole units; where these do not fit 64 bits, one by one."""
    small = pa.array([Decimal("49.999999"), Decimal(50), None], pa.decimal128(38, 6))
    large = pa.array([Decimal(10) ** 20, Decimal(50), None], pa.decimal128(38, 6))
    for column, expected in ((small, [False, True, False]), (large, [True, True, False])):
        table = pa.table({"sum": column})
        assert mask(Clause("sum", Compare(">=", Decimal(50))), table).tolist() == expected
    table = pa.table({"sum": small})
    assert mask(Clause("sum", Between(Decimal(40), Decimal("49.9999999"))), table).tolist() == [
        True, False, False,
    ]  # fmt: skip
    day = Compare(">=", date(2026, 1, 1))
    assert mask(Clause("sum", day), table).tolist() == [False] * 3
