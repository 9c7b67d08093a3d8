"""`csprio backtest`: it sees what it may see, and compares it with what came after."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from session import run

if TYPE_CHECKING:
    from session import Result

Rows = list[dict[str, str]]

TELCO = Path(__file__).parent / "data" / "telco"
AT, BY = date(2026, 5, 31), date(2026, 11, 23)
ASKED = ("--score", "health", "--at", AT.isoformat(), "--as-of", BY.isoformat())
COUNT, LEAVERS = 90, 36
JOURNAL = "date,account_id,kind,key,value,until,by,note\n"
SIGNALS = """
scores:
  health:
    of: {logins: {zero: 0, full: 100}}
    bands: {green: at least 70, yellow: at least 40, red: rest}
"""
BY_ROWS = """
sources:
  usage: {file: usage.csv, date: date}
  ended: {file: ended.csv, date: date}
events:
  churned: {from: ended, take: each}
measures:
  uses: {from: usage, take: sum uses, over: 28d}
scores:
  health:
    of: {uses: {zero: 0, full: 100}}
    bands: {green: at least 70, yellow: at least 40, red: rest}
"""


def logins(number: int) -> int:
    """Give an account's logins: leavers have fewer."""
    return number * 37 % 80 + (0 if number < LEAVERS else 20)


def left_on(number: int) -> date:
    """Give the day on which a leaver leaves."""
    return AT + timedelta(3 + number * 4)


