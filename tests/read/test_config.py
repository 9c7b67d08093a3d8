"""`csprio.yaml`: every key, its defaults, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from csprio.problems import ExitCode, Place, Stop
from csprio.read.config import KEYS, beside, read_config, resolve_accounts
from csprio.rules import ALWAYS, Clause, Is
from csprio.settings import Config, Numerals, TableSettings

if TYPE_CHECKING:
    from pathlib import Path

FULL = """\
accounts: accounts.csv
grid: grid.yaml
playbook: playbook.yaml
plans: own/
signals: signals.yaml
journal: journal.csv
team: team.csv
columns: {Account ID: Id, csm: Account Owner, size: none, champion: Champion__c}
only: {region: is EMEA}
combine: {arr: sum, start_date: min, name: first, seats: sum}
ids: salesforce
dates: dmy
sheet: Accounts
decimal: ","
thousands: "."
currency: eur
encoding: cp1252
delimiter: tab
skip_lines: 2
missing: [N/A, "-", null]
inactive: [gone]
prospects: lead
weekend: [fri, Saturday]
holidays: [us.csv, company.csv]
expires: 8w
by: Ada
add: [region, nps]
exports: {ours: exports/ours.yaml}
"""


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def read(text: str) -> tuple[Config, list[str]]:
    """Read a configuration; give it and its problems without their remedies."""
    with open("csprio.yaml", "w", encoding="utf-8") as stream:  # noqa: PTH123 - in the test's folder
        stream.write(text)
    config, problems = read_config()
    return config, [f"{one.place.line}: {one.code}: {one.message}" for one in problems]


def test_without() -> None:
    """Without a file everything is as by default."""
    assert read_config() == (Config(), [])


def test_empty() -> None:
    """An empty file says nothing."""
    config, problems = read("# nothing yet\n")
    assert problems == []
    assert config.table == TableSettings()
    assert (config.weekend, config.expires) == ((5, 6), 60)


def test_full() -> None:
    """Every key of the contract is read."""
    config, problems = read(FULL)
    assert problems == []
    assert (config.accounts, config.grid, config.plans) == (("accounts.csv",), "grid.yaml", "own/")
    assert config.playbooks == ((ALWAYS, "playbook.yaml", Place("csprio.yaml", 3, "1")),)
    assert (config.signals, config.journal, config.team) == (
        "signals.yaml", "journal.csv", "team.csv",
    )  # fmt: skip
    assert (config.weekend, config.expires, config.by) == ((4, 5), 56, "Ada")
    assert (config.holidays, config.add) == (("us.csv", "company.csv"), ("region", "nps"))
    assert set(config.places) == set(KEYS)
    table = config.table
    assert table.columns == {
        "account_id": "Id", "csm": "Account Owner", "size": None, "champion": "Champion__c",
    }  # fmt: skip
    assert str(table.column_places["csm"]) == "csprio.yaml:8:32"
    assert table.only == Clause("region", Is("EMEA"), Place("csprio.yaml", 9, "8"))
    assert table.combine == {"arr": "sum", "start_date": "min", "name": "first", "seats": "sum"}
    assert (table.ids, table.dates) == ("salesforce", "dmy")
    assert table.numerals == Numerals(",", ".", "EUR")
    assert (table.encoding, table.delimiter, table.skip_lines) == ("cp1252", "\t", 2)
    assert table.sheet == "Accounts"
    assert table.missing == ("N/A", "-", "null")
    assert (table.inactive, table.prospects) == (("gone",), ("lead",))


def test_playbooks() -> None:
    """A list of playbooks keeps its order, conditions and places."""
    config, problems = read(
        "playbook: [{when: {term_months: at most 3}, use: m.yaml}, {use: a.yaml}]\n"
    )
    assert problems == []
    assert [(str(place), path) for _, path, place in config.playbooks] == [
        ("csprio.yaml:1:45", "m.yaml"), ("csprio.yaml:1:60", "a.yaml"),
    ]  # fmt: skip
    assert config.playbooks[1][0] == ALWAYS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gird: x", ["1: key-unknown: `gird` is no key of csprio.yaml"]),
        ("accounts: {a: b}", ["value-form: `accounts` is to be a text or a list of texts"]),
        ("accounts: [a.csv, [b.csv]]", ["value-form: `accounts`"]),
        ("grid: [a]", ["value-form: `grid` is to be a text"]),
        ("playbook: [a.yaml]", ["value-form: a line of `playbook` is to be a mapping"]),
        ("playbook: {use: a.yaml}", ["value-form: `playbook` is to be a list"]),
        ("playbook: [{when: {a: b}}]", ["key-missing: a line of `playbook` lacks `use`"]),
        ("columns: [a]", ["value-form: `columns` is to be a mapping"]),
        ("columns: {csm: }", ["value-form: `csm` is to be the header of a column, or `none`"]),
        ("columns: {csm: A, CSM: B}", ["columns-repeated: `CSM` and `csm` (line 1) are one field"]),
        ("columns: {Renewal Date: A, renewal_date: B}", ["columns-repeated"]),
        ("columns: {potentail: P}", ["columns-field: `potentail` is no field"]),
        ("only: {tier: over x}", ["test-comparison"]),
        ("combine: {name: sum}", ["combine-field: `sum` cannot combine `name`, which is a text"]),
        ("combine: {Start Date: sum}", ["combine-field: `sum` cannot combine `start_date`"]),
        ("combine: {account_id: first}", ["which is what rows are combined by"]),
        ("combine: {arr: average}", ["value-unknown: `average` is no way to combine"]),
        ("ids: hubspot", ["value-unknown: `hubspot` is no kind of ids"]),
        ("dates: ymd", ["value-unknown: `ymd` is no order of day and month"]),
        ("decimal: ';'", ["value-form: `decimal` is to be a point or a comma"]),
        ("decimal: ','\nthousands: ','", ["2: marks-equal: `decimal` and `thousands` are both"]),
        ("thousands: x", ["value-form: `thousands`"]),
        ("currency: euro", ["value-form: `currency`"]),
        ("encoding: latin-99", ["value-form: `encoding`"]),
        ("encoding: base64", ["value-form: `encoding`"]),
        ("delimiter: ab", ["value-form: `delimiter`"]),
        ("delimiter: '\"'", ["value-form: `delimiter`"]),
        ("skip_lines: -1", ["value-form: `skip_lines` is to be a whole number from 0"]),
        ("missing: ['']", ["value-form: `missing`"]),
        ("weekend: [sun, son]", ["value-unknown: `son` is no day of the week"]),
        ("weekend: [mon, tue, wed, thu, fri, sat, sun]", ["weekend-full"]),
        ("expires: 2mo", ["span-form: `2mo` is no number of days"]),
        ("expires: [60d]", ["value-form: `expires` is to be a number of days"]),
        ("- a", ["value-form: csprio.yaml is to be a mapping, not a list"]),
        ("a: b: c", ["yaml-syntax"]),
        ("dates: x\ngird: y\nexpires: z", ["2: key-unknown", "1: value-unknown", "3: span-form"]),
    ],
)
def test_refused(text: str, expected: list[str]) -> None:
    """A wrong value is a problem at its line, all of them at once, and nothing is raised."""
    _, problems = read(text)
    assert len(problems) == len(expected), problems
    for part in expected:
        assert any(part in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("decimal: ','", Numerals(",", ".")),
        ("decimal: '.'", Numerals(".", ",")),
        ("thousands: '.'", Numerals(",", ".")),
        ("thousands: ','", Numerals(".", ",")),
        ("thousands: ' '", Numerals(None, " ")),
        ("thousands: \"'\"\ndecimal: ','", Numerals(",", "'")),
        ("currency: usd", Numerals(currency="USD")),
        ("currency: €", Numerals(currency="€")),
        ("currency: US$", Numerals(currency="US$")),
    ],
)
def test_numerals(text: str, numerals: Numerals) -> None:
    """Of the two marks one follows from the other; a space leaves the decimal mark open."""
    config, problems = read(text)
    assert (config.table.numerals, problems) == (numerals, [])


def test_weekend_off() -> None:
    """A weekend without days makes every day a business day."""
    assert read("weekend: []")[0].weekend == ()


def test_elsewhere(tmp_path: Path) -> None:
    """Paths are relative to the file that names them; absolute ones stay."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "my.yaml").write_text("accounts: a.csv\n")
    config, problems = read_config("conf/my.yaml")
    assert problems == []
    assert resolve_accounts(config, date(2026, 11, 23)) == ("conf/a.csv",)
    assert beside(config, "/x/a.csv") == "/x/a.csv"
    assert beside(Config(), "a.csv") == "a.csv"


