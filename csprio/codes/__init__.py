"""The catalogue of problems: every code that csprio can report, in the room it comes from.

A code's message and remedy are templates, filled with the facts of a case. `docs/problems.md` is
made from this catalogue, and every code has a failing input in `tests/problems/`.
"""

from csprio.codes.backtest import BACKTEST
from csprio.codes.book import BOOK
from csprio.codes.calendars import CALENDARS
from csprio.codes.code import Code, Severity
from csprio.codes.exports import EXPORTS
from csprio.codes.journal import JOURNAL
from csprio.codes.keep import KEEP
from csprio.codes.policy import POLICY
from csprio.codes.scores import SCORES
from csprio.codes.signals import SIGNALS
from csprio.codes.sources import SOURCES
from csprio.codes.table import TABLE
from csprio.codes.usage import USAGE

CODES: dict[str, Code] = {
    code.name: code
    for room in (
        TABLE,
        POLICY,
        SIGNALS,
        SOURCES,
        SCORES,
        JOURNAL,
        BOOK,
        KEEP,
        BACKTEST,
        EXPORTS,
        CALENDARS,
        USAGE,
    )
    for code in room
}

__all__ = [
    "BACKTEST",
    "BOOK",
    "CALENDARS",
    "CODES",
    "EXPORTS",
    "JOURNAL",
    "KEEP",
    "POLICY",
    "SCORES",
    "SIGNALS",
    "SOURCES",
    "TABLE",
    "USAGE",
    "Code",
    "Severity",
]
