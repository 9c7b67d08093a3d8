"""Who does what: the person of each role on each account, and the parties to an activity.

In: the accounts table and the roles. Out: text columns. Per account. The person is the account's
cell in the role's column, else the team's default for the role, else nobody (null).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import TEXT, blank, joined
from csprio.tables import ROLE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from csprio.rules import Activity, Role

    Rows = npt.NDArray[np.int64]


class People:
    """The persons of every role, looked up by account row."""

    def __init__(self, table: pa.Table, roles: Mapping[str, Role]) -> None:
        """Take each role's column of `table`; a role without a column has nobody."""
        have = set(table.column_names)
        self._persons = {
            key: table[role.column].combine_chunks() if role.column in have else blank(len(table))
            for key, role in roles.items()
        }
        self._roles = roles

    def of(self, role: str, rows: Rows) -> pa.Array:
        """Name the person of a role on each account in `rows`, null for nobody."""
        return self._persons[role].take(pa.array(rows))

    def everybody(self) -> list[str]:
        """List everybody whom an account names in a role, without case, then exactly."""
        found: set[str] = set()
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


def csm_of(table: pa.Table, roles: Mapping[str, Role]) -> pa.Array:
    """Name who serves the role `csm`: by the playbook's column, else the field."""
    role = roles.get(ROLE_FIELDS[0])
    name = role.column if role and role.column in table.column_names else ROLE_FIELDS[0]
    return table[name].combine_chunks()