def test_absent() -> None:
    """A configuration that is asked for and cannot be read is a problem."""
    config, problems = read_config("none/my.yaml")
    assert [str(one.place) for one in problems] == ["none/my.yaml"]
    assert config.folder == "none"


def dated(tmp_path: Path, pattern: str, *names: str) -> Config:
    """Make files, and a configuration with a dated path."""
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    return read(f'accounts: "{pattern}"\n')[0]


def test_dated(tmp_path: Path) -> None:
    """The last export dated on or before the day asked about is taken."""
    names = ("2026-11-01.csv", "2026-11-23.csv", "2026-11-24.csv", "2026-13-01.csv", "x.csv")
    config = dated(tmp_path, "exports/{date}.csv", *(f"exports/{name}" for name in names))
    for day, name in ((23, "23"), (22, "01"), (24, "24"), (30, "24")):
        assert resolve_accounts(config, date(2026, 11, day)) == (f"exports/2026-11-{name}.csv",)
    with pytest.raises(Stop) as stop:
        resolve_accounts(config, date(2026, 10, 31))
    assert stop.value.exit_code is ExitCode.UNUSABLE
    assert "has no file dated on or before 2026-10-31" in str(stop.value)


def test_dated_folder(tmp_path: Path) -> None:
    """The date may stand in a folder's name; a folder without the file does not count."""
    names = ("crm 2026-11-01/a.csv", "crm 2026-11-02/b.csv")
    config = dated(tmp_path, "crm {date}/a.csv", *names)
    assert resolve_accounts(config, date(2026, 11, 23)) == ("crm 2026-11-01/a.csv",)


def test_dated_nowhere(tmp_path: Path) -> None:
    """A folder that does not exist has no dated file."""
    config = dated(tmp_path, "none/{date}.csv")
    with pytest.raises(Stop):
        resolve_accounts(config, date(2026, 11, 23))
