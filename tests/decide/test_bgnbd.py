"""Proves BG/NBD and Gamma-Gamma on the CDNOW purchases, and what is said where they do not fit."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import roots_jacobi

from csprio.decide import fitting
from csprio.decide.bgnbd import (
    BgNbd,
    GammaGamma,
    Purchases,
    fit_bgnbd,
    fit_gamma_gamma,
    purchases,
    transactions_clv,
)
from csprio.decide.clv_contract import Economics
from csprio.decide.fitting import NotFitted, Why

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

CDNOW = Path(__file__).parent.parent / "data" / "cdnow" / "CDNOW_sample.txt.gz"
CALIBRATED = np.datetime64("1997-09-30")
DAYS_A_WEEK = 7
BUYING = BgNbd(0.243, 4.414, 0.793, 2.426)  # time in weeks
SPENDING = GammaGamma(6.25, 3.74, 15.44)

POSITIVE = st.floats(0.05, 8)
MODELS = st.builds(BgNbd, POSITIVE, st.floats(0.2, 30), POSITIVE, POSITIVE)
BOUGHT = st.lists(
    st.tuples(st.integers(0, 200), st.floats(0, 1), st.floats(0.5, 200)), min_size=1, max_size=8
)


def added_up(rows: Ints, days_ago: Ints, amounts: Floats, accounts: int) -> Purchases:
    """Add up purchases, one entry each, times in days: those of one day are one."""
    width = int(days_ago.max(initial=0)) + 1
    day, place = np.unique(rows * width + days_ago, return_inverse=True)
    amount = np.bincount(place, weights=amounts, minlength=len(day))
    row, ago = day // width, day % width
    first = np.append(row[1:] != row[:-1], [True])[: len(row)]  # the day longest ago comes last
    again = np.zeros(accounts)
    np.add.at(again, row[~first], amount[~first])
    age, since = np.zeros(accounts, np.int64), np.full(accounts, width)
    age[row[first]] = ago[first]
    np.minimum.at(since, row, ago)
    return purchases(np.bincount(row, minlength=accounts), age, since, again)


def made(accounts: list[tuple[int, float, float]], mean: float = 30.0) -> Purchases:
    """Make accounts of (repeat purchases, share of the age at the last one, age)."""
    count, share, age = (np.array(column) for column in zip(*accounts, strict=True))
    again = count > 0
    return Purchases(
        count, share * age * again, age * 1.0, np.where(again, mean, 0.0), np.ones(len(age), bool)
    )


@pytest.fixture(scope="module")
def cdnow() -> Purchases:
    """Read the purchases of the CDNOW sample to the end of the calibration, times in weeks."""
    with gzip.open(CDNOW, "rt", encoding="ascii") as file:
        _, customer, day, _, dollars = np.loadtxt(file, str).T
    row = customer.astype(np.int64) - 1
    bought = np.array([f"{d[:4]}-{d[4:6]}-{d[6:]}" for d in day.tolist()], "M8[D]")
    ago = (CALIBRATED - bought).astype(np.int64)
    seen = ago >= 0
    found = added_up(row[seen], ago[seen], dollars[seen].astype(float), 2357)
    return replace(found, last=found.last / DAYS_A_WEEK, age=found.age / DAYS_A_WEEK)


def test_the_published_customers(cdnow: Purchases) -> None:
    """2,357 customers, 946 with 2,457 repeat purchases (Fader, Hardie & Lee 2005, section 4)."""
    assert cdnow.known.sum() == 2357
    assert (cdnow.repeats > 0).sum() == 946
    assert cdnow.repeats.sum() == 2457
    first = (cdnow.repeats[0], round(cdnow.last[0], 2), round(cdnow.age[0], 2))
    assert first == (2, 30.43, 38.86)
    assert cdnow.mean[:3].tolist() == pytest.approx([22.345, 11.77, 0])


@pytest.fixture(scope="module")
def buying(cdnow: Purchases) -> BgNbd:
    """Fit the BG/NBD to the CDNOW sample."""
    found = fit_bgnbd(cdnow)
    assert isinstance(found, BgNbd)
    return found


@pytest.fixture(scope="module")
def spending(cdnow: Purchases) -> GammaGamma:
    """Fit the Gamma-Gamma to the CDNOW sample."""
    found = fit_gamma_gamma(cdnow)
    assert isinstance(found, GammaGamma)
    return found


def test_the_published_bgnbd(buying: BgNbd) -> None:
    """The parameters and log-likelihood of Fader, Hardie & Lee (2005), table 2, as printed."""
    digits = [round(each, 3) for each in (buying.r, buying.alpha, buying.a, buying.b)]
    assert digits == [0.243, 4.414, 0.793, 2.426]
    assert round(buying.log_likelihood, 1) == -9582.4


def test_the_published_gamma_gamma(spending: GammaGamma) -> None:
    """The parameters of Fader & Hardie (2013), note 025; the log-likelihood of R's CLVTools."""
    assert [round(each, 2) for each in (spending.p, spending.q, spending.v)] == [6.25, 3.74, 15.44]
    assert round(spending.log_likelihood, 4) == -4055.9177


