"""What is each account: size, likelihood, grade, tier, and how they came about.

In: the accounts table as read, the grid, what the journal told. Out: the table with the columns
`potential`, `size`, `likelihood`, `grade`, `tier` holding what counts, and `tier_name`, `basis`,
`borderline` added. Per account. Nothing is guessed: what is missing leaves the account ungraded.
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
    band_places,
    codes_of,
    first_known,
    keys_of,
    texts,
    units_of,
)
from csprio.decide.conditions import Conditions
from csprio.decide.dates import NEVER, days_of
from csprio.decide.exact import MILLIONTHS
from csprio.decide.why import BY_RULE, CALLED, OVERRIDE, PLAIN, TO_MAKE
from csprio.rules import Grid, Likelihood, clauses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import numpy.typing as npt

    from csprio.decide.dates import Days

    Codes = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

BORDERLINE = (None, "call to make", "rule", "called", "override")


@dataclass(frozen=True)
class Axes:
    """Codes of one way to know size and likelihood: -1 where it does not know."""

    size: Codes
    level: Codes


@dataclass(frozen=True)
class Told:
    """What the journal tells of each account at a moment: codes of -1, null, NaT for nothing.

    `call` is the tier of the running call, `call_at` the place of its entry; `day` the day on
    which all this is seen.
    """

    size: Codes
    size_day: Days
    level: Codes
    level_day: Days
    amount: pa.Array  # of the last `potential`
    amount_day: Days
    call: Codes
    call_at: Codes
    day: Days


@dataclass(frozen=True)
class Graded:
    """The codes behind a graded table: who said what, what counts, and the tier's story."""

    told: Axes  # the journal, where it has not given way to the cells
    given: Axes  # the grade cell
    parts: Axes  # size, else potential's band; likelihood, else the score
    band: Codes  # potential's band, whatever else is given
    call: Codes  # the tier that a person called, in the journal or else in the cell
    call_at: Codes  # the place of the call's entry in the memory, -1 where it is none
    size: Codes
    level: Codes
    cell_tier: Codes  # what the grid's cell says; of a borderline cell the worse tier
    tier: Codes
    borderline: Codes  # index into BORDERLINE
    by_score: Codes  # 1 where the level of `parts` is the score's, else 0

    @classmethod
    def joined(cls, parts: Sequence[Graded]) -> Graded:
        """Put the codes of parts of a table behind each other."""
        told, given, better = (
            Axes(*(np.concatenate(each) for each in zip(*found, strict=True)))
            for found in (
                [(part.told.size, part.told.level) for part in parts],
                [(part.given.size, part.given.level) for part in parts],
                [(part.parts.size, part.parts.level) for part in parts],
            )
        )
        rest = (
            "band", "call", "call_at", "size", "level", "cell_tier", "tier", "borderline",
            "by_score",
        )  # fmt: skip
        codes = (np.concatenate([getattr(part, name) for part in parts]) for name in rest)
        return cls(told, given, better, *codes)

    @property
    def has_grade(self) -> Mask:
        """Tell which accounts are graded."""
        return (self.size >= 0) & (self.level >= 0)


def grade(table: pa.Table, grid: Grid, told: Told) -> tuple[pa.Table, Graded]:
    """Grade every account of `table`; the codes are returned for what wants to explain them."""
    conditions = Conditions(table)
    given = _split(codes_of(table["grade"], grid.grades), len(grid.levels))
    cell_band = band_places(*units_of(table["potential"]), grid, UNITS)
    likelihood = codes_of(table["likelihood"], grid.levels)
    parts = Axes(
        first_known(codes_of(table["size"], grid.sizes), cell_band),
        first_known(likelihood, _scored(grid.likelihood, conditions)),
    )
    cells = Axes(first_known(given.size, parts.size), first_known(given.level, likelihood))
    by_journal = _kept(told, cells, table)
    size = first_known(by_journal.size, given.size, parts.size)
    level = first_known(by_journal.level, given.level, parts.level)
    grades = np.where((size >= 0) & (level >= 0), size * len(grid.levels) + level, NONE)
    table = replaced(
        table,
        potential=last_potential(told, table),
        size=keys_of(size, grid.sizes),
        likelihood=keys_of(level, grid.levels),
        grade=keys_of(grades, grid.grades),
    )
    band = band_places(*units_of(table["potential"]), grid, UNITS)
    call = first_known(told.call, codes_of(table["tier"], grid.tier_keys))
    cell_tier, tier, borderline = _tier(table, grid, grades, call)
    by_score = ((likelihood < 0) & (parts.level >= 0)) * 1
    graded = Graded(
        by_journal, given, parts, band, call, told.call_at, size, level, cell_tier, tier,
        borderline, by_score,
    )  # fmt: skip
    return _described(table, grid, graded), graded


