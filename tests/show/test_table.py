"""Tables for people: sorted by priority, fitted to the width, and never obeyed by a terminal."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from csprio.show.text import visible
from csprio.tables import Column, Kind, Sheet
from sheets import answer, drawn, naughty, of_columns, of_texts

ORDERS = {"tier": ("1", "2", "3"), "grade": ("A1", "A2", "B1", "C3")}
BOOK: list[dict[str, Any]] = [
    {"account_id": "z", "name": "Zed", "potential": Decimal(9), "grade": "C3", "tier": "3"},
    {"account_id": "u", "name": "Unknown", "basis": "ungraded", "note": "potential missing"},
    {"account_id": "b", "name": "Bee", "potential": Decimal(70), "grade": "B1", "tier": "1"},
    {"account_id": "d", "name": "Dee", "potential": Decimal(80), "grade": "A2", "tier": "1"},
    {"account_id": "c", "name": "Cee", "potential": Decimal(80), "grade": "A2", "tier": "1"},
    {"account_id": "e", "name": "Eee", "grade": "A2", "tier": "1"},
    {"account_id": "a", "name": "Aah", "potential": Decimal(9000), "grade": "A2", "tier": "1"},
]
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def column(lines: list[str], name: str) -> list[str]:
    """Give the cells of a column from the lines of a table whose cells hold no blanks."""
    at = lines[0].index(name)
    return [line[at:].strip().split(" ")[0] for line in lines[2:] if not line.startswith("(")]


def test_grade_by_priority() -> None:
    """Best tier first and none last; then grade, potential from the largest, account_id."""
    lines = drawn(answer("grade", BOOK, orders=ORDERS))
    assert column(lines, "account_id") == ["a", "c", "d", "e", "b", "z", "u"]


def test_calendar_by_due() -> None:
    """A calendar goes by due, undated last; on one day the documented order stays."""
    days = [None, date(2026, 3, 1), date(2026, 1, 1), date(2026, 3, 1)]
    rows: list[dict[str, Any]] = [{"due": day, "account_id": f"{n}"} for n, day in enumerate(days)]
    assert column(drawn(answer("calendar", rows)), "account_id") == ["2", "1", "3", "0"]


def test_narrow() -> None:
    """A narrow terminal shows what matters first, and says what is left out or shortened."""
    lines = drawn(answer("grade", BOOK[:2], orders=ORDERS), 40)
    assert lines[:4] == [
        "name     grade  tier  note",
        "───────────────────────────────────────",
        "Zed      C3     3",
        "Unknown               potential missing",
    ]
    assert " ".join(lines[4:]) == (
        "(left out: account_id, potential, basis; a wider terminal or -f csv shows all)"
    )


@pytest.mark.parametrize("width", [80, 100, 120])
def test_what_asks_for_action_survives(width: int) -> None:
    """Whole, at any usual width: a call to make, and every word of a note."""
    note = "between tier 1 and 2: a call to make, tier 2 until then"
    rows: list[dict[str, Any]] = [
        {"account_id": "001bm00001ZL8U9", "name": "A name of a company", "csm": "Lucia Herrera",
         "potential": Decimal(88000), "size": "A", "likelihood": "2", "grade": "A2", "tier": "2",
         "tier_name": "Bread and butter", "basis": "computed", "borderline": "call to make",
         "note": note},
    ]  # fmt: skip
    lines = drawn(answer("grade", rows, orders=ORDERS), width)
    at = lines[0].index("note")
    assert "call to make" in lines[2][:at]
    end = next(n for n, line in enumerate(lines) if line.startswith("("))
    assert " ".join(line[at:].strip() for line in lines[2:end]) == note


def test_part_survives() -> None:
    """Rows of which one is not the lead are told apart on any usual terminal."""
    rows: list[dict[str, Any]] = [
        {"owner": "Jane", "rank": 1, "due": date(2026, 1, 1), "status": "open", "part": "with",
         "name": "A long name of a company", "title": "A long title of an activity " * 2,
         "tier": "1", "grade": "A1", "task_id": "x" * 40},
    ]  # fmt: skip
    assert "part" in drawn(answer("worklist", rows), 80)[1]


def test_figures_at_a_terminal() -> None:
    """Money in groups of three and shares in percent for people; elsewhere as in the data."""
    rows: list[dict[str, Any]] = [
        {"tier": "1", "grade": "A1", "accounts": 1234, "accounts_share": Decimal("0.9992"),
         "potential": Decimal("1234567.5"), "arr": Decimal(900), "renewing_90d": 3},
        {"tier": "1", "grade": "A2", "accounts": 1, "accounts_share": Decimal("0.0008"),
         "potential": Decimal(0), "arr": Decimal(100), "renewing_90d": 0},
    ]  # fmt: skip
    sheet = answer("tiers", rows)
    assert drawn(sheet, 200)[2].split() == ["1", "A1", "1,234", "99.9%", "1,234,567.50", "900", "3"]
    assert drawn(sheet)[2].split() == ["1", "A1", "1234", "0.9992", "1234567.5", "900", "3"]


@given(st.integers(1, 130), st.booleans())
def test_fits_any_width(width: int, color: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """No line is wider than the terminal, whatever its width, also with wide characters."""
    rows: list[dict[str, Any]] = [
        *BOOK,
        {"account_id": "日本語" * 9, "name": "日本" * 40, "note": "long " * 30, "csm": "é"},
    ]
    for line in drawn(answer("grade", rows, orders=ORDERS), width, color=color):
        assert cell_len(ESCAPE.sub("", line)) <= width


def test_never_cut_without_a_terminal() -> None:
    """In a pipe every column and every letter is there, and nothing is said about width."""
    rows = [{"account_id": "x" * 300, "name": "y" * 300, "note": "z" * 300}]
    text = "\n".join(drawn(answer("grade", rows)))
    assert all(letter * 300 in text for letter in "xyz")
    assert all(name in text for name in ("borderline", "likelihood", "tier_name"))
    assert "left out" not in text


def test_colour_carries_nothing() -> None:
    """Without its escape sequences a coloured table is the plain one, which has none."""
    sheet = answer("grade", BOOK, orders=ORDERS)
    plain = drawn(sheet, 70)
    assert not any("\x1b" in line for line in plain)
    coloured = drawn(sheet, 70, color=True)
    assert any("\x1b" in line for line in coloured)
    assert [ESCAPE.sub("", line).rstrip() for line in coloured] == plain


@pytest.mark.parametrize("width", [None, 40])
def test_naughty_strings(width: int | None) -> None:
    """No naughty string reaches the terminal as anything but visible text in its own row."""
    for text in [*naughty(), "[/bold]", "[red]x[/red]", "\x1b]0;owned\x07", "\x9b2J", "a\r\nb"]:
        lines = drawn(of_texts([["before", text, "after"]]), width)
        assert [visible(line) for line in lines] == lines
        assert lines[2].startswith("before")
        if width is None:
            seen = visible(text)
            assert lines[2:] == [f"before  {seen}{' ' * (1 - cell_len(seen))}  after"]


def test_worklist() -> None:
    """A table a person with counts; ten of the backlog stand apart, and the rest is counted."""
    rows: list[dict[str, Any]] = [
        {"owner": "Jane", "rank": n, "status": "open", "name": f"N{n}"} for n in range(1, 14)
    ]
    rows[0]["status"] = "overdue"
    rows += [{"owner": None, "rank": 1, "status": "open", "name": "\x1b"}]
    sheet = answer("worklist", rows, backlog=pa.array([False, *[True] * 12, False]))
    lines = drawn(sheet)
    assert lines[0] == "Jane: 1 overdue, 12 in the backlog"
    assert column([*lines[1:4], *lines[5:15]], "rank") == [str(n) for n in range(1, 12)]
    assert lines[4] == "backlog"
    assert lines[14].split() == ["11", "open", "N11"]
    assert lines[15:18] == [
        "... and 2 more in the backlog (-f csv lists all)",
        "",
        "nobody: 1 due",
    ]
    assert "\\x1b" in lines[-1]
    assert not {"owner", "outcome", "until", "comment"} & set(lines[1].split())
    assert drawn(answer("worklist", [])) == ["Nothing to do."]


def test_check_wraps() -> None:
    """Messages and remedies of `check` go on in the next line instead of losing words."""
    rows = [{"line": 7, "code": "money", "message": "one two three four " * 5, "remedy": "do it"}]
    lines = drawn(answer("check", rows), 60)
    assert " ".join(lines).count("four") == 5
    assert max(map(len, lines)) <= 60


def test_added_columns_matter() -> None:
    """A column that was asked for with --add stays where others go."""
    base = answer("grade", BOOK, orders=ORDERS)
    table = base.table.append_column("region", pa.array(["EMEA"] * len(BOOK)))
    sheet = Sheet("grade", (*base.columns, Column("region", Kind.TEXT, "")), table, orders=ORDERS)
    assert "region" in drawn(sheet, 50)[0]


def test_nothing() -> None:
    """An answer without rows says so below its heading."""
    assert drawn(of_columns([Column("a", Kind.TEXT, "")], []))[-1] == "(nothing)"


def test_many_rows() -> None:
    """A table longer than what is written at once is whole."""
    lines = drawn(of_texts([[f"{n}"] for n in range(2500)]))
    assert lines[2:] == [f"{n}" for n in range(2500)]
