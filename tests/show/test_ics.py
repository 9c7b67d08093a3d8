"""iCalendar: feeds that a calendar can hold, in which no text of an input is obeyed."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from csprio.problems import Problem, Stop
from csprio.show.formats.ics import write
from csprio.show.terminal import Look
from csprio.show.text import visible
from csprio.uids import task_of, uid_of
from sheets import answer, naughty

if TYPE_CHECKING:
    from csprio.tables import Sheet

DUE = date(2026, 11, 25)
TASK: dict[str, Any] = {
    "due": DUE, "account_id": "ACME", "name": "Acme", "title": "Kickoff", "status": "open",
    "owner": "Ana", "task_id": "ACME:kickoff:s1",
}  # fmt: skip
LONG = "é" * 40_000


def calendar(*rows: dict[str, Any], **rest: Any) -> Sheet:  # noqa: ANN401 - parts of a sheet
    """Make a calendar of tasks that differ from TASK in what is given."""
    return answer("calendar", [{**TASK, **row} for row in rows], as_of="2026-11-23", **rest)


def feed(sheet: Sheet, **options: Any) -> tuple[list[Any], tuple[Problem, ...]]:  # noqa: ANN401
    """Give the events and to-dos that a client reads, once the form of each line is checked."""
    sink = io.BytesIO()
    written = write(sheet, sink, Look(), **options)
    text = sink.getvalue()
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, text.split(b"\r\n"))) <= 75
    assert not set(text.replace(b"\r\n", b"").decode()) & {
        chr(n) for n in range(32) if n != ord("\t")
    }
    items = Calendar.from_ical(text).subcomponents
    return [each for each in items if each.name != "VTIMEZONE"], written.problems


def only(sheet: Sheet, **options: Any) -> Any:  # noqa: ANN401 - options of the format
    """Give the one item of a feed that says everything."""
    (item,), problems = feed(sheet, **options)
    assert not problems
    return item


def test_an_event() -> None:
    """A task is an event of its whole day that keeps nobody from meetings, and tells no time."""
    event = only(calendar({}))
    assert (event.name, event["UID"]) == ("VEVENT", "ACME:kickoff:s1@csprio")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (DUE, date(2026, 11, 26))
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["DTSTAMP"].to_ical() == b"20261123T000000Z"
    assert not {"RRULE", "METHOD"} & event.keys()


@pytest.mark.parametrize("change", [{"due": date(2027, 1, 4)}, {"owner": "Ben"}, {"name": "New"}])
def test_a_task_keeps_its_uid(change: dict[str, Any]) -> None:
    """A task that moves, to another day or person, is the same item of a calendar."""
    assert only(calendar(change))["UID"] == only(calendar({}))["UID"]


@pytest.mark.parametrize(
    ("status", "event", "todo"),
    [
        ("open", "CONFIRMED", "NEEDS-ACTION"),
        ("overdue", "CONFIRMED", "NEEDS-ACTION"),
        ("snoozed", "CONFIRMED", "NEEDS-ACTION"),
        ("done", "CANCELLED", "COMPLETED"),
        ("skipped", "CANCELLED", "CANCELLED"),
        ("expired", "CANCELLED", "CANCELLED"),
    ],
)
def test_what_has_ended(status: str, event: str, todo: str) -> None:
    """What nobody is to do any more is cancelled, and reminds nobody; what is done is completed."""
    sheet = calendar({"status": status})
    assert only(sheet)["STATUS"] == event
    assert only(sheet, todo=True)["STATUS"] == todo
    ended = event == "CANCELLED"
    assert bool(only(sheet, remind="9h").subcomponents) is not ended


def test_the_day_of_completion() -> None:
    """A completed to-do says the day of the journal's line, and none where there is no line."""
    done = calendar({"status": "done"}, closed=lambda: {"ACME:kickoff:s1": "2026-11-20"})
    assert only(done, todo=True)["COMPLETED"].to_ical() == b"20261120T000000Z"
    assert "COMPLETED" not in only(calendar({"status": "done"}), todo=True)


@pytest.mark.parametrize(
    ("time", "trigger"),
    [("9h", b"PT9H"), ("8h30", b"PT8H30M"), ("0h", b"P0D"), ("23h59", b"PT23H59M")],
)
def test_a_reminder(time: str, trigger: bytes) -> None:
    """A reminder comes at that time of the day: of an event, and of a to-do's last day."""
    for todo, end in ((False, "START"), (True, "END")):
        (alarm,) = only(calendar({}), remind=time, todo=todo).subcomponents
        assert alarm["TRIGGER"].to_ical() == trigger
        assert alarm["TRIGGER"].params["RELATED"] == end


