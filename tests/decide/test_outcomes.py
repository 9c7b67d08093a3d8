"""Proves who counts as having left after a day, and who takes no part."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from csprio.decide.memory import Memory
from csprio.decide.outcomes import Aside, Outcomes, Standing, by_column, by_events
from csprio.journal import Journal, entry_schema
from csprio.rules import Grid

AT, BY = date(2026, 5, 31), date(2026, 11, 23)
DAYS = [
    date(2026, 5, 1),
    date(2026, 5, 31),
    date(2026, 6, 1),
    date(2026, 11, 23),
    date(2026, 12, 1),
]
IDS = [f"A{number}" for number in range(5)]
KINDS = ("churned", "renewed", "export-adopted")
EVENTS = st.lists(
    st.tuples(st.sampled_from(DAYS), st.sampled_from([*IDS, "else"]), st.sampled_from(KINDS)),
    max_size=12,
)
Told = list[tuple[date, str, str]]


def memory(told: Told, on: date) -> Memory:
    """Remember events as of a day."""
    rows = [
        {"date": day, "account_id": account, "kind": "event", "key": name}
        for day, account, name in sorted(told, key=lambda each: each[0])
    ]
    entries = pa.Table.from_pylist(rows, entry_schema())
    grid = Grid("", ("A",), (), ("1",), None, (), (), ())
    return Memory(Journal(entries), pa.array(IDS), grid, np.datetime64(on))


def standing(
    inactive: str = "",
    prospect: str = "",
    began: dict[str, date] | None = None,
    *,
    dated: bool = False,
) -> Standing:
    """Say how the accounts stand by their cells: ids of those that are so."""
    days = np.array([(began or {}).get(account) for account in IDS], "M8[D]")
    gone, ahead = (np.isin(IDS, ids.split()) for ids in (inactive, prospect))
    return Standing(gone, ahead, days, dated)


def found(told: Told, stand: Standing | None = None) -> Outcomes:
    """Find who left between the two days."""
    return by_events(memory(told, AT), memory(told, BY), stand or standing())


def named(mask: object) -> list[str]:
    """Name the accounts of a mask."""
    return [account for account, there in zip(IDS, np.asarray(mask).tolist(), strict=True) if there]


@given(EVENTS)
def test_who_left_agrees_with_a_walk(told: Told) -> None:
    """An account left on its first `churned` day after the one day and by the other."""
    outcomes = found(told)
    for row, account in enumerate(IDS):
        own = sorted(
            (day, name) for day, name, whose in [(d, n, a) for d, a, n in told] if whose == account
        )
        later = [day for day, name in own if name == "churned" and AT < day <= BY]
        assert outcomes.left[row] == bool(later)
        on = outcomes.on[row].tolist()
        assert on == (later[0] if later else None)


@given(EVENTS)
def test_what_comes_after_both_days_is_never_seen(told: Told) -> None:
    """Entries after the day asked about change nothing."""
    one, other = found(told), found([each for each in told if each[0] <= BY])
    assert named(one.left) == named(other.left)
    assert named(one.part) == named(other.part)


def test_who_was_gone_takes_no_part() -> None:
    """Who had churned by the day takes no part; who had come back by then, or left since, does."""
    told = [
        (DAYS[0], "A0", "churned"),
        (DAYS[0], "A1", "churned"),
        (DAYS[1], "A1", "renewed"),
        (DAYS[1], "A2", "churned"),
        (DAYS[2], "A2", "renewed"),
        (DAYS[2], "A3", "churned"),
        (DAYS[3], "A3", "renewed"),
    ]
    outcomes = found(told)
    assert named(outcomes.part) == ["A1", "A3", "A4"]
    assert named(outcomes.left & outcomes.part) == ["A3"]
    assert outcomes.set_aside(np.ones(5, bool)) == {Aside.GONE: 2}


def test_inactive_by_status() -> None:
    """A status without an event has no day, so nobody can say whether the account was there.

    In an export of the day the status is of the day: then it was gone.
    """
    told = [(DAYS[2], "A1", "churned")]
    outcomes = found(told, standing(inactive="A0 A1"))
    assert named(outcomes.part) == ["A1", "A2", "A3", "A4"]
    assert outcomes.set_aside(np.ones(5, bool)) == {Aside.UNDATED: 1}
    outcomes = found(told, standing(inactive="A0 A1", dated=True))
    assert outcomes.set_aside(np.ones(5, bool)) == {Aside.GONE: 2}


def test_who_was_no_customer_yet() -> None:
    """Prospects, and who began after the day, take no part; who began on it does."""
    began = {"A1": date(2026, 6, 1), "A2": date(2026, 5, 31)}
    outcomes = found([(DAYS[2], "A1", "churned")], standing(prospect="A0 A1", began=began))
    assert named(outcomes.part) == ["A2", "A3", "A4"]
    assert outcomes.set_aside(np.ones(5, bool)) == {Aside.PROSPECT: 2}
    assert outcomes.set_aside(np.arange(5) == 4) == {}
    assert outcomes.part.dtype == bool


def test_a_column_tells() -> None:
    """A column has no days; who had left by an export of the day, or is not in it, is set aside."""
    left, told = np.array([True, False, True, False, True]), np.arange(5) != 4
    began = {"A2": date(2026, 6, 1)}
    gone = np.arange(5) == 1
    outcomes = by_column(left, told, gone, standing("A0 A1", began=began), np.datetime64(AT))
    assert not outcomes.dated
    assert np.isnat(outcomes.on).all()
    assert named(outcomes.part) == ["A0", "A3"]
    assert named(outcomes.left & outcomes.part) == ["A0"]
    assert outcomes.set_aside(np.ones(5, bool)) == {
        Aside.LATER: 1,
        Aside.GONE: 1,
        Aside.NOT_TOLD: 1,
    }
