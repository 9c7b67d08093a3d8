"""Proves the scores of recency, frequency and monetary value, against R's `rfm` and by hand."""

from __future__ import annotations

import gzip
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide.fitting import NotFitted, Why
from csprio.decide.rfm import Orders, Scores, ordered, quantile_cuts, rfm_scores, scores

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

DATA = Path(__file__).parent.parent / "data" / "rfm"
VALUES = st.lists(st.integers(-(10**12), 10**12), min_size=25, max_size=60)
CUTS = st.lists(st.decimals(-500, 500, places=2), max_size=6)
ORDERS = st.lists(
    st.tuples(st.integers(-1, 9), st.integers(0, 400), st.integers(-500, 500)), max_size=40
)
QUINTILES = 5


def whole(values: list[int]) -> Ints:
    """Make a column of whole numbers."""
    return np.array(values, np.int64)


def book(recency: Ints, frequency: Ints, monetary: Ints) -> Orders:
    """Make the orders of accounts that all bought."""
    all_of = np.ones(len(recency), bool)
    return Orders(recency, frequency, monetary, all_of, all_of)


def scored(orders: Orders) -> Scores:
    """Score by quantiles, with enough accounts."""
    found = rfm_scores(orders)
    assert isinstance(found, Scores)
    return found


@pytest.fixture(scope="module")
def customers() -> Ints:
    """Read the customers of R's `rfm`: recency, orders, revenue, and its three scores."""
    with gzip.open(DATA / "customers.csv.gz", "rt", encoding="ascii") as file:
        return np.loadtxt(file, np.int64, delimiter=",", skiprows=1)


