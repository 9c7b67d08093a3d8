"""Numbers and dates as policy writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.problems import Place
from csprio.read.literals import iso_date, number, plain_number, read_date, read_number

if TYPE_CHECKING:
    from csprio.problems import Problem

HERE = Place("f.yaml", 1, "1")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50000", "50000"), ("50,000", "50000"), ("1,234,567.89", "1234567.89"), ("50k", "50000"),
        ("50K", "50000"), ("1.2M", "1200000"), ("1.2m", "1200000"), ("0.5", "0.5"), ("-3", "-3"),
        ("+3", "3"), ("-2.5k", "-2500"), ("50 k", "50000"), ("0.0001", "0.0001"), ("007", "7"),
        ("1.234k", "1234"), ("0.125", "0.125"),
    ],
)  # fmt: skip
def test_number(text: str, value: str) -> None:
    """Every way to write a number in policy gives its exact value."""
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "k", "1e3", "5,00", "1,23,456", "50.000.000", "1.", ".5", "--1", "$5", "5 000", "1_000",
     "NaN", "Infinity", "\u0665", "5kk", "50 %", "0x10"],
)  # fmt: skip
def test_no_number(text: str) -> None:
    """What is not plainly a number is none: no guess, no exponent, no other digits."""
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("50.000", "`50.000` can be read as 50 and as 50000; write `50` for the first, `50,000`"),
        (
            "1.234",
            "`1.234` can be read as 1.234 and as 1234; write `1.2340` for the first, `1,234`",
        ),
    ],
)
def test_ambiguous(text: str, message: str) -> None:
    """A point before three digits reads two ways, and the message shows both."""
    problems: list[Problem] = []
    read_number(text, HERE, problems)
    assert message in str(problems[0])
    again: list[Problem] = []
    for written in str(problems[0]).split("write ")[1].split("`")[1::2]:
        assert read_number(written, HERE, again) is not None
    assert again == []


@pytest.mark.parametrize("text", ["123456789012345", "100000000M", "1" * 400, "0.12345678901"])
def test_bounds(text: str) -> None:
    """More digits than can be counted exactly are refused."""
    problems: list[Problem] = []
    assert read_number(text, HERE, problems) is None
    assert [one.code for one in problems] == ["number-bounds"]


@given(st.decimals(-(10**13), 10**13, allow_nan=False, places=4))
def test_exact(value: Decimal) -> None:
    """A number written plainly is read back to the last digit."""
    assert number(plain_number(value)) == value
    assert number(f"{value:,}") == value


def test_dates() -> None:
    """Policy takes ISO dates of the years 1970 to 2099 and no others."""
    assert iso_date("2026-11-23") == date(2026, 11, 23)
    for text in ("2026-02-30", "1969-12-31", "2100-01-01", "23.11.2026", "2026-1-1", "20261123"):
        assert iso_date(text) is None
    problems: list[Problem] = []
    assert read_date("2026-02-30", HERE, problems) is None
    assert read_date("soon", HERE, problems) is None
    assert [one.code for one in problems] == ["test-date"]
