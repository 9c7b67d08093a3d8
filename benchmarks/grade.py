"""Measures `csprio grade` of a big accounts file beside the plain pandas script.

The script is run twice: as people write it, with all columns going out again, and with csprio's
columns alone. All are run in turns on the same file, as processes of their own; their answers must
agree in account_id, size, likelihood, grade and tier. Printed: seconds, peak memory, and the
ratios, which are what may be compared between machines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from big_book import write_book

HERE = Path(__file__).parent
CSPRIO = str(Path(sys.executable).parent / "csprio")
AGREE = ["account_id", "size", "likelihood", "grade", "tier"]
GOAL = 3


@dataclass(frozen=True)
class Run:
    """What one run took."""

    seconds: float
    mebibytes: float


def main() -> None:
    """Make the file, run both in turns, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000, help="default 1000000")
    parser.add_argument("--rounds", type=int, default=3, help="default 3")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        book, ours, theirs = (Path(scratch) / n for n in ("big.csv", "csprio.csv", "pandas.csv"))
        write_book(book, asked.accounts)
        size = book.stat().st_size / 2**20
        print(f"{asked.accounts:,} accounts, {size:,.0f} MiB, {asked.rounds} rounds")
        day = ["--as-of", "2026-11-23", "-q"]
        rival = [sys.executable, str(HERE / "rival_pandas.py"), str(book), str(theirs)]
        commands = {
            "csprio grade": [CSPRIO, "grade", str(book), "-o", str(ours), *day],
            "plain pandas": rival,
            "pandas, the answer's columns alone": [*rival, "narrow"],
        }
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(asked.rounds):
            for name, command in commands.items():
                runs[name].append(measure(command))
        _must_agree(ours, theirs)
    for name, done in runs.items():
        seconds = statistics.median(run.seconds for run in done)
        memory = max(run.mebibytes for run in done)
        print(f"{name}: {seconds:.2f} s, peak {memory:,.0f} MiB")
    own, *rivals = runs
    for name in rivals:
        pairs = list(zip(runs[own], runs[name], strict=True))
        faster = statistics.median(rival.seconds / ours.seconds for ours, rival in pairs)
        memory = statistics.median(ours.mebibytes / rival.mebibytes for ours, rival in pairs)
        print(f"{own}: {faster:.1f} times as fast as {name}, with {memory:.2f} of the memory")
    print(f"goal: {GOAL} times as fast as plain pandas")


def measure(command: list[str]) -> Run:
    """Run a command; give its wall time and its own peak of resident memory."""
    start = time.perf_counter()
    with subprocess.Popen(command) as running:
        _, status, usage = os.wait4(running.pid, 0)
        seconds = time.perf_counter() - start
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        sys.exit(f"{Path(command[0]).name} failed with {running.returncode}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(seconds, usage.ru_maxrss / unit)


def _must_agree(ours: Path, theirs: Path) -> None:
    """Compare the two answers in the columns that both know."""
    tables = []
    for path in (ours, theirs):
        types = dict.fromkeys(AGREE, pa.string())
        convert = csv.ConvertOptions(
            include_columns=AGREE, column_types=types, strings_can_be_null=True, null_values=[""]
        )
        tables.append(csv.read_csv(path, convert_options=convert))
    for name in AGREE:
        if not tables[0][name].equals(tables[1][name]):
            sys.exit(f"the answers differ in {name}")
    print(f"both agree in {', '.join(AGREE)}")


if __name__ == "__main__":
    main()
