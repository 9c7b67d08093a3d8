"""Conditions of policies: tests of one account's facts, which are texts, empty where missing."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from naive import cells

Facts = Mapping[str, str]
Order = Callable[[Any, Any], bool]

SIGNS: list[tuple[str, Order]] = [
    ("at least ", operator.ge),
    ("at most ", operator.le),
    ("over ", operator.gt),
    ("under ", operator.lt),
    (">=", operator.ge),
    ("<=", operator.le),
    (">", operator.gt),
    ("<", operator.lt),
]
YES_OR_NO = {"yes": {"yes", "true", "y", "t", "1"}, "no": {"no", "false", "n", "f", "0"}}
IDS = {"account_id", "parent"}


def holds(when: Mapping[str, Any] | None, facts: Facts) -> bool:
    """Tell whether every line of a condition holds; no condition always does."""
    return all(_line(field, test, facts) for field, test in (when or {}).items())


def fields_of(when: Mapping[str, Any] | None) -> Iterator[str]:
    """Name the fields that a condition looks at, nested ones too."""
    for field, test in (when or {}).items():
        if field in {"any", "all"}:
            for nested in test:
                yield from fields_of(nested)
        else:
            yield field


def reads(whens: Iterable[Mapping[str, Any] | None]) -> dict[str, str]:
    """Say what fields are read as: ``number`` or ``day`` where all tests that tell say so."""
    found: dict[str, set[str]] = {}
    for when in whens:
        for field, test in _tests(when):
            found.setdefault(field, set()).update(_compared(test))
    return {field: one for field, kinds in found.items() for one in kinds if len(kinds) == 1}


def _tests(when: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    for field, test in (when or {}).items():
        if field in {"any", "all"}:
            for nested in test:
                yield from _tests(nested)
        else:
            yield from ((field, str(one)) for one in (test if isinstance(test, list) else [test]))


def _compared(test: str) -> set[str]:
    """Say what a test takes its field for; a bare number, and ``missing``, may be of any field."""
    if test in {"missing", "present", "not missing", "not present"}:
        return set()
    if test.startswith("not "):
        return _compared(test.removeprefix("not ").strip())
    if ".." in test or any(test.startswith(sign) for sign, _ in SIGNS):
        bound = test.partition("..")[0]
        for sign, _ in SIGNS:
            bound = bound.removeprefix(sign)
        return {"day" if cells.day(bound) else "number"}
    if cells.day(test):
        return {"day"}
    return set() if cells.amount(test) is not None else {"text"}


def _line(field: str, test: Any, facts: Facts) -> bool:  # noqa: ANN401
    if field == "any":
        return any(holds(nested, facts) for nested in test)
    if field == "all":
        return all(holds(nested, facts) for nested in test)
    value = facts.get(field, "").strip()
    tests = test if isinstance(test, list) else [test]
    return any(_test(field, str(one).strip(), value) for one in tests)


def _test(field: str, test: str, value: str) -> bool:
    """Apply one test; a missing value meets only ``missing`` and what is another word for it."""
    if test in {"missing", "not present"}:
        return not value
    if test in {"present", "not missing"}:
        return bool(value)
    if not value:
        return False
    if test.startswith("not "):
        return not _test(field, test.removeprefix("not ").strip(), value)
    return _says(field, test, value)


def _says(field: str, test: str, value: str) -> bool:
    """Apply a test of what a value is."""
    if test.startswith("contains "):
        return test.removeprefix("contains ").strip().casefold() in value.casefold()
    if test.startswith("is "):
        text = test.removeprefix("is ").strip()
        return text == value if field in IDS else text.casefold() == value.casefold()
    if ".." in test or any(test.startswith(sign) for sign, _ in SIGNS):
        return field not in IDS and compares(test, value)
    return _equal(field, test, value)


def compares(test: str, value: str) -> bool:
    """Tell whether a comparison or range holds; between two kinds of value it never does."""
    if ".." in test:
        low, _, high = test.partition("..")
        return _stands(operator.ge, value, low) and _stands(operator.le, value, high)
    sign, order = next((sign, order) for sign, order in SIGNS if test.startswith(sign))
    return _stands(order, value, test.removeprefix(sign))


def _stands(order: Order, value: str, bound: str) -> bool:
    pair = _pair(value, bound)
    return pair is not None and order(*pair)


def _pair(value: str, bound: str) -> tuple[Decimal, Decimal] | tuple[date, date] | None:
    """Read both sides as numbers, else both as dates."""
    numbers = cells.signed(value), cells.amount(bound)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0], numbers[1]
    days = cells.day(value), cells.day(bound)
    if days[0] is not None and days[1] is not None:
        return days[0], days[1]
    return None


def _equal(field: str, test: str, value: str) -> bool:
    if field in IDS:
        return test == value
    if test.casefold() in YES_OR_NO:
        return value.casefold() in YES_OR_NO[test.casefold()]
    pair = _pair(value, test)
    return pair[0] == pair[1] if pair else test.casefold() == value.casefold()
