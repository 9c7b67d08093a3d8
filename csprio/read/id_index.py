"""Which row of the book an id is, for millions of ids a time.

Comes in: the ids of the book, once; then columns of ids. Goes out: rows. Ids are compared byte by
byte: a hash says only where to look. Arrow's own lookup would index the book anew at every call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.batches import NOBODY

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.int32]
    Words = list[npt.NDArray[np.uint64]]  # the bytes of ids, eight at a time

_WORD = 8
_MOST_WORDS = 8  # longer ids are left to Arrow
_BITS = 64
_FREE = -1
_AT_ONCE = 1 << 16  # ids: what is worked out on the way stays in a processor's cache
_ODD, _SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_WORD + 1)], np.uint64)


class IdIndex:
    """Finds ids; of ids that stand twice some row is found."""

    def __init__(self, ids: pa.Array) -> None:
        """Index the ids of the book; no id is blank."""
        self._ids = ids
        longest = max(lengths_of(ids).max(initial=1).item(), 1)
        self._words = -(-longest // _WORD)
        if self._words > _MOST_WORDS:
            return
        self._known = words_of(ids, self._words)
        bits = max(4 * len(ids), 2).bit_length()
        self._shift, self._last = np.uint64(_BITS - bits), (1 << bits) - 1
        self._table = np.full(1 << bits, _FREE, np.int32)
        left = np.arange(len(ids), dtype=np.int32)
        slots = self._slots(self._known)
        while len(left):  # one that finds its place taken goes on to the next
            free = self._table[slots] == _FREE
            self._table[slots[free]] = left[free]
            lost = self._table[slots] != left
            left, slots = left[lost], (slots[lost] + 1) & self._last

    def rows(self, ids: pa.Array) -> Ints:
        """Give the row of each id; `NOBODY` where the book lacks it, or where it is null."""
        if self._words > _MOST_WORDS:
            found = pc.fill_null(pc.index_in(ids, self._ids), NOBODY)
            return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)
        if not len(self._ids):
            return np.full(len(ids), NOBODY, np.int64)
        asked, rows = words_of(ids, self._words), np.empty(len(ids), np.int64)
        for start in range(0, len(ids), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            rows[some] = self._found([word[some] for word in asked])
        lengths = lengths_of(ids)
        rows[(lengths == 0) | (lengths > self._words * _WORD)] = NOBODY
        return rows

    def _found(self, asked: Words) -> Places:
        """Give the row of each id; `NOBODY` where the book lacks it."""
        slots = self._slots(asked)
        there = self._table.take(slots, mode="clip")  # all are in it: saves looking for others
        same = self._same(there, asked)
        rows = np.where(same, there, NOBODY)
        left = np.flatnonzero(~same & (there != _FREE))
        at = left
        while len(at):  # another id has their place, so they may be further on
            asked, slots = [word.take(left) for word in asked], (slots.take(left) + 1) & self._last
            there = self._table.take(slots, mode="clip")
            same = self._same(there, asked)
            hit = np.flatnonzero(same)
            rows[at[hit]] = there[hit]
            left = np.flatnonzero(~same & (there != _FREE))
            at = at[left]
        return rows

    def _same(self, there: Places, asked: Words) -> Mask:
        """Compare ids with those of the book that they may be."""
        same = np.ones(len(there), np.bool_)
        for known, word in zip(self._known, asked, strict=True):
            same &= known.take(there, mode="clip") == word
        return same

    def _slots(self, words: Words) -> Ints:
        """Say where in the table to look first."""
        mixed = words[0] * _ODD
        for word in words[1:]:
            mixed ^= mixed >> _SPREAD
            mixed += word
            mixed *= _ODD
        mixed ^= mixed >> _SPREAD
        mixed *= _ODD
        return (mixed >> self._shift).astype(np.int64)


def lengths_of(ids: pa.Array) -> Ints:
    """Count the bytes of each id; 0 where there is none."""
    offsets = np.frombuffer(ids.buffers()[1] or b"\0\0\0\0", np.int32)
    lengths = np.diff(offsets[ids.offset : ids.offset + len(ids) + 1]).astype(np.int64)
    if ids.null_count:
        lengths[pc.is_null(ids).to_numpy(zero_copy_only=False)] = 0
    return lengths


def words_of(ids: pa.Array, count: int) -> Words:
    """Give the first bytes of each id, eight at a time; what is beyond its end is 0."""
    lengths = lengths_of(ids)
    if lengths.any() and (lengths == lengths[0]).all():
        return _even_words(ids, int(lengths[0]), count)
    _, offsets, text = ids.buffers()
    starts = np.frombuffer(offsets or b"\0\0\0\0", np.int32)[ids.offset : ids.offset + len(ids)]
    letters = np.zeros((text.size if text else 0) + (count + 1) * _WORD, np.uint8)
    if text:
        letters[: text.size] = np.frombuffer(text, np.uint8)
    # Every place of the text, seen as the beginning of a word.
    view = np.lib.stride_tricks.as_strided(
        letters[:_WORD].view("<u8"), shape=(len(letters) - _WORD,), strides=(1,), writeable=False
    )
    words = []
    for at in range(0, count * _WORD, _WORD):
        word = view[starts + at].astype(np.uint64, copy=False)
        word &= _MASKS[np.minimum(np.maximum(lengths - at, 0), _WORD)]
        words.append(word)
    return words


def _even_words(ids: pa.Array, length: int, count: int) -> Words:
    """Give the first bytes of ids that are all of one length, as most books have them."""
    _, offsets, text = ids.buffers()
    start = int(np.frombuffer(offsets, np.int32)[ids.offset])
    letters = np.frombuffer(text, np.uint8, length * len(ids), start).reshape(-1, length)
    words = []
    for at in range(0, count * _WORD, _WORD):
        word = np.zeros((len(ids), _WORD), np.uint8)
        part = letters[:, at : at + _WORD]
        word[:, : part.shape[1]] = part
        words.append(word.view("<u8").ravel().astype(np.uint64, copy=False))
    return words
