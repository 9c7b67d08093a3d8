"""The exact scanner against the csv module of Python."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csprio.read.rows import cells, has_stray_quote, scan

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


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('1,"a\n2,"b"\n3,c\n', [(1, 1), (3, 0)]),
        ('"x\ny",1,"a\n2,"b",d\n3,c,e\n', [(1, 2), (4, 0)]),
        ('1,"a\n""2"",b"\n"c" d,e\n', [(1, 0), (3, 0)]),
        ('1,"a\nb"\n2,5" pipe\n', [(1, 0), (3, 0)]),
    ],
)
def test_a_quote_that_the_next_one_closes(text: str, lines: list[tuple[int, int]]) -> None:
    """A cell with a line end that runs on after its quote is one that was never closed."""
    assert [(row.line, row.unclosed) for row in scan(text.encode(), b",")] == lines


@given(TEXTS)
@example('1,"a\n2,"b"\n3,c\n')
@example('a,"b')
def test_stray_quotes_are_seen_in_whole_files(text: str) -> None:
    """Where all quotes stand well no row has one that is not closed."""
    data = text.encode()
    unclosed = any(row.unclosed for row in scan(data, b","))
    assert has_stray_quote(data, 0, b",") or not unclosed
    well = io.StringIO()
    csv.writer(well, quoting=csv.QUOTE_ALL).writerow([text, "x"])
    assert not has_stray_quote(well.getvalue().encode(), 0, b",")
