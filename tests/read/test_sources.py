"""Sources of signals, from the file to batches: columns found, cells read, all problems placed."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csprio.batches import NOBODY, PARTS, Batch
from csprio.problems import ExitCode, Place, Stop
from csprio.read import source_remarks, text_pieces
from csprio.read.signals import read_signals
from csprio.read.sources import SourceFile
from csprio.read.yamls import parse_text
from csprio.settings import Config, Numerals, TableSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from csprio.problems import Problem
    from csprio.signals import Signals

BOOK = ("A1", "A2", "A3")
LAST = date(2026, 11, 23)
COUNT = "measures: {m: {from: usage, take: count}}\n"
SUM = "measures: {m: {from: usage, take: sum logins}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def signals_of(text: str) -> Signals:
    """Read signals in which nothing is wrong."""
    problems: list[Problem] = []
    node = parse_text(text, "s.yaml", problems)
    assert node is not None
    found = read_signals(node, problems)
    assert [str(one) for one in problems] == []
    assert found is not None
    return found


def source(
    text: str,
    settings: TableSettings | None = None,
    book: tuple[str, ...] = BOOK,
    last: date = LAST,
) -> SourceFile:
    """Make the first source of signals."""
    signals, config = signals_of(text), Config(table=settings or TableSettings())
    name = next(iter(signals.sources))
    return SourceFile(name, signals, config, pa.array(book, pa.string()), last)


def usage(**keys: str) -> str:
    """Write the section of one source."""
    pairs = {"file": "usage.csv", "date": "date"} | keys
    inner = ", ".join(f"{key}: {value}" for key, value in pairs.items())
    return f"sources: {{usage: {{{inner}}}}}\n"


def rows(file: SourceFile) -> list[dict[str, Any]]:
    """Read a source: a row each, its account, its day, and what columns hold."""
    return [row for batch in file.batches() for row in _rows(batch)]


def _rows(batch: Batch) -> Iterator[dict[str, Any]]:
    for at in range(len(batch)):
        row: dict[str, Any] = {"row": int(batch.row[at])}
        row["day"] = str(date(1970, 1, 1) + timedelta(int(batch.day[at])))
        row |= {name: batch.texts[name][at].as_py() for name in batch.texts.column_names}
        for name, numbers in batch.numbers.items():
            exact = Fraction(int(numbers.whole[at])) + Fraction(int(numbers.part[at]), PARTS)
            row[f"#{name}"] = exact if numbers.known[at] else None
        for name, units in {**batch.answers, **batch.amounts}.items():
            row[f"+{name}"] = int(units.units[at]) if units.known[at] else None
        yield row


def found(file: SourceFile) -> list[tuple[str, int, str]]:
    """Give code, line and column of what is wrong."""
    return [(one.code, one.place.line, one.place.column) for one in file.problems]


def stopped(file: SourceFile) -> Stop:
    """Read a source that cannot be used."""
    with pytest.raises(Stop) as stop:
        rows(file)
    return stop.value


def places(stop: Stop) -> list[tuple[str, str]]:
    """Give place and code of what ended a run; what messages say is seen in tests/problems."""
    return [(str(one.place), one.code) for one in stop.problems]


def says(one: Problem, *facts: str) -> bool:
    """Tell whether a problem names all these facts."""
    return all(fact in str(one) for fact in facts)


def write(text: str, name: str = "usage.csv") -> None:
    """Write a file."""
    with open(name, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - in the folder that is the working one
        file.write(text)


EVERYTHING = """\
sources: {usage: {file: usage.csv, date: When, columns: {kind: Event Type}}}
measures:
  a: {from: usage, take: sum logins, over: 28d, where: {seen: over 2026-01-01, logins: at least 1}}
  b: {from: usage, take: distinct kind, over: 90d}
  c: {from: usage, take: nps score, by: who}
