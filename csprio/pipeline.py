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

import difflib
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.codes import Severity
from csprio.decide.calendar import Schedule
from csprio.decide.conditions import kept_apart, mask
from csprio.decide.dates import BusinessDays, day
from csprio.decide.facts import dating, with_computed
from csprio.decide.grading import Graded as Codes
from csprio.decide.grading import grade as graded_table
from csprio.decide.grading import replaced, status_in
from csprio.decide.notes import notes, what_is_missing
from csprio.decide.people import People
from csprio.decide.plans import assignments
from csprio.decide.terms import Terms, terms
from csprio.problems import ExitCode, Place, Problem, Stop, policy_stop, problem
from csprio.read.accounts import Book, Needs, read_accounts
from csprio.read.conditions import parse_where
from csprio.read.config import read_config, resolve_accounts
from csprio.read.fields import rule_fields, unknown_fields, unknown_in
from csprio.read.policy import policy_files, read_policy
from csprio.read.source import Source, sha256_of
from csprio.rules import ALWAYS, Clause, Every, Policy, Present
from csprio.tables import GRADED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import numpy.typing as npt

    from csprio.rules import Grid
    from csprio.settings import Config, TableSettings

    Mask = npt.NDArray[np.bool_]


PART_ROWS = 1 << 16  # accounts graded at a time: what a processor's cache holds
# Keys of csprio.yaml that wait for their readers.
_LATER = ("signals", "journal", "team", "exports")


@dataclass(frozen=True)
class Question:
    """What is asked: the files, the day, and whose accounts. Paths are as the user gave them."""

    accounts: tuple[str, ...]
    as_of: date
    config: str | None = None
    grid: str | None = None
    playbook: str | None = None
    where: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True)
class Digests:
    """Pairs of an input path and the SHA-256 of its bytes, hashed when somebody looks."""

    files: tuple[str, ...]
    sources: tuple[Source, ...]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Give the policy's files, then the accounts'."""
        yield from ((path, sha256_of(path)) for path in self.files)
        yield from ((source.name, source.sha256) for source in self.sources)


@dataclass(frozen=True)
class Inputs:
    """All that was read, what is wrong with it, and what was taken for granted.

    `files` are the paths of the user's own policy files, as given.
    """

    question: Question
    where: tuple[Clause, ...]
    config: Config
    policy: Policy
    book: Book
    problems: tuple[Problem, ...]
    said: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Each input path as given."""
        return (*self.files, *(source.name for source in self.book.sources))

    @property
    def hashes(self) -> Digests:
        """Each input path as given, with the SHA-256 of its bytes."""
        return Digests(self.files, self.book.sources)


@dataclass(frozen=True)
class Graded:
    """The graded book: its table and codes, and which accounts the question is about.

    What follows from dates is computed when it is first asked for: `grade` alone has no need of it.
    """

    inputs: Inputs
    table: pa.Table
    codes: Codes
    people: People
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
    def facts(self) -> pa.Table:
        """The table with what is computed from dates and amounts."""
        return with_computed(self.table, self.terms, self.as_of)

    @cached_property
    def asked(self) -> Mask:
        """Tell which accounts `--where` and `--account` ask about."""
        where = self.inputs.where
        met = mask(Every(where), self.facts if where else self.table)
        return met & _picked(self.table, self.accounts) if self.accounts else met

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        """Everybody whom the book names in a role."""
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
    paths = question.accounts or resolve_accounts(config, question.as_of)
    keep = None if settings.only == ALWAYS else partial(mask, settings.only)
    book = read_accounts(paths, settings, needs_of(policy, fields, question.add), keep, stdin)
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
    found = (*problems, *later, *lost, *book.problems)
    files = policy_files(config, grid=question.grid, playbook=question.playbook)
    return Inputs(question, where, config, policy, book, found, tuple(book.said), files)


