"""`playbooks/signals.yaml`, the starter to copy: right as it stands, comments included."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from csprio.read.signal_clauses import check_used
from csprio.read.signals import read_signals
from csprio.read.yamls import parse_text

if TYPE_CHECKING:
    from csprio.problems import Problem
    from csprio.signals import Signals

ROOT = Path(__file__).parent.parent.parent
STARTER = ROOT / "playbooks" / "signals.yaml"
ASIDE = re.compile(r"(?m)^( *)# ((?:survey|renewed|nps|needs_fit|days_late|nps_answers): .*)$")
BLOCK = re.compile(r"(?m)^# ((?:rfm|clv):(?:.*\n# {3,})*.*)$")


def _read(text: str) -> Signals:
    problems: list[Problem] = []
    node = parse_text(text, "signals.yaml", problems)
    assert node is not None
    found = read_signals(node, problems)
    assert [str(one) for one in problems] == []
    assert found is not None
    return found


def test_the_starter_stands() -> None:
    """It reads without a word, makes the five scores, and takes no measure that it does not use."""
    signals = _read(STARTER.read_text(encoding="utf-8"))
    names = [score.name for score in signals.scores]
    assert sorted(names) == ["churn_risk", "engagement", "health", "strategic", "upsell"]
    assert check_used(signals, ()) == []
    assert all(score.bands for score in signals.scores)


def test_what_is_commented_out_stands_too() -> None:
    """A reader who takes comment signs away has a file that still reads."""
    text = STARTER.read_text(encoding="utf-8")
    text, lines = ASIDE.subn(r"\1\2", text)
    text, blocks = BLOCK.subn(lambda found: found[1].replace("\n# ", "\n"), text)
    signals = _read(text)
    assert (lines, blocks) == (8, 2)
    assert signals.rfm is not None
    assert signals.clv is not None
    assert {"nps", "needs_fit"} <= set(signals.fields)


def test_the_example_has_the_starter() -> None:
    """The copy in the example is the starter, byte for byte."""
    copy = ROOT / "examples" / "saas" / "signals.yaml"
    assert copy.read_bytes() == STARTER.read_bytes()
