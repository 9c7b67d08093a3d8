"""iCalendar (RFC 5545): each task an event of a whole day, or a to-do, for calendars to subscribe.

A task keeps its UID whenever it is due and whoever does it, so that a calendar moves what it has
and shows nothing twice. What has ended is cancelled, and what is done is a completed to-do. The
same answer has the same bytes: the time of a feed is midnight of the day asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, Todo

from csprio.problems import Place, policy_stop, problem
from csprio.show.cells import texts
from csprio.show.formats import Written
from csprio.show.text import visible, visible_lines
from csprio.tables import ANSWERS
from csprio.uids import STATUS, TASK, uid_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from icalendar import Component

    from csprio.problems import Problem
    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

    Row = dict[str, str]

ENDED = frozenset({"done", "skipped", "expired"})  # nobody is to do these any more
_PRODUCT = "-//csprio//csprio//EN"
_TIME = re.compile(r"([0-9]{1,2})h([0-9]{2})?")
_HOURS, _MINUTES = 24, 60
_DAY = timedelta(days=1)
# What iCalendar has no way to write; a newline and a tab it can.
_UNWRITABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]")


class _Feed(NamedTuple):
    """What all items of a feed share, and what is counted on the way."""

    stamp: datetime
    todo: bool
    remind: timedelta | None
    closed: Mapping[str, str]
    further: tuple[str, ...]
    counts: Counter[str]


def write(
    sheet: Sheet, sink: Sink, _look: Look, *, todo: bool = False, remind: str | None = None
) -> Written:
    """Write a feed of the rows, each task once; `remind` is an hour of the day, as `8h30`."""
    day = datetime.combine(date.fromisoformat(sheet.as_of), datetime.min.time(), UTC)
    closed = sheet.closed() if todo and sheet.closed else {}
    own = {column.name for column in ANSWERS[sheet.command]}
    further = tuple(column.name for column in sheet.columns if column.name not in own)
    at = None if remind is None else _time_of_day(remind)
    feed = _Feed(day, todo, at, closed, further, Counter())
    if sheet.command == "worklist":
        sheet = _each_once(sheet)
    empty, ending = True, b"END:VCALENDAR\r\n"
    sink.write(_calendar(sheet).to_ical(sorted=False).removesuffix(ending))
    for row in rows_of(sheet):
        item = _item(row, feed)
        if item is not None:
            sink.write(item.to_ical(sorted=False))
            empty = False
    if empty:  # a calendar must hold something
        sink.write(_utc().to_ical(sorted=False))
    sink.write(ending)
    return Written(tuple(_problems(feed.counts, sheet.person)))


def feed_of(
    sheet: Sheet, look: Look, *, todo: bool = False, remind: str | None = None
) -> tuple[bytes, Written]:
    """Give a feed as bytes, to go into something else."""
    out = BytesIO()
    written = write(sheet, out, look, todo=todo, remind=remind)
    return out.getvalue(), written


def rows_of(sheet: Sheet) -> Iterator[Row]:
    """Give each row as texts by column, blank where nothing is known."""
    names = [column.name for column in sheet.columns]
    for part in sheet.parts():
        cells = [texts(part.column(name)).fill_null("").to_pylist() for name in names]
        yield from (dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True))


def _each_once(sheet: Sheet) -> Sheet:
    """Keep one row a task: the lead's, else that of the first who takes part in it."""
    sheet = sheet.gathered()
    tasks = sheet.table.column("task_id").to_pylist()
    parts = sheet.table.column("part").to_pylist()
    kept: dict[str, int] = {}
    for row, (task, part) in enumerate(zip(tasks, parts, strict=True)):
        if part == "lead" or task not in kept:
            kept[task] = row
    return sheet.rows(pa.array(sorted(kept.values()), pa.int64()))


