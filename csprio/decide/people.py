"""Who does what: the person of each role on each account, and the parties to an activity.

In: the accounts table, the roles, the team. Out: text columns. Per account. The person is the
account's cell in the role's column, by the name that the team has for it, else the team's default
for the role, else nobody (null).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import TEXT, blank, joined, texts
from csprio.fields import ROLE_FIELDS
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        self.roles = (activity.role, *(key for key in activity.with_ if key != activity.role))
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

    def first_part(self, number: int, earlier: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Tell where party `number` is somebody, and none of the `earlier` parties."""
        there = self.persons[number].is_valid().to_numpy(zero_copy_only=False)
        for before in earlier:
            there = there & ~self._meets(number, before).to_numpy(zero_copy_only=False)
        return np.asarray(there)

    def _meets(self, one: int, other: int) -> pa.Array:
        """Tell where two parties are one person."""
        return pc.fill_null(pc.equal(self.persons[one], self.persons[other]), False)  # noqa: FBT003


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
