"""Accounts files into one book."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from csprio.fields import FIELDS
from csprio.problems import ExitCode, Place, Stop
from csprio.read.accounts import Book, Needs, read_accounts
from csprio.read.table import Lines
from csprio.rules import Clause, Compare
from csprio.settings import Numerals, TableSettings
from csprio.tables import arrow_type

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from csprio.read.accounts import Keep
    from csprio.read.stack import Marked

NEEDS = Needs(
    sizes=("A", "B", "C"),
    levels=("1", "2", "3"),
    grades=tuple(size + level for size in "ABC" for level in "123"),
    tiers=("1", "2", "3"),
    roles=("sales", "csm", "cust_dev"),
    rule_fields={"seats": "number", "champion": "text", "trial_end": "date"},
    adds=("Region", "champion", "nowhere"),
)


def book(text: str, needs: Needs = NEEDS, keep: Keep | None = None, **settings: object) -> Book:
    """Read a text from stdin."""
    chosen = TableSettings(**settings)  # type: ignore[arg-type]
    return read_accounts(["-"], chosen, needs, keep, io.BytesIO(text.encode()))


def refused(text: str, **settings: object) -> list[str]:
    """Read a text that no table can be made of, and list what is wrong by code and line."""
    with pytest.raises(Stop) as stop:
        book(text, **settings)  # type: ignore[arg-type]
    assert stop.value.exit_code is ExitCode.UNUSABLE
    return [f"{each.code}:{each.place.line}" for each in stop.value.problems]


def column(found: Book, name: str) -> list[Any]:
    """Give a column's values."""
    values: list[Any] = found.table[name].to_pylist()
    return values


def codes(found: Book) -> list[str]:
    """List the problems by code, line and column."""
    return [f"{each.code}:{each.place.line}:{each.place.column}" for each in found.problems]


def test_one_account_is_typed() -> None:
    """Every field has its type, every role and rule field its column, and nothing is lost."""
    found = book(
        "Account ID,Name,Potential,Size,Likelihood,Grade,Graded on,Tier,CSM,Close Date,"
        "Term months,ARR,"
        "Motion,Seats,Champion,Trial end,Region\n"
        ' 00123 , Acme ,"$50,000",b,1.0,a1,2026-11-01,2.0,Ann,1 Feb 2025,'
        '12.0,1.2k,GROWTH,"1,000.50",'
        " strong ,2026/1/5, north \n"
    )
    assert not found.problems
    row = {name: value for name, value in found.table.to_pylist()[0].items() if value is not None}
    assert row == {
        "account_id": "00123", "name": "Acme", "potential": Decimal(50000), "size": "B",
        "likelihood": "1", "grade": "A1", "graded_on": date(2026, 11, 1), "tier": "2", "csm": "Ann",
        "start_date": date(2025, 2, 1), "term_months": 12, "arr": Decimal(1200), "motion": "growth",
        "seats": "1000.5", "champion": "strong", "trial_end": "2026-01-05",
    }  # fmt: skip
    assert found.written.to_pylist() == [{"Region": " north ", "champion": "strong"}]
    assert found.said == ["-: amounts are in USD, as `$50,000` in line 2 says"]
    for field in FIELDS:
        assert found.table[field.name].type == arrow_type(field.kind)
    assert all(column.num_chunks == 1 for column in found.table.columns)
    assert {"Trial end", "Close Date", "start_date", "seats"} <= set(found.inputs_have)


def test_a_bare_list_of_ids_is_a_book() -> None:
    """Nothing but an id is enough: it is the name, all else is missing, rule fields are absent."""
    found = book("id\n1\n2\n")
    assert column(found, "name") == ["1", "2"]
    assert column(found, "cust_dev") == [None, None]
    assert "seats" not in found.table.column_names
    assert found.written.num_columns == 0


def test_a_header_alone_is_an_empty_book() -> None:
    """A file without rows has no accounts and no problems."""
    found = book("id,arr,start_date")
    assert found.table.num_rows == 0
    assert not found.problems


