"""The small language of dates and lengths."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.problems import Place
from csprio.read.due import default_roll, read_days, read_due, read_effort, read_span, read_until
from csprio.read.yamls import TextNode
from csprio.rules import Anchor, Due, Offset, Roll, Unit

if TYPE_CHECKING:
    from csprio.problems import Problem

HERE = Place("p.yaml", 4, "9")
D, BD, MO = Unit.DAYS, Unit.BUSINESS_DAYS, Unit.MONTHS


def written(text: str) -> TextNode:
    """Make a node of a text."""
    return TextNode(text, HERE)


def due(text: str) -> tuple[Due | None, list[str]]:
    """Read a due date; give it and the messages."""
    problems: list[Problem] = []
    return read_due(text, HERE, problems), [one.message for one in problems]


@pytest.mark.parametrize(
    ("text", "anchor", "offset", "event"),
    [
        ("start", Anchor.START, Offset(), ""),
        ("START", Anchor.START, Offset(), ""),
        ("start + 5bd", Anchor.START, Offset(5, BD), ""),
        ("start+5bd", Anchor.START, Offset(5, BD), ""),
        ("renewal - 90 d", Anchor.RENEWAL, Offset(-90, D, backward=True), ""),
        ("renewal - 0bd", Anchor.RENEWAL, Offset(0, BD, backward=True), ""),
        ("renewal + 0bd", Anchor.RENEWAL, Offset(0, BD), ""),
        ("term + 2w", Anchor.TERM, Offset(14, D), ""),
        ("term + 1q", Anchor.TERM, Offset(3, MO), ""),
        ("term - 2Y", Anchor.TERM, Offset(-24, MO, backward=True), ""),
        ("notice - 3mo", Anchor.NOTICE, Offset(-3, MO, backward=True), ""),
        ("graded + 6mo", Anchor.GRADED, Offset(6, MO), ""),
        ("event new-group", Anchor.EVENT, Offset(), "new-group"),
        ("event new-group + 2d", Anchor.EVENT, Offset(2, D), "new-group"),
        ("event new-group -2d", Anchor.EVENT, Offset(-2, D, backward=True), "new-group"),
        ("event phase-2d", Anchor.EVENT, Offset(), "phase-2d"),
        ("event new-group+5bd", Anchor.EVENT, Offset(5, BD), "new-group"),
        ("event any+1w", Anchor.EVENT, Offset(7, D), "any"),
        ("event c++", Anchor.EVENT, Offset(), "c++"),
        ("event New Boss + 1w", Anchor.EVENT, Offset(7, D), "New Boss"),
        ("event ANY + 5bd", Anchor.EVENT, Offset(5, BD), "any"),
    ],
)
def test_due(text: str, anchor: Anchor, offset: Offset, event: str) -> None:
    """Each anchor, sign and unit is read; weeks are days, quarters and years months."""
    found, problems = due(text)
    assert problems == []
    assert found == Due(anchor, offset, event, text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "it has no anchor"),
        ("+ 5d", "it has no anchor"),
        ("strat + 5d", "did you mean `start`?"),
        ("close", "is none of start, term, renewal, notice, graded, event"),
        ("start 5d", "it has no anchor"),
        ("start + 5", "`5` is not a number and one unit of d, bd, w, mo, q, y"),
        ("start +", "`` is not a number and one unit"),
        ("start + 5m", "`m` is no unit of d, bd, w, mo, q, y (did you mean `mo`?)"),
        ("start + 5 days", "(did you mean `d`?)"),
        ("start + 1mo + 2d", "`1mo + 2d` is not a number"),
        ("start + 1.5mo", "is not a number"),
        ("start + -5d", "is not a number"),
        ("start + 101y", "it is more than a hundred years"),
        ("start + 99999999999999999999d", "it is more than a hundred years"),
        ("start + \u0665d", "is not a number"),
        ("event", "the event has no name"),
        ("event + 5d", "the event has no name"),
    ],
)
def test_no_due(text: str, part: str) -> None:
    """What is no due date says why."""
    found, problems = due(text)
    assert found is None
    assert len(problems) == 1
    assert part in problems[0]


def test_until() -> None:
    """A bound is a date, or what `due` may be."""
    problems: list[Problem] = []
    assert read_until("2026-11-23", HERE, problems) == date(2026, 11, 23)
    assert read_until("renewal", HERE, problems) == Due(Anchor.RENEWAL, text="renewal")
    assert problems == []
    assert read_until("2026-02-30", HERE, problems) is None
    assert read_until("never", HERE, problems) is None
    assert [one.code for one in problems] == ["test-date", "due-form"]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45m", 45), ("2h", 120), ("1h30m", 90), ("1h 30m", 90), ("0m", 0), ("90min", 90), ("1H", 60)],
)
def test_effort(text: str, minutes: int) -> None:
    """Effort is hours and minutes."""
    problems: list[Problem] = []
    assert (read_effort(written(text), problems), problems) == (minutes, [])


@pytest.mark.parametrize(
    "text", ["", " ", "90", "1.5h", "2d", "m", "1h30", "-5m", "1001h", "9" * 99]
)
def test_no_effort(text: str) -> None:
    """Anything else is no effort."""
    problems: list[Problem] = []
    assert read_effort(written(text), problems) is None
    assert [one.code for one in problems] == ["span-form"]


def test_span() -> None:
    """A length is positive unless nothing is allowed."""
    problems: list[Problem] = []
    called = ("interval", "`3mo`")
    assert read_span(written("1q"), problems, called) == Offset(3, MO)
    assert read_span(written("0bd"), problems, called, least=0) == Offset(0, BD)
    assert problems == []
    assert read_span(written("0d"), problems, called) is None
    assert read_span(written("-1d"), problems, called) is None
    assert [str(one).split("; ")[0] for one in problems] == [
        "p.yaml:4:9: span-form: `0d` is no interval: it must be more than nothing",
        (
            "p.yaml:4:9: span-form: `-1d` is no interval: `-1d` is not a number and one unit of d,"
            " bd, w, mo, q, y"
        ),
    ]


def test_days() -> None:
    """Days may be written as weeks, never as months or business days."""
    problems: list[Problem] = []
    assert read_days(written("60d"), problems) == 60
    assert read_days(written("8w"), problems) == 56
    assert problems == []
    assert read_days(written("2mo"), problems) is None
    assert read_days(written("5bd"), problems) is None
    assert read_days(written("60"), problems) is None
    assert [one.code for one in problems] == ["span-form"] * 3


@pytest.mark.parametrize(
    ("text", "roll"),
    [
        ("renewal", Roll.PREVIOUS), ("renewal - 90d", Roll.PREVIOUS), ("notice", Roll.PREVIOUS),
        ("renewal + 0d", Roll.PREVIOUS), ("renewal + 2bd", Roll.NEXT), ("notice + 1d", Roll.NEXT),
        ("start", Roll.NEXT), ("start - 5d", Roll.NEXT), ("term - 1d", Roll.NEXT),
        ("graded", Roll.NEXT), ("event any", Roll.NEXT),
    ],
)  # fmt: skip
def test_default_roll(text: str, roll: Roll) -> None:
    """Only deadlines roll back by default: renewal and notice, on the day or before."""
    found, _ = due(text)
    assert found is not None
    assert default_roll(found) is roll


@given(st.text(max_size=25))
def test_any_text(text: str) -> None:
    """Whatever is typed, there is a due date or a problem, and no exception."""
    found, problems = due(text)
    assert (found is None) == bool(problems)
    effort: list[Problem] = []
    assert (read_effort(written(text), effort) is None) == bool(effort)
