"""Workbooks that people fill in: `csprio log --from` tells the journal what they say, once."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from session import run

if TYPE_CHECKING:
    from collections.abc import Mapping

DEMO = Path(__file__).parents[1] / "examples" / "demo"
TODAY = ("--as-of", "2026-11-23")
NEW_YEAR = dt.date(2027, 1, 31)
Filled = dict[str, dict[str, dict[str, Any]]]  # sheet, first cell of its key, column: value


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Give a copy of the demo, with its workbook in it."""
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("answers"))
    run("worklist", *TODAY, "-q", "-o", "book.xlsx", cwd=folder).good()
    return folder


def fill(path: Path, filled: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Fill cells in, by the sheet, the task or account, and the column."""
    book = openpyxl.load_workbook(path)
    for title, rows in filled.items():
        sheet = book[title]
        at = {cell.value: cell.column for cell in sheet[1]}
        key = at["task_id" if "task_id" in at else "account_id"]
        row_of = {sheet.cell(row, key).value: row for row in range(2, sheet.max_row + 1)}
        for name, values in rows.items():
            for column, value in values.items():
                sheet.cell(row_of[name], at[column], value)
    book.save(path)


def log(folder: Path, *words: str, day: str = TODAY[1]) -> tuple[int, str]:
    """Tell the journal what the workbook says: the exit code, and what was said of it."""
    telling = ("--by", "Dana", "--as-of", day)
    found = run("log", "--from", "book.xlsx", *telling, *words, cwd=folder)
    return found.code, found.err.decode()


def told(folder: Path) -> list[str]:
    """Give the lines of the journal of the one who told."""
    path = folder / "journal" / "Dana.csv"
    return path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []


FILLED: Filled = {
    "Dana Fox": {
        "HARBOR:growth-review:t2024-01.11": {"outcome": "done", "comment": "all are glad"},
        "MERIDIAN:sales-return:t2026-04.1": {"outcome": "snoozed", "until": dt.date(2026, 12, 10)},
    },
    "Overrides": {
        "ACME": {"tier": "2", "until": NEW_YEAR, "reason": "the sponsor has left"},
        "HELIX": {"grade": "B2", "reason": "they sold a division"},
    },
}
TOLD = [
    "2026-11-23,HARBOR,done,HARBOR:growth-review:t2024-01.11,,,Dana,all are glad",
    "2026-11-23,MERIDIAN,snoozed,MERIDIAN:sales-return:t2026-04.1,,2026-12-10,Dana,",
    "2026-11-23,ACME,tier,,2,2027-01-31,Dana,the sponsor has left",
    "2026-11-23,HELIX,grade,,B2,,Dana,they sold a division",
]


def test_told_once(demo: Path) -> None:
    """Outcomes and overrides become entries; a second reading tells nothing."""
    fill(demo / "book.xlsx", FILLED)
    code, said = log(demo)
    assert (code, told(demo)) == (0, TOLD), said
    assert "4 entries (1 done, 1 snoozed, 1 tier, 1 grade)" in said
    code, said = log(demo)
    assert (code, told(demo)) == (0, TOLD)
    assert "nothing new to tell; 4 told before" in said


def test_an_override_goes_on(demo: Path) -> None:
    """The same tier until another day is a new call."""
    fill(demo / "book.xlsx", FILLED)
    log(demo)
    fill(demo / "book.xlsx", {"Overrides": {"ACME": {"until": dt.date(2027, 3, 31)}}})
    assert log(demo)[0] == 0
    assert told(demo)[len(TOLD) :] == [
        "2026-11-23,ACME,tier,,2,2027-03-31,Dana,the sponsor has left"
    ]


def test_an_override_that_is_over(demo: Path) -> None:
    """A workbook that comes again after the last day of a tier tells nothing, and stops nothing."""
    fill(demo / "book.xlsx", FILLED)
    log(demo)
    code, said = log(demo, day="2027-03-01")
    assert (code, told(demo)) == (0, TOLD), said
    assert "nothing new to tell; 4 told before" in said


def test_untouched(demo: Path) -> None:
    """A workbook in which nobody has filled in anything tells nothing."""
    code, said = log(demo)
    assert (code, told(demo)) == (0, [])
    assert "nothing new to tell" in said


@pytest.mark.parametrize(
    ("sheet", "key", "cells", "said"),
    [
        ("Overrides", "ACME", {"tier": "9"}, "[Overrides]:2:tier: told-value: `9` is no tier"),
        ("Overrides", "ACME", {"tier": "2"}, "[Overrides]:2:tier: note-missing: tier 2 overrides"),
        ("Overrides", "ACME", {"reason": "x"}, "[Overrides]:2:reason: override-missing: there"),
        (
            "Overrides",
            "ACME",
            {"until": NEW_YEAR, "reason": "x"},
            "[Overrides]:2:until: override-missing: there is no grade or tier beside `until and",
        ),
        (
            "Overrides",
            "ACME",
            {"grade": "B2", "until": NEW_YEAR, "reason": "x"},
            "[Overrides]:2:until: until-unused: `grade` takes no last day",
        ),
        (
            "Overrides",
            "ACME",
            {"tier": "2", "until": dt.date(2026, 11, 1), "reason": "x"},
            "[Overrides]:2:until: until-early: 2026-11-01 is not after 2026-11-23",
        ),
        (
            "Overrides",
            "ACME",
            {"tier": "2", "until": "soon", "reason": "x"},
            "[Overrides]:2:until: bad-date: `soon` is not a date",
        ),
        ("Overrides", "ACME", {"tier": "#N/A"}, "[Overrides]:2:tier: cell-error: the cell shows"),
        (
            "Dana Fox",
            "MERIDIAN:sales-return:t2026-04.1",
            {"outcome": "snoozed"},
            "[Dana Fox]:3:until: until-missing: `snoozed` needs",
        ),
        (
            "Dana Fox",
            "MERIDIAN:sales-return:t2026-04.1",
            {"comment": "x"},
            "[Dana Fox]:3:outcome: outcome-missing: there is no outcome",
        ),
    ],
)
def test_all_or_none(demo: Path, sheet: str, key: str, cells: dict[str, object], said: str) -> None:
    """One cell that is wrong is named by sheet and row, and nothing of the workbook is told."""
    fill(demo / "book.xlsx", FILLED)
    book = openpyxl.load_workbook(demo / "book.xlsx")
    for row in (*book["Overrides"]["E2:H2"], *book["Dana Fox"]["I3:K3"]):
        for cell in row:
            cell.value = None
    book.save(demo / "book.xlsx")
    fill(demo / "book.xlsx", {sheet: {key: cells}})
    code, found = log(demo)
    assert code in {2, 3}, found
    assert f"book.xlsx{said}" in found
    assert told(demo) == []


def test_two_say_otherwise(demo: Path) -> None:
    """A task that stands with two people is told once; if they disagree, both places are named."""
    book = openpyxl.load_workbook(demo / "book.xlsx")
    task = "MERIDIAN:sales-return:t2026-04.1"
    sheets = [
        sheet.title for sheet in book if task in [cell.value for row in sheet for cell in row]
    ]
    assert len(sheets) == 2
    fill(demo / "book.xlsx", {title: {task: {"outcome": "done"}} for title in sheets})
    assert log(demo, "--dry-run")[0] == 0
    fill(demo / "book.xlsx", {sheets[1]: {task: {"outcome": "skipped"}}})
    code, said = log(demo)
    assert code == 2
    assert f"[{sheets[1]}]:" in said
    assert f"told-twice: line 3 of book.xlsx[{sheets[0]}] says something else about" in said


def test_a_grading_sheet(demo: Path) -> None:
    """A workbook of one's own with a grading sheet is read, whatever the sheet is called."""
    book = openpyxl.Workbook()
    for row in (("account_id", "tier", "note"), ("ACME", 2, "the sponsor has left")):
        book.active.append(row)
    book.save(demo / "book.xlsx")
    assert log(demo)[0] == 0
    assert told(demo) == ["2026-11-23,ACME,tier,,2,,Dana,the sponsor has left"]
    book.active["B1"] = "colour"
    book.save(demo / "book.xlsx")
    code, said = log(demo)
    assert code == 3
    assert said.startswith("book.xlsx: sheet-unknown: the file is neither")


def test_last_day_in_a_csv(demo: Path) -> None:
    """A grading sheet that is a CSV may give a tier its last day, too."""
    (demo / "book.xlsx").write_text(
        "account_id,tier,until,note\nACME,2,31.01.2027,gone\nHELIX,,,\n", encoding="utf-8"
    )
    assert log(demo)[0] == 0
    assert told(demo) == ["2026-11-23,ACME,tier,,2,2027-01-31,Dana,gone"]


@pytest.mark.interop
def test_libreoffice(demo: Path, tmp_path: Path) -> None:
    """LibreOffice opens the workbook; what it saves has the drop-downs and is read the same."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    fill(demo / "book.xlsx", FILLED)

    def converted(kind: str) -> Path:
        home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
        subprocess.run(
            [soffice, home, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "out"),
             str(demo / "book.xlsx")],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return tmp_path / "out" / f"book.{kind}"

    assert converted("pdf").read_bytes().startswith(b"%PDF")
    saved = converted("xlsx")
    book = openpyxl.load_workbook(saved)
    for title in ("Overrides", "Dana Fox"):
        rules = book[title].data_validations.dataValidation
        assert {rule.type for rule in rules} == {"list", "decimal"}
    shutil.copy(saved, demo / "book.xlsx")
    code, said = log(demo)
    assert (code, told(demo)) == (0, TOLD), said
    assert "nothing new to tell; 4 told before" in log(demo)[1]
