"""Compares two answers by value: a rival that answers something else is no rival.

`python agreement.py OURS THEIRS` ends with 1 and names the first difference. Two CSV files agree if
they have the same columns and, row by row, the same numbers, days and texts; how these are written
does not count (`60000` and `60000.0`, quotes or none).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

AT_ONCE = 4  # columns that are held in memory together
NUMBERS = ("potential", "arr", "rank", "effort_minutes", "days_overdue")
DAYS = ("due", "renewal_date", "last_touch")


def difference(ours: Path, theirs: Path) -> str:
    """Name the first difference between two answers; nothing where they agree."""
    names = _header(ours)
    if names != _header(theirs):
        return f"columns {', '.join(_header(theirs))} instead of {', '.join(names)}"
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        left, right = _columns(ours, some), _columns(theirs, some)
        if len(left) != len(right):
            return f"{len(right):,} rows instead of {len(left):,}"
        for name in some:
            if not left[name].equals(right[name]):
                return _first(name, left[name], right[name])
    return ""


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return file.readline().rstrip("\r\n").replace('"', "").split(",")


def types_of(names: list[str]) -> dict[str, pa.DataType]:
    """Give the columns of an answer their types."""
    numbers, days = dict.fromkeys(NUMBERS, pa.float64()), dict.fromkeys(DAYS, pa.date32())
    return {name: (numbers | days).get(name, pa.string()) for name in names}


def _columns(path: Path, names: list[str]) -> pa.Table:
    convert = csv.ConvertOptions(
        include_columns=names,
        column_types=types_of(names),
        strings_can_be_null=True,
        null_values=[""],
    )
    return csv.read_csv(path, convert_options=convert)


def _first(name: str, ours: pa.ChunkedArray, theirs: pa.ChunkedArray) -> str:
    same = pc.fill_null(pc.equal(ours, theirs), False)  # noqa: FBT003 - Arrow takes it by position
    same = pc.or_(same, pc.and_(pc.is_null(ours), pc.is_null(theirs)))
    row = int(np.argmin(same.to_numpy()))
    values: tuple[Any, Any] = ours[row].as_py(), theirs[row].as_py()
    return f"row {row + 1}, {name}: {values[1]!r} instead of {values[0]!r}"


if __name__ == "__main__":
    sys.exit(difference(*map(Path, sys.argv[1:])) or None)
