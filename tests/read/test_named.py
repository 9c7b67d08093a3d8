"""Names and patterns: which files a path of the command line or of csprio.yaml means."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from csprio.problems import ExitCode, Stop
from csprio.read.config import read_config, resolve_accounts
from csprio.read.named import files_named, matches

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("b.csv", "a.csv", "c.txt", ".d.csv", "[x].csv", "x.csv", "sub/a.csv", "sub/e.csv.gz")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder with some files."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "folder.csv").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("*.csv", ("[x].csv", "a.csv", "b.csv", "x.csv")),
        ("?.csv", ("a.csv", "b.csv", "x.csv")),
        ("[ab].csv", ("a.csv", "b.csv")),
        ("[x].csv", ("[x].csv",)),
        ("*/*", ("sub/a.csv", "sub/e.csv.gz")),
        ("./*.txt", ("./c.txt",)),
        (".*.csv", (".d.csv",)),
        ("**/a.csv", ("sub/a.csv",)),
        ("none.csv", ("none.csv",)),
        ("-", ("-",)),
        ("*.json", ()),
        ("none/*.csv", ()),
        ("", ("",)),
    ],
)
@pytest.mark.usefixtures("folder")
def test_matches(path: str, expected: tuple[str, ...]) -> None:
    """A pattern means files in the order of their names; a name that is there means itself."""
    assert matches(path) == expected


def test_a_folder_is_no_pattern(folder: Path) -> None:
    """Characters of the folder of csprio.yaml stand for themselves."""
    inner = folder / "[sub]"
    inner.mkdir()
    (inner / "a.csv").write_text("", encoding="utf-8")
    assert matches("*.csv", str(inner)) == (f"{inner}/a.csv",)
    assert matches(f"{folder}/b.*", str(inner)) == (f"{folder}/b.csv",)


@pytest.mark.usefixtures("folder")
def test_all_that_match_nothing() -> None:
    """Every pattern without a match is named; paths keep their order, and may come twice."""
    assert files_named(["x.csv", "?.csv"]) == ("x.csv", "a.csv", "b.csv", "x.csv")
    with pytest.raises(Stop) as caught:
        files_named(["a.csv", "*.json", "?.md"])
    assert caught.value.exit_code is ExitCode.UNUSABLE
    assert [(each.place.file, each.code) for each in caught.value.problems] == [
        ("*.json", "no-match"), ("?.md", "no-match")
    ]  # fmt: skip


def test_in_the_configuration(folder: Path) -> None:
    """`accounts:` takes patterns, relative to its file, beside names and dated ones."""
    (folder / "sub" / "2026-11-01").mkdir()
    (folder / "sub" / "2026-11-01" / "k.csv").write_text("", encoding="utf-8")
    (folder / "sub" / "2026-11-02").mkdir()
    path = folder / "sub" / "my.yaml"
    path.write_text("accounts: ['a.csv', '*.gz', '{date}/*.csv']\n", encoding="utf-8")
    config, problems = read_config("sub/my.yaml")
    assert not problems
    expected = ("sub/a.csv", "sub/e.csv.gz", "sub/2026-11-01/k.csv")
    assert resolve_accounts(config, date(2026, 11, 23)) == expected
    path.write_text("accounts: '*.json'\n", encoding="utf-8")
    config, _ = read_config("sub/my.yaml")
    with pytest.raises(Stop, match=r"sub/\*\.json: no-match"):
        resolve_accounts(config, date(2026, 11, 23))
