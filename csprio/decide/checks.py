"""What in the book deserves a warning: amounts and dates that contradict each other.

In: the graded table with computed columns, the terms, the playbook of each account. Out: findings,
one for each account and contradiction. Per account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.conditions import as_text
from csprio.decide.dates import add_months, days_of
from csprio.decide.grading import replaced
from csprio.decide.terms import term_months
from csprio.problems import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

PASSED_DAYS = 90


def contradictions(table: pa.Table, cells: pa.Table, as_of: np.datetime64) -> list[Finding]:
    """Find cells of the accounts file that contradict each other; every command reports them.

    `cells` are the accounts as read: a renewal date that the journal gave is no far one, since the
    term that was renewed may still run.
    """
    start, renewal = days_of(table["start_date"]), days_of(table["renewal_date"])
    below = pc.fill_null(pc.less(table["potential"], table["arr"]), False)  # noqa: FBT003
    months, known = term_months(table), np.flatnonzero(~np.isnat(renewal))
    far = np.zeros(len(table), bool)
    known = known[renewal[known] == days_of(cells["renewal_date"])[known]]
    far[known] = renewal[known] > add_months(np.full(len(known), as_of), months[known])
    table = replaced(table, months=pa.array(months))
    return [
        *_found("potential-below-arr", "potential", np.asarray(below), table, ("potential", "arr")),
        *_found(
            "start-after-renewal",
            "start_date",
            start >= renewal,
            table,
            ("start_date", "renewal_date"),
        ),
        *_found("renewal-far", "renewal_date", far, table, ("renewal_date", "months")),
    ]


def stale_policy(
    table: pa.Table, playbook: npt.NDArray[np.int64], takes_part: Mask, as_of: np.datetime64
) -> list[Finding]:
    """Find what only `check` reports: renewals that have passed, accounts without a playbook."""
    since = (as_of - days_of(table["renewal_date"])).astype(np.int64)
    known = np.asarray(table["renewal_date"].is_valid())
    passed = takes_part & known & (since > 0) & (since <= PASSED_DAYS)
    return [
        *_found("renewal-passed", "renewal_date", passed, table, ("renewal_date", "term_end")),
        *_found("no-playbook", "account_id", takes_part & (playbook < 0), table, ()),
    ]


def _found(
    code: str, field: str, rows: Mask, table: pa.Table, columns: tuple[str, ...]
) -> Iterator[Finding]:
    for row in np.flatnonzero(rows).tolist():
        facts = {name: as_text(table[name][row].as_py()) for name in columns}
        yield Finding(code, row, field, facts)
