"""Starts the programs that take calendar feeds: where they are, and what they are told.

In: a folder of the test's own. Out: what a client sees. Programs are looked for in `.venv/interop`,
which `make .venv/interop/ready` makes; a test whose program is missing is skipped and says so.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
CLIENTS = ROOT / ".venv" / "interop"
HOW = "run `make .venv/interop/ready`"
_PATIENCE = 20
_LOGIN = {"Authorization": "Basic YW5hOng="}  # ana, x


def program(name: str) -> str:
    """Find a client, or skip the test."""
    path = CLIENTS / "bin" / name
    if not path.exists():
        pytest.skip(f"{name} is not installed: {HOW}")
    return str(path)


def ask(*words: str, folder: Path, stdin: str = "") -> str:
    """Run a client in an empty home and give all that it said; it must succeed."""
    done = subprocess.run(
        words,
        cwd=folder,
        env={"HOME": str(folder), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "TZ": "UTC"},
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@contextlib.contextmanager
def caldav(folder: Path) -> Iterator[str]:
    """Run a CalDAV server on loopback; give the address of an empty collection."""
    port = free_port()
    command = [
        program("radicale"),
        f"--server-hosts=127.0.0.1:{port}",
        f"--storage-filesystem-folder={folder / 'server'}",
        "--auth-type=none",
        "--config=",
    ]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _until_it_answers(port)
            _request(port, "PROPFIND", "/ana/")
            assert _request(port, "MKCALENDAR", "/ana/feed/") == 201
            yield f"http://127.0.0.1:{port}/ana/feed/"
        finally:
            server.terminate()
            server.wait(_PATIENCE)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until_it_answers(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)
        else:
            return


def _request(port: int, method: str, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request(method, path, headers=_LOGIN)
        return connection.getresponse().status
    finally:
        connection.close()
