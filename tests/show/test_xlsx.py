"""Workbooks, read back by another library: values, drop-downs, what stays in sight, the bytes."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.problems import ExitCode, Stop
from csprio.show.workbook import book as the_book
from csprio.show.workbook.book import OWN, all_rows
from csprio.show.workbook.sheet_names import SheetNames
from csprio.show.workbook.values import MOST_CHARACTERS, Texts, cells_of
from csprio.tables import Column, Kind, arrow_type
from session import run
from sheets import answer, naughty

if TYPE_CHECKING:
    from collections.abc import Sequence

DEMO = Path(__file__).parents[2] / "examples" / "demo"
GOLDEN = Path(__file__).with_name("workbook.txt")
TODAY = ("--as-of", "2026-11-23", "-q")
FORMULAS = ("=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example","a")', "+1+1", "@SUM(1)", "-2+3")


def made(folder: Path, *words: str) -> bytes:
    """Give the bytes of the workbook that a command line writes."""
    run(*words, *TODAY, "-o", str(folder / "b.xlsx"), cwd=DEMO).good()
    return (folder / "b.xlsx").read_bytes()


def opened(raw: bytes) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Open a workbook as another library reads it."""
    return openpyxl.load_workbook(io.BytesIO(raw))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the workbook of the demo."""
    return made(tmp_path_factory.mktemp("demo"), "grade", "accounts.csv")


def described(book: Any) -> str:  # noqa: ANN401
    """Write a workbook as text: its sheets, what holds them together, and every value."""
    lines = []
    for sheet in book:
        rules = sorted(
            f"{rule.sqref}: {rule.type} {rule.operator or ''} {rule.formula1}"
            for rule in sheet.data_validations.dataValidation
        )
        setup = sheet.page_setup
        lines += [
            f"== {sheet.title} ({sheet.sheet_state}), frozen {sheet.freeze_panes}",
            f"filter {sheet.auto_filter.ref}, titles {sheet.print_title_rows}",
            f"{setup.orientation}, {setup.fitToWidth} page wide, {setup.fitToHeight} high",
            *rules,
            *(" | ".join("" if value is None else str(value) for value in row).rstrip(" |")
              for row in sheet.iter_rows(values_only=True)),
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def test_whole(demo: bytes, request: pytest.FixtureRequest) -> None:
    """The workbook of the demo is as its golden file has it."""
    found = described(opened(demo))
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_twice(demo: bytes, tmp_path: Path) -> None:
    """The same files and day give the same bytes, whichever command asks for the same."""
    again = made(tmp_path, "grade", "accounts.csv")
    assert hashlib.sha256(again).digest() == hashlib.sha256(demo).digest()
    assert made(tmp_path, "report", "accounts.csv") == demo


def test_values(demo: bytes) -> None:
    """Days are days, amounts numbers, keys and ids text."""
    sheet = opened(demo)["Accounts"]
    head = [cell.value for cell in sheet[1]]
    acme = dict(zip(head, sheet[2], strict=True))
    assert acme["potential"].value == 180_000
    assert acme["potential"].data_type == "n"
    assert (acme["tier"].value, acme["tier"].data_type) == ("1", "s")
    sheet = opened(demo)["Dana Fox"]
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, sheet[2], strict=True))
    assert first["due"].value == datetime(2026, 11, 2)  # noqa: DTZ001 - a day of the calendar
    assert sheet.column_dimensions["Q"].hidden
    assert first["task_id"].value == "HARBOR:growth-review:t2024-01.11"


@pytest.mark.parametrize(("command", "sheet"), [("tiers", "Tiers"), ("calendar", "Calendar")])
def test_the_answer(command: str, sheet: str, tmp_path: Path) -> None:
    """The answer that was asked for stands in the workbook, behind the summary."""
    book = opened(made(tmp_path, command, "accounts.csv"))
    assert book.sheetnames[:3] == ["Summary", sheet, "Accounts"]
    shown = run(command, "accounts.csv", *TODAY, "-f", "csv", cwd=DEMO).good().decode()
    assert [cell.value for cell in book[sheet][1]] == shown.partition("\n")[0].split(",")
    assert book[sheet].max_row == len(shown.splitlines())


def test_a_person_each(tmp_path: Path) -> None:
    """`{owner}` makes a workbook of each, with her own list in it."""
    run("worklist", "accounts.csv", *TODAY, "-o", str(tmp_path / "{owner}.xlsx"), cwd=DEMO).good()
    raw = (tmp_path / "Dana Fox.xlsx").read_bytes()
    assert {"Dana Fox", "Overrides"} <= set(opened(raw).sheetnames)
    assert "Maya Chen" not in opened(raw).sheetnames


def test_nothing_is_a_formula(tmp_path: Path) -> None:
    """Ids, names, people and headers that look like formulas or links are text."""
    rows = [
        f'"{text.replace(chr(34), 2 * chr(34))}","{text.replace(chr(34), 2 * chr(34))}",60000,1,'
        f'"{text.replace(chr(34), 2 * chr(34))}",2026-08-01'
        for text in (*FORMULAS, "http://x.example", "mailto:a@b.example")
    ]
    path = tmp_path / "a.csv"
    path.write_text(
        "\n".join(["account_id,name,potential,likelihood,csm,start_date", *rows]), encoding="utf-8"
    )
    run("worklist", "a.csv", "--add", "csm", *TODAY, "-o", "b.xlsx", cwd=tmp_path).good()
    raw = (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert not [text for text in sheets if re.search(rb"<f[ >]|<hyperlink", text)]
    book = opened(raw)
    accounts = [cell.value for cell in book["Accounts"]["A"]][1:]
    assert sorted(accounts) == sorted((*FORMULAS, "http://x.example", "mailto:a@b.example"))
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "d"}


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=12))
def test_sheet_names(values: list[str]) -> None:
    """Whatever people are called, sheets have names that are allowed, and no two the same."""
    names = SheetNames(OWN)
    found = [names.take(value) for value in values]
    folded = [name.casefold() for name in found]
    assert len(set(folded)) == len(found)
    assert not set(folded) & {"history", *(name.casefold() for name in OWN)}
    for name in found:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]", name)
        assert name.strip("' ") == name


def test_sheet_names_of_people() -> None:
    """A name stays what it is as far as it can."""
    names = SheetNames(OWN)
    given_names = ["Maya Chen", "maya chen", "", "nobody", "a/b", "Summary", "'x'", "y" * 40]
    assert [names.take(name) for name in given_names] == [
        "Maya Chen", "maya chen-2", "nobody", "nobody-2", "a-b", "Summary-2", "x", "y" * 31
    ]  # fmt: skip


def cells(kind: Kind, values: Sequence[Any], type_: pa.DataType | None = None) -> list[Any]:
    """Make the cells of a column."""
    column = pa.chunked_array([pa.array(values, type_ or arrow_type(kind))])
    return list(cells_of(Column("c", kind, ""), column, Texts()))


def test_numbers_keep_their_digits() -> None:
    """A number is one only where a spreadsheet keeps all its digits; else it is its text."""
    money = [Decimal("0.1"), Decimal("12345678901.2345"), Decimal("12345678901234.5678"), None]
    assert cells(Kind.MONEY, money) == [0.1, 12345678901.2345, "12345678901234.5678", None]
    assert cells(Kind.NUMBER, ["52.963", "", "x", "1234567890.123456789"]) == [
        52.963, None, "x", "1234567890.123456789"
    ]  # fmt: skip
    assert cells(Kind.NUMBER, [0.25, None, float("inf")], pa.float64()) == [0.25, None, None]
    assert cells(Kind.WHOLE, [7, 10**16, None]) == [7, str(10**16), None]
    assert cells(Kind.DATE, [date(1970, 1, 1), date(2026, 11, 23), None]) == [25569, 46349, None]
    assert cells(Kind.ID, ["00123", "1e5", None]) == ["00123", "1e5", None]


def test_texts_that_do_not_fit() -> None:
    """What a cell cannot hold is cut or replaced, and said."""
    texts = Texts()
    column = pa.chunked_array([pa.array(["a\x00\x1bb", "\U0001f600" * 20_000, "tab\tand\nline"])])
    found = cells_of(Column("name", Kind.TEXT, ""), column, texts)
    assert found[0] == "a\ufffd\ufffdb"
    assert len(str(found[1]).encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert found[2] == "tab\tand\nline"
    assert [each.code for each in texts.problems] == ["workbook-cut", "workbook-characters"]
    assert "one text" in texts.problems[0].message


def test_naughty_strings(tmp_path: Path) -> None:
    """Strings that break programs come through as they are."""
    strings = [text for text in naughty() if text.strip()]
    rows = [f'A{at},"{text.replace(chr(34), 2 * chr(34))}"' for at, text in enumerate(strings)]
    (tmp_path / "a.csv").write_text("\n".join(["account_id,name", *rows]), encoding="utf-8")
    run("grade", "a.csv", *TODAY, "-o", "b.xlsx", cwd=tmp_path).good()
    run("grade", "a.csv", *TODAY, "-o", "b.csv", "-f", "csv", cwd=tmp_path).good()
    run("grade", "b.xlsx", "--sheet", "Accounts", *TODAY, "-o", "c.csv", cwd=tmp_path).good()
    texts = [(tmp_path / name).read_text(encoding="utf-8") for name in ("b.csv", "c.csv")]
    changed = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
    first, again = (text.replace("\r", "\n") for text in texts)
    assert changed.sub("\ufffd", first) == again


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that cannot hold all rows stops the run before anything is made."""
    monkeypatch.setattr(the_book, "MOST_ROWS", 2)
    two, one = (answer("grade", [{"account_id": "a"}] * count) for count in (2, 1))
    assert all_rows(two).table.num_rows == 2
    too_long = type(two)("grade", two.columns, two.table, more=[one.table, one.table])
    with pytest.raises(Stop, match="too-many-rows: a sheet of a workbook holds 2 rows") as stop:
        all_rows(too_long)
    assert stop.value.exit_code is ExitCode.POLICY


def test_nothing_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `check` finds nothing, the summary and the notes say so."""
    monkeypatch.setattr("csprio.checking.checked", lambda *_: ())
    book = opened(made(tmp_path, "report", "accounts.csv"))
    for title, said in (("Summary", "no problems found"), ("Notes", "nothing that is wrong")):
        assert said in {cell.value for row in book[title].iter_rows() for cell in row}


def test_an_empty_book(tmp_path: Path) -> None:
    """A book without an account is a workbook all the same, and its summary says so."""
    (tmp_path / "a.csv").write_text("account_id,name\n", encoding="utf-8")
    run("report", "a.csv", *TODAY, "-o", "b.xlsx", cwd=tmp_path).good()
    book = opened((tmp_path / "b.xlsx").read_bytes())
    assert book.sheetnames == ["Summary", "Accounts", "Overrides", "Notes", "Lists"]


def test_very_many_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more people than anybody leafs through, they share a sheet."""
    monkeypatch.setattr("csprio.show.workbook.people.MOST_PEOPLE", 3)
    book = opened(made(tmp_path, "worklist", "accounts.csv"))
    assert "Worklist" in book.sheetnames
    assert "Dana Fox" not in book.sheetnames
    assert book["Worklist"]["A1"].value == "owner"
