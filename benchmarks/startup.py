"""Measures how long csprio takes to start, as ratios to programs that do next to nothing.

Each pair is run in turns; a ratio is the median of the pairs' ratios, so that what else the
machine does counts on both sides. Times of the machine at hand are not worth comparing.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
CSPRIO = [str(Path(sys.executable).parent / "csprio")]
BARE = [sys.executable, "-c", "import sys; from bare_typer import app; sys.exit(app())"]
PANDAS = [sys.executable, "-c", "import pandas"]
ACCOUNTS = 200


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15, help="how many pairs (default 15)")
    pairs = parser.parse_args().pairs
    commands = _count_commands()
    env = {**os.environ, "PYTHONPATH": str(HERE), "BARE_COMMANDS": str(commands)}
    with tempfile.TemporaryDirectory() as scratch:
        accounts = Path(scratch) / "accounts.csv"
        accounts.write_text(_book(ACCOUNTS), encoding="utf-8")
        grade = [*CSPRIO, "grade", str(accounts), "--as-of", "2026-11-23"]
        bare = f"a bare Typer program with {commands} commands"
        rows = [
            ("csprio --version", [*CSPRIO, "--version"], bare, [*BARE, "--version"], 1.3),
            ("csprio --help", [*CSPRIO, "--help"], bare, [*BARE, "--help"], 1.3),
            (f"csprio grade of {ACCOUNTS} accounts", grade, "import pandas", PANDAS, 1.4),
        ]
        for name, command, rival_name, rival, goal in rows:
            ratios = _ratios(command, rival, pairs, env)
            low, high = min(ratios), max(ratios)
            print(
                f"{name} / {rival_name}: {statistics.median(ratios):.2f}"
                f" (goal {goal}; {pairs} pairs, {low:.2f} to {high:.2f})"
            )


def _ratios(command: list[str], rival: list[str], pairs: int, env: dict[str, str]) -> list[float]:
    """Time two commands in turns, after one run of each that warms the caches."""
    _time(command, env)
    _time(rival, env)
    return [_time(command, env) / _time(rival, env) for _ in range(pairs)]


def _time(command: list[str], env: dict[str, str]) -> float:
    """Give the seconds that a command takes, start to end; it must succeed."""
    start = time.perf_counter()
    subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return time.perf_counter() - start


def _count_commands() -> int:
    """Count csprio's commands in its own help."""
    shown = subprocess.run([*CSPRIO, "--help"], capture_output=True, check=True, text=True).stdout
    listed = shown.partition("Commands:\n")[2]
    return len(re.findall(r"^  [a-z]", listed, re.MULTILINE))


def _book(accounts: int) -> str:
    """Write a small accounts file."""
    rows = [
        f"{1000 + i},Account {i},{i * 531 % 90_000},{i % 3 + 1},Ann,2026-{i % 12 + 1:02}-15"
        for i in range(accounts)
    ]
    return "\n".join(["account_id,name,potential,likelihood,csm,start_date", *rows]) + "\n"


if __name__ == "__main__":
    main()
