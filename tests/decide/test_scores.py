"""Proves scores: points, weights, coverage, caps, bands and changes, against plain fractions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide.conditions import Conditions
from csprio.decide.exact import MILLIONTHS, Exact, column
from csprio.decide.scores import (
    Scored,
    change,
    points_of,
    points_said,
    presence,
    scored,
    trend,
)
from csprio.rules import Band, Clause, Compare, Same
from csprio.signals import NOT_SCORED, Cap, Part, ScoreRule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Value = Fraction | None
Row = tuple[Value, ...]
BANDS = (
    Band("green", Compare(">=", Decimal(70))),
    Band("yellow", Compare(">=", Decimal(40))),
    Band("red", None),
)
# 128 is the least whole whose parts end in a 5 at the seventh decimal: ties of rounding.
WEIGHTS = st.sampled_from([Decimal(text) for text in ("1", "2", "15", "40", "64", "0.5", "33.3")])
ENDS = st.sampled_from(["0", "1", "0.8", "128", "-0.5", "100", "1000000", "1000000.5"])
NUMBERS = st.builds(
    Fraction, st.integers(-300, 1_000_300), st.sampled_from([1, 3, 8, 64, 1000, 1_000_000])
)
POINTS = st.builds(Fraction, st.integers(0, 6400), st.just(64))
CAPS = st.sampled_from([Decimal(text) for text in ("0", "39", "60.5", "50.0000005", "100")])


@dataclass(frozen=True)
class Plain:
    """A score of one account in exact fractions; `limit` is the number of the cap that bites."""

    value: Value
    low: Fraction
    high: Fraction
    coverage: Fraction
    band: int
    limit: int


def exactly(values: Sequence[Value]) -> Exact:
    """Make a column of fractions."""
    floats = np.array([np.nan if value is None else float(value) for value in values])
    return Exact(floats, lambda row: values[row] or Fraction(0))


def units(number: Fraction) -> int:
    """Count millionths, half to even."""
    counted: int = round(number * MILLIONTHS)
    return counted


def shown(numbers: Exact) -> list[Decimal | None]:
    """Round a column as it is shown."""
    found: list[Decimal | None] = column(numbers).to_pylist()
    return found


def rule_of(weights: Sequence[Decimal], **more: object) -> ScoreRule:
    """Make a rule whose parts earn what they are."""
    parts = tuple(Part(f"p{n}", weight) for n, weight in enumerate(weights))
    return replace(ScoreRule("health", parts, BANDS), **more)  # type: ignore[arg-type]


def hundred(points: Fraction, part: Part) -> Fraction:
    """Compute the points of a number as the contract writes it."""
    zero, full = (
        Fraction(end if end is not None else other)
        for end, other in ((part.zero, 0), (part.full, 100))
    )
    return 100 * min(max((points - zero) / (full - zero), Fraction(0)), Fraction(1))


def by_hand(rule: ScoreRule, row: Row, holding: Sequence[bool]) -> Plain:
    """Score one account as the contract says it, of the points of its parts."""
    weights = [Fraction(part.weight) for part in rule.parts]
    known = sum((w for w, p in zip(weights, row, strict=True) if p is not None), Fraction(0))

    def mean(missing: Fraction | None) -> Fraction:
        """Weigh points up, with what is missing at some points or left out."""
        pairs = [(w, missing if p is None else p) for w, p in zip(weights, row, strict=True)]
        there = [(w, p) for w, p in pairs if p is not None]
        return sum((w * p for w, p in there), Fraction(0)) / sum(w for w, _ in there)

    coverage = 100 * known / sum(weights)
    held = [(cap.at, n) for n, cap in enumerate(rule.caps) if holding[n]]
    most = min((Fraction(at) for at, _ in held), default=Fraction(100))
    value, limit = None, -1
    if known and coverage >= Fraction(rule.min_coverage):
        bare = mean(None)
        value = min(bare, most)
        limit = min(held)[1] if units(bare) > units(most) else -1
    band = -1
    if value is not None:
        rounded = Decimal(units(value)).scaleb(-6)
        band = next(
            (
                n
                for n, one in enumerate(rule.bands)
                if not isinstance(one.test, Compare) or rounded >= one.test.bound  # type: ignore[operator]
            ),
            -1,
        )
    low, high = (min(mean(end), most) for end in (Fraction(0), Fraction(100)))
    return Plain(value, low, high, coverage, band, limit)


@st.composite
def books(draw: st.DrawFn) -> tuple[ScoreRule, list[Row], list[list[bool]]]:
    """Draw a rule, the points of some accounts, and the caps that hold for each."""
    weights = draw(st.lists(WEIGHTS, min_size=1, max_size=5))
    parts = len(weights)
    held = draw(st.lists(CAPS, max_size=2))
    caps = tuple(Cap(Clause(f"c{n}", Same("yes")), at) for n, at in enumerate(held))
    least = draw(st.sampled_from([Decimal(0), Decimal(50), Decimal("33.3"), Decimal(100)]))
    rows = draw(st.lists(st.tuples(*[st.none() | POINTS | NUMBERS] * parts), max_size=8))
    holding = [[draw(st.booleans()) for _ in caps] for _ in rows]
    return rule_of(weights, caps=caps, min_coverage=least), rows, holding


def score(
    rule: ScoreRule, rows: Sequence[Row], holding: Sequence[Sequence[bool]] | None = None
) -> Scored:
    """Score accounts whose parts are numbers out of 100, or by the ends of the rule."""
    columns = [exactly([row[n] for row in rows]) for n in range(len(rule.parts))]
    points = [points_of(part, each) for part, each in zip(rule.parts, columns, strict=True)]
    holding = holding or [[False] * len(rule.caps)] * len(rows)
    names = {
        f"c{n}": pa.array(["yes" if row[n] else "no" for row in holding], pa.string())
        for n in range(len(rule.caps))
    }
    table = pa.table({"id": pa.array(range(len(rows)), pa.int64()), **names})
    return scored(rule, points, Conditions(table))


def assert_same(one: Scored, other: Scored) -> None:
    """Two scores give every account the same."""
    assert one.units.tolist() == other.units.tolist()
    assert one.value.known.tolist() == other.value.known.tolist()
    assert one.band.tolist() == other.band.tolist()
    for name in ("low", "high", "coverage"):
        assert shown(getattr(one, name)) == shown(getattr(other, name))


# --- the contract ---------------------------------------------------------------------------------

HEALTH = ScoreRule(
    "health",
    (
        Part("seat_use", Decimal(40), Decimal(0), Decimal("0.8")),
        Part("logins_trend", Decimal(20), Decimal("-0.5"), Decimal("0.25")),
        Part("urgent", Decimal(15), Decimal(6), Decimal(0)),
        Part("days_late", Decimal(10), Decimal(30), Decimal(0)),
        Part("nps", Decimal(15), Decimal(-100), Decimal(100)),
    ),
    BANDS,
    Decimal(60),
    (Cap(Clause("c0", Same("yes")), Decimal(39)),),
)
EXAMPLE: Row = (Fraction("0.52"), Fraction("-0.25"), Fraction(3), None, Fraction(0))


def test_the_worked_example() -> None:
    """The contract's account: 65, 33.333, 50, nothing and 50 points come to 52.963, yellow."""
    found = score(HEALTH, [EXAMPLE])
    assert [shown(points)[0] for points in found.points] == [
        Decimal(65), Decimal("33.333333"), Decimal(50), None, Decimal(50),
    ]  # fmt: skip
    assert found.units.tolist() == [52_962_963]
    ends = [shown(each)[0] for each in (found.coverage, found.low, found.high)]
    assert ends == [Decimal(90), Decimal("47.666667"), Decimal("57.666667")]
    assert found.bands.to_pylist() == ["yellow"]
    assert found.capped.tolist() == [-1]


