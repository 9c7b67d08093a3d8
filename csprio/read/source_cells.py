"""Cells of a source, as columns: trimmed texts, and the numbers and answers that they are.

Comes in: a column as Arrow reads it, plain or coded. Goes out: arrays with a value a row, and what
is wrong with each text that cannot be read. What is written plainly is read by Arrow, any other
text once a piece. Nothing here knows a line or what a column is for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.batches import PARTS, Numbers, Units
from csprio.read.amounts import WHOLE_DIGITS, Amount, Bad, number
from csprio.read.tidy_columns import tidy
from csprio.tables import MONEY_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from csprio.read.amounts import Marks

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]
    Values = npt.NDArray[Any]

Read_ = TypeVar("Read_")

BLANK = -1
_MOST_KNOWN = 1 << 16  # texts whose reading is kept for the next piece
_PART_DIGITS, _EASY_DIGITS = 9, 9  # 18 in all, which 64 bits hold
_UNITS = 10**MONEY_DECIMALS
_MOST = 10  # of an answer
_LARGE = f"it has more than {WHOLE_DIGITS} digits before the decimals"
_FINE = f"it has more than {MONEY_DECIMALS} decimals"
# What is a number in its shortest plain form already.
_WHOLE = r"^(0|-?[1-9][0-9]{0,8})\z"
_SHORTEST = r"^(0|-?[1-9][0-9]{0,8}|-?(0|[1-9][0-9]{0,8})\.[0-9]?[1-9])\z"


@dataclass(frozen=True)
class Cells:
    """A column of trimmed cells: a text a row, or different texts and which of them a row has.

    `codes` are places in `texts`, `BLANK` where the cell is blank; None where `texts` has one for
    each row, null where it is blank.
    """

    texts: pa.Array
    codes: Codes | None = None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.texts if self.codes is None else self.codes)

    def take(self, rows: Ints) -> Cells:
        """Take these rows."""
        if self.codes is None:
            return Cells(self.texts.take(pa.array(rows)))
        return Cells(self.texts, self.codes[rows])

    def spread(self, values: Values, blank: Any) -> Values:  # noqa: ANN401 (of any kind)
        """Give each row the value of its text."""
        if self.codes is None:
            return values
        some = np.append(values, blank) if self.blank.any() else values
        if len(some) and (some == some[0]).all():  # no row is without it, no number has decimals
            return np.full(len(self.codes), some[0], some.dtype)
        return some[self.codes]

    def marked(self, texts: Iterable[str]) -> Mask:
        """Mark the rows that have one of these texts."""
        found = pc.is_in(self.texts, pa.array([*texts], pa.string()))
        return self.spread(found.to_numpy(zero_copy_only=False), blank=False)

    def text(self, row: int) -> str:
        """Give the text of a row; empty where it is blank."""
        at = row if self.codes is None else int(self.codes[row])
        return "" if at == BLANK else self.texts[at].as_py() or ""

    @cached_property
    def blank(self) -> Mask:
        """The rows without a text."""
        if self.codes is None:
            return np.asarray(pc.is_null(self.texts).to_numpy(zero_copy_only=False))
        return np.asarray(self.codes == BLANK)

    def once(self, texts: pa.Array) -> Cells:
        """Give each row another text for its own, null for none; equal ones become one."""
        coded = texts.dictionary_encode()
        return Cells(coded.dictionary, self.spread(places(coded), BLANK))

    def coded(self) -> pa.DictionaryArray:
        """Give the column as an Arrow dictionary of different texts."""
        if self.codes is None:
            return self.texts.dictionary_encode()
        codes = pa.array(self.codes, mask=self.blank if self.blank.any() else None)
        return pa.DictionaryArray.from_arrays(codes, self.texts)


class Read(NamedTuple, Generic[Read_]):
    """What a column is read as; `bad` and `currencies` are about texts of its cells."""

    values: Read_
    bad: Mapping[str, Bad] = {}
    currencies: Mapping[str, str] = {}


class _Rest(NamedTuple):
    """Texts of a column that are read one by one: where they stand, and which each is."""

    at: Ints
    codes: Codes
    texts: list[str]


def cells_of(column: pa.Array, missing: Iterable[str]) -> Cells:
    """Clean a column as written."""
    clean = tidy(pa.chunked_array([column]), missing)
    if not pa.types.is_dictionary(clean.type):
        return Cells(clean)
    cells = Cells(clean.dictionary, places(clean))
    once = clean.dictionary.unique()  # what differs in white space alone is not different
    return cells if len(once) == len(clean.dictionary) else cells.once(clean.dictionary)


def places(column: pa.DictionaryArray) -> Codes:
    """Give which text of a dictionary each row has; `BLANK` where none."""
    indices = pc.fill_null(column.indices, BLANK) if column.null_count else column.indices
    return np.asarray(indices.to_numpy(zero_copy_only=False))


@dataclass
class Reader:
    """Reads numbers as they are written here; what takes long is kept for the next piece."""

    here: Marks
    _known: dict[str, Amount | Bad] = field(default_factory=dict)

    def numbers(self, column: Cells) -> Read[Numbers]:
        """Read exact numbers."""
        easy = self._easy(column.texts, _EASY_DIGITS, _PART_DIGITS)
        units, known = self._units(column.texts, easy, _PART_DIGITS)
        whole, part = np.divmod(units, PARTS)
        rest, found = self._rest(column.texts, easy)
        # Rounds half to even.
        exact = [divmod(round(Fraction(one.value) * PARTS), PARTS) if isinstance(one, Amount)
                 else (0, 0) for one in found]  # fmt: skip
        whole[rest.at] = _column([each for each, _ in exact])[rest.codes]
        part[rest.at] = _column([each for _, each in exact])[rest.codes]
        known[rest.at] = _column([isinstance(one, Amount) for one in found])[rest.codes]
        spread = Numbers(
            column.spread(whole, 0), column.spread(part, 0), column.spread(known, blank=False)
        )
        return Read(spread, *_remarks(rest, found))

    def amounts(self, column: Cells) -> Read[Units]:
        """Read amounts of money, negative ones too, in units of 0.0001."""
        easy = self._easy(column.texts, WHOLE_DIGITS, MONEY_DECIMALS)
        units, known = self._units(column.texts, easy, MONEY_DECIMALS)
        rest, read = self._rest(column.texts, easy)
        found = [_money(one) for one in read]
        counts = [int(one.value * _UNITS) if isinstance(one, Amount) else 0 for one in found]
        units[rest.at] = _column(counts)[rest.codes]
        known[rest.at] = _column([isinstance(one, Amount) for one in found])[rest.codes]
        spread = Units(column.spread(units, 0), column.spread(known, blank=False))
        return Read(spread, *_remarks(rest, found))

    def answers(self, column: Cells) -> Read[Units]:
        """Read whole numbers from 0 to 10."""
        rest, read = self._rest(column.texts, None)
        found = [one if _is_answer(one) else Bad("bad-answer") for one in read]
        units, known = np.zeros(len(column.texts), np.int64), np.zeros(len(column.texts), np.bool_)
        counts = [int(one.value) if isinstance(one, Amount) else 0 for one in found]
        units[rest.at] = _column(counts)[rest.codes]
        known[rest.at] = _column([isinstance(one, Amount) for one in found])[rest.codes]
        spread = Units(column.spread(units, 0), column.spread(known, blank=False))
        return Read(spread, _remarks(rest, found)[0])

    def plainly(self, column: Cells) -> Read[Cells]:
        """Write numbers as shortest plain decimals; what is none becomes blank."""
        texts = column.texts
        easy = _matched(texts, _SHORTEST if self.here.decimal == "." else _WHOLE)
        rest, found = self._rest(texts, easy)
        if not rest.texts:
            return Read(column)
        plain = pa.array(
            [format(one.value, "f") if isinstance(one, Amount) else None for one in found],
            pa.string(),
        )
        mask = np.zeros(len(texts), np.bool_)
        mask[rest.at] = True
        texts = pc.replace_with_mask(texts, pa.array(mask), plain.take(pa.array(rest.codes)))
        return Read(column.once(texts), *_remarks(rest, found))

    def _easy(self, texts: pa.Array, whole: int, parts: int) -> Mask:
        """Mark what Arrow can read: digits, and a mark that can only part decimals."""
        here = self.here
        if here.settled:
            pattern = rf"[0-9]{{1,{whole}}}(\{here.decimal}[0-9]{{1,{parts}}})?"
        else:  # a lone point before three digits may part thousands
            pattern = rf"[0-9]{{1,{whole}}}(\.([0-9]{{1,2}}|[0-9]{{4,{parts}}}))?|0\.[0-9]{{3}}"
        return _matched(texts, rf"^-?({pattern})\z")

    def _units(self, texts: pa.Array, easy: Mask, decimals: int) -> tuple[Ints, Mask]:
        """Read what is easy, in units of the last decimal; 0 where it is not."""
        if self.here.decimal != ".":
            texts = pc.replace_substring(texts, self.here.decimal, ".")
        if not easy.all():
            texts = pc.if_else(pa.array(easy), texts, pa.scalar(None, pa.string()))
        # Two words of 64 bits a number; as it has 18 digits at most, the lower one is all of it.
        exact = pc.cast(texts, pa.decimal128(38, decimals))
        words = np.frombuffer(exact.buffers()[1] or b"", np.int64)
        units = words[2 * exact.offset : 2 * (exact.offset + len(exact)) : 2]
        known = easy & pc.is_valid(texts).to_numpy(zero_copy_only=False)
        return np.where(known, units, 0), known

    def _rest(self, texts: pa.Array, easy: Mask | None) -> tuple[_Rest, list[Amount | Bad]]:
        """Read each different text that is not easy, one by one."""
        left = pc.is_valid(texts).to_numpy(zero_copy_only=False)
        if easy is not None:
            left = left & ~easy
        at = np.flatnonzero(left)
        coded = texts.take(pa.array(at)).dictionary_encode()
        rest = _Rest(at, places(coded), coded.dictionary.to_pylist())
        return rest, [self._amount(text) for text in rest.texts]

    def _amount(self, text: str) -> Amount | Bad:
        found = self._known.get(text)
        if found is None:
            found = _amount(text, self.here)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[text] = found
        return found


def _amount(text: str, here: Marks) -> Amount | Bad:
    """Read one number, which may be an amount of money."""
    try:
        found = number(text, here)
    except InvalidOperation:  # an exponent that no decimal of the usual length holds
        return Bad("bad-number", {"why": _LARGE})
    if isinstance(found, Amount) and abs(found.value) >= 10**WHOLE_DIGITS:
        return Bad("bad-number", {"why": _LARGE})
    return found


def _money(found: Amount | Bad) -> Amount | Bad:
    """Take a number for an amount of money."""
    if isinstance(found, Bad):
        return Bad("bad-money", found.facts) if found.code == "bad-number" else found
    exact = found.value * _UNITS
    return found if exact == exact.to_integral_value() else Bad("bad-money", {"why": _FINE})


def _is_answer(found: Amount | Bad) -> bool:
    """Tell a whole number from 0 to 10."""
    if isinstance(found, Bad) or found.currency:
        return False
    return 0 <= found.value <= _MOST and found.value == int(found.value)


def _remarks(rest: _Rest, found: list[Amount | Bad]) -> tuple[dict[str, Bad], dict[str, str]]:
    """Say which texts are bad, and which name a currency."""
    pairs = [*zip(rest.texts, found, strict=True)]
    bad = {text: one for text, one in pairs if isinstance(one, Bad)}
    return bad, {t: one.currency for t, one in pairs if isinstance(one, Amount) and one.currency}


def _column(values: list[Any]) -> Values:
    """Make an array of values, of whole numbers where there are none."""
    return np.array(values) if values else np.zeros(0, np.int64)


def _matched(texts: pa.Array, pattern: str) -> Mask:
    """Mark the texts that a pattern matches; a blank one does not."""
    found = pc.fill_null(pc.match_substring_regex(texts, pattern), False)  # noqa: FBT003
    return np.asarray(found.to_numpy(zero_copy_only=False))
