"""The journal: whatever its file went through, no entry is guessed, changed or lost in silence."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csprio.journal import COLUMNS, KINDS
from csprio.problems import ExitCode, Place, Stop
from csprio.read import entries, whole_rows
from csprio.read.builtin import builtin_path
from csprio.read.grid import read_grid
from csprio.read.journal import read_journal
from csprio.read.yamls import load
from csprio.settings import Config, Numerals, TableSettings

if TYPE_CHECKING:
    from csprio.journal import Journal
    from csprio.problems import Problem
    from csprio.rules import Grid

HEADER = ",".join(COLUMNS) + "\n"
LONG = "0015000000Gv7qJAAR"  # a Salesforce id of 18 characters


def _grid() -> Grid:
    problems: list[Problem] = []
    node = load(builtin_path("grid.yaml"), "grid.yaml", problems)
    assert node is not None
    grid = read_grid(node, problems)
    assert grid is not None
    return grid


GRID = _grid()


def read(folder: Path, text: str | bytes, config: Config | None = None) -> Journal:
    """Read a text as a journal."""
    path = folder / "j.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_journal(str(path), config or Config(), GRID, given=True)


def table(**settings: Any) -> Config:  # noqa: ANN401 (settings of any kind)
    """Configure how files are read."""
    return Config(table=TableSettings(**settings))


def rows(journal: Journal, *columns: str) -> list[Any]:
    """Give some columns of the entries, row by row; one column as plain values."""
    names = columns or COLUMNS
    found = [journal.entries[name].to_pylist() for name in names]
    return found[0] if len(names) == 1 else list(zip(*found, strict=True))


def problems(journal: Journal) -> list[str]:
    """Give line, column and code of each problem."""
    return [f"{one.place.line}:{one.place.column}: {one.code}" for one in journal.problems]


def stopped(folder: Path, text: str | bytes, config: Config | None = None) -> list[str]:
    """Read what cannot be used; give line, column and code of each problem."""
    with pytest.raises(Stop) as stop:
        read(folder, text, config)
    assert stop.value.exit_code is ExitCode.UNUSABLE
    return [f"{one.place.line}:{one.place.column}: {one.code}" for one in stop.value.problems]


EVERY_KIND = HEADER + (
    "2026-03-01,A1,grade,,a1,,ann,first talk\n"
    "2026-03-02,A1,size,,b,,ann,\n"
    '2026-03-03,A1,potential,,"50,000.50",,ann,\n'
    "2026-03-04,A1,likelihood,,2.0,,ann,\n"
    "2026-03-05,A1,tier,,1,2026-12-31,ann,a lighthouse\n"
    "2026-03-06,A1,tier,,,,ann,\n"
    "2026-03-07,A1,motion,,Churn Prevention,,ann,\n"
    "2026-03-08,A1,event,new-group,Berlin,,ann,\n"
    "2026-03-09,A1,event,Expanded,60k,,ann,\n"
    "2026-03-10,A1,EVENT,renewed,,2027-03-01,ann,\n"
    "2026-03-11,A1,touch,,,,ann,\n"
    "2026-03-12,A1,Review,call,keep going,,ann,\n"
    "2026-03-13,A1,kpi,seats,12.50,,ann,\n"
    "2026-03-14,A1,done,A1:kickoff:s1,went well,,ann,\n"
    "2026-03-15,A1,skipped,A1:growth-review:t2026-03.2,,,ann,\n"
    "2026-03-16,A1,snoozed,A1:hello:e2026-03-08.1,,2026-03-20,ann,\n"
    "2026-03-17,A1,reopened,A1:look-again:g2026-03-01.10,,,ann,\n"
    "2026-03-18,A1,done,A1:renewal:u,,,ann,\n"
)  # fmt: skip


def test_every_kind_is_typed(tmp_path: Path) -> None:
    """Kinds, keys of the grid, motions, money and days come out as the policy spells them."""
    journal = read(tmp_path, EVERY_KIND)
    assert journal.problems == ()
    assert journal.remarks == ()
    assert journal.exists
    assert set(rows(journal, "kind")) == set(KINDS)
    assert rows(journal, "kind", "key", "value", "amount", "until") == [
        ("grade", None, "A1", None, None),
        ("size", None, "B", None, None),
        ("potential", None, "50,000.50", Decimal("50000.5"), None),
        ("likelihood", None, "2", None, None),
        ("tier", None, "1", None, date(2026, 12, 31)),
        ("tier", None, None, None, None),
        ("motion", None, "churn-prevention", None, None),
        ("event", "new-group", "Berlin", None, None),
        ("event", "Expanded", "60k", Decimal(60000), None),
        ("event", "renewed", None, None, date(2027, 3, 1)),
        ("touch", None, None, None, None),
        ("review", "call", "keep going", None, None),
        ("kpi", "seats", "12.5", None, None),
        ("done", "A1:kickoff:s1", "went well", None, None),
        ("skipped", "A1:growth-review:t2026-03.2", None, None, None),
        ("snoozed", "A1:hello:e2026-03-08.1", None, None, date(2026, 3, 20)),
        ("reopened", "A1:look-again:g2026-03-01.10", None, None, None),
        ("done", "A1:renewal:u", None, None, None),
    ]
    assert rows(journal, "date") == [date(2026, 3, day) for day in range(1, 19)]
    assert set(rows(journal, "account_id", "by")) == {("A1", "ann")}
    assert journal.place(4, "until") == Place(str(tmp_path / "j.csv"), 6, "until")


def _as_excel_saves_it(text: str) -> bytes:
    cells = list(csv.reader(io.StringIO(text, newline="")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(cells)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _in_other_words(text: str) -> bytes:
    cells = list(csv.reader(io.StringIO(text, newline="")))
    cells[0] = ["Date", "Account ID", "KIND", "Key", "Value", "un-til", "By.", "N O T E"]
    out = io.StringIO(newline="")
    more = [["other", *row[::-1]] for row in cells]
    csv.writer(out, delimiter="\t", lineterminator="\r", quoting=csv.QUOTE_ALL).writerows(more)
    return out.getvalue().encode()


@pytest.mark.parametrize(
    "change",
    [
        _as_excel_saves_it,
        _in_other_words,
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: ("sep=,\n" + text).encode(),
        lambda text: text.replace("\n", "\n\n ,, ,,,,,\n   \n").encode(),
        lambda text: text.replace(",ann,", ", ann\u00a0,").encode(),
        lambda text: text.rstrip("\n").encode() + b"\n,,,,,,,\n,,,,,,,\n",
    ],
)
def test_the_same_journal_after_a_journey(tmp_path: Path, change: Any) -> None:  # noqa: ANN401
    """Mark, line ends, separator, quotes, order and spelling of the header change no entry."""
    there = read(tmp_path, EVERY_KIND)
    back = read(tmp_path, change(EVERY_KIND))
    assert back.entries.equals(there.entries)
    assert back.problems == ()


def test_guards_of_a_spreadsheet_are_taken_off(tmp_path: Path) -> None:
    """The apostrophe that the excel format puts before a formula is no part of a cell."""
    line = "2026-03-01,'+A1,done,'+A1:kickoff:s1,'=1+1,,'@ann,'tis\n"
    journal = read(tmp_path, HEADER + line)
    assert rows(journal, "account_id", "key", "value", "by", "note") == [
        ("+A1", "+A1:kickoff:s1", "=1+1", "@ann", "'tis")
    ]


def test_optional_columns(tmp_path: Path) -> None:
    """Only date, account and kind must have a column; what hangs on another one is reported."""
    text = "kind,date,account_id\ntouch,2026-03-01,A1\nkpi,2026-03-02,A1\nsnoozed,2026-03-02,A1\n"
    journal = read(tmp_path, text)
    assert rows(journal) == [(date(2026, 3, 1), "A1", "touch", None, None, None, None, None)]
    assert problems(journal) == [
        "3:key: entry-blank", "3:value: entry-blank",
        "4:key: entry-blank", "4:until: entry-blank",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "\ufeff", "\n", " \r\n\n", HEADER, HEADER.rstrip()])
def test_a_journal_without_entries(tmp_path: Path, text: str) -> None:
    """A file without a line is a journal all the same."""
    journal = read(tmp_path, text)
    assert (journal.exists, journal.problems, len(journal.entries)) == (True, (), 0)
    assert journal.entries.schema.names[:5] == ["date", "account_id", "kind", "key", "value"]
    assert journal.remarks == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\n1,2\n", ["1:: not-a-journal"]),
        ("date,account_id,ki\n", ["1:: not-a-journal"]),
        ("\ndate\n", ["2:: not-a-journal"]),
        (
            "date,account_id,kind,Date,DATE.,Kind\n",
            ["1:Date: columns-alike", "1:Kind: columns-alike"],
        ),
        (b"PK\x03\x04", ["0:: spreadsheet"]),
        (b"date,account_id,kind\n2026-03-01,A\0,touch\n", ["2:: nul-byte"]),
        (b"date,account_id,kind\n2026-03-01,\xe9t\xe9,touch\n", ["2:: not-utf8"]),
        ('date,account_id,kind\n2026-03-01,"A,touch\n2026-03-02,B,touch\n', ["2:: unclosed-quote"]),
        ('date,"account_id,kind\n', ["1:: unclosed-quote"]),
        ("date;account_id;kind,key,value\n", ["1:: two-separators"]),
        (HEADER + "03/04/2026,A,touch,,,,,\n", ["2:date: ambiguous-dates"]),
        (HEADER + "13/04/2026,A,touch,,,,,\n04/13/2026,A,touch,,,,,\n", ["3:date: mixed-dates"]),
        (HEADER + "2026-03-01,A,snoozed,A:b:u,,03/04/2026,,\n", ["2:until: ambiguous-dates"]),
        (
            HEADER + "2026-03-01,A,potential,,$5,,,\n2026-03-02,A,potential,,5 EUR,,,\n",
            ["3:value: two-currencies"],
        ),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str | bytes, found: list[str]) -> None:
    """What is no journal, or reads two ways as a whole, ends the run with all that is wrong."""
    assert stopped(tmp_path, text) == found


def test_encoding(tmp_path: Path) -> None:
    """UTF-8 is read as such whatever the accounts are written in; else the setting counts."""
    text = HEADER + "2026-03-01,A1,touch,,fête à deux,,,\n"
    config = table(encoding="cp1252")
    for encoding in ("utf-8", "cp1252"):
        journal = read(tmp_path, text.encode(encoding), config)
        assert rows(journal, "value") == ["fête à deux"]


def test_paths(tmp_path: Path) -> None:
    """No path is no journal; a path that is not there is one only if it was not asked for."""
    nothing = read_journal(None, Config(), GRID, given=False)
    assert (nothing.exists, nothing.sources, len(nothing.entries)) == (False, (), 0)
    assert nothing.place(0, "date") == Place("")
    absent = str(tmp_path / "absent.csv")
    assert not read_journal(absent, Config(), GRID, given=False).exists
    (tmp_path / "folder").mkdir()
    empty = read_journal(str(tmp_path / "folder"), Config(), GRID, given=True)
    assert (empty.exists, empty.remarks, len(empty.entries)) == (False, (), 0)
    with pytest.raises(Stop) as stop:
        read_journal(absent, Config(), GRID, given=True)
    assert [one.code for one in stop.value.problems] == ["missing-file"]
    assert stop.value.exit_code is ExitCode.UNUSABLE
    (tmp_path / "link.csv").symlink_to(absent)
    with pytest.raises(Stop):
        read_journal(str(tmp_path / "link.csv"), Config(), GRID, given=False)


LINES = [
    '2026-03-01,A1,touch,call,"said ""yes"", then left",,ann,\n',
    "2026-03-02,B2,grade,,B2,,bob,\u00e9t\u00e9\n",
    '2026-03-03,A1,done,A1:kickoff:s1,went well,,ann,"two\nlines \u4e2d"\n',
    "2026-03-04,C3,touch,mail,\U0001f600,,ann,\u00e9\n",
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cut_anywhere(tmp_path: Path, end: str) -> None:
    """An append that is cut short never changes an entry before it, nor one that comes after."""
    pieces = [piece.replace("\n", end).encode() for piece in (HEADER, *LINES)]
    whole = b"".join(pieces)
    known = rows(read(tmp_path, whole))
    later = f"2026-03-05,D4,touch,mail,,,ann,{end}".encode()
    ends = [sum(map(len, pieces[:at])) for at in range(1, len(pieces) + 1)]
    refused: set[str] = set()
    for cut in range(len(pieces[0]), len(whole)):
        before = sum(stop <= cut for stop in ends) - 1
        begun = len(whole[:cut].rstrip(end.encode())) > ends[before]
        for text, after in ((whole[:cut], 0), (whole[:cut] + end.encode() + later, 1)):
            try:
                journal = read(tmp_path, text)
            except Stop as stop:
                refused |= {one.code for one in stop.problems}
                continue
            got = rows(journal)
            counted = len(got) - before - after
            assert got[:before] == known[:before]
            assert [row[1] for row in got[before:]].count("D4") == after
            assert counted in {0, 1}
            assert counted or not begun or journal.problems
    assert refused == {"unclosed-quote"}


@given(st.data())
def test_cut_any_journal(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """However cells are quoted, a cut journal is refused or keeps all entries before the cut."""
    cell = st.text(alphabet='a",\n\u00e9 ', max_size=4)
    line = st.tuples(st.sampled_from(["touch", "review"]), cell, cell, cell, cell)
    cells = data.draw(st.lists(line, min_size=1, max_size=4))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    ends = []
    for at, (kind, key, value, by, note) in enumerate(cells, 1):
        writer.writerow([f"2026-03-0{at}", f"A{at}", kind, key, value, "", by, note])
        ends.append(len(out.getvalue().encode()))
    whole = out.getvalue().encode()
    folder = tmp_path_factory.getbasetemp()
    known = rows(read(folder, whole))
    assert len(known) == len(cells)
    cut = data.draw(st.integers(0, len(whole)))
    try:
        got = rows(read(folder, whole[:cut]))
    except Stop:
        return
    before = sum(end <= cut for end in ends)
    assert got[:before] == known[:before]
    assert len(got) <= before + 1


def test_torn_lines(tmp_path: Path) -> None:
    """Lines that are not whole are left out with an error each, wherever they stand."""
    text = HEADER + (
        "2026-03-01,A1,touch,,,,,\n"
        "2026-03-02,A1,tou\n"
        "2026-03-03,A1,touch,,,,,,\n"
        "\n"
        "2026\n"
        "2026-03-04,A1,touch,,,,,\n"
        '2026-03-05,A1,touch,"ca'
    )
    journal = read(tmp_path, text)
    assert rows(journal, "date") == [date(2026, 3, 1), date(2026, 3, 4)]
    assert problems(journal) == [f"{line}:: journal-torn" for line in (3, 4, 6, 8)]
    assert journal.problems[0].message == (
        "it has 3 cells where the header has 8, so the line is left out"
    )
    assert journal.place(1, "date").line == 7


def test_a_character_cut_short(tmp_path: Path) -> None:
    """A line that ends inside a character is torn; a journal in another encoding is not mended."""
    good, torn = b"2026-03-01,A1,touch,,,,,\n", b"2026-03-02,A1,touch,,,,,caf\xc3"
    journal = read(tmp_path, HEADER.encode() + torn + b"\n" + good + torn)
    assert rows(journal, "date") == [date(2026, 3, 1)]
    assert problems(journal) == ["2:: journal-torn", "4:: journal-torn"]
    assert stopped(tmp_path, HEADER.encode() + torn + b"\xe9 \n" + good) == ["2:: not-utf8"]
    quoted = b'2026-03-02,A1,touch,,,,,"caf\xc3\nx"\n'
    assert stopped(tmp_path, HEADER.encode() + quoted) == ["2:: unclosed-quote"]


def test_the_last_line(tmp_path: Path) -> None:
    """A whole last line without its newline counts, with a warning; a torn one does not."""
    line = "2026-03-01,A1,touch,,,,,"
    for text in (HEADER + line, HEADER + line + "\n" + '2026-03-02,A1,touch,"a\nb",,,,'):
        journal = read(tmp_path, text)
        assert len(journal.entries) == text.count("touch")
        assert problems(journal) == [f"{len(journal.entries) + 1}:: journal-end"]
    assert problems(read(tmp_path, HEADER + line[:-1])) == ["2:: journal-torn"]
    torn = HEADER + "x\n" + line
    assert problems(read(tmp_path, torn)) == ["2:: journal-torn", "3:: journal-end"]


@pytest.mark.parametrize(
    ("middle", "found"),
    [
        ('2026-03-02,A1,touch,"call\n', ["3:: unclosed-quote"]),
        ('2026-03-02,A1,touch,"call\n2026-03-03,B2,touch,,,,,"x"\n', ["3:: unclosed-quote"]),
        ('2026-03-02,A1,touch,"call\n2026-03-03,B2,touch,,,,", and"\n', ["3:: ragged-row"]),
        ('2026-03-02,A1,touch,,"two\nlines"\n', ["3:: ragged-row"]),
    ],
)
def test_entries_are_never_swallowed(tmp_path: Path, middle: str, found: list[str]) -> None:
    """A quote that is not closed on its line may hold entries: the journal is refused."""
    line = "2026-03-01,A1,touch,,,,,\n"
    assert stopped(tmp_path, HEADER + line + middle + line) == found


TASK = "A1:kickoff:s1"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (",A1,touch,,,,,", "2:date: entry-blank"),
        ("2026-03-01,,touch,,,,,", "2:account_id: entry-blank"),
        ("2026-03-01,A1,,,,,,", "2:kind: entry-blank"),
        ("2026-03-01,A1,dun,,,,,", "2:kind: entry-kind"),
        ("2026-02-30,A1,touch,,,,,", "2:date: entry-date"),
        ("46082,A1,touch,,,,,", "2:date: entry-date"),
        ("1960-01-01,A1,touch,,,,,", "2:date: entry-date"),
        ("2026-03-01,A1,grade,,D1,,,", "2:value: entry-value"),
        ("2026-03-01,A1,grade,,,,,", "2:value: entry-blank"),
        ("2026-03-01,A1,size,,1,,,", "2:value: entry-value"),
        ("2026-03-01,A1,size,,,,,", "2:value: entry-blank"),
        ("2026-03-01,A1,likelihood,,4,,,", "2:value: entry-value"),
        ("2026-03-01,A1,tier,,gold,,,", "2:value: entry-value"),
        ("2026-03-01,A1,tier,,1,2026-02-28,,", "2:until: entry-until"),
        ("2026-03-01,A1,tier,,1,soon,,", "2:until: entry-date"),
        ("2026-03-01,A1,motion,,sideways,,,", "2:value: entry-value"),
        ("2026-03-01,A1,motion,,,,,", "2:value: entry-blank"),
        ("2026-03-01,A1,potential,,much,,,", "2:value: entry-value"),
        ("2026-03-01,A1,potential,,-5,,,", "2:value: entry-value"),
        ("2026-03-01,A1,potential,,1.234,,,", "2:value: entry-value"),
        ("2026-03-01,A1,potential,,,,,", "2:value: entry-blank"),
        ("2026-03-01,A1,event,,,,,", "2:key: entry-blank"),
        ("2026-03-01,A1,event,EXPANDED,,,,", "2:value: entry-blank"),
        ("2026-03-01,A1,event,contracted,less,,,", "2:value: entry-value"),
        ("2026-03-01,A1,event,renewed,,next year,,", "2:until: entry-date"),
        ("2026-03-01,A1,kpi,,5,,,", "2:key: entry-blank"),
        ("2026-03-01,A1,kpi,seats,,,,", "2:value: entry-blank"),
        ("2026-03-01,A1,kpi,seats,few,,,", "2:value: entry-value"),
        ("2026-03-01,A1,done,,,,,", "2:key: entry-blank"),
        ("2026-03-01,A1,done,kickoff,,,,", "2:key: entry-task"),
        ("2026-03-01,A1,done,A1:s1,,,,", "2:key: entry-task"),
        ("2026-03-01,A1,done,A1:Kick_off:s1,,,,", "2:key: entry-task"),
        ("2026-03-01,A1,done,A1:kickoff:s0,,,,", "2:key: entry-task"),
        ("2026-03-01,A1,done,A1:kickoff:t2026-13.1,,,,", "2:key: entry-task"),
        ("2026-03-01,A1,done,A1:kickoff:t2026-01,,,,", "2:key: entry-task"),
        ("2026-03-01,A1,done,A1:kickoff:e2026-02-30.1,,,,", "2:key: entry-task"),
        ("2026-03-01,A1,done,A1:kickoff:u1,,,,", "2:key: entry-task"),
        ("2026-03-01,A1,reopened,A2:kickoff:s1,,,,", "2:key: entry-task"),
        (f"2026-03-01,A1,snoozed,{TASK},,,,", "2:until: entry-blank"),
        (f"2026-03-01,A1,snoozed,{TASK},,2026-03-01,,", "2:until: entry-until"),
        (f"2026-03-01,A1,snoozed,{TASK},,when it rains,,", "2:until: entry-date"),
    ],
)
def test_cells_that_cannot_be_read(tmp_path: Path, line: str, found: str) -> None:
    """Such an entry is left out, its cell is reported, and every other entry stays."""
    other = "2026-03-01,B2,touch,,,,,\n"
    journal = read(tmp_path, HEADER + line + "\n" + other)
    assert problems(journal) == [found]
    assert rows(journal, "account_id") == ["B2"]
    assert journal.place(0, "kind").line == 3
    assert all(one.message and one.remedy and "{" not in str(one) for one in journal.problems)


def test_messages(tmp_path: Path) -> None:
    """A message says what is wrong and its remedy what to do."""
    text = HEADER + (
        "2026-03-01,A1,dome,,,,,\n"
        "2026-03-01,A1,zzz,,,,,\n"
        "46082,A1,touch,,,,,\n"
        "2026-03-01,A1,grade,,A9,,,\n"
        "2026-03-01,A1,potential,,1.234,,,\n"
        "2026-03-01,A1,kpi,seats,few,,,\n"
        f"2026-03-01,B2,done,{TASK},,,,\n"
        f"2026-03-01,A1,snoozed,{TASK},,2026-02-01,,\n"
    )
    kinds = ", ".join(f"`{name}`" for name in KINDS)
    assert [f"{one.message}; {one.remedy}" for one in read(tmp_path, text).problems] == [
        (
            "`dome` is no kind of entry, so the entry is left out; "
            f"did you mean `done`? The kinds are {kinds}"
        ),
        f"`zzz` is no kind of entry, so the entry is left out; write one of {kinds}",
        (
            "`46082` is not a date, but a day as Excel counts them, perhaps 2026-03-01, so "
            "the entry "
            "is left out; write it as 2026-11-23"
        ),
        (
            "`A9` is not a grade of the grid, so the entry is left out; write one of `A1`, "
            "`A2`, `A3`, "
            "`B1`, `B2`, `B3`, `C1`, `C2`, `C3`"
        ),
        (
            "`1.234` is not an amount: it may be 1.2340 or 1234, so the entry is left out; "
            "say which "
            'by `decimal: "."` or `thousands: "."` in csprio.yaml'
        ),
        (
            "`few` is not a number: no number is written like this, so the entry is left "
            "out; write "
            "it as 1234.5"
        ),
        (
            f"`{TASK}` is no task id: the entry is of the account `B2`; the entry is left "
            "out; copy it "
            "from the column task_id of a worklist or a calendar"
        ),
        (
            "until 2026-02-01 is not after the entry's date 2026-03-01, so the entry is left out; "
            "correct one of the two dates"
        ),
    ]


def test_all_wrong_cells_of_an_entry(tmp_path: Path) -> None:
    """Each wrong cell is reported; cells that nothing looks at are not."""
    text = HEADER + (
        "2026-02-30,,snoozed,x,,y,,\n"
        "2026-03-01,A1,touch,,,never,,\n"
        "2026-03-01,A1,grade,anything,A1,never,,\n"
        "2026-03-01,A1,event,visit,,never,,\n"
    )
    journal = read(tmp_path, text)
    assert problems(journal) == [
        "2:date: entry-date", "2:until: entry-date", "2:account_id: entry-blank"
    ]  # fmt: skip
    assert rows(journal, "until") == [None, None, None]


def test_dates_and_numbers_as_configured(tmp_path: Path) -> None:
    """Dates, marks and currency are read as in the accounts, each file settling its dates."""
    text = HEADER + (
        '03/04/2026,A1,potential,,"1.234,50 \u20ac",,,\n'
        '04/04/2026,A1,kpi,x,"1,5",,,\n'
        f"05/04/2026,A1,snoozed,{TASK},,13/04/2026,,\n"
    )
    numerals = Numerals(decimal=",", currency="EUR")
    journal = read(tmp_path, text, table(numerals=numerals))
    assert journal.problems == ()
    assert rows(journal, "date") == [date(2026, 4, day) for day in (3, 4, 5)]
    assert rows(journal, "amount", "value")[:2] == [
        (Decimal("1234.5"), "1.234,50 \u20ac"), (None, "1.5")
    ]  # fmt: skip
    path = tmp_path / "j.csv"
    assert journal.said == (f"{path}: dates are read day first, as `13/04/2026` in line 4 settles",)
    told = read(tmp_path, text, table(numerals=numerals, dates="mdy"))
    assert rows(told, "date") == [date(2026, 3, 4), date(2026, 4, 4)]
    assert problems(told) == ["4:until: entry-date"]
    assert told.problems[0].remedy == "write it as 2026-11-23; dates are read month first here"
    dollars = read(tmp_path, HEADER + "2026-03-01,A1,potential,,$5,,,\n", table(numerals=numerals))
    assert problems(dollars) == ["2:value: entry-value"]


def test_a_currency_is_taken_and_said(tmp_path: Path) -> None:
    """The one currency of a journal is taken for the one meant, and stderr says so."""
    journal = read(tmp_path, HEADER + "2026-03-01,A1,potential,,$5,,,\n")
    assert rows(journal, "amount") == [Decimal(5)]
    assert journal.said == (f"{tmp_path / 'j.csv'}: amounts are in USD, as `$5` in line 2 says",)


def test_words_for_missing(tmp_path: Path) -> None:
    """Words that mean missing are blank cells here too."""
    text = HEADER + "2026-03-01,A1,tier,,-,n/a,-,\n"
    journal = read(tmp_path, text, table(missing=("-", "n/a")))
    assert rows(journal, "value", "until", "by") == [(None, None, None)]


def test_salesforce_ids(tmp_path: Path) -> None:
    """Long ids are cut where the settings say so, in accounts and in tasks, and still agree."""
    short = LONG[:15]
    text = HEADER + (
        f"2026-03-01,{LONG},done,{LONG}:kickoff:s1,,,,\n"
        f"2026-03-02,{short},done,{LONG}:kickoff:s2,,,,\n"
        f"2026-03-03,{LONG},done,{short}:kickoff:s3,,,,\n"
        f"2026-03-04,{short},done,{short}:kickoff:s4,,,,\n"
        "2026-03-05,A:B,done,A:B:kickoff:s5,,,,\n"
        f"2026-03-06,{LONG},done,x:kickoff:s6,,,,\n"
        f"2026-03-06,{LONG},done,nothing,,,,\n"
    )
    journal = read(tmp_path, text, table(ids="salesforce"))
    assert rows(journal, "account_id", "key") == [
        (short, f"{short}:kickoff:s1"), (short, f"{short}:kickoff:s2"),
        (short, f"{short}:kickoff:s3"), (short, f"{short}:kickoff:s4"), ("A:B", "A:B:kickoff:s5"),
    ]  # fmt: skip
    assert problems(journal) == ["7:key: entry-task", "8:key: entry-task"]
    plain = read(tmp_path, text)
    assert problems(plain) == [f"{line}:key: entry-task" for line in (3, 4, 7, 8)]
    assert rows(plain, "account_id") == [LONG, short, "A:B"]


def test_account_ids_with_colons(tmp_path: Path) -> None:
    """A task id is read from the right, so an account may have any id."""
    lines = [
        f"2026-03-01,{name},done,{name}:kickoff:s1,,,,\n" for name in ("a:b:s1", ":", "\u00e9")
    ]
    wrong = "2026-03-01,a,done,a:b:kickoff:s1,,,,\n"
    journal = read(tmp_path, HEADER + "".join(lines) + wrong)
    assert rows(journal, "account_id") == ["a:b:s1", ":", "\u00e9"]
    assert problems(journal) == ["5:key: entry-task"]


def test_order(tmp_path: Path) -> None:
    """A folder is one journal: by date, then file name, then line; each entry keeps its place."""
    folder = tmp_path / "journal"
    folder.mkdir()
    line = "2026-03-0{},{},touch,,{},,,\n"
    (folder / "b.csv").write_text(HEADER + line.format(2, "b", '"x\ny"') + line.format(1, "b", 2))
    (folder / "a.csv").write_text(HEADER + line.format(2, "a", 1) + line.format(2, "a", 2))
    (folder / "c.CSV").write_text(HEADER + line.format(1, "c", 1) + line.format(3, "c", 2))
    (folder / "empty.csv").write_text("")
    (folder / ".hidden.csv").write_bytes(b"PK\x03\x04")
    (folder / "notes.txt").write_text("nothing")
    (folder / "sub.csv").mkdir()
    journal = read_journal(str(folder), Config(), GRID, given=True)
    assert [Path(each.name).name for each in journal.sources] == [
        "a.csv",
        "b.csv",
        "c.CSV",
        "empty.csv",
    ]
    assert [
        (row, journal.place(at, "value").line, Path(journal.place(at, "value").file).name)
        for at, row in enumerate(rows(journal, "account_id", "value"))
    ] == [
        (("b", "2"), 4, "b.csv"), (("c", "1"), 2, "c.CSV"), (("a", "1"), 2, "a.csv"),
        (("a", "2"), 3, "a.csv"), (("b", "x\ny"), 2, "b.csv"), (("c", "2"), 3, "c.CSV"),
    ]  # fmt: skip
    assert [str(one).removeprefix(f"{folder}/") for one in journal.remarks] == [
        (
            "b.csv:4:date: journal-order: the entry of 2026-03-01 stands below one of "
            "2026-03-02; 1 line "
            "is not in the order of the dates; correct a date that is wrong; else nothing is to be "
            "done: entries count by date"
        )
    ]


def test_folders(tmp_path: Path) -> None:
    """A folder without a journal is none; what is wrong in several files is shown at once."""
    folder = tmp_path / "journal"
    folder.mkdir()
    assert not read_journal(str(folder), Config(), GRID, given=True).exists
    (folder / "a.csv").write_text("x\n")
    (folder / "b.csv").write_text(HEADER + "03/04/2026,A,touch,,,,,\n")
    (folder / "c.csv").write_text(HEADER + "torn\n")
    with pytest.raises(Stop) as stop:
        read_journal(str(folder), Config(), GRID, given=True)
    assert [one.code for one in stop.value.problems] == ["not-a-journal", "ambiguous-dates"]
    assert [one.code for one in stop.value.also] == ["journal-torn"]


def test_places_after_lines_were_left_out(tmp_path: Path) -> None:
    """Lines that are left out do not move the places of the others."""
    text = (
        HEADER + '2026-03-02,A,touch,"x\ny",,,,\n2026-03-01,B,dun,,,,,\n2026-03-01,C,touch,,,,,\n'
    )
    journal = read(tmp_path, text)
    lines = [journal.place(at, "").line for at in range(2)]
    assert (rows(journal, "account_id"), lines) == (["C", "A"], [5, 2])


def test_repeated_entries(tmp_path: Path) -> None:
    """An entry that stands twice is a remark at the later line, which names the earlier one."""
    folder = tmp_path / "journal"
    folder.mkdir()
    one, two = "2026-03-01,A,touch,,x,,ann,\n", "2026-03-01,A,touch,,y,,ann,\n"
    (folder / "a.csv").write_text(HEADER + one + two + one)
    (folder / "b.csv").write_text(HEADER + two + one.replace("ann", "bob"))
    journal = read_journal(str(folder), Config(), GRID, given=True)
    assert [str(found).replace(f"{folder}/", "") for found in journal.remarks] == [
        (
            "a.csv:4: journal-repeated: the same entry stands in line 2 already; delete one "
            "of the two "
            "lines, if it was logged twice by mistake"
        ),
        (
            "b.csv:2: journal-repeated: the same entry stands in line 3 of a.csv already; "
            "delete one "
            "of the two lines, if it was logged twice by mistake"
        ),
    ]
    assert len(journal.entries) == 5


def exactly(path: str) -> Journal:
    """Read a journal without the short way through Arrow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entries, "at_once", lambda *_: None)
        return read_journal(path, Config(), GRID, given=True)


