"""All that signals make of the accounts, as columns of their table.

In: the signals, what was measured, the table of accounts before grading. Out: `Signalled`: the
table with every field that signals make, the scores behind them, cells that earn no points, and
what keeps a rule from this book. Per account, but for RFM and lifetime value where they estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.conditions import Conditions, as_text
from csprio.decide.exact import Exact, column, decimals, nothing, numbers_of
from csprio.decide.scores import points_of, points_said, scored
from csprio.decide.values import Valued, lifetime_values, rfm_values
from csprio.problems import Finding
from csprio.rules import clauses
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from csprio.decide.bgnbd import Purchases
    from csprio.decide.measures import Measured
    from csprio.decide.rfm import Orders
    from csprio.decide.scores import Scored
    from csprio.decide.values import Lives
    from csprio.problems import Problem
    from csprio.signals import Part, ScoreRule, Signals


@dataclass(frozen=True)
class Signalled:
    """What signals make of a book on one day.

    `given` is the table of accounts, `fields` are those that signals make, in the order of
    `Signals.made`. `findings` are cells whose text earns no points, `problems` rules that this book
    does not serve; their fields are null.
    """

    given: pa.Table
    fields: Mapping[str, Callable[[], pa.Array]]
    measured: Measured
    scores: Mapping[str, Scored]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def table(self) -> pa.Table:
        """The table that was given, with the fields that signals make.

        Numbers are decimals, RFM's whole numbers, bands and segments text. Of a day that scores are
        only compared with nobody asks for it.
        """
        return _with_fields(self.given, self.fields)


def signalled(  # noqa: PLR0913 - all that signals rest on
    signals: Signals,
    measured: Measured,
    table: pa.Table,
    *,
    orders: Orders | None,
    purchases: Purchases | None,
    lives: Lives | None,
) -> Signalled:
    """Value and score every account.

    `table` has the columns that scores and caps look at, those computed from dates and amounts
    too. `orders` and `purchases` are those of the sources of RFM and of lifetime value: without
    them these are missing. `lives` are needed for lifetime value alone.
    """
    exact = _exact(measured)
    fields: dict[str, Callable[[], pa.Array]] = {
        name: cache(partial(column, numbers)) for name, numbers in exact.items()
    }
    values = [*_values(signals, len(table), orders, purchases, lives)]
    for value in values:
        fields |= {name: partial(_same, cells) for name, cells in value.fields.items()}
    scores: dict[str, Scored] = {}
    findings: list[Finding] = []
    numbers = {plain(name): each for name, each in exact.items()}
    for rule in signals.scores:  # each sees those before it
        seen = Conditions(_with_fields(table, _looked_at(rule, fields, numbers)))
        points = []
        for part in rule.parts:
            earned, unknown = _earned(rule, part, numbers, seen)
            points.append(earned)
            findings += unknown
        score = scores[rule.name] = scored(rule, points, seen)
        fields[rule.name] = cache(partial(decimals, score.units, score.mean.known))
        fields[f"{rule.name}_band"] = cache(partial(getattr, score, "bands"))
    return Signalled(
        given=table,
        fields={name: fields[name] for name in signals.fields},
        measured=measured,
        scores=scores,
        findings=tuple(findings),
        problems=tuple(problem for value in values for problem in value.problems),
    )


def _with_fields(table: pa.Table, fields: Mapping[str, Callable[[], pa.Array]]) -> pa.Table:
    for name, values in fields.items():
        table = table.append_column(name, values())
    return table


def _looked_at(
    rule: ScoreRule,
    fields: Mapping[str, Callable[[], pa.Array]],
    numbers: Mapping[str, Exact],
) -> dict[str, Callable[[], pa.Array]]:
    """Choose the fields that a score looks at as they are shown: in caps, or for want of more."""
    names = {plain(clause.field) for cap in rule.caps for clause in clauses(cap.when)}
    names |= {plain(part.field) for part in rule.parts if not _counts_exactly(part, numbers)}
    return {name: values for name, values in fields.items() if plain(name) in names}


def _exact(measured: Measured) -> dict[str, Exact]:
    """Give the numbers of measures by field, as exact as they were taken."""
    return {
        **measured.numbers,
        **{f"{name}_answers": counts for name, counts in measured.counts.items()},
        **{f"{name}_last": last for name, last in measured.last.items()},
    }


def _values(
    signals: Signals,
    rows: int,
    orders: Orders | None,
    purchases: Purchases | None,
    lives: Lives | None,
) -> Iterator[Valued]:
    """Give the fields of RFM and of lifetime value, where the signals have them."""
    if signals.rfm is not None:
        yield rfm_values(signals.rfm, orders, rows)
    if signals.clv is not None:
        assert lives is not None  # noqa: S101 - who calls has them where they are needed
        yield lifetime_values(signals.clv, lives, purchases)


def _earned(
    rule: ScoreRule, part: Part, numbers: Mapping[str, Exact], seen: Conditions
) -> tuple[Exact, Iterator[Finding]]:
    """Give the points that a part of a score earns, and the cells whose text earns none.

    Measures count as exactly as they were taken, all else as its field shows it.
    """
    if _counts_exactly(part, numbers):
        return points_of(part, numbers[plain(part.field)]), iter(())
    cells = seen.column(part.field)
    if cells is None:
        return nothing(len(seen.none())), iter(())
    if part.points is None:
        return points_of(part, numbers_of(cells)), iter(())
    points, unknown = points_said(part, cells.combine_chunks())
    facts = {"score": rule.name, "field": part.field}
    return points, (
        Finding("points-unknown", row, part.field, {"value": as_text(cells[row].as_py()), **facts})
        for row in np.flatnonzero(unknown).tolist()
    )


def _same(cells: pa.Array) -> pa.Array:
    """Give a field that is there already."""
    return cells


def _counts_exactly(part: Part, numbers: Mapping[str, Exact]) -> bool:
    """Tell whether a part of a score counts a measure, not the text that it is shown as."""
    return part.points is None and plain(part.field) in numbers
