"""What is run beside what: the programs of each question, and the files that they need.

In: a folder, a number of accounts. Out: contests, not yet prepared. Only the standard library may
be imported here (see `measuring`): files are made by processes of their own.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import policy
from measuring import FailedError, Program, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HERE = Path(__file__).parent
CSPRIO = str(Path(sys.executable).parent / "csprio")
DAY = ("--as-of", policy.AS_OF.isoformat(), "-q")
OURS, LIMIT = "csprio", "the limit: Arrow"
RIVALS = {  # name, script, the package that it needs
    "pandas": ("with_pandas.py", "pandas"),
    "pandas, Arrow reads and writes": ("with_pandas_arrow.py", "pandas"),
    "polars": ("with_polars.py", "polars"),
    "duckdb": ("with_duckdb.py", "duckdb"),
    "csv module": ("with_csv.py", "csv"),
}
ROWS_EACH, FEW_ROWS_EACH = 20, 2  # of usage, an account
ENTRIES_EACH = 10  # of the journal, an account
FEW = "csprio, a tenth of the rows"
READING, NOTHING = "Arrow reads the files", "Arrow reads nothing"
BARE = "XlsxWriter, the bare cells"
PLAIN, TOLD = "csprio, no journal", "csprio, with the journal"
SMALL = 200  # accounts
OF_A_WORKBOOK = 20_000  # accounts
MAKERS = ("big_book.py", "big_usage.py", "big_journal.py", "lines.py", "policy.py", "prepare.py")


@dataclass(frozen=True)
class Contest:
    """A question, its programs, and the one that the others are compared with.

    `prepare` makes what they need; `judge` says what is wrong with what a program has written, or
    nothing. `missing` names programs that cannot run here, and why.
    """

    question: str
    accounts: int
    programs: Sequence[Program]
    beside: str
    prepare: Callable[[], None] = lambda: None
    judge: Callable[[Program], str] = lambda _: ""
    env: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def environment() -> dict[str, str]:
    """Give what the programs find around them: the modules of this folder.

    They may keep what they compile, as installed programs have it.
    """
    env = {**os.environ, "PYTHONPATH": str(HERE)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def start_up(folder: Path) -> list[Contest]:
    """Compare how csprio starts with programs that do next to nothing."""
    book = folder / "small" / "book.csv"
    commands = _count_commands()
    bare = [sys.executable, "-c", "import sys; from bare_typer import app; sys.exit(app())"]
    name = f"a bare Typer program with {commands} commands"
    env = {"BARE_COMMANDS": str(commands)}
    pairs = [
        ("--version", 0, [CSPRIO, "--version"], name, [*bare, "--version"]),
        ("--help", 0, [CSPRIO, "--help"], name, [*bare, "--help"]),
        (
            f"grade of {SMALL} accounts",
            SMALL,
            [CSPRIO, "grade", str(book), *DAY],
            "import pandas",
            [sys.executable, "-c", "import pandas"],
        ),
    ]
    return [
        Contest(
            question,
            accounts,
            [Program(OURS, ours), Program(rival, theirs)],
            rival,
            prepare=functools.partial(_made, book, "book", SMALL),
            env=env,
        )
        for question, accounts, ours, rival, theirs in pairs
    ]


def answers(folder: Path, accounts: int, question: str) -> Contest:
    """Put csprio beside its rivals, and all beside the limit."""
    place = folder / str(accounts)
    book, answer, ready = place / "book.csv", place / f"{question}.csv", place / f"{question}.arrow"
    out = place / f"{question}-out.csv"
    extra = [] if question == "grade" else ["--playbook", str(place / "playbook.yaml")]
    ours = [CSPRIO, question, str(book), *extra, *DAY, "-o"]

    def prepare() -> None:
        _made(book, "book", accounts)
        measure([*ours, str(answer)], environment())
        _python("prepare.py", "answer", answer, ready)

    def judge(program: Program) -> str:
        if program.name == OURS:
            return ""
        command = [sys.executable, str(HERE / "agreement.py"), str(answer), str(out)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        return "".join(done.stderr.splitlines()[-1:]) if done.returncode else ""

    def script(name: str) -> list[str]:
        return [sys.executable, str(HERE / "rivals" / name), question, str(book), str(out)]

    here = {name: package for name, (_, package) in RIVALS.items() if find_spec(package)}
    programs = [
        Program(OURS, [*ours, str(out)], out),
        Program(LIMIT, [*script("limit.py"), str(ready)], out),
        *(Program(name, script(RIVALS[name][0]), out) for name in here),
    ]
    missing = {name: "not installed" for name in RIVALS if name not in here}
    return Contest(question, accounts, programs, LIMIT, prepare, judge, missing=missing)


def scores(folder: Path, accounts: int) -> Contest:
    """Put scores beside the time in which Arrow reads the same files."""
    place = folder / str(accounts)
    book, many, few = place / "book.csv", place / "usage", place / "few"
    out = place / "scores-out.csv"

    def prepare() -> None:
        _made(book, "book", accounts)
        _made(many / "usage.csv", "usage", accounts, accounts * ROWS_EACH)
        _made(few / "usage.csv", "usage", accounts, accounts * FEW_ROWS_EACH)

    def ours(usage: Path) -> list[str]:
        signals = str(usage / "signals.yaml")
        return [CSPRIO, "scores", str(book), "--signals", signals, *DAY, "-o", str(out)]

    reading = [sys.executable, str(HERE / "rivals" / "reading.py")]
    programs = [
        Program(OURS, ours(many), out),
        Program(READING, [*reading, str(book), str(many / "usage.csv")]),
        Program(FEW, ours(few), out),
    ]
    return Contest("scores", accounts, programs, READING, prepare)


def journal(folder: Path, accounts: int) -> Contest:
    """Put a worklist with a journal beside one without, both of the built-in playbook."""
    place = folder / str(accounts)
    book, told = place / "book.csv", place / "journal" / "journal.csv"
    out = place / "journal-out.csv"

    def prepare() -> None:
        _made(book, "book", accounts)
        if not _is_made(told, "journal", accounts * ENTRIES_EACH):
            told.parent.mkdir(exist_ok=True)
            calendar = told.parent / "calendar.csv"
            measure([CSPRIO, "calendar", str(book), *DAY, "-o", str(calendar)], environment())
            _made(told, "journal", accounts * ENTRIES_EACH)
            calendar.unlink()

    worklist = [CSPRIO, "worklist", str(book), *DAY, "-o", str(out)]
    reading = [sys.executable, str(HERE / "rivals" / "reading.py")]
    programs = [
        Program(PLAIN, worklist, out),
        Program(TOLD, [*worklist, "--journal", str(told)], out),
        Program(READING, [*reading, str(told)]),
        Program(NOTHING, reading),
    ]
    return Contest("journal", accounts, programs, PLAIN, prepare)


def workbook(folder: Path, accounts: int) -> Contest:
    """Put a workbook of the built-in playbook beside one that has its cells and nothing else."""
    place = folder / str(accounts)
    book, cells, out = place / "book.csv", place / "cells.json", place / "workbook-out.xlsx"
    ours = [CSPRIO, "grade", str(book), *DAY, "-o", str(out)]

    def prepare() -> None:
        _made(book, "book", accounts)
        measure(ours, environment())
        _python("prepare.py", "cells", out, cells)

    bare = [sys.executable, str(HERE / "rivals" / "bare_workbook.py"), str(cells), str(out)]
    programs = [Program(OURS, ours, out), Program(BARE, bare, out)]
    return Contest("workbook", accounts, programs, BARE, prepare)


def tidy(folder: Path, accounts: int) -> None:
    """Remove the answers of a size; what was asked stays for the next time."""
    for pattern in (
        "*.arrow",
        "*.xlsx",
        "cells.json",
        *(f"{question}*.csv" for question in policy.ANSWERS),
    ):
        for path in (folder / str(accounts)).glob(pattern):
            path.unlink()


def _made(path: Path, what: str, *numbers: int) -> None:
    """Make a file that is not there yet, or was made by other code."""
    if _is_made(path, what, *numbers):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _python("prepare.py", what, path.parent, *numbers)
    _stamp(path).write_text(_fingerprint(what, *numbers), encoding="utf-8")


def _is_made(path: Path, what: str, *numbers: int) -> bool:
    stamp = _stamp(path)
    current = path.exists() and stamp.exists()
    return current and stamp.read_text(encoding="utf-8") == _fingerprint(what, *numbers)


def _stamp(path: Path) -> Path:
    return path.with_suffix(".made")


def _fingerprint(what: str, *numbers: int) -> str:
    """Tell makers apart: their code, numpy's generator, csprio where it has a hand in the data."""
    code = b"".join((HERE / name).read_bytes() for name in MAKERS)
    versions = [version(name) for name in ("numpy", "pyarrow", "csprio")]
    return f"{what} {numbers} {versions} {hashlib.sha256(code).hexdigest()}\n"


def _python(script: str, *words: object) -> None:
    command = [sys.executable, str(HERE / script), *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise FailedError(f"{script} {' '.join(map(str, words))}: {done.stderr.strip()}")


def _count_commands() -> int:
    """Count csprio's commands in its own help."""
    shown = subprocess.run([CSPRIO, "--help"], capture_output=True, check=True, text=True).stdout
    listed = shown.partition("Commands:\n")[2]
    return len(re.findall(r"^  [a-z]", listed, re.MULTILINE))