rfm: {from: usage, amount: Amount}
"""


def test_every_kind_of_column() -> None:
    """Each column comes as what signals take it for; rows know their account, day and number."""
    write(
        "Account ID,when,event type,Logins,seen,score,WHO,amount\n"
        'A1,2026-11-23T10:00:00Z,"a\nb","1,000",2026-1-1,9,ann,$12.50\n'
        " A2 ,23 Nov 2026,,0.5,2026-02-01 10:00,10.0,,-3\n"
        "A1,2026-11-22, a,,,0,bob,\n"
    )
    file = source(EVERYTHING)
    (batch,) = file.batches()
    assert batch.at.tolist() == [0, 1, 2]
    assert batch.row.dtype == batch.day.dtype == batch.at.dtype == np.int64
    assert [*_rows(batch)] == [
        {
            "row": 0, "day": "2026-11-23", "kind": "a\nb", "who": "ann", "logins": "1000",
            "seen": "2026-01-01", "#logins": 1000, "+score": 9, "+Amount": 125_000,
        },
        {
            "row": 1, "day": "2026-11-23", "kind": None, "who": None, "logins": "0.5",
            "seen": "2026-02-01", "#logins": Fraction(1, 2), "+score": 10, "+Amount": -30_000,
        },
        {
            "row": 0, "day": "2026-11-22", "kind": "a", "who": "bob", "logins": None,
            "seen": None, "#logins": None, "+score": 0, "+Amount": None,
        },
    ]  # fmt: skip
    assert file.problems == []
    assert file.said == ["usage.csv: amounts are in USD, as `$12.50` in line 2 says"]
    assert [file.place(at, "kind") for at in (2, 0, 1)] == [
        Place("usage.csv", line, "event type") for line in (5, 2, 4)
    ]
    assert file.place(1) == Place("usage.csv", 4)


def test_batch_without_texts_knows_its_length() -> None:
    """Where no column of texts is asked for, conditions still see as many rows as there are."""
    write("account_id,date\nA1,2026-11-23\nA2,2027-01-01\nA3,2026-11-22\n")
    (batch,) = source(usage() + COUNT).batches()
    assert (len(batch), len(batch.texts), batch.texts.num_columns) == (2, 2, 0)
    write("account_id,date\nA1,2026-11-23\n")
    (batch,) = source(usage() + COUNT).batches()
    assert len(batch.texts) == len(batch) == 1


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("account_id", ""),
        ("ACCOUNT-Id", ""),
        ("Org ID", ""),
        ("Account_Id__c", ""),
        ("Record_ID__c", ""),
        ("The Org", "{account_id: the org}"),
    ],
)
def test_account_column(header: str, columns: str) -> None:
    """The account's id is found by hand, by its name, or by what a CRM calls it."""
    write(f"Name,{header},date\nx,A2,2026-11-23\n")
    keys = {"columns": columns} if columns else {}
    assert [row["row"] for row in rows(source(usage(**keys) + COUNT))] == [1]


def test_name_beats_what_a_crm_calls_it() -> None:
    """A column called as the field counts, and not its alias beside it."""
    write("Id,account_id,date\nA3,A2,2026-11-23\n")
    assert [row["row"] for row in rows(source(usage() + COUNT))] == [1]


def test_paths(folder: Path) -> None:
    """A file is looked for beside the signals, wherever they are; an absolute path is as it is."""
    (folder / "deep").mkdir()
    write("account_id,date\nA1,2026-11-23\n", "deep/usage.csv")
    signals = signals_of(usage() + COUNT)
    moved = replace(signals, place=Place("deep/s.yaml", 1))
    ids = pa.array(BOOK)
    file = SourceFile("usage", moved, Config(), ids, LAST)
    assert file.path == "deep/usage.csv"
    assert len(rows(file)) == 1
    absolute = str(folder / "deep" / "usage.csv")
    assert source(usage(file=absolute) + COUNT).path == absolute


def test_file_is_not_there(folder: Path) -> None:
    """What is missing is said with the line of the policy that asks for it."""
    stop = stopped(source(usage() + COUNT))
    assert stop.exit_code is ExitCode.UNUSABLE
    assert places(stop) == [("usage.csv", "source-missing")]
    assert says(stop.problems[0], "line 1 of s.yaml", "`usage`", "`file:`")
    (folder / "usage.csv").mkdir()
    stop = stopped(source(usage() + COUNT))
    assert [one.code for one in stop.problems] == ["is-folder"]
    assert source(usage() + COUNT).reads == ()


