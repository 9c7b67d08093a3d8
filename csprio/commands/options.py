"""The options that commands share, each declared once, and the clock.

In: a command line's words, as Typer parsed them. Out: an `Asked`. Nothing heavy may be imported
here at the top: `--help` passes through.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, NamedTuple, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Asked:
    """What the shared options say, as typed; `as_of` is today where nothing was said."""

    as_of: date
    accounts: tuple[str, ...] = ()
    config: str | None = None
    grid: str | None = None
    playbook: str | None = None
    signals: str | None = None
    journal: str | None = None
    team: str | None = None
    where: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    format: str | None = None
    output: str | None = None
    todo: bool = False
    remind: str | None = None
    template: str | None = None
    only_new: str | None = None
    strict: bool = False
    quiet: bool = False
    no_color: bool = False


class Shared(NamedTuple):
    """A shared option: its flags, what its value is called ("" for a flag), its help, its type."""

    flags: tuple[str, ...]
    value: str
    help: str
    type: Any = str | None

    @property
    def default(self) -> bool | None:
        """What the option is when it is not given."""
        return False if self.type is bool else None

    @property
    def option(self) -> Any:  # noqa: ANN401 - Typer gives no type for it
        """What Typer makes an option of, beside its type."""
        return typer.Option(*self.flags, metavar=self.value or None, help=self.help)

    @property
    def annotation(self) -> Any:  # noqa: ANN401 - a type for Typer
        """The annotated type that Typer makes an option of."""
        return Annotated[self.type, self.option]


class _AsWritten:
    """What Typer asks for the value of a word: the word, and a list of several."""

    def coerce(self, value: Any, **_: Any) -> Any:  # noqa: ANN401 - what the parser has found
        return list(value) if isinstance(value, tuple) else value


class _Untyped:
    """Leaves the words of a command line as they are: csprio reads its days and numbers itself.

    Typer would import pydantic, a tenth of a second of every run, to make texts of texts.
    """

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - Typer's context and parameters
        """Give the parameters, told to leave their words alone."""
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for parameter in parameters:
            parameter._runtime_param = _AsWritten()  # noqa: SLF001
        return parameters


class Words(_Untyped, TyperCommand):
    """A command whose words stay texts."""


class Commands(_Untyped, TyperGroup):
    """The commands, whose own options are flags."""


MANY, FLAG = list[str] | None, bool
ACCOUNTS = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ACCOUNTS",
        help="Accounts, CSV (.gz too), Parquet or .xlsx: a path, several, a pattern in quotes, or "
        "- for stdin. [default: accounts: of csprio.yaml]",
        show_default=False,
    ),
]
ACCOUNTS_OPTION = Annotated[
    list[str] | None,
    typer.Option(
        "--accounts",
        metavar="FILE",
        help="Accounts, CSV (.gz too), Parquet or .xlsx; repeatable. [default: accounts: of "
        "csprio.yaml]",
    ),
]
SHARED: dict[str, Shared] = {
    "as_of": Shared(("--as-of",), "DATE", "The day asked about, as 2026-11-23. [default: today]"),
    "grid": Shared(
        ("--grid",), "FILE", "Sizes, likelihood, tiers. [default: by csprio.yaml, else built in]"
    ),
    "playbook": Shared(
        ("--playbook",), "FILE", "Activities of each tier. [default: as for --grid]"
    ),
    "signals": Shared(
        ("--signals",), "FILE", "Sources, measures, scores. [default: by csprio.yaml, else none]"
    ),
    "journal": Shared(
        ("--journal",), "FILE", "What people told: a file or a folder. [default: by csprio.yaml]"
    ),
    "team": Shared(("--team",), "FILE", "Who is there, in which role. [default: by csprio.yaml]"),
    "config": Shared(("--config",), "FILE", "Configuration. [default: ./csprio.yaml if it exists]"),
    "encoding": Shared(
        ("--encoding",), "NAME", "Of the accounts file, such as cp1252. [default: UTF-8]"
    ),
    "delimiter": Shared(
        ("--delimiter",), "CHAR", "Of the accounts file. [default: found from the header]"
    ),
    "sheet": Shared(
        ("--sheet",), "NAME", "Of an accounts file that is a workbook. [default: the first]"
    ),
    "where": Shared(
        ("--where",),
        "FIELD=TEST",
        "Only accounts that meet it, as 'arr=over 50k'; repeatable.",
        MANY,
    ),
    "owner": Shared(("--owner",), "NAME", "Only this person's; repeatable.", MANY),
    "add": Shared(("--add",), "FIELD,...", "Further columns at the end: any field or column."),
    "format": Shared(
        ("--format", "-f"),
        "FORMAT",
        "table, csv, excel, json, md, parquet, ics, xlsx, html, eml, or a task system's, as asana. "
        "[default: by the extension of -o; on a terminal table, else csv]",
    ),
    "output": Shared(
        ("--output", "-o"),
        "FILE",
        "Write to FILE, packed if it ends in .gz; {owner}, {account}, {tier} in the name make a "
        "file each.",
    ),
    "todo": Shared(("--todo",), "", "Of ics and eml: to-dos instead of events.", FLAG),
    "remind": Shared(
        ("--remind",), "TIME", "Of ics and eml: a reminder on the day, as 9h or 8h30."
    ),
    "template": Shared(("--template",), "FILE", "Of html: a Jinja2 template of your own."),
    "only_new": Shared(
        ("--only-new",),
        "LEDGER",
        "Of task systems: leave out what LEDGER lists, and add the rest to it.",
    ),
    "strict": Shared(
        ("--strict",), "", "Any error or warning makes exit 1 and writes nothing.", FLAG
    ),
    "quiet": Shared(("--quiet", "-q"), "", "No chatter on stderr.", FLAG),
    "no_color": Shared(("--no-color",), "", "No colour.", FLAG),
}


FOR_SOME = ("todo", "remind", "template", "only_new")  # formats, and so for some commands


def answering(
    *leave_out: str,
    also: tuple[str, ...] = (),
    accounts: Any = ACCOUNTS,  # noqa: ANN401 - an annotated type for Typer
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command the ACCOUNTS argument and the shared options, less those left out.

    Those that only some formats take are given where a command has them `also`. Where the argument
    is something else, `accounts` is the option that names the files. The command itself takes an
    `Asked` first, and its own options after it.
    """

    def dressed(command: Callable[..., int]) -> Callable[..., int]:
        hints = get_type_hints(command, include_extras=True)
        left = {*leave_out, *(name for name in FOR_SOME if name not in also)}
        shared = {name: each for name, each in SHARED.items() if name not in left}
        own = list(inspect.signature(command).parameters.values())[1:]
        keyword, files = inspect.Parameter.KEYWORD_ONLY, accounts

        @functools.wraps(command)
        def run(accounts: list[str] | None = None, **words: Any) -> int:  # noqa: ANN401 - Typer's values
            said = {name: words.pop(name) for name in shared}
            return command(asked(accounts or [], said), **words)

        parameters = [
            inspect.Parameter("accounts", keyword, default=None, annotation=files),
            *(each.replace(kind=keyword, annotation=hints[each.name]) for each in own),
            *(
                inspect.Parameter(name, keyword, default=each.default, annotation=each.annotation)
                for name, each in shared.items()
            ),
        ]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return dressed


