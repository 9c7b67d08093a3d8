"""`csprio scores` and all that scores feed: files in, answers out, as a user sees them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from session import run

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[dict[str, str]]

AS_OF = date(2026, 11, 23)
HEALTH = """\
sources:
  usage:   {file: usage.csv, date: date}
  tickets: {file: tickets.csv, date: submitted_at}
  survey:  {file: responses.csv, date: answered_on}
measures:
  seat_use:     {from: usage, take: last active_users, over: 35d, per: seats}
  logins_trend: {from: usage, take: trend logins, over: 28d}
  urgent:       {from: tickets, take: count, where: {priority: [high, urgent]}, over: 90d, empty: 0}
  nps:          {from: survey, take: nps score, by: contact, over: 365d}
scores:
  health:
    of:
      seat_use:     {weight: 40, zero: 0, full: 0.8}
      logins_trend: {weight: 20, zero: -0.5, full: 0.25}
      urgent:       {weight: 15, zero: 6, full: 0}
      days_late:    {weight: 10, zero: 30, full: 0}
      nps:          {weight: 15, zero: -100, full: 100}
    bands: {green: at least 70, yellow: at least 40, red: rest}
    min_coverage: 60
    cap: [{when: {champion: left}, at: 39}]
"""
ACCOUNTS = """\
account_id,name,potential,seats,days_late,champion,start_date
ACME,Acme,80000,100,,strong,2024-01-01
BOLT,Bolt,20000,50,0,left,2024-01-01
CORE,Core,5000,10,,,2024-01-01
"""


def ago(days: int) -> str:
    """Write the day so many days before the one asked about."""
    return (AS_OF - timedelta(days)).isoformat()


USAGE = f"""\
account_id,date,logins,active_users
ACME,{ago(40)},80,90
ACME,{ago(3)},60,52
BOLT,{ago(40)},10,50
BOLT,{ago(1)},20,40
"""
TICKETS = f"""\
account_id,submitted_at,priority
ACME,{ago(10)} 09:30,high
ACME,{ago(11)} 10:00,urgent
ACME,{ago(12)},urgent
ACME,{ago(13)},low
ACME,{ago(200)},high
"""
ANSWERS = f"""\
account_id,answered_on,contact,score
ACME,{ago(300)},ann,2
ACME,{ago(20)},ann,9
ACME,{ago(30)},bob,6
BOLT,{ago(30)},cy,10
BOLT,{ago(31)},di,8
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Give a folder with the accounts, the signals and the files of their sources."""
    return written(
        tmp_path,
        **{
            "accounts.csv": ACCOUNTS, "signals.yaml": HEALTH, "usage.csv": USAGE,
            "tickets.csv": TICKETS, "responses.csv": ANSWERS,
            "csprio.yaml": "accounts: accounts.csv\nsignals: signals.yaml\n",
        },
    )  # fmt: skip


def written(folder: Path, **files: str) -> Path:
    """Write files into a folder."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def asked(folder: Path, *words: str) -> Rows:
    """Ask a question of the book as of the day, and read the answer."""
    result = run(*words, "--as-of", AS_OF.isoformat(), "-f", "csv", cwd=folder)
    return list(csv.DictReader(io.StringIO(result.good().decode(), newline="")))


def said(folder: Path, *words: str) -> tuple[int, str]:
    """Ask a question and give the exit code and what it said on stderr."""
    result = run(*words, "--as-of", AS_OF.isoformat(), "-f", "csv", cwd=folder)
    return result.code, result.err.decode()


def of(rows: Rows, account: str) -> dict[str, str]:
    """Give the row of an account."""
    (row,) = (row for row in rows if row["account_id"] == account)
    return row


def test_worked_example(book: Path) -> None:
    """The example of the contract: 65, 33.333, 50 and 50 points of 90 % of the weight: 52.963."""
    row = of(asked(book, "scores"), "ACME")
    figures = ("value", "band", "low", "high", "coverage")
    assert [row[name] for name in figures] == [
        "52.962963",
        "yellow",
        "47.666667",
        "57.666667",
        "90",
    ]
    assert "days_late" in row["note"]


def test_measures_of_the_example(book: Path) -> None:
    """Each measure is what it is by hand, and a field that other answers can show."""
    names = "seat_use,logins_trend,urgent,nps,nps_answers,nps_last,health,health_band"
    row = of(asked(book, "grade", "--add", names), "ACME")
    assert [row[name] for name in names.split(",")] == [
        "0.52", "-0.25", "3", "0", "2", "9", "52.962963", "yellow",
    ]  # fmt: skip


