"""Writes the generated parts of the docs: commands, problems, fields, the man page.

`python docs/generate.py` writes them anew; with `--check` it writes nothing, names what is out of
date, and ends with 1 if anything is.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.main import get_command
from typer.testing import CliRunner

from csprio import __version__
from csprio.cli import app
from csprio.codes import (
    BACKTEST,
    BOOK,
    CALENDARS,
    EXPORTS,
    JOURNAL,
    KEEP,
    POLICY,
    SCORES,
    SIGNALS,
    SOURCES,
    TABLE,
    USAGE,
)
from csprio.commands.options import FOR_SOME, SHARED
from csprio.fields import COMPUTED, FIELDS, GRADED, MOTIONS, OWNER_HEADERS
from csprio.journal import COLUMNS, Holds
from csprio.journal import KINDS as ENTRIES
from csprio.tables import ANSWERS, GRADING_SHEET, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from csprio.codes import Code

DOCS = Path(__file__).parent
CASES = DOCS.parent / "tests" / "problems"
MADE = "<!-- Made by `python docs/generate.py`; a change by hand is lost. -->"
KINDS = {
    Kind.TEXT: "text",
    Kind.ID: "text",
    Kind.KEY: "key of the grid",
    Kind.MONEY: "money",
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.WHOLE: "whole number",
    Kind.SHARE: "fraction, 4 decimals",
}
ROOMS: tuple[tuple[str, str, Sequence[Code]], ...] = (
    ("Accounts files", "A file as a table, its header, its cells.", TABLE),
    ("Policy files", "Grid, playbook, own plans, `csprio.yaml`.", POLICY),
    ("Scores", "What `signals.yaml` says.", SIGNALS),
    ("Files of scores", "The files that `signals.yaml` names, and their cells.", SOURCES),
    ("Scores with this book", "What only accounts and scores together show.", (*SCORES, *BACKTEST)),
    ("Journal and team", "Their lines and cells.", JOURNAL),
    ("All of it with this book", "What only accounts, policy and journal together show.", BOOK),
    ("csprio log", "What is told, by words or by a sheet.", KEEP),
    ("Calendars and mails", "What they cannot hold, and to-dos that come back.", CALENDARS),
    ("Task systems", "Maps of `exports:`, what they leave out, the ledger.", EXPORTS),
    ("Command line and output", "Options, names, files to be written.", USAGE),
)
COMMANDS_SAY = """
What `csprio --help` and `csprio COMMAND --help` say. The columns of each answer are in
[fields.md](fields.md), their order and exit codes in [answers.md](answers.md).
"""
PROBLEMS_ARE = """
Everything that csprio can find wrong, by where it is found. An **error** makes an answer wrong or
impossible: one about a cell leaves that field missing and the account in the answer; any other
ends the run with exit code 2 (policy, options), 3 (a file that is no table) or 4 (could not
write). A **warning** is probably not meant, a **note** is worth knowing. `--strict` stops at
errors and warnings. Every message says where (`file:line:column`; in a table the column is its
header), what is wrong, and what to do.
"""
OTHERS = """
`motion` is one of {motions}. A role of your playbook adds its own column. `Annual Revenue` is the
customer's own revenue in every CRM and never `arr`. An owner column ({owners}) is nobody's role
until `columns:` says whose. Any other column travels along, for conditions and `--add`.
"""
COMPUTED_FOR = """
For conditions of the playbook, `--where` and `--add`. An input column of the same name counts
instead, and csprio says so.
"""
ENTRIES_ARE = """
The journal is a CSV file with the columns {columns}. What its key and its value hold, by the kind
of entry; [journal.md](journal.md) says how to live with it.
"""
MANUAL_NAME = "grade, tier, plan and list a book of accounts, from plain files"
MANUAL_SAYS = """
csprio says from a CSV of accounts, a few YAML files of policy and a journal of what people did
which accounts deserve time, what should happen with each of them, and who does what this week. It
opens no socket, and gives the same answer for the same files and the same date.