def test_the_unit_of_time_is_the_data_s(cdnow: Purchases, buying: BgNbd) -> None:
    """In days alpha is seven times as large, and all else is the same."""
    in_days = replace(cdnow, last=cdnow.last * DAYS_A_WEEK, age=cdnow.age * DAYS_A_WEEK)
    days = fit_bgnbd(in_days)
    assert isinstance(days, BgNbd)
    assert days.alpha == pytest.approx(buying.alpha * DAYS_A_WEEK, rel=1e-8)
    assert (days.r, days.a, days.b) == pytest.approx((buying.r, buying.a, buying.b), rel=1e-8)


def test_the_published_expectation(buying: BgNbd) -> None:
    """The customer of Fader, Hardie & Lee's spreadsheet: x 2, t_x 30.43, T 38.86, 39 weeks on."""
    customer = made([(2, 30.43 / 38.86, 38.86)])
    assert round(float(buying.expected(customer, 39)[0]), 3) == 1.226


def test_the_published_expectation_of_a_new_customer(buying: BgNbd) -> None:
    """Repeat purchases after some weeks: Fader, Hardie & Lee's spreadsheet; week 52: BTYD."""
    weeks = [0.1429, 1.0, 3.0, 31.8571, 32.0, 52.0, 78.0]
    new = made([(0, 0.0, 0.0)])
    found = [float(buying.expected(new, ahead)[0]) for ahead in weeks]
    assert found == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.444, 1.8576], abs=4e-4)


def test_a_published_loyal_customer(buying: BgNbd) -> None:
    """Customer 1516 buys 25.76 times in the next 52 weeks (BTYD's walk-through of the BG/NBD)."""
    loyal = made([(26, 30.86 / 31, 31.0)])
    assert round(float(buying.expected(loyal, 52)[0]), 2) == 25.76


def test_the_published_amounts(cdnow: Purchases, spending: GammaGamma) -> None:
    """The amounts to expect of the first ten customers (Hardie's spreadsheet, note 025)."""
    expected = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert spending.amount(cdnow)[:10].tolist() == pytest.approx(expected, abs=0.005)


@pytest.mark.interop
def test_the_values_of_lifetimes(cdnow: Purchases) -> None:
    """A year's value of three customers, as `customer_lifetime_value` of lifetimes 0.11.3 has it.

    Its months are 4.345 weeks, and it discounts 1 % a month; made with the parameters given here.
    """
    buying = BgNbd(0.242593, 4.413532, 0.792886, 2.425752)
    spending = GammaGamma(6.248802, 3.744588, 15.447748)
    economics = Economics(margin=1.0, discount=1.01**12 - 1, years=1)
    value = transactions_clv(buying, spending, cdnow, economics, year=12 * 4.345)
    assert value[:3].tolist() == pytest.approx([36.278496, 4.637466, 8.344093], rel=1e-3)


@given(MODELS, BOUGHT, st.floats(0, 300))
def test_expectation_agrees_with_its_integral(
    model: BgNbd, accounts: list[tuple[int, float, float]], ahead: float
) -> None:
    """The closed form equals the integral it stands for, account by account.

    An account that is gone with chance u after a purchase, and whose rate is gamma(r + x,
    alpha + T), buys (1 - (1 + u t / (alpha + T))^-(r + x)) / u times; u is beta(a, b + x).
    """
    bought = made(accounts)
    alive, found = model.p_alive(bought), model.expected(bought, ahead)
    for (count, _, age), chance, value in zip(accounts, alive, found, strict=True):
        points, weights = roots_jacobi(400, model.b + count - 1, model.a - 1)
        gone = (points + 1) / 2
        stays = (model.r + count) * np.log1p(gone * ahead / (model.alpha + age))
        whole = (-np.expm1(-stays) / gone) @ weights / weights.sum()
        assert value == pytest.approx(chance * whole, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("a", "count"), [(900.0, 3), (0.5, 5000), (200.0, 200), (1.5, 0)])
