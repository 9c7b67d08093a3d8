"""`csprio init`: start a folder, an account's own plan, or a file of holidays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from csprio.commands.options import SHARED, day_asked
from csprio.problems import ExitCode

if TYPE_CHECKING:
    from csprio.settings import TableSettings

_CONFIG = "csprio.yaml"


Folder = Annotated[str, typer.Argument(metavar="DIR", help="The folder; made if need be.")]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="EXPORT", help="Begin with this accounts file, and a sheet to grade it."
    ),
]
Plan = Annotated[
    str | None,
    typer.Option("--plan", metavar="ACCOUNT", help="Only begin the own plan of this account."),
]
Holidays = Annotated[
    str | None,
    typer.Option("--holidays", metavar="CODE", help="Write the holidays of US, US-CA, DE ..."),
]


def init(
    folder: Folder,
    *,
    export: From = None,
    plan: Plan = None,
    holidays: Holidays = None,
    encoding: Annotated[str | None, SHARED["encoding"].option] = None,
    delimiter: Annotated[str | None, SHARED["delimiter"].option] = None,
    sheet: Annotated[str | None, SHARED["sheet"].option] = None,
    as_of: Annotated[str | None, SHARED["as_of"].option] = None,
    quiet: Annotated[bool, SHARED["quiet"].option] = False,
) -> int:
    """Start a folder: a commented csprio.yaml, grid, playbook and a few accounts, or your own.

    With --from, a grading sheet for people to fill in comes with it. With --plan or --holidays
    alone, only that file is written. Nothing is ever overwritten.
    """
    from csprio.settings import TableSettings
    from csprio.show.problems import say

    day = day_asked(as_of)
    written = TableSettings(encoding=encoding, delimiter=delimiter, sheet=sheet)
    _check(export, plan, written)
    files: dict[str, bytes] = {}
    said: list[str] = []
    calendar = _holidays(holidays, day) if holidays is not None else {}
    if export is not None or (plan is None and holidays is None):
        new, said = _folder(folder, export, day, list(calendar), written)
        files |= new
    elif calendar:
        said.append(f"add to {_CONFIG}: holidays: [{next(iter(calendar))}]")
    files |= calendar
    if plan is not None:
        files |= _own_plan(folder, plan, day)
    _write(folder, files)
    say([f"{folder}: wrote {', '.join(files)}", *said], quiet=quiet)
    return ExitCode.ANSWERED


def _check(export: str | None, plan: str | None, written: TableSettings) -> None:
    """Refuse options that contradict each other."""
    if export == "-":
        message = f"{_CONFIG} names the file, so stdin will not do; save it first"
        raise typer.BadParameter(message, param_hint="--from")
    if export is not None and plan is not None:
        message = "an own plan needs a folder that is there: run init with --from first"
        raise typer.BadParameter(message, param_hint="--plan")
    for name in ("encoding", "delimiter", "sheet"):
        if getattr(written, name) is not None and export is None:
            message = "it says how the file of --from is written"
            raise typer.BadParameter(message, param_hint=f"--{name}")


def _folder(
    folder: str,
    export: str | None,
    day: date,
    calendar: list[str],
    written: TableSettings,
) -> tuple[dict[str, bytes], list[str]]:
    """Make the files of a whole folder, and what is said of them."""
    from csprio.starter import folder as files

    if export is None:
        return files.sample_files(day, calendar), files.said_of_sample(folder)
    from csprio.starter.export import look_at

    found = look_at(export, written)
    return files.export_files(folder, found, calendar), files.said_of_export(folder, found)


def _holidays(code: str, day: date) -> dict[str, bytes]:
    """Make the file of holidays, from the year before to three years after."""
    from csprio.starter.folder import holiday_files

    try:
        return holiday_files(code, day)
    except ImportError:
        message = "this needs one more package: pip install 'csprio[holidays]'"
        raise typer.BadParameter(message, param_hint="--holidays") from None


def _own_plan(folder: str, account: str, day: date) -> dict[str, bytes]:
    """Make the file of an account's own plan."""
    from csprio.starter.own_plan import own_plan

    name, text = own_plan(folder, account, day)
    return {name: text.encode()}


def _write(folder: str, files: dict[str, bytes]) -> None:
    """Write all files or none; one that is there already is a `Stop` that names all such."""
    import os
    from pathlib import Path

    from csprio.problems import Place, Stop, problem
    from csprio.show.stage import Stage

    paths = {str(Path(folder) / name): content for name, content in files.items()}
    there = [path for path in paths if os.path.lexists(path)]
    if there:
        raise Stop(ExitCode.POLICY, [problem("file-exists", Place(path)) for path in there])
    with Stage(folders=True) as stage:
        for path, content in paths.items():
            with stage.open(path) as sink:
                sink.write(content)
        stage.commit()
