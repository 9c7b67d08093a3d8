"""Who serves the account, which plan it gets, and the terms of its contract.

In: the subject. Out: steps. Who and which were decided by the stages; here it is put into words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from csprio.decide import why
from csprio.decide.columns import NONE
from csprio.decide.dates import day
from csprio.decide.explain_subject import Step, shown
from csprio.decide.explain_words import verdict
from csprio.decide.plans import UNGRADED, compose, names_of, with_own
from csprio.fields import ROLE_FIELDS
from csprio.rules import ALWAYS, NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.decide.explain_subject import Subject
    from csprio.decide.plans import Planned
    from csprio.problems import Place
    from csprio.rules import Activity, OwnPlan, Playbook


def people(subject: Subject) -> Iterator[Step]:
    """Explain who serves each role."""
    known = subject.schedule.policy.roles
    roles = {key: role.column for key, role in known.items()}
    csm = ROLE_FIELDS[0]
    for key, column in ({csm: csm} | roles).items():
        people = subject.schedule.people
        persons = people.of(key, np.array([subject.row])) if key in roles else None
        person = people.csm[subject.row].as_py() if persons is None else persons[0].as_py()
        written = subject.cell(column)
        place = subject.files.cell(column)
        if person is None and key in known and known[key].automated:
            words, place = "automated, so it needs nobody", known[key].place
        elif person is None:
            lacks = (
                f"the cell {column} is empty" if place.column else f"there is no column {column}"
            )
            words = f"nobody: {lacks}, and the team has no default"
        elif written is None:
            words, place = "the team's default for the role", _of_team(person, subject)
        elif written == person:
            words = f"by the cell {column}"
        else:
            words = f"by the cell {column}, `{written}`, as the team calls them"
        yield Step("role", key, person or "", words, place)


def _of_team(person: str, subject: Subject) -> Place:
    return next((each.place for each in subject.team.people if each.name == person), NOWHERE)


# --- the plan -------------------------------------------------------------------------------------


def playbook_of(subject: Subject) -> Playbook | None:
    """Give the playbook that serves the account."""
    number = int(subject.schedule.playbook[subject.row])
    return None if number == NONE else subject.schedule.policy.playbooks[number].playbook


def own_plan(subject: Subject) -> OwnPlan | None:
    """Give the account's own plan."""
    plans = subject.schedule.policy.own_plans
    return next((each for each in plans if each.account == subject.id), None)


def plan_names(subject: Subject) -> list[str]:
    """Name the plans of the playbook that the account gets."""
    return names_of(subject.counts("tier"), graded=subject.counts("grade") is not None)


def planned(subject: Subject) -> tuple[Planned, ...]:
    """Lay out the account's plan."""
    playbook, own = playbook_of(subject), own_plan(subject)
    if playbook is None:
        return ()
    plan = compose(playbook.plans, plan_names(subject))
    return plan if own is None else with_own(plan, own)


def planning(subject: Subject) -> Iterator[Step]:
    """Explain the status, the playbook, its plans and the account's own one."""
    if not subject.active:
        churned = subject.decided("status")
        place = subject.files.cell("status") if churned is None else churned.place
        yield Step("plan", "status", shown(subject.counts("status")), why.INACTIVE, place)
        return
    if subject.prospect:
        place = subject.files.cell("status")
        yield Step("plan", "status", shown(subject.counts("status")), why.PROSPECT, place)
    yield from _playbooks(subject)
    playbook, own = playbook_of(subject), own_plan(subject)
    if playbook is not None:
        names = plan_names(subject)
        words = "ungraded" if UNGRADED in names else f"graded {subject.counts('grade')}"
        tier = subject.counts("tier")
        words += "" if tier is None else f", tier {tier}"
        yield Step("plan", "plans", ", ".join(names), words, playbook.place)
    if own is not None:
        verbs = {"adds": [one.id for one in own.add], "replaces": [one.id for one in own.replace],
                 "removes": list(own.remove)}  # fmt: skip
        words = "; ".join(f"{verb} {', '.join(ids)}" for verb, ids in verbs.items() if ids)
        yield Step("plan", "own plan", "", words, own.place)


