"""Proves the shifted beta-geometric: its estimates, its survival, and when there are none."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from csprio.decide import fitting
from csprio.decide.fitting import NotFitted, Why
from csprio.decide.sbg import Sbg, fit_sbg

if TYPE_CHECKING:
    import numpy.typing as npt

    Accounts = tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]

PARAMETERS = st.floats(0.01, 100)
MODELS = st.builds(Sbg, PARAMETERS, PARAMETERS)

# Fader & Hardie (2007), How to Project Customer Retention, table 1: of 1,000 customers, those who
# are left after 1 .. 7 years; the parameters that fit these; the log-likelihood; survival 8 to 12.
HIGH_END = [869, 743, 653, 593, 551, 517, 491]
REGULAR = [631, 468, 382, 326, 289, 262, 241]


def cohort(left: list[int]) -> Accounts:
    """Make the accounts of a cohort of 1,000 of which so many are left after each renewal."""
    sizes = [1000, *left]
    lost = [before - after for before, after in pairwise(sizes)]
    made = np.repeat(np.arange(len(sizes)), [*lost, left[-1]])
    return made, np.arange(1000) < sum(lost)


def fitted(accounts: Accounts) -> Sbg:
    """Fit a model to data that have one."""
    found = fit_sbg(*accounts)
    assert isinstance(found, Sbg)
    return found


def simulated(model: Sbg, accounts: int, seed: int) -> Accounts:
    """Draw accounts that behave as the model says, each seen for up to 10 renewals."""
    random = np.random.default_rng(seed)
    life = random.geometric(random.beta(model.alpha, model.beta, accounts)) - 1
    seen = random.integers(1, 11, accounts)
    return np.minimum(life, seen), life < seen


@pytest.mark.parametrize(
    ("left", "alpha", "beta", "log_likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
    ids=["high end", "regular"],
)
def test_the_published_cohorts(
    left: list[int], alpha: float, beta: float, log_likelihood: float
) -> None:
    """Both cohorts of Fader & Hardie (2007), section 3 and appendix B, to the digits printed."""
    found = fitted(cohort(left))
    assert (round(found.alpha, 3), round(found.beta, 3)) == (alpha, beta)
    assert round(found.log_likelihood, 1) == log_likelihood


def test_the_published_projection() -> None:
    """Year 12 is projected within 4 % and 2 % (Fader & Hardie 2007, section 3)."""
    for left, actual, miss in ((HIGH_END, 0.394, 0.045), (REGULAR, 0.173, 0.025)):
        survival = fitted(cohort(left)).survival(12)
        assert abs(survival[12] / actual - 1) < miss


@given(MODELS, st.integers(0, 60))
def test_survival_is_a_share_that_falls(model: Sbg, renewals: int) -> None:
    """Survival begins at 1, stays between 0 and 1, and falls; retention rises."""
    survival = model.survival(renewals)
    assert survival[0] == 1
    assert ((survival >= 0) & (survival <= 1)).all()
    assert (np.diff(survival) < 0).all()
    retention = model.retention(np.arange(1, renewals + 2))
    assert ((retention > 0) & (retention < 1)).all()
    assert (np.diff(retention) > 0).all()


def test_no_other_parameters_fit_better() -> None:
    """Around the estimate the likelihood, counted account by account, is lower."""
    made, left = cohort(HIGH_END)

    def likelihood(alpha: float, beta: float) -> float:
        model, total = Sbg(alpha, beta), 0.0
        survival = model.survival(8)
        for renewals, gone in zip(made.tolist(), left.tolist(), strict=True):
            churned = survival[renewals] - survival[renewals + 1]
            total += np.log(churned if gone else survival[renewals])
        return total

    best = fitted((made, left))
    top = likelihood(best.alpha, best.beta)
    assert top == pytest.approx(best.log_likelihood, abs=1e-6)
    for alpha, beta in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99), (1.02, 1.02), (0.98, 0.98)):
        assert likelihood(best.alpha * alpha, best.beta * beta) < top


@pytest.mark.parametrize(
    ("alpha", "beta"), [(0.2, 0.2), (0.2, 3), (1, 1), (0.7, 4), (2, 1), (3, 20), (5, 5)]
)
def test_parameters_are_found_again(alpha: float, beta: float) -> None:
    """From 100,000 simulated accounts the parameters come back, whatever they are."""
    found = fitted(simulated(Sbg(alpha, beta), 100_000, 7))
    assert found.alpha == pytest.approx(alpha, rel=0.1)
    assert found.beta == pytest.approx(beta, rel=0.1)


@given(st.floats(0.05, 20), st.floats(0.05, 20), st.integers(40, 400), st.integers(0, 10**6))
def test_data_never_raise(alpha: float, beta: float, accounts: int, seed: int) -> None:
    """Whatever the accounts did, there is an estimate or a value that says why not."""
    made, left = simulated(Sbg(alpha, beta), accounts, seed)
    found = fit_sbg(made, left)
    if isinstance(found, NotFitted):
        assert found.why in {Why.TOO_FEW, Why.NO_MAXIMUM}
        assert found.found == left.sum()
    else:
        assert min(found.alpha, found.beta) > 0


@given(st.integers(0, 10**6))
def test_the_order_of_accounts_changes_nothing(seed: int) -> None:
    """The same accounts in another order give the same parameters, to the last digit kept."""
    made, left = simulated(Sbg(0.7, 3), 300, seed)
    assume(left.sum() >= 30)
    order = np.random.default_rng(seed).permutation(len(made))
    assert fit_sbg(made, left) == fit_sbg(made[order], left[order])


def test_too_few_churns() -> None:
    """29 accounts that left are too few, whatever the number that stayed; so is no account."""
    made, left = np.ones(500, np.int64), np.arange(500) < 29
    assert fit_sbg(made, left) == NotFitted(Why.TOO_FEW, 29, 30)
    nobody = np.array([], np.int64), np.array([], bool)
    assert fit_sbg(*nobody) == NotFitted(Why.TOO_FEW, 0, 30)


@pytest.mark.parametrize(
    "left",
    [[900, 810, 729], [900, 800, 600], [0], [400], [400, 400, 400]],
    ids=["always 10 %", "more and more", "all at once", "one renewal", "only at first"],
)
def test_data_without_a_best_fit(left: list[int]) -> None:
    """Churn that does not fall, or stops at once, fits no finite parameters best."""
    assert fit_sbg(*cohort(left)) == NotFitted(Why.NO_MAXIMUM, 1000 - left[-1], 30)


def test_a_search_that_does_not_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that runs out of steps says so, and gives no half-found parameters."""
    monkeypatch.setattr(fitting, "MOST_STEPS", 1)
    assert fit_sbg(*cohort(REGULAR)) == NotFitted(Why.NOT_CONVERGED, 759, 30)
