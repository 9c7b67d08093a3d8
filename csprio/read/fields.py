"""Which fields the rules look at: whether some input has them, and what they read them as.

Comes in: the policy, the configuration, the names that the inputs have. Goes out: problems, and a
type for each field. Pure: nothing is opened here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from csprio.fields import COMPUTED, FIELDS
from csprio.problems import problem
from csprio.read.literals import iso_date, number
from csprio.read.rule_clauses import ONLY, PLAYBOOK, check_keys, rule_clauses
from csprio.read.signal_clauses import account_clauses, check_columns, check_used, signal_words
from csprio.read.wording import close, short
from csprio.rules import AnyOf, Between, Compare, Missing, Not, Present, Same
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from csprio.problems import Problem
    from csprio.rules import Clause, Policy, Test
    from csprio.settings import Config

_FIELDS = {plain(field.name): field.name for field in FIELDS}
_COMPUTED = {plain(field.name): field.name for field in COMPUTED}
_LATER = {**_COMPUTED, "borderline": "borderline"}
_MAY_LACK = ", or name it under `optional:` if an input may lack it"
NUMBER, DATE, TEXT = "number", "date", "text"
SIGNALS = "`signals.yaml`"


def unknown_fields(policy: Policy, config: Config, inputs: Iterable[str]) -> list[Problem]:
    """Report fields of rules that no input has, and columns that stand for computed fields.

    `inputs` are the names that rules can use for the input's columns.
    """
    names = list(inputs)
    have = {plain(name) for name in names}
    made = {plain(name): name for name in policy.signals.fields} if policy.signals else {}
    later = _LATER | made
    known = have | set(_FIELDS) | _mapped(config) | _optional(policy) | _role_columns(policy)
    problems = [
        problem("field-covered", config.place, field=name)
        for name in names
        if plain(name) in _COMPUTED
    ]
    seen: set[tuple[str, object]] = set()
    for scope, clause in _scoped(policy, config):
        name = plain(clause.field)
        seen_later = {PLAYBOOK: later, SIGNALS: _COMPUTED | made, ONLY: {}}.get(scope, made)
        if name in known or name in seen_later or (name, clause.place) in seen:
            continue
        seen.add((name, clause.place))
        choices = [*names, *_FIELDS.values(), *seen_later.values()]
        optional = "" if scope == ONLY else _MAY_LACK
        problems.append(_unknown(clause, scope, choices, optional, later))
    if policy.signals is not None:
        problems += check_columns(policy.signals, names)
    return [*problems, *_combined(config, names, known)]


def unknown_in(
    where: Iterable[Clause], policy: Policy, config: Config, names: Iterable[str]
) -> list[Problem]:
    """Report fields and keys that `--where` (or `--add`, as clauses) asks for and nothing has."""
    made = policy.signals.fields if policy.signals else ()
    names = [*names, *_FIELDS.values(), *_LATER.values(), *made]
    known = {plain(name) for name in names}
    known |= _mapped(config) | _optional(policy) | _role_columns(policy)
    asked = list(where)
    unknown = [clause for clause in asked if plain(clause.field) not in known]
    lost = [_unknown(clause, PLAYBOOK, names, "", {}) for clause in unknown]
    words = signal_words(policy.signals) if policy.signals else {}
    return [*lost, *check_keys(asked, policy.grid, words)]


def unused_measures(policy: Policy, config: Config) -> list[Problem]:
    """Report measures that nothing uses: no rule, no score, no column that is always added."""
    if policy.signals is None:
        return []
    likelihood = policy.grid.likelihood
    used = [clause.field for scope, clause in _scoped(policy, config) if scope != SIGNALS]
    return check_used(
        policy.signals, [*used, *config.add, *([likelihood.source] if likelihood else [])]
    )


def rule_fields(policy: Policy, config: Config, where: Iterable[Clause] = ()) -> dict[str, str]:
    """Say for each field that a rule reads what it is read as: `number`, `date` or `text`.

    A number only where every test on it compares with one, is one, or asks whether it is there,
    and at least one of them compares; a date where every test names a date or asks that.
    """
    asked = [*(clause for _, clause in _scoped(policy, config)), *where]
    names: dict[str, str] = {}
    for clause in asked:
        key = plain(clause.field)
        names.setdefault(key, _FIELDS.get(key) or _COMPUTED.get(key) or clause.field)
    return {names[key]: kind for key, kind in read_as(asked).items()}


def read_as(asked: Iterable[Clause]) -> dict[str, str]:
    """Say what clauses read each field as, by its folded name, as `rule_fields` does."""
    kinds: dict[str, set[str]] = {}
    for clause in asked:
        kinds.setdefault(plain(clause.field), set()).update(_kinds(clause.test))
    return {key: next(iter(found)) if len(found) == 1 else TEXT for key, found in kinds.items()}


def _kinds(test: Test) -> Iterator[str]:
    """Say what a test reads its field as; `missing`, `present` and a plain number take anything."""
    if isinstance(test, Not):
        yield from _kinds(test.test)
    elif isinstance(test, AnyOf):
        for one in test.tests:
            yield from _kinds(one)
    elif isinstance(test, (Compare, Between)):
        bound = test.bound if isinstance(test, Compare) else test.low
        yield DATE if isinstance(bound, date) else NUMBER
    elif isinstance(test, Same) and iso_date(test.text):
        yield DATE
    elif not isinstance(test, (Missing, Present)) and not _is_number(test):
        yield TEXT


def _is_number(test: Test) -> bool:
    """Tell a plain number, which may as well be the text of a code such as `007`."""
    return isinstance(test, Same) and number(test.text) is not None


def _scoped(policy: Policy, config: Config) -> Iterator[tuple[str, Clause]]:
    """Walk all clauses with the kind of rule each stands in; what a score is made of is one too."""
    yield from rule_clauses(config.table.only, policy.grid, policy.playbooks, policy.own_plans)
    if policy.signals is not None:
        yield from ((SIGNALS, clause) for clause in account_clauses(policy.signals))


def _mapped(config: Config) -> set[str]:
    """Fields that `columns:` names: a header that is not there is reported with the table."""
    return {plain(field) for field, header in config.table.columns.items() if header is not None}


def _optional(policy: Policy) -> set[str]:
    named = [*policy.grid.optional, *(policy.signals.optional if policy.signals else ())]
    for choice in policy.playbooks:
        named += choice.playbook.optional
    return {plain(name) for name in named}


def _role_columns(policy: Policy) -> set[str]:
    return {plain(role.column) for role in policy.roles.values()}


def _combined(config: Config, names: list[str], known: set[str]) -> Iterator[Problem]:
    """Report what `combine:` names and no input has; a field may be absent."""
    choices = [*names, *_FIELDS.values()]
    for name in config.table.combine:
        if plain(name) not in known:
            place = config.table.combine_places.get(name, config.place)
            hint = _guess(name, choices, "")
            yield problem("field-unknown", place, field=short(name), hint=hint)


def _unknown(
    clause: Clause, scope: str, choices: list[str], optional: str, later: Mapping[str, str]
) -> Problem:
    if scope != PLAYBOOK and plain(clause.field) in later:
        return problem("field-later", clause.place, field=short(clause.field), scope=scope)
    hint = _guess(clause.field, choices, optional)
    return problem("field-unknown", clause.place, field=short(clause.field), hint=hint)


def _guess(name: str, choices: list[str], optional: str) -> str:
    """Say what was probably meant; `optional` is the other way out, where there is one."""
    match = close(name, choices)
    guess = f"did you mean `{match}`" if match else "check its name"
    return f"{guess}{optional}" if optional or not match else f"{guess}?"
