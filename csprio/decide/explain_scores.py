"""How the account came to its measures and scores, so that anybody can work them out again.

In: the subject, and what signals make of it. Out: steps: each measure with its rows and window,
each part of a score with its points, weight and what it cost, then the score itself. Nothing is
decided here.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.conditions import Conditions, as_text
from csprio.decide.exact import column
from csprio.decide.explain_subject import Step, shown
from csprio.decide.explain_words import band_words, condition_words, verdict
from csprio.rules import ALWAYS
from csprio.signals import CONTRACT, NOT_SCORED, Retention

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from csprio.decide.exact import Exact
    from csprio.decide.explain_subject import Subject
    from csprio.decide.scores import Scored
    from csprio.decide.signalled import Signalled
    from csprio.signals import ClvRule, Measure, Part, Signals

_MISSING = "missing"


def scores(subject: Subject) -> Iterator[Step]:
    """Explain the measures of an account, its values and its scores; nothing without signals."""
    found, signals = subject.signalled, subject.schedule.policy.signals
    if found is None or signals is None:
        return
    yield from _measures(subject, signals, found)
    yield from _values(subject, signals, found)
    conditions = Conditions(found.table.slice(subject.row, 1))
    for score in signals.scores:
        yield from _score(found.scores[score.name], subject.row, conditions)


def _measures(subject: Subject, signals: Signals, found: Signalled) -> Iterator[Step]:
    row, as_of = subject.row, subject.schedule.as_of.astype(object)
    for measure in signals.measures:
        value = _number(found.measured.numbers[measure.name], row)
        words = _taken(measure, as_of)
        if measure.per:
            words += f", divided by {measure.per} ({_cell(found, measure.per, row) or _MISSING})"
        if measure.name in found.measured.counts:
            words += f": {_number(found.measured.counts[measure.name], row) or 'no'} answers"
        yield Step("measure", measure.name, value or _MISSING, words, measure.place)
    for match in signals.matches:
        value = _number(found.measured.numbers[match.name], row)
        met = ", ".join(f"{word} {as_text(worth)}" for word, worth in match.meets.items())
        words = f"of {match.column} ({_cell(found, match.column, row) or _MISSING}) we meet: {met}"
        yield Step("measure", match.name, value or _MISSING, words, match.place)


def _taken(measure: Measure, as_of: date) -> str:
    """Say which rows a measure is taken of: `sum logins of usage, 2026-10-27 to 2026-11-23`."""
    words = f"{measure.take} {measure.column}".strip() + f" of {measure.source}"
    if measure.where != ALWAYS:
        words += f" where {condition_words(measure.where)}"
    if measure.over is None:
        return f"{words} up to {as_of}"
    return f"{words}, {as_of - timedelta(days=measure.over - 1)} to {as_of}"


def _values(subject: Subject, signals: Signals, found: Signalled) -> Iterator[Step]:
    """Give recency, frequency, monetary value and lifetime value, where they are asked for."""
    row = subject.row
    if signals.rfm is not None:
        three = (f"{name[-1]} {_cell(found, name, row) or _MISSING}" for name in _RFM)
        segment = _cell(found, "rfm_segment", row)
        words = f"{', '.join(three)} of {signals.rfm.source}: segment {segment}"
        yield Step("value", "rfm", _cell(found, "rfm", row) or _MISSING, words, signals.rfm.place)
    if signals.clv is not None:
        value = _cell(found, "clv", row) or _MISSING
        yield Step("value", "clv", value, _clv(signals.clv, found, row), signals.clv.place)


_RFM = ("rfm_r", "rfm_f", "rfm_m")


def _clv(rule: ClvRule, found: Signalled, row: int) -> str:
    """Say what a lifetime value rests on."""
    ahead = f"margin {as_text(rule.margin)}, discount {as_text(rule.discount)} a year"
    ahead += f", {rule.years} years"
    if rule.model != CONTRACT:
        alive = _cell(found, "p_alive", row) or _MISSING
        return f"orders of {rule.source}, still a customer with chance {alive}; {ahead}"
    arr = _cell(found, "arr", row) or _MISSING
    if isinstance(rule.retention, Retention):
        stay = "retention estimated from the book"
    elif isinstance(rule.retention, tuple):
        alpha, beta = map(as_text, rule.retention)
        stay = f"retention by alpha {alpha} and beta {beta}"
    else:
        stay = f"retention {as_text(rule.retention)} a year"
    return f"arr {arr}, {ahead}, {stay}"


def _score(scored: Scored, row: int, conditions: Conditions) -> Iterator[Step]:
    rule = scored.rule
    present = [bool(points.known[row]) for points in scored.points]
    weight = sum(
        (p.weight for p, there in zip(rule.parts, present, strict=True) if there), Decimal(0)
    )
    for part, points in zip(rule.parts, scored.points, strict=True):
        earned = _number(points, row)
        words = _part(part, points, row, weight, conditions)
        yield Step("score", f"{rule.name}: {part.field}", earned or _MISSING, words, part.place)
    for number, cap in enumerate(rule.caps):
        held = bool(conditions.mask(cap.when)[0])
        counts = ", which counts" if held and int(scored.capped[row]) == number else ""
        what = f"at most {as_text(cap.at)} points"
        words = f"{verdict(cap.when, conditions)}{counts}"
        yield Step("score", f"{rule.name}: cap", what, words, cap.place)
    yield _result(scored, row)


def _part(part: Part, points: Exact, row: int, weight: Decimal, conditions: Conditions) -> str:
    """Say what a part of a score earned, of what, and what that cost."""
    cell = conditions.column(part.field)
    value = None if cell is None else cell[0].as_py()
    if part.points is not None:
        earns = ", ".join(f"{text} {as_text(worth)}" for text, worth in part.points.items())
        scale = f"earns by its text: {earns}"
    else:
        zero, full = ("0", "100") if part.zero is None else _ends(part)
        scale = f"{zero} earns 0 points, {full} earns 100"
    at = f"at {shown(value)}" if shown(value) else _MISSING
    said = f"{at}; {scale}; weight {as_text(part.weight)}"
    if not points.known[row]:
        return f"{said}, which does not count"
    cost = Decimal(100 - Decimal(_number(points, row))) * part.weight / weight
    return f"{said} of {as_text(weight)}: costs {as_text(round(cost, 6).normalize())}"


def _ends(part: Part) -> tuple[str, str]:
    assert part.zero is not None  # noqa: S101 - both are given together
    assert part.full is not None  # noqa: S101
    return as_text(part.zero), as_text(part.full)


def _result(scored: Scored, row: int) -> Step:
    """Give a score with its band, and what is not known of it."""
    rule = scored.rule
    low, high = _number(scored.low, row), _number(scored.high, row)
    coverage = _number(scored.coverage, row)
    known = f"coverage {coverage} %, between {low} and {high}"
    if not scored.value.known[row]:
        words = f"{NOT_SCORED}: {known}; {as_text(rule.min_coverage)} % must be covered"
        return Step("score", rule.name, "", words, rule.place)
    value = _number(scored.value, row)
    at = int(scored.band[row])
    if at < 0:
        return Step("score", rule.name, value, known, rule.place)
    band = rule.bands[at]
    return Step("score", rule.name, value, f"band {band_words(band)}; {known}", band.place)


def _number(numbers: Exact, row: int) -> str:
    """Write the number of an account as csprio prints it; empty for none."""
    one = type(numbers)(numbers.floats[row : row + 1], lambda _: numbers.at(row))
    return shown(column(one)[0].as_py()) if np.isfinite(one.floats[0]) else ""


def _cell(found: Signalled, name: str, row: int) -> str:
    """Write a field of an account; empty for none."""
    values = Conditions(found.table).column(name)
    return "" if values is None else shown(values[row].as_py())
