"""Proves what the rows of a source add up to: events, orders, purchases, and when it is stale."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.batches import Batch, Units
from csprio.decide import distinct
from csprio.decide.tally import Tally
from csprio.problems import Place
from csprio.rules import Clause, Either, Every, Same
from csprio.signals import (
    CONTRACT,
    TRANSACTIONS,
    ClvRule,
    EventRule,
    Measure,
    RfmRule,
    Signals,
    SourceRule,
    Take,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

AS_OF = 20_000  # days from 1970-01-01
ACCOUNTS = 3
ORDERS = SourceRule("orders", "o.csv", "date")
OTHER = SourceRule("other", "x.csv", "date")
EXPORT = Clause("what", Same("export"))

Line = tuple[int, int, str | None, int | None]  # account, days ago, what, amount
LINES = st.lists(
    st.tuples(
        st.integers(-1, ACCOUNTS - 1),
        st.integers(-2, 12),
        st.sampled_from([None, "export", "login"]),
        st.none() | st.integers(-3, 5) | st.sampled_from([10**17, -(10**17)]),
    ),
    max_size=25,
)
CUTS = st.lists(st.integers(1, 25), max_size=4)


def batch(lines: Sequence[Line], first: int = 0) -> Batch:
    """Make a batch of rows, the first of which has this number in the file."""
    rows, ago, what, amounts = ([line[column] for line in lines] for column in range(4))
    units = Units(
        np.array([amount or 0 for amount in amounts], np.int64),
        np.array([amount is not None for amount in amounts], bool),
    )
    return Batch(
        np.array(rows, np.int64),
        AS_OF - np.array(ago, np.int64),
        np.arange(first, first + len(lines)),
        pa.table({"what": pa.array(what, pa.string())}),
        amounts={"Amount": units},
    )


def tallied(
    signals: Signals,
    lines: Sequence[Line],
    cuts: Sequence[int] = (),
    moments: Sequence[int] = (AS_OF,),
) -> Tally:
    """Add up rows, cut into batches."""
    tally = Tally(signals, "orders", moments, ACCOUNTS)
    ends = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    for low, high in pairwise(ends):
        tally.add(batch(lines[low:high], low))
    return tally


def sources(*events: EventRule, **further: object) -> Signals:
    """Make signals of two sources."""
    return Signals({"orders": ORDERS, "other": OTHER}, events, **further)  # type: ignore[arg-type]


@given(LINES, CUTS)
def test_events_agree_with_a_walk(lines: list[Line], cuts: list[int]) -> None:
    """Each row that counts, or the first of an account; not those of later days or of strangers."""
    each, first = EventRule("e", "orders", EXPORT, each=True), EventRule("f", "orders", EXPORT)
    signals = sources(each, first, EventRule("elsewhere", "other"))
    told = tallied(signals, lines, cuts).events()
    assert [*told] == ["e", "f"]
    counts = [
        (account, AS_OF - ago, at)
        for at, (account, ago, what, _) in enumerate(lines)
        if account >= 0 and ago >= 0 and what == "export"
    ]
    found = [
        *zip(*(getattr(told["e"], name).tolist() for name in ("row", "day", "at")), strict=True)
    ]
    assert found == counts
    found = [
        *zip(*(getattr(told["f"], name).tolist() for name in ("row", "day", "at")), strict=True)
    ]
    assert found == [
        min((one for one in counts if one[0] == account), key=lambda one: one[1:])
        for account in sorted({one[0] for one in counts})
    ]


@given(LINES, CUTS, st.sampled_from([None, 1, 7]))
def test_orders_agree_with_a_walk(lines: list[Line], cuts: list[int], over: int | None) -> None:
    """Recency and frequency are of amounts above 0, monetary value is of all, on each day asked."""
    signals = sources(rfm=RfmRule("orders", "amount", over))
    tally = tallied(signals, lines, cuts, (AS_OF, AS_OF - 3))
    for ago in (0, 3):
        found = tally.orders(AS_OF - ago)
        assert found is not None
        for account in range(ACCOUNTS):
            own = [
                (day - ago, amount)
                for row, day, _, amount in lines
                if row == account and amount is not None and 0 <= day - ago < (over or 99)
            ]
            paid = [day for day, amount in own if amount > 0]
            assert found.some[account] == bool(own)
            assert found.bought[account] == bool(paid)
            assert found.recency[account] == min(paid, default=0)
            assert found.frequency[account] == len(paid)
            assert found.monetary[account] == sum(amount for _, amount in own)


def test_money_past_64_bits() -> None:
    """More money than 64 bits hold is the most that they do, and never turns over."""
    lines: list[Line] = [(0, 0, None, 10**18), (1, 0, None, -(10**18))] * 20
    found = tallied(sources(rfm=RfmRule("orders", "amount")), lines, [7]).orders(AS_OF)
    assert found is not None
    assert found.monetary.tolist() == [2**63 - 1, -(2**63), 0]


@given(LINES, CUTS, st.sampled_from([0, 10**6]))
def test_purchases_agree_with_a_walk(lines: list[Line], cuts: list[int], many: int) -> None:
    """Days with a purchase, the first, the last, and what was spent on the others."""
    rule = ClvRule(TRANSACTIONS, Decimal(1), Decimal(0), 1, source="orders", amount="amount")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct, "MANY", many)
        tally = tallied(sources(clv=rule), lines, cuts, (AS_OF, AS_OF - 3))
        for ago in (0, 3):
            found = tally.purchases(AS_OF - ago)
            assert found is not None
            for account in range(ACCOUNTS):
                days: dict[int, int] = {}
                for row, day, _, amount in lines:
                    if row == account and day >= ago and amount is not None and amount >= 0:
                        days[day - ago] = days.get(day - ago, 0) + amount
                first = max(days, default=0)
                again = sum(amount for day, amount in days.items() if day != first)
                repeats = max(len(days) - 1, 0)
                assert found.known[account] == bool(days)
                assert found.repeats[account] == repeats
                assert found.age[account] == first
                assert found.last[account] == first - min(days, default=0)
                mean = again / 10_000 / repeats if repeats else 0
                assert found.mean[account] == pytest.approx(mean, rel=1e-15)


def test_orders_of_another_source() -> None:
    """What another source tells, or a contract, has no orders here."""
    contract = ClvRule(CONTRACT, Decimal(1), Decimal(0), 1)
    for signals in (sources(clv=contract), sources(rfm=RfmRule("other", "amount"))):
        tally = tallied(signals, [(0, 0, None, 5)])
        assert tally.orders(AS_OF) is None
        assert tally.purchases(AS_OF) is None


@given(LINES, CUTS)
def test_the_last_day_is_of_whomever(lines: list[Line], cuts: list[int]) -> None:
    """The last row on or before a day counts, a stranger's too; who has rows is known by then."""
    tally = tallied(sources(), lines, cuts, (AS_OF, AS_OF - 5))
    for ago in (0, 5):
        days = [AS_OF - day for _, day, _, _ in lines if day >= ago]
        assert tally.last_day(AS_OF - ago) == max(days, default=None)
        assert not tally.is_stale(AS_OF - ago)  # nothing says what is old
        known = {row for row, day, _, _ in lines if day >= ago}
        assert tally.any_row(AS_OF - ago).tolist() == [row in known for row in range(ACCOUNTS)]


