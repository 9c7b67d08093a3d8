"""Sources packed by gzip or in columns: the same rows as of a CSV, some of them at a time."""

from __future__ import annotations

import gzip
import io
import os
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.batches import PARTS
from csprio.problems import ExitCode, Stop
from csprio.read import pieces, text_pieces
from csprio.read.pieces import File
from csprio.read.reopened import opener
from csprio.read.signals import read_signals
from csprio.read.sources import SourceFile
from csprio.read.yamls import parse_text
from csprio.settings import Config, Numerals, TableSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from csprio.batches import Batch
    from csprio.problems import Problem

DAY = date(2026, 11, 23)
POLICY = (
    "sources: {{usage: {{file: {file}, date: day{more}}}}}\nmeasures: {{m: {{from: usage, "
    "take: sum logins}}, n: {{from: usage, take: count, where: {{hours: over 1}}}}}}\n"
)


@contextmanager
def small(size: int) -> Iterator[None]:
    """Let pieces be as small as a test needs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "PIECE", size)
        patch.setattr(pieces, "ROWS", max(size // 8, 1))
        yield


def source(
    folder: Path,
    name: str,
    numerals: Numerals = Numerals(),  # noqa: B008 - frozen
    more: str = "",
) -> SourceFile:
    """Make the source that a file is."""
    found: list[Problem] = []
    node = parse_text(POLICY.format(file=name, more=more), f"{folder}/s.yaml", found)
    assert node is not None
    signals = read_signals(node, found)
    assert signals is not None
    assert not found
    config = Config(table=TableSettings(numerals=numerals))
    return SourceFile("usage", signals, config, pa.array(["A", "B"]), DAY)


def columns_of(batches: Sequence[Batch]) -> list[tuple[object, ...]]:
    """List the rows of batches: number, account, day, what they count."""
    rows: list[tuple[object, ...]] = []
    for batch in batches:
        logins = batch.numbers["logins"]
        texts = batch.texts.column(0).to_pylist()
        amounts = [
            Decimal(int(whole)) + Decimal(int(part)) / PARTS if known else None
            for whole, part, known in zip(logins.whole, logins.part, logins.known, strict=True)
        ]
        rows += zip(batch.at, batch.row, batch.day, amounts, texts, strict=True)
    return rows


def written(path: Path, **columns: object) -> None:
    """Write columns as a file."""
    pq.write_table(pa.table(columns), path)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "C", ""]),
            st.sampled_from(["2026-11-01", "2026-11-30", "1.2.2026", "13.2.2026", "soon", ""]),
            st.sampled_from(["1", "2.5", "", "x", " 7 "]),
            st.sampled_from(["0", "3", ""]),
        ),
        max_size=30,
    ),
    st.integers(1, 80),
)
def test_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, str]], size: int
) -> None:
    """Whatever the size of a piece: packed, or texts in columns, the rows of the CSV."""
    folder = tmp_path_factory.mktemp("sources")
    header = ("account_id", "day", "logins", "hours")
    text = "".join(",".join(cells) + "\n" for cells in [header, *rows])
    (folder / "a.csv").write_text(text, encoding="utf-8")
    (folder / "a.gz").write_bytes(gzip.compress(text.encode()))
    cells = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else {}
    columns = {name: pa.array(cells.get(name, ()), pa.string()) for name in header}
    pq.write_table(pa.table(columns), folder / "a.parquet", row_group_size=7)
    found = []
    for name in ("a.csv", "a.gz", "a.parquet"):
        file = source(folder, name)
        try:
            with small(size):
                read: object = columns_of([*file.batches()])
        except Stop as stop:
            read = str(stop).replace(name, "")
        # Which order of day and month a remedy speaks of depends on the piece.
        told = [(one.code, one.place.line, one.message) for one in file.problems]
        found.append((read, told, [line.replace(name, "") for line in file.said]))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("numerals", [Numerals(), Numerals(","), Numerals(thousands=".")])
def test_numbers_are_numbers(tmp_path: Path, numerals: Numerals) -> None:
    """A column of numbers is read as it is, however the user writes numbers; texts are not."""
    written(
        tmp_path / "a.parquet",
        account_id=["A", "B"], day=[DAY, DAY], logins=[1.234, 1234.5], hours=["0,5", "1.500,0"],
    )  # fmt: skip
    file = source(tmp_path, "a.parquet", numerals)
    rows = columns_of([*file.batches()])
    assert [row[3] for row in rows] == [Decimal("1.234"), Decimal("1234.5")]
    if numerals == Numerals():
        assert {one.code for one in file.problems} == {"bad-number"}
    else:
        assert [row[4] for row in rows] == ["0.5", "1500"]
        assert not file.problems


def test_places(tmp_path: Path) -> None:
    """Rows in which nothing is do not count; the others stand in the line of their number."""
    written(
        tmp_path / "a.parquet",
        account_id=["A", None, "B", "C", "B"],
        day=[DAY, None, DAY, DAY, None],
        logins=[1, None, 2, 3, 4],
        hours=[1.5, None, 2.5, 3.5, 4.5],
    )
    with small(16):
        file = source(tmp_path, "a.parquet")
        assert [row[:2] for row in columns_of([*file.batches()])] == [(0, 0), (1, 1), (2, -1)]
        assert [file.place(at).line for at in (2, 0, 1)] == [5, 2, 4]
    lines = {(one.code, one.place.line) for one in file.problems}
    assert lines == {("source-strangers", 5), ("source-undated", 6)}


def test_whose_key(tmp_path: Path) -> None:
    """The file that knows whose a key is may be packed, or in columns."""
    written(tmp_path / "a.parquet", seat=[7, 8], day=[DAY, DAY], logins=[1, 2], hours=[0, 0])
    text = b"seat,account_id\n7,B\n8,A\n"
    (tmp_path / "seats.csv.gz").write_bytes(gzip.compress(text))
    written(tmp_path / "seats.parquet", seat=[7, 8], account_id=["B", "A"])
    for name in ("seats.csv.gz", "seats.parquet"):
        file = source(tmp_path, "a.parquet", more=f", via: {{file: {name}, on: seat}}")
        assert [row[1] for row in columns_of([*file.batches()])] == [1, 0]
        assert len({read.sha256 for read in file.reads}) == 2


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """Damaged files, and columns without single values, end the run; nothing stays behind."""
    good = io.BytesIO()
    table = pa.table({"account_id": ["A"], "day": [DAY], "logins": [[1]], "hours": [1]})
    pq.write_table(table, good)
    (tmp_path / "lists").write_bytes(good.getvalue())
    (tmp_path / "half").write_bytes(good.getvalue()[:-9])
    (tmp_path / "cut").write_bytes(gzip.compress(b"account_id,day,logins,hours\n" * 99)[:-9])
    (tmp_path / "twice").write_bytes(gzip.compress(gzip.compress(b"a,b\n")))
    codes = {"lists": "column-kind", "half": "damaged-file", "cut": "damaged-file"}
    for name, code in (codes | {"twice": "spreadsheet"}).items():
        with pytest.raises(Stop) as caught:
            list(source(tmp_path, name).batches())
        assert caught.value.exit_code is ExitCode.UNUSABLE
        assert [one.code for one in caught.value.problems] == [code]


def test_packed_in_pieces(tmp_path: Path) -> None:
    """A long packed file is read in pieces, and nothing stays on the disk."""
    path, text = tmp_path / "a.gz", b"id,name\n" + b"1,a\n2,b\n" * 400
    path.write_bytes(gzip.compress(text))
    with small(512), pytest.MonkeyPatch.context() as patch:
        (tmp_path / "tmp").mkdir()
        patch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
        file = File(str(path), None)
        found = [*file.walk([0], 0)]
        assert os.listdir(tmp_path / "tmp") == []  # noqa: PTH208
    assert len(found) > 5
    assert file.source is None
    assert sum(piece.rows for piece in found) == 800
    assert [piece.line(0) for piece in found] == [piece.first + 2 for piece in found]


def test_opened_anew(tmp_path: Path) -> None:
    """A text is opened as often as one likes, each time with a place of its own."""
    text = bytes(np.arange(9999, dtype=np.int32).tobytes())
    for name, raw in (("a", text), ("a.gz", gzip.compress(text))):
        (tmp_path / name).write_bytes(raw)
        again = opener(str(tmp_path / name))
        with again() as one, again() as other:
            assert one.read(100) == text[:100]
            assert other.read() == text
            assert one.seek(50, os.SEEK_CUR) == 150
            assert one.read(10) == text[150:160]
            assert other.seek(-7, os.SEEK_END) == len(text) - 7
            assert other.read() == text[-7:]
