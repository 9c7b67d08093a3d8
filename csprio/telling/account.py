"""Which account somebody means: its id, or a name that no other has.

Comes in: the book and a text. Goes out: the account's id, or a `Stop` with the closest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from csprio.decide.asked import picked
from csprio.read import ids

if TYPE_CHECKING:
    from csprio.pipeline import Inputs


def account_called(inputs: Inputs, name: str) -> str:
    """Give the id of the account that is called so; none or several are a `Stop` (exit 2)."""
    table = inputs.book.table
    if inputs.config.table.ids == ids.SALESFORCE:
        name = ids.cut(pa.array([name]))[0].as_py()
    found = picked(table, [name.strip()])
    account: str = table["account_id"].filter(pa.array(found))[0].as_py()
    return account
