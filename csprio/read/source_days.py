"""Days of a source: what date a cell is, and what a file says of the order of day and month.

Comes in: columns of trimmed cells, whose dates may have a time. Goes out: days, counted from
1970-01-01, and what is wrong with each text that is no date. Times are taken off first, so that
few different texts are left to read. Nothing here knows a line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.read.amounts import Bad
from csprio.read.dates import both_ways, day_of
from csprio.read.source_cells import BLANK, Cells, Read, places

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]

_MOST_KNOWN = 1 << 16  # texts whose reading is kept for the next piece
_WIDTHS = (10, *range(6, 10), *range(11, 19))  # of a date before its time; most have ten letters
_MIDNIGHT = " 00:00"  # stands for any time
# As `csprio.read.dates` reads a time, for RE2; what this lacks is read one by one.
_TIME = (
    r"(?:[Tt]|,?\s+)(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?"
    r"(?:\s*[AaPp]\.?[Mm]\.?)?(?:\s*(?:Z|z|[+-][0-9]{2}(?::?[0-9]{2})?|\(?[A-Z]{2,5}\)?))?"
)
_EPOCH = np.datetime64("1970-01-01", "D")


class Days(NamedTuple):
    """A day a row; 0 where it is not known."""

    day: Ints
    known: Mask


@dataclass(frozen=True)
class Heads:
    """Dates of a column, any time in them made the same: different texts, and which a row has.

    `codes` are places in `texts`, `BLANK` where the cell is blank. `column` is as it is written.
    """

    column: Cells
    texts: list[str]
    codes: Codes

    def is_open(self) -> bool:
        """Tell whether some date is another day, if it is read day first, than month first."""
        return any(side_of(text) for text in self.texts)

    def first(self, side: str) -> int | None:
        """Give the first row that speaks for an order: `dmy`, `mdy`, or `either`."""
        mine = [at for at, text in enumerate(self.texts) if side_of(text) == side]
        return int(np.argmax(np.isin(self.codes, mine))) if mine else None


def side_of(text: str) -> str:
    """Say which order of day and month a date speaks for; nothing where it tells none."""
    found = both_ways(text)
    if found is None or found.dmy == found.mdy:
        return ""
    return "mdy" if found.dmy is None else "dmy" if found.mdy is None else "either"


def heads_of(column: Cells) -> Heads:
    """Take the times off a column of dates."""
    texts = column.texts
    left = np.flatnonzero(pc.is_valid(texts).to_numpy(zero_copy_only=False))
    codes = np.full(len(texts), BLANK, np.int32)
    found: list[str] = []
    timed = pc.any(pc.match_substring(texts, ":")).as_py()
    for width in _WIDTHS if timed else ():
        rest = texts if len(left) == len(texts) else texts.take(pa.array(left))
        pattern = rf"^[^:]{{{width - 1}}}[^:,\s\pZ]{_TIME}\z"
        hit = pc.match_substring_regex(rest, pattern).to_numpy(zero_copy_only=False)
        if hit.any():
            some = rest if hit.all() else rest.filter(pa.array(hit))
            coded = pc.utf8_slice_codeunits(some, 0, width).dictionary_encode()
            codes[left[hit]] = places(coded) + len(found)
            found += [text + _MIDNIGHT for text in coded.dictionary.to_pylist()]
            left = left[~hit]
        if not len(left):
            break
    coded = texts.take(pa.array(left)).dictionary_encode()
    codes[left] = places(coded) + len(found)
    found += coded.dictionary.to_pylist()
    return Heads(column, found, column.spread(codes, BLANK))


@dataclass
class Calendar:
    """Reads dates in the order of a file, and keeps what it has read for the next piece."""

    order: str | None
    _known: dict[str, date | None] = field(default_factory=dict)

    def days(self, heads: Heads) -> Read[Days]:
        """Read a day a row."""
        found = self._dates(heads)
        known = np.array([*(each is not None for each in found), False])
        days = np.array([day or _EPOCH for day in (*found, None)], "datetime64[D]").astype(np.int64)
        return Read(Days(days[heads.codes], known[heads.codes]), self._bad(heads, found))

    def iso(self, heads: Heads) -> Read[Cells]:
        """Write dates as `2026-11-23`; what is none becomes blank."""
        found = self._dates(heads)
        texts = pa.array([None if day is None else day.isoformat() for day in found], pa.string())
        return Read(Cells(texts, heads.codes).once(texts), self._bad(heads, found))

    def _dates(self, heads: Heads) -> list[date | None]:
        return [self._date(text) for text in heads.texts]

    def _date(self, text: str) -> date | None:
        if text not in self._known:
            found = day_of(text, self.order)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[text] = None if isinstance(found, Bad) else found
        return self._known[text]

    def _bad(self, heads: Heads, found: list[date | None]) -> dict[str, Bad]:
        """Say what is wrong with the texts that are no dates, as they are written."""
        if None not in found:
            return {}
        wrong = np.array([*(day is None for day in found), False])[heads.codes]
        texts = heads.column.take(np.flatnonzero(wrong)).coded().unique().to_pylist()
        read = {text: day_of(text, self.order) for text in texts}
        return {text: bad for text, bad in read.items() if isinstance(bad, Bad)}