def test_expectation_of_extreme_accounts(a: float, count: int) -> None:
    """Very many purchases, or hardly any chance to stay, still give a sound expectation."""
    model = BgNbd(0.5, 5.0, a, 2.0)
    near, far = (model.if_alive(np.array([count]), np.array([10.0]), t) for t in (20, 40))
    rate = (model.r + count) / (model.alpha + 10)
    assert 0 < near[0] <= far[0] < rate * 40


@pytest.mark.parametrize("gap", [(1.0, 2.0), (0.4, 0.6), (1.0, 1e-3)], ids=str)
def test_the_gaps_of_the_formula(gap: tuple[float, float]) -> None:
    """Where the formula divides by 0 (a = 1; a + b = 1, x = 0) the expectation goes on smoothly."""
    a, b = gap
    bought = made([(0, 0.0, 20.0), (3, 0.9, 20.0)])
    at, *beside = (BgNbd(0.5, 5.0, a + h, b).expected(bought, 30) for h in (0, -1e-3, 1e-3))
    np.testing.assert_allclose(at, (beside[0] + beside[1]) / 2, rtol=1e-4)


@given(MODELS, BOUGHT, st.floats(0, 50), st.floats(0, 50))
def test_chances_and_expectations_are_sound(
    model: BgNbd, accounts: list[tuple[int, float, float]], ahead: float, more: float
) -> None:
    """A chance is between 0 and 1, 1 without a repeat; expectations rise with the time ahead."""
    bought = made(accounts)
    alive = model.p_alive(bought)
    assert ((alive >= 0) & (alive <= 1)).all()
    assert (alive[bought.repeats == 0] == 1).all()
    near, far = model.expected(bought, ahead), model.expected(bought, ahead + more)
    assert (near >= -1e-9).all()
    assert (near <= far + 1e-9 * (1 + far)).all()


@given(MODELS, st.integers(1, 50), st.floats(0.5, 100), SHARES := st.floats(0, 1), SHARES)
def test_a_later_purchase_is_a_better_sign(
    model: BgNbd, count: int, age: float, one: float, other: float
) -> None:
    """Of two accounts alike, the one whose last purchase is later is at least as likely alive."""
    early, late = sorted((one, other))
    alive = model.p_alive(made([(count, early, age), (count, late, age)]))
    assert alive[0] <= alive[1] * (1 + 1e-12)


@given(BOUGHT, st.floats(0, 0.5), st.integers(1, 3))
def test_values_agree_with_a_walk(
    accounts: list[tuple[int, float, float]], discount: float, years: int
) -> None:
    """Valuing whole columns equals adding up the months of each account by itself."""
    bought = made(accounts)
    economics = Economics(0.8, discount, years)
    found = transactions_clv(BUYING, SPENDING, bought, economics, year=52.0)
    for account, value in zip(accounts, found.tolist(), strict=True):
        alone, total, before = made([account]), 0.0, 0.0
        for month in range(1, 12 * years + 1):
            expected = float(BUYING.expected(alone, month * 52 / 12)[0])
            total += (expected - before) / (1 + discount) ** (month / 12)
            before = expected
        amount = float(SPENDING.amount(alone)[0])
        assert value == pytest.approx(0.8 * amount * total, rel=1e-9)


def test_value_falls_with_the_discount(cdnow: Purchases) -> None:
    """A higher discount is worth less to every customer."""
    cheap, dear = (
        transactions_clv(BUYING, SPENDING, cdnow, Economics(0.8, rate, 2), year=52.0)
        for rate in (0.05, 0.2)
    )
    assert (dear < cheap).all()