def _playbooks(subject: Subject) -> Iterator[Step]:
    """Show the list of playbooks up to the one whose condition holds."""
    number = int(subject.schedule.playbook[subject.row])
    choices = subject.schedule.policy.playbooks
    for choice in choices if number == NONE else choices[: number + 1]:
        takes_all = choice.when == ALWAYS
        words = "takes every account" if takes_all else verdict(choice.when, subject.conditions)
        yield Step("plan", "playbook", choice.playbook.name, words, choice.place)
    if number == NONE:
        yield Step("plan", "playbook", "", "no playbook of the list takes this account")


def left_out(subject: Subject) -> Iterator[Step]:
    """Show the activities of the account's plans that others replaced, or its own plan removed."""
    playbook = playbook_of(subject)
    kept = {each.activity.id: each.activity for each in planned(subject)}
    plans = {} if playbook is None else playbook.plans
    for name in plan_names(subject):
        for activity in plans.get(name, ()):
            instead = kept.get(activity.id)
            if instead is activity:
                continue
            if instead is not None:
                words = f"replaced by {instead.place.file}:{instead.place.line}"
                yield Step("no task", activity.id, "", words, activity.place)
            else:
                yield _removed(activity, subject)


def _removed(activity: Activity, subject: Subject) -> Step:
    own = own_plan(subject)
    assert own is not None  # noqa: S101 - nothing else removes an activity
    words = f"removed by the account's own plan from {activity.place.file}:{activity.place.line}"
    return Step("no task", activity.id, "", words, own.removed_at.get(activity.id, own.place))


# --- the terms ------------------------------------------------------------------------------------


def origin_place(subject: Subject) -> Place:
    """Say where the date stands that terms are counted from."""
    renewed = subject.decided("renewal_date")
    if renewed is not None:
        return renewed.place
    field = "start_date" if subject.counts("renewal_date") is None else "renewal_date"
    return subject.files.cell(field)


def terms(subject: Subject) -> Iterator[Step]:
    """Explain what terms are counted from, the first of them and the current one."""
    found, row = subject.schedule.dating.terms, subject.row
    if not found.exist[row]:
        place = subject.files.cell("start_date")
        yield Step("term", "terms", "", "none: no start_date and no renewal_date", place)
        return
    origin, months = found.origin[row], int(found.months[row])
    renewal = subject.counts("renewal_date") is not None
    field = "renewal_date" if renewal else "start_date (there is no renewal_date)"
    ways = "plus or minus" if renewal else "plus"
    words = f"{field} {ways} whole terms of {months} months"
    yield Step("term", "counted from", str(origin), words, origin_place(subject))
    blank = subject.cell("term_months") is None
    words = "term_months is blank, so 12" if blank else "term_months"
    yield Step("term", "months", str(months), words, subject.files.cell("term_months"))
    if not np.isnat(found.start[row]):
        yield _first_term(subject)
    number = int(found.current[row])
    begins = _first_day(subject, number)
    future = begins > subject.schedule.as_of
    words = "still to begin: the first term" if future else f"holds {subject.schedule.as_of}"
    yield _term_step("current term", subject, number, words, origin_place(subject))


def _first_day(subject: Subject, number: int) -> np.datetime64:
    rows = np.array([subject.row])
    begins: np.datetime64 = subject.schedule.dating.terms.first_day(rows, np.array([number]))[0]
    return begins


def _term_step(what: str, subject: Subject, number: int, words: str, place: Place) -> Step:
    rows = np.array([subject.row])
    end = subject.schedule.dating.terms.end(rows, np.array([number]))[0]
    value = f"{_first_day(subject, number)} to {end - 1}"
    return Step("term", what, value, f"{words}; renewal on {end}", place)


def _first_term(subject: Subject) -> Step:
    """Say whether start_date cuts the first term, or adds a short piece to it."""
    found, rows = subject.schedule.dating.terms, np.array([subject.row])
    first = found.first[rows]
    boundary, start = found.boundary(rows, first)[0], found.start[subject.row]
    if boundary < start:
        words = f"begins on start_date, which cuts the term from {boundary}"
    elif boundary > start:
        days = int((boundary - start).astype(int))
        words = f"begins on start_date; the {days} days before {boundary} belong to it"
    else:
        words = "begins on start_date"
    place = subject.files.cell("start_date")
    return _term_step("first term", subject, int(first[0]), words, place)


def as_day(subject: Subject, field: str) -> np.datetime64 | None:
    """Give the cell of a date as a day."""
    value = subject.cell(field)
    return None if value is None else day(value)
