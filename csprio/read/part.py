"""One accounts file: its columns found, cleaned and typed, and what stands in the way.

Comes in: a `Source`, the settings, what grid, playbook and rules need. Goes out: a `Part`. Nothing
here looks at two files at once or leaves a row out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.fields import FIELDS
from csprio.problems import Place, problem
from csprio.read import cells
from csprio.read.amounts import PLAIN, marks
from csprio.read.dates import DMY, MDY, Votes, both_ways
from csprio.read.headers import header_of, map_fields, map_more
from csprio.read.table import lay_out, read_columns
from csprio.read.wording import short
from csprio.tables import Kind, arrow_type, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from csprio.problems import Problem
    from csprio.read.amounts import Marks
    from csprio.read.cells import Typed
    from csprio.read.dates import Vote
    from csprio.read.headers import Header
    from csprio.read.source import Source
    from csprio.read.table import Cells, Layout
    from csprio.settings import TableSettings

    Marked = np.ndarray[tuple[int], np.dtype[np.bool_]]

NAMES: Mapping[str, Kind] = {item.name: item.kind for item in FIELDS}
_RULE_KINDS = {"text": Kind.TEXT, "number": Kind.NUMBER, "date": Kind.DATE}
AT_ONCE, LONG = 2, 50_000  # columns typed side by side, and from how many rows on
_SAID_ORDER = {DMY: "day first", MDY: "month first"}


@dataclass(frozen=True)
class Needs:
    """What the policy reads: the grid's keys, the role columns, further fields and additions.

    `rule_fields` says for each further input field whether rules read it as `text`, `number` or
    `date`; `adds` are names that may be columns which only travel.
    """

    sizes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    rule_fields: Mapping[str, str] = field(default_factory=dict)
    adds: tuple[str, ...] = ()

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """The keys that each field of the grid may hold."""
        return {
            "size": self.sizes, "likelihood": self.levels, "grade": self.grades, "tier": self.tiers
        }  # fmt: skip

    @property
    def kinds(self) -> dict[str, Kind]:
        """What each column of the accounts table is, in order: fields, roles, rule fields."""
        roles = dict.fromkeys(self.roles, Kind.TEXT)
        rules = {name: _RULE_KINDS[kind] for name, kind in self.rule_fields.items()}
        return {**NAMES, **{n: k for n, k in (rules | roles).items() if n not in NAMES}}


@dataclass
class Part:
    """A file's rows: `typed` columns, the `texts` they were read from, `written` as they stand.

    `at` says where each column stands in the header. `unmapped` tells that the header itself is in
    trouble, so that nothing about the rows can be trusted.
    """

    source: Source
    header: Header
    cells: Cells
    at: dict[str, int]
    texts: dict[str, pa.Array] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    written: dict[str, pa.Array] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    unmapped: bool = False

    @property
    def rows(self) -> int:
        """How many accounts the file has."""
        return len(self.texts["account_id"])

    def marked(self, name: str, texts: Iterable[str]) -> Marked:
        """Mark the rows whose cell of a field is one of these texts."""
        listed = pa.array(list(texts), pa.string())
        if not len(listed) or name not in self.texts:
            return np.zeros(self.rows, dtype=np.bool_)
        found = pc.is_in(self.texts[name], listed)
        return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)

    def place(self, row: int, name: str) -> Place:
        """Say where a row's cell of a field stands; the column is the header as in the file."""
        at = self.at.get(name)
        column = self.header.names[at] if at is not None else ""
        return Place(self.source.name, self.cells.lines[row], column)


@dataclass(frozen=True)
class Columns:
    """What the columns of a file are, by position: `at` those of fields, `adds` those that travel.

    `rules` are those among them that only rules read.
    """

    header: Header
    at: Mapping[str, int]
    rules: Mapping[str, int]
    adds: Mapping[str, int]
    errors: Sequence[Problem]
    notes: Sequence[Problem]

    @property
    def key(self) -> int:
        """The column that no row may leave blank."""
        return self.at.get("account_id", 0)

    @property
    def further(self) -> frozenset[str]:
        """The columns besides those that each book has: of rules, and those that travel."""
        return frozenset({*self.rules, *self.adds})

    @property
    def wanted(self) -> list[int]:
        """The columns that somebody looks at."""
        return [*self.at.values(), *self.adds.values()]


def read_part(source: Source, settings: TableSettings, needs: Needs) -> Part:
    """Read one file; what makes it no table at all is a `Stop`, the rest stands in the part."""
    layout = lay_out(source, settings)
    columns = columns_of(source.name, layout, settings, needs)
    found = read_columns(source, layout, columns.wanted, columns.key)
    part = Part(source, columns.header, found, dict(columns.at), unmapped=bool(columns.errors))
    part.errors = [*columns.errors, *(found.errors if "account_id" in columns.at else [])]
    part.notes = [*columns.notes, *found.notes]
    part.said += source.said
    if found.footer:
        part.said.append(_footer(source.name, found.footer))
    if not part.unmapped:
        clean_part(part, settings)
        type_part(part, settings.dates or _settle(part, needs), settings, needs)
        _write(part, columns)
    return part


def part_of(source: Source, found: Cells, columns: Columns, settings: TableSettings) -> Part:
    """Make a part of some rows of a file, clean but not yet typed."""
    part = Part(source, columns.header, found, dict(columns.at))
    clean_part(part, settings)
    _write(part, columns)
    return part


