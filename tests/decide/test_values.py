"""Proves RFM fields and lifetime values, against the second implementation and figures in print."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide import bgnbd, values
from csprio.decide.exact import Exact, whole
from csprio.decide.rfm import Orders
from csprio.decide.terms import terms
from csprio.decide.values import Lives, Valued, lifetime_values, lives, rfm_values
from csprio.problems import Place
from csprio.rules import ALWAYS, Clause, Compare, Every
from csprio.signals import ClvRule, Retention, RfmRule, Segment
from naive import clv, rfm
from naive.cells import plain
from naive.terms import Terms

if TYPE_CHECKING:
    import numpy.typing as npt

    from csprio.decide.bgnbd import Purchases

AT = Place("signals.yaml", 9, "3")
AS_OF = date(2026, 11, 23)
CUTS = {
    "recency": tuple(map(Decimal, (6, 30, 90, 180))),
    "frequency": tuple(map(Decimal, (1, 2, 4, 8))),
    "monetary": tuple(map(Decimal, ("0", "500.5", "1200", "20000"))),
}
CHAMPIONS = Every((Clause("r", Compare(">=", Decimal(4))), Clause("f", Compare(">=", Decimal(3)))))
BY_CUTS = RfmRule("orders", "amount", cuts=CUTS, place=AT, places={"cuts": AT})
SBG = (Decimal("0.668"), Decimal("3.806"))
CONTRACT = ClvRule("contract", Decimal("0.8"), Decimal("0.1"), 5, Decimal("0.9"), place=AT)
BUYERS = ClvRule("transactions", Decimal("0.8"), Decimal("0.1"), 5, place=AT, places={"model": AT})

# One account's orders: days since the last one, their number, their sum in units of 0.0001.
ORDER = st.tuples(
    st.none() | st.integers(0, 400), st.integers(1, 12), st.integers(-(10**7), 3 * 10**8)
)
DATES = st.dates(date(2015, 1, 1), date(2028, 12, 31))
DAY = st.none() | DATES | st.sampled_from([date(2024, 2, 29), date(2023, 8, 31), AS_OF])


def ordered(accounts: list[Any]) -> Orders:
    """Make the orders of accounts; None is one without any, no recency one with refunds alone."""
    filled = [one or (None, 0, 0) for one in accounts]
    some = np.array([one is not None for one in accounts], bool)
    bought = np.array([recency is not None for recency, _, _ in filled], bool)
    recency, frequency, monetary = (
        np.array(values, np.int64)
        for values in (
            [recency or 0 for recency, _, _ in filled],
            [number * (recency is not None) for recency, number, _ in filled],
            [money for _, _, money in filled],
        )
    )
    return Orders(recency, frequency, monetary, some, bought)


def rows_of(found: Valued) -> list[dict[str, Any]]:
    """Give the fields of each account."""
    rows: list[dict[str, Any]] = pa.table(dict(found.fields)).to_pylist()
    return rows


def by_hand(rule: RfmRule, accounts: list[Any]) -> list[dict[str, Any]]:
    """Score accounts as the second implementation does."""
    trades = {
        str(n): rfm.Trade(one[0], one[1] * (one[0] is not None), Fraction(one[2], 10_000))
        for n, one in enumerate(accounts)
        if one is not None
    }
    about: dict[str, Any] = {"cuts": "quantiles"}
    if rule.cuts is not None:
        about = {"cuts": {name: list(map(plain, cuts)) for name, cuts in rule.cuts.items()}}
    edges = rfm.cuts(about, trades)
    assert edges is not None
    found = []
    for n in range(len(accounts)):
        trade = trades.get(str(n))
        if trade is None:
            scores: list[int | None] = [None] * 3
        else:
            turned = len(edges["recency"]) + 2
            scores = [
                None
                if trade.recency is None
                else turned - rfm.bin_of(trade.recency, edges["recency"]),
                rfm.bin_of(trade.frequency, edges["frequency"]),
                rfm.bin_of(trade.monetary, edges["monetary"]),
            ]
        r, f, m = scores
        joined = int(f"{r}{f}{m}") if r else None
        segment = "none" if trade is None else "others"
        if r is not None and f is not None and r >= 4 and f >= 3:
            segment = "champions"
        found.append(dict(zip(FIELDS, [r, f, m, joined, segment], strict=True)))
    return found


FIELDS = ("rfm_r", "rfm_f", "rfm_m", "rfm", "rfm_segment")
SEGMENTS = (Segment(CHAMPIONS, "champions"), Segment(ALWAYS, "others"))


@given(st.lists(st.none() | ORDER, max_size=20))
def test_cuts_that_are_given(accounts: list[Any]) -> None:
    """Scores, the digits joined and segments by given cuts, money counted as money."""
    rule = replace(BY_CUTS, segments=SEGMENTS)
    found = rfm_values(rule, ordered(accounts), len(accounts))
    assert rows_of(found) == by_hand(rule, accounts)
    assert found.problems == ()


@given(st.lists(ORDER, min_size=25, max_size=32), st.lists(st.none(), max_size=5))
def test_quantiles(accounts: list[Any], idle: list[None]) -> None:
    """Quantiles over the accounts with orders, of which two at least bought something."""
    accounts = [(3, 1, 10**6), (8, 2, 10**6), *accounts, *idle]
    rule = RfmRule("orders", "amount", segments=SEGMENTS)
    assert rows_of(rfm_values(rule, ordered(accounts), len(accounts))) == by_hand(rule, accounts)


def test_too_few_for_quantiles() -> None:
    """Quantiles of 24 accounts are refused where they are asked for; nobody has a score."""
    rule = RfmRule("orders", "amount", place=AT)
    found = rfm_values(rule, ordered([(1, 1, 1)] * 24 + [None]), 25)
    (problem,) = found.problems
    assert (problem.code, problem.place) == ("rfm-few", AT)
    assert "takes at least 25 accounts with orders, and finds 24" in problem.message
    assert "`cuts: {recency: [30, 90," in problem.remedy
    assert rows_of(found) == [dict.fromkeys(FIELDS)] * 25


def test_without_orders_nothing_is_known() -> None:
    """Where no source was added up all fields are missing, and nothing is wrong."""
    found = rfm_values(BY_CUTS, None, 2)
    assert rows_of(found) == [dict.fromkeys(FIELDS)] * 2
    assert found.problems == ()


def test_the_first_segment_wins_and_there_may_be_none() -> None:
    """Of two conditions that hold the first counts; who meets none is in none, without a word."""
    rule = replace(BY_CUTS, segments=(Segment(CHAMPIONS, "best"), Segment(CHAMPIONS, "also")))
    found = rfm_values(rule, ordered([(1, 9, 10**9), (300, 1, 1), None, (None, 1, -5)]), 4)
    assert found.fields["rfm_segment"].to_pylist() == ["best", None, "none", None]
    assert found.fields["rfm"].to_pylist() == [554 + 1, 112, None, None]


# --- contracts ------------------------------------------------------------------------------------


def account(
    start: date | None,
    renewal: date | None = None,
    months: int | None = 12,
    arr: str | None = "20000",
) -> dict[str, Any]:
    """Make an account."""
    money = None if arr is None else Decimal(arr)
    return {"start_date": start, "renewal_date": renewal, "term_months": months, "arr": money}


def living(
    accounts: list[dict[str, Any]],
    churned: list[date | None] | None = None,
    active: list[bool] | None = None,
) -> Lives:
    """Gather the lives of accounts."""
    kinds = pa.schema(
        [
            ("start_date", pa.date32()),
            ("renewal_date", pa.date32()),
            ("term_months", pa.int64()),
            ("arr", pa.decimal128(18, 4)),
        ]
    )
    table = pa.Table.from_pylist(accounts, kinds)
    as_of = np.datetime64(AS_OF, "D")
    left = np.array(churned or [None] * len(accounts), "M8[D]")
    there = np.array([True] * len(accounts) if active is None else active, bool)
    return lives(table, terms(table, as_of), left, there, as_of)


def valued(rule: ClvRule, *accounts: dict[str, Any]) -> list[Decimal | None]:
    """Value accounts under contract."""
    found = lifetime_values(rule, living(list(accounts)), None)
    assert found.problems == ()
    values: list[Decimal | None] = found.fields["clv"].to_pylist()
    return values


@pytest.mark.parametrize(
    ("retention", "start", "expected"),
    [
        (SBG, date(2026, 1, 1), "52967.41"),
        (SBG, date(2023, 1, 1), "57687.50"),
        (Decimal("0.9"), date(2023, 1, 1), "55734.99"),
    ],
)
def test_the_worked_values(retention: Any, start: date, expected: str) -> None:  # noqa: ANN401
    """20,000 a year, yearly terms, margin 0.8, 10 %, 5 years."""
    assert valued(replace(CONTRACT, retention=retention), account(start)) == [Decimal(expected)]


@given(
    st.lists(
        st.tuples(
            DAY,
            DAY,
            st.none() | st.sampled_from([1, 3, 7, 12, 24, 36]),
            st.none() | st.integers(0, 10**8).map(lambda cents: f"{Decimal(cents).scaleb(-2)}"),
        ),
        max_size=8,
    ),
    st.sampled_from([SBG, Decimal("0.9"), Decimal("0.85"), Decimal(1)]),
    st.sampled_from([("0.8", "0.1"), ("0.75", "0"), ("1", "0.085")]),
    st.sampled_from([1, 3, 5]),
)
def test_contracts_agree_with_the_second_implementation(
    accounts: list[Any],
    retention: Any,  # noqa: ANN401
    economics: tuple[str, str],
    years: int,
) -> None:
    """To the cent, whatever the term and its start, and missing where the other has none."""
    margin, discount = economics
    rule = ClvRule("contract", Decimal(margin), Decimal(discount), years, retention)
    about: dict[str, Any] = {"margin": margin, "discount": discount, "years": str(years)}
    about["retention"] = str(retention)
    if isinstance(retention, tuple):
        about["retention"] = {"alpha": "0.668", "beta": "3.806"}
    expected = []
    for start, renewal, length, arr in accounts:
        months = length or 12
        term = Terms(start, renewal, months).current(AS_OF)
        value = None
        if arr is not None and term is not None:
            survived = clv.whole_terms(start, term.first, months) if start else None
            value = clv.clv(about, Decimal(arr), months, survived)
        expected.append(value)
    assert valued(rule, *(account(*one) for one in accounts)) == expected


def test_ties_of_cents_go_to_the_even_one() -> None:
    """Half a cent is seen for what it is, in whatever term: floats could not tell."""
    rule = ClvRule("contract", Decimal("0.75"), Decimal(0), 1, Decimal(1))
    found = valued(rule, *(account(AS_OF, arr=arr) for arr in ("0.02", "0.06", "0.0201", "14641")))
    assert found == [Decimal("0.02"), Decimal("0.04"), Decimal("0.02"), Decimal("10980.75")]
    # 14,641 is 1.1^4 times 10,000: the fifth year is worth just 10,000 today.
    tenth = ClvRule("contract", Decimal("0.0000005"), Decimal("0.1"), 5, Decimal(1))
    assert valued(tenth, account(AS_OF, arr="14641")) == [Decimal("0.03")]
    # By alpha and beta of 1 one half of all accounts stay for a second year.
    halves = ClvRule("contract", Decimal(1), Decimal(0), 2, (Decimal(1), Decimal(1)))
    found = valued(halves, *(account(AS_OF, arr=arr) for arr in ("0.01", "0.03", "0.05")))
    assert found == [Decimal("0.02"), Decimal("0.04"), Decimal("0.08")]


def test_the_largest_amounts() -> None:
    """A value beyond what 64 bits hold is as exact as any, and one that is missing stays so."""
    rule = replace(CONTRACT, years=100, retention=Decimal(1), discount=Decimal(0))
    huge, nothing, small = valued(
        rule, account(AS_OF, arr="99999999999999.9999"), account(None), account(AS_OF, arr="0.01")
    )
    assert (huge, nothing, small) == (Decimal("7999999999999999.99"), None, Decimal("0.80"))


def test_terms_behind() -> None:
    """A cut first term is no whole one; a start in the future has nothing behind it."""
    found = living(
        [
            account(date(2024, 3, 15), date(2027, 1, 1)),  # terms begin in January
            account(date(2024, 1, 1)),
            account(date(2024, 2, 29), months=6),
            account(date(2027, 5, 1)),
            account(None, date(2027, 1, 1)),
            account(None),
        ]
    )
    assert found.behind.tolist() == [1, 2, 5, 0, 0, 0]
    assert found.begun.tolist() == [True] * 4 + [False] * 2
    assert found.terms.exist.tolist() == [True] * 5 + [False]
    assert found.counted.tolist() == [True] * 3 + [False] * 3


def test_who_left_made_the_renewals_before() -> None:
    """The day a term ends is the renewal that was not made, and so is each day of the term."""
    start = date(2022, 1, 1)
    days = [date(2024, 1, 1), date(2023, 12, 31), date(2024, 1, 2), date(2021, 6, 1), None, None]
    active = [False] * 5 + [True]
    found = living([account(start)] * 6, [*days], active)
    assert found.made[found.left].tolist() == [1, 1, 2, 0]
    assert found.left.tolist() == [True] * 4 + [False] * 2
    # One is gone by its status alone, nobody knows since when: nothing is learnt of it.
    assert found.counted.tolist() == [True] * 4 + [False, True]
    assert found.made[5] == 4


def cohort(
    left: list[int], stayed: int
) -> tuple[list[dict[str, Any]], list[date | None], list[bool]]:
    """Make accounts that began on one day: so many left after each year, and the rest stayed."""
    start = date(AS_OF.year - len(left), 1, 1)
    days = [
        date(start.year + 1 + year, 1, 1) for year, some in enumerate(left) for _ in range(some)
    ]
    total = len(days) + stayed
    return (
        [account(start)] * total,
        [*days, *[None] * stayed],
        [False] * len(days) + [True] * stayed,
    )


def test_an_estimate_is_that_of_the_published_cohort() -> None:
    """Of Fader & Hardie's (2007) 1000 high-end customers 869, 743, ... are there after each year.

    Their parameters, 0.668 and 3.806, are those found from seven years.
    """
    there = [1000, 869, 743, 653, 593, 551, 517, 491]
    left = [one - two for one, two in pairwise(there)]
    accounts, days, active = cohort(left, there[-1])
    rule = replace(CONTRACT, retention=Retention.ESTIMATE)
    known = living([*accounts, account(date(2026, 1, 1))], [*days, None], [*active, True])
    found = lifetime_values(rule, known, None).fields["clv"].to_pylist()
    given_them = lifetime_values(replace(CONTRACT, retention=SBG), known, None)
    expected = given_them.fields["clv"].to_pylist()
    assert abs(found[-1] - expected[-1]) < Decimal(20)
    assert abs(found[-1] - Decimal("52967.41")) < Decimal(20)


@pytest.mark.parametrize(
    ("left", "code", "words"),
    [
        (
            [10, 19],
            "clv-few",
            "retention cannot be estimated from 29 accounts that left: it takes 30",
        ),
        ([1, 0], "clv-few", "from 1 account that left"),
        (
            [5, 40],
            "clv-unfitted",
            "retention cannot be estimated from these accounts: no parameters",
        ),
    ],
)
def test_what_cannot_be_estimated(left: list[int], code: str, words: str) -> None:
    """Too few that left, or churn that rises from year to year, are an error with its remedy."""
    rule = replace(CONTRACT, retention=Retention.ESTIMATE, places={"retention": AT})
    known = living(*cohort(left, 40))
    found = lifetime_values(rule, known, None)
    (problem,) = found.problems
    assert (problem.code, problem.place) == (code, AT)
    assert words in problem.message
    assert "`retention: 0.9`" in problem.remedy
    assert found.fields["clv"].null_count == len(known.arr)


# --- transactions ---------------------------------------------------------------------------------


def shop(accounts: int = 600) -> Purchases:
    """Make accounts that buy as the models say, over a year or two; the last one never bought."""
    random = np.random.default_rng(7)
    counts, last, mean = (np.zeros(accounts) for _ in range(3))
    age = random.integers(300, 700, accounts).astype(float)
    for row in range(accounts - 1):
        rate, leaving = random.gamma(0.9, 1 / 25), random.beta(0.8, 2.5)
        day = random.exponential(1 / rate)
        while day < age[row]:
            counts[row], last[row] = counts[row] + 1, day
            day += np.inf if random.random() < leaving else random.exponential(1 / rate)
        if counts[row]:
            size = random.gamma(6 * counts[row], 1 / random.gamma(4, 1 / 15))
            mean[row] = round(size / counts[row], 2)
    known = np.arange(accounts) < accounts - 1
    return bgnbd.Purchases(counts.astype(np.int64), last, age * known, mean, known)


def nobody(accounts: int) -> Lives:
    """Make lives of accounts that have no contract."""
    return living([account(None)] * accounts)


def test_transactions() -> None:
    """Value to the cent and the chance to be still there, for who has bought at all."""
    bought = shop()
    found = lifetime_values(BUYERS, nobody(600), bought)
    assert found.problems == ()
    values, alive = (found.fields[name].to_pylist() for name in ("clv", "p_alive"))
    buying, spending = bgnbd.fit_bgnbd(bought), bgnbd.fit_gamma_gamma(bought)
    assert isinstance(buying, bgnbd.BgNbd)
    assert isinstance(spending, bgnbd.GammaGamma)
    chances: npt.NDArray[np.float64] = buying.p_alive(bought)
    assert values[-1] is alive[-1] is None
    assert [float(each) for each in alive[:-1]] == pytest.approx(chances[:-1].tolist(), abs=1e-6)
    assert all(value == round(value, 2) for value in values[:-1])
    assert all(0 <= chance <= 1 for chance in alive[:-1])


def test_transactions_without_purchases() -> None:
    """Where no source was added up both fields are missing, and nothing is wrong."""
    found = lifetime_values(BUYERS, nobody(2), None)
    assert rows_of(found) == [{"clv": None, "p_alive": None}] * 2
    assert found.problems == ()


@pytest.mark.parametrize(
    ("some", "words"),
    [(1, "the 1 account with contract terms"), (2, "the 2 accounts with contract terms")],
)
def test_transactions_beside_contracts(some: int, words: str) -> None:
    """Accounts under contract are no buyers of that kind: a warning says how many there are."""
    known = living([account(AS_OF)] * some + [account(None)])
    (problem,) = lifetime_values(BUYERS, known, None).problems
    assert (problem.code, problem.place) == ("clv-terms", AT)
    assert words in problem.message


def test_too_few_buyers() -> None:
    """Fewer than 30 that bought again cannot be learnt from."""
    found = lifetime_values(BUYERS, nobody(5), shop(5))
    (problem,) = found.problems
    assert problem.code == "clv-few"
    assert problem.message.startswith("how often accounts buy cannot be estimated from ")
    assert found.fields["clv"].null_count == found.fields["p_alive"].null_count == 5


def test_amounts_that_say_nothing() -> None:
    """Where all purchases were for nothing, how much accounts spend cannot be known."""
    bought = shop()
    found = lifetime_values(BUYERS, nobody(600), replace(bought, mean=bought.mean * 0))
    (problem,) = found.problems
    assert problem.message.startswith(
        "how much accounts spend cannot be estimated from 0 accounts that paid"
    )


def test_the_models_are_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without scipy the run says what to install."""
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    found = lifetime_values(BUYERS, nobody(600), shop())
    (problem,) = found.problems
    assert (problem.code, problem.place) == ("models-missing", AT)
    assert "csprio[models]" in problem.remedy
    assert found.fields["clv"].null_count == 600


def test_lives_take_any_amounts() -> None:
    """What an account pays may come as any exact column."""
    known = replace(
        living([account(AS_OF)] * 2), arr=whole(np.array([20_000, 0]), np.array([True, False]))
    )
    assert isinstance(known.arr, Exact)
    found = lifetime_values(CONTRACT, known, None)
    assert found.fields["clv"].to_pylist() == [Decimal("55734.99"), None]


def test_powers_of_years() -> None:
    """A factor a year over whole years is its power, to the last digit; over half a year a root."""
    yearly = Decimal("1.0123456789")
    power = values._power  # noqa: SLF001 - what whole answers ask of it depends on what it remembers
    power.cache_clear()
    assert power(yearly, 36) == Fraction(10123456789, 10**10) ** 3
    assert power(yearly, 0) == 1
    assert power(Decimal("1.21"), 6) == Fraction(11, 10)
