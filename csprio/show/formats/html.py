"""HTML for everybody: one file that asks for nothing, made of the templates in `show/page`.

`report` shows the whole book; over 3,000 accounts it is an index with a page a person beside it,
where there is a file to be beside of. A calendar has a timeline an account, a worklist the week of
each person by day, and any other answer is a table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from csprio import __version__
from csprio.show.book import NOBODY, Book, person_book, whole_book
from csprio.show.cells import texts
from csprio.show.days import BACKLOG, OVERDUE, by_day
from csprio.show.formats import Written
from csprio.show.listing import Head, Listing, counted, listing
from csprio.show.names import safe_names
from csprio.show.priority import BACKLOG_SHOWN, drawn, owners, prioritized
from csprio.show.template import Pages
from csprio.show.timeline import Event, Timeline, timeline

if TYPE_CHECKING:
    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

MOST_ACCOUNTS = 3000  # of a book on one page
_ENDS_PAGE = ".html"
_TASKS = (
    "due", "title", "role", "owner", "with", "channel", "effort_minutes", "objective", "status",
)  # fmt: skip
_LIST = (
    "rank", "due", "name", "title", "part", "with", "channel", "effort_minutes", "tier", "grade",
    "arr", "objective",
)  # fmt: skip
_TITLES = {
    "grade": "The accounts and their grades", "tiers": "The book by tier and grade",
    "scores": "The scores", "backtest": "Did the scores tell?", "explain": "Why it is so",
    "check": "What is wrong, and what to do about it",
}  # fmt: skip


class Plan(NamedTuple):
    """What happens with one account: its name and id, its tier and grade, drawn and as a table."""

    name: str
    account_id: str
    tier: str
    grade: str
    timeline: Timeline | None
    tasks: Listing


class Day(NamedTuple):
    """Rows of a week under a heading; `late` ones are overdue, `more` are not shown."""

    heading: str
    rows: tuple[tuple[str, ...], ...]
    late: bool
    more: int


class Week(NamedTuple):
    """What a person is to do: whose it is, how much, its columns, and its days."""

    name: str
    facts: str
    heads: tuple[Head, ...]
    days: tuple[Day, ...]


def write(
    sheet: Sheet, sink: Sink, _look: Look, *, template: str | None = None, name: str = ""
) -> Written | None:
    """Write a page; of a long book the index, and the pages of its people beside it."""
    pages = Pages(template)
    given: dict[str, Any] = {
        "as_of": sheet.as_of,
        "command": sheet.command,
        "csprio": __version__,
        "inputs": tuple(path for path, _ in sheet.inputs),
    }
    if sheet.report is not None:
        return _book(sheet, sink, pages, given, name)
    page, found = _page(sheet.gathered())
    sink.write(pages.page(page, given | found))
    return None


def _page(sheet: Sheet) -> tuple[str, dict[str, Any]]:
    """Name the template of an answer, and give what it shows."""
    if sheet.command == "calendar":
        return "calendar", {"title": "Calendar", "plans": _plans(sheet)}
    if sheet.command == "worklist":
        return "worklist", {"title": "Worklist", "weeks": _weeks(sheet)}
    title = _TITLES.get(sheet.command, sheet.command)
    shown = listing(prioritized(sheet), title, drawn(sheet))
    return "table", {"title": title, "table": shown}


def _book(
    sheet: Sheet, sink: Sink, pages: Pages, given: dict[str, Any], name: str
) -> Written | None:
    """Write the whole book; `name` is what its file is called, "" where there is none."""
    assert sheet.report is not None  # noqa: S101 - the caller has looked
    report = sheet.report()
    book = whole_book(report)
    given |= {"title": "The book", "home": ""}
    if not name or sheet.table.num_rows <= MOST_ACCOUNTS:
        sink.write(pages.page("report", given | {"book": book, "index": False}))
        return None
    bare = name.rpartition(".")[0] or name
    people = [each.name for each in book.people]
    suffixes = [f"-{each}{_ENDS_PAGE}" for each in safe_names(people, NOBODY)]
    beside = []
    for person, suffix in zip(people, suffixes, strict=True):
        own = person_book(report, book, person)
        given_it = given | {"book": own, "index": False, "title": own.whose, "home": _linked(name)}
        beside.append((suffix, pages.page("report", given_it)))
    linked = tuple(
        replace(each, link=_linked(bare + suffix))
        for each, suffix in zip(book.people, suffixes, strict=True)
    )
    index = replace(book, people=linked)
    sink.write(pages.page("report", given | {"book": _shortened(index), "index": True}))
    said = f"an index; a page for each of {counted(len(people), 'name')} stands beside it"
    return Written(beside=tuple(beside), said=(said,))


def _shortened(book: Book) -> Book:
    """Leave out of an index what stands on the pages of its people."""
    return replace(book, accounts=replace(book.accounts, rows=()))


def _linked(name: str) -> str:
    """Write a file's name as an address relative to where it stands."""
    plain = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
    raw = name.encode(errors="surrogateescape")
    return "./" + "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in raw)


