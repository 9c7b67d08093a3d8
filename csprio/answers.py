"""The answers as sheets: what each stage of the pipeline found, in the columns promised.

In: what `pipeline` graded and planned. Out: a `Sheet`, and what was left out. The order of rows is
the documented one; whose rows are asked for is decided here and nowhere else.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from csprio.decide import book as tier_report
from csprio.decide import calendar as tasks
from csprio.decide.choose import added_columns, owned_by, taken
from csprio.decide.columns import codes_of
from csprio.decide.dates import day
from csprio.decide.ended import days_closed
from csprio.decide.listed import Window
from csprio.decide.worklist import listed_rows, ranked
from csprio.heap import give_back
from csprio.tables import ANSWERS, GridPicture, Sheet, arrow_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    import numpy.typing as npt

    from csprio.decide.calendar import Schedule
    from csprio.pipeline import Graded, Inputs
    from csprio.problems import Problem
    from csprio.rules import Grid
    from csprio.tables import Column

    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

_ADDED = "added "  # before the name of a further column, until it is the only one of its name


@dataclass(frozen=True)
class Parts:
    """Parts of a table, which are made anew whenever somebody walks through them."""

    make: Callable[[], Iterator[pa.Table]]

    def __iter__(self) -> Iterator[pa.Table]:
        """Begin a walk."""
        return self.make()


def grade_sheet(graded: Graded) -> Sheet:
    """Answer `grade`: a row an account, in the order of the file."""
    table = _with_csm(graded)
    shown = np.flatnonzero(of_owners(graded))
    return _sheet("grade", graded, taken(table, shown), shown)


def tiers_sheet(batches: Iterable[Graded], only: Mask | None = None) -> Sheet:
    """Answer `tiers` over the accounts that take part; `only` narrows those of one batch further.

    Of each account the few columns that are counted are kept.
    """
    (graded, table, adds, picked), *others = (_counted_in(each, only) for each in batches)
    grid = graded.inputs.policy.grid
    for _, further, more, _ in others:
        table = pa.concat_tables([table, further])
        adds = [
            (column, pa.chunked_array([*values.chunks, *found.chunks], values.type))
            for (column, values), (_, found) in zip(adds, more, strict=True)
        ]
    report = tier_report.tiers(table, grid, adds, _totals(graded, picked))
    columns = (*ANSWERS["tiers"], *(column for column, _ in adds))
    return _answer("tiers", graded, columns, report, picture=_picture(table, grid))


class _Counted(NamedTuple):
    """The accounts of a batch that `tiers` counts: what it looks at of them, and their rows."""

    graded: Graded
    table: pa.Table
    adds: list[tuple[Column, pa.ChunkedArray]]
    rows: Rows


def _counted_in(graded: Graded, only: Mask | None) -> _Counted:
    counted = of_owners(graded) & graded.active
    if only is not None:
        counted &= only
    picked = np.flatnonzero(counted)
    rows = pa.array(picked)
    adds = [(column, values.take(rows)) for column, values in _added(graded, ANSWERS["tiers"])]
    return _Counted(graded, graded.facts.select(tier_report.FIELDS).take(rows), adds, picked)


def scores_sheet(graded: Graded, names: Sequence[str], only: Mask | None = None) -> Sheet:
    """Answer `scores`: a row an account and score; `only` narrows the accounts further."""
    from csprio.decide.score_ends import score_ends  # noqa: PLC0415 - most books have no signals
    from csprio.decide.score_table import score_table  # noqa: PLC0415

    scoring, own = graded.inputs.scoring, ANSWERS["scores"]
    assert scoring is not None  # noqa: S101 - who has scores to name has them
    asked = of_owners(graded) if only is None else of_owners(graded) & only
    picked = np.flatnonzero(asked)
    table = score_table(scoring.now, scoring.before, names, picked)
    adds = _added(graded, own)
    for column, values in adds:
        table = table.append_column(column.name, values.take(np.repeat(picked, len(names))))
    ends = score_ends(scoring.now.scores[name].rule for name in names)
    columns = (*own, *(column for column, _ in adds))
    return replace(_answer("scores", graded, columns, table), scores=ends)


def scores_by_csm(graded: Graded, names: Sequence[str]) -> list[tuple[str, Sheet]]:
    """Answer `scores` for each csm asked for, by name."""
    return [
        (name, scores_sheet(graded, names, mine))
        for name, mine in _of_csms(graded, of_owners(graded))
    ]


def _totals(graded: Graded, picked: Rows) -> dict[str, Callable[[Rows], Decimal | None]]:
    """Find the totals of signals among the accounts picked, by the numbers of those."""
    if not graded.inputs.question.add or graded.inputs.scoring is None:
        return {}
    from csprio.decide.pooled import totals  # noqa: PLC0415 - most books have no signals

    def among(total: Callable[[Rows], Decimal | None]) -> Callable[[Rows], Decimal | None]:
        return lambda rows: total(picked[rows])

    return {name: among(total) for name, total in totals(graded.inputs.scoring.now).items()}


def tiers_by_csm(graded: Graded) -> list[tuple[str, Sheet]]:
    """Answer `tiers` for each csm asked for, by name."""
    counted = of_owners(graded) & graded.active
    return [(name, tiers_sheet([graded], mine)) for name, mine in _of_csms(graded, counted)]


def _of_csms(graded: Graded, counted: Mask) -> list[tuple[str, Mask]]:
    """Give each csm asked for, and all accounts of each; those of nobody under the empty name.

    Whoever has one of the accounts `counted` is among them.
    """
    csm = graded.people.csm.fill_null("")
    held = csm.filter(pa.array(counted)).unique().to_pylist()
    named = {*held, *people_asked(graded, graded.everybody)} or {""}
    names = sorted(named, key=lambda name: (not name, name.casefold(), name))
    return [(name, np.asarray(owned_by(csm, [name]), bool)) for name in names]


def people_asked(graded: Graded, everybody: Iterable[str]) -> tuple[str, ...]:
    """Name those who get a file of their own: everybody in a role, or those that --owner names."""
    owners = graded.inputs.question.owners
    return tuple(name for name in everybody if not owners or name in owners)


def calendar_sheet(
    graded: Graded, schedule: Schedule, low: date | None, high: date | None
) -> Sheet:
    """Answer `calendar`: the current term, or a range with both ends in."""
    ends = [None if each is None else day(each) for each in (low, high)]
    current = low is None and high is None
    span = (
        tasks.current_span(graded.terms, graded.as_of)
        if current
        else tasks.range_span(graded.terms, graded.as_of, *ends)
    )

    def parts() -> Iterator[pa.Table]:
        for table in tasks.calendar_parts(schedule, span, whole=current):
            yield _task_sheet("calendar", graded, table).table

    nothing = _task_sheet("calendar", graded, tasks.task_schema().empty_table())
    return replace(nothing, more=Parts(parts))


def window(low: date, high: date, *, automated: bool = False) -> Window:
    """Ask for the days from `low` to `high`, both in; or for what machines do in them."""
    return Window(day(low), day(high), automated)


def worklist_sheet(
    batches: Iterable[Graded],
    plan: Callable[[Graded], Schedule],
    window: Window,
) -> Sheet:
    """Answer `worklist` for the days of a window: each batch is listed, and all are ranked."""
    own, tables = ANSWERS["worklist"], list[pa.Table]()
    for graded in batches:
        table = listed_rows(plan(graded), window)
        if owners := graded.inputs.question.owners:
            table = table.filter(owned_by(table["owner"], owners))
        adds = _added(graded, own)
        rows = np.asarray(table["row"].to_numpy(zero_copy_only=False))
        for column, values in adds:
            table = table.append_column(f"{_ADDED}{column.name}", taken(values, rows))
        tables.append(table)
    del table
    lists = ranked(_emptied(tables), graded.inputs.policy.grid.tier_keys)
    columns = (*own, *(column for column, _ in adds))
    names = [*(column.name for column in own), *(_ADDED + column.name for column, _ in adds)]

    def parts() -> Iterator[pa.Table]:
        for part in lists.parts():
            yield part.select(names).rename_columns([column.name for column in columns])

    first = next(parts())
    nothing = first.slice(0, 0)
    sheet = _answer("worklist", graded, columns, nothing, backlog=lists.backlog)
    return replace(sheet, more=Parts(parts), days=(str(window.low), str(window.high)))


def _emptied(tables: list[pa.Table]) -> pa.Table:
    """Make one table of all, and let go of them: what is ranked need not be in memory twice."""
    table = pa.concat_tables(tables).unify_dictionaries()
    tables.clear()
    columns = dict(zip(table.column_names, table.columns, strict=True))
    del table
    for name, column in columns.items():
        columns[name] = column.combine_chunks()
        give_back()
    return pa.table(columns)


def check_sheet(found: Iterable[Problem], as_of: date, hashes: Iterable[tuple[str, str]]) -> Sheet:
    """Answer `check`: every problem, by place."""
    rows = [
        (
            each.place.file,
            each.place.line or None,
            each.place.column,
            each.severity.value,
            each.code,
            each.message,
            each.remedy,
        )
        for each in sorted(found, key=lambda each: each.order)
    ]
    columns = ANSWERS["check"]
    data = {
        column.name: pa.array([row[at] or None for row in rows], arrow_type(column.kind))
        for at, column in enumerate(columns)
    }
    return Sheet("check", columns, pa.table(data), as_of.isoformat(), hashes)


@dataclass(frozen=True)
class Counts:
    """How many accounts there are, and how many of them have no tier, are left out, override."""

    accounts: int = 0
    without_tier: int = 0
    inactive: int = 0
    overrides: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Count two batches as one."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Counts(*(one + two for one, two in pairs))

    def said(self, inputs: Inputs) -> tuple[str, ...]:
        """Say what was left out, and how many tiers were given by hand against the grid."""
        said = []
        no_policy_yet = not (inputs.files or inputs.journal.sources or inputs.team.sources)
        if no_policy_yet and 0 < self.accounts == self.without_tier:
            said.append(
                "nobody has a tier yet: `csprio init DIR --from FILE` writes a sheet to fill in for"
                " it"
            )
        if self.inactive:
            said.append(
                f"{_accounts(self.inactive)} inactive by status: left out of tiers, calendars and"
                " worklists"
            )
        if self.overrides:
            said.append(
                f"{_accounts(self.overrides)} with a tier by hand that overrides the grid; if the"
                " column is the CRM's own, write `columns: {tier: none}` in csprio.yaml"
            )
        return tuple(said)


def count(graded: Graded) -> Counts:
    """Count what is to be said of a batch."""
    stories = codes_of(graded.table["borderline"], ["override"])
    return Counts(
        len(graded.table),
        graded.table["tier"].null_count,
        int((~graded.active).sum()),
        int((stories >= 0).sum()),
    )


def _accounts(count: int) -> str:
    return f"{count} account{'s'[: count != 1]}"


def of_owners(graded: Graded) -> Mask:
    """Tell which accounts are asked for: of any person named by --owner, in any role."""
    owners = graded.inputs.question.owners
    return graded.asked & graded.people.holds_any_role(owners) if owners else graded.asked


def _with_csm(graded: Graded) -> pa.Table:
    table = graded.table
    at = table.column_names.index("csm")
    return table.set_column(at, "csm", graded.people.csm)


def _added(graded: Graded, have: Sequence[Column]) -> list[tuple[Column, pa.ChunkedArray]]:
    inputs = graded.inputs
    add = inputs.question.add
    table = graded.facts if add else graded.table
    return [
        (column, graded.people.called(column.name, values))
        for column, values in added_columns(table, inputs.book.written, add, have)
    ]


def _task_sheet(command: str, graded: Graded, table: pa.Table) -> Sheet:
    """Narrow tasks to the owners asked for, and add the columns of their accounts."""
    owners = graded.inputs.question.owners
    if owners:
        table = table.filter(owned_by(table["owner"], owners))
    rows = np.asarray(table["row"].to_numpy(zero_copy_only=False))
    return _sheet(command, graded, table, rows)


def _sheet(command: str, graded: Graded, table: pa.Table, rows: npt.NDArray[np.int64]) -> Sheet:
    """Pick the promised columns and append those of `--add`, looked up by account row."""
    own = ANSWERS[command]
    table = table.select([column.name for column in own])
    adds = _added(graded, own)
    for column, values in adds:
        table = table.append_column(column.name, taken(values, rows))
    columns = (*own, *(column for column, _ in adds))
    return _answer(command, graded, columns, table)


def _answer(  # noqa: PLR0913 - a sheet's parts
    command: str,
    graded: Graded,
    columns: tuple[Column, ...],
    table: pa.Table,
    *,
    backlog: pa.Array | None = None,
    picture: GridPicture | None = None,
) -> Sheet:
    inputs, grid = graded.inputs, graded.inputs.policy.grid
    return Sheet(
        command,
        columns,
        table,
        as_of=inputs.question.as_of.isoformat(),
        inputs=inputs.hashes,
        orders={
            "tier": grid.tier_keys,
            "grade": grid.grades,
            "size": grid.sizes,
            "likelihood": grid.levels,
        },
        backlog=backlog,
        picture=picture,
        emails={person.name: person.email for person in inputs.team.people if person.email},
        closed=partial(days_closed, inputs.journal.entries, inputs.question.as_of),
    )


def _picture(table: pa.Table, grid: Grid) -> GridPicture:
    grades = codes_of(table["grade"], grid.grades)
    counts = np.bincount(grades[grades >= 0], minlength=len(grid.grades))
    shaped = counts.reshape(len(grid.sizes), len(grid.levels))
    keys = grid.tier_keys
    tiers = tuple(
        tuple("/".join(dict.fromkeys((keys[cell.better], keys[cell.worse]))) for cell in row)
        for row in grid.cells
    )
    return GridPicture(
        grid.sizes,
        grid.levels,
        tuple(map(tuple, shaped.tolist())),
        tiers,
        int((grades < 0).sum()),
    )
