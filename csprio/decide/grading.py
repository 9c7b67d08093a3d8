"""What is each account: size, likelihood, grade, tier, and how they came about.

In: the accounts table as read, and the grid. Out: the table with the columns `size`, `likelihood`,
`grade`, `tier` holding what counts, and `tier_name`, `basis`, `borderline` added. Per account.
Nothing is guessed: what is missing leaves the account ungraded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.columns import (
    NONE,
    UNITS,
    band_codes,
    codes_of,
    first_known,
    keys_of,
    texts,
    units_of,
)
from csprio.decide.conditions import Conditions
from csprio.decide.notes import BY_RULE, CALLED, OVERRIDE, PLAIN, TO_MAKE
from csprio.rules import Grid, Likelihood, clauses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import numpy.typing as npt

    Codes = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

BORDERLINE = (None, "call to make", "rule", "called", "override")


@dataclass(frozen=True)
class Axes:
    """Codes of one way to know size and likelihood: -1 where it does not know."""

    size: Codes
    level: Codes


@dataclass(frozen=True)
class Graded:
    """The codes behind a graded table: what the cells said, what counts, and the tier's story."""

    given: Axes  # the grade cell
    parts: Axes  # size, else potential's band; likelihood, else the score
    band: Codes  # potential's band, whatever else is given
    size: Codes
    level: Codes
    cell_tier: Codes  # what the grid's cell says; of a borderline cell the worse tier
    tier: Codes
    borderline: Codes  # index into BORDERLINE

    @classmethod
    def joined(cls, parts: Sequence[Graded]) -> Graded:
        """Put the codes of parts of a table behind each other."""
        given, better = (
            Axes(*(np.concatenate(each) for each in zip(*axes, strict=True)))
            for axes in (
                [(part.given.size, part.given.level) for part in parts],
                [(part.parts.size, part.parts.level) for part in parts],
            )
        )
        rest = ("band", "size", "level", "cell_tier", "tier", "borderline")
        codes = (np.concatenate([getattr(part, name) for part in parts]) for name in rest)
        return cls(given, better, *codes)

    @property
    def has_grade(self) -> Mask:
        """Tell which accounts are graded."""
        return (self.size >= 0) & (self.level >= 0)


def grade(table: pa.Table, grid: Grid) -> tuple[pa.Table, Graded]:
    """Grade every account of `table`; the codes are returned for what wants to explain them."""
    conditions = Conditions(table)
    given = _split(codes_of(table["grade"], grid.grades), len(grid.levels))
    units, known = units_of(table["potential"])
    places = np.array([*(grid.sizes.index(band.key) for band in grid.potential), NONE])
    band = places[band_codes(units, known, grid.potential, UNITS)]
    parts = Axes(
        first_known(codes_of(table["size"], grid.sizes), band),
        first_known(
            codes_of(table["likelihood"], grid.levels), _scored(grid.likelihood, conditions)
        ),
    )
    size, level = first_known(given.size, parts.size), first_known(given.level, parts.level)
    has_grade = (size >= 0) & (level >= 0)
    grades = np.where(has_grade, size * len(grid.levels) + level, NONE)
    table = replaced(
        table,
        size=keys_of(size, grid.sizes),
        likelihood=keys_of(level, grid.levels),
        grade=keys_of(grades, grid.grades),
    )
    cell_tier, tier, borderline = _tier(table, grid, grades)
    graded = Graded(given, parts, band, size, level, cell_tier, tier, borderline)
    full = has_grade & (given.size >= 0)
    return _described(table, grid, graded, full), graded


def _split(grades: Codes, levels: int) -> Axes:
    return Axes(
        np.where(grades < 0, NONE, grades // levels), np.where(grades < 0, NONE, grades % levels)
    )


def _scored(likelihood: Likelihood | None, conditions: Conditions) -> Codes:
    """Add up the points of the lines that hold and band the sum; missing if no field is known."""
    nobody = conditions.none()
    if likelihood is None:
        return np.full(len(nobody), NONE, np.int64)
    scale = 10 ** max((_decimals(line.points) for line in likelihood.score), default=0)
    total = np.zeros(len(nobody), np.int64)
    known = nobody.copy()
    for line in likelihood.score:
        total += conditions.mask(line.when) * int(line.points * scale)
        for clause in clauses(line.when):
            known |= conditions.known(clause.field)
    return band_codes(total, known, likelihood.levels, scale)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _tier(table: pa.Table, grid: Grid, grades: Codes) -> tuple[Codes, Codes, Codes]:
    """Take the tier from the call, else from the borderline rules, else from the grid's cell."""
    cells = [cell for row in grid.cells for cell in row]
    better = np.array([*(cell.better for cell in cells), NONE])[grades]
    worse = np.array([*(cell.worse for cell in cells), NONE])[grades]
    between = better != worse
    call = codes_of(table["tier"], grid.tier_keys)
    ruled = _ruled(table, grid, better, worse, between & (call < 0))
    tier = first_known(call, ruled, worse)
    one_of_two = between & ((call == better) | (call == worse))
    story = [
        (call >= 0) & one_of_two,
        (call >= 0) & (between | (call != worse)),
        (call < 0) & (ruled >= 0),
        (call < 0) & between,
    ]
    return worse, tier, np.select(story, [CALLED, OVERRIDE, BY_RULE, TO_MAKE], PLAIN)


def _ruled(table: pa.Table, grid: Grid, better: Codes, worse: Codes, open_calls: Mask) -> Codes:
    """Apply the borderline rules where a call is open: the first that holds wins."""
    ruled = np.full(len(worse), NONE, np.int64)
    if not grid.borderline or not open_calls.any():
        return ruled
    conditions = Conditions(table)
    for rule in reversed(grid.borderline):
        held = open_calls & conditions.mask(rule.when)
        keys = {"better": better, "worse": worse}
        tiers = keys.get(rule.tier)
        code = tiers[held] if tiers is not None else grid.tier_keys.index(rule.tier)
        ruled[held] = code
    return ruled


def _described(table: pa.Table, grid: Grid, graded: Graded, given: Mask) -> pa.Table:
    names = tuple(tier.name for tier in grid.tiers)
    basis = np.select([~graded.has_grade, given], [0, 1], 2)
    return replaced(
        table,
        tier=keys_of(graded.tier, grid.tier_keys),
        tier_name=keys_of(graded.tier, names),
        basis=texts(["ungraded", "given", "computed"]).take(pa.array(basis)),
        borderline=texts(BORDERLINE).take(pa.array(graded.borderline)),
    )


def replaced(table: pa.Table, **columns: pa.Array) -> pa.Table:
    """Set columns of a table, in place where they exist, else at the end."""
    for name, values in columns.items():
        at = table.column_names.index(name) if name in table.column_names else None
        table = (
            table.append_column(name, values) if at is None else table.set_column(at, name, values)
        )
    return table


def status_in(table: pa.Table, words: tuple[str, ...]) -> Mask:
    """Tell which accounts have one of these words as status, any case."""
    lowered = pc.utf8_lower(table["status"])
    return codes_of(lowered, [word.lower() for word in words]) >= 0
