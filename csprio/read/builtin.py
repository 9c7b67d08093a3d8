"""Where the built-in grid and playbooks are: in the package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

GRID, ANNUAL, MONTHLY = "grid.yaml", "annual.yaml", "monthly.yaml"
SIGNALS = "signals.yaml"  # to be copied: without a file of its own a book has no scores
_SHOWN = "built-in/"
_PACKAGE = Path(__file__).resolve().parent.parent


def builtin_path(name: str) -> str:
    """Give the path of a built-in file."""
    shipped = _PACKAGE / "playbooks" / name
    return str(shipped if shipped.is_file() else _PACKAGE.parent / "playbooks" / name)


def builtin_shown(name: str) -> str:
    """Give the name under which answers show it, the same on every machine."""
    return _SHOWN + name


def is_builtin(shown: str) -> bool:
    """Tell a built-in file by the name under which answers show it."""
    return shown.startswith(_SHOWN)
