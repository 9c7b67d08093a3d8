"""Gzip: what is packed is read as if it were not, and what is damaged is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csprio.problems import ExitCode, Stop
from csprio.read.source import decoded, read_source, utf8_first
from csprio.read.unpacked import kind_of, unpack, unpacked
from csprio.settings import TableSettings

TEXT = b"account_id,name\n1,Acme\n2,Brio\n"
PACKED = gzip.compress(TEXT, mtime=0)
TEXTS = st.lists(
    st.sampled_from([b"id", b"a,b", b'"', b"\n", b"\r\n", b";", "ä".encode(), b"\xff", b"\0", b" "])
).map(b"".join)


def stop_of(raw: bytes) -> Stop:
    """Read bytes that cannot be used."""
    with pytest.raises(Stop) as caught:
        read_source("-", TableSettings(), io.BytesIO(raw))
    return caught.value


def outcome(raw: bytes, encoding: str | None) -> bytes | tuple[ExitCode, str]:
    """Read bytes: the text, or all that is said of them."""
    try:
        return read_source("-", TableSettings(encoding=encoding), io.BytesIO(raw)).data
    except Stop as stop:
        return stop.exit_code, str(stop)


@given(TEXTS, st.sampled_from([None, "cp1252", "utf-16-le"]))
@example(b"\xef\xbb\xbfid\n1\n", None)
@example("\ufeffid\n1\n".encode("utf-16"), None)
def test_packed_is_as_unpacked(raw: bytes, encoding: str | None) -> None:
    """Any text gives the same text packed, in any encoding, and the same problems at its lines."""
    assert outcome(gzip.compress(raw), encoding) == outcome(raw, encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("csprio.read.source.read_bytes", lambda _: gzip.compress(TEXT))
        assert utf8_first("a.csv", encoding).data == TEXT


def test_the_bytes_as_they_came() -> None:
    """The digest is that of the packed file, which is what lies on the disk."""
    source = read_source("-", TableSettings(), io.BytesIO(PACKED))
    assert source.data == TEXT
    assert source.sha256 == hashlib.sha256(PACKED).hexdigest()


@given(
    st.lists(st.tuples(st.binary(max_size=300), st.integers(0, 9)), min_size=1, max_size=4),
    st.integers(1, 40),
)
def test_several_in_one(texts: list[tuple[bytes, int]], piece: int) -> None:
    """Files packed one behind the other are one, and zeros behind each do not count."""
    packed = b"".join(gzip.compress(text) + bytes(zeros) for text, zeros in texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("csprio.read.unpacked._PIECE", piece)
        assert unpacked("a", packed) == b"".join(text for text, _ in texts)


def test_larger_than_a_piece() -> None:
    """What is read and unpacked in many pieces comes out whole, and never at once."""
    text = b"".join(b"%d,%d\n" % (n, n * n) for n in range(60_000))
    stored = gzip.compress(text, 0)
    assert unpacked("a", stored) == unpacked("a", gzip.compress(text)) == text
    pieces: list[int] = []

    sink = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sink, "write", lambda piece: pieces.append(len(piece)))
        unpack("a", io.BytesIO(gzip.compress(bytes(1 << 27))), sink)
    assert sum(pieces) == 1 << 27
    assert max(pieces) <= 1 << 26


@pytest.mark.parametrize("cut", range(2, len(PACKED)))
def test_cut_short(cut: int) -> None:
    """A file that ends too early, wherever it does, is refused: half a book is no book."""
    stop = stop_of(PACKED[:cut])
    assert stop.exit_code is ExitCode.UNUSABLE
    assert [each.code for each in stop.problems] == ["damaged-file"]
    assert "this gzip file cannot be unpacked: it ends too early" in str(stop)


@given(st.integers(2, len(PACKED) - 1), st.integers(1, 255))
def test_changed(at: int, change: int) -> None:
    """A changed byte is refused, or was one that says nothing of the text."""
    raw = bytearray(PACKED)
    raw[at] ^= change
    found = outcome(bytes(raw), None)
    assert found == TEXT or (found[0] == ExitCode.UNUSABLE and "damaged-file" in str(found[1]))


def test_what_follows() -> None:
    """What stands behind a packed file and is none is refused, as it may be what is left of one."""
    assert "incorrect header check" in str(stop_of(PACKED + b"more"))
    assert "it ends too early" in str(stop_of(PACKED + PACKED[:9]))


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        (PACKED, ".gz"),
        (b"PK\x03\x04rest", "such as .xlsx, .ods or .zip"),
        (b"PAR1\x15\x04rest", ".parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "such as .xls"),
    ],
)
def test_packed_twice(inside: bytes, kind: str) -> None:
    """What is packed in a packed file is not unpacked."""
    stop = stop_of(gzip.compress(inside))
    assert [each.code for each in stop.problems] == ["spreadsheet"]
    assert f"({kind})" in str(stop)


@pytest.mark.parametrize(
    "text", [b"PAR1,id\n", b"PAR1\n", b"PAR1", b"PK,id\n", b"\x1f,id\n", b"", b"PAR1\tid\n"]
)
def test_texts_that_look_packed(text: bytes) -> None:
    """A text may begin with the letters by which a packed file is known."""
    assert kind_of(text) is None
    assert decoded("a", text, None).data == text


def test_columns_are_no_text() -> None:
    """Where only text will do, a file of columns is named as such."""
    with pytest.raises(Stop, match=r"spreadsheet: .*\(\.parquet\)"):
        decoded("a", b"PAR1\x15\x04 PAR1", None)


def test_no_gzip_member() -> None:
    """Only gzip is unpacked: what zlib alone has packed is no file that anybody would send."""
    assert unpacked("a", zlib.compress(TEXT)) == zlib.compress(TEXT)
