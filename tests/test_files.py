"""Packed files, files of columns and patterns, in and out, as a user gives them to csprio."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from session import process, run

DEMO = Path(__file__).parent.parent / "examples" / "demo"
DAY = ("--as-of", "2026-11-23")
ACCOUNTS = (DEMO / "accounts.csv").read_bytes()
BOOK = (
    "account_id,name,potential,likelihood,start_date,csm\n"
    'ACME,"Acme\nRobotics",50000,1,2026-01-31,Ann\n'
    "BRIO,Brio,soon,2,2026-02-28,Bob\n"
)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Give a copy of the demo that a test may rearrange."""
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("answers"))
    return folder


def pack(path: Path) -> Path:
    """Put a packed file in the place of a plain one."""
    packed = path.with_name(f"{path.name}.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    return packed


def as_columns(raw: bytes, **options: object) -> bytes:
    """Write a CSV as Parquet, each column as Arrow takes it."""
    sink = io.BytesIO()
    pq.write_table(pa_csv.read_csv(io.BytesIO(raw), **options), sink)
    return sink.getvalue()


@pytest.mark.parametrize("command", ["grade", "tiers", "calendar", "worklist", "check"])
def test_the_same_book(command: str, demo: Path) -> None:
    """Packed, as columns, and by stdin, a file is the same book."""
    plain = run(command, "accounts.csv", *DAY, cwd=demo)
    assert plain.out
    (demo / "columns").write_bytes(as_columns(ACCOUNTS))
    (demo / "packed").write_bytes(gzip.compress(ACCOUNTS))
    for name in ("columns", "packed"):
        by_name = run(command, name, *DAY, cwd=demo)
        by_stdin = run(command, "-", *DAY, cwd=demo, stdin=(demo / name).read_bytes())
        assert by_name.code == by_stdin.code == plain.code
        for answer, place in ((by_name, name), (by_stdin, "-")):
            expected = plain.out.replace(b"accounts.csv,", f"{place},".encode())
            # `check` sorts by the name of the file.
            assert sorted(answer.out.splitlines()) == sorted(expected.splitlines())


def test_lines_of_the_text_inside(tmp_path: Path) -> None:
    """A problem of a packed file names a line of its text; one of columns, a row and header."""
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(BOOK.encode()))
    newlines = pa_csv.ParseOptions(newlines_in_values=True)
    (tmp_path / "a.parquet").write_bytes(as_columns(BOOK.encode(), parse_options=newlines))
    for name, line in (("a.csv.gz", 4), ("a.parquet", 3)):
        said = run("grade", name, *DAY, "-q", cwd=tmp_path).err.decode()
        assert said.startswith(f"{name}:{line}:potential: bad-money: `soon` is not an amount")
    shown = run("explain", "BRIO", "--accounts", "a.parquet", *DAY, cwd=tmp_path).good().decode()
    assert "a.parquet:3:likelihood" in shown.replace(",", ":")


def test_everything_packed(demo: Path) -> None:
    """Journal, team and holidays may be packed as well; each digest is that of its file."""
    (demo / "csprio.yaml").write_text(
        "accounts: accounts.csv\njournal: journal.csv\nteam: team.csv\nholidays: days.csv\n",
        encoding="utf-8",
    )
    (demo / "journal.csv").write_text(
        "date,account_id,kind,key,value,until,by,note\n2026-11-01,ACME,tier,,2,,ann,\n",
        encoding="utf-8",
    )
    (demo / "team.csv").write_text("name,role\nMaya Chen,csm\n", encoding="utf-8")
    (demo / "days.csv").write_text("date\n2026-11-24\n", encoding="utf-8")
    words = ("calendar", "--add", "tier", "-f", "json", *DAY)
    plain = json.loads(run(*words, cwd=demo).good())
    text = (demo / "csprio.yaml").read_text(encoding="utf-8")
    (demo / "csprio.yaml").write_text(text.replace(".csv", ".csv.gz"), encoding="utf-8")
    files = [pack(demo / f"{name}.csv") for name in ("accounts", "journal", "team", "days")]
    packed = json.loads(run(*words, cwd=demo).good())
    assert packed["rows"] == plain["rows"]
    for path in files:
        digest = packed["inputs"].get(path.name)
        assert digest in {None, hashlib.sha256(path.read_bytes()).hexdigest()}
    assert {"accounts.csv.gz", "journal.csv.gz", "team.csv.gz"} <= packed["inputs"].keys()


