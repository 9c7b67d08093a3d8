"""`python -m csprio`, and the `csprio` command."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys


def main() -> None:
    """Run csprio on the words of the command line and exit with its code."""
    gc.disable()  # a run is short and makes few cycles: collecting costs it a tenth of its time
    # Arrow's own allocator gives freed blocks back at once: a third of a large book's time.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if hasattr(signal, "SIGPIPE"):  # a reader that has seen enough ends the run quietly
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    from csprio.cli import main as run  # noqa: PLC0415 - after the signal, which must come first

    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    # All is written. Taking pandas and pyarrow apart would cost time, and a thread of Arrow that is
    # still at work after an early error may abort the process while it is being taken apart.
    os._exit(code)


if __name__ == "__main__":
    main()