def test_columns_that_are_not_there() -> None:
    """All that the policy asks for in vain is said at once, where it asks for it."""
    write("account_id,day,Logins,feature,Total\nA1,2026-11-23,1,x,2\n")
    text = """\
sources:
  usage: {file: usage.csv, date: daay, columns: {kind: Event, team: feature}}
measures:
  a: {from: usage, take: sum login, where: {any: [{kind: x}, {stage: y}]}}
  b: {from: usage, take: nps score, by: who}
  c: {from: usage, take: last login}
rfm: {from: usage, amount: totl}
"""
    stop = stopped(source(text))
    assert stop.exit_code is ExitCode.POLICY
    assert [(str(one.place), one.code) for one in stop.problems] == [
        (f"s.yaml:{place}", "source-column")
        for place in ("2:28", "2:56", "4:20", "4:63", "5:20", "5:37", "7:20")
    ]
    asked = ["daay", "Event", "login", "stage", "score", "who", "totl"]
    hints = ["did you mean `day`?", "", "did you mean `Logins`?", "", "", "", "`Total`?"]
    for one, name, hint in zip(stop.problems, asked, hints, strict=True):
        assert says(one, f"usage.csv has no column `{name}`", hint, "`feature`, `Total`")
        assert ("did you mean" in str(one)) == bool(hint)


def test_no_account_column() -> None:
    """A source that names no account is asked for the column that does."""
    write("org,date,Name\nA1,2026-11-23,x\n")
    stop = stopped(source(usage() + COUNT))
    assert stop.exit_code is ExitCode.POLICY
    assert places(stop) == [("s.yaml:1:11", "source-account")]
    assert says(stop.problems[0], "usage.csv", "`org`, `date`, `Name`", "`usage`")


def test_headers_alike() -> None:
    """Two columns that may be the one asked for are an error of the file; others do not matter."""
    write("Org ID,Id,date,Logins,lo-gins,x,x\nA1,A1,2026-11-23,1,1,,\n")
    stop = stopped(source(usage() + SUM))
    assert stop.exit_code is ExitCode.UNUSABLE
    assert places(stop) == [
        ("usage.csv:1:Id", "source-headers"),
        ("usage.csv:1:lo-gins", "source-headers"),
    ]
    assert says(stop.problems[0], "`Org ID`, `Id`", "1 and 2", "account_id", "`usage`")
    assert says(stop.problems[1], "`Logins`, `lo-gins`", "4 and 5", "logins", "`usage`")
    keys = {"columns": "{account_id: id, logins: Logins}"}
    assert [row["#logins"] for row in rows(source(usage(**keys) + SUM))] == [1]
    stop = stopped(source(usage(date="daty") + SUM))
    assert [one.code for one in stop.problems] == ["source-column"]
    assert [one.code for one in stop.also] == ["source-headers"] * 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", None), ("utf-8-sig", "cp1252"), ("utf-16", None), ("cp1252", "cp1252")],
)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_csv(folder: Path, end: str, encoding: str, said: str | None, mark: str) -> None:
    """Encodings, line ends and separators are those of any CSV; `delimiter:` is the accounts'."""
    lines = [
        "account_id,date,logins",
        "A1,2026-11-23,1",
        'A2,2026-11-22,"2"',
        "\u00fc,2026-11-21,3",
    ]
    text = end.join(line.replace(",", mark) for line in lines)
    (folder / "usage.csv").write_bytes(text.encode(encoding))
    settings = TableSettings(encoding=said, delimiter="#", skip_lines=7)
    file = source(usage() + SUM, settings, ("\u00fc", "A2", "A1"))
    assert [(row["row"], row["#logins"]) for row in rows(file)] == [(2, 1), (1, 2), (0, 3)]
    assert [file.place(at).line for at in range(3)] == [2, 3, 4]


