"""What signals look at in accounts and sources, and what their names hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from csprio.read.signal_clauses import (
    CAP,
    ROWS,
    SEGMENT,
    check_columns,
    check_used,
    signal_clauses,
    signal_fields,
    signal_words,
    source_clauses,
    source_fields,
)
from csprio.read.signals import read_signals
from csprio.read.yamls import parse_text

if TYPE_CHECKING:
    from csprio.problems import Problem
    from csprio.signals import Signals

TEXT = """\
sources:
  usage: {file: usage.csv, date: day, via: {file: subs.csv, on: sub}}
  orders: {file: orders.csv, date: paid_on}
events:
  adopted: {from: usage, where: {feature: export}}
measures:
  seat_use: {from: usage, take: last users, over: 35d, per: seats}
  urgent: {from: usage, take: count, where: {any: [{priority: high}, {age: over 3}]}}
  voice: {from: usage, take: nps answer, by: contact}
  fit: {match: needs, we_meet: {sso: 1}}
scores:
  health:
    of: {Seat Use: {zero: 0, full: 1}, market: {points: {known: 50}}}
    bands: {good: at least 50, bad: rest}
    cap: [{when: {champion: left}, at: 39}, {when: {voice_answers: missing}, at: 59}]
rfm: {from: orders, amount: total, segments: [{when: {r: 5}, name: new}, {name: old}]}
clv: {model: transactions, margin: 1, discount: 0, years: 1, from: orders, amount: net}
"""


@pytest.fixture
def signals() -> Signals:
    """Read signals that look at something in every way."""
    problems: list[Problem] = []
    node = parse_text(TEXT, "s.yaml", problems)
    assert node is not None
    found = read_signals(node, problems)
    assert problems == []
    assert found is not None
    return found


def test_clauses(signals: Signals) -> None:
    """Every clause is walked, with the kind of rule that it stands in."""
    assert [(scope, clause.field) for scope, clause in signal_clauses(signals)] == [
        (ROWS, "feature"), (ROWS, "priority"), (ROWS, "age"), (CAP, "champion"),
        (CAP, "voice_answers"), (SEGMENT, "r"),
    ]  # fmt: skip


def test_clauses_without_rfm() -> None:
    """Nothing is walked where there is nothing."""
    problems: list[Problem] = []
    node = parse_text("", "s.yaml", problems)
    assert node is not None
    found = read_signals(node, problems)
    assert found is not None
    assert [*signal_clauses(found), *signal_fields(found)] == []
    assert signal_words(found) == {}


def test_fields(signals: Signals) -> None:
    """Fields of accounts come with their places; what signals make is called as declared."""
    assert [(name, str(place)) for name, place in signal_fields(signals)] == [
        ("seats", "s.yaml:7:56"), ("needs", "s.yaml:10:9"), ("seat_use", "s.yaml:13:10"),
        ("market", "s.yaml:13:40"),
    ]  # fmt: skip


def test_sources(signals: Signals) -> None:
    """A source needs its date, what looks ids up, what is taken, and what conditions look at."""
    assert [name for name, _ in source_fields(signals, "usage")] == [
        "day", "sub", "users", "answer", "contact", "feature", "priority", "age",
    ]  # fmt: skip
    assert [(name, str(place)) for name, place in source_fields(signals, "orders")] == [
        ("paid_on", "s.yaml:3:30"), ("total", "s.yaml:16:21"), ("net", "s.yaml:17:76"),
    ]  # fmt: skip
    assert [*source_clauses(signals, "orders")] == []


def test_words(signals: Signals) -> None:
    """Bands and segments are closed lists of texts."""
    assert signal_words(signals) == {
        "health_band": ("good", "bad", "not scored"),
        "rfm_segment": ("new", "old", "none"),
    }


def test_columns(signals: Signals) -> None:
    """A column of the accounts may not be called like a field that signals make."""
    problems = check_columns(signals, ["account_id", "Seats", "Seat-Use", "HEALTH band", "clv"])
    assert [str(one) for one in problems] == [
        (
            "s.yaml:7:3: signal-column: the accounts have a column `Seat-Use`, and `seat_use` is a"
            " measure; rename it here, or turn the column off by `columns: {Seat-Use: none}` in"
            " csprio.yaml"
        ),
        (
            "s.yaml:12:3: signal-column: the accounts have a column `HEALTH band`, and"
            " `health_band` is the band of the score `health`; rename it here, or turn the column"
            " off by `columns: {HEALTH band: none}` in csprio.yaml"
        ),
        (
            "s.yaml:17:1: signal-column: the accounts have a column `clv`, and `clv` is made by"
            " `clv`; rename it here, or turn the column off by `columns: {clv: none}` in"
            " csprio.yaml"
        ),
    ]
    assert check_columns(signals, ["account_id"]) == []


@pytest.mark.parametrize(
    ("used", "unused"),
    [((), ["urgent", "fit"]), (("arr", "FIT"), ["urgent"]), (("fit", "urgent", "x"), [])],
)
def test_used(signals: Signals, used: tuple[str, ...], unused: list[str]) -> None:
    """A measure counts as used by a score, a cap, or any rule elsewhere."""
    problems = check_used(signals, used)
    assert [one.code for one in problems] == ["measure-unused"] * len(unused)
    assert [one.message.split("`")[1] for one in problems] == unused
