"""Answers as Parquet and packed by gzip: types, bytes, and where they may go."""

from __future__ import annotations

import gzip
import io
import os
import pty
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio import __version__
from csprio.problems import ExitCode, Stop
from csprio.show.formats import FORMATS
from csprio.show.formats import parquet as the_format
from csprio.show.output import Wish, check_wish, choose_format, deliver
from csprio.show.packed import Packed
from csprio.show.terminal import Look
from csprio.tables import ANSWERS, Column, Kind, Sheet
from sheets import answer, of_columns, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GRADES = answer(
    "grade",
    [
        {"account_id": "00123", "name": "Åkers", "potential": Decimal("1200.5"), "csm": "Ann"},
        {"account_id": "2", "name": "=x\x1b\n", "csm": "ann"},
    ],
    as_of="2026-11-23",
)
OWNER = {"owner": "csm"}


def read(raw: bytes) -> pa.Table:
    """Read a Parquet file."""
    return pq.read_table(io.BytesIO(raw))


def test_types() -> None:
    """Each kind of column has its type, whatever holds it, and missing is null."""
    kinds = [Kind.TEXT, Kind.KEY, Kind.MONEY, Kind.DATE, Kind.WHOLE, Kind.SHARE]
    columns = [Column(kind.value, kind, "") for kind in kinds]
    sheet = of_columns(
        columns,
        [
            {
                "text": "a", "key": "A", "money": Decimal("0.25"), "date": date(2026, 11, 23),
                "whole": 7, "share": Decimal("0.5"),
            },
            {},
        ],
    )  # fmt: skip
    money = pa.decimal128(18, 4)
    types = [pa.string(), pa.string(), money, pa.date32(), pa.int64(), money]
    table = read(shown("parquet", sheet))
    assert table.schema.types == types
    assert table.to_pylist() == sheet.table.to_pylist()
    coded = [each.dictionary_encode() for each in sheet.table.columns[:2]]
    whole = sheet.table.column(4).cast(pa.int16())
    held = pa.table(
        [*coded, *sheet.table.columns[2:4], whole, sheet.table.column(5)], sheet.table.column_names
    )
    assert shown("parquet", replace(sheet, table=held)) == shown("parquet", sheet)


def test_other_types() -> None:
    """Floats, truths and columns of nothing are written as what they are; all else is text."""
    table = pa.table(
        {
            "a": pa.array([1.5], pa.float32()),
            "b": [True],
            "c": pa.nulls(1),
            "d": pa.array(["x"], pa.large_string()),
        }
    )
    columns = tuple(Column(name, Kind.NUMBER, "") for name in table.column_names)
    found = read(shown("parquet", Sheet("any", columns, table)))
    assert found.schema.types == [pa.float64(), pa.bool_(), pa.string(), pa.string()]
    assert found.to_pylist() == [{"a": 1.5, "b": True, "c": None, "d": "x"}]


@pytest.mark.parametrize("command", sorted(ANSWERS))
def test_no_rows(command: str) -> None:
    """An answer without rows has its columns and types all the same."""
    sheet = answer(command, [])
    table = read(shown("parquet", sheet))
    assert table.num_rows == 0
    assert table.schema.remove_metadata() == sheet.table.schema


def test_footer() -> None:
    """The footer says the day, the version of csprio, and how the pages are packed and checked."""
    file = pq.ParquetFile(io.BytesIO(shown("parquet", GRADES)))
    assert file.schema_arrow.metadata == {
        b"as_of": b"2026-11-23", b"csprio": __version__.encode()
    }  # fmt: skip
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


@given(st.lists(st.integers(0, 9), max_size=6), st.integers(1, 9), st.booleans())
def test_same_bytes(cuts: Sequence[int], group: int, coded: bool) -> None:  # noqa: FBT001
    """However an answer comes in parts, its bytes are the same; its rows are in groups."""
    names = pa.array([f"n{at % 3}" for at in range(sum(cuts))], pa.string())
    whole = pa.table({"a": pa.array(range(sum(cuts)), pa.int64()), "b": names})
    columns = (Column("a", Kind.WHOLE, ""), Column("b", Kind.TEXT, ""))
    parts, start = [], 0
    for rows in cuts:
        part = whole.slice(start, rows)
        parts.append(part.set_column(1, "b", part["b"].dictionary_encode()) if coded else part)
        start += rows
    first = parts[0] if parts else whole
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(the_format, "GROUP_ROWS", group)
        at_once = shown("parquet", Sheet("any", columns, whole))
        in_parts = shown("parquet", Sheet("any", columns, first, more=iter(parts[1:])))
    assert at_once == in_parts
    assert read(at_once).equals(whole)
    file = pq.ParquetFile(io.BytesIO(at_once)).metadata
    sizes = [file.row_group(at).num_rows for at in range(file.num_row_groups)]
    assert sizes == [min(group, sum(cuts) - at) for at in range(0, sum(cuts), group)]


@pytest.mark.parametrize("allowed", range(6))
def test_a_sink_that_fails(allowed: int) -> None:
    """Where bytes cannot be written the run ends with what the sink says, and nothing else."""
    taken: list[bytes] = []

    class Full:
        """Takes some pieces."""

        def write(self, chunk: bytes | memoryview, /) -> None:
            """Take a piece, or none any more."""
            if len(taken) == allowed:
                raise Stop(ExitCode.UNWRITTEN, [])
            taken.append(bytes(chunk))

    with pytest.raises(Stop) as caught:
        the_format.write(GRADES, Full(), Look())
    assert caught.value.exit_code is ExitCode.UNWRITTEN
    assert len(taken) == allowed


