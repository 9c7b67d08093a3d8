"""All clauses of all rules, and the keys that they name."""

from __future__ import annotations

import pytest

from csprio.problems import Place, Problem
from csprio.read.conditions import parse_test
from csprio.read.grid import read_grid
from csprio.read.rule_clauses import check_keys
from csprio.read.yamls import parse_text
from csprio.rules import Clause, Grid

HERE = Place("p.yaml", 3, "9")


def grid() -> Grid:
    """Make a grid with words of its own."""
    problems: list[Problem] = []
    node = parse_text(
        "potential: {Big: over 5, Small: rest}\n"
        "grid: {Big: [Gold, Gold], Small: [Wood, Wood]}\ntiers: {Gold: , Wood: }\n",
        "g.yaml",
        problems,
    )
    assert node is not None
    found = read_grid(node, problems)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "test", "codes"),
    [
        ("tier", "gold", []),
        ("Tier", "[GOLD, Wood]", ["value-unknown"]),  # a text, since no YAML made it a list
        ("tier", "not silver", ["value-unknown"]),
        ("tier", "is silver", []),
        ("tier", "missing", []),
        ("size", "big", []),
        ("size", "A", ["value-unknown"]),
        ("likelihood", "1.0", []),
        ("likelihood", "3", ["value-unknown"]),
        ("likelihood", "at most 3", []),
        ("grade", "small2", []),
        ("grade", "A1", ["value-unknown"]),
        ("motion", "Growth", []),
        ("motion", "churn", ["value-unmet"]),
        ("borderline", "call to make", []),
        ("borderline", "yes", ["value-unmet"]),
        ("status", "anything", []),
    ],
)
def test_keys(field: str, test: str, codes: list[str]) -> None:
    """A plain value of a key that the grid lacks is an error, of other closed lists a warning."""
    clause = Clause(field, parse_test(test, HERE, []), HERE)
    assert [one.code for one in check_keys([clause, clause], grid())] == codes


def test_words_of_scores() -> None:
    """A band that a score lacks is named with the field as it is written in answers."""
    clause = Clause("Health Band", parse_test("blue", HERE, []), HERE)
    (found,) = check_keys([clause], grid(), {"health_band": ("green", "red")})
    assert found.message == "no account has the health_band `blue`, so this never holds"
    assert found.remedy == "write one of `green`, `red`"


def test_builtin_may() -> None:
    """The built-in rules name the built-in grid's keys, whatever the grid."""
    place = Place("built-in/annual.yaml", 3, "9")
    clause = Clause("grade", parse_test("A3", place, []), place)
    assert check_keys([clause], grid()) == []