def test_open_dates_are_settled_by_the_whole_file() -> None:
    """A cell far down says how all dates of the file are read, those of conditions too."""
    lines = [f"A1,1/{1 + at % 12}/2026 10:{at % 60:02},2026-01-01" for at in range(500)]
    lines += ["A1,2/3/2026 3:04 PM,4/5/26", "A1,2026-11-23,5/23/2026 10:00"]
    write("\n".join(["account_id,date,seen", "A1,2026-11-01,", *lines, ""]))
    text = usage() + "measures: {m: {from: usage, take: count, where: {seen: over 2026-01-01}}}\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "PIECE", 256)
        file = source(text)
        read = rows(file)
    assert [row["day"] for row in read[:3]] == ["2026-11-01", "2026-01-01", "2026-01-02"]
    assert (read[-2]["day"], read[-2]["seen"]) == ("2026-02-03", "2026-04-05")
    assert file.said == [
        "usage.csv: dates are read month first, as `5/23/2026 10:00` in line 504 settles"
    ]
    assert file.problems == []


def test_open_dates_in_a_file_that_is_odd_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks ahead for the order of dates may find what only the whole file shows."""
    monkeypatch.setattr(text_pieces, "PIECE", 64)
    write("account_id,date\n" + "A1,1/2/2026\n" * 50 + "A1,13/2/2026\n\nFooter\n")
    file = source(usage() + COUNT)
    assert [row["day"] for row in rows(file)] == ["2026-02-01"] * 50 + ["2026-02-13"]
    assert [line.partition(": ")[2].split()[0] for line in file.said] == ["dates", "left"]


def test_dates_that_need_no_order_are_read_once() -> None:
    """Dates that read one way only do not make anybody look through the file for more."""
    write("account_id,date\nA1,05/05/2026\nA1,23 Nov 2026\nA1,2026-11-22\n")
    file = source(usage() + COUNT)
    assert [row["day"] for row in rows(file)] == ["2026-05-05", "2026-11-23", "2026-11-22"]
    assert file.said == []


def test_order_that_is_said() -> None:
    """What the source says beats the configuration, which beats the file."""
    write("account_id,date\nA1,03/04/2026\n")
    for said, config, day in (
        ("dmy", "mdy", "2026-04-03"),
        ("mdy", None, "2026-03-04"),
        ("", "mdy", "2026-03-04"),
    ):
        keys = {"dates": said} if said else {}
        file = source(usage(**keys) + COUNT, TableSettings(dates=config))
        assert [row["day"] for row in rows(file)] == [day]
        assert file.said == []


def test_file_that_allows_both_orders() -> None:
    """Dates that nothing settles are refused, with a value read both ways; two orders as well."""
    write("account_id,date\nA1,2026-11-23\n\nA1,03/04/2026 10:00\n")
    stop = stopped(source(usage() + COUNT))
    assert stop.exit_code is ExitCode.UNUSABLE
    assert places(stop) == [("usage.csv:4:date", "ambiguous-dates")]
    assert says(stop.problems[0], "`03/04/2026 10:00`", "2026-04-03", "2026-03-04")
    write("account_id,date\nA1,13/04/2026\nA1,03/14/2026\n")
    stop = stopped(source(usage() + COUNT))
    assert [(one.code, one.place.line) for one in stop.problems] == [("mixed-dates", 3)]


def test_rows_without_a_day_are_left_out() -> None:
    """A row whose day nobody knows is reported and left out; its other cells do not matter."""
    write(
        "account_id,date,logins\nA1,,x\nA1,soon,x\n,46000,1\nA1,1969-12-31,1\nA1,2026-02-30,1\n"
        "A1,2026-11-23,1\n,,\nA1,-,1\n"
    )
    file = source(usage() + SUM, TableSettings(missing=("-",)))
    assert [row["day"] for row in rows(file)] == ["2026-11-23"]
    assert [one.code for one in file.problems] == [
        "source-undated", *["source-date"] * 4, "source-undated",
    ]  # fmt: skip
    facts = ["`soon`", "as Excel counts them, perhaps 2025-12-09", "1970 to 2099", "`2026-02-30`"]
    assert all(says(one, fact) for one, fact in zip(file.problems[1:5], facts, strict=True))
    assert [one.place.line for one in file.problems] == [2, 3, 4, 5, 6, 9]
    assert file.place(5).line == 7


def test_later_rows_are_never_seen() -> None:
    """A row after the last day is as if it were not there: no cell of it is a problem."""
    write("account_id,date,logins\nA1,2026-11-23,1\nZ,2026-11-24,x\n,2099-12-31,$1\n")
    file = source(usage() + SUM)
    assert len(rows(file)) == 1
    assert (file.problems, file.said) == ([], [])
    early = source(usage() + SUM, last=date(2026, 11, 22))
    assert [*early.batches()] == []


def test_rows_of_strangers() -> None:
    """Rows of accounts that the book lacks stay, as nobody's, and are told of once."""
    write("org,date\nA1,2026-11-23\n,2026-11-23\nZ1,2026-11-22\nZ2,2026-11-21\nZ1,2026-11-20\n")
    file = source(usage(columns="{account_id: org}") + COUNT)
    assert [row["row"] for row in rows(file)] == [0, NOBODY, NOBODY, NOBODY, NOBODY]
    assert found(file) == [("source-strangers", 4, "org")]
    assert says(file.problems[0], "4 rows", "`usage`", "2 ids, first `Z1`, and 1 row without")
    write("org,date\n,2026-11-23\nA1,2026-11-23\n,2026-11-23\n")
    file = source(usage(columns="{account_id: org}") + COUNT)
    rows(file)
    assert found(file) == [("source-strangers", 2, "org")]
    assert says(file.problems[0], "2 rows of", "2 rows without")


