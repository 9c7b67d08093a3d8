"""Cells become text: numbers as their shortest plain decimal, dates as ISO, missing as null."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.show.cells import exchanged, holding, joined, number_mask, texts
from csprio.tables import Column, Kind

MONEY = pa.decimal128(18, 4)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (Decimal(50000), MONEY, "50000"),
        (Decimal("1200.5"), MONEY, "1200.5"),
        (Decimal("0.25"), MONEY, "0.25"),
        (Decimal(0), MONEY, "0"),
        (Decimal("-0.5"), MONEY, "-0.5"),
        (Decimal("99999999999999.9999"), MONEY, "99999999999999.9999"),
        (Decimal(0), pa.decimal128(18, 9), "0"),
        (Decimal("0.000000001"), pa.decimal128(18, 9), "0.000000001"),
        (Decimal(100), pa.decimal128(18, 0), "100"),
        (52.963, pa.float64(), "52.963"),
        (1e21, pa.float64(), "1" + "0" * 21),
        (1e-7, pa.float64(), "0.0000001"),
        (-0.0, pa.float64(), "0"),
        (float("nan"), pa.float64(), None),
        (float("inf"), pa.float64(), None),
        (12, pa.int64(), "12"),
        (date(2026, 11, 23), pa.date32(), "2026-11-23"),
        ("00123", pa.string(), "00123"),
        (None, MONEY, None),
        (None, pa.date32(), None),
    ],
)
def test_texts(value: object, kind: pa.DataType, expected: str | None) -> None:
    """A cell of any type is written without exponent, thousands or trailing zeros."""
    assert texts(pa.chunked_array([pa.array([value], kind)])).to_pylist() == [expected]


@given(st.lists(st.decimals(-(10**13), 10**13, places=4), min_size=1))
def test_decimals_are_exact(values: list[Decimal]) -> None:
    """Text of money read back is the same amount, and never has a zero that does not count."""
    written = texts(pa.chunked_array([pa.array(values, MONEY)])).to_pylist()
    assert list(map(Decimal, written)) == values
    assert not [text for text in written if "." in text and text.endswith(("0", "."))]


def test_keys_and_slices() -> None:
    """Dictionary columns and slices that lie across chunks are written like any other."""
    keys = pa.chunked_array([pa.array(["A", "B"]), pa.array(["C", None])]).dictionary_encode()
    assert texts(keys.slice(1, 3)).to_pylist() == ["B", "C", None]


def test_holding_looks_at_its_own_rows() -> None:
    """A slice does not hold what stands in the rows around it."""
    cells = pa.array(['"', "", "a", None, ",b,", "é,"])
    assert holding(cells, b'"').tolist() == [0]
    assert holding(cells, b'",').tolist() == [0, 4, 5]
    assert holding(cells.slice(1, 3), b'",').tolist() == []
    assert holding(cells.slice(2, 3), b",").tolist() == [2]
    assert holding(pa.array([], pa.string()), b'"').tolist() == []


def test_exchanged_leaves_the_others_alone() -> None:
    """Only the rows named get another text."""
    cells = pa.array(["a", "b", None, "d"])
    rows = np.array([0, 3])
    assert exchanged(cells, rows, pa.array(["x", "y"])).to_pylist() == ["x", "b", None, "y"]


def test_joined() -> None:
    """Rows of pieces become one run of bytes, missing ones as told."""
    pieces = [pa.array(["a", None, "c"]).slice(1), ",", pa.array(["1", "2"]), "\n"]
    assert bytes(joined(pieces)) == b",1\nc,2\n"
    assert bytes(joined(pieces, missing="-")) == b"-,1\nc,2\n"


def test_number_mask() -> None:
    """A text counts as a number only where it is a plain decimal, and only in number columns."""
    cells = pa.array(["-1.5", "1e5", "007", "0", "", None, "1\n"])
    part = pa.table({"x": cells})
    found = number_mask(cells, Column("x", Kind.NUMBER, ""), part)
    assert found is not None
    assert found.to_pylist() == [True, False, False, True, False, False, False]
    assert number_mask(cells, Column("x", Kind.TEXT, ""), part) is None
