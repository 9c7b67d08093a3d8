"""A sheet that somebody has filled in, as text: a worklist, or a grading sheet.

Comes in: a path. Goes out: the columns that the journal can be told, by header name, and where each
cell stands; or a `Stop` (exit 3) where the file is neither. Nothing here knows what a cell means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.cells import clean
from csprio.read.table import lay_out, read_columns
from csprio.settings import TableSettings
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from csprio.problems import Problem
    from csprio.read.source import Source
    from csprio.read.table import Begun, Layout

DATES = ("due", "renewal_date", "last_touch")  # of a worklist, besides `until`
WORKLIST = ("task_id", "outcome", "until", "comment")
ACCOUNT = "account_id"
GRADINGS = ("potential", "size", "likelihood", "grade", "tier", "motion")  # in the order they count
NOTE, REASON, UNTIL = "note", "reason", "until"  # `reason` is what a workbook calls a note


@dataclass(frozen=True)
class Sheet:
    """The columns of a sheet as clean text, null where a cell is blank.

    `notes` are about what was left out. A sheet with `only_done` tells that tasks are done, and
    nothing of how: it does not say anything new of one that the journal has as done.
    """

    file: str
    headers: dict[str, str]
    columns: dict[str, pa.Array]
    lines: Begun | Sequence[int]
    notes: tuple[Problem, ...] = ()
    only_done: bool = False

    @property
    def is_worklist(self) -> bool:
        """Tell a worklist from a grading sheet."""
        return set(WORKLIST) <= self.columns.keys()

    @property
    def rows(self) -> int:
        """Count the rows."""
        return len(next(iter(self.columns.values())))

    def texts(self, name: str) -> list[str]:
        """Give a column, blank where a cell or the whole column is missing."""
        column = self.columns.get(name)
        return [""] * self.rows if column is None else column.fill_null("").to_pylist()

    def place(self, row: int, name: str) -> Place:
        """Say where a cell stands."""
        return Place(self.file, self.lines[row], self.headers.get(name, name))


def read_sheet(source: Source, settings: TableSettings) -> Sheet:
    """Read a sheet that is a table."""
    layout = lay_out(source, TableSettings())
    at = _columns(source, layout)
    wanted = [at[name] for name in at]
    found = read_columns(source, layout, wanted, at.get("task_id", at.get(ACCOUNT, 0)))
    if found.errors or found.notes:  # a cell that is not read might have told something
        raise Stop(ExitCode.UNUSABLE, [*found.errors, *found.notes])
    headers = {name: layout.header[column] for name, column in at.items()}
    columns = {name: clean(found.columns[column], settings.missing) for name, column in at.items()}
    return Sheet(source.name, headers, columns, found.lines)


def _columns(source: Source, layout: Layout) -> dict[str, int]:
    """Find the columns that the journal can be told, each once."""
    known = {plain(name): name for name in (*WORKLIST, *DATES, ACCOUNT, *GRADINGS, NOTE, REASON)}
    at: dict[str, int] = {}
    twice = []
    for column, header in enumerate(layout.header):
        name = known.get(plain(header))
        if name in at and name not in DATES:
            place = Place(source.name, layout.line, header)
            twice.append(problem("sheet-repeated", place, header=header))
        elif name is not None:
            at.setdefault(name, column)
    if not (_has(at, WORKLIST) or (ACCOUNT in at and any(name in at for name in GRADINGS))):
        found = problem("sheet-unknown", Place(source.name, layout.line))
        raise Stop(ExitCode.UNUSABLE, [found])
    if twice:
        raise Stop(ExitCode.UNUSABLE, twice)
    return at


def _has(at: dict[str, int], names: Sequence[str]) -> bool:
    return all(name in at for name in names)
