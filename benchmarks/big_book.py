"""Makes a big, clean accounts file of 25 columns, the same one for the same number of accounts.

Out: a CSV as a CRM would export it: ids with leading zeros, some quoted names, some blank cells,
ISO dates, and many columns that nothing looks at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lines import csv_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SEED = 20261123
BLOCK = 250_000
BLANK = 0.02  # of potentials and of likelihoods
CHURNED = 0.05
FIRST_NAMES = {
    "csm": ("Ann", "Ben", "Cleo", "Dan"),
    "sales": ("Eva", "Finn", "Gus"),
    "cust_dev": ("Hana", "Ivo"),
}
WORDS = ["signed last spring", 'calls it "the tool"', "asks for reports, often", "", "quiet", "new"]


def write_book(path: Path, accounts: int) -> None:
    """Write `accounts` rows, a block at a time."""
    chance = np.random.default_rng(SEED)
    with csv_file(path) as write:
        for first in range(0, accounts, BLOCK):
            write(_block(chance, np.arange(first, min(first + BLOCK, accounts))))


def ids(numbers: Any) -> pa.Array:  # noqa: ANN401 - whole numbers, of numpy or Arrow
    """Give accounts their ids."""
    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), 8, "0")


def _block(chance: np.random.Generator, number: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Make the accounts of these numbers."""
    count = len(number)
    arr = chance.integers(0, 60_000, count)
    potential = arr + chance.integers(0, 60_000, count)
    start = np.datetime64("2022-01-01") + chance.integers(0, 1700, count)
    inc = np.where(number % 20 == 0, ", Inc.", "")
    columns = {
        "account_id": ids(number),
        "name": _glued("Company ", number, inc),
        "potential": pa.array(potential, mask=chance.random(count) < BLANK),
        "likelihood": pa.array(chance.integers(1, 4, count), mask=chance.random(count) < BLANK),
        "arr": arr,
        **{role: _people(chance, role, count) for role in FIRST_NAMES},
        "start_date": start,
        "term_months": pick(chance, ["12", "12", "24"], count),
        "motion": pick(chance, ["growth", "retention", ""], count),
        "segment": pick(chance, ["Retail", "Health", "Public"], count),
        "status": np.where(chance.random(count) < CHURNED, "churned", "active"),
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
        columns[travelling] = pick(chance, values, count)
    columns["Phone"] = _glued("+1 555 ", chance.integers(10**6, 10**7, count), "")
    columns["Website"] = _glued("https://www.company-", number, ".example")
    columns["Number of Employees"] = chance.integers(1, 5000, count)
    columns["Fax"] = chance.integers(10**8, 10**9, count)
    columns["External Key"] = chance.integers(10**14, 10**15, count)
    return columns


def pick(chance: np.random.Generator, values: Sequence[str], count: int) -> pa.Array:
    """Draw texts."""
    return pa.array(values).take(pa.array(chance.integers(0, len(values), count)))


def _people(chance: np.random.Generator, role: str, count: int) -> pa.Array:
    """Draw people of a role; nobody has two."""
    names = [f"{first} {last}" for first in FIRST_NAMES[role] for last in "ABCDEFGHIJ"]
    return pick(chance, names, count)


def _glued(before: str, number: np.ndarray[Any, Any], after: Any) -> pa.Array:  # noqa: ANN401
    """Put texts around numbers."""
    behind = after if isinstance(after, str) else pa.array(after)
    return pc.binary_join_element_wise(before, pc.cast(pa.array(number), pa.string()), behind, "")
