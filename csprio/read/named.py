"""The files that a name means: itself, or all that match a pattern.

Comes in: a path as the user wrote it, `exports/*.csv` too. Goes out: paths, sorted by name; that
nothing matches is a `Stop`. Nothing here opens a file.
"""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING

from csprio.problems import ExitCode, Place, Stop, problem

if TYPE_CHECKING:
    from collections.abc import Iterable


def files_named(paths: Iterable[str], folder: str = "") -> tuple[str, ...]:
    """Give the files of all paths, in the order of the paths; relative ones are in the folder.

    `*`, `?` and `[...]` stand for characters of a name, but for a dot at its head. A name that is
    there as it is written means itself. Raises `Stop` (exit 3) with every pattern that matches
    nothing.
    """
    found = {path: matches(path, folder) for path in paths}
    none = [Place(os.path.join(folder, path)) for path, files in found.items() if not files]  # noqa: PTH118 - as the user wrote it
    if none:
        raise Stop(ExitCode.UNUSABLE, [problem("no-match", place) for place in none])
    return tuple(file for path in paths for file in found[path])


def matches(path: str, folder: str = "") -> tuple[str, ...]:
    """Give the files that a path means; a path without a pattern means itself, there or not."""
    whole = os.path.join(folder, path)  # noqa: PTH118 - as the user wrote it
    if not glob.has_magic(path) or os.path.lexists(whole):
        return (whole,)
    names = glob.glob(os.path.join(glob.escape(folder), path))  # noqa: PTH118, PTH207 - the same
    return tuple(sorted(name for name in names if not os.path.isdir(name)))  # noqa: PTH112
