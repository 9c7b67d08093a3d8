"""Net promoter scores: of accounts, and of groups of accounts.

In: one entry an answer (the row of its account, a whole number from 0 to 10). Out: counts with one
entry an account or group, and the score that they give. `counted` works per account, `pooled` over
the whole book. Which answers count (the last of each person in the window) is decided before.

Source: Reichheld, F. F. (2003), The One Number You Need to Grow, Harvard Business Review 81(12),
p. 46-54: 9 and 10 promote, 7 and 8 are passive, 0 to 6 detract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

LEAST_PROMOTER = 9
MOST_DETRACTOR = 6


@dataclass(frozen=True)
class Answers:
    """How many answers there are, and of which kind: arrays with one entry an account or group."""

    promoters: Ints
    detractors: Ints
    answers: Ints

    @property
    def nps(self) -> Floats:
        """Compute the score of each, -100 to 100; NaN where nobody answered."""
        return nps(self.promoters, self.detractors, self.answers)


def nps(promoters: Ints, detractors: Ints, answers: Ints) -> Floats:
    """Compute 100 (P - D) / n for counts of any one shape; NaN where n is 0.

    Reichheld (2003): the share of promoters less the share of detractors, in points.
    """
    score = np.full(answers.shape, np.nan)
    np.divide(100.0 * (promoters - detractors), answers, out=score, where=answers > 0)
    return score


def counted(rows: Ints, answers: Ints, accounts: int) -> Answers:
    """Count answers by account: each array has `accounts` entries. Per account.

    `rows` and `answers` have one entry an answer: the row of its account (-1: of none, left out),
    below `accounts`, and a whole number from 0 to 10 (others are problems of reading).
    """
    known = rows >= 0
    promotes, detracts = answers >= LEAST_PROMOTER, answers <= MOST_DETRACTOR
    return Answers(
        np.bincount(rows[known & promotes], minlength=accounts),
        np.bincount(rows[known & detracts], minlength=accounts),
        np.bincount(rows[known], minlength=accounts),
    )


def pooled(counts: Answers, group: Ints, groups: int) -> Answers:
    """Add up the answers of the accounts of each group (a tier, the book). Over the whole book.

    `group` has one entry an account, the number of its group below `groups` or -1 for none; each
    array of the answer has `groups` entries. Answers are pooled, not averaged by account: an
    account weighs as much as it has answers.
    """
    known = group >= 0
    promoters, detractors, answers = (np.zeros(groups, np.int64) for _ in range(3))
    np.add.at(promoters, group[known], counts.promoters[known])
    np.add.at(detractors, group[known], counts.detractors[known])
    np.add.at(answers, group[known], counts.answers[known])
    return Answers(promoters, detractors, answers)
