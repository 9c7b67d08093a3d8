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
    from collections.abc import Iterator, Mapping

    from csprio.problems import Place
    from csprio.rules import Band, Condition

MIN_COVERAGE, TREND_DAYS = Decimal(50), 28
NOT_SCORED = "not scored"  # the band of an account whose score is missing
NO_SEGMENT = "none"  # the segment of an account without orders
CONTRACT, TRANSACTIONS = "contract", "transactions"  # the models of lifetime value
WORST_FIRST = ("red", "orange", "amber", "yellow", "green")  # names of bands that everybody knows
SEGMENT_FIELDS = {"r": "rfm_r", "f": "rfm_f", "m": "rfm_m"}  # what a segment's condition sees


@dataclass(frozen=True)
class Via:
    """Where the account of a row is looked up: a file, and the column that both have."""

    file: str
    on: str
    place: Place = NOWHERE


@dataclass(frozen=True)
class SourceRule:
    """A file of dated rows about accounts: `date` names its column, `columns` map names to headers.

    `file` is as written. `stale_after` is in days; None is the shortest window of the source's
    measures.
    """

    name: str
    file: str
    date: str
    columns: Mapping[str, str] = field(default_factory=dict)
    via: Via | None = None
    dates: str | None = None
    encoding: str | None = None
    stale_after: int | None = None
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)  # of its keys


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
    NPS = "nps"

    @property
    def of_column(self) -> bool:
        """Tell whether it is taken of a column, which its name is followed by."""
        return self not in {Take.COUNT, Take.DAYS, Take.SINCE}


@dataclass(frozen=True)
class Measure:
    """One value an account: `over` is days (None: all), `per` a field that divides it.

    `empty` is what `sum`, `count`, `days` and `distinct` are without any row; None is missing. `by`
    names the column of who answered, for `nps`; without it every answer counts.
    """

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
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)  # of its keys


@dataclass(frozen=True)
class Match:
    """How well what a column names is met: each word's worth, 0 to 1."""

    name: str
    column: str
    meets: Mapping[str, Decimal]
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)  # of its keys


@dataclass(frozen=True)
class Part:
    """One line of a score: a field, its weight, and what earns 0 and 100 points.

    Either `zero` and `full` are given, or `points` says what each text earns. What is counted from
    0 to 100 itself (a score, a match) has that for `zero` and `full` where nothing is said.
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
class Segment:
    """A name for accounts whose three scores meet a condition."""

    when: Condition
    name: str
    place: Place = NOWHERE


@dataclass(frozen=True)
class RfmRule:
    """Recency, frequency, monetary value, and the segments that the three make.

    `cuts` None is quantiles, else ascending cuts of `recency` (days), `frequency` and `monetary`.
    The first segment whose condition holds wins; a condition sees `r`, `f` and `m`.
    """

    source: str
    amount: str
    over: int | None = None
    cuts: Mapping[str, tuple[Decimal, ...]] | None = None
    segments: tuple[Segment, ...] = ()
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)  # of its keys


class Retention(StrEnum):
    """How the chance to stay is known where it is no number."""

    ESTIMATE = "estimate"


@dataclass(frozen=True)
class ClvRule:
    """Lifetime value: `margin` and `discount` are fractions, `years` whole.

    `retention` is R a year, or alpha and beta a renewal, or an estimate; `source` and `amount` are
    those of `model: transactions`.
    """

    model: str  # CONTRACT or TRANSACTIONS
    margin: Decimal
    discount: Decimal
    years: int
    retention: Decimal | tuple[Decimal, Decimal] | Retention = Retention.ESTIMATE
    source: str = ""
    amount: str = ""
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)  # of its keys


@dataclass(frozen=True)
class Made:
    """A field that signals make: what it is in words, who makes it, and what it holds.

    `rule` is the name of its measure or score, or `rfm` or `clv`; `holds` is number or text.
    """

    field: str
    what: str
    rule: str
    holds: str = "number"
    place: Place = NOWHERE


@dataclass(frozen=True)
class Signals:
    """All that `signals.yaml` says.

    Measures stand in an order in which each knows what it divides by, and scores in one in which
    each knows the scores that it uses: else as in the file.
    """

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
        """Every field that signals make."""
        return tuple(dict.fromkeys(made.field for made in self.made()))

    def made(self) -> Iterator[Made]:
        """Walk the fields that signals make: those of measures, scores, RFM and lifetime value."""
        yield from self._measured()
        for score in self.scores:
            yield Made(score.name, "a score", score.name, place=score.place)
            what = f"the band of the score `{score.name}`"
            yield Made(f"{score.name}_band", what, score.name, "text", score.place)
        if self.rfm is not None:
            for name in ("rfm_r", "rfm_f", "rfm_m", "rfm"):
                yield Made(name, "made by `rfm`", "rfm", place=self.rfm.place)
            yield Made("rfm_segment", "made by `rfm`", "rfm", "text", self.rfm.place)
        if self.clv is not None:
            for name in ("clv", "p_alive") if self.clv.model == TRANSACTIONS else ("clv",):
                yield Made(name, "made by `clv`", "clv", place=self.clv.place)

    def _measured(self) -> Iterator[Made]:
        """Walk the fields that measures make."""
        for each in self.measures:
            yield Made(each.name, "a measure", each.name, place=each.place)
            what = f"made by the measure `{each.name}`"
            if each.take is Take.NPS:
                yield Made(f"{each.name}_answers", what, each.name, place=each.place)
                yield Made(f"{each.name}_last", what, each.name, place=each.place)
        for match in self.matches:
            yield Made(match.name, "a measure", match.name, place=match.place)
