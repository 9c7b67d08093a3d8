"""Makes a big, clean accounts file of 25 columns, the same one for the same number of accounts.

Out: a CSV as a CRM would export it: ids with leading zeros, some quoted names, some blank cells,
ISO dates, and many columns that nothing looks at.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SEED = 20261123
BLOCK = 250_000
BLANK = 0.03
PEOPLE = [f"{first} {last}" for first in ("Ann", "Ben", "Cleo", "Dan") for last in "ABCDEFGHIJ"]
WORDS = ["signed last spring", 'calls it "the tool"', "asks for reports, often", "", "quiet", "new"]


def write_book(path: Path, accounts: int) -> None:
    """Write `accounts` rows, a block at a time."""
    chance = np.random.default_rng(SEED)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        for first in range(0, accounts, BLOCK):
            columns = _block(chance, first, min(BLOCK, accounts - first))
            if not first:
                rows.writerow(columns)
            rows.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))


def _block(chance: np.random.Generator, first: int, count: int) -> dict[str, NDArray[np.str_]]:
    """Make the accounts `first` to `first + count`."""
    number = np.arange(first, first + count)
    arr = chance.integers(0, 60_000, count)
    potential = arr + chance.integers(0, 60_000, count)
    start = np.datetime64("2022-01-01") + chance.integers(0, 1700, count)
    text = {
        "account_id": np.char.mod("%08d", number),
        "name": np.where(
            number % 20 == 0, np.char.mod("Account %d, Inc.", number), np.char.mod("Co %d", number)
        ),
        "potential": np.where(chance.random(count) < BLANK, "", potential.astype("str")),
        "likelihood": np.where(chance.random(count) < BLANK, "", _pick(chance, "123", count)),
        "arr": arr.astype("str"),
        "csm": _pick(chance, PEOPLE, count),
        "sales": _pick(chance, PEOPLE, count),
        "cust_dev": _pick(chance, PEOPLE, count),
        "start_date": start.astype("str"),
        "term_months": _pick(chance, ["12", "24"], count),
        "motion": _pick(chance, ["growth", "retention", ""], count),
        "segment": _pick(chance, ["Retail", "Health", "Public"], count),
        "status": _pick(chance, ["active", "active", "active", "churned"], count),
    }
    for travelling, values in {
        "Industry": ["Retail", "Banking", "Transport", "Education"],
        "Billing Country": ["US", "DE", "NA", "FR", "JP"],
        "Billing City": ["New York", "Köln", "Windhoek", "Lyon", "大阪"],
        "Lead Source": ["Web", "Fair", "Partner", ""],
        "Description": WORDS,
        "Rating": ["Hot", "Warm", "Cold"],
        "Type": ["Customer", "Customer - Direct"],
    }.items():
        text[travelling] = _pick(chance, values, count)
    text["Phone"] = np.char.mod("+1 555 %07d", chance.integers(0, 10**7, count))
    text["Website"] = np.char.mod("https://www.account-%d.example", number)
    text["Number of Employees"] = chance.integers(1, 5000, count).astype("str")
    text["Fax"] = np.char.mod("%09d", chance.integers(0, 10**9, count))
    text["External Key"] = np.char.mod("%016x", chance.integers(0, 2**62, count))
    return text


def _pick(chance: np.random.Generator, values: Sequence[str], count: int) -> NDArray[np.str_]:
    """Draw texts."""
    return np.array(list(values))[chance.integers(0, len(values), count)]
