"""Proves the AUC and its interval: against counting pairs, and against published figures."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from statistics import variance
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide.auc import Z, auc, delong_variance, newcombe_interval

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

FEW = st.lists(st.integers(0, 6), min_size=1, max_size=15)  # few values, so that many tie
SOME = st.lists(st.integers(-(10**8), 10**8), min_size=2, max_size=15)
HALF = Fraction(1, 2)
# Ratings of 51 abnormal and 58 normal CT images, from 1 (surely normal) to 5: table I of Hanley, J.
# A. & McNeil, B. J. (1982), Radiology 143(1), p. 29-36.
ABNORMAL, NORMAL = (3, 2, 2, 11, 33), (33, 6, 6, 11, 2)


def whole(values: list[int] | tuple[int, ...]) -> Ints:
    """Make a column of whole numbers."""
    return np.array(values, np.int64)


def won(leaver: int, stayer: int) -> Fraction:
    """Say what one pair counts."""
    return HALF if leaver == stayer else Fraction(leaver < stayer)


def shares(left: list[int], stayed: list[int]) -> tuple[list[Fraction], list[Fraction]]:
    """Count pair by pair the share that each leaver wins, and that leavers win of each stayer."""
    return (
        [sum((won(one, other) for other in stayed), Fraction(0)) / len(stayed) for one in left],
        [sum((won(one, other) for one in left), Fraction(0)) / len(left) for other in stayed],
    )


def twice(counted: list[Fraction], of: int) -> Ints:
    """Turn shares of `of` pairs into twice the pairs won."""
    return whole([int(2 * of * one) for one in counted])


@given(FEW, FEW)
def test_the_area_is_the_share_of_pairs(left: list[int], stayed: list[int]) -> None:
    """Sorting finds what counting every pair finds, exactly, ties half."""
    of_left, of_stayed = shares(left, stayed)
    found = auc(whole(left), whole(stayed)).value
    assert found == sum(of_left) / len(left) == sum(of_stayed) / len(stayed)


@given(SOME, SOME)
def test_the_variance_is_that_of_the_shares(left: list[int], stayed: list[int]) -> None:
    """DeLong's variance equals its definition, written pair by pair."""
    of_left, of_stayed = shares(left, stayed)
    found = delong_variance(twice(of_left, len(stayed)), twice(of_stayed, len(left)))
    exact = variance(of_left) / len(left) + variance(of_stayed) / len(stayed)
    assert found == pytest.approx(float(exact), abs=1e-12)


@pytest.mark.interop
def test_the_published_images() -> None:
    """Hanley & McNeil's images have area 0.893; Stata's roctab has their DeLong figures.

    Stata Base Reference Manual, `roctab`, example 1: area 0.8932, standard error 0.0307, interval
    without transformation 0.83295 to 0.95339.
    """
    left = np.repeat(np.arange(5, 0, -1), ABNORMAL)  # a leaver scores low, an image high
    stayed = np.repeat(np.arange(5, 0, -1), NORMAL)
    found = auc(left, stayed)
    assert float(found.value) == pytest.approx(0.8932, abs=5e-5)
    of_left, of_stayed = shares(left.tolist(), stayed.tolist())
    error = sqrt(delong_variance(twice(of_left, 58), twice(of_stayed, 51)))
    assert error == pytest.approx(0.0307, abs=5e-5)
    assert float(found.value) - Z * error == pytest.approx(0.83295, abs=5e-6)
    assert float(found.value) + Z * error == pytest.approx(0.95339, abs=5e-6)


def test_the_interval_is_that_of_the_log_odds() -> None:
    """Both ends lie equally far from the area in log odds, and within 0 and 1."""
    found = auc(np.arange(0, 120, 3), np.arange(20, 220))
    area = float(found.value)
    low, middle, high = (np.log(one / (1 - one)) for one in (found.low, area, found.high))
    assert high - middle == pytest.approx(middle - low)
    assert 0 < found.low < area < found.high < 1


