"""A file of dated rows about accounts, as `signals.yaml` names it: read once, in batches.

Comes in: the name of a source, the policy, how files are written, the accounts of the book. Goes
out: `Batch`es for who adds them up, and what is wrong with cells and rows; what makes the file
unusable is a `Stop`. Memory is bounded by a piece of the file, not by its length.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read import ids
from csprio.read.amounts import marks
from csprio.read.id_index import IdIndex
from csprio.read.pieces import File
from csprio.read.settle import settled
from csprio.read.source import sha256_of
from csprio.read.source_batches import Batches
from csprio.read.source_cells import Reader, cells_of
from csprio.read.source_columns import ACCOUNT, asked_of, columns_of, via_columns
from csprio.read.source_days import Calendar, heads_of
from csprio.read.source_remarks import Remarks
from csprio.read.via import Via, Whose, read_via
from csprio.read.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from csprio.batches import Batch
    from csprio.problems import Problem
    from csprio.read.source_columns import Columns
    from csprio.settings import Config, Read
    from csprio.signals import Signals

EPOCH = date(1970, 1, 1)  # days are counted from it
_SIDES = ("dmy", "mdy", "either")


@dataclass(frozen=True)
class _Opened:
    """A file that was read: its bytes are hashed when somebody asks."""

    name: str

    @cached_property
    def sha256(self) -> str:
        """The digest of the file's bytes."""
        try:
            with Path(self.name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return sha256_of(self.name)  # says what is the matter


class SourceFile:
    """One source: `batches` reads it, then `problems` and `said` are complete.

    `path` is the file as the user reaches it: what `signals.yaml` says is relative to its folder.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all that a source hangs on
        self,
        name: str,
        signals: Signals,
        config: Config,
        accounts: pa.Array,
        last: date,
        aside: pa.Array | None = None,
    ) -> None:
        """Take `accounts`, the ids of the book in order, and the last day that is seen.

        `aside` has the ids that nobody need wonder about, though the book may lack them.
        """
        self.name = name
        self.problems: list[Problem] = []
        self.said: list[str] = []
        self._signals, self._rule = signals, signals.sources[name]
        self._config, self._accounts, self._last = config, accounts, last
        self._aside = None if aside is None else IdIndex(aside)
        self._folder = os.path.dirname(signals.place.file)  # noqa: PTH120 - as the user wrote it
        self.path = self._reached(self._rule.file)
        self._columns: Columns | None = None
        self._file: File | None = None
        self._other: File | None = None

    @property
    def reads(self) -> tuple[Read, ...]:
        """The files that were read; a digest of one reads it again, for it is rarely asked for."""
        files = [file for file in (self._file, self._other) if file is not None]
        return tuple(file.source or _Opened(file.path) for file in files)

    def place(self, at: int, column: str = "") -> Place:
        """Say where a row of a batch stands, by its number; the file is read again for it."""
        assert self._file is not None  # noqa: S101 - who has rows has read the file
        assert self._columns is not None  # noqa: S101
        line = self._file.line(at, self._columns[self._rule.date])
        return Place(self.path, line, self._columns.header_of(column) if column else "")

    def batches(self) -> Iterator[Batch]:
        """Read the file; `Stop` where it is no table, or lacks what the policy asks for."""
        file, columns, via = self._open()
        table = self._config.table
        key = self._rule.via.on if self._rule.via else ACCOUNT
        work = Batches(
            asked=asked_of(self._signals, self.name),
            columns=columns,
            settings=table,
            date=self._rule.date,
            key=key,
            last=(self._last - EPOCH).days,
            whose=Whose(IdIndex(self._accounts), table.ids == ids.SALESFORCE, via, self._aside),
            reader=Reader(marks(table.numerals)),
            calendar=Calendar(self._rule.dates or table.dates),
            remarks=Remarks(table.numerals),
            settle=lambda: self._settle(file, columns, [self._rule.date, *work.asked.dates]),
        )
        names = [self._rule.date, key, *work.asked.names]
        for piece in file.walk([columns[name] for name in names], columns[self._rule.date]):
            batch = work.batch(piece)
            if batch is not None:
                yield batch
        self._finish(file, work)

    def _open(self) -> tuple[File, Columns, Via | None]:
        """Open the file, and the one that knows its keys; Stop with what is wrong with both."""
        stops: list[Stop] = []
        via = None
        try:
            self._file = self._table(self._rule.file, "file")
            self._columns = columns_of(self._signals, self.name, self.path, self._file.layout)
            _refuse(self._columns)
        except Stop as stop:
            stops.append(stop)
        try:
            via = self._read_via()
        except Stop as stop:
            stops.append(stop)
        if stops:
            worst = min(stop.exit_code for stop in stops)
            now = [one for stop in stops if stop.exit_code == worst for one in stop.problems]
            later = [one for stop in stops if stop.exit_code != worst for one in stop.problems]
            raise Stop(worst, now, [*later, *(one for stop in stops for one in stop.also)])
        assert self._file is not None  # noqa: S101 - else there was a stop
        assert self._columns is not None  # noqa: S101
        return self._file, self._columns, via

    def _table(self, written: str, key: str) -> File:
        """Open a file; that there is none is a matter of the policy, too."""
        path = self._reached(written)
        try:
            return File(path, self._rule.encoding or self._config.table.encoding)
        except Stop as stop:
            if stop.problems[0].code != "missing-file":
                raise
            place = self._rule.places.get(key, self._rule.place)
            facts = {"source": short(self.name), "policy": place.file, "key": key}
            found = problem("source-missing", Place(path), line=place.line, **facts)
            raise Stop(ExitCode.UNUSABLE, [found]) from None

    def _read_via(self) -> Via | None:
        """Read the file that accounts are looked up in, if there is one."""
        if self._rule.via is None:
            return None
        self._other = self._table(self._rule.via.file, "via")
        path = self._reached(self._rule.via.file)
        columns = via_columns(self._rule, path, self._other.layout)
        _refuse(columns)
        found = read_via(self._other, columns, self._rule.via.on, self._config.table)
        self.said += self._other.said
        return found

    def _reached(self, written: str) -> str:
        """Give a path of the policy as the user reaches it."""
        return os.path.join(self._folder, written)  # noqa: PTH118 - as the user wrote it

    def _settle(self, file: File, columns: Columns, names: Sequence[str]) -> str | None:
        """Look through all dates of the file for the order of day and month.

        What matters is the first cell that speaks for each order, in each column.
        """
        key, lines = columns[self._rule.date], dict[int, int]()
        first: dict[tuple[str, str], tuple[int, str]] = {}
        for piece in file.walk([columns[name] for name in names], key):
            for name in names:
                cells = cells_of(piece.columns[columns[name]], self._config.table.missing)
                heads = heads_of(cells)
                for side in _SIDES:
                    row = None if (name, side) in first else heads.first(side)
                    if row is not None:
                        first[name, side] = piece.first + row, cells.text(row)
                        lines[piece.first + row] = piece.line(row)
        rows = sorted(lines)
        texts = {name: [""] * len(rows) for name in names}
        for (name, _), (row, text) in first.items():
            texts[name][rows.index(row)] = text
        few = {name: pa.array([text or None for text in some]) for name, some in texts.items()}

        def find(row: int, name: str) -> Place:
            return Place(self.path, lines[rows[row]], columns.header_of(name))

        where = f"under the source `{short(self.name)}` in {self._signals.place.file}"
        return settled(few, find, self.said, where)

    def _finish(self, file: File, work: Batches) -> None:
        """Say what was found on the way."""
        self.said += file.said
        whose, via = work.whose, self._rule.via
        found = work.remarks.problems()
        code = "source-strangers" if whose.met else "source-foreign"
        found += whose.strangers.told(code, "the id", "ids", source=short(self.name))
        if via is not None:
            facts = {"source": short(self.name), "file": self._reached(via.file)}
            one, many = f"the `{short(via.on)}`", f"values of `{short(via.on)}`"
            found += whose.lacking.told("via-unknown", one, many, **facts)
        self.problems = sorted(found, key=lambda one: one.order)
        for currency, (place, text) in [*work.currencies.items()][:1]:
            said = f"amounts are in {currency}, as `{text}` in line {place.line} says"
            self.said.append(f"{self.path}: {said}")
        errors = [*work.two_currencies()]
        if errors:
            raise Stop(ExitCode.UNUSABLE, errors, self.problems)


def _refuse(columns: Columns) -> None:
    """Stop where a column is not there, or where two may be one."""
    if columns.missing:
        raise Stop(ExitCode.POLICY, columns.missing, columns.alike)
    if columns.alike:
        raise Stop(ExitCode.UNUSABLE, columns.alike)