def _kept(told: Told, cells: Axes, table: pa.Table) -> Axes:
    """Let journal gradings older than `graded_on` give way in the parts that the cells give."""
    newer = _graded_on(told, table)
    return Axes(
        np.where((told.size_day < newer) & (cells.size >= 0), NONE, told.size),
        np.where((told.level_day < newer) & (cells.level >= 0), NONE, told.level),
    )


def last_potential(told: Told, table: pa.Table) -> pa.Array:
    """Give the last amount known: the journal's, unless an older one gives way to the cell."""
    if told.amount.null_count == len(told.amount):
        return table["potential"]
    cell = table["potential"].combine_chunks()
    old = pa.array(told.amount_day < _graded_on(told, table))
    return pc.coalesce(pc.if_else(old, cell, told.amount), told.amount, cell)


def _graded_on(told: Told, table: pa.Table) -> Days:
    """Give the day of the CRM's grading; one after the day asked about does not count."""
    days = days_of(table["graded_on"])
    return np.where(days > told.day, NEVER, days)


def _split(grades: Codes, levels: int) -> Axes:
    return Axes(
        np.where(grades < 0, NONE, grades // levels), np.where(grades < 0, NONE, grades % levels)
    )


def _scored(likelihood: Likelihood | None, conditions: Conditions) -> Codes:
    """Add up the points of the lines that hold and band the sum; missing if no field is known."""
    if likelihood is None:
        return np.full(len(conditions.none()), NONE, np.int64)
    total, known, scale = score_sum(likelihood, conditions)
    return band_codes(total, known, likelihood.levels, scale)


def score_sum(likelihood: Likelihood, conditions: Conditions) -> tuple[Codes, Mask, int]:
    """Give the points of the lines that hold, in units of 1/scale; where any field is known.

    Of a likelihood that takes a score of the signals, it is that score.
    """
    nobody = conditions.none()
    if likelihood.source:
        column = conditions.column(likelihood.source)
        return (nobody * 1, nobody, 1) if column is None else (*units_of(column), MILLIONTHS)
    scale = 10 ** max((_decimals(line.points) for line in likelihood.score), default=0)
    total = np.zeros(len(nobody), np.int64)
    known = nobody.copy()
    for line in likelihood.score:
        total += conditions.mask(line.when) * int(line.points * scale)
        for clause in clauses(line.when):
            known |= conditions.known(clause.field)
    return total, known, scale


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _tier(table: pa.Table, grid: Grid, grades: Codes, call: Codes) -> tuple[Codes, Codes, Codes]:
    """Take the tier from the call, else from the borderline rules, else from the grid's cell."""
    cells = [cell for row in grid.cells for cell in row]
    better = np.array([*(cell.better for cell in cells), NONE])[grades]
    worse = np.array([*(cell.worse for cell in cells), NONE])[grades]
    between = better != worse
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


def _described(table: pa.Table, grid: Grid, graded: Graded) -> pa.Table:
    names = tuple(tier.name for tier in grid.tiers)
    journal = (graded.told.size >= 0) | (graded.told.level >= 0)
    basis = np.select([~graded.has_grade, journal, graded.given.size >= 0], [0, 1, 2], 3)
    return replaced(
        table,
        tier=keys_of(graded.tier, grid.tier_keys),
        tier_name=keys_of(graded.tier, names),
        basis=texts(["ungraded", "journal", "given", "computed"]).take(pa.array(basis)),
        borderline=texts(BORDERLINE).take(pa.array(graded.borderline)),
    )


def replaced(table: pa.Table, /, **columns: pa.Array) -> pa.Table:
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
