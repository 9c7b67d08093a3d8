"""What people said of single tasks: the last line of each decides.

In: the journal's entries of kind done, skipped, snoozed, reopened. Out: for tasks of an activity,
their deciding lines. Per account. A task is known by its account's row and the parts of its id, so
whole columns of ids are compared as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import NONE, codes_of
from csprio.decide.dates import NEVER, days_of
from csprio.decide.occurrences import OF_TERMS
from csprio.journal import CLOSINGS
from csprio.rules import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from csprio.decide.calendar import Tasks
    from csprio.decide.dates import Days, Ints
    from csprio.decide.memory import Memory
    from csprio.decide.terms import Terms

DONE, SKIPPED, SNOOZED, REOPENED = range(len(CLOSINGS))
LETTERS = {
    Anchor.START: "s",
    Anchor.TERM: "t",
    Anchor.RENEWAL: "t",
    Anchor.NOTICE: "t",
    Anchor.EVENT: "e",
    Anchor.GRADED: "g",
}
UNDATED = "u"
_EPOCH = date(1970, 1, 1)
_LETTERS = ("s", "t", "e", "g", UNDATED)
_REPEATS, _KEYS = 20, 18  # bits: repeats up to a million; days or months up to 2400


@dataclass(frozen=True)
class Said:
    """The deciding lines of tasks: kind (-1: nobody said anything), `until`, place of the entry."""

    kind: Ints
    until: Days
    at: Ints


@dataclass(frozen=True)
class Lines:
    """Deciding lines: of one activity's tasks by their number (see `numbered`), ascending."""

    number: Ints
    kind: Ints
    until: Days
    at: Ints

    def slice(self, low: int, high: int) -> Lines:
        """Take those from `low` up to, not including, `high`."""
        part = slice(low, high)
        return Lines(self.number[part], self.kind[part], self.until[part], self.at[part])

    def snoozed(self) -> tuple[Ints, Ints, Ints]:
        """Give account row, month or day, and repeat of the tasks that were put off."""
        return parts(self.number[(self.kind == SNOOZED) & (self.number >= 0)])


class Closings:
    """The deciding line of every task that the journal names."""

    def __init__(self, memory: Memory, terms: Terms) -> None:
        """Take the last line of each task."""
        self._terms = terms
        track = memory.track(*CLOSINGS)
        activity, which = _split(memory.column("key", track))
        letters, keys, repeats = (each[which.indices.to_numpy()] for each in _parsed(which))
        self._activities = {name: at for at, name in enumerate(activity.dictionary.to_pylist())}
        group = activity.indices.to_numpy().astype(np.int64) * len(_LETTERS) + letters
        number = numbered(track.row, keys, repeats)
        kind = codes_of(memory.column("kind", track), CLOSINGS)
        until = days_of(memory.column("until", track))
        order = np.lexsort((number, group))  # which keeps the order of the journal
        last = _last_of_runs(group[order], number[order])
        done = order[_not_reopened(kind[order], last)]
        self.done = track.row[done], track.day[done]  # every `done` that was not taken back
        order = order[last]
        self._group = group[order]
        self._all = Lines(number[order], kind[order], until[order], track.at[order])

    def of(self, tasks: Tasks) -> Said:
        """Find the deciding line of each task; its own, else that of a term that was moved."""
        found, anchor = tasks.found, tasks.activity.due.anchor
        lines, size = self.lines(tasks), len(tasks.found.row)
        if not len(lines.number):
            return Said(np.full(size, NONE), np.full(size, NEVER), np.full(size, NONE))
        key = keys_of_tasks(tasks)
        line = _looked_up(lines, numbered(found.row, key, found.repeat))
        if anchor in OF_TERMS and not tasks.undated:
            line = np.where(line < 0, self._moved(lines, tasks, key), line)
        return Said(
            np.append(lines.kind, NONE)[line],
            np.append(lines.until, NEVER)[line],
            np.append(lines.at, NONE)[line],
        )

    @property
    def deciding(self) -> Ints:
        """The places of the lines that decide a task."""
        return self._all.at

    def lines(self, tasks: Tasks) -> Lines:
        """Give the deciding lines of an activity's tasks, whatever their account and day."""
        letter = UNDATED if tasks.undated else LETTERS[tasks.activity.due.anchor]
        place = self._activities.get(tasks.activity.id)
        group = NONE if place is None else place * len(_LETTERS) + _LETTERS.index(letter)
        low, high = (int(np.searchsorted(self._group, group, side)) for side in ("left", "right"))
        return self._all.slice(low, high)

    def groups(self) -> Iterator[tuple[str, str, Lines]]:
        """Yield activity, letter and deciding lines of all tasks named, whether they exist."""
        names = list(self._activities)
        groups, starts = np.unique(self._group, return_index=True)
        ends = np.append(starts[1:], len(self._group))
        for group, low, high in zip(groups.tolist(), starts, ends, strict=False):
            activity, letter = divmod(group, len(_LETTERS))
            yield names[activity], _LETTERS[letter], self._all.slice(low, high)

    def _moved(self, lines: Lines, tasks: Tasks, month: Ints) -> Ints:
        """Find lines of a neighbouring month in which no term begins; of two the later line.

        Where terms of two months leave one such month between them, it is the earlier term's.
        """
        found, terms = tasks.found, self._terms
        months = terms.months[found.row]
        number = terms.holding(found.row, found.key)
        earlier = (months == 2) & (number > terms.first[found.row])  # noqa: PLR2004 - neighbours
        after = _looked_up(lines, numbered(found.row, month + 1, found.repeat))
        before = _looked_up(lines, numbered(found.row, month - 1, found.repeat))
        after = np.where(months > 1, after, NONE)
        before = np.where((months > 1) & ~earlier, before, NONE)
        at = np.append(lines.at, NONE)
        return np.where(at[after] >= at[before], after, before)