def _calendar(sheet: Sheet) -> Calendar:
    """Make the head of a feed: it is called by the person whose it is."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    name = "csprio" if sheet.person is None else f"csprio: {visible(sheet.person or 'nobody')}"
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT12H")
    return calendar


def _item(row: Row, feed: _Feed) -> Component | None:
    """Make a task's event or to-do; None where there is no day for an event."""
    due = date.fromisoformat(row["due"]) if row["due"] else None
    if due is None and not feed.todo:
        feed.counts["undated"] += 1
        return None
    feed.counts["unwritable"] += sum(bool(_UNWRITABLE.search(text)) for text in row.values())
    item = Todo() if feed.todo else Event()
    uid, beside = uid_of(row["task_id"])
    item.add("uid", uid)
    item.add("dtstamp", feed.stamp)
    if due is not None and feed.todo:
        item.add("due", due)
    elif due is not None:
        item.add("dtstart", due)
        item.add("dtend", due + _DAY)
    summary = visible(f"{row['title']}: {row['name'] or row['account_id']}")
    item.add("summary", summary)
    item.add("description", _description(row, feed.further))
    item.add("categories", ["csprio", *([f"tier {visible(row['tier'])}"] if row["tier"] else [])])
    _add_status(item, row, feed)
    if beside:
        item.add(TASK.lower(), beside)
    if feed.remind is not None and due is not None and row["status"] not in ENDED:
        item.add_component(_alarm(summary, feed.remind, todo=feed.todo))
    return item


def _add_status(item: Component, row: Row, feed: _Feed) -> None:
    """Say how a task stands, in the words of its kind."""
    status = row["status"]
    if not feed.todo:
        item.add("status", "CANCELLED" if status in ENDED else "CONFIRMED")
        item.add("transp", "TRANSPARENT")
        return
    if status == "done":
        item.add("status", "COMPLETED")
        item.add("percent-complete", 100)
        day = feed.closed.get(row["task_id"])
        if day is not None:
            ended = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
            item.add("completed", ended)
        item.add(STATUS.lower(), status)
    else:
        item.add("status", "CANCELLED" if status in ENDED else "NEEDS-ACTION")


def _alarm(summary: str, time: timedelta, *, todo: bool) -> Alarm:
    """Make a reminder at a time of the day on which something is due."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", time, parameters={"RELATED": "END" if todo else "START"})
    return alarm


def _description(row: Row, further: tuple[str, ...]) -> str:
    """Say about a task what its title does not."""
    said = {
        "Account": f"{row['name']} ({row['account_id']})" if row["name"] else row["account_id"],
        "Tier": ", ".join(filter(None, [row["tier"], row["grade"] and f"grade {row['grade']}"])),
        "Takes part" if row.get("part") == "with" else "Owner": row["owner"] or "nobody",
        "With": row["with"],
        "Channel": row["channel"],
        "Effort": _minutes(row["effort_minutes"]),
        "Objective": row["objective"],
        "Why": row.get("why", ""),
        "Status": row["status"],
        **{name: row[name] for name in further},
        "Task": row["task_id"],
    }
    # A line of the text that begins as one of csprio's own could be taken for it.
    return "\n".join(
        "\n  ".join(f"{visible(name)}: {visible_lines(text)}".split("\n"))
        for name, text in said.items()
        if text
    )


def _minutes(many: str) -> str:
    return f"{many} minute{'s'[: many != '1']}" if many else ""


def _utc() -> Timezone:
    """Make the one thing that may stand in a calendar without saying anything."""
    standard, zone = TimezoneStandard(), Timezone()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - a local time, by RFC 5545
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone.add("tzid", "UTC")
    zone.add_component(standard)
    return zone


def _time_of_day(text: str) -> timedelta:
    """Read a time of day, as 9h or 8h30; Stop (exit 2) where it is none."""
    found = _TIME.fullmatch(text.strip())
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (_HOURS, _MINUTES)
    if hours >= _HOURS or minutes >= _MINUTES:
        raise policy_stop("remind-form", Place("--remind"), value=text)
    return timedelta(hours=hours, minutes=minutes)


def _problems(counts: Counter[str], person: str | None) -> Iterator[Problem]:
    """Say what a feed does not hold."""
    whose = "" if person is None else f" ({person or 'nobody'})"
    if many := counts["undated"]:
        tasks = f"{many} task{'s'[: many != 1]}"
        yield problem("feed-undated", Place(""), tasks=tasks, whose=whose)
    if many := counts["unwritable"]:
        texts = f"{many} cell{'s'[: many != 1]}"
        yield problem("feed-characters", Place(""), texts=texts, whose=whose)
