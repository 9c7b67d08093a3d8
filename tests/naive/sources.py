"""Sources: files of dated rows about accounts, as they are seen on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from naive import cells

ID = "account_id"


@dataclass(frozen=True)
class Sheet:
    """A file of a source: its header, and its rows in the order of their lines."""

    columns: list[str]
    rows: list[dict[str, str]]


@dataclass(frozen=True)
class Line:
    """One row with a day that can be read, and the account that it is about."""

    on: date
    account: str
    cells: dict[str, str]


class Source:
    """The rows of one source up to a day, by date, then line."""

    def __init__(self, about: Mapping[str, Any], files: Mapping[str, Sheet], as_of: date) -> None:
        """Read every row; one without a day that can be read is left out."""
        self._about = about
        self._ids = self._lookup(files)
        read = [self._line(row) for row in files[about["file"]].rows]
        self.as_of = as_of
        self.lines = sorted(
            (line for line in read if line and line.on <= as_of), key=lambda line: line.on
        )

    def of(self, account: str) -> list[Line]:
        """Give an account's rows."""
        return [line for line in self.lines if line.account == account]

    def is_older(self, days: int) -> bool:
        """Tell whether the last row, of whomever, is older than so many days."""
        return bool(self.lines) and (self.as_of - self.lines[-1].on).days > days

    def _lookup(self, files: Mapping[str, Sheet]) -> dict[str, str] | None:
        """Read which account each key of another file means."""
        via = self._about.get("via")
        if via is None:
            return None
        return {row[via["on"]].strip(): row[ID].strip() for row in files[via["file"]].rows}

    def _line(self, row: Mapping[str, str]) -> Line | None:
        read = {name: cell.strip() for name, cell in row.items()}
        for name, header in self._about.get("columns", {}).items():
            read[name] = read[header]
        on = moment(read[self._about["date"]])
        if on is None:
            return None
        if self._ids is None:
            return Line(on, read[ID], read)
        return Line(on, self._ids.get(read[self._about["via"]["on"]], ""), read)


def moment(text: str) -> date | None:
    """Read a date cell that may have a time: what counts is the date as it is written."""
    return cells.day(text.replace("T", " ").partition(" ")[0])


def length(text: str) -> int:
    """Read how many days a window has: ``28d``."""
    return int(text.removesuffix("d"))


def window(lines: Iterable[Line], last: date, days: int | None) -> list[Line]:
    """Take the rows of so many days, the last of which is given; of no number, all rows till it."""
    first = date.min if days is None else last - timedelta(days=days - 1)
    return [line for line in lines if first <= line.on <= last]
