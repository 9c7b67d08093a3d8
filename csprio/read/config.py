"""`csprio.yaml`: where the files are and how they are written.

Comes in: a path, or None for `csprio.yaml` in the current folder if there is one. Goes out: a
`Config` and problems (nothing is raised: `read_policy` shows them with those of the other files).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from csprio.exports import FORMATS
from csprio.problems import ExitCode, Place, Stop, problem
from csprio.read.conditions import condition_at
from csprio.read.due import read_days
from csprio.read.literals import iso_date
from csprio.read.named import files_named, matches
from csprio.read.schema import Section, section
from csprio.read.table_settings import read_table_settings
from csprio.read.wording import short
from csprio.read.yamls import TextNode, load
from csprio.rules import ALWAYS
from csprio.settings import Config

if TYPE_CHECKING:
    from datetime import date

    from csprio.problems import Problem
    from csprio.rules import Condition

NAME = "csprio.yaml"
KEYS = (
    "accounts", "grid", "playbook", "plans", "signals", "journal", "team", "columns", "only",
    "combine", "ids", "dates", "decimal", "thousands", "currency", "encoding", "delimiter",
    "skip_lines", "sheet", "missing", "inactive", "prospects", "weekend", "holidays", "expires",
    "by", "add", "exports",
)  # fmt: skip
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MARK = "{date}"
_FORMAT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*", re.ASCII)
_DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"


def read_config(path: str | None = None) -> tuple[Config, list[Problem]]:
    """Read the configuration; without one everything is as by default."""
    problems: list[Problem] = []
    if path is None and not os.path.lexists(NAME):
        return Config(), problems
    shown = NAME if path is None else path
    node = load(shown, shown, problems)
    found = None if node is None else section(node, "csprio.yaml", KEYS, problems)
    if found is None:
        return Config(folder=os.path.dirname(shown), place=Place(shown)), problems  # noqa: PTH120
    return Config(
        folder=os.path.dirname(shown),  # noqa: PTH120 - the folder as the user wrote it
        accounts=found.texts("accounts"),
        grid=found.text("grid") or None,
        playbooks=_playbooks(found),
        plans=found.text("plans") or None,
        signals=found.text("signals") or None,
        journal=found.text("journal") or None,
        team=found.text("team") or None,
        table=read_table_settings(found),
        weekend=_weekend(found),
        holidays=found.texts("holidays"),
        expires=_expires(found),
        by=found.text("by") or None,
        add=found.texts("add"),
        exports=_exports(found),
        place=found.place,
        places={key: found.place_of(key) for key in found.nodes},
    ), problems


def _expires(found: Section) -> int:
    node = found.node("expires")
    if isinstance(node, TextNode):
        return read_days(node, found.problems) or Config.expires
    if node is not None:
        found.wrong("expires", node, "a number of days", "`expires: 60d`")
    return Config.expires


def _playbooks(found: Section) -> tuple[tuple[Condition, str, Place], ...]:
    """Read one path, or a list of conditions and paths."""
    node = found.node("playbook")
    if node is None:
        return ()
    if isinstance(node, TextNode):
        return ((ALWAYS, node.text.strip(), found.place_of("playbook")),)
    choices = []
    for item in found.list_of("playbook"):
        line = section(item, "a line of `playbook`", ("when", "use"), found.problems, ("use",))
        if line is not None and line.text("use"):
            choices.append((condition_at(line, "when"), line.text("use"), line.place_of("use")))
    return tuple(choices)


def _exports(found: Section) -> tuple[tuple[str, str, Place], ...]:
    """Read names of formats, and the path of the map of each."""
    named = []
    for name, node in found.pairs("exports"):
        text = name.text.strip()
        if not isinstance(node, TextNode) or node.nothing:
            found.wrong(
                text or "exports", node, "the path of a map", "`exports: {ours: ours.yaml}`"
            )
        elif text in FORMATS or not _FORMAT_NAME.fullmatch(text):
            why = (
                "csprio has a format of that name"
                if text in FORMATS
                else "a name is made of letters, digits and hyphens"
            )
            example = f"our-{text}" if text in FORMATS else "our-tasks"
            found.report("export-name", name.place, name=short(text), why=why, example=example)
        else:
            named.append((text, node.text.strip(), name.place))
    return tuple(named)


def _weekend(found: Section) -> tuple[int, ...]:
    if found.node("weekend") is None:
        return Config.weekend
    days = set()
    for node in found.text_nodes("weekend"):
        word = node.text.strip().casefold()
        if word in (*WEEK, *_DAYS):
            days.add((WEEK if word in WEEK else _DAYS).index(word))
        else:
            found.pick("weekend", node, WEEK, "day of the week")
    if len(days) == len(WEEK):
        found.report("weekend-full", found.place_of("weekend"))
    return tuple(sorted(days))


def beside(config: Config, path: str) -> str:
    """Give a path of `csprio.yaml` as seen from here: relative ones are relative to that file."""
    return os.path.join(config.folder, path)  # noqa: PTH118 - paths stay as the user wrote them


def resolve_accounts(config: Config, as_of: date) -> tuple[str, ...]:
    """List the accounts files; `Stop` (exit code 3) where none is dated in time, or matches."""
    place = config.places.get("accounts", config.place)
    named = [
        _dated(beside(config, path), as_of, place)
        if _MARK in path
        else files_named([path], config.folder)
        for path in config.accounts
    ]
    return tuple(file for files in named for file in files)


def _dated(path: str, as_of: date, place: Place) -> tuple[str, ...]:
    found = [(day, name) for day, name in _candidates(path) if day <= as_of]
    if found:
        return matches(max(found)[1])
    why = f"has no file dated on or before {as_of}"
    remedy = "check the folder, or name a file; dates in names are written as 2026-11-23"
    facts = {"path": path, "why": why, "remedy": remedy}
    raise Stop(ExitCode.UNUSABLE, [problem("accounts-dated", place, **facts)])


def _candidates(path: str) -> list[tuple[date, str]]:
    """Find what stands for `{date}` in the part of the path that has it, with the whole path."""
    head, rest = path.split(_MARK, 1)
    folder, start = os.path.split(head)
    end, slash, below = rest.partition("/")
    pattern = re.compile(re.escape(start) + _DAY + ".*?".join(map(re.escape, end.split(_MARK))))
    try:
        names = os.listdir(folder or ".")  # noqa: PTH208
    except (OSError, ValueError):
        return []
    found = []
    for name in names:
        match = pattern.fullmatch(name)
        day = iso_date(match[1]) if match else None
        whole = os.path.join(folder, name) + slash + below  # noqa: PTH118
        if day is not None and any(map(os.path.exists, matches(whole))):
            found.append((day, whole))
    return found
