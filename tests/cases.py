"""Runs a case that is a folder of files: a command, its input, and what it must answer.

    command           one csprio command line, without the word csprio
    stdin             optional: what the command reads from stdin
    exit              optional: the exit code; 0 where there is no such file
    absent            optional: modules that are not installed, so to speak; for what needs an extra
    expected.EXT      optional: stdout, byte for byte; absent: nothing on stdout
    expected/         optional: the files that the command wrote, all of them; absent: none
    expected.err      optional: stderr, byte for byte; absent: not looked at
    anything else     the input files; the command runs in a copy of the folder

Neither the names of the files above nor an `expected` file is part of that copy.
"""

from __future__ import annotations

import contextlib
import shlex
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from session import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from session import Result

_PARTS = ("command", "stdin", "exit", "absent", "expected", "expected.*")


@dataclass(frozen=True)
class Answer:
    """What a command did: its result, and the files that it wrote, by path from its folder."""

    result: Result
    written: dict[str, bytes]


def ask(command: str, source: Path, scratch: Path, stdin: bytes = b"") -> Answer:
    """Run `command` in a copy of the folder `source`, less the parts that make it a case."""
    folder = scratch / source.name
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(*_PARTS, "answers"))
    before = tree(folder)
    words = shlex.split(command, comments=True)
    assert words, f"{source.name}: no command"
    assert words[0] != "csprio", f"{source.name}: leave out the word csprio"
    result = run(*words, cwd=folder, stdin=stdin)
    after = tree(folder)
    assert before.keys() <= after.keys(), f"{source.name}: took a file away"
    return Answer(result, {path: b for path, b in after.items() if before.get(path) != b})


def ask_case(case: Path, scratch: Path) -> Answer:
    """Run the command of a case folder."""
    stdin, absent = case / "stdin", case / "absent"
    with _without(absent.read_text(encoding="utf-8").split() if absent.exists() else ()):
        return ask(
            (case / "command").read_text(encoding="utf-8"),
            case,
            scratch,
            stdin.read_bytes() if stdin.exists() else b"",
        )


@contextlib.contextmanager
def _without(modules: Iterable[str]) -> Iterator[None]:
    """Let imports of modules fail; those that are loaded already come back as they were."""
    loaded = {name: sys.modules.get(name) for name in modules}
    nothing: dict[str, Any] = dict.fromkeys(loaded)  # what Python takes for a module that is not
    sys.modules.update(nothing)
    try:
        yield
    finally:
        for name, module in loaded.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def compare_case(case: Path, answer: Answer) -> None:
    """Compare an answer with the expected files of its case; every difference fails."""
    code = int((case / "exit").read_text(encoding="utf-8")) if (case / "exit").exists() else 0
    shown = answer.result.err.decode(errors="replace")
    assert answer.result.code == code, f"exit {answer.result.code}, expected {code}:\n{shown}"
    stdout = stdout_file(case)
    same(answer.result.out, stdout.read_bytes() if stdout else b"", "stdout")
    expected = tree(case / "expected") if (case / "expected").is_dir() else {}
    same_files(answer.written, expected)
    if (case / "expected.err").exists():
        same(answer.result.err, (case / "expected.err").read_bytes(), "stderr")


def write_case(case: Path, answer: Answer, *, with_stderr: bool = False) -> None:
    """Make an answer the expected one; stderr only where the case looks at it, or when told to."""
    out = answer.result.out
    stdout = stdout_file(case) or case / f"expected.{_extension(out)}"
    if out:
        stdout.write_bytes(out)
    else:
        stdout.unlink(missing_ok=True)
    write_files(case / "expected", answer.written)
    err = case / "expected.err"
    if err.exists() or (with_stderr and answer.result.err):
        err.write_bytes(answer.result.err)


def stdout_file(case: Path) -> Path | None:
    """Find the file with the expected stdout, whatever its extension."""
    found = [path for path in sorted(case.glob("expected.*")) if path.suffix != ".err"]
    assert len(found) <= 1, f"{case.name}: one stdout, so one of {[p.name for p in found]}"
    return found[0] if found else None


def tree(folder: Path) -> dict[str, bytes]:
    """Read every file under a folder, by its path from there."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def write_files(folder: Path, written: dict[str, bytes]) -> None:
    """Make a folder hold exactly these files; no files, no folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in written.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def same_files(written: dict[str, bytes], expected: dict[str, bytes]) -> None:
    """Compare two sets of files: first which there are, then what is in them."""
    assert sorted(written) == sorted(expected)
    for path, content in expected.items():
        same(written[path], content, path)


def same(got: bytes, expected: bytes, what: str) -> None:
    """Compare bytes, as lines of text so that pytest shows the line that differs."""
    if got != expected:
        as_lines = [b.decode(errors="backslashreplace").splitlines(True) for b in (got, expected)]  # noqa: FBT003
        assert as_lines[0] == as_lines[1], what
        assert got == expected, what


def _extension(out: bytes) -> str:
    """Guess the extension of a new case's stdout; rename the file where the guess is poor."""
    if out.startswith((b"{", b"[")):
        return "json"
    head = out.split(b"\n", 1)[0]
    return "csv" if b"," in head and b"  " not in head else "txt"