def test_an_unreadable_cell_is_missing_and_the_account_stays() -> None:
    """Each bad cell is named by line, header, value and remedy; the account stays."""
    found = book(
        "Id,Name,ARR,Size,Close Date,Term (months)\n"
        '1,"two\nlines",1.234,XL,31/31/26,0\n'
        "2,b,-5,A,45000,12\n"
    )
    assert column(found, "account_id") == ["1", "2"]
    assert column(found, "arr") == [None, None]
    assert column(found, "size") == [None, "A"]
    assert sorted(codes(found)) == [
        "ambiguous-number:2:ARR",
        "bad-date:2:Close Date",
        "bad-money:4:ARR",
        "bad-whole-number:2:Term (months)",
        "excel-date:4:Close Date",
        "unknown-key:2:Size",
    ]
    assert [each.place.line for each in found.problems] == [2, 2, 2, 2, 4, 4]
    said = "\n".join(map(str, found.problems))
    assert "-:2:Size: unknown-key: `XL` is not a size of the grid" in said
    assert "`columns: {size: none}`" in said
    assert "`1.234` may be 1.2340 or 1234" in said


def test_places_are_those_of_the_file() -> None:
    """Any field of any account can be located, also after blank lines and quoted newlines."""
    found = book('\nid,name,Close Date\n\n1,"a\n\n",2026-01-01\n \n2,b,2026-01-01\n')
    assert found.place(0, "start_date") == Place("-", 4, "Close Date")
    assert found.place(1, "name") == Place("-", 8, "name")
    assert found.place(1, "arr") == Place("-", 8, "")