def test_a_cap_comes_last_on_all_three() -> None:
    """Value, low and high are at most what the cap says, and the band is that of the rest."""
    found = score(HEALTH, [EXAMPLE], [[True]])
    assert found.units.tolist() == [39_000_000]
    assert [shown(each) for each in (found.value, found.low, found.high)] == [[Decimal(39)]] * 3
    assert found.bands.to_pylist() == ["red"]
    assert found.capped.tolist() == [0]
    assert shown(found.mean) == [Decimal("52.962963")]


def test_what_parts_cost() -> None:
    """Each part costs its weight x what it lacks, over the weight that is there."""
    costs = [shown(lost)[0] for lost in score(HEALTH, [EXAMPLE]).lost]
    # 40 x 35 / 90, 20 x 66.667 / 90, 15 x 50 / 90 twice: together 100 - 52.963.
    assert costs == [
        Decimal("15.555556"), Decimal("14.814815"), Decimal("8.333333"), None, Decimal("8.333333"),
    ]  # fmt: skip


def test_too_little_is_not_scored() -> None:
    """Below the coverage asked for there is no value, while low, high and coverage stand."""
    found = score(HEALTH, [(Fraction("0.8"), None, None, None, None), (None,) * 5])
    assert found.value.known.tolist() == [False, False]
    assert found.units.tolist() == [0, 0]
    assert found.bands.to_pylist() == [NOT_SCORED] * 2
    ends = [shown(each) for each in (found.low, found.high, found.coverage)]
    assert ends == [[Decimal(40), Decimal(0)], [Decimal(100)] * 2, [Decimal(40), Decimal(0)]]


