"""Timelines as figures: where each mark stands, in units of an SVG drawing.

Comes in: days and what happens on them. Goes out: positions. Lanes are roles, as the framework
draws an account's plan; in a lane a label takes the first line in which there is room for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from csprio.show.draw import cells_in
from csprio.show.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH = 1000
_GUTTER, _AXIS = 110, 22  # room for the names of lanes, and for the months above them
_LINE, _MARK, _LETTER = 17, 12, 6
_MOST_LINES, _MOST_LETTERS = 8, 30
_MOST_TICKS = 16
_EDGE = WIDTH - 4

# Not by the system's language: the same answer has the same bytes anywhere.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = timedelta(days=1)
_SQUARE, _GAP, _STACK = 10, 2, 110  # a task of a week, and the highest stack of them
_DAY_WIDTH = 14
_WEEK = 7


class Event(NamedTuple):
    """What happens on a day: in which lane, what it is called, how it stands."""

    due: str
    lane: str
    title: str
    status: str


class Mark(NamedTuple):
    """A drawn event: its place, its label, which side that stands on, and how it stands."""

    x: int
    y: int
    label: str
    left: bool
    status: str


class Tick(NamedTuple):
    """A line across all lanes, with a label above it."""

    x: int
    label: str


class Lane(NamedTuple):
    """A role's strip: its name, where it begins, how high it is, and its marks."""

    name: str
    y: int
    height: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Timeline:
    """A term by role: lanes under months; `today` is -1 where it lies outside."""

    width: int
    height: int
    gutter: int
    months: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    today: int


class Square(NamedTuple):
    """Tasks of one tier on one day, drawn as one path."""

    kind: str
    path: str


@dataclass(frozen=True)
class Weeks:
    """The coming weeks: a square a task, stacked on its day, the best tier lowest."""

    width: int
    height: int
    base: int
    weeks: tuple[Tick, ...]
    today: int
    squares: tuple[Square, ...]


def timeline(events: Sequence[Event], as_of: str) -> Timeline | None:
    """Draw dated events by lane, in order of first appearance; None where there are none."""
    dated = sorted((each for each in events if each.due), key=lambda each: each.due)
    if not dated:
        return None
    first = date.fromisoformat(dated[0].due).replace(day=1)
    last = _next_month(date.fromisoformat(dated[-1].due))
    scale = (_EDGE - _GUTTER) / (last - first).days

    def at(day: date) -> int:
        return _GUTTER + round(scale * (day - first).days)

    lanes, y = [], _AXIS
    for name in dict.fromkeys(each.lane for each in dated):
        placed = [(at(date.fromisoformat(e.due)), e) for e in dated if e.lane == name]
        marks, lines = _packed(placed, y)
        lanes.append(Lane(name, y, lines * _LINE + 6, marks))
        y += lines * _LINE + 6
    months = tuple(Tick(at(day), name) for day, name in _months(first, last))
    now = date.fromisoformat(as_of)
    today = at(now) if first <= now < last else -1
    return Timeline(WIDTH, y, _GUTTER, months, tuple(lanes), today)


def _packed(placed: Sequence[tuple[int, Event]], top: int) -> tuple[tuple[Mark, ...], int]:
    """Give each label the first line with room for it; without room its mark stands alone."""
    ends: list[int] = []
    marks = []
    for x, event in placed:
        words = visible(event.title)
        words = words if len(words) <= _MOST_LETTERS else words[: _MOST_LETTERS - 1] + "…"
        room = _MARK + cells_in(words) * _LETTER
        left = x + room > WIDTH
        start, end = (x - room, x + _MARK) if left else (x - _MARK // 2, x + room)
        line = next((at for at, taken in enumerate(ends) if taken <= start), len(ends))
        if line == _MOST_LINES:
            words, end = "", x + _MARK // 2
            line = min(range(_MOST_LINES), key=lambda at: ends[at])
        ends[line : line + 1] = [max(end, ends[line] if line < len(ends) else 0)]
        marks.append(Mark(x, top + line * _LINE + 11, words, left, event.status))
    return tuple(marks), len(ends)


def _months(first: date, last: date) -> Iterable[tuple[date, str]]:
    """Give the months from `first` to before `last`, every third of many, each January its year."""
    months = (last - first).days // 30
    step = next((step for step in (1, 3) if months <= _MOST_TICKS * step), 12)
    day = first
    while day < last:
        if (day.month - 1) % step == 0:
            name = MONTHS[day.month - 1]
            yield day, f"{name} {day.year}" if day.month == 1 or day == first else name
        day = _next_month(day)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + 32 * _DAY).replace(day=1)


def weeks(tasks: Iterable[tuple[str, str]], monday: date, count: int, as_of: str) -> Weeks:
    """Draw tasks (ISO day and kind, in the order of stacking) over `count` weeks from a Monday."""
    days: dict[int, list[str]] = {}
    for due, kind in tasks:
        days.setdefault((date.fromisoformat(due) - monday).days, []).append(kind)
    highest = max(map(len, days.values()), default=1)
    unit = min(_SQUARE + _GAP, _STACK / highest)
    base = _AXIS + round(highest * unit)
    paths: dict[str, list[str]] = {}
    for at, kinds in sorted(days.items()):
        x, level = at * _DAY_WIDTH + _GAP, 0
        for kind, run in groupby(kinds):
            size = len(list(run))
            paths.setdefault(kind, []).append(_stack(x, base, unit, level, size))
            level += size
    starts = [monday + _WEEK * _DAY * week for week in range(count)]
    ticks = [Tick(_WEEK * _DAY_WIDTH * at, short_day(day)) for at, day in enumerate(starts)]
    today = (date.fromisoformat(as_of) - monday).days * _DAY_WIDTH
    squares = tuple(Square(kind, "".join(path)) for kind, path in sorted(paths.items()))
    return Weeks(count * _WEEK * _DAY_WIDTH, base + 1, base, tuple(ticks), today, squares)


def _stack(x: int, base: int, unit: float, level: int, size: int) -> str:
    """Draw as many squares on top of each other, or one bar where they would be too flat."""
    if unit <= 2 * _GAP:
        return f"M{x} {base - level * unit:.4g}h{_SQUARE}v{-size * unit:.4g}h-{_SQUARE}z"
    side = unit - _GAP
    tops = (base - (level + each + 1) * unit for each in range(size))
    return "".join(f"M{x} {top:.4g}h{_SQUARE}v{side:.3g}h-{_SQUARE}z" for top in tops)


def short_day(day: date) -> str:
    """Write a day for a heading: `23 Nov`."""
    return f"{day.day} {MONTHS[day.month - 1]}"
