"""The book as a page shows it: what stands at its head, the grid, the people, what is to be done.

Comes in: a `Report`. Goes out: a `Book` of plain texts and numbers for a template, of everybody or
of one person. Nothing here knows HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from csprio.codes import Severity
from csprio.show.figures import figures
from csprio.show.listing import Listing, counted, listing, said
from csprio.show.priority import prioritized
from csprio.show.timeline import Weeks, short_day, weeks
from csprio.show.totals import with_totals
from csprio.tables import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from csprio.problems import Problem
    from csprio.tables import Report, Sheet

WEEKS = 8
NOBODY = "nobody"
_LEVELS = 4  # of heat, above none
_BOOK = ("name", "account_id", "csm", "grade", "tier", "potential", "borderline", "basis", "note")
_TO_GRADE = ("name", "account_id", "csm", "potential", "note")
_TO_CALL = ("name", "account_id", "csm", "grade", "tier", "potential")
_TASKS = ("due", "name", "title", "tier", "with", "status")
_PROBLEM = ("place", "severity", "code", "message", "remedy")
_SHOWN_OF_A_CODE = 20
_ENDED = frozenset({"done", "skipped", "snoozed", "expired"})
_INACTIVE = "inactive by status"  # how the note of such an account begins
_MINUTES = 60


class Cell(NamedTuple):
    """A cell of the grid: its grade, tier and accounts, their money, and how hot it is (0 to 4)."""

    grade: str
    tier: str
    accounts: int
    potential: str
    arr: str
    heat: int


@dataclass(frozen=True)
class GridMap:
    """The grid: a row of cells for each size."""

    levels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    ungraded: int


class Load(NamedTuple):
    """What a person leads in a week: tasks, hours, and how much of the busiest week that is."""

    tasks: int
    hours: str
    heat: int


@dataclass(frozen=True)
class Person:
    """Somebody's coming weeks; `link` leads to where they are shown, `overdue` counts what is."""

    name: str
    link: str
    accounts: int
    overdue: int
    loads: tuple[Load, ...]
    weeks: Weeks
    tasks: Listing


@dataclass(frozen=True)
class Book:
    """All that a page of the book shows; `whose` is a person's page, and "" is everybody's."""

    whose: str
    facts: tuple[tuple[str, str], ...]
    grid: GridMap | None
    tiers: Listing | None
    accounts: Listing
    starts: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    people: tuple[Person, ...]
    to_grade: Listing
    to_call: Listing
    problems: Listing | None


def whole_book(report: Report) -> Book:
    """Show everybody's."""
    active = _active(report.grade)
    to_grade, to_call = _asked_for(active, report.grade)
    summed, bold = with_totals(report.tiers)
    return Book(
        whose="",
        facts=_facts(report, summed, to_grade, to_call),
        grid=_grid(report.tiers),
        tiers=listing(summed, "The book by tier and grade", bold=bold),
        accounts=accounts_of(report.grade),
        starts=_starts(report),
        kinds=_kinds(report),
        people=_people(report),
        to_grade=to_grade,
        to_call=to_call,
        problems=_problems(report.problems),
    )


def person_book(report: Report, book: Book, name: str) -> Book:
    """Show a person's own accounts and weeks, of the book of everybody."""
    mine = pc.equal(pc.fill_null(report.grade.table.column("csm"), ""), name)
    sheet = report.grade.rows(pc.indices_nonzero(mine))
    to_grade, to_call = _asked_for(_active(sheet), sheet)
    (person,) = (each for each in book.people if each.name == name)
    ahead = sum(load.tasks for load in person.loads)
    facts = (
        ("accounts", f"{sheet.table.num_rows:,}"),
        ("ungraded", f"{len(to_grade.rows):,}"),
        ("calls to make", f"{len(to_call.rows):,}"),
        ("overdue tasks", f"{person.overdue:,}"),
        (f"tasks in {WEEKS} weeks", f"{ahead:,}"),
    )
    return replace(
        book,
        whose=name or NOBODY,
        facts=facts,
        grid=None,
        tiers=None,
        accounts=accounts_of(sheet),
        people=(person,),
        to_grade=to_grade,
        to_call=to_call,
        problems=None,
    )


def accounts_of(sheet: Sheet) -> Listing:
    """List accounts, what matters first, with the columns that were asked for."""
    own = {column.name for column in sheet.columns[: _own(sheet)]}
    asked = [column.name for column in sheet.columns if column.name not in own]
    ranked = prioritized(replace(sheet, command="grade"))
    return listing(ranked, "The accounts", [*_BOOK, *asked])


