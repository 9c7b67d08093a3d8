"""CSV for machines: byte for byte what RFC 4180 and Python's csv module ask for."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from csprio.tables import PART_ROWS, Column, Kind, Sheet
from sheets import answer, of_columns, of_texts, shown

# No lone surrogates, as Arrow text is UTF-8; and characters that matter more often than by chance.
CELL = st.one_of(
    st.none(), st.text(st.characters(codec="utf-8")), st.text("a\",\r\n=+-@\t' ", max_size=5)
)
TABLE = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=6)
)


def by_csv_module(rows: list[list[str | None]], end: str = "\n") -> bytes:
    """Write rows as Python's csv module does, each line with the given end.

    Before Python 3.13 it quotes CR only where CR belongs to the line's end, so that is what it is
    asked to write, and each end is replaced.
    """
    out = []
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(row)
        out.append(line.getvalue().removesuffix("\r\n") + end)
    return "".join(out).encode()


@given(TABLE)
def test_same_bytes_as_csv_module(rows: list[list[str | None]]) -> None:
    """Any text is quoted exactly where Python's csv module quotes it."""
    header: list[str | None] = list("abcdefgh"[: len(rows[0])])
    assert shown("csv", of_texts(rows)) == by_csv_module([header, *rows])


def test_golden() -> None:
    """Numbers are shortest plain decimals, dates ISO, missing empty, and text is raw."""
    columns = [Column("id", Kind.ID, ""), Column("money", Kind.MONEY, "")]
    columns += [
        Column("due", Kind.DATE, ""),
        Column("n", Kind.WHOLE, ""),
        Column("t", Kind.TEXT, ""),
    ]
    rows = [
        {"id": "00123", "money": Decimal("1200.5000"), "due": date(2026, 11, 23), "n": 3},
        {"id": "1e5", "money": Decimal(50000), "t": 'say "=1+1"'},
        {"id": "Ü,\x1b", "money": Decimal("-0.25"), "t": "a\nb"},
    ]
    assert shown("csv", of_columns(columns, rows)).decode() == (
        "id,money,due,n,t\n"
        "00123,1200.5,2026-11-23,3,\n"
        '1e5,50000,,,"say ""=1+1"""\n'
        '"Ü,\x1b",-0.25,,,"a\nb"\n'
    )


def test_nothing_but_a_header() -> None:
    """An answer without rows is its header."""
    out = shown("csv", answer("tiers", [])).decode()
    assert out.startswith("tier,tier_name,grade,accounts,")
    assert out.count("\n") == 1


def test_lone_empty_cell() -> None:
    """In a table of one column an empty cell is quoted: an empty line would be no row."""
    assert shown("csv", of_texts([[None], ["x"], [""]])) == b'a\n""\nx\n""\n'


def test_parts_make_no_difference() -> None:
    """Rows that come in parts, in chunks, or later as `more` are the rows of one table."""
    rows = PART_ROWS + 5
    table = pa.table({"a": pa.array([f"{n}" for n in range(rows)])})
    chunked = pa.concat_tables([table.slice(0, 7), table.slice(7)])
    columns = (Column("a", Kind.TEXT, ""),)
    expected = "a\n" + "".join(f"{n}\n" for n in range(rows))
    for sheet in (
        Sheet("grade", columns, table),
        Sheet("grade", columns, chunked),
        Sheet("grade", columns, table.slice(0, 0), more=iter([table.slice(0, 9), table.slice(9)])),
    ):
        assert shown("csv", sheet).decode() == expected
