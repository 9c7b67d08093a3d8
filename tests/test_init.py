"""`csprio init`: folders that answer at once, from nothing and from exports of many kinds."""

from __future__ import annotations

import builtins
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cases import tree
from csprio.read.config import KEYS, read_config
from csprio.starter import settings
from csprio.tables import GRADING_SHEET
from session import run

DATA = Path(__file__).parent / "data" / "crm"
EXAMPLES = Path(__file__).parent.parent / "examples"
DAY = ("--as-of", "2026-11-23")
HUBSPOT = (
    "Record ID,Company name,Company owner,Annual Revenue,Close Date,Lifecycle Stage,Size\n"
    "101,Acme,Maya Chen,5000000,2026-03-01,Customer,Large\n"
    '102,"Bolt, Inc.",Dana Fox,100000,2025-11-15,Customer,Small\n'
    "103,Cask,,,,Lead,\n"
)
HOME_MADE = (
    "Kundennummer;Firma;Betreuer;Vertragsbeginn;Vertragsende;Laufzeit;Jahreswert;Potenzial\n"
    "1001;Müller GmbH;Anna Weiss;01.03.2026;01.03.2027;12;12.500,00;60.000\n"
    "1002;Schäfer AG;Jan Rot;15.07.2025;15.07.2027;24;8.000,50;25.000\n"
    "1003;Weiß & Co;Jan Rot;04.05.2025;;;950;\n"
)


def start(tmp_path: Path, export: str | bytes, *options: str) -> str:
    """Write an export, begin the folder `book` for it, and give what was said."""
    content = export.encode() if isinstance(export, str) else export
    (tmp_path / "export.csv").write_bytes(content)
    done = run("init", "book", "--from", "export.csv", *options, *DAY, cwd=tmp_path)
    assert done.good() == b""
    return done.err.decode()


def config(tmp_path: Path) -> str:
    """Give the configuration without its comments."""
    lines = (tmp_path / "book" / "csprio.yaml").read_text(encoding="utf-8").splitlines()
    return "\n".join(re.sub(r"\s+# .*", "", line) for line in lines if line[:1] not in {"", "#"})


def sheet(tmp_path: Path) -> list[str]:
    """Give the lines of the grading sheet."""
    text = (tmp_path / "book" / "grading.csv").read_bytes().decode("utf-8-sig")
    return text.removesuffix("\r\n").split("\r\n")


def graded(folder: Path, *words: str) -> list[str]:
    """Give the rows that `grade` answers in a folder, which must be an answer."""
    return run("grade", *words, *DAY, cwd=folder).good().decode().splitlines()[1:]


def test_fresh_folder(tmp_path: Path) -> None:
    """A folder begun with nothing answers every command at once and has no error or warning."""
    run("init", "new/book", *DAY, cwd=tmp_path).good()
    book = tmp_path / "new" / "book"
    assert sorted(tree(book)) == [
        "accounts.csv",
        "csprio.yaml",
        "grid.yaml",
        "playbook.yaml",
        "signals.yaml",
    ]
    for command in ("grade", "tiers", "calendar", "worklist"):
        assert len(run(command, *DAY, cwd=book).good().splitlines()) > 2, command
    assert run("check", *DAY, "--strict", "-q", cwd=book).good()


def test_fresh_folder_shows_every_situation(tmp_path: Path) -> None:
    """The invented accounts are graded, borderline, ungraded, a prospect, and undated."""
    run("init", "book", *DAY, cwd=tmp_path).good()
    book = tmp_path / "book"
    rows = "\n".join(graded(book))
    for word in ("A1,1", "call to make", "C3,3", "ungraded", "prospect"):
        assert word in rows
    assert b",undated," in run("worklist", *DAY, cwd=book).good()


def test_same_bytes(tmp_path: Path) -> None:
    """The same day gives the same folder, and -q gives it without a word."""
    said = [run("init", name, "-q", *DAY, cwd=tmp_path) for name in ("one", "two")]
    assert [each.err for each in said] == [b"", b""]
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_every_key_is_shown() -> None:
    """The configuration shows every key that there is, each once."""
    assert sorted(settings.KEYS) == sorted(KEYS)
    text = settings.config_text({})
    for key in KEYS:
        assert len(re.findall(rf"(?m)^#{key}: ", text)) == 1