def test_a_cap_holds_value_and_ends(book: Path) -> None:
    """The champion of BOLT has left: whatever it earned, it has 39 points at most."""
    row = of(asked(book, "scores"), "BOLT")
    assert (row["value"], row["band"], row["high"]) == ("39", "red", "39")
    assert "39" in row["note"]


def test_an_account_that_no_source_knows_is_not_scored(book: Path) -> None:
    """Not connected is not silent: too little is known of CORE, and the range says so."""
    row = of(asked(book, "scores"), "CORE")
    assert (row["value"], row["band"], row["coverage"]) == ("", "not scored", "15")
    assert (row["low"], row["high"]) == ("15", "100")


def test_change_compares_what_is_known_on_both_days(book: Path) -> None:
    """Four weeks ago too little was known of ACME to score it: with less to ask for, it fell."""
    row = of(asked(book, "scores"), "ACME")
    assert (row["change"], row["trend"]) == ("", "")
    signals = (book / "signals.yaml").read_text().replace("min_coverage: 60", "min_coverage: 25")
    row = of(asked(written(book, **{"signals.yaml": signals}), "scores"), "ACME")
    # Then 90 of 100 seats and two detractors; its last ticket was too old to say anything, and of
    # a trend nothing was known. On both days: seat_use (weight 40) and nps (weight 15).
    before, now = 40 * 100 + 15 * 0, 40 * 65 + 15 * 50
    assert row["change"] == f"{(now - before) / 55:.6f}"
    assert row["trend"] == "down"


def test_the_future_is_never_seen(book: Path) -> None:
    """A row after the day changes nothing, and neither do its cells that cannot be read."""
    before = asked(book, "scores")
    more = USAGE + f"ACME,{ago(-1)},x,y\nNOBODY,{ago(-2)},1,1\n"
    code, told = said(written(book, **{"usage.csv": more}), "scores")
    assert (code, told) == (0, "")
    assert asked(book, "scores") == before


def test_tiers_pool_answers_and_average_scores(book: Path) -> None:
    """A tier's NPS is that of all its answers; its score is the mean of those that have one."""
    written(
        book,
        **{
            "accounts.csv": ACCOUNTS.replace("seats,", "likelihood,seats,")
            .replace("80000,", "80000,1,")
            .replace("20000,", "80000,1,")
            .replace("5000,", "5000,3,")
        },
    )
    rows = asked(book, "tiers", "--add", "nps,Health,nps_answers")
    both, other = rows
    # One promoter of ACME, one detractor; of BOLT a promoter and a passive: 100 (2 - 1) / 4.
    assert [both[name] for name in ("accounts", "nps", "nps_answers")] == ["2", "25", "4"]
    assert both["Health"] == "45.981482"  # half of 52.962963 + 39, half to even
    assert [other[name] for name in ("nps", "Health")] == ["", ""]


def test_a_score_decides_the_likelihood(book: Path) -> None:
    """The grid takes the score's value and puts it into levels; who has none has no likelihood."""
    grid = (
        "name: G\npotential: {A: over 50k, B: at least 10k, C: rest}\n"
        "likelihood: {from: health, levels: {1: at least 50, 2: at least 35, 3: rest}}\n"
        "grid: {A: [1, 1, 2], B: [1, 2, 2], C: [2, 2, 2]}\ntiers: {1: {}, 2: {}}\n"
    )
    written(book, **{"grid.yaml": grid})
    rows = asked(book, "grade", "--grid", "grid.yaml")
    assert [row["grade"] for row in rows] == ["A1", "B2", ""]
    steps = asked(book, "explain", "ACME", "--grid", "grid.yaml")
    why = [step["why"] for step in steps if step["step"] == "likelihood"]
    assert any(each.startswith("health 52.962963: level 1") for each in why)
    steps = asked(book, "explain", "CORE", "--grid", "grid.yaml")
    assert any("health is missing" in step["why"] for step in steps)


def test_a_likelihood_by_a_score_that_is_not_there(book: Path) -> None:
    """Without that score the grid cannot be used; under `optional:` it may be absent."""
    grid = (
        "name: G\npotential: {A: rest}\nlikelihood: {from: helth, levels: {1: rest}}\n"
        "grid: {A: [1]}\ntiers: {1: {}}\n"
    )
    written(book, **{"grid.yaml": grid})
    code, told = said(book, "grade", "--grid", "grid.yaml")
    assert (code, "grid.yaml:3:" in told, "did you mean `health`?" in told) == (2, True, True)
    written(book, **{"grid.yaml": grid + "optional: [helth]\n"})
    assert {row["grade"] for row in asked(book, "grade", "--grid", "grid.yaml")} == {""}


