"""The shifted beta-geometric: how likely a contract is renewed, the first time and later.

In: how many renewals each account has made, and whether it then left. Out: the two parameters by
maximum likelihood, and the retention and survival that follow. Estimating is over the whole book;
using an estimate is per account.

Source of the model: Fader, P. S. & Hardie, B. G. S. (2007), How to Project Customer Retention,
Journal of Interactive Marketing 21(1), p. 76-90. At each renewal an account leaves with its own
constant chance; these chances are spread over the accounts as a beta(alpha, beta).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.fitting import NotFitted, Why, peak, settled

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

LEAST_CHURNS = 30


@dataclass(frozen=True)
class Sbg:
    """Parameters of the model, both above 0; the churn of the first renewal is alpha/(alpha+beta).

    `log_likelihood` is that of the data they were estimated from, 0 where they were given.
    """

    alpha: float
    beta: float
    log_likelihood: float = 0.0

    def retention(self, renewal: Ints) -> Floats:
        """Compute the chance of each renewal (1 is the first), given that those before were made.

        Any shape; Fader & Hardie (2007), equation 8: (beta + t - 1) / (alpha + beta + t - 1).
        """
        return (self.beta + renewal - 1) / (self.alpha + self.beta + renewal - 1)

    def survival(self, renewals: int) -> Floats:
        """Compute the share that makes 0, 1, ... `renewals` renewals: shape (renewals + 1,).

        The product of the retentions: Fader & Hardie (2007), equation 6.
        """
        return np.cumprod(np.append(1.0, self.retention(np.arange(1, renewals + 1))))


def fit_sbg(made: Ints, left: Mask) -> Sbg | NotFitted:
    """Estimate alpha and beta by maximum likelihood. Over the whole book.

    `made` and `left` have one entry an account: the renewals that it has made (0 or more), and
    whether it left at the next one; an account that has not left is known to have made its renewals
    and nothing more. Fewer than `LEAST_CHURNS` accounts that left, or data that fit no finite
    parameters best (churn that does not fall from one renewal to the next, or that stops after the
    first one), give a value that says so.

    The likelihood of Fader & Hardie (2007), equations 5 to 7 and appendix B, written by renewal:
    with c accounts lost and k kept at the renewal after j earlier ones, it is the sum over j of
    c ln(p) + k ln(1 - p + f j) - (c + k) ln(1 + f j), where p = alpha / (alpha + beta) is the churn
    of the first renewal and f = 1 / (alpha + beta) how unlike the accounts are.
    """
    churns = int(np.count_nonzero(left))
    if churns < LEAST_CHURNS:
        return NotFitted(Why.TOO_FEW, churns, LEAST_CHURNS)
    lost = np.bincount(made[left], minlength=int(made.max()) + 1)
    stayed = np.bincount(made, minlength=len(lost))
    kept = stayed.sum() - np.cumsum(stayed)
    found = peak(lambda at: _slope(at, lost, kept), np.zeros(2))
    if isinstance(found, Why):
        return NotFitted(found, churns, LEAST_CHURNS)
    churn, unlike = _unfolded(found)
    alpha, beta = churn / unlike, (1 - churn) / unlike
    return Sbg(settled(alpha), settled(beta), _slope(found, lost, kept)[0])


def _unfolded(at: Floats) -> tuple[float, float]:
    """Read p and f from the log odds of the one and the logarithm of the other."""
    return float(1 / (1 + np.exp(-at[0]))), float(np.exp(at[1]))


def _slope(at: Floats, lost: Ints, kept: Ints) -> tuple[float, Floats]:
    """Compute the log-likelihood and its gradient by the log odds of p and the logarithm of f."""
    churn, unlike = _unfolded(at)
    earlier = np.arange(len(lost))
    keeps, all_of = 1 - churn + unlike * earlier, 1 + unlike * earlier
    value = lost.sum() * np.log(churn) + kept @ np.log(keeps) - (lost + kept) @ np.log(all_of)
    by_churn = lost.sum() / churn - (kept / keeps).sum()
    by_unlike = kept @ (earlier / keeps) - (lost + kept) @ (earlier / all_of)
    return float(value), np.array([by_churn * churn * (1 - churn), by_unlike * unlike])
