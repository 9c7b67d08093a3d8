"""What is wrong with the rows that are kept: ids, currencies, cells.

Comes in: the rows of all files. Goes out: problems with their lines, which are looked up only for
what is wrong. Rows that `only:` leaves out report nothing but cells that it could not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from csprio.problems import Place, problem
from csprio.read import ids
from csprio.read.amounts import remedies
from csprio.read.wording import short
from csprio.rules import clauses
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.problems import Problem
    from csprio.read.part import Part
    from csprio.read.stack import Marked, Stack
    from csprio.settings import TableSettings

Currencies: TypeAlias = dict[str, tuple[Place, str]]  # the first cell of each: place and text


def id_errors(stack: Stack, settings: TableSettings) -> Iterator[Problem]:
    """Report blank ids, and ids that stand twice unless `combine:` folds their rows."""
    column = stack.table["account_id"].combine_chunks()
    for row in ids.blank_rows(column).tolist():
        yield problem("blank-id", stack.place(row, "account_id"))
    for row, first in () if settings.combine else ids.repeated(column):
        place, there = stack.place(row, "account_id"), stack.place(first, "account_id")
        where = f"line {there.line}" + (f" of {there.file}" if there.file != place.file else "")
        yield problem("repeated-id", place, value=short(column[row].as_py()), first=where)


def currencies_of(stack: Stack, settings: TableSettings) -> Currencies:
    """Find the currencies that are written in the files, each with its first cell, in order."""
    first: Currencies = {}
    if settings.numerals.currency:
        return first  # the cells in another one are problems of their own
    written = any(typed.currencies for part in stack.parts for typed in part.typed.values())
    for part, here in stack.by_part() if written else ():
        for row, name, currency in sorted(_first_cells(part, here)):
            first.setdefault(currency, (part.place(row, name), part.texts[name][row].as_py()))
    return first


def said_currency(currencies: Currencies) -> list[str]:
    """Say which currency is taken: the one that is written in the files."""
    return [
        f"{there.file}: amounts are in {taken}, as `{shown}` in line {there.line} says"
        for taken, (there, shown) in currencies.items()
        if len(currencies) == 1
    ]


def currency_errors(currencies: Currencies) -> Iterator[Problem]:
    """Report every further currency: two in the files are an error."""
    if not currencies:
        return
    (taken, (there, shown)), *others = currencies.items()
    shown = f"`{shown}` in {there.file}:{there.line}"
    for currency, (place, text) in others:
        facts = {"value": text, "found": currency, "first": shown, "taken": taken}
        yield problem("two-currencies", place, **facts)


def row_problems(stack: Stack, settings: TableSettings) -> Iterator[Problem]:
    """Report what may be no account, cells that could not be read, and ids of two kinds."""
    yield from _padded(stack)
    yield from _unreadable(stack, settings)
    column = stack.table["account_id"].combine_chunks()
    found = None if settings.ids == ids.SALESFORCE else ids.mixed(column)
    if found is not None:
        other, row = found
        there = stack.place(other, "account_id")
        facts = {"value": column[row].as_py(), "other": column[other].as_py()}
        place = stack.place(row, "account_id")
        yield problem("mixed-ids", place, first=f"{there.file}:{there.line}", **facts)


def _first_cells(part: Part, here: Marked) -> Iterator[tuple[int, str, str]]:
    """Give row, field and currency of the first cell of a file in each currency."""
    for name, typed in part.typed.items():
        for currency in set(typed.currencies.values()):
            texts = [text for text, code in typed.currencies.items() if code == currency]
            rows = np.flatnonzero(part.marked(name, texts) & here)
            if len(rows):
                yield int(rows[0]), name, currency


def _padded(stack: Stack) -> Iterator[Problem]:
    """Warn of accounts that may be a report's footer."""
    padded = any(part.cells.padded for part in stack.parts)
    for part, here in stack.by_part() if padded else ():
        for row in part.cells.padded:
            if here[row]:
                value = part.cells.columns[0][row].as_py()
                yield problem("padded-footer", part.place(row, ""), value=short(value))


def _unreadable(stack: Stack, settings: TableSettings) -> Iterator[Problem]:
    """Report each cell that could not be read; what `only:` looks at also in rows left out by it.

    Such a cell may be why the row is left out, and no account goes without a word.
    """
    remedy = remedies(settings.numerals)
    judged = {plain(clause.field) for clause in clauses(settings.only)}
    some = any(typed.bad for part in stack.parts for typed in part.typed.values())
    for part, here in stack.by_part() if some else ():
        for name, typed in part.typed.items():
            looked_at = here | (plain(name) in judged)
            for row in np.flatnonzero(part.marked(name, typed.bad) & looked_at).tolist():
                text = part.texts[name][row].as_py()
                bad = typed.bad[text]
                facts = {"value": short(text), "remedy": remedy.get(bad.code, ""), **bad.facts}
                yield problem(bad.code, part.place(row, name), **facts)