@given(
    st.text(alphabet='a",\n\r \u00a0', max_size=40).map(lambda text: HEADER + text)
    | st.text(alphabet='a",\n\r ', max_size=40).map(
        lambda text: f"date,account_id,kind\n2026-03-01,A,touch\n{text}2026-03-02,A,touch"
    )
    | st.text(alphabet='t",\n', max_size=12).map(
        lambda text: f"date,account_id,kind,note\n2026-03-01,A,touch,{text}"
    )
)
@example('date,account_id,kind,note\n2026-03-01,A,touch,"""t')
@example('date,account_id,kind,note\n2026-03-01,A,touch,"t\n\n')
def test_both_ways_to_read_agree(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """What Arrow reads at once is what the exact scanner reads, problems and lines included."""
    path = tmp_path_factory.getbasetemp() / "ways.csv"
    path.write_bytes(text.encode())
    answers: list[list[Any]] = []
    for way in (lambda name: read_journal(name, Config(), GRID, given=True), exactly):
        try:
            journal = way(str(path))
        except Stop as stop:
            answers.append([str(one) for one in stop.problems])
        else:
            lines = [journal.place(at, "").line for at in range(len(journal.entries))]
            answers.append([rows(journal), lines, [str(one) for one in journal.problems]])
    assert answers[0] == answers[1]


def test_a_long_journal_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clean journal never pays for the scanner, however long, whatever it quotes."""

    def refuse(*_: object) -> None:
        raise AssertionError("the scanner was asked")

    monkeypatch.setattr(entries, "exactly", refuse)
    monkeypatch.setattr(whole_rows, "spans", refuse)
    line = '2026-03-01,A{0},done,A{0}:kickoff:s1,"fine, ""really""",,ann,\n'
    text = HEADER + "".join(line.format(at) for at in range(60_000))
    journal = read(tmp_path, text)
    assert len(journal.entries) == 60_000
    assert journal.place(59_999, "key").line == 60_001
    assert journal.problems == ()
