"""The two ends of a score: the bands that 0 and 100 fall into.

In: the rules of scores. Out: a `ScoreEnds` each, in the same order. Whether an end is a good one
is nothing that a number tells: people's formats go by what its band is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.columns import band_codes
from csprio.tables import ScoreEnds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from csprio.signals import ScoreRule

_ENDS = np.array([0, 100])


def score_ends(rules: Iterable[ScoreRule]) -> tuple[ScoreEnds, ...]:
    """Say of each score which bands stand at its ends; "" where it has no bands."""
    return tuple(ScoreEnds(rule.name, *_bands_at_ends(rule)) for rule in rules)


def _bands_at_ends(rule: ScoreRule) -> list[str]:
    keys = [*(band.key for band in rule.bands), ""]  # -1, which is no band, is the last
    codes = band_codes(_ENDS, np.ones(len(_ENDS), bool), rule.bands, 1)
    return [keys[code] for code in codes.tolist()]
