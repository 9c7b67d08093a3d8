"""What somebody may have meant, and counts in words: the wording that findings share.

In: a word that nobody knows, and those that are known. Out: text.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR = 0.7


def nearest(word: str, known: Iterable[str], cutoff: float = _NEAR) -> str | None:
    """Find the known word most like `word`; case, spaces and `_ - .` do not matter."""
    folded = {plain(each): each for each in known}
    found = get_close_matches(plain(word), folded, 1, cutoff)
    return folded[found[0]] if found else None


def meant(word: str, known: Iterable[str]) -> str:
    """Ask whether the nearest known word was meant; empty where none is near."""
    match = nearest(word, known)
    return "" if match is None else f"did you mean `{match}`? "


def many(count: int, one: str, several: str = "") -> str:
    """Count things in words: 1 account, 2 accounts."""
    return f"{count} {one if count == 1 else several or one + 's'}"
