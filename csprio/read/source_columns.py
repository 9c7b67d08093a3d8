"""Which columns of a source are asked for, what each is read as, and where its header stands.

Comes in: `Signals`, the header of a file. Goes out: positions by name; what is not there is a
problem at the place that asks for it, and all of them at once. Nothing here reads a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csprio.fields import FIELDS
from csprio.problems import Place, problem
from csprio.read.fields import DATE, TEXT, read_as
from csprio.read.headers import Header
from csprio.read.signal_clauses import source_clauses, source_fields
from csprio.read.wording import close, listed, short
from csprio.signals import Take
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from csprio.problems import Problem
    from csprio.read.table import Layout
    from csprio.signals import Signals, SourceRule

ACCOUNT = "account_id"
_FOLDED = plain(ACCOUNT)
_ALIASES = frozenset(plain(one) for each in FIELDS if each.name == ACCOUNT for one in each.aliases)
# Salesforce puts this behind the API name of every field that a company has made for itself.
_CUSTOM = re.compile(r"__c$", re.IGNORECASE)
_ADDED = (Take.SUM, Take.MEAN, Take.MIN, Take.MAX, Take.LAST, Take.TREND)


@dataclass(frozen=True)
class Asked:
    """The columns that signals look at in one source, as they name them.

    `texts` says what conditions read each as: text, number or date.
    """

    numbers: tuple[str, ...]
    answers: tuple[str, ...]
    amounts: tuple[str, ...]
    texts: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """All of the names."""
        return tuple(dict.fromkeys([*self.numbers, *self.answers, *self.amounts, *self.texts]))

    @property
    def dates(self) -> tuple[str, ...]:
        """The names of the columns that conditions read as dates."""
        return tuple(name for name, kind in self.texts.items() if kind == DATE)


@dataclass
class Columns:
    """Where names stand in a header, by folded name; `missing` and `alike` are what is wrong."""

    header: Header
    source: str
    at: dict[str, int] = field(default_factory=dict)
    missing: list[Problem] = field(default_factory=list)
    alike: list[Problem] = field(default_factory=list)

    def __getitem__(self, name: str) -> int:
        """Give the position of a name."""
        return self.at[plain(name)]

    def header_of(self, name: str) -> str:
        """Give the header of a name as the file spells it; another name is given back."""
        at = self.at.get(plain(name))
        return name if at is None else self.header.names[at]

    def find(self, name: str, spelled: str, place: Place) -> None:
        """Look for the header that a name stands for."""
        found = self.header.spelled(spelled)
        if len(found) == 1:
            self.at[plain(name)] = found[0]
        elif found:
            self._alike(name, found)
        else:
            self._missing(name, spelled, place)

    def find_account(self, spelled: str, place: Place, at: Place) -> None:
        """Look for the account's id: as it is mapped, else called so, else by what CRMs call it."""
        if spelled:
            self.find(ACCOUNT, spelled, place)
            return
        names = self.header.names
        found = [at for at, name in enumerate(names) if plain(name) == _FOLDED]
        found = found or [at for at, name in enumerate(names) if _is_alias(name)]
        if len(found) == 1:
            self.at[_FOLDED] = found[0]
        elif found:
            self._alike(ACCOUNT, found)
        else:
            facts = {"file": self.header.file, "headers": self._headers(), "source": self.source}
            self.missing.append(problem("source-account", at, **facts))

    def _missing(self, name: str, spelled: str, place: Place) -> None:
        near = close(spelled, filter(None, self.header.names))
        hint = f"; did you mean `{near}`?" if near else ""
        facts = {"file": self.header.file, "headers": self._headers(), "hint": hint}
        facts |= {"name": short(name), "source": self.source}
        self.missing.append(problem("source-column", place, column=short(spelled), **facts))

    def _alike(self, name: str, found: list[int]) -> None:
        texts = listed(f"{self.header.names[at]}" for at in found)
        positions = " and ".join(str(at + 1) for at in found)
        facts = {"headers": f"{texts} (columns {positions})", "name": name, "source": self.source}
        self.alike.append(problem("source-headers", self.header.place(found[1]), **facts))

    def _headers(self) -> str:
        return listed(filter(None, self.header.names))


def asked_of(signals: Signals, source: str) -> Asked:
    """Say what signals look at in a source."""
    kinds = read_as(source_clauses(signals, source))
    mine = [measure for measure in signals.measures if measure.source == source]
    values = [value for value in (signals.rfm, signals.clv) if value and value.source == source]
    texts = [measure.column for measure in mine if measure.take is Take.DISTINCT]
    texts += [measure.by for measure in mine if measure.by]
    texts += [clause.field for clause in source_clauses(signals, source)]
    return Asked(
        numbers=_once(measure.column for measure in mine if measure.take in _ADDED),
        answers=_once(measure.column for measure in mine if measure.take is Take.NPS),
        amounts=_once(value.amount for value in values),
        texts={name: kinds.get(plain(name), TEXT) for name in _once(texts)},
    )


def columns_of(signals: Signals, source: str, file: str, layout: Layout) -> Columns:
    """Find all columns of a source that are asked for, that of the account or its key among them.

    A name of `columns:` stands for the header there, and for no other of that name.
    """
    rule = signals.sources[source]
    columns = Columns(Header(file, layout.line, layout.header, {}), source)
    mapped = _mapped(rule)
    if rule.via is None:
        spelled, place = mapped.pop(_FOLDED, ("", rule.place))
        columns.find_account(spelled, place, rule.place)
    else:
        mapped.pop(_FOLDED, None)  # is looked for in the other file
    for name, (spelled, place) in mapped.items():
        columns.find(name, spelled, place)
    asked = dict[str, tuple[str, Place]]()
    for name, place in source_fields(signals, source):
        asked.setdefault(plain(name), (name, place))
    for folded, (name, place) in asked.items():
        if folded not in mapped and not (folded == _FOLDED and rule.via is None):
            columns.find(name, name, place)
    return columns


def via_columns(rule: SourceRule, file: str, layout: Layout) -> Columns:
    """Find the key and the account's id in the file that a source looks accounts up in."""
    assert rule.via is not None  # noqa: S101 - who calls has one
    columns = Columns(Header(file, layout.line, layout.header, {}), rule.name)
    columns.find(rule.via.on, rule.via.on, rule.via.place)
    spelled, place = _mapped(rule).get(_FOLDED, ("", rule.place))
    columns.find_account(spelled, place, rule.via.place)
    return columns


def _mapped(rule: SourceRule) -> dict[str, tuple[str, Place]]:
    """Give what `columns:` says by folded name: the header, and where it is said."""
    return {
        plain(name): (header, rule.places.get(f"columns.{name}", rule.place))
        for name, header in rule.columns.items()
    }


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """Give each name once, as it is first spelled."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(plain(name), name)
    return tuple(first.values())


def _is_alias(header: str) -> bool:
    """Tell whether a CRM calls the account's id so."""
    bare = _CUSTOM.sub("", header)
    return plain(header) in _ALIASES or (bare != header and plain(bare) in _ALIASES | {_FOLDED})
