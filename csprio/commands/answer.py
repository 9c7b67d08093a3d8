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
    from csprio.pipeline import Question
    from csprio.show.output import Wish
    from csprio.show.progress import Progress
    from csprio.tables import Sheet
    from csprio.walk import Walk

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
    build: Callable[[Walk], Sheet | list[tuple[str, Sheet]]],
    accounts: Sequence[str] = (),
    *,
    changes: bool = False,
    gathers: bool = False,
) -> int:
    """Read, grade, build the answer and deliver it.

    `columns` says which column `{owner}` and the like stand for; `build` gives a sheet, or pairs
    of owner and sheet; `accounts` narrows the question to these; `changes` asks how
    scores have changed, too. A long book is walked through, unless the answer wants to know all
    people or names in advance, which one that `gathers` all batches does not; where the walk meets
    something odd, all is read at once, which says what.
    """
    from csprio.heap import one_heap

    one_heap()
    from csprio import pipeline
    from csprio.show.output import Wish, check_wish
    from csprio.show.progress import Progress
    from csprio.walk import Walk

    wish = Wish(asked.output or "", asked.format or "", asked.no_color, column_for=columns)
    check_wish(wish)
    in_advance = "{" in wish.output and not gathers
    at_once = bool(accounts or asked.owner or in_advance)
    asks = replace(question(asked), changes=changes, at_once=at_once)
    if gathers:  # dating plans costs time by the batch, and worklists may take more memory
        asks = replace(asks, batch=2 * asks.batch)

    def delivered(asks: Question) -> int:
        walk = Walk(pipeline.read(asks, stdin), tuple(accounts), progress.tell)
        return _deliver(walk, build(walk), Warner(asked, lambda: walk.problems, progress), wish)

    with Progress(quiet=asked.quiet) as progress:
        stdin = pipeline.Kept(stdin_bytes()) if "-" in asked.accounts else stdin_bytes()
        try:
            return delivered(asks)
        except pipeline.Odd:
            return delivered(replace(asks, at_once=True))


def _deliver(walk: Walk, sheets: Sheet | list[tuple[str, Sheet]], warn: Warner, wish: Wish) -> int:
    """Write the answer, and then say what there is to say."""
    from csprio.show.output import deliver, deliver_each
    from csprio.show.problems import say

    wish = replace(wish, inputs=walk.head.inputs.paths, everybody=walk.everybody)
    if isinstance(sheets, list):
        deliver_each(sheets, wish, warn)
    else:
        deliver(sheets, wish, warn)
    say(walk.said, quiet=warn.asked.quiet)
    return ExitCode.ANSWERED


@dataclass(frozen=True)
class Warner:
    """Says the problems once all is written and before it takes its place; strict runs stop."""

    asked: Asked
    problems: Callable[[], list[Problem]]
    progress: Progress | None = None

    def __call__(self, late: list[Problem]) -> None:
        """Say them with the late ones; a strict run with any that counts is a `Stop`."""
        from csprio.show.problems import say, say_problems

        if self.progress is not None:
            self.progress.end()
        found = [*self.problems(), *late]
        say_problems(found, quiet=self.asked.quiet, no_color=self.asked.no_color)
        if self.asked.strict and any(each.severity is not Severity.NOTE for each in found):
            say(["--strict: nothing was written"], quiet=self.asked.quiet)
            raise Stop(ExitCode.FOUND, [])
