"""Parquet: columns as csprio would print them, places as of lines, damaged files refused."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.problems import ExitCode, Stop
from csprio.read.accounts import Book, Needs, read_accounts
from csprio.read.column_texts import is_number, texts_of
from csprio.read.parquet import Parquet
from csprio.read.source import read_source
from csprio.read.table import lay_out, read_columns
from csprio.settings import Numerals, TableSettings

NEEDS = Needs(("A", "B", "C"), ("1", "2", "3"), ("A1",), ("1", "2"), ("csm",), {}, ("note",))
DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def packed(table: pa.Table, **how: Any) -> bytes:  # noqa: ANN401 - options of Arrow
    """Write a table as a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(table, sink, **how)
    return sink.getvalue()


def of_columns(**columns: object) -> bytes:
    """Write columns as a Parquet file."""
    return packed(pa.table(columns))


def book_of(raw: bytes, settings: TableSettings = TableSettings()) -> Book:  # noqa: B008 - frozen
    """Read an accounts file from stdin."""
    return read_accounts(("-",), settings, NEEDS, None, io.BytesIO(raw))


def stop_of(raw: bytes, settings: TableSettings = TableSettings()) -> Stop:  # noqa: B008 - frozen
    """Read an accounts file that cannot be used."""
    with pytest.raises(Stop) as caught:
        book_of(raw, settings)
    assert caught.value.exit_code is ExitCode.UNUSABLE
    return caught.value


def written(values: pa.Array) -> list[str] | str:
    """Write a column as a file has it, and read it as text."""
    table = pq.read_table(io.BytesIO(of_columns(a=values)))
    texts = texts_of(table["a"])
    return texts if isinstance(texts, str) else texts.to_pylist()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array(["00123", " a", "", None]), ["00123", " a", "", ""]),
        (pa.array(["ä"], pa.large_string()), ["ä"]),
        (pa.array(["ä"], pa.string_view()), ["ä"]),
        (pa.array(["x", None, "x"]).dictionary_encode(), ["x", "", "x"]),
        (pa.array([1, None, -5]), ["1", "", "-5"]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([7, 7], pa.int8()).dictionary_encode(), ["7", "7"]),
        (pa.array([1.0, 0.1, -0.0, None]), ["1", "0.1", "0", ""]),
        (pa.array([1e22, 1e-7, 1.5e300]), ["1" + "0" * 22, "0.0000001", "15" + "0" * 299]),
        (pa.array([float("nan"), float("-inf")]), ["", "-inf"]),
        (pa.array([0.1, 1e10], pa.float32()), ["0.1", "10000000000"]),
        (pa.array([1.5], pa.float16()), ["1.5"]),
        (pa.array([Decimal("1200.50"), None], pa.decimal128(18, 4)), ["1200.5", ""]),
        (pa.array([Decimal("0.00"), Decimal(-100)], pa.decimal128(9, 2)), ["0", "-100"]),
        (pa.array([Decimal(0), Decimal("1E-8")], pa.decimal128(18, 8)), ["0", "0.00000001"]),
        (pa.array([Decimal(1500)], pa.decimal128(9, 0)), ["1500"]),
        (pa.array([Decimal(100)], pa.decimal256(50, 3)), ["100"]),
        (pa.array([True, False, None]), ["true", "false", ""]),
        (pa.array([date(2026, 11, 23), None]), ["2026-11-23", ""]),
        (pa.array([date(2026, 11, 23)], pa.date64()), ["2026-11-23"]),
        (pa.array([DAY.replace(tzinfo=None)], pa.timestamp("ms")), ["2026-11-23T09:30:00"]),
        (pa.array([DAY, None], pa.timestamp("us", "UTC")), ["2026-11-23T09:30:00Z", ""]),
        (pa.array([DAY], pa.timestamp("us", "+05:30")), ["2026-11-23T15:00:00+05:30"]),
        (
            pa.array([DAY + timedelta(milliseconds=250)], pa.timestamp("ns", "-08:00")),
            ["2026-11-23T01:30:00.25-08:00"],
        ),
        (pa.array([DAY] * 3).dictionary_encode(), ["2026-11-23T09:30:00Z"] * 3),
        (pa.array([time(9, 30), time(0, 0, 1, 500)]), ["09:30:00", "00:00:01.0005"]),
        (pa.array([b"Acme", None]), ["Acme", ""]),
        (pa.array([b"ab"], pa.binary(2)), ["ab"]),
        (pa.nulls(2), ["", ""]),
        (pa.array(['{"a":1}'], pa.json_()), ['{"a":1}']),
        (
            pa.ExtensionArray.from_storage(
                pa.uuid(), pa.array([uuid.UUID(int=5).bytes, None], pa.binary(16))
            ),
            ["00000000-0000-0000-0000-000000000005", ""],
        ),
        (pa.array([[1]]), "lists or records"),
        (pa.array([{"a": 1}]), "lists or records"),
        (pa.array([timedelta(1)]), "spans of time"),
        (pa.array([b"\xff"]), "values of the type binary, some of which have no text"),
    ],
    ids=str,
)
def test_texts(values: pa.Array, expected: list[str] | str) -> None:
    """Every type comes out as csprio prints it, nothing as an empty cell, or not at all."""
    assert written(values) == expected


