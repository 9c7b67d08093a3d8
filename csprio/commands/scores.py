"""`csprio scores`: how is each account doing?"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from csprio.commands.answer import ACCOUNT, answer
from csprio.commands.options import Asked, answering
from csprio.problems import Place, policy_stop

if TYPE_CHECKING:
    from csprio.signals import Signals
    from csprio.tables import Sheet
    from csprio.walk import Walk


@answering()
def scores(
    asked: Asked,
    score: Annotated[
        list[str] | None,
        typer.Option(
            "--score", metavar="NAME", help="Only this score of signals.yaml; repeatable."
        ),
    ] = None,
) -> int:
    """Score every account: value, band, range, coverage, change, and what cost most points."""

    def build(walk: Walk) -> Sheet | list[tuple[str, Sheet]]:
        from csprio import answers

        graded = walk.head
        names = chosen(graded.inputs.policy.signals, score or ())
        by_csm = "{owner}" in (asked.output or "")
        return (
            answers.scores_by_csm(graded, names) if by_csm else answers.scores_sheet(graded, names)
        )

    return answer("scores", asked, {"owner": "csm", **ACCOUNT}, build, changes=True)


def chosen(signals: Signals | None, names: Sequence[str]) -> tuple[str, ...]:
    """Name the scores asked for (all, where nothing is), in the order of the file; else exit 2.

    Names are compared as headers are. Scores travel in the order in which they are counted, so
    that the file's is found by where they stand.
    """
    from csprio.tables import plain

    if signals is None:
        raise policy_stop("no-signals", Place(""))
    if not signals.scores:
        raise policy_stop("no-scores", signals.place)
    in_file = sorted(signals.scores, key=lambda each: (each.place.line, each.place.column.zfill(6)))
    known = {plain(each.name): each.name for each in in_file}
    for name in names:
        if plain(name) not in known:
            close = difflib.get_close_matches(plain(name), known, 1)
            hint = (
                f"did you mean {known[close[0]]}?"
                if close
                else f"there are {', '.join(known.values())}"
            )
            raise policy_stop("unknown-score", Place(""), name=name, hint=hint)
    wanted = {plain(name) for name in names} or known.keys()
    return tuple(name for folded, name in known.items() if folded in wanted)
