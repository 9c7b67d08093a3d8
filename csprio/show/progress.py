"""How far a long run is: one line on a terminal, which goes when the run has something to say.

Comes in: how many accounts are done. Goes out: a line on stderr, once the work has taken a second;
nothing where stderr is no terminal. Nothing of it stays.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from typing import TYPE_CHECKING, Self

from csprio.show.terminal import is_terminal

if TYPE_CHECKING:
    from types import TracebackType

AFTER, EVERY = 1.0, 0.5  # seconds


class Progress:
    """A line that says how far a run is, from entering to `end`."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Say nothing where nobody looks, or nobody wants to know."""
        self._shown = not quiet and is_terminal(sys.stderr)
        self._accounts, self._written = 0, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin to count the seconds."""
        self._begun = time.monotonic()
        if self._shown:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away."""
        self.end()

    def tell(self, accounts: int) -> None:
        """Note how many accounts are done."""
        self._accounts = accounts

    def end(self) -> None:
        """Take the line away; there will be no other."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._write("")

    def _run(self) -> None:
        wait = AFTER
        while not self._ended.wait(wait):
            done = f"{self._accounts:,} accounts" if self._accounts else "reading"
            self._write(f"csprio: {done}, {time.monotonic() - self._begun:.0f} s")
            wait = EVERY

    def _write(self, line: str) -> None:
        """Write over the line before, without a word of any terminal's language."""
        if not (line or self._written):
            return
        over = line.ljust(self._written)
        back = f"\r{line}" if len(over) > len(line) else ""
        self._written = len(line)
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"\r{over}{back}")
            sys.stderr.flush()
