"""How messages quote what a person wrote, and guess what was meant.

Comes in: text from a file. Goes out: short text on one line for a message. Nothing here reads.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 60
_LISTED = 12


def short(text: str) -> str:
    """Put a text on one line and cut it, so that a message stays readable."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def close(word: str, choices: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Find the choice most like `word`, case aside; None if none is near."""
    by_fold = {choice.casefold(): choice for choice in choices}
    found = get_close_matches(word.casefold(), list(by_fold), 1, cutoff)
    return by_fold[found[0]] if found else None


def listed(words: Iterable[str]) -> str:
    """List words in backquotes, the first dozen of them."""
    quoted = [f"`{short(word)}`" for word in words]
    more = f" and {len(quoted) - _LISTED} more" if len(quoted) > _LISTED else ""
    return ", ".join(quoted[:_LISTED]) + more


def hint(word: str, choices: Iterable[str]) -> str:
    """Say what was probably meant, else what there is."""
    known = list(choices)
    match = close(word, known)
    if match is not None:
        return f"did you mean `{match}`?"
    return f"write one of {listed(known)}" if known else "leave it out"