def test_a_good_file_is_not_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a good file never looks up a line."""
    monkeypatch.setattr(Lines, "__getitem__", lambda *_: pytest.fail("a line was looked up"))
    assert not book('id,name,arr,start_date\n1,"a\nb",5,2026-01-01\n').problems


def test_missing_words() -> None:
    """Words of `missing:` are nothing in fields and rule columns; elsewhere they travel."""
    found = book("id,arr,champion,Region\n1,N/A,-,N/A\n2,5,x,-\n", missing=("N/A", "-"))
    assert column(found, "arr") == [None, Decimal(5)]
    assert found.written.to_pylist() == [
        {"Region": "N/A", "champion": None},
        {"Region": "-", "champion": "x"},
    ]
    assert not found.problems


def test_the_order_of_day_and_month_is_settled_by_the_file() -> None:
    """One cell that allows only one order settles it for all date columns, and is named."""
    found = book("id,start_date,trial_end\n1,03/11/2026,\n2,,23/11/2026\n")
    assert column(found, "start_date") == [date(2026, 11, 3), None]
    assert column(found, "trial_end") == [None, "2026-11-23"]
    assert found.said == ["-: dates are read day first, as `23/11/2026` in line 3 settles"]


def test_dates_alike_in_both_orders_settle_nothing() -> None:
    """`05/05/2026` needs no order."""
    found = book("id,start_date\n1,05/05/2026\n2,2026-01-02\n")
    assert column(found, "start_date") == [date(2026, 5, 5), date(2026, 1, 2)]
    assert not found.said


def test_dates_that_nothing_settles() -> None:
    """A file that allows both orders ends with exit 3 and shows a value read both ways."""
    assert refused("id,start_date\n1,05/05/2026\n2,03/11/2026\n") == ["ambiguous-dates:3"]
    with pytest.raises(Stop, match=r"`03/11/2026` may be 2026-11-03 \(day first\) or 2026-03-11"):
        book("id,start_date\n1,03/11/2026\n")
    found = book("id,start_date\n1,03/11/2026\n", dates="mdy")
    assert column(found, "start_date") == [date(2026, 3, 11)]
    assert not found.said


def test_dates_that_need_both_orders() -> None:
    """A file that needs both orders ends with exit 3 and names both cells."""
    assert refused("id,start_date\n1,23/11/2026\n2,11/23/2026\n") == ["mixed-dates:3"]
    with pytest.raises(
        Stop, match="`23/11/2026` can only be day first, but `11/23/2026` in line 2 only month"
    ):
        book("id,start_date\n1,11/23/2026\n2,23/11/2026\n")


def test_each_file_settles_its_own_dates(tmp_path: Path) -> None:
    """Two exports of two countries are each read in their own order."""
    (tmp_path / "us.csv").write_text("id,start_date\n1,11/23/2026\n2,03/11/2026\n")
    (tmp_path / "uk.csv").write_text("start_date,id,csm\n23/11/2026,3,Ann\n03/11/2026,4,\n")
    paths = [str(tmp_path / "us.csv"), str(tmp_path / "uk.csv")]
    found = read_accounts(paths, TableSettings(), NEEDS, None, io.BytesIO())
    assert column(found, "start_date") == [
        date(2026, 11, 23), date(2026, 3, 11), date(2026, 11, 23), date(2026, 11, 3)
    ]  # fmt: skip
    assert column(found, "csm") == [None, None, "Ann", None]
    assert found.place(2, "start_date") == Place(paths[1], 2, "start_date")
    digests = [
        hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("us.csv", "uk.csv")
    ]
    read = [(source.name, source.sha256) for source in found.sources]
    assert read == list(zip(paths, digests, strict=True))


def test_ids_are_whole_and_once() -> None:
    """Blank and repeated ids end with exit 3, each with its line and that of the first."""
    assert refused("id,name\n1,a\n,b\n2,c\n1 ,d\n") == ["blank-id:3", "repeated-id:5"]
    with pytest.raises(Stop, match="`1` stands in line 2 already"):
        book("id\n1\n1\n")


def test_the_same_id_in_two_files(tmp_path: Path) -> None:
    """An id in two files names both lines and both files; a path given twice is no exception."""
    (tmp_path / "a.csv").write_text("id\n1\n")
    (tmp_path / "b.csv").write_text("id\n\n2\n1\n")
    paths = [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]
    with pytest.raises(Stop) as stop:
        read_accounts(paths, TableSettings(), NEEDS, None, io.BytesIO())
    assert f"{paths[1]}:4:id: repeated-id: `1` stands in line 2 of {paths[0]} already" in str(
        stop.value
    )
    with pytest.raises(Stop, match="repeated-id"):
        read_accounts(["-", "-"], TableSettings(), NEEDS, None, io.BytesIO(b"id\n1\n"))


def test_rows_of_nothing_are_no_accounts() -> None:
    """Rows of white space, also with separators, are skipped wherever they stand."""
    assert column(book("\n , \nid,name\n,\n1,a\n \n\t,\u00a0\n2,b\n,,,\n"), "account_id") == [
        "1",
        "2",
    ]


def test_all_errors_of_a_file_are_shown() -> None:
    """Ragged rows, unclosed quotes, blank and repeated ids of one file come together."""
    text = 'id,name\n1,a,b\n2\n,x\n3,c\n3,d\n4,"e\n'
    assert refused(text) == [
        "ragged-row:2",
        "ragged-row:3",
        "blank-id:4",
        "repeated-id:6",
        "unclosed-quote:7",
    ]


def test_errors_of_several_files_come_together(tmp_path: Path) -> None:
    """A missing file does not hide what is wrong with another one."""
    (tmp_path / "a.csv").write_text("id\n1\n1\n")
    (tmp_path / "b.csv").write_text("x,y\n1\n")
    paths = [str(tmp_path / name) for name in ("a.csv", "none.csv", "b.csv")]
    with pytest.raises(Stop) as stop:
        read_accounts(paths, TableSettings(), NEEDS, None, io.BytesIO())
    assert {each.code for each in stop.value.problems} >= {"missing-file", "no-id-column"}


def test_only_keeps_part() -> None:
    """Rows that `only` leaves out report nothing, repeat nothing and are counted."""

    def keep(table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([value != Decimal(0) for value in table["arr"].to_pylist()])

    found = book("id,arr,size,potential\n1,0,x,$5\n1,5,y,5 EUR\n,0,,\n", keep=keep)
    assert column(found, "account_id") == ["1"]
    assert codes(found) == ["unknown-key:3:size"]
    assert found.place(0, "arr").line == 3
    assert found.said == [
        "`only` keeps 1 of 3 rows", "-: amounts are in EUR, as `5 EUR` in line 3 says"
    ]  # fmt: skip


def test_two_currencies_are_an_error() -> None:
    """Two currencies end with exit 3; with `currency:` set, the other one is a cell's problem."""
    text = "id,arr,potential\n1,$5,\n2,5,\u20ac7\n"
    assert refused(text) == ["two-currencies:3"]
    found = book(text, numerals=Numerals(currency="EUR"))
    assert codes(found) == ["other-currency:2:arr"]
    assert column(found, "arr") == [None, Decimal(5)]
    assert not found.said


def test_currencies_of_two_files(tmp_path: Path) -> None:
    """Two files in two currencies cannot be one book."""
    (tmp_path / "a.csv").write_text("id,arr\n1,$5\n")
    (tmp_path / "b.csv").write_text("id,arr\n2,5 EUR\n")
    with pytest.raises(Stop, match="two-currencies"):
        read_accounts(
            [str(tmp_path / n) for n in ("a.csv", "b.csv")],
            TableSettings(),
            NEEDS,
            None,
            io.BytesIO(),
        )