def test_texts_that_no_file_holds() -> None:
    """What Arrow has no text for is said to have none, and no rows are an empty column."""
    assert texts_of(pa.chunked_array([], pa.float64())) == pa.array([], pa.string())
    months = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
    assert texts_of(pa.chunked_array([months])) == "spans of time"
    pairs = pa.array([[1, 2]], pa.list_(pa.int32(), 2))
    tensor = pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(pa.int32(), [2]), pairs)
    assert str(texts_of(pa.chunked_array([tensor]))).startswith("values of the type extension")
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")]
    )
    assert "have no text" in str(texts_of(pa.chunked_array([broken])))
    assert is_number(pa.dictionary(pa.int8(), pa.float64()))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "Acme", '"Q", x', " two\nlines ", "'=1", "\u00a0"]),
            st.sampled_from(["", "1,234.5", "50k", "soon", " 7 ", "$3"]),
            st.sampled_from(["", "2026-11-23", "23.11.2026", "never"]),
        ),
        max_size=8,
    ),
    st.booleans(),
)
def test_texts_are_as_in_a_csv(rows: list[tuple[str, str, str]], dictionaries: bool) -> None:  # noqa: FBT001
    """A file whose columns are texts is the book that the CSV with these cells is."""
    names = ["id", "name", "potential", "start_date"]
    cells = [[f"K{at}" for at in range(len(rows))], *map(list, zip(*rows, strict=True))]
    cells += [[] for _ in names[len(cells) :]]
    columns = [pa.array(column, pa.string()) for column in cells]
    sink = io.BytesIO()
    pa_csv.write_csv(pa.table(columns, names), sink)
    if dictionaries:
        columns = [column.dictionary_encode() for column in columns]
    one, other = (book_of(raw) for raw in (sink.getvalue(), packed(pa.table(columns, names))))
    assert one.table.equals(other.table)
    assert one.inputs_have == other.inputs_have
    assert [(each.code, each.message) for each in one.problems] == [
        (each.code, each.message) for each in other.problems
    ]
    assert [one.text(row, "name") for row in range(len(rows))] == [
        other.text(row, "name") for row in range(len(rows))
    ]


@pytest.mark.parametrize(
    "numerals", [Numerals(), Numerals(","), Numerals(thousands="."), Numerals(".", ",", "EUR")]
)
def test_numbers_are_numbers(numerals: Numerals) -> None:
    """A column of numbers is read as it is, however the user writes numbers in texts."""
    amounts = [Decimal("1.234"), Decimal("1234.5"), Decimal(1000000)]
    typed = of_columns(
        id=["a", "b", "c"],
        potential=pa.array(amounts, pa.decimal128(18, 4)),
        arr=[1.234, 1234.5, 1e6],
        term_months=[12.0, 1.0, None],
    )
    book = book_of(typed, TableSettings(numerals=numerals))
    assert not book.problems
    assert book.table["potential"].to_pylist() == book.table["arr"].to_pylist() == amounts
    assert book.table["term_months"].to_pylist() == [12, 1, None]
    texts = of_columns(id=["a"], potential=["1.234"])
    problems = book_of(texts, TableSettings(numerals=numerals)).problems
    assert [each.code for each in problems] == ["ambiguous-number"] * (numerals == Numerals())


