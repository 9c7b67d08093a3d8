"""Accounts' own plans: one YAML file an account, in the folder of `plans:`.

Comes in: the folder, the roles and the ids that the playbooks have. Goes out: `OwnPlan`s in the
order of their files' names, and problems.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from csprio.problems import Place, problem
from csprio.read.activity import read_activities
from csprio.read.playbook import FOR_ALL
from csprio.read.schema import section
from csprio.read.wording import hint, short
from csprio.read.yamls import load
from csprio.rules import OwnPlan

if TYPE_CHECKING:
    from collections.abc import Collection

    from csprio.problems import Problem
    from csprio.read.schema import Section
    from csprio.read.yamls import Node
    from csprio.rules import Playbook

KEYS = ("account", "add", "replace", "remove")
FOLDER = "plans"


class Ids(NamedTuple):
    """Ids of activities: `known` to some playbook, and `had` by every account with a tier."""

    known: Collection[str]
    had: Collection[str]


def ids_of(books: Collection[Playbook]) -> Ids | None:
    """Gather the ids of all playbooks of a list; None where there is none."""
    if not books:
        return None
    known = {one.id for book in books for plan in book.plans.values() for one in plan}
    for_all = [{one.id for one in book.plans.get(FOR_ALL, ())} for book in books]
    return Ids(known, set.intersection(*for_all))


def plan_files(path: str, *, asked: bool, place: Place, problems: list[Problem]) -> tuple[str, ...]:
    """List the YAML files of a folder, by name; one file is itself. A default may be absent."""
    if os.path.isfile(path):  # noqa: PTH113 - paths stay as the user wrote them
        return (path,)
    try:
        names = sorted(os.listdir(path))  # noqa: PTH208
    except (OSError, ValueError) as failure:
        if asked:
            why = getattr(failure, "strerror", None) or str(failure)
            problems.append(problem("policy-file", place, why=f"`{short(path)}`: {why}"))
        return ()
    wanted = [name for name in names if name.endswith((".yaml", ".yml")) and name[0] != "."]
    return tuple(os.path.join(path, name) for name in wanted)  # noqa: PTH118


def read_plans(
    files: Collection[str],
    roles: Collection[str],
    ids: Ids | None,
    problems: list[Problem],
) -> tuple[OwnPlan, ...]:
    """Read the plans; `ids` is None where the playbooks could not be read."""
    found: dict[str, OwnPlan] = {}
    for path in files:
        node = load(path, path, problems)
        plan = None if node is None else read_plan(node, roles, ids, problems)
        if plan is None:
            continue
        first = found.setdefault(plan.account, plan)
        if first is not plan:
            facts = {"account": short(plan.account), "file": first.place.file}
            problems.append(problem("plan-account", plan.place, **facts))
    return tuple(found.values())


def read_plan(
    node: Node, roles: Collection[str], ids: Ids | None, problems: list[Problem]
) -> OwnPlan | None:
    """Read one account's own plan."""
    found = section(node, "an account's own plan", KEYS, problems, ("account",))
    if found is None:
        return None
    add = read_activities(found.list_of("add"), roles, "`add`", problems)
    replace = read_activities(found.list_of("replace"), roles, "`replace`", problems)
    remove = {node.text.strip(): node.place for node in found.text_nodes("remove")}
    changed = {activity.id: activity.place for activity in replace}
    if ids is not None:
        for verb, places in (("replace", changed), ("remove", remove)):
            _check_known(verb, places, ids.known, problems)
        taken = {activity.id: activity.place for activity in add if activity.id in ids.had}
        why = "is in the plan for all accounts already"
        remedy = "write it under `replace:`, or give it another id"
        _refuse(found, taken, why, remedy)
    twice = {id_: place for id_, place in remove.items() if id_ in changed}
    _refuse(found, twice, "is replaced here as well", "keep one of the two")
    both = {activity.id: activity.place for activity in add if activity.id in changed}
    _refuse(found, both, "is replaced here as well", "keep one of the two")
    place = found.place_of("account")
    return OwnPlan(found.text("account"), add, replace, tuple(remove), place, remove)


def _check_known(
    verb: str, places: dict[str, Place], ids: Collection[str], problems: list[Problem]
) -> None:
    for id_, place in places.items():
        if id_ not in ids:
            guess = hint(id_, sorted(ids))
            problems.append(problem("plan-activity", place, id=short(id_), verb=verb, hint=guess))


def _refuse(found: Section, taken: dict[str, Place], why: str, remedy: str) -> None:
    for id_, place in taken.items():
        found.report("plan-taken", place, id=short(id_), why=why, remedy=remedy)
