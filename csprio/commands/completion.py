"""`csprio completion`: shells complete commands, options, owners, accounts and tasks."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from csprio.commands.options import Asked, asked
from csprio.problems import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from csprio.completing import Command, Said
    from csprio.pipeline import Graded

CONTEXT = {"ignore_unknown_options": True}
_AHEAD = timedelta(days=27)  # tasks of four weeks, and what is overdue
_SHARED = ("config", "grid", "playbook", "signals", "journal", "team", "encoding", "delimiter")


def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
) -> int:
    """Print what a shell must read to complete csprio, as by: eval "$(csprio completion bash)"."""
    from csprio.completing import SHELLS, script

    if shell not in SHELLS:
        message = f"{shell!r} is no shell that csprio knows: take {', '.join(SHELLS)}"
        raise typer.BadParameter(message, param_hint="SHELL")
    sys.stdout.write(script(shell))
    return ExitCode.ANSWERED


def candidates(
    context: typer.Context,
    shell: Annotated[str, typer.Argument(metavar="SHELL")],
    line: Annotated[str, typer.Argument(metavar="LINE")] = "",
) -> int:
    """Print what may stand at the end of a line; scripts of `csprio completion` ask for it."""
    from csprio.completing import complete

    found = complete(shell, line, _commands(context), _names)
    sys.stdout.write("".join(f"{each}\n" for each in found))
    return ExitCode.ANSWERED


def _commands(context: typer.Context) -> dict[str, Command]:
    """Take the commands and their options from their declarations."""
    from csprio.completing import Command, Option

    group: Any = context.parent.command if context.parent else None
    found = {}
    for name, command in group.commands.items():
        options = [each for each in command.params if each.param_type_name == "option"]
        taken = (Option(_longest_first(each.opts), not each.is_flag) for each in options)
        found[name] = Command(tuple(taken))
    return {name: command for name, command in found.items() if not group.commands[name].hidden}


def _longest_first(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(flags, key=len, reverse=True))


def _names(kind: str, said: Said) -> Iterable[str]:
    """Give the names of a kind: those that csprio knows, else those in the files."""
    if kind == "weeks":
        return ("this", "next")
    if kind == "kinds":
        from csprio.journal import CLOSINGS, KINDS

        return [name for name in KINDS if name not in CLOSINGS]
    if kind == "fields":
        from csprio.fields import COMPUTED, FIELDS, GRADED

        return [each.name for each in (*FIELDS, *COMPUTED, *GRADED)]
    shared = _shared(said)
    if kind == "formats":
        from csprio.exported import maps
        from csprio.show.formats import FORMATS

        return [*FORMATS, *maps("", shared.config).names]
    return _of_files(kind, shared)


def _shared(said: Said) -> Asked:
    """Take the options that say which files are meant, and no others."""
    given: dict[str, Any] = {
        name: values[-1] for name in _SHARED if (values := said.options.get(f"--{name}"))
    }
    files = said.options.get("--accounts", [])
    if not files and said.command not in {"log", "explain"}:
        files = said.arguments
    return asked([file for file in files if file != "-"], given)


def _of_files(kind: str, shared: Asked) -> Iterable[str]:
    """Read the book, and give its names; where it cannot be read there is nothing to say."""
    from csprio import pipeline
    from csprio.commands.answer import question, stdin_bytes
    from csprio.walk import Walk

    walk = Walk(pipeline.read(question(shared), stdin_bytes()))
    if kind == "owners":
        for _ in walk:
            pass
        return walk.everybody
    if kind == "accounts":
        return [name for each in walk for name in each.table["account_id"].to_pylist()]
    return [task for each in walk for task in _tasks(each, shared)]


def _tasks(graded: Graded, shared: Asked) -> list[str]:
    """Give the tasks that are due, or soon will be."""
    from csprio import answers, pipeline

    monday = shared.as_of - timedelta(days=shared.as_of.weekday())
    window = answers.window(monday, monday + _AHEAD)
    sheet = answers.worklist_sheet([graded], pipeline.plan, window)
    found: list[str] = sheet.whole()["task_id"].to_pylist()
    return found
