"""What is told, from the question to entries: the one entrance for `csprio log`.

Comes in: a question, words or the path of a sheet. Goes out: the journal and who tells it, entries
that are checked, or a `Stop` with all that is wrong. Nothing is written here.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from csprio import pipeline
from csprio.codes import Severity
from csprio.keep import check, one_line
from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.config import beside, read_config
from csprio.read.source import STDIN, read_bytes, taken_as_utf8, workbook_of
from csprio.settings import FIRST_YEAR, LAST_YEAR
from csprio.telling.book import read_book
from csprio.telling.gradings import from_gradings
from csprio.telling.sheet import read_sheet
from csprio.telling.todos import is_calendar, read_todos
from csprio.telling.words import Said, entries_of
from csprio.telling.worklist import from_worklist

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    from csprio.pipeline import Question
    from csprio.problems import Problem
    from csprio.settings import TableSettings
    from csprio.telling.entry import Entry
    from csprio.telling.sheet import Sheet

__all__ = ["Said", "Telling", "count_of", "destination", "tell", "tell_sheet"]
_SHOWN = 20


@dataclass(frozen=True)
class Telling:
    """Where entries go and who says them: a question that reads that journal, a file, a name.

    `folder` is the folder of the file where it is still to be made.
    """

    question: Question
    path: str
    by: str
    folder: str | None = None


@dataclass(frozen=True)
class Found:
    """Entries to be written, how many the journal has already, and what is wrong with it."""

    entries: tuple[Entry, ...]
    before: int = 0
    problems: tuple[Problem, ...] = ()


def destination(question: Question, by: str | None, safe_name: Callable[[str], str]) -> Telling:
    """Find the journal's file and who says so; `Stop` where one of the two is not known.

    In a folder, which may be a new one, everybody has a file of their own. A file that could not be
    added to is refused here, before anything is read.
    """
    config, _ = read_config(question.config)
    who = one_line(by or config.by or "")
    path = question.journal or (beside(config, config.journal) if config.journal else None)
    missing = [("no-journal", not path), ("no-by", not who)]
    found = [problem(code, Place("")) for code, wrong in missing if wrong]
    if not FIRST_YEAR <= question.as_of.year <= LAST_YEAR:
        found.append(problem("far-date", Place("--as-of"), value=question.as_of))
    if found or not path:
        raise Stop(ExitCode.POLICY, found)
    file = path
    if path.endswith(os.sep) or Path(path).is_dir():
        file = os.path.join(path, f"{safe_name(who)}.csv")  # noqa: PTH118 - as the user wrote it
    folder = str(Path(path)) if path.endswith(os.sep) else None
    if folder and os.path.lexists(folder):
        folder = None
    check(folder or file)
    if question.journal and not os.path.lexists(path):
        question = replace(question, journal=os.devnull)  # nothing has been told yet
    return Telling(question, file, who, folder)


def tell(telling: Telling, said: Said, stdin: BinaryIO) -> Found:
    """Make entries of the words of a command line."""
    inputs = pipeline.read(telling.question, stdin)
    return Found(tuple(entries_of(inputs, said)), problems=inputs.journal.problems)


def tell_sheet(telling: Telling, path: str, stdin: BinaryIO) -> Found:
    """Make entries of a filled-in worklist or grading sheet, or of to-dos that were completed.

    It is all of them, or a `Stop`.
    """
    inputs = pipeline.read(telling.question, stdin)
    settings = inputs.config.table
    encoding = telling.question.encoding or settings.encoding
    sheets = _sheets(path, replace(settings, encoding=encoding), stdin)
    graded = pipeline.grade(inputs)
    told = [
        (from_worklist if sheet.is_worklist else from_gradings)(sheet, graded) for sheet in sheets
    ]
    problems = [each for some in told for each in some.problems]
    if any(each.severity is Severity.ERROR for each in problems):
        raise Stop(ExitCode.POLICY, problems)
    entries = tuple(entry for some in told for entry in some.entries)
    notes = (note for sheet in sheets for note in sheet.notes)
    before = sum(some.before for some in told)
    return Found(entries, before, (*graded.inputs.journal.problems, *problems, *notes))


def _sheets(path: str, settings: TableSettings, stdin: BinaryIO) -> list[Sheet]:
    """Read a file that was filled in: a workbook has several sheets."""
    raw = stdin.read() if path == STDIN else read_bytes(path)
    book = workbook_of(path, raw)
    if book is not None:
        return read_book(book, settings)
    # csprio writes UTF-8, a spreadsheet perhaps not
    source = taken_as_utf8(path, raw, settings.encoding)
    return [read_todos(source) if is_calendar(source) else read_sheet(source, settings)]


def count_of(entries: Sequence[Entry]) -> list[str]:
    """Say what is written: one entry itself, several counted by kind and listed."""
    if len(entries) == 1:
        return [str(entries[0])]
    kinds = Counter(each.kind for each in entries)
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    shown = [f"  {each}" for each in entries[:_SHOWN]]
    more = [f"  ... and {len(entries) - _SHOWN} more"] if len(entries) > _SHOWN else []
    return [f"{len(entries)} entries ({counts})", *shown, *more]
