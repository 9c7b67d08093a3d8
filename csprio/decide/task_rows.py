"""Tasks of accounts written as rows: the columns that calendars and worklists share.

In: an agenda, and which of its entries are whose. Out: columns, one entry a task of an account.
Per account. What an activity says is written once, and a row has its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide.columns import coded, glued, texts
from csprio.decide.dates import date_column
from csprio.decide.standing import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from csprio.decide.agenda import Agenda
    from csprio.rules import Activity

    Rows = npt.NDArray[np.int64]

OF_ACCOUNTS = ("account_id", "name", "tier", "grade")


def task_columns(
    agenda: Agenda, accounts: pa.Table, rows: Rows, entries: Rows
) -> dict[str, pa.Array]:
    """Write the tasks of some accounts, whose rows ascend; of the people only who is to lead."""
    which = agenda.which[entries]

    def said(of: Callable[[Activity], str | None]) -> pa.Array:
        return coded(texts(of(each) for each in agenda.activities), which)

    effort = np.array([each.effort for each in agenda.activities], np.int64)
    of_accounts = {name: account_column(accounts, name, rows) for name in OF_ACCOUNTS}
    return {
        **of_accounts,
        "due": date_column(agenda.due[entries]),
        "activity": said(lambda activity: activity.id),
        "title": said(lambda activity: activity.title),
        "role": said(lambda activity: activity.role),
        "channel": said(lambda activity: activity.channel or None),
        "effort_minutes": pa.array(effort[which]),
        "objective": said(lambda activity: activity.objective or None),
        "status": coded(texts(STATUSES), agenda.status[entries]),
        "task_id": glued(of_accounts["account_id"], agenda.written.take(pa.array(entries))),
        "row": pa.array(rows),
    }


def account_column(accounts: pa.Table, name: str, rows: Rows) -> pa.Array:
    """Take a column of some accounts, whose rows ascend; no others are looked at."""
    low, high = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
    return accounts[name].slice(low, high - low).combine_chunks().take(pa.array(rows - low))
