"""Bands: exact bounds, no gap, none that cannot win."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.problems import Place, Problem
from csprio.read.bands import Domain, check_bands, read_bands
from csprio.read.yamls import MapNode, parse_text
from csprio.rules import Band, Between, Compare

HERE = Place("f.yaml", 1, "1")
MONEY = Domain(4, Decimal(0))


def bands(text: str) -> tuple[tuple[Band, ...], list[str]]:
    """Read bands; give them and the codes of the problems."""
    problems: list[Problem] = []
    node = parse_text(text, "f.yaml", problems)
    assert isinstance(node, MapNode)
    found = read_bands(node.entries, "`potential`", "a size", problems)
    return found, [one.code for one in problems]


def checked(text: str, domain: Domain = MONEY) -> list[str]:
    """Check bands; give the messages."""
    found, codes = bands(text)
    assert codes == []
    problems: list[Problem] = []
    check_bands(found, domain, "`potential`", HERE, problems)
    return [f"{one.code} {one.message}" for one in problems]


def test_forms() -> None:
    """A band is a comparison, a range, one number or the rest."""
    found, codes = bands("{A: over 50k, B: '10..20', C: 5, D: REST}")
    assert codes == []
    assert [band.test for band in found] == [
        Compare(">", Decimal(50_000)),
        Between(Decimal(10), Decimal(20)),
        Between(Decimal(5), Decimal(5)),
        None,
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("large", "band-form"),
        ("missing", "band-form"),
        ("not over 5", "band-form"),
        ("over 2026-01-01", "band-form"),
        ("2026-01-01..2026-02-01", "band-form"),
        ("[over 5, under 2]", "band-form"),
        ("{over: 5}", "band-form"),
        ("~", "band-form"),
        ("over x", "test-comparison"),
        ("50.000", "number-ambiguous"),
        ("more than 5", "test-words"),
    ],
)
def test_no_band(written: str, code: str) -> None:
    """Nothing else is a band."""
    assert bands(f"A: {written}") == ((), [code])


@pytest.mark.parametrize(
    "text",
    [
        "{A: over 50k, B: at least 10k, C: rest}",
        "{A: at least 0}",
        "{A: over -1}",
        "{A: at most 10, B: at least 10.0001}",
        "{A: under 10, B: 10, C: over 10}",
        "{A: 0..9.9999, B: at least 10}",
        "{A: under 0.0001, B: over 0}",
        "{B: 10..20, A: rest}",
    ],
)
def test_whole(text: str) -> None:
    """Bands that take every amount of four decimals from 0 are good."""
    assert checked(text) == []


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("{A: over 0}", "0"),
        ("{A: over 50k, B: under 50k}", "50000"),
        ("{A: at most 10, B: at least 10.0002}", "10.0001"),
        ("{A: 0..10, B: 11..20, C: over 20}", "10.0001"),
        ("{A: at most 99}", "99.0001"),
    ],
)
def test_gap(text: str, example: str) -> None:
    """The first amount that is in no band is named."""
    assert checked(text) == [f"band-gap the bands of `potential` leave out {example}"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{A: over 50k, B: over 60k, C: rest}", "B"),
        ("{A: at least 0, B: rest}", "B"),
        ("{A: rest, B: over 5}", "B"),
        ("{A: at least 10, B: under 10, C: rest}", "C"),
        ("{A: under 0, B: rest}", "A"),
        ("{A: 0..10, B: 5..10, C: rest}", "B"),
        ("{A: 0.00001..0.00002, B: rest}", "A"),
    ],
)
def test_never_wins(text: str, key: str) -> None:
    """A band that earlier ones leave nothing to, or that no amount is in, is an error."""
    assert [one.split(" can never")[0] for one in checked(text)] == [
        f"band-never-wins the band `{key}`"
    ]


SMALL = st.integers(-2, 8).map(Decimal)
TESTS = st.one_of(
    st.none(),
    st.builds(Compare, st.sampled_from([">", ">=", "<", "<="]), SMALL),
    st.tuples(SMALL, SMALL).map(lambda ends: Between(min(ends), max(ends))),
)


def holds(test: Compare | Between | None, amount: Decimal) -> bool:
    """Decide a band on one amount, the plain way."""
    if test is None:
        return True
    if isinstance(test, Between):
        assert isinstance(test.low, Decimal)
        assert isinstance(test.high, Decimal)
        return test.low <= amount <= test.high
    assert isinstance(test.bound, Decimal)
    signs = {">": amount > test.bound, ">=": amount >= test.bound,
             "<": amount < test.bound, "<=": amount <= test.bound}  # fmt: skip
    return signs[test.sign]


@given(st.lists(TESTS, max_size=5))
def test_as_counted(tests: list[Compare | Between | None]) -> None:
    """Gaps and idle bands are those that trying every amount finds."""
    found = [Band(str(n), test, Place("f", n + 1)) for n, test in enumerate(tests)]
    problems: list[Problem] = []
    check_bands(found, Domain(1, Decimal(0)), "`potential`", HERE, problems)
    winners: set[int] = set()
    gaps = []
    for amount in (Decimal(step) / 10 for step in range(100)):
        first = next((n for n, test in enumerate(tests) if holds(test, amount)), None)
        if first is None:
            gaps.append(amount)
        else:
            winners.add(first)
    idle = {one.place.line - 1 for one in problems if one.code == "band-never-wins"}
    assert idle == set(range(len(tests))) - winners
    said = [one.message for one in problems if one.code == "band-gap"]
    first_gap = [f"the bands of `potential` leave out {gap.normalize():f}" for gap in gaps[:1]]
    assert said == first_gap
