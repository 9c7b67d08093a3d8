"""Holidays: days of a small table."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from csprio.problems import Place
from csprio.read.holidays import read_holidays

if TYPE_CHECKING:
    from pathlib import Path

    from csprio.problems import Problem


def read(
    tmp_path: Path, content: str | bytes, order: str | None = None
) -> tuple[list[str], list[str]]:
    """Read a file; give the days and the problems, as text."""
    path = tmp_path / "h.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    problems: list[Problem] = []
    days = read_holidays(str(path), order, None, problems)
    said = [f"{one.place.line}:{one.place.column}: {one.code}" for one in problems]
    return [day.isoformat() for day, _ in days], said


@pytest.mark.parametrize(
    "content",
    [
        "date,name\n2026-12-25,Christmas Day\n2027-01-01,New Year\n",
        "\ufeffname;Date\r\nChristmas Day;2026-12-25\r\n;\r\nNew Year;2027-01-01",
        'date\n25 Dec 2026\n"Jan 1, 2027"\n',
        "date\n25/12/2026\n01/01/2027\n",
        "date\n12/25/2026\n01/01/2027\n",
        'name\tDATE\n"two\nlines"\t2026-12-25 00:00\nx\t2027-01-01\n',
        "date\n2026/12/25\n\n2027.01.01\n",
    ],
)
def test_days(tmp_path: Path, content: str) -> None:
    """Days are read from the column `date`, by the same grammar as those of accounts."""
    assert read(tmp_path, content) == (["2026-12-25", "2027-01-01"], [])


def test_bad_cells(tmp_path: Path) -> None:
    """A cell that is no date is named by line and column, and the others count."""
    content = 'name,date\n"a\nb",2026-12-25\nc,soon\nd,\ne,46000\nf,1900-01-01\ng\n'
    days, problems = read(tmp_path, content)
    assert days == ["2026-12-25"]
    assert problems == [
        "4:date: bad-date", "5:date: bad-date", "6:date: excel-date", "7:date: far-date",
        "8:date: bad-date",
    ]  # fmt: skip


def test_order(tmp_path: Path) -> None:
    """The order of day and month is said, or settled by the file, or refused."""
    open_ = "date\n03/04/2026\n"
    assert read(tmp_path, open_, "dmy") == (["2026-04-03"], [])
    assert read(tmp_path, open_, "mdy") == (["2026-03-04"], [])
    assert read(tmp_path, open_) == ([], ["2:date: ambiguous-dates"])
    assert read(tmp_path, open_ + "25/12/2026\n")[0] == ["2026-04-03", "2026-12-25"]
    assert read(tmp_path, open_ + "25/12/2026\n12/25/2026\n") == ([], ["4:date: mixed-dates"])
    assert read(tmp_path, "date\n04/04/2026\n") == (["2026-04-04"], [])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("day\n2026-12-25\n", "1:: holidays-table"),
        ("", "1:: holidays-table"),
        ("\n\nx,y\n1,2\n", "3:: holidays-table"),
        (b"date\n\xff\n", "2:: not-utf8"),
        (b"PK\x03\x04", "0:: spreadsheet"),
    ],
)
def test_no_table(tmp_path: Path, content: str | bytes, problem: str) -> None:
    """A file that is no table with a column `date` is one problem."""
    assert read(tmp_path, content) == ([], [problem])


def test_absent(tmp_path: Path) -> None:
    """A file that is not there is a problem."""
    problems: list[Problem] = []
    assert read_holidays(str(tmp_path / "none.csv"), None, None, problems) == []
    assert [one.code for one in problems] == ["missing-file"]


def test_type(tmp_path: Path) -> None:
    """What comes out are dates, each with its place."""
    path = tmp_path / "h.csv"
    path.write_text("date\n2026-12-25\n")
    place = Place(str(path), 2, "date")
    assert read_holidays(str(path), None, None, []) == [(date(2026, 12, 25), place)]
