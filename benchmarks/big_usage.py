"""Makes a big file of usage rows for a big book, and the signals that score it.

Out: a CSV as a product's database would give it, a row for an account, a day and a feature, by day,
and a `signals.yaml` beside it. The same files for the same numbers of accounts and rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from big_book import ids, pick
from lines import csv_file

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20261125
BLOCK = 1_000_000
DAYS = 120
LAST = np.datetime64("2026-11-23")
FEATURES = [f"feature-{number}" for number in range(1, 41)]
SIGNALS = """\
sources:
  usage: {file: usage.csv, date: date}
measures:
  users:        {from: usage, take: last active_users, over: 35d}
  active_days:  {from: usage, take: days, over: 28d}
  features:     {from: usage, take: distinct feature, over: 90d}
  logins:       {from: usage, take: sum logins, over: 28d}
  logins_trend: {from: usage, take: trend logins, over: 28d}
scores:
  health:
    of:
      users:        {weight: 30, zero: 0, full: 80}
      active_days:  {weight: 20, zero: 0, full: 8}
      features:     {weight: 20, zero: 0, full: 12}
      logins:       {weight: 10, zero: 0, full: 100}
      logins_trend: {weight: 20, zero: -0.5, full: 0.25}
    bands: {green: at least 70, yellow: at least 40, red: rest}
"""


def write_usage(folder: Path, accounts: int, rows: int) -> None:
    """Write `usage.csv` of so many rows about so many accounts, and `signals.yaml`."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(SEED)
    with csv_file(folder / "usage.csv") as write:
        for first in range(0, rows, BLOCK):
            number = np.arange(first, min(first + BLOCK, rows))
            count = len(number)
            users = chance.integers(1, 100, count)
            block = {
                "date": LAST - (DAYS - 1) + number * DAYS // rows,
                "account_id": ids(chance.integers(0, accounts, count)),
                "feature": pick(chance, FEATURES, count),
                "active_users": users,
                "logins": users * chance.integers(0, 4, count),
            }
            write(block)
    (folder / "signals.yaml").write_text(SIGNALS, encoding="utf-8")
