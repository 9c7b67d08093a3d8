"""The whole line on one screen: read -> grade -> plan -> calendar, worklist, tiers.

This is also the Python API. A `Question` names the files, the options and the day asked about;
each stage takes what the one before it gave. The only exception is `Stop`, with all that is wrong.

    import sys
    from datetime import date
    from csprio import answers, pipeline

    question = pipeline.Question(("accounts.csv",), date(2026, 11, 23))
    graded = pipeline.grade(pipeline.read(question, sys.stdin.buffer))
    print(answers.tiers_sheet(graded).table.to_pandas())
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa

from csprio.codes import Severity
from csprio.decide.asked import known_person, picked
from csprio.decide.calendar import Schedule
from csprio.decide.closings import Closings, last_touch
from csprio.decide.conditions import kept_apart, mask
from csprio.decide.dates import BusinessDays, day
from csprio.decide.facts import Lately, dating, last_graded, with_computed
from csprio.decide.grading import Graded as Codes
from csprio.decide.grading import grade as graded_table
from csprio.decide.grading import replaced, status_in
from csprio.decide.history import called_for, changes
from csprio.decide.memory import Memory
from csprio.decide.notes import notes, what_is_missing
from csprio.decide.people import People
from csprio.decide.plans import assignments, ids_before
from csprio.decide.standing import Changed, Standing
from csprio.decide.terms import Terms, terms
from csprio.problems import ExitCode, Place, Problem, Stop, problem
from csprio.read import ids
from csprio.read.accounts import Book, Needs, read_accounts
from csprio.read.conditions import parse_where
from csprio.read.config import beside, read_config, resolve_accounts
from csprio.read.fields import rule_fields, unknown_fields, unknown_in
from csprio.read.journal import journal_files, read_journal
from csprio.read.policy import policy_files, read_policy
from csprio.read.source import sha256_of
from csprio.read.team import read_team
from csprio.rules import ALWAYS, Clause, Every, Policy, Present
from csprio.tables import GRADED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    import numpy.typing as npt

    from csprio.decide.memory import Moments
    from csprio.journal import Journal
    from csprio.settings import Config, Read, TableSettings
    from csprio.team import Team

    Mask = npt.NDArray[np.bool_]


PART_ROWS = 1 << 16  # accounts graded at a time: what a processor's cache holds
# Keys of csprio.yaml that wait for their readers.
_LATER = ("signals", "exports")


@dataclass(frozen=True)
class Question:
    """What is asked: the files, the day, and whose accounts. Paths are as the user gave them."""

    accounts: tuple[str, ...]
    as_of: date
    config: str | None = None
    grid: str | None = None
    playbook: str | None = None
    journal: str | None = None
    team: str | None = None
    where: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True)
class Digests:
    """Pairs of an input path and the SHA-256 of its bytes, hashed when somebody looks."""

    files: tuple[str, ...]
    sources: tuple[Read, ...]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Give the policy's files, then the tables as they were read."""
        yield from ((path, sha256_of(path)) for path in self.files)
        yield from ((source.name, source.sha256) for source in self.sources)


@dataclass(frozen=True)
class Inputs:
    """All that was read, what is wrong with it, and what was taken for granted.

    `files` are the paths of the user's own policy files, as given; `sources` are the tables.
    """

    question: Question
    where: tuple[Clause, ...]
    config: Config
    policy: Policy
    book: Book
    journal: Journal
    team: Team
    problems: tuple[Problem, ...]
    said: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Each input path as given."""
        return (*self.files, *(source.name for source in self.sources))

    @property
    def sources(self) -> tuple[Read, ...]:
        """The tables that were read: the journal's files, the team, the accounts."""
        return (*self.journal.sources, *self.team.sources, *self.book.sources)

    @property
    def hashes(self) -> Digests:
        """Each input path as given, with the SHA-256 of its bytes."""
        return Digests(self.files, self.sources)


