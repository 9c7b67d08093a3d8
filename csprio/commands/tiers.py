"""`csprio tiers`: how does the book look?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.commands.answer import TIER, answer
from csprio.commands.options import Asked, answering

if TYPE_CHECKING:
    from csprio.pipeline import Graded
    from csprio.tables import Sheet


@answering()
def tiers(asked: Asked) -> int:
    """Report the book by tier and grade: accounts, potential, arr, renewals of the next 90 days."""

    def build(graded: Graded) -> Sheet | list[tuple[str, Sheet]]:
        from csprio import answers

        by_csm = "{owner}" in (asked.output or "")
        return answers.tiers_by_csm(graded) if by_csm else answers.tiers_sheet(graded)

    return answer(asked, {"owner": "csm", **TIER}, build)
