"""Tasks as a map of a task system wants them: the cells of each, and why some cannot go there.

In: parts of a calendar or a worklist, and the map. Out: rows of text, whole columns at a time, and
the reasons against a row. Nothing here quotes or writes.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csprio.exports import EXTRA_FIELDS, ISO
from csprio.problems import policy_stop
from csprio.show.cells import texts
from csprio.show.text import visible
from csprio.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from csprio.exports import Export, ExportColumn, Piece
    from csprio.tables import Sheet

# What the ids of tasks are folded into; written here once, for good.
_NAMESPACE = uuid.UUID("6f1d3bb0-7f1c-5c53-9a3e-2b7c1e0d5a11")
_BREAKS = re.compile("[\n\r\t\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SHOWN = 40
_TASK_ID, _STATUS, _PART, _OWNER, _LEAD = "task_id", "status", "part", "owner", "lead"


@dataclass(frozen=True)
class Row:
    """A task as the system gets it; with `reasons` it does not get it."""

    task_id: str
    owner: str
    cells: tuple[str, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapper:
    """Turns tasks into rows by a map; `emails` are those of the team, by name."""

    export: Export
    emails: Mapping[str, str] = field(default_factory=dict)

    def rows(self, sheet: Sheet, known: Iterable[str] = ()) -> Iterator[list[Row]]:
        """Give the rows of each part: a task once, in the sheet's order, and not what is known.

        A map that wants a field which the answer lacks stops the run (exit 2).
        """
        self._check(sheet)
        known = frozenset(known)
        dates = {each.name for each in sheet.columns if each.kind is Kind.DATE}
        for part in sheet.parts():
            whole = {name: _texts(part, name) for name in part.column_names}
            kept = self._kept(whole, known)
            if len(kept) < part.num_rows:
                whole = {name: [cells[at] for at in kept] for name, cells in whole.items()}
            yield self._of_part({**whole, **self._extra(sheet, whole)}, {*dates, "as_of"})

    def _check(self, sheet: Sheet) -> None:
        have = {*(column.name for column in sheet.columns), *EXTRA_FIELDS}
        for column in self.export.columns:
            for names in column.fields:
                if have.isdisjoint(names):
                    hint = f"add it by --add {names[0]}, or name a column that docs/fields.md lists"
                    raise policy_stop(
                        "export-field", column.place,
                        field="|".join(names), command=sheet.command, hint=hint,
                    )  # fmt: skip

    def _kept(self, whole: Mapping[str, Sequence[str]], known: frozenset[str]) -> list[int]:
        """Find the rows that are to go: of the statuses asked for, the lead's alone, not known."""
        parts = whole.get(_PART) or [_LEAD] * len(whole[_TASK_ID])
        return [
            at
            for at, (task, status, part) in enumerate(
                zip(whole[_TASK_ID], whole[_STATUS], parts, strict=True)
            )
            if part == _LEAD and status in self.export.statuses and task not in known
        ]

    def _extra(self, sheet: Sheet, whole: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Make the fields that no answer has, those that the map wants."""
        tasks, owners = whole[_TASK_ID], whole[_OWNER]
        wanted = {name for each in self.export.columns for names in each.fields for name in names}
        places = {key: str(at) for at, key in enumerate(sheet.orders.get("tier", ()), 1)}
        people = self.export.people
        make: dict[str, Callable[[], list[str]]] = {
            "as_of": lambda: [sheet.as_of] * len(tasks),
            "uuid": lambda: [str(uuid.uuid5(_NAMESPACE, task)) for task in tasks],
            "tier_place": lambda: [places.get(tier, "") for tier in whole["tier"]],
            "person": lambda: [people.get(owner.strip().casefold(), "") for owner in owners],
            "owner_email": lambda: [self.emails.get(owner, "") for owner in owners],
            "with_emails": lambda: [self._emails(cell) for cell in whole["with"]],
        }
        return {name: made() for name, made in make.items() if name in wanted and name not in whole}

    def _emails(self, names: str) -> str:
        found = (self.emails.get(name, "") for name in names.split("; "))
        return ",".join(email for email in found if email)

    def _of_part(self, fields: Mapping[str, list[str]], dates: set[str]) -> list[Row]:
        tasks, owners = fields[_TASK_ID], fields[_OWNER]
        columns = [self._cells(column, fields, dates) for column in self.export.columns]
        found = [
            list(map(_reasons_of(column), cells))
            for column, cells in zip(self.export.columns, columns, strict=True)
        ]
        cells = zip(*columns, strict=True) if columns else ((),) * len(tasks)
        reasons = (tuple(filter(None, each)) for each in zip(*found, strict=True))
        return list(map(Row, tasks, owners, cells, reasons))

    def _cells(
        self, column: ExportColumn, fields: Mapping[str, list[str]], dates: set[str]
    ) -> list[str]:
        """Make the cells of a column, of all tasks at once."""
        size = len(fields[_TASK_ID])
        lines = [_line(line, column, fields, dates, size) for line in column.lines]
        if not lines:
            return [column.otherwise] * size
        cells = lines[0]
        if len(lines) > 1:
            cells = ["\n".join(filter(None, each)) for each in zip(*lines, strict=True)]
        if column.one_line:
            cells = [_BREAKS.sub(" ", cell).strip() for cell in cells]
        if self.export.visible:
            cells = ["\n".join(map(visible, cell.split("\n"))) for cell in cells]
        if column.words:
            # A word that no list has stays, where nothing else stands for it: it is rejected.
            cells = [column.words.get(cell.casefold(), column.otherwise or cell) for cell in cells]
        elif column.otherwise:
            cells = [cell or column.otherwise for cell in cells]
        return cells


def units(text: str) -> int:
    """Count characters as the systems do: one beyond the Basic Multilingual Plane is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _texts(part: pa.Table, name: str) -> list[str]:
    return [cell or "" for cell in texts(part.column(name)).to_pylist()]


def _line(
    line: tuple[Piece, ...],
    column: ExportColumn,
    fields: Mapping[str, list[str]],
    dates: set[str],
    size: int,
) -> list[str]:
    """Write a line of every task; where all its fields are empty, it is."""
    made: list[Sequence[str]] = []
    filled: list[Sequence[str]] = []
    for piece in line:
        if isinstance(piece, str):
            made.append([piece] * size)
            continue
        made.append(_first([_dated(fields[name], name, column, dates) for name in piece
                            if name in fields]))  # fmt: skip
        filled.append(made[-1])
    if not filled:
        return ["".join(pieces) for pieces in zip(*made, strict=True)]
    return [
        "".join(pieces) if any(values) else ""
        for pieces, values in zip(zip(*made, strict=True), zip(*filled, strict=True), strict=True)
    ]


def _first(alternatives: Sequence[Sequence[str]]) -> Sequence[str]:
    """Give the first of several cells that is not empty, of every task."""
    if len(alternatives) == 1:
        return alternatives[0]
    return [next(filter(None, cells), "") for cells in zip(*alternatives, strict=True)]


def _dated(cells: list[str], name: str, column: ExportColumn, dates: set[str]) -> list[str]:
    """Write days as the column wants them; anything else is as it is."""
    if name not in dates or column.dates == ISO:
        return cells
    form = column.dates
    return [
        form.replace("YYYY", cell[:4]).replace("MM", cell[5:7]).replace("DD", cell[8:10])
        if cell
        else ""
        for cell in cells
    ]


def _reasons_of(column: ExportColumn) -> Callable[[str], str]:
    """Make what says why a cell of this column cannot go, or nothing."""
    name, pattern = column.name, re.compile(column.pattern)
    words = frozenset(column.words.values())

    def reason(cell: str) -> str:
        if not cell:
            return f"{name} is empty" if column.required else ""
        if "\0" in cell:
            return f"{name} holds a NUL, which no import takes"
        if column.longest is not None and units(cell) > column.longest:
            return f"{name} has {units(cell)} characters, {column.longest} are the most"
        if words and not column.otherwise and cell not in words:
            return f"{name} `{_short(cell)}` is no word of the map"
        if column.pattern and not pattern.fullmatch(cell):
            return f"{name} `{_short(cell)}` is not {column.is_a}"
        return ""

    return reason


def _short(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