def test_places() -> None:
    """A row stands in the line that it would have in a CSV with a line for each row."""
    raw = of_columns(
        id=["1", "2", "3"], name=["two\nlines", "b", "c"], arr=[1.5, -1, float("inf")],
        renewal_date=["2026-11-23", "soon", None],
    )  # fmt: skip
    book = book_of(raw)
    found = [(str(each.place), each.code) for each in book.problems]
    assert found == [
        ("-:3:arr", "bad-money"), ("-:3:renewal_date", "bad-date"), ("-:4:arr", "bad-money")
    ]  # fmt: skip
    assert "`-inf`" not in str(book.problems[2])
    assert book.text(0, "arr") == "1.5"
    stop = stop_of(of_columns(id=["1", None, "1"]), TableSettings(delimiter=";", skip_lines=2))
    assert [str(each.place) for each in stop.problems] == ["-:4:id"]


def test_blank_rows() -> None:
    """Rows in which nothing is are no accounts; what stands after one may be a report's footer."""
    raw = of_columns(
        name=["Acme", None, "Brio", "", "Total", "Made today", None],
        id=["1", None, "2", " ", None, None, None],
        arr=pa.array([1, None, 2, None, None, None, None], pa.int64()),
        tags=[["x"], None, None, None, None, None, None],
    )
    stop = stop_of(raw)
    assert [str(each.place) for each in stop.problems] == ["-:6:id", "-:7:id"]
    assert [each.code for each in stop.also] == ["padded-footer"] * 2
    texts = {"x": ["a", None, "Total"], "id": ["1", None, None]}
    other = [pa.array(texts["x"]), pa.array([["a"], None, ["Total"]])]
    for first, expected in zip(other, (["`Total` is all"], []), strict=True):
        stop = stop_of(of_columns(x=first, id=texts["id"]))
        assert [str(each.place) for each in stop.problems] == ["-:4:id"]
        assert [each.message[:14] for each in stop.also] == expected
    only = TableSettings(columns={"account_id": "name"})
    book = book_of(raw, only)
    assert book.table["account_id"].to_pylist() == ["Acme", "Brio", "Total", "Made today"]
    found = {(each.place.line, each.code) for each in book.problems}
    assert found == {(6, "padded-footer"), (7, "padded-footer")}


@pytest.mark.parametrize(
    "columns",
    [
        {"id": ["1", None, "2"], "arr": [1, None, 2]},
        {"id": ["1", None, "2"]},
        {"id": [None, "1", "2"], "arr": [None, None, 3]},
        {"id": [None, None], "arr": [None, None]},
    ],
)
def test_no_footer(columns: dict[str, list[Any]]) -> None:
    """A row that is filled, or stands before all blank ones, is no footer."""
    book = book_of(packed(pa.table({k: pa.array(v, pa.string() if k == "id" else pa.int64())
                                    for k, v in columns.items()})))  # fmt: skip
    assert book.table["account_id"].to_pylist() == [each for each in columns["id"] if each]
    assert not book.problems


def test_nested() -> None:
    """A column of lists is an error where somebody needs it, and nothing otherwise."""
    columns = {"id": ["1", "2"], "tags": [["x"], None], "csm": [[], ["Ann"]]}
    stop = stop_of(of_columns(**columns))
    assert [str(each.place) for each in stop.problems] == ["-:1:csm"]
    assert "column-kind: the column holds lists or records" in str(stop)
    book = book_of(of_columns(id=["1"], tags=[["x"]], spans=[timedelta(1)]))
    assert book.inputs_have[:3] == ("id", "tags", "spans")
    assert len(book.table) == 1
    for name in ("id", "x"):
        stop = stop_of(of_columns(**{name: [["1"], None], "arr": [1, 2]}))
        expected = "column-kind" if name == "id" else "no-id-column"
        assert [each.code for each in stop.problems] == [expected]


