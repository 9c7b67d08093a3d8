"""Markdown for Slack, Teams, notes and pull requests: tables in which no cell is obeyed.

A worklist is written by person and day, with the first of its backlog and a count of the rest, an
explanation as a table a heading, scores with a line an account; any other answer is one table, with
every row and column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from csprio.show.backtest import parts
from csprio.show.cells import NUMBERS, texts
from csprio.show.days import BACKLOG, OVERDUE, SAID_ELSEWHERE, by_day
from csprio.show.priority import BACKLOG_SHOWN, drawn, owners
from csprio.show.scorecard import BESIDE, by_account, score_words
from csprio.show.steps import rows_of, sections, short_task
from csprio.show.text import visible
from csprio.tables import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

# What Markdown (of any flavour in use) gives a meaning within a line. Angle brackets are written
# as Slack wants them too; an underscore within a word and a lone ampersand mean nothing.
_OBEYED = re.compile(
    r"[\\`|*\[\]~#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?=#|[A-Za-z0-9]+;)")
# A name that is called (@here, @jane): nobody is, with an invisible character after the @.
_CALL = re.compile(r"(?<![A-Za-z0-9])@(?=\S)")
_UNSEEN = "\u200b"
_LINES = re.compile(r"\s*[\r\n\u2028\u2029]\s*")
_EXPLAINED = ("what", "value", "why", "place")


def write(sheet: Sheet, sink: Sink, _look: Look) -> None:
    """Write a worklist by person and day, `explain` by headings, anything else as one table."""
    if sheet.command in _BY_HEADING:
        sink.write(_BY_HEADING[sheet.command](sheet).encode())
        return
    if sheet.scores:
        sink.write(_scores(sheet).encode())
        return
    columns = [column for column in sheet.columns if column.name in drawn(sheet)]
    sink.write(_head(columns).encode())
    for part in sheet.parts():
        cells = [texts(part.column(column.name)).to_pylist() for column in columns]
        sink.write("".join(_row(row) for row in zip(*cells, strict=True)).encode())


def escaped(text: str | None) -> str:
    """Write a text so that Markdown shows it and does nothing with it; newlines become blanks."""
    plain = visible(_LINES.sub(" ", text or "").strip())
    plain = _ENTITY.sub("&amp;", _OBEYED.sub(r"\\\g<0>", plain))
    return _CALL.sub(f"@{_UNSEEN}", plain.replace("<", "&lt;").replace(">", "&gt;"))


def _worklist(sheet: Sheet) -> str:
    """Write a list a person: a heading a day, and a table under it."""
    lists = []
    for owner, mine in owners(sheet):
        blocks = [f"## {escaped(owner) or 'nobody'}\n"]
        blocks += [_day(mine, heading, rows) for heading, rows in by_day(mine)]
        lists.append("\n".join(blocks))
    return "\n".join(lists) if lists else "Nothing to do.\n"


def _explained(sheet: Sheet) -> str:
    """Write the steps of an explanation, a table under each heading."""
    blocks = []
    for heading, rows in sections(rows_of(sheet)):
        body = "".join(_row([row[name] for name in _EXPLAINED]) for row in map(short_task, rows))
        blocks.append(f"## {heading}\n\n{_rule(_EXPLAINED)}{body}")
    return "\n".join(blocks)


def _backtested(sheet: Sheet) -> str:
    """Write the parts of a backtest: what is said under each heading, and its table."""
    blocks = []
    for part in parts(sheet, people=False):
        block = [f"## {escaped(part.heading)}\n\n"]
        block += [f"{escaped(line)}\n\n" for line in part.said if line]
        if part.names:
            block += [_rule(part.names), *map(_row, part.rows), "\n"]
        blocks.append("".join(block))
    return "".join(blocks).rstrip("\n") + "\n"


def _scores(sheet: Sheet) -> str:
    """Write an account a line, worst first, with the scores beside each other."""
    accounts = by_account(sheet)
    own, table = accounts.own.columns, accounts.own.table
    scores = [Column(name, Kind.TEXT, "") for name in accounts.scores]
    cells = [texts(table.column(column.name)).to_pylist() for column in own]
    cells[BESIDE:BESIDE] = [score_words(part) for part in accounts.scores.values()]
    head = _head([*own[:BESIDE], *scores, *own[BESIDE:]])
    return head + "".join(_row(row) for row in zip(*cells, strict=True))


_BY_HEADING = {"worklist": _worklist, "explain": _explained, "backtest": _backtested}


def _day(mine: Sheet, heading: str, rows: list[dict[str, str | None]]) -> str:
    """Write the tasks of one heading, without columns that nothing stands in."""
    wanted = {name for name in drawn(mine) if any(row[name] for row in rows)} - SAID_ELSEWHERE
    if heading not in (OVERDUE, BACKLOG):
        wanted.discard("due")
    columns = [column for column in mine.columns if column.name in wanted]
    shown = rows[:BACKLOG_SHOWN] if heading == BACKLOG else rows
    title = f"{heading} ({len(rows)})" if heading == BACKLOG else heading
    body = "".join(_row([row[column.name] for column in columns]) for row in shown)
    rest = len(rows) - len(shown)
    tail = f"\n... and {rest} more in the backlog.\n" if rest else ""
    return f"### {title}\n\n{_head(columns)}{body}{tail}"


def _rule(names: Sequence[str]) -> str:
    return f"{_row(names)}| {' | '.join('---' for _ in names)} |\n"


def _head(columns: Sequence[Column]) -> str:
    rules = ("---:" if column.kind in NUMBERS else "---" for column in columns)
    return f"{_row([column.name for column in columns])}| {' | '.join(rules)} |\n"


def _row(cells: Iterable[str | None]) -> str:
    return f"| {' | '.join(map(escaped, cells))} |\n"
