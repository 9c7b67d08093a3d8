"""Fields of rules: which are known where, and what they are read as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from csprio.problems import Place, Problem
from csprio.read.conditions import parse_condition, parse_where
from csprio.read.fields import rule_fields, unknown_fields, unknown_in
from csprio.read.grid import read_grid
from csprio.read.playbook import read_playbook
from csprio.read.yamls import parse_text
from csprio.rules import ALWAYS, PlaybookChoice, Policy
from csprio.settings import Config, TableSettings

if TYPE_CHECKING:
    from csprio.read.yamls import Node
    from csprio.rules import Condition

INPUTS = ["account_id", "name", "Region", "health.band", "usage"]


def tree(text: str) -> Node:
    """Parse a text that is good YAML."""
    problems: list[Problem] = []
    node = parse_text(text, "f.yaml", problems)
    assert node is not None
    assert problems == []
    return node


def condition(text: str) -> Condition:
    """Read a good condition."""
    return parse_condition(tree(text), [])


def policy(
    when: str = "{}", borderline: str = "{}", score: str = "{}", optional: str = ""
) -> Policy:
    """Make a policy with one rule of each kind."""
    problems: list[Problem] = []
    grid = read_grid(
        tree(
            "potential: {A: rest}\n"
            f"likelihood: {{score: [{{when: {score}, points: 1}}],"
            " levels: {1: at least 1, 2: rest}}\n"
            "grid: {A: [1, 1/2]}\ntiers: {1: , 2: }\n"
            f"borderline: [{{when: {borderline}, tier: better}}]\n"
        ),
        problems,
    )
    book = read_playbook(
        tree(
            f"roles: {{csm: {{column: cs_person}}}}\noptional: [{optional}]\n"
            f"plans: {{all: [{{id: a, role: csm, due: start, when: {when}}}]}}\n"
        ),
        ("1", "2"),
        problems,
    )
    assert problems == []
    assert grid is not None
    assert book is not None
    return Policy(grid, (PlaybookChoice(ALWAYS, book),))


def config(only: str = "{}", columns: dict[str, str | None] | None = None) -> Config:
    """Make a configuration."""
    return Config(table=TableSettings(only=condition(only), columns=columns or {}))


def said(problems: list[Problem]) -> list[str]:
    """Show problems without their places."""
    return [f"{one.code}: {one.message}; {one.remedy}" for one in problems]


@pytest.mark.parametrize("field", ["region", "HEALTH_BAND", "arr", "Renewal Date", "cs person"])
def test_known_everywhere(field: str) -> None:
    """Input columns, the fields of the contract and role columns are known in every rule."""
    rule = f"{{{field}: present}}"
    assert unknown_fields(policy(rule, rule, rule), config(rule), INPUTS) == []


@pytest.mark.parametrize("field", ["headroom", "tenure_days", "Renewal In", "borderline"])
def test_later(field: str) -> None:
    """Computed fields are known to the playbook, and to no rule before it."""
    rule = f"{{{field}: present}}"
    assert unknown_fields(policy(when=rule), config(), INPUTS) == []
    found = unknown_fields(policy(borderline=rule, score=rule), config(rule), INPUTS)
    assert [one.code for one in found] == ["field-later"] * 3
    assert "too late for `only:`" in found[0].message
    assert "too late for the grid's score" in found[1].message
    assert "too late for `borderline:` of the grid" in found[2].message


def test_unknown() -> None:
    """A field that no input has is an error with a guess, once for each place."""
    found = unknown_fields(policy("{usgae: over 5, zebra: 1}"), config(), INPUTS)
    assert said(found) == [
        (
            "field-unknown: no input has the field `usgae`; did you mean `usage`, or name it under"
            " `optional:` if an input may lack it"
        ),
        (
            "field-unknown: no input has the field `zebra`; check its name, or name it under"
            " `optional:` if an input may lack it"
        ),
    ]
    assert all(one.place.line for one in found)


def test_optional() -> None:
    """What `optional:` names, or `columns:` maps, may lack."""
    rule = "{advocate: yes, champion: strong}"
    found = policy(rule, optional="Advocate, champion")
    assert unknown_fields(found, config(), INPUTS) == []
    mapped = config(columns={"advocate": "X", "champion": None})
    assert [one.code for one in unknown_fields(policy(rule), mapped, INPUTS)] == ["field-unknown"]


def test_covered() -> None:
    """A column called like a computed field counts instead of it, which is noted."""
    found = unknown_fields(policy(borderline="{headroom: over 5}"), config(), ["id", "Headroom"])
    assert said(found) == [
        (
            "field-covered: the input's column `Headroom` counts instead of the computed field of"
            " that name; rename the column, or set `columns: {Headroom: none}`, to have the"
            " computed one"
        )
    ]


def test_where() -> None:
    """`--where` sees every field, and knows the keys of the grid."""
    good = ["arr=over 5", "headroom=present", "borderline=called", "tier=2", "grade=a1", "usage=5"]
    clauses = [parse_where(text) for text in good]
    assert unknown_in(clauses, policy(), config(), INPUTS) == []
    bad = [parse_where("usgae=5"), parse_where("tier=[1, 7]")]
    assert [one.code for one in unknown_in(bad, policy(), config(), INPUTS)] == [
        "field-unknown", "value-unknown",
    ]  # fmt: skip
    assert said(unknown_in(bad[:1], policy(), config(), INPUTS)) == [
        "field-unknown: no input has the field `usgae`; did you mean `usage`?"
    ]


def test_combined() -> None:
    """`combine:` may name any field and any column, and nothing else."""
    known = {"renewal_date": "max", "Usage": "sum"}
    assert unknown_fields(policy(), Config(table=TableSettings(combine=known)), INPUTS) == []
    place = Place("csprio.yaml", 3, "5")
    wrong = TableSettings(combine={"usgae": "sum"}, combine_places={"usgae": place})
    found = unknown_fields(policy(), Config(table=wrong), INPUTS)
    assert [str(one) for one in found] == [
        "csprio.yaml:3:5: field-unknown: no input has the field `usgae`; did you mean `usage`?"
    ]


@pytest.mark.parametrize(
    ("tests", "kind"),
    [
        (["over 5"], "number"),
        (["10..20", "missing"], "number"),
        (["[over 5, not under 2, missing]"], "number"),
        (["at least 2026-01-01", "present"], "date"),
        (["2026-01-01..2026-02-01"], "date"),
        (["over 5", "at least 2026-01-01"], "text"),
        (["over 5", "green"], "text"),
        (["over 5", "3"], "number"),
        (["[over 50k, 5k, missing]"], "number"),
        (["2026-01-05"], "date"),
        (["[2026-01-05, over 2026-02-01, missing]"], "date"),
        (["2026-01-05", "5"], "date"),
        (["2026-01-05", "soon"], "text"),
        (["[over 5, green]"], "text"),
        (["5"], "text"),
        (["missing"], "text"),
        (["contains x"], "text"),
        (["is x"], "text"),
    ],
)
def test_kinds(tests: list[str], kind: str) -> None:
    """A field is a number or a date only where every rule reads it so."""
    parts = ", ".join(f"{{usage: {one}}}" for one in tests)
    found = rule_fields(policy(when=f"{{all: [{parts}]}}"), config())
    assert found == {"usage": kind}


def test_fields_of_all_rules() -> None:
    """Fields are collected over all rules and `--where`, under the contract's names."""
    found = rule_fields(
        policy("{Renewal Date: over 2026-01-01, Usage: over 5}", "{usage: under 9}", "{ARR: 5}"),
        config("{region: x}"),
        [parse_where("Seats=over 5")],
    )
    assert found == {
        "region": "text", "arr": "text", "usage": "number", "renewal_date": "date",
        "Seats": "number",
    }  # fmt: skip


def test_places() -> None:
    """A problem stands where the field is written."""
    found = unknown_fields(policy(), config("{zebra: 1}"), INPUTS)
    assert [one.place for one in found] == [Place("f.yaml", 1, "2")]
