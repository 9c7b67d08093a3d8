"""Runs csprio as a user would: in this process, fast, or as a process of its own.

In: the words of a command line, a working directory, the bytes of stdin, changes to the
environment. Out: the exit code and the bytes of stdout and stderr. Nothing looks inside csprio.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import signal
import subprocess
import sys
import time
import unittest.mock
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer.main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What a developer's own shell says about terminals must not reach an answer.
_TERMINAL = ("CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TERM")


@dataclass(frozen=True)
class Result:
    """What a run of csprio left behind."""

    code: int
    out: bytes
    err: bytes

    def good(self) -> bytes:
        """Give stdout of a run that must have answered, or fail with what it said instead."""
        assert self.code == 0, f"exit {self.code}: {self.err.decode(errors='replace')}"
        return self.out


def run(
    *args: str,
    cwd: Path,
    stdin: bytes | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Result:
    """Run csprio in this process; `env` changes the environment, None takes a name out of it.

    About a hundred times as fast as a process of its own, because pandas and pyarrow stay
    imported. No test that runs in threads may use it: the working directory is the process's.
    """
    from csprio.cli import main  # noqa: PLC0415 (each fresh-interpreter test decides when)

    streams = _Streams(stdin or b"")
    with _inside(cwd), _environment(env or {}), _signals(), _built_once(), streams:
        code = main(list(args))
    return Result(code, streams.out.getvalue(), streams.err.getvalue())


def process(
    *args: str,
    cwd: Path,
    stdin: bytes | None = None,
    env: Mapping[str, str | None] | None = None,
    bare: bool = False,
    program: Path | None = None,
) -> Result:
    """Run `python -m csprio`, or this program, as a real process; `bare`: without environment."""
    names = {} if bare else {k: v for k, v in os.environ.items() if k not in _TERMINAL}
    for name, value in (env or {}).items():
        names.pop(name, None)
        if value is not None:
            names[name] = value
    done = subprocess.run(
        [*([program] if program else [sys.executable, "-m", "csprio"]), *args],
        cwd=cwd,
        input=stdin or b"",
        env=names,
        capture_output=True,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


class _Streams:
    """Stands in for stdin, stdout and stderr while it is entered; all three are bytes beneath."""

    def __init__(self, stdin: bytes) -> None:
        self.out, self.err = _Kept(), _Kept()
        self._texts = (
            io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
            io.TextIOWrapper(self.out, encoding="utf-8", newline="\n", write_through=True),
            io.TextIOWrapper(
                self.err,
                encoding="utf-8",
                errors="backslashreplace",
                newline="\n",
                write_through=True,
            ),
        )

    def __enter__(self) -> None:
        self._before = (sys.stdin, sys.stdout, sys.stderr)
        sys.stdin, sys.stdout, sys.stderr = self._texts

    def __exit__(self, *_: object) -> None:
        for text in self._texts[1:]:
            if not text.closed:
                text.flush()
        sys.stdin, sys.stdout, sys.stderr = self._before


class _Kept(io.BytesIO):
    """Bytes that can still be read after csprio has closed its stream."""

    def close(self) -> None:
        """Do nothing: a test reads what was written."""


# Typer builds the whole command line from the signatures of all commands, anew for each call; that
# takes as long as many an answer, and is the same each time.
_command = functools.cache(typer.main.get_command)


@contextlib.contextmanager
def _built_once() -> Iterator[None]:
    with unittest.mock.patch.object(typer.main, "get_command", _command):
        yield


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _environment(changes: Mapping[str, str | None]) -> Iterator[None]:
    before = dict(os.environ)
    for name in _TERMINAL:
        os.environ.pop(name, None)
    for name, value in changes.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Give back the handlers that csprio sets for itself as a process (a broken pipe ends it)."""
    before = {number: signal.getsignal(number) for number in (signal.SIGPIPE, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