@pytest.mark.parametrize(("given_days", "most"), [(None, 7), (30, 30)])
def test_when_a_source_is_stale(given_days: int | None, most: int) -> None:
    """Older than `stale_after`, else than the shortest window of its measures."""
    overs = [28, 7, None]
    measures = [Measure(f"m{over}", "orders", Take.COUNT, over=over) for over in overs]
    measures.append(Measure("elsewhere", "other", Take.COUNT, over=1))
    rule = SourceRule("orders", "o.csv", "date", stale_after=given_days)
    signals = Signals({"orders": rule, "other": OTHER}, measures=tuple(measures))
    for ago, stale in ((most, False), (most + 1, True)):
        tally = tallied(signals, [(-1, ago, None, None)])
        assert tally.stale_after == most
        assert tally.is_stale(AS_OF) is stale


def test_rules_share_what_they_gather() -> None:
    """What two rules ask alike, or one rule for two days, is added up once."""
    trend = Measure("t", "orders", Take.TREND, "x", 7, where=EXPORT)
    again = Either((Every((replace(EXPORT, place=Place("s.yaml", 7)),)),))
    once = Either((Every((EXPORT,)),))
    measures = (
        trend,
        *(Measure("s", "orders", Take.SUM, "x", 7, where=one) for one in (once, again)),
    )
    tally = Tally(Signals({"orders": ORDERS}, measures=measures), "orders", [AS_OF, AS_OF - 7], 1)
    assert len(tally._gathered) == 3 + 2  # noqa: SLF001 - it shows nowhere else


def test_rows_without_texts() -> None:
    """Where nothing looks at texts a batch has none, and its rows count all the same."""
    signals = Signals({"orders": ORDERS}, (EventRule("e", "orders", each=True),))
    tally = Tally(signals, "orders", [AS_OF], ACCOUNTS)
    tally.add(replace(batch([(0, 1, None, None), (2, 0, None, None)]), texts=pa.table({})))
    assert tally.events()["e"].row.tolist() == [0, 2]
