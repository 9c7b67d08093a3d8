"""Which column of an export is which field: found by name or alias, guessed, offered, or off.

Comes in: the columns of a file. Goes out: a `Finding` a field. A guess is only made where the
cells agree with it; a column whose cells are not what its field holds is turned off.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.fields import FIELDS, OWNER_HEADERS
from csprio.problems import ExitCode, Stop
from csprio.read.amounts import Bad, marks, money, whole
from csprio.read.cells import as_key, as_motion, clean
from csprio.read.dates import DMY, MDY, day_of
from csprio.read.headers import header_of, map_fields
from csprio.settings import Numerals, TableSettings
from csprio.starter.text import one_line
from csprio.starter.words import FOR_SALES, LIKELY, PERHAPS, STATUS
from csprio.tables import Kind, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from csprio.read.table import Cells, Layout
    from csprio.rules import Grid

KINDS = {item.name: item.kind for item in FIELDS}
WAYS = tuple(Numerals(decimal=mark) for mark in (None, ".", ","))
_OWNERS = frozenset(map(plain, OWNER_HEADERS))
# A number, a Salesforce user, a UUID: no name of a person.
_ID = r"^([0-9]+|005[A-Za-z0-9]{12}([A-Za-z0-9]{3})?|[0-9a-fA-F-]{32,36})$"
_OF_GRID = ("size", "likelihood", "grade", "tier")
_SHOWN = 4
_MEANT = {"renewal_date": "; what is meant is the first day of the next term"}


class How(StrEnum):
    """How a field came to its column."""

    FOUND = "found"
    GUESSED = "guessed"
    OFFERED = "offered"
    OFF = "off"


@dataclass(frozen=True)
class Finding:
    """A field, the column it is, how that is known, and what a person should know about it."""

    field: str
    how: How
    at: int
    header: str
    why: str = ""


@dataclass
class Columns:
    """A file's columns by position, cleaned and read once."""

    name: str
    layout: Layout
    cells: Cells
    _clean: dict[int, pa.Array] = field(default_factory=dict)

    @property
    def header(self) -> tuple[str, ...]:
        """The headers, in order."""
        return self.layout.header

    def column(self, at: int) -> pa.Array:
        """Give a column, trimmed, null where a cell is empty."""
        if at not in self._clean:
            self._clean[at] = clean(self.cells.columns[at])
        return self._clean[at]

    def texts(self, at: int) -> list[str]:
        """Give the different texts of a column, in order of first appearance."""
        found: list[str] = pc.unique(self.column(at)).drop_null().to_pylist()
        return found

    def is_key(self, at: int) -> bool:
        """Tell whether every row has a cell of its own in this column."""
        column = self.column(at)
        return len(column) > 0 and not column.null_count and len(self.texts(at)) == len(column)

    def filled(self, at: int) -> int:
        """Count the cells that hold something."""
        column = self.column(at)
        return len(column) - int(column.null_count)


def shown(texts: Sequence[str]) -> str:
    """List the first few texts of a column for a comment."""
    more = ", ..." if len(texts) > _SHOWN else ""
    return ", ".join(one_line(text, 24) for text in texts[:_SHOWN]) + more


def find_columns(columns: Columns, grid: Grid, roles: Sequence[str]) -> list[Finding]:
    """Say for every field which column it is; `Stop` (exit 3) where nothing names the accounts."""
    known = _known(columns, roles)
    names = list(dict.fromkeys([*(item.name for item in FIELDS), *roles]))
    found = {name: one for name in names if (one := _choose(columns, name, known[name]))}
    taken = {each.at for each in found.values()}
    for name in names:
        guess = None if name in found else _guess(columns, name, taken, grid)
        if guess is not None:
            found[name] = guess
            taken.add(guess.at)
    for name, at in _owners(columns, found, taken):
        found[name] = _owner(columns, name, at)
    _name_accounts(columns, found, roles)
    return [_checked(columns, found[name], grid) for name in names if name in found]


def _known(columns: Columns, roles: Sequence[str]) -> dict[str, list[int]]:
    """Give the columns that csprio itself takes for each field; names beat aliases."""
    called: dict[str, list[int]] = {}
    alike: dict[str, list[int]] = {}
    names = dict.fromkeys([*(item.name for item in FIELDS), *roles])
    for at, text in enumerate(columns.header):
        one = header_of(columns.name, 1, (text,), TableSettings())
        mapped = map_fields(one, roles).at
        if "name" in mapped:
            mapped.pop("account_id", None)  # what an account without an id is called by
        for name in mapped:
            side = called if plain(text) == plain(name) else alike
            side.setdefault(name, []).append(at)
    return {name: called.get(name) or alike.get(name, []) for name in names}


