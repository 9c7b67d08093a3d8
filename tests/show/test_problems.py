"""What is said on stderr: grouped, counted, with nothing in it that a terminal obeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.codes import Severity
from csprio.problems import ExitCode, Place, Problem, Stop, problem
from csprio.show.problems import report, report_stop, say, say_clean, say_problems, say_stop
from csprio.show.terminal import Look
from session import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def made(
    line: int, column: str = "arr", severity: Severity = Severity.ERROR, message: str = "no"
) -> Problem:
    """Make a problem of a cell."""
    code = {Severity.ERROR: "bad", Severity.WARNING: "odd", Severity.NOTE: "fyi"}[severity]
    return Problem(Place("a.csv", line, column), severity, code, message, "fix it")


def test_what_check_does_not_see() -> None:
    """Nobody is sent to `csprio check` for what only the writing of a feed or a mail finds."""
    found = [problem("mail-address", Place(""), owner=f"P{each}", why="x") for each in range(5)]
    assert report(found)[3:] == ["... and 2 more like this"]


def test_grouped() -> None:
    """Problems go by place, in groups of one code and column: three of each, then a count."""
    problems = [made(line) for line in (9, 2, 5, 4, 3)] + [made(3, "name"), made(10, "name")]
    assert report(problems) == [
        "a.csv:2:arr: bad: no; fix it",
        "a.csv:3:arr: bad: no; fix it",
        "a.csv:4:arr: bad: no; fix it",
        "... and 2 more like this (csprio check lists all)",
        "a.csv:3:name: bad: no; fix it",
        "a.csv:10:name: bad: no; fix it",
    ]
    assert report([]) == []


def test_quiet(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Quiet silences notes and chatter, never a warning or an error."""
    problems = [made(1), made(2, severity=Severity.WARNING), made(3, severity=Severity.NOTE)]
    assert len(report(problems)) == 3
    assert [line.split()[1] for line in report(problems, quiet=True)] == ["bad:", "odd:"]
    say(["read 3\x1b accounts"], quiet=True)
    say_problems(problems[:1], quiet=True)
    say(["read 3\x1b accounts"])
    assert capsysbinary.readouterr().err == b"a.csv:1:arr: bad: no; fix it\nread 3\\x1b accounts\n"


def test_harmless() -> None:
    """A message about a naughty cell is one line of visible text, also where there is colour."""
    naughty = made(1, "n\x07", message="it is \x1b[31m\nred")
    assert report([naughty]) == ["a.csv:1:n\\x07: bad: it is \\x1b[31m\\nred; fix it"]
    assert report([naughty], color=True) == [
        "a.csv:1:n\\x07: \x1b[31mbad\x1b[0m: it is \\x1b[31m\\nred; fix it"
    ]
    note = made(1, severity=Severity.NOTE)
    assert report([note], color=True) == [str(note)]


def test_stop(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """What ends a run is said in full, up to 20 problems of one file and then a count."""
    other = Problem(Place(""), Severity.ERROR, "unknown-format", "no", "yes")
    stop = Stop(ExitCode.UNUSABLE, [*(made(line) for line in range(1, 26)), other])
    lines = report_stop(stop)
    assert lines[0] == "unknown-format: no; yes"
    assert lines[1:3] == ["a.csv:1:arr: bad: no; fix it", "a.csv:2:arr: bad: no; fix it"]
    assert lines[21:] == ["... and 5 more in a.csv"]
    assert say_stop(stop) is ExitCode.UNUSABLE
    assert capsysbinary.readouterr().err.decode().splitlines() == lines


def test_nothing_wrong(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Good news is for people at a terminal: not for a log, and not where quiet is asked for."""
    say_clean(["a.csv"])
    monkeypatch.setattr("csprio.show.problems.is_terminal", lambda _: True)
    say_clean(["a.csv"], quiet=True)
    assert capsysbinary.readouterr().err == b""
    say_clean(["grid.yaml", "a\x1b.csv"])
    assert capsysbinary.readouterr().err == b"nothing is wrong in grid.yaml, a\\x1b.csv\n"


def test_colour_of_what_ends_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends a run has colour on a terminal, unless --no-color says otherwise."""
    monkeypatch.setattr(
        "csprio.show.problems.look_of", lambda _, *, no_color: Look(80, color=not no_color)
    )
    assert b"\x1b[31mmissing-file" in run("grade", "none.csv", cwd=tmp_path).err
    assert b"\x1b" not in run("grade", "none.csv", "--no-color", cwd=tmp_path).err