def columns_of(name: str, layout: Layout, settings: TableSettings, needs: Needs) -> Columns:
    """Find the columns of a file that csprio, a rule or the user wants."""
    header = header_of(name, layout.line, layout.header, settings)
    mapped = map_fields(header, needs.roles)
    known = {plain(name) for name in (*NAMES, *needs.roles)}
    rules = map_more(header, [n for n in needs.rule_fields if plain(n) not in known], mapped)
    adds = map_more(header, [name for name in needs.adds if name not in NAMES], mapped)
    return Columns(header, mapped.at | rules, rules, adds, mapped.errors, mapped.notes)


def clean_part(part: Part, settings: TableSettings) -> None:
    """Clean all columns that csprio or a rule reads."""
    columns = [part.cells.columns[at] for at in part.at.values()]
    rows = len(columns[0]) if columns else 0
    cleaned = _side_by_side(rows, lambda column: cells.clean(column, settings.missing), columns)
    part.texts = dict(zip(part.at, cleaned, strict=True))


def type_part(part: Part, order: str | None, settings: TableSettings, needs: Needs) -> None:
    """Type all clean columns; `order` is that of day and month, None where no cell needs one."""
    names, kinds = list(part.at), needs.kinds
    here = marks(settings.numerals)

    def written(name: str) -> Marks:
        return PLAIN if part.at[name] in part.cells.numbers else here

    ways: dict[Kind, Callable[[str, pa.Array], Typed]] = {
        Kind.MONEY: lambda name, texts: cells.as_money(texts, written(name)),
        Kind.NUMBER: lambda name, texts: cells.as_number(texts, written(name)),
        Kind.WHOLE: lambda name, texts: cells.as_whole(texts, written(name)),
        Kind.DATE: lambda name, texts: _date(name, texts, order),
        Kind.KEY: lambda name, texts: cells.as_key(texts, name, needs.keys[name]),
    }

    def typed(name: str) -> Typed:
        return ways.get(kinds[name], _text)(name, part.texts[name])

    rows = part.rows if names else 0
    part.typed = dict(zip(names, _side_by_side(rows, typed, names), strict=True))


def _text(name: str, texts: pa.Array) -> Typed:
    return cells.as_motion(texts) if name == "motion" else cells.Typed(texts)


def _side_by_side(rows: int, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    """Do the same for every column, two at a time where they are long: Arrow lets threads run."""
    if rows < LONG:
        return [work(item) for item in items]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a small file has no need

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(work, items))


def _date(name: str, texts: pa.Array, order: str | None) -> Typed:
    """Read dates; a rule field keeps them as ISO text."""
    typed = cells.as_date(texts, order)
    if name in NAMES:
        return typed
    return cells.Typed(pc.cast(typed.values, pa.string()), typed.bad)


def _write(part: Part, columns: Columns) -> None:
    """Keep the columns that travel as written, or trimmed where a rule reads them."""
    read = {at: name for name, at in columns.rules.items()}
    for name, at in columns.adds.items():
        column = part.texts[read[at]] if at in read else part.cells.columns[at]
        empty = pc.equal(column, "")
        part.written[name] = pc.if_else(empty, pa.scalar(None, pa.string()), column)


def votes_of(part: Part, needs: Needs) -> Votes:
    """Find the cells of a part that speak for an order of day and month."""
    found = Votes()
    for name in part.at:
        if needs.kinds[name] is Kind.DATE:
            found |= cells.votes(part.texts[name], name)
    return found


def _settle(part: Part, needs: Needs) -> str | None:
    """Find the order of day and month that a file's own dates settle, and say so."""
    found = votes_of(part, needs)
    if found.dmy and found.mdy:
        part.errors.append(_mixed(part, found.dmy, found.mdy))
    elif proof := found.dmy or found.mdy:
        order = DMY if found.dmy else MDY
        place = part.place(proof.row, proof.column)
        part.said.append(settled(place, order, proof.text))
        return order
    elif found.either:
        part.errors.append(_ambiguous(part, found.either))
    return None


def settled(place: Place, order: str, text: str) -> str:
    """Say which cell of a file settles the order of day and month."""
    where = f"as `{text}` in line {place.line} settles"
    return f"{place.file}: dates are read {_SAID_ORDER[order]}, {where}"


def _mixed(part: Part, dmy: Vote, mdy: Vote) -> Problem:
    """Say that a file has dates in both orders; the place is that of the later cell."""
    (early, early_order), (late, order) = sorted([(dmy, _SAID_ORDER[DMY]), (mdy, _SAID_ORDER[MDY])])
    facts = {"value": late.text, "order": order, "other": early.text, "other_order": early_order}
    line = part.place(early.row, early.column).line
    return problem("mixed-dates", part.place(late.row, late.column), line=line, **facts)


def _ambiguous(part: Part, vote: Vote) -> Problem:
    """Show a date read both ways."""
    both = both_ways(vote.text)
    assert both is not None  # noqa: S101 (it has voted)
    facts = {"value": vote.text, "dmy": both.dmy, "mdy": both.mdy, "where": "in csprio.yaml"}
    return problem("ambiguous-dates", part.place(vote.row, vote.column), **facts)


def _footer(file: str, texts: tuple[str, ...]) -> str:
    """Say which rows at the end are a report's footer."""
    lines = "1 line" if len(texts) == 1 else f"{len(texts)} lines"
    return f"{file}: left out {lines} at the end, a report's footer: `{short(texts[0])}`"


def empty(name: str, kind: Kind, rows: int) -> pa.Array:
    """Make a column in which nothing is known; rule fields are texts whatever they hold."""
    return pa.nulls(rows, arrow_type(kind) if name in NAMES else pa.string())
