"""The accounts: one or several files of any CRM become one typed table, and nothing is lost.

Comes in: paths, settings, what the policy needs. Goes out: a `Book`, or a `Stop` with all that
makes the files unusable. A cell that cannot be read is null and a problem; its account stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.fields import FIELDS
from csprio.problems import ExitCode, Place, Stop, policy_stop
from csprio.read import ids
from csprio.read.combine import SUM, combine
from csprio.read.findings import (
    currencies_of,
    currency_errors,
    id_errors,
    row_problems,
    said_currency,
)
from csprio.read.headers import unknown_columns
from csprio.read.part import Needs, read_part
from csprio.read.source import read_source
from csprio.read.stack import pile
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import BinaryIO

    from csprio.problems import Problem
    from csprio.read.headers import Header
    from csprio.read.part import Part
    from csprio.read.reopened import Kept
    from csprio.read.source import Source
    from csprio.read.stack import Marked, Stack
    from csprio.settings import Read, TableSettings

    Keep = Callable[[pa.Table], Marked]

__all__ = ["Book", "Needs", "read_accounts"]


@dataclass(frozen=True)
class Book:
    """All accounts, one a row in file order, and what was found on the way to them.

    `table` has every field, role and rule field; `written` the columns that only travel;
    `inputs_have` every header and field that exists; `said` is for stderr; `sources` are
    the files as they were read; with `only:`,
    `aside` are the ids of all accounts, those that it leaves out too.
    """

    table: pa.Table
    written: pa.Table
    inputs_have: tuple[str, ...] = ()
    sources: tuple[Read, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    aside: pa.Array | None = None
    _stack: Stack | None = None

    def place(self, row: int, name: str) -> Place:
        """Say where a field of an account stands: file, first line of its row, header."""
        return Place("") if self._stack is None else self._stack.place(row, name)

    def text(self, row: int, name: str) -> str | None:
        """Give the cell of a field as it is written: of rows folded into one, the first one's."""
        return None if self._stack is None else self._stack.text(row, name)


def read_accounts(
    paths: Sequence[str],
    settings: TableSettings,
    needs: Needs,
    keep: Keep | None,
    stdin: BinaryIO | Kept,
) -> Book:
    """Read all files into one book; `keep` is `only:` as a function of the typed table."""
    if not paths:
        raise policy_stop("no-accounts", Place(""))
    needs = _with_combined(needs, settings)
    parts, errors = _parts(paths, settings, needs, stdin)
    if errors and (not parts or any(part.unmapped for part in parts)):
        raise Stop(ExitCode.UNUSABLE, errors)
    stack = cut(pile(parts, needs), settings)
    kept = kept_of(stack, keep)
    said = [line for part in parts for line in part.said]
    if len(kept) < len(stack):
        said.append(said_kept(len(kept), len(stack)))
    currencies = currencies_of(kept, settings)
    said += said_currency(currencies)
    errors += [*id_errors(kept, settings), *currency_errors(currencies)]
    problems = [*(note for part in parts for note in part.notes), *row_problems(kept, settings)]
    if errors:
        raise Stop(ExitCode.UNUSABLE, errors, problems)
    accounts = kept
    if settings.combine:
        accounts, found = combine(kept, settings)
        problems += found
        if len(accounts) < len(kept):
            said.append(f"`combine` folds {len(kept)} rows into {_accounts(len(accounts))}")
    return replace(
        book_of(accounts, problems),
        inputs_have=have([(part.header, part.at) for part in parts], settings),
        sources=tuple(part.source for part in parts),
        said=said,
        aside=None if keep is None else stack.table["account_id"].unique().drop_null(),
    )


def book_of(accounts: Stack, problems: Iterable[Problem]) -> Book:
    """Make a book of accounts and of what is wrong with them; of files it knows nothing yet."""
    return Book(
        table=_named(accounts.table).combine_chunks(),
        written=accounts.written,
        problems=sorted(problems, key=lambda found: found.order),
        _stack=accounts,
    )


def kept_of(stack: Stack, keep: Keep | None) -> Stack:
    """Keep the rows that `only:` wants."""
    return stack if keep is None else stack.select(np.flatnonzero(keep(_named(stack.table))))


def said_kept(kept: int, rows: int) -> str:
    """Say how many rows `only:` keeps."""
    return f"`only` keeps {kept} of {rows} rows"


def _parts(
    paths: Sequence[str], settings: TableSettings, needs: Needs, stdin: BinaryIO | Kept
) -> tuple[list[Part], list[Problem]]:
    """Read every file, stdin once; collect what makes them unusable."""
    parts: list[Part] = []
    errors: list[Problem] = []
    sources: dict[str, Source] = {}
    for path in paths:
        try:
            if path not in sources:
                sources[path] = read_source(path, settings, stdin)
            parts.append(read_part(sources[path], settings, needs))
        except Stop as stop:
            if stop.exit_code is not ExitCode.UNUSABLE:
                raise
            errors.extend(stop.problems)
        else:
            errors.extend(parts[-1].errors)
    if len(parts) == len(paths):
        unknown = unknown_columns([part.header for part in parts], settings)
        if unknown:
            raise Stop(ExitCode.POLICY, unknown)
    return parts, errors


def _with_combined(needs: Needs, settings: TableSettings) -> Needs:
    """Have the further columns that `combine:` names read too, summed ones as numbers."""
    known = {plain(name) for name in (*(item.name for item in FIELDS), *needs.roles)}
    ways = {plain(name): way for name, way in settings.combine.items()}
    asked = {name: "text" for name in settings.combine if plain(name) not in known}
    fields = asked | dict(needs.rule_fields)
    summed = {name: "number" for name in fields if ways.get(plain(name)) == SUM}
    return replace(needs, rule_fields=fields | summed)


def cut(stack: Stack, settings: TableSettings) -> Stack:
    """Cut Salesforce ids where the settings say so; parents are ids too."""
    if settings.ids != ids.SALESFORCE:
        return stack
    table = stack.table
    for name in ("account_id", "parent"):
        at = table.column_names.index(name)
        table = table.set_column(at, name, ids.cut(table[name].combine_chunks()))
    return replace(stack, table=table)


def _named(table: pa.Table) -> pa.Table:
    """Call accounts without a name by their id."""
    names = pc.coalesce(table["name"], table["account_id"])
    return table.set_column(table.column_names.index("name"), "name", names)


def have(files: Sequence[tuple[Header, Iterable[str]]], settings: TableSettings) -> tuple[str, ...]:
    """List what the inputs have: headers not turned off, their fields, names mapped by hand."""
    off = {plain(name) for name, header in settings.columns.items() if header is None}
    headers = [name for header, _ in files for name in header.names if name]
    fields = [name for _, found in files for name in found]
    mapped = [name for name, header in settings.columns.items() if header is not None]
    kept = (name for name in headers if plain(name) not in off)
    return tuple(dict.fromkeys([*kept, *fields, *mapped]))


def _accounts(count: int) -> str:
    """Count accounts in words."""
    return "1 account" if count == 1 else f"{count} accounts"