def test_coverage_is_compared_exactly() -> None:
    """A third and a third are not 66.666667 percent, and half is 50."""
    thirds = rule_of([Decimal(1)] * 3, min_coverage=Decimal("66.666667"))
    row = (Fraction(50), Fraction(50), None)
    assert not score(thirds, [row]).value.known[0]
    assert score(replace(thirds, min_coverage=Decimal("66.666666")), [row]).value.known[0]
    assert score(rule_of([Decimal("0.1")] * 2), [(Fraction(1), None)]).value.known[0]


def test_without_bands_there_is_no_band() -> None:
    """Who has a score has no band then; who has none is not scored all the same."""
    found = score(rule_of([Decimal(1)], bands=()), [(Fraction(1),), (None,)])
    assert found.bands.to_pylist() == [None, NOT_SCORED]


def test_of_caps_the_lowest_counts() -> None:
    """Of two that hold the lower one, of two alike the first, and only if it takes something."""
    caps = tuple(
        Cap(Clause(f"c{n}", Same("yes")), Decimal(at)) for n, at in enumerate((60, 30, 30))
    )
    rows = [(Fraction(90),)] * 3 + [(Fraction(30),), (Fraction(50),)]
    holding = [[True, True, True], [True, False, True], [True, False, False], [True, True, True]]
    found = score(rule_of([Decimal(1)], caps=caps), rows, [*holding, [True, False, False]])
    assert found.capped.tolist() == [1, 2, 0, -1, -1]
    assert found.units.tolist() == [30_000_000, 30_000_000, 60_000_000, 30_000_000, 50_000_000]


def test_rounded_once_then_banded() -> None:
    """69.9999995 is 70 (half to even) and green; 69.9999994 is not."""
    found = score(rule_of([Decimal(1)]), [(Fraction("69.9999995"),), (Fraction("69.9999994"),)])
    assert found.units.tolist() == [70_000_000, 69_999_999]
    assert found.bands.to_pylist() == ["green", "yellow"]


# --- against fractions ----------------------------------------------------------------------------


@given(books())
def test_scores_agree_with_fractions(
    book: tuple[ScoreRule, list[Row], list[list[bool]]],
) -> None:
    """Whole columns give what fractions give for each account by itself, ties and caps included."""
    rule, rows, holding = book
    found = score(rule, rows, holding)
    for number, (row, held) in enumerate(zip(rows, holding, strict=True)):
        points = tuple(
            None if x is None else hundred(x, part) for x, part in zip(row, rule.parts, strict=True)
        )
        plain = by_hand(rule, points, held)
        assert found.value.known[number] == (plain.value is not None)
        assert found.units[number] == (0 if plain.value is None else units(plain.value))
        assert found.band[number] == plain.band
        assert found.capped[number] == plain.limit
        if plain.value is not None:
            assert found.value.at(number) == plain.value
        for name in ("low", "high", "coverage"):
            numbers: Exact = getattr(found, name)
            assert numbers.at(number) == getattr(plain, name)
            assert abs(numbers.floats[number] - float(getattr(plain, name))) < 1e-10
        assert [end[number] for end in found.ends] == [units(plain.low), units(plain.high)]
        assert found.covered[number] == units(plain.coverage)


