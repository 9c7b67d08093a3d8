"""Answers delivered: all of them or none, on stdout or in files.

Comes in: sheets, and what the command line says about output (`Wish`). Goes out: bytes on stdout,
held back until the last one is known, or files, each written beside its place and renamed when
all are written. A failure to write stops the run (exit 4) and leaves every file as it was.
"""

from __future__ import annotations

import difflib
import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from csprio.problems import Place, policy_stop
from csprio.show.formats import FORMATS, REPORT, Written, kind_of, writer
from csprio.show.packed import Packed
from csprio.show.stage import Stage
from csprio.show.terminal import Look, is_terminal, look_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from csprio.problems import Problem
    from csprio.show.formulas import FormulaCount
    from csprio.tables import Sheet

STDOUT = "-"
_STDOUT_NAMES = ("", STDOUT, "/dev/stdout")
_GZIP = ".gz"


@dataclass(frozen=True)
class Wish:
    """What the command line says about output, and which paths were read for the answer.

    `column_for` says which column of the answer the placeholders of `output` mean; `everybody`
    are the people who get a file of their own where the name holds `{owner}`. `options` are those
    that only some formats take, as far as they were given; `command` is whose answer it is.
    `own_formats` are those that the configuration adds; `given` is what a format gets besides.
    """

    output: str = ""
    format: str = ""
    no_color: bool = False
    inputs: tuple[str, ...] = ()
    column_for: Mapping[str, str] = field(default_factory=dict)
    everybody: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    command: str = ""
    own_formats: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)


def check_wish(wish: Wish) -> None:
    """Refuse (exit 2) what can be refused before anything is read."""
    name = choose_format(wish)
    _check_format(name, wish)
    if "{" in wish.output:
        from csprio.show.names import check_placeholders

        check_placeholders(wish.output, wish.column_for)
    else:
        refuse_inputs([wish.output], wish.inputs)


def choose_format(wish: Wish) -> str:
    """Name the format: as told, else by the extension, else a table for people and CSV for pipes.

    An extension that means no format is refused: a file called `.ods` with CSV in it opens badly.
    So is a format that is no text where nothing but text will do.
    """
    plain = wish.output in _STDOUT_NAMES
    name = wish.format or (
        _whole_book()[0] if plain and wish.command == REPORT else _format_of(wish.output)
    )
    names = [*FORMATS, *wish.own_formats]
    if name not in names:
        close = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean {close[0]}? " if close else ""
        known = ", ".join(names)
        raise policy_stop(
            "unknown-format", Place(""), format=name, remedy=f"{hint}there are {known}"
        )
    if kind_of(name).binary:
        _refuse_text(name, wish.output)
    return name


def looks_behind(wish: Wish) -> bool:
    """Tell whether a format shows more of the book than the answer itself."""
    return kind_of(choose_format(wish)).shows_behind(wish.command)


def _check_format(name: str, wish: Wish) -> None:
    """Stop (exit 2) where a format cannot show an answer, or take an option."""
    kind = kind_of(name)
    if wish.command == REPORT and not kind.shows_behind(REPORT):
        remedy = f"take one of these: {', '.join(_whole_book())}"
        raise policy_stop("report-format", Place(""), format=name, remedy=remedy)
    if kind.answers and wish.command not in kind.answers:
        able = ", ".join(kind.answers)
        raise policy_stop(
            "format-not-for", Place(""), format=name, command=wish.command, answers=able
        )
    for option in wish.options:
        if option not in kind.options:
            able = ", ".join(each for each, other in FORMATS.items() if option in other.options)
            flag = "--" + option.replace("_", "-")
            raise policy_stop("format-option", Place(flag), option=flag, format=name, formats=able)


def _whole_book() -> list[str]:
    """Name the formats that can show a whole book."""
    return [name for name, kind in FORMATS.items() if kind.shows_behind(REPORT)]


def _format_of(output: str) -> str:
    """Name the format that an output says by its extension, before the one of gzip."""
    if output in _STDOUT_NAMES:
        return "table" if is_terminal(sys.stdout) else "csv"
    path = PurePath(output)
    extension = PurePath(path.stem if _is_packed(output) else path).suffix.lower()
    if not extension or "{" in extension or "}" in extension:
        return "csv"
    for name, kind in FORMATS.items():
        if extension in kind.extensions:
            return name
    raise policy_stop("unknown-extension", Place(""), output=output, extension=extension)


def _refuse_text(name: str, output: str) -> None:
    """Stop (exit 2) where an output wants text, which this format is not."""
    if _is_packed(output):
        why, remedy = f"{output} would pack it a second time", "take .gz off the name"
    elif _at_terminal(output):
        why = "the output is a terminal"
        remedy = f"write it to a file, as by -o answer.{name}, or into a pipe"
    else:
        return
    raise policy_stop("not-text", Place(""), format=name, why=why, remedy=remedy)


