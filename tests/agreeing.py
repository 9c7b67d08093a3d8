"""Asks csprio about a case and holds its rows against those of the second implementation."""

import csv
import io
import os
import tempfile
from pathlib import Path

from hypothesis import settings

from naive import folder
from naive.book import Case, Row
from session import run

NOT_COMPARED = {"note", "why"}
ASKED = os.environ.get("CSPRIO_EXAMPLES")
EXAMPLES = (
    settings(max_examples=int(ASKED), derandomize=False)
    if ASKED
    else settings(max_examples=settings().max_examples * 4 // 3)
)


def compare(case: Case, command: str, options: list[str], expected: list[Row]) -> None:
    """Ask csprio about a case in a folder of its own, and hold its rows against these."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "book"
        folder.write(case, place)
        words = [command, "accounts.csv", "--as-of", str(case.as_of), "-f", "csv", *options]
        result = run(*words, cwd=place)
        told = f"\n$ csprio {' '.join(words)}\n{folder.show(place)}\n"
        assert result.code == 0, f"exit {result.code}: {result.err.decode()}{told}"
        table = list(csv.DictReader(io.StringIO(result.out.decode(), newline="")))
        found = [
            {key: value for key, value in row.items() if key not in NOT_COMPARED} for row in table
        ]
        difference = first_difference(found, expected)
        assert not difference, f"{told}{difference}"


def first_difference(found: list[Row], expected: list[Row]) -> str:
    """Say in which row and columns two answers part; nothing where they agree."""
    for number in range(max(len(found), len(expected))):
        one = found[number] if number < len(found) else None
        other = expected[number] if number < len(expected) else None
        if one == other and list(one or ()) == list(other or ()):
            continue
        columns = [
            key
            for key in {**(one or {}), **(other or {})}
            if (one or {}).get(key) != (other or {}).get(key)
        ]
        return (
            f"row {number + 1} (of {len(found)}, expected {len(expected)}) differs in {columns}\n"
            f"csprio: {one}\nnaive:  {other}"
        )
    return ""
