"""Names of sheets: what a workbook allows, and no two alike.

Comes in: a value such as a person's name. Goes out: a name that every spreadsheet program takes.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NOBODY = "nobody"
_MOST = 31  # units of UTF-16, as spreadsheet programs count
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]+")
_RESERVED = {"history"}  # Excel keeps this name for itself


class SheetNames:
    """Gives out names; they are compared without case."""

    def __init__(self, own: Iterable[str]) -> None:
        """Keep csprio's own names: no value takes one."""
        self._taken = {*_RESERVED, *(name.casefold() for name in own)}

    def take(self, value: str) -> str:
        """Make a name of a value; where it is taken already, it gets `-2`, `-3` ..."""
        plain = safe(value) or NOBODY
        for number in count(1):
            end = "" if number == 1 else f"-{number}"
            name = _cut(plain, _MOST - len(end)).rstrip("' ") + end
            if name.casefold() not in self._taken:
                break
        self._taken.add(name.casefold())
        return name


def safe(value: str) -> str:
    """Write a value without what the name of a sheet must not hold; "" where nothing is left."""
    text = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", value))
    text = "".join(" " if char.isspace() else char for char in text)
    text = "".join(char for char in text if not unicodedata.category(char).startswith("C"))
    return _cut(text.strip("' "), _MOST).strip("' ")


def _cut(text: str, most: int) -> str:
    """Keep so many units of UTF-16, and no half of a character."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")
