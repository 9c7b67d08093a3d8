"""Money and numbers as people write them, exactly.

Comes in: the text of a cell, trimmed, and how numbers are written here. Goes out: an exact value,
or a `Bad` that says why there is none. No floating point, no guess: what reads two ways is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from csprio.read.currencies import SIGNS, agreed, meanings
from csprio.read.literals import tidy
from csprio.tables import MONEY_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from csprio.settings import Numerals

WHOLE_DIGITS = 14  # what decimal128(18, 4) holds before the point
MOST_WHOLE = 9999  # months or days: beyond it no calendar goes

_SPACES = " \u00a0\u2009\u202f"  # space, no-break, thin and narrow no-break space
_APOSTROPHES = "'\u2019"
_TIMES = {"": 0, "k": 3, "m": 6}
_CURRENCY = rf"[A-Za-z]{{0,3}}[{SIGNS}]|[A-Za-z]{{3}}"
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+\u2212])?\s*(?P<before>{_CURRENCY})?\s*(?P<inner>[-+\u2212])?\s*"
    rf"(?P<digits>[0-9.,](?:[^-+\u2212A-Za-z{SIGNS}()]*[0-9])?)\s*(?P<times>[kKmM])?"
    rf"\s*(?P<after>{_CURRENCY})?\s*(?P<last>-)?(?P<close>\))?"
)
_EXPONENT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]{1,2}")
_NOT_FINITE = re.compile(r"[-+]?(?:nan|inf|infinity|\u221e)", re.IGNORECASE)
_READS_TWICE = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_NO_NUMBER = "no number is written like this"


@dataclass(frozen=True)
class Bad:
    """Why a cell cannot be read: a code of the catalogue and the facts of the case."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Amount:
    """An exact value, and the currency written beside it, if any."""

    value: Decimal
    currency: str = ""


@dataclass(frozen=True)
class Marks:
    """How numbers are written here: the decimal mark, the group marks, the currency.

    `settled` tells that somebody has said so; else a lone point before three digits is refused.
    """

    decimal: str
    groups: str
    settled: bool
    currency: str

    @property
    def plain_pattern(self) -> str:
        """Match (for RE2) what Arrow can read as it is: digits, and a point that parts decimals."""
        part = "[0-9]{1,4}" if self.settled else "[0-9]{1,2}|[0-9]{4}"
        tail = rf"(\.({part}))?" if self.decimal == "." else ""
        return rf"^[0-9]{{1,{WHOLE_DIGITS}}}{tail}\z"


# How a file that knows numbers from texts writes them.
PLAIN = Marks(decimal=".", groups=",", settled=True, currency="")


def marks(numerals: Numerals) -> Marks:
    """Fill in what the settings leave open; one mark said settles the other."""
    decimal, thousands = numerals.decimal, numerals.thousands
    decimal = decimal or ("," if thousands == "." else ".")
    thousands = thousands or ("." if decimal == "," else ",")
    settled = numerals.decimal is not None or numerals.thousands is not None
    groups = "".join(mark for mark in thousands + _SPACES + _APOSTROPHES if mark != decimal)
    home = (numerals.currency or "").strip().upper()
    return Marks(decimal, groups, settled, next(iter(meanings(home, home)), "") if home else "")


def remedies(numerals: Numerals) -> dict[str, str]:
    """Say, for each code, how a number is written so that it can be read here."""
    if marks(numerals).decimal == ",":
        money_form, number_form, comma = "50000, 50.000,00 or 50k", "1234,5", ""
    else:
        money_form, number_form = "50000, 50,000.00, $50,000 or 50k", "1234.5"
        comma = '; a decimal comma needs `decimal: ","` in csprio.yaml'
    told = numerals.decimal is not None
    return {
        "bad-money": f"write it as {money_form}, or leave it empty{'' if told else comma}",
        "bad-number": f"write it as {number_form}, or leave it empty",
    }


def money(text: str, here: Marks) -> Amount | Bad:
    """Read an amount of money: not negative, at most 4 decimals and 14 digits before them."""
    amount = _amount(text, here, "bad-money")
    if isinstance(amount, Bad):
        return amount
    if amount.value < 0:
        return _bad("bad-money", "it is negative")
    if int(amount.value.as_tuple().exponent) < -MONEY_DECIMALS:
        return _bad("bad-money", f"it has more than {MONEY_DECIMALS} decimals")
    return _at_home(amount, here)


