"""Reads hard files and hard texts: all their accounts, or an end in good order, with lines."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from csprio.fields import FIELDS
from csprio.problems import ExitCode, Stop
from csprio.read.accounts import Book, Needs, read_accounts
from csprio.settings import TableSettings

DATA = Path(__file__).parent / "data"
FILES = sorted(path for path in (DATA / "csv").glob("*/**/*.?sv")) + sorted(
    (DATA / "csv").glob("*.csv")
)
MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
         (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"))  # fmt: skip
OFF = dict.fromkeys(field.name for field in FIELDS)
# Without a line: the file as a whole is the trouble.
WHOLE_FILE = {"no-header", "no-id-column"}


def text_of(path: Path) -> str | None:
    """Decode a file as its mark says; None if it is no UTF-8."""
    raw = path.read_bytes()
    codec = next(codec for mark, codec in MARKS if raw.startswith(mark))
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def name_of(value: Path | str | None) -> str:
    """Name a case by folder and file, or by its encoding."""
    return f"{value.parent.name}/{value.name}" if isinstance(value, Path) else str(value)


def by_csv(text: str) -> tuple[list[str], list[list[str]]]:
    """Read header and rows with the csv module, by the separator that makes most of the header."""
    rows = [list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)) for mark in ",;\t|"]
    filled = [[row for row in table if any(cell.strip() for cell in row)] for table in rows]
    best = max(filled, key=lambda table: len(table[0]) if table else 0)
    return ([cell.strip() for cell in best[0]], best[1:]) if best else ([], [])


def read(path: Path, settings: TableSettings, adds: tuple[str, ...] = ()) -> Book | Stop:
    """Read a file; what ends the reading must be exit 3 with something to say."""
    try:
        return read_accounts([str(path)], settings, Needs(adds=adds), None, io.BytesIO())
    except Stop as stop:
        ending = stop
    assert ending.exit_code is ExitCode.UNUSABLE
    assert ending.problems
    return ending


def compare(found: Book, header: list[str], rows: list[list[str]], at: int) -> None:
    """Compare a book with the rows of the csv module, cell by cell."""
    assert found.table["account_id"].to_pylist() == [row[at].strip() for row in rows]
    for position, name in enumerate(header):
        if name in found.written.column_names:
            expected = [row[position] or None for row in rows]
            assert found.written[name].to_pylist() == expected


CASES = [(path, None) for path in FILES] + [
    (path, "latin-1") for path in FILES if text_of(path) is None
]


@pytest.mark.parametrize(("path", "encoding"), CASES, ids=name_of)
def test_hard_files(path: Path, encoding: str | None) -> None:
    """Whichever column is the id: every account and cell, or exit 3 with lines; nothing else."""
    text = path.read_bytes().decode(encoding) if encoding else text_of(path)
    header, rows = by_csv("id\n" if text is None else text)
    for at, name in enumerate(header):
        if not name:
            continue
        adds = tuple(other for other in header if other and header.count(other) == 1)
        settings = TableSettings(columns=OFF | {"account_id": name}, encoding=encoding)
        found = read(path, settings, adds)
        if isinstance(found, Stop):
            assert all(each.place.line or each.code in WHOLE_FILE for each in found.problems)
            check_reason(found, header, rows, at, text)
        else:
            assert text is not None
            assert all(len(row) == len(header) for row in rows)
            compare(found, header, rows, at)


def check_reason(
    stop: Stop, header: list[str], rows: list[list[str]], at: int, text: str | None
) -> None:
    """Check that what ended the reading is there, by the eyes of the csv module."""
    codes = {each.code for each in stop.problems}
    good = [row for row in rows if len(row) == len(header)]
    ids = [row[at].strip() for row in good]
    reasons = {
        "not-utf8": text is None,
        "nul-byte": text is not None and "\0" in text,
        "ragged-row": len(good) < len(rows),
        "blank-id": "" in ids,
        "repeated-id": len(set(ids) - {""}) < len([each for each in ids if each]),
        "repeated-header": header.count(header[at]) > 1,
        "unclosed-quote": text is not None and text.count('"') > 0,
    }
    assert codes <= {code for code, holds in reasons.items() if holds}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_hard_files_as_they_come(path: Path) -> None:
    """Read without any settings, every file gives a book or ends in good order."""
    found = read(path, TableSettings())
    if isinstance(found, Book):
        text = text_of(path)
        assert text is not None
        assert found.table.num_rows == len(by_csv(text)[1])


SPECTRUM = [
    path for path in FILES if path.parent.name == "csvs" and path.stem != "location_coordinates"
]


@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_csv_spectrum(path: Path) -> None:
    """The cells are those that csv-spectrum itself expects."""
    expected = json.loads((path.parent.parent / "json" / f"{path.stem}.json").read_text("utf-8"))
    first = next(iter(expected[0]))
    settings = TableSettings(columns=OFF | {"account_id": first})
    found = read(path, settings, tuple(expected[0]))
    assert isinstance(found, Book)
    cells = [{name: value or None for name, value in row.items()} for row in expected]
    assert found.written.to_pylist() == cells


def naughty() -> list[str]:
    """List all naughty strings and formulas that a text file can hold, once each."""
    texts: list[str] = json.loads((DATA / "text" / "blns.json").read_text("utf-8"))
    for name in ("blns.txt", "csv-injection-payloadbox.txt"):
        texts += (DATA / "text" / name).read_text("utf-8").split("\n")
    return list(dict.fromkeys(text for text in texts if text.strip() and "\0" not in text))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_naughty_strings(mark: str, end: str) -> None:
    """As ids, names, owners and travelling cells they come back, outer white space aside."""
    texts = list({text.strip(): text for text in naughty()}.values())
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["account_id", "name", "csm", "note"])
    writer.writerows([text, text, text, text] for text in texts)
    source = io.BytesIO(out.getvalue().encode())
    found = read_accounts(
        ["-"], TableSettings(), Needs(roles=("csm",), adds=("note",)), None, source
    )
    trimmed = [text.strip() for text in texts]
    for name in ("account_id", "name", "csm"):
        assert found.table[name].to_pylist() == trimmed
    assert found.written["note"].to_pylist() == texts
    assert not [each for each in found.problems if each.code != "owner-column"]
