"""The exact scanner against the csv module of Python."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csprio.read.rows import cells, scan

# Few letters, many marks: nearly every text is a hard one.
TEXTS = st.text(alphabet='ab",;\n\r \u00e9\u00a0', max_size=40)


def by_csv(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Read rows and the lines they begin in with the csv module."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line = [], 1
    for row in reader:
        rows.append((line, row))
        line = reader.line_num + 1
    return rows


@given(TEXTS, st.sampled_from([",", ";"]))
@example('a,"b""c"d"e\r\n\r"', ",")
@example('"\n"\r"\r\n",x\n\n', ",")
def test_scanner_and_csv_module_agree(text: str, delimiter: str) -> None:
    """Rows, their cells and their first lines are those of the csv module, for any text at all."""
    data, mark = text.encode(), delimiter.encode()
    found = [(row.line, cells(data, row, mark)) for row in scan(data, mark)]
    expected = [(line, row or [""]) for line, row in by_csv(text, delimiter)]
    assert found == expected


@given(TEXTS)
def test_counts_and_blanks_are_those_of_the_cells(text: str) -> None:
    """The number of cells and the blank mark of a row say what its cells say."""
    data = text.encode()
    for row in scan(data, b","):
        found = cells(data, row, b",")
        assert row.cells == len(found)
        assert row.blank == (not row.unclosed and not any(cell.strip() for cell in found))


@given(TEXTS)
def test_rows_leave_nothing_out(text: str) -> None:
    """Between two rows there is one line end and nothing else."""
    data, at = text.encode(), 0
    for row in scan(data, b","):
        assert data[at : row.start] in {b"", b"\n", b"\r", b"\r\n"}
        at = row.end
    assert data[at:] in {b"", b"\n", b"\r", b"\r\n"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,"b', 1),
        ('a,b\n1,"x\ny",\n2,"z\n\n', 4),
        ('"a\n\nb","c\n', 3),
        ('a,"b""\n', 1),
        ('a,b"\n', 0),
        ('a,"b"\n', 0),
    ],
)
def test_an_unclosed_quote_is_found_where_it_opens(text: str, line: int) -> None:
    """The line of an unclosed quote is that of the quote, also after quoted newlines."""
    assert [row.unclosed for row in scan(text.encode(), b",")][-1] == line
