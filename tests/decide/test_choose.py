"""Proves what `--add` finds, and how `tiers` totals it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from csprio.decide.book import share, tiers
from csprio.decide.choose import added_columns, column_named, total
from csprio.rules import Cell, Grid, Tier
from csprio.tables import ANSWERS, Column, Kind

TABLE = pa.table(
    {
        "arr": pa.array([Decimal("1.5000")], pa.decimal128(18, 4)),
        "start_date": pa.array([date(2026, 1, 1)]),
        "tenure_days": pa.array([5], pa.int64()),
    }
)


def test_added_columns_keep_their_kind_and_order() -> None:
    """Fields come typed, the file's own columns as written, in the order asked, none twice."""
    written = pa.table({"Region": ["EMEA "]})
    found = added_columns(
        TABLE, written, ["region", "arr", "tenure days", "start_date", "name", "gone", "arr"],
        ANSWERS["grade"],
    )  # fmt: skip
    assert [(column.name, column.kind) for column, _ in found] == [
        ("region", Kind.TEXT),
        ("arr", Kind.MONEY),
        ("tenure days", Kind.WHOLE),
        ("start_date", Kind.DATE),
        ("gone", Kind.TEXT),
    ]
    assert found[0][1].to_pylist() == ["EMEA "]
    assert found[-1][1].to_pylist() == [None]


def test_column_named_prefers_the_exact_name() -> None:
    """A column of exactly that name wins over one that only matches."""
    table = pa.table({"A b": ["1"], "ab": ["2"]})
    named = column_named(table, "ab")
    assert named is not None
    assert named.to_pylist() == ["2"]
    assert column_named(table, "c") is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1.5", None, "2.25"], "3.75"),
        (["100", "200"], "300"),
        (["red", "red", None], "red"),
        (["red", "blue"], None),
        ([None, None], None),
    ],
)
def test_totals(values: list[str | None], expected: str | None) -> None:
    """Numbers are summed exactly; other texts stand where all accounts share them."""
    assert total(pa.chunked_array([pa.array(values, pa.string())])) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (1, 3, "0.3333"),
        (2, 3, "0.6667"),
        (1, 20_000, "0.0001"),
        (1, 20_001, "0.0000"),
        (Decimal("0.0001"), Decimal("99999999999999.9999"), "0.0000"),
        (0, 0, "0"),
        (5, 5, "1.0000"),
    ],
)
def test_shares_are_rounded_half_up(
    part: Decimal | int, whole: Decimal | int, expected: str
) -> None:
    """A share has four decimals, half up, however large the amounts; of nothing it is 0."""
    assert str(share(part, whole)) == expected


def test_added_totals_of_a_row_of_tiers() -> None:
    """A row of `tiers` sums amounts and numbers, shows the text all share, and else nothing."""
    cell = Cell(0, 0)
    grid = Grid("", ("A",), (), ("1",), None, ((cell,),), (), (Tier("1", "Growth"),))
    money, whole = pa.decimal128(18, 4), pa.int64()
    accounts = pa.table(
        {
            "tier": ["1", "1", None],
            "grade": ["A1", "A1", None],
            "potential": pa.array([Decimal("1.5000"), None, None], money),
            "arr": pa.nulls(3, money),
            "term_ends_in": pa.array([90, 0, None], whole),
        }
    )
    values: dict[Kind, pa.Array] = {
        Kind.MONEY: pa.array([Decimal("0.2500"), Decimal(2), None], money),
        Kind.WHOLE: pa.array([3, 4, None], whole),
        Kind.DATE: pa.array([date(2026, 1, 1), date(2026, 1, 1), None]),
        Kind.TEXT: pa.array(["x", "y", "z"]),
    }
    adds = [
        (Column(kind.value, kind, ""), pa.chunked_array([each])) for kind, each in values.items()
    ]
    report = tiers(accounts, grid, adds)
    assert report.drop_columns(["accounts_share", "potential_share", "arr_share"]).to_pylist() == [
        {
            "tier": "1", "tier_name": "Growth", "grade": "A1", "accounts": 2,
            "potential": Decimal("1.5"), "arr": Decimal(0), "renewing_90d": 1,
            "money": Decimal("2.25"), "whole": 7, "date": "2026-01-01", "text": None,
        },
        {
            "tier": None, "tier_name": None, "grade": None, "accounts": 1,
            "potential": Decimal(0), "arr": Decimal(0), "renewing_90d": 0,
            "money": None, "whole": None, "date": None, "text": "z",
        },
    ]  # fmt: skip
