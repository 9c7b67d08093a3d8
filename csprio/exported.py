"""Which map a format is written by: the user's own, or one that csprio has.

In: the name of a format, and where the configuration is. Out: the map with the files it came from,
before anything else is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from csprio.codes import Severity
from csprio.problems import ExitCode, Stop
from csprio.read.config import beside, read_config
from csprio.read.exports import read_export

if TYPE_CHECKING:
    from csprio.exports import Export


class Maps(NamedTuple):
    """The map of a format, None where it has none; the names of the user's maps; their files."""

    export: Export | None
    names: tuple[str, ...]
    files: tuple[str, ...]


def maps(name: str, config: str | None) -> Maps:
    """Find the map of a format; what is wrong with it is a `Stop` (exit code 2)."""
    read, problems = read_config(config)
    export = read_export(name, read, problems)
    if any(each.severity is Severity.ERROR for each in problems):
        raise Stop(ExitCode.POLICY, problems)
    files = tuple(beside(read, path) for _, path, _ in read.exports)
    return Maps(export, tuple(known for known, _, _ in read.exports), files)
