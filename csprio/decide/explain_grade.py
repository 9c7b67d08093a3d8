"""How the account came to its size, its likelihood, its grade and its tier.

In: the subject, whose codes say who said what and what counts. Out: steps: bands, lines of the
score, what counts and by whom; where a part is missing, what is still possible.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide import why
from csprio.decide.columns import UNITS, band_codes
from csprio.decide.conditions import Conditions, as_text
from csprio.decide.explain_subject import Step, at, shown
from csprio.decide.explain_words import band_words, either, verdict
from csprio.decide.grading import replaced, score_sum
from csprio.rules import clauses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.decide.explain_subject import Entry, Subject
    from csprio.problems import Place
    from csprio.rules import Band, Cell, Likelihood

_STORIES = {
    why.PLAIN: "by the grid",
    why.TO_MAKE: "a call to make",
    why.BY_RULE: "by a borderline rule",
    why.CALLED: "called",
    why.OVERRIDE: "override",
}


def grading(subject: Subject) -> Iterator[Step]:
    """Explain size, likelihood and grade."""
    yield from _size(subject)
    yield from _likelihood(subject)
    yield from _grade(subject)


def _size(subject: Subject) -> Iterator[Step]:
    """Show the band of each amount, then the size that counts."""
    amounts = [subject.cell("potential"), subject.counts("potential")]
    for amount in dict.fromkeys(each for each in amounts if each is not None):
        band = _band(amount, subject)
        yield Step("size", "potential", shown(amount), f"band {band_words(band)}", band.place)
    codes, row = subject.codes, subject.row
    size = shown(subject.counts("size"))
    if codes.told.size[row] >= 0:
        by, place = _by_entry(subject.decider("size"))
    elif codes.given.size[row] >= 0:
        by, place = "by the cell grade", subject.files.cell("grade")
    elif subject.cell("size") is not None:
        by, place = "by the cell size", subject.files.cell("size")
    elif codes.parts.size[row] >= 0:
        by, place = "by the band of potential", subject.files.cell("potential")
    else:
        by, place = why.NO_SIZE, subject.files.cell("potential")
    said = why.about_size(subject.situation, subject.grid)
    yield Step("size", "size", size, "; ".join([by, *said]), place)


def _by_entry(entry: Entry) -> tuple[str, Place]:
    return f"by the journal's {entry.kind} {entry.value}", entry.place


def _band(amount: Decimal, subject: Subject) -> Band:
    """Find the line of `potential` that an amount meets first."""
    units = np.array([int(amount * UNITS)])
    bands = subject.grid.potential
    return bands[int(band_codes(units, units >= 0, bands, UNITS)[0])]


def _likelihood(subject: Subject) -> Iterator[Step]:
    if subject.grid.likelihood is not None:
        yield from _score(subject.grid.likelihood, subject)
    codes, row = subject.codes, subject.row
    level = shown(subject.counts("likelihood"))
    if codes.told.level[row] >= 0:
        by, place = _by_entry(subject.decider("level"))
    elif codes.given.level[row] >= 0:
        by, place = "by the cell grade", subject.files.cell("grade")
    elif subject.cell("likelihood") is not None:
        by, place = "by the cell likelihood", subject.files.cell("likelihood")
    elif codes.parts.level[row] >= 0:
        score = subject.grid.likelihood
        by, place = "by the score", subject.grid.place if score is None else score.place
    else:
        by, place = why.NO_LIKELIHOOD, subject.files.cell("likelihood")
    said = why.about_likelihood(subject.situation, subject.grid)
    yield Step("likelihood", "likelihood", level, "; ".join([by, *said]), place)


def _score(likelihood: Likelihood, subject: Subject) -> Iterator[Step]:
    """Show every line of the score, then the level of their sum; or of the signals' score."""
    conditions = Conditions(subject.seen)
    for line in likelihood.score:
        known = any(conditions.known(clause.field)[0] for clause in clauses(line.when))
        held = bool(conditions.mask(line.when)[0])
        value = "holds" if held else "does not hold" if known else "unknown"
        words = verdict(line.when, conditions).removesuffix(" does not hold").removesuffix(" holds")
        what = f"gives {as_text(line.points)} where {words}"
        yield Step("likelihood", "score line", value, what, line.place)
    total, known_at, scale = score_sum(likelihood, conditions)
    if not known_at[0]:
        why_not = "no field of the score is known, so it says nothing"
        if likelihood.source:
            why_not = f"the score {likelihood.source} is missing, so it says nothing"
        yield Step("likelihood", "score", "", why_not, likelihood.place)
        return
    band = likelihood.levels[int(band_codes(total, known_at, likelihood.levels, scale)[0])]
    points = as_text(Decimal(int(total[0])) / scale)
    of = likelihood.source or "sum"
    words = f"{of} {points}: level {band_words(band)}"
    yield Step("likelihood", "score", band.key, words, band.place)


def _grade(subject: Subject) -> Iterator[Step]:
    grade = subject.counts("grade")
    place = subject.files.cell("grade")
    if grade is not None:
        size, level = subject.counts("size"), subject.counts("likelihood")
        words = f"size {size} and likelihood {level}: {subject.counts('basis')}"
        at_ = subject.situation
        place = subject.grid.cells[at_.size][at_.level].place
        yield Step("grade", "grade", grade, words, place)
        return
    lacks = "; ".join(why.missing(subject.situation))
    yield Step("grade", "grade", "", f"ungraded: {lacks}", place)
    yield from _possible(subject)