def _plans(sheet: Sheet) -> tuple[Plan, ...]:
    """Draw each account, in the order of the file."""
    rows: dict[str, list[int]] = {}
    for row, account in enumerate(sheet.table.column("account_id").to_pylist()):
        rows.setdefault(account, []).append(row)
    return tuple(_plan(prioritized(sheet.rows(_indices(mine)))) for mine in rows.values())


def _plan(sheet: Sheet) -> Plan:
    columns = {
        column: texts(sheet.table.column(column)).to_pylist()
        for column in ("account_id", "name", "tier", "grade", "due", "role", "title", "status")
    }
    first = {column: cells[0] or "" for column, cells in columns.items()}
    said = (columns[column] for column in ("due", "role", "title", "status"))
    events = [Event(*(cell or "" for cell in row)) for row in zip(*said, strict=True)]
    asked = [column.name for column in sheet.columns[_after(sheet, "task_id") :]]
    tasks = counted(len(events), "activity", "activities")
    caption = f"{first['name']} ({first['account_id']}): {tasks}"
    return Plan(
        first["name"],
        first["account_id"],
        first["tier"],
        first["grade"],
        timeline(events, sheet.as_of),
        listing(sheet, caption, [*_TASKS, *asked]),
    )


def _after(sheet: Sheet, last: str) -> int:
    """Count the columns that an answer always has, of which this is the last."""
    return [column.name for column in sheet.columns].index(last) + 1


def _weeks(sheet: Sheet) -> tuple[Week, ...]:
    """Give each person's week: what is overdue, day after day, the first of the backlog."""
    return tuple(_week(owner, mine) for owner, mine in owners(sheet))


def _week(owner: str, mine: Sheet) -> Week:
    """Show one person's list, without columns that nothing stands in."""
    found = by_day(mine)
    asked = [column.name for column in mine.columns[_after(mine, "comment") :]]
    names = [
        name for name in (*_LIST, *asked) if any(row[name] for _, rows in found for row in rows)
    ]
    shown, days, start = listing(mine, "", names), [], 0
    counts = dict.fromkeys(("overdue", "due", "in the backlog"), 0)
    for heading, rows in found:
        most = BACKLOG_SHOWN if heading == BACKLOG else len(rows)
        part = shown.rows[start : start + min(most, len(rows))]
        title = f"{heading}: {counted(len(rows), 'task')}"
        days.append(Day(title, part, heading == OVERDUE, len(rows) - len(part)))
        start += len(rows)
        counts[{OVERDUE: "overdue", BACKLOG: "in the backlog"}.get(heading, "due")] += len(rows)
    said = ", ".join(f"{number:,} {what}" for what, number in counts.items() if number)
    return Week(owner, said, shown.heads, tuple(days))


def _indices(rows: list[int]) -> Any:  # noqa: ANN401 - an Arrow array
    import pyarrow as pa

    return pa.array(rows, pa.int64())