def test_who_never_bought_has_no_value() -> None:
    """An account without purchases is missing, not worth 0."""
    bought = added_up(np.array([1, 1]), np.array([50, 3]), np.array([10.0, 20.0]), 3)
    value = transactions_clv(BUYING, SPENDING, bought, Economics(1.0, 0.1, 1))
    assert np.isnan(value).tolist() == [True, False, True]


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 100)), max_size=9), max_size=6)
)
def test_purchases_agree_with_a_walk(accounts: list[list[tuple[int, int]]]) -> None:
    """What days with a purchase add up to makes repeats, ages and the mean of an account."""
    days = [
        {day: sum(paid for ago, paid in own if ago == day) for day, _ in own} for own in accounts
    ]
    first, last = ([turn(own, default=7) for own in days] for turn in (max, min))
    again = [
        sum(paid for day, paid in own.items() if day != ago)
        for own, ago in zip(days, first, strict=True)
    ]
    counts = [len(own) for own in days]
    whole = [np.array(each, np.int64) for each in (counts, first, last)]
    found = purchases(whole[0], whole[1], whole[2], np.array(again, float))
    for number, own in enumerate(days):
        repeats = max(len(own) - 1, 0)
        assert found.known[number] == bool(own)
        assert found.repeats[number] == repeats
        assert found.age[number] == max(own, default=0)
        assert found.last[number] == max(own, default=0) - min(own, default=0)
        assert found.mean[number] == pytest.approx(again[number] / repeats if repeats else 0)


def simulated(seed: int, accounts: int = 4000) -> Purchases:
    """Draw accounts that buy as BG/NBD and Gamma-Gamma say, each seen for 20 to 100 weeks."""
    random = np.random.default_rng(seed)
    row, ago, paid = [], [], []
    for account in range(accounts):
        rate, gone = random.gamma(0.8, 1 / 6), random.beta(0.6, 2.5)
        scale, now, age = random.gamma(4.0, 1 / 16), 0.0, random.uniform(20, 100)
        while now < age:
            row.append(account)
            ago.append(int(1000 * (age - now)))
            paid.append(random.gamma(6.0, 1 / scale))
            now += random.exponential(1 / rate)
            if len(row) > 1 and row[-2] == account and random.random() < gone:
                break
    found = added_up(np.array(row), np.array(ago), np.array(paid), accounts)
    return replace(found, last=found.last / 1000, age=found.age / 1000)


def test_parameters_are_found_again() -> None:
    """From 4,000 simulated accounts the parameters of both models come back."""
    bought = simulated(3)
    buying, spending = fit_bgnbd(bought), fit_gamma_gamma(bought)
    assert isinstance(buying, BgNbd)
    assert isinstance(spending, GammaGamma)
    assert (buying.r, buying.alpha) == pytest.approx((0.8, 6), rel=0.1)
    assert (buying.a, buying.b) == pytest.approx((0.6, 2.5), rel=0.2)
    assert (spending.p, spending.q, spending.v) == pytest.approx((6, 4, 16), rel=0.15)


def test_too_few_repeat_customers() -> None:
    """29 accounts that bought again are too few for either model; so is no account at all."""
    bought = made([(1, 0.5, 20.0)] * 29 + [(0, 0.0, 20.0)] * 500)
    assert fit_bgnbd(bought) == NotFitted(Why.TOO_FEW, 29, 30)
    assert fit_gamma_gamma(bought) == NotFitted(Why.TOO_FEW, 29, 30)
    none = np.array([], np.int64)
    nobody = added_up(none, none, none.astype(float), 0)
    assert fit_bgnbd(nobody) == NotFitted(Why.TOO_FEW, 0, 30)


def test_accounts_all_alike_fit_no_parameters() -> None:
    """Where all buy alike and spend alike the parameters run off, and a value says so."""
    bought = made([(5, 0.95, 20.0)] * 200)
    assert fit_bgnbd(bought) == NotFitted(Why.NO_MAXIMUM, 200, 30)
    assert fit_gamma_gamma(bought) == NotFitted(Why.NO_MAXIMUM, 200, 30)


def test_amounts_too_unlike_for_a_mean() -> None:
    """Amounts whose estimate of q is at most 1 have no mean to expect, and a value says so."""
    random = np.random.default_rng(1)
    scale = random.gamma(0.6, 1.0, 400)
    wild = replace(made([(3, 0.9, 20.0)] * 400), mean=random.gamma(6.0, 1 / scale) / 3)
    assert fit_gamma_gamma(wild) == NotFitted(Why.NO_MEAN, 400, 30)


def test_a_search_that_does_not_settle(cdnow: Purchases, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that runs out of steps says so, and gives no half-found parameters."""
    monkeypatch.setattr(fitting, "MOST_STEPS", 1)
    assert fit_bgnbd(cdnow) == NotFitted(Why.NOT_CONVERGED, 946, 30)
    assert fit_gamma_gamma(cdnow) == NotFitted(Why.NOT_CONVERGED, 946, 30)
