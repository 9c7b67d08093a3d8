"""Sources as people write them, events as if logged, and estimates: worked by hand."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from naive import answers, cells, rfm, sbg, scored
from naive.book import Book, Case, Row
from naive.conditions import reads
from naive.making import AS_OF, case, entry, told
from naive.sources import Sheet, Source, moment, order

NOTE = {"all": [entry("call", "start")]}


def ago(days: int) -> str:
    """Name the day so many days before as-of."""
    return str(AS_OF - timedelta(days=days))


def sheet(*rows: Row) -> Sheet:
    """Make a file of a source of its rows."""
    return Sheet(list(dict.fromkeys(name for row in rows for name in row)), list(rows))


def tells(*rows: Row, plans: dict[str, Any] | None = None, **events: dict[str, Any]) -> Case:
    """Make a case of one account, ``a``, whose source tells events."""
    signals = {"sources": {"log": {"file": "log.csv", "date": "date"}}, "events": events}
    account = {"account_id": "a", "grade": "A1", "start_date": "2026-01-01", "arr": "10"}
    files = {"log.csv": sheet({"date": "", "account_id": "", "x": ""}, *rows)}
    return case([account], plans or NOTE, signals=signals, files=files)


def row(days: int, x: str, account: str = "a") -> Row:
    """Make a row of so many days ago."""
    return {"date": ago(days), "account_id": account, "x": x}


LEFT = {"from": "log", "where": {"x": "bye"}, "take": "each"}
BACK = {"from": "log", "where": {"x": "hello"}, "take": "each"}


@pytest.mark.parametrize(
    ("rows", "journal", "inactive"),
    [
        ([row(9, "bye")], [], True),
        ([row(-1, "bye")], [], False),
        ([row(9, "bye"), row(5, "hello")], [], False),
        ([row(9, "hello"), row(5, "bye")], [], True),
        ([row(9, "bye")], [f"{ago(3)},a,event,renewed"], False),
        ([row(9, "bye")], [f"{ago(9)},a,event,renewed"], False),  # on one day people come last
        ([row(9, "hello")], [f"{ago(9)},a,event,churned"], True),
        ([row(9, "bye")], [f"{ago(10)},a,event,renewed"], True),
        ([row(9, "bye", "b")], [], False),
    ],
)
def test_a_source_can_tell_who_left(rows: list[Row], journal: list[str], inactive: bool) -> None:  # noqa: FBT001
    """As if it stood in the journal: until a ``renewed``, be that told or heard."""
    asked = tells(*rows, churned=LEFT, Renewed=BACK)
    asked = replace(asked, journal={"journal.csv": told(*journal)} if journal else {})
    (account,) = Book(asked).accounts
    assert account.inactive is inactive
    assert len(answers.calendar(asked)) == (0 if inactive else 1)


def test_a_renewal_that_a_source_tells_ends_tasks() -> None:
    """It ends those of the term whose end is nearest, as an entry without ``until`` does."""
    plans = {"all": [entry("renew", "renewal - 30d"), entry("warn", "notice")]}
    asked = tells(row(20, "hello"), plans=plans, renewed=BACK)
    account = {**asked.rows[0], "renewal_date": ago(-10), "notice_days": "5"}
    asked = replace(asked, rows=[account], columns=[*account])
    found = answers.calendar(asked)
    assert [(one["activity"], one["status"]) for one in found] == [
        ("renew", "done"),
        ("warn", "done"),
    ]


def test_what_a_source_tells_is_no_touch_and_begins_no_tracking() -> None:
    """Nobody did anything: nothing is overdue for it, and nothing was touched."""
    asked = tells(row(20, "hello"), renewed=BACK)
    book = Book(asked)
    assert book.tracked is None
    assert book.accounts[0].told.touched is None
    assert book.accounts[0].told.graded is None


def test_a_source_that_tells_who_left_can_change_a_tier() -> None:
    """The day on which the status became churned is the day that changed the tier."""
    grid = {
        "potential": {"A": "rest"},
        "likelihood": {
            "score": [{"when": {"status": "churned"}, "points": "-1"}],
            "levels": {"1": "at least 0", "2": "rest"},
        },
        "grid": {"A": ["1", "2"]},
        "tiers": {"1": {"name": "One"}, "2": {"name": "Two"}},
    }
    asked = tells(row(9, "bye"), row(2, "login"), churned=LEFT)
    account = {"account_id": "a", "size": "A", "status": "active"}
    (found,) = Book(replace(asked, grid=grid, rows=[account], columns=[*account])).accounts
    assert found.change is not None
    assert (found.graded.tier, str(found.change.day)) == ("2", ago(9))


@pytest.mark.parametrize(
    ("due", "expected"),
    [("event churned", [ago(9)]), ("event renewed", [ago(5)]), ("event any", [ago(2)])],
)
def test_events_of_sources_are_anchors(due: str, expected: list[str]) -> None:
    """By their names; ``any`` means events that a person logged."""
    plans = {"all": [entry("ask", due, roll="none")]}
    asked = tells(row(9, "bye"), row(5, "hello"), plans=plans, churned=LEFT, renewed=BACK)
    asked = replace(asked, journal={"journal.csv": told(f"{ago(2)},a,event,visit")})
    assert [one["due"] for one in answers.calendar(asked)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,200", 1200),
        ("1,200.50", Fraction(2401, 2)),
        ("12'000", 12000),
        ("-1,200", -1200),
        ("1,23", None),
        ("0.000001", Fraction(1, 10**6)),
        ("1.234", None),
        ("0.125", Fraction(1, 8)),
        ("1.5k", 1500),
        ("1 200 000", 1_200_000),
        ("1,200 000", None),
        ("", None),
        ("nan", None),
        ("1e", None),
    ],
)
def test_numbers_in_sources(text: str, expected: Fraction | None) -> None:
    """Marks part groups of three; what reads two ways is no number."""
    assert cells.number(text) == expected


@pytest.mark.parametrize(
    ("text", "first", "expected"),
    [
        ("23/11/2026", "dmy", "2026-11-23"),
        ("23/11/2026", "mdy", "None"),
        ("3.4.26 7:05", "dmy", "2026-04-03"),
        ("3-4-26", "mdy", "2026-03-04"),
        ("23 Nov 2026", "dmy", "2026-11-23"),
        ("Nov 3, 2026, 14:00", "mdy", "2026-11-03"),
        ("2026/11/23", "mdy", "2026-11-23"),
        ("1.1.70", "dmy", "1970-01-01"),
        ("1.1.69", "dmy", "2069-01-01"),
    ],
)
def test_dates_in_sources(text: str, first: str, expected: str) -> None:
    """Day or month comes first, as the file has it; two digits are a year from 1970 on."""
    assert str(moment(text, first)) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(["3/4/26", "13/4/26"], "dmy"), (["3/4/26", "4/13/26"], "mdy"), (["2026-01-01"], "dmy")],
)
def test_a_file_settles_its_order(days: list[str], expected: str) -> None:
    """By a day that is none the other way round."""
    assert order([{"on": day} for day in days], ["on"]) == expected


def test_conditions_see_what_a_column_is_read_as() -> None:
    """Numbers where all tests compare with numbers, days where they do with days, else texts."""
    kinds = reads([{"a": "over 5", "b": ["5", "is x"], "c": "under 2026-01-01"}, {"a": "missing"}])
    assert kinds == {"a": "number", "b": "text", "c": "day"}
    rows = [{"date": ago(1), "account_id": "a", "n": "1,200", "t": "n/a"}]
    about = {"file": "f", "date": "Date"}
    whens = [{"n": "over 1k"}, {"t": "over 0"}]
    (line,) = Source(about, {"f": sheet(*rows)}, AS_OF, whens=whens).lines
    assert (line.seen["n"], line.seen["t"], line.cells["t"]) == ("1200", "", "n/a")


def test_missing_words_and_guards() -> None:
    """A word that says nothing is none, and an apostrophe before a sign is a spreadsheet's."""
    rows = [{"date": ago(1), "account_id": "a", "x": "-"}]
    rows += [{"date": ago(1), "account_id": "a", "x": "'-3"}]
    config = {"missing": ["-"]}
    lines = Source({"file": "f", "date": "date"}, {"f": sheet(*rows)}, AS_OF, config=config).lines
    assert [line.cells["x"] for line in lines] == ["", "-3"]


