"""Proves that rows are told apart by all of their columns, however wide those are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from csprio.decide.alike import codes, numbered_alike, settled

WIDE = np.array([0, 1, 2**31 - 1, 0, 1])
NEVER = np.array(["2026-11-23", "NaT", "2026-11-24", "2026-11-23", "NaT"], "M8[D]")


@pytest.mark.parametrize(
    ("columns", "numbers", "first"),
    [
        ([[7, 7, 7]], [0, 0, 0], [0]),
        ([[5, -5, 5, 0]], [0, 1, 0, 2], [0, 1, 3]),
        ([[1, 1, 2, 2], [1, 2, 1, 1]], [0, 1, 2, 2], [0, 1, 2]),
        ([NEVER.astype(np.int64)], [0, 1, 2, 0, 1], [0, 1, 2]),
        ([WIDE, [0, 0, 0, 2**31 - 1, 5], WIDE], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]),
        ([WIDE, WIDE, WIDE], [0, 1, 2, 0, 1], [0, 1, 2]),
        ([[], []], [], []),
    ],
    ids=["one", "negative", "two", "with gaps", "apart", "wide", "none"],
)
def test_rows_alike_in_all_columns_are_one(
    columns: list[list[int]], numbers: list[int], first: list[int]
) -> None:
    """Rows get one number where all columns agree, in the order of their first."""
    found, at = numbered_alike(np.array(column, np.int64) for column in columns)
    assert found.tolist() == numbers
    assert at.tolist() == first


def test_texts_have_codes() -> None:
    """Equal texts have one code, nulls have -1."""
    assert codes(pa.array(["b", None, "a", "b"])).tolist() == [0, -1, 1, 0]


@pytest.mark.parametrize(
    ("numbers", "texts", "order"),
    [
        ([3, 1, 2], ["a", "b", "c"], [1, 2, 0]),
        ([1, 1, 0, 1], ["b", "é", "z", "B"], [2, 3, 0, 1]),
        ([1, 1, 0, 0], ["b", None, None, "z"], [3, 2, 0, 1]),
        ([], [], []),
    ],
    ids=["no ties", "by code point", "nulls last", "none"],
)
def test_texts_settle_what_numbers_leave_open(
    numbers: list[int], texts: list[str | None], order: list[int]
) -> None:
    """Only rows with equal numbers are put in order by their texts."""
    keys = np.array(numbers, np.int64)
    table = pa.table({"text": pa.array(texts, pa.string())})
    done = settled(np.argsort(keys, kind="stable"), [keys], table)
    assert done.tolist() == order
