"""Scores for people: an account a line, worst first, and in a cell all that a score says of it.

Comes in: the sheet of `scores`, a row an account and score. Goes out: the accounts' own columns,
and the cells of each score beside them, for a table or for Markdown.

A band that is called green, yellow, amber, orange or red has that colour; no other has any, and the
word always stands there. The same words say which end of a score is the bad one: where the bands
of 0 and 100 are both called by colours, the redder end comes first. Otherwise nobody has said
whether much is good or bad, and the lowest comes first. The line above a table tells which it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from csprio.show.cells import texts
from csprio.show.draw import Strip, cells_in
from csprio.show.figures import cut
from csprio.show.text import visible
from csprio.signals import NOT_SCORED, WORST_FIRST
from csprio.tables import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from csprio.show.terminal import Look
    from csprio.tables import ScoreEnds, Sheet

BESIDE = 2  # of the accounts' own columns, those that stand before the scores: id and name
_STYLES = dict.fromkeys(WORST_FIRST, "yellow") | {"red": "bold red", "green": "green"}
_ARROWS = {"up": "↑", "flat": "→", "down": "↓"}
_ALL_KNOWN = Decimal(100)


@dataclass(frozen=True)
class ByAccount:
    """The answer with a line an account, in the order for people, which `title` says.

    `own` are the accounts' own columns: id, name, those of `--add`, the note of the first score.
    `scores` are the rows of each score, under the name that it is drawn by.
    """

    title: str
    own: Sheet
    scores: Mapping[str, pa.Table]

    @property
    def by_importance(self) -> list[str]:
        """Name the columns, those first that a narrow terminal keeps longest."""
        account, name, *added, note = (visible(column.name) for column in self.own.columns)
        first, *others = self.scores
        return [name, first, note, *others, *added, account]


def by_account(sheet: Sheet) -> ByAccount:
    """Put the scores of an account side by side, and the accounts in the order for people.

    That is the order of the first score, then of the others; what is not scored comes last, and
    equals stay in the order of the file. The sheet has at least one score.
    """
    table = sheet.whole()
    parts = [table.filter(pc.equal(table["score"], pa.scalar(each.name))) for each in sheet.scores]
    order = _ordered(parts, sheet.scores)
    taken = [part.take(order) for part in parts]
    names = [visible(each.name) for each in sheet.scores]
    title = f"{'worst' if _bad_end(sheet.scores[0]) else 'lowest'} {names[0]} first"
    if any(_partly_known(share) for part in parts for share in _texts(part, "coverage")):
        title += "; in brackets the coverage, where it is below 100%"
    return ByAccount(title, _own(sheet, taken[0], names), dict(zip(names, taken, strict=True)))


def score_strip(name: str, part: pa.Table, look: Look) -> Strip:
    """Draw the column of a score: `52.9 yellow ↓ (90%)`, what is alike under each other."""
    said = list(_said(part, at_terminal=look.width is not None))
    room = max((len(each.value) for each in said), default=0)
    trends = [_ARROWS.get(each.trend, "") if look.arrows else each.trend for each in said]
    shares = [f"({each.coverage}%)" if each.coverage else "" for each in said]
    cells = _side_by_side([each.judged(room) for each in said], trends, shares)
    styles = {
        cell: _STYLES.get(each.band.casefold(), "") if each.value else "dim"
        for cell, each in zip(cells, said, strict=True)
    }
    return Strip(name, cells, least=max(map(cells_in, (name, *cells))), styles=styles)


def score_words(part: pa.Table) -> list[str]:
    """Write the cells of a score in words: `52.963 yellow, down, coverage 90%`."""
    said = (
        (each.judged(), each.trend, f"coverage {each.coverage}%" if each.coverage else "")
        for each in _said(part)
    )
    return [", ".join(filter(None, each)) for each in said]


def band_styles(cells: Iterable[str]) -> dict[str, str]:
    """Give the bands that are called by a colour the style of that colour."""
    return {cell: _STYLES[cell.casefold()] for cell in set(cells) if cell.casefold() in _STYLES}


class _Said(NamedTuple):
    """What a score says of an account, as text; "" is missing, and a coverage that is whole."""

    value: str
    band: str
    trend: str
    coverage: str

    def judged(self, room: int = 0) -> str:
        """Write the value and its band; values of a column stand at the right of their room."""
        return f"{self.value:>{room}} {self.band}".rstrip() if self.value else NOT_SCORED


def _said(part: pa.Table, *, at_terminal: bool = False) -> Iterator[_Said]:
    """Write what stands in each row; at a terminal numbers are cut to what people look at."""
    columns = {name: _texts(part, name) for name in _Said._fields}
    columns["band"] = [visible(band) for band in columns["band"]]
    columns["coverage"] = [each if _partly_known(each) else "" for each in columns["coverage"]]
    if at_terminal:
        columns["value"] = cut(columns["value"], 1)
        columns["coverage"] = cut(columns["coverage"], 0)
    return map(_Said._make, zip(*columns.values(), strict=True))


def _side_by_side(*columns: Sequence[str]) -> list[str]:
    """Join texts row by row, those of a column under each other; an empty column takes no room."""
    widths = [max(map(cells_in, cells), default=0) for cells in columns]
    rows = zip(*columns, strict=True)
    return [
        " ".join(
            text + " " * (width - cells_in(text))
            for text, width in zip(row, widths, strict=True)
            if width
        ).rstrip(" ")
        for row in rows
    ]


def _texts(part: pa.Table, column: str) -> list[str]:
    return ["" if cell is None else cell for cell in texts(part[column]).to_pylist()]


def _partly_known(coverage: str) -> bool:
    return bool(coverage) and Decimal(coverage) < _ALL_KNOWN


def _ordered(parts: Sequence[pa.Table], scores: Sequence[ScoreEnds]) -> pa.Array:
    """Give the order of the accounts: the bad end first; what is missing is last either way."""
    columns = {f"{place}": part["value"] for place, part in enumerate(parts)}
    keys = [
        (f"{place}", "descending" if _bad_end(each) == "high" else "ascending")
        for place, each in enumerate(scores)
    ]
    columns["row"] = pa.array(range(len(parts[0])), pa.int64())
    return pc.sort_indices(pa.table(columns), [*keys, ("row", "ascending")])


def _bad_end(score: ScoreEnds) -> str:
    """Say which end of a score is the bad one: low, high, or "" where its bands do not tell."""
    ends = [band.casefold() for band in (score.lowest, score.highest)]
    if not all(band in _STYLES for band in ends):
        return ""
    low, high = map(WORST_FIRST.index, ends)
    return "low" if low < high else "high" if high < low else ""


def _own(sheet: Sheet, rows: pa.Table, scores: Sequence[str]) -> Sheet:
    """Keep the columns that are the account's own, and say whose note it is where it may be asked.

    A field of `--add` that is called like a score stands there already.
    """
    promised = {column.name: column for column in ANSWERS["scores"]}
    taken = {*promised, *scores}
    added = [column for column in sheet.columns if visible(column.name) not in taken]
    heading = f"note on {scores[0]}" if len(scores) > 1 else "note"
    while heading in {*scores, *(column.name for column in added)}:
        heading += "'"
    columns = [promised["account_id"], promised["name"], *added, promised["note"]]
    named = (*columns[:-1], replace(promised["note"], name=heading))
    table = rows.select([column.name for column in columns])
    own = table.rename_columns([column.name for column in named])
    return replace(sheet, columns=named, table=own, more=())
