"""How well a score tells two groups apart: the area under its ROC curve, and how sure that is.

In: the scores of the accounts that left and of those that stayed, as whole numbers of any unit.
Out: the chance that a leaver scores lower than a stayer, with its 95 % interval. Over the whole
book. Pairs are counted in whole numbers, so that the area is exact and ties are ties; only the
interval is rounded. The time is that of sorting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

Z = 1.959963984540054  # the standard normal's 97.5 % point: 2.5 % lie above it
_HALVINGS = 60  # as many as a float has digits


@dataclass(frozen=True)
class Auc:
    """The chance that a leaver scores lower than a stayer, a tie counting half.

    `low` and `high` are the ends of its 95 % interval, between 0 and 1.
    """

    value: Fraction
    low: float
    high: float

    @property
    def above_chance(self) -> bool:
        """Tell whether the whole interval lies above a half: leavers do score lower."""
        return self.low > 1 / 2

    @property
    def below_chance(self) -> bool:
        """Tell whether the whole interval lies below a half: leavers do score higher."""
        return self.high < 1 / 2


def auc(left: Ints, stayed: Ints) -> Auc:
    """Compute the area and its 95 % interval. Over the whole book.

    `left` and `stayed` hold the scores of the two groups, one or more of each, in one unit.

    The area is the Mann-Whitney statistic: the share of all pairs of a leaver and a stayer in which
    the leaver scores lower, ties half (Bamber, D. (1975), The area above the ordinal dominance
    graph and the area below the receiver operating characteristic graph, Journal of Mathematical
    Psychology 12(4), p. 387-415). The interval is that of the log odds of the area, which never
    leaves 0 to 1, with DeLong's variance (Pepe, M. S. (2003), The Statistical Evaluation of Medical
    Tests for Classification and Prediction, Oxford University Press, chapter 5; compared with
    others by Qin, G. & Hotilovac, L. (2008), Statistical Methods in Medical Research 17(2),
    p. 207-221). Where the sample shows no variance (a score that tells everybody apart, or nobody,
    or a group of one) it is Newcombe's.
    """
    above, below = _twice_wins(left, stayed)
    value = Fraction(int(above.sum()), 2 * len(left) * len(stayed))
    variance = delong_variance(above, below)
    if variance == 0:
        return Auc(value, *newcombe_interval(value, len(left), len(stayed)))
    odds = math.log(value / (1 - value))
    reach = Z * math.sqrt(variance) / float(value * (1 - value))
    return Auc(value, _chance(odds - reach), _chance(odds + reach))


def _twice_wins(left: Ints, stayed: Ints) -> tuple[Ints, Ints]:
    """Count, twice, the stayers above each leaver and the leavers below each stayer, ties half.

    Twice, so that a half is whole. Shapes are those of `left` and of `stayed`.
    """
    low_to_high, leavers = np.sort(stayed), np.sort(left)
    not_above = _places(low_to_high, left)
    return 2 * len(stayed) - not_above, _places(leavers, stayed)


def _places(ordered: Ints, values: Ints) -> Ints:
    """Count, twice, the entries below each value, and once more those equal to it."""
    below = np.searchsorted(ordered, values, "left")
    return np.asarray(below + np.searchsorted(ordered, values, "right")).astype(np.int64)


def delong_variance(above: Ints, below: Ints) -> float:
    """Compute the variance of the area from each account's own share of won pairs.

    `above` has an entry a leaver, twice the stayers above it, and `below` an entry a stayer, twice
    the leavers below it. DeLong, E. R., DeLong, D. M. & Clarke-Pearson, D. L. (1988), Comparing the
    Areas under Two or More Correlated Receiver Operating Characteristic Curves, Biometrics 44(3),
    p. 837-845, for one curve; by sorting instead of pair by pair as in Sun, X. & Xu, W. (2014),
    Fast Implementation of DeLong's Algorithm, IEEE Signal Processing Letters 21(11), p. 1389-1393.
    A group of one account shows no variance: then it is 0.
    """
    if min(len(above), len(below)) == 1:
        return 0.0
    return _variance_of_mean(above, 2 * len(below)) + _variance_of_mean(below, 2 * len(above))


def _variance_of_mean(wins: Ints, of: int) -> float:
    """Compute the variance of the mean of shares; equal shares have none, to the last digit."""
    shares = (wins - wins[0]) / of
    return float(np.var(shares, ddof=1)) / len(wins)


def newcombe_interval(value: Fraction, left: int, stayed: int) -> tuple[float, float]:
    """Give the 95 % interval of an area from the sizes of the two groups alone.

    Newcombe, R. G. (2006), Confidence intervals for an effect size measure based on the
    Mann-Whitney statistic, part 2, Statistics in Medicine 25(4), p. 559-573, method 5: all areas
    that the one seen is no further from than 1.96 standard errors, as Hanley & McNeil (1982) give
    them, with the mean of the two groups' sizes for each. It serves areas of 0 and 1, too.
    """
    return (
        _lowest(float(value), left, stayed),
        1.0 - _lowest(float(1 - value), left, stayed),
    )


def _lowest(value: float, left: int, stayed: int) -> float:
    """Find the lowest area that `value` is not too far from, by halving."""
    low, high = 0.0, value
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (value - middle) ** 2 > Z**2 * _variance_at(middle, left, stayed):
            low = middle
        else:
            high = middle
    return high


def _variance_at(area: float, left: int, stayed: int) -> float:
    """Compute the variance that an estimate has where this is the true area.

    Hanley, J. A. & McNeil, B. J. (1982), The meaning and use of the area under a receiver operating
    characteristic (ROC) curve, Radiology 143(1), p. 29-36, symmetrical in the groups as above.
    """
    others = (left + stayed) / 2 - 1
    spread = 1 + others * ((1 - area) / (2 - area) + area / (1 + area))
    return area * (1 - area) * spread / (left * stayed)


def _chance(odds: float) -> float:
    """Turn log odds of any size into a chance."""
    return (1 + math.tanh(odds / 2)) / 2
