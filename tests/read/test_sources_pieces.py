"""Files read in pieces: whatever the size of a piece, the rows are those of the whole file."""

from __future__ import annotations

import csv
import io
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csprio.problems import ExitCode, Stop
from csprio.read import pieces, text_pieces
from csprio.read.pieces import File
from csprio.read.reopened import opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Rows = list[tuple[int, list[str]]]


@contextmanager
def piece_of(size: int) -> Iterator[None]:
    """Let pieces be as small as a test needs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "PIECE", size)
        yield


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file to write to, again and again."""
    return tmp_path_factory.mktemp("pieces") / "a.csv"


def walked(file: File, key: int = 0) -> tuple[Rows, list[int]]:
    """Give the rows of a file with their lines, and the lines that they are found on later."""
    wanted = range(len(file.layout.header))
    rows: Rows = []
    for piece in file.walk(wanted, key):
        assert piece.first == len(rows)
        columns = [piece.columns[at].to_pylist() for at in wanted]
        cells = [list(row) for row in zip(*columns, strict=True)]
        assert len(cells) == piece.rows
        rows += [(piece.line(at), row) for at, row in enumerate(cells)]
    return rows, [file.line(row, key) for row in range(len(rows))]


def read(path: Path, size: int, encoding: str | None = None, key: int = 0) -> tuple[Rows, File]:
    """Read a file in pieces of a size."""
    with piece_of(size):
        file = File(str(path), encoding)
        rows, lines = walked(file, key)
        assert lines == [line for line, _ in rows]
        return rows, file


