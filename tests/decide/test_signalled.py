"""Proves that measures, values and scores become fields of the accounts, in the order declared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from csprio.decide.exact import Exact, whole
from csprio.decide.measures import Measured
from csprio.decide.rfm import Orders
from csprio.decide.signalled import Signalled, signalled
from csprio.decide.terms import terms
from csprio.decide.values import lives
from csprio.problems import Finding
from csprio.rules import Band, Clause, Compare, Same
from csprio.signals import (
    Cap,
    ClvRule,
    Match,
    Measure,
    Part,
    RfmRule,
    ScoreRule,
    Segment,
    Signals,
    Take,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AS_OF = np.datetime64("2026-11-23")
NONE = Measured({}, {}, {}, {})
BANDS = (Band("high", Compare(">=", Decimal(50))), Band("low", None))
CUTS = {name: (Decimal(5), Decimal(50)) for name in ("recency", "frequency", "monetary")}


def exactly(*values: str | None) -> Exact:
    """Make a column of fractions."""
    exact = [None if value is None else Fraction(value) for value in values]
    floats = np.array([np.nan if each is None else float(each) for each in exact])
    return Exact(floats, lambda row: exact[row] or Fraction(0))


def answered(
    signals: Signals,
    measured: Measured = NONE,
    orders: Orders | None = None,
    **columns: Sequence[Any],
) -> Signalled:
    """Let signals speak about two accounts."""
    cells = {"account_id": ["a", "b"], **columns}
    table = pa.table({name: pa.array(values) for name, values in cells.items()})
    kinds = {"start_date": pa.date32(), "renewal_date": pa.date32(), "term_months": pa.int64()}
    kinds["arr"] = pa.decimal128(18, 4)
    for name, kind in kinds.items():
        given = table[name].cast(kind) if name in columns else pa.nulls(2, kind)
        table = table.drop_columns([name] if name in columns else []).append_column(name, given)
    active, never = np.ones(2, bool), np.full(2, np.datetime64("NaT", "D"))
    life = lives(table, terms(table, AS_OF), never, active, AS_OF)
    return signalled(signals, measured, table, orders=orders, purchases=None, lives=life)


def scoring(*scores: ScoreRule, measures: Mapping[str, Take] | None = None) -> Signals:
    """Make signals of scores, and of measures that they look at."""
    takes = measures or {}
    made = tuple(Measure(name, "usage", take, "x") for name, take in takes.items())
    return Signals(measures=made, scores=scores)


def score(name: str, *parts: Part, **more: Any) -> ScoreRule:  # noqa: ANN401
    """Make a score."""
    return ScoreRule(name, parts, BANDS, **more)


def cells(found: Signalled, *names: str) -> list[list[Any]]:
    """Give some columns of the table."""
    return [found.table[name].to_pylist() for name in names]


def test_every_field_in_the_order_declared() -> None:
    """Measures, their answers, matches, scores, RFM, lifetime value: as `made` walks them."""
    signals = Signals(
        measures=(Measure("logins", "usage", Take.SUM, "x"), Measure("nps", "s", Take.NPS, "x")),
        matches=(Match("fit", "needs", {}),),
        scores=(score("health", Part("logins", zero=Decimal(0), full=Decimal(1))),),
        rfm=RfmRule(
            "orders", "amount", cuts=CUTS, segments=(Segment(Clause("r", Same("3")), "new"),)
        ),
        clv=ClvRule("contract", Decimal(1), Decimal(0), 1, Decimal(1)),
    )
    numbers = {
        "logins": exactly("1/3", None),
        "nps": exactly("50", None),
        "fit": exactly("75", "0"),
    }
    last, counts = {"nps": exactly("9", None)}, {"nps": exactly("2", "0")}
    some = np.array([True, False])
    money = np.array([600_000, 0])
    orders = Orders(np.array([3, 0]), np.array([7, 0]), money, some, some)
    found = answered(
        signals,
        Measured(numbers, {}, last, counts),
        orders,
        start_date=[date(2026, 1, 1), None],
        arr=[Decimal("1000.005"), Decimal(1)],
    )
    assert found.problems == ()
    assert found.table.column_names[-len(signals.fields) :] == list(signals.fields)
    (row, other) = found.table.select(signals.fields).to_pylist()
    assert row == {
        "logins": Decimal("0.333333"),
        "nps": Decimal(50),
        "nps_answers": Decimal(2),
        "nps_last": Decimal(9),
        "fit": Decimal(75),
        "health": Decimal("33.333333"),
        "health_band": "low",
        "rfm_r": 3,
        "rfm_f": 2,
        "rfm_m": 3,
        "rfm": 323,
        "rfm_segment": "new",
        "clv": Decimal("1000.00"),
    }
    assert {name for name, value in other.items() if value is not None} == {
        "nps_answers", "fit", "health_band", "rfm_segment",
    }  # fmt: skip
    assert (other["health_band"], other["rfm_segment"]) == ("not scored", "none")
    assert found.table.schema.field("health").type == pa.decimal128(38, 6)
    assert found.table.schema.field("rfm").type == pa.int64()


def test_a_measure_counts_exactly() -> None:
    """What is rounded to nothing where it is shown still earns its points."""
    part = Part("Log Ins", zero=Decimal(0), full=Decimal("0.000001"))
    signals = scoring(score("s", part), measures={"log_ins": Take.SUM})
    numbers = {"log_ins": exactly("1/3000000", "1/7000000")}
    found = answered(signals, Measured(numbers, {}, {}, {}))
    assert cells(found, "log_ins", "s") == [
        [Decimal(0), Decimal(0)],
        [Decimal("33.333333"), Decimal("14.285714")],
    ]


def test_any_column_can_be_scored() -> None:
    """Texts of plain decimals, money, whole numbers, also computed ones; else it is missing."""
    parts = [
        Part("Days Late", zero=Decimal(30), full=Decimal(0)),
        Part("headroom", zero=Decimal(0), full=Decimal(1000)),
        Part("tenure_days", zero=Decimal(0), full=Decimal(200)),
        Part("absent", zero=Decimal(0), full=Decimal(1)),
    ]
    found = answered(
        scoring(score("s", *parts)),
        days_late=["7.5", "soon"],
        headroom=[Decimal("250.5"), None],
        tenure_days=[50, 100],
    )
    points = [[round(p.at(n), 4) for n in range(2) if p.known[n]] for p in found.scores["s"].points]
    assert points == [[75], [Fraction("25.05")], [25, 50], []]
    assert found.findings == ()


def test_texts_without_points_are_told() -> None:
    """A text that a score has no points for is missing in it and reported; a blank only missing."""
    part = Part("market", points={"lighthouse": Decimal(100)})
    both = scoring(score("s", part), score("t", Part("market", points={"other": Decimal(1)})))
    found = answered(both, market=["Other", None])
    assert cells(found, "s", "t") == [[None, None], [Decimal(1), None]]
    facts = {"value": "Other", "score": "s", "field": "market"}
    assert found.findings == (Finding("points-unknown", 0, "market", facts),)


def test_scores_of_scores() -> None:
    """The outer one sees the inner one capped and rounded, and its cap the inner one's band."""
    low = Clause("inner_band", Same("low"))
    inner = score("inner", Part("x"), caps=(Cap(Clause("x", Same("99")), Decimal("10.0000004")),))
    outer = score("outer", Part("inner"), Part("x"), caps=(Cap(low, Decimal(20)),))
    found = answered(scoring(inner, outer), x=["99", "60"])
    assert cells(found, "inner", "outer", "outer_band") == [
        [Decimal(10), Decimal(60)],
        [Decimal(20), Decimal(60)],
        ["low", "high"],
    ]
    assert found.scores["outer"].points[0].at(0) == 10
    assert found.scores["outer"].capped.tolist() == [0, -1]


