"""Who and which accounts a question is about: names as people type them, looked up.

In: names, the table of accounts, the people there are. Out: a mask, or the name as answers show
it. Over the whole book. A name that nobody has, or several, ends the run: it is a question that has
no answer, not bad data.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.problems import Place, policy_stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from csprio.team import Team

    Mask = npt.NDArray[np.bool_]


def picked(table: pa.Table, accounts: Sequence[str]) -> Mask:
    """Find accounts by id, else by a name that only one has."""
    picked = np.zeros(len(table), bool)
    for each in accounts:
        for column in ("account_id", "name"):
            found = np.asarray(pc.fill_null(pc.equal(table[column], pa.scalar(each)), False))  # noqa: FBT003
            if found.any():
                break
        if found.sum() != 1:
            _no_account(table, each, int(found.sum()))
        picked |= found
    return picked


def _no_account(table: pa.Table, name: str, found: int) -> None:
    if found:
        raise policy_stop("account-ambiguous", Place(""), name=name, count=found)
    known = dict.fromkeys([*table["account_id"].to_pylist(), *table["name"].to_pylist()])
    raise policy_stop("unknown-account", Place(""), name=name, hint=_close(name, list(known)))


def known_person(name: str, everybody: Sequence[str], team: Team) -> str:
    """Find a person by name, or as the team has it; who has no role anywhere is an error."""
    found = name if name in everybody else team.named().get(name.casefold(), name)
    if found not in everybody:
        raise policy_stop("unknown-owner", Place(""), name=name, hint=_close(name, everybody))
    return found


def _close(name: str, known: Sequence[str]) -> str:
    """Offer the names closest to one that is not known."""
    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), folded, 3, 0.5)
    return (
        f"did you mean {', '.join(folded[each] for each in close)}?"
        if close
        else (
            f"there are {', '.join(known[:5])}{' ...' if len(known) > 5 else ''}"  # noqa: PLR2004
            if known
            else "there is none"
        )
    )
