"""Money and numbers, form by form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.read.amounts import Amount, Bad, marks, money, number, whole
from csprio.settings import Numerals

HERE = marks(Numerals())
EURO = marks(Numerals(decimal=",", thousands="."))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50000", "50000"),
        ("50,000.00", "50000"),
        ("$50,000", "50000"),
        ("USD 50,000", "50000"),
        ("50,000 USD", "50000"),
        ("usd50", "50"),
        ("50 000", "50000"),
        ("50\u00a0000", "50000"),
        ("50\u202f000,", None),
        ("1'234'567.5", "1234567.5"),
        ("1 234.567", "1234.567"),
        ("50k", "50000"),
        ("50 K", "50000"),
        ("1.2M", "1200000"),
        ("\u20ac1.2M", "1200000"),
        ("1.2M \u20ac", "1200000"),
        ("US$ 50", "50"),
        ("$50 CAD", "50"),
        ("0.123", "0.123"),
        ("1234.567", "1234.567"),
        ("1.2345", "1.2345"),
        ("1.23450000", "1.2345"),
        ("1.23456M", "1234560"),
        (".5", "0.5"),
        ("+5", "5"),
        ("-0", "0"),
        ("0050", "50"),
        ("12345678901234.1234", "12345678901234.1234"),
        ("", None),
        ("$", None),
        ("5.", None),
        ("1,23", None),
        ("1,2345", None),
        ("0,123", None),
        ("12,34,567", None),
        ("1.234,56", None),
        ("1.234.567", None),
        ("1,234 567", None),
        ("-5", None),
        ("(5)", None),
        ("5-", None),
        ("--0", None),
        ("nan", None),
        ("-inf", None),
        ("1e5", None),
        ("1_000", None),
        ("5%", None),
        ("\u0663", None),
        ("50 abc", None),
        ("$50 EUR", None),
        ("1.23456", None),
        ("123456789012345", None),
        ("99999999999999k", None),
    ],
)
def test_money(text: str, value: str | None) -> None:
    """Each form of money reads as its exact value, and everything else is refused."""
    found = money(text, HERE)
    assert isinstance(found, Bad) if value is None else found.value == Decimal(value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-5", "it is negative"),
        ("inf", "it is not finite"),
        ("1.23456", "it has more than 4 decimals"),
        ("123456789012345", "it has more than 14 digits before the decimals"),
        ("1,23", "its marks part neither decimals nor groups of three digits"),
        ("+-1", "it has two signs"),
        ("50 abc", "what stands beside it is no currency: abc"),
        ("lots", "no number is written like this"),
    ],
)
def test_why_it_is_no_money(text: str, why: str) -> None:
    """What is refused says why."""
    assert money(text, HERE) == Bad("bad-money", {"why": why})


@pytest.mark.parametrize("text", ["1.234", "12.345", "123.456", "$1.234", "1.234k", "1.000"])
def test_a_point_before_three_digits_is_ambiguous(text: str) -> None:
    """Where nobody says what a point is, a lone one that could part thousands is refused."""
    found = money(text, HERE)
    assert isinstance(found, Bad)
    assert found.code == "ambiguous-number"
    for said in (Numerals(decimal="."), Numerals(thousands=","), Numerals(thousands=".")):
        assert isinstance(money(text, marks(said)), Amount)


def test_an_ambiguous_number_names_both_readings() -> None:
    """Both readings are written out."""
    assert money("1.234", HERE) == Bad("ambiguous-number", {"small": "1.2340", "large": "1234"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234", "1234"),
        ("1.234,56", "1234.56"),
        ("1,234", "1.234"),
        ("1,5k", "1500"),
        ("1.5", None),
    ],
)
def test_decimal_comma(text: str, value: str | None) -> None:
    """With `decimal: ","` the point parts thousands and nothing is ambiguous."""
    assert marks(Numerals(decimal=",")) == EURO == marks(Numerals(thousands="."))
    found = money(text, EURO)
    assert isinstance(found, Bad) if value is None else found.value == Decimal(value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("home", "text", "good"),
    [
        ("EUR", "\u20ac50", True),
        ("EUR", "50", True),
        ("EUR", "$50", False),
        ("EUR", "50 USD", False),
        ("CAD", "$50", True),
        ("CAD", "US$50", False),
        ("\u20ac", "50 EUR", True),
        ("usd", "$50", True),
        ("XTS", "50 XTS", True),
    ],
)
def test_another_currency_is_refused(home: str, text: str, good: bool) -> None:  # noqa: FBT001
    """With `currency:` set, amounts are in it or bare; a sign it shares with others is its own."""
    found = money(text, marks(Numerals(currency=home)))
    assert isinstance(found, Amount) is good
    if isinstance(found, Bad):
        assert found.code == "other-currency"


@given(st.decimals(0, 10**14 - 1, places=4), st.sampled_from(",\u00a0' "), st.booleans())
def test_written_money_comes_back(value: Decimal, group: str, grouped: bool) -> None:  # noqa: FBT001
    """Every amount, written plainly or in groups, reads as itself exactly."""
    text = f"{value:,.4f}".replace(",", group) if grouped else f"{value:f}"
    found = money(text, HERE)
    assert found == Amount(value.normalize()) or found.value == value  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-3", "-3"),
        ("1.50", "1.5"),
        ("1,000", "1000"),
        ("-0", "0"),
        ("1e-05", "0.00001"),
        ("1e99", "1" + "0" * 99),
        ("1.5E+3", "1500"),
        ("(2)", "-2"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("1.234", None),
        ("x", None),
        ("nan", None),
    ],
)
def test_numbers(text: str, value: str | None) -> None:
    """Numbers of rules may be negative and have any decimals; they come out in plain form."""
    found = number(text, HERE)
    if value is None:
        assert isinstance(found, Bad)
    else:
        assert isinstance(found, Amount)
        assert format(found.value, "f") == value


def test_numbers_with_a_currency() -> None:
    """A rule's number may be an amount of money, and is then in the currency of the settings."""
    assert number("$2k", HERE) == Amount(Decimal(2000), "USD")
    assert number("\u20ac5", marks(Numerals(currency="USD"))) == Bad(
        "other-currency", {"currency": "USD"}
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("1.0", 1), ("12.00", 12), ("12.000", 12), ("1.000", None), ("1,200", 1200),
     ("0", None), ("-1", None), ("1.5", None), ("10000", None), ("$5", None), ("x", None)],
)  # fmt: skip
def test_whole_numbers(text: str, value: int | None) -> None:
    """Whole numbers count from 1; decimals that are all zero do not matter."""
    found = whole(text, HERE)
    assert isinstance(found, Bad) if value is None else found == value


@given(st.text(alphabet="0123456789.,'kM$ \u20ac-+()USDeur", max_size=14))
def test_nothing_breaks_the_readers(text: str) -> None:
    """Any text is either read or refused."""
    for here in (HERE, EURO):
        assert isinstance(money(text, here), Amount | Bad)
        assert isinstance(number(text, here), Amount | Bad)
        assert isinstance(whole(text, here), int | Bad)
