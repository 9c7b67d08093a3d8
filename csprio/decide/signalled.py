"""All that signals make of the accounts, as columns of their table.

In: the signals, what was measured, the table of accounts before grading. Out: `Signalled`: the
table with every field that signals make, the scores behind them, cells that earn no points, and
what keeps a rule from this book. Per account, but for RFM and lifetime value where they estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.conditions import Conditions, as_text
from csprio.decide.exact import Exact, column, decimals, nothing, numbers_of
from csprio.decide.scores import points_of, points_said, scored
from csprio.decide.values import Valued, lifetime_values, rfm_values
from csprio.problems import Finding
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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

    `table` is the one that was given, with the fields of `Signals.made` in their order: numbers as
    decimals, RFM's as whole numbers, bands and segments as text. `findings` are cells whose text
    earns no points, `problems` rules that this book does not serve; their fields are null.
    """

    table: pa.Table
    measured: Measured
    scores: Mapping[str, Scored]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def signalled(  # noqa: PLR0913 - all that signals rest on
    signals: Signals,
    measured: Measured,
    table: pa.Table,
    *,
    orders: Orders | None,
    purchases: Purchases | None,
    lives: Lives,
) -> Signalled:
    """Value and score every account.

    `table` has the columns that scores and caps look at, those computed from dates and amounts
    too. `orders` and `purchases` are those of the sources of RFM and of lifetime value: without
    them these are missing.
    """
    exact = _exact(measured)
    fields = {name: column(numbers) for name, numbers in exact.items()}
    values = [*_values(signals, len(table), orders, purchases, lives)]
    for value in values:
        fields |= value.fields
    scores: dict[str, Scored] = {}
    findings: list[Finding] = []
    numbers = {plain(name): each for name, each in exact.items()}
    for rule in signals.scores:  # each sees those before it
        seen = Conditions(_with_fields(table, fields))
        points = []
        for part in rule.parts:
            earned, unknown = _earned(rule, part, numbers, seen)
            points.append(earned)
            findings += unknown
        score = scores[rule.name] = scored(rule, points, seen)
        fields[rule.name] = decimals(score.units, score.value.known)
        fields[f"{rule.name}_band"] = score.bands
    return Signalled(
        table=_with_fields(table, {name: fields[name] for name in signals.fields}),
        measured=measured,
        scores=scores,
        findings=tuple(findings),
        problems=tuple(problem for value in values for problem in value.problems),
    )


def _with_fields(table: pa.Table, fields: Mapping[str, pa.Array]) -> pa.Table:
    for name, values in fields.items():
        table = table.append_column(name, values)
    return table


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
    lives: Lives,
) -> Iterator[Valued]:
    """Give the fields of RFM and of lifetime value, where the signals have them."""
    if signals.rfm is not None:
        yield rfm_values(signals.rfm, orders, rows)
    if signals.clv is not None:
        yield lifetime_values(signals.clv, lives, purchases)


def _earned(
    rule: ScoreRule, part: Part, numbers: Mapping[str, Exact], seen: Conditions
) -> tuple[Exact, Iterator[Finding]]:
    """Give the points that a part of a score earns, and the cells whose text earns none.

    Measures count as exactly as they were taken, all else as its field shows it.
    """
    cells = seen.column(part.field)
    if cells is None:
        return nothing(len(seen.none())), iter(())
    if part.points is None:
        exact = numbers.get(plain(part.field))
        return points_of(part, numbers_of(cells) if exact is None else exact), iter(())
    points, unknown = points_said(part, cells.combine_chunks())
    facts = {"score": rule.name, "field": part.field}
    return points, (
        Finding("points-unknown", row, part.field, {"value": as_text(cells[row].as_py()), **facts})
        for row in np.flatnonzero(unknown).tolist()
    )
