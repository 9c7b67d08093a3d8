"""What a score looks at in the accounts file: cells that have no date of their own.

In: the signals, the name of a score. Out: names of columns. Rows of sources and entries of the
journal are dated, so that a later one is never seen; a cell is as the file has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.fields import COMPUTED
from csprio.rules import clauses
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.signals import ScoreRule, Signals


def columns_seen(signals: Signals, score: str) -> tuple[str, ...]:
    """Name the columns of the accounts that a score rests on, each once, as the rules name them.

    Scores within scores are followed, and what a measure is divided by. What csprio computes of
    dates and of the journal is no column.
    """
    seen: dict[str, str] = {}
    asked, known = [score], set()
    while asked:
        name = asked.pop(0)
        if plain(name) in known:
            continue
        known.add(plain(name))
        inner = _inner(signals, name)
        if inner is None:
            seen[plain(name)] = name
        else:
            asked += inner
    return tuple(seen.values())


def _inner(signals: Signals, name: str) -> list[str] | None:
    """Give the fields that make a field; None where it is a column itself."""
    folded = plain(name)
    for score in signals.scores:
        if folded in {plain(score.name), plain(f"{score.name}_band")}:
            return list(_fields(score))
    for measure in signals.measures:
        if folded == plain(measure.name):
            return [measure.per] if measure.per else []
    for match in signals.matches:
        if folded == plain(match.name):
            return [match.column]
    made = {plain(each) for each in (*signals.fields, *(field.name for field in COMPUTED))}
    return [] if folded in made else None


def _fields(score: ScoreRule) -> Iterator[str]:
    """Walk the fields that a score is made of, then those of its caps."""
    for part in score.parts:
        yield part.field
    for cap in score.caps:
        for clause in clauses(cap.when):
            yield clause.field
