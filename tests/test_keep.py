"""Proves that a journal only ever grows by whole lines: many at once, killed, torn, disk full.

The files are read back by Python's own csv, so that csprio's reader proves nothing about itself.
"""

from __future__ import annotations

import csv
import fcntl
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio import keep
from csprio.journal import COLUMNS
from csprio.problems import ExitCode, Stop

HEADER = b"date,account_id,kind,key,value,until,by,note\n"
SCRIPTS = Path(__file__).parent / "appending.py"
ENTRY = ("2026-11-23", "ACME", "touch", "call", "talked", "", "Ana", "went well")
AWKWARD = ("2026-11-23", "ACME", "touch", "call", 'said "no", twice', "", "Añá 🙂", 'so "so"; "…"')


def rows_of(content: bytes, delimiter: str = ",") -> list[list[str]]:
    """Read a journal as CSV, its header aside."""
    text = content.decode("utf-8-sig")
    found = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    assert found[0] == list(COLUMNS)
    return found[1:]


def entries(content: bytes) -> list[tuple[str, ...]]:
    """Give the rows of a journal that have as many cells as its header."""
    return [tuple(row) for row in rows_of(content) if len(row) == len(COLUMNS)]


def appending(*words: object) -> str:
    """Run the processes of `appending.py` and give what they confirm."""
    command = [sys.executable, str(SCRIPTS), *map(str, words)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert done.stderr == ""
    return done.stdout


def test_new_file(tmp_path: Path) -> None:
    """A file that is not there, or is empty, gets the header in the same write."""
    for name, before in (("new.csv", None), ("empty.csv", b""), ("blank.csv", b"\n")):
        journal = tmp_path / name
        if before is not None:
            journal.write_bytes(before)
        keep.append(str(journal), [ENTRY])
        assert journal.read_bytes() == (before or b"") + HEADER + b",".join(
            cell.encode() for cell in ENTRY
        ) + b"\n"  # fmt: skip


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (b"\xef\xbb\xbfdate,account_id,kind,key,value,until,by,note\r\n", b'A,"x;y, z",'),
        (b"sep=;\r\ndate;account_id;kind;key;value;until;by;note\r\n", b'A;"x;y, z";'),
        (b'"date"\t"account_id"\tkind\tkey\tvalue\tuntil\tby\tnote\n', b"A\tx;y, z\t"),
        (b"\nDate|Account ID|Kind|Key|Value|Until|By|Note\n", b"A|x;y, z|"),
    ],
)
def test_form_of_the_file(tmp_path: Path, header: bytes, line: bytes) -> None:
    """Whatever separates the cells of a journal and ends its lines, the new ones do it too."""
    journal = tmp_path / "journal.csv"
    journal.write_bytes(header)
    keep.append(str(journal), [("2026-11-23", "K", "touch", "A", "x;y, z", "", "Ana", "")])
    new = journal.read_bytes().removeprefix(header)
    assert line in new
    assert new.endswith(header[-2:] if header.endswith(b"\r\n") else b"\n")
    assert new.count(b"\n") == 1


@pytest.mark.parametrize(
    "content",
    [
        b"account_id,name\nACME,Acme\n",
        b"date,account_id,kind,key,value,until,by\n",
        b"date,account_id,kind,key,value,until,by,note,more\n",
        b"account_id,date,kind,key,value,until,by,note\n",
        HEADER.decode().encode("utf-16"),
        b"\x00\x01",
        b"  ",
    ],
)
def test_no_journal(tmp_path: Path, content: bytes) -> None:
    """A file with another header is refused with exit 2, before and by an append, and stays."""
    journal = tmp_path / "accounts.csv"
    journal.write_bytes(content)
    for check in (True, False):
        with pytest.raises(Stop, match="journal-header") as stop:
            keep.check(str(journal)) if check else keep.append(str(journal), [ENTRY])
        assert stop.value.exit_code is ExitCode.POLICY
    assert journal.read_bytes() == content