def test_a_measure_by_another_is_exact() -> None:
    """One third by one third is 1; what is rounded is only what is shown."""
    source = {"log": {"file": "log.csv", "date": "date"}}
    mean = {"from": "log", "take": "mean n", "over": "7d"}
    policy = {
        "sources": source,
        "measures": {"share": {**mean, "per": "mean"}, "mean": mean, "days": {**mean, "per": "d"}},
    }
    lines = [{"date": ago(1), "account_id": "a", "n": n} for n in ("1", "0", "0")]
    asked = case(
        [{"account_id": "a", "d": "1,000"}], NOTE, signals=policy, files={"log.csv": sheet(*lines)}
    )
    found = Book(asked).accounts[0].signals
    assert [found[name] for name in ("share", "mean", "days")] == ["1", "0.333333", "0.000333"]


def test_a_column_of_the_input_beats_a_computed_field() -> None:
    """Where the file has a ``tenure_days`` of its own, that counts."""
    policy = {"scores": {"s": {"of": {"tenure_days": {"zero": "0", "full": "100"}}}}}
    account = {"account_id": "a", "start_date": ago(90), "tenure_days": "40"}
    assert scored.answer(case([account], NOTE, signals=policy))[0]["value"] == "40"


def test_scores_see_the_last_potential() -> None:
    """What the journal says of the potential beats the cell."""
    policy = {"scores": {"s": {"of": {"potential": {"zero": "0", "full": "1000"}}}}}
    journal = {"journal.csv": told(f"{ago(3)},a,potential,,300")}
    asked = case([{"account_id": "a", "potential": "100"}], NOTE, signals=policy, journal=journal)
    assert scored.answer(asked)[0]["value"] == "30"


