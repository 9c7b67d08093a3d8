"""Runs programs in turns as whole processes, and says what each run took.

In: commands. Out: wall time, processor time and peak memory of each run. Only the standard library
may be imported here and by whoever imports it: a process begins with the memory of the one that
starts it, and the kernel counts that as its peak.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CORES = 2  # that every program gets, on a machine with more
PATIENCE = 60  # seconds: a program that takes longer has one turn


@dataclass(frozen=True)
class Program:
    """A program to be measured: its command, and the file that it writes, if any."""

    name: str
    command: Sequence[str]
    writes: Path | None = None


@dataclass(frozen=True)
class Run:
    """What one run took: seconds by the clock, seconds of processors, bytes at the peak."""

    wall: float
    cpu: float
    peak: int


@dataclass
class Taken:
    """What the runs of a program took; where there are none, what went wrong, or why not."""

    runs: list[Run] = field(default_factory=list)
    wrote: int = 0  # bytes
    wrong: str = ""
    left_out: str = ""

    @property
    def wall(self) -> float:
        """The least time of all runs: whatever else the machine did only ever adds to it."""
        return min(run.wall for run in self.runs)

    @property
    def median(self) -> float:
        """The median time."""
        return statistics.median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """The least processor time."""
        return min(run.cpu for run in self.runs)

    @property
    def peak(self) -> int:
        """The largest peak of memory."""
        return max(run.peak for run in self.runs)

    def times(self, other: Taken) -> float:
        """Compare the least times."""
        return self.wall / other.wall

    def in_turns(self, other: Taken) -> float:
        """Compare the times turn by turn, and give the median."""
        return statistics.median(
            ours.wall / theirs.wall for ours, theirs in zip(self.runs, other.runs, strict=False)
        )


class FailedError(Exception):
    """A program that did not end well, with what it said."""


def in_turns(
    programs: Sequence[Program],
    rounds: int,
    env: Mapping[str, str],
    judge: Callable[[Program], str],
) -> dict[str, Taken]:
    """Run all programs, then all again, `rounds` times; `judge` looks at what each has written.

    A program is judged after its first run. One that fails has no further turn.
    """
    taken = {program.name: Taken() for program in programs}
    for turn in range(rounds):
        for program in programs:
            so_far = taken[program.name]
            if so_far.wrong or any(run.wall > PATIENCE for run in so_far.runs):
                continue
            _forget(program.writes)
            os.sync()
            try:
                so_far.runs.append(measure(program.command, env))
            except FailedError as failed:
                so_far.wrong, so_far.runs = str(failed), []
                continue
            if program.writes is not None:
                so_far.wrote = program.writes.stat().st_size
            if not turn and (wrong := judge(program)):
                so_far.wrong, so_far.runs = f"another answer: {wrong}", []
            _forget(program.writes)
    return taken


def measure(command: Sequence[str], env: Mapping[str, str]) -> Run:
    """Run a command to its end; what it says is shown only where it fails."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        with subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        ) as running:
            _first_to_go(running.pid)
            _, status, usage = os.wait4(running.pid, 0)
            wall = time.perf_counter() - start
            running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:]
            raise FailedError(f"ended with {running.returncode} {' '.join(last)}".strip())
    unit = 1 if sys.platform == "darwin" else 2**10
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def on_two_cores() -> None:
    """Keep this process, and all that it starts, to so many cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def _first_to_go(pid: int) -> None:
    """Let the kernel end this process before any other where memory runs out."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000", encoding="ascii")


def _forget(path: Path | None) -> None:
    if path is not None:
        path.unlink(missing_ok=True)
