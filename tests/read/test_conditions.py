"""Conditions and tests: every form of the contract, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.problems import ExitCode, Place, Stop
from csprio.read.conditions import parse_condition, parse_test, parse_where
from csprio.read.yamls import parse_text
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

if TYPE_CHECKING:
    from csprio.problems import Problem

HERE = Place("f.yaml", 3, "7")
FIFTY = Decimal(50_000)


def read(text: str) -> tuple[Test, list[str]]:
    """Read a test; give it and the codes of its problems."""
    problems: list[Problem] = []
    return parse_test(text, HERE, problems), [one.code for one in problems]


def condition(text: str) -> tuple[Condition, list[str]]:
    """Read a condition from YAML; give it and its problems."""
    problems: list[Problem] = []
    node = parse_text(text, "f.yaml", problems)
    assert node is not None
    return parse_condition(node, problems), [str(one) for one in problems]


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("strong", Same("strong")),
        ("12:30", Same("12:30")),
        ("yes", Same("yes")),
        ("3", Same("3")),
        ("-3", Same("-3")),
        ("2026-11-23", Same("2026-11-23")),
        ("50k", AnyOf((Same("50k"), Same("50000")))),
        ("50,000", AnyOf((Same("50,000"), Same("50000")))),
        ("rest", Same("rest")),
        ("overdue", Same("overdue")),
        ("Over-the-air", Same("Over-the-air")),
        ("notable", Same("notable")),
        ("island", Same("island")),
        ("a..b", Same("a..b")),
        ("v1.2", Same("v1.2")),
        ("over 50k", Compare(">", FIFTY)),
        ("OVER  50k", Compare(">", FIFTY)),
        ("> 50000", Compare(">", FIFTY)),
        (">50000", Compare(">", FIFTY)),
        ("at least 50,000", Compare(">=", FIFTY)),
        (">= 50000.00", Compare(">=", FIFTY)),
        ("under 50k", Compare("<", FIFTY)),
        ("< 50k", Compare("<", FIFTY)),
        ("at  most 0.05M", Compare("<=", FIFTY)),
        ("<=50k", Compare("<=", FIFTY)),
        ("over -1", Compare(">", Decimal(-1))),
        ("at least 2026-01-31", Compare(">=", date(2026, 1, 31))),
        ("10..20", Between(Decimal(10), Decimal(20))),
        ("-2.5 .. -1", Between(Decimal("-2.5"), Decimal(-1))),
        ("10k..10k", Between(Decimal(10_000), Decimal(10_000))),
        ("2026-01-01..2026-12-31", Between(date(2026, 1, 1), date(2026, 12, 31))),
        ("missing", Missing()),
        ("Present", Present()),
        ("contains sso, api", Contains("sso, api")),
        ("is not started", Is("not started")),
        ("is over 50k", Is("over 50k")),
        ("is missing", Is("missing")),
        ("IS present", Is("present")),
        ("not strong", Not(Same("strong"))),
        ("not over 5", Not(Compare(">", Decimal(5)))),
        ("not contains x", Not(Contains("x"))),
        ("not is not started", Not(Is("not started"))),
        ("not missing", Present()),
        ("not present", Missing()),
        ("not not missing", Missing()),
        ("not not x", Same("x")),
        ("not [a, over 5, missing]", Not(AnyOf((Same("a"), Compare(">", Decimal(5)), Missing())))),
        ("not ['> 5']", Not(AnyOf((Compare(">", Decimal(5)),)))),
        ("not [a", Not(Same("[a"))),
    ],
)
def test_forms(text: str, test: Test) -> None:
    """Each form of a test gives its value, exactly, case and white space aside."""
    assert read(text) == (test, [])
    assert read(f"  {text} ") == (test, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("over the moon", "test-comparison"),
        ("over", "test-comparison"),
        ("> ", "test-comparison"),
        ("at least $50k", "test-comparison"),
        ("under 23/11/2026", "test-comparison"),
        ("at least 2026-02-30", "test-date"),
        ("2026-13-01", "test-date"),
        ("over 50.000", "number-ambiguous"),
        ("1..5.000", "number-ambiguous"),
        ("over 999999999999999", "number-bounds"),
        ("20..10", "test-range"),
        ("2026-12-31..2026-01-01", "test-range"),
        ("1..", "test-range"),
        ("..5", "test-range"),
        ("1...5", "test-range"),
        ("1..2026-01-01", "test-range"),
        ("1..x", "test-range"),
        ("more than 5", "test-words"),
        ("less than 2026-01-01", "test-words"),
        ("up to 50k", "test-words"),
        ("!= 5", "test-words"),
        ("== x", "test-words"),
        ("<> 5", "test-words"),
        ("≥ 5", "test-words"),
        ("=< 5", "test-words"),
        ("not", "test-empty"),
        ("is", "test-empty"),
        ("contains", "test-empty"),
        ("not not", "test-empty"),
        ("not []", "test-empty"),
        ("not [over x]", "test-comparison"),
        ("", "test-empty"),
    ],
)
def test_refused(text: str, code: str) -> None:
    """What nobody can have meant as a plain text is an error, once."""
    assert read(text)[1] == [code]


def test_comparison_offers_is() -> None:
    """A comparison with a text says how to write the text itself."""
    problems: list[Problem] = []
    parse_test("over the moon", HERE, problems)
    assert str(problems[0]) == (
        "f.yaml:3:7: test-comparison: `over the moon` compares with what is neither a number nor a"
        " date; write a number (50000, 50k, 1.2M) or a date (2026-11-23), or `is over the moon` for"
        " the text"
    )


@pytest.mark.parametrize("text", ["more than a feeling", "since forever", "above board", "from X"])
def test_words_that_are_texts(text: str) -> None:
    """Words near a comparison are a plain text where no number or date follows."""
    assert read(text) == (Same(text), [])


def test_conditions() -> None:
    """A mapping's clauses must all hold; lists are any of; `any` and `all` nest."""
    found, problems = condition(
        "tier: [1, over 2, missing]\n"
        "any:\n"
        "  - {arr: over 5}\n"
        "  - all: [{motion: growth}, {csm: present}]\n"
    )
    place = Place("f.yaml", 1, "1")
    assert problems == []
    assert found == Every(
        (
            Clause("tier", AnyOf((Same("1"), Compare(">", Decimal(2)), Missing())), place),
            Either(
                (
                    Clause("arr", Compare(">", Decimal(5)), Place("f.yaml", 3, "6")),
                    Every(
                        (
                            Clause("motion", Same("growth"), Place("f.yaml", 4, "12")),
                            Clause("csm", Present(), Place("f.yaml", 4, "30")),
                        )
                    ),
                )
            ),
        )
    )


