"""What the policy asks for and this book cannot have.

In: the schedule, the policy, the accounts as read, the team. Out: findings and problems. Over the
whole book: activities, roles and persons are reported once, with the count of their accounts.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from csprio.decide.columns import codes_of
from csprio.decide.dates import add_months
from csprio.decide.occurrences import Named, occurrences_named
from csprio.decide.wanted import many, meant
from csprio.fields import ROLE_FIELDS
from csprio.problems import Finding, problem
from csprio.rules import Anchor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import numpy.typing as npt
    import pyarrow as pa

    from csprio.decide.calendar import Schedule
    from csprio.decide.plans import Assignment
    from csprio.decide.terms import Terms
    from csprio.problems import Place, Problem
    from csprio.rules import Activity, Grid, Policy, Role
    from csprio.team import Team

    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

YEAR = 12
_NAMES, _MANY = 3, 1000


def activities(policy: Policy) -> Iterator[tuple[Activity, str]]:
    """Walk all activities there are, each with the account whose own plan it is of, else ""."""
    for choice in policy.playbooks:
        for plan in choice.playbook.plans.values():
            for activity in plan:
                yield activity, ""
    for own in policy.own_plans:
        for activity in (*own.replace, *own.add):
            yield activity, own.account


def calls_to_make(table: pa.Table, grid: Grid, takes_part: Mask) -> Iterator[Finding]:
    """Find the accounts that wait for a call: once for two tiers, at the first of them."""
    waits = np.asarray(pc.fill_null(pc.equal(table["borderline"], "call to make"), False))  # noqa: FBT003
    rows = np.flatnonzero(waits & takes_part)
    codes = codes_of(table["grade"].take(rows), grid.grades)
    between = np.array([(cell.better, cell.worse) for row in grid.cells for cell in row])[codes]
    for better, worse in np.unique(between, axis=0).tolist():
        here = (between == (better, worse)).all(-1)
        theirs = rows[here]
        names = table["account_id"].take(theirs[:_NAMES]).to_pylist()
        facts = {
            "accounts": many(len(theirs), "account"),
            "verb": "s" if len(theirs) == 1 else "",
            "grades": ", ".join(grid.grades[code] for code in np.unique(codes[here]).tolist()),
            "better": grid.tier_keys[better],
            "worse": grid.tier_keys[worse],
            "names": ", ".join(names) + (" ..." if len(theirs) > _NAMES else ""),
        }
        yield Finding("calls-to-make", int(theirs[0]), "account_id", facts)


def never_come(schedule: Schedule, files: Collection[str]) -> Iterator[Problem]:
    """Find activities of the term that no term of their accounts is long enough for.

    Only those of `files`, the user's own: what the built-in playbooks plan for longer terms is
    left out of shorter ones on purpose.
    """
    terms = schedule.dating.terms
    for each in schedule.assignments:
        activity, rows = each.planned.activity, each.rows[terms.exist[each.rows]]
        bounded = activity.due.anchor is not Anchor.TERM or isinstance(activity.until, date)
        if bounded or activity.place.file not in files or not len(rows):
            continue
        if not len(occurrences_named(activity, _two_terms(terms, rows), schedule.dating).row):
            facts = {"activity": activity.id, "accounts": many(len(rows), "account")}
            yield problem("activity-never", activity.place, due=activity.due.text, **facts)


def _two_terms(terms: Terms, rows: Rows) -> Named:
    """Name the first repeat in the current term and in the next: a first term may be cut short."""
    current = terms.current[rows]
    months = [
        terms.boundary(rows, number).astype("M8[M]").astype(np.int64)
        for number in (current, current + 1)
    ]
    return Named(np.tile(rows, 2), np.concatenate(months), np.ones(2 * len(rows), np.int64))


# --- people -------------------------------------------------------------------------------------


def unfilled_roles(schedule: Schedule, book: Place) -> Iterator[Problem]:
    """Find the roles whose work nobody does: once, at the first of them in its playbook.

    Where no role at all has anybody, the playbook is not to blame: that is said of the accounts.
    """
    work, people = _work(schedule), schedule.people
    empty = [key for key in work if people.of(key, work[key]).null_count == len(work[key])]
    if empty:
        alone = len(empty) == 1 or len(empty) < len(work)
        place = _role(schedule, empty[0], work[empty[0]]).place if alone else book
        rows = np.unique(np.concatenate([work[key] for key in empty]))
        columns = [schedule.policy.roles[key].column for key in empty]
        facts = {
            "key": empty[0],
            "accounts": many(len(rows), "account"),
            "roles": _listed(empty),
            "columns": f"the column{'s'[: len(empty) > 1]} {_listed(columns)}",
        }
        yield problem("role-unfilled", place, **facts)


def partly_filled_roles(schedule: Schedule, part: Mask) -> Iterator[Finding]:
    """Find the roles that some accounts with work for them name nobody for."""
    for key, everywhere in _work(schedule).items():
        rows = everywhere[part[everywhere]]
        nobody = np.asarray(schedule.people.of(key, rows).is_null())
        count = int(nobody.sum())
        if 0 < count < len(rows):
            column = schedule.policy.roles[key].column
            facts = {"count": count, "accounts": many(len(rows), "account"), "role": key}
            facts |= {"column": column, "verb": "s" if count == 1 else ""}
            yield Finding("role-partly", int(rows[nobody.argmax()]), column, facts)


def _work(schedule: Schedule) -> Mapping[str, Rows]:
    """Find the accounts with work for each role that people fill, in the order of the roles."""
    roles = schedule.policy.roles
    led: dict[str, list[Assignment]] = {key: [] for key in roles if not roles[key].automated}
    for each in schedule.assignments:
        if each.planned.activity.role in led:
            led[each.planned.activity.role].append(each)
    return {
        key: np.unique(np.concatenate([each.rows for each in theirs]))
        for key, theirs in led.items()
        if theirs
    }


def _role(schedule: Schedule, key: str, rows: Rows) -> Role:
    """Give a role as the playbook of most of these accounts has it."""
    book = int(np.bincount(schedule.playbook[rows]).argmax())
    return schedule.policy.playbooks[book].playbook.roles[key]


def _listed(words: list[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def unknown_people(
    table: pa.Table, roles: Mapping[str, Role], team: Team, part: Mask
) -> Iterator[Finding]:
    """Find the names in the columns of roles that nobody in the team has, each once."""
    known = team.named()
    people = (role.column for role in roles.values() if not role.automated)
    columns = [
        each for each in dict.fromkeys((ROLE_FIELDS[0], *people)) if each in table.column_names
    ]
    rows = np.flatnonzero(part)
    cells: dict[str, int] = {}
    first: dict[str, tuple[int, str]] = {}
    for column in columns:
        coded = table[column].take(rows).combine_chunks().dictionary_encode()
        codes = coded.indices.drop_null().to_numpy()
        there = rows[np.asarray(coded.is_valid().to_numpy(zero_copy_only=False))]
        _, begins, counts = np.unique(codes, return_index=True, return_counts=True)
        for name, begin, count in zip(coded.dictionary.to_pylist(), begins, counts, strict=True):
            if name.casefold() not in known:
                cells[name] = cells.get(name, 0) + int(count)
                at = (int(there[begin]), column)
                first[name] = min(first.get(name, at), at, key=lambda cell: cell[0])
    names = team.names if len(cells) <= _MANY else ()  # a column of other things than people
    for name, (row, column) in first.items():
        hint = meant(name, names) + "correct the cells, or add the person to the team"
        facts = {"value": name, "cells": many(cells[name], "cell"), "hint": hint}
        yield Finding("person-unknown", row, column, facts)


# --- days off -----------------------------------------------------------------------------------


def holidays_end(schedule: Schedule, part: Mask, place: Place) -> Iterator[Problem]:
    """Find out that the holidays do not reach as far as dates are wanted: a year ahead at most.

    Whoever lists holidays lists whole years, so the year of the last one counts to its end.
    """
    holidays = schedule.policy.days_off.holidays
    terms, rows = schedule.dating.terms, np.flatnonzero(part & schedule.dating.terms.exist)
    ahead = add_months(np.array([schedule.as_of]), YEAR)[0]
    ends = terms.end(rows, terms.current[rows]) if len(rows) else np.array([ahead])
    until = min(ends.max(), ahead)
    if holidays and until.astype("M8[Y]") > np.datetime64(holidays[-1], "Y"):
        years = np.arange(np.datetime64(holidays[-1], "Y") + 1, until.astype("M8[Y]") + 1)
        more = f" to {years[-1]}" if len(years) > 1 else ""
        facts = {"last": holidays[-1], "until": until, "year": years[0], "more": more}
        yield problem("holidays-end", place, **facts)