@given(st.lists(st.integers(0, 128), min_size=1, max_size=40))
def test_ties_at_the_seventh_decimal(values: list[int]) -> None:
    """Points in steps of 100/512 lie half way between two millionths: they go to the even one."""
    rule = ScoreRule("s", (Part("x", Decimal(1), Decimal(0), Decimal(512)),))
    found = score(rule, [(Fraction(value),) for value in values])
    assert found.units.tolist() == [units(Fraction(100 * value, 512)) for value in values]


@given(ENDS, ENDS, st.lists(NUMBERS | st.none(), max_size=12))
def test_points_agree_with_fractions(zero: str, full: str, numbers: list[Value]) -> None:
    """Whatever earns 0 and 100, and on whichever side of it: also where the two are close."""
    if zero == full:
        return
    part = Part("x", Decimal(1), Decimal(zero), Decimal(full))
    found = points_of(part, exactly(numbers))
    for row, number in enumerate(numbers):
        assert found.known[row] == (number is not None)
        if number is not None:
            assert found.at(row) == hundred(number, part)
            assert abs(found.floats[row] - float(hundred(number, part))) < 1e-10


def test_ends_close_together() -> None:
    """Between a million and a half more floats would lose digits: there they do not."""
    part = Part("x", Decimal(1), Decimal(1_000_000), Decimal("1000000.5"))
    numbers = [Fraction(1_000_000) + Fraction(n, 14) for n in (-1, 0, 1, 3, 7, 8)]
    found = points_of(part, exactly(numbers))
    assert found.floats.tolist() == [0, 0, *(float(Fraction(100 * n, 7)) for n in (1, 3)), 100, 100]


@given(books(), st.sampled_from([2, 3, 10, 1_000_000]))
def test_only_proportions_of_weights_count(
    book: tuple[ScoreRule, list[Row], list[list[bool]]], times: int
) -> None:
    """All weights some times as heavy change nothing."""
    rule, rows, holding = book
    parts = tuple(replace(part, weight=part.weight * times) for part in rule.parts)
    heavier = replace(rule, parts=parts)
    assert_same(score(heavier, rows, holding), score(rule, rows, holding))


@given(books(), POINTS)
def test_missing_is_weight_nothing(
    book: tuple[ScoreRule, list[Row], list[list[bool]]], points: Fraction
) -> None:
    """A part that is missing changes a score no more than one that weighs nothing."""
    rule, rows, holding = book
    rule = replace(rule, min_coverage=Decimal(0), parts=(*rule.parts, Part("more")))
    weightless = replace(rule, parts=(*rule.parts[:-1], Part("more", Decimal(0))))
    missing = score(rule, [(*row, None) for row in rows], holding)
    nothing = score(weightless, [(*row, points) for row in rows], holding)
    assert missing.units.tolist() == nothing.units.tolist()
    assert missing.value.known.tolist() == nothing.value.known.tolist()


@given(books(), st.data())
def test_more_of_a_good_thing_never_lowers_a_score(
    book: tuple[ScoreRule, list[Row], list[list[bool]]], data: st.DataObject
) -> None:
    """Raising a number that is better the higher it is, nothing falls; turned over, nothing rises.

    The caps are the same before and after: they look at something else.
    """
    rule, rows, holding = book
    which = data.draw(st.integers(0, len(rule.parts) - 1))
    more = data.draw(NUMBERS.map(abs))

    def raised(row: Row) -> Row:
        """Raise one part of an account."""
        part = row[which]
        return tuple(
            part + more if n == which and part is not None else x for n, x in enumerate(row)
        )

    before, after = score(rule, rows, holding), score(rule, [*map(raised, rows)], holding)
    assert (after.units >= before.units).all()
    part = replace(rule.parts[which], zero=Decimal(100), full=Decimal(0))
    turned = replace(rule, parts=(*rule.parts[:which], part, *rule.parts[which + 1 :]))
    before, after = score(turned, rows, holding), score(turned, [*map(raised, rows)], holding)
    assert (after.units <= before.units).all()


@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_accounts_does_not_matter(
    book: tuple[ScoreRule, list[Row], list[list[bool]]], random: Random
) -> None:
    """Each account has the same score wherever it stands in the file."""
    rule, rows, holding = book
    order = list(range(len(rows)))
    random.shuffle(order)
    mixed = score(rule, [rows[n] for n in order], [holding[n] for n in order])
    straight = score(rule, rows, holding)
    assert mixed.units.tolist() == straight.units[order].tolist()
    assert mixed.band.tolist() == straight.band[order].tolist()
    assert mixed.capped.tolist() == straight.capped[order].tolist()


