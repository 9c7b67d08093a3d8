"""Signals as frozen values: sources, measures, scores and bands, as `signals.yaml` says them.

Made by `read` from YAML, consumed by `decide`. Nothing here opens a file or computes; every value
that a person wrote carries the `Place` it stands at, so that a score can be traced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from csprio.rules import ALWAYS, NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from csprio.problems import Place
    from csprio.rules import Band, Condition

MIN_COVERAGE, TREND_DAYS = Decimal(50), 28


@dataclass(frozen=True)
class Via:
    """Where the account of a row is looked up: a file, and the column that both have."""

    file: str
    on: str
    place: Place = NOWHERE


@dataclass(frozen=True)
class SourceRule:
    """A file of dated rows about accounts: `date` names its column, `columns` map fields.

    `stale_after` is in days; None is the shortest window of the source's measures.
    """

    name: str
    file: str
    date: str
    columns: Mapping[str, str] = field(default_factory=dict)
    via: Via | None = None
    dates: str | None = None
    stale_after: int | None = None
    place: Place = NOWHERE


class Take(StrEnum):
    """How the rows of a window become one value."""

    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    LAST = "last"
    COUNT = "count"
    DAYS = "days"
    DISTINCT = "distinct"
    SINCE = "since"
    TREND = "trend"
    NPS = "nps score"


@dataclass(frozen=True)
class Measure:
    """One value an account: `over` is days (None: all), `per` a field that divides it."""

    name: str
    source: str
    take: Take
    column: str = ""
    over: int | None = None
    per: str = ""
    where: Condition = ALWAYS
    empty: Decimal | None = None
    by: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Match:
    """How well what a column names is met: each word's worth, 0 to 1."""

    name: str
    column: str
    meets: Mapping[str, Decimal]
    place: Place = NOWHERE


@dataclass(frozen=True)
class Part:
    """One line of a score: a field, its weight, and what earns 0 and 100 points.

    Either `zero` and `full` are given, or `points` says what each text earns.
    """

    field: str
    weight: Decimal = Decimal(1)
    zero: Decimal | None = None
    full: Decimal | None = None
    points: Mapping[str, Decimal] | None = None
    place: Place = NOWHERE


@dataclass(frozen=True)
class Cap:
    """No more than `at` points where a condition holds."""

    when: Condition
    at: Decimal
    place: Place = NOWHERE


@dataclass(frozen=True)
class ScoreRule:
    """A weighted mean of fields, 0 to 100, and its bands; coverage in percent, trend in days."""

    name: str
    parts: tuple[Part, ...]
    bands: tuple[Band, ...] = ()
    min_coverage: Decimal = MIN_COVERAGE
    caps: tuple[Cap, ...] = ()
    trend: int = TREND_DAYS
    place: Place = NOWHERE


@dataclass(frozen=True)
class EventRule:
    """Rows that count as events: each, or the first of an account."""

    name: str
    source: str
    where: Condition = ALWAYS
    each: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True)
class RfmRule:
    """Recency, frequency, monetary value; `cuts` None is quantiles, else ascending cuts of each."""

    source: str
    amount: str
    over: int | None = None
    cuts: Mapping[str, tuple[Decimal, ...]] | None = None
    segments: tuple[tuple[Condition, str], ...] = ()
    place: Place = NOWHERE


class Retention(StrEnum):
    """How the chance to stay is known where it is no number."""

    ESTIMATE = "estimate"


@dataclass(frozen=True)
class ClvRule:
    """Lifetime value: `retention` is R a year, or alpha and beta a renewal, or an estimate."""

    model: str  # contract or transactions
    margin: Decimal
    discount: Decimal
    years: Decimal
    retention: Decimal | tuple[Decimal, Decimal] | Retention = Retention.ESTIMATE
    source: str = ""
    amount: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Signals:
    """All that `signals.yaml` says; scores stand in an order in which each knows what it uses."""

    sources: Mapping[str, SourceRule] = field(default_factory=dict)
    events: tuple[EventRule, ...] = ()
    measures: tuple[Measure, ...] = ()
    matches: tuple[Match, ...] = ()
    scores: tuple[ScoreRule, ...] = ()
    rfm: RfmRule | None = None
    clv: ClvRule | None = None
    optional: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that signals make, in the order of the file."""
        names = [each.name for each in (*self.measures, *self.matches)]
        for measure in self.measures:
            if measure.take is Take.NPS:
                names += [f"{measure.name}_answers", f"{measure.name}_last"]
        for score in self.scores:
            names += [score.name, f"{score.name}_band"]
        if self.rfm is not None:
            names += ["rfm_r", "rfm_f", "rfm_m", "rfm", "rfm_segment"]
        if self.clv is not None:
            names += ["clv", *(["p_alive"] if self.clv.model == "transactions" else [])]
        return tuple(dict.fromkeys(names))
