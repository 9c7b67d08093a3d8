"""All that the YAML files say, read together: grid, playbooks, own plans, days off.

Comes in: a `Config` and the files that options name. Goes out: a `Policy` and its warnings; `Stop`
(exit code 2) with every error of every file where there is one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from csprio.codes import Severity
from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.builtin import ANNUAL, GRID, MONTHLY, builtin_path, builtin_shown, is_builtin
from csprio.read.config import beside
from csprio.read.exports import read_exports
from csprio.read.grid import read_grid
from csprio.read.grid_lint import check_reached
from csprio.read.holidays import NOT_FATAL, TABLE_CODES, read_holidays
from csprio.read.literals import number
from csprio.read.plans import FOLDER, ids_of, plan_files, read_plans
from csprio.read.playbook import read_playbook
from csprio.read.rule_clauses import check_keys, rule_clauses
from csprio.read.signal_clauses import signal_words
from csprio.read.wording import hint, listed, short
from csprio.read.yamls import load
from csprio.rules import ALWAYS, Clause, Compare, DaysOff, PlaybookChoice, Policy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from csprio.problems import Problem
    from csprio.rules import Condition, Grid, OwnPlan, Playbook
    from csprio.settings import Config
    from csprio.signals import Signals

_MONTHLY = number("3")
_DEFAULTS: tuple[tuple[Condition, str], ...] = (
    (Clause("term_months", Compare("<=", _MONTHLY)) if _MONTHLY is not None else ALWAYS, MONTHLY),
    (ALWAYS, ANNUAL),
)


def read_policy(
    config: Config,
    *,
    grid: str | None = None,
    playbook: str | None = None,
    signals: str | None = None,
    found: Iterable[Problem] = (),
) -> tuple[Policy, list[Problem]]:
    """Read every file of the policy; `found` are the problems of the configuration itself."""
    problems = list(found)
    the_grid = _grid(config, grid, problems)
    choices = _playbooks(config, playbook, the_grid, problems)
    _check_roles(choices, problems)
    check_reached(((choice.when, choice.place) for choice in choices), problems)
    own = _own_plans(config, choices, problems)
    days_off = _days_off(config, problems)
    the_signals = _signals(config, signals, problems)
    if the_grid is not None:
        found_in_rules = rule_clauses(config.table.only, the_grid, choices, own)
        words = signal_words(the_signals) if the_signals else {}
        problems += check_keys((clause for _, clause in found_in_rules), the_grid, words)
        _check_likelihood(the_grid, the_signals, problems)
        if not is_builtin(the_grid.place.file):
            _check_accounts_per(the_grid, choices, problems)
            _check_planned(the_grid, choices, problems)
    read_exports(config, problems)
    stop_on_errors(problems)
    if the_grid is None or not choices:
        raise Stop(ExitCode.POLICY, problems)
    return Policy(the_grid, choices, own, days_off, config.expires, the_signals), problems


def policy_files(
    config: Config,
    *,
    grid: str | None = None,
    playbook: str | None = None,
    signals: str | None = None,
) -> tuple[str, ...]:
    """List the user's own files that the policy comes from, the configuration first."""
    scores = [path] if (path := _signals_path(config, signals)) else []
    of_grid = [grid] if grid else [beside(config, config.grid)] if config.grid else []
    books = [path for _, path, shown, _ in _wanted(config, playbook) if path == shown]
    plans = plan_files(
        beside(config, config.plans or FOLDER), asked=False, place=config.place, problems=[]
    )
    holidays = [beside(config, path) for path in config.holidays]
    exports = [beside(config, path) for _, path, _ in config.exports]
    return tuple(
        dict.fromkeys(
            [
                *filter(None, [config.place.file]),
                *of_grid,
                *books,
                *plans,
                *scores,
                *holidays,
                *exports,
            ]
        )
    )


def stop_on_errors(problems: Collection[Problem]) -> None:
    """Raise `Stop` where a problem leaves no policy: 3 for holidays that are no table, else 2."""
    fatal = [
        one for one in problems if one.severity is Severity.ERROR and one.code not in NOT_FATAL
    ]
    if fatal:
        tables = all(one.code in TABLE_CODES for one in fatal)
        raise Stop(ExitCode.UNUSABLE if tables else ExitCode.POLICY, problems)


def _grid(config: Config, option: str | None, problems: list[Problem]) -> Grid | None:
    if option is None and config.grid is None:
        path, shown = builtin_path(GRID), builtin_shown(GRID)
    else:
        path = shown = option or beside(config, config.grid or "")
    node = load(path, shown, problems)
    return None if node is None else read_grid(node, problems)


def _signals(config: Config, option: str | None, problems: list[Problem]) -> Signals | None:
    path = _signals_path(config, option)
    node = load(path, path, problems) if path else None
    if node is None:
        return None
    from csprio.read.signals import read_signals  # noqa: PLC0415 - most books have no signals

    return read_signals(node, problems)


