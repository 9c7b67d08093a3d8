"""Recency, frequency and monetary value of each account's orders, and the scores they earn.

In: one entry an order, or one an account. Out: arrays with one entry an account. `ordered` and
`scores` work per account, `quantile_cuts` over the whole book: its cuts are handed to `scores`.
Everything is whole numbers (days, counts, money in units of 0.0001), so that no account's score
hangs on a rounding, and equal values get equal scores.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.fitting import NotFitted, Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

    Cuts = Sequence[Fraction | Decimal | int]

BINS = 5
LEAST_ACCOUNTS = 25
LEAST_TO_CUT = 2  # values between which a quantile can lie
MISSING = 0
_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True)
class Orders:
    """What the orders of each account add up to: arrays with one entry an account.

    `recency` is the days since the last order with an amount above 0, `frequency` the number of
    such orders, `monetary` the sum of all amounts. `some` tells who has orders at all, `bought` who
    has one above 0; `recency` is 0 where not `bought`, and means nothing there.
    """

    recency: Ints
    frequency: Ints
    monetary: Ints
    some: Mask
    bought: Mask


@dataclass(frozen=True)
class Scores:
    """The three scores of each account, 1 (worst) to the number of bins; 0 where missing.

    The cuts are those counted with, ascending, in the units of the values: what explains a score.
    Without any a score is missing.
    """

    recency: Ints
    frequency: Ints
    monetary: Ints
    cuts: tuple[Cuts, Cuts, Cuts]


def ordered(rows: Ints, days_ago: Ints, amounts: Ints, accounts: int) -> Orders:
    """Add up orders by account. Per account.

    `rows`, `days_ago` and `amounts` have one entry an order: the row of its account (-1: of none,
    left out), whole days before the day asked about (0 or more), whole units of money (of either
    sign; their sum must fit 64 bits). Every array of the answer has `accounts` entries. Raises
    IndexError for a row that is not below `accounts`.
    """
    known = rows >= 0
    rows, days_ago, amounts = rows[known], days_ago[known], amounts[known]
    paid = amounts > 0
    recency = np.full(accounts, _MOST)
    np.minimum.at(recency, rows[paid], days_ago[paid])
    frequency = np.zeros(accounts, np.int64)
    np.add.at(frequency, rows[paid], 1)
    monetary = np.zeros(accounts, np.int64)
    np.add.at(monetary, rows, amounts)
    some = np.zeros(accounts, bool)
    some[rows] = True
    bought = frequency > 0
    return Orders(np.where(bought, recency, 0), frequency, monetary, some, bought)


def rfm_scores(orders: Orders, cuts: tuple[Cuts, Cuts, Cuts] | None = None) -> Scores | NotFitted:
    """Score recency, frequency and monetary value of every account.

    `cuts` are those of recency (days), frequency (orders) and monetary value (the units of its
    amounts). Left out, each is cut at its own quantiles over the accounts that have it, which is
    over the whole book and needs `LEAST_ACCOUNTS` with orders, else `NotFitted` says how many have
    some; recency needs two that bought, else it is `MISSING` everywhere. Given, this is per
    account. An account without orders scores `MISSING` in all three, one with nothing but refunds
    in recency.

    Scores of five equal parts go back to Hughes, A. M. (1994), Strategic Database Marketing,
    Probus: "RFM". The rule of cuts agrees with the R package rfm (Hebbali, A., `rfm_table_customer`
    with 5 bins).
    """
    if cuts is None:
        with_rows = int(np.count_nonzero(orders.some))
        if with_rows < LEAST_ACCOUNTS:
            return NotFitted(Why.TOO_FEW, with_rows, LEAST_ACCOUNTS)
        bought = orders.recency[orders.bought]
        cuts = (
            quantile_cuts(bought) if len(bought) >= LEAST_TO_CUT else (),
            quantile_cuts(orders.frequency[orders.some]),
            quantile_cuts(orders.monetary[orders.some]),
        )
    by_recency, by_frequency, by_monetary = cuts
    turned = len(by_recency) + 2 - scores(orders.recency, by_recency)
    return Scores(
        np.where(orders.bought & bool(by_recency), turned, MISSING),
        np.where(orders.some, scores(orders.frequency, by_frequency), MISSING),
        np.where(orders.some, scores(orders.monetary, by_monetary), MISSING),
        cuts,
    )


def quantile_cuts(values: Ints, bins: int = BINS) -> tuple[Fraction, ...]:
    """Cut a column into `bins` parts of equal share: its `bins` - 1 inner quantiles, exactly.

    `values` has one entry an account, at least `LEAST_TO_CUT`, in any whole unit. Over the whole
    book. The quantile k/bins lies at position (n - 1) k/bins of the sorted values, between two of
    them by linear interpolation: definition 7 of Hyndman, R. J. & Fan, Y. (1996), Sample Quantiles
    in Statistical Packages, The American Statistician 50(4), p. 361-365.
    """
    places = [divmod((len(values) - 1) * part, bins) for part in range(1, bins)]
    order = np.partition(values, sorted({p + step for p, _ in places for step in (0, 1)}))
    return tuple(
        Fraction(int(order[place]) * (bins - rest) + int(order[place + 1]) * rest, bins)
        for place, rest in places
    )


def scores(values: Ints, cuts: Cuts) -> Ints:
    """Count the cuts strictly below each value, and 1: from 1 to the number of cuts and 1.

    `values` has one entry an account, `cuts` are in its unit, in any order, of any size. Per
    account.
    """
    # A whole number is above a cut just where it is above the cut's whole part: no rounding.
    whole = sorted(min(max(math.floor(cut), _LEAST), _MOST) for cut in cuts)
    return np.searchsorted(np.array(whole, np.int64), values, side="left").astype(np.int64) + 1
