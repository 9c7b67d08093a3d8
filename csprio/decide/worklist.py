"""The worklist: what each person does in a window of days.

In: the graded table, assignments, dating, the window. Out: an Arrow table, one row a person and
task, ranked in each person's list, with a `backlog` flag at the end. Per owner: a list depends on
no other person's tasks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.calendar import task_rows
from csprio.decide.columns import codes_of, texts, units_of
from csprio.decide.grading import replaced
from csprio.decide.listed import listed
from csprio.decide.people import Parties
from csprio.decide.standing import OVERDUE as IS_OVERDUE
from csprio.decide.why import purpose
from csprio.tables import ANSWERS, arrow_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from csprio.decide.calendar import Schedule
    from csprio.decide.listed import Listed, Window

    Ints = npt.NDArray[np.int64]

OVERDUE, REST, BACKLOG = range(3)


def worklist(schedule: Schedule, window: Window) -> pa.Table:
    """List every person's tasks of the window, then the backlog; or those that machines do."""
    parts = [
        rows
        for each in listed(schedule, window)
        for rows in _lists(each, schedule, automated=window.automated)
    ]
    table = pa.concat_tables([_schema().empty_table(), *parts]).combine_chunks()
    return _ranked(table, schedule.accounts, schedule.policy.grid.tier_keys)


def _lists(each: Listed, schedule: Schedule, *, automated: bool) -> Iterator[pa.Table]:
    """Yield the rows of the lead, then those of each further party."""
    tasks = each.tasks
    if not len(tasks.found.row):
        return
    base = _base(each, schedule)
    roles = schedule.policy.roles
    parties = Parties(tasks.activity, schedule.people, tasks.found.row)
    leads = not roles[tasks.activity.role].automated
    if leads is not automated:
        yield _row_table(base, "lead")
    people = [number for number, role in enumerate(parties.roles) if not roles[role].automated]
    for number in [] if automated else [each for each in people if each > 0]:
        theirs = pa.array(parties.first_part(number, [each for each in people if each < number]))
        named = replaced(
            base,
            role=texts([parties.roles[number]]).take(_zeros(base)),
            owner=parties.persons[number],
            **{"with": parties.others(number)},
        )
        yield _row_table(named.filter(theirs), "with")


def _base(each: Listed, schedule: Schedule) -> pa.Table:
    """Write what the rows of all parties share."""
    accounts = schedule.accounts
    base = task_rows(each.tasks, schedule, each.stands)
    rows, late = base["row"], each.stands.status == IS_OVERDUE
    days = (schedule.as_of - each.stands.due).astype(np.int64)
    return replaced(
        base,
        arr=accounts["arr"].take(rows),
        days_overdue=pa.array(np.where(late, days, 0), mask=~late),
        renewal_date=accounts["term_end"].take(rows),
        last_touch=accounts["last_touch"].take(rows),
        why=purpose(each.tasks, schedule),
        backlog=pa.array(np.full(len(base), each.backlog)),
    )


def _row_table(base: pa.Table, part: str) -> pa.Table:
    """Write rows of the worklist's columns, rank still open."""
    nothing = pa.nulls(len(base), pa.string())
    columns: Mapping[str, pa.Array | pa.ChunkedArray] = {
        **{name: base[name] for name in base.column_names},
        "rank": pa.nulls(len(base), pa.int64()),
        "part": texts([part]).take(_zeros(base)),
        "outcome": nothing,
        "until": nothing,
        "comment": nothing,
    }
    return pa.table({field.name: columns[field.name] for field in _schema()}, schema=_schema())


def _schema() -> pa.Schema:
    columns = [(column.name, arrow_type(column.kind)) for column in ANSWERS["worklist"]]
    return pa.schema([*columns, ("row", pa.int64()), ("backlog", pa.bool_())])


def _ranked(table: pa.Table, accounts: pa.Table, tier_keys: tuple[str, ...]) -> pa.Table:
    """Sort every list and number its rows from 1.

    Overdue first, by tier and due; then the rest, by due and tier; the backlog last, by potential
    and arr. The columns a, b, c, d are the sort keys of each section in that order.
    """
    tier = codes_of(table["tier"], tier_keys)
    tier = np.where(tier < 0, len(tier_keys), tier)
    due = _ordered(table["due"])
    account = _ordered(table["account_id"])
    rows = table["row"]
    potential, arr = (_largest_first(accounts[name].take(rows)) for name in ("potential", "arr"))
    backlog = np.asarray(table["backlog"].to_numpy(zero_copy_only=False), bool)
    overdue = codes_of(table["status"], ["overdue"]) == 0
    section = np.select([backlog, overdue], [BACKLOG, OVERDUE], REST)
    a = np.choose(section, [tier, due, potential])
    b = np.choose(section, [due, tier, arr])
    c = np.choose(section, [potential, potential, account])
    d = np.choose(section, [account, account, due])
    owner = owner_order(table["owner"])
    task, activity = _ordered(table["task_id"]), _ordered(table["activity"])
    order = np.lexsort((task, activity, d, c, b, a, section, owner))
    ranks = _numbered(owner[order])
    return replaced(table.take(pa.array(order)), rank=pa.array(ranks))


def owner_order(owners: pa.ChunkedArray) -> Ints:
    """Give owners the order that lists have: without case, then exactly, nobody last."""
    return _placed(owners, _without_case)


def _without_case(names: pa.Array) -> Sequence[int]:
    texts_of = names.to_pylist()
    return sorted(range(len(names)), key=lambda at: (texts_of[at].casefold(), texts_of[at]))


def _ordered(column: pa.ChunkedArray) -> Ints:
    """Give values the number of their order, texts by code point, nulls last."""
    return _placed(column, lambda values: pc.sort_indices(values).to_numpy())


def _placed(column: pa.ChunkedArray, sort: Callable[[pa.Array], Sequence[int]]) -> Ints:
    """Give each row the place of its value among the distinct ones as `sort` orders them."""
    encoded = column.combine_chunks().dictionary_encode()
    count = len(encoded.dictionary)
    place = np.full(count + 1, count, np.int64)
    place[sort(encoded.dictionary)] = np.arange(count)
    codes = encoded.indices.fill_null(count).to_numpy(zero_copy_only=False)
    return np.asarray(place[codes])


def _largest_first(money: pa.ChunkedArray) -> Ints:
    units, known = units_of(money)
    return np.where(known, -units, np.iinfo(np.int64).max)


def _numbered(owners: Ints) -> Ints:
    """Count rows from 1 in each run of one owner."""
    starts = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: len(owners)])
    lengths = np.diff(np.append(starts, len(owners)))
    return np.arange(len(owners)) - np.repeat(starts, lengths) + 1


def _zeros(table: pa.Table) -> pa.Array:
    return pa.array(np.zeros(len(table), np.int8))