def book(folder: Path, **more: str) -> Path:
    """Make a book of 90 accounts of which the first 36 leave; `more` are further files."""
    lines = [f"A{number:02},Account {number},{logins(number)}" for number in range(COUNT)]
    events = [f"{left_on(number)},A{number:02},event,churned,,,DF," for number in range(LEAVERS)]
    files = {
        "accounts.csv": "account_id,name,logins\n" + "\n".join(lines) + "\n",
        "journal.csv": JOURNAL + "\n".join(events) + "\n",
        "signals.yaml": SIGNALS,
        "csprio.yaml": "accounts: accounts.csv\nsignals: signals.yaml\njournal: journal.csv\n",
        **{name.replace("__", "/").replace("_", "."): text for name, text in more.items()},
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def ask(folder: Path, *words: str, stdin: bytes | None = None) -> Result:
    """Test the score of a book."""
    return run("backtest", *words, *ASKED, cwd=folder, stdin=stdin)


def rows_of(result: Result) -> Rows:
    """Read an answer."""
    return list(csv.DictReader(io.StringIO(result.good().decode(), newline="")))


def told(rows: Rows, figure: str) -> Rows:
    """Pick the rows of a figure."""
    return [row for row in rows if row["figure"] == figure]


# --- what it sees ---------------------------------------------------------------------------------


def test_it_answers(tmp_path: Path) -> None:
    """The journal tells who left after the day; the score is that of `csprio scores` on the day."""
    rows = rows_of(ask(book(tmp_path), "-q"))
    (outcomes,) = told(rows, "outcomes")
    assert (outcomes["accounts"], outcomes["left"], outcomes["share"]) == ("90", "36", "0.4")
    then = run("scores", "-q", "--as-of", AT.isoformat(), cwd=tmp_path).good().decode()
    scores = {row["account_id"]: row for row in csv.DictReader(io.StringIO(then))}
    missed = told(rows, "missed")
    assert missed
    for row in missed:
        assert row["value"] == scores[row["account_id"]]["value"]
        assert row["band"] == scores[row["account_id"]]["band"] == "green"
        assert row["left_on"] == str(left_on(int(row["account_id"][1:])))
    green = [row for row in scores.values() if row["band"] == "green"]
    (band,) = (row for row in told(rows, "band") if row["band"] == "green")
    assert (band["accounts"], band["left"]) == (str(len(green)), str(len(missed)))


def test_the_days_count(tmp_path: Path) -> None:
    """Who left on the day or before is set aside; who left after the day asked about has stayed."""
    events = [(AT, 0), (AT - timedelta(9), 1), (BY, 2), (BY + timedelta(1), 3)]
    events += [(left_on(number), number) for number in range(4, LEAVERS)]
    lines = [f"{day},A{number:02},event,churned,,,DF," for day, number in sorted(events)]
    journal = JOURNAL + "\n".join(lines) + "\n"
    rows = rows_of(ask(book(tmp_path, journal_csv=journal), "-q"))
    (outcomes,), (aside,) = told(rows, "outcomes"), told(rows, "aside")
    assert (outcomes["accounts"], outcomes["left"]) == ("88", "33")
    assert (aside["accounts"], aside["note"]) == ("2", "gone by 2026-05-31")


def test_a_row_after_the_day_is_never_seen(tmp_path: Path) -> None:
    """Use after the day changes no figure, however much; a row of who left counts until as-of."""
    uses = [f"{AT},A{number:02},{logins(number)}" for number in range(COUNT)]
    ended = [f"{left_on(number)},A{number:02}" for number in range(LEAVERS)]
    more = {
        "signals_yaml": BY_ROWS,
        "journal_csv": JOURNAL,
        "ended_csv": "date,account_id\n" + "\n".join(ended) + "\n",
    }
    usage = "date,account_id,uses\n" + "\n".join(uses) + "\n"
    one = rows_of(ask(book(tmp_path / "one", **more, usage_csv=usage), "-q"))
    later = [f"{AT + timedelta(1)},A{number:02},1000" for number in range(COUNT)]
    usage += "\n".join(later) + "\n"
    other = rows_of(ask(book(tmp_path / "other", **more, usage_csv=usage), "-q"))
    assert one == other
    assert one == rows_of(ask(book(tmp_path / "by journal"), "-q"))


def test_a_leaver_that_has_gone_from_the_exports(tmp_path: Path) -> None:
    """With an export of each day the score is of that day's, whoever the later ones have lost."""
    ended = [f"{left_on(number)},A{number:02}" for number in range(LEAVERS)]
    config = "accounts: exports/{date}.csv\nsignals: signals.yaml\njournal: journal.csv\n"
    book(tmp_path, csprio_yaml=config)
    export = (tmp_path / "accounts.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "2026-05-30.csv").write_text("".join(export), encoding="utf-8")
    stayers = [line.replace("Account", "Customer") for line in export[LEAVERS + 1 :]]
    later = "".join([export[0], *stayers])
    (tmp_path / "exports" / "2026-11-20.csv").write_text(later, encoding="utf-8")
    result = ask(tmp_path)
    rows = rows_of(result)
    assert (told(rows, "outcomes")[0]["left"], told(rows, "missed")[0]["name"][:7]) == (
        "36",
        "Account",
    )
    assert b"cells-undated" not in result.err
    signals = BY_ROWS.partition("measures:")[0].replace(
        "  usage: {file: usage.csv, date: date}\n", ""
    )
    (tmp_path / "signals.yaml").write_text(signals + SIGNALS, encoding="utf-8")
    (tmp_path / "ended.csv").write_text("date,account_id\n" + "\n".join(ended) + "\n", "utf-8")
    (tmp_path / "journal.csv").write_text(JOURNAL, encoding="utf-8")
    assert rows_of(ask(tmp_path, "-q")) == rows


def test_a_column_of_each_day(tmp_path: Path) -> None:
    """A column tells who left as of the later day; an export of the first, who had gone by it."""
    config = "accounts: exports/{date}.csv\nsignals: signals.yaml\n"
    exports = {}
    for day, gone in (("2026-05-30", 3), ("2026-11-20", LEAVERS)):
        lines = [
            f"A{number:02},{logins(number)},{'left' if number < gone else 'active'}"
            for number in range(COUNT - (day > "2026-06"))
        ]
        exports[f"exports__{day}_csv"] = "account_id,logins,stage\n" + "\n".join(lines) + "\n"
    rows = rows_of(ask(book(tmp_path, csprio_yaml=config, **exports), "--left=stage=left", "-q"))
    (outcomes,) = told(rows, "outcomes")
    assert (outcomes["accounts"], outcomes["left"]) == ("86", "33")
    assert [(row["accounts"], row["note"]) for row in told(rows, "aside")] == [
        ("3", "gone by 2026-05-31"),
        ("1", "no longer in the accounts, whose column tells who left"),
    ]
    assert told(rows, "warned")[0]["value"] == ""


def test_where_and_owner(tmp_path: Path) -> None:
    """Only the accounts asked about are tested."""
    book(tmp_path)
    rows = rows_of(ask(tmp_path, "-q", "--where", "name=not Account 3"))
    assert told(rows, "outcomes")[0]["accounts"] == "89"


# --- how it is asked ------------------------------------------------------------------------------


def test_stdin(tmp_path: Path) -> None:
    """Accounts from stdin are read as often as it takes."""
    book(tmp_path)
    data = (tmp_path / "accounts.csv").read_bytes()
    assert ask(tmp_path, "-", "-q", stdin=data).good() == ask(tmp_path, "-q").good()
    column = ("--left", "logins=under 50", "-q")
    assert ask(tmp_path, "-", *column, stdin=data).good() == ask(tmp_path, *column).good()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at", "2026-11-23"), b"nothing has come after it"),
        (("--at", "23 Nov 2026"), b"is not a date"),
        (("--score", "helth"), b"did you mean health?"),
        (("--left", "logons=1"), b"--left: field-unknown: no input has the field `logons`"),
        (("--left", "logins"), b"--left: where-form"),
        (("--at", "2026-11-01"), b"too-few-outcomes: 0 of 54 accounts"),
        (("--left", "logins=1"), b"see that --left says who left"),
        (("--left", "logins=present"), b"0 of 90 accounts scored as of 2026-05-31 do not meet"),
        (("-o", "{owner}.csv"), b"unknown-placeholder"),
        (("-o", "journal.csv"), b"output-is-input"),
    ],
)
def test_refusals(tmp_path: Path, words: tuple[str, ...], said: bytes) -> None:
    """What has no answer ends with 2, says why, and writes nothing."""
    result = run("backtest", *ASKED, *words, cwd=book(tmp_path))
    assert (result.code, result.out) == (2, b"")
    assert said in result.err
    assert b"Traceback" not in result.err