# --- texts, combinations --------------------------------------------------------------------------


def test_texts_earn_points() -> None:
    """Case does not matter; blank is missing, and what is not in the list missing and told."""
    part = Part("market", points={"Lighthouse": Decimal(100), "known": Decimal("33.5")})
    found, unknown = points_said(part, pa.array(["lighthouse", "KNOWN", None, "other", "other"]))
    assert shown(found) == [Decimal(100), Decimal("33.5"), None, None, None]
    assert found.at(1) == Fraction("33.5")
    assert unknown.tolist() == [False, False, False, True, True]


def test_numbers_that_are_said() -> None:
    """A number is compared as it is shown: without zeros behind the point."""
    part = Part("urgent", points={"0": Decimal(0), "2": Decimal(100)})
    cells = pa.array([Decimal("2.000000"), Decimal(0), Decimal("0.5")], pa.decimal128(38, 6))
    found, unknown = points_said(part, cells)
    assert shown(found) == [Decimal(100), Decimal(0), None]
    assert unknown.tolist() == [False, False, True]


@given(st.lists(st.integers(0, 2**40 - 1), max_size=6))
def test_combinations_of_many_parts(rows: list[int]) -> None:
    """However many parts there are, each account is told apart by those that it has."""
    points = [exactly([Fraction(1) if row >> n & 1 else None for row in rows]) for n in range(40)]
    found = presence(points, len(rows))
    sets = [found.sets[place] for place in found.of.tolist()]
    assert sets == [tuple(n for n in range(40) if row >> n & 1) for row in rows]


# --- change ---------------------------------------------------------------------------------------


def test_change_is_of_parts_on_both_days() -> None:
    """Only what is there on both days is compared, before caps; without any there is none."""
    one = Fraction(50)
    now = [(Fraction(80), one, None), (Fraction(80), None, one), (one, one, one), (one, one, None)]
    before = [(Fraction(60), None, one), (None, one, None), (None, None, None), (one, one, one)]
    caps = (Cap(Clause("c0", Same("yes")), Decimal(39)),)
    rule = rule_of([Decimal(2), Decimal(1), Decimal(1)], caps=caps, min_coverage=Decimal(20))
    today, earlier = score(rule, now, [[True]] * 4), score(rule, before)
    found = change(rule, today, earlier)
    assert shown(found) == [Decimal(20), None, None, Decimal(0)]
    assert trend(found).to_pylist() == ["up", None, None, "flat"]


@pytest.mark.parametrize(
    ("moved", "name"),
    [
        ("5", "up"),
        ("4.9999995", "up"),
        ("4.9999994", "flat"),
        ("-5", "down"),
        ("-4.9999994", "flat"),
        ("-100", "down"),
    ],
)
def test_five_points_are_a_trend(moved: str, name: str) -> None:
    """A move counts as it is shown, rounded."""
    assert trend(exactly([Fraction(moved)])).to_pylist() == [name]


@given(books(), st.data())
def test_changes_agree_with_fractions(
    book: tuple[ScoreRule, list[Row], list[list[bool]]], data: st.DataObject
) -> None:
    """The difference of two means over the parts present on both days, exactly."""
    rule, rows, holding = book
    parts = len(rule.parts)
    size = len(rows)
    earlier = data.draw(
        st.lists(st.tuples(*[st.none() | POINTS] * parts), min_size=size, max_size=size)
    )
    now, before = score(rule, rows, holding), score(rule, earlier)
    found = change(rule, now, before)
    for number, (row, old) in enumerate(zip(rows, earlier, strict=True)):
        pairs = [
            (Fraction(part.weight), hundred(x, part) - hundred(y, part))
            for part, x, y in zip(rule.parts, row, old, strict=True)
            if x is not None and y is not None
        ]
        both = bool(pairs) and bool(now.value.known[number]) and bool(before.value.known[number])
        assert found.known[number] == both
        if both:
            mean = sum((w * p for w, p in pairs), Fraction(0)) / sum(w for w, _ in pairs)
            assert shown(found)[number] == Decimal(units(mean)).scaleb(-6)
