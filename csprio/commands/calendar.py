"""`csprio calendar`: what happens with these accounts?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from csprio.commands.answer import ACCOUNT, OWNER, TIER, answer
from csprio.commands.options import Asked, answering, iso_day

if TYPE_CHECKING:
    from csprio.pipeline import Graded
    from csprio.tables import Sheet
    from csprio.walk import Walk


@answering(also=("todo", "remind", "template", "only_new"))
def calendar(
    asked: Asked,
    account: Annotated[
        list[str] | None,
        typer.Option(
            "--account", metavar="ID", help=("Only this account, by id or unique name; repeatable.")
        ),
    ] = None,
    begin: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help=("First day. [default: of the current term]")),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help=("Last day. [default: of the current term]")),
    ] = None,
) -> int:
    """List the activities of each account with their dates; by default of its current term."""
    low, high = iso_day(begin, "--from"), iso_day(end, "--to")
    if low and high and low > high:
        raise typer.BadParameter(f"{low} is after --to {high}", param_hint="--from")

    def build(walk: Walk) -> Sheet:
        from csprio import answers, pipeline

        def of(graded: Graded) -> Sheet:
            return answers.calendar_sheet(graded, pipeline.plan(graded), low, high)

        return walk.in_turn(of)

    return answer("calendar", asked, {**OWNER, **ACCOUNT, **TIER}, build, account or ())
