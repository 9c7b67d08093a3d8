"""To-dos that come back from a calendar, as a worklist whose column `outcome` says done.

Comes in: the text of an iCalendar file, or of several one after the other. Goes out: a `Sheet` of
the tasks that somebody has completed; or a `Stop` (exit 3) where the file is no calendar. Only what
is needed is understood, so that an oddity of a foreign to-do is nobody's trouble.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.wording import short
from csprio.telling.sheet import WORKLIST, Sheet
from csprio.uids import OURS, STATUS, TASK, task_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.problems import Problem
    from csprio.read.source import Source

_BEGINS = re.compile(rb"\s*BEGIN:VCALENDAR\s*[\r\n]", re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n|\n|\r")
# Name, parameters (a quoted one may hold a colon) and value of a property.
_PROPERTY = re.compile(r'([A-Za-z0-9-]+)((?:;[^":]*(?:"[^"]*"[^":]*)*)?):(.*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TODO, _EVENT, _CALENDAR = "VTODO", "VEVENT", "VCALENDAR"


@dataclass(frozen=True)
class _Item:
    """A part of a calendar: its kind, the line it begins on, the first value of each property."""

    kind: str
    line: int
    values: dict[str, str] = field(default_factory=dict)

    @property
    def task(self) -> str:
        """The task that it stands for; "" where it is none of csprio's."""
        return task_of(self.values.get("UID", ""), self.values.get(TASK, ""))

    @property
    def completed(self) -> bool:
        """Tell whether somebody has completed it, who is not csprio itself."""
        done = self.values.get("STATUS", "").upper() == "COMPLETED" or "COMPLETED" in self.values
        return done and STATUS not in self.values


def is_calendar(source: Source) -> bool:
    """Tell a calendar by its beginning, or by the name that it should not have otherwise."""
    return bool(_BEGINS.match(source.data)) or source.name.lower().endswith(".ics")


def read_todos(source: Source) -> Sheet:
    """Read the to-dos that are completed; what is not csprio's is noted, and left out."""
    items = list(_items(source))
    todos = [each for each in items if each.kind == _TODO]
    found = [(each, each.task) for each in todos]
    mine = [(each, task) for each, task in found if task and each.completed]
    notes = [_foreign(source, each) for each, task in found if not task]
    events = [each for each in items if each.kind == _EVENT and each.task]
    if events and not any(task for _, task in found):
        notes.append(problem("calendar-events", Place(source.name, events[0].line)))
    nothing = pa.nulls(len(mine), pa.string())
    columns = dict.fromkeys(WORKLIST, nothing)
    columns["task_id"] = pa.array([task for _, task in mine], pa.string())
    columns["outcome"] = pa.array(["done"] * len(mine), pa.string())
    lines = [each.line for each, _ in mine]
    headers = {"task_id": "UID", "outcome": "STATUS"}
    return Sheet(source.name, headers, columns, lines, tuple(notes), only_done=True)


def _foreign(source: Source, item: _Item) -> Problem:
    """Note a to-do of somebody else."""
    text = _ESCAPED.sub(
        lambda found: "\n" if found[1] in "nN" else found[1], item.values.get("SUMMARY", "")
    )
    uid = item.values.get("UID", "")
    summary = f"`{short(text or uid)}`"
    if uid.endswith(OURS):
        summary += f" ({short(uid)})"
    return problem("todo-foreign", Place(source.name, item.line), summary=summary)


def _items(source: Source) -> Iterator[_Item]:
    """Give each to-do and event, with what stands in it itself."""
    within: list[_Item] = []
    line = 0
    for line, text in _unfolded(source.data.decode()):
        found = _PROPERTY.fullmatch(text)
        if found is None:
            raise _broken(source, line, f"`{short(text)}` is no line of one")
        name, value = found[1].upper(), found[3]
        if name == "BEGIN":
            kind = value.strip().upper()
            if (kind == _CALENDAR) is bool(within):
                raise _broken(source, line, f"BEGIN:{short(kind)} stands in the wrong place")
            within.append(_Item(kind, line))
        elif not within:
            raise _broken(source, line, "it does not begin with BEGIN:VCALENDAR")
        elif name == "END":
            yield _ended(source, line, within.pop(), value)
        else:
            within[-1].values.setdefault(name, value)
    if within:
        first = within[0]
        raise _broken(source, line, f"{first.kind} of line {first.line} does not end")
    if not line:
        raise _broken(source, 1, "it is empty")


def _ended(source: Source, line: int, item: _Item, kind: str) -> _Item:
    """Give what ends on a line, if it is that which the line says."""
    if kind.strip().upper() != item.kind:
        raise _broken(source, line, f"it should end {item.kind} of line {item.line} here")
    return item


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Give each line of content with its number; one that begins with a blank goes on."""
    number, parts = 0, list[str]()
    for at, line in enumerate(_LINE_ENDS.split(text), 1):
        if line[:1] in {" ", "\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield number, "".join(parts)
        number, parts = at, [line] if line.strip() else []
    if parts:
        yield number, "".join(parts)


def _broken(source: Source, line: int, reason: str) -> Stop:
    """Stop for a file that is no calendar."""
    found = problem("calendar-broken", Place(source.name, line), reason=reason)
    return Stop(ExitCode.UNUSABLE, [found])
