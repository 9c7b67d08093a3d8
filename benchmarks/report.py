"""The tables of a run, and the page of the docs that carries them.

In: what was measured, goals, words about the machine. Out: Markdown, readable as it stands. Only
the standard library may be imported here (see `measuring`).
"""

from __future__ import annotations

import os
import platform
import re
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from contests import OURS
from goals import MEGABYTE, goals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from goals import Goal, Results
    from measuring import Taken

BEGIN, END = "<!-- written by `make bench` -->", "<!-- end of what `make bench` writes -->"
PACKAGES = ("csprio", "pyarrow", "pandas", "numpy", "polars", "duckdb", "typer")
TITLES = {
    "grade": "grade",
    "calendar": "calendar, 15 activities",
    "worklist": "worklist of a week",
    "scores": "scores, 20 rows of usage an account",
    "journal": "worklist of the built-in playbook, with 10 entries an account",
    "workbook": "workbook of the built-in playbook",
}
HEADER = (
    "accounts",
    "program",
    "wall s",
    "median s",
    "CPU s",
    "peak MB",
    "ratio",
    "in turns",
    "runs",
)
MEASURES = len(HEADER) - 2


def machine() -> list[str]:
    """Name the machine, its load now, and what is installed."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    installed = []
    for name in PACKAGES:
        try:
            installed.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    load = os.getloadavg()[0]
    return [
        f"{_processor()}, {cores} cores, {memory:.0f} GiB, {platform.platform(terse=True)}",
        f"Python {platform.python_version()}, {', '.join(installed)}",
        f"{date.today()}, load {load:.1f} when it began",  # noqa: DTZ011 - local time
    ]


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - no file of ours
            found = re.search(r"(?m)^model name\s*: *(\S.*)$", file.read())
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def start_table(results: Results, questions: Sequence[str]) -> str:
    """Put the start-up beside that of programs that do next to nothing."""
    rows = [
        [question, *_measures(name, taken, beside)]
        for (question, _), programs in results.items()
        if question in questions
        for beside in [programs[list(programs)[-1]]]
        for name, taken in programs.items()
    ]
    return _table(["what", *HEADER[1:]], rows)


def table(results: Results, question: str, beside: str) -> str:
    """Put the programs of a question beside each other, size by size."""
    rows = []
    for (asked, accounts), programs in sorted(results.items(), key=lambda item: item[0][1]):
        if asked == question:
            base = programs.get(beside)
            for name, taken in programs.items():
                rows.append([f"{accounts:,}", *_measures(name, taken, base)])
    return _table(HEADER, rows)


def _measures(name: str, taken: Taken, base: Taken | None) -> list[str]:
    shown = f"**{name}**" if name == OURS else name
    if not taken.runs:
        return [f"{shown}: {taken.wrong or taken.left_out}", *[""] * MEASURES]
    ratios = ["", ""]
    if base is not None and base.runs:
        ratios = [f"{taken.times(base):.2f}", f"{taken.in_turns(base):.2f}"]
    return [
        shown,
        f"{taken.wall:.2f}",
        f"{taken.median:.2f}",
        f"{taken.cpu:.2f}",
        f"{taken.peak / MEGABYTE:,.0f}",
        *ratios,
        str(len(taken.runs)),
    ]


def goal_table(found: Iterable[Goal]) -> str:
    """Put goals beside what was measured."""
    words = {True: "met", False: "**missed**", None: "not measured"}
    rows = []
    for goal in found:
        side = "at least" if goal.at_least else "at most"
        measured = "" if goal.measured is None else _number(goal.measured, goal.unit)
        rows.append(
            [goal.what, f"{side} {_number(goal.asked, goal.unit)}", measured, words[goal.met]]
        )
    return _table(["what", "goal", "measured", ""], rows)


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f} MB" if unit == "MB" else f"{value:.3g}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table whose columns stand below each other."""
    lines = [list(header), *map(list, rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(header))]
    lines.insert(1, ["-" * max(width, 3) for width in widths])
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )


def whole(
    results: Results, beside: Mapping[str, str], start: Sequence[str], about: list[str]
) -> str:
    """Write all tables of a run."""
    parts = ["\n".join(f"- {line}" for line in about)]
    parts += ["### Goals", goal_table(goals(results))]
    if any(question in start for question, _ in results):
        parts += ["### Start-up", start_table(results, start)]
    for question, title in TITLES.items():
        if any(asked == question for asked, _ in results):
            parts += [
                f"### {title[0].upper()}{title[1:]}",
                table(results, question, beside[question]),
            ]
    return "\n\n".join(parts)


def write(page: Path, tables: str) -> None:
    """Put the tables between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{page}: no place between `{BEGIN}` and `{END}`")
    page.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}", encoding="utf-8")
