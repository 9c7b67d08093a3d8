"""Files as tables of text: what is found in them, and that two readings always agree."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csprio.problems import ExitCode, Stop
from csprio.read import table
from csprio.read.source import Source
from csprio.read.table import lay_out, read_columns
from csprio.settings import TableSettings

if TYPE_CHECKING:
    from csprio.read.table import Cells

BODIES = st.text(alphabet='abc",\n\r \u00a0', max_size=60)


def source(text: str) -> Source:
    """Make a source of a text."""
    data = text.encode()
    return Source("a.csv", data, data)


def read(text: str, settings: TableSettings | None = None) -> tuple[tuple[str, ...], Cells]:
    """Read all columns of a text; the first one may not be blank."""
    from_text = source(text)
    layout = lay_out(from_text, settings or TableSettings())
    return layout.header, read_columns(from_text, layout, range(len(layout.header)), 0)


def rows(found: Cells) -> list[list[str]]:
    """Turn columns into rows."""
    columns = [column.to_pylist() for _, column in sorted(found.columns.items())]
    return [list(row) for row in zip(*columns, strict=True)]


def naive(
    text: str, width: int
) -> tuple[list[tuple[int, list[str]]], set[int], list[str], set[int]]:
    """Read with the csv module: good rows with lines, lines of bad rows, footer, padded lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    every, line = [], 1
    for row in reader:
        every.append((line, row))
        line = reader.line_num + 1
    filled = [(line, row, any(cell.strip() for cell in row)) for line, row in every[1:]]
    while filled and not filled[-1][2]:
        filled.pop()
    tail: list[tuple[int, list[str], bool]] = []
    while filled and filled[-1][2]:
        tail.insert(0, filled.pop())
    is_tail = (
        bool(filled)
        and width > 1
        and all(
            len(row) in {1, width} and not any(cell.strip() for cell in row[1:])
            for _, row, _ in tail
        )
    )
    footer = [row[0].strip() for _, row, _ in tail if is_tail and len(row) == 1]
    padded = {line for line, row, _ in tail if is_tail and len(row) == width}
    rest = [(line, row) for line, row, full in [*filled, *tail] if full]
    rest = [
        (line, row)
        for line, row in rest
        if not (is_tail and len(row) == 1 and (line, row, True) in tail)
    ]
    good = [(line, row) for line, row in rest if len(row) == width]
    return good, {line for line, row in rest if len(row) != width}, footer, padded


def is_open(text: str) -> bool:
    """Tell whether the csv module would find the last quote open."""
    try:
        list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as failure:
        return (
            "unexpected end" in str(failure)
            or "end of data" in str(failure)
            or "'\"'" in str(failure)
        )
    return False


@given(BODIES, st.integers(1, 4))
@example('a,b\n\n"c"\n', 2)
@example("a,b\n\nc,\n\n \n", 2)
@example("a,b\n,\nc\n", 2)
@example('"a,b\r\n,', 2)
@example('a"",""\n', 2)
@example("a,b\n\nc,\u00a0", 2)
def test_every_text_is_read_as_by_the_csv_module(body: str, width: int) -> None:
    """Cells, lines, ragged rows, footers and padded rows are those of a slow reading."""
    text = ",".join("wxyz"[:width]) + "\n" + body
    _, found = read(text)
    unclosed = [each for each in found.errors if each.code == "unclosed-quote"]
    good, ragged, footer, padded = naive(text, width)
    if unclosed:
        assert is_open(text)
        return
    assert rows(found) == [row for _, row in good]
    assert [found.lines[at] for at in range(len(good))] == [line for line, _ in good]
    assert {each.place.line for each in found.errors} == ragged
    assert list(found.footer) == footer
    assert {found.lines[at] for at in found.padded} == padded


CELLS = st.text(alphabet='a1",;\t|\n\r \u00e9\u4e2d', min_size=0, max_size=8)


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_what_is_written_comes_back(
    table_rows: list[tuple[str, str, str]],
    mark: str,
    end: str,
    last: bool,  # noqa: FBT001
) -> None:
    """Whatever a csv writer quotes, under any separator and line end, comes back as it is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "name", "note"])
    expected = [[f"k{at}", *row[1:]] for at, row in enumerate(table_rows)]
    writer.writerows(expected)
    text = out.getvalue() if last else out.getvalue()[: -len(end)]
    header, found = read(text)
    assert header == ("id", "name", "note")
    assert rows(found) == expected
    assert not found.errors


def test_arrow_reads_good_files_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good file never pays for the exact scanner, whatever it quotes."""

    def refuse(*_: object) -> None:
        message = "the scanner was asked"
        raise AssertionError(message)

    monkeypatch.setattr(table, "_read_exactly", refuse)
    for text in (
        "id,name\n1,a\n2,b\n",
        'id,name\r\n1,"a\r\n\r\nb"\r\n2,"say ""x"""\r\n',
        'id,name\n\n1,a\n\n\n2,"b"',
        'id,name\n1,a"b\n2,"c"d\n',
        'id,name\n1,""\n2,""',
        "id\n1\n\n2\n",
        "id,name\n",
        "id,name",
        "id,name\n1,\n2,",
    ):
        _, found = read(text)
        assert not found.errors


def test_a_row_longer_than_a_block_is_read() -> None:
    """A cell larger than the blocks that Arrow reads in comes back whole."""
    long = "x\n" * (5 << 20)
    _, found = read(f'id,note\n1,"{long}"\n2,b\n')
    assert rows(found) == [["1", long], ["2", "b"]]
    assert found.lines[1] == 3 + (5 << 20)


