"""The order of day and month that a file of dates settles, or a `Stop` where it allows both.

Comes in: columns of text and how to find a cell's place. Goes out: `dmy`, `mdy`, or None where
nothing needs an order. Nothing here reads a date for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.problems import ExitCode, Stop, problem
from csprio.read import cells
from csprio.read.dates import DMY, MDY, Votes, both_ways

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from csprio.problems import Place, Problem
    from csprio.read.dates import Vote

    Find = Callable[[int, str], Place]

SAID_ORDER = {DMY: "day first", MDY: "month first"}


def settled(
    texts: Mapping[str, pa.Array], find: Find, said: list[str], where: str = "in csprio.yaml"
) -> str | None:
    """Let the cells of a file say which of day and month comes first; `said` is told so.

    `where` names the place of the setting that decides where they do not.
    """
    found = Votes()
    for name, column in texts.items():
        found |= cells.votes(column, name)
    if found.dmy and found.mdy:
        raise Stop(ExitCode.UNUSABLE, [_mixed(found.dmy, found.mdy, find)])
    if proof := found.dmy or found.mdy:
        order = DMY if found.dmy else MDY
        place = find(proof.row, proof.column)
        where = f"as `{proof.text}` in line {place.line} settles"
        said.append(f"{place.file}: dates are read {SAID_ORDER[order]}, {where}")
        return order
    if found.either:
        raise Stop(ExitCode.UNUSABLE, [_ambiguous(found.either, find, where)])
    return None


def _mixed(dmy: Vote, mdy: Vote, find: Find) -> Problem:
    """Say that a file has dates in both orders; the place is that of the later cell."""
    (early, early_order), (late, order) = sorted([(dmy, SAID_ORDER[DMY]), (mdy, SAID_ORDER[MDY])])
    facts = {"value": late.text, "order": order, "other": early.text, "other_order": early_order}
    line = find(early.row, early.column).line
    return problem("mixed-dates", find(late.row, late.column), line=line, **facts)


def _ambiguous(vote: Vote, find: Find, where: str) -> Problem:
    """Show a date read both ways."""
    both = both_ways(vote.text)
    assert both is not None  # noqa: S101 (it has voted)
    facts = {"value": vote.text, "dmy": both.dmy, "mdy": both.mdy, "where": where}
    return problem("ambiguous-dates", find(vote.row, vote.column), **facts)
