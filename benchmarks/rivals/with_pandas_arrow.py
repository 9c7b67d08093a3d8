"""The pandas script with Arrow at both ends: Arrow reads the CSV, and Arrow writes the answer.

`python with_pandas_arrow.py QUESTION BOOK OUT`. What lies between is the plain script's.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import csv

import policy
from rivals.with_pandas import QUESTIONS

if TYPE_CHECKING:
    import pandas as pd


def read(book: str, question: str) -> pd.DataFrame:
    """Read the columns that the answer needs."""
    columns = policy.COLUMNS[question]
    types = dict.fromkeys(set(columns) - {"potential", "term_months", "arr"}, pa.string())
    if "start_date" in types:
        types["start_date"] = pa.timestamp("s")
    convert = csv.ConvertOptions(include_columns=columns, column_types=types)
    table: pd.DataFrame = csv.read_csv(book, convert_options=convert).to_pandas()
    return table


def write(answer: pd.DataFrame, out: str) -> None:
    """Write the answer, its times as days."""
    table = pa.Table.from_pandas(answer, preserve_index=False)
    for at, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(at, field.name, table[at].cast(pa.date32()))
    csv.write_csv(table, out)


if __name__ == "__main__":
    question, book, out = sys.argv[1:]
    answer = QUESTIONS[question](read(book, question))
    write(answer[policy.ANSWERS[question]], out)
