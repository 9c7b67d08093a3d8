"""Figures as people read them at a terminal: `1,234,567.50` and `12.2%`.

Comes in: the cells of a column as in data. Goes out: text for a table that is drawn for a terminal.
Data formats never come here, nor does a table in a pipe or a file: they keep the plain decimal.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from csprio.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.tables import Column

_CENTS = 2
_TENTH = Decimal("0.1")


def figures(command: str, column: Column, cells: Sequence[str | None]) -> Sequence[str | None]:
    """Write shares in percent, money and the counts of `tiers` in groups of three digits.

    Other numbers (a line, a rank, minutes) stay as they are.
    """
    if column.kind is Kind.SHARE:
        return [None if cell is None else _percent(cell) for cell in cells]
    if column.kind is Kind.MONEY:
        places = max((len(cell.partition(".")[2]) for cell in cells if cell), default=0)
        decimals = max(places, _CENTS) if places else 0
        return [None if cell is None else f"{Decimal(cell):,.{decimals}f}" for cell in cells]
    if command == "tiers" and column.kind is Kind.WHOLE:
        return [None if cell is None else f"{int(cell):,}" for cell in cells]
    return cells


def cut(cells: Sequence[str], places: int) -> list[str]:
    """Cut the numbers of scores to so many decimals; rounded, 69.96 would be 70 and yet yellow."""
    step = Decimal(1).scaleb(-places)
    return [f"{Decimal(cell).quantize(step, ROUND_DOWN)}" if cell else "" for cell in cells]


def _percent(share: str) -> str:
    return f"{(Decimal(share) * 100).quantize(_TENTH, ROUND_HALF_UP)}%"
