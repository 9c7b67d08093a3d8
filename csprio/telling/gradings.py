"""A filled-in grading sheet as entries: one for each cell that differs from what counts.

Comes in: a `Sheet` and the graded book. Goes out: entries, and every problem of every row. After
these entries the book says what the sheet says: so it tells nothing when it is read again, and a
cell that the others of its row contradict is a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.why import by_hand
from csprio.journal import KINDS
from csprio.keep import one_line
from csprio.problems import Place, Problem, problem
from csprio.read import ids
from csprio.read.wording import close, short
from csprio.rules import NOWHERE
from csprio.telling.entry import Entry
from csprio.telling.overrides import graded_after, overriding
from csprio.telling.sheet import ACCOUNT, GRADINGS, NOTE, REASON, UNTIL
from csprio.telling.values import Value, Values
from csprio.telling.worklist import Told, orders_of, read_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from csprio.pipeline import Graded
    from csprio.telling.sheet import Sheet


class _Cell(NamedTuple):
    """A cell that is filled in: its account, what it is, and what it says."""

    account: str
    kind: str
    value: Value
    note: str
    place: Place
    until: date | None = None
    until_at: Place = NOWHERE

    @property
    def says(self) -> str | Decimal:
        """What it says, an amount as a number."""
        return self.value.text if self.value.amount is None else self.value.amount

    @property
    def entry(self) -> Entry:
        """The entry that it makes."""
        value = self.value
        return Entry(
            self.account, self.kind, "", value.text, self.until, self.note, value.amount,
            self.place,
        )  # fmt: skip


def from_gradings(sheet: Sheet, graded: Graded) -> Told:
    """Make an entry of each cell that differs from what counts on the day asked about."""
    problems: list[Problem] = []
    counts, calls = _counting(graded), _last_calls(graded)
    read = _once(_cells(sheet, graded, problems), problems)
    cells = [cell for cell in read if not _is_over(cell, graded, calls, problems)]
    changed = [
        cell
        for cell in cells
        if counts[cell.account, cell.kind] != cell.says
        or (cell.until and calls.get(cell.account) != (cell.says, cell.until))
    ]
    entries = [cell.entry for cell in changed]
    if not problems and entries:
        problems += _after(cells, entries, graded)
    return Told(entries, len(read) - len(entries), problems)


def _is_over(
    cell: _Cell,
    graded: Graded,
    calls: dict[str, tuple[str | None, date | None]],
    problems: list[Problem],
) -> bool:
    """Tell whether the last day of a tier has passed; it is a problem if nobody had told of it."""
    day = graded.inputs.question.as_of
    if cell.until is None or cell.until >= day:
        return False
    if calls.get(cell.account) != (cell.says, cell.until):
        problems.append(problem("until-early", cell.until_at, until=cell.until, day=day))
    return True


def _after(cells: list[_Cell], entries: list[Entry], graded: Graded) -> list[Problem]:
    """Report what the book would say otherwise than the sheet, and what nobody has explained."""
    after = graded_after(graded.inputs, entries)
    counts = _counting(after)
    silent = [each for each in entries if each.kind == "tier" and not each.note]
    problems = overriding(after, silent, f"in the column {NOTE}")
    for cell in cells:
        other = counts[cell.account, cell.kind]
        if other != cell.says:
            facts = {"value": short(cell.value.text), "other": other or "nothing"}
            problems.append(problem("sheet-disagrees", cell.place, **facts))
    return problems


def _counting(graded: Graded) -> dict[tuple[str, str], str | Decimal | None]:
    """Give what counts of each account, for each kind of grading."""
    accounts = graded.table[ACCOUNT].to_pylist()
    return {
        (account, kind): value
        for kind in GRADINGS
        for account, value in zip(accounts, graded.table[kind].to_pylist(), strict=True)
    }


def _last_calls(graded: Graded) -> dict[str, tuple[str | None, date | None]]:
    """Give the last call of each account to a tier, with its last day."""
    entries, day = graded.inputs.journal.entries, graded.inputs.question.as_of
    calls = entries.filter(pc.equal(entries["kind"].cast(pa.string()), "tier"))
    columns = (calls[name].to_pylist() for name in ("date", ACCOUNT, "value", UNTIL))
    rows = zip(*columns, strict=True)
    return {account: (value, until) for when, account, value, until in rows if when <= day}


def _cells(sheet: Sheet, graded: Graded, problems: list[Problem]) -> list[_Cell]:
    """Read the cells that are filled in, row by row, each row in the order in which they count."""
    accounts = _accounts(sheet, graded, problems)
    notes = [one_line(by_hand(text)) for text in sheet.texts(_why(sheet))]
    untils = _untils(sheet, graded, problems)
    values = Values(graded.inputs)
    found: list[tuple[int, int, _Cell]] = []
    for order, kind in enumerate(GRADINGS):
        texts = sheet.texts(kind)
        rows = [row for row, text in enumerate(texts) if text]
        places = [sheet.place(row, kind) for row in rows]
        read = values.column(KINDS[kind].value, [texts[row] for row in rows], places)
        for row, value, place in zip(rows, read, places, strict=True):
            account = accounts[row]
            if isinstance(value, Problem):
                problems.append(value)
            elif account:
                until = untils.get(row, ()) if kind == "tier" else ()
                cell = _Cell(account, kind, value, notes[row], place, *until)
                found.append((row, order, cell))
    return [cell for _, _, cell in sorted(found, key=lambda each: each[:2])]


def _why(sheet: Sheet) -> str:
    """Name the column that says why."""
    return REASON if REASON in sheet.columns and NOTE not in sheet.columns else NOTE


def _untils(sheet: Sheet, graded: Graded, problems: list[Problem]) -> dict[int, tuple[date, Place]]:
    """Read the last days of tiers; overrides whose grade and tier are left open are reported."""
    texts, orders = {kind: sheet.texts(kind) for kind in GRADINGS}, orders_of(sheet, graded)
    found: dict[int, tuple[date, Place]] = {}
    for row, (text, reason) in enumerate(zip(sheet.texts(UNTIL), sheet.texts(REASON), strict=True)):
        if text and texts["tier"][row]:
            place = sheet.place(row, UNTIL)
            until = read_until(text, orders, place)
            if isinstance(until, Problem):
                problems.append(until)
            else:
                found[row] = (until, place)
        elif (text or reason) and REASON in sheet.columns:
            filled = [name for name, said in ((UNTIL, text), (REASON, reason)) if said]
            known = next((kind for kind in GRADINGS if texts[kind][row]), None)
            problems += _left_open(sheet.place(row, filled[0]), known, filled)
    return found


def _left_open(place: Place, known: str | None, filled: list[str]) -> Iterator[Problem]:
    """Say what an override lacks that has a last day or a reason, and no tier."""
    if known is None:
        yield problem("override-missing", place, filled=" and ".join(filled))
    elif UNTIL in filled:
        way = "fill in the tier, or empty the cell"
        yield problem("until-unused", place, kind=known, remedy=way)


def _accounts(sheet: Sheet, graded: Graded, problems: list[Problem]) -> list[str]:
    """Give the account of each row; blank where the book has none of that id."""
    known = dict.fromkeys(graded.table[ACCOUNT].to_pylist())
    column = sheet.columns[ACCOUNT].fill_null("")
    if graded.inputs.config.table.ids == ids.SALESFORCE:
        column = ids.cut(column)
    accounts: list[str] = column.to_pylist()
    kinds = [sheet.texts(kind) for kind in GRADINGS]
    for row, account in enumerate(accounts):
        if account not in known:
            if any(texts[row] for texts in kinds):
                problems.append(_unknown(account, sheet.place(row, ACCOUNT), known))
            accounts[row] = ""
    return accounts


def _unknown(account: str, place: Place, known: dict[str, None]) -> Problem:
    near = close(account, known) if account else None
    hint = f"did you mean {near}?" if near else "correct the id, or delete the row"
    return problem("unknown-account", place, name=account, hint=hint)


def _once(cells: list[_Cell], problems: list[Problem]) -> list[_Cell]:
    """Keep one cell where an account stands in several rows; they must say the same."""
    first: dict[tuple[str, str], _Cell] = {}
    for cell in cells:
        other = first.setdefault((cell.account, cell.kind), cell)
        if other.says != cell.says:
            facts = {"line": other.place.line, "what": f"{cell.kind} of {cell.account}"}
            problems.append(problem("told-twice", cell.place, **facts))
    return list(first.values())
