"""Ids: Salesforce's two lengths, blanks and repeats."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.read.ids import blank_rows, cut, is_checked, mixed, repeated

LONG = "0015000000Gv7qJAAR"  # its last three letters are the checksum of the others


def column(*texts: str | None) -> pa.Array:
    """Make a column."""
    return pa.array(texts, pa.string())


def with_checksum(short: str) -> str:
    """Write a 15 character id with 18, bit by bit."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    for at in (0, 5, 10):
        bits = "".join("1" if char.isupper() else "0" for char in reversed(short[at : at + 5]))
        short += letters[int(bits, 2)]
    return short


@given(st.text(alphabet="abcXYZ0189", min_size=15, max_size=15))
def test_checksums_are_known(short: str) -> None:
    """An id with its checksum is one, in either case of the checksum; with another it is not."""
    long = with_checksum(short)
    assert is_checked(long)
    assert is_checked(long[:15] + long[15:].lower())
    assert not is_checked(long[:17] + ("A" if long[17] != "A" else "B"))
    assert not is_checked(short)


def test_long_ids_are_cut() -> None:
    """Ids of 18 letters and digits become 15; all others stay as they are."""
    assert cut(column(LONG, LONG[:15], "A-1", None, "eighteen letters!!")).to_pylist() == [
        LONG[:15], LONG[:15], "A-1", None, "eighteen letters!!",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        ((LONG, "x", with_checksum("001500000000001")[:15]), (2, 0)),
        ((LONG, with_checksum("001500000000001")), None),
        ((LONG[:15], "001500000000001"), None),
        ((LONG[:17] + "Z", LONG[:15]), None),
        ((LONG, "other-15-letter"), None),
        ((LONG, "999500000000001"), None),
        ((None, LONG[:15], LONG), (1, 2)),
    ],
)
def test_mixed_ids_are_found(texts: tuple[str | None, ...], rows: tuple[int, int] | None) -> None:
    """A book mixes ids only where a checked long one meets a short one of its kind of record."""
    assert mixed(column(*texts)) == rows


@given(st.lists(st.none() | st.sampled_from("abc")))
def test_repeats_and_blanks(texts: list[str | None]) -> None:
    """Every row whose id stands above is paired with the first that has it; blanks are not ids."""
    found = repeated(column(*texts))
    assert found == [(at, texts.index(text)) for at, text in enumerate(texts)
                     if text is not None and texts.index(text) < at]  # fmt: skip
    assert blank_rows(column(*texts)).tolist() == [
        at for at, text in enumerate(texts) if text is None
    ]