def test_explain_shows_the_arithmetic(book: Path) -> None:
    """Each measure, each part with points, weight and cost, the caps and the score, with places."""
    steps = asked(book, "explain", "ACME")
    found = {(step["step"], step["what"]): step for step in steps}
    seat_use = found["measure", "seat_use"]
    assert seat_use["value"] == "0.52"
    assert seat_use["why"] == (
        "last active_users of usage, 2026-10-20 to 2026-11-23, divided by seats (100)"
    )
    assert (seat_use["file"], seat_use["line"]) == ("signals.yaml", "6")
    part = found["score", "health: seat_use"]
    assert part["value"] == "65"
    assert part["why"].endswith("weight 40 of 90: costs 15.555556")
    assert found["score", "health: days_late"]["value"] == "missing"
    assert "does not hold" in found["score", "health: cap"]["why"]
    assert found["score", "health"]["value"] == "52.962963"
    assert "2 answers" in found["measure", "nps"]["why"]
    assert not [step for step in steps if step["step"] == "cell" and step["what"] == "health"]
    steps = asked(book, "explain", "BOLT")
    assert any("which counts" in step["why"] for step in steps if step["what"] == "health: cap")
    steps = asked(book, "explain", "CORE")
    (result,) = (step for step in steps if (step["step"], step["what"]) == ("score", "health"))
    assert (result["value"], "not scored" in result["why"]) == ("", True)


VALUES = """\
sources:
  orders: {file: orders.csv, date: date}
measures:
  fit: {match: needs, we_meet: {sso: 1, api: 0.5}}
scores:
  strategic:
    of: {market: {weight: 2, points: {lighthouse: 100, known: 50}}, fit: {}}
rfm: {from: orders, amount: amount, cuts: {recency: [30, 90], frequency: [1, 2], monetary: [1k]},
      segments: [{when: {r: at least 3}, name: fresh}, {name: others}]}
clv: {model: contract, margin: 0.8, discount: 10%, years: 5, retention: RETENTION}
"""


@pytest.mark.parametrize(
    ("retention", "value", "words"),
    [
        ("0.9", "55734.99", "retention 0.9 a year"),
        ("{alpha: 0.668, beta: 3.806}", "57687.5", "by alpha 0.668 and beta 3.806"),
    ],
)
def test_explain_shows_values(tmp_path: Path, retention: str, value: str, words: str) -> None:
    """RFM, lifetime value, matches and points by texts are traced to their rules, too."""
    accounts = (
        "account_id,market,needs,arr,term_months,start_date\n"
        "ACME,Known,sso; api,20000,12,2023-06-01\nBOLT,,,,12,2023-06-01\n"
    )
    written(
        tmp_path,
        **{
            "accounts.csv": accounts, "signals.yaml": VALUES.replace("RETENTION", retention),
            "orders.csv": f"account_id,date,amount\nACME,{ago(10)},600\nACME,{ago(50)},700\n",
            "csprio.yaml": "accounts: accounts.csv\nsignals: signals.yaml\n",
        },
    )  # fmt: skip
    steps = asked(tmp_path, "explain", "ACME")
    found = {(step["step"], step["what"]): step for step in steps}
    assert found["value", "clv"]["value"] == value
    assert words in found["value", "clv"]["why"]
    assert found["value", "rfm"]["value"] == "322"
    assert found["value", "rfm"]["why"] == "r 3, f 2, m 2 of orders: segment fresh"
    assert found["measure", "fit"]["value"] == "75"
    assert "lighthouse 100, known 50" in found["score", "strategic: market"]["why"]
    assert "0 earns 0 points, 100 earns 100" in found["score", "strategic: fit"]["why"]
    assert found["score", "strategic"]["value"] == "58.333333"
    steps = asked(tmp_path, "explain", "BOLT")
    assert {step["value"] for step in steps if step["step"] == "value"} == {"missing"}


EVENTS = """\
sources:
  usage: {file: usage.csv, date: date}
  ended: {file: ended.csv, date: date}
events:
  export-adopted: {from: usage, where: {active_users: over 45}, take: first}
  churned: {from: ended, take: each}
"""


