"""`csprio.yaml` as it is written for a new folder: every key, with a line that explains it.

Comes in: the settings that this folder needs. Goes out: text; a key that nobody needs yet stands
there as an example, switched off. Nothing here looks at a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from csprio.starter.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEAD = """\
# What csprio finds when it is run in this folder. Paths are relative to this file.
#
# A line that begins with # and a key, without a blank between, is a setting that is switched off:
# take the # away to use it. `csprio check` says at once whether something is wrong here.
"""
_WIDTH = 96


@dataclass(frozen=True)
class Setting:
    """A value as YAML, why it is what it is, and whether it counts or stands there switched off."""

    value: str
    why: str = ""
    active: bool = True


@dataclass(frozen=True)
class _Key:
    """A key of `csprio.yaml`: the value it is shown with, and what it is for."""

    name: str
    example: str
    meaning: str


_FILES = (
    _Key(
        "accounts",
        "accounts.csv",
        "The accounts: a CSV file, or several as [a.csv, b.csv]. In "
        "exports/{date}.csv the "
        "newest file counts that is dated on or before the day asked about.",
    ),
    _Key("grid", "grid.yaml", "Which amount makes which size, and which grade is in which tier."),
    _Key("playbook", "playbook.yaml", "Which activities an account of each tier gets, and when."),
    _Key(
        "plans",
        "plans/",
        "Accounts' own plans, a file each; `csprio init . --plan ACCOUNT` "
        "begins one. This is the default.",
    ),
    _Key(
        "signals",
        "signals.yaml",
        "Scores made of usage, tickets, surveys: name your files in it, then take off this #.",
    ),
    _Key(
        "journal",
        "journal.csv",
        "What people tell csprio by `csprio log`: grades, events, what is done. The first entry "
        "makes it. With a / at its end, as journal/, it is a folder with a file for each person.",
    ),
    _Key(
        "team",
        "team.csv",
        "The people: a CSV file with name, email, role, default (yes: who serves the role where an "
        "account names nobody), reports_to, and the days they are away.",
    ),
)
_TABLE = (
    _Key(
        "columns",
        "{account_id: Account ID, csm: Account Owner, size: none}",
        "Which column is which field, where its name does not say so. `none`: not that field.",
    ),
    _Key(
        "only",
        "{Type: customer}",
        "Only these rows of the file; any column, any condition of a playbook.",
    ),
    _Key(
        "combine",
        "{arr: sum, start_date: min, renewal_date: max}",
        "Where an account has several rows (one a deal): how they become one.",
    ),
    _Key(
        "ids",
        "salesforce",
        "Cut Salesforce ids of 18 characters to 15, so that exports and reports agree.",
    ),
    _Key("dates", "dmy", "Is 03/02/2026 the third of February (dmy) or the second of March (mdy)?"),
    _Key("decimal", '"."', "The mark before the cents ..."),
    _Key("thousands", '","', "... and the one between thousands."),
    _Key("currency", "USD", "The currency of all amounts; another one is then a problem."),
    _Key(
        "encoding",
        "cp1252",
        "Needed where the file is not UTF-8: Excel and Salesforce on Windows often write cp1252.",
    ),
    _Key("delimiter", '";"', "What separates the cells; left out, it is found from the header."),
    _Key("skip_lines", "3", "How many lines stand before the header."),
    _Key("sheet", "Accounts", "Which sheet of a workbook; left out, the first."),
    _Key("missing", '[N/A, "-"]', "Cells that mean the same as an empty one."),
    _Key(
        "inactive",
        "[churned, cancelled, closed, lost, inactive]",
        "Values of `status` that mean gone: graded, but in no list. These are the default.",
    ),
    _Key("prospects", "[prospect]", "Values of `status` that mean not yet a customer."),
)
_DAYS = (
    _Key("weekend", "[sat, sun]", "Days of the week on which nobody works."),
    _Key(
        "holidays",
        "[holidays-us.csv, company.csv]",
        "Days off: files with a column `date`; `csprio init . --holidays US-CA` writes one.",
    ),
    _Key("expires", "60d", "How long something that was not done stays on the list."),
    _Key(
        "by",
        "Maya Chen",
        "Your name, as it stands in the journal beside what you tell; `csprio log --by` beats it.",
    ),
    _Key("add", "[arr, segment]", "Further columns of every answer, as `--add` gives them."),
    _Key(
        "exports",
        "{our-jira: our-jira.yaml}",
        "Formats of your own for task systems: a name, and a map of columns.",
    ),
)
_PARTS = (
    ("The files", _FILES),
    ("How the accounts file is written", _TABLE),
    ("Days and lists", _DAYS),
)
KEYS = tuple(key.name for _, keys in _PARTS for key in keys)


def config_text(
    settings: Mapping[str, Setting],
    head: str = "",
    notes: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Write `csprio.yaml`; `head` is said above all settings, `notes` after those of their key."""
    lines = [HEAD.rstrip("\n"), *([head.rstrip("\n")] if head else [])]
    for title, keys in _PARTS:
        rule = "-" * (94 - len(title))
        lines += ["", f"# {rule} {title}"]
        for key in keys:
            lines += ["", *_comment(key.meaning)]
            lines += _setting(key, settings.get(key.name))
            for note in (notes or {}).get(key.name, ()):
                lines += _comment(note)
    return "\n".join(lines) + "\n"


def _setting(key: _Key, setting: Setting | None) -> list[str]:
    """Write one setting; a value of several lines is a block below its key."""
    setting = setting or Setting(key.example, active=False)
    why = _comment(f"Here: {setting.why}.") if setting.why else []
    mark = "" if setting.active else "#"
    if "\n" not in setting.value:
        return [*why, f"{mark}{key.name}: {setting.value}"]
    block = setting.value.strip("\n").split("\n")
    return [*why, f"{mark}{key.name}:", *(f"{mark}{line}" for line in block)]


def _comment(text: str) -> list[str]:
    """Write a sentence as comment lines."""
    return [f"# {line}" for line in wrap(one_line(text, 500), _WIDTH, break_long_words=False)]
