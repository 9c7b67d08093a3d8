"""`csprio grade`: what is each account?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.commands.answer import ACCOUNT, TIER, answer
from csprio.commands.options import Asked, answering

if TYPE_CHECKING:
    from csprio.tables import Sheet
    from csprio.walk import Walk


@answering()
def grade(asked: Asked) -> int:
    """Grade every account: size, likelihood, grade, tier, and how they came about."""
    from csprio import answers

    def build(walk: Walk) -> Sheet:
        return walk.in_turn(answers.grade_sheet)

    return answer("grade", asked, {"owner": "csm", **ACCOUNT, **TIER}, build)
