"""XlsxWriter writes the bare cells of a workbook: no looks, no drop-downs, nothing decided.

`python bare_workbook.py CELLS.json OUT.xlsx`, where the cells are those of csprio's own workbook.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import xlsxwriter

if __name__ == "__main__":
    cells, out = map(Path, sys.argv[1:])
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in json.loads(cells.read_text(encoding="utf-8")):
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif value is not None:
                        sheet.write_number(row, column, value)
