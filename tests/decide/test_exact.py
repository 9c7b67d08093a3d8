"""Proves that what is rounded from floats is what exact arithmetic rounds, beside halves too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.batches import PARTS
from csprio.decide.exact import (
    MILLIONTHS,
    Exact,
    Scaled,
    by_value,
    column,
    decimals,
    millionths,
    nothing,
    numbers_of,
    scaled,
    whole,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

# Halves of a millionth, and what lies beside them by next to nothing, of all sizes and both signs.
BESIDE = st.sampled_from([0, 1, -1]).flatmap(
    lambda sign: st.integers(7, 40).map(lambda places: Fraction(sign, 10**places))
)
HALVES = st.integers(-(10**13), 10**13).map(lambda k: Fraction(2 * k + 1, 2 * MILLIONTHS))
NEAR = st.builds(lambda half, beside: half + beside, HALVES, BESIDE)
ANY = st.builds(Fraction, st.integers(-(10**25), 10**25), st.integers(1, 10**13))
NUMBERS = st.lists(st.none() | NEAR | ANY, max_size=8)
OFF = st.lists(st.floats(-1, 1), min_size=8, max_size=8)
COUNTS = st.integers(-(2**62) + 1, 2**62 - 1) | st.integers(-(10**13), 10**13)


def made(numbers: list[Fraction | None], off: list[float] | None = None) -> Exact:
    """Make a column, its floats as far off as is allowed, by a share of that each."""
    shares = [0.0] * len(numbers) if off is None else off
    floats = [
        np.nan if exact is None else float(exact) + share * max(1e-10, abs(float(exact)) * 2.0**-45)
        for exact, share in zip(numbers, shares, strict=False)
    ]
    return Exact(np.array(floats, float), lambda row: numbers[row] or Fraction(0))


def rounded(exact: Fraction | None) -> Fraction | None:
    """Round by exact arithmetic; what no column can hold is none."""
    if exact is None or abs(exact) >= 10**32:
        return None
    return Fraction(round(exact * MILLIONTHS), MILLIONTHS)


def written(exact: Exact) -> list[Fraction | None]:
    """Round as a column."""
    return [None if cell is None else Fraction(cell) for cell in column(exact).to_pylist()]


def given_back(exact: Exact) -> list[Fraction | None]:
    """Give the fractions of a column."""
    return [exact.at(row) if known else None for row, known in enumerate(exact.known.tolist())]


@given(NUMBERS, OFF)
def test_a_column_is_rounded_exactly(numbers: list[Fraction | None], off: list[float]) -> None:
    """Every number is rounded half to even by its fraction, whichever way its float is off."""
    assert written(made(numbers, off)) == [rounded(exact) for exact in numbers]


@given(st.lists(st.none() | NEAR, max_size=8), OFF)
def test_millionths_are_rounded_exactly(numbers: list[Fraction | None], off: list[float]) -> None:
    """Millionths are those of exact arithmetic too, and 0 where there is no number."""
    small = [None if one is None else one / 1000 for one in numbers]
    expected = [0 if one is None else round(one * MILLIONTHS) for one in small]
    assert millionths(made(small, off)).tolist() == expected


def test_halves_go_to_the_even_side() -> None:
    """0.0000005 is 0, 0.0000015 is 0.000002, and below 0 it is the same."""
    halves = [Fraction(n, 2 * MILLIONTHS) for n in (1, 3, 5, -1, -3)]
    assert millionths(made([*halves])).tolist() == [0, 2, 2, 0, -2]


def test_few_rows_are_asked_for() -> None:
    """Exact fractions are asked for only where a float cannot tell."""
    asked = []

    def at(row: int) -> Fraction:
        asked.append(row)
        return Fraction(1, 2 * MILLIONTHS)

    column(Exact(np.array([0.1, 5e-7, 1 / 3, 12345.678]), at))
    assert asked == [1]


def test_numbers_too_large_for_64_bits() -> None:
    """A column holds numbers below 1e32 and is null beyond; as millionths they are too many."""
    numbers: list[Fraction | None] = [
        *(Fraction(sign * each) for sign in (1, -1) for each in (2**63, 5 * 10**12, 10**32 - 1)),
        Fraction(10**32),
        Fraction(-(10**40)),
        None,
        Fraction(1, 3),
    ]
    assert written(made(numbers)) == [rounded(exact) for exact in numbers]
    with pytest.raises(OverflowError):
        millionths(made(numbers))


@given(
    st.lists(st.tuples(COUNTS, st.booleans()), max_size=8), st.sampled_from([1, 4, 10**4, 3, PARTS])
)
def test_whole_numbers(counts: list[tuple[int, bool]], scale: int) -> None:
    """Whole numbers of a scale are what they are, and are rounded without a detour."""
    units = np.array([unit for unit, _ in counts], np.int64)
    known = np.array([there for _, there in counts], bool)
    exact = whole(units, known, scale)
    expected = [Fraction(unit, scale) if there else None for unit, there in counts]
    assert given_back(exact) == expected
    assert written(exact) == [rounded(one) for one in expected]
    for near, one in zip(exact.floats.tolist(), expected, strict=True):
        assert one is None or abs(Fraction(near) - one) <= abs(one) / 2**50


def test_counted_millionths_are_no_rounding() -> None:
    """Whole numbers and money are counted as they are, at any size; thirds are not."""
    everybody = np.ones(2, bool)
    counts = np.array([4 * 10**12, -7])
    assert millionths(whole(counts, everybody)).tolist() == [4 * 10**18, -7 * MILLIONTHS]
    assert millionths(whole(counts, everybody, 10**4)).tolist() == [4 * 10**14, -700]
    assert whole(counts, everybody, 3).units() is None
    assert whole(counts * 1000, everybody, PARTS).units() is not None
    assert whole(counts + 1, everybody, PARTS).units() is None
    assert whole(counts * 10, everybody).units() is None  # past 64 bits


@given(
    pieces=st.lists(st.tuples(COUNTS, st.integers(0, PARTS - 1)), max_size=6),
    fine=st.booleans(),
    large=st.booleans(),
)
def test_numbers_in_two_pieces(pieces: list[tuple[int, int]], *, fine: bool, large: bool) -> None:
    """Whole part and rest make one number, in 64 bits or beyond; differences are exact."""
    numbers = np.array(
        [number * (10**9 if large else 1) for number, _ in pieces], object if large else np.int64
    )
    part = np.array([rest if fine else 0 for _, rest in pieces], np.int64)
    expected = [
        Fraction(int(number)) + Fraction(int(rest), PARTS)
        for number, rest in zip(numbers, part, strict=True)
    ]
    everybody = np.ones(len(pieces), bool)
    found = scaled(numbers, part)
    assert given_back(found.exact(everybody)) == expected
    for other in (found, Scaled(np.arange(len(pieces))), Scaled(np.arange(len(pieces)), PARTS)):
        less = [
            one - two
            for one, two in zip(expected, given_back(other.exact(everybody)), strict=True)
            if two is not None
        ]
        assert given_back(found.less(other).exact(everybody)) == less
        floats = found.less(other).exact(everybody).floats.tolist()
        for near, one in zip(floats, less, strict=True):
            assert abs(Fraction(near) - one) <= abs(one) / 2**50


@given(NUMBERS, st.lists(st.none() | st.just(Fraction(0)) | NEAR, min_size=8, max_size=8))
def test_division(numbers: list[Fraction | None], divisors: list[Fraction | None]) -> None:
    """Nothing is divided by 0 or by what is missing; all else exactly."""
    below = divisors[: len(numbers)]
    found = made(numbers).over(made(below))
    expected = [
        one / other if one is not None and other else None
        for one, other in zip(numbers, below, strict=True)
    ]
    assert given_back(found) == expected
    assert written(found) == [rounded(exact) for exact in expected]


def test_division_by_what_no_float_can_hold() -> None:
    """A divisor of hundreds of digits is none that is 0, and nothing is raised."""
    texts = [
        "1" + "0" * 400,
        "0." + "0" * 400 + "1",
        "-0." + "0" * 400 + "1",
        "0.000",
        "-1" + "0" * 400,
    ]
    divided = whole(np.ones(5, np.int64), np.ones(5, bool)).over(
        numbers_of(pa.chunked_array([texts]))
    )
    assert divided.known.tolist() == [True, True, True, False, True]
    assert column(divided).to_pylist() == [Decimal(0), None, None, None, Decimal(0)]
    assert divided.at(1) == 10**401


def test_some_rows_are_kept() -> None:
    """What is not kept has no number; the rest is as it was."""
    exact = whole(np.array([1, 2, 3]), np.array([True, True, False]))
    kept = exact.where(np.array([False, True, True]))
    assert len(kept) == 3
    assert given_back(kept) == [None, Fraction(2), None]
    assert column(kept).to_pylist() == [None, Decimal(2), None]


def test_nobody_has_a_number() -> None:
    """A column of nothing is null throughout."""
    assert given_back(nothing(2)) == [None, None]
    assert nothing(1).at(0) == 0
    assert column(nothing(2)).to_pylist() == [None, None]
    assert column(nothing(0)).to_pylist() == []


def test_decimals_are_written() -> None:
    """Millionths become decimals; what is not known is null."""
    written = decimals(np.array([-1, 5, 2_500_000]), np.array([True, False, True]))
    assert written.to_pylist() == [Decimal("-0.000001"), None, Decimal("2.500000")]
    assert written.null_count == 1


def test_values_are_asked_once() -> None:
    """Each value of a column is worth what is said of it, asked for once; null has none."""
    asked = []

    def worth(value: object) -> Fraction | None:
        asked.append(value)
        return {"a": Fraction(1, 3), "b": None}[str(value)]

    found = by_value(pa.chunked_array([["a", "b"], [None, "a"]]), worth)
    assert given_back(found) == [Fraction(1, 3), None, None, Fraction(1, 3)]
    assert asked == ["a", "b"]


FINE = pa.decimal128(38, 6)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pa.array([5, None, -3]), [5, None, -3]),
        (pa.array([5, None], pa.int16()), [5, None]),
        (pa.array(["5", "x", None, "-2.50", "1e5"]), [5, None, None, Fraction(-5, 2), None]),
        (pa.array(["5", None, "5"]).dictionary_encode(), [5, None, 5]),
        (pa.array([Decimal("1.2345"), None], pa.decimal128(18, 4)), [Fraction(12345, 10**4), None]),
        (pa.array([Decimal(-1), None, Decimal("1e30")], FINE), [-1, None, 10**30]),
        (pa.array([Decimal(1), Decimal("0.5")], FINE)[1:], [Fraction(1, 2)]),
        (pa.array([date(2026, 1, 5), None]), [None, None]),
        (pa.nulls(2), [None, None]),
        (pa.array([], pa.string()), []),
    ],
    ids=str,
)
def test_columns_of_accounts(cells: pa.Array, expected: list[Fraction | int | None]) -> None:
    """Numbers are read from whatever type a column has; what is no number is missing."""
    assert given_back(numbers_of(pa.chunked_array([cells]))) == expected
