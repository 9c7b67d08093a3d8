"""One activity of a plan, from YAML, with what a careful reader refuses in it.

Comes in: a node and the roles that exist. Goes out: an `Activity`, or None and problems.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from csprio.problems import problem
from csprio.read.conditions import condition_at
from csprio.read.due import (
    default_roll,
    describe_anchor,
    read_due,
    read_effort,
    read_span,
    read_until,
)
from csprio.read.schema import section
from csprio.read.wording import hint, short
from csprio.read.yamls import TextNode
from csprio.rules import Activity, Anchor, Due, Offset, Roll

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from csprio.problems import Place, Problem
    from csprio.read.schema import Section
    from csprio.read.yamls import Node

KEYS = (
    "id", "title", "role", "with", "due", "every", "until", "times", "roll", "when", "effort",
    "window", "ends_with", "channel", "objective", "checklist",
)  # fmt: skip
ENDINGS = ("grade", "motion", "review", "touch")
EFFORT = 30
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INTERVAL = ("interval", "`3mo`, `2w` or `10bd`")
_WINDOW = ("window", "`{early: 5bd, late: 10bd}`")
_ONCE_A_TERM = (Anchor.RENEWAL, Anchor.NOTICE)


def read_activities(
    nodes: Iterable[Node], roles: Collection[str], what: str, problems: list[Problem]
) -> tuple[Activity, ...]:
    """Read the activities of one plan; the same id twice is a problem."""
    found: dict[str, Activity] = {}
    for node in nodes:
        activity = read_activity(node, roles, problems)
        if activity is None:
            continue
        first = found.setdefault(activity.id, activity)
        if first is not activity:
            where, line = f"stands in {what} twice", first.place.line
            problems.append(
                problem("activity-repeated", activity.place, id=activity.id, where=where, line=line)
            )
    return tuple(found.values())


def read_activity(node: Node, roles: Collection[str], problems: list[Problem]) -> Activity | None:
    """Read one activity; `roles` empty means that they could not be read."""
    before = len(problems)
    line = section(node, "an activity", KEYS, problems, ("id", "role", "due"))
    if line is None:
        return None
    id_, due = _id(line), _due(line)
    role = _role(line, roles)
    others = _with(line, roles, role)
    every, until, times = _repeats(line, due)
    roll = line.choice("roll", tuple(Roll), "way to roll")
    effort = _text_of(line, "effort")
    minutes = read_effort(effort, problems) if effort else EFFORT
    rest = {
        "when": condition_at(line, "when"),
        "title": line.text("title", id_.replace("-", " ").capitalize()),
        "channel": line.text("channel"),
        "objective": line.text("objective"),
        "checklist": line.texts("checklist"),
        "ends_with": line.choice("ends_with", ENDINGS, "journal entry that ends an activity"),
        "window": _window(line),
    }
    if any(one.severity == "error" for one in problems[before:]) or due is None:
        return None
    return Activity(
        id=id_, role=role, due=due, with_=others, every=every, until=until, times=times,
        roll=Roll(roll) if roll else default_roll(due),
        effort=EFFORT if minutes is None else minutes, place=line.place, **rest,  # type: ignore[arg-type]
    )  # fmt: skip


def _text_of(line: Section, key: str) -> TextNode | None:
    """Give the key's text and place; None and a problem where it is no text."""
    node = line.node(key)
    if node is None or isinstance(node, TextNode):
        return node
    line.wrong(key, node, "a text", f"`{key}: ...`")
    return None


def _id(line: Section) -> str:
    written = line.text("id")
    if written and not _KEBAB.fullmatch(written):
        node = line.node("id")
        example = re.sub(r"[^a-z0-9]+", "-", written.casefold()).strip("-") or "kickoff"
        place = node.place if node else line.place
        line.report("activity-id", place, id=short(written), example=short(example))
    return written


def _due(line: Section) -> Due | None:
    written = _text_of(line, "due")
    return read_due(written.text, written.place, line.problems) if written else None


def known_role(key: str, place: Place, roles: Collection[str], problems: list[Problem]) -> None:
    """Report a role that the playbook does not have."""
    if key and roles and key not in roles:
        guess = hint(key, roles)
        problems.append(problem("value-unknown", place, value=short(key), what="role", hint=guess))


def _role(line: Section, roles: Collection[str]) -> str:
    role, node = line.text("role"), line.node("role")
    if node is not None:
        known_role(role, node.place, roles, line.problems)
    return role


def _with(line: Section, roles: Collection[str], role: str) -> tuple[str, ...]:
    seen = [role]
    for node in line.text_nodes("with"):
        key = node.text.strip()
        known_role(key, node.place, roles, line.problems)
        if key in seen:
            line.report("with-repeated", node.place, role=short(key))
        else:
            seen.append(key)
    return tuple(seen[1:])


def _repeats(line: Section, due: Due | None) -> tuple[Offset | None, Due | date | None, int | None]:
    """Read `every`, `until` and `times`, which only make sense together."""
    written, bound = _text_of(line, "every"), _text_of(line, "until")
    every = until = None
    if written is not None:
        every = read_span(written, line.problems, _INTERVAL)
    if bound is not None:
        until = read_until(bound.text.strip(), bound.place, line.problems)
    times = line.whole("times", least=1)
    for key in ("until", "times"):
        if line.node(key) is not None and line.node("every") is None:
            line.report("every-needed", line.place_of(key), key=key)
    if written is not None and due is not None and due.anchor in _ONCE_A_TERM:
        line.report("every-refused", line.place_of("every"), anchor=due.anchor.value)
    elif isinstance(until, Due) and due is not None and bound is not None:
        _check_until(line, due, until, bound.place)
    return every, until, times


def _check_until(line: Section, due: Due, until: Due, place: Place) -> None:
    own = (due.anchor, due.event.casefold()) == (until.anchor, until.event.casefold())
    if not own and until.anchor is not Anchor.RENEWAL:
        choices = f"`{describe_anchor(due)}` or `renewal`"
        anchors = {"anchor": describe_anchor(until), "own": describe_anchor(due)}
        line.report("until-anchor", place, choices=choices, **anchors)
    elif own and until.offset.unit is due.offset.unit and until.offset.count <= due.offset.count:
        line.report("until-first", place, until=short(until.text), due=short(due.text))


def _window(line: Section) -> tuple[Offset, Offset] | None:
    node = line.node("window")
    inner = None if node is None else section(node, "`window`", ("early", "late"), line.problems)
    if inner is None:
        return None
    spans = []
    for key in ("early", "late"):
        written = _text_of(inner, key)
        span = None if written is None else read_span(written, line.problems, _WINDOW, least=0)
        spans.append(span or Offset())
    return spans[0], spans[1]