def test_scores_see_values() -> None:
    """RFM and lifetime value are fields like any other, and conditions see measures rounded."""
    clv = ClvRule("contract", Decimal(1), Decimal(0), 1, Decimal(1))
    cap = Cap(Clause("third", Same("0.333333")), Decimal(1))
    rule = score("s", Part("rfm_m"), Part("clv"), caps=(cap,))
    signals = Signals(
        measures=(Measure("third", "usage", Take.SUM, "x"),),
        scores=(rule,),
        rfm=RfmRule("orders", "amount", cuts=CUTS),
        clv=clv,
    )
    some = np.ones(2, bool)
    orders = Orders(np.array([3, 4]), np.array([7, 7]), np.array([600_000, 0]), some, some)
    found = answered(
        signals,
        Measured({"third": exactly("1/3", "1/4")}, {}, {}, {}),
        orders,
        start_date=[date(2026, 1, 1)] * 2,
        arr=[Decimal(7), Decimal(9)],
    )
    assert cells(found, "s", "clv", "rfm_m") == [[1, 5], [7, 9], [3, 1]]


def test_rules_that_this_book_does_not_serve() -> None:
    """What keeps a rule from the book is told, and its fields are there without a value."""
    signals = Signals(
        scores=(score("s", Part("rfm_m")),),
        rfm=RfmRule("orders", "amount"),
        clv=ClvRule("contract", Decimal(1), Decimal(0), 1),
    )
    nobody = np.zeros(2, np.int64)
    orders = Orders(nobody, nobody, nobody, nobody > 0, nobody > 0)
    found = answered(signals, orders=orders)
    assert [problem.code for problem in found.problems] == ["rfm-few", "clv-few"]
    assert cells(found, "rfm", "rfm_segment", "clv", "s") == [[None] * 2] * 4


def test_measures_of_any_name() -> None:
    """A measure may be called like something in the program."""
    names = ["table", "rows", "self"]
    signals = scoring(measures=dict.fromkeys(names, Take.SUM))
    numbers = {name: whole(np.array([1, 2]), np.array([True, False])) for name in names}
    found = answered(signals, Measured(numbers, {}, {}, {}))
    assert cells(found, *names) == [[Decimal(1), None]] * 3


def test_points_for_what_a_measure_is() -> None:
    """Its numbers are compared as they are shown, and one without points is told."""
    part = Part("count", points={"2": Decimal(100), "0": Decimal(0)})
    signals = scoring(score("s", part), measures={"count": Take.COUNT})
    found = answered(signals, Measured({"count": exactly("2", "1")}, {}, {}, {}))
    assert cells(found, "s") == [[Decimal(100), None]]
    assert [each.facts["value"] for each in found.findings] == ["1"]