def test_headers() -> None:
    """Headers are matched as those of a CSV are: aliases, double ones, none for the account."""
    column = pa.array(["1"])
    book = book_of(packed(pa.table([column] * 3, [" Account ID", "note", "note.b"])))
    assert book.table["account_id"].to_pylist() == ["1"]
    assert book.written["note"].to_pylist() == ["1"]
    nested = pa.array([{"b": 2}])
    dotted = pa.table([column, nested, pa.array(["7"])], ["id", "note", "note.b"])
    needs = Needs(adds=("note.b",))
    both = read_accounts(("-",), TableSettings(), needs, None, io.BytesIO(packed(dotted)))
    assert both.written["note.b"].to_pylist() == ["7"]
    twice = packed(pa.table([column, column, column], ["id", "id", "name"]))
    assert [each.code for each in stop_of(twice).problems] == ["repeated-header"]
    free = packed(pa.table([column, pa.array(["a"]), pa.array(["b"])], ["id", "x", "x"]))
    assert len(book_of(free).table) == 1
    assert [each.code for each in stop_of(of_columns(x=["1"])).problems] == ["no-id-column"]
    unknown = TableSettings(columns={"csm": "Owner"})
    with pytest.raises(Stop, match="unknown-column"):
        book_of(of_columns(id=["1"]), unknown)


def test_several_groups() -> None:
    """Rows in several groups, whose dictionaries differ, are one column."""
    names = [f"n{at // 7}" for at in range(50)]
    table = pa.table(
        {"id": [str(at) for at in range(50)], "name": pa.array(names).dictionary_encode()}
    )
    book = book_of(packed(table, row_group_size=9, compression="zstd"))
    assert book.table["name"].to_pylist() == names


def test_no_rows() -> None:
    """A file without rows is a book without accounts."""
    assert len(book_of(of_columns(id=pa.array([], pa.int64()))).table) == 0
    assert [each.code for each in stop_of(of_columns()).problems] == ["no-header"]


def test_nul() -> None:
    """A NUL byte is in no text, in no file."""
    stop = stop_of(of_columns(id=["1", "2"], name=["a", "b\0"]))
    assert [(str(each.place), each.code) for each in stop.problems] == [("-:3:name", "nul-byte")]
    assert len(book_of(of_columns(id=["1"], other=["\0"])).table) == 1


def test_only_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns that nobody looks at are not read."""
    asked: list[list[str]] = []
    read = pq.ParquetFile.read

    def noting(file: pq.ParquetFile, columns: list[str], **how: Any) -> pa.Table:  # noqa: ANN401
        """Note what is read."""
        asked.append(columns)
        return read(file, columns=columns, **how)

    monkeypatch.setattr(pq.ParquetFile, "read", noting)
    source = read_source(
        "-", TableSettings(), io.BytesIO(of_columns(a=["1"], b=["2"], c=["3"], d=[[4]]))
    )
    layout = lay_out(source, TableSettings())
    found = read_columns(source, layout, [2], 0)
    assert asked == [["c"], ["a"]]
    assert {at: column.to_pylist() for at, column in found.columns.items()} == {0: ["1"], 2: ["3"]}
    assert found.lines[0] == 2


GOOD = of_columns(id=["1", "2", "3"], name=["a", "b", "c"], arr=[1.5, 2.5, None])


@pytest.mark.parametrize("cut", range(5, len(GOOD), 7))
def test_cut_short(cut: int) -> None:
    """A file that ends too early is refused."""
    stop = stop_of(GOOD[:cut])
    assert [each.code for each in stop.problems] == ["damaged-file"]
    assert "this Parquet file cannot be unpacked: it ends too early" in str(stop)


@given(st.data())
def test_changed(data: st.DataObject) -> None:
    """Whatever bytes of a file are changed, csprio reads it or says that it is damaged."""
    raw = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(5, len(raw) - 5))] = data.draw(st.integers(0, 255))
    found: set[str] = set()
    try:
        file = Parquet("a", bytes(raw))
        file.read(range(len(file.header)), 0)
    except Stop as stop:
        found = {each.code for each in stop.problems}
    assert found <= {"damaged-file"}