def by_csv(text: str, delimiter: str = ",") -> Rows:
    """Read with the csv module: the rows that hold something, with the lines they begin on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line = [], 1
    for row in reader:
        rows.append((line, row))
        line = reader.line_num + 1
    return [(line, row) for line, row in rows[1:] if any(cell.strip() for cell in row)]


CELLS = st.text(alphabet='a1",;\n\r \u00e9\u4e2d', max_size=6)
SIZES = st.integers(1, 60)


@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12),
    st.tuples(
        st.sampled_from([",", ";"]),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    ),
    SIZES,
)
def test_any_piece_size_gives_the_rows_of_the_csv_module(
    path: Path,
    table: list[tuple[str, str, str]],
    dialect: tuple[str, str, Literal[0, 1]],
    size: int,
) -> None:
    """Cells and lines are those of a slow reading, wherever pieces end; blank rows do not count."""
    out = io.StringIO(newline="")
    mark, end, quoting = dialect
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=quoting)
    writer.writerow(["id", "name", "note"])
    # Python's writer leaves a lone CR without quotes.
    writer.writerows([[cell.replace("\r", "") for cell in row] for row in table])
    path.write_bytes(out.getvalue().encode())
    rows, _ = read(path, size)
    assert rows == by_csv(out.getvalue(), mark)


@given(
    st.text(alphabet='abc",\n\r \u00a0', max_size=60), st.integers(1, 3), SIZES, st.integers(0, 2)
)
@example('a,b\n"c\nd",e\n', 2, 4, 1)
@example("a,b\n\n,\nc,d\n", 2, 5, 1)
@example('a,b"\nc,d\n"e,f\n', 2, 8, 1)
@example('a,b\nc,"d\ne,f\n', 2, 9, 1)
@example("a,b\nfooter\n\nc\n", 2, 4, 0)
@example("a,b\n\nc\n", 2, 4, 1)
@example("a\rb\rc\r", 1, 2, 1)
def test_any_text_is_read_as_at_once(
    path: Path,
    body: str,
    width: int,
    size: int,
    key: int,
) -> None:
    """What a piece cannot show is seen in the whole: its rows, and its errors."""
    path.write_bytes((",".join("xyz"[:width]) + "\n" + body).encode())
    key = min(key, width - 1)
    outcomes: list[object] = []
    for way in (size, 0):
        try:
            if way:
                outcomes.append(read(path, way, key=key)[0])
            else:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(pieces._InPieces, "__post_init__", _refuse)  # noqa: SLF001
                    outcomes.append(walked(File(str(path), None), key)[0])
        except Stop as stop:
            outcomes.append((stop.exit_code, stop.problems))
    assert outcomes[0] == outcomes[1]


def _refuse(*_: object) -> None:
    raise text_pieces.Odd


def test_large_file_is_read_ahead_in_a_thread(path: Path) -> None:
    """While somebody works on a piece the next one is read; a small file needs no thread."""
    lines = [f"{at},{at % 7},x{at}" for at in range(3000)]
    path.write_text("\n".join(["id,day,name", *lines]), encoding="utf-8")
    before = threading.active_count()
    with piece_of(4096):
        file = File(str(path), None)
        found = [piece for piece in file.walk([0, 1], 1) if threading.active_count() > before]
        assert len(found) > 5
        ids = [text for piece in found for text in piece.columns[0].to_pylist()]
        assert ids == [str(at) for at in range(3000)]
        assert file.line(2999, 1) == 3001
        assert file.line(0, 1) == 2
    next(iter(File(str(path), None).walk([0], 0)))
    assert threading.active_count() == before


def test_columns_that_repeat_are_coded(path: Path) -> None:
    """Arrow holds a column by its different texts where the head of a piece repeats them."""
    lines = [f"k{at},{at % 3}" for at in range(500)]
    path.write_text("\n".join(["id,day", *lines, ""]), encoding="utf-8")
    piece = next(iter(File(str(path), None).walk([0, 1], 1)))
    assert [str(piece.columns[at].type)[:10] for at in (0, 1)] == ["string", "dictionary"]
    assert piece.columns[1].to_pylist()[:4] == ["0", "1", "2", "0"]


@pytest.mark.parametrize("encoding", [None, "cp1252", "utf-8", "shift_jis", "no-such"])
def test_utf8_comes_first(path: Path, encoding: str | None) -> None:
    """A file that is UTF-8 is read so, with or without its mark, whatever the setting says."""
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + "id,näme\n1,ü€\n2,x\n".encode())
        rows, file = read(path, 9, encoding)
        assert file.layout.header == ("id", "näme")
        assert rows == [(2, ["1", "ü€"]), (3, ["2", "x"])]
        assert (file.source is None) == (encoding != "no-such")


@pytest.mark.parametrize(
    ("encoding", "said", "at_once"),
    [
        ("cp1252", "cp1252", False),
        ("latin-1", "latin-1", False),
        ("shift_jis", "shift_jis", True),
        ("utf-16", None, True),
        ("utf-16", "cp1252", True),
        ("cp500", "cp500", True),
    ],
)
def test_other_encodings(path: Path, encoding: str, said: str | None, at_once: bool) -> None:  # noqa: FBT001
    """A byte a character is read in pieces, anything else at once; a mark beats the setting."""
    name = "田" if encoding == "shift_jis" else "Müller"
    lines = [f"{at},{name}" for at in range(30)]
    path.write_bytes("\n".join([f"id,{name}", *lines, ""]).encode(encoding))
    rows, file = read(path, 64, said)
    assert rows == [(at + 2, [str(at), name]) for at in range(30)]
    assert (file.source is not None) == at_once


def test_no_text_is_said_with_its_line(path: Path) -> None:
    """What is found only in a later piece is an error of the file, at its own line."""
    for bad, said, code in (
        (b"\xfc", None, "not-utf8"),
        (b"\0", None, "nul-byte"),
        (b"\x81", "cp1252", "not-encoded"),
        (b"\xfc\0", "cp1252", "nul-byte"),
    ):
        path.write_bytes(b"id,name\n" + b"1,a\n" * 20 + b"2," + bad + b"\n")
        with pytest.raises(Stop) as stop:
            read(path, 16, said)
        assert stop.value.exit_code is ExitCode.UNUSABLE
        assert [(one.code, one.place.line) for one in stop.value.problems] == [(code, 22)]


def test_whole_characters_are_judged(path: Path) -> None:
    """A character that is cut by the end of a block is no reason to take a file for cp1252."""
    path.write_bytes(("id,name\n" + "1,中😀é\n" * 9).encode())
    for size in range(1, 40):
        with piece_of(size):
            assert text_pieces.is_utf8_file(opener(str(path)))
    path.write_bytes(b"id\n" + b"\xe4\xb8")
    for size in range(1, 9):
        with piece_of(size):
            assert not text_pieces.is_utf8_file(opener(str(path)))


def test_what_is_no_plain_file(path: Path, tmp_path: Path) -> None:
    """A pipe is read at once, and only once; a folder and a lack of a file are said as ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"id,n\n1,2\n",))
    writer.start()
    file = File(str(pipe), None)
    writer.join()
    assert walked(file)[0] == [(2, ["1", "2"])]
    assert file.source is not None
    for place, code in ((tmp_path, "is-folder"), (tmp_path / "x", "missing-file")):
        with pytest.raises(Stop) as stop:
            File(str(place), None)
        assert [one.code for one in stop.value.problems] == [code]
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(Stop, match="spreadsheet"):
        File(str(path), None)


