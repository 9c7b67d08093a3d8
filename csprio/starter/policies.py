"""The policies that a new folder begins with: the built-in ones, made its own.

Comes in: what the folder needs of them. Goes out: text of `grid.yaml`, `playbook.yaml`,
`monthly.yaml` and `signals.yaml`. The built-in files are the only source.
"""

from __future__ import annotations

import re
from pathlib import Path

from csprio.read.builtin import ANNUAL, GRID, MONTHLY, SIGNALS, builtin_path

# The score that the built-in grid shows in a comment.
_EXAMPLE = re.compile(r"(?: To have it computed[^:]*:)?\n#\n# likelihood:\n(?:#  .*\n)+")
_SCORE = """
#
# Where nobody has said it, it is computed of the columns below, which a grading sheet has. The
# points are a start: make them your own, and put in other columns of your file.
likelihood:
  score:
    - {when: {champion: strong}, points: 2}
    - {when: {budget_barrier: yes}, points: -2}
    - {when: {political_barrier: yes}, points: -1}
    - {when: {legal_barrier: yes}, points: -2}
  levels: {1: at least 2, 2: at least 0, 3: rest}

# Columns that a file may lack: there they are missing, and an account without any of them gets
# its likelihood from a person or not at all.
optional: [champion, budget_barrier, political_barrier, legal_barrier]
"""


def grid_text() -> str:
    """Write the grid: the built-in one, with its example of a score switched on."""
    return _head(GRID) + _EXAMPLE.sub(lambda _: _SCORE, _builtin(GRID))


def playbook_text() -> str:
    """Write the playbook: the built-in annual one."""
    return _copy(ANNUAL)


def monthly_text() -> str:
    """Write the playbook of short terms: the built-in monthly one."""
    return _copy(MONTHLY)


def signals_text() -> str:
    """Write the sources, measures and scores to begin with."""
    return _copy(SIGNALS)


def _copy(name: str) -> str:
    return _head(name) + _builtin(name)


def _head(name: str) -> str:
    return f"# Begun as a copy of csprio's built-in {name}, which the words below are from.\n#\n"


def _builtin(name: str) -> str:
    return Path(builtin_path(name)).read_text(encoding="utf-8")
