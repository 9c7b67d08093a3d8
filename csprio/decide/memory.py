"""What the journal tells of each account at any moment of its life.

In: the journal, the ids of the book's accounts, the day asked about. Out: for moments of accounts,
what counts then: cells that an entry replaces, gradings, the running call. Per account; entries
dated after the day asked about are never seen. Entries of one account stand behind each other in
the order that counts (day, file, line), so the last one before a moment is found by its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import NONE, UNITS, band_places, codes_of, first_known, units_of
from csprio.decide.dates import NEVER, days_of
from csprio.decide.grading import Told, replaced
from csprio.journal import CHURNED, CLOSINGS, GRADINGS, KINDS, NEW_ARR, RENEWED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from csprio.decide.dates import Days, Ints
    from csprio.journal import Journal
    from csprio.rules import Grid

    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

_KINDS = tuple(KINDS)


@dataclass(frozen=True)
class Moments:
    """Moments of accounts: the account's row, the entries before `end`, as seen on `day`."""

    row: Rows
    end: Ints
    day: Days

    def slice(self, start: int, size: int) -> Moments:
        """Take `size` moments from the one numbered `start` on."""
        part = slice(start, start + size)
        return Moments(self.row[part], self.end[part], self.day[part])


@dataclass(frozen=True)
class Track:
    """Some of the entries: their places among all, ascending, with account row and day."""

    at: Ints
    row: Rows
    day: Days

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.at)

    def take(self, keep: Mask) -> Track:
        """Keep some of them."""
        return Track(self.at[keep], self.row[keep], self.day[keep])

    def last(self, moments: Moments) -> Ints:
        """Find the last entry of each moment's account that came before it: its number, or -1."""
        if not len(self):
            return np.full(len(moments.row), NONE, np.int64)
        found = np.searchsorted(self.at, moments.end) - 1
        theirs = (found >= 0) & (self.row[found] == moments.row)
        return np.where(theirs, found, NONE)

    def last_day(self, moments: Moments) -> Days:
        """Give the day of that entry, NaT where there is none."""
        return _picked(self.day, self.last(moments), NEVER)