@pytest.mark.parametrize(
    ("text", "delimiter", "header"),
    [
        ("a;b,c;d\n", ";", ("a", "b,c", "d")),
        ('"a,b,c";d\n', ";", ("a,b,c", "d")),
        ("a\tb\n", "\t", ("a", "b")),
        ("a|b|c;d\n", "|", ("a", "b", "c;d")),
        ("sep=;\na,b;c\n", ";", ("a,b", "c")),
        ('"sep=|"\r\na,b|c\r\n', "|", ("a,b", "c")),
        ("\n  \n a , b \n", ",", ("a", "b")),
        ("id\n", ",", ("id",)),
        ('"a\nb",c\n1,2\n', ",", ("a\nb", "c")),
    ],
)
def test_the_header_says_the_separator(text: str, delimiter: str, header: tuple[str, ...]) -> None:
    """The separator that makes the most cells outside quotes wins; `sep=` says it outright."""
    layout = lay_out(source(text), TableSettings())
    assert (layout.delimiter, layout.header) == (delimiter, header)


def test_settings_beat_the_header() -> None:
    """`delimiter:` and `skip_lines:` are taken at their word."""
    text = "Report of today\n\nid,a;b\n1,2;3\n"
    layout = lay_out(source(text), TableSettings(delimiter=";", skip_lines=2))
    assert (layout.header, layout.line, layout.body_line) == (("id,a", "b"), 3, 4)


def test_sep_on_the_first_line_counts_when_it_is_skipped() -> None:
    """A `sep=` line among the skipped ones still says the separator."""
    layout = lay_out(source("sep=;\nReport\nid;a,b,c\n"), TableSettings(skip_lines=2))
    assert layout.header == ("id", "a,b,c")


@pytest.mark.parametrize(
    ("text", "settings", "code", "line"),
    [
        ("", TableSettings(), "no-header", 0),
        (" \n,,\n", TableSettings(), "no-header", 0),
        ("a,b\n", TableSettings(skip_lines=9), "no-header", 0),
        ("\na,b;c\n1,2;3\n", TableSettings(), "two-separators", 2),
        ('a,"b\n1,2\n', TableSettings(), "unclosed-quote", 1),
    ],
)
def test_a_header_that_is_none(text: str, settings: TableSettings, code: str, line: int) -> None:
    """No header, a tie of separators and an unclosed quote end the reading with exit 3."""
    with pytest.raises(Stop) as stop:
        lay_out(source(text), settings)
    assert stop.value.exit_code is ExitCode.UNUSABLE
    assert [(each.code, each.place.line) for each in stop.value.problems] == [(code, line)]


def test_a_tie_names_both_readings() -> None:
    """Two separators that make as many cells are both shown, with the setting that decides."""
    with pytest.raises(Stop) as stop:
        lay_out(source("id,a;name\n"), TableSettings())
    said = str(stop.value)
    assert "`id`, `a;name`" in said
    assert "`id,a`, `name`" in said
    assert "--delimiter" in said


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "\n", "\u00a7"])
def test_what_cannot_separate(delimiter: str) -> None:
    """A delimiter that is no single plain character is an error of the policy."""
    with pytest.raises(Stop) as stop:
        lay_out(source("a,b\n"), TableSettings(delimiter=delimiter))
    assert stop.value.exit_code is ExitCode.POLICY


def test_every_bad_row_is_named() -> None:
    """Short, long and unclosed rows all come back with the lines that they begin in."""
    _, found = read('id,name\n1\n2,"a\nb"\n3,c,d\n4,"e\n\n')
    assert [(each.place.line, each.code) for each in found.errors] == [
        (2, "ragged-row"),
        (5, "ragged-row"),
        (6, "unclosed-quote"),
    ]
    assert rows(found) == [["2", "a\nb"]]


def test_a_footer_is_left_out() -> None:
    """One-cell rows after the last blank row are a footer; blank lines at the end do not matter."""
    _, found = read('id,name\n1,a\n\nReport\n"Copyright, all"\n\n \n,\n')
    assert rows(found) == [["1", "a"]]
    assert found.footer == ("Report", "Copyright, all")
    assert not found.errors


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n1,a\nTotal\n",  # no blank row
        "id,name\n1,a\n\nTotal\n2,b\n",  # not at the end
        "id,name\n1,a\n\n2,b\nTotal\n",  # accounts after the blank row: the file goes on there
        "id,name\n1,a\n\nTotal\n\n2,b\n",
    ],
)
def test_a_short_row_elsewhere_is_no_footer(text: str) -> None:
    """A one-cell row that is not part of a block of its own at the end is an error."""
    _, found = read(text)
    assert [each.code for each in found.errors] == ["ragged-row"]
    assert not found.footer


def test_a_padded_footer_stays() -> None:
    """A row with only its first cell filled stays an account, and is a warning."""
    _, found = read("id,name,x\n1,a,b\n\nReport,,\n")
    assert rows(found) == [["1", "a", "b"], ["Report", "", ""]]
    assert found.padded == (1,)


def test_one_column_has_no_footer() -> None:
    """In a file of one column every row has one cell, so that none is a footer."""
    _, found = read("id\n1\n\n2\n")
    assert rows(found) == [["1"], ["2"]]
    assert not found.padded
