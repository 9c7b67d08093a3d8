"""From what was asked to what is shown: the way every answering command goes.

In: an `Asked` and a function from inputs to the answer. Out: the answer delivered, problems on
stderr, an exit code. A run that fails, or that `--strict` stops, writes nothing.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from csprio.codes import Severity
from csprio.commands.options import FOR_SOME, Asked
from csprio.problems import ExitCode, Problem, Stop

if TYPE_CHECKING:
    from csprio.pipeline import Question
    from csprio.show.output import Wish
    from csprio.show.progress import Progress
    from csprio.tables import Report, Sheet
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
        sheet=asked.sheet,
    )


def stdin_bytes() -> BinaryIO:
    """Give the bytes of stdin; where it is closed there are none, and only `-` needs them."""
    return io.BytesIO() if sys.stdin is None else sys.stdin.buffer


def answer(
    command: str,
    asked: Asked,
    columns: Mapping[str, str],
    build: Callable[[Walk], Sheet | list[tuple[str, Sheet]]],
    accounts: Sequence[str] = (),
    *,
    changes: bool = False,
    gathers: bool = False,
) -> int:
    """Read, grade, build the answer of `command` and deliver it.

    `columns` says which column `{owner}` and the like stand for; `build` gives a sheet, or pairs
    of owner and sheet; `accounts` narrows the question to these; `changes` asks how
    scores have changed, too. A long book is walked through, unless the answer wants to know all
    people or names in advance, which one that `gathers` all batches does not; where the walk meets
    something odd, all is read at once, which says what.
    """
    from csprio.heap import one_heap

    one_heap()
    from csprio import pipeline
    from csprio.show.output import check_wish, looks_behind
    from csprio.show.progress import Progress
    from csprio.walk import Walk

    wish = _with_map(replace(wish_of(asked, command), column_for=columns), asked.config)
    check_wish(wish)
    in_advance = "{" in wish.output and not gathers
    behind = looks_behind(wish)
    at_once = bool(accounts or asked.owner or in_advance or behind)
    asks = replace(question(asked), changes=changes, at_once=at_once)
    if gathers:  # dating plans costs time by the batch, and worklists may take more memory
        asks = replace(asks, batch=2 * asks.batch)

    def delivered(asks: Question) -> int:
        walk = Walk(pipeline.read(asks, stdin), tuple(accounts), progress.tell)
        sheets = build(walk)
        if behind:
            sheets = _with_report(sheets, walk)
        return _deliver(walk, sheets, Warner(asked, lambda: walk.problems, progress), wish)

    with Progress(quiet=asked.quiet) as progress:
        stdin = pipeline.Kept(stdin_bytes()) if "-" in asked.accounts else stdin_bytes()
        try:
            return delivered(asks)
        except pipeline.Odd:
            return delivered(replace(asks, at_once=True))


def wish_of(asked: Asked, command: str) -> Wish:
    """Gather what the command line says about output."""
    from csprio.show.output import Wish

    options = {name: said for name in FOR_SOME if (said := getattr(asked, name))}
    return Wish(
        asked.output or "",
        asked.format or "",
        asked.no_color,
        inputs=(asked.template,) if asked.template else (),
        options=options,
        command=command,
    )


def _with_map(wish: Wish, config: str | None) -> Wish:
    """Add the map that the format is written by, where it is the format of a task system."""
    from csprio.show.formats import MAPPED, kind_of

    if not wish.format or kind_of(wish.format) is not MAPPED:
        return wish
    from csprio.exported import maps

    found = maps(wish.format, config)
    ledgers = (wish.options["only_new"],) if "only_new" in wish.options else ()
    given = {} if found.export is None else {"export": found.export}
    inputs = (*wish.inputs, *found.files, *ledgers)
    return replace(wish, own_formats=found.names, given=given, inputs=inputs)


def _with_report(
    sheets: Sheet | list[tuple[str, Sheet]], walk: Walk
) -> Sheet | list[tuple[str, Sheet]]:
    """Give answers that know the book behind them."""
    from csprio.reported import report_of

    @cache  # a file for each person asks again
    def report() -> Report:
        return report_of(walk)

    if isinstance(sheets, list):
        return [(owner, replace(sheet, report=report)) for owner, sheet in sheets]
    return replace(sheets, report=report)


def _deliver(walk: Walk, sheets: Sheet | list[tuple[str, Sheet]], warn: Warner, wish: Wish) -> int:
    """Write the answer, and then say what there is to say."""
    from csprio.show.output import deliver, deliver_each
    from csprio.show.problems import say

    wish = replace(wish, inputs=(*walk.head.inputs.paths, *wish.inputs), everybody=walk.everybody)
    with _remembering(wish, warn.asked.as_of.isoformat()) as wish:
        if isinstance(sheets, list):
            said = deliver_each(sheets, wish, warn)
        else:
            said = deliver(sheets, wish, warn)
    say([*said, *walk.said], quiet=warn.asked.quiet)
    return ExitCode.ANSWERED


@contextmanager
def _remembering(wish: Wish, as_of: str) -> Iterator[Wish]:
    """Hold the ledger of `--only-new` while an answer is written, and add to it once it stands."""
    path = wish.options.get("only_new")
    if path is None:
        yield wish
        return
    from csprio.ledger import ledger

    with ledger(path, wish.format, as_of) as held:
        yield replace(wish, options={**wish.options, "only_new": held})
        held.keep()


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
