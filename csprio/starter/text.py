"""YAML and CSV as a person would write them by hand.

Comes in: any text. Goes out: text that the readers of csprio take for the same. Nothing here knows
what a setting or an account is.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# A text that YAML, in a list or mapping in braces too, takes for itself.
_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./()+-]*(?: [A-Za-z0-9_./()+-]+)*")
_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "none")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def quoted(text: str) -> str:
    """Write a text as a YAML scalar, with quotes only where it needs them."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def flow(pairs: Mapping[str, str]) -> str:
    """Write a mapping on one line; the values are YAML already."""
    return "{" + ", ".join(f"{quoted(key)}: {value}" for key, value in pairs.items()) + "}"


def one_line(text: str, longest: int = 60) -> str:
    """Make a text part of a comment: one line, printable, not too long."""
    line = " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str = ","
) -> bytes:
    """Write a plain CSV file."""
    return _csv(header, rows, delimiter, "\n").encode()


def spreadsheet_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str
) -> bytes:
    """Write a CSV file that people fill in with a spreadsheet: BOM, CRLF, no live formula.

    Every reader of csprio takes the apostrophe off again that guards a text like a formula, and
    the BOM says UTF-8 also where another encoding is configured.
    """
    guarded = ([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows)
    return _csv(header, guarded, delimiter, "\r\n").encode("utf-8-sig")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str, end: str) -> str:
    text = io.StringIO(newline="")
    write = csv.writer(text, delimiter=delimiter, lineterminator=end)
    write.writerow(header)
    write.writerows(rows)
    return text.getvalue()
