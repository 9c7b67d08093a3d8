"""Headers to fields: which column of a file is which field.

Comes in: the header of a file, the names that csprio or a policy reads, what `columns:` says. Goes
out: a position for each name found, and what is double or missing. Nothing here reads a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csprio.fields import FIELDS, OWNER_HEADERS
from csprio.problems import Place, problem
from csprio.read.wording import close, listed
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from csprio.problems import Problem
    from csprio.settings import TableSettings

# Salesforce puts this behind the API name of every field that a company has made for itself.
_CUSTOM = re.compile(r"__c$", re.IGNORECASE)
_ALIASES = {plain(item.name): frozenset(map(plain, item.aliases)) for item in FIELDS}
_OWNERS = frozenset(map(plain, OWNER_HEADERS))
_ALONE = (
    "; or name what separates the cells by `delimiter:`; or delete the lines that stand before the "
    "header, or say by `skip_lines:` how many there are"
)
_OFFERED = ("csm", "sales")


@dataclass
class Mapped:
    """Where each name stands in a file's header, and what is wrong or worth knowing there."""

    at: dict[str, int] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Header:
    """A file's header and the settings it is matched by."""

    file: str
    line: int
    names: tuple[str, ...]
    by_hand: Mapping[str, str | None]  # plain field name -> header; None: off

    def spelled(self, name: str) -> list[int]:
        """Give the columns called so, exactly or, if there is none, spelling aside."""
        exact = [at for at, header in enumerate(self.names) if header == name.strip()]
        return exact or [at for at, header in enumerate(self.names) if plain(header) == plain(name)]

    def taken(self) -> frozenset[int]:
        """Give the columns that somebody has mapped by hand."""
        mapped = [self.spelled(header) for header in self.by_hand.values() if header is not None]
        return frozenset(at for found in mapped for at in found)

    def place(self, at: int) -> Place:
        """Say where a header stands."""
        return Place(self.file, self.line, self.names[at])


def header_of(file: str, line: int, names: tuple[str, ...], settings: TableSettings) -> Header:
    """Put a header and the settings for it together."""
    by_hand = {plain(name): header for name, header in settings.columns.items()}
    return Header(file, line, names, by_hand)


def map_fields(header: Header, roles: Sequence[str]) -> Mapped:
    """Find the fields of section 3.2 and the role columns; no id and no name is an error."""
    mapped = Mapped()
    for name in dict.fromkeys([*(item.name for item in FIELDS), *roles]):
        _find(header, name, _ALIASES.get(plain(name), frozenset()), mapped)
    if "account_id" not in mapped.at:
        if "name" in mapped.at:
            mapped.at["account_id"] = mapped.at["name"]
        elif not mapped.errors:
            mapped.errors.append(_no_id(header))
    mapped.notes.extend(_owner_notes(header, mapped))
    return mapped


def map_more(header: Header, names: Iterable[str], mapped: Mapped) -> dict[str, int]:
    """Find further columns that rules read or that travel; what is not there is left out."""
    more = Mapped()
    for name in names:
        _find(header, name, frozenset(), more)
    mapped.errors.extend(found for found in more.errors if found not in mapped.errors)
    return more.at


def unknown_columns(headers: Sequence[Header], settings: TableSettings) -> list[Problem]:
    """Give the headers that `columns:` names and no file has."""
    known = dict.fromkeys(name for header in headers for name in header.names)
    found = []
    for name, wanted in settings.columns.items():
        if wanted is None or any(header.spelled(wanted) for header in headers):
            continue
        near = close(wanted, known)
        place = settings.column_places.get(name, Place(""))
        hint = f"; did you mean `{near}`?" if near else f"; there are {listed(known)}"
        found.append(problem("unknown-column", place, header=wanted, close=hint))
    return found


def _find(header: Header, name: str, aliases: frozenset[str], mapped: Mapped) -> None:
    """Find one name: by hand, else called so, else by an alias; two of a kind are an error."""
    by_hand = header.by_hand.get(plain(name), "")
    if by_hand is None:
        return
    found = header.spelled(by_hand) if by_hand else []
    called = [at for at, text in enumerate(header.names) if plain(text) == plain(name)]
    exact = [at for at in called if header.names[at] == name] if plain(name) not in _ALIASES else []
    found = found or (exact if len(exact) == 1 else called)
    alike = [at for at, text in enumerate(header.names) if _is_alias(text, name, aliases)]
    alike = [at for at in alike if at not in header.taken() and at not in found]
    if found and not by_hand:
        mapped.notes.extend(_beaten(header, name, found[0], at) for at in alike)
    found = found or alike
    if len(found) == 1:
        mapped.at[name] = found[0]
    elif found:
        mapped.errors.append(_double(header, name, found))


def _is_alias(text: str, name: str, aliases: frozenset[str]) -> bool:
    """Tell whether a header is another word for a field."""
    bare = _CUSTOM.sub("", text)
    own = bare != text and plain(bare) in aliases | {plain(name)}
    return own or plain(text) in aliases


def _beaten(header: Header, name: str, winner: int, at: int) -> Problem:
    """Note that a column called as the field counts, and not its alias."""
    return problem(
        "alias-beaten", header.place(at),
        header=header.names[at], winner=header.names[winner], field=name,
    )  # fmt: skip


def _double(header: Header, name: str, found: list[int]) -> Problem:
    """Say that two columns may be one field."""
    texts = [header.names[at] for at in found]
    place = header.place(found[1])
    if len(set(texts)) == 1:
        positions = " and ".join(str(at + 1) for at in found)
        facts = {"header": texts[0], "positions": positions, "field": name}
        return problem("repeated-header", place, **facts)
    return problem("two-columns", place, headers=listed(texts), field=name, first=texts[0])


def _no_id(header: Header) -> Problem:
    """Say that no column can name the accounts."""
    names = list(filter(None, header.names))
    hint = _ALONE if len(names) == 1 else ""
    place = Place(header.file, header.line)
    return problem("no-id-column", place, headers=listed(names), separator=hint)


def _owner_notes(header: Header, mapped: Mapped) -> list[Problem]:
    """Offer a CRM's owner column to a role that has none."""
    free = [role for role in _OFFERED if role not in mapped.at and role not in header.by_hand]
    owners = [at for at, text in enumerate(header.names) if plain(text) in _OWNERS]
    owners = [at for at in owners if at not in header.taken()]
    if not free or not owners:
        return []
    place = header.place(owners[0])
    return [problem("owner-column", place, header=place.column, role=free[0])]
