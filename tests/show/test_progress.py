"""The line of progress: on a terminal only, after a while only, and gone when anything is said."""

from __future__ import annotations

import io
import os
import pty
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from csprio.show import progress
from csprio.show.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Terminal(io.StringIO):
    """What looks like a terminal."""

    def isatty(self) -> bool:
        """Say that somebody looks."""
        return True


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Look at a terminal that is told something very soon."""
    monkeypatch.setattr(progress, "AFTER", 0.001)
    monkeypatch.setattr(progress, "EVERY", 0.001)
    found = Terminal()
    monkeypatch.setattr(sys, "stderr", found)
    return found


def until(said: str, terminal: io.StringIO) -> None:
    """Wait for a text."""
    last = time.monotonic() + 60
    while said not in terminal.getvalue():
        assert time.monotonic() < last, terminal.getvalue()
        time.sleep(0.001)


def screen(written: str) -> str:
    """Give what a line of a terminal shows in the end."""
    line: list[str] = []
    for text in written.split("\r"):
        line[: len(text)] = text
    return "".join(line)


def test_a_line_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that something is read, then how many accounts are done, and leaves nothing."""
    terminal = watched(monkeypatch)
    with Progress() as shown:
        until("csprio: reading, 0 s", terminal)
        shown.tell(1_234_567)
        until("csprio: 1,234,567 accounts, 0 s", terminal)
        shown.tell(8)
        until("csprio: 8 accounts, 0 s", terminal)
    assert screen(terminal.getvalue()).strip() == ""
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")


def test_nothing_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it has ended it says nothing, however long the run goes on, and ends only once."""
    terminal = watched(monkeypatch)
    with Progress() as shown:
        until("reading", terminal)
        shown.end()
        written = terminal.getvalue()
        time.sleep(0.02)
    assert terminal.getvalue() == written


def test_nothing_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gets nothing, nor does a terminal of who wants quiet."""
    terminal, pipe = watched(monkeypatch), io.StringIO()
    with Progress(quiet=True):
        time.sleep(0.02)
    monkeypatch.setattr(sys, "stderr", pipe)
    with Progress():
        time.sleep(0.02)
    assert (terminal.getvalue(), pipe.getvalue()) == ("", "")


def test_a_terminal_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that somebody closes does not end a run."""
    terminal = watched(monkeypatch)
    with Progress():
        until("reading", terminal)
        terminal.close()


def test_on_a_real_terminal(tmp_path: Path) -> None:
    """A run that waits for its input says so on a terminal, and its answer is not touched."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "csprio", "grade", "-", "-f", "csv"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as run:
        os.close(theirs)
        said = b""
        while b"reading" not in said:
            said += os.read(ours, 1000)
        out, _ = run.communicate(b"id,potential\nA,5\n")
    os.close(ours)
    assert run.returncode == 0
    assert out.decode().splitlines()[1].startswith("A,A,,5,C,")
    assert re.search(rb"\rcsprio: reading, [0-9]+ s", said)


def test_ctrl_c_in_the_middle(tmp_path: Path) -> None:
    """Ctrl-C while a long answer is written ends quietly and leaves no file."""
    rows = "".join(f"{n},Company {n},{n},1,Ann,2025-01-01\n" for n in range(400_000))
    text = f"id,name,potential,likelihood,csm,start_date\n{rows}"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    words = ["calendar", "a.csv", "-o", "out.csv"]
    with subprocess.Popen(
        [sys.executable, "-m", "csprio", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        while not any(path.stat().st_size for path in tmp_path.glob(".csprio-*")):
            assert run.poll() is None
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate()
    assert (run.returncode, out, err) == (130, b"", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
