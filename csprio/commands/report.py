"""`csprio report`: the whole book on a page, or in a workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from csprio.commands.answer import answer
from csprio.commands.options import Asked, answering

if TYPE_CHECKING:
    from csprio.tables import Sheet
    from csprio.walk import Walk


@answering(also=("template",))
def report(asked: Asked) -> int:
    """Show the whole book: grid, tiers, accounts, the coming weeks a person, what is wrong."""

    def build(walk: Walk) -> Sheet:
        from csprio import answers

        return replace(answers.grade_sheet(walk.head), command="report")

    return answer("report", asked, {}, build)
