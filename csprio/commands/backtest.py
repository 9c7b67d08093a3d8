"""`csprio backtest`: how well did a score tell who left?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from csprio.commands.answer import Warner, question, stdin_bytes, wish_of
from csprio.commands.options import Asked, answering, iso_day
from csprio.commands.scores import chosen
from csprio.problems import ExitCode, Stop

if TYPE_CHECKING:
    from datetime import date

    from csprio.signals import Signals

STDIN = "-"
Score = Annotated[str, typer.Option("--score", metavar="NAME", help="The score of signals.yaml.")]
At = Annotated[
    str,
    typer.Option(
        "--at", metavar="DATE", help="The earlier day that the score is as of, as 2026-05-31."
    ),
]
Left = Annotated[
    str | None,
    typer.Option(
        "--left",
        metavar="FIELD=TEST",
        help="A column that tells who left, as 'status=churned'. [default: churned events]",
    ),
]


@answering("add")
def backtest(
    asked: Asked,
    score: Score,
    at: At,
    left: Left = None,
) -> int:
    """Test a score of an earlier day on who left since: AUC, churn by band, lead time, misses."""
    from csprio import backtested
    from csprio.checking import noticed
    from csprio.show.output import check_wish, deliver
    from csprio.show.problems import say, say_problems

    day = _earlier(at, asked.as_of)
    wish = wish_of(asked, "backtest")
    check_wish(wish)
    stdin = stdin_bytes().read() if STDIN in asked.accounts else b""

    def choose(signals: Signals | None) -> str:
        return chosen(signals, [score])[0]

    read = backtested.read(question(asked), day, choose, left or "", stdin)
    problems = [*read.problems, *noticed(read.then)]
    try:
        sheet = read.sheet()
    except Stop:  # what is wrong with the inputs may be why so few have a score
        say_problems(problems, quiet=True, no_color=asked.no_color)
        raise
    warn = Warner(asked, lambda: problems)
    deliver(sheet, replace(wish, inputs=read.paths), warn)
    say(read.said, quiet=asked.quiet)
    return ExitCode.ANSWERED


def _earlier(at: str, as_of: date) -> date:
    """Read the day of the score: before the one asked about."""
    day = iso_day(at, "--at")
    if day is None or day >= as_of:
        message = f"{at} is not before {as_of}, the day of --as-of: nothing has come after it"
        raise typer.BadParameter(message, param_hint="--at")
    return day