@given(FEW, FEW)
def test_the_area_lies_in_its_interval(left: list[int], stayed: list[int]) -> None:
    """The interval holds the area, is none of a point, and stays within 0 and 1."""
    found = auc(whole(left), whole(stayed))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high
    assert not (found.above_chance and found.below_chance)


@given(FEW, FEW)
def test_turning_the_score_over_mirrors_all(left: list[int], stayed: list[int]) -> None:
    """A score that runs the other way has the area 1 - A, and the interval turned over."""
    one, other = auc(whole(left), whole(stayed)), auc(-whole(left), -whole(stayed))
    assert one.value == 1 - other.value
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))


@given(SOME, SOME)
def test_only_the_order_counts(left: list[int], stayed: list[int]) -> None:
    """Scores in another unit, and accounts in another order, change nothing."""
    one = auc(whole(left), whole(stayed))
    assert one == auc(whole(left) * 3 + 7, whole(stayed) * 3 + 7)
    other = auc(whole(sorted(left)), whole(stayed[::-1]))
    assert one.value == other.value
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


@pytest.mark.parametrize(
    ("left", "stayed", "area"),
    [([1] * 30, [2] * 300, 1), ([2] * 30, [1] * 300, 0), ([5] * 30, [5] * 300, HALF)],
)
def test_a_sample_without_variance(left: list[int], stayed: list[int], area: Fraction) -> None:
    """Where all are told apart, or nobody is, the interval is still more than a point."""
    found = auc(whole(left), whole(stayed))
    assert found.value == area
    assert (found.low, found.high) == newcombe_interval(Fraction(area), 30, 300)
    assert found.high - found.low > 0.03
    assert (found.above_chance, found.below_chance) == (area == 1, area == 0)


def test_a_group_of_one() -> None:
    """One leaver shows no variance: its interval is as wide as an interval of one must be."""
    found = auc(whole([3]), np.arange(100))
    assert found.value == Fraction(193, 200)
    assert found.low < 0.5 < found.high


@given(st.integers(0, 40), st.integers(1, 60), st.integers(1, 60))
def test_newcombe_ends_are_as_far_as_they_may_be(won: int, left: int, stayed: int) -> None:
    """At each end the area seen is 1.96 standard errors away, by Hanley and McNeil's formula.

    The formula stands here as they write it, with Q1 and Q2.
    """
    area = Fraction(won, 40)
    for end, limit in zip(newcombe_interval(area, left, stayed), (0, 1), strict=True):
        if area == limit:
            assert end == pytest.approx(limit)
            continue
        q1, q2, others = end / (2 - end), 2 * end**2 / (1 + end), (left + stayed) / 2 - 1
        spread = end * (1 - end) + others * (q1 - end**2) + others * (q2 - end**2)
        assert (float(area) - end) ** 2 == pytest.approx(Z**2 * spread / (left * stayed))


def test_thirty_leavers_know_the_area_to_a_tenth() -> None:
    """With 30 leavers among many the interval of an area of 0.75 is about 0.2 wide."""
    low, high = newcombe_interval(Fraction(3, 4), 30, 300)
    assert 0.15 < high - low < 0.2
    low, high = newcombe_interval(Fraction(3, 4), 15, 300)
    assert high - low > 0.2


def test_the_interval_covers_what_it_says() -> None:
    """Of 1000 samples with 30 leavers, 95 % or nearly so have the true area in their interval."""
    random = np.random.default_rng(2026)
    true, held = 0.7602, 0  # normal curves a standard deviation apart: the chance of z < 1 / sqrt 2
    for _ in range(1000):
        left = (random.normal(-1, 1, 30) * 1e6).astype(np.int64)
        stayed = (random.normal(0, 1, 150) * 1e6).astype(np.int64)
        found = auc(left, stayed)
        held += found.low <= true <= found.high
    assert 930 <= held <= 970
