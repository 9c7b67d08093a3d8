"""Proves the net promoter scores of accounts and of groups of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide.nps import Answers, counted, nps, pooled

GIVEN = st.lists(st.tuples(st.integers(-1, 7), st.integers(0, 10)), max_size=60)
GROUPS = st.lists(st.integers(-1, 2), min_size=8, max_size=8)


def count(pairs: list[tuple[int, int]]) -> Answers:
    """Count the answers of eight accounts."""
    rows, answers = np.array(pairs, np.int64).reshape(-1, 2).T
    return counted(rows, answers, 8)


def by_hand(answers: list[int]) -> float:
    """Compute a score answer by answer."""
    if not answers:
        return float("nan")
    points = [100 if answer >= 9 else -100 if answer <= 6 else 0 for answer in answers]
    return sum(points) / len(points)


@pytest.mark.parametrize(
    ("answer", "score"), [(10, 100), (9, 100), (8, 0), (7, 0), (6, -100), (0, -100)]
)
def test_the_kinds_of_answers(answer: int, score: int) -> None:
    """9 and 10 promote, 7 and 8 are passive, 0 to 6 detract (Reichheld 2003, HBR 81(12))."""
    assert counted(np.array([0]), np.array([answer]), 1).nps.tolist() == [score]


def test_a_worked_score() -> None:
    """Seven promoters, two passive and one detractor of ten make 60."""
    score = nps(np.array([7, 0]), np.array([1, 0]), np.array([10, 0]))
    np.testing.assert_array_equal(score, [60.0, np.nan])


@given(GIVEN)
def test_accounts_agree_with_a_walk(pairs: list[tuple[int, int]]) -> None:
    """Counting as columns equals walking over the accounts one by one."""
    found = count(pairs)
    for account in range(8):
        own = [answer for row, answer in pairs if row == account]
        assert found.answers[account] == len(own)
        np.testing.assert_allclose(found.nps[account], by_hand(own), rtol=1e-12)


@given(GIVEN, GROUPS)
def test_groups_pool_answers(pairs: list[tuple[int, int]], group: list[int]) -> None:
    """The score of a group is that of all its answers together, not the mean of its accounts'."""
    found = pooled(count(pairs), np.array(group), 3)
    for number in range(3):
        own = [answer for row, answer in pairs if row >= 0 and group[row] == number]
        assert found.answers[number] == len(own)
        np.testing.assert_allclose(found.nps[number], by_hand(own), rtol=1e-12)


@given(GIVEN)
def test_scores_stay_in_their_range(pairs: list[tuple[int, int]]) -> None:
    """A score is between -100 and 100, and there is one just where somebody answered."""
    found = count(pairs)
    known = found.answers > 0
    assert (np.abs(found.nps[known]) <= 100).all()
    assert np.isnan(found.nps[~known]).all()
