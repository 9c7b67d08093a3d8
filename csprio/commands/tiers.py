"""`csprio tiers`: how does the book look?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.commands.answer import TIER, answer
from csprio.commands.options import Asked, answering

if TYPE_CHECKING:
    from csprio.tables import Sheet
    from csprio.walk import Walk


@answering()
def tiers(asked: Asked) -> int:
    """Report the book by tier and grade: accounts, potential, arr, renewals of the next 90 days."""

    def build(walk: Walk) -> Sheet | list[tuple[str, Sheet]]:
        from csprio import answers

        by_csm = "{owner}" in (asked.output or "")
        return answers.tiers_by_csm(walk.head) if by_csm else answers.tiers_sheet(walk)

    return answer("tiers", asked, {"owner": "csm", **TIER}, build)
