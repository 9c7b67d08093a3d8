"""Ids of accounts: cut where the settings say so, and neither blank nor twice.

Comes in: the ids of all files in order. Goes out: ids, and the rows in trouble. Lines are somebody
else's; here a row is a number from 0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pyarrow as pa

SALESFORCE = "salesforce"
_SHORT, _LONG = 15, 18
_WORD = r"^[A-Za-z0-9]+\z"
_CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_UPPER = re.compile("[A-Z]")


def cut(ids: pa.Array) -> pa.Array:
    """Cut Salesforce ids of 18 characters to the 15 that tell records apart."""
    long = pc.and_(pc.equal(pc.utf8_length(ids), _LONG), pc.match_substring_regex(ids, _WORD))
    return pc.if_else(long, pc.utf8_slice_codeunits(ids, 0, _SHORT), ids)


def mixed(ids: pa.Array) -> tuple[int, int] | None:
    """Give the first rows of a 15 and of an 18 character Salesforce id, if both kinds are there."""
    lengths = pc.fill_null(pc.binary_length(ids), 0).to_numpy(zero_copy_only=False)
    short, long = np.flatnonzero(lengths == _SHORT), np.flatnonzero(lengths == _LONG)
    if not len(short) or not len(long):
        return None
    longs = ((int(row), ids[int(row)].as_py()) for row in long)
    first_long = next((row for row in longs if is_checked(row[1])), None)
    if first_long is None:
        return None
    # The first three characters say what kind of record it is.
    alike = pc.and_(pc.match_substring_regex(ids.take(short), _WORD),
                    pc.starts_with(ids.take(short), first_long[1][:3]))  # fmt: skip
    first_short = pc.index(alike, True).as_py()
    return None if first_short < 0 else (int(short[first_short]), first_long[0])


def is_checked(text: str) -> bool:
    """Tell whether the last three characters of an id say which of the others are capitals.

    Each of them stands for five characters, whose capitals are the bits, the first one lowest.
    """
    if len(text) != _LONG or not (text.isascii() and text.isalnum()):
        return False
    pieces = (text[at : at + 5] for at in range(0, _SHORT, 5))
    bits = (sum(1 << at for at, char in enumerate(piece) if _UPPER.match(char)) for piece in pieces)
    return "".join(_CHECKS[bit] for bit in bits) == text[_SHORT:].upper()


def blank_rows(ids: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give the rows without an id."""
    return np.flatnonzero(pc.is_null(ids).to_numpy(zero_copy_only=False))


def repeated(ids: pa.Array) -> list[tuple[int, int]]:
    """Pair each row whose id stands further up with the row where it first stands."""
    if pc.all(pc.less(ids[:-1], ids[1:]), skip_nulls=False).as_py():
        return []  # ids in order need no table of all of them
    coded = ids.dictionary_encode()
    if len(coded.dictionary) == len(ids):
        return []
    known = np.flatnonzero(pc.is_valid(ids).to_numpy(zero_copy_only=False))
    groups = coded.indices.drop_null().to_numpy()
    first = first_rows(groups, known, len(coded.dictionary))
    again = known[first[groups] != known]
    return list(zip(again.tolist(), first[groups][first[groups] != known].tolist(), strict=True))


def first_rows(
    groups: np.ndarray[tuple[int], np.dtype[np.int64]],
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    count: int,
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give each group the first of its rows, in the order given; -1 where it has none."""
    first = np.full(count, -1, dtype=np.int64)
    first[groups[::-1]] = rows[::-1]  # of equal indices the last one written stays
    return first
