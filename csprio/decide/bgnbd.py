"""Customer lifetime value of accounts that buy when they like: BG/NBD and Gamma-Gamma.

In: what the purchases of each account add up to. Out: parameters by maximum likelihood, and from
them arrays with one entry an account: how likely it still buys, how often, for how much, and what
that is worth. Estimating is over the whole book; everything else is per account. Needs scipy (the
extra `csprio[models]`), which is imported only when something is computed: ImportError where it is
not installed.

Sources: Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2005), "Counting Your Customers" the Easy Way:
An Alternative to the Pareto/NBD Model, Marketing Science 24(2), p. 275-284 (BG/NBD). Fader, P. S. &
Hardie, B. G. S. (2013), The Gamma-Gamma Model of Monetary Value,
http://brucehardie.com/notes/025/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.fitting import NotFitted, Why, peak, settled

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.clv_contract import Economics

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

LEAST_REPEATERS = 30
DAYS_A_YEAR = 365.25
MONTHS = 12
_BESIDE = 1e-4  # how far from a gap of a formula its two sides are taken


@dataclass(frozen=True)
class Purchases:
    """What the models know of each account: arrays with one entry an account.

    `repeats` is x, the days with a purchase after the first such day; `last` is t_x, the time from
    the first to the last of them; `age` is T, the time from the first to the day asked about; all
    times in one unit. `mean` is the mean amount of a repeat day, 0 where there is none. `known`
    tells who has bought at all; the rest is 0 where not.
    """

    repeats: Ints
    last: Floats
    age: Floats
    mean: Floats
    known: Mask


@dataclass(frozen=True)
class BgNbd:
    """Parameters of the BG/NBD, all above 0; `alpha` is in the unit of time of the data.

    While it lives an account buys at a rate that is gamma(r, alpha) over the accounts; after each
    purchase it is gone with a chance that is beta(a, b) over the accounts.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = 0.0

    def p_alive(self, bought: Purchases) -> Floats:
        """Compute the chance that each account still buys, 0 to 1; 1 without a repeat purchase.

        Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2008), Computing P(alive) Using the BG/NBD
        Model, http://brucehardie.com/notes/021/: 1 / (1 + a / (b + x - 1)
        ((alpha + T) / (alpha + t_x))^(r + x)) for x > 0.
        """
        again = bought.repeats > 0
        odds = np.log(self.a) - np.log(np.where(again, self.b + bought.repeats - 1, 1.0))
        odds = odds + (self.r + bought.repeats) * np.log(
            (self.alpha + bought.age) / (self.alpha + bought.last)
        )
        return np.where(again, np.exp(-np.logaddexp(0.0, odds)), 1.0)

    def expected(self, bought: Purchases, ahead: float) -> Floats:
        """Compute the purchases to expect of each account in the time `ahead`, 0 or more.

        `ahead` is in the unit of time of the data. Fader, Hardie & Lee (2005), equation 10; for
        accounts with many purchases its hypergeometric function by Euler's transformation
        (Abramowitz & Stegun 15.3.3), so that it does not grow beyond all numbers.
        """
        pairs, place = _pairs(bought.repeats, bought.age)
        return (self.p_alive(bought) * self.if_alive(*pairs, ahead)[place]).astype(float)

    def if_alive(self, repeats: Floats, age: Floats, ahead: float) -> Floats:
        """Compute the purchases to expect of an account that still buys.

        The formula has gaps where a = 1 or a + b + x = 1, not the expectation: it is smooth there,
        and half way between its two sides.
        """
        gaps = abs(self.a - 1), np.abs(self.a + self.b + repeats - 1).min(initial=1.0)
        if min(gaps) > _BESIDE / 2:
            return self._formula(self.a, repeats, age, ahead)
        sides = [self._formula(self.a + h, repeats, age, ahead) for h in (-_BESIDE, _BESIDE)]
        return (sides[0] + sides[1]) / 2

    def _formula(self, a: float, repeats: Floats, age: Floats, ahead: float) -> Floats:
        from scipy.special import hyp2f1  # noqa: PLC0415 - an extra, and slow to load

        over = a + self.b + repeats - 1
        share = ahead / (self.alpha + age + ahead)
        few = self.r + repeats < a - 1
        one = np.where(few, self.r + repeats, a + self.b - 1 - self.r)
        other = np.where(few, self.b + repeats, a - 1)
        power = np.where(few, self.r + repeats, a - 1)
        series = hyp2f1(one, other, over, share)
        return np.asarray(over / (a - 1) * (1 - (1 - share) ** power * series))


