"""Which activities each account gets.

In: the graded table and the policy. Out: `Assignment`s, one for each activity of a plan and the
accounts that get it. Per account. The plan of an account is `ungraded` (if it has no grade), then
`all` (if it has a tier), then its tier's, then its own; an activity replaces an earlier one of the
same id in its place, also where its own `when` does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from csprio.decide.columns import NONE, codes_of
from csprio.decide.conditions import Conditions
from csprio.rules import ALWAYS, Activity, Anchor, OwnPlan, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    Rows = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

ALL, UNGRADED, OWN = "all", "ungraded", "own"


@dataclass(frozen=True)
class Planned:
    """An activity and the plan it comes from: a tier's key, `all`, `ungraded` or `own`."""

    activity: Activity
    plan: str


@dataclass(frozen=True)
class Assignment:
    """The accounts (row numbers, ascending) that get an activity, and its place in their plans."""

    planned: Planned
    rows: Rows
    order: Rows


class _Part(NamedTuple):
    """An activity for the accounts that share a plan, and its place in that plan."""

    planned: Planned
    rows: Rows
    order: int


class _Merged(NamedTuple):
    """The accounts of several parts, in the order of the file, and the part of each."""

    rows: Rows
    part: Rows


def assignments(
    table: pa.Table, policy: Policy, takes_part: Mask, prospect: Mask
) -> tuple[list[Assignment], Codes]:
    """Assign activities to the accounts that take part.

    Also returned is the playbook of each account, as an index into `policy.playbooks`, -1 where
    none takes it.
    """
    conditions = Conditions(table)
    playbook = _playbooks(policy, conditions)
    found: dict[int, list[_Part]] = {}
    for rows, plan in _groups(table, policy, np.where(takes_part, playbook, NONE)):
        served = rows[~prospect[rows]]
        for order, planned in enumerate(plan):
            activity = planned.activity
            held = rows if before_start(activity) else served
            if activity.when != ALWAYS:
                held = held[conditions.mask(activity.when)[held]]
            if len(held):
                found.setdefault(id(activity), []).append(_Part(planned, held, order))
    merged: dict[tuple[int, ...], _Merged] = {}
    return [_gathered(parts, merged) for parts in found.values()], playbook


def ids_before(before: pa.Table, rows: Rows, policy: Policy, size: int) -> dict[str, Mask]:
    """Say for each activity's id which accounts' plan had it before their tier changed.

    `before` holds the accounts that changed, as they were, with what conditions look at, and
    `rows` their rows among `size` accounts; conditions of single activities do not matter here.
    """
    had: dict[str, Mask] = {}
    playbook = _playbooks(policy, Conditions(before))
    for theirs, plan in _groups(before, policy, playbook):
        for planned in plan:
            of = had.setdefault(planned.activity.id, np.zeros(size, bool))
            of[rows[theirs]] = True
    return had


def before_start(activity: Activity) -> bool:
    """Tell whether an activity is `start - N`: what a prospect gets."""
    return activity.due.anchor is Anchor.START and activity.due.offset.count < 0


def names_of(tier: str | None, *, graded: bool) -> list[str]:
    """Name the plans of an account in their order."""
    return [*([] if graded else [UNGRADED]), *([] if tier is None else [ALL, tier])]


def compose(plans: Mapping[str, Sequence[Activity]], names: Iterable[str]) -> tuple[Planned, ...]:
    """Lay plans over each other: a later activity of the same id replaces the earlier in place."""
    composed: dict[str, Planned] = {}
    for name in names:
        for activity in plans.get(name, ()):
            composed[activity.id] = Planned(activity, name)
    return tuple(composed.values())


def with_own(plan: Iterable[Planned], own: OwnPlan) -> tuple[Planned, ...]:
    """Apply an account's own plan: replace in place (and in its plan), remove, add at the end.

    What is added under the id of an activity that the account has takes that one's place.
    """
    replaced = {activity.id: activity for activity in own.replace}
    composed = {
        each.activity.id: Planned(replaced.get(each.activity.id, each.activity), each.plan)
        for each in plan
        if each.activity.id not in own.remove
    }
    composed |= {activity.id: Planned(activity, OWN) for activity in own.add}
    return tuple(composed.values())


def _playbooks(policy: Policy, conditions: Conditions) -> Codes:
    playbook = np.full(len(conditions.none()), NONE, np.int64)
    for number, choice in reversed(list(enumerate(policy.playbooks))):
        playbook[conditions.mask(choice.when)] = number
    return playbook


def _groups(
    table: pa.Table, policy: Policy, playbook: Codes
) -> Iterator[tuple[Rows, tuple[Planned, ...]]]:
    """Yield the accounts that share a plan, with that plan; accounts with an own one singly."""
    tier = codes_of(table["tier"], policy.grid.tier_keys)
    graded = np.asarray(table["grade"].is_valid().to_numpy(zero_copy_only=False))
    own = codes_of(table["account_id"], [plan.account for plan in policy.own_plans])
    tiers = len(policy.grid.tiers) + 1
    key = np.where(playbook < 0, NONE, (playbook * tiers + tier + 1) * 2 + graded)
    for number in np.unique(key[key >= 0]).tolist():
        rest, has_grade = divmod(number, 2)
        book, tier_place = divmod(rest, tiers)
        tier_key = policy.grid.tier_keys[tier_place - 1] if tier_place else None
        names = names_of(tier_key, graded=bool(has_grade))
        plan = compose(policy.playbooks[book].playbook.plans, names)
        yield np.flatnonzero((key == number) & (own < 0)), plan
        for row in np.flatnonzero((key == number) & (own >= 0)).tolist():
            yield np.array([row]), with_own(plan, policy.own_plans[own[row]])


def _gathered(parts: Sequence[_Part], merged: dict[tuple[int, ...], _Merged]) -> Assignment:
    """Put the accounts of one activity together, in the order of the file.

    Activities with the same parts share one array of accounts: `merged` remembers it.
    """
    key = tuple(id(part.rows) for part in parts)
    if key not in merged:
        merged[key] = _in_order([part.rows for part in parts])
    rows, which = merged[key]
    return Assignment(parts[0].planned, rows, np.array([part.order for part in parts])[which])


def _in_order(parts: Sequence[Rows]) -> _Merged:
    """Merge parts, and say of each account which part it is from."""
    rows = np.concatenate(parts)
    sort = np.argsort(rows, kind="stable")
    return _Merged(rows[sort], np.repeat(np.arange(len(parts)), [*map(len, parts)])[sort])
