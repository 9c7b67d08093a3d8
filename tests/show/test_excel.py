"""CSV for spreadsheets: no text becomes a formula, and any text comes back as it was."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from csprio.tables import Column, Kind
from sheets import of_columns, of_texts, shown

CELL = st.one_of(st.text(st.characters(codec="utf-8")), st.text("a=+-@\t\r'", max_size=4))


def test_golden() -> None:
    """It has a BOM and CRLF; text that begins a formula gets an apostrophe, a number does not."""
    columns = [
        Column("a", Kind.TEXT, ""),
        Column("b", Kind.MONEY, ""),
        Column("=c", Kind.NUMBER, ""),
    ]
    rows: list[dict[str, Any]] = [
        {"a": "=1+1", "b": Decimal(-5), "=c": "-5.5"},
        {"a": "'@x", "=c": "-x"},
        {"a": "'x"},
        {"a": "a=b"},
        {"a": "+49, x"},
    ]
    assert shown("excel", of_columns(columns, rows)).decode() == (
        "\ufeffa,b,'=c\r\n'=1+1,-5,-5.5\r\n''@x,,'-x\r\n'x,,\r\na=b,,\r\n\"'+49, x\",,\r\n"
    )


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_round_trip(rows: list[tuple[str, str]]) -> None:
    """Any text, with one apostrophe taken off where a reader does so, is what was written."""
    out = shown("excel", of_texts(rows)).decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(out, newline="")))[1:]
    assert not [cell for row in cells for cell in row if re.match(r"[=+\-@\t\r]", cell)]
    assert [[re.sub(r"^'(?='*[=+\-@\t\r])", "", c) for c in row] for row in cells] == [
        list(row) for row in rows
    ]
