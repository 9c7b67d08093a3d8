"""Runs every shell line that the documents show, in the order a reader would type them.

Each document is one session in a copy of the repository: README.md and docs/*.md at its top,
examples/NAME/README.md in its folder; files and the working directory carry on from block to block.

    ```sh        all lines must succeed; the output is not looked at
    ```console   lines after `$ ` are run (`> ` continues a line that ends in a backslash) and what
                 follows is compared with stdout and stderr; a line `...` stands for any lines.
                 A command that shows no output must succeed
    ```sh no-run reason="..."   is not run, for that reason
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from warm import LANG

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    path
    for pattern in ("README.md", "docs/*.md", "examples/*/README.md")
    for path in sorted(ROOT.glob(pattern))
]
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
SHOWN = ("README.md", "docs", "examples", "playbooks")
FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w+)(?P<rest>.*)$")
MOST_NOT_RUN = 8
LONGEST = 120


@dataclass(frozen=True)
class Block:
    """A fenced block of shell lines and where it stands."""

    where: str
    kind: str
    rest: str
    lines: list[str]

    @property
    def runs(self) -> bool:
        """Tell whether a reader is meant to type this as it stands."""
        return "no-run" not in self.rest.split()

    def steps(self) -> Iterator[tuple[str, list[str] | None]]:
        """Give each script of the block with the output that it must show, if it shows any."""
        if self.kind == "sh":
            yield "\n".join(self.lines), None
            return
        lines = list(self.lines)
        assert lines, f"{self.where}: empty"
        assert lines[0].startswith("$ "), f"{self.where}: a console block begins with `$ `"
        while lines:
            script = lines.pop(0)[2:]
            while script.endswith("\\") and lines and lines[0].startswith("> "):
                script += "\n" + lines.pop(0)[2:]
            output = []
            while lines and not lines[0].startswith("$ "):
                output.append(lines.pop(0).rstrip())
            yield script, output


def blocks(document: Path) -> list[Block]:
    """Read the shell blocks of a document."""
    found: list[Block] = []
    lines = iter(enumerate(document.read_text(encoding="utf-8").splitlines(), start=1))
    for number, line in lines:
        if fence := FENCE.match(line):
            indent, inside = fence["indent"], []
            for _, inner in lines:
                if inner.strip() == "```":
                    break
                inside.append(inner.removeprefix(indent))
            if fence["kind"] in {"sh", "console", "bash", "shell"}:
                where = f"{document.relative_to(ROOT)}:{number}"
                found.append(Block(where, fence["kind"], fence["rest"], inside))
    return found


@dataclass
class Session:
    """A shell as a reader has it open: it stays in the folder it was last in."""

    folder: Path
    scratch: Path
    csprio: Path | None = None  # instead of the one that is installed

    def type(self, script: str) -> tuple[int, list[str]]:
        """Run lines and give the exit code, and all that they showed."""
        stay = self.scratch / "folder"
        first = [self.csprio.parent] if self.csprio else []
        programs = [*map(str, [*first, Path(sys.executable).parent]), os.environ["PATH"]]
        env = {
            "COLUMNS": "100",
            "HOME": str(self.scratch),
            **LANG,
            "PATH": os.pathsep.join(programs),
            "STAY": str(stay),
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"trap 'pwd > \"$STAY\"' EXIT\n{script}"],
            cwd=self.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            timeout=LONGEST,
        )
        self.folder = Path(stay.read_text(encoding="utf-8").strip())
        return done.returncode, [line.rstrip() for line in done.stdout.rstrip().splitlines()]


def matches(shown: list[str], output: list[str]) -> bool:
    """Compare lines; `...` stands for any number of them, none too."""
    pieces = ["(?:.*\n)*" if line == "..." else re.escape(line) + "\n" for line in shown]
    return re.fullmatch("".join(pieces), "".join(f"{line}\n" for line in output)) is not None


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_shell_lines_run(document: Path, csprio: Path, tmp_path: Path) -> None:
    """Every shell line of a document does what the document says that it does."""
    mine = [block for block in blocks(document) if block.runs]
    if not mine:
        return
    for name in SHOWN:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    start = tmp_path
    if document.is_relative_to(ROOT / "examples"):
        start = tmp_path / document.parent.relative_to(ROOT)
    scratch = tmp_path / ".home"
    scratch.mkdir()
    session = Session(start, scratch, csprio)
    for block in mine:
        for script, shown in block.steps():
            code, output = session.type(script)
            said = f"{block.where}: {script}\nexit {code}\n" + "\n".join(output)
            assert "Traceback" not in said, said
            assert code == 0 or shown, said
            if shown is not None:
                while shown and not shown[-1]:
                    shown.pop()
                assert matches(shown, output), said


def test_what_does_not_run_has_a_reason() -> None:
    """Few shell blocks are left out, each with its reason, and none hides behind another name."""
    left_out = []
    for document in DOCUMENTS:
        for block in blocks(document):
            assert block.kind in {"sh", "console"}, f"{block.where}: call it sh or console"
            if not block.runs:
                assert re.search(r'reason="[^"]{10,}"', block.rest), block.where
                left_out.append(block.where)
    assert len(left_out) <= MOST_NOT_RUN, left_out


def test_matches() -> None:
    """A line of dots stands for any lines, and nothing else is forgiven."""
    assert matches(["a", "...", "d"], ["a", "b", "c", "d"])
    assert matches(["a", "..."], ["a"])
    assert not matches(["a", "d"], ["a", "b", "d"])
    assert not matches(["a.c"], ["abc"])