def _own(sheet: Sheet) -> int:
    """Count the columns that `grade` always has."""
    return [column.name for column in sheet.columns].index("note") + 1


def _active(sheet: Sheet) -> Sheet:
    """Keep the accounts that take part."""
    note = pc.fill_null(sheet.table.column("note"), "")
    keep = pc.invert(pc.starts_with(note, _INACTIVE))
    return sheet.rows(pc.indices_nonzero(keep))


def _asked_for(active: Sheet, whole: Sheet) -> tuple[Listing, Listing]:
    """List the accounts without a grade, and those between two tiers, the largest first."""
    lists = []
    for caption, column, value, names in (
        ("Accounts without a grade", "basis", "ungraded", _TO_GRADE),
        ("Calls to make: between two tiers", "borderline", "call to make", _TO_CALL),
    ):
        found = pc.equal(pc.fill_null(active.table.column(column), ""), value)
        mine = active.rows(pc.indices_nonzero(found))
        keys = [("potential", "descending"), ("account_id", "ascending")]
        order = pc.sort_indices(mine.table.select([name for name, _ in keys]), keys)
        lists.append(listing(replace(mine.rows(order), orders=whole.orders), caption, names))
    return lists[0], lists[1]


def _facts(
    report: Report, summed: Sheet, to_grade: Listing, to_call: Listing
) -> tuple[tuple[str, str], ...]:
    """Give the numbers at the head of the page."""
    total = listing(summed, "", ("accounts", "potential", "arr", "renewing_90d")).rows[-1]
    overdue = _overdue(report.worklist)
    return (
        ("accounts", total[0]),
        ("potential", total[1]),
        ("arr", total[2]),
        ("renewing within 90 days", total[3]),
        ("ungraded", f"{len(to_grade.rows):,}"),
        ("calls to make", f"{len(to_call.rows):,}"),
        ("overdue tasks", f"{sum(overdue.values()):,}"),
    )


def _overdue(worklist: Sheet) -> dict[str, int]:
    """Count what is overdue of each person, who leads it."""
    table = worklist.table
    late = pc.and_(pc.equal(table.column("status"), "overdue"), pc.equal(table["part"], "lead"))
    counts = pc.value_counts(pc.fill_null(table.column("owner").filter(late), ""))
    return {each["values"]: each["counts"] for each in counts.to_pylist()}


def _grid(tiers: Sheet) -> GridMap | None:
    """Put counts and money of each grade into the grid."""
    picture = tiers.picture
    if picture is None:
        return None
    grades = iter(tiers.orders["grade"])
    money = {name: _sums(tiers, name) for name in ("potential", "arr")}
    most = max((count for row in picture.counts for count in row), default=0)
    rows = []
    for size, counts, keys in zip(picture.sizes, picture.counts, picture.tiers, strict=True):
        cells = []
        for count, tier in zip(counts, keys, strict=True):
            grade = next(grades)
            potential, arr = (money[name].get(grade, "0") for name in ("potential", "arr"))
            cells.append(Cell(grade, tier, count, potential, arr, _heat(count, most)))
        rows.append((size, tuple(cells)))
    return GridMap(picture.levels, tuple(rows), picture.ungraded)


def _sums(tiers: Sheet, name: str) -> dict[str, str]:
    """Sum a column of money by grade."""
    table = tiers.table
    total: dict[str, Decimal] = {}
    pairs = zip(table["grade"].to_pylist(), table[name].to_pylist(), strict=True)
    for grade, value in pairs:
        if grade:
            total[grade] = total.get(grade, Decimal(0)) + Decimal(value or 0)
    column = Column(name, Kind.MONEY, "")
    plain = [f"{value.normalize():f}" for value in total.values()]
    shown = figures("tiers", column, plain)
    return {grade: cell or "0" for grade, cell in zip(total, shown, strict=True)}


