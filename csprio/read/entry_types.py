"""The lines of a journal's file as entries: every cell read as what its kind of entry holds.

Comes in: `Entries` as text, the configuration, the grid. Goes out: a typed table of the entries
that can be read, and a problem for each cell that cannot, whose entry is left out. Nothing here
looks at two files at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.fields import MOTIONS
from csprio.journal import CLOSINGS, KINDS, NEW_ARR, RENEWED, Holds, entry_schema
from csprio.problems import problem
from csprio.read import cells, ids
from csprio.read.amounts import marks
from csprio.read.dates import both_ways
from csprio.read.refusals import date_remedy, number_remedy, why
from csprio.read.settle import settled
from csprio.read.task_ids import task_ids
from csprio.read.tidy_columns import side_by_side
from csprio.read.wording import close, listed, short
from csprio.tables import Kind, arrow_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from csprio.problems import Place, Problem
    from csprio.read.amounts import Bad
    from csprio.read.entries import Entries
    from csprio.rules import Grid
    from csprio.settings import Config

    Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
    Codes = np.ndarray[tuple[int], np.dtype[np.int8]]
    Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
    Read = Callable[[pa.Array], cells.Typed]
    Told = Callable[[Bad], tuple[str, dict[str, str]]]

_NAMES = tuple(KINDS)
_ALL_KINDS = ", ".join(f"`{name}`" for name in _NAMES)
_NEAR = 0.7  # how like a kind a word must be to be taken for it
_NONE = -1  # the code of a kind that is none
_MUST = (Holds.GRADE, Holds.SIZE, Holds.LEVEL, Holds.MONEY, Holds.MOTION, Holds.NUMBER)


@dataclass(frozen=True)
class Typed:
    """The entries of a file that can be read; `rows` are their rows among the whole lines.

    `currencies` gives the first place and text of each currency that amounts are written in.
    """

    file: Entries
    table: pa.Table
    rows: Rows
    problems: tuple[Problem, ...] = ()
    said: tuple[str, ...] = ()
    currencies: Mapping[str, tuple[Place, str]] = field(default_factory=dict)


class _Cells(NamedTuple):
    """Some cells of a column; `rows` None means all of the file."""

    column: str
    texts: pa.Array
    rows: Rows | None = None


@dataclass
class _Work:
    """A file while it is typed: which rows are left out, and what is wrong with them."""

    file: Entries
    config: Config
    grid: Grid
    kinds: Codes
    out: Mask
    refused: list[tuple[int, str, str, dict[str, object]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    currencies: dict[str, tuple[Place, str]] = field(default_factory=dict)

    def of(self, *names: str) -> Rows:
        """Give the rows of these kinds of entries, in order."""
        found = [self._by_kind[_NAMES.index(name)] for name in names]
        return found[0] if len(found) == 1 else np.sort(np.concatenate(found))

    @cached_property
    def _by_kind(self) -> list[Rows]:
        """The rows of each kind of entry."""
        order = np.argsort(self.kinds, kind="stable")
        bounds = np.searchsorted(self.kinds[order], np.arange(len(_NAMES) + 1))
        return [order[start:end] for start, end in pairwise(bounds.tolist())]

    def refuse(self, rows: Iterable[int], column: str, code: str, **facts: object) -> None:
        """Leave rows out, all for the same reason."""
        for row in rows:
            self.out[row] = True
            self.refused.append((row, column, code, facts))

    def problems(self) -> Iterator[Problem]:
        """Say what is wrong with the rows left out; `value` and `column` are those of the cell."""
        for row, column, code, facts in self.refused:
            value = short(self.file.texts[column][row].as_py() or "")
            place = self.file.place(row, column)
            yield problem(code, place, value=value, column=column, **facts)


def type_entries(file: Entries, config: Config, grid: Grid) -> Typed:
    """Type the lines of one file; dates that read two ways are a `Stop`."""
    rows = len(file)
    work = _Work(file, config, grid, _kinds(file.texts["kind"]), np.zeros(rows, np.bool_))
    _unknown_kinds(work)
    accounts = _accounts(work)
    uses_until = _uses_until(work)
    dates, until = _dates(work, uses_until)
    cells_of = (partial(_keys, work, accounts), partial(_values, work), partial(_amounts, work))
    keys, values, amounts = side_by_side(rows, lambda read: read(), cells_of)
    _compare_until(work, dates, until)
    kinds = pa.DictionaryArray.from_arrays(
        pa.array(np.where(work.kinds < 0, 0, work.kinds)), pa.array(_NAMES)
    ).cast(pa.string())
    columns = [dates, accounts, kinds, keys, values, amounts, until]
    columns += [file.texts["by"], file.texts["note"]]
    table = pa.Table.from_arrays(columns, schema=entry_schema())
    here = np.flatnonzero(~work.out)
    if len(here) < rows:
        table = table.take(pa.array(here))
    problems = (*file.problems, *work.problems())
    return Typed(file, table, here, problems, tuple(work.said), work.currencies)


def _kinds(texts: pa.DictionaryArray) -> Codes:
    """Give the number of the kind of the entries in `KINDS`; -1 where it is none."""
    known = {name: number for number, name in enumerate(_NAMES)}
    found = [known.get(text.casefold(), _NONE) for text in texts.dictionary.to_pylist()]
    numbers = np.array([*found, _NONE], dtype=np.int8)
    indices = pc.fill_null(texts.indices, len(found)) if texts.null_count else texts.indices
    codes: Codes = numbers[indices.to_numpy()]
    return codes


def _unknown_kinds(work: _Work) -> None:
    texts, hints = work.file.texts["kind"], dict[str, str]()
    for row in np.flatnonzero(work.kinds == _NONE).tolist():
        text = texts[row].as_py()
        if text is None:
            work.refuse([row], "kind", "entry-blank", what="the entry")
            continue
        if text not in hints:
            near = close(text, _NAMES, _NEAR)
            hints[text] = f"did you mean `{near}`? The kinds are " if near else "write one of "
        work.refuse([row], "kind", "entry-kind", hint=hints[text], kinds=_ALL_KINDS)


def _accounts(work: _Work) -> pa.Array:
    """Give the accounts' ids, cut where the settings say so."""
    texts = work.file.texts["account_id"]
    if texts.null_count:
        blank = np.flatnonzero(pc.is_null(texts).to_numpy(zero_copy_only=False))
        work.refuse(blank.tolist(), "account_id", "entry-blank", what="the entry")
    return ids.cut(texts) if work.config.table.ids == ids.SALESFORCE else texts


