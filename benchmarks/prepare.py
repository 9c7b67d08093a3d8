"""Makes the files that a contest needs, in a process of its own.

`python prepare.py book FOLDER ACCOUNTS`, `usage FOLDER ACCOUNTS ROWS`, `journal FOLDER ENTRIES`
(beside a `calendar.csv`), `answer ANSWER.csv ANSWER.arrow`, or `cells BOOK.xlsx CELLS.json`.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
from openpyxl.utils.datetime import to_excel
from pyarrow import csv

import policy
from agreement import types_of
from big_book import write_book
from big_journal import write_journal
from big_usage import write_usage


def book(folder: Path, accounts: int) -> None:
    """Write the accounts, and the playbook that they are planned with."""
    write_book(folder / "book.csv", accounts)
    (folder / "playbook.yaml").write_text(policy.playbook(), encoding="utf-8")


def answer(written: Path, ready: Path) -> None:
    """Put an answer into a file that Arrow takes as it is."""
    with written.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    types = types_of(names)
    types |= {name: pa.int64() for name in names if types[name] == pa.float64()}  # the book's are
    convert = csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
    batches = csv.open_csv(written, convert_options=convert)
    with pa.ipc.new_file(ready, batches.schema) as file:
        for batch in batches:
            file.write_batch(batch)


def cells(workbook: Path, ready: Path) -> None:
    """Put what stands in the cells of a workbook into a file, sheet by sheet; days as numbers."""
    book = openpyxl.load_workbook(workbook, read_only=True)
    sheets = [
        (sheet.title, [list(map(_plain, row)) for row in sheet.iter_rows(values_only=True)])
        for sheet in book.worksheets
    ]
    ready.write_text(json.dumps(sheets), encoding="utf-8")


def _plain(value: object) -> object:
    return to_excel(value) if isinstance(value, datetime) else value


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    numbers = [int(word) for word in words if word.isdigit()]
    if what == "book":
        book(Path(words[0]), *numbers)
    elif what == "usage":
        write_usage(Path(words[0]), *numbers)
    elif what == "journal":
        write_journal(Path(words[0]), *numbers)
    elif what == "cells":
        cells(*map(Path, words))
    else:
        answer(*map(Path, words))
