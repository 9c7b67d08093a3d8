"""Playbooks: the example of the contract, and everything that a careful reader refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from csprio.read.playbook import read_playbook
from csprio.read.yamls import parse_text
from csprio.rules import ALWAYS, Anchor, Clause, Compare, Due, Offset, Roll, Unit

if TYPE_CHECKING:
    from csprio.problems import Problem
    from csprio.rules import Activity, Playbook

EXAMPLE = """\
name: Annual contract
roles:
  sales:   {title: Sales rep}
  csm:     {title: Customer Success Manager}
  custdev: {title: Customer Development, column: cust_dev}
  coach:
  system:  {title: Automated, automated: true}
plans:
  all:
    - {id: regrade-30, title: Re-grade, role: csm, due: start + 30d, effort: 15m, ends_with: grade}
  1:
    - id: kickoff
      title: Kickoff call
      role: custdev
      with: [sales, csm]
      due: start + 5bd
      effort: 1h30m
      channel: call
      objective: Agree on what success means
      checklist: [pains, goals]
      window: {early: 5bd, late: 10bd}
      when: {arr: over 5k}
    - {id: growth-review, title: Growth review, role: custdev, due: term + 3mo, every: 3mo,
       until: renewal - 1mo, times: 3, roll: none}
    - {id: renewal, title: Renewal, role: csm, due: renewal - 90d}
  2: []
  3:
  ungraded:
    - {id: grade, role: sales, due: start, ends_with: grade}
optional: [advocate, nps]
"""
TIERS = ("1", "2", "3")


def read(text: str, tiers: tuple[str, ...] | None = TIERS) -> tuple[Playbook | None, list[Problem]]:
    """Read a playbook; give it and its problems."""
    problems: list[Problem] = []
    node = parse_text(text, "p.yaml", problems)
    assert node is not None
    return read_playbook(node, tiers, problems), problems


def activity(line: str) -> tuple[Activity | None, list[str]]:
    """Read one activity; give it and its problems without their remedies."""
    text = f"roles: {{csm: , sales: }}\nplans:\n  all:\n    - {line}\n"
    book, problems = read(text)
    said = [f"{one.place.column}: {one.code}: {one.message}" for one in problems]
    return (book.plans["all"][0] if book else None), said


def test_example() -> None:
    """The contract's example is read whole."""
    book, problems = read(EXAMPLE)
    assert problems == []
    assert book is not None
    assert {key: role.column for key, role in book.roles.items()} == {
        "sales": "sales", "csm": "csm", "custdev": "cust_dev", "coach": "coach",
        "system": "system",
    }  # fmt: skip
    assert [role.automated for role in book.roles.values()] == [False] * 4 + [True]
    assert {name: [one.id for one in plan] for name, plan in book.plans.items()} == {
        "all": ["regrade-30"], "1": ["kickoff", "growth-review", "renewal"], "2": [], "3": [],
        "ungraded": ["grade"],
    }  # fmt: skip
    assert book.optional == ("advocate", "nps")


def test_activity_values() -> None:
    """Every key of an activity is carried, and what is left out has its default."""
    book, _ = read(EXAMPLE)
    assert book is not None
    kickoff, review, renewal = book.plans["1"]
    assert (kickoff.with_, kickoff.effort, kickoff.channel) == (("sales", "csm"), 90, "call")
    assert kickoff.due == Due(Anchor.START, Offset(5, Unit.BUSINESS_DAYS), text="start + 5bd")
    assert (kickoff.objective, kickoff.checklist) == (
        "Agree on what success means", ("pains", "goals"),
    )  # fmt: skip
    assert kickoff.window == (Offset(5, Unit.BUSINESS_DAYS), Offset(10, Unit.BUSINESS_DAYS))
    assert isinstance(kickoff.when, Clause)
    assert kickoff.when.test == Compare(">", Decimal(5000))
    assert (kickoff.every, kickoff.until, kickoff.times, kickoff.roll) == (
        None, None, None, Roll.NEXT,
    )  # fmt: skip
    assert review.every == Offset(3, Unit.MONTHS)
    assert review.until == Due(
        Anchor.RENEWAL, Offset(-1, Unit.MONTHS, backward=True), text="renewal - 1mo"
    )
    assert (review.times, review.roll) == (3, Roll.NONE)
    assert (renewal.roll, renewal.effort, renewal.window) == (Roll.PREVIOUS, 30, None)
    assert (renewal.when, renewal.ends_with, renewal.checklist) == (ALWAYS, "", ())
    assert book.plans["ungraded"][0].title == "Grade"
    assert str(kickoff.place) == "p.yaml:12:7"