def _signals_path(config: Config, option: str | None) -> str:
    return option or (beside(config, config.signals) if config.signals else "")


def _check_likelihood(grid: Grid, signals: Signals | None, problems: list[Problem]) -> None:
    """Refuse a likelihood by a score that there is not."""
    source = grid.likelihood.source if grid.likelihood else ""
    names = [score.name for score in signals.scores] if signals else []
    if not source or source in (*names, *grid.optional):
        return
    assert grid.likelihood is not None  # noqa: S101 - it has the source
    guess = hint(source, names) if names else "name the file of scores: `signals:` in csprio.yaml"
    facts = {"value": short(source), "what": "score of the signals", "hint": guess}
    problems.append(problem("value-unknown", grid.likelihood.source_place, **facts))


def _playbooks(
    config: Config, option: str | None, grid: Grid | None, problems: list[Problem]
) -> tuple[PlaybookChoice, ...]:
    """Read the playbooks in their order; each file once."""
    tiers = grid.tier_keys if grid is not None else None
    choices, read = [], dict[str, "Playbook | None"]()
    for when, path, shown, place in _wanted(config, option):
        if path not in read:
            node = load(path, shown, problems)
            read[path] = None if node is None else read_playbook(node, tiers, problems)
        book = read[path]
        if book is not None:
            choices.append(PlaybookChoice(when, book, place or book.place))
    return tuple(choices)


def _wanted(config: Config, option: str | None) -> list[tuple[Condition, str, str, Place | None]]:
    if option is not None:
        return [(ALWAYS, option, option, None)]
    if config.playbooks:
        own = [(when, beside(config, use), place) for when, use, place in config.playbooks]
        return [(when, path, path, place) for when, path, place in own]
    return [
        (_at(when, builtin_shown(name)), builtin_path(name), builtin_shown(name), None)
        for when, name in _DEFAULTS
    ]


def _at(when: Condition, shown: str) -> Condition:
    """Give a condition of the default list a place, so that answers can name it."""
    return replace(when, place=Place(shown)) if isinstance(when, Clause) else when


def _check_roles(choices: Collection[PlaybookChoice], problems: list[Problem]) -> None:
    """Compare the roles of each playbook with those of the first."""
    books = [choice.playbook for choice in choices]
    compared = {books[0].place.file} if books else set()
    for book in books[1:]:
        if book.place.file in compared:
            continue
        compared.add(book.place.file)
        found = _difference(books[0], book)
        if found is not None:
            what, place = found
            facts = {"what": what, "file": books[0].place.file}
            problems.append(problem("roles-differ", place, **facts))


def _difference(one: Playbook, two: Playbook) -> tuple[str, Place] | None:
    """Find the first role that the second playbook has otherwise."""
    for key in (*two.roles, *one.roles):
        left, right = one.roles.get(key), two.roles.get(key)
        if right is None:
            return f"the role `{short(key)}` is left out here", two.place
        if left is None:
            return f"the role `{short(key)}` is new here", right.place
        if replace(left, place=right.place) != right:
            return f"the role `{short(key)}` is another here", right.place
    return None


def _own_plans(
    config: Config, choices: Collection[PlaybookChoice], problems: list[Problem]
) -> tuple[OwnPlan, ...]:
    asked = config.plans is not None
    place = config.places.get("plans", config.place)
    folder = beside(config, config.plans or FOLDER)
    files = plan_files(folder, asked=asked, place=place, problems=problems)
    books = [choice.playbook for choice in choices]
    roles = books[0].roles if books else {}
    return read_plans(files, roles, ids_of(books), problems)


def _days_off(config: Config, problems: list[Problem]) -> DaysOff:
    days: dict[date, Place] = {}
    for path in config.holidays:
        dates, encoding = config.table.dates, config.table.encoding
        for day, place in read_holidays(beside(config, path), dates, encoding, problems):
            days.setdefault(day, place)
    weekmask = tuple(day not in config.weekend for day in range(7))
    return DaysOff(weekmask, tuple(sorted(days)), days)


def _check_planned(
    grid: Grid, choices: Collection[PlaybookChoice], problems: list[Problem]
) -> None:
    """Warn of tiers for which the built-in playbooks have no plan of their own."""
    builtin = [one.playbook for one in choices if is_builtin(one.playbook.place.file)]
    missing = [
        tier.key for tier in grid.tiers if any(tier.key not in book.plans for book in builtin)
    ]
    if missing:
        problems.append(problem("tiers-unplanned", grid.place, tiers=listed(missing)))


def _check_accounts_per(
    grid: Grid, choices: Collection[PlaybookChoice], problems: list[Problem]
) -> None:
    """Warn of a limit for a role that no playbook has."""
    roles = [role for choice in choices for role in choice.playbook.roles]
    for tier in grid.tiers if roles else ():
        for role in tier.accounts_per:
            if role not in roles:
                guess = hint(role, roles)
                facts = {"role": short(role), "hint": guess}
                problems.append(problem("accounts-per", tier.place, **facts))