@pytest.mark.parametrize(
    ("output", "told", "expected"),
    [
        ("a.parquet", "", "parquet"),
        ("a.PARQUET", "", "parquet"),
        ("{owner}.parquet", "", "parquet"),
        ("", "parquet", "parquet"),
        ("a.csv.gz", "", "csv"),
        ("a.json.GZ", "", "json"),
        ("a.md.gz", "", "md"),
        ("a.txt.gz", "", "table"),
        ("a.gz", "", "csv"),
        ("a.gz", "json", "json"),
        (".gz", "", "csv"),
        ("{owner}.gz", "", "csv"),
        ("week.{owner}.gz", "", "csv"),
        ("a.gz/b", "", "csv"),
    ],
)
def test_chosen_by_name(output: str, told: str, expected: str) -> None:
    """The extension before .gz says the format; -f beats it."""
    assert choose_format(Wish(output, told)) == expected


@pytest.mark.parametrize(
    ("output", "told", "message"),
    [
        ("a.parquet.gz", "", "not-text: parquet is not text, and a.parquet.gz would pack it"),
        ("a.csv.gz", "parquet", "not-text: .* take .gz off the name"),
        ("a.ods.gz", "", r"unknown-extension: the name a.ods.gz .* \.ods means none"),
    ],
)
def test_refused_by_name(output: str, told: str, message: str) -> None:
    """What is packed already is not packed again, and a name must say what is in it."""
    with pytest.raises(Stop, match=message) as caught:
        check_wish(Wish(output, told))
    assert caught.value.exit_code is ExitCode.POLICY


def test_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No terminal gets what is no text, be it stdout or a device by its name."""
    monkeypatch.setattr("csprio.show.output.is_terminal", lambda _: True)
    for output in ("", "-", "/dev/stdout"):
        with pytest.raises(Stop, match=r"the output is a terminal; .* -o answer\.parquet, or into"):
            check_wish(Wish(output, "parquet"))
    monkeypatch.undo()
    here, there = pty.openpty()
    try:
        device = os.ttyname(there)
        with pytest.raises(Stop, match="not-text"):
            check_wish(Wish(device, "parquet"))
        check_wish(Wish(device, "csv"))
    finally:
        os.close(here)
        os.close(there)
    for output in (os.devnull, str(tmp_path), str(tmp_path / "new"), "a\0"):
        check_wish(Wish(output, "parquet"))


def test_pipe(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """A pipe gets the bytes as they are."""
    deliver(GRADES, Wish("", "parquet"))
    assert capsysbinary.readouterr().out == shown("parquet", GRADES)


@pytest.mark.parametrize(
    "name", [name for name, kind in FORMATS.items() if not kind.binary and not kind.answers]
)
def test_packed(name: str, tmp_path: Path) -> None:
    """Any text is packed where the name ends in .gz: the same bytes each time, without a name."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        deliver(GRADES, Wish(f"{tmp_path}/{folder}/{folder}.gz", name))
    raw = (tmp_path / "one" / "one.gz").read_bytes()
    assert raw == (tmp_path / "two" / "two.gz").read_bytes()
    assert gzip.decompress(raw) == shown(name, GRADES)
    assert raw[3:8] == bytes(5)  # no name, no time


def test_packed_for_each(tmp_path: Path) -> None:
    """A file each, packed or with columns; names that meet are told apart before the extension."""
    for extension in ("csv.gz", "parquet"):
        deliver(GRADES, Wish(f"{tmp_path}/{{owner}}.{extension}", column_for=OWNER))
        assert {path.name for path in tmp_path.iterdir()} == {
            f"Ann.{extension}", f"ann-2.{extension}"
        }  # fmt: skip
        for path in tmp_path.iterdir():
            assert path.stat().st_size
            path.unlink()
    sheet = answer("grade", [{"csm": "a-b", "tier": "c"}, {"csm": "a", "tier": "b-c"}])
    both = {"owner": "csm", "tier": "tier"}
    deliver(sheet, Wish(f"{tmp_path}/{{owner}}-{{tier}}.csv.gz", column_for=both))
    assert {path.name for path in tmp_path.iterdir()} == {"a-b-c.csv.gz", "a-b-c-2.csv.gz"}


def test_all_or_none(tmp_path: Path) -> None:
    """Where one file cannot be written, none is, and nothing is left beside them."""
    (tmp_path / "ann-2.parquet").mkdir()
    with pytest.raises(Stop):
        deliver(GRADES, Wish(f"{tmp_path}/{{owner}}.parquet", column_for=OWNER))
    assert [path.name for path in tmp_path.iterdir()] == ["ann-2.parquet"]


def test_packed_piece_by_piece() -> None:
    """What is packed leaves as it comes: an answer is never in memory as a whole."""
    sink = io.BytesIO()
    packer = Packed(sink)
    for _ in range(64):
        packer.write(os.urandom(1 << 16))
    assert sink.tell() > 1 << 21
    packer.end()
    assert len(gzip.decompress(sink.getvalue())) == 1 << 22