def test_file_that_goes_away(path: Path) -> None:
    """A file that is not there any more when it is read on is said so."""
    path.write_text("id,name\n1,2\n", encoding="utf-8")
    file = File(str(path), None)
    path.unlink()
    with pytest.raises(Stop, match="missing-file"):
        walked(file)


def test_files_without_rows(path: Path) -> None:
    """A header alone is a table without rows; nothing at all is none."""
    for text in (b"id,name", b"id,name\r\n", b"\xef\xbb\xbfid,name\n\n\n"):
        path.write_bytes(text)
        assert read(path, 4)[0] == []
    path.write_bytes(b"\n \n")
    with pytest.raises(Stop, match="no-header"):
        File(str(path), None)


def test_header_is_longer_than_what_is_looked_at(path: Path) -> None:
    """A header that does not fit into a piece is read with the rest, at once."""
    path.write_text('id,"' + "x" * 70_000 + '"\n1,2\n', encoding="utf-8")
    rows, file = read(path, 16)
    assert rows == [(2, ["1", "2"])]
    assert file.source is not None
    path.write_text("id,name\n" + "1," + "y" * 70_000 + "\n", encoding="utf-8")
    assert read(path, 16)[0] == [(2, ["1", "y" * 70_000])]


def test_footer_is_said(path: Path) -> None:
    """The footer of a report is left out and quoted."""
    path.write_text("id,name\n1,2\n\nTotal 1\nby me\n", encoding="utf-8")
    rows, file = read(path, 8)
    assert rows == [(2, ["1", "2"])]
    assert file.said == [f"{path}: left out 2 lines at the end, a report's footer: `Total 1`"]


def test_a_long_way_back(path: Path) -> None:
    """Quotes that never fit are looked for over some lines only; then all is read at once."""
    rows = [f'{at},"a"' if at else 'x"y,b' for at in range(3000)]
    path.write_text("\n".join(["id,name", *rows, ""]), encoding="utf-8")
    found, file = read(path, 1024)
    assert len(found) == 3000
    assert file.source is not None


def test_rows_of_a_whole_file_are_given_in_parts(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a file that was read at once only so many rows are given at a time."""
    monkeypatch.setattr(pieces, "ROWS", 4)
    path.write_bytes("id,name\n".encode("utf-16") + "1,2\n".encode("utf-16-le") * 9)
    file = File(str(path), None)
    assert [piece.rows for piece in file.walk([0], 0)] == [4, 4, 1]
    assert [line for line, _ in walked(file)[0]] == [*range(2, 11)]


def test_line_before_any_walk(path: Path) -> None:
    """A file that was read at once knows its lines without having been walked through."""
    path.write_bytes("id,name\n1,2\n\n3,4\n".encode("utf-16"))
    assert File(str(path), None).line(1, 0) == 4