@pytest.mark.parametrize("time", ["9", "24h", "9h60", "9h5", "-1h", "9:30", "\u0669h", "h", "009h"])
def test_no_time(time: str) -> None:
    """What is no time of a day is refused."""
    with pytest.raises(Stop, match="remind-form"):
        feed(calendar({}), remind=time)


def test_undated() -> None:
    """A task without a day is no event, which is said; as a to-do it is due never."""
    items, (said,) = feed(calendar({"due": None}, {}, person="Ana"))
    assert len(items) == 1
    assert (said.code, "1 task " in said.message, "(Ana)" in said.message) == (
        "feed-undated", True, True,
    )  # fmt: skip
    todo = only(calendar({"due": None}), todo=True, remind="9h")
    assert "DUE" not in todo
    assert not todo.subcomponents


def test_each_task_once() -> None:
    """A feed of all has a task of two people once, as the lead's, wherever that row stands."""
    of_two = [
        {**TASK, "owner": "Ben", "part": "with", "with": "Ana"},
        {**TASK, "owner": "Ana", "part": "lead", "with": "Ben"},
        {**TASK, "owner": "Cleo", "part": "with", "task_id": "ACME:touch:s1"},
        {**TASK, "owner": "Dan", "part": "with", "task_id": "ACME:touch:s1"},
    ]
    items, _ = feed(answer("worklist", of_two, as_of="2026-11-23"))
    assert [item["UID"] for item in items] == ["ACME:kickoff:s1@csprio", "ACME:touch:s1@csprio"]
    assert "Owner: Ana\nWith: Ben" in items[0]["DESCRIPTION"]
    assert "Takes part: Cleo" in items[1]["DESCRIPTION"]


def test_nothing() -> None:
    """A feed of nothing is a calendar that holds something, as the standard asks."""
    assert feed(calendar()) == ([], ())


def check_held(text: str) -> None:
    """Fail where a text breaks out of its place, or does not come back."""
    row = dict.fromkeys(("account_id", "name", "title", "owner", "with", "objective"), text)
    for todo in (False, True):
        (item,), problems = feed(calendar({**row, "task_id": f"{text}:kickoff:s1"}), todo=todo)
        assert item["SUMMARY"] == visible(f"{text}: {text}")
        assert task_of(item["UID"], item.get("X-CSPRIO-TASK", "")) == f"{text}:kickoff:s1"
        assert set(item.keys()) <= {
            "UID", "DTSTAMP", "DTSTART", "DTEND", "DUE", "SUMMARY", "DESCRIPTION", "CATEGORIES",
            "STATUS", "TRANSP", "X-CSPRIO-TASK",
        }  # fmt: skip
        begins = [line.partition(":")[0] for line in item["DESCRIPTION"].split("\n")]
        assert [each for each in begins if not each.startswith("  ")] == [
            "Account", "Owner", "With", "Objective", "Status", "Task",
        ]  # fmt: skip
        assert {each.code for each in problems} <= {"feed-characters"}


@pytest.mark.parametrize(
    "text",
    [
        "a\nEND:VEVENT\nBEGIN:VEVENT",
        "a\r\nUID:b",
        "a,b;c:d\\n\\",
        "\x00\x1b[31m\x85",
        "\u202e txt",
        "Owner: x\nTask: y",
        "=cmd|' /C calc'!A0",
        "<script>",
        "../x",
        "%00%",
        LONG,
        "\ufeff",
        "\u2028",
    ],
)
def test_injected(text: str) -> None:
    """Nothing that stands in a cell becomes a line of the feed; all of it can be seen."""
    check_held(text)


@settings(max_examples=80)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text(text: str) -> None:
    """So is any text at all."""
    check_held(text)


def test_naughty() -> None:
    """So are the naughty strings."""
    for text in naughty():
        if text:
            check_held(text)


def test_what_is_not_held_is_said() -> None:
    """Control characters are written out, and that is said; newlines and tabs are no matter."""
    _, (said,) = feed(calendar({"name": "a\x1bb"}, {"title": "a\nb\tc"}))
    assert (said.code, "1 cell " in said.message) == ("feed-characters", True)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_uids(text: str) -> None:
    """A UID says its task, is short, plain and that of no other task."""
    uid, beside = uid_of(f"{text}:a:s1")
    assert task_of(uid, beside) == f"{text}:a:s1"
    assert len(uid) < 250
    assert uid.isascii()
    assert uid.isprintable()


@pytest.mark.parametrize(
    "uid",
    ["", "a:b:c", "@csprio", "a b:c:d@csprio", "%FF:a:s1@csprio", "é:a:s1@csprio", "x@csprio"],
)
def test_foreign_uids(uid: str) -> None:
    """What csprio would not have called a task is none of its tasks."""
    assert task_of(uid) == ""
    assert task_of(uid_of(LONG + ":a:s1")[0], "LONG:a:s1") == ""
