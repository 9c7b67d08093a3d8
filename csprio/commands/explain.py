"""`csprio explain`: why?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from csprio.commands.answer import answer
from csprio.commands.options import ACCOUNTS_OPTION, Asked, answering, iso_day

if TYPE_CHECKING:
    from csprio.tables import Sheet
    from csprio.walk import Walk


@answering("where", "owner", "add", accounts=ACCOUNTS_OPTION)
def explain(
    asked: Asked,
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="The account, by id or unique name.")
    ],
    begin: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="First day. [default: as of calendar]"),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="Last day. [default: as of calendar]"),
    ] = None,
) -> int:
    """Explain an account: its cells, grade, tier, plan and dates, each with its file and line."""
    low, high = iso_day(begin, "--from"), iso_day(end, "--to")
    if low and high and low > high:
        raise typer.BadParameter(f"{low} is after --to {high}", param_hint="--from")

    def build(walk: Walk) -> Sheet:
        from csprio.explained import explain_sheet

        return explain_sheet(walk.head, low, high)

    return answer("explain", asked, {}, build, [account])
