"""Public holidays of a country or a part of it, from the `holidays` package (an extra).

Comes in: a code such as US, US-CA or GB-ENG, and years. Goes out: days with their names. The
package is asked once, when a file is written; no answer depends on it.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from csprio.problems import Place, policy_stop

if TYPE_CHECKING:
    from datetime import date


def public_holidays(code: str, years: range) -> list[tuple[date, str]]:
    """List the holidays of these years by day; `Stop` (exit 2) for a code that nobody has.

    An ImportError says that the extra is not installed.
    """
    import holidays  # noqa: PLC0415 - an extra, and slow to load

    known: dict[str, list[str]] = holidays.list_supported_countries()
    country, _, part = code.strip().upper().partition("-")
    if country not in known or (part and part not in known[country]):
        hint = _hint(country, part, known)
        raise policy_stop("holidays-code", Place(""), country=code.strip(), hint=hint)
    found = holidays.country_holidays(country, subdiv=part or None, years=years)
    return sorted((day, name) for day, name in found.items() if day.year in years)


def _hint(country: str, part: str, known: dict[str, list[str]]) -> str:
    """Offer codes like the one that is not known."""
    if country in known:
        parts = known[country]
        near = get_close_matches(part, parts, 3, 0.5) or parts[:5]
        codes = [country, *(f"{country}-{each}" for each in near)]
        return f"there are {', '.join(codes)}{' ...' if len(parts) > len(near) else ''}"
    short = [code for code in known if len(code) == 2]  # noqa: PLR2004 - ISO 3166-1 alpha-2
    near = get_close_matches(country, short, 4, 0.5)
    words = "write a country as US, a part of it as US-CA or GB-ENG"
    return f"did you mean {', '.join(sorted(near))}? {words}" if near else words
