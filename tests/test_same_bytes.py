"""Proves that an answer depends on the files and the date alone, not on who asks where and how."""

from __future__ import annotations

import csv
import io
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from session import process, run

if TYPE_CHECKING:
    from session import Result

DEMO = Path(__file__).parent.parent / "examples" / "demo"
DAY = ["--as-of", "2026-11-23"]
COMMANDS = [["grade"], ["grade", "-f", "json"], ["tiers"], ["calendar"], ["worklist"]]
SURROUNDINGS: dict[str, dict[str, str | None]] = {
    "east, Turkish": {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
    "west, German": {"TZ": "Pacific/Pago_Pago", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
    "ASCII only": {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "narrow terminal": {"TERM": "xterm-256color", "COLUMNS": "40", "FORCE_COLOR": "1"},
}
every_command = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
# JSON names its inputs and their sums, which are other ones in these tests.
commands_of_csv = pytest.mark.parametrize(
    "command", [words for words in COMMANDS if "json" not in words], ids=" ".join
)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Give a copy of the demo that a test may rearrange."""
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("answers"))
    return folder


def _ask(
    command: list[str],
    folder: Path,
    env: dict[str, str | None] | None = None,
    *,
    bare: bool = False,
) -> Result:
    """Ask in the folder of the accounts, as a process of its own."""
    result = process(*command, "accounts.csv", *DAY, cwd=folder, env=env, bare=bare)
    assert result.code == 0, result.err.decode()
    return result


@every_command
def test_surroundings(command: list[str], demo: Path) -> None:
    """Another time zone, locale, hash seed or terminal, or none as under cron: the same bytes."""
    plain = _ask(command, demo)
    assert plain.out
    for name, env in SURROUNDINGS.items():
        assert _ask(command, demo, env=env) == plain, name
    assert _ask(command, demo, bare=True) == plain, "no environment at all"


@commands_of_csv
def test_working_directory(command: list[str], demo: Path, tmp_path: Path) -> None:
    """Asked from another folder, by another path: the same bytes."""
    elsewhere = tmp_path / "else" / "where"
    elsewhere.mkdir(parents=True)
    args = [*command, "../../demo/accounts.csv", *DAY]
    if (demo / "csprio.yaml").exists():
        args += ["--config", "../../demo/csprio.yaml"]
    assert run(*args, cwd=elsewhere).good() == _answer(command, demo)


@commands_of_csv
def test_row_order(command: list[str], demo: Path) -> None:
    """Accounts in another order: the same bytes, or, where the file's order is kept, rows."""
    accounts = demo / "accounts.csv"
    with accounts.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    _write(accounts, header, rows)
    before = _answer(command, demo)
    random.Random(20261123).shuffle(rows)
    _write(accounts, header, rows)
    after = _answer(command, demo)
    if command[0] in {"grade", "calendar"}:
        assert after != before
        assert sorted(_rows(after)) == sorted(_rows(before))
    else:
        assert after == before


def _answer(command: list[str], folder: Path) -> bytes:
    """Ask in the folder of the accounts, in this process: its surroundings are not the matter."""
    return run(*command, "accounts.csv", *DAY, cwd=folder).good()


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _rows(answer: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.decode(), newline="")))