def test_a_file_of_strangers_alone() -> None:
    """Where no row at all is of an account of the book, the column is probably the wrong one."""
    write("account_id,date\nAcme,2026-11-23\n")
    file = source(usage() + COUNT)
    assert [row["row"] for row in rows(file)] == [NOBODY]
    assert found(file) == [("source-foreign", 2, "account_id")]
    write("sub,date\ns1,2026-11-23\n")
    write("sub,account_id\ns1,Z\n", "subs.csv")
    file = source(VIA)
    assert [row["row"] for row in rows(file)] == [NOBODY]
    assert found(file) == [("source-foreign", 2, "sub")]


def test_strangers_are_told_apart_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ids there are, only so many are kept."""
    monkeypatch.setattr(source_remarks, "_MOST_IDS", 3)
    monkeypatch.setattr(text_pieces, "PIECE", 32)
    write(
        "account_id,date\n" + "".join(f"Z{at},2026-11-23\n" for at in range(9)) + "A1,2026-11-23\n"
    )
    file = source(usage() + COUNT)
    rows(file)
    assert says(file.problems[0], "9 rows", "3 or more ids, first `Z0`")
    write("account_id,date\nA1,2026-11-23\nZ,2026-11-23\n")
    file = source(usage() + COUNT)
    rows(file)
    assert says(file.problems[0], "1 row of", "the id `Z`")


VIA = usage(via="{file: subs.csv, on: sub}") + COUNT


def test_accounts_by_another_file(folder: Path) -> None:
    """A key leads to the account that the other file gives it."""
    write("sub,date\ns1,2026-11-23\ns3,2026-11-23\n s2,2026-11-23\n,2026-11-23\nx,2026-11-23\n")
    write("Sub;Org ID\ns1;A1\ns2; A3\n;A1\ns4;\ns3;Z\ns1;A1\n\nTotal\n", "subs.csv")
    file = source(VIA)
    assert [row["row"] for row in rows(file)] == [0, NOBODY, 2, NOBODY, NOBODY]
    assert found(file) == [("source-strangers", 3, "sub"), ("via-unknown", 6, "sub")]
    assert says(file.problems[0], "1 row of", "`usage`", "the id `Z`")
    assert says(file.problems[1], "2 rows of", "subs.csv", "the `sub` `x`, and 1 row without")
    assert file.said == ["subs.csv: left out 1 line at the end, a report's footer: `Total`"]
    digests = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES]
    assert [(one.name, one.sha256) for one in file.reads] == [*zip(FILES, digests, strict=True)]
    (folder / "usage.csv").unlink()
    again = file.reads[0]
    with pytest.raises(Stop, match="missing-file"):
        assert again.sha256


FILES = ("usage.csv", "subs.csv")


def test_accounts_by_another_file_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both files may be of any length."""
    monkeypatch.setattr(text_pieces, "PIECE", 32)
    write("sub,date\n" + "".join(f"s{at % 7},2026-11-23\n" for at in range(50)))
    write("sub,account_id\n" + "".join(f"s{at},A{at % 4}\n" for at in range(7)), "subs.csv")
    file = source(VIA)
    assert [row["row"] for row in rows(file)] == [at % 7 % 4 - 1 for at in range(50)]
    assert found(file) == [("source-strangers", 2, "sub")]


