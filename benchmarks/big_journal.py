"""Makes a big journal for a big book: what its people would have told csprio in two years.

In: the calendar that csprio gives for the book. Out: a journal of so many entries, most of them
tasks that are done, among touches, gradings, calls, motions and events; sorted by date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from big_book import pick
from lines import csv_file

if TYPE_CHECKING:
    from pathlib import Path

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
PUT_OFF = 30  # days


def write_journal(folder: Path, entries: int) -> None:
    """Write `journal.csv` of so many lines about the accounts of `calendar.csv` beside it."""
    chance = np.random.default_rng(SEED)
    texts = csv.ConvertOptions(column_types={"account_id": pa.string(), "due": pa.date32()})
    tasks = csv.read_csv(folder / "calendar.csv", convert_options=texts)
    parts = [_closed(chance, tasks, int(entries * (1 - sum(share for _, share, *_ in OTHERS))))]
    accounts = tasks["account_id"].unique()
    for kind, share, keys, values in OTHERS:
        count = int(entries * share)
        said = {
            "date": FIRST + chance.integers(0, 730, count),
            "account_id": accounts.take(pa.array(chance.integers(0, len(accounts), count))),
            "kind": pa.repeat(kind, count),
            "key": pick(chance, keys, count),
            "value": pick(chance, values, count),
        }
        parts.append(_entries(count, said))
    journal = pa.concat_tables(parts)
    journal = journal.take(pa.array(np.argsort(journal["date"].to_numpy(), kind="stable")))
    with csv_file(folder / "journal.csv") as write:
        write({name: journal[name].combine_chunks() for name in HEADER})


def _closed(chance: np.random.Generator, tasks: pa.Table, count: int) -> pa.Table:
    """End most of the latest tasks about when they were due."""
    tasks = tasks.filter(pc.less_equal(tasks["due"], pa.scalar(LAST.item())))
    tasks = tasks.sort_by([("due", "descending")]).slice(0, int(count / DONE))
    tasks = tasks.take(pa.array(np.sort(chance.permutation(len(tasks))[:count])))
    count = len(tasks)
    due = tasks["due"].to_numpy().astype("M8[D]")
    day = np.minimum(due + chance.integers(-3, 8, count), LAST)
    kinds = pick(chance, ["done"] * 17 + ["skipped", "snoozed", "reopened"], count)
    snoozed = pc.equal(kinds, "snoozed").to_numpy(zero_copy_only=False)
    said = {
        "date": day,
        "account_id": tasks["account_id"],
        "kind": kinds,
        "key": tasks["task_id"],
        "until": pa.array(day + PUT_OFF, mask=~snoozed),
    }
    return _entries(count, said)


def _entries(count: int, said: dict[str, Any]) -> pa.Table:
    """Put the columns of entries together; what is not said is blank."""
    blank = {"value": "", "note": "", "by": "Ann A"}
    columns = {name: pa.repeat(text, count) for name, text in blank.items()}
    columns["until"] = pa.nulls(count, pa.date32())
    return pa.table({name: ({**columns, **said})[name] for name in HEADER})
