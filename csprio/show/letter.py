"""The text of a mail: a person's list in plain lines, and the same in a little HTML.

Comes in: the headings of a list with their rows. Goes out: text, and HTML that asks for nothing:
no picture, no link, no style but its own. Of a backlog the first are shown and the rest counted.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from csprio.show.days import BACKLOG
from csprio.show.priority import BACKLOG_SHOWN
from csprio.show.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.show.days import Row

    Days = Sequence[tuple[str, list[Row]]]

_NOTHING = "Nothing to do."
_CELL = "padding:4px 12px 4px 0;border-bottom:1px solid #ddd;text-align:left;vertical-align:top"
_SMALL = "font-size:12px;color:#555"
_PAGE = "font:15px/1.4 system-ui,sans-serif;color:#222;background:#fff;margin:16px"


def as_text(title: str, days: Days) -> str:
    """Write a list as plain text: a heading a day, a task with a few lines below it."""
    blocks = [visible(title)]
    for heading, rows, rest in _shown(days):
        lines = [heading]
        for row in rows:
            head, *further = _said(row, heading)
            lines += [f"- {head}", *(f"  {line}" for line in further)]
        blocks.append("\n".join([*lines, *([rest] if rest else [])]))
    return "\n\n".join(blocks if days else [*blocks, _NOTHING]) + "\n"


def as_html(title: str, days: Days) -> str:
    """Write the same as HTML, in which no cell is obeyed."""
    body = [f'<h1 style="font-size:18px">{_safe(visible(title))}</h1>']
    for heading, rows, rest in _shown(days):
        body.append(f'<h2 style="font-size:15px;margin:20px 0 4px">{_safe(heading)}</h2>')
        body.append('<table role="presentation" style="border-collapse:collapse">')
        for row in rows:
            head, *further = map(_safe, _said(row, heading))
            small = "".join(f'<br><span style="{_SMALL}">{line}</span>' for line in further)
            body.append(f'<tr><td style="{_CELL}">{head}{small}</td></tr>')
        body.append("</table>")
        body += [f'<p style="{_SMALL}">{rest}</p>'] if rest else []
    body += [] if days else [f"<p>{_NOTHING}</p>"]
    lines = "\n".join(body)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{_safe(visible(title))}</title></head>\n"
        f'<body style="{_PAGE}">\n{lines}\n</body></html>\n'
    )


def _shown(days: Days) -> list[tuple[str, list[Row], str]]:
    """Give each heading with the rows to be shown, and a count of those that are not."""
    shown = []
    for heading, rows in days:
        few = rows[:BACKLOG_SHOWN] if heading == BACKLOG else rows
        rest = len(rows) - len(few)
        more = f"... and {rest} more in the backlog." if rest else ""
        shown.append((f"{heading} ({len(rows)})" if heading == BACKLOG else heading, few, more))
    return shown


def _said(row: Row, heading: str) -> list[str]:
    """Say of a task what it is, for whom, how, why, and what it is called."""
    cell = {name: visible(text or "") for name, text in row.items()}
    days = cell["days_overdue"]
    late = f"{cell['due']}, {days} day{'s'[: days != '1']} overdue" if days else ""
    undated = "" if days or cell["due"] else "no day"
    back = cell["due"] if heading.startswith(BACKLOG) and not late else ""
    minutes = cell["effort_minutes"]
    how = [
        late or back or undated,
        cell["tier"] and f"tier {cell['tier']}",
        cell["grade"],
        cell["channel"],
        minutes and f"{minutes} minute{'s'[: minutes != '1']}",
        cell["with"] and f"with {cell['with']}",
    ]
    name = cell["name"] or cell["account_id"]
    lines = [f"{cell['title']}: {name}", ", ".join(filter(None, how))]
    lines += [cell["objective"], cell["task_id"]]
    return list(filter(None, lines))


def _safe(text: str) -> str:
    return escape(text, quote=True)
