"""Scores for people: an account a line, worst first, and nothing said by colour alone."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from csprio.show.figures import cut
from csprio.show.terminal import Look, look_of
from csprio.tables import ANSWERS, Column, Kind, ScoreEnds, Sheet, arrow_type
from sheets import answer, drawn, shown

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
EXACT = pa.decimal128(38, 6)
HEALTH = ScoreEnds("health", "red", "green")
RISK = ScoreEnds("churn_risk", "low", "high")
UPSELL = ScoreEnds("upsell")
TITLE = "worst health first; in brackets the coverage, where it is below 100%"
NOTE = "days_late missing; logins_trend cost most points (13.3)"

Said = tuple[str, str | None, str | None, str]  # value, band, trend, coverage
GOOD: Said = ("91.5", "green", "up", "100")
FAIR: Said = ("52.963", "yellow", "down", "90")
BAD: Said = ("12", "red", "flat", "100")
UNKNOWN: Said = ("", "not scored", None, "40")


def row(account: str, score: str, said: Said, **more: str | None) -> dict[str, Any]:
    """Make a row of the answer."""
    value, band, trend, coverage = said
    exact = Decimal(value) if value else None
    numbers = {"value": exact, "low": exact, "high": exact, "change": Decimal("-7.25")}
    words = {"account_id": account, "name": account, "score": score, "band": band, "trend": trend}
    return {**words, **numbers, "coverage": Decimal(coverage), **more}


def scores(rows: list[dict[str, Any]], *ends: ScoreEnds, added: tuple[Column, ...] = ()) -> Sheet:
    """Make the answer; its numbers are decimals of six places, as they travel."""
    columns = (*ANSWERS["scores"], *added)
    kinds = [EXACT if each.kind is Kind.NUMBER else arrow_type(each.kind) for each in columns]
    schema = pa.schema(list(zip([each.name for each in columns], kinds, strict=True)))
    full = [{column.name: each.get(column.name) for column in columns} for each in rows]
    table = pa.Table.from_pylist(full, schema)
    return Sheet("scores", columns, table, scores=ends or (HEALTH,))


BOOK = scores(
    [
        row("Acme", "health", FAIR, note=NOTE),
        row("Bee", "health", UNKNOWN, note="seat_use, nps missing"),
        row("Cee", "health", GOOD),
        row("Dee", "health", BAD, note="urgent cost most points (15)"),
    ]
)
RISKS: list[Said] = [
    ("71.25", "high", None, "100"),
    ("8", "low", "up", "80"),
    ("8", "low", None, "100"),
    ("30", "high", "down", "99.999999"),
]
SALES: Said = ("66", None, "up", "100")
THREE = scores(
    [
        each
        for account, health, risk in zip(
            ("Acme", "Bee", "Cee", "Dee"), (FAIR, UNKNOWN, GOOD, BAD), RISKS, strict=True
        )
        for each in (
            row(account, "health", health, note=NOTE),
            row(account, "churn_risk", risk, note="never seen"),
            row(account, "upsell", SALES),
        )
    ],
    HEALTH,
    RISK,
    UPSELL,
)


def names(sheet: Sheet) -> list[str]:
    """Give the accounts in the order in which they are drawn."""
    return [line.split()[0] for line in drawn(sheet)[3:]]


def test_one_score() -> None:
    """A line says which end comes first; below it are value, band, trend and what is not known."""
    assert drawn(BOOK, 100) == [
        TITLE,
        "account_id  name  health               note",
        "─" * 94,
        "Dee         Dee   12.0 red    →        urgent cost most points (15)",
        f"Acme        Acme  52.9 yellow ↓ (90%)  {NOTE}",
        "Cee         Cee   91.5 green  ↑",
        "Bee         Bee   not scored    (40%)  seat_use, nps missing",
    ]


def test_colour() -> None:
    """A band called by a colour has it, what is not scored is dim, and the words stay."""
    assert drawn(BOOK, 100, color=True)[3:] == [
        "Dee         Dee   \x1b[1;31m12.0 red    →      \x1b[0m  urgent cost most points (15)",
        f"Acme        Acme  \x1b[33m52.9 yellow ↓ (90%)\x1b[0m  {NOTE}",
        "Cee         Cee   \x1b[32m91.5 green  ↑      \x1b[0m",
        "Bee         Bee   \x1b[2mnot scored    (40%)\x1b[0m  seat_use, nps missing",
    ]


def test_other_words_have_no_colour() -> None:
    """Whether `high` is good nobody has said: such a band is plain, as is one without a name."""
    sheet = scores([row("a", "churn_risk", RISKS[0]), row("b", "churn_risk", SALES)], RISK)
    assert not any("\x1b" in line for line in drawn(sheet, 80, color=True)[3:])


def test_three_scores() -> None:
    """Scores stand beside each other in the order of the file; the note is that of the first."""
    assert drawn(THREE, 120) == [
        TITLE,
        "account_id  name  health               churn_risk         upsell  note on health",
        "─" * 120,
        f"Dee         Dee   12.0 red    →        30.0 high ↓ (99%)  66.0 ↑  {NOTE[:-7]}",
        "                                                                  (13.3)",
        f"Acme        Acme  52.9 yellow ↓ (90%)  71.2 high          66.0 ↑  {NOTE[:-7]}",
        "                                                                  (13.3)",
        f"Cee         Cee   91.5 green  ↑         8.0 low           66.0 ↑  {NOTE[:-7]}",
        "                                                                  (13.3)",
        f"Bee         Bee   not scored    (40%)   8.0 low  ↑ (80%)  66.0 ↑  {NOTE[:-7]}",
        "                                                                  (13.3)",
    ]


def test_narrow() -> None:
    """Where there is less room a name gives way, then columns; first score and note stay."""
    long = scores([row("x", "health", FAIR, name="Acme Corporation International", note=NOTE)])
    assert drawn(long, 60)[3:] == [
        "─" * 60,
        "Acme Corporation…  52.9 yellow ↓ (90%)  days_late missing;",
        "                                        logins_trend cost",
        "                                        most points (13.3)",
        "(left out: account_id; shortened: name; a wider terminal or",
        "-f csv shows all)",
    ]
    assert drawn(THREE, 60)[2].split() == ["name", "health", "note", "on", "health"]
    assert drawn(THREE, 30)[3:6] == [
        "name  health",
        "─────────────────────────",
        "Dee   12.0 red    →",
    ]


def test_never_cut_without_a_terminal() -> None:
    """In a pipe numbers are those of the data, and neither a name nor a note loses a letter."""
    rows = [row("a" * 90, "health", FAIR, note="n" * 300), row("b", "health", GOOD)]
    lines = drawn(scores(rows))
    assert lines[3:] == [
        f"{'a' * 90}  {'a' * 90}  52.963 yellow ↓ (90%)  {'n' * 300}",
        f"b{' ' * 89}  b{' ' * 89}    91.5 green  ↑",
    ]


def test_words_for_arrows() -> None:
    """Where an arrow might not be shown a trend is a word."""
    lines = shown("table", BOOK, Look(100, arrows=False)).decode().splitlines()
    assert lines[3:5] == [
        "Dee         Dee   12.0 red    flat        urgent cost most points (15)",
        f"Acme        Acme  52.9 yellow down (90%)  {NOTE}",
    ]


@pytest.mark.parametrize(
    ("encoding", "arrows"),
    [("utf-8", True), ("UTF-16", True), (None, True), ("latin-1", False), ("ascii", False)],
)
def test_arrows_by_encoding(encoding: str | None, arrows: bool) -> None:  # noqa: FBT001 - a case
    """A terminal of an encoding that has no arrows gets words; one that says nothing gets them."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    Terminal.encoding = encoding  # type: ignore[assignment]
    assert look_of(Terminal()).arrows is arrows


