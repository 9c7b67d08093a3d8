"""Conditions and tests, from YAML and from `--where FIELD=TEST`.

Comes in: a node, or a text and its place. Goes out: a `Condition` or `Test` of exact values. What
cannot be read is a problem, and a harmless test stands in its place. Nothing is ever evaluated.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.literals import (
    iso_date,
    looks_like_date,
    number,
    plain_number,
    read_date,
    read_number,
)
from csprio.read.schema import describe
from csprio.read.wording import short
from csprio.read.yamls import ListNode, MapNode, Node, TextNode, parse_text
from csprio.rules import (
    ALWAYS,
    AnyOf,
    Between,
    Clause,
    Compare,
    Condition,
    Contains,
    Either,
    Every,
    Is,
    Missing,
    Not,
    Present,
    Same,
    Test,
)
from csprio.signals import NOT_SCORED

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from csprio.problems import Problem
    from csprio.read.schema import Section

WHERE = Place("--where")
_SIGNS = {"over": ">", "at least": ">=", "under": "<", "at most": "<="}
_WORDS = {sign: words for words, sign in _SIGNS.items()}
_COMPARISON = re.compile(
    r"(?:(?P<words>at\s+least|at\s+most|over|under)(?=\s|$|[-+]?[0-9])|(?P<sign>[<>]=?)(?![<>=]))"
    r"\s*(?P<bound>.*)",
    re.IGNORECASE | re.DOTALL,
)
_PREFIX = re.compile(r"(?P<word>not|is|contains)(?:\s+(?P<rest>.*))?", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"(?P<low>.*?)\s*\.\.\s*(?P<high>.*)", re.DOTALL)
# What people write for a comparison, and how csprio writes it.
_NEAR = {
    "more than": "over", "greater than": "over", "larger than": "over", "above": "over",
    "after": "over", "older than": "over", "less than": "under", "fewer than": "under",
    "smaller than": "under", "below": "under", "before": "under", "younger than": "under",
    "up to": "at most", "no more than": "at most", "not more than": "at most", "until": "at most",
    "no less than": "at least", "not less than": "at least", "from": "at least",
    "since": "at least", "≥": "at least", "=>": "at least", "≤": "at most", "=<": "at most",
    "==": "", "=": "", "!=": "not", "<>": "not", "≠": "not",
}  # fmt: skip
_NEARLY = re.compile(
    "(?P<word>" + "|".join(re.escape(word) for word in sorted(_NEAR, key=len, reverse=True)) + ")"
    r"\s*(?P<bound>.*)",
    re.IGNORECASE | re.DOTALL,
)
_INSTEAD: Test = Same("")


def condition_at(found: Section, key: str) -> Condition:
    """Read the condition under a key; left out, it always holds."""
    node = found.written(key)
    return ALWAYS if node is None else parse_condition(node, found.problems)


def parse_condition(node: Node, problems: list[Problem]) -> Condition:
    """Read a mapping of field to test, all of which must hold; `any` and `all` nest."""
    if not isinstance(node, MapNode):
        _empty(node, "the condition", "a field with its test", "write it as `tier: 1`", problems)
        return ALWAYS
    parts: list[Condition] = []
    for key, value in node.entries:
        if key.text in ("any", "all"):
            parts.append(_nested(key, value, problems))
        else:
            parts.append(Clause(key.text.strip(), parse_node(value, problems), key.place))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def _nested(key: TextNode, value: Node, problems: list[Problem]) -> Condition:
    if not isinstance(value, ListNode) or not value.items:
        expected = "a list of conditions"
        remedy = f"write it as `{key.text}: [{{arr: over 50k}}, {{tier: 1}}]`"
        _empty(value, f"`{key.text}`", expected, remedy, problems)
        return ALWAYS
    parts = tuple(parse_condition(item, problems) for item in value.items)
    return Either(parts) if key.text == "any" else Every(parts)


def parse_node(node: Node, problems: list[Problem]) -> Test:
    """Read a test: a text, or a list of tests of which one must hold."""
    if isinstance(node, ListNode) and node.items:
        return AnyOf(tuple(parse_node(item, problems) for item in node.items))
    if isinstance(node, TextNode) and node.text.strip() and not node.nothing:
        return parse_test(node.text, node.place, problems)
    remedy = "write a value, a comparison, a list of tests, or `missing` where nothing is known"
    _empty(node, "the test", "a value or a comparison", remedy, problems)
    return _INSTEAD


def parse_test(text: str, place: Place, problems: list[Problem]) -> Test:
    """Read one test as it is written; `place` is where it stands."""
    text = text.strip()
    word = text.casefold()
    if word in ("missing", "present"):
        return Missing() if word == "missing" else Present()
    if not text:
        remedy = "write a value, or `missing` where nothing is known"
        _empty(TextNode("", place), "the test", "a value or a comparison", remedy, problems)
        return _INSTEAD
    if word == NOT_SCORED:  # the band itself, as answers write it
        return Is(text)
    for read in (_near, _prefixed, _compared, _ranged):
        test = read(text, place, problems)
        if test is not None:
            return test
    if looks_like_date(text):
        read_date(text, place, problems)
    return _same(text)


def _same(text: str) -> Test:
    """Take a plain value; `50k` and `50,000` are the number as well, as policy writes numbers."""
    value = number(text)
    if value is None or not any(mark in text for mark in ",kKmM"):
        return Same(text)
    return AnyOf((Same(text), Same(plain_number(value))))


def parse_where(text: str) -> Clause:
    """Read `FIELD=TEST` of the command line; `Stop` (exit code 2) if it is none."""
    field, equals, test = text.partition("=")
    field, problems = field.strip(), []
    if not equals or not field or field[-1] in "<>!":
        problems.append(_not_where(text))
        clause = Clause(field, _INSTEAD, WHERE)
    else:
        clause = Clause(field, _where_test(test.strip(), problems), WHERE)
    if problems:
        raise Stop(ExitCode.POLICY, problems)
    return clause


def _where_test(text: str, problems: list[Problem]) -> Test:
    if len(text) > 1 and text[0] + text[-1] in ("[]", '""', "''"):
        return _as_yaml(text, WHERE, problems)
    return parse_test(text, WHERE, problems)


def _as_yaml(text: str, place: Place, problems: list[Problem]) -> Test:
    """Read a list or a quoted text as YAML writes it, within a text that stands at `place`."""
    found: list[Problem] = []
    node = parse_text(text, place.file, found)
    test = _INSTEAD if node is None else parse_node(node, found)
    problems += [replace(one, place=place) for one in found]
    return test


def _not_where(text: str) -> Problem:
    match = re.fullmatch(r"\s*([^<>=!]+?)\s*([<>]=?)\s*(.+)", text)
    example = f"{match[1]}={_WORDS[match[2]]} {match[3]}" if match else "arr=over 50k"
    return problem("where-form", WHERE, text=short(text), example=short(example))


def _empty(node: Node, what: str, expected: str, remedy: str, problems: list[Problem]) -> None:
    problems.append(
        problem(
            "test-empty", node.place,
            what=what, found=describe(node), expected=expected, remedy=remedy,
        )
    )  # fmt: skip


def _prefixed(text: str, place: Place, problems: list[Problem]) -> Test | None:
    match = _PREFIX.fullmatch(text)
    if match is None:
        return None
    word, rest = match["word"].casefold(), (match["rest"] or "").strip()
    if not rest:
        remedy = f"write what comes after it, or `is {text}` for the text"
        nothing = TextNode("", place)
        _empty(nothing, f"`{text}`", "a test or a text after it", remedy, problems)
        return _INSTEAD
    if word == "not":
        read = _as_yaml if rest[0] + rest[-1] == "[]" else parse_test
        return _negated(read(rest, place, problems))
    return Is(rest) if word == "is" else Contains(rest)


def _negated(test: Test) -> Test:
    """Turn a test over; a missing value still meets no test but `missing`."""
    if isinstance(test, Missing):
        return Present()
    if isinstance(test, Present):
        return Missing()
    return test.test if isinstance(test, Not) else Not(test)


def _compared(text: str, place: Place, problems: list[Problem]) -> Test | None:
    match = _COMPARISON.fullmatch(text)
    if match is None:
        return None
    sign = match["sign"] or _SIGNS[" ".join(match["words"].casefold().split())]
    bound = match["bound"].strip()
    before = len(problems)
    value = read_literal(bound, place, problems)
    if value is not None:
        return Compare(sign, value)
    if len(problems) == before:
        problems.append(problem("test-comparison", place, text=short(text)))
    return _INSTEAD


def _ranged(text: str, place: Place, problems: list[Problem]) -> Test | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    ends = (match["low"], match["high"])
    known = [number(end) is not None or looks_like_date(end) for end in ends]
    if not any(known):
        return None
    before = len(problems)
    low, high = (read_literal(end, place, problems) for end in ends)
    if len(problems) > before:
        return _INSTEAD
    why = _not_a_range(low, high)
    if why or low is None or high is None:
        problems.append(problem("test-range", place, text=short(text), why=why))
        return _INSTEAD
    return Between(low, high)


def _not_a_range(low: Decimal | date | None, high: Decimal | date | None) -> str:
    if low is None or high is None:
        return "one of its ends is neither a number nor a date"
    if type(low) is not type(high):
        return "one end is a number, the other a date"
    return "its ends are the wrong way round" if high < low else ""  # type: ignore[operator]


def _near(text: str, place: Place, problems: list[Problem]) -> Test | None:
    """Catch what looks like a comparison but would be taken for a text that nothing equals."""
    match = _NEARLY.fullmatch(text)
    if match is None:
        return None
    word, bound = match["word"].casefold(), match["bound"].strip()
    literal = number(bound) is not None or iso_date(bound) is not None
    if word[0].isalpha() and not literal:
        return None
    instead = f"{_NEAR[word]} {bound}".strip()
    problems.append(
        problem("test-words", place, text=short(text), word=word, instead=short(instead))
    )
    return _INSTEAD


def read_literal(text: str, place: Place, problems: list[Problem]) -> Decimal | date | None:
    """Read a number or an ISO date; None if it is neither."""
    if looks_like_date(text):
        return read_date(text, place, problems)
    return read_number(text, place, problems)