def last_touch(memory: Memory, closings: Closings) -> Days:
    """Give the day of each account's last touch, review, or task that is done."""
    last = memory.last_day("touch", "review")
    np.fmax.at(last, *closings.done)
    return last


def keys_of_tasks(tasks: Tasks) -> Ints:
    """Give the month or the day in the id of each task as a number; 0 where the id has none."""
    anchor = tasks.activity.due.anchor
    if tasks.undated or anchor is Anchor.START:
        return np.zeros(len(tasks.found.row), np.int64)
    unit = "M8[M]" if anchor in OF_TERMS else "M8[D]"
    return np.asarray(tasks.found.key.astype(unit).astype(np.int64))


def numbered(row: Ints, key: Ints, repeat: Ints) -> Ints:
    """Make one number of account, key and repeat; ids that no task can have share one."""
    fits = (repeat < 1 << _REPEATS) & (key >= 0) & (key < 1 << _KEYS)
    number = (row << (_REPEATS + _KEYS)) | (key << _REPEATS) | repeat
    return np.where(fits, number, NONE)


def parts(number: Ints) -> tuple[Ints, Ints, Ints]:
    """Give account row, month or day, and repeat of such numbers."""
    key = (number >> _REPEATS) & ((1 << _KEYS) - 1)
    return number >> (_REPEATS + _KEYS), key, number & ((1 << _REPEATS) - 1)


def _split(ids: pa.Array) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """Cut task ids from the right: activities and occurrences."""
    pieces = pc.split_pattern(ids, ":", max_splits=2, reverse=True)
    return tuple(pc.list_element(pieces, at).dictionary_encode() for at in (1, 2))


def _parsed(occurrences: pa.DictionaryArray) -> tuple[Ints, Ints, Ints]:
    """Read each distinct occurrence: letter, month or day as a number (0: none), repeat."""
    read = [_read(text) for text in occurrences.dictionary.to_pylist()]
    letters, keys, repeats = np.array(read, np.int64).reshape(-1, 3).T
    return letters, keys, repeats


def _read(text: str) -> tuple[int, int, int]:
    """Read an occurrence as `csprio.read` lets it through: `s1`, `t2026-11.1`, `u` ..."""
    if text == UNDATED:
        return _LETTERS.index(UNDATED), 0, 0
    key, _, repeat = text[1:].rpartition(".")
    return _LETTERS.index(text[0]), _since_1970(key), min(int(repeat), 1 << _REPEATS)


def _since_1970(key: str) -> int:
    """Count the months to a month, the days to a day, and nothing to no key."""
    if not key:
        return 0
    if len(key) == len("2026-11"):
        first = date.fromisoformat(f"{key}-01")
        return (first.year - _EPOCH.year) * 12 + first.month - 1
    return (date.fromisoformat(key) - _EPOCH).days


def _looked_up(lines: Lines, numbers: Ints) -> Ints:
    """Find numbers among the lines, of which there are some: their places, -1 for none."""
    found = np.minimum(np.searchsorted(lines.number, numbers), len(lines.number) - 1)
    return np.where((lines.number[found] == numbers) & (numbers >= 0), found, NONE)


def _not_reopened(kind: Ints, last: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark the lines `done` after which their task was not reopened; `last` ends each task's."""
    places = np.arange(len(kind))
    task: Ints = np.cumsum(last) - last
    reopened = np.full(int(last.sum()), NONE, np.int64)
    np.maximum.at(reopened, task, np.where(kind == REOPENED, places, NONE))
    return np.asarray((kind == DONE) & (places > reopened[task]))


def _last_of_runs(*columns: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Mark the last of each run of equal entries."""
    size = len(columns[0])
    other = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return np.append(other, True)[:size] if size else np.zeros(0, bool)