@dataclass(frozen=True)
class GammaGamma:
    """Parameters of the Gamma-Gamma, p and v above 0, q above 1; `v` is in the unit of the amounts.

    The amounts of an account are gamma(p, nu), and nu is gamma(q, v) over the accounts.
    """

    p: float
    q: float
    v: float
    log_likelihood: float = 0.0

    def amount(self, bought: Purchases) -> Floats:
        """Compute the mean amount to expect of each account's purchases, in the unit of `mean`.

        Fader & Hardie (2013), equation 5: p (v + x z) / (p x + q - 1), which is the mean of all
        accounts, p v / (q - 1), for one without a repeat purchase.
        """
        spent = bought.repeats * bought.mean
        return self.p * (self.v + spent) / (self.p * bought.repeats + self.q - 1)


def purchases(days: Ints, age: Ints, since: Ints, again: Floats) -> Purchases:
    """Make purchases of what they add up to, times in days. Per account.

    Each array has one entry an account: how many `days` have a purchase, 0 for none; how long ago
    the first of them is, and `since` the last; how much was spent `again`, on all of them but the
    first. Purchases of one day are one, as in Fader, Hardie & Lee (2005).
    """
    known, repeats = days > 0, np.maximum(days - 1, 0)
    mean = np.divide(again, repeats, out=np.zeros(len(days)), where=repeats > 0)
    first = np.where(known, age, 0).astype(float)
    return Purchases(repeats, np.where(known, first - since, 0.0), first, mean, known)


def fit_bgnbd(bought: Purchases) -> BgNbd | NotFitted:
    """Estimate r, alpha, a and b by maximum likelihood. Over the whole book.

    Fader, Hardie & Lee (2005), equation 6, summed over the accounts that are `known`, in logarithms
    throughout (Fader & Hardie (2013), Overcoming the BG/NBD Model's #NUM! Error Problem,
    http://brucehardie.com/notes/027/) and with time scaled to one purchase a unit. Fewer than
    `LEAST_REPEATERS` accounts that bought again, or data that fit no finite parameters best, give a
    value that says so.
    """
    repeaters = int(np.count_nonzero(bought.repeats))
    if repeaters < LEAST_REPEATERS:
        return NotFitted(Why.TOO_FEW, repeaters, LEAST_REPEATERS)
    count = bought.repeats[bought.known]
    unit = bought.age.sum() / count.sum()
    last, age = bought.last[bought.known] / unit, bought.age[bought.known] / unit
    values, place = np.unique(count, return_inverse=True)
    found = peak(lambda at: _bgnbd_slope(at, values, place, last, age), np.zeros(4))
    if isinstance(found, Why):
        return NotFitted(found, repeaters, LEAST_REPEATERS)
    value = _bgnbd_slope(found, values, place, last, age)[0] - count.sum() * np.log(unit)
    r, alpha, a, b = (float(each) for each in np.exp(found))
    return BgNbd(settled(r), settled(alpha * unit), settled(a), settled(b), float(value))


def fit_gamma_gamma(bought: Purchases) -> GammaGamma | NotFitted:
    """Estimate p, q and v by maximum likelihood. Over the whole book.

    Fader & Hardie (2013), equation 1a, summed over the accounts with a repeat purchase and a mean
    amount above 0, with amounts scaled to a mean of 1. Fewer than `LEAST_REPEATERS` of these, data
    that fit no finite parameters best, or amounts so unlike that they have no mean (q at most 1),
    give a value that says so.
    """
    fit = (bought.repeats > 0) & (bought.mean > 0)
    repeaters = int(np.count_nonzero(fit))
    if repeaters < LEAST_REPEATERS:
        return NotFitted(Why.TOO_FEW, repeaters, LEAST_REPEATERS)
    count, unit = bought.repeats[fit].astype(float), float(bought.mean[fit].mean())
    mean = bought.mean[fit] / unit
    found = peak(lambda at: _gamma_gamma_slope(at, count, mean), np.zeros(3))
    if isinstance(found, Why):
        return NotFitted(found, repeaters, LEAST_REPEATERS)
    if found[1] <= 0:
        return NotFitted(Why.NO_MEAN, repeaters, LEAST_REPEATERS)
    value = _gamma_gamma_slope(found, count, mean)[0] - repeaters * np.log(unit)
    p, q, v = (float(each) for each in np.exp(found))
    return GammaGamma(settled(p), settled(q), settled(v * unit), float(value))


