"""Plain CSV warns of text that a spreadsheet would take for a formula."""

from __future__ import annotations

import pyarrow as pa

from csprio.show.formulas import FormulaCount
from csprio.tables import Column, Kind, Sheet
from sheets import of_columns, of_texts, shown


def said(*sheets: Sheet) -> list[str]:
    """Give the warnings after the sheets were written."""
    count = FormulaCount()
    for sheet in sheets:
        assert shown("csv", count.watch(sheet)) == shown("csv", sheet)
    return [str(each) for each in count.warning()]


def test_first_and_count() -> None:
    """It counts the cells of all files, shows the first by row and column, and names the remedy."""
    first = of_texts([["x", "a=b"], ["ok", "@you"], ["=1", None]])
    (line,) = said(first, of_texts([["-"]]))
    assert line == (
        "formula-cells: 3 cells begin with = + - or @, the first in column b: '@you'; "
        "use -f excel for a spreadsheet, which may take such text for a formula"
    )
    assert said(of_texts([["+1"]]))[0].startswith("formula-cells: 1 cell begins with")
    assert f"'={'x' * 39}…';" in said(of_texts([["=" + "x" * 99]]))[0]


def test_numbers_are_no_formulas() -> None:
    """Negative numbers are what they are, also as text that travels; clean data says nothing."""
    columns = [Column("n", Kind.NUMBER, ""), Column("w", Kind.WHOLE, "")]
    assert said(of_columns(columns, [{"n": "-5", "w": -5}, {"n": None}])) == []
    assert len(said(of_columns(columns, [{"n": "-five"}]))) == 1
    assert said(of_texts([["a-b", "x@y"]])) == []


def test_rows_that_come_later() -> None:
    """Rows of `more` are read once: they are counted as they are written."""
    columns = (Column("a", Kind.TEXT, ""),)
    count = FormulaCount()
    sheet = Sheet("grade", columns, pa.table({"a": ["=1"]}), more=iter([pa.table({"a": ["=2"]})]))
    assert shown("csv", count.watch(sheet)) == b"a\n=1\n=2\n"
    assert "2 cells begin" in count.warning()[0].message
