"""To-dos that come back: what was completed in a calendar is told to the journal, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csprio.problems import Stop
from csprio.read.source import decoded
from csprio.telling.todos import read_todos
from session import Result, run

if TYPE_CHECKING:
    from pathlib import Path

DAY = ("--as-of", "2026-11-23")
BOOK = """\
account_id,name,csm,sales,potential,likelihood,start_date
ACME,Acme Robotics,Ana,Ben,180000,1,2026-11-20
Ça; va,Odd Ltd,Ana,Ben,60000,2,2026-11-20
"""
DONE = "STATUS:COMPLETED\r\nCOMPLETED:20261121T091500Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a book and no journal yet."""
    (tmp_path / "accounts.csv").write_text(BOOK, encoding="utf-8")
    settings = "accounts: accounts.csv\njournal: journal.csv\nby: Ana\n"
    (tmp_path / "csprio.yaml").write_text(settings, encoding="utf-8")
    return tmp_path


def exported(folder: Path) -> str:
    """Export the book's to-dos."""
    return run("calendar", "-q", "--todo", "-f", "ics", *DAY, cwd=folder).good().decode()


def completed(feed: str, *tasks: str) -> str:
    """Complete some to-dos, as a client does."""
    head, *items = feed.split("BEGIN:VTODO\r\n")
    marked = [
        item.replace("STATUS:NEEDS-ACTION", DONE)
        if any(f"UID:{task}@csprio\r\n" in item for task in tasks)
        else item
        for item in items
    ]
    assert marked != items
    return "BEGIN:VTODO\r\n".join([head, *marked])


def told(folder: Path, text: str, *options: str) -> Result:
    """Give a calendar to the journal."""
    (folder / "tasks.ics").write_bytes(text.encode())
    return run("log", "--from", "tasks.ics", *DAY, *options, cwd=folder)


def journal(folder: Path) -> list[str]:
    """Give the lines of the journal."""
    path = folder / "journal.csv"
    return path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []


def test_there_and_back(folder: Path) -> None:
    """What a client completes is done in the journal, once, and stays completed."""
    feed = completed(exported(folder), "ACME:handoff:s1", "%C3%87a%3B%20va:handoff:s1")
    told(folder, feed).good()
    assert journal(folder) == [
        "2026-11-23,ACME,done,ACME:handoff:s1,,,Ana,",
        "2026-11-23,Ça; va,done,Ça; va:handoff:s1,,,Ana,",
    ]
    assert b"nothing new to tell; 2 told before" in told(folder, feed).err
    again = exported(folder)
    assert again.count("STATUS:COMPLETED") == 2
    assert again.count("COMPLETED:20261123T000000Z") == 2
    assert b"nothing new to tell" in told(folder, again).err
    assert len(journal(folder)) == 2


def test_words_are_kept(folder: Path) -> None:
    """What somebody has said of a task that is done is not taken back by a bare completion."""
    run("log", "done", "ACME:handoff:s1", "they know us", *DAY, cwd=folder).good()
    told(folder, exported(folder)).good()
    old = exported(folder).replace("X-CSPRIO-STATUS:done\r\n", "")
    told(folder, old).good()
    assert journal(folder) == ["2026-11-23,ACME,done,ACME:handoff:s1,they know us,,Ana,"]


def test_an_old_file_says_nothing(folder: Path) -> None:
    """A task that was reopened is not closed again by what csprio itself once exported."""
    run("log", "done", "ACME:handoff:s1", *DAY, cwd=folder).good()
    old = exported(folder)
    run("log", "reopened", "ACME:handoff:s1", *DAY, cwd=folder).good()
    assert b"nothing new" in told(folder, old).err


def test_several_calendars(folder: Path) -> None:
    """Files of one to-do each, as clients keep them, can be read one after the other."""
    feed = completed(exported(folder), "ACME:handoff:s1")
    head, *items = feed.split("BEGIN:VTODO\r\n")
    end = "END:VCALENDAR\r\n"
    each = [f"{head}BEGIN:VTODO\r\n{item.removesuffix(end)}{end}" for item in items]
    told(folder, "\n".join(each).replace("\r\n", "\n")).good()
    assert len(journal(folder)) == 1


def test_an_unknown_task(folder: Path) -> None:
    """A task of an account that is gone is a warning with its line; the others are told."""
    feed = completed(exported(folder), "ACME:handoff:s1")
    gone = feed.replace("UID:ACME:", "UID:ACNE:")
    result = told(folder, gone)
    assert result.code == 0
    assert b"todo-gone: the to-do `ACNE:handoff:s1` is completed" in result.err
    assert not journal(folder)
    assert told(folder, gone, "--strict").code == 1
    result = told(folder, gone + feed)
    assert b"todo-gone" in result.err
    assert len(journal(folder)) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("hello", 1),
        ("BEGIN:VEVENT\nEND:VEVENT\n", 1),
        ("UID:x\n", 1),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:x\n", 3),
        ("BEGIN:VCALENDAR\nEND:VTODO\n", 2),
        ("BEGIN:VCALENDAR\nhello\nEND:VCALENDAR\n", 2),
        ("BEGIN:VCALENDAR\nBEGIN:VCALENDAR\n", 2),
    ],
)
def test_broken(folder: Path, text: str, line: int) -> None:
    """What is no calendar is said so, with its line, and nothing is written."""
    result = told(folder, text)
    assert result.code == 3
    assert result.err.startswith(f"tasks.ics:{line}: calendar-broken: ".encode())


@pytest.mark.parametrize(
    ("lines", "tasks"),
    [
        (["UID:A:a:s1@csprio", "STATUS:COMPLETED"], ["A:a:s1"]),
        (["uid:A:a:s1@csprio", 'completed;X="a:b":20261123T000000Z'], ["A:a:s1"]),
        (["UID:A:a", " :s1@csprio", "STATUS:completed"], ["A:a:s1"]),
        (["UID:A:a:s1@csprio", "STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:50"], []),
        (["UID:A:a:s1@csprio", "STATUS:CANCELLED"], []),
        (["UID:A:a:s1@csprio", "BEGIN:VALARM", "STATUS:COMPLETED", "END:VALARM"], []),
        (["UID:4711", "STATUS:COMPLETED"], []),
        (["STATUS:COMPLETED"], []),
    ],
)  # fmt: skip
def test_completed(lines: list[str], tasks: list[str]) -> None:
    """A to-do is done by its status or by the time of its completion."""
    text = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VTODO", *lines, "END:VTODO", "END:VCALENDAR"])
    source = decoded("tasks.ics", text.encode(), None)
    assert read_todos(source).texts("task_id") == tasks


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["BEGIN:", "END:", "VCALENDAR", "VTODO", "UID:A:b:s1@csprio", "\n", " ", ":"]
        )
        | st.text(max_size=5)
    )
)
def test_any_file(pieces: list[str]) -> None:
    """Whatever a file holds, it is read or refused in good order."""
    found = {"calendar-broken"}
    try:
        read_todos(decoded("x.ics", "".join(pieces).encode(errors="replace"), None))
    except Stop as stop:
        found = {each.code for each in stop.problems}
    assert found <= {"calendar-broken", "nul-byte", "spreadsheet"}