def test_a_packed_journal_is_not_added_to(tmp_path: Path) -> None:
    """A packed year of a folder counts, and `log` leaves it as it is; what is torn is left out."""
    (tmp_path / "a.csv").write_text("id\nACME\n", encoding="utf-8")
    (tmp_path / "journal").mkdir()
    old = tmp_path / "journal" / "2025.csv.gz"
    entries = "date,account_id,kind,key,value,until,by,note\n2025-11-01,ACME,grade,,B2,,ann,\n"
    torn = entries.encode() + "2025-11-02,ACME,grade,,A1,,ann,Å".encode()[:-1] + b"\n"
    old.write_bytes(gzip.compress(torn))
    words = ("a.csv", "--journal", "journal", *DAY)
    answer = run("grade", *words, cwd=tmp_path)
    assert b"ACME,ACME,,,B,2,B2," in answer.good()
    assert b"2025.csv.gz:3: journal-torn" in answer.err
    old.write_bytes(gzip.compress(entries.encode()))
    before = old.read_bytes()
    told = ("log", "ACME", "grade", "A1", "--accounts", "a.csv", "--by", "ann", *DAY)
    refused = run(*told, "--journal", "journal/2025.csv.gz", cwd=tmp_path)
    assert (refused.code, old.read_bytes()) == (2, before)
    run(*told, "--journal", "journal/", cwd=tmp_path).good()
    assert b"ACME,ACME,,,A,1,A1," in run("grade", *words, cwd=tmp_path).good()


def test_dated_exports(tmp_path: Path) -> None:
    """`exports/{date}.csv.gz` is the newest packed export, and a day may be a folder of files."""
    exports = tmp_path / "exports"
    exports.mkdir()
    for day in ("2026-11-01", "2026-12-01"):
        (exports / f"{day}.csv.gz").write_bytes(gzip.compress(f"id\n{day}\n".encode()))
    config = tmp_path / "csprio.yaml"
    config.write_text("accounts: exports/{date}.csv.gz\n", encoding="utf-8")
    assert b"\n2026-11-01," in run("grade", *DAY, cwd=tmp_path).good()
    (exports / "2026-11-20").mkdir()
    for name in "ab":
        (exports / "2026-11-20" / f"{name}.csv").write_text(f"id\n{name}\n", encoding="utf-8")
    config.write_text("accounts: exports/{date}/*.csv\n", encoding="utf-8")
    rows = run("grade", *DAY, cwd=tmp_path).good().decode().splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["a", "b"]


def test_patterns(tmp_path: Path) -> None:
    """A pattern is all files that match, of whatever kind, as one book by the names of columns."""
    (tmp_path / "a.csv").write_text("id,csm\n1,Ann\n", encoding="utf-8")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"csm;id\nBob;2\n"))
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": [3], "arr": [5.5]}), sink)
    (tmp_path / "c.parquet").write_bytes(sink.getvalue())
    words = ("--add", "arr", *DAY, "-q")
    out = run("grade", "?.*", *words, cwd=tmp_path).good().decode().splitlines()
    assert [(row.split(",")[0], row.split(",")[2], row.split(",")[-1]) for row in out[1:]] == [
        ("1", "Ann", ""), ("2", "Bob", ""), ("3", "", "5.5")
    ]  # fmt: skip
    config = tmp_path / "csprio.yaml"
    config.write_text("accounts: '?.*'\n", encoding="utf-8")
    assert run("grade", *words, cwd=tmp_path).good().decode().splitlines() == out
    twice = run("grade", "?.csv", "a.csv", *DAY, cwd=tmp_path)
    assert (twice.code, b"repeated-id" in twice.err) == (3, True)
    none = run("check", "*.txt", *DAY, cwd=tmp_path)
    assert (none.code, b"*.txt,,,error,no-match," in none.out) == (1, True)
    over = run("grade", "?.csv", *DAY, "-o", "a.csv", cwd=tmp_path)
    assert (over.code, b"output-is-input" in over.err) == (2, True)
    over = run("check", "?.csv", "*.txt", *DAY, "-o", "a.csv", cwd=tmp_path)
    assert (over.code, b"output-is-input" in over.err) == (2, True)


