"""The note of each account on one score: what it lost most by, and what is missing.

In: a score. Out: one text an account, null where there is nothing to say. Per account. Each piece
of a note is written once and given to all accounts that it is so of.
"""

from __future__ import annotations

from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide.columns import NONE, joined, keys_of, texts
from csprio.decide.conditions import as_text
from csprio.decide.exact import MILLIONTHS
from csprio.decide.scores import MOST, coverages, is_enough
from csprio.signals import NOT_SCORED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from fractions import Fraction

    import numpy.typing as npt

    from csprio.decide.scores import Scored
    from csprio.signals import ScoreRule

    Ints = npt.NDArray[np.int64]

_TENTHS = 10  # of a point: what people are told
_TENTH = Decimal("0.1")
_COSTS = MOST * _TENTHS + 1  # how many there are
_ALIKE = 1 / MILLIONTHS  # points: costs that differ by less are the same


def score_notes(scored: Scored) -> pa.Array:
    """Write the note of every account on one score.

    Such as `urgent cost 7.4 points; no days_late`: the part that cost most, of several the first
    one of the rule; before it a cap that made the score less. Where too little is known it is that
    which is said.
    """
    worst, tenths = _worst(scored)
    costs = np.where(scored.mean.known & (worst >= 0), worst * _COSTS + tenths, NONE)
    # What there is to say of each account as one number, so that each note is joined once.
    most, sets = len(scored.rule.parts) * _COSTS + 1, max(len(scored.present.sets), 1)
    said = ((scored.capped + 1) * most + costs + 1) * sets + scored.present.of
    coded = pa.array(said).dictionary_encode()
    rest, combination = np.divmod(coded.dictionary.to_numpy(), sets)
    cap, cost = np.divmod(rest, most)
    caps = keys_of(cap - 1, [f"capped at {as_text(cap.at)}" for cap in scored.rule.caps])
    missing = _missing(scored).take(pa.array(combination))
    return joined([caps, _costs(scored.rule, cost - 1), missing], "; ").take(coded.indices)


def _worst(scored: Scored) -> tuple[Ints, Ints]:
    """Find the part that cost most, and what it cost in tenths of a point; -1 if nothing did."""
    rows = len(scored.units)
    most, worst = np.zeros(rows), np.full(rows, NONE, np.int64)
    for number, lost in enumerate(scored.lost):
        more = lost.floats > most + _ALIKE  # what is missing is not
        np.copyto(most, lost.floats, where=more)
        np.copyto(worst, number, where=more)
    return worst, np.rint(np.rint(most * MILLIONTHS) / (MILLIONTHS // _TENTHS)).astype(np.int64)


def _costs(rule: ScoreRule, pairs: Ints) -> pa.Array:
    """Write what the worst part cost; each pair of a part and a cost once, -1 as null."""
    coded = pa.array(pairs, mask=pairs < 0).dictionary_encode()
    written = [
        f"{rule.parts[part].field} cost {_points(tenth)}"
        for part, tenth in (divmod(pair, _COSTS) for pair in coded.dictionary.to_pylist())
    ]
    return texts(written).take(coded.indices)


def _points(tenths: int) -> str:
    """Write tenths of a point as points."""
    if tenths == 0:
        return "less than 0.1 points"
    return f"{as_text(tenths * _TENTH)} {'point' if tenths == _TENTHS else 'points'}"


def _missing(scored: Scored) -> pa.Array:
    """Say what each combination of parts is without, and where that is too much."""
    rule, present = scored.rule, scored.present
    said = [
        "; ".join(_lacking(rule, parts, coverage)) or None
        for parts, coverage in zip(present.sets, coverages(rule, present), strict=True)
    ]
    return texts(said)


def _lacking(rule: ScoreRule, parts: Collection[int], coverage: Fraction) -> Iterator[str]:
    """Say what accounts that have some parts lack."""
    missing = [part.field for number, part in enumerate(rule.parts) if number not in parts]
    lacking = f"no {', '.join(missing)}"
    if not parts:
        yield f"{NOT_SCORED}: {lacking}"
        return
    if not is_enough(rule, coverage):  # rounded down, so that it is never what it is below
        shown = as_text(Decimal(floor(coverage * _TENTHS)) * _TENTH)
        yield f"{NOT_SCORED}: coverage {shown} is below {as_text(rule.min_coverage)}"
    if missing:
        yield lacking