@pytest.mark.parametrize("key", KEYS)
def test_every_example_is_good(key: str, tmp_path: Path) -> None:
    """Each setting that stands there switched off can be switched on as it stands."""
    text = settings.config_text({})
    path = tmp_path / "csprio.yaml"
    path.write_text(re.sub(rf"(?m)^#({key}: )", r"\1", text), encoding="utf-8")
    read, problems = read_config(str(path))
    assert [one.code for one in problems] == []
    assert key in read.places


def test_hubspot(tmp_path: Path) -> None:
    """A HubSpot export: the owner is guessed to be the csm, a size of its own is turned off."""
    said = start(tmp_path, HUBSPOT)
    for line in (
        "found: account_id (Record ID); name (Company name); start_date (Close Date)",
        "guessed, please check: csm (Company owner)",
        "turned off: size (Size): the grid has A, B, C, and it holds Large, Small",
    ):
        assert line in said
    absent = next(line for line in said.splitlines() if line.startswith("absent: "))
    assert "potential" in absent
    assert "arr" in absent
    book = tmp_path / "book"
    assert [row.split(",ungraded")[0] for row in graded(book)] == [
        "101,Acme,Maya Chen,,,,,,",
        '102,"Bolt, Inc.",Dana Fox,,,,,,',
        "103,Cask,,,,,,,",
    ]
    assert "Annual Revenue is what these customers turn over" in (book / "csprio.yaml").read_text()


def test_grading_sheet(tmp_path: Path) -> None:
    """The sheet has a row an account; filled in, csprio grades from it."""
    start(tmp_path, HUBSPOT)
    lines = sheet(tmp_path)
    assert lines == [
        ",".join(GRADING_SHEET),
        "101,Acme,,Maya Chen,,,,,,,,",
        '102,"Bolt, Inc.",,Dana Fox,,,,,,,,',
        "103,Cask,,,,,,,,,,",
    ]
    lines[1] = "101,Acme,,Maya Chen,,80k,1,,,,,"
    lines[2] = '102,"Bolt, Inc.",,Dana Fox,,20000,,strong,no,no,no,'
    lines[3] = "103,Cask,,,,5000,,none,yes,,,"
    book = tmp_path / "book"
    (book / "grading.csv").write_text("\n".join(lines), encoding="utf-8")
    answer = "\n".join(graded(book, "--config", "grading.yaml"))
    assert all(grade in answer for grade in (",A1,1,", ",B1,2,", ",C3,3,"))


def test_the_words_at_the_end_are_good(tmp_path: Path) -> None:
    """The sheet goes into the journal, and each person's list comes back, as init says."""
    said = start(tmp_path, HUBSPOT)
    assert "then: csprio log --from grading.csv --by NAME" in said
    book = tmp_path / "book"
    lines = sheet(tmp_path)
    lines[1] = "101,Acme,,Maya Chen,,80k,1,,,,,"
    (book / "grading.csv").write_text("\n".join(lines), encoding="utf-8")
    run("log", "--from", "grading.csv", "--by", "Maya Chen", *DAY, cwd=book).good()
    assert graded(book)[0].startswith("101,Acme,Maya Chen,80000,A,1,A1,1,Growth,journal")
    week = ("worklist", "-f", "excel", "-o", "lists/{owner}.csv")
    assert "each week: csprio worklist -f excel -o 'lists/{owner}.csv'" in said
    run(*week, *DAY, cwd=book).good()
    path = book / "lists" / "Dana Fox.csv"
    rows = path.read_bytes().split(b"\r\n")
    assert rows[1].endswith(b",,,")
    path.write_bytes(b"\r\n".join([rows[0], rows[1][:-2] + b"done,,", *rows[2:]]))
    told = run("log", "--from", str(path), "--by", "Dana Fox", *DAY, cwd=book)
    assert told.good() == b""
    assert b",done," in (book / "journal.csv").read_bytes()


