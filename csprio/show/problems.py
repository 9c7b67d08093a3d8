"""What is said on stderr: problems, grouped so that a thousand alike do not drown the rest.

Comes in: problems and lines of chatter. Goes out: lines for people, control characters written
out, coloured on a terminal only. `-q` silences chatter and notes, never errors and warnings.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from csprio.codes import CALENDARS, Severity
from csprio.show.terminal import is_terminal, look_of
from csprio.show.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from csprio.problems import ExitCode, Problem, Stop

SHOWN_OF_A_GROUP = 3
SHOWN_OF_A_FILE = 20
_COLORS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.NOTE: ""}
_PLAIN = "\x1b[0m"
_OF_FEEDS = {code.name for code in CALENDARS}  # what comes and goes by them is no input


def report(problems: Iterable[Problem], *, quiet: bool = False, color: bool = False) -> list[str]:
    """Write problems as lines: by place, grouped by code and column, three of each group."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for each in sorted(problems, key=lambda problem: problem.order):
        if not (quiet and each.severity is Severity.NOTE):
            groups.setdefault((each.code, each.place.column), []).append(each)
    lines = []
    for group in groups.values():
        lines += [_line(each, color=color) for each in group[:SHOWN_OF_A_GROUP]]
        if len(group) > SHOWN_OF_A_GROUP:
            more = len(group) - SHOWN_OF_A_GROUP
            checked = group[0].place.file and group[0].code not in _OF_FEEDS
            where = " (csprio check lists all)" if checked else ""
            lines.append(f"... and {more} more like this{where}")
    return lines


def report_stop(stop: Stop, *, color: bool = False) -> list[str]:
    """Write what ended a run: every problem, up to 20 of one file and then a count."""
    files: dict[str, list[Problem]] = {}
    for each in stop.problems:
        files.setdefault(each.place.file, []).append(each)
    lines = []
    for file, found in files.items():
        lines += [_line(each, color=color) for each in found[:SHOWN_OF_A_FILE]]
        if len(found) > SHOWN_OF_A_FILE:
            where = f" in {visible(file)}" if file else ""
            lines.append(f"... and {len(found) - SHOWN_OF_A_FILE} more{where}")
    return lines


def say_problems(
    problems: Iterable[Problem], *, quiet: bool = False, no_color: bool = False
) -> None:
    """Report problems on stderr."""
    color = look_of(sys.stderr, no_color=no_color).color
    _say(report(problems, quiet=quiet, color=color))


def say_stop(stop: Stop, *, no_color: bool = False) -> ExitCode:
    """Say on stderr why a run ended, and give its exit code."""
    _say(report_stop(stop, color=look_of(sys.stderr, no_color=no_color).color))
    return stop.exit_code


def say(lines: Sequence[str], *, quiet: bool = False) -> None:
    """Say chatter on stderr: what was taken for granted, counted, left out."""
    if not quiet:
        _say([visible(line) for line in lines])


def say_clean(paths: Sequence[str], *, quiet: bool = False) -> None:
    """Tell people at a terminal that nothing is wrong; a log wants no good news every night."""
    if is_terminal(sys.stderr):
        say([f"nothing is wrong in {', '.join(paths)}"], quiet=quiet)


def _line(problem: Problem, *, color: bool) -> str:
    """Write one problem; colour falls on its code only, and says nothing that the code does not."""
    text = visible(str(problem))
    start = _COLORS[problem.severity]
    if not (color and start):
        return text
    head, found, rest = text.partition(f"{problem.code}: ")
    return f"{head}{start}{problem.code}{_PLAIN}: {rest}" if found else text


def _say(lines: Sequence[str]) -> None:
    """Write lines to stderr; where nobody listens there is nobody to tell."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        for line in lines:
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
