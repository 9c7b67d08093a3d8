"""JSON for scripts: what any JSON reader gets is the rows, digit by digit."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from csprio import __version__
from csprio.tables import Column, Kind
from sheets import answer, of_columns, of_texts, shown

CELL = st.one_of(
    st.none(), st.text(st.characters(codec="utf-8")), st.text('a"\\\x00\x1f\x7f\x9b\n\u2028/')
)


def test_golden() -> None:
    """Keys stand in their order, a row a line; numbers are numbers, missing and empty are null."""
    columns = [Column("id", Kind.ID, ""), Column("money", Kind.MONEY, "")]
    columns += [Column("due", Kind.DATE, ""), Column("score", Kind.NUMBER, "")]
    rows: list[dict[str, Any]] = [
        {"id": "00123", "money": Decimal("1200.50"), "due": date(2026, 11, 23), "score": "52.963"},
        {"id": "Ü\x1b\x9b", "score": "much"},
        {"id": "", "money": Decimal(0)},
    ]
    sheet = of_columns(columns, rows, as_of="2026-11-23", inputs=(("a b.csv", "00ff"),))
    assert shown("json", sheet).decode() == (
        f'{{"as_of": "2026-11-23", "csprio": "{__version__}", "rows": [\n'
        '{"id": "00123", "money": 1200.5, "due": "2026-11-23", "score": 52.963},\n'
        '{"id": "Ü\\u001b\\u009b", "money": null, "due": null, "score": "much"},\n'
        '{"id": null, "money": 0, "due": null, "score": null}\n'
        '], "inputs": {"a b.csv": "00ff"}}\n'
    )


@given(st.lists(st.tuples(CELL, CELL), max_size=6))
def test_loads_equal_rows(rows: list[tuple[str | None, str | None]]) -> None:
    """Any text comes back from `json.loads`, and no control character stands in the output."""
    sheet = of_texts(rows or [("", "")])
    out = shown("json", sheet).decode()
    loaded: dict[str, Any] = json.loads(out)
    expected = [{"a": a or None, "b": b or None} for a, b in rows or [("", "")]]
    assert loaded["rows"] == expected
    assert not [c for c in out.replace("\n", "") if c < " " or "\x7f" <= c <= "\x9f"]


@given(st.lists(st.decimals(-(10**13), 10**13, places=4), min_size=1))
def test_numbers_are_exact(values: list[Decimal]) -> None:
    """Money is in JSON as it is in CSV, never as a float that comes near it."""
    sheet = of_columns([Column("x", Kind.MONEY, "")], [{"x": value} for value in values])
    loaded = json.loads(shown("json", sheet), parse_float=Decimal, parse_int=Decimal)
    assert [row["x"] for row in loaded["rows"]] == values


def test_no_rows() -> None:
    """An answer without rows is an empty list; an unknown day is null."""
    loaded = json.loads(shown("json", answer("grade", [])))
    assert (loaded["rows"], loaded["inputs"], loaded["as_of"]) == ([], {}, None)


def test_more_rows_later() -> None:
    """Rows that come as `more` follow the others, with commas where they belong."""
    more = [pa.table({"a": ["2"]}), pa.table({"a": ["3"]})]
    first = of_texts([["1"]])
    sheet = type(first)("grade", first.columns, first.table, more=more)
    assert [row["a"] for row in json.loads(shown("json", sheet))["rows"]] == ["1", "2", "3"]
