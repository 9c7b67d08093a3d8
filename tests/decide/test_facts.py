"""Proves what is computed from an account's dates and amounts, and what counts instead."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa

from csprio.decide.facts import Lately, last_graded, with_computed
from csprio.decide.memory import Memory
from csprio.decide.terms import terms
from csprio.journal import Journal, entry_schema
from csprio.rules import Grid

AS_OF = np.datetime64("2026-11-23")
MONEY = pa.decimal128(18, 4)


def accounts(**more: pa.Array) -> pa.Table:
    """Make an account that runs, one whose start is to come, and one without dates."""
    return pa.table(
        {
            "potential": pa.array([Decimal(50), Decimal(50), None], MONEY),
            "arr": pa.array([Decimal("20.5"), None, Decimal(1)], MONEY),
            "start_date": pa.array([date(2026, 1, 10), date(2026, 12, 1), None]),
            "renewal_date": pa.nulls(3, pa.date32()),
            "term_months": pa.array([None, 1, None], pa.int64()),
            "graded_on": pa.array([date(2026, 11, 1), date(2026, 11, 24), None]),
            **more,
        }
    )


def computed(table: pa.Table) -> pa.Table:
    """Add the computed columns, as of a day."""
    ids = pa.array(["A", "B", "C"])
    grid = Grid("", ("A",), (), ("1",), None, (), (), ())
    memory = Memory(Journal(entry_schema().empty_table()), ids, grid, AS_OF)
    days = Lately(last_graded(table, memory), memory.last_day("touch"))
    return with_computed(table, terms(table, AS_OF), days, AS_OF)


def test_computed() -> None:
    """Each computed field is missing where a part of it is; a term's length never is."""
    found = computed(accounts()).to_pydict()
    assert found["headroom"] == [Decimal("29.5"), None, None]
    assert found["tenure_days"] == [317, None, None]
    assert found["renewal_in"] == [48, 39, None]
    assert found["days_since_grade"] == [22, None, None]
    assert found["days_since_touch"] == [None, None, None]
    assert found["term_months"] == [12, 1, 12]


def test_an_input_column_counts_instead() -> None:
    """A column called like a computed field is left as it is; what csprio needs itself is not."""
    found = computed(accounts(renewal_in=pa.array(["7", "8", "9"]))).to_pydict()
    assert found["renewal_in"] == ["7", "8", "9"]
    assert found["term_ends_in"] == [48, 39, None]
