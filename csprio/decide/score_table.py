"""The answer `scores` as a table: a row an account and score.

In: the scores of the day asked about and of earlier days. Out: the promised columns, accounts in
the order of the book and each one's scores in the order asked for. Per account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide.choose import taken
from csprio.decide.columns import TEXT
from csprio.decide.exact import MILLIONTHS, column, decimals, millionths, whole
from csprio.decide.score_notes import score_notes
from csprio.decide.scores import change, trend
from csprio.tables import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from csprio.decide.scores import Scored
    from csprio.decide.signalled import Signalled

    Rows = npt.NDArray[np.int64]


def score_table(
    now: Signalled, before: Mapping[int, Signalled], names: Sequence[str], rows: Rows
) -> pa.Table:
    """Put scores below each other; `before` has earlier days by how many days earlier they are.

    `rows` are those of the accounts asked for.
    """
    accounts = now.table.select(["account_id", "name"])
    parts = []
    for name in names:
        scored = now.scores[name]
        earlier = before[scored.rule.trend].scores[name]
        parts.append(taken(_one(accounts, scored, earlier), rows))
    order = np.arange(len(rows) * len(names)).reshape(len(names), len(rows)).T.ravel()
    table = pa.concat_tables(parts).select([each.name for each in ANSWERS["scores"]])
    return table.take(pa.array(order))


def _one(accounts: pa.Table, scored: Scored, earlier: Scored) -> pa.Table:
    """Give every account's row of one score."""
    changed, known = change(scored.rule, scored, earlier), scored.mean.known
    changed = whole(millionths(changed), changed.known, MILLIONTHS)  # rounded once for two columns
    low, high = (decimals(end, np.ones_like(known)) for end in scored.ends)
    columns = {
        "score": pa.repeat(pa.scalar(scored.rule.name, TEXT), len(accounts)),
        "value": decimals(scored.units, known),
        "band": scored.bands,
        "low": low,
        "high": high,
        "coverage": decimals(scored.covered, np.ones_like(known)),
        "change": column(changed),
        "trend": trend(changed),
        "note": score_notes(scored),
    }
    for name, values in columns.items():
        accounts = accounts.append_column(name, values)
    return accounts
