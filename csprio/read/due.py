"""The small language of dates and lengths: `renewal - 90d`, `3mo`, `1h30m`.

Comes in: a text and its place. Goes out: `Due`, `Offset`, minutes or days, or None and a problem.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from csprio.problems import problem
from csprio.read.literals import read_date
from csprio.read.wording import close, short
from csprio.rules import Anchor, Due, Offset, Roll, Unit

if TYPE_CHECKING:
    from datetime import date

    from csprio.problems import Place, Problem
    from csprio.read.yamls import TextNode

# How each unit counts: in which of the three, times how many.
UNITS = {
    "d": (Unit.DAYS, 1), "bd": (Unit.BUSINESS_DAYS, 1), "w": (Unit.DAYS, 7),
    "mo": (Unit.MONTHS, 1), "q": (Unit.MONTHS, 3), "y": (Unit.MONTHS, 12),
}  # fmt: skip
_SPELLED = {
    "day": "d", "days": "d", "m": "mo", "month": "mo", "months": "mo", "week": "w", "weeks": "w",
    "quarter": "q", "quarters": "q", "year": "y", "years": "y", "wd": "bd",
}  # fmt: skip
# A hundred years, in each unit: past any plan, and far from what a date can hold.
_MOST = {Unit.DAYS: 36_525, Unit.BUSINESS_DAYS: 26_089, Unit.MONTHS: 1_200}
_MOST_MINUTES = 60_000
_SPAN = re.compile(r"(?P<count>[0-9]+)\s*(?P<unit>[A-Za-z]+)")
_EVENT = re.compile(
    r"event(?:\s+(?P<name>(?![-+]).*?))?(?:(?P<sign>\s+-|\s*\+)\s*(?P<span>[0-9].*))?",
    re.IGNORECASE | re.DOTALL,
)
_DUE = re.compile(r"(?P<anchor>[^\s+-]+)\s*(?:(?P<sign>[-+])\s*(?P<span>.*))?", re.DOTALL)
_EFFORT = re.compile(
    r"(?:(?P<hours>[0-9]+)\s*h)?\s*(?:(?P<minutes>[0-9]+)\s*m(?:in)?)?", re.IGNORECASE
)
_ANCHORS = tuple(anchor.value for anchor in Anchor)
_KNOWN_UNITS = ", ".join(UNITS)


def read_due(
    text: str, place: Place, problems: list[Problem], what: str = "due date"
) -> Due | None:
    """Read ANCHOR, or ANCHOR plus or minus N UNIT."""
    text = " ".join(text.split())
    found = _due(text)
    if isinstance(found, Due):
        return found
    problems.append(problem("due-form", place, text=short(text), what=what, why=found))
    return None


def read_until(text: str, place: Place, problems: list[Problem]) -> Due | date | None:
    """Read an ISO date, or what `due` may be."""
    before = len(problems)
    day = read_date(text, place, problems)
    if day is not None or len(problems) > before:
        return day
    return read_due(text, place, problems, "bound")


def _due(text: str) -> Due | str:
    """Give the due date, or what is wrong with it."""
    match = _EVENT.fullmatch(text)
    if match is not None:
        anchor, event = Anchor.EVENT, (match["name"] or "").strip()
        if not event:
            return "the event has no name (`event any` is every event)"
        event = "any" if event.casefold() == "any" else event
    else:
        match = _DUE.fullmatch(text)
        if match is None:
            return "it has no anchor"
        word, event = match["anchor"].casefold(), ""
        if word not in _ANCHORS or word == "event":
            match_word = close(word, _ANCHORS)
            guess = f" (did you mean `{match_word}`?)" if match_word else ""
            return f"`{short(match['anchor'])}` is none of {', '.join(_ANCHORS)}{guess}"
        anchor = Anchor(word)
    if match["sign"] is None:
        return Due(anchor, Offset(), event, text)
    offset = _span(match["span"].strip())
    if isinstance(offset, str):
        return offset
    backward = match["sign"].strip() == "-"
    count = -offset.count if backward else offset.count
    return Due(anchor, Offset(count, offset.unit, backward), event, text)


def _span(text: str) -> Offset | str:
    """Give `N UNIT` as an offset, or what is wrong with it."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return f"`{short(text)}` is not a number and one unit of {_KNOWN_UNITS}"
    word = match["unit"].casefold()
    if word not in UNITS:
        guess = f" (did you mean `{_SPELLED[word]}`?)" if word in _SPELLED else ""
        return f"`{short(match['unit'])}` is no unit of {_KNOWN_UNITS}{guess}"
    unit, times = UNITS[word]
    count = int(match["count"][:9]) * times
    if len(match["count"]) > 9 or count > _MOST[unit]:  # noqa: PLR2004 - digits of any sane count
        return "it is more than a hundred years"
    return Offset(count, unit)


def read_span(
    written: TextNode, problems: list[Problem], called: tuple[str, str], *, least: int = 1
) -> Offset | None:
    """Read `N UNIT`; `least` 0 allows none at all; `called` is its name and an example."""
    found = _span(written.text.strip())
    if isinstance(found, Offset) and found.count < least:
        found = "it must be more than nothing"
    if isinstance(found, Offset):
        return found
    problems.append(_no_span(written, called, found))
    return None


def read_days(written: TextNode, problems: list[Problem]) -> int | None:
    """Read a number of days, or of weeks."""
    bare = written.text.strip()
    called = ("number of days", f"`{short(bare)}d`" if bare.isdecimal() else "`60d`")
    span = read_span(written, problems, called)
    if span is None or span.unit is Unit.DAYS:
        return span.count if span else None
    problems.append(_no_span(written, called, "it is counted in days"))
    return None


def _no_span(written: TextNode, called: tuple[str, str], why: str) -> Problem:
    facts = {"text": short(written.text), "what": called[0], "why": why, "example": called[1]}
    return problem("span-form", written.place, **facts)


def read_effort(written: TextNode, problems: list[Problem]) -> int | None:
    """Read `45m`, `2h`, `1h30m` as minutes."""
    match = _EFFORT.fullmatch(written.text.strip())
    why = "it is not hours and minutes"
    if match is not None and written.text.strip():
        minutes = int((match["hours"] or "0")[:6]) * 60 + int((match["minutes"] or "0")[:6])
        if minutes <= _MOST_MINUTES:
            return minutes
        why = "it is more than a thousand hours"
    problems.append(_no_span(written, ("effort", "`45m`, `2h` or `1h30m`"), why))
    return None


def default_roll(due: Due) -> Roll:
    """Say where a date on a day off goes if nothing else is said: a deadline goes back."""
    deadline = due.anchor in (Anchor.RENEWAL, Anchor.NOTICE) and due.offset.count <= 0
    return Roll.PREVIOUS if deadline else Roll.NEXT


def describe_anchor(due: Due) -> str:
    """Write an anchor as `due` does."""
    return f"event {due.event}" if due.anchor is Anchor.EVENT else due.anchor.value
