"""The whole line on one screen: read -> score -> grade -> plan -> calendar, worklist, tiers.

This is also the Python API. A `Question` names the files, the options and the day asked about;
each stage takes what the one before it gave. The only exception is `Stop`, with all that is wrong.

    import sys
    from datetime import date
    from csprio import answers, pipeline

    question = pipeline.Question(("accounts.csv",), date(2026, 11, 23))
    graded = pipeline.grade(pipeline.read(question, sys.stdin.buffer))
    print(answers.tiers_sheet([graded]).table.to_pandas())
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from csprio.codes import Severity
from csprio.decide.asked import known_person, picked
from csprio.decide.calendar import Schedule
from csprio.decide.closings import Closings, last_touch
from csprio.decide.conditions import kept_apart, mask
from csprio.decide.dates import NEVER, BusinessDays, day
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
from csprio.fields import GRADED
from csprio.problems import ExitCode, Place, Problem, Stop
from csprio.question import Question, needs_of, paths_of, read_tables
from csprio.read import ids
from csprio.read.conditions import parse_where
from csprio.read.config import read_config
from csprio.read.fields import rule_fields, unknown_fields, unknown_in, unused_measures
from csprio.read.policy import policy_files, read_policy
from csprio.read.reopened import Kept
from csprio.read.source import sha256_of
from csprio.read.text_pieces import Odd
from csprio.rules import Clause, Every, Policy, Present

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from csprio.decide.memory import Moments
    from csprio.journal import Journal
    from csprio.question import Piped
    from csprio.read.accounts import Book
    from csprio.read.walked import Walked
    from csprio.scoring import Scoring
    from csprio.settings import Config, Read
    from csprio.team import Team

    Mask = npt.NDArray[np.bool_]


__all__ = [
    "Digests", "Graded", "Inputs", "Kept", "Odd", "Question", "grade", "paths_of", "plan", "read"
]  # fmt: skip
PART_ROWS = 1 << 16  # accounts graded at a time: what a processor's cache holds


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

    `files` are the paths of the user's own policy files, as given; `sources` are the tables. The
    book of accounts that are `walked` through is empty.
    """

    question: Question
    where: tuple[Clause, ...]
    config: Config
    policy: Policy
    book: Book
    journal: Journal
    team: Team
    scoring: Scoring | None
    walked: Walked | None
    problems: tuple[Problem, ...]
    said: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Each input path as given."""
        return (*self.files, *(source.name for source in self.sources))

    @property
    def sources(self) -> tuple[Read, ...]:
        """The tables that were read: the journal's files, the team, the sources, the accounts."""
        reads = () if self.scoring is None else self.scoring.reads
        return (*self.journal.sources, *self.team.sources, *reads, *self.book.sources)

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What only a careful reader of the policy wants to know: measures that nothing uses."""
        return tuple(unused_measures(self.policy, self.config))

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


def read(question: Question, stdin: Piped) -> Inputs:
    """Read the configuration, the policy and the accounts; Stop with all that is wrong.

    Stdin that is `Kept` can be read again, and walked through.
    """
    config, problems = read_config(question.config)
    policy, problems = read_policy(config, **question.policy, found=problems)
    adds = Place("--add") if question.add else config.places.get("add", config.place)
    question = replace(question, add=question.add or config.add)
    where = tuple(parse_where(each) for each in question.where)
    fields = rule_fields(policy, config, where)
    settings = replace(
        config.table,
        encoding=question.encoding or config.table.encoding,
        delimiter=question.delimiter or config.table.delimiter,
        sheet=question.sheet or config.table.sheet,
    )
    needs = needs_of(policy, fields, question.add)
    tables = read_tables(question, config, policy, settings, needs, stdin)
    book, journal, team, walked = tables
    names = (*book.inputs_have, *(field.name for field in GRADED))
    added = [Clause(name, Present(), adds) for name in question.add]
    lost = [
        *unknown_fields(policy, config, book.inputs_have),
        *unknown_in((*where, *added), policy, config, names),
    ]
    if any(each.severity is Severity.ERROR for each in lost):
        raise Stop(ExitCode.POLICY, lost)
    config = replace(config, table=settings)
    found = (*problems, *lost, *book.problems, *journal.problems, *team.problems)
    files = policy_files(config, **question.policy)
    said = (*book.said, *journal.said, *team.said)
    inputs = Inputs(
        question, where, config, policy, book, journal, team, None, walked, found, said, files
    )
    return inputs if policy.signals is None else _scored(inputs, replace(config, table=settings))


def _scored(inputs: Inputs, config: Config) -> Inputs:
    """Read the sources and score the accounts: their fields become columns of the book."""
    from csprio.scoring import Told, score  # noqa: PLC0415 - most books have no signals

    question = inputs.question
    told = Told(config, inputs.policy, inputs.book, inputs.journal)
    scoring = score(told, question.as_of, changes=question.changes)
    return replace(
        inputs,
        book=scoring.book,
        journal=scoring.journal,
        scoring=scoring,
        problems=(*inputs.problems, *scoring.problems),
        said=(*inputs.said, *scoring.said),
    )


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
    if not len(memory):
        return Changed(np.full(len(graded.table), NEVER), {})
    book = kept_apart(graded.inputs.book.table)
    found = changes(book, policy.grid, memory)
    before = with_computed(
        found.before, terms(found.before, as_of), graded.lately.take(found.rows), as_of
    )
    return Changed(found.day, ids_before(before, found.rows, policy, len(book)))
