"""The clauses of all rules, and the keys of the grid that they name.

Comes in: the rules. Goes out: each clause with where it stands, and problems for a size, level,
grade or tier that the grid does not have. Nothing is opened here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.fields import MOTIONS
from csprio.problems import problem
from csprio.read.builtin import is_builtin
from csprio.read.schema import fold
from csprio.read.wording import hint, listed, short
from csprio.rules import AnyOf, Not, Same, clauses
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from csprio.problems import Problem
    from csprio.rules import Clause, Condition, Grid, OwnPlan, PlaybookChoice, Test

ONLY, SCORE, BORDERLINE, PLAYBOOK = (
    "`only:`", "the grid's score", "`borderline:` of the grid", "the playbook",
)  # fmt: skip
_BORDERLINE_WORDS = ("call to make", "rule", "called", "override")


def rule_clauses(
    only: Condition,
    grid: Grid | None,
    choices: Iterable[PlaybookChoice],
    own_plans: Iterable[OwnPlan],
) -> Iterator[tuple[str, Clause]]:
    """Walk all clauses in the order of the pipeline, each with the kind of rule it stands in."""
    for scope, condition in _conditions(only, grid, choices, own_plans):
        for clause in clauses(condition):
            yield scope, clause


def _conditions(
    only: Condition,
    grid: Grid | None,
    choices: Iterable[PlaybookChoice],
    own_plans: Iterable[OwnPlan],
) -> Iterator[tuple[str, Condition]]:
    yield ONLY, only
    if grid is not None:
        for line in grid.likelihood.score if grid.likelihood else ():
            yield SCORE, line.when
        for rule in grid.borderline:
            yield BORDERLINE, rule.when
    for choice in choices:
        yield PLAYBOOK, choice.when
        for plan in choice.playbook.plans.values():
            for activity in plan:
                yield PLAYBOOK, activity.when
    for own in own_plans:
        for activity in (*own.add, *own.replace):
            yield PLAYBOOK, activity.when


def check_keys(
    found: Iterable[Clause], grid: Grid, more: Mapping[str, tuple[str, ...]] | None = None
) -> list[Problem]:
    """Report values that a clause asks for and no account can have; the built-in rules may.

    `more` gives the words of further fields, as of the bands of scores.
    """
    keys = {
        "size": grid.sizes,
        "likelihood": grid.levels,
        "grade": grid.grades,
        "tier": grid.tier_keys,
    }
    named = {"motion": MOTIONS, "borderline": _BORDERLINE_WORDS, **(more or {})}
    words = {plain(name): (name, known) for name, known in named.items()}
    seen: set[tuple[object, str]] = set()
    problems: list[Problem] = []
    for clause in found:
        for text in () if is_builtin(clause.place.file) else _texts(clause.test):
            if (clause.place, text) not in seen:
                seen.add((clause.place, text))
                problems += _unknown_key(clause, text, keys)
                problems += _unmet_word(clause, text, words)
    return problems


def _texts(test: Test) -> Iterator[str]:
    """Walk the plain values of a test."""
    if isinstance(test, Same):
        yield test.text
    elif isinstance(test, Not):
        yield from _texts(test.test)
    elif isinstance(test, AnyOf):
        for one in test.tests:
            yield from _texts(one)


def _unknown_key(
    clause: Clause, text: str, keys: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    name = plain(clause.field)
    known = keys.get(name)
    if known is not None and fold(text) not in {fold(key) for key in known}:
        facts = {"value": short(text), "what": f"{name} of the grid", "hint": hint(text, known)}
        yield problem("value-unknown", clause.place, **facts)


def _unmet_word(
    clause: Clause, text: str, words: Mapping[str, tuple[str, tuple[str, ...]]]
) -> Iterator[Problem]:
    name, known = words.get(plain(clause.field), ("", ()))
    if name and text.casefold() not in map(str.casefold, known):
        facts = {"field": short(name), "value": short(text), "known": listed(known)}
        yield problem("value-unmet", clause.place, **facts)
