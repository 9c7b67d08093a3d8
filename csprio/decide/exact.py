"""Exact numbers of accounts at the speed of floats.

A column of numbers is kept twice: as floats, with which whole columns are computed, and as a way to
give the exact fraction of a single row. What is rounded is rounded from the float, but for the few
rows that lie so close to a half that the float cannot tell: those are asked for exactly. So the
answer is that of exact arithmetic, half to even, on any machine. Per account.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.batches import PARTS
from csprio.decide.conditions import as_number

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from csprio.decide.conditions import Value

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

DECIMALS = 6  # of every measure and score that is shown
MILLIONTHS = 10**DECIMALS
MILLIONTH = pa.decimal128(38, DECIMALS)
_DOUBT = 1e-3  # how near to a half, in millionths, a float is not trusted
_ERROR = 2.0**-44  # nor nearer than this part of itself
_MOST = 2**62  # millionths that are counted in 64 bits
_MOST_WRITTEN = 10**38  # millionths that a column of decimals holds
_WORD = 2**64


@dataclass(frozen=True)
class Exact:
    """One number an account: `floats` are within 1e-10, or 2**-45 of it; NaN where there is none.

    `at` gives the fraction of a row that has one. `units` counts the millionths of each, 0 where
    there is no number, or gives None: where that is not exact for all.
    """

    floats: Floats
    at: Callable[[int], Fraction]
    units: Callable[[], Ints | None] = lambda: None

    def __len__(self) -> int:
        """Count the accounts."""
        return len(self.floats)

    @cached_property
    def known(self) -> Mask:
        """Tell which accounts have a number."""
        missing = np.isnan(self.floats)
        return np.logical_not(missing, out=missing)

    def take(self, rows: Ints) -> Exact:
        """Take the numbers of some accounts."""
        return Exact(self.floats[rows], lambda row: self.at(int(rows[row])))

    def where(self, keep: Mask) -> Exact:
        """Keep the numbers of some accounts; the others have none."""
        return Exact(np.where(keep, self.floats, np.nan), self.at)

    def over(self, other: Exact) -> Exact:
        """Divide by other numbers of the same accounts; there is none where they are 0 or none.

        Both floats must be off by no more than a few roundings, as those made here are.
        """
        divided = np.full(len(self), np.nan)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            np.divide(self.floats, other.floats, out=divided, where=other.floats != 0)
        return Exact(divided, lambda row: self.at(row) / other.at(row))


@dataclass(frozen=True)
class Scaled:
    """Whole numbers of 1/`scale`, one an account; Python integers where 64 bits are too few."""

    units: npt.NDArray[Any]
    scale: int = 1

    def less(self, other: Scaled) -> Scaled:
        """Take other numbers away."""
        if self.scale == other.scale:
            return Scaled(self.units - other.units, self.scale)
        fine = max(self.scale, other.scale)
        one, two = (_times(each.units, fine // each.scale) for each in (self, other))
        return Scaled(one - two, fine)

    def exact(self, known: Mask) -> Exact:
        """Make a column of them, for the accounts that are known to have one."""
        return whole(self.units, known, self.scale)


def scaled(numbers: npt.NDArray[Any], part: Ints) -> Scaled:
    """Make one number of `numbers` + `part` / `PARTS` each."""
    if not part.any():
        return Scaled(numbers)
    return Scaled(_times(numbers, PARTS) + part, PARTS)


def _times(units: npt.NDArray[Any], times: int) -> npt.NDArray[Any]:
    """Multiply by a number from 1, in Python integers where 64 bits might be too few."""
    most = max(-int(units.min(initial=0)), int(units.max(initial=0)))
    return (units if (most + 1) * times < _MOST else units.astype(object)) * times


def whole(units: npt.NDArray[Any], known: Mask, scale: int = 1) -> Exact:
    """Make a column of whole numbers of 1/`scale`; nothing is made of what is not known."""
    floats = np.full(len(units), np.nan)
    np.divide(units, scale, out=floats, where=known, casting="unsafe")
    return Exact(
        floats,
        lambda row: Fraction(int(units[row]), scale),
        lambda: _counted(units if known.all() else np.where(known, units, 0), scale),
    )


def _counted(units: npt.NDArray[Any], scale: int) -> Ints | None:
    """Count millionths, where each number is whole millionths and all fit 64 bits."""
    times, apart = max(MILLIONTHS // scale, 1), max(scale // MILLIONTHS, 1)
    if times * scale != MILLIONTHS * apart or (apart > 1 and (units % apart).any()):
        return None
    counted = _times(units, times)
    if counted.dtype == object:
        return None
    return counted if apart == 1 else counted // apart


def by_value(column: pa.ChunkedArray, worth: Callable[[Value], Fraction | None]) -> Exact:
    """Make a column of what each value of another is worth; each is asked for once."""
    encoded = column.combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_pylist()
    worths = [*(None if value is None else worth(value) for value in values), None]
    codes = pc.fill_null(encoded.indices, len(values)).to_numpy(zero_copy_only=False)
    nearest = np.array([math.nan if exact is None else _nearest(exact) for exact in worths])
    return Exact(nearest[codes], lambda row: worths[codes[row]] or Fraction(0))


def numbers_of(column: pa.ChunkedArray) -> Exact:
    """Read a column of the accounts: whole numbers, decimals or texts of plain decimals.

    What is no number there is none.
    """
    if pa.types.is_signed_integer(column.type):
        known = np.asarray(column.is_valid().to_numpy())
        return whole(pc.fill_null(column, 0).to_numpy().astype(np.int64), known)
    if pa.types.is_decimal128(column.type):
        array = column.combine_chunks()
        words = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)
        low, high = words[array.offset : array.offset + len(array)].T
        known = np.asarray(array.is_valid().to_numpy(zero_copy_only=False))
        if (~known | (high == low >> 63)).all():
            return whole(np.where(known, low, 0), known, 10**column.type.scale)
    return by_value(column, _plain)


def _plain(value: Value) -> Fraction | None:
    """Read a plain decimal."""
    read = as_number(value)
    return None if read is None else Fraction(read)


def _nearest(exact: Fraction) -> float:
    """Give the nearest float, but 0 for nothing else than 0."""
    try:
        near = float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf
    if exact and not near:
        return math.ulp(0) if exact > 0 else -math.ulp(0)
    return near


def nothing(rows: int) -> Exact:
    """Make a column in which nobody has a number."""
    return Exact(np.full(rows, np.nan), lambda _: Fraction(0))


def millionths(numbers: Exact) -> Ints:
    """Round to 6 decimals, half to even, in millionths; 0 where there is no number.

    Raises OverflowError for a number of 4.6e12 or more: `column` writes those too.
    """
    counted = numbers.units()
    if counted is not None:
        return counted
    millionfold = _millionfold(numbers)
    if (np.abs(millionfold) >= _MOST).any():
        raise OverflowError
    return _rounded(numbers, millionfold)


def _millionfold(numbers: Exact) -> Floats:
    """Give the floats in millionths, 0 where there is no number."""
    with np.errstate(over="ignore"):
        return np.asarray(np.where(numbers.known, numbers.floats, 0.0) * MILLIONTHS)


def _rounded(numbers: Exact, millionfold: Floats) -> Ints:
    """Round floats; where they leave a doubt, round the numbers themselves."""
    nearest = np.rint(millionfold)
    off = np.subtract(millionfold, nearest)  # a half at most
    rounded = nearest.astype(np.int64)
    sure = np.abs(millionfold, out=nearest)
    sure *= -_ERROR
    sure += 0.5 - _DOUBT
    for row in np.flatnonzero(np.abs(off, out=off) >= sure).tolist():
        rounded[row] = round(numbers.at(row) * MILLIONTHS)
    return rounded


def column(numbers: Exact) -> pa.Array:
    """Round to 6 decimals, half to even: an Arrow column of decimals, null where nothing is known.

    So is what no column of decimals can hold: a number of 1e32 or more.
    """
    counted = numbers.units()
    if counted is not None:
        return decimals(counted, numbers.known)
    millionfold, known = _millionfold(numbers), numbers.known.copy()
    large = np.abs(millionfold) >= _MOST
    words = _words(_rounded(numbers, np.where(large, 0.0, millionfold)))
    for row in np.flatnonzero(large).tolist():
        units = round(numbers.at(row) * MILLIONTHS)
        known[row] = abs(units) < _MOST_WRITTEN
        if known[row]:
            high, low = divmod(units, _WORD)
            words[row] = (low - _WORD if low >= _WORD // 2 else low), high
    return _decimals(words, known)


def decimals(units: Ints, known: Mask) -> pa.Array:
    """Write millionths as an Arrow column of decimals, null where not known."""
    return _decimals(_words(units), known)


def _words(units: Ints) -> Ints:
    """Write whole numbers in two words of 64 bits, the low one first."""
    words = np.empty((len(units), 2), np.int64)
    words[:, 0] = units
    np.right_shift(units, 63, out=words[:, 1])
    return words


def _decimals(words: Ints, known: Mask) -> pa.Array:
    """Make a column of decimals of its words."""
    bits = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(MILLIONTH, len(words), [bits, pa.py_buffer(words)])
