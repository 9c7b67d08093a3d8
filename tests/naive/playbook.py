"""The playbook's YAML as activities, and the plan that one account gets out of it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from naive.workdays import Span, span

DEFAULT_EFFORT = 30


@dataclass(frozen=True)
class When:
    """An anchor and how far from it: ``renewal - 90d``."""

    anchor: str
    event: str
    offset: Span | None


@dataclass(frozen=True)
class Activity:
    """One activity of a plan, with the plan that it stands in."""

    id: str
    title: str
    role: str
    others: tuple[str, ...]
    due: When
    every: Span | None
    until: When | date | None
    times: int | None
    roll: str
    when: dict[str, Any]
    effort: int
    channel: str
    objective: str
    ends_with: str
    plan: str


def due(text: str) -> When:
    """Read ``start``, ``term + 3mo``, ``event new-group + 2bd``."""
    found = re.fullmatch(
        r"(start|term|renewal|notice|graded|event\s+\S+)\s*([+-].*)?", text.strip()
    )
    if found is None:
        message = f"no due: {text!r}"
        raise ValueError(message)
    anchor, _, event = found[1].partition(" ")
    return When(anchor, event.strip(), span(found[2]) if found[2] else None)


def until(text: str | None) -> When | date | None:
    """Read a bound: an ISO date, or an anchor with an offset."""
    if text is None:
        return None
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else due(text)


def minutes(text: str | None) -> int:
    """Read an effort: ``45m``, ``2h``, ``1h30m``."""
    if text is None:
        return DEFAULT_EFFORT
    found = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?", text)
    if found is None:
        message = f"no effort: {text!r}"
        raise ValueError(message)
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def default_roll(when: When) -> str:
    """Say where a day off moves to: what ends a term must not come too late."""
    in_time = when.anchor in {"renewal", "notice"} and (
        when.offset is None or when.offset.count <= 0
    )
    return "previous" if in_time else "next"


def activity(entry: dict[str, Any], plan: str) -> Activity:
    """Read one activity's YAML."""
    when_due = due(entry["due"])
    return Activity(
        id=entry["id"],
        title=entry["title"],
        role=entry["role"],
        others=tuple(entry.get("with", [])),
        due=when_due,
        every=span(entry["every"]) if "every" in entry else None,
        until=until(entry.get("until")),
        times=int(entry["times"]) if "times" in entry else None,
        roll=entry.get("roll", default_roll(when_due)),
        when=entry.get("when", {}),
        effort=minutes(entry.get("effort")),
        channel=entry.get("channel", ""),
        objective=entry.get("objective", ""),
        ends_with=entry.get("ends_with", ""),
        plan=plan,
    )


class Playbook:
    """Roles, plans and the accounts' own plans."""

    def __init__(self, policy: dict[str, Any], own: list[dict[str, Any]]) -> None:
        """Read every plan once."""
        self.roles: dict[str, dict[str, Any]] = policy["roles"]
        self.plans = {
            name: [activity(entry, name) for entry in entries]
            for name, entries in policy["plans"].items()
        }
        self.own = {entry["account"]: entry for entry in own}

    def column(self, role: str) -> str:
        """Name the column that holds a role's person."""
        return str((self.roles.get(role) or {}).get("column", role))

    def is_automated(self, role: str) -> bool:
        """Tell whether a machine does this role's work."""
        return bool(self.roles[role].get("automated", False))

    def plan(self, account_id: str, grade: str, tier: str) -> list[Activity]:
        """Compose a plan: ungraded, all with the tier's in place, the tier's, the own."""
        activities = [] if grade else list(self.plans.get("ungraded", []))
        if tier:
            mine = {one.id: one for one in self.plans.get(tier, [])}
            activities += [mine.pop(one.id, one) for one in self.plans.get("all", [])]
            activities += mine.values()
        return self._with_own(activities, self.own.get(account_id, {}))

    @staticmethod
    def _with_own(activities: list[Activity], own: dict[str, Any]) -> list[Activity]:
        """Apply an account's own plan; what it replaces keeps its place and its plan.

        What it adds under an id that is there already takes that place.
        """
        instead = {entry["id"]: entry for entry in own.get("replace", [])}
        gone = set(own.get("remove", []))
        kept = [one for one in activities if one.id not in gone]
        replaced = [
            activity(instead[one.id], one.plan) if one.id in instead else one for one in kept
        ]
        added = {entry["id"]: activity(entry, "own") for entry in own.get("add", [])}
        return [added.pop(one.id, one) for one in replaced] + list(added.values())
