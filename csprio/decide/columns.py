"""Arrow columns seen as numpy, and back: keys as codes, money as exact integers.

Nulls are codes of -1, and money is counted in units of 0.0001, so that whole columns are compared
without rounding.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.rules import Band, Between, Compare, Grid
from csprio.tables import MONEY_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Codes = npt.NDArray[np.int64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

NONE = -1
UNITS = 10**MONEY_DECIMALS
_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
TEXT = pa.string()


def codes_of(column: pa.Array | pa.ChunkedArray, keys: Sequence[str]) -> Codes:
    """Give each text the number of its place in `keys`; what is not among them, and null, is -1."""
    found = pc.index_in(column, value_set=pa.array(keys, TEXT))
    return np.asarray(found.fill_null(NONE).to_numpy(zero_copy_only=False)).astype(np.int64)


def keys_of(codes: Codes, keys: Sequence[str]) -> pa.Array:
    """Write codes as their keys, -1 as null."""
    return pa.array(keys, TEXT).take(pa.array(codes, mask=codes < 0))


def texts(values: Iterable[str | None]) -> pa.Array:
    """Make a text column."""
    return pa.array(values, TEXT)


def coded(words: pa.Array, codes: Codes) -> pa.Array:
    """Make a text column that holds each word once, and of every row the number of its word."""
    without = words.is_null().to_numpy(zero_copy_only=False)
    indices = pa.array(codes.astype(np.int32), mask=without[codes])
    return pa.DictionaryArray.from_arrays(indices, words.fill_null(""))


def distinct(words: pa.Array) -> tuple[pa.Array, Codes]:
    """Give each different text once, null too, and the number of every row's text."""
    encoded = words.dictionary_encode()
    numbers = encoded.indices.fill_null(len(encoded.dictionary))
    once = pa.concat_arrays([encoded.dictionary, texts([None])])
    return once, np.asarray(numbers.to_numpy(zero_copy_only=False))


def spelled_out(table: pa.Table) -> pa.Table:
    """Write the words of coded columns into every row."""
    schema = table.schema
    for at, each in enumerate(schema):
        if pa.types.is_dictionary(each.type):
            schema = schema.set(at, pa.field(each.name, TEXT))
    return table.cast(schema)


def blank(rows: int) -> pa.Array:
    """Make a text column of nothing."""
    return pa.nulls(rows, TEXT)


def joined(pieces: Sequence[pa.Array], separator: str) -> pa.Array:
    """Join the texts of each row, leaving out nulls; null where there is nothing to join.

    (`binary_join_element_wise(null_handling="skip")` of Arrow 26 loses rows of nothing but nulls.)
    """
    text = pieces[0]
    for piece in pieces[1:]:
        text = pc.coalesce(glued(text, separator, piece), text, piece)
    return text


def glued(*pieces: pa.Array | str) -> pa.Array:
    """Write texts of each row behind each other; null where one of them is."""
    parts = [pa.scalar(each, TEXT) if isinstance(each, str) else each for each in pieces]
    return pc.binary_join_element_wise(*parts, pa.scalar("", TEXT))


def units_of(column: pa.Array | pa.ChunkedArray) -> tuple[Ints, Mask]:
    """Count money in units of 0.0001: exact integers, and where there is any."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    low_words = np.frombuffer(array.buffers()[1], np.int64)[::2]
    known = np.asarray(array.is_valid().to_numpy(zero_copy_only=False))
    units = low_words[array.offset : array.offset + len(array)]
    return np.where(known, units, 0), known


def has_units(column: pa.Array) -> bool:
    """Tell whether the units of all amounts of a decimal column fit 64 bits."""
    words = np.frombuffer(column.buffers()[1], np.int64).reshape(-1, 2)
    words = words[column.offset : column.offset + len(column)]
    known = np.asarray(column.is_valid().to_numpy(zero_copy_only=False))
    return bool(((words[:, 1] == words[:, 0] >> 63) | ~known).all())


def band_codes(units: Ints, known: Mask, bands: Sequence[Band], scale: int) -> Codes:
    """Put each amount into the first band that holds it: its place in `bands`, else -1.

    `units` counts amounts in 1/`scale`; a band is the closed interval of units that it covers.
    """
    codes = np.full(len(units), NONE, np.int64)
    for place, band in reversed(list(enumerate(bands))):
        low, high = interval(band.test, scale)
        codes[(units >= low) & (units <= high)] = place
    return np.where(known, codes, NONE)


def band_places(units: Ints, known: Mask, grid: Grid, scale: int) -> Codes:
    """Put amounts into the grid's sizes: the place in `grid.sizes`, -1 where nothing is known."""
    places = np.array([*(grid.sizes.index(band.key) for band in grid.potential), NONE])
    return np.asarray(places[band_codes(units, known, grid.potential, scale)])


def interval(test: Compare | Between | None, scale: int) -> tuple[int, int]:
    """Give the least and the most whole units that a test lets pass; a day lets no amount pass."""
    match test:
        case Compare(sign, Decimal() as bound):
            exact = bound * scale
            return {
                ">": (math.floor(exact) + 1, _MOST),
                ">=": (math.ceil(exact), _MOST),
                "<": (_LEAST, math.ceil(exact) - 1),
                "<=": (_LEAST, math.floor(exact)),
            }[sign]
        case Between(Decimal() as low, Decimal() as high):
            return math.ceil(low * scale), math.floor(high * scale)
        case None:
            return _LEAST, _MOST
        case _:
            return _MOST, _LEAST


def first_known(*layers: Codes) -> Codes:
    """Take each row's code from the first layer that knows it."""
    return np.select([layer >= 0 for layer in layers], layers, NONE)
