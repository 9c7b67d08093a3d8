"""The journal: what people told csprio, read from one file or a folder of them.

Comes in: a path, the configuration, the grid. Goes out: a `Journal` whose entries are typed and in
the order that counts, or a `Stop` where a file cannot be used. An entry with a cell that cannot be
read is left out and reported: nothing is guessed. Nothing here reads a cell.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.journal import Journal, entry_schema
from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.entries import read_entries
from csprio.read.entry_types import type_entries
from csprio.read.journal_remarks import out_of_order, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.problems import Problem
    from csprio.read.entry_types import Typed
    from csprio.rules import Grid
    from csprio.settings import Config

    Rows = np.ndarray[tuple[int], np.dtype[np.int64]]

_EXTENSIONS = (".csv", ".csv.gz")


@dataclass(frozen=True)
class _Whence:
    """Knows where each entry comes from: `order` of the entries of all files, one after the other.

    None for `order` is the order of the files themselves.
    """

    parts: tuple[Typed, ...]
    starts: Rows
    order: Rows | None

    def place(self, entry: int, column: str) -> Place:
        """Say where an entry stands."""
        at = entry if self.order is None else int(self.order[entry])
        part = int(np.searchsorted(self.starts, at, side="right")) - 1
        typed = self.parts[part]
        return typed.file.place(int(typed.rows[at - int(self.starts[part])]), column)


def read_journal(path: str | None, config: Config, grid: Grid, *, given: bool) -> Journal:
    """Read a file, or every `*.csv` of a folder, packed ones too.

    `given` tells a path of the command line. A path of `csprio.yaml` where nothing is yet is no
    journal yet; a given one is a `Stop`.
    """
    if path is None or not (given or os.path.lexists(path)):
        return Journal(entry_schema().empty_table())
    parts: list[Typed] = []
    errors: list[Problem] = []
    for file in journal_files(path):
        try:
            parts.append(type_entries(read_entries(file, config.table), config, grid))
        except Stop as stop:
            if stop.exit_code is not ExitCode.UNUSABLE:
                raise
            errors += stop.problems
    said = [line for part in parts for line in part.said]
    errors += _two_currencies(parts, config, said)
    problems = sorted((one for part in parts for one in part.problems), key=lambda one: one.order)
    if errors:
        raise Stop(ExitCode.UNUSABLE, errors, problems)
    return _joined(parts, problems, said)


def journal_files(path: str) -> tuple[str, ...]:
    """Give the file, or the files of a folder in the order of their names."""
    folder = Path(path)
    try:
        if not folder.is_dir():
            return (path,)
        names = sorted(
            each.name
            for each in folder.iterdir()
            if each.name.casefold().endswith(_EXTENSIONS)
            and not each.name.startswith(".")
            and not each.is_dir()
        )
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        found = problem("unreadable-file", Place(path), reason=reason)
        raise Stop(ExitCode.UNUSABLE, [found]) from None
    return tuple(os.path.join(path, name) for name in names)  # noqa: PTH118 - as the user wrote it


def _two_currencies(parts: list[Typed], config: Config, said: list[str]) -> Iterator[Problem]:
    """Take the one currency that amounts are written in; a second one is an error."""
    if config.table.numerals.currency:
        return  # amounts in another one are problems of their own
    first: dict[str, tuple[Place, str]] = {}
    for part in parts:
        for currency, found in sorted(part.currencies.items(), key=lambda item: item[1]):
            first.setdefault(currency, found)
    if not first:
        return
    (taken, (there, text)), *others = first.items()
    if not others:
        said.append(f"{there.file}: amounts are in {taken}, as `{text}` in line {there.line} says")
    for currency, (place, value) in others:
        facts = {"value": value, "found": currency, "taken": taken}
        yield problem(
            "two-currencies", place, first=f"`{text}` in {there.file}:{there.line}", **facts
        )


def _joined(parts: list[Typed], problems: list[Problem], said: list[str]) -> Journal:
    """Put the entries of all files into the order that counts: by date, then file, then line."""
    tables = [part.table for part in parts]
    table = pa.concat_tables(tables) if tables else entry_schema().empty_table()
    table = table.combine_chunks()
    days = table["date"].cast(pa.int32()).to_numpy()
    order = None
    if (np.diff(days) < 0).any():
        order = np.argsort(days, kind="stable")
        table = table.take(pa.array(order))
    starts = np.cumsum([0, *(len(part.rows) for part in parts)])[:-1]
    whence = _Whence(tuple(parts), starts, order)
    days_of = np.split(days, starts[1:])[: len(parts)]

    def look() -> tuple[Problem, ...]:
        found = [*out_of_order(parts, days_of), *repeated(table, whence.place)]
        return tuple(sorted(found, key=lambda one: one.order))

    return Journal(
        table, bool(parts), tuple(part.file.source for part in parts), tuple(problems),
        find=whence.place, look=look, said=tuple(said),
    )  # fmt: skip
