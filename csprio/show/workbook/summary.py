"""The sheet Summary: the grid as a heat map, the tiers with a chart, hours a person.

Comes in: a `Report`. Goes out: one sheet that fits a page. The numbers are numbers, so that they
can be used further.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from csprio.codes import Severity
from csprio.show.listing import counted
from csprio.show.workbook.book import DAY, SUMMARY, money_format
from csprio.show.workbook.sheet_names import NOBODY
from csprio.show.workbook.values import day_number, exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from csprio.show.workbook.book import Book
    from csprio.show.workbook.values import Value
    from csprio.tables import GridPicture, Report, Sheet

_HEAT = ("#FFFFFF", "#E3EEF9", "#B9D5EF", "#86B4DF", "#4A8AC6")
_DARK = 4  # the shade on which text is white
_FIRST_WIDTH, _WIDTH = 24, 14
_MINUTES = 60
_COUNT_HEIGHT, _HEAD_HEIGHT = 22, 30
_TIERS = ("tier", "accounts", "share", "potential", "arr", "renewing in 90 days")
_PEOPLE = ("person", "due: tasks", "hours", "overdue: tasks", "hours", "undated: tasks")
_CHART_GAP = 1  # columns between the tables and the chart


def add_summary(book: Book, report: Report) -> None:
    """Add the sheet."""
    sheet = book.sheet(SUMMARY)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _FIRST_WIDTH)
    picture = report.tiers.picture
    levels = len(picture.levels) if picture else 0
    columns = max(levels + 1, len(_TIERS))
    sheet.set_column(1, columns - 1, _WIDTH)
    sheet.write_string(0, 0, "The book", book.look(bold=True, font_size=16))
    sheet.write_string(1, 0, "as of", book.look(font_color="#555555"))
    look = book.look(num_format=DAY, align="left", font_color="#555555")
    sheet.write_number(1, 1, day_number(book.as_of), look)
    row = _grid(book, sheet, 3, picture) if picture else 3
    row = _tiers(book, sheet, row, report.tiers, columns + _CHART_GAP)
    row = _hours(book, sheet, row, report.worklist)
    counts = Counter(each.severity for each in report.problems)
    words = (counted(counts[each], each.value) for each in Severity if counts[each])
    said = f"{', '.join(words)}: see the sheet Notes" if counts else "no problems found"
    sheet.write_string(row, 0, said)


def _title(book: Book, sheet: Worksheet, row: int, text: str, names: Sequence[str]) -> int:
    """Write what a table is, and its header; give the row below."""
    sheet.write_string(row, 0, text, book.look(bold=True, font_size=13))
    head = book.look(bold=True, bottom=1, align="right", text_wrap=True, valign="bottom")
    first = book.look(bold=True, bottom=1, valign="bottom")
    for at, name in enumerate(names):
        sheet.write_string(row + 1, at, book.texts.text(name, "a header"), head if at else first)
    sheet.set_row(row + 1, _HEAD_HEIGHT)
    return row + 2


def _grid(book: Book, sheet: Worksheet, row: int, picture: GridPicture) -> int:
    """Draw the grid: in each cell how many accounts, below it the tier that it gives."""
    names = ["", *(f"likelihood {each}" for each in picture.levels)]
    title = "Accounts by size and likelihood, and the tier that the grid gives"
    row = _title(book, sheet, row, title, names)
    most = max((count for counts in picture.counts for count in counts), default=0)
    for size, counts, tiers in zip(picture.sizes, picture.counts, picture.tiers, strict=True):
        name = book.texts.text(f"size {size}", "size")
        sheet.write_string(row, 0, name, book.look(bold=True, valign="vcenter"))
        for at, (count, tier) in enumerate(zip(counts, tiers, strict=True), 1):
            heat = -(-_DARK * count // most) if most else 0
            ink = "#FFFFFF" if heat == _DARK else "#000000"
            shade = {"bg_color": _HEAT[heat], "font_color": ink, "align": "center",
                     "left": 1, "right": 1, "border_color": "#BFBFBF"}  # fmt: skip
            number = book.look(**shade, top=1, font_size=14, bold=True, num_format="#,##0")
            sheet.write_number(row, at, count, number)
            words = book.texts.text(f"tier {tier}", "tier")
            small = book.look(**shade, bottom=1, font_size=9, valign="top")
            sheet.write_string(row + 1, at, words, small)
        sheet.set_row(row, _COUNT_HEIGHT)
        row += 2
    if picture.ungraded:
        sheet.write_string(row, 0, "ungraded")
        sheet.write_number(row, 1, picture.ungraded, book.look(num_format="#,##0", align="center"))
        row += 1
    return row + 1


def _tiers(book: Book, sheet: Worksheet, row: int, tiers: Sheet, beside: int) -> int:
    """Write a row a tier, and draw a bar for each."""
    found = _by_tier(tiers)
    first = row = _title(book, sheet, row, "Tiers", _TIERS)
    money = [book.look(num_format=money_format(line[at] for line in found)) for at in (3, 4)]
    count, share = book.look(num_format="#,##0"), book.look(num_format="0.0%")
    looks = (None, count, share, *money, count)
    for line in found:
        for at, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(row, at, book.texts.text(value, "tier"))
            elif value is not None:
                sheet.write_number(row, at, value, looks[at])
        row += 1
    if found:
        chart: Any = book.chart("bar")
        chart.add_series({
            "name": "accounts",
            "categories": [SUMMARY, first, 0, row - 1, 0],
            "values": [SUMMARY, first, 1, row - 1, 1],
            "fill": {"color": _HEAT[_DARK]}, "data_labels": {"value": True}, "gap": 60,
        })  # fmt: skip
        chart.set_title({"name": "Accounts by tier", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 420, "height": 260})
        sheet.insert_chart(3, beside, chart, {"description": "how many accounts each tier has"})
    return row + 1


def _by_tier(tiers: Sheet) -> list[list[Value]]:
    """Add the grades of each tier up, in the order of the answer."""
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    names = ("accounts", "accounts_share", "potential", "arr", "renewing_90d")
    for line in tiers.whole().to_pylist():
        total = sums.setdefault((line["tier"] or "", line["tier_name"] or ""), {})
        for name in names:
            if line[name] is not None:
                total[name] = total.get(name, 0) + line[name]
    return [
        [" ".join(filter(None, key)) or "no tier", *(_plain(total.get(name)) for name in names)]
        for key, total in sums.items()
    ]


def _plain(value: Decimal | int | None) -> Value:
    return exact(value) if isinstance(value, Decimal) else value


def _hours(book: Book, sheet: Worksheet, row: int, worklist: Sheet) -> int:
    """Write a row a person: how much of the week is spoken for."""
    found = _by_person(worklist)
    row = _title(book, sheet, row, "Hours a person, this week, taking part included", _PEOPLE)
    looks = [book.look(num_format=each) for each in ("#,##0", "#,##0.0", "#,##0", "#,##0.0",
                                                     "#,##0")]  # fmt: skip
    for name, numbers in found:
        sheet.write_string(row, 0, book.texts.text(name, "person"))
        for at, (number, look) in enumerate(zip(numbers, looks, strict=True), 1):
            sheet.write_number(row, at, number, look)
        row += 1
    return row + 1


def _by_person(worklist: Sheet) -> list[tuple[str, tuple[float, ...]]]:
    """Count tasks and minutes of each person; those who take part are there as long."""
    table = worklist.whole()
    owners = table["owner"].cast(pa.string()).fill_null("").to_pylist()
    states = table["status"].cast(pa.string()).to_pylist()
    minutes = table["effort_minutes"].fill_null(0).to_pylist()
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for owner, state, took in zip(owners, states, minutes, strict=True):
        found[owner][state if state in {"overdue", "undated"} else "due"].append(took)
    rows: list[tuple[str, tuple[float, ...]]] = []
    for owner in sorted(found, key=lambda name: (not name, name.casefold(), name)):
        due, late, undated = (found[owner][each] for each in ("due", "overdue", "undated"))
        hours = [round(sum(each) / _MINUTES, 2) for each in (due, late)]
        rows.append((owner or NOBODY, (len(due), hours[0], len(late), hours[1], len(undated))))
    return rows
