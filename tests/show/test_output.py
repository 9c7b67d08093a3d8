"""Answers delivered: the right format, in the right place, whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from csprio.problems import ExitCode, Problem, Stop
from csprio.show.output import (
    Wish,
    check_wish,
    choose_format,
    deliver,
    deliver_all,
    refuse_inputs,
)
from sheets import answer

OWNER = {"owner": "csm"}
BOOK = answer(
    "grade",
    [{"account_id": "1", "csm": "Ann"}, {"account_id": "2", "csm": "ann", "name": "=x\x1b"}],
)


@pytest.mark.parametrize(
    ("output", "told", "expected"),
    [
        ("", "", "csv"),
        ("-", "json", "json"),
        ("a.csv", "", "csv"),
        ("a.CSV", "excel", "excel"),
        ("a.json", "", "json"),
        ("a.md", "csv", "csv"),
        ("a.markdown", "", "md"),
        ("a.txt", "", "table"),
        ("a", "", "csv"),
        ("week.{owner}", "", "csv"),
        ("{owner}.json", "", "json"),
    ],
)
def test_format(output: str, told: str, expected: str) -> None:
    """The option beats the extension, which beats CSV."""
    assert choose_format(Wish(output, told)) == expected


def test_unknown_format() -> None:
    """A format or extension that csprio does not know is refused with what it knows."""
    with pytest.raises(Stop, match=r"'exel'; did you mean excel\? there are table, csv") as stop:
        choose_format(Wish("", "exel"))
    assert stop.value.exit_code is ExitCode.POLICY
    with pytest.raises(Stop, match=r"\.ods means none; add -f csv"):
        choose_format(Wish("a.ods"))


def test_stdout(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """In a pipe an answer is CSV, raw, and what it warns about is given before it is out."""
    warned: list[Problem] = []
    deliver(BOOK, Wish(), warned.extend)
    out = capsysbinary.readouterr().out.decode().split("\n")
    assert out[2] == "2,=x\x1b,ann,,,,,,,,,"
    assert [each.code for each in warned] == ["formula-cells"]


def test_check_can_stop(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Where the caller stops on a warning, nothing is written anywhere."""

    def refuse(problems: list[Problem]) -> None:
        raise Stop(ExitCode.FOUND, problems)

    for output in ("", str(tmp_path / "a.csv")):
        with pytest.raises(Stop):
            deliver(BOOK, Wish(output), refuse)
    assert capsysbinary.readouterr().out == b""
    assert list(tmp_path.iterdir()) == []


def test_file_each(tmp_path: Path) -> None:
    """A placeholder makes a file each, in folders that are made, also for who has nothing."""
    wish = Wish(f"{tmp_path}/new/{{owner}}.json", column_for=OWNER, everybody=("Bob",))
    deliver(BOOK, wish)
    files = sorted((tmp_path / "new").iterdir())
    assert [path.name for path in files] == ["Ann.json", "Bob.json", "ann-2.json"]
    rows = [json.loads(path.read_text())["rows"] for path in files]
    assert [[row["account_id"] for row in each] for each in rows] == [["1"], [], ["2"]]


def test_file_each_or_none(tmp_path: Path) -> None:
    """Where one of many files cannot be written, none is, and old ones stay as they were."""
    (tmp_path / "Ann.csv").write_text("old")
    (tmp_path / "ann-2.csv").mkdir()
    with pytest.raises(Stop) as stop:
        deliver(BOOK, Wish(f"{tmp_path}/{{owner}}.csv", column_for=OWNER))
    assert stop.value.exit_code is ExitCode.UNWRITTEN
    assert (tmp_path / "Ann.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Ann.csv", "ann-2.csv"]


