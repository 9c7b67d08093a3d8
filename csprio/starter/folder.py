"""The files of a new folder, and the words about them.

Comes in: where the folder is, the day, and an export if there is one. Goes out: file names with
their bytes, and lines for stderr. Nothing is written here.
"""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from csprio.fields import NOT_ARR
from csprio.read.public_holidays import public_holidays
from csprio.starter.columns import How
from csprio.starter.export import mapped
from csprio.starter.policies import grid_text, monthly_text, playbook_text, signals_text
from csprio.starter.sample import COUNT, sample_accounts
from csprio.starter.settings import Setting, config_text
from csprio.starter.sheet import grading_sheet
from csprio.starter.text import csv_bytes, one_line, quoted
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from csprio.starter.columns import Finding
    from csprio.starter.export import Export

CONFIG, GRID, PLAYBOOK, MONTHLY = "csprio.yaml", "grid.yaml", "playbook.yaml", "monthly.yaml"
SIGNALS = "signals.yaml"
ACCOUNTS, SHEET, SHEET_CONFIG = "accounts.csv", "grading.csv", "grading.yaml"
JOURNAL = "journal.csv"
_SHEET_WORDS = f"""\
#
# {SHEET} has a row for each account and the columns that no export knows. Fill in:
#   potential    what the account could be worth a year in all, not what it pays now
#   likelihood   1 grows easily, 2 the usual, 3 hard barriers; or leave it empty and say
#   champion     strong, weak or none, and yes or no for
#   budget_barrier, political_barrier, legal_barrier: {GRID} makes a likelihood of these
# The sheet is an accounts file itself: `csprio grade --config {SHEET_CONFIG}` shows what it says.
# `csprio log --from {SHEET} --by NAME` puts potential and likelihood into the journal, and they
# count from then on. Champion and barriers are no entries: keep them as fields of your CRM.
"""
_SHEET_HEAD = f"""\
# How csprio reads {SHEET}, the sheet that people fill in:
#
#     csprio grade --config {SHEET_CONFIG}
#
# Its columns are called as the fields, whatever the export calls them: no `columns:` here.
"""
_NEEDED = {"potential": ("size",), "likelihood": ()}
_WEEKLY = (
    "each week: csprio worklist -f excel -o 'lists/{owner}.csv'; when a list is filled in,"
    " csprio log --from 'lists/NAME.csv' --by NAME"
)
_OF_SHEET = ("delimiter", "decimal", "thousands", "currency", "holidays")


def sample_files(as_of: date, holidays: Sequence[str]) -> dict[str, bytes]:
    """Give the files of a folder with invented accounts."""
    head = "#\n# accounts.csv is invented: put an export of yours in its place."
    settings = {
        "accounts": Setting(ACCOUNTS), "grid": Setting(GRID), "playbook": Setting(PLAYBOOK),
        "journal": Setting(JOURNAL), **_holidays(holidays),
    }  # fmt: skip
    return {
        CONFIG: config_text(settings, head).encode(),
        GRID: grid_text().encode(),
        PLAYBOOK: playbook_text().encode(),
        SIGNALS: signals_text().encode(),
        ACCOUNTS: sample_accounts(as_of),
    }


def export_files(folder: str, export: Export, holidays: Sequence[str]) -> dict[str, bytes]:
    """Give the files of a folder for an export."""
    books = {PLAYBOOK: playbook_text()}
    playbook = PLAYBOOK
    if export.short_terms:
        books[MONTHLY] = monthly_text()
        playbook = f"[{{when: {{term_months: at most 3}}, use: {MONTHLY}}}, {{use: {PLAYBOOK}}}]"
    settings = {
        "accounts": Setting(quoted(_relative(export.path, folder))),
        "grid": Setting(GRID),
        "playbook": Setting(playbook),
        "journal": Setting(JOURNAL),
        "columns": _columns(export.findings),
        **export.settings,
        **_holidays(holidays),
    }
    text = config_text(settings, _SHEET_WORDS, {"columns": _column_notes(export)})
    return {
        CONFIG: text.encode(),
        GRID: grid_text().encode(),
        **{name: book.encode() for name, book in books.items()},
        SIGNALS: signals_text().encode(),
        SHEET: grading_sheet(export),
        SHEET_CONFIG: _sheet_config(playbook, settings).encode(),
    }


def holiday_files(code: str, as_of: date) -> dict[str, bytes]:
    """Give a file of holidays from the year before to three years after; ImportError: no extra."""
    found = public_holidays(code, range(as_of.year - 1, as_of.year + 4))
    rows = [(day.isoformat(), name) for day, name in found]
    return {f"holidays-{code.strip().lower()}.csv": csv_bytes(("date", "name"), rows)}


