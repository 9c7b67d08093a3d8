"""The team: rows of one person are folded, and whatever does not fit is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from csprio.problems import ExitCode, Place, Stop
from csprio.read.team import read_team
from csprio.rules import Role
from csprio.settings import Config, Numerals, TableSettings
from csprio.team import COLUMNS, Person, Team

if TYPE_CHECKING:
    from pathlib import Path

ROLES = {key: Role(key, key.title(), key) for key in ("csm", "sales", "cust-dev")}
HEADER = ",".join(COLUMNS) + "\n"


def read(folder: Path, text: str | bytes, **settings: Any) -> Team:  # noqa: ANN401
    """Read a text as a team."""
    path = folder / "team.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_team(str(path), Config(table=TableSettings(**settings)), ROLES, given=True)


def told(team: Team) -> list[str]:
    """Give line, column and code of each problem."""
    return [f"{one.place.line}:{one.place.column}: {one.code}" for one in team.problems]


WHOLE = HEADER + (
    "Ann Lee,ann@x.io,csm,yes,Bob,38.5,20,EU,,\n"
    "Bob,bob@x.io,cust-dev,,,,,,2026-12-24,2027-01-02\n"
    "ann lee,,sales,no,bob@x.io,38.50,,eu,2026-08-01,2026-08-14\n"
    "Ann Lee,ANN@x.io,csm,,,,,,2026-02-01,2026-02-01\n"
    "Cy,,,,,0,0,,,\n"
)


def test_people_are_folded(tmp_path: Path) -> None:
    """Rows of one name are one person: all roles and absences, everything else once."""
    team = read(tmp_path, WHOLE)
    path = str(tmp_path / "team.csv")
    assert (team.problems, team.remarks, team.said) == ((), (), ())
    assert (team.exists, [each.name for each in team.sources]) == (True, [path])
    assert team.people == (
        Person(
            "Ann Lee", "ann@x.io", ("csm", "sales"), "Bob", Decimal("38.5"), 20, "EU",
            ((date(2026, 2, 1), date(2026, 2, 1)), (date(2026, 8, 1), date(2026, 8, 14))),
            Place(path, 2, "name"),
        ),
        Person(
            "Bob", "bob@x.io", ("cust-dev",),
            away=((date(2026, 12, 24), date(2027, 1, 2)),), place=Place(path, 3, "name"),
        ),
        Person("Cy", hours_per_week=Decimal(0), max_accounts=0, place=Place(path, 6, "name")),
    )  # fmt: skip
    assert team.defaults == {"csm": "Ann Lee"}
    assert team.names == ("Ann Lee", "Bob", "Cy")
    assert team.named()["ann@x.io"] == "Ann Lee"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("hours_per_week", "Hours per week").replace("name", "NAME"),
        lambda text: text.replace(",csm,", ',"CSM\u00a0",'),
        lambda text: text + "\n,,,,,,,,,\n",
    ],
)
def test_the_same_team_after_a_journey(tmp_path: Path, change: Any) -> None:  # noqa: ANN401
    """Mark, separator, line ends and spelling change nobody."""
    there, back = read(tmp_path, WHOLE), read(tmp_path, change(WHOLE))
    assert [vars(each) | {"place": None} for each in back.people] == [
        vars(each) | {"place": None} for each in there.people
    ]
    assert (back.defaults, back.problems) == (there.defaults, ())


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "t", "1"])
def test_words_for_yes(tmp_path: Path, word: str) -> None:
    """All words for yes make somebody the default."""
    assert read(tmp_path, f"name,role,default\nAnn,CSM,{word}\n").defaults == {"csm": "Ann"}


@pytest.mark.parametrize("word", ["no", "N", "False", "f", "0", ""])
def test_words_for_no(tmp_path: Path, word: str) -> None:
    """All words for no, and nothing, make nobody the default."""
    team = read(tmp_path, f"name,role,default\nAnn,csm,{word}\n")
    assert (team.defaults, team.problems) == ({}, ())


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (",a@x.io,csm,,,,,,,", ["2:name: person-blank"]),
        ("Ann,,csm,maybe,,,,,,", ["2:default: person-cell"]),
        ("Ann,,,yes,,,,,,", ["2:default: default-role"]),
        ("Ann,,,,,many,,,,", ["2:hours_per_week: person-cell"]),
        ("Ann,,,,,-1,,,,", ["2:hours_per_week: person-cell"]),
        ("Ann,,,,,169,,,,", ["2:hours_per_week: person-cell"]),
        ("Ann,,,,,$40,,,,", ["2:hours_per_week: person-cell"]),
        ("Ann,,,,,,1.5,,,", ["2:max_accounts: person-cell"]),
        ("Ann,,,,,,-2,,,", ["2:max_accounts: person-cell"]),
        ("Ann,,,,,,,,2026-01-01,", ["2:away_to: person-away"]),
        ("Ann,,,,,,,,,2026-01-01", ["2:away_from: person-away"]),
        ("Ann,,,,,,,,2026-01-02,2026-01-01", ["2:away_to: person-away"]),
        ("Ann,,,,,,,,2026-02-30,2026-03-01", ["2:away_from: person-cell"]),
        ("Ann,a@x.io,,,,,,,,\nann,b@x.io,,,,,,,,", ["3:email: person-differs"]),
        ("Ann,,,,Bob,,,,,\nann,,,,Cy,,,,,\nBob,,,,,,,,,", ["3:reports_to: person-differs"]),
        ("Ann,,,,,40,,,,\nann,,,,,30,,,,", ["3:hours_per_week: person-differs"]),
        ("Ann,,csm,,,,20,,,\nann,,sales,,,,30,,,", ["3:max_accounts: person-differs"]),
        ("Ann,,,,,,,EU,,\nann,,,,,,,US,,", ["3:region: person-differs"]),
        ("Ann,a@x.io,,,,,,,,\nBob,A@x.io,,,,,,,,", ["3:email: person-shared"]),
        ("Ann,bob,,,,,,,,\nBob,,,,,,,,,", ["2:email: person-shared"]),
        ("Ann,,csm,yes,,,,,,\nBob,,csm,yes,,,,,,", ["3:default: two-defaults"]),
    ],
)  # fmt: skip
def test_what_does_not_fit(tmp_path: Path, rows: str, found: list[str]) -> None:
    """Each is an error at its cell, and the rest of the team stays."""
    team = read(tmp_path, HEADER + rows + "\nZoe,zoe@x.io,sales,yes,,,,,,\n")
    assert told(team) == found
    assert team.names[-1] == "Zoe"
    assert team.defaults == {"sales": "Zoe"}
    assert all(one.message and one.remedy and "{" not in str(one) for one in team.problems)
    ann = team.people[0]
    assert ann.away == ()
    assert (ann.email, ann.hours_per_week, ann.max_accounts) in {
        ("", None, None), ("a@x.io", None, None), ("", Decimal(40), None), ("", None, 20),
        ("bob", None, None), ("zoe@x.io", None, None),
    }  # fmt: skip


def test_messages(tmp_path: Path) -> None:
    """A message says what is wrong and its remedy what to do."""
    text = HEADER + (
        "Ann,a@x.io,csm,yes,,40,,,,\n"
        "Bob,a@x.io,csm,yes,,,,,2026-01-02,\n"
        "ann,,,perhaps,,35,,,,\n"
        "Cy,,,y,,,,,2026-13-01,2026-01-01\n"
    )
    assert [f"{one.message}; {one.remedy}" for one in read(tmp_path, text).problems] == [
        (
            "`a@x.io` names both Bob and Ann (line 2); give each person a name and an email that "
            "nobody else has"
        ),
        (
            "away_from is given and away_to is not, so the absence is left out; write the "
            "first day of "
            "the absence in away_from and the last in away_to"
        ),
        (
            "Bob and Ann (line 2) are both the default for csm, so nobody is; leave one of "
            "them, and "
            "empty the column `default` in the rows of the others"
        ),
        "`perhaps` is not yes or no, so it is left out; write yes, or leave it empty",
        (
            "`35` is another hours_per_week of Ann than `40` in line 2, which counts; write "
            "the same "
            "in all rows of a person, or leave it empty in all but one"
        ),
        "`2026-13-01` is not a date, so it is left out; write it as 2026-11-23",
        (
            "Cy is the default for no role, as the row has none; write a role into the "
            "column `role`, "
            "or take the `y` out of `default`"
        ),
    ]


def test_remarks(tmp_path: Path) -> None:
    """A role or a manager that nobody knows is kept, and is a remark for `check`."""
    team = read(tmp_path, "name,role,reports_to\nAnn,Cust Dev,Zed\nBob,chef,ann\nCy,csn,\n")
    assert [each.roles for each in team.people] == [("cust-dev",), ("chef",), ("csn",)]
    assert [each.reports_to for each in team.people] == ["Zed", "Ann", ""]
    assert team.problems == ()
    assert [str(one).partition("team.csv:")[2] for one in team.remarks] == [
        (
            "2:reports_to: team-manager: nobody in the team is called `Zed`; write one of `Ann`, "
            "`Bob`, `Cy`"
        ),
        (
            "3:role: team-role: the playbook has no role `chef`; write one of `csm`, `sales`, "
            "`cust-dev`"
        ),
        "4:role: team-role: the playbook has no role `csn`; did you mean `csm`?",
    ]


def test_two_defaults_make_nobody_the_default(tmp_path: Path) -> None:
    """Two people cannot both be the default; the same one twice can."""
    text = "name,role,default\nAnn,csm,yes\nann,CSM,y\nBob,sales,yes\nCy,sales,1\nDi,sales,t\n"
    team = read(tmp_path, text)
    assert team.defaults == {"csm": "Ann"}
    assert told(team) == ["5:default: two-defaults", "6:default: two-defaults"]


def test_dates_and_numbers_as_configured(tmp_path: Path) -> None:
    """Dates settle their order in the file; numbers are read by the marks of the settings."""
    text = "name;hours_per_week;away_from;away_to\nAnn;37,5;01.02.2027;13.02.2027\n"
    team = read(tmp_path, text, numerals=Numerals(decimal=","))
    assert team.people[0].hours_per_week == Decimal("37.5")
    assert team.people[0].away == ((date(2027, 2, 1), date(2027, 2, 13)),)
    said = f"{tmp_path / 'team.csv'}: dates are read day first, as `13.02.2027` in line 2 settles"
    assert team.said == (said,)
    mdy = read(tmp_path, text.replace("13.02", "02.03"), dates="mdy")
    assert mdy.people[0].away == ((date(2027, 1, 2), date(2027, 2, 3)),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["0:: no-header"]),
        ("person,role\nAnn,csm\n", ["1:: not-a-team"]),
        (
            "name,Name,E-Mail,email\nAnn,Ann,,\n",
            ["1:Name: columns-alike", "1:email: columns-alike"],
        ),
        ("name,role\nAnn\nBob,csm,x\n", ["2:: ragged-row", "3:: ragged-row"]),
        ('name,role\n"Ann,csm\n', ["2:: unclosed-quote"]),
        (b"PK\x03\x04", ["0:: spreadsheet"]),
        (b"name\n\xe9\xe9\n", ["2:: not-utf8"]),
        ("name,away_from,away_to\nAnn,01/02/2026,03/04/2026\n", ["2:away_from: ambiguous-dates"]),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str | bytes, found: list[str]) -> None:
    """What is no table of people ends the run."""
    with pytest.raises(Stop) as stop:
        read(tmp_path, text)
    assert stop.value.exit_code is ExitCode.UNUSABLE
    assert [
        f"{one.place.line}:{one.place.column}: {one.code}" for one in stop.value.problems
    ] == found


@pytest.mark.parametrize("given", [True, False])
def test_paths(tmp_path: Path, given: bool) -> None:  # noqa: FBT001
    """Without a path there is no team; a file that is named must be there."""
    assert read_team(None, Config(), ROLES, given=given) == Team()
    with pytest.raises(Stop) as stop:
        read_team(str(tmp_path / "absent.csv"), Config(), ROLES, given=given)
    assert stop.value.exit_code is ExitCode.UNUSABLE
    assert [one.code for one in stop.value.problems] == ["missing-file"]


def test_encoding_and_missing_words(tmp_path: Path) -> None:
    """Words for missing are blank; UTF-8 is read as such whatever the accounts are written in."""
    text = "name,email\nZo\u00eb,n/a\n"
    for encoding in ("utf-8", "cp1252"):
        team = read(tmp_path, text.encode(encoding), encoding="cp1252", missing=("n/a",))
        assert [(each.name, each.email) for each in team.people] == [("Zo\u00eb", "")]
