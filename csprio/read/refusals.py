"""Why a cell cannot be read, as a part of a sentence, and how it is to be written.

Comes in: a `Bad` and how numbers are written here. Goes out: words for the messages of files whose
cells may not stay empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.read.amounts import remedies
from csprio.read.settle import SAID_ORDER

if TYPE_CHECKING:
    from csprio.read.amounts import Bad
    from csprio.settings import Numerals

_WHY = {
    "far-date": " of the years 1970 to 2099",
    "excel-date": ", but a day as Excel counts them, perhaps {day}",
    "ambiguous-number": ": it may be {small} or {large}",
    "other-currency": " in {currency}",
    "bad-money": ": {why}",
    "bad-number": ": {why}",
}
_REMEDY = {
    "ambiguous-number": 'say which by `decimal: "."` or `thousands: "."` in csprio.yaml',
    "other-currency": "convert it, or correct `currency:` in csprio.yaml",
    "bad-whole-number": "write it as 12",
}
_OR_EMPTY = ", or leave it empty"


def why(bad: Bad) -> str:
    """Say why, to stand after `is not a date`, `an amount` or `a number`."""
    return _WHY.get(bad.code, "").format(**bad.facts)


def number_remedy(bad: Bad, numerals: Numerals) -> str:
    """Say how a number or an amount is to be written; not that it may be left out."""
    return _REMEDY.get(bad.code) or remedies(numerals)[bad.code].replace(_OR_EMPTY, "")


def date_remedy(bad: Bad, order: str | None) -> str:
    """Say how a date is to be written."""
    told = f"; dates are read {SAID_ORDER[order]} here" if order and bad.code == "bad-date" else ""
    return f"write it as 2026-11-23{told}"
