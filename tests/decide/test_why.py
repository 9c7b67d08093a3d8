"""The sentences that notes and explanations share."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest

from csprio.decide.why import (
    INACTIVE,
    OVERRIDE,
    PLAIN,
    TO_MAKE,
    Situation,
    about_likelihood,
    about_size,
    about_tier,
    by_hand,
    missing,
)
from csprio.rules import Band, Cell, Grid, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTHING = Situation(-1, -1, -1, -1, -1, -1, -1, -1, -1, PLAIN, -1, 0)
GRADED = NOTHING._replace(part_size=0, part_level=1, size=0, level=1)
GRID = Grid(
    name="",
    sizes=("A", "B"),
    potential=(Band("A", None),),
    levels=("1", "2"),
    likelihood=None,
    cells=((Cell(0, 0), Cell(0, 1)), (Cell(1, 1), Cell(1, 1))),
    borderline=(),
    tiers=(Tier("x", "X"), Tier("y", "Y")),
)
SAY: tuple[Callable[[Situation, Grid], Iterator[str]], ...] = (
    about_size,
    about_likelihood,
    about_tier,
)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (GRADED, []),
        (
            NOTHING,
            [
                "size unknown (no potential, size or grade)",
                "likelihood unknown (no likelihood or grade)",
            ],
        ),
        (GRADED._replace(band=1), ["size A given, potential says B"]),
        (GRADED._replace(told_size=0, band=1), ["size A by the journal, potential says B"]),
        (
            GRADED._replace(told_size=0, part_size=1),
            ["size A by the journal, the file says B"],
        ),
        (
            GRADED._replace(told_level=1, given_size=0, given_level=0),
            ["likelihood 2 by the journal, the file says 1"],
        ),
        (
            GRADED._replace(told_level=0, level=0, by_score=1),
            ["likelihood 1 by the journal, the score says 2"],
        ),
        (
            GRADED._replace(told_level=1, given_size=0, given_level=0, by_score=1),
            ["likelihood 2 by the journal, the file says 1"],
        ),
        (
            GRADED._replace(given_size=0, given_level=1, part_level=0, by_score=1),
            ["grade A2 given, the score says 1"],
        ),
        (
            GRADED._replace(given_size=0, given_level=1, part_size=1, part_level=0),
            [
                "grade A2 given, size or potential says B",
                "grade A2 given, likelihood says 1",
            ],
        ),
        (
            GRADED._replace(borderline=TO_MAKE),
            ["between tier x and y: a call to make, tier y until then"],
        ),
        (
            GRADED._replace(borderline=OVERRIDE, called_for=4),
            [
                "tier given by hand, the grid says tier x or y",
                "the call was made without a grade",
            ],
        ),
        (
            GRADED._replace(size=1, part_size=1, borderline=OVERRIDE, called_for=0),
            ["tier given by hand, the grid says tier y", "the call was made for grade A1"],
        ),
        (
            GRADED._replace(part_size=-1, size=-1, borderline=OVERRIDE, called_for=1),
            [
                "size unknown (no potential, size or grade)",
                "tier given by hand, no grade",
                "the call was made for grade A2",
            ],
        ),
        (
            GRADED._replace(part_size=-1, size=-1),
            ["size unknown (no potential, size or grade)"],
        ),
    ],
)
def test_sentences(at: Situation, said: list[str]) -> None:
    """Each situation gets the sentences that tell it, and no other."""
    assert list(chain(missing(at), *(say(at, GRID) for say in SAY))) == said
    assert by_hand("; ".join([*said, "so says Ann", INACTIVE])) == "so says Ann"
