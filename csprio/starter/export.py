"""An export looked at: which column is which field, how it is written, what is to be settled.

Comes in: a path, and what the command line says of it. Goes out: an `Export`; a file that cannot
be used as a table is a `Stop`. The accounts themselves are read as every command reads them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from csprio.decide.conditions import mask
from csprio.fields import FIELDS
from csprio.problems import ExitCode, Stop
from csprio.read.accounts import Needs, read_accounts
from csprio.read.policy import read_policy
from csprio.read.source import read_source
from csprio.read.table import lay_out, read_columns
from csprio.rules import ALWAYS, AnyOf, Clause, Missing, Same
from csprio.settings import Config, TableSettings
from csprio.starter.columns import Columns, How, find_columns
from csprio.starter.settings import Setting
from csprio.starter.settle import settle
from csprio.starter.text import quoted
from csprio.tables import GRADING_SHEET, plain

if TYPE_CHECKING:
    from csprio.read.accounts import Book
    from csprio.read.source import Source
    from csprio.read.table import Layout
    from csprio.rules import Policy
    from csprio.starter.columns import Finding
    from csprio.starter.settle import Settled

_SHORT_TERM = 3
_MOST_TITLES = 5  # lines that may stand above a header
_EMPTY = io.BytesIO()  # stdin, which no export comes from


@dataclass(frozen=True)
class Export:
    """A file of accounts, and what a folder for it has to say.

    `book` holds the accounts as csprio reads them with these settings; `delimiter` and `decimal`
    are how the file is written; `said` tells which sheet of a workbook it is.
    """

    path: str
    delimiter: str
    decimal: str
    findings: tuple[Finding, ...]
    settings: dict[str, Setting]
    unsettled: tuple[str, ...]
    book: Book
    said: tuple[str, ...]

    def of(self, how: How) -> list[Finding]:
        """Give the findings of one kind."""
        return [each for each in self.findings if each.how is how]

    @property
    def absent(self) -> list[str]:
        """Name the fields that no column serves."""
        served = {each.field for each in self.findings if each.how in {How.FOUND, How.GUESSED}}
        return [field.name for field in FIELDS if field.name not in served]

    @property
    def short_terms(self) -> bool:
        """Tell whether a contract is short enough for the monthly playbook."""
        shortest = pc.min(self.book.table["term_months"]).as_py()
        return shortest is not None and shortest <= _SHORT_TERM


def look_at(path: str, given: TableSettings) -> Export:
    """Look at an export, read as the command line says it is written.

    It is a `Stop` where it is no table, or where rows are in trouble.
    """
    policy, _ = read_policy(Config())
    roles = tuple(role.column for role in policy.roles.values())
    source, said = _past_titles(read_source(path, given, _EMPTY), given)
    layout = lay_out(source, said)
    columns = Columns(path, layout, read_columns(source, layout, range(len(layout.header)), 0))
    if columns.cells.errors:
        raise Stop(ExitCode.UNUSABLE, columns.cells.errors)
    findings = find_columns(columns, policy.grid, roles)
    settled = settle(columns, findings)
    book = _book(path, said, findings, settled, policy)
    settings = settled.settings
    for key in ("encoding", "delimiter", "sheet"):
        if (value := getattr(given, key)) is not None:
            settings[key] = Setting(quoted(value), "as given to csprio init")
    if said.skip_lines:
        settings["skip_lines"] = Setting(str(said.skip_lines), "a title stands above the header")
    return Export(
        path, layout.delimiter, settled.numerals.decimal or ".", tuple(findings), settings,
        tuple(settled.unsettled), book, source.said,
    )  # fmt: skip


def mapped(findings: tuple[Finding, ...] | list[Finding]) -> dict[str, str | None]:
    """Give the mapping of `columns:` that counts: a header for a field, None for none."""
    counts = {How.FOUND, How.GUESSED, How.OFF}
    return {
        each.field: None if each.how is How.OFF else each.header
        for each in findings
        if each.how in counts
    }


def _past_titles(source: Source, given: TableSettings) -> tuple[Source, TableSettings]:
    """Skip the lines of a title: rows with one cell filled above one with several."""
    titled, title = source, lay_out(source, given)
    for _ in range(_MOST_TITLES):
        if _filled(title) > 1 or _names_a_field(title):
            break
        said = replace(given, skip_lines=title.body_line - 1)
        try:
            below = titled if titled.columns is None else read_source(source.name, said, _EMPTY)
            header = lay_out(below, said)
        except Stop:  # nothing stands below
            break
        if _filled(header) > 1:
            return below, said
        titled, title = below, header
    return source, given


def _names_a_field(layout: Layout) -> bool:
    """Tell whether some cell of a row is a field, or what a CRM calls it."""
    known = {plain(name) for field in FIELDS for name in (field.name, *field.aliases)}
    return any(plain(name) in known for name in layout.header)


def _filled(layout: Layout) -> int:
    return sum(bool(name) for name in layout.header)


def _book(
    path: str, said: TableSettings, findings: list[Finding], settled: Settled, policy: Policy
) -> Book:
    """Read the accounts with the settings that the new folder will have."""
    settings = replace(
        said,
        columns=mapped(findings),
        combine=settled.combine,
        dates=settled.dates,
        numerals=replace(settled.numerals, currency=_currency(settled)),
        ids="salesforce" if _is_on(settled, "ids") else None,
    )
    only = (
        ALWAYS if not settled.recycled else Clause(settled.recycled, AnyOf((Same("no"), Missing())))
    )
    grid = policy.grid
    needs = Needs(
        grid.sizes, grid.levels, grid.grades, grid.tier_keys,
        tuple(role.column for role in policy.roles.values()),
        {settled.recycled: "text"} if settled.recycled else {},
        GRADING_SHEET,
    )  # fmt: skip
    keep = partial(mask, only) if settled.recycled else None
    return read_accounts((path,), settings, needs, keep, _EMPTY)


def _is_on(settled: Settled, key: str) -> bool:
    setting = settled.settings.get(key)
    return setting is not None and setting.active


def _currency(settled: Settled) -> str | None:
    setting = settled.settings.get("currency")
    return setting.value.strip('"') if setting is not None else None
