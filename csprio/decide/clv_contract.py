"""Customer lifetime value of accounts under contract: the margin of the terms ahead, discounted.

In: what an account pays a year, the length of its term, the terms behind it; how likely renewals
are. Out: an array with one entry an account. Per account.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import count, repeat
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.sbg import Sbg

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

MONTHS = 12
_POWERS = Context(prec=28)


@dataclass(frozen=True)
class Economics:
    """What turns payments into value.

    `margin` is the share of a payment that is earned, `discount` the rate a year (0.1 is 10 %,
    above -1), `years` how far ahead terms are counted, a whole number from 1.
    """

    margin: float
    discount: float
    years: int


def contract_clv(
    arr: Floats, term_months: Ints, behind: Ints, economics: Economics, retention: float | Sbg
) -> Floats:
    """Compute the lifetime value of each account, in the unit of `arr`.

    `arr` (money a year, NaN where unknown: so is the value), `term_months` (whole months from 1)
    and `behind` (whole terms from the start to the current one, n, 0 or more) have one entry an
    account. `retention` is a share kept a year, R, 0 to 1, or the chances of renewals.

    With T = term_months / 12 and J = ceil(years / T), the value is arr T margin x the sum over
    j = 0 .. J - 1 of S(j) / (1 + discount)^(jT). The current term counts whole and undiscounted.
    S(j), the share still there after j more renewals, is R^(jT), or the product over i = 1 .. j of
    (beta + n + i - 1) / (alpha + beta + n + i - 1): the retention rates of Fader, P. S. & Hardie,
    B. G. S. (2007), How to Project Customer Retention, Journal of Interactive Marketing 21(1),
    p. 76-90, equation 8, after n renewals. The sum is the discounted expected lifetime of Fader,
    P. S. & Hardie, B. G. S. (2010), Customer-Base Valuation in a Contractual Setting, Marketing
    Science 29(1), p. 85-93, cut at `years`.
    """
    if not isinstance(retention, Sbg):
        behind = np.zeros_like(behind)
    width = int(behind.max(initial=0)) + 1
    kinds, kind = np.unique(term_months * width + behind, return_inverse=True)
    months, made = kinds // width, kinds % width
    lifetimes = _lifetimes(months, made, economics, retention)
    return arr * (term_months / MONTHS) * economics.margin * lifetimes[kind]


def terms_ahead(term_months: Ints, years: int) -> Ints:
    """Count the terms that begin within `years`, the current one too: J = ceil(years / T)."""
    return -(-MONTHS * years // term_months)


def _lifetimes(months: Ints, made: Ints, economics: Economics, retention: float | Sbg) -> Floats:
    """Add up S(j) / (1 + discount)^(jT) for each kind of account: a term's length and its n."""
    worth = 1 / _over_terms(1 + economics.discount, months)
    ahead = terms_ahead(months, economics.years)
    total, term = np.zeros(len(months)), np.ones(len(months))
    renewals = _renewals(months, made, retention)
    for j in range(int(ahead.max(initial=0))):
        total += np.where(j < ahead, term, 0.0)
        term = term * next(renewals) * worth
    return total


def _renewals(months: Ints, made: Ints, retention: float | Sbg) -> Iterator[Floats]:
    """Give the chance of each renewal ahead, the next one first, without end."""
    if isinstance(retention, Sbg):
        return (retention.retention(made + ahead) for ahead in count(1))
    return repeat(_over_terms(retention, months))


def _over_terms(yearly: float, months: Ints) -> Floats:
    """Raise a factor a year to the length of each term.

    In decimals: powers of binary fractions differ in their last digits between processors.
    """
    lengths, place = np.unique(months, return_inverse=True)
    powers = [
        float(_POWERS.power(Decimal(yearly), _POWERS.divide(Decimal(length), Decimal(MONTHS))))
        for length in lengths.tolist()
    ]
    return np.array(powers, float)[place]