def test_until_a_date() -> None:
    """A bound may be a day."""
    found, problems = activity("{id: a, role: csm, due: start, every: 1w, until: 2026-12-31}")
    assert problems == []
    assert found is not None
    assert found.until == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("id: Kick Off, role: csm, due: start", ["12: activity-id: `Kick Off` is not kebab-case"]),
        ("id: a_b, role: csm, due: start", ["activity-id"]),
        ("id: a--b, role: csm, due: start", ["activity-id"]),
        ("id: a:b, role: csm, due: start", ["activity-id"]),
        ("id: a, role: cms, due: start", ["value-unknown: `cms` is no role"]),
        ("id: a, role: csm, due: start, with: [boss]", ["value-unknown: `boss` is no role"]),
        ("id: a, role: csm", ["7: key-missing: an activity lacks `due`"]),
        ("id: a, role: csm, due: ", ["key-missing"]),
        ("role: csm, due: [start]", ["key-missing", "value-form: `due` is to be a text"]),
        ("id: a, role: csm, due: strat", ["due-form: `strat` is no due date"]),
        ("id: a, role: csm, due: start, roll: back", ["value-unknown: `back` is no way to roll"]),
        ("id: a, role: csm, due: start, ends_with: call", ["value-unknown: `call` is no journal"]),
        ("id: a, role: csm, due: start, effort: 90", ["span-form: `90` is no effort"]),
        ("id: a, role: csm, due: start, effort: [1h]", ["value-form: `effort`"]),
        ("id: a, role: csm, due: start, efort: 1h", ["key-unknown: `efort` is no key of an act"]),
        ("id: a, role: csm, due: start, until: renewal", ["every-needed: `until` bounds repeats"]),
        ("id: a, role: csm, due: start, times: 3", ["every-needed: `times` bounds repeats"]),
        ("id: a, role: csm, due: start, every: 0d", ["span-form: `0d` is no interval"]),
        ("id: a, role: csm, due: start, every: -1d", ["span-form: `-1d` is no interval"]),
        ("id: a, role: csm, due: start, every: 1mo, times: 0", ["value-form: `times`"]),
        ("id: a, role: csm, due: renewal, every: 1mo", ["every-refused: an activity of `renewal`"]),
        ("id: a, role: csm, due: notice, every: 1mo", ["every-refused: an activity of `notice`"]),
        ("id: a, role: csm, due: term, every: 1mo, until: start + 1y", ["until-anchor: `until`"]),
        ("id: a, role: csm, due: event x, every: 1mo, until: event y", ["until-anchor: `until`"]),
        ("id: a, role: csm, due: term, every: 1mo, until: soon", ["due-form: `soon` is no bound"]),
        ("id: a, role: csm, due: start, window: 5bd", ["value-form: `window` is to be a map"]),
        ("id: a, role: csm, due: start, window: {early: -5bd}", ["span-form: `-5bd` is no window"]),
        ("id: a, role: csm, due: start, when: {arr: over x}", ["test-comparison"]),
        ("id: a, role: csm, due: start, when: ", ["test-empty: the condition has nothing"]),
        ("id: a, role: csm, due: start, checklist: [[a]]", ["value-form: `checklist`"]),
    ],
)
def test_refused(keys: str, expected: list[str]) -> None:
    """What cannot be right in an activity is an error at its place, and nothing else is."""
    found, problems = activity("{" + keys + "}")
    assert found is None
    assert len(problems) == len(expected), problems
    for problem, part in zip(problems, expected, strict=True):
        assert part in problem


def test_a_bound_before_the_first_is_a_warning() -> None:
    """An activity that can never come is legal, and probably a slip."""
    found, problems = activity("{id: a, role: csm, due: term + 3mo, every: 1mo, until: term + 1q}")
    assert found is not None
    assert ["until-first" in one for one in problems] == [True]


@pytest.mark.parametrize(
    "keys",
    [
        "id: a, role: csm, due: start, every: 2w",
        "id: a, role: csm, due: event x, every: 1mo, until: event X + 1y",
        "id: a, role: csm, due: event any, every: 1mo, until: renewal",
        "id: a, role: csm, due: term + 3mo, every: 1mo, until: term + 92d",
        "id: a, role: csm, due: start - 10d",
        "id: a, role: csm, due: start, when: {}",
        "id: a, role: csm, due: start, with: sales",
        "id: a, role: csm, due: start, window: {late: 1w}",
        "id: 2nd-call, role: csm, due: start, effort: 0m",
    ],
)
def test_taken(keys: str) -> None:
    """What is unusual but sensible is taken."""
    found, problems = activity("{" + keys + "}")
    assert problems == []
    assert found is not None


def test_same_role_twice() -> None:
    """A role named twice is a warning, and counts once."""
    found, problems = activity("{id: a, role: csm, with: [sales, csm, sales], due: start}")
    assert [one.split(": ")[1] for one in problems] == ["with-repeated"] * 2
    assert found is not None
    assert found.with_ == ("sales",)


def test_ids() -> None:
    """An id stands once in a plan, and may replace one of `ungraded` or `all`."""
    line = "{id: a, role: csm, due: start}"
    book, problems = read(f"roles: {{csm: }}\nplans: {{all: [{line}], 1: [{line}]}}")
    assert book is not None
    assert problems == []
    _, problems = read(f"roles: {{csm: }}\nplans:\n  all:\n  - {line}\n  - {line}\n")
    assert [one.message for one in problems] == [
        "the activity `a` stands in the plan `all` twice (line 4)"
    ]
    _, problems = read(f"roles: {{csm: }}\nplans:\n  1:\n  - {line}\n  ungraded:\n  - {line}\n")
    assert problems == []


def test_plans() -> None:
    """A plan is `all`, `ungraded` or a tier, in any case; others are errors with a guess."""
    text = "roles: {csm: }\nplans: {ALL: , Gold: , gold: , bronze: , 1: {a: b}}"
    book, problems = read(text, ("gold", "silver"))
    assert book is None
    assert [one.code for one in problems] == ["grid-key", "plan-tier", "plan-tier", "value-form"]
    book, problems = read("roles: {csm: }\nplans: {ALL: , GOLD: }", ("Gold",))
    assert book is not None
    assert list(book.plans) == ["all", "Gold"]


def test_without_grid() -> None:
    """Where the grid could not be read, no plan is blamed for it."""
    book, problems = read("roles: {csm: }\nplans: {gold: }", None)
    assert problems == []
    assert book is not None


@pytest.mark.parametrize("text", ["", "[a]", "x", "roles: {csm: }", "roles: {}\nplans: {all: }"])
def test_no_playbook(text: str) -> None:
    """A file without roles or plans is no playbook."""
    book, problems = read(text)
    assert book is None
    assert {one.code for one in problems} <= {"value-form", "key-missing"}
    assert problems
