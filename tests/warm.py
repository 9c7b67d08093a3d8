"""A `csprio` for the PATH whose imports are done: each call is a fork of one process, a real one.

A session of many calls spends most of its time on importing pandas and pyarrow, the same each time.
Here a server imports them once, and forks a process for each call, which has the arguments, folder,
environment, umask, stdin, stdout and stderr of its caller and runs what `csprio` runs. The caller
(warm_caller.py) waits for it and ends as it ended, by exit code or by signal. How csprio starts is
not shown by this, only what it does then; test_startup.py and test_wheel.py start it in earnest.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLER = Path(__file__).with_name("warm_caller.py")
PATIENCE = 60  # seconds without a call, after which the server looks whether it is still wanted
UNKNOWN = 'DOOR = PYTHON = ""'
STREAMS = ("stdin", "stdout", "stderr")
# What Python heeds when it starts cannot be changed later: a caller in another is started anew.
LANG = {"LANG": "C.UTF-8"}
ANSWERING = ("pandas", "pyarrow.csv", "pyarrow.compute", "pyarrow.parquet", "holidays")


@contextlib.contextmanager
def csprio_in(folder: Path) -> Iterator[Path]:
    """Put a `csprio` into a folder, for callers of the language LANG, and give its path."""
    door = folder / "s"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(door))  # before anybody can call; calls wait until all is imported
        listening.listen(64)
        caller = folder / "csprio"
        caller.write_text(_caller(door), encoding="utf-8")
        caller.chmod(0o755)
        server = subprocess.Popen(
            [sys.executable, __file__, str(listening.fileno())],
            env={**LANG, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    try:
        yield caller
    finally:
        server.terminate()
        server.wait()


def _caller(door: Path) -> str:
    """Write the script that calls at a door."""
    known = f"DOOR, PYTHON = {str(door)!r}, {sys.executable!r}"
    script = CALLER.read_text(encoding="utf-8")
    return f"#!{sys.executable} -IS\n{script.replace(UNKNOWN, known)}"


def _serve(listening: socket.socket) -> None:
    """Import what answers need, compute nothing, and fork for each call."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # as `csprio` does, before Arrow
    package = importlib.import_module("csprio")
    modules = [each.name for each in pkgutil.walk_packages(package.__path__, "csprio.")]
    for name in (*ANSWERING, *modules):
        importlib.import_module(name)
    gc.freeze()
    answering: set[int] = set()
    listening.settimeout(PATIENCE)
    tests = os.getppid()
    while True:
        try:
            call, _ = listening.accept()
        except TimeoutError:
            if os.getppid() == tests:
                continue
            return  # the tests have ended without a word
        call.settimeout(None)
        answering -= {each for each in answering if os.waitpid(each, os.WNOHANG)[0]}
        one = os.fork()
        if not one:
            listening.close()
            with call:
                _answer(call)
            os._exit(0)
        answering.add(one)
        call.close()


def _answer(call: socket.socket) -> None:
    """Fork the process that was called for, and tell how it ended."""
    begun, streams, _, _ = socket.recv_fds(call, 1 << 16, 3)
    size, _, words = begun.partition(b"\n")
    while len(words) < int(size):
        words += call.recv(1 << 16)
    asked = json.loads(words)
    child = os.fork()
    if not child:
        call.close()
        _take(streams)
        _become(asked)
    for stream in streams:
        os.close(stream)
    _, ended = os.waitpid(child, 0)
    call.sendall(b"%d" % os.waitstatus_to_exitcode(ended))


def _take(streams: list[int]) -> None:
    """Make these the stdin, stdout and stderr of this process."""
    for number, (stream, name) in enumerate(zip(streams, STREAMS, strict=True)):
        os.dup2(stream, number)
        os.close(stream)
        usual = getattr(sys, name)
        how = {"encoding": usual.encoding, "errors": usual.errors, "closefd": False}
        mode, buffering = ("w", 1 if usual.line_buffering else -1) if number else ("r", -1)
        setattr(sys, name, open(number, mode, buffering, **how))  # noqa: PTH123, SIM115


def _become(asked: dict[str, Any]) -> None:
    """Run csprio in the place of the caller; never come back."""
    from csprio.__main__ import main  # noqa: PLC0415 - as `python -m csprio` does

    os.chdir(asked["folder"])
    os.umask(asked["umask"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    sys.argv = ["csprio", *asked["words"]]
    try:
        main()
    finally:
        os._exit(1)  # only where it has raised: csprio itself ends the process


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
