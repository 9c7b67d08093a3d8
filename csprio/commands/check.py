"""`csprio check`: is anything wrong?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from csprio.codes import Severity
from csprio.commands.answer import question, stdin_bytes, wish_of
from csprio.commands.options import Asked, answering
from csprio.problems import ExitCode, Problem, Stop

if TYPE_CHECKING:
    from collections.abc import Iterable


@answering("add")
def check(asked: Asked) -> int:
    """List all that is wrong with the files, the policy, and the policy with this book."""
    from csprio import answers, checking, pipeline
    from csprio.show.output import check_wish, deliver
    from csprio.show.problems import say, say_clean
    from csprio.show.progress import Progress

    asked_for, wish = question(asked), wish_of(asked, "check")
    check_wish(wish)
    said: tuple[str, ...] = ()
    paths = pipeline.paths_of(asked_for)
    hashes: Iterable[tuple[str, str]] = ()
    try:
        with Progress(quiet=asked.quiet):
            inputs = pipeline.read(asked_for, stdin_bytes())
            graded = pipeline.grade(inputs)
            found = list(checking.checked(graded, pipeline.plan(graded)))
        said, paths, hashes = inputs.said, inputs.paths, inputs.hashes
    except Stop as stop:
        if _usage(stop):
            raise
        found = [*stop.problems, *stop.also]
    sheet = answers.check_sheet(found, asked.as_of, hashes)
    if asked.strict and any(each.severity is not Severity.NOTE for each in found):
        from csprio.show.problems import say_problems

        say_problems(found, quiet=asked.quiet, no_color=asked.no_color)
        return ExitCode.FOUND
    deliver(sheet, replace(wish, inputs=tuple(paths)))
    say(said, quiet=asked.quiet)
    if all(each.severity is Severity.NOTE for each in found):
        say_clean(paths, quiet=asked.quiet)
    return ExitCode.FOUND if _errors(found) else ExitCode.ANSWERED


def _usage(stop: Stop) -> bool:
    """Tell what is wrong with the command line itself from what is wrong with the files."""
    return any(not each.place.file or each.place.file.startswith("--") for each in stop.problems)


def _errors(found: list[Problem]) -> bool:
    return any(each.severity is Severity.ERROR for each in found)
