"""What is asked, and the tables that it names, read side by side.

In: what a command line says. Out: a `Question`, and the accounts, the journal and the team that it
is about. Nothing is decided here.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from csprio.decide.conditions import mask
from csprio.problems import Stop
from csprio.read.accounts import Book, Needs, read_accounts
from csprio.read.config import beside, read_config, resolve_accounts
from csprio.read.journal import journal_files, read_journal
from csprio.read.named import files_named, matches
from csprio.read.policy import policy_files
from csprio.read.team import read_team
from csprio.read.walked import walked
from csprio.rules import ALWAYS, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from csprio.journal import Journal
    from csprio.read.reopened import Kept
    from csprio.read.walked import Walked
    from csprio.settings import Config, TableSettings
    from csprio.team import Team

    Piped = BinaryIO | Kept


BATCH = 6 << 20


@dataclass(frozen=True)
class Question:
    """What is asked: the files, the day, and whose accounts. Paths are as the user gave them.

    `changes` asks how scores have changed, too; `at_once` wants all accounts in memory, else there
    are some `batch` bytes of their text in hand at a time.
    """

    accounts: tuple[str, ...]
    as_of: date
    config: str | None = None
    grid: str | None = None
    playbook: str | None = None
    signals: str | None = None
    journal: str | None = None
    team: str | None = None
    where: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    changes: bool = False
    at_once: bool = True
    batch: int = BATCH

    @property
    def policy(self) -> dict[str, str | None]:
        """The files of policy that the question itself names."""
        return {"grid": self.grid, "playbook": self.playbook, "signals": self.signals}


class Tables(NamedTuple):
    """What was read; the book of accounts that are to be `walked` through is empty."""

    book: Book
    journal: Journal
    team: Team
    walked: Walked | None


def read_tables(  # noqa: PLR0913, PLR0917 - all that reading the files takes
    question: Question,
    config: Config,
    policy: Policy,
    settings: TableSettings,
    needs: Needs,
    stdin: Piped,
) -> Tables:
    """Read accounts, journal and team side by side; Stop with all that is wrong with them.

    A long book may be one to walk through, unless its accounts are wanted at once: all that a
    journal or signals tell is looked up by account.
    """
    paths = files_named(question.accounts) or resolve_accounts(config, question.as_of)
    keep = None if settings.only == ALWAYS else partial(mask, settings.only)
    config = replace(config, table=settings)
    journal = _path(question.journal, config, config.journal)
    team = _path(question.team, config, config.team)
    at_once = question.at_once or journal is not None or policy.signals is not None
    long = None if at_once else walked(paths, settings, needs, keep, stdin, question.batch)
    book, told, people = _all_of(
        lambda: long.head if long else read_accounts(paths, settings, needs, keep, stdin),
        lambda: read_journal(journal, config, policy.grid, given=question.journal is not None),
        lambda: read_team(team, config, policy.roles, given=question.team is not None),
    )
    return Tables(book, told, people, long)


def _all_of(first: Callable[[], Any], *others: Callable[[], Any]) -> list[Any]:
    """Read all inputs side by side, since Arrow lets other threads run.

    The first is read here: it may be stdin, and Ctrl-C must not wait for that to end. Where some
    of them are unusable, Stop with what is wrong with each.
    """
    read, stops = [], []
    with ThreadPoolExecutor(len(others)) as threads:
        waiting = [threads.submit(reader) for reader in others]
        for result in (first, *(each.result for each in waiting)):
            try:
                read.append(result())
            except Stop as stop:
                stops.append(stop)
    if stops:
        code = stops[0].exit_code
        alike = [stop for stop in stops if stop.exit_code is code]
        problems = [each for stop in alike for each in stop.problems]
        raise Stop(code, problems, [each for stop in alike for each in stop.also])
    return read


def _path(option: str | None, config: Config, path: str | None) -> str | None:
    """Give the path of an option, else that of the configuration."""
    return option or (None if path is None else beside(config, path))


def paths_of(question: Question) -> tuple[str, ...]:
    """List the files that a question names, readable or not: no answer may be written over them."""
    config, _ = read_config(question.config)
    accounts = tuple(file for path in question.accounts for file in matches(path))
    if not question.accounts:
        with suppress(Stop):  # no file for `{date}` is none to write over
            accounts = resolve_accounts(config, question.as_of)
    journal = _path(question.journal, config, config.journal)
    team = _path(question.team, config, config.team)
    entries: tuple[str, ...] = ()
    with suppress(Stop):
        entries = journal_files(journal) if journal else ()
    files = policy_files(config, **question.policy)
    return (*files, *entries, *filter(None, [team]), *accounts)


def needs_of(policy: Policy, fields: Mapping[str, str], add: Sequence[str]) -> Needs:
    """Say which columns of the accounts file the policy and the question look at."""
    grid = policy.grid
    roles = tuple(role.column for role in policy.roles.values())
    return Needs(grid.sizes, grid.levels, grid.grades, grid.tier_keys, roles, fields, tuple(add))
