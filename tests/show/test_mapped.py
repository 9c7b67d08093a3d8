"""Task systems: what is exported, what is rejected and why, and that no text breaks out."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from csprio.exports import SYSTEMS
from csprio.read.exports import read_export
from csprio.settings import Config
from session import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.problems import Problem

DAY = ("--as-of", "2026-11-23", "-q")
DEMO = Path(__file__).parents[2] / "examples" / "demo"
# What an import, a spreadsheet, a terminal, a page or a path might take for something else.
HOSTILE = (
    "two\nlines", "a, b; c", 'say "x"', "=1+1", "@SUM(A1)", "-2+3", "\x1b[31mred\x1b[0m",
    "\u202eabc", "[/bold]", "<script>alert(1)</script>", "../../etc/passwd", "a\tb", "🙂" * 5,
)  # fmt: skip
HEADERS = {
    "salesforce-tasks": "Subject,ActivityDate,WhatId,OwnerId,Status,Priority,Description",
    "hubspot-tasks": "Task Title,Task Notes,Due Date,Task Type,Task Priority,Task Status,"
    "Assigned To,Record ID",
    "asana": "Name,Description,Assignee,Collaborators,Due Date,Start Date,Section",
    "todoist": "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,"
    "TIMEZONE",
    "jira": "Summary,Description,Issue Type,Priority,Assignee,Due Date,Labels",
}
TITLES = {
    "salesforce-tasks": "Subject", "hubspot-tasks": "Task Title", "asana": "Name",
    "todoist": "CONTENT", "jira": "Summary", "taskwarrior": "description",
}  # fmt: skip
# Maps that take any account and owner, so that only what is hostile can be rejected.
ANY = {
    "salesforce-tasks": "columns: {WhatId: account_id, OwnerId: owner}",
    "hubspot-tasks": "columns: {Record ID: account_id}",
}


def book(folder: Path, names: Sequence[str], owners: Sequence[str] = ("Ada",)) -> Path:
    """Write accounts of these names, owned in turn, which each have a task in the week."""
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["account_id", "name", "csm", "potential", "likelihood", "start_date"])
        for at, name in enumerate(names):
            owner = owners[at % len(owners)]
            rows.writerow([f"ID{at:03}", name, owner, "180000", "1", "2026-06-26"])
    return folder


def tasks(data: bytes, name: str) -> list[dict[str, Any]]:
    """Read an export back."""
    if name == "taskwarrior":
        found: list[dict[str, Any]] = json.loads(data)
        return found
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_map_is_whole(name: str) -> None:
    """A map that csprio has is read without a problem."""
    problems: list[Problem] = []
    export = read_export(name, Config(), problems)
    assert problems == []
    assert export is not None
    if name in HEADERS:
        assert ",".join(column.name for column in export.columns) == HEADERS[name]


@pytest.mark.parametrize("name", SYSTEMS)
def test_no_text_breaks_out(name: str, tmp_path: Path) -> None:
    """Each account's task comes back whole, with its name as far as the system can hold it."""
    book(tmp_path, HOSTILE, HOSTILE)
    (tmp_path / "csprio.yaml").write_text("exports: {any: any.yaml}\n", encoding="utf-8")
    (tmp_path / "any.yaml").write_text(f"like: {name}\n{ANY.get(name, '')}\n", encoding="utf-8")
    out = run("worklist", *DAY, "accounts.csv", "-f", "any", "-o", "out.csv", cwd=tmp_path)
    out.good()
    found = tasks((tmp_path / "out.csv").read_bytes(), name)
    titles = [task[TITLES[name]] for task in found if "check-in" in json.dumps(task)]
    if name == "taskwarrior":
        titles = [task["description"] for task in found if task["description"].startswith("Mon")]
        assert not any("\x1b" in title or "\u202e" in title for title in titles)
    assert len(titles) == len(HOSTILE)
    for hostile in HOSTILE:
        one_line = hostile.replace("\n", " ").replace("\t", " ")
        if name == "taskwarrior":
            one_line = one_line.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
        assert f"Monthly check-in ({one_line})" in titles
    assert not (tmp_path / "out.rejects.csv").exists()


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_a_system_cannot_hold_is_told(name: str, tmp_path: Path) -> None:
    """A name of 40,000 characters is rejected where it is too long; nothing is cut."""
    book(tmp_path, ["x" * 40_000, "short"])
    (tmp_path / "csprio.yaml").write_text("exports: {any: any.yaml}\n", encoding="utf-8")
    (tmp_path / "any.yaml").write_text(f"like: {name}\n{ANY.get(name, '')}\n", encoding="utf-8")
    words = ("worklist", *DAY, "accounts.csv", "--owner", "Ada", "-f", "any", "-o", "out.csv")
    told = run(*words, cwd=tmp_path)
    told.good()
    found = tasks((tmp_path / "out.csv").read_bytes(), name)
    if name == "taskwarrior":  # which has no limit
        assert max(len(task["description"]) for task in found) > 40_000
        return
    assert len(found) == 1
    assert b"characters" in told.err
    rejects = tasks((tmp_path / "out.rejects.csv").read_bytes(), "csv")
    assert [row["task_id"] for row in rejects] == ["ID000:check-in:t2026-06.5"]
    assert "x" * 40_000 in rejects[0][TITLES[name]]


