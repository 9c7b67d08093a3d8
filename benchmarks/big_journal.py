"""Makes a big journal for a big book: what its people would have told csprio in two years.

In: the book, and the calendar that csprio gives for it. Out: a journal of so many entries, most of
them tasks that are done, among touches, gradings, calls, motions and events; sorted by date.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SEED = 20261124
HEADER = ("date", "account_id", "kind", "key", "value", "until", "by", "note")
# Kind, its share of the entries, what its key and its value may be.
OTHERS = (
    ("touch", 0.30, ("call", "mail", "visit"), ("good talk", "no answer, tried twice", "")),
    ("likelihood", 0.01, ("",), ("1", "2", "3")),
    ("potential", 0.005, ("",), ("70000", "120000", "250000")),
    ("grade", 0.005, ("",), ("A1", "B2", "C3", "A3")),
    ("motion", 0.02, ("",), ("growth", "retention", "churn-prevention")),
    ("tier", 0.005, ("",), ("1", "2", "3")),
    ("event", 0.02, ("champion-left", "new-group", "renewed"), ("",)),
)
DONE = 0.95  # of the latest tasks
FIRST, LAST = np.datetime64("2024-11-23"), np.datetime64("2026-11-23")


def write_journal(path: Path, calendar: Path, entries: int) -> None:
    """Write a journal of `entries` lines about the accounts of a calendar."""
    chance = np.random.default_rng(SEED)
    texts = arrow_csv.ConvertOptions(column_types={"account_id": pa.string()})
    tasks = arrow_csv.read_csv(calendar, convert_options=texts)
    tasks = tasks.filter(pc.less_equal(tasks["due"], LAST.item()))
    share = sum(share for _, share, _, _ in OTHERS)
    count = int(entries * (1 - share))
    tasks = tasks.sort_by([("due", "descending")]).slice(0, int(count / DONE))
    picked = tasks.take(np.sort(chance.permutation(len(tasks))[:count]))
    kinds = _pick(chance, ["done"] * 17 + ["skipped", "snoozed", "reopened"], count)
    day = np.asarray(picked["due"]).astype("M8[D]") + chance.integers(-3, 8, count)
    day = np.minimum(day, LAST)
    until = np.where(kinds == "snoozed", (day + 30).astype(str), "")
    of, tasks_done = np.asarray(picked["account_id"]), np.asarray(picked["task_id"])
    lines = [_lines(day, account_id=of, kind=kinds, key=tasks_done, value="", until=until)]
    ids = np.asarray(tasks["account_id"].unique())
    for kind, part, keys, values in OTHERS:
        some = int(entries * part)
        days = FIRST + chance.integers(0, 730, some)
        of = ids[chance.integers(0, len(ids), some)]
        key, value = (_pick(chance, words, some) for words in (keys, values))
        lines.append(_lines(days, account_id=of, kind=kind, key=key, value=value))
    columns = [np.concatenate(parts) for parts in zip(*lines, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(HEADER)
        rows.writerows(zip(*(column[order].tolist() for column in columns), strict=True))


def _lines(day: NDArray[Any], **columns: object) -> list[NDArray[np.object_]]:
    """Put the columns of entries together; single texts are the same in all of them."""
    said = {"date": day.astype(str), "until": "", "by": "Ann A", "note": "", **columns}
    return [np.broadcast_to(np.asarray(said[name], object), len(day)) for name in HEADER]


def _pick(
    chance: np.random.Generator, values: list[str] | tuple[str, ...], count: int
) -> NDArray[np.str_]:
    """Draw texts."""
    return np.array(values)[chance.integers(0, len(values), count)]
