"""Totals of `tiers`: exact sums, shares of the whole book, and the heat map beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from csprio.show.heatmap import heat_map
from csprio.show.terminal import Look
from csprio.show.totals import with_totals
from csprio.tables import GridPicture
from sheets import answer, drawn

ROWS: list[dict[str, Any]] = [
    {"tier": "1", "tier_name": "Growth", "grade": "A1", "accounts": 1, "potential": Decimal("0.1"),
     "arr": Decimal(0), "renewing_90d": 1},
    {"tier": "1", "tier_name": "Growth", "grade": "A2", "accounts": 1, "potential": Decimal("0.2"),
     "arr": Decimal(0), "renewing_90d": 0},
    {"tier": None, "grade": None, "accounts": 4, "potential": Decimal("0.3"), "arr": Decimal(0),
     "renewing_90d": 2},
]  # fmt: skip
PICTURE = GridPicture(
    sizes=("A", "B"),
    levels=("1", "2"),
    counts=((12, 0), (3, 1)),
    tiers=(("1", "1/2"), ("2", "2")),
    ungraded=4,
)


def test_totals() -> None:
    """Under a tier stands its total, under all that of the book; a share of nothing is 0."""
    sheet, bold = with_totals(answer("tiers", ROWS))
    rows = sheet.table.to_pylist()
    assert bold == [False, False, True, False, True]
    assert [(row["tier"], row["grade"], row["accounts"]) for row in rows] == [
        ("1", "A1", 1), ("1", "A2", 1), ("1", "all", 2), (None, "ungraded", 4),
        ("all", None, 6),
    ]  # fmt: skip
    assert [row["potential"] for row in rows[2::2]] == [Decimal("0.3"), Decimal("0.6")]
    assert [str(row["accounts_share"]) for row in rows[2::2]] == ["0.3333", "1.0000"]
    assert rows[4]["arr_share"] == 0
    assert rows[4]["renewing_90d"] == 3


def test_no_accounts() -> None:
    """A book without accounts has a total of nothing."""
    sheet, bold = with_totals(answer("tiers", []))
    assert (bold, sheet.table.to_pylist()[0]["accounts"]) == ([True], 0)


def test_tiers_with_the_grid() -> None:
    """A table of tiers ends in the grid: sizes down, levels across, count, shading and tier."""
    lines = drawn(answer("tiers", ROWS, picture=PICTURE))
    assert lines[lines.index("") + 1 :] == [
        "accounts by size and likelihood, and the tier that the grid gives",
        "        likelihood 1    likelihood 2",
        "───────────────────────────────────────",
        "size A  12 ████ tier 1  0 ···· tier 1/2",
        "size B   3 ░░░░ tier 2  1 ░░░░ tier 2",
        "ungraded: 4",
    ]


def test_wide_grid_in_pieces() -> None:
    """A grid that is wider than the terminal is drawn some levels at a time."""
    lines = list(heat_map(PICTURE, Look(30)))
    assert max(map(len, lines)) <= 30
    assert lines[3:] == [
        "        likelihood 1", "──────────────────────",
        "size A  12 ████ tier 1", "size B   3 ░░░░ tier 2", "",
        "        likelihood 2", "───────────────────────",
        "size A  0 ···· tier 1/2", "size B  1 ░░░░ tier 2", "ungraded: 4",
    ]  # fmt: skip


def test_empty_grid() -> None:
    """A grid in which nobody stands has no shading and divides nothing by nothing."""
    empty = GridPicture(("A",), ("1",), ((0,),), (("1",),))
    assert list(heat_map(empty, Look()))[-1] == "size A  0 ···· tier 1"