def test_home_made(tmp_path: Path) -> None:
    """A sheet with German headers, dates and amounts is read as its writer meant it."""
    start(tmp_path, HOME_MADE)
    settled = config(tmp_path)
    assert 'dates: dmy\ndecimal: ","\nthousands: "."' in settled
    assert "  renewal_date: Vertragsende" in settled
    book = tmp_path / "book"
    assert graded(book, "--add", "arr,start_date,term_months")[1] == (
        "1002,Schäfer AG,Jan Rot,25000,B,,,,,ungraded,,likelihood unknown (no likelihood or grade)"
        ",8000.5,2025-07-15,24"
    )
    assert sheet(tmp_path)[2] == "1002;Schäfer AG;;Jan Rot;8000,5;25000;;;;;;"
    assert graded(book, "--config", "grading.yaml")[1].startswith("1002,Schäfer AG,Jan Rot,25000,B")


EXPORTS = {
    "salesforce-org": (EXAMPLES / "salesforce" / "Account.csv", ()),
    "ravenstack": (EXAMPLES / "ravenstack" / "ravenstack_accounts.csv", ()),
    "data-loader": (DATA / "accountData.csv", ("--encoding", "cp1252")),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_of_others(name: str, tmp_path: Path) -> None:
    """The folder of a real export answers, with every account of the file in the sheet too."""
    path, options = EXPORTS[name]
    start(tmp_path, path.read_bytes(), *options)
    book = tmp_path / "book"
    rows = graded(book)
    assert len(rows) == len(sheet(tmp_path)) - 1 > 10
    assert len(graded(book, "--config", "grading.yaml")) == len(rows)
    run("worklist", *DAY, cwd=book).good()


def test_not_utf8(tmp_path: Path) -> None:
    """Without its encoding a file that is not UTF-8 stops with the remedy, and nothing is made."""
    done = run("init", "book", "--from", str(DATA / "accountData.csv"), cwd=tmp_path)
    assert done.code == 3
    assert b"add --encoding cp1252" in done.err
    assert not (tmp_path / "book").exists()


def test_short_terms(tmp_path: Path) -> None:
    """Contracts of three months or less bring the monthly playbook with them."""
    start(tmp_path, "Id,Name,Term (months),Close Date\n1,A,1,2026-10-01\n2,B,12,2026-10-01\n")
    assert (tmp_path / "book" / "monthly.yaml").exists()
    assert "use: monthly.yaml" in config(tmp_path)
    graded(tmp_path / "book")


def test_several_rows_an_account(tmp_path: Path) -> None:
    """One row a deal is folded, and copies of one row are not added up."""
    deals = "Account ID,Close Date,ARR\nA,2026-02-01,100\nB,2026-03-01,7\nA,2026-01-01,50\n"
    said = start(tmp_path, deals)
    assert "combine: {arr: sum, start_date: min} (A has several rows: one row a deal" in said
    assert sheet(tmp_path)[1:] == ["A,A,,,150,,,,,,,", "B,B,,,7,,,,,,,"]
    assert len(graded(tmp_path / "book")) == 2
    again = tmp_path / "again"
    again.mkdir()
    said = start(again, "Account ID,ARR\nA,100\nA,100\n")
    assert "combine: {arr: first} (A has several rows: the same row twice)" in said


def test_recycle_bin_and_mixed_ids(tmp_path: Path) -> None:
    """A full Salesforce export loses what was deleted, and its long ids are cut."""
    said = start(
        tmp_path,
        "Id,Name,IsDeleted\n001bm00001ZL8U9AAL,A,false\n001bm00001ZL8UA,B,false\n"
        "001bm00001ZL8UB,C,true\n",
    )
    assert "set: ids: salesforce" in said
    rows = graded(tmp_path / "book")
    assert [row[:17] for row in rows] == ["001bm00001ZL8U9,A", "001bm00001ZL8UA,B"]
    assert len(sheet(tmp_path)) == 3


def test_open_dates(tmp_path: Path) -> None:
    """Dates that read two ways are left to a person: csprio init says so, grade stops."""
    said = start(tmp_path, "Id,Name,Close Date\n1,A,03/02/2026\n")
    assert "to settle: dates: 03/02/2026 in column Close Date may be 2026-02-03 (dmy)" in said
    book = tmp_path / "book"
    assert run("grade", *DAY, cwd=book).code == 3
    text = (book / "csprio.yaml").read_text(encoding="utf-8")
    (book / "csprio.yaml").write_text(text.replace("#dates: dmy", "dates: dmy"), encoding="utf-8")
    assert graded(book, "--add", "start_date")[0].endswith(",2026-02-03")


@pytest.mark.parametrize(
    ("export", "settled", "said"),
    [
        ("Id,Close Date\n1,03.02.2026\n", "dates: dmy", "guessed from the points in 03.02.2026"),
        ("Id,Close Date\n1,3/14/2026\n", "dates: mdy", "as 3/14/2026 in column Close Date shows"),
        ("Id;ARR\n1;1.500\n", 'decimal: ","', "guessed: 1.500 can be read two ways"),
        ("Id,ARR\n1,1.500\n2,12.25\n", 'decimal: "."', "as 1.500 shows"),
        ("Id,ARR\n1,1.500\n", "", "to settle: amounts: 1.500 can be read two ways"),
        ("Id,ARR\n1,$5\n", "currency: USD", "the one that the file has"),
        ("Id,ARR\n1,$5\n2,$6\n3,€7\n", "currency: USD", "to settle: currency: amounts in EUR"),
        ("Code,City\nx1,Rome\nx2,Rome\n", "account_id: Code", "this one is different in every"),
        ("Id,Size,Size\n1,A,B\n", "size: none", "several columns are called so"),
        ("Name,ARR\nA,5\nA,6\n", "combine: {arr: sum}", "as the file has no id column"),
        ("Id,Motion\n1,up\n", "motion: none", "it holds up, which it cannot be"),
        ("Id,Account Owner,Deal Owner\n1,Bo,Cy\n", "csm: Account Owner\n  sales: Deal", "guessed"),
        ("Id,Type\n1,Prospect\n", "", "perhaps, not set: status (Type): it holds Prospect"),
        ("Id,Notes\n001bm00001ZL8U9AAL,x\n", "", "found: account_id (Id)"),
        ("Id,IsDeleted\n1,false\n", "", "found: account_id (Id)"),
        ("Id,ARR\n1,1234.125\n", "", "found: account_id (Id); arr (ARR)"),
    ],
)
def test_what_the_file_settles(export: str, settled: str, said: str, tmp_path: Path) -> None:
    """What the cells of a file prove is set, what they suggest is set and said to be a guess."""
    assert said in start(tmp_path, export)
    keys = ("account_id", "combine", "csm", "currency", "dates", "decimal", "motion", "size")
    counts = [line for line in config(tmp_path).splitlines() if line.strip().split(":")[0] in keys]
    assert settled in config(tmp_path)
    assert settled or [line for line in counts if "account_id" not in line] == []
    rows = graded(tmp_path / "book")
    assert len(graded(tmp_path / "book", "--config", "grading.yaml")) == len(rows)


def test_amounts_in_the_sheet(tmp_path: Path) -> None:
    """An amount of three decimals is written so that it reads one way only."""
    start(tmp_path, "Id,ARR\n1,1234.125\n")
    assert sheet(tmp_path)[1] == "1,1,,,1234.1250,,,,,,,"


def test_sheet_keeps_what_is_known(tmp_path: Path) -> None:
    """What the export says of champions and barriers stands in the sheet already."""
    said = start(
        tmp_path, "Id,Name,Champion,Potential,Likelihood,Budget Barrier\n1,A,strong,60k,1,no\n"
    )
    assert "without" not in said
    assert sheet(tmp_path)[1] == "1,A,,,,60000,1,strong,no,,,"


def test_dates_of_two_orders(tmp_path: Path) -> None:
    """A file that needs both orders of day and month is told of, as no setting helps it."""
    said = start(tmp_path, "Id,Close Date\n1,13/02/2026\n2,02/13/2026\n")
    assert "to settle: dates: 13/02/2026 is day first and 02/13/2026 is month first" in said


def test_two_candidates(tmp_path: Path) -> None:
    """Of two columns for one field the one that says more is taken, and the other one named."""
    said = start(tmp_path, "Id,Record ID,Name,Close Date,Won time\n,5,A,,2026-01-01\n2,6,B,,\n")
    assert "guessed, please check: account_id (Record ID): it could also be Id" in said
    assert "guessed, please check: start_date (Won time): it could also be Close Date" in said
    assert len(graded(tmp_path / "book")) == 2


def test_owner_ids_are_no_names(tmp_path: Path) -> None:
    """An owner column with ids instead of names is offered, not taken."""
    said = start(tmp_path, "Id,Name,OwnerId\n1,A,005x0000000fNSiAAM\n")
    assert "perhaps, not set: csm (OwnerId): it holds ids, not names" in said
    assert "csm" not in config(tmp_path)


def test_wild_headers(tmp_path: Path) -> None:
    """Headers, names and paths with the signs of YAML and of spreadsheets come through whole."""
    wild = '"Close Date",Id,"Name","Owner: #1 ""x"", {y}"\n2026-01-01,=1+1,- [/b] &a *b,@cmd\n'
    start(tmp_path, wild.replace('"Owner: #1 ""x"", {y}"', "Owner"))
    assert graded(tmp_path / "book")[0].startswith("=1+1,- [/b] &a *b,@cmd,")
    assert sheet(tmp_path)[1] == "'=1+1,'- [/b] &a *b,,'@cmd,,,,,,,,"
    assert graded(tmp_path / "book", "--config", "grading.yaml")[0].startswith("=1+1,- [/b]")
    odd = tmp_path / "a: #b {c}.csv"
    odd.write_text('"ARR",Id,Close Date\n1,2,2026-01-01\n', encoding="utf-8")
    run("init", "odd", "--from", odd.name, *DAY, cwd=tmp_path).good()
    assert len(graded(tmp_path / "odd")) == 1


def test_unusable_export(tmp_path: Path) -> None:
    """An export that is no table stops with its lines, and leaves no folder behind."""
    for text, code in (("a,b\n1,2\n1,2\n", 3), ("Id,Name\n1\n", 3), ("Id,Name\n,A\n1,B\n", 3)):
        (tmp_path / "export.csv").write_text(text, encoding="utf-8")
        assert run("init", "book", "--from", "export.csv", cwd=tmp_path).code == code
        assert not (tmp_path / "book").exists()


def test_overwrites_nothing(tmp_path: Path) -> None:
    """Where one file is there already all are named that are, and nothing is written."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "grid.yaml").write_text("mine", encoding="utf-8")
    (book / "csprio.yaml").symlink_to(tmp_path / "nowhere")
    done = run("init", "book", cwd=tmp_path)
    assert done.code == 2
    assert done.err.count(b"file-exists") == 2
    assert b"book/grid.yaml" in done.err
    assert sorted(path.name for path in book.iterdir()) == ["csprio.yaml", "grid.yaml"]
    assert (book / "grid.yaml").read_text(encoding="utf-8") == "mine"


def test_own_plan(tmp_path: Path) -> None:
    """A new own plan changes nothing; with its examples switched on the calendar takes them."""
    run("init", "book", *DAY, cwd=tmp_path).good()
    book = tmp_path / "book"
    before = run("calendar", *DAY, cwd=book).good()
    done = run("init", ".", "--plan", "Cedar Press", *DAY, cwd=book)
    assert done.good() == b""
    assert done.err == b".: wrote plans/CEDAR.yaml\n"
    assert run("calendar", *DAY, cwd=book).good() == before
    path = book / "plans" / "CEDAR.yaml"
    head, parts = path.read_text(encoding="utf-8").split("\n# Activities that only", 1)
    assert "#   kickoff " in head
    path.write_text(head + "\n#" + re.sub(r"(?m)^#(?! )|^#(?=  )", "", parts), encoding="utf-8")
    after = run("calendar", "--account", "CEDAR", "--from", "2026-01-01", *DAY, cwd=book).good()
    assert b",site-visit," in after
    assert b",renewal-talk," not in after
    again = run("init", ".", "--plan", "CEDAR", *DAY, cwd=book)
    assert again.code == 2
    assert b"plans/CEDAR.yaml" in again.err


def test_own_plan_without_activities(tmp_path: Path) -> None:
    """An account that gets nothing now, such as an ended one, can have a plan all the same."""
    start(tmp_path, "Id,Name,Status\n1/a,A,churned\n")
    run("init", "book", "--plan", "A", *DAY, cwd=tmp_path).good()
    text = (tmp_path / "book" / "plans" / "1-a.yaml").read_text(encoding="utf-8")
    assert "account: 1/a" in text
    assert "it has no activities (no tier, not graded)" in text
    graded(tmp_path / "book")


def test_own_plan_of_nobody(tmp_path: Path) -> None:
    """A plan for an account that is not there, or without a folder, is refused."""
    run("init", "book", *DAY, cwd=tmp_path).good()
    done = run("init", "book", "--plan", "CEDRA", *DAY, cwd=tmp_path)
    assert done.code == 2
    assert b"CEDAR" in done.err
    assert run("init", "nothing", "--plan", "CEDAR", cwd=tmp_path).code == 2
    assert not (tmp_path / "nothing").exists()


def test_holidays(tmp_path: Path) -> None:
    """The file of holidays has the days from the year before to three years after."""
    done = run("init", "book", "--holidays", "gb-eng", *DAY, cwd=tmp_path)
    assert done.good() == b""
    assert b"add to csprio.yaml: holidays: [holidays-gb-eng.csv]" in done.err
    assert sorted(tree(tmp_path / "book")) == ["holidays-gb-eng.csv"]
    lines = (tmp_path / "book" / "holidays-gb-eng.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "date,name"
    assert [line for line in lines if line.startswith("2026")] == [
        "2026-01-01,New Year's Day",
        "2026-04-03,Good Friday",
        "2026-04-06,Easter Monday",
        "2026-05-04,May Day",
        "2026-05-25,Spring Bank Holiday",
        "2026-08-31,Late Summer Bank Holiday",
        "2026-12-25,Christmas Day",
        "2026-12-26,Boxing Day",
        "2026-12-28,Boxing Day (observed)",
    ]
    assert (lines[1][:4], lines[-1][:4]) == ("2025", "2029")


@pytest.mark.parametrize(
    ("code", "hint"),
    [("US-CAL", "US-CA"), ("UX", "US"), ("Germany", "write a country as US"), ("GB-XX", "GB-ENG")],
)
def test_holidays_of_nowhere(code: str, hint: str, tmp_path: Path) -> None:
    """A code that nobody has is refused with those like it."""
    done = run("init", "book", "--holidays", code, cwd=tmp_path)
    assert done.code == 2
    assert hint in done.err.decode()
    assert not (tmp_path / "book").exists()


def test_holidays_in_a_new_folder(tmp_path: Path) -> None:
    """Written together with csprio.yaml, the holidays stand in it and count."""
    start(tmp_path, HUBSPOT, "--holidays", "US-CA")
    assert "holidays: [holidays-us-ca.csv]" in config(tmp_path)
    run("calendar", *DAY, cwd=tmp_path / "book").good()


def test_holidays_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package is not installed the message gives the command that installs it."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as Python calls it
        if name == "holidays":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    done = run("init", "book", "--holidays", "US", cwd=tmp_path)
    assert done.code == 2
    assert b"pip install 'csprio[holidays]'" in done.err
    assert not (tmp_path / "book").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "-"),
        ("--encoding", "cp1252"),
        ("--delimiter", ";"),
        ("--from", "export.csv", "--plan", "A"),
        ("--as-of", "23.11.2026"),
    ],
)
def test_contradictions(words: tuple[str, ...], tmp_path: Path) -> None:
    """Options that make no sense together are refused, and nothing is made."""
    (tmp_path / "export.csv").write_text("Id,Name\n1,A\n", encoding="utf-8")
    assert run("init", "book", *words, cwd=tmp_path).code == 2
    assert not (tmp_path / "book").exists()


def test_delimiter(tmp_path: Path) -> None:
    """A separator that must be said is kept in the configuration, and the sheet has it too."""
    start(tmp_path, "Id:Name\n1:A\n", "--delimiter", ":")
    assert 'delimiter: ":"' in config(tmp_path)
    assert len(graded(tmp_path / "book")) == 1
    assert len(graded(tmp_path / "book", "--config", "grading.yaml")) == 1


@pytest.mark.parametrize(
    ("text", "skipped", "ids"),
    [
        ("My CRM export;;;\nAcct #;Customer;AE;ARR\n1;A;B;1\n2;C;D;2\n", 1, ["1", "2"]),
        ("Accounts\nrun on Monday\n\nAccount ID,Account Name,ARR\n1,A,5\n", 2, ["1"]),
        ("account_id,,\nA,b,c\n", 0, ["A"]),
        ("account_id\nA\n", 0, ["A"]),
        ("account_id", 0, []),
    ],
)
def test_titles_above_the_header(tmp_path: Path, text: str, skipped: int, ids: list[str]) -> None:
    """Lines of a title are skipped, and stay so; a header of one column is none."""
    (tmp_path / "export.csv").write_text(text)
    run("init", "book", "--from", "export.csv", cwd=tmp_path).good()
    written = (tmp_path / "book" / "csprio.yaml").read_text().splitlines()
    lines = [line for line in written if line.startswith("skip_lines:")]
    assert [line.partition("#")[0].strip() for line in lines] == (
        [f"skip_lines: {skipped}"] if skipped else []
    )
    answer = run("grade", "-f", "csv", "-q", cwd=tmp_path / "book").good().decode()
    assert [row.partition(",")[0] for row in answer.splitlines()[1:]] == ids


def test_titles_above_the_header_of_a_sheet(tmp_path: Path) -> None:
    """A report that a CRM saves as a workbook has its titles skipped as one in CSV has."""
    book = openpyxl.Workbook()
    for row in (["My CRM export"], ["run on Monday"], [], ["Account ID", "ARR"], ["1", 5]):
        book.active.append(row)
    book.save(tmp_path / "export.xlsx")
    run("init", "book", "--from", "export.xlsx", cwd=tmp_path).good()
    assert "skip_lines: 2" in config(tmp_path)
    assert [row.split(",")[0] for row in graded(tmp_path / "book")] == ["1"]


def test_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    """The sheet that is asked for stays in the configuration; the first one is said to be it."""
    book = openpyxl.Workbook()
    book.active.title = "About"
    book.active.append(["account_id", "name"])
    book.active.append(["WRONG", "No account"])
    accounts = book.create_sheet("The accounts")
    accounts.append(["Account ID", "Account Name", "ARR"])
    accounts.append(["00123", "Acme", 5000])
    book.save(tmp_path / "export.xlsx")
    first = run("init", "first", "--from", "export.xlsx", *DAY, cwd=tmp_path)
    assert b"read the sheet `About`, the first of 2; --sheet NAME reads another" in first.err
    chosen = ("--from", "export.xlsx", "--sheet", "The accounts")
    run("init", "book", *chosen, *DAY, cwd=tmp_path).good()
    assert "sheet: The accounts" in config(tmp_path)
    assert [row.split(",")[:2] for row in graded(tmp_path / "book")] == [["00123", "Acme"]]
    assert sheet(tmp_path)[1].startswith("00123,Acme,")
    assert run("init", "x", "--sheet", "S", cwd=tmp_path).code == 2