def test_a_nul_is_told(tmp_path: Path) -> None:
    """A NUL in a name is rejected: what follows it would be lost in many an import."""
    folder = book(tmp_path, ["nul", "short"])
    accounts = (folder / "accounts.csv").read_bytes().replace(b"nul", b"n\0l")
    (folder / "accounts.csv").write_bytes(accounts)
    told = run("worklist", *DAY, "accounts.csv", "--owner", "Ada", "-f", "jira", cwd=folder)
    if told.code == 0:
        assert b"\0" not in told.out
        assert [row["Summary"] for row in tasks(told.out, "jira")] == ["Monthly check-in (short)"]


def test_a_task_goes_once(tmp_path: Path) -> None:
    """Those who take part have the task on their lists, and the system gets it for the lead."""
    folder = shutil.copytree(DEMO, tmp_path / "demo")
    words = ("worklist", *DAY, "-f")
    rows = tasks(run(*words, "csv", cwd=folder).good(), "csv")
    leads = [row["task_id"] for row in rows if row["part"] == "lead" and row["due"]]
    exported = tasks(run(*words, "taskwarrior", cwd=folder).good(), "taskwarrior")
    assert len(leads) < len(rows)
    assert len(exported) == len(leads)
    assert len({task["uuid"] for task in exported}) == len(leads)


def test_a_rejects_file_tells_of_the_last_run(tmp_path: Path) -> None:
    """Rejects of an earlier run do not stay; where there never were any, no file is made."""
    folder = book(tmp_path, ["Acme"])
    words = ("worklist", *DAY, "accounts.csv", "-f", "asana", "-o", "out.csv.gz")
    run(*words, cwd=folder).good()
    rejects = folder / "out.rejects.csv"
    assert not rejects.exists()
    rejects.write_text("old\n", encoding="utf-8")
    run(*words, cwd=folder).good()
    assert rejects.read_text(encoding="utf-8") == f"task_id,reasons,{HEADERS['asana']}\n"


def test_rejects_write_over_nothing_that_is_read(tmp_path: Path) -> None:
    """A file beside the output that is also an input, or another output, stops the run."""
    folder = book(tmp_path, ["x" * 2000])
    shutil.move(folder / "accounts.csv", folder / "a.rejects.csv")
    before = (folder / "a.rejects.csv").read_bytes()
    told = run(
        "worklist", *DAY, "a.rejects.csv", "-f", "asana", "-o", "a.csv", cwd=folder
    )  # fmt: skip
    assert (told.code, b"output-is-input" in told.err) == (2, True)
    assert (folder / "a.rejects.csv").read_bytes() == before
    assert not (folder / "a.csv").exists()


@pytest.mark.parametrize("name", ["asana", "taskwarrior"])
def test_owners_are_no_paths(name: str, tmp_path: Path) -> None:
    """Every owner has a file inside the folder, whatever the name."""
    owners = ["../x", "CON", "ada", "Ada", "y" * 300, ""]
    (tmp_path / "in").mkdir()
    folder = book(tmp_path / "in", "abcdef", owners)
    told = run("worklist", *DAY, "accounts.csv", "-f", name, "-o", "x/{owner}.csv", cwd=folder)
    told.good()
    files = {path.name for path in (folder / "x").iterdir()}
    assert len({name.casefold() for name in files}) == len(files) == 6
    assert sorted(path.name for path in folder.iterdir()) == ["accounts.csv", "x"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]
    assert {"nobody.csv", "_CON.csv"} <= files


