"""Accounts' own plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from csprio.problems import Place
from csprio.read.plans import Ids, ids_of, plan_files, read_plan, read_plans
from csprio.read.yamls import parse_text
from csprio.rules import Activity, Anchor, Due, Playbook, Roll

if TYPE_CHECKING:
    from pathlib import Path

    from csprio.problems import Problem
    from csprio.rules import OwnPlan

ROLES, IDS = ("csm", "sales"), Ids({"kickoff", "renewal", "review"}, {"kickoff", "renewal"})
HERE = Place("csprio.yaml", 1, "1")


def read(text: str, ids: Ids | None = IDS) -> tuple[OwnPlan | None, list[str]]:
    """Read one plan; give it and its problems without their remedies."""
    problems: list[Problem] = []
    node = parse_text(text, "plans/a.yaml", problems)
    assert node is not None
    plan = read_plan(node, ROLES, ids, problems)
    return plan, [f"{one.place.line}: {one.code}: {one.message}" for one in problems]


def test_plan() -> None:
    """A plan adds and replaces whole activities and removes ids."""
    plan, problems = read(
        "account: '00123'\n"
        "add:\n  - {id: visit, role: csm, due: start + 1mo}\n"
        "replace:\n  - {id: kickoff, role: sales, due: start}\n"
        "remove: renewal\n"
    )
    assert problems == []
    assert plan is not None
    assert (plan.account, plan.remove) == ("00123", ("renewal",))
    assert [one.id for one in plan.add] == ["visit"]
    assert [one.role for one in plan.replace] == ["sales"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("remove: [kickoff]", "key-missing: an account's own plan lacks `account`"),
        ("account: A\nremove: [kickof]", "2: plan-activity: no playbook has an activity `kickof`"),
        ("account: A\nreplace: [{id: x, role: csm, due: start}]", "`x` to replace"),
        ("account: A\nadd: [{id: kickoff, role: csm, due: start}]", "is in the plan for all"),
        ("account: A\nadd: [{id: x, role: boss, due: start}]", "value-unknown: `boss` is no role"),
        (
            "account: A\nremove: [kickoff]\nreplace: [{id: kickoff, role: csm, due: start}]",
            "2: plan-taken: the activity `kickoff` is replaced here as well",
        ),
        (
            "account: A\nadd:\n- {id: x, role: csm, due: start}\n- {id: x, role: csm, due: term}",
            "4: activity-repeated: the activity `x` stands in `add` twice (line 3)",
        ),
        ("account: A\nkpis: []", "key-unknown: `kpis` is no key of an account's own plan"),
        ("account: A\nadd: x", "value-form: `add` is to be a list"),
        ("", "value-form: an account's own plan is to be a mapping, not nothing"),
    ],
)
def test_refused(text: str, expected: str) -> None:
    """What cannot be right in a plan is an error."""
    _, problems = read(text)
    assert len(problems) == 1, problems
    assert expected in problems[0]


def test_add_what_another_tier_has() -> None:
    """An activity of another tier's plan may be added, since the account does not have it."""
    assert read("account: A\nadd: [{id: review, role: csm, due: start}]")[1] == []


def test_ids() -> None:
    """Every account has what is in the plan `all` of every playbook, not what one of them has."""

    def book(**plans: list[str]) -> Playbook:
        return Playbook("", {}, {name: tuple(map(activity, ids)) for name, ids in plans.items()})

    def activity(id_: str) -> Activity:
        return Activity(id_, "", "csm", Due(Anchor.START), Roll.NEXT)

    books = [book(all=["a", "b"], one=["c"]), book(all=["b", "c"])]
    assert ids_of(books) == Ids({"a", "b", "c"}, {"b"})
    assert ids_of([*books, book(one=["b"])]) == Ids({"a", "b", "c"}, set())
    assert ids_of([]) is None


def test_without_playbook() -> None:
    """Where no playbook could be read, no id is blamed for it."""
    assert read("account: A\nremove: [anything]", None)[1] == []


def test_files(tmp_path: Path) -> None:
    """The YAML files of a folder are read by name; a default folder may be absent."""
    for name in ("b.yaml", "a.yml", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text("account: A\n")
    problems: list[Problem] = []
    found = plan_files(str(tmp_path), asked=True, place=HERE, problems=problems)
    assert [path.rsplit("/", 1)[1] for path in found] == ["a.yml", "b.yaml"]
    one = str(tmp_path / "b.yaml")
    assert plan_files(one, asked=True, place=HERE, problems=problems) == (one,)
    absent = str(tmp_path / "absent")
    assert plan_files(absent, asked=False, place=HERE, problems=problems) == ()
    assert problems == []
    assert plan_files(absent, asked=True, place=HERE, problems=problems) == ()
    assert [one.code for one in problems] == ["policy-file"]


def test_account_twice(tmp_path: Path) -> None:
    """Two files for one account are an error that names both."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("account: A\n")
    problems: list[Problem] = []
    files = [str(tmp_path / name) for name in ("a.yaml", "b.yaml", "none.yaml")]
    assert len(read_plans(files, ROLES, IDS, problems)) == 1
    assert [one.code for one in problems] == ["plan-account", "policy-file"]
    assert "a.yaml" in problems[0].message
    assert problems[0].place.file.endswith("b.yaml")