Answers go to stdout or to the file of -o, everything else to stderr. A run that fails writes
nothing. ACCOUNTS is a file, several, a pattern in quotes, or - for stdin; where it is left out,
accounts: of csprio.yaml says.
"""
SHARED_SAY = "Every command takes those of these options that its own --help shows."
MANUAL_LISTS = {
    "FILES": (
        ("csprio.yaml", "Where the files are and how they are written; all of it may be left out."),
        ("grid.yaml, playbook.yaml, signals.yaml", "The policy; without them the built-in one."),
        ("journal.csv or journal/", "What people told by csprio log."),
        ("team.csv", "Who is there, in which role."),
    ),
    "EXIT STATUS": (
        ("0", "Answered."),
        ("1", "Answered, and what should be absent was found."),
        ("2", "An option or a YAML file is wrong."),
        ("3", "An input cannot be used as a table."),
        ("4", "Could not write."),
    ),
    "ENVIRONMENT": (
        ("NO_COLOR", "Set to anything, it leaves out colour, as --no-color does."),
        ("TERM", "A dumb terminal gets no colour."),
    ),
    "EXAMPLES": (
        ("csprio init mybook --from export.csv", "Start a folder from an export."),
        ("csprio tiers accounts.csv", "See how the book looks."),
        ("csprio worklist -o 'lists/{owner}.csv'", "Write everybody's week."),
        ('csprio log ACME touch call "wants a second plant"', "Tell what happened."),
        ("csprio explain ACME", "Ask why an account is as it is."),
    ),
}
_FACTS_ALONE = re.compile(r"(?:\{\w+\})+")
# A fact that begins or goes on in the middle of a word, so to speak, is not there in every case.
_GLUED = re.compile(r"(?:(?<=[\w)])|(?<=[\w}):]`)|(?<=\w\}))\{\w+\}|(?<!\{)\{\w+\}(?=[a-z])")
_FACT = re.compile(r"\{\{|\}\}|\{(\w+)(?:![rs])?\}")


def commands() -> str:
    """Write the reference of the commands from their own help."""
    lines = [
        "# Commands",
        MADE,
        _flowing(COMMANDS_SAY),
        "## csprio",
        _fenced(_help()),
    ]
    for command in app.registered_commands:
        if command.hidden:
            continue
        name = command.name or ""
        lines += [f"## csprio {name}", _fenced(_help(name))]
    return _page(lines)


def _help(*words: str) -> str:
    """Ask a command for its help, at the same width everywhere."""
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="csprio")
    if shown.exit_code:
        raise SystemExit(f"csprio {' '.join(words)} --help failed: {shown.output}")
    return "\n".join(line.rstrip() for line in shown.output.rstrip().splitlines())


def problems() -> str:
    """Write the catalogue of problems, each with the message of its failing input in the tests."""
    lines = [
        "# Problems",
        MADE,
        _flowing(PROBLEMS_ARE),
        "Words in capitals stand for the facts of the case.",
    ]
    for title, what, room in ROOMS:
        lines += [f"## {title}", what]
        for code in room:
            lines += [
                f"### {code.name}",
                f"**{code.severity.value}**: {_template(code.message)}",
                f"What to do: {_template(code.remedy)}",
            ]
            lines += [_fenced(example) for example in _examples(code.name)]
    return _page(lines)


def _template(text: str) -> str:
    """Write a template as a sentence, facts as capitals; what only some cases add is cut."""
    if _FACTS_ALONE.fullmatch(text):
        return "the message says it, as it depends on the case."
    shown = _FACT.sub(
        lambda fact: (fact[1] or fact[0][0]).upper().replace("_", " "), _GLUED.sub("", text)
    )
    return shown.rstrip(".") + "." * (not shown.endswith("?"))


def _examples(code: str) -> Iterator[str]:
    """Find what the failing input of a code made csprio say: on stderr, else as its answer."""
    for path in sorted((CASES / code).glob("expected.*"), key=lambda path: path.suffix != ".err"):
        said = [line for line in path.read_text(encoding="utf-8").splitlines() if code in line]
        if said:
            yield said[0]
            return


def fields() -> str:
    """Write the fields of the accounts table and the columns of every answer."""
    lines = ["# Fields and columns", MADE, "## Fields of the accounts file"]
    lines.append(
        "A header is a field if it is called so, or by one of the other names, case, spaces, `_`, "
        "`-` and `.` aside; a custom field of Salesforce may end in `__c`. `columns:` in "
        "`csprio.yaml` maps by hand and beats both. How cells are read: [accounts.md](accounts.md)."
    )
    known = [
        (f"`{each.name}`", KINDS[each.kind], each.meaning, ", ".join(each.aliases))
        for each in FIELDS
    ]
    lines.append(_table(("field", "type", "meaning", "other names"), known))
    lines += [
        _flowing(OTHERS.format(motions=", ".join(MOTIONS), owners=", ".join(OWNER_HEADERS))),
        "## Computed fields",
        _flowing(COMPUTED_FOR),
        _table(
            ("field", "type", "meaning"),
            [(f"`{each.name}`", KINDS[each.kind], each.meaning) for each in (*COMPUTED, *GRADED)],
        ),
    ]
    for command, columns in ANSWERS.items():
        rows = [(f"`{each.name}`", KINDS[each.kind], each.meaning) for each in columns]
        lines += [f"## Columns of `csprio {command}`", _table(("column", "type", "meaning"), rows)]
    lines += [
        "## Entries of the journal",
        _flowing(ENTRIES_ARE.format(columns=_listed(COLUMNS))),
        _table(("kind", "key", "value", "until", "meaning"), list(_entries())),
        "## Columns of the grading sheet",
        "`csprio init DIR --from EXPORT` writes it: " + _listed(GRADING_SHEET) + ".",
    ]
    return _page(lines)


def _entries() -> Iterator[tuple[str, ...]]:
    """Give a row for each kind of entry."""
    held = {
        Holds.NOTHING: "", Holds.NAME: "a name", Holds.LEVEL: "a likelihood", Holds.TASK: "task_id",
        Holds.MONEY: "money", Holds.NUMBER: "a number", Holds.TEXT: "free text",
        Holds.MOTION: "a motion",
    }  # fmt: skip
    for kind in ENTRIES.values():
        key, value = (
            held.get(each, f"a {each.value} of the grid") for each in (kind.key, kind.value)
        )
        yield f"`{kind.name}`", key, value, kind.until, kind.meaning


def _flowing(text: str) -> str:
    """Put a paragraph on one line."""
    return " ".join(text.split())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table of Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    escaped = ([cell.replace("|", r"\|") for cell in row] for row in lines)
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)


def _fenced(text: str) -> str:
    return f"```text\n{text}\n```"


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def manual() -> str:
    """Write the man page: every command, its own options, and those that commands share."""
    group: Any = get_command(app)
    commands = {name: each for name, each in group.commands.items() if not each.hidden}
    shared = [each for name, each in SHARED.items() if name not in FOR_SOME]
    lines = [
        f'.\\" {MADE[5:-4]}',
        f'.TH CSPRIO 1 "" "csprio {__version__}" "User commands"',
        ".SH NAME",
        "csprio \\- " + _roff(_flowing(MANUAL_NAME)),
        ".SH SYNOPSIS",
        ".B csprio\n.I COMMAND\n.RI [ ACCOUNTS ...]\n.RI [ options ]",
        ".SH DESCRIPTION",
        "\n.PP\n".join(_wrapped(part) for part in MANUAL_SAYS.strip().split("\n\n")),
        ".SH COMMANDS",
    ]
    for name, command in commands.items():
        lines += [f'.SS "csprio {name}"', _wrapped(command.help or "")]
        lines += _manual_options(command.params, {flag for each in shared for flag in each.flags})
    lines += [".SH SHARED OPTIONS", _wrapped(SHARED_SAY)]
    lines += [_manual_option(each.flags, each.value, each.help) for each in shared]
    for title, rows in MANUAL_LISTS.items():
        lines.append(f".SH {title}")
        lines += [_manual_option((what,), "", meaning) for what, meaning in rows]
    return "\n".join(lines) + "\n"


def _manual_options(parameters: Sequence[Any], shared: set[str]) -> Iterator[str]:
    """Give the arguments of a command and the options that it alone has."""
    for each in parameters:
        if each.param_type_name == "argument":
            if each.metavar == "ACCOUNTS":
                continue  # told once, at the top
            yield _manual_option((), each.metavar, each.help)
        elif shared.isdisjoint(each.opts):
            yield _manual_option(each.opts, "" if each.is_flag else each.metavar, each.help)


def _manual_option(flags: Sequence[str], value: str, meaning: str) -> str:
    """Write an entry: flags in bold, what stands for a value in italics."""
    shown = ", ".join(f"\\fB{_roff(flag)}\\fR" for flag in flags)
    named = f"\\fI{_roff(value)}\\fR" if value else ""
    return f".TP\n{' '.join(filter(None, [shown, named]))}\n{_wrapped(meaning or '')}"


def _wrapped(text: str) -> str:
    """Write a paragraph in lines of roff, none of which is a request."""
    lines = textwrap.wrap(_roff(_flowing(text)), 78, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"\\&{line}" if line.startswith(".") else line for line in lines)


def _roff(text: str) -> str:
    """Write a text so that nothing in it is a request or an escape of roff."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return escaped.replace("'", "\\(aq").replace("^", "\\(ha").replace("~", "\\(ti")


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "problems.md": problems,
    "fields.md": fields,
    "csprio.1": manual,
}


def stale(folder: Path = DOCS) -> list[str]:
    """Name the pages in `folder` that are not what they should be."""
    return [name for name, made in PAGES.items() if _now(folder / name) != made()]


def _now(page: Path) -> str | None:
    return page.read_text(encoding="utf-8") if page.exists() else None


def main(words: Sequence[str]) -> int:
    """Write the pages, or check them; gives the exit code."""
    if list(words) == ["--check"]:
        old = stale()
        for name in old:
            print(f"docs/{name} is out of date: run `make docs`", file=sys.stderr)
        return int(bool(old))
    for name, made in PAGES.items():
        (DOCS / name).write_text(made(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