def paths_of(question: Question) -> tuple[str, ...]:
    """List the files that a question names, readable or not: no answer may be written over them."""
    config, _ = read_config(question.config)
    accounts = question.accounts
    if not accounts:
        with suppress(Stop):  # no file for `{date}` is none to write over
            accounts = resolve_accounts(config, question.as_of)
    return (*policy_files(config, grid=question.grid, playbook=question.playbook), *accounts)


def grade(inputs: Inputs, accounts: tuple[str, ...] = ()) -> Graded:
    """Grade every account and find its tier.

    `accounts` narrows the question to these, by id or unique name.
    """
    book, grid = kept_apart(inputs.book.table), inputs.policy.grid
    parts = [
        _graded(book.slice(start, PART_ROWS), grid, inputs.config.table)
        for start in range(0, max(len(book), 1), PART_ROWS)
    ]
    table = pa.concat_tables([part.table for part in parts])
    codes = Codes.joined([part.codes for part in parts])
    inactive = np.concatenate([part.inactive for part in parts])
    prospect = np.concatenate([part.prospect for part in parts])
    people = People(inputs.book.table, inputs.policy.roles)
    for name in inputs.question.owners:
        _must_know(name, people.everybody())
    return Graded(inputs, table, codes, people, ~inactive, prospect, accounts)


class _Part(NamedTuple):
    """What grading makes of some rows."""

    table: pa.Table
    codes: Codes
    inactive: Mask
    prospect: Mask


def _graded(rows: pa.Table, grid: Grid, settings: TableSettings) -> _Part:
    """Grade some rows: grading looks at one account at a time."""
    table, codes = graded_table(rows, grid)
    inactive, prospect = (
        status_in(table, words) for words in (settings.inactive, settings.prospects)
    )
    return _Part(
        replaced(table, note=notes(codes, grid, inactive, prospect)), codes, inactive, prospect
    )


def plan(graded: Graded) -> Schedule:
    """Give every account its activities, and gather what their dates depend on."""
    policy, table = graded.inputs.policy, graded.facts
    part = graded.asked & graded.active
    assigned, playbook = assignments(table, policy, part, graded.prospect)
    dates = dating(table, graded.terms, graded.as_of, BusinessDays(policy.days_off))
    missing = what_is_missing(graded.codes)
    return Schedule(table, graded.people, policy, assigned, playbook, dates, graded.as_of, missing)


def needs_of(policy: Policy, fields: Mapping[str, str], add: Sequence[str]) -> Needs:
    """Say which columns of the accounts file the policy and the question look at."""
    grid = policy.grid
    roles = tuple(role.column for role in policy.roles.values())
    return Needs(grid.sizes, grid.levels, grid.grades, grid.tier_keys, roles, fields, tuple(add))


def _picked(table: pa.Table, accounts: Sequence[str]) -> Mask:
    """Find accounts by id, else by a name that only one has."""
    picked = np.zeros(len(table), bool)
    for each in accounts:
        for column in ("account_id", "name"):
            found = np.asarray(pc.fill_null(pc.equal(table[column], pa.scalar(each)), False))  # noqa: FBT003
            if found.any():
                break
        if found.sum() != 1:
            _no_account(table, each, int(found.sum()))
        picked |= found
    return picked


def _no_account(table: pa.Table, name: str, found: int) -> None:
    if found:
        raise policy_stop("account-ambiguous", Place(""), name=name, count=found)
    known = [*table["account_id"].to_pylist(), *table["name"].to_pylist()]
    raise policy_stop("unknown-account", Place(""), name=name, hint=_close(name, known))


def _must_know(name: str, everybody: Sequence[str]) -> None:
    if name not in everybody:
        raise policy_stop("unknown-owner", Place(""), name=name, hint=_close(name, everybody))


def _close(name: str, known: Sequence[str]) -> str:
    """Offer the names closest to one that is not known."""
    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), folded, 3, 0.5)
    return (
        f"did you mean {', '.join(folded[each] for each in close)}?"
        if close
        else (
            f"there are {', '.join(known[:5])}{' ...' if len(known) > 5 else ''}"  # noqa: PLR2004
            if known
            else "there is none"
        )
    )