def test_a_map_of_ones_own(tmp_path: Path) -> None:
    """A map in csprio.yaml is a format: dates, words, a field that --add adds, texts as told."""
    folder = book(tmp_path, ["Acme"])
    (folder / "csprio.yaml").write_text("exports: {Trello-csv: maps/t.yaml}\n", encoding="utf-8")
    (folder / "maps").mkdir()
    (folder / "maps" / "t.yaml").write_text(
        "dates: DD.MM.YYYY\ncolumns:\n  Card: {text: '{title}'}\n"
        "  Due: due\n  Empty:\n  Level: {from: likelihood, words: {1: sure}}\n"
        "  Asked: as_of\n  Note: {lines: ['{comment|name}', 'By {until}', done]}\n",
        encoding="utf-8",
    )
    words = ("worklist", *DAY, "accounts.csv", "--owner", "Ada", "--add", "likelihood")
    told = run(*words, "-f", "Trello-csv", cwd=folder)
    if told.code:
        pytest.fail(told.err.decode())
    assert told.out.decode() == (
        "Card,Due,Empty,Level,Asked,Note\n"
        'Monthly check-in,26.11.2026,,sure,23.11.2026,"Acme\ndone"\n'
    )
    again = run(*words[:-2], "-f", "trello", cwd=folder)
    assert b"there are" in again.err
    assert b"Trello-csv" in again.err


def test_one_may_change_a_map_that_csprio_has(tmp_path: Path) -> None:
    """A map named as a shipped one takes its place; it changes single columns and adds some."""
    folder = book(tmp_path, ["Acme"])
    (folder / "csprio.yaml").write_text("exports: {jira: our.yaml}\n", encoding="utf-8")
    (folder / "our.yaml").write_text(
        "like: jira\npeople: {ada: 'ada@x.example'}\n"
        "columns: {Priority: {text: Medium}, Epic: {text: Renewals}}\n",
        encoding="utf-8",
    )
    words = ("worklist", *DAY, "accounts.csv", "--owner", "Ada", "-f", "jira")
    (row,) = tasks(run(*words, cwd=folder).good(), "jira")
    assert list(row) == [*HEADERS["jira"].split(","), "Epic"]
    assert (row["Priority"], row["Epic"], row["Assignee"]) == (
        "Medium",
        "Renewals",
        "ada@x.example",
    )


def test_a_broken_map_stops_every_run(tmp_path: Path) -> None:
    """What is wrong with a map is said by place, whatever format is asked for."""
    folder = book(tmp_path, ["Acme"])
    (folder / "csprio.yaml").write_text("exports: {ours: our.yaml}\n", encoding="utf-8")
    (folder / "our.yaml").write_text(
        "like: jra\nstatuses: [open, gone]\nfile_each: perhaps\n"
        "columns: {A: {fom: title}, B: {longest: x}}\n",
        encoding="utf-8",
    )
    for form in ("csv", "ours"):
        told = run("worklist", "-q", "accounts.csv", "-f", form, cwd=folder)
        assert told.code == 2
        said = told.err.decode()
        for place in ("our.yaml:1:7", "our.yaml:2:18", "our.yaml:3:12", "our.yaml:4:15"):
            assert f"{place}: " in said, said


@pytest.mark.interop
def test_taskwarrior_imports_twice(tmp_path: Path) -> None:
    """Taskwarrior has each task once after two imports, due on its day, with all words whole."""
    folder = shutil.copytree(DEMO, tmp_path / "demo")
    book(tmp_path, HOSTILE)
    words = ("calendar", *DAY, "--from", "2026-11-23", "--to", "2026-12-31", "-f", "taskwarrior")
    rc = tmp_path / "taskrc"
    rc.write_text(
        f"data.location={tmp_path / 'data'}\nconfirmation=off\nhooks=off\njson.array=on\n",
        encoding="utf-8",
    )
    env = {**os.environ, "TASKRC": str(rc), "TZ": "America/Chicago"}

    def task(*args: str) -> str:
        done = subprocess.run(
            ["task", *args], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True,
            text=True,
        )  # fmt: skip
        return done.stdout

    made = []
    for number, cwd in enumerate((folder, tmp_path)):
        accounts = () if number == 0 else ("accounts.csv",)
        file = tmp_path / f"{number}.json"
        run(*words, *accounts, "-o", str(file), cwd=cwd).good()
        made += json.loads(file.read_bytes())
        for _ in range(2):
            task("import", str(file))
    kept = {each["uuid"]: each for each in json.loads(task("export"))}
    assert len(made) == len(kept) > 50
    for each in made:
        other = kept[each["uuid"]]
        assert other["description"] == each["description"]
        assert (other["status"], other["priority"]) == (each["status"], each["priority"])
        day = each["due"][:8]
        assert other["due"] in {f"{day}T060000Z", f"{day}T050000Z"}  # midnight in Chicago
