"""Whether an id stands twice among millions, at eight bytes each.

Comes in: the ids of a book, some at a time. Goes out: whether any two may be the same. A hash of
each is all that is kept, so that a yes wants a second look; a no is certain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from csprio.read.id_index import lengths_of, words_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Hashes = npt.NDArray[np.uint64]

_WORD = 8
_ODD, _SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


class Seen:
    """The ids seen so far: 8 bytes each, and 8 more while somebody asks."""

    def __init__(self) -> None:
        """Begin with none."""
        self._hashes: list[Hashes] = []

    def add(self, ids: pa.Array) -> None:
        """See more ids, none of which is null."""
        self._hashes.append(hashes(ids))

    def twice(self) -> bool:
        """Tell whether some id may stand twice among all that were seen."""
        every = np.concatenate(self._hashes) if self._hashes else np.empty(0, np.uint64)
        self._hashes = [every]
        every.sort()
        return bool((every[1:] == every[:-1]).any())


def hashes(ids: pa.Array) -> Hashes:
    """Hash each id to 64 bits: the same bytes always give the same."""
    lengths = lengths_of(ids)
    longest = int(lengths.max(initial=0))
    mixed = _stirred(lengths.astype(np.uint64))
    for at, word in enumerate(words_of(ids, max(-(-longest // _WORD), 1))):
        mixed = np.where(lengths > at * _WORD, _stirred(mixed + word), mixed)
    return mixed


def _stirred(words: Hashes) -> Hashes:
    """Have every bit change many others; different words stay different."""
    words = words * _ODD
    words ^= words >> _SPREAD
    words *= _ODD
    words ^= words >> _SPREAD
    return words
