"""The whole policy: defaults, all errors of all files, what must agree between files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from csprio.problems import ExitCode, Stop
from csprio.read.builtin import ANNUAL, GRID, MONTHLY, builtin_path
from csprio.read.config import read_config
from csprio.read.policy import read_policy
from csprio.rules import ALWAYS, Clause, Compare, Policy
from csprio.settings import Config

GRID_FILE = """\
potential: {A: over 50k, B: rest}
grid: {A: [1, 1/2], B: [2, 2]}
tiers: {1: {name: Growth}, 2: {name: Rest}}
"""
BOOK = """\
roles: {csm: , sales: }
plans:
  all:
    - {id: kickoff, role: csm, due: start + 5bd}
"""


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def write(**files: str) -> None:
    """Write files: `grid` is grid.yaml, `plans__a` is plans/a.yaml."""
    for name, text in files.items():
        path = Path(name.replace("__", "/") + ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def read(**files: str) -> tuple[Policy, list[str]]:
    """Write files, among them `csprio`, and read the policy."""
    write(**files)
    config, found = read_config()
    policy, problems = read_policy(config, found=found)
    return policy, [str(one) for one in problems]


def stopped(**files: str) -> list[str]:
    """Read a policy that must stop with exit code 2; give its problems without remedies."""
    with pytest.raises(Stop) as stop:
        read(**files)
    assert stop.value.exit_code is ExitCode.POLICY
    return [f"{one.place}: {one.code}: {one.message}" for one in stop.value.problems]


def test_builtin() -> None:
    """With nothing at all the built-in grid and both playbooks serve, without a problem."""
    policy, problems = read()
    assert problems == []
    assert policy.grid.grades == ("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3")
    assert policy.grid.place.file == "built-in/grid.yaml"
    first, second = policy.playbooks
    assert isinstance(first.when, Clause)
    assert (first.when.field, first.when.test) == ("term_months", Compare("<=", Decimal(3)))
    assert second.when == ALWAYS
    files = [choice.playbook.place.file for choice in policy.playbooks]
    assert files == ["built-in/monthly.yaml", "built-in/annual.yaml"]
    assert {"sales", "csm", "custdev"} <= set(policy.roles)
    assert (policy.own_plans, policy.expires) == ((), 60)


def test_builtin_files() -> None:
    """The built-in files are found, and are text of this world."""
    for name in (GRID, ANNUAL, MONTHLY):
        assert Path(builtin_path(name)).read_bytes().decode("utf-8")


def test_options_beat_config() -> None:
    """A file that an option names is read instead of the configuration's."""
    write(grid="nonsense", playbook="nonsense", g=GRID_FILE, p=BOOK)
    config = Config(grid="grid.yaml", playbooks=((ALWAYS, "playbook.yaml", Config().place),))
    policy, problems = read_policy(config, grid="g.yaml", playbook="p.yaml")
    assert problems == []
    assert (policy.grid.place.file, len(policy.playbooks)) == ("g.yaml", 1)


def test_relative_to_config() -> None:
    """Paths of the configuration are relative to it, those of options to here."""
    write(conf__csprio="grid: g.yaml\nplaybook: p.yaml\n", conf__g=GRID_FILE, conf__p=BOOK)
    config, found = read_config("conf/csprio.yaml")
    policy, _ = read_policy(config, found=found)
    assert policy.grid.place.file == "conf/g.yaml"
    assert policy.playbooks[0].playbook.place.file == "conf/p.yaml"


def test_all_errors_of_all_files() -> None:
    """Errors of the configuration, the grid, the playbook and the plans come together."""
    problems = stopped(
        csprio="gird: x\ngrid: g.yaml\nplaybook: p.yaml\n",
        g=GRID_FILE.replace("over 50k", "big"),
        p=BOOK.replace("start +", "strat +"),
        plans__a="account: A\nremove: []\nadd: x\n",
    )
    assert [one.split(": ")[:2] for one in problems] == [
        ["csprio.yaml:1:1", "key-unknown"],
        ["g.yaml:1:16", "band-form"],
        ["p.yaml:4:37", "due-form"],
        ["plans/a.yaml:3:6", "value-form"],
    ]


def test_absent_files() -> None:
    """Files that are asked for and are not there are all named."""
    problems = stopped(csprio="grid: g.yaml\nplaybook: p.yaml\nplans: own\n")
    assert [one.split(": ")[:2] for one in problems] == [
        ["csprio.yaml:3:1", "policy-file"],
        ["g.yaml", "policy-file"],
        ["p.yaml", "policy-file"],
    ]