def test_empty_condition() -> None:
    """A condition without a clause always holds."""
    assert condition("{}") == (ALWAYS, [])


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("[tier]", ["1:1"]),
        ("tier", ["1:1"]),
        ("~", ["1:1"]),
        ("tier:", ["1:6"]),
        ("tier: []", ["1:7"]),
        ("tier: {a: b}", ["1:7"]),
        ("tier: [1, ~, {a: b}]", ["1:11", "1:14"]),
        ("any: {tier: 1}", ["1:6"]),
        ("all: []", ["1:6"]),
        ("any: [1]", ["1:7"]),
    ],
)
def test_wrong_shapes(text: str, places: list[str]) -> None:
    """Whatever is no condition is named at its place, all at once."""
    _, problems = condition(text)
    assert [one.split(": ")[:2] for one in problems] == [
        [f"f.yaml:{place}", "test-empty"] for place in places
    ]


@pytest.mark.parametrize(
    ("text", "field", "test"),
    [
        ("arr=over 50k", "arr", Compare(">", FIFTY)),
        (" arr = > 50k ", "arr", Compare(">", FIFTY)),
        ("arr=>= 50k", "arr", Compare(">=", FIFTY)),
        ("tier=[1, 2]", "tier", AnyOf((Same("1"), Same("2")))),
        ("name=is a=b", "name", Is("a=b")),
        ("name=contains = x", "name", Contains("= x")),
        ("Account Name=x", "Account Name", Same("x")),
        ("csm=missing", "csm", Missing()),
        ('arr=">= 50k"', "arr", Compare(">=", FIFTY)),
        ("tier=not [1, 2]", "tier", Not(AnyOf((Same("1"), Same("2"))))),
    ],
)
def test_where(text: str, field: str, test: Test) -> None:
    """`--where` takes a field and any test."""
    found = parse_where(text)
    assert (found.field, found.test) == (field, test)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("arr", "where-form: `arr` is not FIELD=TEST; write for instance `arr=over 50k`"),
        (
            "arr>=5k",
            "where-form: `arr>=5k` is not FIELD=TEST; write for instance `arr=at least 5k`",
        ),
        ("arr<5k", "where-form: `arr<5k` is not FIELD=TEST; write for instance `arr=under 5k`"),
        ("=5", "where-form: `=5` is not FIELD=TEST; write for instance `arr=over 50k`"),
        ("arr!=5", "where-form: `arr!=5` is not FIELD=TEST; write for instance `arr=over 50k`"),
        ("arr=over x", "test-comparison: `over x` compares"),
        ("arr=", "test-empty: the test has nothing"),
        ("arr=[1, {a: b}]", "test-empty: the test has a mapping"),
        ("arr=[1, >]", "yaml-"),
    ],
)
def test_where_refused(text: str, message: str) -> None:
    """A `--where` that is none ends the run with exit code 2."""
    with pytest.raises(Stop) as stop:
        parse_where(text)
    assert stop.value.exit_code is ExitCode.POLICY
    assert message in str(stop.value)
    assert str(stop.value).startswith("--where")


@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    """Whatever is typed, a test comes out or a problem, and no exception."""
    test, codes = read(text)
    assert type(test) in get_args(Test)
    assert len(codes) <= 2


@given(st.text(max_size=30))
def test_is_takes_any_text(text: str) -> None:
    """Every text can be asked for with `is`."""
    if text.strip():
        assert read(f"is {text}") == (Is(text.strip()), [])
