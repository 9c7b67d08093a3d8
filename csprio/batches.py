"""Rows of a source on their way from the file to what they add up to.

Made by `read`, taken by `decide`. A batch holds some rows in the order of the file; nothing here
reads a cell or adds anything up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

PARTS = 10**9  # what a number's part is counted in
NOBODY = -1  # the row of an account that the book does not have


@dataclass(frozen=True)
class Numbers:
    """Exact numbers, one a row: `whole` + `part` / `PARTS`, with 0 <= part < PARTS.

    Where `known` is not set there is none, and both are 0. Decimals beyond the ninth are rounded
    half to even.
    """

    whole: Ints
    part: Ints
    known: Mask


@dataclass(frozen=True)
class Units:
    """Whole numbers, one a row; 0 where `known` is not set."""

    units: Ints
    known: Mask


@dataclass(frozen=True)
class Batch:
    """Some rows of one source, in the order of the file; each has a day that could be read.

    `row` is that of the account in the book, `NOBODY` for one that it lacks; `day` counts days from
    1970-01-01; `at` is the number of the row in the file, from 0, ascending. `texts` has a column
    for each name that conditions, `distinct` and `by` look at: trimmed text, null where blank, and
    plain decimals or ISO days where a condition reads it so. `numbers` are the columns that are
    added up, `answers` those of surveys (0 to 10), `amounts` those of orders, in units of 0.0001.
    """

    row: Ints
    day: Ints
    at: Ints
    texts: pa.Table
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    answers: Mapping[str, Units] = field(default_factory=dict)
    amounts: Mapping[str, Units] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.row)