@pytest.mark.parametrize(
    ("low", "high", "title", "order"),
    [
        ("red", "green", "worst s first", ["l", "m", "h"]),
        ("RED", "Amber", "worst s first", ["l", "m", "h"]),
        ("green", "red", "worst s first", ["h", "m", "l"]),
        ("yellow", "orange", "worst s first", ["h", "m", "l"]),
        ("red", "red", "lowest s first", ["l", "m", "h"]),
        ("low", "red", "lowest s first", ["l", "m", "h"]),
        ("green", "", "lowest s first", ["l", "m", "h"]),
        ("", "", "lowest s first", ["l", "m", "h"]),
    ],
)
def test_which_end_is_bad(low: str, high: str, title: str, order: list[str]) -> None:
    """The bands of 0 and 100 tell which end is bad if both are colours; else the lowest is first.

    What is not scored comes last, whichever end that is.
    """
    said = {"m": "50", "n": "", "h": "99", "l": "0.5"}
    rows = [row(name, "s", (value, None, None, "100")) for name, value in said.items()]
    sheet = scores(rows, ScoreEnds("s", low, high))
    assert drawn(sheet)[0] == title
    assert names(sheet) == [*order, "n"]


values = st.none() | st.integers(0, 3).map(lambda n: Decimal(n) / 2)


@given(st.lists(st.tuples(values, values), max_size=8))
def test_order(book: list[tuple[Decimal | None, Decimal | None]]) -> None:
    """Accounts go by the first score, then by the next, then as in the file; missing is last."""

    def place(at: int) -> tuple[object, ...]:
        one, two = book[at]
        return (one is None, one or 0, two is None, -(two or 0), at)

    rows = [
        row(f"a{at}", name, (f"{value}" if value is not None else "", None, None, "100"))
        for at, pair in enumerate(book)
        for name, value in zip(("health", "x"), pair, strict=True)
    ]
    expected = [f"a{at}" for at in sorted(range(len(book)), key=place)]
    assert names(scores(rows, HEALTH, ScoreEnds("x", "green", "red"))) == (
        expected or ["(nothing)"]
    )


def test_nothing() -> None:
    """Without accounts there is a heading and a word; without any score the rows stay as is."""
    assert drawn(scores([]), 80) == [
        "worst health first",
        "account_id  name  health  note",
        "──────────────────────────────",
        "(nothing)",
    ]
    assert drawn(answer("scores", []))[-1] == "(nothing)"


