"""What a careful reader of a grid refuses, once it could be read at all.

Comes in: a `Grid`. Goes out: problems.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from csprio.problems import problem
from csprio.read.bands import SCORES, Domain, check_bands
from csprio.read.literals import places, plain_number
from csprio.read.schema import fold
from csprio.read.wording import listed
from csprio.rules import Every

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from csprio.problems import Place, Problem
    from csprio.rules import Cell, Condition, Grid, Likelihood

    _At = tuple[int, int, Cell]  # size and level, each counted from the best, and the cell

_COMPARED = 400  # cells of a grid that anybody has thought about one by one


def check_levels(likelihood: Likelihood | None, problems: list[Problem]) -> None:
    """Every sum of points needs its level, and every level a sum that can reach it."""
    if likelihood is None:
        return
    if likelihood.source:
        check_bands(likelihood.levels, SCORES, "`levels`", likelihood.place, problems)
        return
    points = [line.points for line in likelihood.score]
    low = sum((value for value in points if value < 0), Decimal(0))
    high = sum((value for value in points if value > 0), Decimal(0))
    steps = max((places(value) for value in points), default=0)
    reached = Domain(steps, low, high)
    found: list[Problem] = []
    check_bands(likelihood.levels, Domain(steps), "`levels`", likelihood.place, found)
    shadowed = {one.place for one in found if one.code == "band-never-wins"}
    problems += [one for one in found if one.code == "band-never-wins"]
    in_reach: list[Problem] = []
    check_bands(likelihood.levels, reached, "`levels`", likelihood.place, in_reach)
    problems += [one for one in in_reach if one.code == "band-gap"]
    for band in likelihood.levels:
        lost = any(one.place == band.place for one in in_reach if one.code == "band-never-wins")
        if lost and band.place not in shadowed:
            between = {"low": plain_number(low), "high": plain_number(high)}
            problems.append(problem("level-out-of-reach", band.place, key=band.key, **between))


def check_grades(grid: Grid, problems: list[Problem]) -> None:
    """Two grades of one text could not be told apart in a cell."""
    seen: dict[str, str] = {}
    for band in grid.potential:
        for level in grid.levels:
            grade, parts = fold(band.key + level), f"{band.key} with {level}"
            if grade in seen:
                both = {"first": seen[grade], "second": parts}
                grade = band.key + level
                problems.append(problem("grade-repeated", band.place, grade=grade, **both))
            else:
                seen[grade] = parts


def check_order(grid: Grid, sizes: Sequence[str], problems: list[Problem]) -> None:
    """Between plain cells, a better grade with a worse tier is probably a slip.

    `sizes` stand largest first, in whatever order the grid has them. One cell that is off is off
    with many others: it is reported once, the most at odds first.
    """
    plain = [
        (size, level, cell)
        for size, key in enumerate(sizes)
        for level, cell in enumerate(grid.cells[grid.sizes.index(key)])
        if not cell.borderline
    ]
    compared = plain if len(plain) <= _COMPARED else []
    odd = [(one, two) for one in compared for two in compared if _inverted(one, two)]
    while odd:
        counts = Counter(at for pair in odd for at in pair)
        worst = max(counts, key=lambda at: (counts[at], -at[0], -at[1]))
        pair = next(pair for pair in odd if worst in pair)
        problems.append(_out_of_order(grid, sizes, pair, worst[2].place))
        odd = [pair for pair in odd if worst not in pair]


def _inverted(one: _At, two: _At) -> bool:
    """Tell whether `one` is the better grade and yet has the worse tier."""
    return one[0] <= two[0] and one[1] <= two[1] and one[2].better > two[2].better


def _out_of_order(grid: Grid, sizes: Sequence[str], pair: tuple[_At, _At], place: Place) -> Problem:
    better, worse = (sizes[at[0]] + grid.levels[at[1]] for at in pair)
    low, high = (grid.tier_keys[at[2].better] for at in pair)
    return problem("tier-order", place, better=better, worse=worse, low=low, high=high)


def check_borderline(grid: Grid, place: Place, problems: list[Problem]) -> None:
    """Rules need cells to decide on, and name tiers that such a cell has."""
    cells = [cell for row in grid.cells for cell in row if cell.borderline]
    if grid.borderline and not cells:
        problems.append(problem("borderline-unused", place))
        return
    between = {rank for cell in cells for rank in (cell.better, cell.worse)}
    named = [key for rank, key in enumerate(grid.tier_keys) if rank in between]
    for rule in grid.borderline:
        if rule.tier not in ("better", "worse", *named):
            more = f" or one of {listed(named)}"
            problems.append(problem("borderline-tier", rule.place, tier=rule.tier, hint=more))
    check_reached(((rule.when, rule.place) for rule in grid.borderline), problems)


def always(condition: Condition) -> bool:
    """Tell whether a condition has no part that could fail."""
    return isinstance(condition, Every) and all(always(part) for part in condition.parts)


def check_reached(lines: Iterable[tuple[Condition, Place]], problems: list[Problem]) -> None:
    """Report lines of first-that-holds lists that stand after one that always holds."""
    stop: Place | None = None
    for when, place in lines:
        if stop is not None:
            problems.append(problem("rule-never-reached", place, line=stop.line))
        elif always(when):
            stop = place
