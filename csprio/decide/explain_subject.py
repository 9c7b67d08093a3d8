"""The account that is explained, with all that its answers rest on.

In: what the stages found of the whole book, and where things stand in the files. Out: a `Subject`,
from which each part of the explanation takes what it needs, and `Step`, a line of it. Nothing is
decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from csprio.decide.columns import NONE
from csprio.decide.conditions import Conditions, as_text, kept_apart
from csprio.decide.why import Situation, situations
from csprio.journal import KINDS
from csprio.rules import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    import numpy.typing as npt
    import pyarrow as pa

    from csprio.decide.calendar import Schedule
    from csprio.decide.grading import Graded
    from csprio.decide.memory import Memory
    from csprio.decide.signalled import Signalled
    from csprio.journal import Journal
    from csprio.problems import Place, Problem
    from csprio.rules import Grid
    from csprio.team import Team


class Step(NamedTuple):
    """A line of an explanation: which step of the chain, of what, its value, why, and where."""

    step: str
    what: str
    value: str = ""
    why: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Entry:
    """An entry of the account: its place in the memory, and what stands in its columns.

    `heard` tells an event that no person told, but a row of a source.
    """

    at: int
    day: date
    kind: str
    key: str
    value: str
    amount: Decimal | None
    until: date | None
    by: str
    note: str
    place: Place
    heard: bool = False

    @property
    def said(self) -> str:
        """Say who told it and when, and the note."""
        by = f" by {self.by}" if self.by else ""
        return f"{self.day}{by}{f': {self.note}' if self.note else ''}"


@dataclass(frozen=True)
class Files:
    """Where things of one account stand in the files, and what is wrong with them there.

    `cell` finds the place of a field's cell, `text` its text as written; `found` are the problems
    of single cells by place; `settings` the places of keys of csprio.yaml.
    """

    cell: Callable[[str], Place]
    text: Callable[[str], str | None]
    found: Mapping[Place, Sequence[Problem]]
    settings: Mapping[str, Place]


@dataclass(frozen=True)
class Subject:
    """One account, by its row in the book, and what all stages found."""

    row: int
    book: pa.Table
    schedule: Schedule
    codes: Graded
    memory: Memory
    journal: Journal
    team: Team
    called_for: npt.NDArray[Any]
    signalled: Signalled | None
    active: bool
    prospect: bool
    files: Files

    @property
    def grid(self) -> Grid:
        """The grid."""
        return self.schedule.policy.grid

    def cell(self, field: str) -> Any:  # noqa: ANN401 - of the field's kind
        """Give what the cell of a field says, as read; None for nothing."""
        return self.book[field][self.row].as_py() if field in self.book.column_names else None

    def counts(self, field: str) -> Any:  # noqa: ANN401 - of the field's kind
        """Give what counts for a field once the journal has spoken and all is graded."""
        return self.schedule.accounts[field][self.row].as_py()

    @cached_property
    def id(self) -> str:
        """The account's id."""
        return str(self.cell("account_id"))

    @cached_property
    def situation(self) -> Situation:
        """What its note depends on."""
        state = self.called_for * 0
        columns = situations(self.codes, self.called_for, state)
        return Situation(*(int(column[self.row]) for column in columns))

    @cached_property
    def seen(self) -> pa.Table:
        """The account as grading sees it: a table of one row, cells that entries beat replaced."""
        cells = kept_apart(self.book.slice(self.row, 1))
        return self.memory.cells(cells, self.memory.now.slice(self.row, 1))

    @cached_property
    def conditions(self) -> Conditions:
        """Conditions of playbooks over the account alone."""
        return Conditions(self.schedule.accounts.slice(self.row, 1))

    @cached_property
    def deciding(self) -> dict[str, int]:
        """The place of the entry that decides each thing, -1 where none does."""
        moments = self.memory.now.slice(self.row, 1)
        return {name: int(at[0]) for name, at in self.memory.deciding(moments).items()}

    @cached_property
    def entries(self) -> dict[int, Entry]:
        """The account's entries by their place in the memory, in the order that counts."""
        track = self.memory.track(*KINDS)
        ats = track.at[track.row == self.row].tolist()
        return {at: self._entry(at) for at in ats}

    def _entry(self, at: int) -> Entry:
        number = self.memory.number_at(at)
        row = self.journal.entries.slice(number, 1).to_pylist()[0]
        texts = {name: row[name] or "" for name in ("kind", "key", "value", "by", "note")}
        place = self.journal.place(number)
        heard = self.journal.heard is not None and bool(self.journal.heard[number])
        amount, until = row["amount"], row["until"]
        return Entry(at, row["date"], amount=amount, until=until, place=place, heard=heard, **texts)

    def decided(self, name: str) -> Entry | None:
        """Give the entry that decides a thing."""
        at = self.deciding[name]
        return None if at == NONE else self.entries[at]

    def decider(self, name: str) -> Entry:
        """Give the entry that decides a thing that some entry tells."""
        return self.entries[self.deciding[name]]

    def last(self, kinds: Sequence[str]) -> Entry | None:
        """Give the last entry of some kinds."""
        of_kinds = [each for each in self.entries.values() if each.kind in kinds]
        return of_kinds[-1] if of_kinds else None


def shown(value: Any) -> str:  # noqa: ANN401 - a cell of any kind
    """Write a value as csprio prints it, nothing for None."""
    return "" if value is None else as_text(value)


def at(place: Place) -> str:
    """Name a place within a sentence."""
    return f"{place.file}:{place.line}"