def _is_packed(output: str) -> bool:
    """Tell whether an output is to be packed by gzip."""
    return PurePath(output).suffix.lower() == _GZIP


def _at_terminal(output: str) -> bool:
    """Tell whether an output is a terminal: stdout, or a device by its name."""
    if output in _STDOUT_NAMES:
        return is_terminal(sys.stdout)
    try:
        if not stat.S_ISCHR(Path(output).stat().st_mode):
            return False
        with Path(output).open("wb", buffering=0) as device:
            return is_terminal(device)
    except (OSError, ValueError):
        return False  # it is no file yet, or nothing that can be written


def deliver(
    sheet: Sheet, wish: Wish, check: Callable[[list[Problem]], None] = lambda _: None
) -> list[str]:
    """Write an answer as wished; give what there is to say of it.

    When all is written but nothing yet in its place, `check` is given what there is to warn about;
    it says it, or stops the run, which then leaves nothing behind.
    """
    if "{" not in wish.output:
        return deliver_all([(wish.output, sheet)], wish, check)
    from csprio.show.names import split

    return deliver_all(split(sheet, wish.output, wish.column_for, wish.everybody), wish, check)


def deliver_each(
    owned: Sequence[tuple[str, Sheet]],
    wish: Wish,
    check: Callable[[list[Problem]], None] = lambda _: None,
) -> list[str]:
    """Write an answer that was made for each owner: `{owner}` is in the output name."""
    from csprio.show.names import split_each

    return deliver_all(split_each(owned, wish.output, wish.column_for, wish.everybody), wish, check)


def deliver_all(
    answers: Sequence[tuple[str, Sheet]],
    wish: Wish,
    check: Callable[[list[Problem]], None] = lambda _: None,
) -> list[str]:
    """Write each sheet to its path, all or none; give what there is to say of them."""
    name = choose_format(wish)
    refuse_inputs([path for path, _ in answers], wish.inputs)
    write, packed = writer(name), _is_packed(wish.output)
    formulas = _formula_count() if name == "csv" else None
    found: list[Problem] = []
    said: list[str] = []
    further: list[str] = []
    with Stage(folders="{" in wish.output) as stage:
        for path, sheet in answers:
            to_stdout = path in _STDOUT_NAMES
            look = look_of(sys.stdout, no_color=wish.no_color) if to_stdout else Look()
            with stage.open(STDOUT if to_stdout else path, safe=kind_of(name).safe) as sink:
                inner = Packed(sink) if packed else sink
                shown = formulas.watch(sheet) if formulas else sheet
                options = _options(name, wish, "" if to_stdout or packed else path)
                written = write(shown, inner, look, **options) or Written()
                if isinstance(inner, Packed):
                    inner.end()
            found += written.problems
            said += (f"{path}: {line}" for line in written.said)
            for beside, data in () if to_stdout else _beside(path, written):
                further.append(beside)
                with stage.open(beside) as sink:
                    sink.write(data)
        refuse_inputs(further, (*wish.inputs, *(path for path, _ in answers)))
        check([*found, *(formulas.warning() if formulas else [])])
        stage.commit()
    return said


def _options(name: str, wish: Wish, path: str) -> dict[str, Any]:
    """Give a format the options of the command line, and its file's name where it wants that."""
    named = {"name": PurePath(path).name} if kind_of(name).named else {}
    return {**wish.options, **wish.given, **named}


def _beside(path: str, written: Written) -> Iterator[tuple[str, bytes]]:
    """Name the files beside an output: those to be written, and old ones to be written over."""
    bare = path.removesuffix(PurePath(path).suffix) if _is_packed(path) else path
    bare = bare.removesuffix(PurePath(bare).suffix)
    yield from ((f"{bare}{suffix}", data) for suffix, data in written.beside)
    for suffix, data in written.instead:
        if os.path.lexists(f"{bare}{suffix}"):
            yield f"{bare}{suffix}", data


def _formula_count() -> FormulaCount:
    from csprio.show.formulas import FormulaCount

    return FormulaCount()


def refuse_inputs(outputs: Iterable[str], inputs: Iterable[str]) -> None:
    """Stop (exit 2) where an output is also an input, by whatever name."""
    read = {_identity(path): path for path in inputs if path != STDOUT}
    read.pop(None, None)
    for output in outputs:
        same = None if output in _STDOUT_NAMES else read.get(_identity(output))
        if same is not None:
            raise policy_stop(code="output-is-input", place=Place(""), output=output, input=same)


def _identity(path: str) -> tuple[int, int] | None:
    """Tell a file from all others; None where there is none, or where it is a device or pipe.

    The path is taken as `Stage` takes it: `new/../team.csv` is team.csv, with or without `new`.
    """
    try:
        status = Path(os.path.realpath(path)).stat()
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None
