"""Reads CSV files whole with Arrow, and does nothing with them: `python reading.py FILE...`."""

from __future__ import annotations

import sys

from pyarrow import csv

for path in sys.argv[1:]:
    csv.read_csv(path)
