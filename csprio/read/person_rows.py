"""The rows of a team's file, each cell read as what its column holds.

Comes in: a `Source` and how files are written. Goes out: a `PersonRow` for each row with a name,
and problems; a file that is no table of people is a `Stop`. Nothing here looks at two rows at once,
but for the order of day and month, which the file settles.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.amounts import Bad, marks, number, whole
from csprio.read.cells import clean
from csprio.read.dates import day_of
from csprio.read.entries import alone
from csprio.read.refusals import date_remedy, number_remedy, why
from csprio.read.settle import settled
from csprio.read.table import lay_out, read_columns
from csprio.read.wording import listed, short
from csprio.settings import TableSettings
from csprio.tables import plain
from csprio.team import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from csprio.problems import Problem
    from csprio.read.source import Source
    from csprio.read.table import Begun, Layout

_AWAY = ("away_from", "away_to")
_WORDS = dict.fromkeys(("yes", "true", "y", "t", "1"), True) | dict.fromkeys(
    ("no", "false", "n", "f", "0"), False
)
_WEEK_HOURS = 168


class Rows(NamedTuple):
    """The rows with a name, what is wrong with the file's cells, and what stderr is told."""

    people: list[PersonRow]
    problems: list[Problem]
    said: tuple[str, ...]


@dataclass(frozen=True)
class _File:
    """A team's file as text: a column each, and where a cell stands."""

    name: str
    header: Mapping[str, str]
    texts: Mapping[str, pa.Array]
    lines: Begun
    settings: TableSettings
    order: str | None = None

    def place(self, row: int, column: str) -> Place:
        """Say where a cell stands."""
        return Place(self.name, self.lines[row], self.header.get(column, column))


@dataclass
class PersonRow:
    """One row: its texts (empty where blank), the values read from them, an absence."""

    file: _File
    row: int
    texts: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    default: bool = False
    away: tuple[date, date] | None = None

    @property
    def name(self) -> str:
        """The person's name as written."""
        return self.texts["name"]

    @property
    def role(self) -> str:
        """The row's role as written."""
        return self.texts["role"]

    def place(self, column: str) -> Place:
        """Say where a cell of the row stands."""
        return self.file.place(self.row, column)

    def wrong(self, column: str, expected: str, because: str, remedy: str) -> Problem:
        """Say that a cell is not what its column holds."""
        facts = {"value": short(self.texts[column]), "expected": expected, "why": because}
        return problem("person-cell", self.place(column), remedy=remedy, **facts)


def read_rows(source: Source, settings: TableSettings) -> Rows:
    """Read a file's rows; what makes it no table is a `Stop`."""
    layout = lay_out(source, TableSettings())
    at = _columns(source, layout)
    found = read_columns(source, layout, list(at.values()), at["name"])
    if found.errors:
        raise Stop(ExitCode.UNUSABLE, found.errors)
    said = [f"{source.name}: left out `{short(text)}`, a report's footer" for text in found.footer]
    blank = pa.nulls(len(found.columns[at["name"]]), pa.string())
    texts = {
        name: clean(found.columns[at[name]], settings.missing) if name in at else blank
        for name in COLUMNS
    }
    header = {name: layout.header[column] for name, column in at.items()}
    file = _File(source.name, header, texts, found.lines, settings)
    away = {name: texts[name] for name in _AWAY}
    order = settings.dates or settled(away, file.place, said)
    file = _File(source.name, header, texts, found.lines, settings, order)
    people, problems = [], []
    columns = {name: column.to_pylist() for name, column in texts.items()}
    for row in range(len(blank)):
        person = PersonRow(file, row, {name: columns[name][row] or "" for name in COLUMNS})
        if not person.name:
            problems.append(problem("person-blank", person.place("name")))
            continue
        _type(person, problems)
        people.append(person)
    return Rows(people, problems, tuple(said))


def _columns(source: Source, layout: Layout) -> dict[str, int]:
    """Find the columns in the header; without names it is no team."""
    spelled = [plain(name) for name in layout.header]
    found = {
        name: [at for at, text in enumerate(spelled) if text == plain(name)] for name in COLUMNS
    }
    if not found["name"]:
        place = Place(source.name, layout.line)
        headers = listed(filter(None, layout.header))
        made = problem("not-a-team", place, headers=headers, header=",".join(COLUMNS))
        raise Stop(ExitCode.UNUSABLE, [made])
    return alone(found, layout, source.name)


def _type(person: PersonRow, problems: list[Problem]) -> None:
    """Read the cells of a row; one that cannot be read is missing, and a problem."""
    for column in ("email", "reports_to", "region"):
        if person.texts[column]:
            person.values[column] = person.texts[column]
    if person.texts["hours_per_week"]:
        _hours(person, problems)
    if person.texts["max_accounts"]:
        _most(person, problems)
    if word := person.texts["default"]:
        if word.casefold() in _WORDS:
            person.default = _WORDS[word.casefold()]
        else:
            problems.append(
                person.wrong("default", "yes or no", "", "write yes, or leave it empty")
            )
    _absence(person, problems)


def _hours(person: PersonRow, problems: list[Problem]) -> None:
    """Read the hours of a week."""
    column, numerals = "hours_per_week", person.file.settings.numerals
    found = number(person.texts[column], marks(numerals))
    if isinstance(found, Bad):
        told = why(found), number_remedy(found, numerals)
        problems.append(person.wrong(column, "a number of hours", *told))
    elif found.currency or not 0 <= found.value <= _WEEK_HOURS:
        remedy = f"write a number from 0 to {_WEEK_HOURS}"
        problems.append(person.wrong(column, "a number of hours in a week", "", remedy))
    else:
        person.values[column] = found.value


def _most(person: PersonRow, problems: list[Problem]) -> None:
    """Read how many accounts a person takes at most; 0 is somebody who takes none."""
    column, numerals = "max_accounts", person.file.settings.numerals
    text = person.texts[column]
    found = 0 if text == "0" else whole(text, marks(numerals))
    if isinstance(found, Bad):
        told = why(found), number_remedy(found, numerals)
        problems.append(person.wrong(column, "a number of accounts", *told))
    else:
        person.values[column] = found


def _absence(person: PersonRow, problems: list[Problem]) -> None:
    """Read the first and the last day of an absence."""
    days = []
    for column in _AWAY:
        text = person.texts[column]
        found = day_of(text, person.file.order) if text else None
        if isinstance(found, Bad):
            remedy = date_remedy(found, person.file.order)
            problems.append(person.wrong(column, "a date", why(found), remedy))
            return
        days.append(found)
    first, last = days
    if first is None and last is None:
        return
    if first is None or last is None:
        there, lacking = _AWAY if last is None else _AWAY[::-1]
        told = f"{there} is given and {lacking} is not"
        problems.append(problem("person-away", person.place(lacking), why=told))
    elif first > last:
        told = f"away_to {last} is before away_from {first}"
        problems.append(problem("person-away", person.place("away_to"), why=told))
    else:
        person.away = (first, last)
