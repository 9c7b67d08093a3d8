"""Processes that append to a journal, for test_keep.py: together, killed, with little room.

A script of its own, so that what forks is a small process without threads.
"""

from __future__ import annotations

import os
import random
import resource
import select
import signal
import sys
import time

from csprio import keep
from csprio.problems import Stop

WORKERS = 4
LONG_NOTE = 20_000  # more than a page of memory: a killed process may leave a part of it


def together(journal: str, count: int) -> None:
    """Fork `count` processes that append one entry each as soon as all of them are there."""
    go, gate = os.pipe()
    for number in range(count):
        if not os.fork():
            os.close(gate)
            os.read(go, 1)
            keep.append(journal, [("2026-11-23", str(number), "touch", "", "", "", "", "")])
            os._exit(0)
    os.close(gate)
    assert all(os.wait()[1] == 0 for _ in range(count))


def killed(journal: str, count: int, seed: float) -> None:
    """Kill workers at random moments until `count` entries are confirmed, and print which."""
    chance = random.Random(seed)
    heard: dict[int, tuple[int, bytes]] = {}
    confirmed: list[bytes] = []
    started = 0
    while len(confirmed) < count or heard:
        while len(heard) < WORKERS and len(confirmed) < count:
            worker, ear = _worker(journal, started)
            heard[ear] = (worker, b"")
            started += 1
        time.sleep(chance.random() / 100)
        if chance.random() < 0.5 or len(confirmed) >= count:
            os.kill(chance.choice([worker for worker, _ in heard.values()]), signal.SIGKILL)
        for ear in select.select(list(heard), [], [], 0)[0]:
            worker, said = heard[ear]
            new = os.read(ear, 1 << 16)
            *whole, rest = (said + new).split(b"\n")
            confirmed += whole
            heard[ear] = (worker, rest)
            if not new:
                os.waitpid(worker, 0)
                os.close(ear)
                del heard[ear]
    sys.stdout.write(b"\n".join(confirmed).decode())


def _worker(journal: str, number: int) -> tuple[int, int]:
    """Fork a process that appends and confirms without end."""
    ear, mouth = os.pipe()
    worker = os.fork()
    if worker:
        os.close(mouth)
        return worker, ear
    chance = random.Random(number)
    for entry in range(sys.maxsize):
        name = f"{number}-{entry}"
        middle = 'said "no", ' * chance.choice([1, 1, 1, 1, 1, 1, 1, 1, 1, LONG_NOTE // 11])
        note = f"begin {middle} end"
        keep.append(journal, [("2026-11-23", name, "touch", "", "", "", "", note)])
        os.write(mouth, f"{name}\n".encode())
    raise AssertionError


def limited(journal: str, most: int) -> None:
    """Append where no file may grow beyond `most` bytes, and print the exit code."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    entry = ("2026-11-23", "ACME", "touch", "", "", "", "", "x" * 100)
    try:
        keep.append(journal, [entry] * 3)
    except Stop as stop:
        sys.stdout.write(f"{int(stop.exit_code)}\n")


if __name__ == "__main__":
    way, path, number, *seed = sys.argv[1:]
    if way == "together":
        together(path, int(number))
    elif way == "killed":
        killed(path, int(number), float(seed[0]))
    else:
        limited(path, int(number))
