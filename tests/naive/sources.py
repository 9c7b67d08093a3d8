"""Sources: files of dated rows about accounts, as they are seen on a day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from naive import cells
from naive.conditions import reads

ID = "account_id"
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
GUARDED = re.compile(r"'+[=+\-@\t\r].*", re.DOTALL)
CLOCK = re.compile(r"([Tt]|,? +)[0-9]{1,2}:[0-9]{2}.*$")
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
NAMED = [
    re.compile(r"(?P<day>[0-9]{1,2}) (?P<name>[A-Za-z]{3}) (?P<year>[0-9]{4})"),
    re.compile(r"(?P<name>[A-Za-z]{3}) (?P<day>[0-9]{1,2}), (?P<year>[0-9]{4})"),
]
OPEN = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")


@dataclass(frozen=True)
class Sheet:
    """A file of a source: its header, its rows in the order of their lines, how it is written."""

    columns: list[str]
    rows: list[dict[str, str]]
    delimiter: str = ","
    newline: str = "\n"
    mark: str = ""  # of the byte order, before the header


@dataclass(frozen=True)
class Line:
    """One row with a day that can be read, and the account that it is about.

    Its ``cells`` are trimmed. ``seen`` has numbers and days written plainly in the columns that
    conditions read as such: what they see, and what is told apart as different things.
    """

    on: date
    account: str
    cells: dict[str, str]
    seen: dict[str, str]


class Source:
    """The rows of one source up to a day, by date, then line."""

    def __init__(
        self,
        about: Mapping[str, Any],
        files: Mapping[str, Sheet],
        as_of: date,
        *,
        whens: Iterable[Mapping[str, Any] | None] = (),
        config: Mapping[str, Any] | None = None,
    ) -> None:
        """Read every row; one without a day that can be read is left out.

        ``whens`` are all conditions on the rows: they say what a column is read as.
        """
        self._about = about
        self._missing = set((config or {}).get("missing", []))
        self._kinds = reads(whens)
        self._sheet = files[about["file"]]
        self._headers: dict[str, str] = {}
        self._ids = self._lookup(files)
        self.as_of = as_of
        rows = [self._cells(row) for row in self._sheet.rows]
        days = [about["date"], *(name for name, kind in self._kinds.items() if kind == "day")]
        self._order = (
            about.get("dates") or (config or {}).get("dates") or order(rows, [*map(self._at, days)])
        )
        read = [self._line(row) for row in rows]
        self.lines = sorted((line for line in read if line), key=lambda line: line.on)
        self._of: dict[str, list[Line]] = {}
        for line in self.lines:
            self._of.setdefault(line.account, []).append(line)

    def of(self, account: str) -> list[Line]:
        """Give an account's rows."""
        return self._of.get(account, [])

    def is_older(self, days: int) -> bool:
        """Tell whether the last row, of whomever, is older than so many days."""
        return bool(self.lines) and (self.as_of - self.lines[-1].on).days > days

    def _at(self, name: str) -> str:
        """Find the header that a name means."""
        if name not in self._headers:
            header = self._about.get("columns", {}).get(name, name)
            alike = (one for one in self._sheet.columns if same(one) == same(header))
            self._headers[name] = next(alike, header)
        return self._headers[name]

    def _cells(self, row: Mapping[str, str]) -> dict[str, str]:
        return {name: self._cell(text) for name, text in row.items()}

    def _cell(self, text: str) -> str:
        """Trim a cell, take off what guards it in a spreadsheet, and know what says nothing."""
        text = text.strip()
        text = text[1:].strip() if GUARDED.fullmatch(text) else text
        return "" if text in self._missing else text

    def _lookup(self, files: Mapping[str, Sheet]) -> dict[str, str] | None:
        """Read which account each key of another file means."""
        via = self._about.get("via")
        if via is None:
            return None
        rows = [self._cells(row) for row in files[via["file"]].rows]
        return {row[via["on"]]: row[ID] for row in rows}

    def _line(self, row: dict[str, str]) -> Line | None:
        on = moment(row[self._at(self._about["date"])], self._order)
        if on is None or on > self.as_of:
            return None
        account = row[self._at(self._about["via"]["on"])] if self._ids is not None else ""
        account = row[self._at(ID)] if self._ids is None else self._ids.get(account, "")
        named = {same(name): text for name, text in row.items()}
        named |= {same(name): row[self._at(name)] for name in self._about.get("columns", {})}
        seen = {name: self._read(row[self._at(name)], kind) for name, kind in self._kinds.items()}
        return Line(on, account, Named(named), Named(named | {same(k): v for k, v in seen.items()}))

    def _read(self, text: str, kind: str) -> str:
        """Write a cell plainly as what its column is read as; unreadable it is missing."""
        if kind == "number":
            exact = cells.number(text)
            return "" if exact is None else cells.decimal(exact)
        return str(moment(text, self._order) or "") if kind == "day" else text


class Named(dict[str, str]):
    """Cells by the names of their columns, however these are spelled."""

    def __getitem__(self, name: str) -> str:
        """Give a cell."""
        return super().__getitem__(same(name))

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        """Give a cell, or what stands for one that is not there."""
        return super().get(same(name), default)


@cache
def same(name: str) -> str:
    """Write a header as all its spellings are alike."""
    return re.sub(r"[\s_.-]", "", name).casefold()


def order(rows: Iterable[Mapping[str, str]], columns: list[str]) -> str:
    """Settle by the cells of a file whether day or month comes first; either, if nothing tells."""
    for row in rows:
        for column in columns:
            found = OPEN.fullmatch(CLOCK.sub("", row[column]))
            if found and _day(found[4], found[3], found[1]) is None:
                if _day(found[4], found[1], found[3]) is not None:
                    return "mdy"
            elif found and _day(found[4], found[1], found[3]) is None:
                return "dmy"
    return "dmy"


def moment(text: str, order: str = "dmy") -> date | None:
    """Read a date cell that may have a time: what counts is the date as it is written."""
    text = CLOCK.sub("", text.strip())
    read = None
    if found := YEAR_FIRST.fullmatch(text):
        read = _day(found[1], found[3], found[4])
    elif found := NAMED[0].fullmatch(text) or NAMED[1].fullmatch(text):
        month = found["name"].lower()
        number = MONTHS.index(month) + 1 if month in MONTHS else 0
        read = _day(found["year"], str(number), found["day"])
    elif found := OPEN.fullmatch(text):
        month, day = (found[1], found[3]) if order == "mdy" else (found[3], found[1])
        read = _day(found[4], month, day)
    return read if read and cells.FIRST_YEAR <= read.year <= cells.LAST_YEAR else None


def _day(year: str, month: str, day: str) -> date | None:
    """Make a date; of two digits the years from 70 on are those of the last century."""
    turn, short = 70, 2
    full = int(year) + (0 if len(year) > short else 1900 if int(year) >= turn else 2000)
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return None


def length(text: str) -> int:
    """Read how many days a window has: ``28d``."""
    return int(text.removesuffix("d"))


def window(lines: Iterable[Line], last: date, days: int | None) -> list[Line]:
    """Take the rows of so many days, the last of which is given; of no number, all rows till it."""
    first = date.min if days is None else last - timedelta(days=days - 1)
    return [line for line in lines if first <= line.on <= last]
