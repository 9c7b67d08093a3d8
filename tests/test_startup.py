"""Proves that csprio starts without its heavy libraries: they are imported when a command runs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = ("pandas", "pyarrow", "numpy", "yaml", "rich", "holidays", "scipy")
SCRIPT = """
import json, sys
from csprio.cli import main
code = main(sys.argv[1:])
sys.stdout.flush()
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def _modules_after(*args: str) -> set[str]:
    """Give the modules that a fresh interpreter has imported once csprio has answered."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *args], capture_output=True, check=True, text=True
    )
    assert done.stdout
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    return set(modules)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["grade", "--help"]], ids=" ".join)
def test_heavy_libraries_stay_out(words: list[str]) -> None:
    """Asking csprio what it is imports none of the libraries that answering needs."""
    assert _modules_after(*words).isdisjoint(HEAVY)


def test_package_imports_nothing() -> None:
    """`import csprio` itself imports no other module of csprio: it only says what csprio is."""
    script = "import sys, csprio; print([m for m in sys.modules if m.startswith('csprio.')])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    assert done.stdout == "[]\n"


def test_words_stay_texts(tmp_path: Path) -> None:
    """An answer with options does not wait for pydantic, which would make texts of texts."""
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("account_id,potential\nACME,50000\n", encoding="utf-8")
    modules = _modules_after("grade", str(accounts), "--as-of", "2026-11-23", "-q")
    assert "pandas" in modules
    assert "pydantic" not in modules
