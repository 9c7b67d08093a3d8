"""Grades a big accounts file as a plain pandas script would: read_csv, cut, merge, to_csv.

`python rival_pandas.py IN.csv OUT.csv [narrow]`. It knows the built-in grid and a clean file, and
nothing else: no problems with lines, no calls. As such a script does, it writes all that it has
read with the new columns behind; `narrow` writes the columns of `csprio grade` alone.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

TIERS = {"1": "Growth", "2": "Bread and butter", "3": "Automated"}
GRID = {"A": ["1", "1/2", "2"], "B": ["1/2", "2", "2"], "C": ["3", "3", "3"]}
ANSWER = [
    *("account_id", "name", "csm", "potential", "size", "likelihood", "grade"),
    *("tier", "tier_name", "basis", "borderline", "note"),
]


def grade(accounts: pd.DataFrame) -> pd.DataFrame:
    """Give each account its size, grade and tier."""
    bands = [-np.inf, np.nextafter(10_000, 0), 50_000, np.inf]
    accounts["size"] = pd.cut(accounts["potential"], bands, labels=["C", "B", "A"]).astype("str")
    accounts["likelihood"] = accounts["likelihood"].astype("Int64")
    cells = pd.DataFrame(
        [
            {
                "size": size,
                "likelihood": likelihood,
                "grade": f"{size}{likelihood}",
                "tier": cell.rpartition("/")[2],
                "tier_name": TIERS[cell.rpartition("/")[2]],
                "borderline": "call to make" if "/" in cell else None,
            }
            for size, row in GRID.items()
            for likelihood, cell in enumerate(row, start=1)
        ]
    ).astype({"likelihood": "Int64"})
    graded = accounts.merge(cells, on=["size", "likelihood"], how="left")
    graded["basis"] = np.where(graded["grade"].isna(), "ungraded", "computed")
    graded["note"] = np.where(graded["grade"].isna(), "potential or likelihood is missing", "")
    return graded


if __name__ == "__main__":
    frame = pd.read_csv(sys.argv[1], dtype={"account_id": "str"}, low_memory=False)
    graded = grade(frame)
    columns = ANSWER if sys.argv[3:] == ["narrow"] else list(graded.columns)
    graded[columns].to_csv(sys.argv[2], index=False)