@pytest.mark.parametrize("command", ["grade", "tiers", "worklist"])
def test_there_and_back(command: str, demo: Path) -> None:
    """An answer as columns, packed or plain is the same answer when csprio reads it again."""
    for name in ("a.csv", "a.csv.gz", "a.parquet"):
        words = (command, "accounts.csv", *DAY, "-q", "--add", "arr,start_date,seats")
        run(*words, "-o", name, cwd=demo).good()
    table = pq.read_table(demo / "a.parquet")
    plain = pa_csv.read_csv(
        demo / "a.csv",
        convert_options=pa_csv.ConvertOptions(
            column_types=table.schema, strings_can_be_null=True, quoted_strings_can_be_null=True
        ),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
    )
    assert table.replace_schema_metadata().equals(plain)
    assert gzip.decompress((demo / "a.csv.gz").read_bytes()) == (demo / "a.csv").read_bytes()
    if command == "grade":
        graded = [
            run("grade", name, *DAY, "-q", "--add", "note", cwd=demo).good()
            for name in ("a.csv", "a.csv.gz", "a.parquet")
        ]
        assert graded[0] == graded[1] == graded[2]


def test_same_bytes(demo: Path) -> None:
    """Another run, in other surroundings and under another name, writes the same bytes."""
    env: dict[str, str | None] = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    for name in ("csv.gz", "json.gz", "parquet"):
        run("grade", "accounts.csv", *DAY, "-o", f"a.{name}", cwd=demo).good()
        again = process("grade", "accounts.csv", *DAY, "-o", f"b.{name}", cwd=demo, env=env)
        assert again.code == 0
        assert (demo / f"a.{name}").read_bytes() == (demo / f"b.{name}").read_bytes()


def test_a_damaged_file(tmp_path: Path) -> None:
    """Half a file is no book: exit 3, one sentence, and nothing is written."""
    table = as_columns(ACCOUNTS)
    damaged = {"a.csv.gz": gzip.compress(ACCOUNTS)[:900], "a.parquet": table[: len(table) // 2]}
    for name, raw in damaged.items():
        (tmp_path / name).write_bytes(raw)
        answer = run("grade", name, *DAY, "-o", "out.csv", cwd=tmp_path)
        assert (answer.code, answer.out) == (3, b"")
        assert answer.err.decode().startswith(f"{name}: damaged-file: this ")
        assert answer.err.count(b"\n") == 1
    assert sorted(os.listdir(tmp_path)) == sorted(damaged)  # noqa: PTH208 - names alone


def test_begin_with_columns(tmp_path: Path) -> None:
    """`init --from` takes such files too."""
    (tmp_path / "export.parquet").write_bytes(as_columns(ACCOUNTS))
    (tmp_path / "export.csv.gz").write_bytes(gzip.compress(ACCOUNTS))
    for name in ("export.parquet", "export.csv.gz"):
        run("init", f"{name}.d", "--from", name, cwd=tmp_path).good()
        run("grade", *DAY, cwd=tmp_path / f"{name}.d").good()


def test_parquet_is_imported_when_needed(tmp_path: Path) -> None:
    """Nobody waits for the library of Parquet who has no such file."""
    (tmp_path / "a.csv").write_text("id\n1\n", encoding="utf-8")
    script = (
        "import sys; from csprio.cli import main; code = main(sys.argv[1:]);"
        "assert code == 0; assert 'pyarrow.parquet' not in sys.modules"
    )
    words = ["grade", "a.csv", "-o", "b.csv.gz", *DAY]
    subprocess.run([sys.executable, "-c", script, *words], cwd=tmp_path, check=True)
