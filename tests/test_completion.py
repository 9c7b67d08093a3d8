"""Shells complete commands, options, formats, owners, accounts and tasks, by their own means."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from csprio.completing import SHELLS, Command, Option, complete, tokens
from session import run

DEMO = Path(__file__).parent.parent / "examples" / "demo"
COMMANDS = {
    "log": Command((Option(("--by",), takes=True), Option(("--quiet", "-q"), takes=False))),
    "worklist": Command((Option(("--owner",), takes=True), Option(("--format", "-f"), takes=True))),
}
NAMES = {
    "owners": ["Maya Chen", "O'Hara", 'say "x"', "$(reboot)", "two\nlines", "\x1b[31m", "Zoë"],
    "accounts": ["ACME"],
    "tasks": ["ACME:check-in:t1", "ACME:handoff:u", "KILN:a b:t1"],
    "formats": ["table", "taskwarrior"],
    "kinds": ["tier", "touch"],
}


def words(line: str, shell: str = "bash") -> list[str]:
    """Complete a line with names that are made up."""
    return complete(shell, line, COMMANDS, lambda kind, _: NAMES[kind])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("csprio wo", ["worklist"]),
        ("csprio --v", ["--version"]),
        ("csprio nothing ", []),
        ("csprio worklist --fo", ["--format"]),
        ("csprio worklist -f ta", ["table", "taskwarrior"]),
        ("csprio worklist --format=tas", ["taskwarrior"]),
        ("csprio worklist accounts.csv -f task", ["taskwarrior"]),
        ("csprio worklist ", []),
        ("csprio worklist --owner May", [r"Maya\ Chen"]),
        ("csprio worklist --owner Maya\\ C", [r"Maya\ Chen"]),
        ('csprio worklist --owner "Maya C', ["Maya Chen"]),
        ("csprio worklist --owner 'Maya C", ["Maya Chen"]),
        ("csprio worklist --owner=Zo", ["Zoë"]),
        ("csprio worklist --owner O", [r"O\'Hara"]),
        ("csprio worklist --owner 'O", []),
        ("csprio worklist --owner $", [r"\$\(reboot\)"]),
        ("csprio log ", ["done", "skipped", "snoozed", "reopened", "ACME"]),
        ("csprio log -q ACME to", ["touch"]),
        ("csprio log done ACME:", ["check-in:t1", "handoff:u"]),
        ("csprio log --by Maya\\ Chen done KILN", [r"KILN:a\ b:t1"]),
        ("csprio log -- done KILN:a", [r"a\ b:t1"]),
        ("", ["log", "worklist", "--help", "--version"]),
    ],
)
def test_words(line: str, expected: list[str]) -> None:
    """What may come next, as bash wants it."""
    assert words(line) == expected


def test_nothing_is_let_loose() -> None:
    """Names are quoted so that bash takes them as they are; those that nobody can type stay out."""
    said = words("csprio worklist --owner ")
    assert r"\$\(reboot\)" in said
    assert r"say\ \"x\"" in said
    assert not any("\n" in word or "\x1b" in word for word in said)
    assert r"\$(reboot)" in words('csprio worklist --owner "')
    given = subprocess.run(
        ["bash", "-c", f"printf '%s\\n' {' '.join(said)}"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert given.stdout.splitlines() == [name for name in NAMES["owners"] if name.isprintable()]


def test_tokens() -> None:
    """A line is split as a shell does it, open quotes and trailing blanks included."""
    assert [token.text for token in tokens("a 'b c' d\\ e \"f'\" ")] == [
        "a",
        "b c",
        "d e",
        "f'",
        "",
    ]
    assert [(token.raw, token.quote) for token in tokens("a 'b ")] == [("a", ""), ("'b ", "'")]


@pytest.fixture
def folder(tmp_path: Path, csprio: Path) -> tuple[Path, dict[str, str]]:
    """Give the demo to complete in, and an environment in which csprio is found."""
    path = [str(csprio.parent), str(Path(sys.executable).parent), os.environ["PATH"]]
    env = {**os.environ, "PATH": os.pathsep.join(path), "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    return Path(shutil.copytree(DEMO, tmp_path / "demo")), env


def shell(name: str, script: str, place: tuple[Path, dict[str, str]]) -> list[str]:
    """Run lines in a shell that has read csprio's script, and give what they print."""
    folder, env = place
    (folder.parent / "script").write_bytes(run("completion", name, cwd=folder).good())
    words = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    done = subprocess.run(
        [name, *words, "-c", script], cwd=folder, env=env, capture_output=True, check=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.splitlines()


BASH = """
source ../script
ask() {
    COMP_LINE=$1 COMP_POINT=${#1}
    _csprio
    printf '%s\\n' "$1 -> ${COMPREPLY[*]}"
}
complete -p csprio
"""


def test_bash(folder: tuple[Path, dict[str, str]]) -> None:
    """Real bash completes from the files of the folder it is in, and says nothing of errors."""
    asked = [
        "csprio ti", "csprio worklist --owner Maya", "csprio explain ACM",
        "csprio log done ACME:growth", "csprio calendar --account QUIL", "csprio grade -f pa",
        "csprio worklist nothing.csv --owner M",
    ]  # fmt: skip
    lines = BASH + "\n".join(f"ask '{line}'" for line in asked)
    head, *said = shell("bash", lines, folder)
    assert head == "complete -o default -F _csprio csprio"
    found = [line.partition(" -> ")[2] for line in said]
    assert found == [
        "tiers", r"Maya\ Chen", "ACME", "growth-review:t2026-05.1", "QUILL", "parquet", "",
    ]  # fmt: skip


@pytest.mark.interop
def test_fish(folder: tuple[Path, dict[str, str]]) -> None:
    """Real fish completes, and offers files where csprio has nothing to say."""
    script = "source ../script; "
    assert shell("fish", script + "complete -C 'csprio wor'", folder) == ["worklist"]
    asked = script + "complete -C 'csprio worklist --owner Maya'"
    assert shell("fish", asked, folder)[0].replace("\\", "") == "Maya Chen"
    assert "accounts.csv" in shell("fish", script + "complete -C 'csprio grade acc'", folder)


@pytest.mark.interop
def test_zsh(folder: tuple[Path, dict[str, str]]) -> None:
    """Real zsh reads the script, hands it the words, and gets the candidates."""
    stubs = (
        'compdef() { print -r -- "compdef $*"; }; compadd() { shift; print -rl -- "$@"; }; '
        "_files() { print files; }; source ../script; "
    )
    asked = stubs + "words=(csprio worklist --owner 'Maya'); CURRENT=4; _csprio"
    assert shell("zsh", asked, folder) == ["compdef _csprio csprio", "Maya Chen"]
    asked = stubs + "words=(csprio grade acc); CURRENT=3; _csprio"
    assert shell("zsh", asked, folder) == ["compdef _csprio csprio", "files"]


def test_an_unknown_shell(tmp_path: Path) -> None:
    """A shell that csprio does not know is a usage error that names those it does."""
    told = run("completion", "tcsh", cwd=tmp_path)
    assert told.code == 2
    assert all(name.encode() in told.err for name in SHELLS)


def test_it_is_not_in_the_way(tmp_path: Path) -> None:
    """What scripts ask is no command for people."""
    assert b"_complete" not in run("--help", cwd=tmp_path).good()
