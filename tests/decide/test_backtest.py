"""Proves the figures of a backtest: against counting by hand, and on a company's customers."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist, quantiles
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csprio.decide.auc import Auc, Z
from csprio.decide.backtest import TooFew, Trial, backtest, safe_band, wilson
from csprio.decide.conditions import Conditions
from csprio.decide.exact import numbers_of, whole
from csprio.decide.outcomes import Aside, Outcomes
from csprio.decide.scores import Scored, points_of, points_said, scored
from csprio.read.signals import read_signals
from csprio.read.yamls import parse_text
from csprio.rules import Band, Compare
from csprio.signals import Part, ScoreRule
from csprio.tables import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.decide.conditions import Mask
    from csprio.problems import Problem

    Row = dict[str, Any]

TELCO = Path(__file__).parent.parent / "data" / "telco"
# AdaBoost and XGBoost on such customers: Lalwani, P., Mishra, M. K., Chadha, J. S. & Sethi, P.
# (2022), Customer churn prediction system: a machine learning approach, Computing 104, p. 271-294.
REPORTED = 0.84
TRIAL = Trial(date(2026, 5, 31), date(2026, 11, 23))
COLUMN = replace(TRIAL, test="status=churned")
COLOURS = (("green", 70), ("yellow", 40), ("red", None))
RISK = (("high", 60), ("some", 30), ("low", None))
ACCOUNTS = st.lists(
    st.tuples(st.none() | st.integers(0, 100), st.integers(1, 176)), min_size=45, max_size=60
)


def rule(bands: Sequence[tuple[str, int | None]]) -> ScoreRule:
    """Make a score of one number, with these bands: their names and lowest scores."""
    tests = [(key, None if low is None else Compare(">=", Decimal(low))) for key, low in bands]
    return ScoreRule("health", (Part("x"),), tuple(Band(*each) for each in tests))


def score(
    values: Sequence[int | None], bands: Sequence[tuple[str, int | None]] = COLOURS
) -> Scored:
    """Score accounts as given; None is not scored."""
    units = np.array([value or 0 for value in values], np.int64)
    numbers = whole(units, np.array([value is not None for value in values]))
    one = rule(bands)
    nothing = Conditions(pa.table({"x": pa.nulls(len(values))}))
    return scored(one, [points_of(one.parts[0], numbers)], nothing)


def outcome(days: Sequence[int | None], *, dated: bool = True, **aside: Mask) -> Outcomes:
    """Say how many days after the trial's day each account left; None stayed."""
    left = np.array([day is not None for day in days])
    on = [None if day is None or not dated else TRIAL.at + timedelta(day) for day in days]
    masks = {Aside[name.upper()]: mask for name, mask in aside.items()}
    return Outcomes(left, np.array(on, "M8[D]"), dated, masks)


def accounts(count: int) -> pa.Table:
    """Make the accounts A000, A001 and so on."""
    ids = [f"A{number:03}" for number in range(count)]
    return pa.table({"account_id": ids, "name": [f"Name of {one}" for one in ids]})


def ask(
    values: Sequence[int | None],
    outcomes: Outcomes,
    bands: Sequence[tuple[str, int | None]] = COLOURS,
    trial: Trial = TRIAL,
) -> list[Row]:
    """Test a score and give the rows of the answer."""
    count = len(values)
    found = backtest(trial, score(values, bands), outcomes, accounts(count), np.ones(count, bool))
    assert isinstance(found, pa.Table)
    assert found.column_names == [column.name for column in ANSWERS["backtest"]]
    rows: list[Row] = found.to_pylist()
    return rows


def of(rows: Sequence[Row], figure: str, band: str | None = None) -> list[Row]:
    """Pick the rows of a figure."""
    return [
        row for row in rows if row["figure"] == figure and (band is None or row["band"] == band)
    ]


