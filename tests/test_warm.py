"""The csprio that is forked does what the one does that is started; other tests rely on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from session import process
from warm import LANG

DEMO = Path(__file__).parent.parent / "examples" / "demo"
NOTHING_ELSE = {name: None for name in os.environ if name.startswith(("LC_", "PYTHON"))}
DAY = ("--as-of", "2026-11-23")


@pytest.mark.parametrize(
    "words",
    [
        ["grade", "accounts.csv", *DAY],
        ["worklist", "-", *DAY],
        ["grade", "--as-of", "x"],
        ["--help"],
    ],
    ids=lambda words: words[0],
)
def test_it_ends_as_a_started_one(words: list[str], csprio: Path) -> None:
    """An answer, one to stdin, an error and a help text: the same bytes and exit code."""
    env = {**NOTHING_ELSE, **LANG, "COLUMNS": "90"}
    given = (DEMO / "accounts.csv").read_bytes()
    forked = process(*words, cwd=DEMO, stdin=given, env=env, program=csprio)
    assert forked == process(*words, cwd=DEMO, stdin=given, env=env)


def test_it_is_a_process_of_its_own(csprio: Path, tmp_path: Path) -> None:
    """It writes with the umask of its caller, and a reader that goes away ends it by a signal."""
    script = "umask 077; csprio grade $0 -q -o a.csv; csprio grade $0 -q > b; csprio grade $0 -q"
    path = os.pathsep.join([str(csprio.parent), os.environ["PATH"]])
    (tmp_path / "big.csv").write_text("account_id\n" + "".join(f"{n}\n" for n in range(20_000)))
    with subprocess.Popen(
        ["sh", "-c", f"{script.replace('$0', 'big.csv')}; echo $? >&2"],
        cwd=tmp_path,
        env={**LANG, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout
        assert running.stdout.readline().startswith(b"account_id,")
        running.stdout.close()
        assert running.stderr
        assert int(running.stderr.read()) == 128 + signal.SIGPIPE
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_language_is_started_anew(csprio: Path, tmp_path: Path) -> None:
    """What Python heeds when it starts is not left out: such a caller gets a fresh process."""
    script = tmp_path / "sitecustomize.py"
    script.write_text("import sys; sys.stderr.write('started\\n')")
    env = {**NOTHING_ELSE, **LANG, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    assert process("--version", cwd=tmp_path, env=env, program=csprio).err == b"started\n"
    del env["PYTHONPATH"]
    assert process("--version", cwd=tmp_path, env=env, program=csprio).err == b""
