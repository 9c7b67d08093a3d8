"""A book that is walked through gives the answers of one that is read at once, byte for byte."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import shlex
import shutil
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import tree
from csprio import pipeline
from csprio.read import reopened, text_pieces, walked
from csprio.walk import Walk
from naive import folder
from naive.strategies import cases
from session import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.read.accounts import Book
    from naive.book import Case
    from session import Result

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for path in HERE.glob("*/*/command"))
ACCOUNTS = "id,name,potential,likelihood,csm,start_date\n"


@contextmanager
def pieces_of(size: int) -> Iterator[list[int]]:
    """Let pieces be small; gives the number of batches of each walk that was begun."""
    walks: list[int] = []
    begin = walked.Walked.__iter__

    def counting(self: walked.Walked) -> Iterator[Book]:
        walks.append(0)
        for book in begin(self):
            walks[-1] += 1
            yield book

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_pieces, "PIECE", size)
        patch.setattr(walked.Walked, "__iter__", counting)
        yield walks


def book(rows: int, *changes: tuple[int, str]) -> str:
    """Write accounts, some of which are other lines than the rest."""
    people = ("Ann", "Ben", "")
    lines = [
        f"{n:04},Company {n},{n * 700},{n % 3 + 1},{people[n % 3]},2025-{n % 12 + 1:02}-03\n"
        for n in range(rows)
    ]
    for at, line in changes:
        lines[at] = line
    return ACCOUNTS + "".join(lines)


@pytest.mark.parametrize("at_once", [False, True])
def test_tells_how_far_it_is(at_once: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    """Whoever waits learns how many accounts are done, of a book that is read at once as well."""
    (tmp_path / "a.csv").write_text(book(200), encoding="utf-8")
    asked = pipeline.Question(
        accounts=(str(tmp_path / "a.csv"),),
        as_of=date(2026, 11, 23),
        config=os.devnull,
        at_once=at_once,
        batch=256,
    )
    told: list[int] = []
    with pieces_of(256):
        walk = Walk(pipeline.read(asked, io.BytesIO()), (), told.append)
        assert sum(len(each.table["account_id"]) for each in walk) == 200
    assert told[-1] == 200
    assert (len(told) == 1) is at_once


def both(place: Path, *words: str, stdin: bytes = b"") -> tuple[Result, list[int]]:
    """Ask twice, at once and in pieces; the answers must be the same, whatever they are."""
    before = tree(place)
    whole = run(*words, cwd=place, stdin=stdin)
    written = tree(place)
    for path in written.keys() - before.keys():
        (place / path).unlink()
    with pieces_of(256) as walks:
        walking = run(*words, cwd=place, stdin=stdin)
    assert walking == whole
    assert tree(place) == written
    return whole, walks


@pytest.mark.parametrize("case", FOLDERS, ids=[case.name for case in FOLDERS])
def test_cases(case: Path, tmp_path: Path) -> None:
    """Every golden answer and every problem is the same, whatever the size of a piece."""
    words = shlex.split((case / "command").read_text(encoding="utf-8"), comments=True)
    stdin = case / "stdin"
    given_ = stdin.read_bytes() if stdin.exists() else b""
    places = [tmp_path / "whole" / case.name, tmp_path / "walked" / case.name]
    for place in places:
        shutil.copytree(case, place)
    whole = run(*words, cwd=places[0], stdin=given_)
    with pieces_of(64):
        walking = run(*words, cwd=places[1], stdin=given_)
    assert walking == whole
    assert tree(places[1]) == tree(places[0])


@settings(max_examples=max(settings().max_examples // 4, 10))
@given(cases(), st.integers(1, 300), st.sampled_from(["grade", "tiers", "calendar", "worklist"]))
def test_random_books(case: Case, size: int, command: str) -> None:
    """Random books, too, answer alike at random sizes of a piece."""
    plain = dataclasses.replace(case, journal={}, signals=None, files={})
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "book"
        folder.write(plain, place)
        words = [command, "accounts.csv", "--as-of", str(case.as_of), "-f", "csv"]
        whole = run(*words, cwd=place)
        with pieces_of(size):
            assert run(*words, cwd=place) == whole


@pytest.mark.parametrize("command", ["grade", "tiers", "calendar", "worklist"])
@pytest.mark.parametrize("form", ["csv", "json", "table", "md", "excel", "parquet"])
def test_formats(command: str, form: str, tmp_path: Path) -> None:
    """Every format writes the batches as it writes one table; and the book is walked through."""
    (tmp_path / "a.csv").write_text(book(40), encoding="utf-8")
    words = (command, "a.csv", "--as-of", "2026-11-23", "--add", "segment,potential", "-f", form)
    result, walks = both(tmp_path, *words)
    assert result.code == 0
    assert set(walks) == {6}


def test_two_files(tmp_path: Path) -> None:
    """Several files are one book, in their order."""
    lines = book(40).splitlines(keepends=True)
    (tmp_path / "a.csv").write_text("".join(lines[:21]), encoding="utf-8")
    (tmp_path / "b.csv").write_text("".join([lines[0], *lines[21:]]), encoding="utf-8")
    result, walks = both(tmp_path, "grade", "a.csv", "b.csv")
    ids = [row["account_id"] for row in csv.DictReader(io.StringIO(result.out.decode()))]
    assert ids == [f"{n:04}" for n in range(40)]
    assert walks == [6]


def test_two_files_of_other_columns(tmp_path: Path) -> None:
    """A column that only one file has counts for all accounts; such files are read at once."""
    (tmp_path / "csprio.yaml").write_text("only: {headroom: at least 5}\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text(book(20), encoding="utf-8")
    further = [f"b{n},{n},{n * 10},9" for n in range(40)]
    text = "\n".join(["id,headroom,potential,arr", *further, ""])
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    result, walks = both(tmp_path, "grade", "a.csv", "b.csv", "--add", "headroom")
    assert len(result.out.splitlines()) == 36
    assert walks == []


@pytest.mark.parametrize(
    ("line", "code", "found"),
    [
        ("0003,Again,1,1,Ann,2025-01-01\n", 3, "a.csv:42:id: repeated-id: "),
        (",Nobody,1,1,Ann,2025-01-01\n", 3, "a.csv:42:id: blank-id: "),
        ("9999,Short,1\n", 3, "a.csv:42: ragged-row: "),
        ('9999,"Open,1,1,Ann,2025-01-01\n', 3, "a.csv:42: unclosed-quote: "),
        ("9999,Bad,much,1,Ann,2025-01-01\n", 0, "a.csv:42:potential: bad-money: "),
        ("9999,Old,1,1,Ann,1025-01-01\n", 0, "a.csv:42:start_date: far-date: "),
        (" , , , , , \n", 0, ""),
        ("\n", 0, ""),
        ("9999,,,,,\n", 0, ""),
    ],
)
def test_odd_lines(line: str, code: int, found: str, tmp_path: Path) -> None:
    """What is wrong with a line, also near the end of many, is said with its place."""
    (tmp_path / "a.csv").write_text(book(60, (40, line)), encoding="utf-8")
    result, walks = both(tmp_path, "grade", "a.csv", "-o", "out.csv")
    assert result.code == code
    assert walks
    assert found in result.err.decode()
    assert (tmp_path / "out.csv").exists() is (code == 0)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


@pytest.mark.parametrize(
    ("first", "second", "code", "said"),
    [
        ("13/02/2025", "02/03/2025", 0, "dates are read day first, as `13/02/2025` in line 22"),
        ("02/03/2025", "02/13/2025", 0, "dates are read month first, as `02/13/2025` in line 42"),
        ("13/02/2025", "02/13/2025", 3, "mixed-dates"),
        ("01/02/2025", "02/03/2025", 3, "ambiguous-dates"),
        ("2025-02-01", "2025-03-01", 0, ""),
    ],
)
def test_the_order_of_dates(first: str, second: str, code: int, said: str, tmp_path: Path) -> None:
    """The order of day and month is settled by the whole file, wherever the proof stands."""
    text = book(60, (20, f"a,A,1,1,Ann,{first}\n"), (40, f"b,B,1,1,Ann,{second}\n"))
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    result, walks = both(tmp_path, "grade", "a.csv")
    assert result.code == code
    assert said in result.err.decode()
    assert len(walks) == 1


@pytest.mark.parametrize(
    ("first", "second", "code", "said"),
    [
        ("$5", "5", 0, "amounts are in USD, as `$5` in line 22 says"),
        ("5", "EUR 5", 0, "amounts are in EUR, as `EUR 5` in line 42 says"),
        ("$5", "EUR 5", 3, "two-currencies"),
    ],
)
def test_currencies(first: str, second: str, code: int, said: str, tmp_path: Path) -> None:
    """The currency is that of the whole file."""
    text = book(60, (20, f"a,A,{first},1,Ann,\n"), (40, f"b,B,{second},1,Ann,\n"))
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    result, _ = both(tmp_path, "grade", "a.csv")
    assert result.code == code
    assert said in result.err.decode()


def test_ids_of_two_kinds(tmp_path: Path) -> None:
    """Ids of 15 and of 18 characters in one file are a warning, however far apart they stand."""
    short, long = "0015g00000PQRSTA", "0015g00000XYZAbAAO"
    text = book(60, (5, f"{short[:15]},A,1,1,Ann,\n"), (50, f"{long},B,1,1,Ann,\n"))
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    result, _ = both(tmp_path, "grade", "a.csv")
    assert result.code == 0


def test_settings(tmp_path: Path) -> None:
    """What csprio.yaml says of a file holds for each of its pieces."""
    (tmp_path / "csprio.yaml").write_text(
        "accounts: a.csv\nonly: {csm: Ann}\nskip_lines: 1\nmissing: ['-']\ndelimiter: ';'\n",
        encoding="utf-8",
    )
    text = book(60, (4, "0004,Gone,-,-,Ann,-\n")).replace(",", ";")
    (tmp_path / "a.csv").write_text(f"an export\n{text}", encoding="utf-8")
    result, walks = both(tmp_path, "grade")
    assert "`only` keeps 21 of 60 rows" in result.err.decode()
    assert walks == [9]


def test_what_is_asked_of_people_is_read_at_once(tmp_path: Path) -> None:
    """Names of people and accounts are looked up in the whole book, which is then in memory."""
    (tmp_path / "a.csv").write_text(book(60), encoding="utf-8")
    for words in (
        ("worklist", "a.csv", "--owner", "Ann"),
        ("calendar", "a.csv", "--account", "0059"),
        ("grade", "a.csv", "-o", "{owner}.csv"),
    ):
        result, walks = both(tmp_path, *words)
        assert result.code == 0
        assert walks == []


def test_a_file_for_everybody(tmp_path: Path) -> None:
    """A worklist for each person knows all people once it has seen all batches."""
    (tmp_path / "a.csv").write_text(book(60, (55, "x,X,1,3,Zoe,2025-01-01\n")), encoding="utf-8")
    words = ("worklist", "a.csv", "-o", "lists/{owner}.csv", "--as-of", "2026-11-23")
    result, walks = both(tmp_path, *words)
    assert result.code == 0
    assert (tmp_path / "lists" / "Zoe.csv").exists()
    assert walks == [9]


@pytest.mark.parametrize("held", [1 << 20, 100])
def test_a_pipe(held: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes through a pipe is kept, in memory or on the disk, and walked through."""
    monkeypatch.setattr(reopened, "HELD_BYTES", held)
    words = ("grade", "-", "-f", "json")
    result, walks = both(tmp_path, *words, stdin=book(60).encode())
    assert result.code == 0
    assert walks == [9]
    result, walks = both(tmp_path, *words, stdin=book(60, (50, "0001,Again,,,,\n")).encode())
    assert "-:52:id: repeated-id" in result.err.decode()
    assert walks


