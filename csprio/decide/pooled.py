"""Signals of groups of accounts: answers are pooled, scores averaged.

In: what was measured of each account, and the answer's added columns. Out: for each field whose
total over accounts is not their sum, how it is found. Over the whole book.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from csprio.decide.exact import DECIMALS, MILLIONTHS

_ALONE = ("rfm", "rfm_r", "rfm_f", "rfm_m", "p_alive")

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from csprio.decide.nps import Answers
    from csprio.decide.scores import Scored
    from csprio.decide.signalled import Signalled

    Ints = npt.NDArray[np.int64]
    Total = Callable[[Ints], Decimal | None]


def totals(found: Signalled) -> dict[str, Total]:
    """Give, by field, what finds its total for some accounts, named by their rows.

    Net promoter scores pool the answers of all; a score is the mean of those that have one; digits
    of RFM, last answers and chances to be alive have none.
    """
    of_answers: dict[str, Total] = {
        name: _pool(answers) for name, answers in found.measured.answers.items()
    }
    of_nobody = dict.fromkeys(_ALONE, _none)
    last = {f"{name}_last": _none for name in found.measured.last}
    means = {name: _mean(scored) for name, scored in found.scores.items()}
    return of_answers | means | last | of_nobody


def _none(_: Ints) -> None:
    """Give no total: what only tells something of one account."""


def _pool(answers: Answers) -> Total:
    def total(rows: Ints) -> Decimal | None:
        counts = (answers.promoters, answers.detractors, answers.answers)
        promoters, detractors, everybody = (int(each[rows].sum()) for each in counts)
        return _shown(Fraction(100 * (promoters - detractors), everybody)) if everybody else None

    return total


def _mean(scored: Scored) -> Total:
    def total(rows: Ints) -> Decimal | None:
        known = rows[scored.value.known[rows]]
        whole = int(scored.units[known].sum())
        return _shown(Fraction(whole, MILLIONTHS * len(known))) if len(known) else None

    return total


def _shown(exact: Fraction) -> Decimal:
    """Round half to even."""
    return Decimal(round(exact * MILLIONTHS)).scaleb(-DECIMALS)