def test_salesforce_ids() -> None:
    """`ids: salesforce` cuts ids and parents; without it a mixed book is a problem, not an end."""
    text = "Id,ParentId\n0015000000Gv7qJAAR,\n001500000000001,0015000000Gv7qJAAR\n"
    found = book(text, ids="salesforce")
    assert column(found, "account_id") == ["0015000000Gv7qJ", "001500000000001"]
    assert column(found, "parent") == [None, "0015000000Gv7qJ"]
    assert not found.problems
    assert codes(book(text)) == ["mixed-ids:2:Id"]
    twice = "Id\n0015000000Gv7qJAAR\n0015000000Gv7qJ\n"
    assert refused(twice, ids="salesforce") == ["repeated-id:3"]


def test_a_footer_is_said() -> None:
    """A report's footer is left out, counted and quoted; a padded one stays and is a warning."""
    found = book('id,name\n1,a\n\n"Account report, all"\nConfidential\n')
    assert column(found, "account_id") == ["1"]
    assert found.said == [
        "-: left out 2 lines at the end, a report's footer: `Account report, all`"
    ]
    padded = book("id,name\n1,a\n\nTotal,\n")
    assert column(padded, "account_id") == ["1", "Total"]
    assert codes(padded) == ["padded-footer:4:"]
    elsewhere = "Region,id\nnorth,1\n\nTotal,\n"
    assert refused(elsewhere) == ["blank-id:4"]
    assert not codes(book(elsewhere, keep=lambda table: table["account_id"].is_valid().to_numpy()))


def test_unknown_columns_end_with_exit_2() -> None:
    """A header that `columns:` names and no file has is an error of the policy."""
    with pytest.raises(Stop) as stop:
        book("id,CSM\n1,Ann\n", columns={"csm": "Owner"})
    assert stop.value.exit_code is ExitCode.POLICY


def test_no_file_at_all() -> None:
    """Without any path there is nothing to read, which is an error of the command line."""
    with pytest.raises(Stop, match="no-accounts") as stop:
        read_accounts([], TableSettings(), NEEDS, None, io.BytesIO())
    assert stop.value.exit_code is ExitCode.POLICY


def test_columns_turned_off_are_not_had() -> None:
    """A column that is turned off is not among the names that rules can use, and is not read."""
    found = book("id,Size,headroom\n1,XL,9\n", columns={"size": None, "headroom": None})
    assert not found.problems
    assert found.inputs_have == ("id", "account_id")


def test_the_name_serves_as_id() -> None:
    """A file without ids takes names, which must then be there once each."""
    found = book("Account Name,ARR\nAcme,5\nBolt,6\n")
    assert column(found, "account_id") == column(found, "name") == ["Acme", "Bolt"]
    assert refused("Account Name\nAcme\nAcme\n") == ["repeated-id:3"]


COMBINE = {
    "arr": "sum",
    "start_date": "min",
    "renewal_date": "max",
    "Stage": "last",
    "seats": "sum",
}
DEALS = (
    "id,name,arr,start_date,renewal_date,Stage,seats,csm,Region\n"
    "b,Bolt,0.0001,2026-01-01,2027-01-01,won,5,,\n"
    "a,Acme,10,2025-05-05,,open,1.5,Ann,north\n"
    "b,Bolt,99999999999998,2025-01-01,2028-01-01,,-0.25,Eve,south\n"
    "a,ACME,x,,2026-06-01,won,,,north\n"
    "c,,,,,,,,\n"
)


def test_rows_of_one_id_are_folded() -> None:
    """Sums are exact, dates and texts picked, an unreadable cell spoils its sum, order stays."""
    needs = Needs(**{**vars(NEEDS), "adds": ("Stage", "Region", "seats"), "rule_fields": {}})
    found = book(DEALS, needs, combine=COMBINE)
    assert column(found, "account_id") == ["b", "a", "c"]
    assert column(found, "name") == ["Bolt", "Acme", "c"]
    assert column(found, "arr") == [Decimal("99999999999998.0001"), None, None]
    assert column(found, "start_date") == [date(2025, 1, 1), date(2025, 5, 5), None]
    assert column(found, "renewal_date") == [date(2028, 1, 1), date(2026, 6, 1), None]
    assert column(found, "csm") == ["Eve", "Ann", None]
    assert found.written.to_pylist() == [
        {"Stage": "won", "Region": "south", "seats": "4.75"},
        {"Stage": "won", "Region": "north", "seats": "1.5"},
        {"Stage": None, "Region": None, "seats": None},
    ]
    assert codes(found) == ["bad-money:5:arr", "combined-differs:5:name"]
    assert "`ACME` gives way to `Acme`" in str(found.problems[1])
    assert found.said == ["`combine` folds 5 rows into 3 accounts"]
    assert found.place(1, "arr").line == 3


