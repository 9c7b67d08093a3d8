"""Outputs take their place all at once, or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from csprio.problems import ExitCode, Stop
from csprio.show.stage import HELD_BYTES, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


def put(stage: Stage, path: Path | str, content: bytes) -> None:
    """Write one output."""
    with stage.open(str(path)) as sink:
        sink.write(content)


def write(*paths: Path | str) -> None:
    """Write `new` to each path, all or none."""
    with Stage() as stage:
        for path in paths:
            put(stage, path, b"new")
        stage.commit()


def interrupted(path: Path) -> None:
    """Write to a path and be interrupted before the commit."""
    with Stage(folders=True) as stage:
        put(stage, path, b"1")
        raise KeyboardInterrupt


def test_nothing_before_commit(tmp_path: Path) -> None:
    """Until the commit the old file stands; after it the new one, and nothing else."""
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    with Stage() as stage:
        put(stage, target, b"new")
        assert target.read_bytes() == b"old"
        stage.commit()
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_without_commit(tmp_path: Path) -> None:
    """A run that fails in between leaves no file, no temporary and no folder behind."""
    with pytest.raises(KeyboardInterrupt):
        interrupted(tmp_path / "new" / "deep" / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_second_file_fails(tmp_path: Path) -> None:
    """Where the second of two files cannot be written, the first is not either."""
    (tmp_path / "a.csv").write_bytes(b"old")
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(Stop, match="Is a directory") as stop:
        write(tmp_path / "a.csv", tmp_path / "b.csv")
    assert stop.value.exit_code is ExitCode.UNWRITTEN
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing/a.csv", "No such file"),
        ("folder", "Is a directory"),
        ("folder/", "Is a directory"),
        ("new/", "Is a directory"),
        ("file/a.csv", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("a\0b", "null byte"),
    ],
)
def test_unwritable(path: str, reason: str, tmp_path: Path) -> None:
    """What the system refuses ends the run with exit code 4, the path and the reason."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(Stop, match=reason) as stop:
        write(f"{tmp_path}/{path}")
    assert stop.value.exit_code is ExitCode.UNWRITTEN
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """Let root, who may write everywhere, be nobody for a while."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_no_permission() -> None:
    """A file or folder that may not be written stays as it is."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        locked, closed = Path(name, "locked.csv"), Path(name, "closed")
        locked.touch(0o400)
        closed.mkdir(0o500)
        for path in (locked, closed / "a.csv"):
            with without_rights(), pytest.raises(Stop, match="Permission denied"):
                write(path)


def test_permissions(tmp_path: Path) -> None:
    """A new file has what the umask leaves, a replaced one what it had."""
    old = tmp_path / "old.csv"
    old.touch()
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        write(old, tmp_path / "new.csv")
    finally:
        os.umask(before)
    assert [oct(path.stat().st_mode)[-3:] for path in (old, tmp_path / "new.csv")] == ["640"] * 2


def test_symlink(tmp_path: Path) -> None:
    """A link stays a link: the file that it names is replaced."""
    (tmp_path / "real.csv").write_bytes(b"old")
    link = tmp_path / "link.csv"
    link.symlink_to("real.csv")
    write(link)
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"new"


def test_devices(tmp_path: Path) -> None:
    """A device is written to, not renamed over; a full one ends the run."""
    write(os.devnull)
    with pytest.raises(Stop, match="No space left") as stop:
        write("/dev/full")
    assert stop.value.exit_code is ExitCode.UNWRITTEN
    assert not Path(os.devnull).is_file()
    assert list(tmp_path.iterdir()) == []


def test_stdout_is_held_back(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Nothing reaches stdout before the commit, then all of it, also beyond what memory holds."""
    big = bytes(HELD_BYTES // 8)
    with Stage() as stage:
        with stage.open("-") as sink:
            for _ in range(9):
                sink.write(big)
        assert capsysbinary.readouterr().out == b""
        stage.commit()
    assert len(capsysbinary.readouterr().out) == 9 * len(big)


def test_no_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stdout that is closed cannot be written to, which ends the run."""
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(Stop, match="stdout: unwritten: could not write") as stop:
        write("-")
    assert stop.value.exit_code is ExitCode.UNWRITTEN
