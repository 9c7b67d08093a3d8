"""Columns of any Arrow type as text: what a CSV with the same values would say.

Comes in: a column. Goes out: its cells as csprio prints them (ISO dates, shortest plain numbers),
empty where nothing is known; or, of a column whose cells are no single values, what they are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_SINGLE = (
    (pa.types.is_nested, "lists or records"),
    (pa.types.is_duration, "spans of time"),
    (pa.types.is_interval, "spans of time"),
)
_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
_ODD_FLOAT, _ODD_DECIMAL = "e|^nan$|^-0$", "E"
# What Arrow writes behind a moment: decimals of its unit, and a zone as Z or -0500.
_NO_DECIMALS = (r"\.0+(Z|[+-][0-9]{4})?$", r"\1")
_SPARE_ZEROS = (r"(\.[0-9]*[1-9])0+(Z|[+-][0-9]{4})?$", r"\1\2")
_ZONE = (r"([+-][0-9]{2})([0-9]{2})$", r"\1:\2")


def not_single(kind: pa.DataType) -> str:
    """Say what a column of this type holds, if that is no single values; else nothing."""
    inner = _inner(kind)
    return next((what for holds, what in _NOT_SINGLE if holds(inner)), "")


def is_number(kind: pa.DataType) -> bool:
    """Tell whether a column of this type holds numbers."""
    inner = _inner(kind)
    return any(holds(inner) for holds in _NUMBERS)


def texts_of(column: pa.ChunkedArray) -> pa.Array | str:
    """Write each cell as text, or say what the cells are where that cannot be done.

    A float that is no number is an empty text, since that is how many programs write none.
    """
    if what := not_single(column.type):
        return what
    try:
        pieces = [_texts(chunk) for chunk in column.chunks]
        for piece in pieces:
            piece.validate(full=True)  # nobody has looked yet whether it is UTF-8
    except pa.ArrowNotImplementedError:
        return f"values of the type {column.type}"
    except pa.ArrowInvalid:
        return f"values of the type {column.type}, some of which have no text"
    return pa.concat_arrays([pa.array([], pa.string()), *pieces]).fill_null("")


def _inner(kind: pa.DataType) -> pa.DataType:
    """Give the type of the values, whether they are coded or not."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _texts(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _texts(values.dictionary).take(values.indices)
    if isinstance(kind, pa.BaseExtensionType) and not isinstance(kind, pa.UuidType):
        return _texts(values.storage)
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        coded = values.dictionary_encode()  # many rows have few moments
        return _moments(coded.dictionary.cast(pa.string())).take(coded.indices)
    if isinstance(kind, pa.UuidType):
        known = (each if each is None else str(each) for each in values.to_pylist())
        return pa.array(known, pa.string())
    return _plain(values.cast(pa.string()), kind)


def _plain(written: pa.Array, kind: pa.DataType) -> pa.Array:
    """Write numbers of a type in their shortest plain form; what else there is stays."""
    if pa.types.is_floating(kind):
        return _rewritten(written, _ODD_FLOAT, _plain_float)
    if not pa.types.is_decimal(kind):
        return written
    written = _rewritten(written, _ODD_DECIMAL, lambda text: f"{Decimal(text):f}")
    if kind.scale <= 0:
        return written
    return pc.ascii_rtrim(pc.ascii_rtrim(written, characters="0"), characters=".")


def _moments(written: pa.Array) -> pa.Array:
    """Write times, with their date where they have one, as ISO has them."""
    written = pc.replace_substring(written, " ", "T", max_replacements=1)
    for pattern, anew in (_NO_DECIMALS, _SPARE_ZEROS, _ZONE):
        written = pc.replace_substring_regex(written, pattern, anew)
    return written


def _rewritten(written: pa.Array, odd: str, anew: Callable[[str], str | None]) -> pa.Array:
    """Write the texts that match anew, each once."""
    if not pc.any(pc.match_substring_regex(written, odd)).as_py():
        return written
    coded = written.dictionary_encode()
    marked = pc.match_substring_regex(coded.dictionary, odd).to_pylist()
    texts = zip(coded.dictionary.to_pylist(), marked, strict=True)
    found = [anew(text) if is_odd else text for text, is_odd in texts]
    return pa.array(found, pa.string()).take(coded.indices)


def _plain_float(text: str) -> str | None:
    """Write a float without an exponent, and a zero without a sign."""
    value = Decimal(text)
    return None if value.is_nan() else f"{value or abs(value):f}"
