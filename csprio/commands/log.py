"""`csprio log`: telling the journal something."""

from __future__ import annotations

import re
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from csprio.commands.answer import Warner, question, stdin_bytes
from csprio.commands.options import ACCOUNTS_OPTION, SHARED, Asked, asked
from csprio.problems import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from csprio.telling.tell import Found, Telling

    Add = Callable[[Sequence[Sequence[str]]], None]

_NUMBER = re.compile(r"[-+]?[0-9.,]*[0-9][0-9.,]*")
_OPTION = re.compile(r"--?[^\W\d][\w-]*(=.*)?", re.DOTALL)
# An unknown word that begins with a hyphen may be a number: `log ACME kpi churn -3`.
CONTEXT = {"ignore_unknown_options": True}


Told = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="WORDS",
        help="As `ACME grade B2`, `ACME tier 1`, `ACME event churned`, `ACME touch call TEXT`, "
        "`done TASK [OUTCOME]`; TASK is any unique part of a task_id.",
        show_default=False,
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Of snoozed, tier, event renewed.")
]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why.")]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help="Who says so. [default: by: of csprio.yaml]"),
]
Level = Annotated[
    str | None,
    typer.Option("--likelihood", metavar="LEVEL", help="Grades the likelihood as well."),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="A filled-in worklist or grading sheet, a workbook, or an .ics of to-dos.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the lines, write nothing.")]
Day = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="The day of the entries, as 2026-11-23. [default: today]"
    ),
]


def log(
    words: Told = None,
    *,
    until: Until = None,
    note: Note = None,
    by: By = None,
    likelihood: Level = None,
    sheet: From = None,
    dry_run: DryRun = False,
    accounts: ACCOUNTS_OPTION = None,
    as_of: Day = None,
    journal: Annotated[str | None, SHARED["journal"].option] = None,
    grid: Annotated[str | None, SHARED["grid"].option] = None,
    playbook: Annotated[str | None, SHARED["playbook"].option] = None,
    team: Annotated[str | None, SHARED["team"].option] = None,
    config: Annotated[str | None, SHARED["config"].option] = None,
    encoding: Annotated[str | None, SHARED["encoding"].option] = None,
    delimiter: Annotated[str | None, SHARED["delimiter"].option] = None,
    book_sheet: Annotated[str | None, SHARED["sheet"].option] = None,
    strict: Annotated[bool, SHARED["strict"].option] = False,
    quiet: Annotated[bool, SHARED["quiet"].option] = False,
    no_color: Annotated[bool, SHARED["no_color"].option] = False,
) -> int:
    """Tell the journal something of an account or a task: one line at its end, or all of a sheet.

    Kinds: grade, size, potential, likelihood, tier, motion, event, touch, review, kpi; and done,
    skipped, snoozed, reopened of a task.
    """
    shared = asked(
        accounts or [],
        {
            "as_of": as_of, "config": config, "grid": grid, "playbook": playbook, "team": team,
            "journal": journal, "encoding": encoding, "delimiter": delimiter,
            "sheet": book_sheet, "strict": strict, "quiet": quiet, "no_color": no_color,
        },
    )  # fmt: skip
    _check(words or [], sheet, [until, note, likelihood], shared)
    return _tell(shared, words or [], [until, note, likelihood, by, sheet], dry_run=dry_run)


def _tell(shared: Asked, words: list[str], options: list[str | None], *, dry_run: bool) -> int:
    """Make the entries, and write them.

    A sheet is compared with what the journal says under its lock: who reads it at the same time
    tells nothing twice.
    """
    from csprio.keep import adding, append, make_folder
    from csprio.show.names import safe_name
    from csprio.telling.tell import Said, destination, tell, tell_sheet

    until, note, likelihood, by, sheet = options
    telling = destination(question(shared), by, safe_name)
    folder = None if dry_run else telling.folder
    if sheet is None:
        said = Said(tuple(words), until, note or "", likelihood)
        found = tell(telling, said, stdin_bytes())
        if folder:
            make_folder(folder)
        _deliver(telling, found, shared, None if dry_run else partial(append, telling.path))
        return ExitCode.ANSWERED
    if folder:
        make_folder(folder)
    with nullcontext() if dry_run else adding(telling.path) as add:
        found = tell_sheet(telling, sheet, stdin_bytes())
        _deliver(telling, found, shared, add)
    return ExitCode.ANSWERED


def _check(words: list[str], sheet: str | None, options: list[str | None], shared: Asked) -> None:
    """Check that something is told, in one way."""
    for word in words:
        if word.startswith("-") and len(word) > 1 and not _NUMBER.fullmatch(word):
            message = f"there is no option {word}"
            if not _OPTION.fullmatch(word):
                message = "begin the text with something else than a hyphen, which begins an option"
            raise typer.BadParameter(message, param_hint="'csprio log'")
    if sheet is not None and (words or any(each is not None for each in options)):
        message = "the sheet says it all; give no words, --until, --note or --likelihood"
        raise typer.BadParameter(message, param_hint="--from")
    if sheet == "-" and "-" in shared.accounts:
        raise typer.BadParameter("stdin cannot be two files", param_hint="--from")
    if sheet is None and not words:
        message = "nothing is told: give ACCOUNT KIND, or done TASK, or --from FILE"
        raise typer.BadParameter(message, param_hint="'csprio log'")


def _deliver(telling: Telling, found: Found, shared: Asked, add: Add | None) -> None:
    """Write the entries, or print them where nothing is added, and say so."""
    from csprio.keep import lines
    from csprio.show.problems import say
    from csprio.show.stage import Stage
    from csprio.telling.tell import count_of

    day = telling.question.as_of
    Warner(shared, lambda: list(found.problems))([])
    rows = [each.cells(day, telling.by) for each in found.entries]
    if add is None:
        with Stage() as stage:
            with stage.open("-") as sink:
                sink.write(lines(rows).encode())
            stage.commit()
    elif rows:
        add(rows)
    before = f"; {found.before} told before" if found.before else ""
    if not rows:
        say([f"{telling.path}: nothing new to tell{before}"], quiet=shared.quiet)
        return
    head, *listed = count_of(found.entries)
    would = "would be " if add is None else ""
    said = f"{telling.path}: {would}added by {telling.by} on {day}{before}: {head}"
    say([said, *([] if add is None else listed)], quiet=shared.quiet)
