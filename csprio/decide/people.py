"""Who does what: the person of each role on each account, and the parties to an activity.

In: the accounts table, the roles, the team. Out: text columns. Per account. The person is the
account's cell in the role's column, by the name that the team has for it, else the team's default
for the role, else nobody (null).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.alike import codes, numbered_alike
from csprio.decide.columns import TEXT, blank, coded, distinct, joined, texts
from csprio.fields import ROLE_FIELDS
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from csprio.rules import Activity, Role
    from csprio.team import Team

    Rows = npt.NDArray[np.int64]


class People:
    """The persons of every role, looked up by account row."""

    def __init__(self, table: pa.Table, roles: Mapping[str, Role], team: Team) -> None:
        """Take each role's column of `table`; a role without a column has nobody of its own."""
        named, defaults = team.named(), team.defaults or {}
        self._named = named
        self._team = [person.name for person in team.people if person.roles]
        columns = {ROLE_FIELDS[0]: ROLE_FIELDS[0], **{key: it.column for key, it in roles.items()}}
        self._persons = {
            key: _served(_called(table[column], named), defaults.get(key))
            for key, column in columns.items()
        }
        self._columns = frozenset(map(plain, columns.values()))
        self.csm = self._persons[ROLE_FIELDS[0]]
        if ROLE_FIELDS[0] not in roles:
            del self._persons[ROLE_FIELDS[0]]

    def of(self, role: str, rows: Rows) -> pa.Array:
        """Name the person of a role on each account in `rows`, null for nobody."""
        return self._persons[role].take(pa.array(rows))

    @cached_property
    def crews(self) -> tuple[Rows, Rows]:
        """Number the crew of each account, the persons of all roles; give an account of each."""
        return numbered_alike(codes(persons) for persons in self._persons.values())

    def called(self, field: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """Call the people of a field as the team does, where it is the column of a role."""
        if plain(field) not in self._columns:
            return values
        return pa.chunked_array([_called(values, self._named)])

    def everybody(self) -> list[str]:
        """List everybody whom an account or the team names in a role: no case, then exactly."""
        found = set(self._team)
        for persons in self._persons.values():
            found.update(name for name in persons.unique().to_pylist() if name)
        return sorted(found, key=lambda name: (name.casefold(), name))

    def holds_any_role(self, names: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Tell which accounts name one of `names` in any role."""
        wanted = pa.array(names, TEXT)
        held = [pc.is_in(persons, value_set=wanted) for persons in self._persons.values()]
        return np.asarray(np.any([each.to_numpy(zero_copy_only=False) for each in held], axis=0))


class Parties:
    """Those who take part in an activity on each account in `rows`: its lead, then the others."""

    def __init__(self, activity: Activity, people: People, rows: Rows) -> None:
        """Look up the person of the lead and of each further role."""
        self.roles = parties_to(activity)
        self.persons = [people.of(role, rows) for role in self.roles]

    def others(self, own: int) -> pa.Array:
        """Name the parties besides number `own`: the person once, or the role's key for nobody.

        The row's own person is never named, nor anybody twice.
        """
        named = []
        for number, role in enumerate(self.roles):
            if number != own:
                name = pc.fill_null(self.persons[number], role)
                met = [
                    self._meets(number, own),
                    *(self._meets(number, before) for before in range(number) if before != own),
                ]
                named.append(_unless(met, name))
        if not named:
            return blank(len(self.persons[own]))
        return joined(named, "; ")

    def takes(self, seat: Seat) -> npt.NDArray[np.bool_]:
        """Tell where a seat is taken: the lead's by whoever it is, others by somebody else."""
        there = self.persons[seat.number].is_valid().to_numpy(zero_copy_only=False)
        if not seat.number:
            return np.ones(len(there), bool)
        for before in seat.before:
            there = there & ~self._meets(seat.number, before).to_numpy(zero_copy_only=False)
        return np.asarray(there)

    def _meets(self, one: int, other: int) -> pa.Array:
        """Tell where two parties are one person."""
        return pc.fill_null(pc.equal(self.persons[one], self.persons[other]), False)  # noqa: FBT003


class Seat(NamedTuple):
    """Party `number` to an activity, 0 its lead; not taken by whoever is one of those `before`."""

    activity: Activity
    number: int = 0
    before: tuple[int, ...] = ()

    @property
    def role(self) -> str:
        """The role that sits here."""
        return parties_to(self.activity)[self.number]


class Seats:
    """Who sits in each of some seats: written once for each crew."""

    def __init__(self, seats: Sequence[Seat], people: People) -> None:
        """Look up the crews; seats of activities with the same parties are looked up once."""
        self._crew, first = people.crews
        self._crews = len(first)
        alike: dict[tuple[tuple[str, ...], int, tuple[int, ...]], Seat] = {}
        keys = [(parties_to(each.activity), each.number, each.before) for each in seats]
        for key, seat in zip(keys, seats, strict=True):
            alike.setdefault(key, seat)
        places = {key: place for place, key in enumerate(alike)}
        self._place = np.array([places[key] for key in keys], np.int64)
        at = [(Parties(seat.activity, people, first), seat) for seat in alike.values()]
        self._owner = distinct(_stacked(parties.persons[seat.number] for parties, seat in at))
        self._others = distinct(_stacked(parties.others(seat.number) for parties, seat in at))
        self._taken = np.concatenate(
            [np.empty(0, bool), *(parties.takes(seat) for parties, seat in at)]
        )

    def at(self, seat: Rows, rows: Rows) -> tuple[pa.Array, pa.Array]:
        """Name who sits in seats (by number) at accounts, and the other parties: two columns."""
        place = self._places(seat, rows)
        (owner, owners), (others, whom) = self._owner, self._others
        return coded(owner, owners[place]), coded(others, whom[place])

    def taken(self, seat: Rows, rows: Rows) -> npt.NDArray[np.bool_]:
        """Tell which seats are taken: those of leads always, others by somebody of their own."""
        return np.asarray(self._taken[self._places(seat, rows)])

    def _places(self, seat: Rows, rows: Rows) -> Rows:
        return np.asarray(self._place[seat] * self._crews + self._crew[rows])


def parties_to(activity: Activity) -> tuple[str, ...]:
    """Give the roles that take part in an activity: its lead, then each other one once."""
    return (activity.role, *(key for key in activity.with_ if key != activity.role))


def _stacked(columns: Iterable[pa.Array]) -> pa.Array:
    return pa.concat_arrays([texts([]), *columns])


def _unless(any_of: Sequence[pa.Array], name: pa.Array) -> pa.Array:
    for met in any_of:
        name = pc.if_else(met, pa.scalar(None, TEXT), name)
    return name


def _called(people: pa.ChunkedArray, named: Mapping[str, str]) -> pa.Array:
    """Call the people of a column as the team calls them."""
    written = people.combine_chunks()
    if not named:
        return written
    coded = written.dictionary_encode()
    names = [named.get(text.casefold(), text) for text in coded.dictionary.to_pylist()]
    return texts(names).take(coded.indices)


def _served(persons: pa.Array, default: str | None) -> pa.Array:
    return persons if default is None else pc.fill_null(persons, default)
