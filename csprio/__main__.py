"""`python -m csprio`, and the `csprio` command."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run csprio on the words of the command line and exit with its code."""
    if hasattr(signal, "SIGPIPE"):  # a reader that has seen enough ends the run quietly
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    from csprio.cli import main as run  # noqa: PLC0415 - after the signal, which must come first

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