def _possible(subject: Subject) -> Iterator[Step]:
    """Show the grades that an ungraded account can still have, and their tiers."""
    grid, keys = subject.grid, subject.grid.tier_keys
    size, level = subject.situation.size, subject.situation.level
    sizes = range(len(grid.sizes)) if size < 0 else [size]
    levels = range(len(grid.levels)) if level < 0 else [level]
    cells = [(one, two, grid.cells[one][two]) for one in sizes for two in levels]
    for one, two, cell in cells:
        parts = [f"size {grid.sizes[one]}"] * (size < 0)
        parts += [f"likelihood {grid.levels[two]}"] * (level < 0)
        grade = grid.sizes[one] + grid.levels[two]
        yield Step(
            "possible", grade, _tiers_of(cell, keys), f"with {' and '.join(parts)}", cell.place
        )
    reached = {place for *_, cell in cells for place in (cell.better, cell.worse)}
    tiers = [keys[place] for place in sorted(reached)]
    yield Step("possible", "tiers", either(tiers), _possible_words(subject, cells), grid.place)


def _possible_words(subject: Subject, cells: list[tuple[int, int, Cell]]) -> str:
    """Say what is known, and what it would be: `size A is known; with likelihood 1 or 2 ...`."""
    grid, at_ = subject.grid, subject.situation
    tiers = ", ".join(_tiers_of(cell, grid.tier_keys) for *_, cell in cells)
    if at_.size >= 0:
        known, open_ = f"size {grid.sizes[at_.size]}", f"likelihood {either(grid.levels)}"
    elif at_.level >= 0:
        known, open_ = f"likelihood {grid.levels[at_.level]}", f"size {either(grid.sizes)}"
    else:
        return "neither size nor likelihood is known, so every tier of the grid is possible"
    return f"{known} is known; with {open_} it would be tier {tiers}"


def _tiers_of(cell: Cell, keys: tuple[str, ...]) -> str:
    """Write the tiers that a cell allows, the better first."""
    return either(list(dict.fromkeys((keys[cell.better], keys[cell.worse]))))


def tiering(subject: Subject) -> Iterator[Step]:
    """Explain the tier: the grid's cell, the rules of borderline cells, the call, what counts."""
    codes, row, grid = subject.codes, subject.row, subject.grid
    situation, called = subject.situation, bool(codes.call[row] >= 0)
    if situation.size >= 0 and situation.level >= 0:
        cell = grid.cells[situation.size][situation.level]
        words = "between two tiers" if cell.borderline else "the grid's cell"
        grade = subject.counts("grade")
        yield Step("tier", f"cell {grade}", _written(cell, grid.tier_keys), words, cell.place)
        if cell.borderline and not called:
            yield from _rules(subject)
    if called:
        yield _call(subject)
    tier = int(codes.tier[row])
    story = _STORIES[int(codes.borderline[row])]
    said = "; ".join(why.about_tier(situation, grid))
    if tier < 0:
        yield Step("tier", "tier", "", "no grade and no call, so no tier", grid.place)
        return
    key, name, place = grid.tiers[tier].key, grid.tiers[tier].name, grid.tiers[tier].place
    story = "called, as the grid says" if called and story == _STORIES[why.PLAIN] else story
    yield Step("tier", "tier", key, "; ".join(filter(None, [name, story, said])), place)


def _written(cell: Cell, keys: tuple[str, ...]) -> str:
    return "/".join(dict.fromkeys((keys[cell.better], keys[cell.worse])))


def _rules(subject: Subject) -> Iterator[Step]:
    """Show the borderline rules up to the one that wins, on the account as they see it."""
    graded = {
        name: subject.schedule.accounts[name].slice(subject.row, 1)
        for name in ("potential", "size", "likelihood", "grade")
    }
    conditions = Conditions(replaced(subject.seen, **graded))
    for rule in subject.grid.borderline:
        words = verdict(rule.when, conditions)
        won = bool(conditions.mask(rule.when)[0])
        yield Step("tier", "borderline rule", rule.tier if won else "", words, rule.place)
        if won:
            return


def _call(subject: Subject) -> Step:
    """Show the call that counts: the journal's, else the cell's."""
    tier = subject.grid.tier_keys[int(subject.codes.call[subject.row])]
    entry = subject.decided("call")
    if entry is None:
        return Step("tier", "call", tier, "by the cell tier", subject.files.cell("tier"))
    until = f" until {entry.until}" if entry.until else ""
    grades = subject.grid.grades
    made = int(subject.called_for[subject.row])
    words = f"for grade {grades[made]}" if made < len(grades) else "without a grade"
    given = _given_back(entry, subject)
    return Step("tier", "call", tier, f"{entry.said}; made {words}{until}{given}", entry.place)


def _given_back(entry: Entry, subject: Subject) -> str:
    """Say which later call ended and so gave this one back."""
    later = [e for e in subject.entries.values() if e.kind == "tier" and e.at > entry.at]
    return f"; given back as {at(later[0].place)} ended on {later[0].until}" if later else ""
