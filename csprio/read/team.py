"""The team: who there is, in which roles, and who serves a role by default.

Comes in: a path, the configuration, the playbook's roles. Goes out: a `Team`, or a `Stop` where
the file is no table of people. Several rows of one person are folded into one; a cell that cannot
be read is reported and left out. A team is small: its rows are walked one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from csprio.problems import problem
from csprio.read.person_rows import read_rows
from csprio.read.source import utf8_first
from csprio.read.wording import hint, short
from csprio.tables import plain
from csprio.team import Person, Team

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from csprio.problems import Place, Problem
    from csprio.read.person_rows import PersonRow
    from csprio.rules import Role
    from csprio.settings import Config

# Columns that say one thing of a person, in whichever row.
_ONCE = ("email", "hours_per_week", "max_accounts", "region")


@dataclass
class _Draft:
    """A person whose rows are being folded; `told` gives what is said once, and where."""

    name: str
    place: Place
    told: dict[str, tuple[Any, str, Place]] = field(default_factory=dict)
    managers: list[tuple[str, Place]] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    away: list[tuple[date, date]] = field(default_factory=list)

    def value(self, column: str) -> Any:  # noqa: ANN401 - of the column's kind
        """Give what is said once, None where nothing is."""
        return self.told[column][0] if column in self.told else None


def read_team(
    path: str | None,
    config: Config,
    roles: Mapping[str, Role],
    *,
    given: bool,  # noqa: ARG001 - a team that is named must be there, whoever names it
) -> Team:
    """Read the people of one file; without a path there is no team."""
    if path is None:
        return Team()
    settings = config.table
    source = utf8_first(path, settings.encoding)
    rows = read_rows(source, settings)
    problems, remarks = list(rows.problems), []
    spelled = {plain(role): role for role in reversed(list(roles))}
    drafts: dict[str, _Draft] = {}
    defaults: dict[str, list[tuple[str, Place]]] = defaultdict(list)
    for row in rows.people:
        draft = drafts.setdefault(row.name.casefold(), _Draft(row.name, row.place("name")))
        problems += _fold(draft, row)
        role = spelled.get(plain(row.role), row.role)
        if role and plain(role) not in spelled:
            remarks.append(_unknown(row, "role", "team-role", roles))
        if role and role not in draft.roles:
            draft.roles.append(role)
        if row.default and not role:
            facts = {"name": draft.name, "value": row.texts["default"]}
            problems.append(problem("default-role", row.place("default"), **facts))
        elif row.default:
            defaults[role].append((draft.name, row.place("default")))
    chosen, found = _defaults(defaults)
    problems += [*found, *_shared(list(drafts.values()))]
    people, differing, unknown = _people(list(drafts.values()))
    return Team(
        people, chosen, True, (source,),  # noqa: FBT003
        problems=tuple(sorted([*problems, *differing], key=lambda one: one.order)),
        remarks=tuple(sorted([*remarks, *unknown], key=lambda one: one.order)),
        said=rows.said,
    )  # fmt: skip


def _fold(draft: _Draft, row: PersonRow) -> Iterator[Problem]:
    """Add what a row says of its person; what another row says otherwise is a problem."""
    for column in _ONCE:
        value = row.values.get(column)
        if value is None:
            continue
        place, text = row.place(column), row.texts[column]
        known, shown, there = draft.told.setdefault(column, (value, text, place))
        if _folded(known) != _folded(value):
            yield _differs(draft, place, (column, text), (shown, there))
    if row.texts["reports_to"]:
        draft.managers.append((row.texts["reports_to"], row.place("reports_to")))
    if row.away is not None and row.away not in draft.away:
        draft.away.append(row.away)


def _differs(
    draft: _Draft, place: Place, cell: tuple[str, str], first: tuple[str, Place]
) -> Problem:
    """Say that a cell says otherwise than one further up."""
    (column, text), (shown, there) = cell, first
    facts = {"value": short(text), "other": short(shown), "first": f"line {there.line}"}
    return problem("person-differs", place, column=column, name=draft.name, **facts)


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _defaults(
    said: Mapping[str, list[tuple[str, Place]]],
) -> tuple[dict[str, str], list[Problem]]:
    """Give who serves each role by default; where two people do, nobody does."""
    chosen: dict[str, str] = {}
    problems = []
    for role, people in said.items():
        first, there = people[0]
        others = {name: place for name, place in reversed(people) if name != first}
        if not others:
            chosen[role] = first
        for name, place in others.items():
            facts = {"name": name, "other": first, "first": f"line {there.line}"}
            problems.append(problem("two-defaults", place, role=role, **facts))
    return chosen, problems


def _shared(drafts: list[_Draft]) -> Iterator[Problem]:
    """Report what names two people: an email of both, or one's email that is the other's name."""
    names = {draft.name.casefold(): draft for draft in drafts}
    emails: dict[str, _Draft] = {}
    for draft in drafts:
        if "email" not in draft.told:
            continue
        email, text, place = draft.told["email"]
        other = emails.setdefault(email.casefold(), draft)
        if other is draft:
            other = names.get(email.casefold(), draft)
        if other is not draft:
            facts = {"name": draft.name, "other": other.name, "value": short(text)}
            yield problem("person-shared", place, first=f"line {other.place.line}", **facts)


def _people(
    drafts: list[_Draft],
) -> tuple[tuple[Person, ...], list[Problem], list[Problem]]:
    """Make the people of the drafts; also give managers that differ, and managers unknown."""
    known = Team(tuple(Person(each.name, each.value("email") or "") for each in drafts)).named()
    people, differing, unknown = [], [], []
    for draft in drafts:
        # Managers are named by name or email; the team's own name is what counts.
        named = [(known.get(text.casefold(), text), text, at) for text, at in draft.managers]
        manager, shown, there = named[0] if named else ("", "", draft.place)
        for other, text, at in named[1:]:
            if other.casefold() != manager.casefold():
                differing.append(_differs(draft, at, ("reports_to", text), (shown, there)))
        if manager and manager.casefold() not in known:
            told = hint(manager, [each.name for each in drafts])
            unknown.append(problem("team-manager", there, value=short(manager), hint=told))
        people.append(_person(draft, manager))
    return tuple(people), differing, unknown


def _person(draft: _Draft, manager: str) -> Person:
    return Person(
        draft.name,
        draft.value("email") or "",
        tuple(draft.roles),
        manager,
        draft.value("hours_per_week"),
        draft.value("max_accounts"),
        draft.value("region") or "",
        tuple(sorted(draft.away)),
        draft.place,
    )


def _unknown(row: PersonRow, column: str, code: str, known: Mapping[str, object]) -> Problem:
    """Say that a cell names what nobody knows."""
    text = row.texts[column]
    return problem(code, row.place(column), value=short(text), hint=hint(text, known))
