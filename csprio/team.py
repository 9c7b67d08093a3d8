"""The team as it travels: who there is, in which roles, and who serves where nobody is named.

Made by `read` from `team.csv`, consumed by `decide`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from csprio.rules import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from csprio.problems import Place, Problem
    from csprio.settings import Read

COLUMNS = (
    "name", "email", "role", "default", "reports_to", "hours_per_week", "max_accounts", "region",
    "away_from", "away_to",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One person of the team: several rows of the file, folded; empty and None are not said."""

    name: str
    email: str = ""
    roles: tuple[str, ...] = ()
    reports_to: str = ""
    hours_per_week: Decimal | None = None
    max_accounts: int | None = None
    region: str = ""
    away: tuple[tuple[date, date], ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True)
class Team:
    """The people in the order of the file; `defaults` names who serves a role by default.

    `problems` are cells and rows that could not be taken as they are; `remarks` are for `check`
    alone; `said` is for stderr.
    """

    people: tuple[Person, ...] = ()
    defaults: Mapping[str, str] | None = None
    exists: bool = False
    sources: tuple[Read, ...] = ()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order of the file."""
        return tuple(person.name for person in self.people)

    def named(self) -> dict[str, str]:
        """Map every way to name a person, without case, to the name that answers show.

        A name beats another person's email; of two names that differ in case only, neither is
        folded.
        """
        known: dict[str, str] = {}
        for person in reversed(self.people):
            if person.email:
                known[person.email.casefold()] = person.name
        for person in reversed(self.people):
            known[person.name.casefold()] = person.name
        return known