def test_no_scores(tmp_path: Path) -> None:
    """Without signals there is nothing to test."""
    result = ask(book(tmp_path, csprio_yaml="accounts: accounts.csv\n"))
    assert result.code == 2
    assert b"no-signals" in result.err


def test_a_score_that_knows_who_left(tmp_path: Path) -> None:
    """A score of the very column that tells who left is a warning, which stops a strict run."""
    book(tmp_path)
    result = ask(tmp_path, "--left", "Logins=under 50", "--strict")
    assert (result.code, result.out) == (1, b"")
    assert b"score-sees-outcome" in result.err
    assert b"cells-undated" in result.err
    assert ask(tmp_path, "--strict").code == 0


# --- how it is shown ------------------------------------------------------------------------------


def test_json_names_its_inputs(tmp_path: Path) -> None:
    """JSON has the later day, and each input once."""
    found = json.loads(ask(book(tmp_path), "-q", "-f", "json", "--left", "logins=under 50").good())
    assert found["as_of"] == "2026-11-23"
    assert sorted(found["inputs"]) == ["accounts.csv", "csprio.yaml", "journal.csv", "signals.yaml"]
    assert found["rows"][0]["left"] == sum(logins(number) < 50 for number in range(COUNT))


def test_a_table_for_people(tmp_path: Path) -> None:
    """A table says it all under headings."""
    shown = ask(book(tmp_path), "-q", "-f", "table").good().decode().splitlines()
    headings = [line for line, before in zip(shown[1:], shown, strict=False) if not before]
    assert [shown[0], *headings] == [
        "health as of 2026-05-31",
        "AUC",
        "churn by band, with its 95 % interval",
        "warned of",
        "green, and left: 4",
    ]
    assert "36 of 90 accounts with a score left: 0.4 (95 % interval 0.3049 to 0.5033)" in shown
    assert "32 of 36 leavers were not in `green`" in shown


# --- on a company's customers ---------------------------------------------------------------------


@pytest.mark.interop
def test_telco(tmp_path: Path) -> None:
    """The score made by hand tells IBM's Telco customers apart by 0.8342: boosted trees by 0.84."""
    with gzip.open(TELCO / "customers.csv.gz") as file:
        (tmp_path / "customers.csv").write_bytes(file.read())
    signals = f"--signals={TELCO / 'signals.yaml'}"
    rows = rows_of(ask(tmp_path, "customers.csv", signals, "--left", "Churn=Yes", "-q"))
    (area,) = told(rows, "auc")
    assert (area["accounts"], area["left"]) == ("7043", "1869")
    assert (area["value"], area["low"], area["high"]) == ("0.8342", "0.8239", "0.844")
