"""Rules in words: tests, conditions and what they met, bands, offsets.

In: rules, and conditions over one account. Out: texts. Nothing is decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.decide.conditions import as_text
from csprio.rules import (
    Between,
    Clause,
    Compare,
    Contains,
    Due,
    Every,
    Is,
    Missing,
    Not,
    Present,
    Same,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from csprio.decide.conditions import Conditions
    from csprio.rules import Activity, Band, Condition, Offset, Test

_SIGNS = {">": "over", ">=": "at least", "<": "under", "<=": "at most"}
REST = "rest"


def test_words(test: Test) -> str:  # noqa: PLR0911 - one line a test
    """Write a test as people write it in YAML."""
    match test:
        case Same(text):
            return text
        case Is(text):
            return f"is {text}"
        case Contains(text):
            return f"contains {text}"
        case Compare(sign, bound):
            return f"{_SIGNS[sign]} {as_text(bound)}"
        case Between(low, high):
            return f"{as_text(low)}..{as_text(high)}"
        case Missing():
            return "missing"
        case Present():
            return "present"
        case Not(inner):
            return f"not {test_words(inner)}"
        case _:
            return f"[{', '.join(map(test_words, test.tests))}]"


def band_words(band: Band) -> str:
    """Write a line of bands: `A: over 50000`."""
    return f"{band.key}: {REST if band.test is None else test_words(band.test)}"


def condition_words(condition: Condition, conditions: Conditions | None = None) -> str:
    """Write a condition with the values that its fields have here, if somebody asks for them."""
    if isinstance(condition, Clause):
        return _clause(condition, conditions)
    parts = [condition_words(part, conditions) for part in condition.parts]
    if isinstance(condition, Every):
        return " and ".join(parts)
    return f"any of ({'; '.join(parts)})"


def verdict(condition: Condition, conditions: Conditions) -> str:
    """Write a condition and whether it holds."""
    held = bool(conditions.mask(condition)[0])
    return f"{condition_words(condition, conditions)} {'holds' if held else 'does not hold'}"


def _clause(clause: Clause, conditions: Conditions | None) -> str:
    """Write a clause: `motion: growth (retention)`; a value that says the same is left out."""
    if conditions is None:
        return f"{clause.field}: {test_words(clause.test)}"
    column = conditions.column(clause.field)
    value = None if column is None else column[0].as_py()
    words = test_words(clause.test)
    if value is None:
        met = "" if isinstance(clause.test, Missing) else " (missing)"
    else:
        met = "" if as_text(value).casefold() == words.casefold() else f" ({as_text(value)})"
    return f"{clause.field}: {words}{met}"


def offset_words(offset: Offset) -> str:
    """Write a length: `3mo`."""
    return f"{offset.count}{offset.unit.value}"


def until_words(until: Due | date) -> str:
    """Write a bound of repeats."""
    return until.text if isinstance(until, Due) else as_text(until)


def due_words(activity: Activity) -> str:
    """Write when an activity is due: `term + 3mo, every 3mo, until renewal - 1mo`."""
    parts = [activity.due.text]
    if activity.every is not None:
        parts.append(f"every {offset_words(activity.every)}")
    if activity.until is not None:
        parts.append(f"until {until_words(activity.until)}")
    if activity.times is not None:
        parts.append(f"{activity.times} times at most")
    return ", ".join(parts)


def either(words: Sequence[str]) -> str:
    """List choices: `1, 2 or 3`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
