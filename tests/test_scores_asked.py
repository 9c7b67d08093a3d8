"""Which scores `csprio scores` is asked for."""

from __future__ import annotations

import pytest

from csprio.commands.scores import chosen
from csprio.problems import ExitCode, Place, Stop
from csprio.signals import ScoreRule, Signals

# As they are counted: `total` uses `health`, and stands before it in the file.
SCORES = Signals(
    scores=(
        ScoreRule("Churn Risk", (), place=Place("s.yaml", 2, "30")),
        ScoreRule("health", (), place=Place("s.yaml", 9, "3")),
        ScoreRule("total", (), place=Place("s.yaml", 2, "3")),
    ),
    place=Place("s.yaml", 1, "1"),
)


def test_all_in_the_order_of_the_file() -> None:
    """Without --score all of them are shown, as they stand in the file."""
    assert chosen(SCORES, ()) == ("total", "Churn Risk", "health")


def test_some_in_the_order_of_the_file() -> None:
    """Those named are shown once each, case and spaces aside, in the order of the file."""
    assert chosen(SCORES, ["health", "churn_risk", "CHURN RISK"]) == ("Churn Risk", "health")


@pytest.mark.parametrize(
    ("signals", "name", "said"),
    [
        (None, "health", "no-signals: no signals are named"),
        (Signals(place=Place("s.yaml", 1, "1")), "health", "s.yaml:1:1: no-scores: nothing here"),
        (SCORES, "helth", "there is no score called 'helth'; did you mean health?"),
        (SCORES, "zzz", "called 'zzz'; there are total, Churn Risk, health"),
    ],
)
def test_none_to_show(signals: Signals | None, name: str, said: str) -> None:
    """Without signals, without scores, or by a name that none has, there is no answer: exit 2."""
    with pytest.raises(Stop) as stop:
        chosen(signals, [name])
    assert stop.value.exit_code is ExitCode.POLICY
    assert said in str(stop.value)
