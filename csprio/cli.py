"""csprio's table of contents, and the one place where a failure becomes an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from csprio import __version__
from csprio.commands import (
    backtest,
    calendar,
    check,
    completion,
    explain,
    grade,
    init,
    log,
    report,
    scores,
    tiers,
    worklist,
)
from csprio.commands.options import Commands, Words
from csprio.problems import ExitCode, Stop

UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h: a defect of csprio, not of the input
INTERRUPTED = 130

app = typer.Typer(
    name="csprio",
    cls=Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)
app.command("grade", cls=Words, short_help="What is each account?")(grade.grade)
app.command("scores", cls=Words, short_help="How is each account doing?")(scores.scores)
app.command("backtest", cls=Words, short_help="Did a score tell who left?")(backtest.backtest)
app.command("tiers", cls=Words, short_help="How does the book look?")(tiers.tiers)
app.command("calendar", cls=Words, short_help="What happens with these accounts?")(
    calendar.calendar
)
app.command("worklist", cls=Words, short_help="What does each person do this week?")(
    worklist.worklist
)
app.command("report", cls=Words, short_help="How does it all look on a page?")(report.report)
app.command("log", cls=Words, context_settings=log.CONTEXT, short_help="Tell csprio something.")(
    log.log
)
app.command("explain", cls=Words, short_help="Why is an account as it is?")(explain.explain)
app.command("check", cls=Words, short_help="Is anything wrong?")(check.check)
app.command("init", cls=Words, short_help="Start a folder.")(init.init)
app.command("completion", cls=Words, short_help="Let the shell complete words.")(
    completion.completion
)
app.command("_complete", cls=Words, context_settings=completion.CONTEXT, hidden=True)(
    completion.candidates
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        typer.echo(f"csprio {__version__}")
        raise typer.Exit


@app.callback()
def csprio(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Plain-text customer success: which accounts deserve time, and who does what this week."""


def main(words: list[str]) -> int:
    """Run one command line and give its exit code; nothing is raised."""
    try:
        return int(app(words, prog_name="csprio", standalone_mode=False) or ExitCode.ANSWERED)
    except Stop as stop:
        from csprio.show.problems import say_stop

        return say_stop(stop, no_color="--no-color" in words)
    except TyperException as usage:
        getattr(usage, "show", lambda: None)()
        return ExitCode.POLICY
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as failure:  # of help and version: commands turn theirs into a Stop
        sys.stderr.write(f"csprio: could not write: {failure.strerror or failure}\n")
        return ExitCode.UNWRITTEN
    except Exception as defect:  # noqa: BLE001 - the one place for the unexpected
        return _defect(defect)


def _defect(defect: Exception) -> int:
    """Say in one line where csprio itself is at fault; a traceback helps no user."""
    at = defect.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f"{at.tb_frame.f_code.co_name}, line {at.tb_lineno}" if at else "unknown"
    text = f"{type(defect).__name__}: {defect}".encode("unicode_escape").decode()
    sys.stderr.write(f"csprio: this is a defect of csprio, please report it: {text} ({where})\n")
    return UNEXPECTED
