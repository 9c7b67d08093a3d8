"""`csprio grade`: what is each account?"""

from __future__ import annotations

from csprio.commands.answer import ACCOUNT, TIER, answer
from csprio.commands.options import Asked, answering


@answering()
def grade(asked: Asked) -> int:
    """Grade every account: size, likelihood, grade, tier, and how they came about."""
    from csprio import answers

    return answer(asked, {"owner": "csm", **ACCOUNT, **TIER}, answers.grade_sheet)
