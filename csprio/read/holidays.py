"""Holidays: the days of a small table with a column `date`.

Comes in: a path, and how the file is written if that is said. Goes out: days, and problems. A cell
that is no date is reported and left out; a file that is no table stops the run.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

from csprio.codes import TABLE, Severity
from csprio.problems import Place, Stop, problem
from csprio.read.amounts import Bad
from csprio.read.dates import DMY, MDY, Both, both_ways, day_of
from csprio.read.source import decoded, read_bytes
from csprio.read.wording import short
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from csprio.problems import Problem

COLUMN = "date"
NOT_FATAL = ("bad-date", "far-date", "excel-date")
TABLE_CODES = frozenset(
    {"holidays-table"} | {code.name for code in TABLE if code.severity is Severity.ERROR}
)
_DELIMITERS = ",;\t|"


class _Cell(NamedTuple):
    """A cell of the date column."""

    text: str
    place: Place


def read_holidays(
    path: str, order: str | None, encoding: str | None, problems: list[Problem]
) -> list[tuple[date, Place]]:
    """Read the days of one file, in its order, and where each stands."""
    try:
        cells = _cells(path, encoding, problems)
    except Stop as stop:
        problems += stop.problems
        return []
    except csv.Error as failure:
        problems.append(problem("unreadable-file", Place(path), reason=short(str(failure))))
        return []
    settled = order or _settled(cells, problems)
    days = ((_day(cell, settled, problems), cell.place) for cell in cells if settled)
    return [(day, place) for day, place in days if day is not None]


def _cells(path: str, encoding: str | None, problems: list[Problem]) -> list[_Cell]:
    text = decoded(path, read_bytes(path), encoding).data.decode("utf-8", "replace")
    rows = list(_rows(text))
    line, header = rows[0] if rows else (1, [])
    at = next((at for at, cell in enumerate(header) if plain(cell) == COLUMN), None)
    if at is None:
        problems.append(problem("holidays-table", Place(path, line)))
        return []
    name = header[at].strip()
    return [
        _Cell(row[at].strip() if at < len(row) else "", Place(path, line, name))
        for line, row in rows[1:]
    ]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Walk the rows that hold anything, each with the line it begins on."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=lambda mark: (head.count(mark), mark == ","))
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _settled(cells: Sequence[_Cell], problems: list[Problem]) -> str:
    """Settle the order of day and month by the file; empty, and a problem, where it does not."""
    open_ = [(cell, both) for cell in cells if (both := both_ways(cell.text))]
    first = {
        DMY: next((cell for cell, both in open_ if both.mdy is None and both.dmy), None),
        MDY: next((cell for cell, both in open_ if both.dmy is None and both.mdy), None),
    }
    dmy, mdy = first[DMY], first[MDY]
    either = next(((cell, both) for cell, both in open_ if _two_days(both)), None)
    if dmy is not None and mdy is not None:
        problems.append(_mixed(dmy, mdy))
        return ""
    if dmy is None and mdy is None and either is not None:
        cell, both = either
        facts = {"value": short(cell.text), "where": "in csprio.yaml"}
        days = {"dmy": both.dmy, "mdy": both.mdy}
        problems.append(problem("ambiguous-dates", cell.place, **facts, **days))
        return ""
    return MDY if mdy is not None else DMY


def _mixed(dmy: _Cell, mdy: _Cell) -> Problem:
    """Name the later of two cells that need different orders, and the earlier one beside it."""
    cells = [(dmy, "day first"), (mdy, "month first")]
    (first, other), (late, order) = sorted(cells, key=lambda cell: cell[0].place.line)
    facts = {"value": short(late.text), "other": short(first.text), "line": first.place.line}
    return problem("mixed-dates", late.place, order=order, other_order=other, **facts)


def _two_days(both: Both) -> bool:
    return both.dmy is not None and both.mdy is not None and both.dmy != both.mdy


def _day(cell: _Cell, order: str, problems: list[Problem]) -> date | None:
    found = day_of(cell.text, order)
    if not isinstance(found, Bad):
        return found
    value = short(cell.text) or "an empty cell"
    problems.append(problem(found.code, cell.place, value=value, **found.facts))
    return None
