"""A backtest for people: what it found, in the order in which one asks for it.

Comes in: the sheet of `backtest`, a row a figure. Go out: parts, each a heading with sentences and
maybe a small table, for a terminal or for Markdown. At a terminal shares are percent and a long
list of misses is cut, with a count of the rest; elsewhere all is there as in the data.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from csprio.show.cells import NUMBERS, texts
from csprio.show.draw import Strip, fit, folded, lines, styled
from csprio.show.figures import cut
from csprio.show.scorecard import band_styles
from csprio.show.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from csprio.show.terminal import Look
    from csprio.tables import Sheet

    Row = dict[str, str]

MISSES_SHOWN = 10
_LEAST_NAME = 12
_BANDS = ("band", "accounts", "left", "share", "low", "high", "note")
_MISSES = ("account_id", "name", "value", "left_on", "days_later")
_CALLED = {"value": "score", "share": "churn"}  # what a column of the data is called here
_SHARES = ("share", "low", "high")
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Part:
    """A heading, sentences, and the rows of a table under the names of its columns."""

    heading: str
    said: Sequence[str] = ()
    names: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    after: str = ""
    numbers: frozenset[str] = field(default_factory=frozenset)  # which columns hold numbers


def parts(sheet: Sheet, *, people: bool) -> list[Part]:
    """Put the figures of a sheet under headings; `people` look at a terminal."""
    figures = _figures(sheet)
    (outcomes,), (area,) = figures["outcomes"], figures["auc"]
    share = _with_interval("share", outcomes, people=people)
    found = [
        Part(
            f"{outcomes['score']} as of {outcomes['at']}",
            [
                f"{outcomes['left']} of {outcomes['accounts']} accounts with a score left: {share}",
                outcomes["note"],
            ],
        ),
        Part("AUC", [_with_interval("value", area, people=people), area["note"]]),
        _table(
            "churn by band, with its 95 % interval", figures["band"], _BANDS, sheet, people=people
        ),
    ]
    found += [Part("warned of", _warned(row)) for row in figures["warned"]]
    if figures["missed"]:
        found.append(_missed(figures["missed"], sheet, people=people))
    if figures["aside"]:
        aside = [f"{row['accounts']} {row['note']}" for row in figures["aside"]]
        found.append(Part("set aside", aside))
    return found


def drawn(sheet: Sheet, look: Look) -> Iterator[str]:
    """Draw the parts for a terminal, or for a pipe where nothing is cut."""
    for number, part in enumerate(parts(sheet, people=look.width is not None)):
        if number:
            yield ""
        yield styled(part.heading, "bold", look)
        for said in filter(None, part.said):
            yield from folded(said, look.width) if look.width else [said]
        if part.names:
            strips = _strips(part)
            fitted = fit(strips, part.names, look.width)
            yield from lines(strips, fitted, look)
            yield from (styled(line, "dim", look) for line in fitted.note(look.width))
        if part.after:
            yield part.after


def _figures(sheet: Sheet) -> dict[str, list[Row]]:
    """Give the rows of each figure as texts, safe to look at."""
    table = sheet.whole()
    columns = [texts(table.column(name)).to_pylist() for name in table.column_names]
    found: dict[str, list[Row]] = defaultdict(list)
    for cells in zip(*columns, strict=True):
        seen = (visible(cell or "") for cell in cells)
        row = dict(zip(table.column_names, seen, strict=True))
        found[row["figure"]].append(row)
    return found


def _table(
    heading: str, rows: Sequence[Row], names: Sequence[str], sheet: Sheet, *, people: bool
) -> Part:
    """Make a part of some columns; those in which nothing stands are left out."""
    shown = [name for name in names if any(row[name] for row in rows)]
    if people and "score" in map(_CALLED.get, shown):
        rows = [row | {"value": value} for row, value in zip(rows, _cut(rows), strict=True)]
    numbers = {column.name for column in sheet.columns if column.kind in NUMBERS}
    percent = people and "share" in names
    return Part(
        heading,
        names=[_CALLED.get(name, name) for name in shown],
        rows=[
            [_percent(row[name]) if percent and name in _SHARES else row[name] for name in shown]
            for row in rows
        ],
        numbers=frozenset(_CALLED.get(name, name) for name in shown if name in numbers),
    )


def _missed(rows: Sequence[Row], sheet: Sheet, *, people: bool) -> Part:
    """List who was called safe and left; at a terminal the first of them."""
    shown = rows[:MISSES_SHOWN] if people else rows
    rest = len(rows) - len(shown)
    part = _table(f"{rows[0]['band']}, and left: {len(rows)}", shown, _MISSES, sheet, people=people)
    after = f"... and {rest} more (-f csv lists all)" if rest else ""
    return Part(part.heading, (), part.names, part.rows, after, part.numbers)


def _warned(row: Row) -> list[str]:
    """Say of how many leavers the score warned, and how long before they left."""
    if not row["value"]:
        return [row["note"]]
    days = f"median {row['value']} days, half of them {row['low']} to {row['high']}"
    return [row["note"].partition(";")[0], f"lead time until they left: {days}"]


def _with_interval(name: str, row: Row, *, people: bool) -> str:
    """Write a figure with its interval."""
    cells = [row[name], row["low"], row["high"]]
    if people and name in _SHARES:
        cells = list(map(_percent, cells))
    return f"{cells[0]} (95 % interval {cells[1]} to {cells[2]})"


def _cut(rows: Sequence[Row]) -> list[str]:
    """Cut scores as `scores` does: 69.96 is no 70."""
    return cut([row["value"] for row in rows], 1)


def _percent(share: str) -> str:
    if not share:
        return ""
    return f"{(Decimal(share) * 100).quantize(_TENTH, ROUND_HALF_UP)}%"


def _strips(part: Part) -> list[Strip]:
    """Make the columns of a table to draw."""
    cells = {name: [row[at] for row in part.rows] for at, name in enumerate(part.names)}
    return [
        Strip(
            name,
            column,
            least=_LEAST_NAME if name in {"name", "note"} else max(map(len, (name, *column))),
            right=name in part.numbers,
            wraps=name == "note",
            styles=band_styles(column) if name == "band" else {},
        )
        for name, column in cells.items()
    ]
