"""Which bands stand at the two ends of a score."""

from __future__ import annotations

from decimal import Decimal

from csprio.decide.score_ends import score_ends
from csprio.rules import Band, Between, Compare
from csprio.signals import ScoreRule
from csprio.tables import ScoreEnds


def test_ends() -> None:
    """The first band that holds 0, and the first that holds 100, wherever they stand."""
    seventy = Compare(">=", Decimal(70))
    traffic = (Band("green", seventy), Band("red", None))
    turned = (Band("low", Between(Decimal(0), Decimal("0.5"))), Band("high", seventy))
    ends = score_ends([ScoreRule("a", (), traffic), ScoreRule("b", (), turned)])
    assert ends == (ScoreEnds("a", "red", "green"), ScoreEnds("b", "low", "high"))


def test_no_bands() -> None:
    """A score without bands, or one that none of them takes, ends in no band."""
    middle = (Band("middle", Between(Decimal(1), Decimal(2))),)
    assert score_ends([ScoreRule("a", ()), ScoreRule("b", (), middle)]) == (
        ScoreEnds("a"),
        ScoreEnds("b"),
    )
    assert score_ends([]) == ()
