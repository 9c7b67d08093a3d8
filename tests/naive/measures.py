"""Measures: one value an account, taken from the rows of a source or from a column."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from naive import cells, nps
from naive.conditions import holds
from naive.sources import Line, Source, length, window

COUNTED = {"sum", "count", "days", "distinct"}


@dataclass(frozen=True)
class Rows:
    """What one account has in a source, before any condition and after it."""

    every: list[Line]
    some: list[Line]


def measure(
    about: Mapping[str, Any], source: Source, account: str, facts: Mapping[str, str], *, stale: bool
) -> Fraction | None:
    """Take a measure of one account, before it is divided; nothing where it is missing."""
    if stale and "over" in about:
        return None
    every = source.of(account)
    rows = Rows(every, [line for line in every if holds(about.get("where"), line.seen)])
    return _taken(about, rows, source.as_of, facts)


def _taken(
    about: Mapping[str, Any], rows: Rows, as_of: date, facts: Mapping[str, str]
) -> Fraction | None:
    take, _, column = about["take"].partition(" ")
    days = length(about["over"]) if "over" in about else None
    lines = window(rows.some, as_of, days)
    if take == "trend":
        assert days is not None
        return _trend(rows, column, as_of, days, cells.day(facts.get("start_date", "")))
    if take == "nps":
        return nps.score(nps.answers(lines, column, about.get("by")))
    if take in COUNTED and not rows.every:
        return Fraction(0) if about.get("empty") == "0" else None
    if take in {"count", "days", "distinct"}:
        texts = {
            "count": range(len(lines)),
            "days": {line.on for line in lines},
            "distinct": {line.seen[column] for line in lines if column} - {""},
        }
        return Fraction(len(texts[take]))
    if take == "since":
        return Fraction((as_of - lines[-1].on).days) if lines else None
    return _number(take, [one for line in lines if (one := number(line, column)) is not None])


def _number(take: str, numbers: list[Fraction]) -> Fraction | None:
    """Make one number of several, which are in the order of their days and lines."""
    if take == "sum":
        return sum(numbers, Fraction(0))
    if not numbers:
        return None
    if take == "mean":
        return sum(numbers, Fraction(0)) / len(numbers)
    return {"min": min(numbers), "max": max(numbers), "last": numbers[-1]}[take]


def _trend(rows: Rows, column: str, as_of: date, days: int, start: date | None) -> Fraction | None:
    """Compare the window with the one before; a younger account than both has no trend."""
    end_before = as_of - timedelta(days=days)
    first = end_before - timedelta(days=days - 1)
    now, before = (
        sum((number(line, column) or Fraction(0) for line in some), Fraction(0))
        for some in (window(rows.some, as_of, days), window(rows.some, end_before, days))
    )
    born = start or (rows.every[0].on if rows.every else None)
    if born is None or born > first or not before:
        return None
    return (now - before) / before


def number(line: Line, column: str) -> Fraction | None:
    """Read the number that a row has in a column."""
    return cells.number(line.cells[column])


def exact(text: str) -> Fraction | None:
    """Read a number that is written plainly, else as a person may write it."""
    read = cells.signed(text)
    return cells.number(text) if read is None else Fraction(read)


def match(about: Mapping[str, Any], facts: Mapping[str, str]) -> Fraction | None:
    """Say how much of what an account needs is met, in percent; each need counts once."""
    needs = {one.strip().casefold() for one in facts.get(about["match"], "").split(";")} - {""}
    if not needs:
        return None
    met = {need.casefold(): Fraction(part) for need, part in about["we_meet"].items()}
    return 100 * sum((met.get(need, Fraction(0)) for need in needs), Fraction(0)) / len(needs)