def _uses_until(work: _Work) -> Rows:
    """Give the rows whose column `until` is looked at."""
    names = work.file.texts["key"]
    events = work.of("event")
    renewed = pc.equal(pc.utf8_lower(names.take(pa.array(events))), RENEWED)
    ends = events[pc.fill_null(renewed, False).to_numpy(zero_copy_only=False)]  # noqa: FBT003
    return np.sort(np.concatenate([work.of("snoozed", "tier"), ends]))


def _dates(work: _Work, uses_until: Rows) -> tuple[pa.Array, pa.Array]:
    """Read the columns `date` and `until`, the latter only where it is looked at."""
    file = work.file
    looked_at = np.zeros(len(file), np.bool_)
    looked_at[uses_until] = True
    until = _only(file.texts["until"], looked_at)
    texts = {"date": file.texts["date"], "until": until}
    order = work.config.table.dates or _settled(work, texts)
    found = {}
    for name, column in texts.items():
        typed = cells.as_date(column, order)
        _refuse_bad(work, _Cells(name, column), typed, partial(_bad_date, order))
        found[name] = typed.values
    _blank(work, "date", np.flatnonzero(_nulls(texts["date"])), "the entry")
    snoozed = work.of("snoozed")
    _blank(work, "until", snoozed[_nulls(until)[snoozed]], "the entry `snoozed`")
    return found["date"], found["until"]


def _only(texts: pa.DictionaryArray, here: Mask) -> pa.DictionaryArray:
    """Make the texts of the other rows null."""
    indices = pc.if_else(pa.array(here), texts.indices, pa.scalar(None, pa.int32()))
    return pa.DictionaryArray.from_arrays(indices, texts.dictionary)


def _settled(work: _Work, texts: Mapping[str, pa.DictionaryArray]) -> str | None:
    """Settle the order of day and month, which only some ways to write a date leave open."""
    written = (text for column in texts.values() for text in column.dictionary.to_pylist())
    if not any(both_ways(text) for text in written):
        return None
    plain = {name: column.cast(pa.string()) for name, column in texts.items()}
    return settled(plain, work.file.place, work.said)


def _bad_date(order: str | None, bad: Bad) -> tuple[str, dict[str, str]]:
    return "entry-date", {"why": why(bad), "remedy": date_remedy(bad, order)}


def _keys(work: _Work, accounts: pa.Array) -> pa.Array:
    """Check the keys: a task id is one of the entry's account, a name is there."""
    keys = work.file.texts["key"]
    missing = _nulls(keys)
    for kind in (kind for kind in KINDS.values() if kind.key in {Holds.NAME, Holds.TASK}):
        rows = work.of(kind.name)
        _blank(work, "key", rows[missing[rows]], f"the entry `{kind.name}`")
    rows = work.of(*CLOSINGS)
    rows = rows[~missing[rows] & ~_nulls(accounts)[rows]]
    if not len(rows):
        return keys
    at = pa.array(rows)
    cut = work.config.table.ids == ids.SALESFORCE
    tasks = task_ids(keys.take(at), accounts.take(at), cut=cut)
    for row, reason in tasks.wrong.items():
        work.refuse([int(rows[row])], "key", "entry-task", why=reason)
    return _put(keys, rows, tasks.ids) if cut else keys


