"""The worklist: what each person does in a window of days.

In: the graded table, assignments, dating, the window. Out: an Arrow table, one row a person and
task, ranked in each person's list, with a `backlog` flag at the end. Per owner: a list depends on
no other person's tasks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.calendar import Schedule, Tasks, dated, task_rows, undated
from csprio.decide.columns import codes_of, glued, joined, texts, units_of
from csprio.decide.dates import LONGEST_MONTH, date_column
from csprio.decide.grading import replaced
from csprio.decide.occurrences import FAR_PAST, Dating, Occurrences, Span, occurrences
from csprio.decide.people import Parties
from csprio.decide.plans import ALL, OWN, UNGRADED, Assignment
from csprio.rules import Anchor
from csprio.tables import ANSWERS, arrow_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from csprio.rules import Policy

    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

OVERDUE, REST, BACKLOG = range(3)
LISTED = ("open", "overdue", "undated")
_PLANS = {ALL: "plan for all", OWN: "the account's own plan"}


@dataclass(frozen=True)
class Window:
    """The days a worklist is for, both in; `automated` asks for what machines do."""

    low: np.datetime64
    high: np.datetime64
    automated: bool = False


def worklist(schedule: Schedule, window: Window) -> pa.Table:
    """List every person's tasks of the window, then the backlog; or those that machines do."""
    parts = [
        rows
        for tasks, backlog in _listed(schedule, window)
        for rows in _lists(tasks, schedule, backlog=backlog, automated=window.automated)
    ]
    table = pa.concat_tables([_schema().empty_table(), *parts]).combine_chunks()
    return _ranked(table, schedule.accounts, schedule.policy.grid.tier_keys)


def _listed(schedule: Schedule, window: Window) -> Iterator[tuple[Tasks, bool]]:
    """Yield the tasks of the window, and those of the backlog (flagged)."""
    size = len(schedule.accounts)
    span = Span(np.full(size, window.low), np.full(size, window.high))
    for tasks in dated(schedule, span):
        yield tasks, False
    for each in schedule.assignments:
        if each.planned.plan == UNGRADED:
            yield Tasks(each, last_before(each, schedule.dating, window.low)), True
    for tasks in _first_undated(undated(schedule), schedule.policy):
        yield tasks, True


def last_before(assignment: Assignment, dating: Dating, low: np.datetime64) -> Occurrences:
    """Find the last occurrence of each account that is due before `low`.

    A stretch that holds one whenever the repeats still go on is looked at first; only the accounts
    without any there are looked at from the beginning.
    """
    activity, business = assignment.planned.activity, dating.business
    stretch = business.reach(activity.due.offset) + 2 * business.longest_roll
    stretch += business.reach(activity.every) if activity.every else 0
    high = np.full(len(dating.terms.origin), low) - 1
    near = high - (dating.terms.months * LONGEST_MONTH + stretch).astype("m8[D]")
    recent = occurrences(assignment, dating, Span(near, high))
    quiet = ~np.isin(assignment.rows, recent.row)
    others = replace(assignment, rows=assignment.rows[quiet], order=assignment.order[quiet])
    older = occurrences(others, dating, Span(np.full(len(high), FAR_PAST), high))
    return _last_of_each(recent.joined(older))


def _last_of_each(found: Occurrences) -> Occurrences:
    order = np.lexsort((found.repeat, found.key, found.due, found.row))
    last = np.append(found.row[order][1:] != found.row[order][:-1], True)[: len(order)]
    return found.take(order[last])


