"""What matters first to people: the order of rows in a table, and which columns to keep.

Comes in: a sheet in its documented order. Goes out: the same rows by priority, and names of
columns. Data formats never come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.tables import Sheet

BACKLOG_SHOWN = 10
# Columns by importance: on a narrow terminal the last go first. `*` stands for columns that were
# asked for with --add.
_IMPORTANCE = {
    "grade": (
        "name", "grade", "tier", "*", "borderline", "note", "account_id", "potential", "csm",
        "tier_name", "basis", "size", "likelihood",
    ),
    "tiers": (
        "tier", "grade", "accounts", "*", "potential", "arr", "renewing_90d", "tier_name",
        "accounts_share", "potential_share", "arr_share",
    ),
    "calendar": (
        "due", "title", "name", "owner", "*", "status", "account_id", "tier", "grade", "task_id",
        "effort_minutes", "channel", "with", "objective", "role", "activity",
    ),
    "worklist": (
        "rank", "due", "name", "title", "part", "status", "*", "activity", "tier", "grade", "with",
        "task_id", "arr", "account_id", "why", "channel", "effort_minutes", "days_overdue",
        "renewal_date", "last_touch", "role", "objective",
    ),
    "check": ("file", "line", "message", "remedy", "column", "severity", "code"),
}  # fmt: skip
# Spaces to be filled in belong in data, and whose list it is stands above it.
_NOT_DRAWN = {"worklist": ("owner", "outcome", "until", "comment")}


def drawn(sheet: Sheet) -> list[str]:
    """Name the columns that people get to see, in the sheet's order."""
    left_out = _NOT_DRAWN.get(sheet.command, ())
    return [column.name for column in sheet.columns if column.name not in left_out]


def by_importance(command: str, names: Sequence[str]) -> list[str]:
    """Put names of columns in the order in which they matter; an unknown one was asked for."""
    order = _IMPORTANCE.get(command, ())
    asked = order.index("*") if "*" in order else len(order)
    return sorted(names, key=lambda name: order.index(name) if name in order else asked)


def prioritized(sheet: Sheet) -> Sheet:
    """Put the rows in the order in which they matter: best tier first, soonest first.

    A calendar goes by due (undated last); the documented order decides where nothing else does.
    """
    if sheet.command == "calendar":
        keys = [("due", "ascending")]
    elif sheet.command == "grade":
        names = ("tier", "grade", "potential", "account_id")
        keys = [(name, "descending" if name == "potential" else "ascending") for name in names]
    else:
        return sheet
    table = sheet.whole()
    columns = {name: _sortable(table.column(name), sheet.orders.get(name)) for name, _ in keys}
    columns["row"] = pa.array(range(table.num_rows), pa.int64())
    # What is missing comes last either way: Arrow's default.
    return sheet.rows(pc.sort_indices(pa.table(columns), [*keys, ("row", "ascending")]))


def backlog_rows(sheet: Sheet) -> list[bool]:
    """Say of each row whether it is backlog."""
    if sheet.backlog is None:
        return [False] * sheet.table.num_rows
    return [bool(value) for value in sheet.backlog.to_pylist()]


def owners(sheet: Sheet) -> list[tuple[str, Sheet]]:
    """Give each person's rows, in the order in which people first stand in the sheet."""
    sheet = sheet.gathered()
    column = pc.fill_null(sheet.table.column("owner"), "")
    return [
        (owner, sheet.rows(pc.indices_nonzero(pc.equal(column, owner))))
        for owner in column.unique().to_pylist()
    ]


def _sortable(column: pa.ChunkedArray, best_first: Sequence[str] | None) -> pa.ChunkedArray:
    """Turn keys of the grid into their places in it; a key that it lacks counts as missing."""
    if best_first is None:
        return column
    return pc.index_in(column.cast(pa.string()), pa.array(best_first, pa.string()))
