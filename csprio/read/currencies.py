"""Currencies: their ISO 4217 codes, and what the signs beside an amount may mean.

Comes in: what stands beside an amount. Goes out: a code. Data, and two functions to ask it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNS = "$\u00a2-\u00a5\u058f\u0e3f\u20a0-\u20c0\ufdfc\uff04\uffe0\uffe1\uffe5"

_ISO_4217 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB "
    "EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK "
    "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR "
    "PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL "
    "THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF "
    "XPF YER ZAR ZMW ZWL"
)
CODES = frozenset(_ISO_4217.split())
# What a sign may mean; the first is what it means where nothing else is said.
_MEANS: Mapping[str, str] = {
    "$": "USD AUD BBD BMD BND BSD BZD CAD CLP COP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD "
    "TTD TWD XCD",
    "\u20ac": "EUR",
    "\u00a3": "GBP EGP FKP GIP LBP SHP SSP SYP",
    "\u00a5": "JPY CNY CNH",
    "\u20b9": "INR",
    "\u20a9": "KRW",
    "\u20aa": "ILS",
    "\u20ab": "VND",
    "\u20b1": "PHP",
    "\u20a6": "NGN",
    "\u20b4": "UAH",
    "\u20ba": "TRY",
    "\u20bd": "RUB",
    "\u0e3f": "THB",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "HK$": "HKD",
    "MX$": "MXN",
    "NT$": "TWD",
    "NZ$": "NZD",
    "R$": "BRL",
    "S$": "SGD",
    "CN\u00a5": "CNY",
    "JP\u00a5": "JPY",
}


@lru_cache(maxsize=1024)
def meanings(mark: str, home: str = "") -> tuple[str, ...]:
    """Give the currencies that a sign or code may mean, likeliest first; none for other words."""
    word = mark.strip().upper()
    if word in _MEANS:
        return tuple(_MEANS[word].split())
    return (word,) if word in CODES or word == home or not word.isalpha() else ()


@lru_cache(maxsize=1024)
def agreed(marks: tuple[str, ...], home: str) -> str | None:
    """Give the one currency that all marks beside an amount can mean; None if there is none.

    Of several, the currency of the settings (`home`) counts, else the likeliest.
    """
    first, *others = (meanings(mark, home) for mark in marks)
    shared = [code for code in first if all(code in other for other in others)]
    return home if home in shared else shared[0] if shared else None