def _values(work: _Work) -> pa.Array:
    """Read the values of each kind of entry but those that are amounts of money."""
    config, grid = work.config, work.grid
    here = marks(config.table.numerals)
    ways: dict[Holds, Read] = {
        Holds.GRADE: lambda texts: cells.as_key(texts, "grade", grid.grades),
        Holds.SIZE: lambda texts: cells.as_key(texts, "size", grid.sizes),
        Holds.LEVEL: lambda texts: cells.as_key(texts, "likelihood", grid.levels),
        Holds.TIER: lambda texts: cells.as_key(texts, "tier", grid.tier_keys),
        Holds.MOTION: cells.as_motion,
        Holds.NUMBER: lambda texts: cells.as_number(texts, here),
    }
    keys = {
        Holds.GRADE: grid.grades, Holds.SIZE: grid.sizes, Holds.LEVEL: grid.levels,
        Holds.TIER: grid.tier_keys, Holds.MOTION: MOTIONS,
    }  # fmt: skip
    values = work.file.texts["value"]
    missing = _nulls(values)
    for kind in KINDS.values():
        rows = work.of(kind.name)
        if not len(rows):
            continue
        if kind.value in _MUST:
            _blank(work, "value", rows[missing[rows]], f"the entry `{kind.name}`")
        if kind.value in ways:
            texts = values.take(pa.array(rows))
            typed = ways[kind.value](texts)
            told = partial(_bad_value, work, kind.value, keys.get(kind.value, ()))
            _refuse_bad(work, _Cells("value", texts, rows), typed, told)
            if not typed.values.equals(texts):
                values = _put(values, rows, typed.values)
    return values


def _amounts(work: _Work) -> pa.Array:
    """Read the money of `potential` and of the events that tell a new arr."""
    names = work.file.texts["key"]
    events = work.of("event")
    tells = pc.is_in(pc.utf8_lower(names.take(pa.array(events))), pa.array(NEW_ARR))
    new_arr = events[tells.to_numpy(zero_copy_only=False)]
    missing = _nulls(work.file.texts["value"])
    _blank(work, "value", new_arr[missing[new_arr]], "the event, whose value is the new arr,")
    rows = np.sort(np.concatenate([work.of("potential"), new_arr]))
    amounts = pa.nulls(len(work.file), arrow_type(Kind.MONEY))
    if not len(rows):
        return amounts
    texts = work.file.texts["value"].take(pa.array(rows))
    typed = cells.as_money(texts, marks(work.config.table.numerals))
    told = partial(_bad_value, work, Holds.MONEY, ())
    _refuse_bad(work, _Cells("value", texts, rows), typed, told)
    for text, currency in typed.currencies.items():
        row = int(rows[pc.index(texts, text).as_py()])
        first = work.file.place(row, "value"), text
        work.currencies[currency] = min(first, work.currencies.get(currency, first))
    return _put(amounts, rows, typed.values)


def _bad_value(
    work: _Work, holds: Holds, keys: tuple[str, ...], bad: Bad
) -> tuple[str, dict[str, str]]:
    """Say what a value should be."""
    if keys:
        expected = "a motion" if holds is Holds.MOTION else f"a {holds.value} of the grid"
        return "entry-value", {
            "expected": expected,
            "why": "",
            "remedy": f"write one of {listed(keys)}",
        }
    expected = "an amount" if holds is Holds.MONEY else "a number"
    remedy = number_remedy(bad, work.config.table.numerals)
    return "entry-value", {"expected": expected, "why": why(bad), "remedy": remedy}


def _compare_until(work: _Work, dates: pa.Array, until: pa.Array) -> None:
    """Refuse a snooze that is not after its entry, and a call that ends before it began."""
    for kind, holds, relation in (
        ("snoozed", pc.less_equal, "not after"),
        ("tier", pc.less, "before"),
    ):
        rows = work.of(kind)
        at = pa.array(rows)
        wrong = pc.fill_null(holds(until.take(at), dates.take(at)), False)  # noqa: FBT003
        for row in rows[wrong.to_numpy(zero_copy_only=False)].tolist():
            facts = {"until": until[row].as_py(), "date": dates[row].as_py()}
            work.refuse([row], "until", "entry-until", relation=relation, **facts)


def _refuse_bad(work: _Work, cells_read: _Cells, typed: cells.Typed, told: Told) -> None:
    """Refuse the rows whose text could not be read."""
    if not typed.bad:
        return
    column, texts, rows = cells_read
    found = pc.is_in(texts.cast(pa.string()), pa.array(list(typed.bad), pa.string()))
    for at in np.flatnonzero(found.to_numpy(zero_copy_only=False)).tolist():
        code, facts = told(typed.bad[texts[at].as_py()])
        work.refuse([at if rows is None else int(rows[at])], column, code, **facts)


def _blank(work: _Work, column: str, rows: Rows, what: str) -> None:
    """Refuse the rows where a cell that must be there is blank."""
    work.refuse(rows.tolist(), column, "entry-blank", what=what)


def _nulls(column: pa.Array) -> Mask:
    if not column.null_count:
        return np.zeros(len(column), np.bool_)
    return np.asarray(pc.is_null(column).to_numpy(zero_copy_only=False))


def _put(column: pa.Array, rows: Rows, values: pa.Array) -> pa.Array:
    """Put values into some rows of a column."""
    mask = np.zeros(len(column), np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(column, pa.array(mask), values)