def number(text: str, here: Marks) -> Amount | Bad:
    """Read a signed number, which may be an amount of money too."""
    if _EXPONENT.fullmatch(text) and here.decimal == ".":
        return Amount(tidy(Decimal(text)))
    amount = _amount(text, here, "bad-number")
    return amount if isinstance(amount, Bad) else _at_home(amount, here)


def whole(text: str, here: Marks) -> int | Bad:
    """Read a whole number from 1; `1.0` is 1, and so is `12.000` 12, as 12000 is past all use."""
    amount = _amount(text, replace(here, settled=True), "bad-whole-number")
    if isinstance(amount, Bad) or amount.currency or amount.value.as_tuple().exponent:
        return Bad("bad-whole-number")
    if not 1 <= amount.value <= MOST_WHOLE:
        return Bad("bad-whole-number")
    if not here.settled and _READS_TWICE.fullmatch(text) and amount.value * 1000 <= MOST_WHOLE:
        return Bad("ambiguous-number", {"small": str(amount.value), "large": text.replace(".", "")})
    return int(amount.value)


def _at_home(amount: Amount, here: Marks) -> Amount | Bad:
    """Refuse an amount in another currency than the one of the settings."""
    if here.currency and amount.currency not in {"", here.currency}:
        return Bad("other-currency", {"currency": here.currency})
    return amount


def _amount(text: str, here: Marks, code: str) -> Amount | Bad:
    """Read sign, currency, digits and `k` or `M`; `code` is that of what cannot be read."""
    match = _AMOUNT.fullmatch(text)
    if match is None or bool(match["open"]) != bool(match["close"]):
        finite = _NOT_FINITE.fullmatch(text) is None
        return _bad(code, _NO_NUMBER if finite else "it is not finite")
    signs = [sign for name in ("open", "sign", "inner", "last") if (sign := match[name])]
    beside = tuple(mark for name in ("before", "after") if (mark := match[name]))
    currency = agreed(beside, here.currency) if beside else ""
    if currency is None:
        return _bad(code, f"what stands beside it is no currency: {' and '.join(beside)}")
    if len(signs) > 1:
        return _bad(code, "it has two signs")
    value = _digits(match["digits"], match["times"] or "", here, code)
    if isinstance(value, Bad):
        return value
    negative = bool(signs) and signs != ["+"] and bool(value)
    return Amount(value.copy_negate() if negative else value, currency)


def _digits(text: str, times: str, here: Marks, code: str) -> Decimal | Bad:
    """Read digits with their marks, exactly and without trailing zeros."""
    match = _number(here.decimal, here.groups).fullmatch(text)
    if match is None:
        return _bad(code, "its marks part neither decimals nor groups of three digits")
    if not here.settled and _READS_TWICE.fullmatch(text):
        both = {"small": f"{text}0{times}", "large": text.replace(".", "") + times}
        return Bad("ambiguous-number", both)
    shift = _TIMES[times.lower()]
    part = (match["part"] or "").ljust(shift, "0")
    digits = re.sub("[^0-9]", "", match["whole"] or "") + part[:shift]
    digits, part = digits.lstrip("0") or "0", part[shift:].rstrip("0")
    if len(digits) > WHOLE_DIGITS:
        return _bad(code, f"it has more than {WHOLE_DIGITS} digits before the decimals")
    return Decimal(f"{digits}.{part}" if part else digits)


@lru_cache
def _number(decimal: str, groups: str) -> re.Pattern[str]:
    """Match digits: one piece, or groups of three parted by one and the same mark."""
    first = f"[1-9][0-9]{{0,2}}(?P<mark>[{re.escape(groups)}])[0-9]{{3}}"
    whole_part = f"(?P<whole>[0-9]+|{first}(?:(?P=mark)[0-9]{{3}})*)?"
    return re.compile(f"{whole_part}(?:{re.escape(decimal)}(?P<part>[0-9]+))?")


def _bad(code: str, why: str) -> Bad:
    """Make a `Bad` with a reason."""
    return Bad(code, {"why": why})
