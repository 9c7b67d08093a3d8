"""The grid: the example of the contract, and everything that a careful reader refuses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from csprio.read.grid import read_grid
from csprio.read.yamls import parse_text
from csprio.rules import Every, Same

if TYPE_CHECKING:
    from csprio.problems import Problem
    from csprio.rules import Grid

EXAMPLE = """\
name: Potential and likelihood
potential:
  A: over 50k
  B: at least 10k
  C: rest
likelihood:
  score:
    - {when: {champion: strong}, points: 2}
    - {when: {budget_barrier: yes}, points: -2}
  levels: {1: at least 2, 2: at least 0, 3: rest}
grid:
  A: [1, 1/2, 2]
  B: [2/1, 2, 2]
  C: [3, 3, 3]
borderline:
  - {when: {motion: growth}, tier: better}
tiers:
  1: {name: Growth, accounts_per: {csm: 20, custdev: 40}}
  2: {name: Bread and butter}
  3: {name: Automated}
optional: [champion]
"""


def read(text: str) -> tuple[Grid | None, list[str]]:
    """Read a grid; give it and its problems without their remedies."""
    problems: list[Problem] = []
    node = parse_text(text, "g.yaml", problems)
    assert node is not None
    grid = read_grid(node, problems)
    return grid, [f"{one.place}: {one.code}: {one.message}" for one in problems]


def problems_of(before: str, after: str) -> list[str]:
    """Read the example with a change; give the problems."""
    assert before in EXAMPLE
    return read(EXAMPLE.replace(before, after))[1]


def test_example() -> None:
    """The contract's example is read whole, `2/1` with the better tier first."""
    grid, problems = read(EXAMPLE)
    assert problems == []
    assert grid is not None
    assert grid.grades == ("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3")
    assert [[(cell.better, cell.worse) for cell in row] for row in grid.cells] == [
        [(0, 0), (0, 1), (1, 1)], [(0, 1), (1, 1), (1, 1)], [(2, 2), (2, 2), (2, 2)],
    ]  # fmt: skip
    assert grid.likelihood is not None
    assert [line.points for line in grid.likelihood.score] == [Decimal(2), Decimal(-2)]
    assert grid.levels == ("1", "2", "3")
    assert grid.tiers[0].accounts_per == {"csm": 20, "custdev": 40}
    assert grid.tiers[1].name == "Bread and butter"
    assert grid.optional == ("champion",)
    assert str(grid.cells[1][0].place) == "g.yaml:13:7"


def test_smallest() -> None:
    """One size, one level, one tier without a name make a grid."""
    grid, problems = read("potential: {All: rest}\ngrid: {All: x}\ntiers: {x: }\n")
    assert problems == []
    assert grid is not None
    assert (grid.grades, grid.tiers[0].name) == (("All1",), "x")


def test_own_words() -> None:
    """Sizes, levels and tiers are the user's words, compared without case."""
    grid, problems = read(
        "potential: {Large: over 1M, Small: rest}\n"
        "grid:\n  small: [wood, gold/wood]\n  LARGE: [Gold, a/b]\n"
        "tiers:\n  Gold: {name: G}\n  a/b: {name: S}\n  Wood:\n"
    )
    assert problems == []  # the larger size is the better one, wherever it stands
    assert grid is not None
    assert grid.sizes == ("Small", "Large")  # as `grid:` has them; bands are tried as written
    assert [[(cell.better, cell.worse) for cell in row] for row in grid.cells] == [
        [(2, 2), (0, 2)], [(0, 0), (1, 1)],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("B: at least 10k", "B: at least 60k", ["3: band-never-wins: the band `B` can never win"]),
        ("C: rest", "C: under 10", ["potential` leave out 10"]),
        ("[1, 1/2, 2]", "[1, 2]", ["12:3: grid-cells: the row of size `A` has 2 cells, and there"]),
        ("[1, 1/2, 2]", "[1, 1/4, 2]", ["12:10: cell-form: `1/4` names no tier"]),
        ("[1, 1/2, 2]", "[1, ~, [2]]", ["12:10: cell-form: `nothing`", "cell-form: `a list`"]),
        ("  C: [3, 3, 3]\n", "", ["11:1: key-missing: `grid` lacks `C`"]),
        ("  C: [3", "  D: [3", ["value-unknown: `D` is no size", "`grid` lacks `C`"]),
        ("3: rest}", "3: at most -1}", []),
        ("3: rest}", "3: under -1}", ["6:1: band-gap: the bands of `levels` leave out -1"]),
        ("1: at least 2,", "1: at least 3,", ["level-out-of-reach: no sum of the points reaches"]),
        ("2: at least 0", "2: at least 2", ["band-never-wins: the band `2` can never win"]),
        ("points: 2}", "points: two}", ["8:42: value-form: `points` is to be a number"]),
        ("points: 2}", "points: 1.00001}", ["number-bounds: `1.00001` has more digits"]),
        ("points: 2}", "point: 2}", ["key-unknown: `point`", "key-missing: a line of `score`"]),
        ("when: {champion: strong}, points", "points", []),
        ("tier: better", "tier: 3", ["borderline-tier: no cell of the grid lies between `3`"]),
        ("tier: better", "tier: best", ["value-unknown: `best` is no tier"]),
        ("when: {motion: growth}, tier", "tier", []),
        ("csm: 20", "csm: 0", ["value-form: `csm` is to be a whole number from 1, not `0`"]),
        ("3: {name: Automated}", "3: {nmae: x}", ["key-unknown: `nmae` is no key of tier `3`"]),
        ("3: {name: Automated}", "All: {}", ["grid-key: `All` cannot"] + ["cell-form"] * 3),
        ("  3: {name", "  '1.0': {name", ["grid-key: `1.0` cannot"] + ["cell-form"] * 3),
        ("[3, 3, 3]", "[3, 3, 1]", ["14:13: tier-order: the better grade `A3` has"]),
        ("optional:", "optoinal:", ["21:1: key-unknown: `optoinal` is no key of the grid"]),
    ],
)  # fmt: skip
def test_refused(before: str, after: str, expected: list[str]) -> None:
    """A change that breaks the example is named at its place, and nothing else is."""
    problems = problems_of(before, after)
    assert len(problems) == len(expected), problems
    for problem, part in zip(problems, expected, strict=True):
        assert part in problem


