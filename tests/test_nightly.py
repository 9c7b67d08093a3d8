"""The files of examples/nightly, run by what they are for: systemd reads them, cron runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NIGHTLY = ROOT / "examples" / "nightly"
BOOK = "/srv/book"
LONGEST = 75  # seconds: cron looks at its tables once a minute
# A cron of its own, with its tables and its lock in a view of the files that nobody shares.
CRON = """
set -e
mount -t tmpfs none /var/spool/cron
mkdir -m 1730 /var/spool/cron/crontabs
chgrp crontab /var/spool/cron/crontabs
install -m 600 "$1" /var/spool/cron/crontabs/root
mount -t tmpfs none /run
mount -t tmpfs none /etc/cron.d
mount --bind /dev/null /etc/crontab
exec cron -f
"""


@pytest.fixture
def book(tmp_path: Path, csprio: Path) -> Path:
    """Give the example at a place of its own, its files naming that place and our csprio."""
    folder = tmp_path / "book"
    shutil.copytree(NIGHTLY, folder, ignore=shutil.ignore_patterns("answers"))
    for path in folder.iterdir():
        if path.suffix in {"", ".service", ".timer"}:
            text = path.read_text(encoding="utf-8").replace(BOOK, str(folder))
            path.write_text(text.replace("PATH=", f"PATH={csprio.parent}:"), encoding="utf-8")
    return folder


@pytest.mark.interop
def test_systemd_takes_the_units(book: Path) -> None:
    """`systemd-analyze verify` finds nothing in the service and in the timer."""
    for unit in ("csprio-nightly.service", "csprio-nightly.timer"):
        found = subprocess.run(
            ["systemd-analyze", "verify", str(book / unit)],
            capture_output=True, check=False, text=True,
        )  # fmt: skip
        assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


@pytest.mark.interop
@pytest.mark.skipif(os.geteuid() != 0, reason="a cron of its own needs root")
def test_cron_runs_it(book: Path) -> None:
    """A real cron runs the crontab as it stands, but for the hour, and everybody has a list."""
    table = (book / "crontab").read_text(encoding="utf-8")
    every_minute, count = re.subn(r"(?m)^15 4 \* \* \*", "* * * * *", table)
    assert count == 1
    table_path = book.parent / "table"
    table_path.write_text(every_minute.replace("ops@example.com", '""'), encoding="utf-8")
    names = ["unshare", "--mount", "--fork", "--kill-child", "sh", "-c", CRON, "sh"]
    with subprocess.Popen([*names, str(table_path)], stderr=subprocess.PIPE) as cron:
        try:
            wanted = {"Dana Fox", "Maya Chen", "Raj Patel", "Tom Okafor", "nobody"}
            end = time.monotonic() + LONGEST
            found: set[str] = set()
            while found != wanted and time.monotonic() < end and cron.poll() is None:
                time.sleep(0.5)
                found = {path.stem for path in book.glob("lists/*.csv")}
        finally:
            cron.kill()
        said = cron.stderr.read().decode() if cron.stderr else ""
    assert found == wanted, said


def test_a_list_with_a_mistake_stays(book: Path, csprio: Path) -> None:
    """A mistake ends the night: it is named, and no list is written over."""
    env = {**os.environ, "PATH": f"{csprio.parent}:{os.environ['PATH']}"}

    def night(day: str) -> subprocess.CompletedProcess[str]:
        words = [str(book / "nightly.sh"), day]
        return subprocess.run(words, env=env, capture_output=True, check=False, text=True)

    assert night("2026-11-23").returncode == 0
    mine = book / "lists" / "Maya Chen.csv"
    text = mine.read_text(encoding="utf-8")
    mine.write_text(text.replace(",,,\n", ",snoozed,,\n", 1), encoding="utf-8")
    before = {path.name: path.read_bytes() for path in (book / "lists").iterdir()}
    told = night("2026-11-24")
    assert told.returncode != 0
    assert "until-missing" in told.stderr
    assert {path.name: path.read_bytes() for path in (book / "lists").iterdir()} == before
