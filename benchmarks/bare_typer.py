"""A Typer program that does nothing, with as many commands as csprio: what start-up must cost.

`BARE_COMMANDS` in the environment says how many.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


def _version(*, value: bool) -> None:
    """Print a version and leave."""
    if value:
        typer.echo("bare 0.1.0")
        raise typer.Exit


@app.callback()
def bare(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Do nothing, quickly."""


def _nothing() -> None:
    """Do nothing."""


for _number in range(int(os.environ.get("BARE_COMMANDS", "6"))):
    app.command(f"command-{_number}", help="Does nothing, like the others.")(_nothing)