@dataclass(frozen=True)
class Graded:
    """The graded book: its table and codes, and which accounts the question is about.

    What follows from dates is computed when it is first asked for: `grade` alone has no need of it.
    """

    inputs: Inputs
    table: pa.Table
    codes: Codes
    people: People
    memory: Memory
    active: Mask
    prospect: Mask
    accounts: tuple[str, ...] = ()

    @property
    def as_of(self) -> np.datetime64:
        """The day asked about."""
        return day(self.inputs.question.as_of)

    @cached_property
    def terms(self) -> Terms:
        """The terms of every account."""
        return terms(self.table, self.as_of)

    @cached_property
    def closings(self) -> Closings:
        """What people said of single tasks."""
        return Closings(self.memory, self.terms)

    @cached_property
    def lately(self) -> Lately:
        """The last days of each account: it was graded, somebody was in touch."""
        graded = last_graded(self.inputs.book.table, self.memory)
        return Lately(graded, last_touch(self.memory, self.closings))

    @cached_property
    def facts(self) -> pa.Table:
        """The table with what is computed from dates and amounts."""
        return with_computed(self.table, self.terms, self.lately, self.as_of)

    @cached_property
    def asked(self) -> Mask:
        """Tell which accounts `--where` and `--account` ask about."""
        where = self.inputs.where
        met = mask(Every(where), self.facts if where else self.table)
        return met & picked(self.table, self.accounts) if self.accounts else met

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        """Everybody whom the book or the team names in a role."""
        return tuple(self.people.everybody())


def read(question: Question, stdin: BinaryIO) -> Inputs:
    """Read the configuration, the policy and the accounts; Stop with all that is wrong."""
    config, problems = read_config(question.config)
    policy, problems = read_policy(
        config, grid=question.grid, playbook=question.playbook, found=problems
    )
    adds = Place("--add") if question.add else config.places.get("add", config.place)
    question = replace(question, add=question.add or config.add)
    where = tuple(parse_where(each) for each in question.where)
    fields = rule_fields(policy, config, where)
    settings = replace(
        config.table,
        encoding=question.encoding or config.table.encoding,
        delimiter=question.delimiter or config.table.delimiter,
    )
    needs = needs_of(policy, fields, question.add)
    book, journal, team = _inputs(question, config, policy, settings, needs, stdin)
    names = (*book.inputs_have, *(field.name for field in GRADED))
    added = [Clause(name, Present(), adds) for name in question.add]
    lost = [
        *unknown_fields(policy, config, book.inputs_have),
        *unknown_in((*where, *added), policy, config, names),
    ]
    if any(each.severity is Severity.ERROR for each in lost):
        raise Stop(ExitCode.POLICY, lost)
    later = [
        problem("not-read-yet", config.places[key], key=key)
        for key in _LATER
        if key in config.places
    ]
    found = (*problems, *later, *lost, *book.problems, *journal.problems, *team.problems)
    files = policy_files(config, grid=question.grid, playbook=question.playbook)
    said = (*book.said, *journal.said, *team.said)
    return Inputs(question, where, config, policy, book, journal, team, found, said, files)


def _inputs(  # noqa: PLR0913, PLR0917 - all that reading the files takes
    question: Question,
    config: Config,
    policy: Policy,
    settings: TableSettings,
    needs: Needs,
    stdin: BinaryIO,
) -> tuple[Book, Journal, Team]:
    """Read the accounts, the journal and the team."""
    paths = question.accounts or resolve_accounts(config, question.as_of)
    keep = None if settings.only == ALWAYS else partial(mask, settings.only)
    config = replace(config, table=settings)
    journal = _path(question.journal, config, config.journal)
    team = _path(question.team, config, config.team)
    book, told, people = _all_of(
        lambda: read_accounts(paths, settings, needs, keep, stdin),
        lambda: read_journal(journal, config, policy.grid, given=question.journal is not None),
        lambda: read_team(team, config, policy.roles, given=question.team is not None),
    )
    return book, told, people


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
    accounts = question.accounts
    if not accounts:
        with suppress(Stop):  # no file for `{date}` is none to write over
            accounts = resolve_accounts(config, question.as_of)
    journal = _path(question.journal, config, config.journal)
    team = _path(question.team, config, config.team)
    entries: tuple[str, ...] = ()
    with suppress(Stop):
        entries = journal_files(journal) if journal else ()
    files = policy_files(config, grid=question.grid, playbook=question.playbook)
    return (*files, *entries, *filter(None, [team]), *accounts)


