"""The worklist: what each person does in a window of days.

In: the graded table, assignments, dating, the window. Out: an Arrow table, one row a person and
task, ranked in each person's list. Per owner: a list depends on no other person's tasks.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide.agenda import agenda_of, expanded
from csprio.decide.alike import settled
from csprio.decide.columns import coded, codes_of, distinct, spelled_out, texts, units_of
from csprio.decide.dates import days_of
from csprio.decide.grading import replaced
from csprio.decide.listed import listed
from csprio.decide.lives import lives_of
from csprio.decide.people import Seat, Seats, parties_to
from csprio.decide.standing import OVERDUE as IS_OVERDUE
from csprio.decide.task_rows import account_column, task_columns
from csprio.decide.why import purpose
from csprio.tables import ANSWERS, PART_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from csprio.decide.agenda import Agenda
    from csprio.decide.calendar import Schedule
    from csprio.decide.listed import Listed, Window
    from csprio.rules import Activity, Role

    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int64]

OVERDUE, REST, BACKLOG = range(3)
FAR_OFF = 1 << 20  # days: more than from 1970 to any due day, and after all of them
_TEXTS = ("account_id", "due", "activity", "task_id")  # what settles the order of a list
_NAMES = tuple(column.name for column in ANSWERS["worklist"])
_FURTHER = ("row", "backlog", "potential")  # what ranking and further columns need


@dataclass(frozen=True)
class Ranked:
    """The rows of all lists as they were listed; the `order` they stand in, and the rank of each.

    Nothing is copied until somebody asks for a part.
    """

    rows: pa.Table
    order: Rows
    rank: Ints

    @property
    def backlog(self) -> pa.Array:
        """Tell of each row, in order, whether it is of the backlog."""
        return self.rows["backlog"].combine_chunks().take(pa.array(self.order))

    def parts(self) -> Iterator[pa.Table]:
        """Give the rows in order, so many at a time."""
        for start in range(0, max(len(self.order), 1), PART_ROWS):
            part = slice(start, start + PART_ROWS)
            rows = spelled_out(self.rows.take(pa.array(self.order[part])))
            yield replaced(rows, rank=pa.array(self.rank[part]))


def listed_rows(schedule: Schedule, window: Window) -> pa.Table:
    """Write the rows of all lists, rank still open, in no order. Per account.

    Behind the worklist's columns stand `row`, `backlog` and the account's `potential`. Texts that
    repeat are coded, since the rows of all accounts wait together to be ranked.
    """
    lives, roles = lives_of(schedule), schedule.policy.roles
    found = [each for each in listed(lives.one_each(schedule), window) if len(each)]
    agenda = agenda_of([(each.tasks, each.stands) for each in found], lives)
    seats = [_seats(each, roles, automated=window.automated) for each in agenda.activities]
    rows, entries = agenda.of_accounts(0, len(schedule.accounts))
    # A task for each seat of its activity; seats are numbered on from one activity to the next.
    many = np.array([len(each) for each in seats], np.int64)
    which = agenda.which[entries]
    task, seat = expanded((np.cumsum(many) - many)[which], many[which])
    rows, entries = rows[task], entries[task]
    every = list(chain.from_iterable(seats))
    sitting = Seats(every, schedule.people)
    taken = sitting.taken(seat, rows)
    rows, entries, seat = rows[taken], entries[taken], seat[taken]
    columns = _columns(found, agenda, schedule, rows, entries)
    columns["owner"], columns["with"] = sitting.at(seat, rows)
    columns["role"] = coded(texts(each.role for each in every), seat)
    columns["part"] = coded(texts("with" if each.number else "lead" for each in every), seat)
    return pa.table({name: columns[name] for name in (*_NAMES, *_FURTHER)})


def _seats(activity: Activity, roles: Mapping[str, Role], *, automated: bool) -> list[Seat]:
    """Give the seats of an activity whose people, or machines, have it in their lists."""
    parties = parties_to(activity)
    people = [number for number, role in enumerate(parties) if not roles[role].automated]
    seats = [Seat(activity)] if roles[activity.role].automated is automated else []
    for number in [] if automated else [each for each in people if each]:
        before = tuple(each for each in people if each < number)
        seats.append(Seat(activity, number, before))
    return seats


def _columns(
    found: Sequence[Listed], agenda: Agenda, schedule: Schedule, rows: Rows, entries: Rows
) -> dict[str, pa.Array]:
    """Write what the rows of all parties to a task share, rank still open."""
    accounts = schedule.accounts
    late = agenda.status[entries] == IS_OVERDUE
    days = (schedule.as_of - agenda.due[entries]).astype(np.int64)
    purposes = [purpose(each.tasks, schedule) for each in found]
    why, which = distinct(pa.concat_arrays([texts([]), *purposes]))
    backlog = np.array([each.backlog for each in found], bool)
    nothing = coded(texts([None]), np.zeros(len(rows), np.int64))
    return {
        **task_columns(agenda, accounts, rows, entries),
        "rank": pa.nulls(len(rows), pa.int64()),
        "arr": account_column(accounts, "arr", rows),
        "potential": account_column(accounts, "potential", rows),
        "days_overdue": pa.array(np.where(late, days, 0), mask=~late),
        "renewal_date": account_column(accounts, "term_end", rows),
        "last_touch": account_column(accounts, "last_touch", rows),
        "why": coded(why, which[agenda.order[entries]]),
        "backlog": pa.array(backlog[agenda.which[entries]]),
        "outcome": nothing,
        "until": nothing,
        "comment": nothing,
    }


def ranked(table: pa.Table, tier_keys: tuple[str, ...]) -> Ranked:
    """Sort every list of `listed_rows` and number its rows from 1. Over the whole book.

    Overdue first, by tier and due; then the rest, by due and tier; the backlog last, by potential
    and arr. What these leave open is settled by texts, which are compared nowhere else.
    """
    table = table.unify_dictionaries().combine_chunks()
    owner = owner_order(table["owner"])
    backlog = np.asarray(table["backlog"].to_numpy(zero_copy_only=False), bool)
    late = table["days_overdue"].is_valid().to_numpy(zero_copy_only=False)
    section = np.select([backlog, late], [BACKLOG, OVERDUE], REST)
    tier = codes_of(table["tier"], tier_keys)
    tier = np.where(tier < 0, len(tier_keys), tier)
    due = _days(table["due"])
    potential, arr = (_largest_first(table[name]) for name in ("potential", "arr"))
    by_tier, by_day = tier * FAR_OFF + due, due * (len(tier_keys) + 1) + tier
    first = np.choose(section, [by_tier, by_day, potential])
    then = np.where(backlog, arr, potential)
    numbers = [then, first, section, owner]
    order = settled(np.lexsort(numbers), numbers, spelled_out(table.select(_TEXTS)))
    return Ranked(table, order, _numbered(owner[order]))


def owner_order(owners: pa.ChunkedArray) -> Ints:
    """Give coded owners the order that lists have: without case, then exactly, nobody last."""
    coded_names = owners.combine_chunks()
    names = coded_names.dictionary.to_pylist()
    in_order = sorted(set(names), key=lambda name: (name.casefold(), name))
    place = {name: at for at, name in enumerate(in_order)}
    places = np.array([*(place[name] for name in names), len(place)], np.int64)
    indices = coded_names.indices.fill_null(len(names))
    return np.asarray(places[indices.to_numpy(zero_copy_only=False)])


def _days(due: pa.ChunkedArray) -> Ints:
    """Count days from 1970; those that are never due come after all others."""
    days = days_of(due)
    return np.where(np.isnat(days), FAR_OFF - 1, days.astype(np.int64))


def _largest_first(money: pa.ChunkedArray) -> Ints:
    units, known = units_of(money)
    return np.where(known, -units, np.iinfo(np.int64).max)


def _numbered(owners: Ints) -> Ints:
    """Count rows from 1 in each run of one owner."""
    starts = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: len(owners)])
    lengths = np.diff(np.append(starts, len(owners)))
    return np.arange(len(owners)) - np.repeat(starts, lengths) + 1
