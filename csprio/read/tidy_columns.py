"""Columns as written become columns of trimmed texts in which blank cells are null, at no cost.

Comes in: text as Arrow reads it, plain or coded by a dictionary. Goes out: the same kind of column.
Most columns have nothing to trim; then not a byte of them is copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.read.cells import clean
from csprio.read.part import AT_ONCE, LONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_EDGES = np.zeros(256, dtype=np.bool_)  # bytes at a cell's ends that may have to be taken off
_EDGES[[*range(33), ord("'"), *range(127, 256)]] = True


def side_by_side(rows: int, work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """Do the same for every column, two at a time where they are long: Arrow lets threads run."""
    if rows < LONG:
        return [work(item) for item in items]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a small file has no need

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(work, items))


def tidy(column: pa.ChunkedArray, missing: Iterable[str] = ()) -> pa.Array:
    """Clean a column as `clean` does, in one piece; one that is coded stays so."""
    written = column.combine_chunks()
    if isinstance(written, pa.ChunkedArray):  # what is too large for one piece
        written = pa.concat_arrays(written.chunks)
    if pa.types.is_dictionary(written.type):
        return _coded(written, missing)
    if tuple(missing) or written.offset or written.null_count:
        return clean(written, missing)
    _, offsets, letters = written.buffers()
    if letters is None or not letters.size:
        return pa.nulls(len(written), pa.string())
    at = np.frombuffer(offsets, np.int32)[: len(written) + 1]
    text = np.frombuffer(letters, np.uint8)
    first, last = text.take(at[:-1], mode="clip"), text.take(at[1:] - 1, mode="clip")
    if _EDGES[first].any() or _EDGES[last].any():  # those of a blank cell are another one's
        return clean(written)
    filled = at[1:] > at[:-1]
    blank = len(filled) - int(np.count_nonzero(filled))
    if not blank:
        return written
    bits = pa.py_buffer(np.packbits(filled, bitorder="little"))
    return pa.Array.from_buffers(pa.string(), len(written), [bits, offsets, letters], blank)


def _coded(written: pa.DictionaryArray, missing: Iterable[str]) -> pa.DictionaryArray:
    """Clean the texts of a dictionary; rows of a blank one become null."""
    texts = clean(written.dictionary, missing)
    if not texts.null_count:
        return pa.DictionaryArray.from_arrays(written.indices, texts)
    kept = np.cumsum(texts.is_valid().to_numpy(zero_copy_only=False), dtype=np.int32) - 1
    places = pc.if_else(texts.is_valid(), pa.array(kept), pa.scalar(None, pa.int32()))
    return pa.DictionaryArray.from_arrays(places.take(written.indices), texts.drop_null())