@pytest.mark.parametrize("path", ["/dev/full", "/dev/null", "nowhere/journal.csv", ".", "a\0b"])
def test_unwritable(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no line can be added to a file, the run ends with exit 4 and makes nothing."""
    monkeypatch.chdir(tmp_path)
    for check in (True, False):
        with pytest.raises(Stop, match="unwritten") as stop:
            keep.check(path) if check else keep.append(path, [ENTRY])
        assert stop.value.exit_code is ExitCode.UNWRITTEN
    assert not list(tmp_path.iterdir())


def test_check_makes_nothing(tmp_path: Path) -> None:
    """Looking whether a journal can be added to neither makes nor changes it."""
    journal = tmp_path / "journal.csv"
    keep.check(str(journal))
    assert not journal.exists()
    journal.write_bytes(HEADER)
    keep.check(str(journal))
    assert journal.read_bytes() == HEADER


def test_one_line_each(tmp_path: Path) -> None:
    """A text's line ends and control characters become blanks; its first character is its own."""
    journal = tmp_path / "journal.csv"
    texts = ["two\r\nlines\tand\x1b[31m\u2028red", "=1+1", "-5", " \x00 ", "lone \udcff half"]
    keep.append(
        str(journal), [("2026-11-23", "K", "touch", "c\nd", text, "", "@a", text) for text in texts]
    )
    content = journal.read_bytes()
    assert content.count(b"\n") == 1 + len(texts)
    said = [row[4] for row in entries(content)]
    assert said == ["two lines and [31m red", "=1+1", "-5", "", "lone ? half"]
    assert {(row[3], row[6]) for row in entries(content)} == {("c d", "@a")}


def test_ids_are_kept(tmp_path: Path) -> None:
    """The id of an account and of a task is written as it is, whatever is in it."""
    journal = tmp_path / "journal.csv"
    name = 'A\r"\tC'
    keep.append(str(journal), [("2026-11-23", name, "done", f"{name}:x:s1", "", "", "Ana", "")])
    with journal.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))[1]
    assert (found[1], found[3]) == (name, f"{name}:x:s1")


def test_symlink(tmp_path: Path) -> None:
    """A link is followed, also to where nothing is yet, and stays a link."""
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    for lines in (2, 3):
        keep.append(str(tmp_path / "link.csv"), [ENTRY])
        assert (tmp_path / "link.csv").is_symlink()
        assert (tmp_path / "real.csv").read_bytes().count(b"\n") == lines