def halved_up(number: Fraction) -> Decimal:
    """Round as shares are rounded."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def book() -> tuple[list[int | None], list[int | None]]:
    """Make 100 stayers of 20 to 100 points and 40 leavers of 0 to 78, one of them every 5 days."""
    days: list[int | None] = [*([None] * 100), *range(1, 200, 5)]
    return [*range(20, 100), *([100] * 20), *range(0, 80, 2)], days


# --- against counting by hand ---------------------------------------------------------------------


def band_of(value: int | None) -> str:
    """Put a value into a band by hand."""
    if value is None:
        return "not scored"
    return "green" if value >= 70 else "yellow" if value >= 40 else "red"


@settings(max_examples=settings().max_examples // 2)
@given(ACCOUNTS, ACCOUNTS)
def test_the_figures_agree_with_a_walk(
    leavers: list[tuple[int | None, int]], stayers: list[tuple[int | None, int]]
) -> None:
    """Every count, share, median and quartile is that of walking over the accounts one by one."""
    walk = [*((value, day) for value, day in leavers), *((value, None) for value, _ in stayers)]
    values, days = [value for value, _ in walk], [day for _, day in walk]
    left, stayed = (
        [value for value, _ in group if value is not None] for group in (leavers, stayers)
    )
    if min(len(left), len(stayed)) < 30:
        return
    rows = ask(values, outcome(days))
    (all_of,), (area,) = of(rows, "outcomes"), of(rows, "auc")
    assert (all_of["accounts"], all_of["left"]) == (len(left) + len(stayed), len(left))
    assert all_of["share"] == halved_up(Fraction(len(left), len(left) + len(stayed)))
    won = sum(2 * (one < other) + (one == other) for one in left for other in stayed)
    assert area["value"] == halved_up(Fraction(won, 2 * len(left) * len(stayed)))
    for band in ("green", "yellow", "red", "not scored"):
        mine = [day for value, day in walk if band_of(value) == band]
        (row,) = of(rows, "band", band)
        gone = sum(day is not None for day in mine)
        assert (row["accounts"], row["left"]) == (len(mine), gone)
        assert row["share"] == (halved_up(Fraction(gone, len(mine))) if mine else None)
    below = [day for value, day in leavers if value is not None and value < 70]
    (warned,) = of(rows, "warned")
    assert warned["left"] == len(below)
    if len(below) > 1:
        quarters = [warned[name] for name in ("low", "value", "high")]
        assert quarters == quantiles(map(Fraction, below), n=4, method="inclusive")
    safe = sorted(
        (day, -value, at)
        for at, (value, day) in enumerate(leavers)
        if band_of(value) == "green" and value is not None
    )
    assert [
        (row["days_later"], -row["value"], int(row["account_id"][1:])) for row in of(rows, "missed")
    ] == safe


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_ends_of_wilson(counts: tuple[int, int]) -> None:
    """At each end the share seen is 1.96 standard errors away, as a share of that size has them."""
    part, all_of = counts
    share = part / all_of
    for end in wilson(part, all_of):
        assert 0 <= end <= 1
        assert (share - end) ** 2 == pytest.approx(Z**2 * end * (1 - end) / all_of, abs=1e-12)


def test_z_is_that_of_95_percent() -> None:
    """Z is the standard normal's 97.5 % point."""
    assert pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-12) == Z


# --- a whole answer -------------------------------------------------------------------------------


def test_a_whole_answer() -> None:
    """The rows of an answer, in order, each with what it says."""
    values, days = book()
    stayers = np.arange(140) < 100
    outcomes = outcome(days, gone=stayers & (np.arange(140) >= 95), later=np.arange(140) == 95)
    rows = ask([*values[:90], None, *values[91:]], outcomes)
    assert {(row["score"], row["at"]) for row in rows} == {("health", TRIAL.at)}
    told = [
        (row["figure"], row["band"], row["accounts"], row["left"], row["share"]) for row in rows
    ]
    assert told == [
        ("outcomes", None, 134, 40, Decimal("0.2985")),
        ("auc", None, 134, 40, None),
        ("band", "green", 49, 5, Decimal("0.102")),
        ("band", "yellow", 45, 15, Decimal("0.3333")),
        ("band", "red", 40, 20, Decimal("0.5")),
        ("band", "not scored", 1, 0, Decimal(0)),
        ("warned", None, 85, 35, Decimal("0.4118")),
        *[("missed", "green", None, None, None)] * 5,
        ("aside", None, 1, None, None),
        ("aside", None, 4, None, None),
    ]
    notes = [row["note"] for row in rows]
    assert notes[0] == (
        "scored as of 2026-05-31; left after it and by 2026-11-23, as `churned` events tell"
    )
    assert notes[1] == "of 100 pairs of a leaver and a stayer the leaver scored lower in 76.5"
    assert notes[2:6] == ["the safest band, by its colour", None, None, None]
    assert notes[6] == (
        "35 of 40 leavers were not in `green`; median and quartiles of the days until they left"
    )
    assert notes[-2:] == [
        "not begun by 2026-05-31: their start_date is later",
        "gone by 2026-05-31",
    ]