def test_key_of_two_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that leads to two accounts is refused, with both lines, whatever stands between."""
    monkeypatch.setattr(text_pieces, "PIECE", 16)
    write("sub,date\ns1,2026-11-23\n")
    write('sub,account_id\ns1,A1\n"s\n2",A1\ns1,A2\ns1,A3\n"s\n2",Z\ns3,A1\n', "subs.csv")
    stop = stopped(source(VIA))
    assert stop.exit_code is ExitCode.UNUSABLE
    assert places(stop) == [("subs.csv:5:sub", "via-two"), ("subs.csv:7:sub", "via-two")]
    assert says(stop.problems[0], "`s1`", "`A2`", "`A1`", "line 2")
    assert says(stop.problems[1], "`s 2`", "`Z`", "`A1`", "line 3")


def test_other_file_lacks_something() -> None:
    """What is wrong with both files is said at once; what the policy asks for comes first."""
    write("sub,date\ns1,2026-11-23\n")
    stop = stopped(source(VIA))
    assert places(stop) == [("subs.csv", "source-missing")]
    assert says(stop.problems[0], "line 1 of s.yaml", "`via:`")
    write("subscription,org\ns1,A1\n", "subs.csv")
    stop = stopped(source(VIA))
    assert stop.exit_code is ExitCode.POLICY
    assert [(one.code, one.place.line) for one in stop.problems] == [
        ("source-account", 1), ("source-column", 1),
    ]  # fmt: skip
    text = usage(via="{file: subs.csv, on: sub}", columns="{account_id: org, sub: key}") + COUNT
    write("date,key\n2026-11-23,s1\n")
    write("sub,org,Id\ns1,A1,A2\n", "subs.csv")
    assert [row["row"] for row in rows(source(text))] == [0]
    write("date\n")
    write("sub,org,org\n", "subs.csv")
    stop = stopped(source(text))
    assert [one.code for one in stop.problems] == ["source-column"]
    assert [one.code for one in stop.also] == ["source-headers"]


def test_empty_other_file() -> None:
    """A file without keys knows no account."""
    write("sub,date\ns1,2026-11-23\n")
    write("sub,account_id\n", "subs.csv")
    file = source(VIA)
    assert [row["row"] for row in rows(file)] == [NOBODY]
    assert found(file) == [("via-unknown", 2, "sub")]


def test_salesforce_ids() -> None:
    """Ids of 18 characters are cut as those of the accounts are, also where conditions see them."""
    long, short = "0015g00000ABCdeAAH", "0015g00000ABCde"
    settings = TableSettings(ids="salesforce")
    text = f"measures: {{m: {{from: usage, take: count, where: {{account id: {short}}}}}}}\n"
    write(f"account_id,date\n{long},2026-11-23\n{short},2026-11-22\n")
    read = rows(source(usage() + text, settings, (short,)))
    assert [(row["row"], row["account id"]) for row in read] == [(0, short), (0, short)]
    assert [row["row"] for row in rows(source(usage() + text, None, (short,)))] == [NOBODY, 0]
    write("sub,date\ns1,2026-11-23\n")
    write(f"sub,account_id\ns1,{long}\ns1,{short}\n", "subs.csv")
    assert [row["row"] for row in rows(source(VIA, settings, (short,)))] == [0]


def test_how_cells_are_written() -> None:
    """Missing words and decimal marks are those of the configuration."""
    write("account_id;date;logins\nA1;2026-11-23;1.234,5\nA1;2026-11-23;N/A\nA1;2026-11-23;1,5\n")
    settings = TableSettings(missing=("N/A",), numerals=Numerals(decimal=","))
    file = source(usage() + SUM, settings)
    assert [row["#logins"] for row in rows(file)] == [Fraction("1234.5"), None, Fraction("1.5")]
    assert file.problems == []


def test_currencies() -> None:
    """One currency is taken and said; two are refused; another than that of the settings is bad."""
    text = usage() + "rfm: {from: usage, amount: paid}\n"
    write("account_id,date,paid\nA1,2026-11-23,5\nA1,2026-11-23,EUR 5\nA1,2026-11-23,7 EUR\n")
    file = source(text)
    assert [row["+paid"] for row in rows(file)] == [50_000, 50_000, 70_000]
    assert file.said == ["usage.csv: amounts are in EUR, as `EUR 5` in line 3 says"]
    write("account_id,date,paid\nA1,2026-11-23,$5\nA1,2026-11-23,EUR 5\nA1,2026-11-23,x\n")
    file = source(text)
    stop = stopped(file)
    assert stop.exit_code is ExitCode.UNUSABLE
    assert places(stop) == [("usage.csv:3:paid", "two-currencies")]
    assert says(stop.problems[0], "`EUR 5` is in EUR", "`$5` in usage.csv:2 has USD")
    assert [one.code for one in stop.also] == ["bad-money"]
    file = source(text, TableSettings(numerals=Numerals(currency="USD")))
    assert [row["+paid"] for row in rows(file)] == [50_000, None, None]
    assert found(file) == [("other-currency", 3, "paid"), ("bad-money", 4, "paid")]
    assert file.said == []


def test_cell_is_told_of_once() -> None:
    """A cell that cannot be read is one problem, however many things it is taken for."""
    write("account_id,date,x\nA1,2026-11-23,abc\nA1,2026-11-23,1.23456\nA1,2026-11-23,5\n")
    text = """\