def test_replaced_while_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git puts a new file in the old one's place while we wait, that one gets the entry."""
    journal, other = tmp_path / "journal.csv", tmp_path / "other.csv"
    journal.write_bytes(HEADER)
    other.write_bytes(HEADER + b"2026-11-22,X,touch,,,,,\n")
    really = fcntl.flock

    def flock(file: int, how: int) -> None:
        if other.exists():
            other.replace(journal)
        really(file, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    keep.append(str(journal), [ENTRY])
    assert [row[1] for row in entries(journal.read_bytes())] == ["X", "ACME"]


def test_gone_while_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file is gone by the time we have it, a new one is made, whole."""
    journal = tmp_path / "journal.csv"
    journal.write_bytes(HEADER)
    really = fcntl.flock
    calls: list[int] = []

    def flock(file: int, how: int) -> None:
        if not calls:
            journal.unlink()
        calls.append(how)
        really(file, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    keep.append(str(journal), [ENTRY])
    assert entries(journal.read_bytes()) == [ENTRY]


@pytest.mark.parametrize("before", [None, HEADER, HEADER + b"torn"])
def test_disk_that_fails(
    tmp_path: Path, before: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk takes the bytes and then fails, they are taken back."""
    journal = tmp_path / "journal.csv"
    if before is not None:
        journal.write_bytes(before)

    def fsync(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Stop, match="Input/output") as stop:
        keep.append(str(journal), [ENTRY])
    assert stop.value.exit_code is ExitCode.UNWRITTEN
    assert (journal.read_bytes() if journal.exists() else None) == before


@pytest.mark.parametrize("room", [0, 1, 30, 62, 100])
@pytest.mark.parametrize("before", [None, b"", HEADER, HEADER + b'2026-11-22,X,touch,,"torn'])
def test_disk_full(tmp_path: Path, before: bytes | None, room: int) -> None:
    """Where only a part of the entries has room, the file keeps its bytes, or is not there."""
    journal = tmp_path / "journal.csv"
    if before is not None:
        journal.write_bytes(before)
    said = appending("limited", journal, len(before or b"") + room)
    assert said == "4\n"
    assert (journal.read_bytes() if journal.exists() else None) == before


def cuts() -> list[bytes]:
    """Give a journal of three entries, cut off at every byte."""
    texts = keep.lines([ENTRY, AWKWARD, ENTRY]).encode()
    whole = HEADER + texts
    return [whole[:cut] for cut in range(len(whole) + 1)]


def test_torn_anywhere(tmp_path: Path) -> None:
    """Whatever a crash has left of the last line, earlier entries and the new one read back.

    What was torn is no entry, but for a line that lacks only its end, or the end of its last cell.
    """
    journal = tmp_path / "journal.csv"
    new = ("2026-11-24", "NEW", "grade", "", "B2", "", "Ana", "")
    for before in cuts():
        journal.write_bytes(before)
        keep.append(str(journal), [new])
        content = journal.read_bytes()
        assert content.startswith(before)
        found = entries(content)
        assert found[-1] == new
        ended = max(before.count(b"\n") - 1, 0)
        assert found[:ended] == [ENTRY, AWKWARD, ENTRY][:ended]
        for torn in found[ended:-1]:  # it lacks no more than the end of its last cell
            assert torn[:7] == (AWKWARD if ended == 1 else ENTRY)[:7]
            assert before.count(b'"') % 2 == 0
        keep.append(str(journal), [new])
        assert entries(journal.read_bytes()) == [*found, new]


@given(
    st.lists(st.text(alphabet=st.sampled_from('a",;\né🙂 '), max_size=12), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([",", ";"]),
    st.data(),
)
def test_torn_in_any_text(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
    line_end: str,
    separator: str,
    data: st.DataObject,
) -> None:
    """The same for texts over several lines that somebody else has written, in other forms."""
    journal = tmp_path_factory.mktemp("torn") / "journal.csv"
    with journal.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator=line_end)
        writer.writerow(COLUMNS)
        file.flush()
        head = file.tell()
        written = [["2026-11-23", "K", "touch", "", text, "", "", text] for text in texts]
        ends = []
        for row in written:
            writer.writerow(row)
            ends.append(file.tell())
    whole = journal.read_bytes()
    cut = data.draw(st.integers(head, len(whole)))
    journal.write_bytes(whole[:cut])
    keep.append(str(journal), [ENTRY])
    with journal.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file, delimiter=separator))[1:]
    sure = [row for row, end in zip(written, ends, strict=True) if end <= cut]
    assert found[: len(sure)] == sure
    assert tuple(found[-1]) == ENTRY


def test_mended_quote(tmp_path: Path) -> None:
    """What closes an open quote swallows nothing when somebody later mends that quote."""
    journal = tmp_path / "journal.csv"
    stray = HEADER + b'2026-11-22,X,touch,,"open,,,\n2026-11-22,Y,touch,,,,,\n'
    journal.write_bytes(stray)
    keep.append(str(journal), [ENTRY])
    assert entries(journal.read_bytes()) == [ENTRY]
    journal.write_bytes(journal.read_bytes().replace(b'"open', b"open", 1))
    assert [row[1] for row in entries(journal.read_bytes())] == ["X", "Y", "ACME"]


def test_two_hundred_at_once(tmp_path: Path) -> None:
    """Two hundred processes that append at the same moment leave 200 lines and one header."""
    journal = tmp_path / "journal.csv"
    appending("together", journal, 200)
    content = journal.read_bytes()
    assert content.startswith(HEADER)
    assert content.count(HEADER) == 1
    assert sorted(int(row[1]) for row in entries(content)) == list(range(200))
    assert len(rows_of(content)) == 200


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Processes killed while they append lose no entry that was confirmed, and glue no line."""
    journal = tmp_path / "journal.csv"
    confirmed = appending("killed", journal, 1000, random.Random(7).random()).split()
    assert len(confirmed) >= 1000
    keep.append(str(journal), [ENTRY])  # which also ends a line that a kill has left torn
    *found, last = entries(journal.read_bytes())
    assert last == ENTRY
    assert all(row[7].startswith("begin") and row[7].count("begin") == 1 for row in found)
    ids = [row[1] for row in found]
    assert len(set(ids)) == len(ids)
    assert set(confirmed) <= {row[1] for row in found if row[7].endswith("end")}