def test_deliver_all(tmp_path: Path) -> None:
    """Sheets that somebody else has split go where they are told."""
    paths = [f"{tmp_path}/a.txt", f"{tmp_path}/b.txt"]
    deliver_all([(path, BOOK) for path in paths], Wish(paths[0]))
    assert Path(paths[0]).read_bytes() == Path(paths[1]).read_bytes()
    assert Path(paths[0]).read_text().startswith("account_id  name")


def test_output_is_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No output may be an input, by whatever path or link; a device may be both."""
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("x")
    Path("link.csv").symlink_to("a.csv")
    os.link("a.csv", "hard.csv")
    for output in (
        "a.csv",
        "./a.csv",
        "new/../a.csv",
        str(tmp_path / "a.csv"),
        "link.csv",
        "hard.csv",
    ):
        with pytest.raises(Stop, match=r"is the input a\.csv") as stop:
            refuse_inputs([output], ["-", "missing.csv", "a.csv"])
        assert stop.value.exit_code is ExitCode.POLICY
    refuse_inputs(["b.csv", "-", "", os.devnull], ["a.csv", "-", os.devnull])
    Path("Ann.csv").write_text("input")
    with pytest.raises(Stop, match=r"Ann\.csv is the input"):
        deliver(BOOK, Wish("{owner}.csv", column_for=OWNER, inputs=("Ann.csv",)))
    assert Path("Ann.csv").read_text() == "input"


def test_check_wish(tmp_path: Path) -> None:
    """What can be refused before reading is: a format, a placeholder, an input."""
    (tmp_path / "a.csv").touch()
    path = str(tmp_path / "a.csv")
    for wish in (
        Wish(format="xml"),
        Wish("{who}.csv", column_for=OWNER),
        Wish(path, inputs=(path,)),
    ):
        with pytest.raises(Stop) as stop:
            check_wish(wish)
        assert stop.value.exit_code is ExitCode.POLICY
    check_wish(Wish("{owner}.csv", column_for=OWNER, inputs=(path,)))


PROGRAM = """
import sys
from csprio.problems import Stop
from csprio.show.output import Wish, deliver
from csprio.show.problems import say_stop
import pyarrow as pa
from csprio.tables import Column, Kind, Sheet
rows = pa.table({"a": [f"row {n} \\x1b[31m \\u202e" for n in range(int(sys.argv[1]))]})
try:
    deliver(Sheet("any", (Column("a", Kind.TEXT, ""),), rows), Wish(format=sys.argv[2]))
except Stop as stop:
    sys.exit(say_stop(stop))
"""


def started(*args: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
    """Start a process that delivers an answer to a real stdout."""
    env = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "TERM": "xterm"}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *args],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **env},
    )


def test_broken_pipe() -> None:
    """A reader that goes away ends the run without a word."""
    with started("200000", "csv", stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"a\n"
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_full_stdout() -> None:
    """A stdout that is full ends the run with one sentence and exit code 4, and nothing more."""
    with Path("/dev/full").open("wb") as full, started("3", "csv", stdout=full.fileno()) as process:
        _, err = process.communicate()
    assert process.returncode == ExitCode.UNWRITTEN
    assert err.decode() == (
        "stdout: unwritten: could not write: No space left on device; "
        "see to the folder, its permissions and its free space, or choose another place with -o\n"
    )


@pytest.mark.parametrize("name", ["", "csv", "json", "md", "excel"])
def test_terminal_sees_no_control_character(name: str) -> None:
    """On a terminal every format writes control characters out, raw data too."""
    main, other = os.openpty()
    with started("2", name, stdout=other):
        os.close(other)
        shown = b""
        try:
            while chunk := os.read(main, 4096):
                shown += chunk
        except OSError:  # how Linux says that the other side has gone
            pass
    os.close(main)
    text = shown.decode()
    assert "row 1 \\" in text
    colours = ("\x1b[1m", "\x1b[0m", "\x1b[2m")
    for each in colours if not name else ():
        text = text.replace(each, "")
    assert not {"\x1b", "\u202e"} & set(text)
