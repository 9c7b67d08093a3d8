"""Proves the lifetime value of accounts under contract."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide.clv_contract import Economics, contract_clv, terms_ahead
from csprio.decide.sbg import Sbg

SBG = Sbg(0.668, 3.806)  # the high-end cohort of Fader & Hardie (2007)
USUAL = Economics(margin=0.8, discount=0.1, years=5)

SHARES = st.integers(0, 1000).map(lambda mille: mille / 1000)
RETENTIONS = SHARES | st.builds(Sbg, st.floats(0.05, 20), st.floats(0.05, 20))
ECONOMICS = st.builds(Economics, st.floats(0.01, 1), st.floats(0, 0.5), st.integers(1, 12))
ACCOUNTS = st.lists(
    st.tuples(st.floats(0, 1e7), st.integers(1, 60), st.integers(0, 40)), min_size=1, max_size=12
)
Account = tuple[float, int, int]


def valued(
    accounts: list[Account], economics: Economics, retention: float | Sbg
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Value accounts, each of which is (arr, months of its term, whole terms behind it)."""
    arr, months, behind = zip(*accounts, strict=True)
    return contract_clv(np.array(arr), np.array(months), np.array(behind), economics, retention)


def by_hand(account: Account, economics: Economics, retention: float | Sbg) -> float:
    """Value one account term by term, as the formula is written."""
    arr, months, behind = account
    length, total = months / 12, 0.0
    for j in range(ceil(12 * economics.years / months)):
        if isinstance(retention, Sbg):
            survival = 1.0
            for i in range(1, j + 1):
                stay = retention.beta + behind + i - 1
                survival *= stay / (retention.alpha + stay)
        else:
            survival = retention ** (j * length)
        total += survival / (1 + economics.discount) ** (j * length)
    return arr * length * economics.margin * total


@pytest.mark.parametrize(
    ("retention", "behind", "expected"),
    [(SBG, 0, 52_967.41), (SBG, 3, 57_687.50), (0.9, 0, 55_734.99), (0.9, 3, 55_734.99)],
    ids=["new", "after three terms", "constant", "constant after three terms"],
)
def test_the_worked_values(retention: float | Sbg, behind: int, expected: float) -> None:
    """20,000 a year, margin 0.8, 10 %, 5 years; the retention of Fader & Hardie (2007), eq. 8."""
    value = valued([(20_000, 12, behind)], USUAL, retention)
    assert round(float(value[0]), 2) == expected


@given(ACCOUNTS, ECONOMICS, RETENTIONS)
def test_columns_agree_with_a_walk(
    accounts: list[Account], economics: Economics, retention: float | Sbg
) -> None:
    """Valuing whole columns equals valuing each account by itself, whatever its term and n."""
    expected = [by_hand(account, economics, retention) for account in accounts]
    np.testing.assert_allclose(valued(accounts, economics, retention), expected, rtol=1e-9)


@given(ACCOUNTS, ECONOMICS, RETENTIONS)
def test_an_account_is_valued_by_itself(
    accounts: list[Account], economics: Economics, retention: float | Sbg
) -> None:
    """The value of an account is the same to the last bit alone and among others."""
    together = valued(accounts, economics, retention)
    alone = [valued([account], economics, retention)[0] for account in accounts]
    assert together.tolist() == alone


@given(ACCOUNTS, ECONOMICS, SHARES, SHARES)
def test_value_rises_with_retention(
    accounts: list[Account], economics: Economics, one: float, other: float
) -> None:
    """A higher share kept is never worth less."""
    low, high = (valued(accounts, economics, each) for each in sorted((one, other)))
    assert (low <= high * (1 + 1e-12)).all()


@given(ACCOUNTS, ECONOMICS, RETENTIONS, st.floats(0, 0.5))
def test_value_falls_with_the_discount(
    accounts: list[Account], economics: Economics, retention: float | Sbg, more: float
) -> None:
    """A higher discount is never worth more."""
    dear = replace(economics, discount=economics.discount + more)
    cheap = valued(accounts, economics, retention)
    assert (valued(accounts, dear, retention) <= cheap * (1 + 1e-12)).all()


@given(st.integers(1, 60), st.integers(0, 40), ECONOMICS)
def test_value_rises_with_the_terms_behind(months: int, behind: int, economics: Economics) -> None:
    """An account that has renewed once more is worth no less: those likely to leave have left."""
    one, more = valued([(1.0, months, behind), (1.0, months, behind + 1)], economics, SBG)
    assert one <= more


@pytest.mark.parametrize(
    ("months", "terms"), [(1, 60), (12, 5), (24, 3), (36, 2), (7, 9), (60, 1), (84, 1)]
)
def test_terms_ahead(months: int, terms: int) -> None:
    """The terms that begin within five years, the current one too, rounded up."""
    assert terms_ahead(np.array([months]), 5).tolist() == [terms]


def test_what_is_not_known_stays_unknown() -> None:
    """An account whose arr is missing has no value, and takes none from the others."""
    value = valued([(np.nan, 12, 0), (20_000, 12, 0)], USUAL, SBG)
    assert np.isnan(value[0])
    assert round(float(value[1]), 2) == 52_967.41


def test_no_accounts() -> None:
    """A book of nobody is worth nothing, in an empty column."""
    none = np.array([], np.int64)
    assert len(contract_clv(none.astype(float), none, none, USUAL, SBG)) == 0


def test_nobody_stays() -> None:
    """With a retention of 0 only the current term counts."""
    assert valued([(20_000, 24, 0)], USUAL, 0.0).tolist() == [32_000]
