"""An account's own plan, begun: nothing changed yet, and everything there to change it with.

Comes in: the planned book and the account. Goes out: text of a file in `plans:`. As it stands it
changes nothing; each part becomes one by taking `#` away.
"""

from __future__ import annotations

import io
import os.path
from typing import TYPE_CHECKING

import numpy as np

from csprio import pipeline
from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.config import NAME
from csprio.read.plans import FOLDER
from csprio.show.names import safe_name
from csprio.starter.text import one_line, quoted

if TYPE_CHECKING:
    from datetime import date

    from csprio.rules import Activity


def own_plan(folder: str, account: str, as_of: date) -> tuple[str, str]:
    """Give the name (from the folder) and the text of an own plan for an account of the folder.

    `Stop` (exit 2) where nobody is called so, or where the account has a plan of its own already.
    """
    config = os.path.join(folder, NAME)  # noqa: PTH118 - paths stay as the user wrote them
    inputs = pipeline.read(pipeline.Question((), as_of, config=config), io.BytesIO())
    graded = pipeline.grade(inputs, (account,))
    row = int(np.flatnonzero(graded.asked)[0])
    wanted = ("account_id", "name", "grade", "tier")
    cells = {name: graded.table[name][row].as_py() for name in wanted}
    for own in inputs.policy.own_plans:
        if own.account == cells["account_id"]:
            raise Stop(ExitCode.POLICY, [problem("file-exists", Place(own.place.file))])
    assigned = sorted(pipeline.plan(graded).assignments, key=lambda each: int(each.order[0]))
    standing = f"tier {cells['tier']}" if cells["tier"] else "no tier"
    standing += f", grade {cells['grade']}" if cells["grade"] else ", not graded"
    activities = [each.planned.activity for each in assigned]
    name = f"{safe_name(cells['account_id'])}.yaml"
    path = os.path.join(inputs.config.plans or FOLDER, name)  # noqa: PTH118
    text = own_plan_text(cells["account_id"], cells["name"], standing, activities, as_of)
    return path, text


def own_plan_text(
    account: str, name: str, standing: str, activities: list[Activity], as_of: date
) -> str:
    """Write the plan file; `standing` says the account's grade and tier in words."""
    called = one_line(account) if name == account else f"{one_line(name)} ({one_line(account)})"
    head = (
        f"# The own plan of {called}: what differs from the playbook for this account alone.\n"
        "# Nothing does yet. To use one of the parts below (add, replace, remove), take the #\n"
        "# away from all its lines and change the words. `csprio check` says what is wrong.\n"
        f"\naccount: {quoted(account)}\n\n"
    )
    return head + _listed(activities, standing, as_of) + _examples(activities)


def _listed(activities: list[Activity], standing: str, as_of: date) -> str:
    """List the activities that the account has now."""
    if not activities:
        return f"# On {as_of} it has no activities ({standing}).\n\n"
    lines = [f"# On {as_of} it has these activities ({standing}): id, when, role, title."]
    ids = max(len(each.id) for each in activities)
    dues = max(len(_due(each)) for each in activities)
    roles = max(len(each.role) for each in activities)
    lines += [
        f"#   {each.id:{ids}}  {_due(each):{dues}}  {each.role:{roles}}  {one_line(each.title)}"
        for each in activities
    ]
    return "\n".join(lines) + "\n\n"


def _due(activity: Activity) -> str:
    return one_line(activity.due.text)


def _examples(activities: list[Activity]) -> str:
    """Show each of the three changes, with an activity of the account where it has one."""
    first, last = (activities[0], activities[-1]) if activities else (None, None)
    role = first.role if first else "csm"
    replaced, when = (first.id, _due(first)) if first else ("kickoff", "start + 5bd")
    title = quoted(first.title) if first else "Kickoff call"
    return f"""\
# Activities that only this account gets. The id is yours, and stays for good.
#add:
#  - id: site-visit
#    title: Visit their site
#    role: {role}
#    due: start + 6mo
#    effort: 4h
#    channel: visit
#    objective: See who works with us every day, and who would gain by it

# Activities that are otherwise here: the whole activity, under an id from the list above.
#replace:
#  - id: {replaced}
#    title: {title}
#    role: {role}
#    due: {when}

# Activities that this account does not get.
#remove: [{last.id if last and last is not first else "some-activity"}]
"""
