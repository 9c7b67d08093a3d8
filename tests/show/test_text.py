"""What cannot be seen is written out, and nothing else is touched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.show.text import visible, visible_lines

ANY_TEXT = st.text(st.characters(codec="utf-8"))
DIRECTIONS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\tb\r\nc", "a\\tb\\r\\nc"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("abc\u202edef", "abc\\u202edef"),
        ("a\u2028b\ufeff", "a\\u2028b\\ufeff"),
        ("[/bold]", "[/bold]"),
        ("Müller 日本 👩\u200d🚀 می\u200cخو", "Müller 日本 👩\u200d🚀 می\u200cخو"),
    ],
)
def test_visible(text: str, expected: str) -> None:
    """Control characters and marks of direction are written out; letters and joiners stay."""
    assert visible(text) == expected


@given(ANY_TEXT)
def test_nothing_obeyed_is_left(text: str) -> None:
    """No text keeps a control character, a line separator or a mark of direction."""
    for character in visible(text):
        assert unicodedata.category(character) not in {"Cc", "Zl", "Zp", "Cs"}
        assert character not in DIRECTIONS


def test_lines_keep_their_layout() -> None:
    """Text of many lines keeps its newlines and tabs, and loses the rest of what is obeyed."""
    assert visible_lines("a\tb\r\n\x1bc\n") == "a\tb\n\\x1bc\n"
    assert visible_lines("a\tb\nc") == "a\tb\nc"