def test_the_missed() -> None:
    """Who was called safe and left is listed with score and day: first who left first."""
    missed = of(ask(*map_book(book())), "missed")
    assert missed[0] == {
        "score": "health", "at": TRIAL.at, "figure": "missed", "band": "green",
        "accounts": None, "left": None, "share": None, "value": Decimal(70), "low": None,
        "high": None, "account_id": "A135", "name": "Name of A135",
        "left_on": date(2026, 11, 23), "days_later": 176, "note": None,
    }  # fmt: skip
    assert [row["days_later"] for row in missed] == [176, 181, 186, 191, 196]


def map_book(
    made: tuple[list[int | None], list[int | None]],
) -> tuple[list[int | None], Outcomes]:
    """Make the outcomes of a book."""
    return made[0], outcome(made[1])


def test_the_lead_time() -> None:
    """The days until they left are those of the leavers whom the score did not call safe."""
    (warned,) = of(ask(*map_book(book())), "warned")
    assert [warned[name] for name in ("low", "value", "high")] == [43.5, 86, 128.5]


def test_one_leaver_was_warned_of() -> None:
    """The days of one leaver are median and quartiles at once."""
    values = [*([50] * 40), 10, *([90] * 35)]
    (warned,) = of(ask(values, outcome([*([None] * 40), 7, *range(1, 36)])), "warned")
    assert [warned[name] for name in ("left", "low", "value", "high")] == [1, 7, 7, 7]


def test_nobody_was_warned_of() -> None:
    """Where all leavers were called safe there is no lead time."""
    values = [*([50] * 40), *([90] * 35)]
    (warned,) = of(ask(values, outcome([*([None] * 40), *range(1, 36)])), "warned")
    assert [warned[name] for name in ("left", "low", "value", "high")] == [0, None, None, None]
    assert warned["note"] == "0 of 35 leavers were not in `green`"


def test_a_column_has_no_lead_time() -> None:
    """Where a column tells who left there are no days: misses go by score, then by id."""
    values, days = book()
    rows = ask(values, outcome(days, dated=False), trial=COLUMN)
    (warned,) = of(rows, "warned")
    assert [warned[name] for name in ("left", "low", "value", "high")] == [35, None, None, None]
    missed = of(rows, "missed")
    assert [row["value"] for row in missed] == [78, 76, 74, 72, 70]
    assert {(row["left_on"], row["days_later"]) for row in missed} == {(None, None)}
    assert (
        rows[0]["note"] == "scored as of 2026-05-31; left where `status=churned` as of 2026-11-23"
    )


def test_only_who_is_asked_about() -> None:
    """Accounts that the question is not about are in no figure, set aside or not."""
    values, days = book()
    asked = np.arange(140) % 10 != 0
    found = backtest(
        TRIAL, score(values), outcome(days, gone=np.arange(140) < 20), accounts(140), asked
    )
    assert isinstance(found, pa.Table)
    rows = found.to_pylist()
    assert rows[0]["accounts"] == 140 - 20 - 12
    assert [row["accounts"] for row in of(rows, "aside")] == [18]


# --- too few --------------------------------------------------------------------------------------


def test_too_few_leavers() -> None:
    """29 leavers with a score give no answer but their number; 30 do."""
    values = [*([50] * 60), *([40] * 29), None]
    days = [*([None] * 60), *range(1, 31)]
    asked = np.ones(90, bool)
    found = backtest(TRIAL, score(values), outcome(days), accounts(90), asked)
    assert found == TooFew(29, 89, left=True)
    values[-1] = 40
    assert isinstance(backtest(TRIAL, score(values), outcome(days), accounts(90), asked), pa.Table)


def test_too_few_stayers() -> None:
    """So do 29 stayers: an AUC needs as many of either."""
    values, days = [50] * 89, [*([None] * 29), *range(1, 61)]
    found = backtest(TRIAL, score(values), outcome(days), accounts(89), np.ones(89, bool))
    assert found == TooFew(29, 89, left=False)


# --- which way it runs ----------------------------------------------------------------------------


def test_a_score_that_runs_the_other_way() -> None:
    """A score of risk is not turned over: its AUC is below a half, and words say why."""
    values, days = book()
    turned = [100 - (value or 0) for value in values]
    rows = ask(turned, outcome(days), RISK)
    (other,) = of(rows, "auc")
    assert other["value"] == Decimal("0.2213")
    assert other["high"] < Decimal("0.5")
    assert other["note"] == (
        "of 100 pairs of a leaver and a stayer the leaver scored higher in 77.9: the score runs "
        "the other way"
    )
    (low,) = of(rows, "band", "low")
    assert low["note"] == "the safest band, as leavers scored higher"
    assert {row["band"] for row in of(rows, "missed")} == {"low"}


