"""Measures what a journal costs: `csprio worklist` with a big one beside the same without.

The goal: at most twice the time without a journal, plus the time in which Arrow reads the journal's
file once. All are run in turns on the same files, as processes of their own. Printed: seconds and
the ratio to the goal, which is what may be compared between machines.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from big_book import write_book
from big_journal import write_journal
from grade import CSPRIO, measure

DAY = ["--as-of", "2026-11-23", "-q"]
READ = "import sys; from pyarrow import csv; csv.read_csv(sys.argv[1])"
NOTHING = "import sys; from pyarrow import csv"


def main() -> None:
    """Make the files, run all in turns, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000, help="default 100000")
    parser.add_argument("--entries", type=int, default=1_000_000, help="default 1000000")
    parser.add_argument("--rounds", type=int, default=3, help="default 3")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        names = ("book.csv", "calendar.csv", "journal.csv", "worklist.csv")
        book, calendar, journal, out = (Path(scratch) / name for name in names)
        write_book(book, asked.accounts)
        subprocess.run([CSPRIO, "calendar", book, "-o", calendar, *DAY], check=True)
        write_journal(journal, calendar, asked.entries)
        print(f"{asked.accounts:,} accounts, {asked.entries:,} entries, {asked.rounds} rounds")
        worklist = [CSPRIO, "worklist", str(book), "-o", str(out), *DAY]
        commands = {
            "without a journal": worklist,
            "with it": [*worklist, "--journal", str(journal)],
            "Arrow, reading it": [sys.executable, "-c", READ, str(journal)],
            "Arrow, doing nothing": [sys.executable, "-c", NOTHING],
        }
        rounds = [
            {name: measure(command).seconds for name, command in commands.items()}
            for _ in range(asked.rounds)
        ]
    for name in commands:
        print(f"worklist {name}: {statistics.median(took[name] for took in rounds):.2f} s")
    without, with_it, read, nothing = commands
    ratio = statistics.median(
        took[with_it] / (2 * took[without] + took[read] - took[nothing]) for took in rounds
    )
    print(f"of twice the time without, and reading it once: {ratio:.2f} (goal 1)")


if __name__ == "__main__":
    main()