def asked(accounts: list[str], said: dict[str, Any]) -> Asked:
    """Gather what the shared options say."""
    where, owner = (tuple(said.pop(name, None) or ()) for name in ("where", "owner"))
    add = tuple(name for each in (said.pop("add", None) or "").split(",") if (name := each.strip()))
    for name in ("journal", "team", "only_new"):
        if said.get(name) == "-":
            message = "only the accounts can come from stdin; give the path of a file"
            raise typer.BadParameter(message, param_hint="--" + name.replace("_", "-"))
    as_of = day_asked(said.pop("as_of", None))
    return Asked(as_of=as_of, accounts=tuple(accounts), where=where, owner=owner, add=add, **said)


def day_asked(text: str | None) -> date:
    """Give the day of `--as-of`, else today: the one place where the clock is read."""
    from csprio.settings import FIRST_YEAR, LAST_YEAR

    day = iso_day(text, "--as-of") or date.today()  # noqa: DTZ011 - local time
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = f"{day} is outside the years {FIRST_YEAR} to {LAST_YEAR}"
        raise typer.BadParameter(message, param_hint="--as-of")
    return day


def iso_day(text: str | None, option: str) -> date | None:
    """Read an option's ISO date; anything else is a usage error."""
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise typer.BadParameter(f"{text!r} is not a date; write it as 2026-11-23", param_hint=option)


def whole_number(text: str | None, option: str, most: int) -> int | None:
    """Read an option's whole number from 1; anything else is a usage error."""
    if text is None:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most:
        return int(text)
    raise typer.BadParameter(f"{text!r} is no whole number from 1 to {most}", param_hint=option)
