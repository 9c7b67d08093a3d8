"""Recency, frequency and monetary value: scores by cuts, given or found among the accounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from naive import cells
from naive.cells import is_fine
from naive.conditions import holds
from naive.sources import Source, length, window

QUANTILES = [Fraction(part, 5) for part in range(1, 5)]
FEWEST = 25
Cuts = dict[str, list[Fraction]]


@dataclass(frozen=True)
class Trade:
    """What one account bought: days since it last did, how often, for how much in all."""

    recency: int | None
    frequency: int
    monetary: Fraction


def trades(
    about: Mapping[str, Any], source: Source, ids: Iterable[str], as_of: date
) -> dict[str, Trade]:
    """Sum up the accounts that have rows with an amount."""
    days = length(about["over"]) if "over" in about else None
    found = {}
    for account in ids:
        lines = window(source.of(account), as_of, days)
        amounts = [(line.on, cells.number(line.cells[about["amount"]])) for line in lines]
        read = [(on, amount) for on, amount in amounts if amount is not None and is_fine(amount)]
        bought = [on for on, amount in read if amount > 0]
        if read:
            recency = (as_of - max(bought)).days if bought else None
            total = sum((amount for _, amount in read), Fraction(0))
            found[account] = Trade(recency, len(bought), total)
    return found


def quantile(numbers: Iterable[Fraction], part: Fraction) -> Fraction:
    """Find a quantile by linear interpolation between the two numbers next to its place."""
    ordered = sorted(numbers)
    place = part * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def cuts(about: Mapping[str, Any], found: Mapping[str, Trade]) -> Cuts | None:
    """Take the cuts that are given, or find them; fewer than 25 accounts have none.

    Recency is cut among those who bought; where fewer than two did, there is nothing to cut.
    """
    if about.get("cuts", "quantiles") != "quantiles":
        return {
            name: [Fraction(cells.amount(text) or 0) for text in texts]
            for name, texts in about["cuts"].items()
        }
    if len(found) < FEWEST:
        return None
    numbers = {
        "recency": [Fraction(one.recency) for one in found.values() if one.recency is not None],
        "frequency": [Fraction(one.frequency) for one in found.values()],
        "monetary": [one.monetary for one in found.values()],
    }
    return {
        name: [quantile(some, part) for part in QUANTILES] if len(some) > 1 else []
        for name, some in numbers.items()
    }


def bin_of(number: Fraction | int, edges: list[Fraction]) -> int:
    """Count the cuts strictly below a number, from 1."""
    return 1 + sum(edge < number for edge in edges)


def fields(
    about: Mapping[str, Any], source: Source, ids: Iterable[str], as_of: date
) -> dict[str, dict[str, str]]:
    """Score every account; one without rows has no scores and is in segment ``none``."""
    every = list(ids)
    found = trades(about, source, every, as_of)
    edges = cuts(about, found)
    bare = {"rfm_r": "", "rfm_f": "", "rfm_m": "", "rfm": "", "rfm_segment": ""}
    if edges is None:
        return dict.fromkeys(every, bare)
    none = {**bare, "rfm_segment": "none"}
    return {one: _scored(about, found[one], edges) if one in found else none for one in every}


def _scored(about: Mapping[str, Any], trade: Trade, edges: Cuts) -> dict[str, str]:
    recency = edges["recency"]
    r = ""
    if trade.recency is not None and recency:
        r = str(len(recency) + 2 - bin_of(trade.recency, recency))
    f = str(bin_of(trade.frequency, edges["frequency"]))
    m = str(bin_of(trade.monetary, edges["monetary"]))
    seen = {"r": r, "f": f, "m": m}
    lines = about.get("segments", [])
    segment = next((line["name"] for line in lines if holds(line.get("when"), seen)), "")
    whole = r + f + m if r else ""
    return {"rfm_r": r, "rfm_f": f, "rfm_m": m, "rfm": whole, "rfm_segment": segment}
