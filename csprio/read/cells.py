"""Columns of cells: trimmed, and read as what their field is, whole columns at a time.

Comes in: an Arrow column of text. Goes out: a typed column, null where a cell cannot be read, and
for each such text what is wrong with it. A text that stands in many rows is read once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.fields import MOTIONS
from csprio.read.amounts import WHOLE_DIGITS, Amount, Bad, money, number, whole
from csprio.read.dates import Vote, Votes, both_ways, day_of
from csprio.read.wording import listed
from csprio.tables import Kind, arrow_type, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal

    import numpy.typing as npt

    from csprio.read.amounts import Marks

# The apostrophe that the excel format puts before what a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_WHOLE_KEY = re.compile(r"([0-9]+)\.0+")
# What is a number in its shortest plain form already, and no point in it could part thousands.
_PLAIN_NUMBER = r"^(0|-?[1-9][0-9]{0,13}|-?(0|[1-9][0-9]{0,13})\.[0-9]?[1-9])\z"
# Bytes that are a letter, a digit or a mark: neither white space, nor of it, nor an apostrophe.
_BARE = np.isin(np.arange(256), [at for at in range(0x21, 0x7F) if at != ord("'")])
_ZERO, _NINE = b"09"
_OPEN_DATE = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]"


@dataclass(frozen=True)
class Typed:
    """A typed column; `bad` and `currencies` are keyed by the text of the cells they are about."""

    values: pa.Array
    bad: Mapping[str, Bad] = field(default_factory=dict)
    currencies: Mapping[str, str] = field(default_factory=dict)


def clean(written: pa.Array, missing: Iterable[str] = ()) -> pa.Array:
    """Take off outer white space and a guarding apostrophe; make empty and missing words null."""
    cells = written if _bare(written) else pc.utf8_trim_whitespace(written)
    if cells is not written and pc.any(pc.starts_with(cells, "'")).as_py():
        guarded = pc.match_substring_regex(cells, f"^{_GUARDED.pattern}")
        bare = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(cells, 1))
        cells = pc.if_else(guarded, bare, cells)
    gone = pc.is_in(cells, pa.array(["", *missing], pa.string()))
    return pc.if_else(gone, pa.scalar(None, pa.string()), cells) if pc.any(gone).as_py() else cells


def _bare(cells: pa.Array) -> bool:
    """Tell at a glance at their first and last bytes that cells have nothing around them."""
    bounds, text = _bytes_of(cells)
    if not len(text):
        return False
    heads, tails = text.take(bounds[:-1], mode="clip"), text.take(bounds[1:] - 1, mode="clip")
    return bool(((_BARE[heads] & _BARE[tails]) | (bounds[1:] == bounds[:-1])).all())


def _all_digits(cells: pa.Array) -> bool:
    """Tell at a glance at their bytes that cells are whole amounts, or null."""
    bounds, text = _bytes_of(cells)
    lengths = np.diff(bounds)
    used = text[bounds[0] : bounds[-1]]
    short = not len(lengths) or lengths.max() <= WHOLE_DIGITS
    empty = np.count_nonzero(lengths == 0) > cells.null_count
    return bool(short and not empty and ((used >= _ZERO) & (used <= _NINE)).all())


def _bytes_of(cells: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Give where each cell begins and the last one ends, and the bytes of all; none of no text."""
    if cells.type != pa.string() or cells.buffers()[2] is None:
        return np.zeros(len(cells) + 1, np.int32), np.empty(0, np.uint8)
    _, offsets, content = cells.buffers()
    bounds = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    return bounds, np.frombuffer(content, np.uint8)


