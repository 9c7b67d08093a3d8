"""What can be wrong, as values: a place, a code, a sentence, a remedy.

Comes in: a code of the catalogue and the facts of one case. Goes out: a `Problem`. Nothing here
reads a file or prints; a stage that cannot go on raises `Stop` with everything it found.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from csprio.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from csprio.codes import Severity


class ExitCode(IntEnum):
    """How a run ended, for scripts."""

    ANSWERED = 0
    FOUND = 1
    POLICY = 2
    UNUSABLE = 3
    UNWRITTEN = 4


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a file as the user named it, a line from 1, a column.

    The column is the header of a table's column, or the character position (from 1) in YAML.
    """

    file: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        """Write the place as `file:line:column`, leaving out what is not known."""
        return ":".join(
            [self.file, *([str(self.line)] if self.line else []), *filter(None, [self.column])]
        )


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, at one place, with what to do about it."""

    place: Place
    severity: Severity
    code: str
    message: str
    remedy: str

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """Sort key: by place, then code and message."""
        return (
            self.place.file,
            self.place.line,
            self.place.column.zfill(6),
            self.code,
            self.message,
        )

    def __str__(self) -> str:
        """Write the problem as `file:line:column: code: what is wrong; what to do`."""
        where = f"{self.place}: " if self.place.file else ""
        return f"{where}{self.code}: {self.message}; {self.remedy}"


@dataclass(frozen=True)
class Finding:
    """A problem of one account's cell before its line is known: `row` counts accounts from 0."""

    code: str
    row: int
    field: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class EntryFinding:
    """A problem of a journal's entry before its line is known: `entry` counts from 0."""

    code: str
    entry: int
    column: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Stop(Exception):  # noqa: N818 - it ends a run in good order; it is not a failure of the program
    """The run cannot go on: these problems, and the exit code they mean.

    `also` are problems that would not have ended it; `check` lists them with the others.
    """

    def __init__(
        self, exit_code: ExitCode, problems: Iterable[Problem], also: Iterable[Problem] = ()
    ) -> None:
        """Keep the problems sorted by place."""
        self.exit_code = exit_code
        self.also = tuple(also)
        self.problems = sorted(problems, key=lambda problem: problem.order)
        super().__init__("\n".join(map(str, self.problems)))


def problem(code: str, place: Place, **facts: object) -> Problem:
    """Fill the templates of `code` with `facts`; an unknown code is a KeyError (a defect)."""
    kind = CODES[code]
    return Problem(
        place, kind.severity, code, kind.message.format(**facts), kind.remedy.format(**facts)
    )


def policy_stop(code: str, place: Place, **facts: object) -> Stop:
    """Stop for one problem of policy or usage."""
    return Stop(ExitCode.POLICY, [problem(code, place, **facts)])
