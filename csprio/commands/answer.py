"""From what was asked to what is shown: the way every answering command goes.

In: an `Asked` and a function from inputs to the answer. Out: the answer delivered, problems on
stderr, an exit code. A run that fails, or that `--strict` stops, writes nothing.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from csprio.codes import Severity
from csprio.commands.options import Asked
from csprio.problems import ExitCode, Problem, Stop

if TYPE_CHECKING:
    from csprio.pipeline import Graded, Question
    from csprio.tables import Sheet

OWNER, ACCOUNT, TIER = {"owner": "owner"}, {"account": "account_id"}, {"tier": "tier"}


def question(asked: Asked) -> Question:
    """Turn the shared options into what the pipeline takes."""
    from csprio.pipeline import Question

    return Question(
        accounts=asked.accounts,
        as_of=asked.as_of,
        config=asked.config,
        grid=asked.grid,
        playbook=asked.playbook,
        signals=asked.signals,
        journal=asked.journal,
        team=asked.team,
        where=asked.where,
        owners=asked.owner,
        add=asked.add,
        encoding=asked.encoding,
        delimiter=asked.delimiter,
    )


def stdin_bytes() -> BinaryIO:
    """Give the bytes of stdin; where it is closed there are none, and only `-` needs them."""
    return io.BytesIO() if sys.stdin is None else sys.stdin.buffer


def answer(
    asked: Asked,
    columns: Mapping[str, str],
    build: Callable[[Graded], Sheet | list[tuple[str, Sheet]]],
    accounts: Sequence[str] = (),
    *,
    changes: bool = False,
) -> int:
    """Read, grade, build the answer and deliver it.

    `columns` says which column `{owner}` and the like stand for; `build` gives a sheet, or pairs
    of owner and sheet; `accounts` narrows the question to these; `changes` asks how
    scores have changed, too.
    """
    from csprio import answers, checking, pipeline
    from csprio.show.output import Wish, check_wish, deliver, deliver_each
    from csprio.show.problems import say

    wish = Wish(asked.output or "", asked.format or "", asked.no_color, column_for=columns)
    check_wish(wish)
    inputs = pipeline.read(replace(question(asked), changes=changes), stdin_bytes())
    graded = pipeline.grade(inputs, tuple(accounts))
    sheets = build(graded)
    wish = replace(wish, inputs=inputs.paths, everybody=answers.people_asked(graded))
    warn = Warner(asked, [*inputs.problems, *checking.noticed(graded)])
    if isinstance(sheets, list):
        deliver_each(sheets, wish, warn)
    else:
        deliver(sheets, wish, warn)
    say([*inputs.said, *answers.counted(graded)], quiet=asked.quiet)
    return ExitCode.ANSWERED


@dataclass(frozen=True)
class Warner:
    """Says the problems once all is written and before it takes its place; strict runs stop."""

    asked: Asked
    problems: list[Problem]

    def __call__(self, late: list[Problem]) -> None:
        """Say them with the late ones; a strict run with any that counts is a `Stop`."""
        from csprio.show.problems import say, say_problems

        found = [*self.problems, *late]
        say_problems(found, quiet=self.asked.quiet, no_color=self.asked.no_color)
        if self.asked.strict and any(each.severity is not Severity.NOTE for each in found):
            say(["--strict: nothing was written"], quiet=self.asked.quiet)
            raise Stop(ExitCode.FOUND, [])