class Memory:
    """The entries of a book's accounts that are seen on a day."""

    def __init__(self, journal: Journal, ids: pa.Array, grid: Grid, as_of: np.datetime64) -> None:
        """Find the account of every entry; those of unknown accounts are passed over."""
        self.as_of, self._grid, self._size = as_of, grid, len(ids)
        days = days_of(journal.entries["date"])
        seen = int(np.searchsorted(days, as_of, "right"))
        self._days = days[:seen]
        self._kinds = codes_of(journal.entries["kind"].slice(0, seen), _KINDS).astype(np.int8)
        rows = self._rows(journal.entries["account_id"].slice(0, seen), ids)
        order = np.argsort(rows, kind="stable")
        self.number: Ints = order[np.searchsorted(rows[order], 0) :]  # in the journal, by account
        self._row, self._kind = rows[self.number], self._kinds[self.number]
        self._table, self._heard = journal.entries, journal.heard

    @staticmethod
    def _rows(names: pa.ChunkedArray, ids: pa.Array) -> Rows:
        """Find accounts by id; each id that is named is looked up once."""
        if not len(names):
            return np.empty(0, np.int64)  # Arrow would index the ids for nothing
        coded = names.combine_chunks().dictionary_encode()
        found = pc.index_in(coded.dictionary, value_set=ids).fill_null(NONE)
        rows = np.append(found.to_numpy(zero_copy_only=False).astype(np.int64), NONE)
        return np.asarray(rows[coded.indices.fill_null(len(rows) - 1).to_numpy()])

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.number)

    @cached_property
    def tracking(self) -> np.datetime64:
        """The day of the journal's first `done`, `skipped` or `snoozed`, whoever's; else NaT."""
        first = self.tracked_by
        return NEVER if first < 0 else self._days[first]

    @cached_property
    def tracked_by(self) -> int:
        """The number in the journal of the entry with which tracking began, -1 for none."""
        ending = [_KINDS.index(kind) for kind in CLOSINGS[:3]]
        first = np.flatnonzero(np.isin(self._kinds, ending))[:1]
        return int(first[0]) if len(first) else NONE

    @cached_property
    def now(self) -> Moments:
        """The day asked about, for every account."""
        rows = np.arange(self._size)
        end = np.searchsorted(self._row, rows, "right") if len(self) else np.zeros_like(rows)
        return Moments(rows, end, np.full(self._size, self.as_of))

    def track(self, *kinds: str) -> Track:
        """Give the entries of some kinds."""
        wanted = np.array([kind in kinds for kind in (*_KINDS, "")])  # -1 is the last
        at = np.flatnonzero(wanted[self._kind])
        return Track(at, self._row[at], self._days[self.number[at]])

    def column(self, name: str, track: Track) -> pa.Array:
        """Give a column of the journal for the entries of a track."""
        return self._table[name].take(pa.array(self.number[track.at])).combine_chunks()

    def texts(self, name: str, places: Ints) -> list[str]:
        """Give a text column of the journal for the entries at these places."""
        texts: list[str] = self._table[name].take(pa.array(self.number[places])).to_pylist()
        return texts

    def last_day(self, *kinds: str) -> Days:
        """Give the day of each account's last entry of these kinds."""
        return self.track(*kinds).last_day(self.now)

    def heard(self, track: Track) -> Mask:
        """Tell which entries of a track rows of sources tell, not people."""
        marked = self._heard
        return np.zeros(len(track), bool) if marked is None else marked[self.number[track.at]]

    @cached_property
    def events(self) -> tuple[Track, pa.Array]:
        """All events, and their names without case."""
        track = self.track("event")
        coded = self.column("key", track).dictionary_encode()
        names = pa.array([name.casefold() for name in coded.dictionary.to_pylist()], pa.string())
        return track, names.take(coded.indices)

    def named(self, *names: str) -> tuple[Track, pa.Array]:
        """Give the events of these names, and the names."""
        track, called = self.events
        wanted = np.asarray(codes_of(called, names) >= 0)
        return track.take(wanted), called.filter(pa.array(wanted))

    # --- what counts at a moment ------------------------------------------------------------------

    def cells(self, table: pa.Table, moments: Moments) -> pa.Table:
        """Replace the cells that entries beat: motion, status, renewal_date, arr.

        `table` holds the account of each moment, as the file has it.
        """
        if not len(self):
            return table
        arr, money = self._amounts
        motion, motions = self._motions
        renewed, until = self._renewals
        told = {
            "motion": _told(motions, motion.last(moments)),
            "arr": _told(money, arr.last(moments)),
            "renewal_date": _told(until, renewed.last(moments)),
            "status": pc.if_else(
                pa.array(self.churned(moments)),
                pa.scalar(CHURNED, pa.string()),
                pa.scalar(None, pa.string()),
            ),
        }
        known = {name: values for name, values in told.items() if values.null_count < len(values)}
        return replaced(
            table, **{name: pc.coalesce(values, table[name]) for name, values in known.items()}
        )

    def churned(self, moments: Moments) -> Mask:
        """Tell which accounts have churned and not renewed since."""
        track, names = self._left
        last = track.last(moments)
        return _picked(codes_of(names, [CHURNED]) == 0, last, nothing=False)

    def told(self, moments: Moments) -> Told:
        """Give the gradings and the call that count at each moment."""
        size, level = (self._axes[axis] for axis in ("size", "level"))
        last_size, last_level = size[0].last(moments), level[0].last(moments)
        track, amounts = self._potentials
        last_amount = track.last(moments)
        call = self._running(moments)
        calls, tiers, _ = self._calls
        return Told(
            size=_picked(size[1], last_size, NONE),
            size_day=_picked(size[0].day, last_size, NEVER),
            level=_picked(level[1], last_level, NONE),
            level_day=_picked(level[0].day, last_level, NEVER),
            amount=_told(amounts, last_amount),
            amount_day=_picked(track.day, last_amount, NEVER),
            call=_picked(tiers, call, NONE),
            call_at=_picked(calls.at, call, NONE),
            day=moments.day,
        )

    def deciding(self, moments: Moments) -> dict[str, Ints]:
        """Give for each thing told the place of the entry that decides it, -1 for none."""
        tracks = {
            **{axis: track for axis, (track, _) in self._axes.items()},
            "amount": self._potentials[0],
            "motion": self._motions[0],
            "arr": self._amounts[0],
            "renewal_date": self._renewals[0],
            "status": self._left[0],
        }
        places = {
            name: _picked(track.at, track.last(moments), NONE) for name, track in tracks.items()
        }
        return {**places, "call": _picked(self._calls[0].at, self._running(moments), NONE)}

    def day_at(self, places: Ints) -> Days:
        """Give the day of the entries at these places."""
        return np.asarray(self._days[self.number[places]])

    def number_at(self, place: int) -> int:
        """Give an entry's number in the journal."""
        return int(self.number[place])

    def _running(self, moments: Moments) -> Ints:
        """Find the last call still running at each moment; one that ended gives back another."""
        calls, tiers, until = self._calls
        found = calls.last(moments)
        while True:
            ended = (found >= 0) & (_picked(until, found, NEVER) < moments.day)
            if not ended.any():
                break
            before = found[ended] - 1
            same = (before >= 0) & (calls.row[before] == moments.row[ended])
            found[ended] = np.where(same, before, NONE)
        return np.where(_picked(tiers, found, NONE) >= 0, found, NONE)

    @cached_property
    def _axes(self) -> dict[str, tuple[Track, Ints]]:
        """The entries that set the size, and those that set the level, with what they set."""
        grid = self._grid
        track = self.track(*GRADINGS)
        value, kind = self.column("value", track), self._kind[track.at]
        is_grade = kind == _KINDS.index("grade")
        grade = np.where(is_grade, codes_of(value, grid.grades), NONE)
        units, known = units_of(self.column("amount", track))
        by = {
            "size": (
                np.where(grade < 0, NONE, grade // len(grid.levels)),
                np.where(kind == _KINDS.index("size"), codes_of(value, grid.sizes), NONE),
                band_places(units, known & (kind == _KINDS.index("potential")), grid, UNITS),
            ),
            "level": (
                np.where(grade < 0, NONE, grade % len(grid.levels)),
                np.where(kind == _KINDS.index("likelihood"), codes_of(value, grid.levels), NONE),
            ),
        }
        codes = {axis: first_known(*layers) for axis, layers in by.items()}
        return {axis: (track.take(code >= 0), code[code >= 0]) for axis, code in codes.items()}

    @cached_property
    def _potentials(self) -> tuple[Track, pa.Array]:
        track = self.track("potential")
        return track, self.column("amount", track)

    @cached_property
    def _calls(self) -> tuple[Track, Ints, Days]:
        """The calls with their tiers (-1 withdraws) and last days."""
        track = self.track("tier")
        tiers = codes_of(self.column("value", track), self._grid.tier_keys)
        until = days_of(self.column("until", track))
        return track, tiers, np.where(tiers < 0, NEVER, until)

    @cached_property
    def _motions(self) -> tuple[Track, pa.Array]:
        track = self.track("motion")
        return track, self.column("value", track)

    @cached_property
    def _amounts(self) -> tuple[Track, pa.Array]:
        track, _ = self.named(*NEW_ARR)
        return track, self.column("amount", track)

    @cached_property
    def _renewals(self) -> tuple[Track, pa.Array]:
        """The renewals that give a new date, with that date."""
        track, _ = self.named(RENEWED)
        until = self.column("until", track)
        given = np.asarray(until.is_valid().to_numpy(zero_copy_only=False))
        return track.take(given), until.drop_null()

    @cached_property
    def _left(self) -> tuple[Track, pa.Array]:
        return self.named(CHURNED, RENEWED)


def tier_moments(memory: Memory, kinds: Sequence[str]) -> tuple[Moments, Moments]:
    """Give, for each account and day with entries of these kinds, the moments around that day.

    The first are before the day's entries, the second after them; both are seen on that day.
    """
    track = memory.track(*kinds)
    new = np.append(True, (track.row[1:] != track.row[:-1]) | (track.day[1:] != track.day[:-1]))
    first = np.flatnonzero(new[: len(track)])
    last = np.append(first[1:], len(track))[: len(first)] - 1
    row, day = track.row[first], track.day[first]
    return Moments(row, track.at[first], day), Moments(row, track.at[last] + 1, day)


def _told(values: pa.Array, numbers: Ints) -> pa.Array:
    """Pick values by number; -1 picks nothing."""
    return values.take(pa.array(numbers, mask=numbers < 0))


def _picked(values: npt.NDArray[Any], numbers: Ints, nothing: object) -> npt.NDArray[Any]:
    """Pick values by number; -1 picks `nothing`."""
    filled = np.append(values, np.array([nothing], values.dtype))
    return np.asarray(filled[numbers])
