"""The note of each account in words: what is missing, left out or in disagreement.

In: the codes behind a graded table. Out: text columns, null where there is nothing to say. Per
account. Accounts in the same situation get the same words, so each situation is written once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from csprio.decide import why
from csprio.decide.columns import texts
from csprio.decide.why import Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from csprio.decide.grading import Graded
    from csprio.rules import Grid

    Codes = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

TAKES_PART, INACTIVE, PROSPECT = range(3)


def notes(
    graded: Graded, grid: Grid, called_for: Codes, inactive: Mask, prospect: Mask
) -> pa.Array:
    """Write the note of every account.

    `called_for` is the grade that each journal call was made for: its number in the grid's grades,
    their count where there was none then, -1 where nobody called.
    """
    state = np.select([inactive, prospect], [INACTIVE, PROSPECT], TAKES_PART)
    return _written(
        graded, called_for, state, lambda situation: "; ".join(_sentences(situation, grid))
    )


def what_is_missing(graded: Graded) -> pa.Array:
    """Say what an ungraded account lacks, null for the others."""
    same = np.zeros(len(graded.size), np.int64)
    return _written(graded, same, same, lambda situation: "; ".join(why.missing(situation)))


def _written(
    graded: Graded, called_for: Codes, state: Codes, write: Callable[[Situation], str]
) -> pa.Array:
    """Write each situation that occurs, then give every account its own."""
    columns = why.situations(graded, called_for, state)
    key = np.zeros(len(state), np.int64)
    for column in columns:  # mixed radix: one whole number for each situation
        key = key * (int(column.max(initial=0)) + 2) + column + 1
    which, found = pd.factorize(key)
    first = np.zeros(len(found), np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]
    situations = [
        Situation(*row) for row in np.stack([each[first] for each in columns], 1).tolist()
    ]
    return texts([write(each) or None for each in situations]).take(pa.array(which))


def _sentences(at: Situation, grid: Grid) -> Iterator[str]:
    if at.state == INACTIVE:
        yield why.INACTIVE
    if at.state == PROSPECT:
        yield why.PROSPECT
    yield from why.missing(at)
    yield from why.about_size(at, grid)
    yield from why.about_likelihood(at, grid)
    yield from why.about_tier(at, grid)
