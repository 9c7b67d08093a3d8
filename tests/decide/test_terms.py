"""Proves how terms are cut: boundaries, first terms, slivers, the current term."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from csprio.decide.terms import BEFORE_ALL, Terms, terms


def made(start: str | None, renewal: str | None, months: int | None, as_of: str) -> Terms:
    """Find the terms of one account."""
    table = pa.table(
        {
            "start_date": pa.array([date.fromisoformat(start) if start else None], pa.date32()),
            "renewal_date": pa.array(
                [date.fromisoformat(renewal) if renewal else None], pa.date32()
            ),
            "term_months": pa.array([months], pa.int64()),
        }
    )
    return terms(table, np.datetime64(as_of))


def current(found: Terms) -> tuple[str, str, str]:
    """Write the current term: first day, end, and the boundary that names it."""
    rows = np.array([0])
    number = found.current
    first, end = found.first_day(rows, number), found.end(rows, number)
    return str(first[0]), str(end[0]), str(found.boundary(rows, number)[0])


CASES = {
    "a year from the start": (
        ("2026-03-15", None, None, "2026-11-23"),
        ("2026-03-15", "2027-03-15", "2026-03-15"),
    ),
    "the renewal day begins the next term": (
        ("2025-11-23", None, 12, "2026-11-23"),
        ("2026-11-23", "2027-11-23", "2026-11-23"),
    ),
    "the day before it is the last of its term": (
        ("2025-11-23", None, 12, "2026-11-22"),
        ("2025-11-23", "2026-11-23", "2025-11-23"),
    ),
    "month ends are counted from the original date": (
        ("2026-01-31", None, 1, "2026-03-30"),
        ("2026-02-28", "2026-03-31", "2026-02-28"),
    ),
    "a leap day's term ends on 28 Feb": (
        ("2024-02-29", None, 12, "2025-02-27"),
        ("2024-02-29", "2025-02-28", "2024-02-29"),
    ),
    "a start in the future: the first term": (
        ("2027-02-01", None, 12, "2026-11-23"),
        ("2027-02-01", "2028-02-01", "2027-02-01"),
    ),
    "a renewal that has passed rolls forward": (
        ("2023-01-10", "2024-01-10", 12, "2026-11-23"),
        ("2026-01-10", "2027-01-10", "2026-01-10"),
    ),
    "a far renewal: terms are counted back from it": (
        (None, "2029-05-01", 12, "2026-11-23"),
        ("2026-05-01", "2027-05-01", "2026-05-01"),
    ),
    "start_date cuts the first term, whose name stays": (
        ("2026-06-01", "2027-03-01", 12, "2026-11-23"),
        ("2026-06-01", "2027-03-01", "2026-03-01"),
    ),
    "a sliver belongs to the next term": (
        ("2026-11-10", "2026-12-01", 12, "2026-11-23"),
        ("2026-11-10", "2027-12-01", "2026-12-01"),
    ),
    "31 days are no sliver": (
        ("2026-10-31", "2026-12-01", 12, "2026-11-23"),
        ("2026-10-31", "2026-12-01", "2025-12-01"),
    ),
    "half a term is no sliver": (
        ("2026-11-16", "2026-12-01", 1, "2026-11-23"),
        ("2026-11-16", "2026-12-01", "2026-11-01"),
    ),
    "less than half a month's term is one": (
        ("2026-11-17", "2026-12-01", 1, "2026-11-23"),
        ("2026-11-17", "2027-01-01", "2026-12-01"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_current_term(case: str) -> None:
    """The current term of one account, as the contract words it."""
    asked, expected = CASES[case]
    assert current(made(*asked)) == expected


def test_without_start_there_is_no_first_term() -> None:
    """Without a start_date the terms go back without end."""
    assert made(None, "2027-01-01", 12, "2026-11-23").first[0] == BEFORE_ALL


def test_without_dates_there_are_no_terms() -> None:
    """Without start_date and renewal_date nothing can be dated."""
    assert not made(None, None, 12, "2026-11-23").exist[0]


@pytest.mark.parametrize("as_of", ["2020-01-01", "2026-11-23", "2050-06-30"])
def test_no_boundary_depends_on_the_day_asked(as_of: str) -> None:
    """Boundary 5 of an account is the same day whenever it is asked for."""
    found = made("2026-01-31", "2027-01-31", 1, as_of)
    assert str(found.boundary(np.array([0]), np.array([5]))[0]) == "2027-06-30"