def test_events_of_rows_are_as_if_told(book: Path) -> None:
    """A row dates activities of its event and can end a contract; people's words come after it."""
    ended = f"account_id,date\nBOLT,{ago(5)}\nCORE,{ago(5)}\nNOBODY,{ago(5)}\n"
    journal = f"date,account_id,kind,key,value,until,by,note\n{ago(5)},CORE,event,renewed,,,Ann,\n"
    playbook = (
        "name: P\nroles: {csm: {title: CSM}}\nplans:\n  ungraded:\n"
        "    - {id: praise, title: Praise, role: csm, due: event export-adopted + 1d}\n"
        "    - {id: regrade, title: Regrade, role: csm, due: event any + 2d}\n"
    )
    written(
        book,
        **{
            "signals.yaml": EVENTS, "ended.csv": ended, "journal.csv": journal,
            "playbook.yaml": playbook,
        },
    )  # fmt: skip
    with_both = ("--journal", "journal.csv", "--playbook", "playbook.yaml")
    tasks = asked(book, "calendar", "--from", "2026-01-01", "--to", "2026-12-31", *with_both)
    assert [(task["task_id"], task["due"]) for task in tasks] == [
        ("ACME:praise:e2026-10-14.1", "2026-10-15"),
        ("CORE:regrade:e2026-11-18.1", "2026-11-20"),
    ]
    grades = asked(book, "grade", *with_both)
    assert [bool(row["note"].count("inactive")) for row in grades] == [False, True, False], grades
    steps = asked(book, "explain", "BOLT", *with_both)
    (event,) = (step for step in steps if step["what"].startswith("event churned"))
    assert (event["file"], event["line"]) == ("ended.csv", "2")
    steps = asked(book, "explain", "ACME", *with_both)
    assert not [step for step in steps if "`event any`" in step["why"]]
    steps = asked(book, "explain", "CORE", *with_both)
    (event,) = (step for step in steps if step["what"].startswith("event renewed"))
    assert (event["file"], event["line"]) == ("journal.csv", "2")


def test_everything_wrong_at_once(book: Path) -> None:
    """Unknown accounts, days, numbers and answers are reported, and the rest counts."""
    written(
        book,
        **{
            "usage.csv": USAGE + f"NOBODY,{ago(1)},1,1\n,{ago(1)},1,1\nACME,soon,1,1\nACME,,9,9\n"
            f"ACME,{ago(2)},many,52\n",
            "responses.csv": ANSWERS + f"ACME,{ago(2)},cy,-50\nACME,{ago(2)},di,ten\n",
        },
    )
    code, told = said(book, "scores")
    assert code == 0
    for part in ("usage.csv:8", "`soon`", "usage.csv:9", "NOBODY", "`many`", "`-50`", "`ten`"):
        assert part in told
    assert of(asked(book, "scores"), "ACME")["value"] == "52.962963"


@pytest.mark.parametrize(
    ("files", "code", "part"),
    [
        ({"usage.csv": "account_id,day,logins,active_users\n"}, 2, "no column `date`"),
        ({"usage.csv": "org,date,logins,active_users\n"}, 2, "columns: {account_id: HEADER}"),
        ({"usage.csv": "account_id,date,logins,active_users\nACME,2026-01-01\n"}, 3, "usage.csv:2"),
        ({"usage.csv": ""}, 3, "usage.csv"),
        ({"usage.csv": "account_id,date,logins,active_users\n"}, 0, ""),
    ],
)
def test_unusable_sources(book: Path, files: dict[str, str], code: int, part: str) -> None:
    """What is no table ends with 3, what the policy asks in vain with 2; empty is no problem."""
    found, told = said(written(book, **files), "scores")
    assert (found, part in told) == (code, True)


def test_a_stale_source_warns_once(book: Path) -> None:
    """Its windowed measures are missing, and a warning says since when."""
    old = USAGE.replace(ago(3), ago(36)).replace(ago(1), ago(38))
    code, told = said(written(book, **{"usage.csv": old}), "scores")
    assert (code, told.count("source-stale")) == (0, 1)
    row = of(asked(book, "grade", "--add", "seat_use,logins_trend"), "ACME")
    assert (row["seat_use"], row["logins_trend"]) == ("", "")
    assert of(asked(book, "scores"), "ACME")["band"] == "not scored"


def test_before_the_first_row_nothing_is_known(book: Path) -> None:
    """As of a day before all rows the measures are missing, not zero."""
    words = ("grade", "--as-of", "2020-01-01", "--add", "seat_use,logins_trend,nps,health", "-f")
    table = json.loads(run(*words, "json", cwd=book).good())["rows"]
    for row in table:
        assert [row[name] for name in ("seat_use", "logins_trend", "nps", "health")] == [None] * 4


def test_a_measure_called_like_a_column_is_refused(book: Path) -> None:
    """Which of the two would count is not guessed."""
    written(book, **{"signals.yaml": HEALTH.replace("seat_use", "champion")})
    code, told = said(book, "scores")
    assert (code, "signal-column" in told) == (2, True)


