"""Workbooks as accounts: what cells say, where they stand, and files that are not whole."""

from __future__ import annotations

import datetime as dt
import functools
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter

from csprio.problems import ExitCode, Stop
from csprio.read import workbook as the_workbook
from csprio.read.source import read_source
from csprio.read.table import lay_out, read_columns
from csprio.settings import Numerals, TableSettings
from session import run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

HEAD = ("account_id", "name", "potential", "likelihood")
ACME = ("ACME", "Acme", 60_000, 1)
TODAY = ("--as-of", "2026-11-23")


def packed(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """Make a workbook of sheets with rows of values."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def read(raw: bytes, settings: TableSettings = TableSettings()) -> tuple[Any, Any]:  # noqa: B008 - it is frozen
    """Read all columns of the first sheet: its layout, and its cells."""
    source = read_source("-", settings, io.BytesIO(raw))
    layout = lay_out(source, settings)
    return layout, read_columns(source, layout, range(len(layout.header)), 0)


def texts(values: Sequence[object], settings: TableSettings = TableSettings()) -> list[str]:  # noqa: B008 - it is frozen
    """Read one column of values as text."""
    _, found = read(packed(("S", [("a", "key"), *((value, "x") for value in values)])), settings)
    assert not found.errors
    column: list[str] = found.columns[0].to_pylist()
    return column


def test_values() -> None:
    """Cells are what a CSV of the sheet would say: ISO days, shortest plain numbers."""
    day, moment = dt.date(2026, 11, 23), dt.datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - a cell has no zone
    assert texts([day, moment, dt.time(9, 30), None]) == [
        "2026-11-23", "2026-11-23T09:30:00", "09:30:00", ""
    ]  # fmt: skip
    assert texts([1, 1.5, 59.97000000000001, 1e-7, -0.0, 0.85, 123456789012345, 1e15]) == [
        "1", "1.5", "59.97", "0.0000001", "0", "0.85", "123456789012345", "1000000000000000"
    ]  # fmt: skip
    assert texts([True, False, " x ", "00123", "1e5"]) == ["TRUE", "FALSE", " x ", "00123", "1e5"]
    assert texts(["_x0041_b", "_x005F_x0041_", "_xD83D__xDE00_", "_xyz"]) == [
        "Ab", "_x0041_", "\U0001f600", "_xyz"
    ]  # fmt: skip


def test_spans_of_time() -> None:
    """Hours that were counted are hours, also more than a day of them."""
    assert texts([dt.timedelta(hours=26, minutes=5)]) == ["26:05:00"]


def test_percent() -> None:
    """A percentage is the number that it is, however it is shown."""
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append([0.85])
    book.active["A2"].number_format = "0%"
    raw = io.BytesIO()
    book.save(raw)
    _, found = read(raw.getvalue())
    assert found.columns[0].to_pylist() == ["0.85"]
    assert found.numbers == {0}


def test_numbers_among_texts() -> None:
    """A number among texts is written as these are, so that nobody reads it another way."""
    values = ["50k", 1.234, 12.5]
    assert texts(values) == ["50k", "1.2340", "12.5"]
    german = TableSettings(numerals=Numerals(decimal=",", thousands="."))
    assert texts(values, german) == ["50k", "1,234", "12,5"]
    assert texts([1.234, 12.5], german) == ["1.234", "12.5"]


def test_numbers_are_read_in_every_country(tmp_path: Path) -> None:
    """Numbers are numbers whatever `decimal:` says of texts."""
    rows = [HEAD, ("A", "A", 50_000.5, 1), ("B", "B", 1.234, 1)]
    (tmp_path / "a.xlsx").write_bytes(packed(("S", rows)))
    (tmp_path / "csprio.yaml").write_text('decimal: ","\n', encoding="utf-8")
    out = run("grade", "a.xlsx", *TODAY, "-f", "csv", "-q", cwd=tmp_path).good().decode()
    assert [line.split(",")[3] for line in out.splitlines()[1:]] == ["50000.5", "1.234"]


def test_rows_are_where_the_spreadsheet_shows_them() -> None:
    """Rows above the header and blank ones are left out, and the others keep their numbers."""
    rows = [(), ("id", "name"), ("A", "x"), (None, "  "), ("B", "y"), (), ("Total 2", None)]
    layout, found = read(packed(("S", rows)))
    assert (layout.line, layout.header) == (2, ("id", "name"))
    assert found.columns[0].to_pylist() == ["A", "B", "Total 2"]
    assert [found.lines[row] for row in range(3)] == [3, 5, 7]
    assert found.padded == (2,)
    layout, _ = read(packed(("S", [("Report of today",), *rows])), TableSettings(skip_lines=1))
    assert layout.line == 3


def test_same_answer_as_of_csv(tmp_path: Path) -> None:
    """A book in a workbook is graded as the same book in a CSV, a problem's place included."""
    rows = [HEAD, ACME, ("BOLT", "Bolt", "much", 2), ("CARP", "Carp", 5_000, 3)]
    (tmp_path / "a.xlsx").write_bytes(packed(("Book", rows)))
    lines = [",".join(map(str, row)) for row in rows]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    one, two = (run("grade", name, *TODAY, "-f", "csv", cwd=tmp_path) for name in
                ("a.xlsx", "a.csv"))  # fmt: skip
    assert one.out == two.out
    assert one.err.decode().startswith("a.xlsx:3:potential: bad-money")
    assert one.err.replace(b".xlsx", b".csv") == two.err
    raw = (tmp_path / "a.xlsx").read_bytes()
    assert run("grade", "-", *TODAY, "-f", "csv", cwd=tmp_path, stdin=raw).out == two.out


def test_which_sheet(tmp_path: Path) -> None:
    """The first sheet is read and said, another one by --sheet or `sheet:`; hidden ones are not."""
    two = ("BOLT", "Bolt", 5_000, 2)
    raw = packed(("Draft", [HEAD]), ("One", [HEAD, ACME]), ("Two", [HEAD, two]))
    book = openpyxl.load_workbook(io.BytesIO(raw))
    book["Draft"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    def ids(*words: str) -> tuple[str, bytes]:
        found = run("grade", "a.xlsx", *words, *TODAY, "-f", "csv", cwd=tmp_path)
        return found.good().decode().splitlines()[1].partition(",")[0], found.err

    said = "a.xlsx: read the sheet `One`, the first of 2; --sheet NAME reads another\n"
    assert ids() == ("ACME", said.encode())
    assert ids("--sheet", "two") == ("BOLT", b"")
    (tmp_path / "csprio.yaml").write_text("sheet: Two\n", encoding="utf-8")
    assert ids() == ("BOLT", b"")
    assert ids("--sheet", "One") == ("ACME", b"")
    wrong = run("grade", "a.xlsx", "--sheet", "Draft", *TODAY, cwd=tmp_path)
    assert wrong.code == 2
    assert b"there is no sheet called `Draft`; there are `One`, `Two`" in wrong.err


def test_every_command(tmp_path: Path) -> None:
    """`check`, `explain`, `init` and `log` read a workbook as they read a CSV."""
    (tmp_path / "a.xlsx").write_bytes(packed(("S", [HEAD, ACME])))
    assert run("check", "a.xlsx", *TODAY, cwd=tmp_path).code == 0
    shown = run("explain", "ACME", "--accounts", "a.xlsx", *TODAY, "-f", "csv", cwd=tmp_path)
    assert b"a.xlsx,2,potential" in shown.good()
    run("init", "new", "--from", "a.xlsx", cwd=tmp_path).good()
    run("log", "ACME", "size", "B", "--accounts", "a.xlsx", "--by", "me", "--journal", "j.csv",
        *TODAY, cwd=tmp_path).good()  # fmt: skip


def rezipped(raw: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Pack a workbook again, each part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_computed_formulas(tmp_path: Path) -> None:
    """Of a formula the value counts that the spreadsheet program has stored."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, '="x"', None, "x")
    _, found = read(path.read_bytes())
    assert [found.columns[at].to_pylist() for at in (0, 1)] == [["2"], ["x"]]
    assert not found.notes


@functools.cache
def broken() -> dict[str, bytes]:
    """Make workbooks that are not whole."""
    raw = packed(("S", [HEAD, ACME]))

    def cut(name: str, part: bytes) -> bytes:
        return part[: len(part) // 2] if name.startswith("xl/worksheets/") else part

    def far(name: str, part: bytes) -> bytes:
        return re.sub(rb'<row r="2"', b'<row r="99999999"', part) if "sheet1" in name else part

    def odd(name: str, part: bytes) -> bytes:
        return re.sub(rb"<v>60000</v>", b"<v>many</v>", part) if "sheet1" in name else part

    def lacking(name: str, part: bytes) -> bytes:
        return part.replace(b"worksheets/sheet1", b"worksheets/sheet9") if "rels" in name else part

    def bomb(name: str, part: bytes) -> bytes:
        return part + b" " * (70 << 20) if name.startswith("xl/worksheets/") else part

    changes = (cut, far, odd, lacking, bomb)
    return {"half": raw[: len(raw) // 2], "end": raw[:-5], "flipped": _flipped(raw),
            **{change.__name__: rezipped(raw, change) for change in changes}}  # fmt: skip


def _flipped(raw: bytes) -> bytes:
    at = raw.index(b"xl/worksheets/sheet1.xml") + 40
    return raw[:at] + bytes(255 - byte for byte in raw[at : at + 20]) + raw[at + 20 :]


@pytest.mark.parametrize("name", ["half", "end", "flipped", "cut", "far", "odd", "lacking", "bomb"])
def test_broken(name: str, tmp_path: Path) -> None:
    """A workbook that is not whole, or packs far too much, is a problem and no traceback."""
    (tmp_path / "a.xlsx").write_bytes(broken()[name])
    found = run("grade", "a.xlsx", *TODAY, cwd=tmp_path)
    assert (found.code, found.out) == (3, b""), found.err.decode()
    assert found.err.startswith(b"a.xlsx: damaged-file: this .xlsx file cannot be unpacked: ")


def test_no_sheet_and_no_header() -> None:
    """A sheet in which nothing is has no header."""
    with pytest.raises(Stop, match="no-header") as stop:
        read(packed(("S", [])))
    assert stop.value.exit_code is ExitCode.UNUSABLE


def test_not_a_workbook(tmp_path: Path) -> None:
    """Other packed files are named as what they may be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert not the_workbook.is_workbook(out.getvalue())
    (tmp_path / "a.ods").write_bytes(out.getvalue())
    found = run("grade", "a.ods", *TODAY, cwd=tmp_path)
    assert (found.code, found.err[:20]) == (3, b"a.ods: spreadsheet: ")


def test_control_characters() -> None:
    """A NUL that a file writes by its number makes it unusable, as it does in a CSV."""
    _, found = read(packed(("S", [("a", "b"), ("x_x0000_", "y")])))
    assert [(each.code, each.place.line) for each in found.errors] == [("nul-byte", 2)]