def test_a_sum_that_money_cannot_hold() -> None:
    """A sum of too many digits is missing and reported at the account's first row."""
    found = book("id,arr\n1,99999999999999\n1,1\n", combine={"arr": "sum"})
    assert column(found, "arr") == [None]
    assert codes(found) == ["bad-money:2:arr"]


def test_blank_ids_are_not_folded() -> None:
    """Folding needs an id in every row."""
    assert refused("id,arr\n1,5\n,6\n", combine={"arr": "sum"}) == ["blank-id:3"]


@pytest.mark.parametrize(
    ("way", "values"),
    [
        ("sum", ["15", "-2"]),
        ("min", ["2", "-2"]),
        ("max", ["10", "-2"]),
        ("first", ["10", "-2"]),
        ("last", ["3", "-2"]),
    ],
)
def test_ways_to_combine(way: str, values: list[str]) -> None:
    """Numbers of rules are folded as numbers, whatever the way."""
    found = book("id,seats\n1,10\n1,\n1,2\n2,-2\n1,3\n", combine={"seats": way})
    assert column(found, "seats") == values


def test_a_quote_closed_by_the_next_one() -> None:
    """An account is never taken for a part of the cell above it."""
    assert refused('id,name\n1,"a\n2,"b"\n3,c\n') == ["unclosed-quote:2"]
    found = book('id,name\n1,"a\nb"\n2,5" pipe\n')
    assert column(found, "name") == ["a\nb", '5" pipe']


def test_a_second_byte_order_mark() -> None:
    """A mark that an editor has put before another one is no part of the first header."""
    found = book("\ufeff\ufeffid,name\n1,a\n")
    assert column(found, "account_id") == ["1"]


def test_money_in_a_column_of_a_rule() -> None:
    """Amounts that a rule compares or `combine:` sums are in one currency too."""
    rows = "id,seats\n1,$5\n2,{}\n"
    assert refused(rows.format("\u20ac6")) == ["two-currencies:3"]
    assert book(rows.format("$6")).said == ["-: amounts are in USD, as `$5` in line 2 says"]
    euro = book(rows.format("6 EUR"), numerals=Numerals(currency="EUR"))
    assert codes(euro) == ["other-currency:2:seats"]
    assert column(euro, "seats") == [None, "6"]


@pytest.mark.parametrize(
    ("numerals", "money", "number"),
    [
        (Numerals(), "50000, 50,000.00, $50,000 or 50k", "1234.5"),
        (Numerals(decimal="."), "50000, 50,000.00, $50,000 or 50k", "1234.5"),
        (Numerals(decimal=","), "50000, 50.000,00 or 50k", "1234,5"),
    ],
)
def test_remedies_follow_the_marks(numerals: Numerals, money: str, number: str) -> None:
    """What to write instead is what can be read here; a setting that is there is not offered."""
    found = book("id,arr,seats\n1,x,y\n", numerals=numerals)
    first, second = (each.remedy for each in found.problems)
    assert first.startswith(f"write it as {money}, or leave it empty")
    assert ("`decimal:" in first) == (numerals.decimal is None)
    assert second == f"write it as {number}, or leave it empty"


@pytest.mark.parametrize(
    ("values", "least", "most"),
    [
        (("9", "10", ""), "9", "10"),
        (('"1,000"', "500", "2k"), "500", "2k"),
        (("31/12/2025", "01/02/2026", ""), "31/12/2025", "01/02/2026"),
        (("2026-11-23", "5 Jan 2026", ""), "5 Jan 2026", "2026-11-23"),
        (("b", "10", "9"), "10", "b"),
    ],
)
def test_least_and_most_of_a_travelling_column(
    values: tuple[str, ...], least: str, most: str
) -> None:
    """Numbers and dates of a column that only travels are compared as such, and stay as written."""
    rows = "".join(f"1,{value}\n" for value in values)
    needs = Needs(adds=("x",))
    for way, expected in (("min", least), ("max", most)):
        found = book(f"id,x\n{rows}", needs, combine={"x": way})
        assert found.written["x"].to_pylist() == [expected]


def test_a_cell_that_only_cannot_read() -> None:
    """A row that `only:` cannot judge is named; one that goes by right is not."""
    text = "id,seats,arr\n1,5,1\n2,x,y\n3,2,z\n"
    over = Clause("Seats", Compare(">", Decimal(3)))

    def keep(table: pa.Table) -> Marked:
        return np.array([text == "5" for text in table["seats"].to_pylist()])

    found = book(text, keep=keep, only=over)
    assert column(found, "account_id") == ["1"]
    assert codes(found) == ["bad-number:3:seats"]