def _heat(value: int, most: int) -> int:
    return -(-_LEVELS * value // most) if most else 0


def _monday(report: Report) -> date:
    day = date.fromisoformat(report.grade.as_of)
    return day - timedelta(days=day.weekday())


def _starts(report: Report) -> tuple[str, ...]:
    monday = _monday(report)
    return tuple(short_day(monday + timedelta(days=7 * week)) for week in range(WEEKS))


def _kinds(report: Report) -> tuple[tuple[str, str], ...]:
    """Give the classes of tasks in a drawing, and what they are called."""
    tiers = report.grade.orders.get("tier", ())
    return (
        *((f"t{at}", f"tier {tier}") for at, tier in enumerate(tiers)),
        ("t9", "no tier, ended"),
    )


def _people(report: Report) -> tuple[Person, ...]:
    """Show the coming weeks of everybody who has accounts or something to do; `nobody` last."""
    table = report.ahead.table
    machine = pc.is_in(table.column("role"), pa.array(sorted(report.machines), pa.string()))
    unowned = pc.equal(pc.fill_null(table.column("owner"), ""), "")
    manual = report.ahead.rows(pc.indices_nonzero(pc.invert(pc.and_(machine, unowned))))
    owners = pc.fill_null(manual.table.column("owner"), "").to_pylist()
    rows: dict[str, list[int]] = {}
    for row, owner in enumerate(owners):
        rows.setdefault(owner, []).append(row)
    held = pc.value_counts(pc.fill_null(report.grade.table.column("csm"), "")).to_pylist()
    accounts = {each["values"]: each["counts"] for each in held}
    overdue = _overdue(report.worklist)
    names = sorted({*rows, *accounts, *overdue}, key=lambda name: (not name, name.casefold(), name))
    mine = [_tasks(manual.rows(pa.array(rows.get(name, []), pa.int64()))) for name in names]
    busiest = max((each[1] for tasks in mine for each in _minutes(tasks, report)), default=0)
    return tuple(
        _person(
            report, name, f"#p{at}", tasks, accounts.get(name, 0), overdue.get(name, 0), busiest
        )
        for at, (name, tasks) in enumerate(zip(names, mine, strict=True), start=1)
    )


def _tasks(sheet: Sheet) -> Sheet:
    """Sort a person's tasks by day."""
    return prioritized(sheet)


def _minutes(tasks: Sheet, report: Report) -> list[tuple[int, int]]:
    """Count tasks and minutes of each week, what has ended aside."""
    monday, found = _monday(report), [(0, 0)] * WEEKS
    for row in _dicts(tasks, ("due", "status", "effort_minutes")):
        if row["due"] and row["status"] not in _ENDED:
            week = (row["due"] - monday).days // 7
            tasks_so_far, minutes = found[week]
            found[week] = (tasks_so_far + 1, minutes + (row["effort_minutes"] or 0))
    return found


def _person(  # noqa: PLR0913, PLR0917 - what is known of a person
    report: Report, name: str, link: str, tasks: Sheet, accounts: int, overdue: int, busiest: int
) -> Person:
    loads = tuple(
        Load(count, f"{Decimal(minutes) / _MINUTES:.1f}", _heat(minutes, busiest))
        for count, minutes in _minutes(tasks, report)
    )
    places = {tier: f"t{at}" for at, tier in enumerate(report.grade.orders.get("tier", ()))}
    drawn = sorted(
        (row["due"].isoformat(), "t9" if row["status"] in _ENDED else places.get(row["tier"], "t9"))
        for row in _dicts(tasks, ("due", "status", "tier"))
        if row["due"]
    )
    picture = weeks(drawn, _monday(report), WEEKS, report.grade.as_of)
    caption = f"{name or NOBODY}: {counted(tasks.table.num_rows, 'task')} in {WEEKS} weeks"
    shown = listing(tasks, caption, _TASKS)
    return Person(name, link, accounts, overdue, loads, picture, shown)


def _dicts(sheet: Sheet, names: Sequence[str]) -> Iterable[dict[str, Any]]:
    rows: list[dict[str, Any]] = sheet.table.select(list(names)).to_pylist()
    return rows


def _problems(problems: Iterable[Problem]) -> Listing:
    """List what is wrong, the first of each code; notes are no problems, and stand last."""
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    found = sorted(problems, key=lambda each: (ranks[each.severity], each.order))
    codes: dict[str, int] = {}
    rows = []
    for each in found:
        codes[each.code] = codes.get(each.code, 0) + 1
        if codes[each.code] <= _SHOWN_OF_A_CODE:
            place = str(each.place)
            rows.append((place, each.severity.value, each.code, each.message, each.remedy))
    rest = len(found) - len(rows)
    more = f"... and {rest:,} more like these (`csprio check` lists all)" if rest else ""
    return replace(said("What is wrong, and what to do about it", _PROBLEM, rows), more=more)