sources: {usage: {file: usage.csv, date: date}}
measures:
  a: {from: usage, take: sum x, where: {x: over 3}}
  b: {from: usage, take: nps x}
rfm: {from: usage, amount: x}
"""
    file = source(text)
    rows(file)
    assert found(file) == [("bad-number", 2, "x"), ("bad-answer", 3, "x")]
    assert says(file.problems[1], "`1.23456` is no answer from 0 to 10")


def test_unreadable_dates_of_conditions() -> None:
    """A date that only a condition reads is missing where it cannot be read; its row stays."""
    write("account_id,date,seen\nA1,2026-11-23,never\nA1,2026-11-23,\n")
    text = usage() + "measures: {m: {from: usage, take: count, where: {seen: over 2026-01-01}}}\n"
    file = source(text)
    assert [row["seen"] for row in rows(file)] == [None, None]
    assert found(file) == [("bad-date", 2, "seen")]


def test_many_problems_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred cells of a column are told of one by one, the others in one line with the first."""
    monkeypatch.setattr(text_pieces, "PIECE", 1000)
    lines = [f"A1,2026-11-23,x{at},{'' if at % 2 else 'y'}" for at in range(150)]
    lines += ["A1,soon,1,1"] * 120
    write("\n".join(["account_id,date,logins,users", *lines, ""]))
    text = "measures: {a: {from: usage, take: sum logins}, b: {from: usage, take: sum users}}\n"
    file = source(usage() + text)
    rows(file)
    counts: dict[tuple[str, str], int] = {}
    for one in file.problems:
        counts[one.code, one.place.column] = counts.get((one.code, one.place.column), 0) + 1
    assert counts == {
        ("bad-number", "logins"): 100, ("bad-number", "users"): 75, ("source-date", "date"): 100,
        ("source-more", "logins"): 1, ("source-more", "date"): 1,
    }  # fmt: skip
    more = [one for one in file.problems if one.code == "source-more"]
    assert [one.place.line for one in more] == [102, 252]
    assert says(more[0], "50 more", "`bad-number`", "first 100")
    assert says(more[1], "20 more", "`source-date`")


