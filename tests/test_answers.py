"""Who gets a file of an answer, and that no account is lost on the way into them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from typing import TYPE_CHECKING

import pytest

from session import run

if TYPE_CHECKING:
    from pathlib import Path

BOOK = """account_id,potential,likelihood,csm,sales,start_date
a,60000,1,Jane,Bob,2026-01-05
b,20000,2,Jane,Ann,2026-01-05
c,1000,3,,Ann,2026-01-05
"""
ONLY_SALES = """name: Sales alone
roles: {sales: {title: Sales rep}}
plans:
  all:
    - {id: call, title: Call, role: sales, due: start + 1d}
"""


def files(folder: Path, command: str, *options: str) -> dict[str, int]:
    """Give the rows in each file that a command writes for an owner."""
    (folder / "book.csv").write_text(BOOK)
    said = ("--as-of", "2026-01-05", "-q", "-o", "out/{owner}.json")
    run(command, "book.csv", *said, *options, cwd=folder).good()
    written = (folder / "out").iterdir()
    return {path.stem: len(json.loads(path.read_text())["rows"]) for path in written}


@pytest.mark.parametrize("option", ["--journal", "--team"])
def test_digest_of_what_can_be_read_once(option: str, tmp_path: Path) -> None:
    """JSON names each input with the SHA-256 of the bytes that were read, also those of a pipe."""
    journal = b"date,account_id,kind,key,value,until,by,note\n2026-01-02,1,touch,call,,,A,\n"
    told = {"--journal": journal, "--team": b"name,role\nA,csm\n"}[option]
    (tmp_path / "a.csv").write_text("account_id\n1\n")
    ear, mouth = os.pipe()
    os.write(mouth, told)
    os.close(mouth)
    pipe = f"/dev/fd/{ear}"
    answer = run("grade", "a.csv", "-f", "json", option, pipe, cwd=tmp_path).good()
    os.close(ear)
    assert json.loads(answer)["inputs"][pipe] == hashlib.sha256(told).hexdigest()


@pytest.mark.parametrize("command", ["grade", "tiers"])
def test_a_file_for_everybody(command: str, tmp_path: Path) -> None:
    """Everybody in a role gets a file by csm, and what is nobody's is in `nobody`."""
    assert files(tmp_path, command) == {"Jane": 2, "nobody": 1, "Ann": 0, "Bob": 0}


@pytest.mark.parametrize("command", ["grade", "tiers", "calendar", "worklist"])
def test_owner_asked_for(command: str, tmp_path: Path) -> None:
    """With --owner nobody else's file is written: an empty one would take their list away."""
    assert set(files(tmp_path, command, "--owner", "Jane")) == {"Jane"}
    book = {"grade", "tiers"}
    others = {"Jane", "nobody"} if command in book else set()
    (tmp_path / "out" / "Jane.json").unlink()
    assert set(files(tmp_path, command, "--owner", "Ann")) == {"Ann"} | others


def test_csm_without_a_role(tmp_path: Path) -> None:
    """A csm whom the playbook gives no role has a tier report too, and so has a book of nobody."""
    (tmp_path / "playbook.yaml").write_text(ONLY_SALES)
    assert files(tmp_path, "tiers", "--playbook", "playbook.yaml") == {
        "Jane": 2, "nobody": 1, "Ann": 0, "Bob": 0,
    }  # fmt: skip
    (tmp_path / "empty.csv").write_text("account_id\n")
    run("tiers", "empty.csv", "-q", "-o", "none/{owner}.csv", cwd=tmp_path).good()
    assert [path.name for path in (tmp_path / "none").iterdir()] == ["nobody.csv"]


def test_people_are_called_as_in_the_team(tmp_path: Path) -> None:
    """Answers show the team's name wherever a role's column is asked for, the default aside."""
    (tmp_path / "a.csv").write_text(
        "account_id,csm,cust_dev,scout\n1,ANN@x.example,bo,ann@x.example\n2,,,\n"
    )
    (tmp_path / "team.csv").write_text(
        "name,email,role,default\nAnn Lee,ann@x.example,csm,yes\nBo,,custdev,\n"
    )
    (tmp_path / "playbook.yaml").write_text(
        "roles:\n  csm: {title: CSM}\n  custdev: {title: CD, column: cust_dev}\nplans:\n"
        "  all: [{id: hi, role: csm, due: start}]\n"
    )
    words = ["a.csv", "--team", "team.csv", "--playbook", "playbook.yaml", "-q"]
    out = run("grade", *words, "--add", "cust_dev,scout,csm", cwd=tmp_path).good().decode()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["csm"], row["cust_dev"], row["scout"]) for row in rows] == [
        ("Ann Lee", "Bo", "ann@x.example"), ("Ann Lee", "", ""),
    ]  # fmt: skip