def test_all_at_once() -> None:
    """Errors in all parts of the grid come together, also those of bands that could be read."""
    gaps = "potential: {A: over 50k, B: under 10k}\ngrid: {A: [1, 7], B: [1]}\ntiers: {1: }\n"
    assert sorted(one.split(": ")[1] for one in read(gaps)[1]) == [
        "band-gap", "cell-form", "grid-cells",
    ]  # fmt: skip
    _, problems = read(
        "potential: {A: large, B: rest}\n"
        "grid:\n  A: [1, 7]\n  B: [1]\n"
        "tiers: {1: {name: [x]}, 2: {}}\n"
        "borderline: [{tier: 9}]\n"
    )
    assert sorted(one.split(": ")[1] for one in problems) == [
        "band-form", "cell-form", "grid-cells", "value-form", "value-unknown",
    ]  # fmt: skip


def test_grade_texts() -> None:
    """Two grades of one text are refused, case aside."""
    _, problems = read(
        "potential: {A: over 5, a1: rest}\n"
        "likelihood:\n  score: [{when: {x: y}, points: 1}]\n  levels: {11: at least 1, 1: rest}\n"
        "grid: {A: [1, 1], a1: [1, 1]}\ntiers: {1: }\n"
    )
    assert problems == [
        "g.yaml:1:24: grade-repeated: the grade `a11` comes about twice: A with 11 and a1 with 1"
    ]


def test_order_of_rows() -> None:
    """Which size is the better one is a matter of amounts, not of where its row stands."""
    bands = "potential: {C: under 10k, A: over 50k, B: rest}\ntiers: {1: , 2: , 3: }\n"
    assert read(bands + "grid: {C: [3], B: [2], A: [1]}\n")[1] == []
    assert read(bands + "grid: {C: [1], B: [2], A: [2]}\n")[1] == [
        "g.yaml:3:12: tier-order: the better grade `A1` has the worse tier `2`, and `C1` has `1`"
    ]


def test_borderline_without_cells() -> None:
    """Rules with nothing to decide, and rules behind one that always holds, are warnings."""
    plain = EXAMPLE.replace("1/2", "1").replace("2/1", "2")
    assert [one.split(": ")[1] for one in read(plain)[1]] == ["borderline-unused"]
    twice = EXAMPLE.replace("borderline:\n", "borderline:\n  - {tier: worse}\n")
    grid, problems = read(twice)
    assert problems == [
        (
            "g.yaml:17:5: rule-never-reached: an earlier line (line 16) always holds, so this one"
            " is never reached"
        )
    ]
    assert grid is not None
    assert grid.borderline[0].when == Every()


def test_points_exact() -> None:
    """Points are exact decimals, and levels cover the sums that occur, not more."""
    text = EXAMPLE.replace("points: 2", "points: 0.1").replace("points: -2", "points: -0.2")
    text = text.replace(
        "{1: at least 2, 2: at least 0, 3: rest}", "{1: 0.1, 2: '-0.1..0', 3: -0.2}"
    )
    grid, problems = read(text)
    assert problems == []
    assert grid is not None
    assert grid.likelihood is not None
    assert grid.likelihood.score[0].points == Decimal("0.1")


def test_yes_stays_a_text() -> None:
    """`yes` in a condition is the text that was typed."""
    grid, _ = read(EXAMPLE)
    assert grid is not None
    assert grid.likelihood is not None
    assert getattr(grid.likelihood.score[1].when, "test", None) == Same("yes")