def test_tiers_pool_answers() -> None:
    """Three accounts of a tier: three promoters, one detractor, and one that nobody asked."""
    policy = {
        "sources": {"survey": {"file": "s.csv", "date": "date"}},
        "measures": {"nps": {"from": "survey", "take": "nps n"}},
    }
    said = [("a", "10"), ("a", "9"), ("a", "9"), ("b", "0")]
    lines = [{"date": ago(1), "account_id": one, "n": n} for one, n in said]
    rows = [{"account_id": one, "grade": "A1"} for one in "abc"]
    rows += [{"account_id": "d", "grade": "C3"}]
    asked = case(rows, NOTE, signals=policy, files={"s.csv": sheet(*lines)})
    found = answers.tiers(asked, ["nps"])
    assert [(one["nps"], one["nps_answers"]) for one in found] == [("50", "4"), ("", "")]


def test_where_narrows_answers() -> None:
    """Only accounts for which all hold."""
    policy = {"scores": {"s": {"of": {"x": {}}, "bands": {"good": "over 50", "bad": "rest"}}}}
    rows = [{"account_id": one, "x": x} for one, x in zip("abc", ["90", "20", ""], strict=True)]
    asked = case(rows, NOTE, signals=policy)
    assert [one["account_id"] for one in scored.answer(asked, {"s_band": "good"})] == ["a"]
    found = answers.grade(asked, where={"s": "missing"})
    assert [one["account_id"] for one in found] == ["c"]


def test_recency_needs_two_who_bought() -> None:
    """25 accounts with refunds are enough for quantiles, but no recency is cut of one buyer."""
    found = {str(n): rfm.Trade(None, 0, Fraction(-n)) for n in range(24)}
    edges = rfm.cuts({"cuts": "quantiles"}, {**found, "b": rfm.Trade(3, 1, Fraction(9))})
    assert edges is not None
    assert edges["recency"] == []
    assert len(edges["frequency"]) == len(edges["monetary"]) == 4


# Fader & Hardie (2007), table 1: of 1000 each, who is still there after so many years.
COHORTS = {
    "regular": [1000, 631, 468, 382, 326, 289, 262, 241],
    "high end": [1000, 869, 743, 653, 593, 551, 517, 491],
}


@pytest.mark.parametrize(
    ("cohort", "expected"), [("high end", (0.668, 3.806)), ("regular", (0.704, 1.182))]
)
def test_the_published_cohorts(cohort: str, expected: tuple[float, float]) -> None:
    """The parameters that the contract names for each of the two."""
    there = COHORTS[cohort]
    left = Counter({n: there[n] - there[n + 1] for n in range(7)})
    found = sbg.estimate(left, Counter({7: there[7]}))
    assert found is not None
    assert tuple(round(one, 3) for one in found) == expected
    assert sbg.estimate(Counter({0: 29}), Counter({7: 100})) is None


@pytest.mark.parametrize(
    ("cells_of", "journal", "expected"),
    [
        ({"start_date": "2023-11-20"}, [], (3, False)),
        ({"start_date": "2023-11-20"}, ["2025-11-19,a,event,churned"], (1, True)),
        ({"start_date": "2023-11-20"}, ["2025-11-20,a,event,churned"], (1, True)),
        ({"start_date": "2023-11-20"}, ["2025-11-21,a,event,churned"], (2, True)),
        ({"start_date": "2023-11-20", "status": "lost"}, [], None),
        (
            {"start_date": "2023-11-20", "status": "lost"},
            ["2024-01-01,a,event,churned"],
            (0, True),
        ),
        (
            {"start_date": "2023-11-20"},
            ["2024-01-01,a,event,churned", "2024-02-01,a,event,renewed"],
            (3, False),
        ),
        ({"start_date": ""}, [], None),
        ({"start_date": "2027-01-01"}, [], (0, False)),
    ],
)
def test_renewals_made(
    cells_of: Row, journal: list[str], expected: tuple[int, bool] | None
) -> None:
    """Whole terms before the day on which an account left, else up to its current one."""
    policy = {"clv": {"model": "contract", "margin": "1", "discount": "0", "years": "1"}}
    policy["clv"]["retention"] = "estimate"
    account = {"account_id": "a", **cells_of}
    files = {"journal.csv": told(*journal)} if journal else {}
    asked = Book(case([account], NOTE, signals=policy, journal=files))
    assert asked.renewals(account) == expected