def test_cut() -> None:
    """Numbers are cut, so that no value looks like one that its band begins with."""
    assert cut(["69.999999", "70", "0.04", "", "100"], 1) == ["69.9", "70.0", "0.0", "", "100.0"]
    assert cut(["99.999999", "0"], 0) == ["99", "0"]


def test_naughty_cells() -> None:
    """Nothing that an input says is obeyed: in a name, a band, a note, the name of a score."""
    naughty = "[red]x[/red]\x1b[31m"
    said: Said = ("50", naughty, None, "100")
    rows = [row(naughty, naughty, said, note=naughty), row("b", naughty, UNKNOWN)]
    sheet = scores(rows, ScoreEnds(naughty, "red", naughty))
    seen = "[red]x[/red]\\x1b[31m"
    assert drawn(sheet)[0].startswith(f"lowest {seen} first;")
    assert drawn(sheet)[3] == f"{seen}  {seen}  50 {seen}        {seen}"
    markdown = shown("md", sheet).decode()
    assert "\x1b" not in markdown
    assert "\\[red\\]x\\[/red\\]\\\\x1b\\[31m" in markdown


wide = st.text(st.sampled_from("ab 日é\x1b"), max_size=40)


@given(st.lists(st.tuples(wide, wide, wide), min_size=1, max_size=3), st.integers(1, 130))
def test_fits_any_width(texts: list[tuple[str, str, str]], width: int) -> None:
    """No line is wider than the terminal; without its escape sequences colour changes nothing."""
    rows = [
        row(f"{at}", name, (value, band, "up", "9"), name=called, note=note)
        for at, (called, band, note) in enumerate(texts)
        for name, value in (("health", "100"), ("churn_risk", ""))
    ]
    sheet = scores(rows, HEALTH, RISK)
    plain = drawn(sheet, width)
    assert all(cell_len(line) <= width for line in plain)
    coloured = [ESCAPE.sub("", line).rstrip() for line in drawn(sheet, width, color=True)]
    assert coloured == [line.rstrip() for line in plain]


def test_added_columns() -> None:
    """What --add asks for stands before the note; a score asked for stands there already."""
    added = (Column("seats", Kind.WHOLE, ""), Column("health", Kind.TEXT, ""))
    sheet = scores([row("a", "health", GOOD) | {"seats": 7, "health": "91.5"}], added=added)
    assert drawn(sheet, 80)[1:] == [
        "account_id  name  health        seats  note",
        "───────────────────────────────────────────",
        "a           a     91.5 green ↑      7",
    ]


@pytest.mark.parametrize(("score", "heading"), [("health", "note"), ("note", "note'")])
def test_a_score_called_note(score: str, heading: str) -> None:
    """A score may be called as the note is; both are then told apart."""
    sheet = scores([row("a", score, GOOD, note="words")], ScoreEnds(score))
    assert drawn(sheet)[1].split() == ["account_id", "name", score, heading]
    assert drawn(sheet)[3].split()[-1] == "words"


def test_markdown() -> None:
    """Markdown has an account a line too, in words, with the numbers of the data."""
    assert shown("md", THREE).decode() == (
        "| account_id | name | health | churn_risk | upsell | note on health |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        f"| Dee | Dee | 12 red, flat | 30 high, down, coverage 99.999999% | 66, up | {NOTE} |\n"
        f"| Acme | Acme | 52.963 yellow, down, coverage 90% | 71.25 high | 66, up | {NOTE} |\n"
        f"| Cee | Cee | 91.5 green, up | 8 low | 66, up | {NOTE} |\n"
        f"| Bee | Bee | not scored, coverage 40% | 8 low, up, coverage 80% | 66, up | {NOTE} |\n"
    )


def test_data_formats() -> None:
    """Data keeps a row an account and score, as in the file, and numbers at their shortest."""
    lines = shown("csv", BOOK).decode().splitlines()
    assert lines[0] == "account_id,name,score,value,band,low,high,coverage,change,trend,note"
    assert lines[1] == f"Acme,Acme,health,52.963,yellow,52.963,52.963,90,-7.25,down,{NOTE}"
    assert lines[2] == 'Bee,Bee,health,,not scored,,,40,-7.25,,"seat_use, nps missing"'
    assert len(shown("csv", THREE).splitlines()) == 13
    first, second, *_ = json.loads(shown("json", BOOK))["rows"]
    assert (first["value"], first["coverage"], second["value"]) == (52.963, 90, None)
    assert b",-7.25," in shown("excel", BOOK)


def test_bands_in_other_answers() -> None:
    """A column of bands that `grade --add` asks for has the same colours."""
    sheet = answer("grade", [{"account_id": each, "name": each} for each in "abc"])
    bands = pa.array(["Green", "high", None])
    columns = (*sheet.columns, Column("health_band", Kind.TEXT, ""))
    added = Sheet("grade", columns, sheet.table.append_column("health_band", bands))
    lines = drawn(added, 80, color=True)[2:5]
    assert [line.split()[2:] for line in lines] == [["\x1b[32mGreen", "\x1b[0m"], ["high"], []]