def test_file_that_is_no_table() -> None:
    """What makes an accounts file unusable does so here, each with its line, however late."""
    write("account_id,date\n" + "A1,2026-11-23\n" * 9 + "A1\nA1,2026-11-23,x\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "PIECE", 64)
        stop = stopped(source(usage() + COUNT))
    assert stop.exit_code is ExitCode.UNUSABLE
    assert [(one.code, one.place.line) for one in stop.problems] == [
        ("ragged-row", 11), ("ragged-row", 12),
    ]  # fmt: skip
    write('account_id,date\nA1,2026-11-23\nA1,"2026-11-23\n')
    assert [one.code for one in stopped(source(usage() + COUNT)).problems] == ["unclosed-quote"]
    write("\n")
    assert [one.code for one in stopped(source(usage() + COUNT)).problems] == ["no-header"]
    write("account_id,date\n")
    file = source(usage() + COUNT)
    assert (rows(file), file.problems) == ([], [])


def test_footer(folder: Path) -> None:
    """The footer of a report is no row, and stderr is told."""
    write("account_id,date\nA1,2026-11-23\n\nCopyright\n")
    file = source(usage() + COUNT)
    assert len(rows(file)) == 1
    assert file.said == ["usage.csv: left out 1 line at the end, a report's footer: `Copyright`"]
    assert file.reads[0].sha256 == hashlib.sha256((folder / "usage.csv").read_bytes()).hexdigest()


TEXTS = st.text(alphabet='ab",;\n\r \u00e9', max_size=5)
ROWS = st.tuples(
    st.sampled_from(["A1", "A2", "A3", "Z", ""]),
    st.sampled_from(
        ["2026-11-23", "2026-11-24", "2026-01-31T10:00", "23/11/2026", "1/2/2026", "x", ""]
    ),
    st.sampled_from(["0", "1", "-2.5", "1000000", "$7", "1.5k", "z", ""]),
    TEXTS,
)
DAYS = {
    "2026-11-23": "2026-11-23", "2026-01-31T10:00": "2026-01-31", "23/11/2026": "2026-11-23",
    "1/2/2026": "2026-02-01",
}  # fmt: skip
VALUES = {"0": "0", "1": "1", "-2.5": "-2.5", "1000000": "1000000", "$7": "7", "1.5k": "1500"}


@settings(max_examples=settings().max_examples // 3)
@given(st.lists(ROWS, max_size=25), st.integers(1, 200), st.sampled_from(["\n", "\r\n"]))
def test_any_piece_size_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[tuple[str, str, str, str]],
    size: int,
    end: str,
) -> None:
    """Rows, values and lines are those of a slow reading with the csv module."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("account_id", "date", "logins", "what"), *table])
    path.write_bytes(out.getvalue().encode())
    text = usage(file=str(path), dates="dmy")
    text += (
        "measures: {a: {from: usage, take: sum logins}, b: {from: usage, take: distinct what}}\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "PIECE", size)
        file = source(text)
        read = rows(file)
        lines = [file.place(int(at)).line for batch in file.batches() for at in batch.at]
    expected = [*_slowly(out.getvalue())]
    assert read == [row for _, row in expected]
    assert lines == [line for line, _ in expected]


def _slowly(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Read row by row."""
    reader, line = csv.reader(io.StringIO(text, newline="")), 1
    for number, (account, day, value, what) in enumerate(reader):
        first, line = line, reader.line_num + 1
        if number and day in DAYS:
            yield first, {
                "row": BOOK.index(account) if account in BOOK else NOBODY, "day": DAYS[day],
                "what": what.strip() or None,
                "#logins": Fraction(Decimal(VALUES[value])) if value in VALUES else None,
            }  # fmt: skip