def transactions_clv(
    buying: BgNbd,
    spending: GammaGamma,
    bought: Purchases,
    economics: Economics,
    year: float = DAYS_A_YEAR,
) -> Floats:
    """Compute the lifetime value of each account, in the unit of `bought.mean`; NaN if not known.

    `year` is the length of a year in the unit of time of the data. The purchases to expect in each
    of the next 12 `years` months, times the amount to expect and the margin, discounted from the
    month's end: margin E(Z) x the sum over k of (E(Y(k)) - E(Y(k - 1))) / (1 + discount)^(k / 12).
    Spending is taken to be independent of how often an account buys: Fader, P. S., Hardie,
    B. G. S. & Lee, K. L. (2005), RFM and CLV: Using Iso-Value Curves for Customer Base Analysis,
    Journal of Marketing Research 42(4), p. 415-430.
    """
    pairs, place = _pairs(bought.repeats, bought.age)
    sofar, total = np.zeros(len(pairs[0])), np.zeros(len(pairs[0]))
    for month in range(1, MONTHS * economics.years + 1):
        expected = buying.if_alive(*pairs, month * year / MONTHS)
        total += (expected - sofar) / (1 + economics.discount) ** (month / MONTHS)
        sofar = expected
    worth = economics.margin * spending.amount(bought) * buying.p_alive(bought) * total[place]
    return np.where(bought.known, worth, np.nan)


def _pairs(repeats: Ints, age: Floats) -> tuple[tuple[Floats, Floats], Ints]:
    """Find the different pairs of repeats and age, and the number of each account's pair."""
    ages, age_place = np.unique(age, return_inverse=True)
    pairs, place = np.unique(repeats * len(ages) + age_place, return_inverse=True)
    return ((pairs // len(ages)).astype(float), ages[pairs % len(ages)]), place


def _bgnbd_slope(
    at: Floats, values: Ints, place: Ints, last: Floats, age: Floats
) -> tuple[float, Floats]:
    """Compute the log-likelihood and its gradient by the logarithms of r, alpha, a and b.

    `values` are the different counts of purchases, and `place` says which one each account has.
    """
    from scipy.special import betaln, gammaln, psi  # noqa: PLC0415 - an extra, and slow to load

    r, alpha, a, b = np.exp(at)
    count = values[place]
    again, since = values > 0, np.where(values > 0, b + values - 1, 1.0)
    weight = np.bincount(place)
    long, short = np.log(alpha + age), np.log(alpha + last)
    gone = np.where(again, np.log(a) - np.log(since), -np.inf)[place] - (r + count) * short
    both = np.logaddexp(-(r + count) * long, gone)
    left = np.exp(gone - both)
    by_count = gammaln(r + values) - gammaln(r) + betaln(a, b + values) - betaln(a, b)
    value = weight @ by_count + (r * np.log(alpha) + both).sum()
    tail = psi(a + b) - psi(a + b + values)
    alive, dead = (1 - left) / (alpha + age), left / (alpha + last)
    by_r = (
        weight @ (psi(r + values) - psi(r))
        + (np.log(alpha) - (1 - left) * long - left * short).sum()
    )
    by_alpha = (r / alpha - (r + count) * (alive + dead)).sum()
    by_a = weight @ tail + left.sum() / a
    by_b = weight @ (tail + psi(b + values) - psi(b)) - (left / since[place]).sum()
    return float(value), np.array([by_r * r, by_alpha * alpha, by_a * a, by_b * b])


def _gamma_gamma_slope(at: Floats, count: Floats, mean: Floats) -> tuple[float, Floats]:
    """Compute the log-likelihood and its gradient by the logarithms of p, q and v."""
    from scipy.special import gammaln, psi  # noqa: PLC0415 - an extra, and slow to load

    p, q, v = np.exp(at)
    shape, spent = p * count, count * mean
    over = np.log(v + spent)
    value = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v) - np.log(mean)
    value = value + shape * np.log(spent) - (shape + q) * over
    by_p = count * (psi(shape + q) - psi(shape) + np.log(spent) - over)
    by_q = psi(shape + q) - psi(q) + np.log(v) - over
    by_v = q / v - (shape + q) / (v + spent)
    return float(value.sum()), np.array([by_p.sum() * p, by_q.sum() * q, by_v.sum() * v])
