"""Proves the note of a score: what cost most, what is missing, why there is no score."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide.conditions import Conditions
from csprio.decide.exact import Exact
from csprio.decide.score_notes import score_notes
from csprio.decide.scores import points_of, scored
from csprio.rules import Clause, Same
from csprio.signals import Cap, Part, ScoreRule

Value = Fraction | int | str | None
HEALTH = ScoreRule(
    "health",
    (
        Part("seat_use", Decimal(40)),
        Part("logins_trend", Decimal(20)),
        Part("urgent", Decimal(15)),
        Part("days_late", Decimal(10)),
        Part("nps", Decimal(15)),
    ),
    min_coverage=Decimal("60.55"),
    caps=(Cap(Clause("champion", Same("left")), Decimal("39.5")),),
)
BELOW = "not scored: coverage 60 is below 60.55"


def noted(rule: ScoreRule, *rows: tuple[Value, ...], champion: str = "here") -> list[str | None]:
    """Write the notes of accounts with these points."""
    values = [[None if one is None else Fraction(one) for one in row] for row in rows]

    def points(number: int) -> Exact:
        """Give the points of a part."""
        each = [row[number] for row in values]
        floats = np.array([np.nan if one is None else float(one) for one in each])
        exact = Exact(floats, lambda row: each[row] or Fraction(0))
        return points_of(rule.parts[number], exact)

    table = pa.table({"champion": pa.array([champion] * len(rows), pa.string())})
    found = scored(rule, [points(n) for n in range(len(rule.parts))], Conditions(table))
    notes: list[str | None] = score_notes(found).to_pylist()
    return notes


@pytest.mark.parametrize(
    ("row", "note"),
    [
        # Of 90: 40 x 35, 20 x 66.667, 15 x 50 and 15 x 50.
        ((65, "33.333333", 50, None, 50), "seat_use cost 15.6 points; no days_late"),
        ((65, 30, 50, 0, 50), "seat_use cost 14 points"),  # as much as logins_trend, and first
        ((100, 100, 100, 100, 100), None),
        ((100, 100, 100, 100, None), "no nps"),
        ((100, 100, 100, 90, 100), "days_late cost 1 point"),
        ((100, 100, 100, "99.6", 100), "days_late cost less than 0.1 points"),
        ((100, 100, 100, "99.9999999", 100), None),
        ((100, 100, 100, "97.5", 100), "days_late cost 0.2 points"),  # 0.25, half to even
        ((50, 100, None, None, None), f"{BELOW}; no urgent, days_late, nps"),
        ((None,) * 5, "not scored: no seat_use, logins_trend, urgent, days_late, nps"),
    ],
)  # fmt: skip
def test_notes(row: tuple[Value, ...], note: str | None) -> None:
    """What is said of an account."""
    assert noted(HEALTH, row) == [note]


def test_a_cap_is_named_where_it_takes_something() -> None:
    """It stands before what cost most; below it, and without a score, it is not mentioned."""
    rows: list[tuple[Value, ...]] = [
        (65, "33.333333", 50, None, 50),
        (20, 20, 20, 20, 20),
        (None, 1, None, None, None),
    ]
    assert noted(HEALTH, *rows, champion="left") == [
        "capped at 39.5; seat_use cost 15.6 points; no days_late",
        "seat_use cost 32 points",
        "not scored: coverage 20 is below 60.55; no seat_use, urgent, days_late, nps",
    ]


def test_coverage_is_never_shown_as_what_it_is_below() -> None:
    """66.66... percent is 66.6 then, not 66.7."""
    parts = tuple(Part(name) for name in "abc")
    rule = ScoreRule("s", parts, min_coverage=Decimal("66.7"))
    assert noted(rule, (1, 2, None)) == ["not scored: coverage 66.6 is below 66.7; no c"]


def test_nobody() -> None:
    """A book without accounts has no notes."""
    assert noted(HEALTH) == []


@given(
    st.lists(st.tuples(*[st.none() | st.integers(0, 400).map(lambda n: Fraction(n, 4))] * 5)),
    st.booleans(),
)
def test_notes_agree_with_a_walk(rows: list[tuple[Fraction | None, ...]], left: bool) -> None:  # noqa: FBT001
    """Each account's note is what its own points say, worked out one by one in fractions."""
    rule = replace(HEALTH, min_coverage=Decimal(50))
    weights = [Fraction(part.weight) for part in rule.parts]
    expected: list[str | None] = []
    for row in rows:
        there = [n for n in range(5) if row[n] is not None]
        missing = ", ".join(rule.parts[n].field for n in range(5) if n not in there)
        known = sum(weights[n] for n in there)
        said = []
        if known < 50:
            covered = [f"coverage {known} is below 50; "] if there else []
            expected.append(f"not scored: {''.join(covered)}no {missing}")
            continue
        costs = [(weights[n] * (100 - (row[n] or 0)) / known, -n) for n in there]
        if left and 100 - sum(cost for cost, _ in costs) > Fraction("39.5"):
            said.append("capped at 39.5")
        most, place = max(costs)
        if most:
            tenths = round(most * 10)
            shown = f"{tenths // 10}.{tenths % 10}".removesuffix(".0")
            cost = "less than 0.1 points" if not tenths else f"{shown} points"
            said.append(f"{rule.parts[-place].field} cost {cost}")
        said += [f"no {missing}"] if missing else []
        note = "; ".join(said).replace("cost 1 points", "cost 1 point")
        expected.append(note or None)
    assert noted(rule, *rows, champion="left" if left else "here") == expected
