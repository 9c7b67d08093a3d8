"""Rows that are alike: numbered by what they hold, and put in order where numbers leave them alike.

In: columns of whole numbers, or of texts. Out: numbers of rows. Texts are hashed or compared only
where numbers do not tell rows apart, since that takes a hundred times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

_MOST = 1 << 31  # values of a column, or rows: the numbers of two such make one of 64 bits


def numbered_alike(columns: Iterable[Ints]) -> tuple[Ints, Rows]:
    """Give rows that are alike in all columns one number; also give the first row of each number.

    Numbers count from 0, in the order of those first rows. There is at least one column.
    """
    key, size = np.zeros(1, np.int64), 1
    for column in columns:
        low, width = _range(column)
        values = column
        if width > _MOST:
            values, found = pd.factorize(column)
            low, width = 0, len(found)
        if size * width > _MOST * _MOST:
            key, found = pd.factorize(key)
            size = len(found)
        key, size = key * width + (values - low), size * width
    number, found = pd.factorize(key)
    first = np.zeros(len(found), np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number, first


def codes(texts: pa.Array) -> Ints:
    """Give each text a number, nulls -1."""
    indices = texts.dictionary_encode().indices.fill_null(NONE)
    return np.asarray(indices.to_numpy(zero_copy_only=False)).astype(np.int64)


def settled(order: Rows, numbers: Sequence[Ints], texts: pa.Table) -> Rows:
    """Put rows that stand in order by numbers, but have all of these alike, in order by texts.

    Texts are compared column by column, by code point; nulls come last.
    """
    alike = np.all([each[order[1:]] == each[order[:-1]] for each in numbers], axis=0)
    after = np.append(False, alike)[: len(order)]
    ties = after | np.append(alike, False)[: len(order)]
    rows, place = order[ties], np.cumsum(~after)[ties]
    tied = texts.take(pa.array(rows)).append_column("place", pa.array(place))
    keys = [(name, "ascending") for name in ("place", *texts.column_names)]
    done = order.copy()
    done[ties] = rows[pc.sort_indices(tied, sort_keys=keys).to_numpy()]
    return done


def _range(column: Ints) -> tuple[int, int]:
    """Give the least value of a column, and how many there are from it to the largest."""
    if not len(column):
        return 0, 1
    low, high = int(column.min()), int(column.max())
    return low, high - low + 1
