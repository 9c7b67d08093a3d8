"""Bytes to text: encodings, marks, and files that are no text."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.problems import ExitCode, Stop
from csprio.read.source import line_at, read_source, skip_lines
from csprio.settings import TableSettings

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "id,n\u00e4me\n1,\u4e2d\u6587\n"


def read(raw: bytes, encoding: str | None = None) -> bytes:
    """Read bytes that come in by stdin."""
    return read_source("-", TableSettings(encoding=encoding), io.BytesIO(raw)).data


def stop(raw: bytes, encoding: str | None = None) -> Stop:
    """Read bytes that are no text."""
    with pytest.raises(Stop) as caught:
        read(raw, encoding)
    return caught.value


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
    ],
)
def test_marks_say_the_encoding(mark: bytes, codec: str) -> None:
    """UTF-8 with or without its mark, UTF-16 and UTF-32 with theirs, all give the same text."""
    assert read(mark + TEXT.encode(codec)) == TEXT.encode()
    assert read(mark + TEXT.encode(codec), "utf-8") == TEXT.encode()


@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "iso-8859-15", "UTF-16-LE", "mac-roman"])
def test_a_setting_says_the_encoding(codec: str) -> None:
    """What has no mark is read in the encoding that the setting names."""
    assert read("id,n\u00e4me\n".encode(codec), codec) == "id,n\u00e4me\n".encode()


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_utf8_comes_through(text: str) -> None:
    """Any text without NUL comes through unchanged, but for a mark at its head."""
    assert read(b"\xef\xbb\xbf" + text.encode()) == text.encode()


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    """The SHA-256 is that of the bytes on disk, mark included; the name is as given."""
    raw = b"\xef\xbb\xbf" + TEXT.encode()
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    source = read_source(str(path), TableSettings(), io.BytesIO())
    assert source.sha256 == hashlib.sha256(raw).hexdigest()
    assert source.name == str(path)


def test_not_utf8_names_line_byte_and_remedy() -> None:
    """The first wrong byte is named by line and byte in the line, with cp1252 as the remedy."""
    said = str(stop(b"id,name\r\n1,Caf\xc3\xa9 Caf\xe9\r\n"))
    assert said == (
        "-:2: not-utf8: line 2, byte 12: not UTF-8; files from Excel or Salesforce on Windows "
        "are often cp1252: add --encoding cp1252"
    )


@pytest.mark.parametrize(
    ("raw", "encoding", "said"),
    [
        (b"id\n\x81\n", "cp1252", "line 2, byte 1: not cp1252"),
        (b"\xff\xfei\x00d\x00\n\x00x", None, "line 2, byte 1: not UTF-16"),
        (b"\xef\xbb\xbf\xff", None, "line 1, byte 4: not UTF-8"),
    ],
)
def test_other_encodings_that_fail(raw: bytes, encoding: str | None, said: str) -> None:
    """A text that is not in the encoding said names that encoding."""
    found = stop(raw, encoding)
    assert found.exit_code is ExitCode.UNUSABLE
    assert said in str(found)


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13"])
def test_an_unknown_encoding_is_an_error_of_policy(encoding: str) -> None:
    """What is no encoding of text is exit 2, not a traceback."""
    assert stop(b"\xe9", encoding).exit_code is ExitCode.POLICY


@pytest.mark.parametrize(
    "raw",
    [b"PK\x03\x04rest", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"],
)
def test_spreadsheets_are_named(raw: bytes) -> None:
    """A spreadsheet or packed file is called one, with the remedy to save it as CSV."""
    found = stop(raw)
    assert [each.code for each in found.problems] == ["spreadsheet"]
    assert "save it as CSV" in str(found)


def test_a_header_may_begin_with_pk() -> None:
    """A text that begins with the letters PK is a text."""
    assert read(b"PK,name\n") == b"PK,name\n"


def test_nul_bytes_are_named_line_by_line() -> None:
    """Each line with a NUL byte is named once, whatever ends the lines."""
    found = stop(b"a\r\nb\0\0\rc\n\0d")
    assert [(each.code, each.place.line) for each in found.problems] == [
        ("nul-byte", 2),
        ("nul-byte", 4),
    ]


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    """A missing file, a folder, a file as a folder and an impossible name end with exit 3."""
    (tmp_path / "file").touch()
    cases = {
        "none.csv": "missing-file",
        ".": "is-folder",
        "file/x": "missing-file",
        "a\0b": "unreadable-file",
    }
    for name, code in cases.items():
        with pytest.raises(Stop) as caught:
            read_source(f"{tmp_path}/{name}", TableSettings(), io.BytesIO())
        assert caught.value.exit_code is ExitCode.UNUSABLE
        assert [each.code for each in caught.value.problems] == [code]


@given(st.text(alphabet="ab\r\n"), st.data())
def test_lines_are_counted_as_python_does(text: str, data: st.DataObject) -> None:
    """The line of an offset is what splitting by LF, CRLF and CR says."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = data.draw(st.integers(0, len(starts) - 1))
    assert skip_lines(text.encode(), lines) == starts[lines]
    assert line_at(text.encode(), starts[lines]) == 1 + sum(
        line.endswith(("\r", "\n")) for line in text.splitlines(keepends=True)[:lines]
    )
