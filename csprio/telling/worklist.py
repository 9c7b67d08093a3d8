"""A filled-in worklist as entries: what became of each task.

Comes in: a `Sheet` and the graded book. Goes out: an entry for each task of which the journal does
not say the same already, and every problem of every row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from csprio.journal import CLOSINGS
from csprio.keep import one_line
from csprio.problems import Problem, problem
from csprio.read.cells import votes
from csprio.read.dates import DMY, MDY
from csprio.read.wording import short
from csprio.telling.entry import Entry
from csprio.telling.sheet import DATES
from csprio.telling.tasks import TaskIds
from csprio.telling.values import read_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from csprio.pipeline import Graded
    from csprio.problems import Place
    from csprio.telling.sheet import Sheet


_MARKS = "/.-"  # between day and month


class Told(NamedTuple):
    """What a sheet tells: new entries, how many were told before, and what is wrong."""

    entries: list[Entry]
    before: int
    problems: list[Problem]


class _Row(NamedTuple):
    """A row that is filled in."""

    number: int
    task: str
    outcome: str
    until: str
    comment: str


def from_worklist(sheet: Sheet, graded: Graded) -> Told:
    """Make an entry of each task with an outcome, unless its last entry says the same."""
    names = ("task_id", "outcome", "until", "comment")
    cells = zip(*(sheet.texts(name) for name in names), strict=True)
    rows = [_Row(at, *row) for at, row in enumerate(cells) if any(row[1:])]
    reading = _Reading(sheet, TaskIds(graded), orders_of(sheet, graded), graded)
    told: dict[str, tuple[int, Entry]] = {}
    for row in rows:
        found = reading.entry(row)
        if found is None:
            continue
        number, first = told.setdefault(found.key, (row.number, found))
        if first.says != found.says:
            line = line_of(sheet, number, row.number)
            reading.report("told-twice", row, "outcome", line=line, what=found.key)
    entries = [each for _, each in told.values() if not reading.said_before(each)]
    return Told(entries, len(told) - len(entries), reading.problems)


@dataclass
class _Reading:
    """A worklist while it is read."""

    sheet: Sheet
    tasks: TaskIds
    orders: Mapping[str, str]
    graded: Graded
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, row: _Row, column: str, **facts: object) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(problem(code, self.sheet.place(row.number, column), **facts))

    def entry(self, row: _Row) -> Entry | None:
        """Make a row's entry, or report all that is wrong with it."""
        before = len(self.problems)
        task = self.tasks.spelled(row.task)
        word = row.outcome.casefold()
        kind, value = (word, "") if word in CLOSINGS else ("done", one_line(row.outcome))
        if not row.outcome:
            filled = " and ".join(name for name in ("until", "comment") if getattr(row, name))
            self.report("outcome-missing", row, "outcome", filled=filled)
        until = self._until(row, kind) if row.outcome else None
        place = self.sheet.place(row.number, "outcome")
        account, note = task.rsplit(":", 2)[0], one_line(row.comment)
        made = Entry(account, kind, task, value, until, note, place=place)
        if len(self.problems) == before and self.said_before(made):
            return made
        known = self.tasks.whole(row.task, self.sheet.place(row.number, "task_id"))
        if isinstance(known, Problem) and self.sheet.only_done:
            self.report("todo-gone", row, "task_id", task=short(row.task))
        elif isinstance(known, Problem):
            self.problems.append(known)
        day = self.graded.inputs.question.as_of
        if until is not None and until <= day:
            self.report("until-early", row, "until", until=until, day=day)
        return made if len(self.problems) == before else None

    def said_before(self, entry: Entry) -> bool:
        """Tell whether the last entry of the task says the same; missing words read as blank."""
        missing = self.graded.inputs.config.table.missing
        kind, value, until, note = entry.says
        if self.sheet.only_done:
            return self.tasks.last_said.get(entry.key, ("",))[0] == kind
        value, note = ("" if text in missing else text for text in (value, note))
        return self.tasks.last_said.get(entry.key) == (kind, value, until, note)

    def _until(self, row: _Row, kind: str) -> date | None:
        """Read the day on which a task comes back, where there must be one."""
        if kind != "snoozed":
            if row.until:
                way = "write `snoozed` as the outcome, or empty the cell"
                self.report("until-unused", row, "until", kind=kind, remedy=way)
            return None
        if not row.until:
            day = self.graded.inputs.question.as_of
            self.report("until-missing", row, "until", day=day, where="in the column until")
            return None
        until = read_until(row.until, self.orders, self.sheet.place(row.number, "until"))
        if isinstance(until, Problem):
            self.problems.append(until)
            return None
        return until


def line_of(sheet: Sheet, row: int, other: int) -> str:
    """Name the line of a row to somebody who looks at another one, perhaps on another sheet."""
    place = sheet.place(row, "")
    elsewhere = place.file != sheet.place(other, "").file
    return f"{place.line} of {place.file}" if elsewhere else str(place.line)


def read_until(text: str, orders: Mapping[str, str], place: Place) -> date | Problem:
    """Read a day as the days of its sheet are written."""
    mark = re.search(f"[{_MARKS}]", text)
    return read_day(text, orders.get(mark[0]) if mark else None, place)


def orders_of(sheet: Sheet, graded: Graded) -> dict[str, str]:
    """Give the order of day and month by the mark between them: as configured, else as settled.

    A spreadsheet writes the days of all columns in its own way, so they settle it for `until` too;
    but not for a day that somebody has typed with another mark.
    """
    said = graded.inputs.config.table.dates
    if said:
        return dict.fromkeys(_MARKS, said)
    columns = [sheet.columns[name] for name in ("until", *DATES) if name in sheet.columns]
    texts = pa.concat_arrays([pa.array([], pa.string()), *columns]).drop_null()
    orders = {}
    for mark in _MARKS:
        found = votes(texts.filter(pc.match_substring(texts, mark)), "until")
        if bool(found.dmy) != bool(found.mdy):
            orders[mark] = DMY if found.dmy else MDY
    return orders
