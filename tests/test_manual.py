"""The man page: it names all there is, and what shows man pages has nothing to say about it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from csprio.cli import app

PAGE = Path(__file__).parent.parent / "docs" / "csprio.1"


def test_it_names_every_command_and_option() -> None:
    """Each command has its heading, and each option stands somewhere in bold."""
    text = PAGE.read_text(encoding="utf-8")
    commands = {
        name: command
        for name, command in getattr(get_command(app), "commands").items()  # noqa: B009
        if not command.hidden
    }
    assert re.findall(r'(?m)^\.SS "csprio (\w+)"$', text) == list(commands)
    bold = {flag.replace("\\-", "-") for flag in re.findall(r"\\fB([^ ]*?)\\fR", text)}
    for command in commands.values():
        for each in command.params:
            if each.param_type_name == "option":
                assert set(each.opts) <= bold


@pytest.mark.interop
def test_man_shows_it_without_a_warning() -> None:
    """`man -l` and mandoc take it; a date that no release has yet is all that mandoc misses."""
    shown = subprocess.run(
        ["man", "-l", "--warnings=all", "-E", "utf8", str(PAGE)],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert shown.stderr == ""
    assert "csprio worklist" in shown.stdout
    found = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", str(PAGE)],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    complaints = [line for line in found.stdout.splitlines() if "missing date" not in line]
    assert (complaints, found.stderr) == ([], "")
