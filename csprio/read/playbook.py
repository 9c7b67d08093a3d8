"""A playbook: roles and plans, from YAML.

Comes in: the tree of a playbook file and the tiers of the grid. Goes out: a `Playbook`, or None
where its problems leave none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.read.activity import read_activities
from csprio.read.builtin import is_builtin
from csprio.read.schema import Section, fold, section, user_keys
from csprio.read.wording import hint, short
from csprio.read.yamls import ListNode, TextNode
from csprio.rules import Playbook, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from csprio.problems import Problem
    from csprio.read.yamls import Node
    from csprio.rules import Activity

KEYS = ("name", "roles", "plans", "optional")
FOR_ALL, UNGRADED = "all", "ungraded"


def read_playbook(
    node: Node, tiers: tuple[str, ...] | None, problems: list[Problem]
) -> Playbook | None:
    """Read and check a playbook; `tiers` None means that the grid could not be read."""
    before = len(problems)
    found = section(node, "the playbook", KEYS, problems, ("roles", "plans"))
    if found is None:
        return None
    roles = _roles(found)
    plans = _plans(found, roles, tiers)
    book = Playbook(found.text("name"), roles, plans, found.texts("optional"), found.place)
    wrong = any(one.severity == "error" for one in problems[before:])
    return None if wrong else book


def _roles(found: Section) -> dict[str, Role]:
    roles = {}
    for key, name, node in user_keys(found.pairs("roles"), "a role", found.problems):
        known = ("title", "column", "automated")
        role = section(node, f"role `{short(key)}`", known, found.problems)
        if role is not None:
            title, column = role.text("title", key), role.text("column", key)
            roles[key] = Role(key, title, column, role.flag("automated"), name.place)
    return roles


def _plans(
    found: Section, roles: Mapping[str, Role], tiers: tuple[str, ...] | None
) -> dict[str, tuple[Activity, ...]]:
    names = {FOR_ALL: FOR_ALL, UNGRADED: UNGRADED, **{fold(tier): tier for tier in tiers or ()}}
    plans = {}
    for key, name, node in user_keys(found.pairs("plans"), "a plan", found.problems):
        plan = names.get(fold(key))
        if plan is None:
            if is_builtin(name.place.file):  # one playbook for all grids: what fits serves
                continue
            if tiers is not None:
                guess = hint(key, names.values())
                found.report("plan-tier", name.place, plan=short(key), hint=guess)
            plan = key
        inner = Section("a plan", name.place, {key: (name, node)}, found.problems)
        empty = isinstance(node, TextNode) and node.nothing
        nodes = node.items if isinstance(node, ListNode) else () if empty else inner.list_of(key)
        plans[plan] = read_activities(nodes, roles, f"the plan `{short(plan)}`", found.problems)
    return plans