def _first_undated(listed: Sequence[Tasks], policy: Policy) -> Iterator[Tasks]:
    """Keep of each account the first activity in its plan that a person does."""
    manual = [each for each in listed if not policy.roles[each.activity.role].automated]
    if not manual:
        return
    rows = np.concatenate([each.found.row for each in manual])
    order = np.concatenate(
        [each.assignment.order[np.isin(each.assignment.rows, each.found.row)] for each in manual]
    )
    first = np.full(int(rows.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, rows, order)
    place = 0
    for each in manual:
        mine = order[place : place + len(each.found.row)]
        place += len(mine)
        yield replace(each, found=each.found.take(mine == first[each.found.row]))


def _lists(
    tasks: Tasks, schedule: Schedule, *, backlog: bool, automated: bool
) -> Iterator[pa.Table]:
    """Yield the rows of the lead, then those of each further party."""
    base = task_rows(tasks, schedule)
    shown = np.asarray(pc.is_in(base["status"], value_set=texts(LISTED)).to_numpy())
    base, rows = base.filter(pa.array(shown)), tasks.found.row[shown]
    if not len(rows):
        return
    roles, accounts = schedule.policy.roles, schedule.accounts
    parties = Parties(tasks.activity, schedule.people, rows)
    why = _why(tasks, shown, schedule)
    leads = not roles[tasks.activity.role].automated
    if leads is not automated:
        yield _row_table(base, accounts, "lead", why, backlog=backlog)
    people = [number for number, role in enumerate(parties.roles) if not roles[role].automated]
    for number in [] if automated else [each for each in people if each > 0]:
        theirs = pa.array(parties.first_part(number, [each for each in people if each < number]))
        named = replaced(
            base,
            role=texts([parties.roles[number]]).take(_zeros(base)),
            owner=parties.persons[number],
            **{"with": parties.others(number)},
        )
        yield _row_table(
            named.filter(theirs), accounts, "with", why.filter(theirs), backlog=backlog
        )


def _why(tasks: Tasks, shown: Mask, schedule: Schedule) -> pa.Array:
    """Say in one line what a task is for: what keeps it ungraded, or what dates it."""
    found, planned = tasks.found.take(shown), tasks.assignment.planned
    rows = pa.array(found.row)
    missing = schedule.missing.take(rows)
    ungraded = pc.if_else(missing.is_valid(), glued("ungraded: ", missing), missing)
    if tasks.undated:
        dates = "no dates yet: add start_date or renewal_date to plan this account"
        return joined([ungraded, texts([dates]).take(pa.array(np.zeros(len(rows), np.int8)))], "; ")
    if planned.plan == UNGRADED:
        return ungraded
    return glued(
        _PLANS.get(planned.plan, f"plan of tier {planned.plan}"),
        ": ",
        *_rule(tasks, found, schedule),
    )


def _rule(tasks: Tasks, found: Occurrences, schedule: Schedule) -> list[pa.Array | str]:
    """Write a date's rule and what it counts from: `term + 1mo, repeat 9 (term 2026-02-24)`."""
    activity = tasks.activity
    repeat = pc.cast(pa.array(found.repeat), pa.string())
    repeats: list[pa.Array | str] = [] if activity.every is None else [", repeat ", repeat]
    anchor = activity.due.anchor
    words = texts([activity.due.event or anchor.value, Anchor.START.value])
    fallen = (anchor is Anchor.GRADED) & (found.anchor == schedule.dating.terms.start[found.row])
    word = words.take(pa.array(fallen.astype(np.int8)))
    day = pc.cast(date_column(found.anchor), pa.string())
    return [activity.due.text, *repeats, " (", word, " ", day, ")"]


def _row_table(
    base: pa.Table, accounts: pa.Table, part: str, why: pa.Array, *, backlog: bool
) -> pa.Table:
    """Write rows of the worklist's columns, rank still open."""
    rows = base["row"]
    nothing = pa.nulls(len(base), pa.string())
    columns: Mapping[str, pa.Array | pa.ChunkedArray] = {
        **{name: base[name] for name in base.column_names},
        "rank": pa.nulls(len(base), pa.int64()),
        "part": texts([part]).take(_zeros(base)),
        "arr": accounts["arr"].take(rows),
        "days_overdue": pa.nulls(len(base), pa.int64()),
        "renewal_date": accounts["term_end"].take(rows),
        "last_touch": accounts["last_touch"].take(rows),
        "why": why,
        "outcome": nothing,
        "until": nothing,
        "comment": nothing,
        "backlog": pa.array(np.full(len(base), backlog)),
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