def test_list_of_playbooks() -> None:
    """The playbooks of a list share one set of roles; a file used twice is read once."""
    list_ = "playbook: [{when: {arr: over 5}, use: p.yaml}, {use: q.yaml}]\ngrid: g.yaml\n"
    policy, problems = read(csprio=list_, g=GRID_FILE, p=BOOK, q=BOOK)
    assert problems == []
    assert [choice.playbook.place.file for choice in policy.playbooks] == ["p.yaml", "q.yaml"]
    for changed, message in (
        (BOOK.replace("sales: ", "coach: "), "q.yaml:1:16: roles-differ: the role `coach` is new"),
        (BOOK.replace(", sales: ", ""), "q.yaml:1:1: roles-differ: the role `sales` is left out"),
        (
            BOOK.replace("csm: ", "csm: {column: x}"),
            "q.yaml:1:9: roles-differ: the role `csm` is another here",
        ),
    ):
        assert stopped(q=changed)[0].startswith(message)


def test_playbook_never_reached() -> None:
    """A playbook behind one that takes every account is a warning."""
    list_ = "playbook: [{use: p.yaml}, {when: {arr: over 5}, use: p.yaml}]\ngrid: g.yaml\n"
    _, problems = read(csprio=list_, g=GRID_FILE, p=BOOK)
    assert [one.split(": ")[:2] for one in problems] == [["csprio.yaml:1:49", "rule-never-reached"]]


def test_plan_for_no_tier() -> None:
    """A plan for a tier that the grid lacks is an error, unless the plan is built in."""
    files = {"csprio": "grid: g.yaml\nplaybook: p.yaml\n", "g": GRID_FILE}
    problems = stopped(p=BOOK + "  3: []\n", **files)
    assert problems == ["p.yaml:5:3: plan-tier: `3` is no plan: the grid has no such tier"]
    policy, said = read(csprio="grid: g.yaml\n", g=GRID_FILE)
    assert said == []
    assert set(policy.playbooks[1].playbook.plans) == {"ungraded", "all", "1", "2"}
    named = GRID_FILE.replace("[2, 2]", "[Rest, Rest]").replace("1/2", "1/Rest")
    _, said = read(g=named.replace("2: {name: Rest}", "Rest: "))
    assert [one.split(": ")[1] for one in said] == ["tiers-unplanned"]


def test_unknown_keys_in_rules() -> None:
    """A grade, size, level or tier that the grid lacks is an error in any rule."""
    when = "{grade: [A1, A3], tier: not 7, size: C, likelihood: 1.0, motion: churn}"
    problems = stopped(
        csprio="grid: g.yaml\nplaybook: p.yaml\nonly: {tier: 9}\n",
        g=GRID_FILE,
        p=BOOK.replace("5bd}", f"5bd, when: {when}}}"),
    )
    assert [one.split(": ", 1)[1] for one in problems] == [
        "value-unknown: `9` is no tier of the grid",
        "value-unknown: `A3` is no grade of the grid",
        "value-unknown: `7` is no tier of the grid",
        "value-unknown: `C` is no size of the grid",
        "value-unmet: no account has the motion `churn`, so this never holds",
    ]


def test_limits_of_roles() -> None:
    """A limit for a role that nobody has is a warning."""
    grid = GRID_FILE.replace("name: Growth", "accounts_per: {cms: 20}")
    _, problems = read(csprio="grid: g.yaml\nplaybook: p.yaml\n", g=grid, p=BOOK)
    assert len(problems) == 1
    assert "accounts-per: `accounts_per` names the role `cms`" in problems[0]


def test_own_plans() -> None:
    """Own plans are read from the folder, against the ids of all playbooks."""
    files = {"csprio": "grid: g.yaml\nplaybook: p.yaml\n", "g": GRID_FILE, "p": BOOK}
    policy, problems = read(plans__a="account: A\nremove: [kickoff]\n", **files)
    assert problems == []
    assert [own.account for own in policy.own_plans] == ["A"]
    assert stopped(plans__a="account: A\nremove: [kick]\n")[0].startswith(
        "plans/a.yaml:2:10: plan-activity"
    )


def test_days_off() -> None:
    """Weekend and holidays make the business calendar, each day once, in order."""
    csv = "date\n2026-12-25\n2026-01-01\n2026-12-25\n"
    Path("h.csv").write_text(csv)
    Path("k.csv").write_text("date\n2026-12-25\n2026-05-01\nsoon\n")
    policy, problems = read(csprio="holidays: [h.csv, k.csv]\nweekend: [fri, sat]\nexpires: 30d\n")
    assert policy.days_off.holidays == (date(2026, 1, 1), date(2026, 5, 1), date(2026, 12, 25))
    assert policy.days_off.weekmask == (True, True, True, True, False, False, True)
    assert policy.expires == 30
    assert [one.split(": ")[:2] for one in problems] == [["k.csv:4:date", "bad-date"]]


def test_unusable_holidays() -> None:
    """Holidays that are no table are exit 3, but 2 where the policy is wrong as well."""
    Path("h.csv").write_text("day\n2026-12-25\n")
    write(csprio="holidays: h.csv\n")
    config, found = read_config()
    with pytest.raises(Stop) as stop:
        read_policy(config, found=found)
    assert stop.value.exit_code is ExitCode.UNUSABLE
    assert [one.split(": ")[1] for one in stopped(csprio="holidays: h.csv\ndates: x\n")] == [
        "value-unknown", "holidays-table",
    ]  # fmt: skip
