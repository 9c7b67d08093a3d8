"""Task systems: a map says which columns there are, and this writes them, as CSV or as JSON.

Every row is checked. Those that the system would not take, or would take for something else, are
left out and stand beside the output with their reasons.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from csprio.problems import Place, problem
from csprio.show.formats import Written
from csprio.show.mapping import Mapper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from csprio.exports import Export
    from csprio.problems import Problem
    from csprio.show.formats import Sink
    from csprio.show.mapping import Row
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

REJECTS = ".rejects.csv"
_FORMULA, _SHOWN = "=+-@", 40
_QUOTED = frozenset('",\r\n')


class Ledger(Protocol):
    """What remembers the tasks that were exported before."""

    @property
    def known(self) -> Iterable[str]:
        """The tasks that were exported before."""

    def note(self, tasks: Iterable[str]) -> None:
        """Take tasks that are exported now; they are kept once the output stands."""


def write(
    sheet: Sheet,
    sink: Sink,
    _look: Look,
    *,
    export: Export,
    only_new: Ledger | None = None,
) -> Written:
    """Write the tasks that pass the map's checks, and give the others with their reasons."""
    told = _Told(export)
    put = _put_json if export.form == "json" else _put_csv
    mapper = Mapper(export, sheet.emails)
    known = only_new.known if only_new is not None else ()
    put(export, sink, told.passed(mapper.rows(sheet, known)))
    if only_new is not None:
        only_new.note(told.exported)
    rejects = _lines([("task_id", "reasons", *(each.name for each in export.columns))])
    rejects += _lines((row.task_id, "; ".join(row.reasons), *row.cells) for row in told.rejected)
    beside = ((REJECTS, rejects.encode()),)
    return Written(told.problems(), *((beside, ()) if told.rejected else ((), beside)))


class _Told:
    """Lets the rows through that can go, and remembers what is to be said of all of them."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self.rejected: list[Row] = []
        self.exported: list[str] = []
        self._owners: set[str] = set()
        self._formulas = 0
        self._first: tuple[str, str] | None = None

    def passed(self, parts: Iterable[list[Row]]) -> Iterator[list[Row]]:
        """Give the rows that can go, of each part."""
        for part in parts:
            self.rejected += [row for row in part if row.reasons]
            good = [row for row in part if not row.reasons]
            self.exported += [row.task_id for row in good]
            self._owners |= {row.owner for row in good if row.owner}
            if self._export.form == "csv":
                self._count(good)
            yield good

    def _count(self, rows: Iterable[Row]) -> None:
        for row in rows:
            for column, cell in zip(self._export.columns, row.cells, strict=True):
                if cell.startswith(tuple(_FORMULA)):
                    self._formulas += 1
                    self._first = self._first or (column.name, cell)

    def problems(self) -> tuple[Problem, ...]:
        """Say what was rejected, and what else is worth a warning."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[Problem]:
        name = self._export.name
        if self.rejected:
            first = self.rejected[0]
            count = len(self.rejected)
            yield problem(
                "tasks-rejected", Place(""), format=name, task=first.task_id,
                count=f"{count} task{'s'[: count != 1]} {'was' if count == 1 else 'were'}",
                reason=first.reasons[0],
            )  # fmt: skip
        if self._export.file_each and len(self._owners) > 1:
            yield problem("tasks-mixed", Place(""), format=name, count=len(self._owners))
        if self._first is not None:
            column, value = self._first
            value = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
            count = self._formulas
            cells = "1 cell begins" if count == 1 else f"{count} cells begin"
            yield problem("tasks-formulas", Place(""), cells=cells, column=column, value=value)


def _put_csv(export: Export, sink: Sink, parts: Iterable[list[Row]]) -> None:
    sink.write(_lines([[column.name for column in export.columns]]).encode())
    for rows in parts:
        sink.write(_lines(row.cells for row in rows).encode())


def _lines(rows: Iterable[Sequence[str]]) -> str:
    return "".join(",".join(map(_quoted, cells)) + "\n" for cells in rows)


def _quoted(cell: str) -> str:
    if _QUOTED.isdisjoint(cell):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def _put_json(export: Export, sink: Sink, parts: Iterable[list[Row]]) -> None:
    """Write one array, an object a line; what is empty is left out."""
    lead = "[\n"
    for rows in parts:
        for row in rows:
            sink.write(f"{lead}{json.dumps(_object(export, row), ensure_ascii=False)}".encode())
            lead = ",\n"
    sink.write(b"[]\n" if lead == "[\n" else b"\n]\n")


def _object(export: Export, row: Row) -> dict[str, Any]:
    return {
        column.name: cell.split("\n") if column.many else cell
        for column, cell in zip(export.columns, row.cells, strict=True)
        if cell
    }