def test_own_plans(tmp_path: Path) -> None:
    """A plan of an account is known to be of somebody, or of nobody, by the whole book."""
    (tmp_path / "plans").mkdir()
    for name in ("0055", "gone"):
        text = f"account: '{name}'\nremove: [kickoff]\n"
        (tmp_path / "plans" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "csprio.yaml").write_text("accounts: a.csv\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text(book(60), encoding="utf-8")
    result, walks = both(tmp_path, "calendar")
    assert result.err.decode().count("plan-unused") == 1
    assert walks


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    """An encoding is taken as it is said, also of a file that could be read otherwise."""
    text = book(60, (3, "0003,Köln,1,1,Ann,\n"))
    (tmp_path / "a.csv").write_text(text, encoding=encoding)
    result, walks = both(tmp_path, "grade", "a.csv", "--encoding", "cp1252")
    name = "Köln".encode(encoding).decode("cp1252")
    assert f"0003,{name}," in result.out.decode()
    assert walks


def test_packed(tmp_path: Path) -> None:
    """A packed file is walked through, too, and its digest is that of the packed bytes."""
    import gzip  # noqa: PLC0415

    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(book(200).encode(), mtime=0))
    result, walks = both(tmp_path, "grade", "a.csv.gz", "-f", "json")
    assert result.code == 0
    assert walks