def test_hashes_name_every_file(book: Path) -> None:
    """JSON names all files that the answer rests on, with the digest of their bytes."""
    found = run("scores", "--as-of", AS_OF.isoformat(), "-f", "json", cwd=book).good()
    names = {"accounts.csv", "csprio.yaml", "signals.yaml", "usage.csv", "tickets.csv"}
    assert set(json.loads(found)["inputs"]) == {*names, "responses.csv"}


def test_an_output_must_not_be_a_source(book: Path) -> None:
    """A file that was read is never written over."""
    code, _ = said(book, "scores", "-o", "usage.csv")
    assert code == 2
    assert (book / "usage.csv").read_text() == USAGE


def test_a_file_a_person(book: Path) -> None:
    """`{owner}` makes a file for each csm, with the accounts of each."""
    served = "account_id,name,potential,seats,days_late,champion,start_date,csm\n"
    rows = zip(ACCOUNTS.splitlines()[1:], ("Ann", "Bo", "Ann"), strict=True)
    written(book, **{"accounts.csv": served + "".join(f"{row},{csm}\n" for row, csm in rows)})
    assert said(book, "scores", "-o", "lists/{owner}.csv")[0] == 0
    ann = (book / "lists" / "Ann.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in ann] == ["account_id", "ACME", "CORE"]


def test_explain_on_a_terminal_has_a_heading_for_scores(book: Path) -> None:
    """Measures and scores stand under headings of their own, with every line of the data."""
    words = ("explain", "ACME", "--as-of", AS_OF.isoformat(), "-f", "table")
    lines = run(*words, cwd=book).good().decode().splitlines()
    assert {"measures", "scores"} <= set(lines)
    assert any("costs 15.555556" in line for line in lines)


def test_the_band_not_scored_can_be_asked_for(book: Path) -> None:
    """`not scored` is what the band says, not the negation of `scored`."""
    code, told = said(book, "grade", "--where", "health_band=not scored")
    assert (code, "value-unmet" in told) == (0, False)
    rows = asked(book, "grade", "--where", "health_band=not scored")
    assert [row["account_id"] for row in rows] == ["CORE"]


def test_a_source_may_have_an_encoding_of_its_own(book: Path) -> None:
    """A survey of an old tool beside accounts in UTF-8: each is read as it is written."""
    old = ANSWERS.replace(",cy,10", ",Zoë,10").replace(",di,8", ",Zoe,8")
    (book / "responses.csv").write_bytes(old.encode("cp1252"))
    assert said(book, "scores")[0] == 3
    at = "date: answered_on"
    signals = HEALTH.replace(at, f"{at}, encoding: cp1252")
    rows = asked(written(book, **{"signals.yaml": signals}), "grade", "--add", "nps_answers")
    assert of(rows, "BOLT")["nps_answers"] == "2"


def test_digits_and_last_answers_have_no_total(book: Path) -> None:
    """What tells something of one account only is not added up over a tier."""
    row = asked(book, "tiers", "--add", "nps_last,urgent")[0]
    assert (row["nps_last"], row["urgent"]) == ("", "3")


def test_a_negative_number_in_words_is_no_formula(book: Path) -> None:
    """An explanation has plain numbers in columns of text; they warn of nothing."""
    code, told = said(book, "explain", "ACME", "--strict")
    assert (code, told) == (0, "")


def test_rows_of_accounts_left_aside_are_no_strangers(book: Path) -> None:
    """Who is left out by `only:` is known: nobody is told to check the ids, strict runs pass."""
    config = "accounts: accounts.csv\nsignals: signals.yaml\nonly: {champion: strong}\n"
    written(book, **{"csprio.yaml": config})
    code, told = said(book, "scores", "--strict")
    assert (code, "source-" in told) == (0, False)
    assert [row["account_id"] for row in asked(book, "scores")] == ["ACME"]
    written(book, **{"usage.csv": USAGE + f"NOBODY,{ago(1)},1,1\n"})
    assert "source-strangers: left out: 1 row of" in said(book, "scores")[1]
    by_seat = HEALTH.replace(
        "usage.csv, date: date}", "usage.csv, date: date, via: {file: seats.csv, on: seat}}"
    )
    seats = "seat,account_id\n1,ACME\n2,BOLT\n3,NOBODY\n"
    usage = f"seat,date,logins,active_users\n1,{ago(1)},1,1\n2,{ago(1)},1,1\n3,{ago(1)},1,1\n"
    written(book, **{"signals.yaml": by_seat, "seats.csv": seats, "usage.csv": usage})
    assert "source-strangers: left out: 1 row of" in said(book, "scores")[1]
