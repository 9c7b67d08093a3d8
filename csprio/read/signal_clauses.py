"""What signals look at: conditions, fields of accounts, columns of sources; and what they hide.

Comes in: `Signals`, and names that only the inputs and the other rules can tell. Goes out: clauses,
fields and columns, each with its place, and problems. Nothing is opened here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from csprio.problems import problem
from csprio.read.wording import short
from csprio.rules import Clause, Compare, Contains, clauses
from csprio.signals import NO_SEGMENT, NOT_SCORED
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from csprio.problems import Place, Problem
    from csprio.signals import Signals

_COUNTED = Compare(">=", Decimal(0))
ROWS, CAP, SEGMENT = "`where:` of a source's rows", "`cap:` of a score", "`segments:` of rfm"


def signal_clauses(signals: Signals) -> Iterator[tuple[str, Clause]]:
    """Walk all clauses, each with the kind of rule it stands in: `ROWS`, `CAP` or `SEGMENT`.

    Called by who checks and types the fields of rules once the inputs are known (`read/fields.py`,
    beside `rule_clauses`): `CAP` sees fields of accounts and what signals make, `ROWS` the columns
    of a source (see `source_clauses`), `SEGMENT` only `r`, `f` and `m`, which are checked already.
    """
    for source in signals.sources:
        for clause in source_clauses(signals, source):
            yield ROWS, clause
    for score in signals.scores:
        for cap in score.caps:
            for clause in clauses(cap.when):
                yield CAP, clause
    for segment in signals.rfm.segments if signals.rfm is not None else ():
        for clause in clauses(segment.when):
            yield SEGMENT, clause


def signal_fields(signals: Signals) -> Iterator[tuple[str, Place]]:
    """Walk the fields that measures divide by and match, and that scores are made of.

    Called by who looks for unknown fields once the inputs are known (`read/fields.py`), and by who
    reads the accounts, for the columns to keep: a name that neither an input has nor csprio, nor
    `signals.fields`, nor `signals.optional`, is `field-unknown`.
    """
    for measure in signals.measures:
        if measure.per:
            yield measure.per, measure.places.get("per", measure.place)
    for match in signals.matches:
        yield match.column, match.places.get("match", match.place)
    for score in signals.scores:
        for part in score.parts:
            yield part.field, part.place


def account_clauses(signals: Signals) -> Iterator[Clause]:
    """Walk what signals ask of accounts, as clauses: those of caps, and one for each field used.

    A field that is counted is one that a number is compared with, so that its cells are read so.
    """
    for scope, clause in signal_clauses(signals):
        if scope == CAP:
            yield clause
    texts = {match.column for match in signals.matches}
    texts |= {part.field for score in signals.scores for part in score.parts if part.points}
    for name, place in signal_fields(signals):
        yield Clause(name, Contains("") if name in texts else _COUNTED, place)


def source_clauses(signals: Signals, source: str) -> Iterator[Clause]:
    """Walk the clauses on the rows of one source, for who reads it: what to read columns as."""
    wheres = [(event.source, event.where) for event in signals.events]
    wheres += [(measure.source, measure.where) for measure in signals.measures]
    for name, where in wheres:
        if name == source:
            yield from clauses(where)


def source_fields(signals: Signals, source: str) -> Iterator[tuple[str, Place]]:
    """Walk the columns that one source must have, for who reads it; those of conditions too."""
    rule = signals.sources[source]
    yield rule.date, rule.places.get("date", rule.place)
    if rule.via is not None:
        yield rule.via.on, rule.via.place
    for measure in signals.measures:
        if measure.source == source:
            for key, column in (("take", measure.column), ("by", measure.by)):
                if column:
                    yield column, measure.places.get(key, measure.place)
    for value in (signals.rfm, signals.clv):
        if value is not None and value.source == source:
            yield value.amount, value.places.get("amount", value.place)
    for clause in source_clauses(signals, source):
        yield clause.field, clause.place


def signal_words(signals: Signals) -> dict[str, tuple[str, ...]]:
    """Give the texts that a band or segment can be, by its field.

    Called by who checks the values that conditions ask for (`check_keys` of `rule_clauses`).
    """
    words = {
        f"{score.name}_band": (*(band.key for band in score.bands), NOT_SCORED)
        for score in signals.scores
    }
    if signals.rfm is not None and signals.rfm.segments:
        names = (segment.name for segment in signals.rfm.segments)
        words["rfm_segment"] = tuple(dict.fromkeys([*names, NO_SEGMENT]))
    return words


def check_columns(signals: Signals, inputs: Iterable[str]) -> list[Problem]:
    """Report columns of the accounts that are called like a field that signals make.

    `inputs` are the names that rules can use for the input's columns. Called where those are known
    (`read/fields.py`, beside `unknown_fields`).
    """
    made = {plain(one.field): one for one in reversed([*signals.made()])}
    found = []
    for column in inputs:
        one = made.pop(plain(column), None)  # a column may go by two names: as written, as meant
        if one is not None:
            facts = {"column": short(column), "field": short(one.field), "what": one.what}
            found.append(problem("signal-column", one.place, **facts))
    return found


def check_used(signals: Signals, used: Iterable[str]) -> list[Problem]:
    """Warn of measures that nothing uses; `used` are the fields that all other rules name.

    Called where the whole policy is read: with the fields of `rule_clauses`, of `add:`, and of what
    the command line asks for.
    """
    names = [*used, *(name for name, _ in signal_fields(signals))]
    names += [clause.field for scope, clause in signal_clauses(signals) if scope == CAP]
    folded = {plain(name) for name in names}
    rules = {made.rule for made in signals.made() if plain(made.field) in folded}
    measures = [(measure.name, measure.place) for measure in signals.measures]
    measures += [(match.name, match.place) for match in signals.matches]
    return [
        problem("measure-unused", place, measure=short(name))
        for name, place in measures
        if name not in rules
    ]
