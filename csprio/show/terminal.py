"""Where an answer will be looked at: how wide it is and whether it may have colour.

The one place of the room that reads the environment. Comes in: a stream. Goes out: a `Look`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO, Any

USUAL_WIDTH = 80


@dataclass(frozen=True)
class Look:
    """How a table is drawn: `width` None never cuts, `color` adds escape sequences.

    Without `arrows` a trend is a word.
    """

    width: int | None = None
    color: bool = False
    arrows: bool = True


def is_terminal(stream: IO[Any] | None) -> bool:
    """Tell whether a stream is a terminal; a closed or missing one is not."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def look_of(stream: IO[Any] | None, *, no_color: bool = False) -> Look:
    """Say how to draw on this stream; what is no terminal is never cut and never coloured."""
    if not is_terminal(stream):
        return Look()
    plain = no_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Look(width=_width(stream), color=not plain, arrows=_knows_arrows(stream))


def _knows_arrows(stream: IO[Any] | None) -> bool:
    """Tell whether a stream's encoding is one of Unicode; what says nothing is taken for one."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return str(encoding).lower().startswith("utf")


def _width(stream: IO[Any] | None) -> int:
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told) > 0:
        return int(told)
    try:
        columns = os.get_terminal_size(stream.fileno()).columns if stream else 0
    except (OSError, ValueError):
        columns = 0
    return columns or USUAL_WIDTH