def said_of_sample(folder: str) -> list[str]:
    """Say what to do next in a folder with invented accounts."""
    return [
        f"{ACCOUNTS} holds {COUNT} invented accounts; put an export of yours in its place",
        f"next: cd {shlex.quote(folder)} && csprio grade",
        _WEEKLY,
    ]


def said_of_export(folder: str, export: Export) -> list[str]:
    """Say what was found in the export, what was guessed, and what is missing."""
    found = "; ".join(f"{each.field} ({each.header})" for each in export.of(How.FOUND))
    lines = [*export.said, *([f"found: {found}"] if found else [])]
    lines += [f"guessed, please check: {_with_reason(each)}" for each in export.of(How.GUESSED)]
    lines += [f"perhaps, not set: {_with_reason(each)}" for each in export.of(How.OFFERED)]
    lines += [f"turned off: {_with_reason(each)}" for each in export.of(How.OFF)]
    lines.append(f"absent: {', '.join(export.absent)}")
    for key, setting in export.settings.items():
        if setting.active and setting.why:
            lines.append(f"set: {key}: {setting.value} ({setting.why})")
    lines += [f"to settle: {each}" for each in export.unsettled]
    absent = set(export.absent)
    unknown = [field for field, others in _NEEDED.items() if {field, *others, "grade"} <= absent]
    if unknown:
        lines.append(f"without {' and '.join(unknown)} nobody has a grade: fill in {SHEET} first")
    graded_from = f" --config {SHEET_CONFIG}" if unknown else ""
    lines.append(f"next: cd {shlex.quote(folder)} && csprio grade{graded_from}")
    if unknown:
        lines.append(f"then: csprio log --from {SHEET} --by NAME, so that csprio keeps it")
    return [*lines, _WEEKLY]


def _sheet_config(playbook: str, settings: dict[str, Setting]) -> str:
    """Write the configuration of the grading sheet."""
    values = {"accounts": SHEET, "grid": GRID, "playbook": playbook}
    values |= {key: settings[key].value for key in _OF_SHEET
               if key in settings and settings[key].active}  # fmt: skip
    return _SHEET_HEAD + "".join(f"{key}: {value}\n" for key, value in values.items())


def _with_reason(each: Finding) -> str:
    return f"{each.field} ({each.header}): {each.why}"


def _holidays(names: Sequence[str]) -> dict[str, Setting]:
    return {"holidays": Setting(f"[{', '.join(map(quoted, names))}]")} if names else {}


def _columns(findings: tuple[Finding, ...]) -> Setting:
    """Write the mapping as a block, a field a line, guesses with their reason."""
    pairs = {name: quoted(header or "") if header else "none"
             for name, header in mapped(findings).items()}  # fmt: skip
    width = max(len(f"{name}: {value}") for name, value in pairs.items())
    reasons = {each.field: _reason(each) for each in findings}
    lines = [
        f"  {f'{name}: {value}':{width}}   # {reasons[name]}"
        if reasons[name]
        else f"  {name}: {value}"
        for name, value in pairs.items()
    ]
    return Setting("\n".join(lines) + "\n")


def _reason(finding: Finding) -> str:
    if finding.how is How.FOUND:
        return ""
    if finding.how is How.OFF:
        return f"not {one_line(finding.header)}: {finding.why}"
    return f"guessed: {finding.why}"


def _column_notes(export: Export) -> list[str]:
    """Say below `columns:` what is offered, absent, or no field at all."""
    notes = [
        f"Perhaps {each.field}: {quoted(each.header)} ({each.why}); add it above if it is."
        for each in export.of(How.OFFERED)
    ]
    if any(each.field == "status" for each in export.of(How.OFFERED)):
        notes.append("Say in `inactive:` and `prospects:` what its values mean.")
    names = {plain(name) for name in NOT_ARR}
    turnover = [name for name in export.book.inputs_have if plain(name) in names]
    notes += [f"{name} is what these customers turn over: neither arr nor potential."
              for name in turnover]  # fmt: skip
    return [*notes, f"Absent: {', '.join(export.absent)}."]


def _relative(path: str, folder: str) -> str:
    """Give a path as seen from the folder."""
    parent, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - a link stays a link
    return os.path.relpath(os.path.join(os.path.realpath(parent), name), os.path.realpath(folder))  # noqa: PTH118
