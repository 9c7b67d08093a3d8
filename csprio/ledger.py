"""The ledger of exported tasks: which went where, so that none goes there twice.

Comes in: a path and the name of a format; later the tasks that are exported now. Goes out: the
tasks exported before, and the same file with new lines at its end. The file is locked from the
reading to the adding, so that two runs never export the same task; nothing is ever rewritten.
"""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from csprio.held import Held
from csprio.problems import ExitCode, Place, Stop, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS = ("task_id", "exported", "format")
_HEADER = ",".join(COLUMNS) + "\n"
_MARK = "\ufeff"  # as spreadsheets write it


class Ledger:
    """A ledger that is held: what it knows of a format, and what is to be added for it."""

    def __init__(self, path: str, name: str, as_of: str, file: Held) -> None:
        """Read the file; one that is no ledger is a `Stop` (exit code 3)."""
        self._path, self._name, self._as_of, self._file = path, name, as_of, file
        self._noted: list[str] = []
        with _unwritten(path):
            self._before = file.read()
        self.known = frozenset(_known(self._before, name, path))

    def note(self, tasks: Iterable[str]) -> None:
        """Take tasks that are exported now."""
        self._noted += tasks

    def keep(self) -> None:
        """Add what was noted, once the export itself stands."""
        if not self._noted:
            return
        text = io.StringIO()
        if not self._before.strip():
            text.write(_HEADER)
        elif not self._before.endswith((b"\n", b"\r")):
            text.write("\n")
        rows = csv.writer(text, lineterminator="\n")
        rows.writerows((task, self._as_of, self._name) for task in self._noted)
        with _unwritten(self._path):
            self._file.add(text.getvalue().encode())


@contextmanager
def ledger(path: str, name: str, as_of: str) -> Iterator[Ledger]:
    """Hold the ledger at a path for one export; nobody else exports by it meanwhile."""
    with _unwritten(path):
        file = Held(path)
    with file:
        yield Ledger(path, name, as_of, file)


def _known(content: bytes, name: str, path: str) -> Iterator[str]:
    """Give the tasks that went to this system."""
    if not content.strip():
        return
    try:
        text = content.decode().removeprefix(_MARK)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        raise _no_ledger(path, 1, "it is not UTF-8") from None
    except csv.Error as failure:
        line = content.count(b"\n") + 1
        raise _no_ledger(path, line, f"it is no table ({failure})") from None
    if tuple(rows[0]) != COLUMNS:
        raise _no_ledger(path, 1, "its first line is another")
    for line, row in enumerate(rows[1:], 2):
        if row and len(row) != len(COLUMNS):
            raise _no_ledger(path, line, f"a row has {len(row)} cells, not {len(COLUMNS)}")
        if row and row[-1] == name:
            yield row[0]


def _no_ledger(path: str, line: int, why: str) -> Stop:
    found = problem("ledger-header", Place(path, line), why=why, header=_HEADER.strip())
    return Stop(ExitCode.UNUSABLE, [found])


@contextmanager
def _unwritten(path: str) -> Iterator[None]:
    """Turn a failure of the system into the end of the run."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        found = problem("ledger-unwritten", Place(path), reason=reason)
        raise Stop(ExitCode.UNWRITTEN, [found]) from error
