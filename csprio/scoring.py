"""Sources added up and accounts scored, before anything is graded.

In: what the files say, and the day asked about. Out: the book with a column for each field that
signals make, the journal with the events that sources tell, and what is wrong with either. Each
source is read once, for every day that somebody asks about; rows of later days are never seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from csprio.codes import Severity
from csprio.decide.closings import Closings, last_touch
from csprio.decide.conditions import kept_apart
from csprio.decide.dates import NEVER, day
from csprio.decide.facts import Lately, last_graded, with_computed
from csprio.decide.grading import last_potential, replaced, status_in
from csprio.decide.heard import Heard, with_heard
from csprio.decide.measures import measured
from csprio.decide.memory import Memory
from csprio.decide.signalled import signalled
from csprio.decide.tally import Tally
from csprio.decide.terms import terms
from csprio.decide.values import lives
from csprio.fields import COMPUTED
from csprio.journal import CHURNED
from csprio.problems import ExitCode, Stop, problem
from csprio.read.signal_clauses import account_clauses
from csprio.read.sources import SourceFile
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from csprio.decide.signalled import Signalled
    from csprio.decide.terms import Terms
    from csprio.decide.values import Lives
    from csprio.journal import Journal
    from csprio.problems import Problem
    from csprio.read.accounts import Book
    from csprio.rules import Policy
    from csprio.settings import Config, Read
    from csprio.signals import Signals

    T = TypeVar("T")


# What follows from dates and entries: worked out only where some score looks at it.
_COMPUTED = frozenset(plain(name) for name in (*(each.name for each in COMPUTED), "term_months"))


@dataclass(frozen=True)
class Told:
    """What the files say, as far as scores rest on it."""

    config: Config
    policy: Policy
    book: Book
    journal: Journal


@dataclass(frozen=True)
class Scoring:
    """The book and the journal once sources have spoken, and how each account is scored.

    `before` holds the scores of earlier days, by how many days earlier, where changes are asked
    for. `reads` are the files of the sources.
    """

    book: Book
    journal: Journal
    now: Signalled
    before: Mapping[int, Signalled]
    problems: tuple[Problem, ...]
    said: tuple[str, ...]
    reads: tuple[Read, ...]


def score(told: Told, as_of: date, *, changes: bool = False) -> Scoring:
    """Read the sources and score every account; the policy must have signals.

    `changes` asks for the earlier days, too, that scores are compared with. Raises `Stop` where a
    source cannot be used, or a rule asks more of the book than it can answer.
    """
    signals = told.policy.signals
    assert signals is not None  # noqa: S101 - who calls has them
    spans = sorted({each.trend for each in signals.scores}) if changes else []
    days = [as_of, *(as_of - timedelta(days=span) for span in spans)]
    files, tallies = _added_up(told, days)
    events = []
    for rule in signals.events:
        rows = tallies[rule.source].events()[rule.name]
        events.append(Heard(rule.name, rows.row, rows.day, rows.at, files[rule.source].place))
    ids = told.book.table["account_id"].combine_chunks()
    told = replace(told, journal=with_heard(told.journal, ids, events))
    now, *before = (_scored_on(told, tallies, each) for each in days)
    found = [one for file in files.values() for one in file.problems]
    found += _stale(signals, tallies, as_of)
    found += now.problems
    found += [
        problem(one.code, told.book.place(one.row, one.field), **one.facts) for one in now.findings
    ]
    if any(one.severity is Severity.ERROR for one in now.problems):
        raise Stop(ExitCode.POLICY, now.problems, found)
    return Scoring(
        book=replace(told.book, table=_with_fields(told.book.table, now, signals.fields)),
        journal=told.journal,
        now=now,
        before=dict(zip(spans, before, strict=True)),
        problems=tuple(found),
        said=tuple(line for file in files.values() for line in file.said),
        reads=tuple(read for file in files.values() for read in file.reads),
    )


def _added_up(told: Told, days: Sequence[date]) -> tuple[dict[str, SourceFile], dict[str, Tally]]:
    """Read every source to its end; Stop with what is wrong with all of them."""
    signals, ids = told.policy.signals, told.book.table["account_id"].combine_chunks()
    assert signals is not None  # noqa: S101 - who calls has them
    moments = [int(day(each).astype(np.int64)) for each in days]
    files: dict[str, SourceFile] = {}
    tallies: dict[str, Tally] = {}
    stops: list[Stop] = []
    for name in signals.sources:
        files[name] = SourceFile(name, signals, told.config, ids, days[0], told.book.aside)
        tallies[name] = Tally(signals, name, moments, len(ids))
        try:
            for batch in files[name].batches():
                tallies[name].add(batch)
        except Stop as stop:
            stops.append(stop)
    _stop(stops)
    return files, tallies


def _stale(signals: Signals, tallies: Mapping[str, Tally], as_of: date) -> Iterator[Problem]:
    """Warn of sources whose last row is too old for measures of a window."""
    moment = int(day(as_of).astype(np.int64))
    for name, tally in tallies.items():
        windowed = any(each.source == name and each.over for each in signals.measures)
        if windowed and tally.is_stale(moment):
            last = np.datetime64(tally.last_day(moment), "D")
            place = signals.sources[name].place
            yield problem("source-stale", place, source=name, last=last, most=tally.stale_after)


def _stop(stops: Iterable[Stop]) -> None:
    """Stop with all problems of the gravest kind: what the policy asks comes before the files."""
    stops = sorted(stops, key=lambda stop: stop.exit_code)
    alike = [stop for stop in stops if stop.exit_code is stops[0].exit_code]
    if alike:
        problems = [each for stop in alike for each in stop.problems]
        raise Stop(alike[0].exit_code, problems, [each for stop in alike for each in stop.also])


def _scored_on(told: Told, tallies: Mapping[str, Tally], on: date) -> Signalled:
    """Score every account as it stood on a day."""
    policy, as_of = told.policy, day(on)
    assert policy.signals is not None  # noqa: S101 - who calls has them
    cells = kept_apart(told.book.table)
    memory = Memory(told.journal, cells["account_id"], policy.grid, as_of)
    table = memory.cells(cells, memory.now)
    if len(memory):  # else nobody has told anything
        table = replaced(table, potential=last_potential(memory.told(memory.now), table))
    asked = {plain(each.field) for each in account_clauses(policy.signals)}
    computed, valued = not _COMPUTED.isdisjoint(asked), policy.signals.clv is not None
    lived = None
    if computed or valued:
        the_terms = terms(table, as_of)
        if computed:
            table = with_computed(table, the_terms, _lately(told, memory, the_terms), as_of)
        lived = _lives(told, memory, table, the_terms)
    moment = int(as_of.astype(np.int64))
    found = measured(policy.signals, tallies, table, moment)
    return signalled(
        policy.signals,
        found,
        table,
        orders=_only(each.orders(moment) for each in tallies.values()),
        purchases=_only(each.purchases(moment) for each in tallies.values()),
        lives=lived,
    )


def _lives(told: Told, memory: Memory, table: pa.Table, the_terms: Terms) -> Lives:
    """Find who is still there, and when the others left."""
    gone = memory.churned(memory.now)
    left = np.where(gone, memory.named(CHURNED)[0].last_day(memory.now), NEVER)
    active = ~(gone | status_in(table, told.config.table.inactive))
    return lives(table, the_terms, left, active, memory.as_of)


def _only(found: Iterable[T | None]) -> T | None:
    """Give the one that is there: of all sources one has the orders."""
    return next((each for each in found if each is not None), None)


def _lately(told: Told, memory: Memory, the_terms: Terms) -> Lately:
    """Find when each account was last graded and last talked to."""
    closings = Closings(memory, the_terms)
    return Lately(last_graded(told.book.table, memory), last_touch(memory, closings))


def _with_fields(table: pa.Table, now: Signalled, fields: Sequence[str]) -> pa.Table:
    """Give the book the fields that signals make, as columns like any other."""
    return replaced(table, **{name: now.table[name] for name in fields})
