"""The physical limit: Arrow reads the needed columns, and writes an answer that lies ready.

`python limit.py QUESTION BOOK OUT ANSWER`. Nothing is decided in between; `ANSWER` is an Arrow file
that the memory maps, so that taking it costs next to nothing.
"""

from __future__ import annotations

import sys

import pyarrow as pa
from pyarrow import csv

import policy

if __name__ == "__main__":
    question, book, out, answer = sys.argv[1:]
    convert = csv.ConvertOptions(
        include_columns=policy.COLUMNS[question], column_types={"account_id": pa.string()}
    )
    csv.read_csv(book, convert_options=convert)
    csv.write_csv(pa.ipc.open_file(pa.memory_map(answer)).read_all(), out)