def _choose(columns: Columns, name: str, candidates: list[int]) -> Finding | None:
    """Take the one column of a field; of several the one that says most, as a guess."""
    if not candidates:
        return None
    texts = [columns.header[at] for at in candidates]
    if len(candidates) == 1:
        return Finding(name, How.FOUND, candidates[0], texts[0])
    if len(set(texts)) < len(texts) and name != "account_id":
        return Finding(name, How.OFF, candidates[0], texts[0], "several columns are called so")
    best = max(candidates, key=lambda at: (columns.is_key(at), columns.filled(at), -at))
    others = ", ".join(one_line(columns.header[at]) for at in candidates if at != best)
    return Finding(name, How.GUESSED, best, columns.header[best], f"it could also be {others}")


def _guess(columns: Columns, name: str, taken: Iterable[int], grid: Grid) -> Finding | None:
    """Look for a column with another word for a field, and with cells that it can hold."""
    for words, how in ((LIKELY, How.GUESSED), (PERHAPS, How.OFFERED)):
        for at, text in enumerate(columns.header):
            if at in taken or plain(text) not in words.get(name, ()):
                continue
            texts = columns.texts(at)
            if name == "status" and not any(map(_is_status, texts)):
                continue
            if texts and _fits(name, grid, texts):
                return Finding(
                    name, how, at, text, f"it holds {shown(texts)}{_MEANT.get(name, '')}"
                )
    return None


def _is_status(text: str) -> bool:
    """Tell whether a text says that somebody is a customer, will be one, or was."""
    return text.casefold() in STATUS


def _owners(
    columns: Columns, found: dict[str, Finding], taken: Iterable[int]
) -> list[tuple[str, int]]:
    """Pair a CRM's owner columns with the roles csm and sales, as long as these have no column."""
    free = [role for role in ("csm", "sales") if role not in found]
    pairs = []
    for at, text in enumerate(columns.header):
        owner = plain(text) in {*_OWNERS, *FOR_SALES} and at not in taken
        if not owner or not free or not columns.filled(at):
            continue
        role = "sales" if plain(text) in FOR_SALES and "sales" in free else free[0]
        free.remove(role)
        pairs.append((role, at))
    return pairs


def _owner(columns: Columns, role: str, at: int) -> Finding:
    """Make an owner a guess where the column names people, an offer where it holds their ids."""
    texts = columns.texts(at)
    are_ids = all(pc.match_substring_regex(pa.array(texts), _ID).to_pylist())
    why = f"it holds ids, not names: {shown(texts)}" if are_ids else "a CRM's owner: check the role"
    return Finding(role, How.OFFERED if are_ids else How.GUESSED, at, columns.header[at], why)


def _name_accounts(columns: Columns, found: dict[str, Finding], roles: Sequence[str]) -> None:
    """See to it that something names the accounts: an id, a name, else a column of unique cells."""
    name = found.get("name")
    if "account_id" in found or (name and columns.is_key(name.at)):
        return
    taken = {each.at for each in found.values() if each.how is not How.OFFERED}
    keys = [at for at, text in enumerate(columns.header)
            if text and at not in taken and columns.is_key(at)]  # fmt: skip
    if keys:
        why = "no column is called an id, and this one is different in every row"
        found["account_id"] = Finding(
            "account_id", How.GUESSED, keys[0], columns.header[keys[0]], why
        )
    elif name is None:
        header = header_of(columns.name, columns.layout.line, columns.header, TableSettings())
        raise Stop(ExitCode.UNUSABLE, map_fields(header, roles).errors)


def _checked(columns: Columns, finding: Finding, grid: Grid) -> Finding:
    """Turn a column off where not one of its cells is what the field holds."""
    if finding.how in {How.OFF, How.OFFERED}:
        return finding
    texts = columns.texts(finding.at)
    if not texts or _fits(finding.field, grid, texts):
        return finding
    holds = f"it holds {shown(texts)}"
    why = f"{holds}, which it cannot be"
    if finding.field in _OF_GRID:
        why = f"the grid has {', '.join(_keys(finding.field, grid))}, and {holds}"
    return replace(finding, how=How.OFF, why=why)


def _fits(name: str, grid: Grid, texts: Sequence[str]) -> bool:
    """Tell whether any of these texts, of which there is one, is what a field can hold."""
    kind = KINDS.get(name)
    if name in _OF_GRID:
        return len(as_key(pa.array(texts, pa.string()), name, _keys(name, grid)).bad) < len(texts)
    if name == "motion":
        return len(as_motion(pa.array(texts)).bad) < len(texts)
    if kind is Kind.MONEY:
        here = [marks(way) for way in WAYS]
        return any(not isinstance(money(text, one), Bad) for text in texts for one in here)
    if kind is Kind.WHOLE:
        here = [marks(way) for way in WAYS[1:]]
        return any(not isinstance(whole(text, one), Bad) for text in texts for one in here)
    if kind is Kind.DATE:
        return any(not isinstance(day_of(text, way), Bad) for text in texts for way in (DMY, MDY))
    return True


def _keys(name: str, grid: Grid) -> tuple[str, ...]:
    """Give what the grid knows of a field of its own."""
    keys = {"size": grid.sizes, "likelihood": grid.levels, "tier": grid.tier_keys}
    return keys.get(name, grid.grades)
