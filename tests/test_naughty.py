"""Proves that no text, however odd, is lost, changed or let loose on a terminal."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import pytest

from session import run

NAUGHTY = [
    text
    for text in json.loads(
        (Path(__file__).parent / "data" / "text" / "blns.json").read_text(encoding="utf-8")
    )
    if text.strip() and "\0" not in text
]
TEXTS = list(dict.fromkeys(text.strip() for text in NAUGHTY))
TURNS_TEXT = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
DAY = ("--as-of", "2026-11-23", "-q")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a book whose ids, names and owners are the naughty strings."""
    folder = tmp_path_factory.mktemp("naughty")
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["account_id", "name", "csm", "potential", "likelihood", "start_date"])
        rows.writerows([text, text, text, "60000", "1", "2026-11-20"] for text in TEXTS)
    return folder


def test_csv_and_json_give_them_back(book: Path) -> None:
    """Ids, names and owners come back as they were, in the order of the file."""
    table = run("grade", "accounts.csv", *DAY, cwd=book).good().decode()
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    answer = json.loads(run("grade", "accounts.csv", *DAY, "-f", "json", cwd=book).good())
    for found in (rows, answer["rows"]):
        for column in ("account_id", "name", "csm"):
            assert [row[column] for row in found] == TEXTS


def test_everybody_gets_a_list(book: Path) -> None:
    """A worklist names every owner exactly, however odd, and each has a file of their own."""
    table = run("worklist", "accounts.csv", *DAY, cwd=book).good().decode()
    rows = csv.DictReader(io.StringIO(table, newline=""))
    assert {row["owner"] for row in rows} >= set(TEXTS)
    run("worklist", "accounts.csv", *DAY, "-o", "lists/{owner}.csv", cwd=book).good()
    assert len(list((book / "lists").iterdir())) >= len(TEXTS)


@pytest.mark.parametrize("command", ["grade", "calendar", "worklist"])
def test_a_table_shows_no_control_character(book: Path, command: str) -> None:
    """What is drawn for people holds no character that a terminal would obey."""
    drawn = run(command, "accounts.csv", *DAY, "-f", "table", cwd=book).good().decode()
    assert not {char for char in drawn if unicodedata.category(char) == "Cc"} - {"\n"}
    assert not TURNS_TEXT & set(drawn)