def test_a_score_that_tells_nothing() -> None:
    """Where the interval holds a half words say so, and only colours call a band safe."""
    values, days = [*range(40), *range(1, 41)], [*([None] * 40), *range(1, 41)]
    rows = ask(values, outcome(days), RISK)
    (area,) = of(rows, "auc")
    assert area["note"].endswith(
        ": not to be told from chance, as the interval holds 0.5; below it, leavers score higher "
        "if anything"
    )
    assert not of(rows, "warned") + of(rows, "missed")
    rows = ask(values[::-1], outcome(days), COLOURS)
    (area,) = of(rows, "auc")
    assert area["note"].endswith("as the interval holds 0.5")
    assert of(rows, "warned")


def test_a_score_without_bands() -> None:
    """Without bands there is churn by nothing but having a score; nobody is warned or missed."""
    values, days = book()
    rows = ask(values, outcome(days), ())
    assert [row["figure"] for row in rows] == ["outcomes", "auc", "band"]


@pytest.mark.parametrize(
    ("bands", "interval", "expected"),
    [
        (COLOURS, (0.2, 0.4), "green"),
        ((("Red", 60), ("Green", None)), (0.6, 0.8), "Green"),
        ((("amber", None),), (0.6, 0.8), "amber"),
        (RISK, (0.6, 0.8), "high"),
        (RISK, (0.2, 0.4), "low"),
        (RISK, (0.4, 0.6), None),
        ((("green", 50), ("other", None)), (0.4, 0.6), None),
        ((), (0.6, 0.8), None),
    ],
)
def test_which_band_is_safe(
    bands: Sequence[tuple[str, int | None]], interval: tuple[float, float], expected: str | None
) -> None:
    """Colours say which end is safe; without them what came after does, or nobody."""
    one = rule(bands)
    safe = safe_band(one, Auc(Fraction(1, 2), *interval))
    assert (None if safe is None else one.bands[safe.band].key) == expected


# --- on a company's customers ---------------------------------------------------------------------


def telco() -> tuple[Scored, list[int | None], pa.Table]:
    """Score IBM's Telco customers by the rules made by hand; 1 stands for one who left."""
    with gzip.open(TELCO / "customers.csv.gz", "rt", encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    table = pa.table({name: pa.array([row[name] for row in rows]) for name in rows[0]})
    problems: list[Problem] = []
    text = (TELCO / "signals.yaml").read_text(encoding="utf-8")
    node = parse_text(text, "signals.yaml", problems)
    assert node is not None
    signals = read_signals(node, problems)
    assert signals is not None
    assert not problems
    (one,) = signals.scores
    points = [
        points_of(part, numbers_of(table[part.field]))
        if part.points is None
        else points_said(part, table[part.field].combine_chunks())[0]
        for part in one.parts
    ]
    left: list[int | None] = [1 if row["Churn"] == "Yes" else None for row in rows]
    names = table.rename_columns({"customerID": "account_id"})
    return (
        scored(one, points, Conditions(table)),
        left,
        names.append_column("name", names["account_id"]),
    )


@pytest.mark.interop
def test_a_score_made_by_hand_on_telco() -> None:
    """Five columns, round weights and nothing fitted come to 0.834; boosted trees to about 0.84.

    1,869 of 7,043 customers left, as IBM says. The area is counted pair by pair besides.
    """
    points, left, names = telco()
    found = backtest(COLUMN, points, outcome(left, dated=False), names, np.ones(7043, bool))
    assert isinstance(found, pa.Table)
    rows = found.to_pylist()
    assert (rows[0]["accounts"], rows[0]["left"]) == (7043, 1869)
    (area,) = of(rows, "auc")
    gone = np.array([each is not None for each in left])
    leavers, stayers = points.units[gone], points.units[~gone]
    won = sum(
        2 * int((stayers > each).sum()) + int((stayers == each).sum()) for each in leavers.tolist()
    )
    assert area["value"] == halved_up(Fraction(won, 2 * 1869 * 5174)) == Decimal("0.8342")
    assert area["low"] < REPORTED < area["high"]
    by_band = {row["band"]: (row["accounts"], row["left"]) for row in of(rows, "band")}
    assert by_band == {
        "green": (2035, 60), "yellow": (2089, 334), "red": (2919, 1475), "not scored": (0, 0),
    }  # fmt: skip
    assert len(of(rows, "missed")) == 60