def as_money(cells: pa.Array, here: Marks) -> Typed:
    """Read amounts: plain ones by Arrow, the others one by one."""
    kind = arrow_type(Kind.MONEY)
    if _all_digits(cells):
        return Typed(pc.cast(cells, kind))
    easy = pc.fill_null(pc.match_substring_regex(cells, here.plain_pattern), True)  # noqa: FBT003
    if pc.all(easy).as_py():
        return Typed(pc.cast(cells, kind))
    nothing = pa.scalar(None, pa.string())
    plain_ones = pc.cast(pc.if_else(easy, cells, nothing), kind)
    currencies: dict[str, str] = {}

    def read(text: str) -> Decimal | Bad:
        return _value(text, money(text, here), currencies)

    others = _each_once(pc.if_else(easy, nothing, cells), read, kind)
    return Typed(pc.coalesce(plain_ones, others.values), others.bad, currencies)


def as_number(cells: pa.Array, here: Marks) -> Typed:
    """Read signed numbers and write them as shortest plain decimals."""
    easy = pc.fill_null(pc.match_substring_regex(cells, _PLAIN_NUMBER), True)  # noqa: FBT003
    if here.decimal == "." and pc.all(easy).as_py():
        return Typed(cells)
    currencies: dict[str, str] = {}

    def read(text: str) -> str | Bad:
        value = _value(text, number(text, here), currencies)
        return value if isinstance(value, Bad) else format(value, "f")

    typed = _each_once(cells, read, pa.string())
    return Typed(typed.values, typed.bad, currencies)


def as_whole(cells: pa.Array, here: Marks) -> Typed:
    """Read whole numbers from 1."""
    return _each_once(cells, lambda text: whole(text, here), arrow_type(Kind.WHOLE))


def as_date(cells: pa.Array, order: str | None) -> Typed:
    """Read dates; `order` says whether day or month comes first where a cell does not."""
    return _each_once(cells, lambda text: day_of(text, order), arrow_type(Kind.DATE))


def as_key(cells: pa.Array, name: str, keys: Sequence[str]) -> Typed:
    """Read sizes, levels, grades or tiers and spell them as the grid does."""
    spelled = {key.casefold(): key for key in reversed(keys)}
    bad = Bad("unknown-key", {"field": name, "keys": listed(keys)})

    def read(text: str) -> str | Bad:
        bare = _WHOLE_KEY.sub(r"\1", text) if _WHOLE_KEY.fullmatch(text) else text
        exact = spelled.get(text.casefold())
        return spelled.get(bare.casefold(), bad) if exact is None else exact

    return _each_once(cells, read, pa.string())


def as_motion(cells: pa.Array) -> Typed:
    """Read motions, case, spaces and hyphens aside."""
    spelled = {plain(motion): motion for motion in MOTIONS}
    bad = Bad("unknown-motion", {"keys": listed(MOTIONS)})
    return _each_once(cells, lambda text: spelled.get(plain(text), bad), pa.string())


def votes(cells: pa.Array, column: str) -> Votes:
    """Find the first cells of a column that speak for an order of day and month."""
    texts = pc.unique(cells).drop_null()
    texts = texts.filter(pc.match_substring_regex(texts, _OPEN_DATE)).to_pylist()
    first: dict[str, Vote] = {}
    for text in texts:
        found = both_ways(text)
        if found is None or found.dmy == found.mdy:
            continue
        side = "mdy" if found.dmy is None else "dmy" if found.mdy is None else "either"
        if side not in first:
            first[side] = Vote(pc.index(cells, text).as_py(), column, text)
    return Votes(first.get("dmy"), first.get("mdy"), first.get("either"))


def _value(text: str, found: Amount | Bad, currencies: dict[str, str]) -> Decimal | Bad:
    """Give the value of an amount, and note the currency that is written beside it."""
    if isinstance(found, Bad):
        return found
    if found.currency:
        currencies[text] = found.currency
    return found.value


def _each_once(cells: pa.Array, read: Callable[[str], Any], kind: pa.DataType) -> Typed:
    """Read every distinct text once, and give each row what its text is."""
    coded = cells.dictionary_encode()
    texts = coded.dictionary.to_pylist()
    found = [read(text) for text in texts]
    bad = {text: it for text, it in zip(texts, found, strict=True) if isinstance(it, Bad)}
    good = pa.array([None if isinstance(it, Bad) else it for it in found], kind)
    return Typed(good.take(coded.indices), bad)
