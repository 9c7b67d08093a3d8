"""What is wrong, and what the policy cannot do with this book: problems with their places.

In: what `pipeline` read, graded and planned. Out: problems. What is found is decided in `decide`;
here it is asked for, narrowed to the accounts in question, and given its place in a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.answers import of_owners
from csprio.decide.checks import contradictions, stale_policy
from csprio.decide.checks_closings import lost_closings
from csprio.decide.checks_journal import (
    dated_ahead,
    ended_calls,
    nothing_overdue,
    unheard_events,
    unknown_accounts,
    unknown_writers,
)
from csprio.decide.checks_policy import (
    calls_to_make,
    holidays_end,
    never_come,
    partly_filled_roles,
    unfilled_roles,
    unknown_people,
)
from csprio.decide.columns import codes_of
from csprio.decide.wanted import meant
from csprio.problems import EntryFinding, Finding, Place, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from csprio.decide.calendar import Schedule
    from csprio.pipeline import Graded
    from csprio.rules import Policy


def noticed(graded: Graded) -> tuple[Problem, ...]:
    """Report what every command does: what contradicts itself, and plans of nobody."""
    unused = unused_plans(graded.inputs.policy, planned(graded))
    return (*unused, *contradicting(graded))


def contradicting(graded: Graded) -> list[Problem]:
    """Report what contradicts itself in the accounts file."""
    found = contradictions(graded.table, graded.inputs.book.table, graded.as_of)
    return _placed(graded, found)


def planned(graded: Graded) -> set[str]:
    """Name the accounts of the book that have a plan of their own."""
    plans = graded.inputs.policy.own_plans
    if not plans:
        return set()
    found = codes_of(graded.table["account_id"], [plan.account for plan in plans])
    return {plans[at].account for at in found[found >= 0].tolist()}


def unused_plans(policy: Policy, planned: Collection[str]) -> list[Problem]:
    """Report own plans of accounts that are not in the book; `planned` are in it."""
    return [
        problem("plan-unused", plan.place, account=plan.account)
        for plan in policy.own_plans
        if plan.account not in planned
    ]


def checked(graded: Graded, schedule: Schedule) -> tuple[Problem, ...]:
    """Report what only `check` asks about, besides what every command reports."""
    inputs = graded.inputs
    return (
        *inputs.problems,
        *inputs.remarks,
        *inputs.journal.remarks,
        *inputs.team.remarks,
        *noticed(graded),
        *_of_accounts(graded, schedule),
        *_of_entries(graded, schedule),
        *_of_policy(graded, schedule),
        *_of_team(graded),
    )


def _of_accounts(graded: Graded, schedule: Schedule) -> list[Problem]:
    part = of_owners(graded) & graded.active
    found = [
        *stale_policy(graded.facts, schedule.playbook, part, graded.as_of),
        *calls_to_make(graded.table, graded.inputs.policy.grid, part),
        *partly_filled_roles(schedule, part),
    ]
    return _placed(graded, found)


def _of_entries(graded: Graded, schedule: Schedule) -> Iterator[Problem]:
    journal, memory, asked = graded.inputs.journal, graded.memory, of_owners(graded)
    quiet = nothing_overdue(journal, memory, graded.inputs.config.journal)
    if quiet is not None:
        why, remedy = quiet
        yield problem("nothing-overdue", _journal_place(graded), why=why, remedy=remedy)
    found: list[EntryFinding] = [
        *dated_ahead(journal, graded.as_of),
        *unknown_accounts(journal, graded.table),
        *lost_closings(schedule, memory, graded.closings, asked),
        *ended_calls(memory, graded.table, asked & graded.active),
        *unheard_events(memory, graded.inputs.policy),
    ]
    if graded.inputs.team.exists:
        found += unknown_writers(journal, graded.inputs.team, graded.as_of)
    for each in found:
        yield problem(each.code, journal.place(each.entry, each.column), **each.facts)


def _of_policy(graded: Graded, schedule: Schedule) -> Iterator[Problem]:
    inputs, part = graded.inputs, graded.asked & graded.active
    book = Place(inputs.book.sources[0].name)
    yield from never_come(schedule, inputs.files)
    yield from unfilled_roles(schedule, book)
    place = inputs.config.places.get("holidays", inputs.config.place)
    yield from holidays_end(schedule, part, place)


def _of_team(graded: Graded) -> Iterator[Problem]:
    inputs = graded.inputs
    team, by = inputs.team, inputs.config.by
    if not team.exists:
        return
    part = of_owners(graded) & graded.active
    yield from _placed(graded, unknown_people(inputs.book.table, inputs.policy.roles, team, part))
    if by is not None and by.casefold() not in team.named():
        place = inputs.config.places["by"]
        hint = meant(by, team.names) + "correct it, or add the person to the team"
        yield problem("by-unknown", place, value=by, entries="", hint=hint)


def _journal_place(graded: Graded) -> Place:
    """Say where the journal is, else where it would be named, else the accounts."""
    inputs = graded.inputs
    if inputs.journal.exists:
        return Place(inputs.journal.sources[0].name)
    place = inputs.config.places.get("journal", inputs.config.place)
    return place if place.file else Place(inputs.book.sources[0].name)


def _placed(graded: Graded, found: Iterable[Finding]) -> list[Problem]:
    """Give findings of the accounts asked about their places in the file."""
    place, asked = graded.inputs.book.place, of_owners(graded)
    return [
        problem(each.code, place(each.row, each.field), **each.facts)
        for each in found
        if asked[each.row]
    ]