def grade(inputs: Inputs, accounts: tuple[str, ...] = ()) -> Graded:
    """Grade every account and find its tier.

    `accounts` narrows the question to these, by id or unique name.
    """
    book, grid = kept_apart(inputs.book.table), inputs.policy.grid
    memory = Memory(inputs.journal, book["account_id"], grid, day(inputs.question.as_of))
    parts = [
        _graded(
            book.slice(start, PART_ROWS),
            memory,
            memory.now.slice(start, PART_ROWS),
            inputs,
        )
        for start in range(0, max(len(book), 1), PART_ROWS)
    ]
    table = pa.concat_tables([part.table for part in parts])
    codes = Codes.joined([part.codes for part in parts])
    inactive = np.concatenate([part.inactive for part in parts])
    prospect = np.concatenate([part.prospect for part in parts])
    calls = called_for(book, grid, memory, codes)
    table = replaced(table, note=notes(codes, grid, calls, inactive, prospect))
    people = People(inputs.book.table, inputs.policy.roles, inputs.team)
    owners = tuple(
        known_person(name, people.everybody(), inputs.team) for name in inputs.question.owners
    )
    inputs = replace(inputs, question=replace(inputs.question, owners=owners))
    if inputs.config.table.ids == ids.SALESFORCE:
        accounts = tuple(ids.cut(pa.array(accounts, pa.string())).to_pylist())
    return Graded(inputs, table, codes, people, memory, ~inactive, prospect, accounts)


class _Part(NamedTuple):
    """What grading makes of some rows."""

    table: pa.Table
    codes: Codes
    inactive: Mask
    prospect: Mask


def _graded(rows: pa.Table, memory: Memory, now: Moments, inputs: Inputs) -> _Part:
    """Grade some rows: grading looks at one account at a time."""
    settings = inputs.config.table
    rows = memory.cells(rows, now)
    table, codes = graded_table(rows, inputs.policy.grid, memory.told(now))
    inactive, prospect = (
        status_in(table, words) for words in (settings.inactive, settings.prospects)
    )
    churned = memory.churned(now)
    return _Part(table, codes, inactive | churned, prospect & ~churned)


def plan(graded: Graded) -> Schedule:
    """Give every account its activities, and gather what their dates depend on."""
    policy, table = graded.inputs.policy, graded.facts
    part = graded.asked & graded.active
    assigned, playbook = assignments(table, policy, part, graded.prospect)
    business = BusinessDays(policy.days_off)
    dates = dating(table, graded.terms, graded.lately.graded, business, graded.memory)
    missing = what_is_missing(graded.codes)
    standing = Standing(
        graded.memory, graded.terms, graded.closings, _changed(graded), policy.expires
    )
    return Schedule(
        table, graded.people, policy, assigned, playbook, dates, graded.as_of, missing, standing
    )


def _changed(graded: Graded) -> Changed:
    """Find when each account's tier last changed, and what its plan had before."""
    policy, memory, as_of = graded.inputs.policy, graded.memory, graded.as_of
    book = kept_apart(graded.inputs.book.table)
    found = changes(book, policy.grid, memory)
    before = with_computed(
        found.before, terms(found.before, as_of), graded.lately.take(found.rows), as_of
    )
    return Changed(found.day, ids_before(before, found.rows, policy, len(book)))


def needs_of(policy: Policy, fields: Mapping[str, str], add: Sequence[str]) -> Needs:
    """Say which columns of the accounts file the policy and the question look at."""
    grid = policy.grid
    roles = tuple(role.column for role in policy.roles.values())
    return Needs(grid.sizes, grid.levels, grid.grades, grid.tier_keys, roles, fields, tuple(add))