@pytest.mark.interop
def test_all_customers_of_r_score_as_in_r(customers: Ints) -> None:
    """All three scores of all 39,999 customers of the R package rfm equal its own."""
    recency, orders, revenue, *expected = customers.T
    assert len(customers) == 39_999
    found = scored(book(recency, orders, revenue))
    for ours, theirs in zip(
        (found.recency, found.frequency, found.monetary), expected, strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.interop
def test_the_thresholds_of_r(customers: Ints) -> None:
    """The cuts are those of R's `rfm`, whose bounds are its type 7 quantiles and 1."""
    bounds = np.loadtxt(DATA / "thresholds.csv", delimiter=",", skiprows=1)
    found = scored(book(*customers.T[:3]))
    for cuts, lower in zip(found.cuts, bounds.T[::2], strict=True):
        assert [float(cut) + 1 for cut in cuts] == lower[1:].tolist()


@given(VALUES)
def test_cuts_are_inclusive_quantiles(values: list[int]) -> None:
    """Cuts are the quantiles by linear interpolation, as the standard library has them."""
    cuts = quantile_cuts(whole(values))
    exact = quantiles([Fraction(v) for v in values], n=QUINTILES, method="inclusive")
    assert list(cuts) == exact


def test_a_quantile_is_interpolated() -> None:
    """Of 1, 2 ... 28 the 20 % quantile is 6.4, between the sixth and the seventh."""
    cuts = quantile_cuts(np.arange(1, 29))
    assert cuts == (Fraction(32, 5), Fraction(59, 5), Fraction(86, 5), Fraction(113, 5))


@given(st.lists(st.integers(-500, 500), max_size=40), CUTS)
def test_scores_agree_with_counting(values: list[int], cuts: list[Decimal]) -> None:
    """A score is 1 and the cuts strictly below, for cuts of any order that may repeat."""
    expected = [1 + sum(cut < value for cut in cuts) for value in values]
    assert scores(whole(values), cuts).tolist() == expected


def test_cuts_of_any_size() -> None:
    """A cut beyond all numbers is below none, one below all numbers is below them all."""
    assert scores(whole([5]), [Decimal("1e40"), Decimal("-1e40")]).tolist() == [2]


@given(VALUES)
def test_equal_values_get_equal_scores(values: list[int]) -> None:
    """Accounts of one value get one score, however many there are; a larger one no lower score."""
    column = whole([v % 7 for v in values])
    found = scores(column, quantile_cuts(column))
    by_value = dict(zip(column.tolist(), found.tolist(), strict=True))
    assert [by_value[v] for v in column.tolist()] == found.tolist()
    assert all(by_value[a] <= by_value[b] for a, b in pairwise(sorted(by_value)))


@given(VALUES)
def test_more_recent_is_never_lower(values: list[int]) -> None:
    """An account that bought later has no lower recency score."""
    days = np.abs(whole(values)) % 1000
    found = scored(book(days, days, days)).recency
    assert (np.diff(found[np.argsort(days, kind="stable")]) <= 0).all()
    assert set(found.tolist()) <= set(range(1, QUINTILES + 1))


@given(VALUES, st.integers(1, 10**5))
def test_the_unit_of_money_changes_nothing(values: list[int], factor: int) -> None:
    """Amounts in cents score as amounts in dollars do."""
    column = whole(values)
    once, scaled = (scored(book(column, column, each)) for each in (column, column * factor))
    np.testing.assert_array_equal(once.monetary, scaled.monetary)


@given(VALUES, st.integers(0, 10**6))
def test_the_order_of_accounts_changes_nothing(values: list[int], seed: int) -> None:
    """The scores travel with their accounts, whatever the order of the rows."""
    column = whole(values)
    order = np.random.default_rng(seed).permutation(len(column))
    found, turned = (scored(book(each, each, each)) for each in (column, column[order]))
    np.testing.assert_array_equal(found.recency[order], turned.recency)


@given(ORDERS)
def test_orders_agree_with_a_walk(orders: list[tuple[int, int, int]]) -> None:
    """Adding up orders as columns equals walking over the accounts one by one."""
    rows, days, amounts = np.array(orders, np.int64).reshape(-1, 3).T
    found = ordered(rows, days, amounts, 10)
    for account in range(10):
        own = [(day, amount) for row, day, amount in orders if row == account]
        paid = [day for day, amount in own if amount > 0]
        assert found.recency[account] == min(paid, default=0)
        assert found.frequency[account] == len(paid)
        assert found.monetary[account] == sum(amount for _, amount in own)
        assert found.some[account] == bool(own)
        assert found.bought[account] == bool(paid)


def test_given_cuts() -> None:
    """With cuts given every account is scored by itself; recency is turned over."""
    cuts = ([30, 90, 180, 365], [1, 2, 4, 8], [1000, 5000, 20_000, 50_000])
    found = rfm_scores(book(whole([30, 31, 400]), whole([1, 2, 9]), whole([0, 1001, 50_000])), cuts)
    assert isinstance(found, Scores)
    assert found.recency.tolist() == [5, 4, 1]
    assert found.frequency.tolist() == [1, 2, 5]
    assert found.monetary.tolist() == [1, 2, 4]
    assert found.cuts == cuts


def test_an_account_without_orders_has_no_scores() -> None:
    """No orders: 0 in all three; nothing but refunds: 0 in recency alone."""
    orders = ordered(whole([0, 1]), whole([10, 10]), whole([100, -100]), 3)
    found = rfm_scores(orders, ([30], [1], [50]))
    assert isinstance(found, Scores)
    assert found.recency.tolist() == [2, 0, 0]
    assert found.frequency.tolist() == [1, 1, 0]
    assert found.monetary.tolist() == [2, 1, 0]


def test_accounts_without_orders_do_not_move_the_quantiles() -> None:
    """Quantiles are over the accounts with orders."""
    rows = np.arange(30)
    few, many = (scored(ordered(rows, rows, rows + 1, accounts)) for accounts in (30, 90))
    assert few.cuts == many.cuts


def test_too_few_accounts_for_quantiles() -> None:
    """24 accounts with orders are too few for quantiles: a value says so, and nothing raises."""
    rows = np.arange(24)
    found = rfm_scores(ordered(rows, rows, rows + 1, 100))
    assert found == NotFitted(Why.TOO_FEW, 24, 25)


def refunds(buyers: int) -> Orders:
    """Make the orders of 25 accounts, of which only the first few ever bought."""
    rows = np.arange(25)
    return ordered(rows, rows, np.where(rows < buyers, rows + 1, -rows), 25)


def test_accounts_with_refunds_alone_count_for_quantiles() -> None:
    """What has to be 25 is the accounts with orders, whatever their sign; recency is of buyers."""
    found = scored(refunds(2))
    assert found.recency.tolist() == [5, 1] + [0] * 23
    assert min(found.frequency) > 0
    assert min(found.monetary) > 0


@pytest.mark.parametrize("buyers", [0, 1])
def test_recency_needs_two_buyers(buyers: int) -> None:
    """Between fewer than two days there is no quantile: recency is missing, the rest is not."""
    found = scored(refunds(buyers))
    assert not found.cuts[0]
    assert found.recency.tolist() == [0] * 25
    assert min(found.frequency) > 0
    assert min(found.monetary) > 0
