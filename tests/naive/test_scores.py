"""Scores worked by hand from the contract, held against the second implementation itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from naive import answers, clv, folder, nps, rfm, scored, scores, worklist
from naive.book import Book, Case, Row
from naive.cells import number, plain, six
from naive.making import AS_OF, case, entry, told
from naive.signalling import scored_cases
from naive.sources import Sheet, moment

FEW = settings(max_examples=max(settings().max_examples // 10, 10))
PLANS = {"all": [entry("call", "start")]}
USAGE: dict[str, Any] = {"file": "usage.csv", "date": "date"}


def sheet(header: str, *lines: str) -> Sheet:
    """Make a file of a source of its lines."""
    columns = header.split(",")
    return Sheet(columns, [dict(zip(columns, line.split(","), strict=True)) for line in lines])


def ago(days: int) -> str:
    """Name the day so many days before as-of."""
    return str(AS_OF - timedelta(days=days))


def book(
    policy: dict[str, Any],
    files: dict[str, Sheet] | None = None,
    *rows: Row,
    **further: Any,  # noqa: ANN401
) -> Case:
    """Make a case of signals; without rows there is one account, ``a``."""
    return case(
        list(rows) or [{"account_id": "a"}], PLANS, signals=policy, files=files or {}, **further
    )


def fields(asked: Case) -> Row:
    """Give what the signals say of the first account."""
    return Book(asked).accounts[0].signals


def use(about: dict[str, Any], *lines: str, source: Row | None = None, **cells: str) -> str:
    """Take one measure of account ``a`` from lines of ``date,account_id,x,who``."""
    policy = {
        "sources": {"usage": {**USAGE, **(source or {})}},
        "measures": {"m": {"from": "usage", **about}},
    }
    files = {"usage.csv": sheet("date,account_id,x,who", *lines)}
    return fields(book(policy, files, {"account_id": "a", **cells}))["m"]


def at(days: int, x: str = "1", who: str = "", account: str = "a") -> str:
    """Write a line of so many days ago."""
    return f"{ago(days)},{account},{x},{who}"


def of_columns(about: dict[str, Any], **cells: str) -> Row:
    """Score one account by its columns alone, and give the row of score ``s``."""
    (row,) = scored.answer(book({"scores": {"s": about}}, None, {"account_id": "a", **cells}))
    return row


# The worked example: seat_use 26 of 50 seats is 0.52; logins 75 after 100 are -0.25; urgent 3; one
# promoter and one detractor are an nps of 0; nobody knows days_late. Points and weights:
# 65 x 40, 33.333 x 20, 50 x 15, 50 x 15 make 4766.667, of 90: 52.963; of 100 with 0 points for
# the 10 that are missing: 47.667, with 100 points: 57.667.
HEALTH: dict[str, Any] = {
    "sources": {
        "usage": {"file": "usage.csv", "date": "date"},
        "tickets": {"file": "tickets.csv", "date": "submitted_at"},
        "survey": {"file": "responses.csv", "date": "answered_on"},
    },
    "measures": {
        "seat_use": {"from": "usage", "take": "last active_users", "over": "35d", "per": "seats"},
        "logins_trend": {"from": "usage", "take": "trend logins", "over": "28d"},
        "urgent": {
            "from": "tickets",
            "take": "count",
            "where": {"priority": ["high", "urgent"]},
            "over": "90d",
            "empty": "0",
        },
        "nps": {"from": "survey", "take": "nps score", "by": "contact", "over": "365d"},
    },
    "scores": {
        "health": {
            "of": {
                "seat_use": {"weight": "40", "zero": "0", "full": "0.8"},
                "logins_trend": {"weight": "20", "zero": "-0.5", "full": "0.25"},
                "urgent": {"weight": "15", "zero": "6", "full": "0"},
                "days_late": {"weight": "10", "zero": "30", "full": "0"},
                "nps": {"weight": "15", "zero": "-100", "full": "100"},
            },
            "bands": {"green": "at least 70", "yellow": "at least 40", "red": "rest"},
            "min_coverage": "60",
            "cap": [{"when": {"champion": "left"}, "at": "39"}],
        }
    },
}
HEALTH_FILES = {
    "usage.csv": sheet(
        "date,account_id,active_users,logins",
        f"{ago(40)},a,10,100",
        f"{ago(3)},a,26,75",
        f"{ago(5)},a,50,0",
        f"{ago(-1)},a,50,900",
    ),
    "tickets.csv": sheet(
        "submitted_at,account_id,priority",
        f"{ago(89)},a,high",
        f"{ago(1)},a,Urgent",
        f"{ago(0)},a,high",
        f"{ago(0)},a,low",
        f"{ago(90)},a,high",
    ),
    "responses.csv": sheet(
        "answered_on,account_id,contact,score",
        f"{ago(40)},a,bob,10",
        f"{ago(20)},a,ann,3",
        f"{ago(10)},a,ann,9",
        f"{ago(10)},a,bob,6",
    ),
}
ACCOUNT = {"account_id": "a", "start_date": "2025-11-23", "seats": "50", "days_late": ""}


def health(**cells: str) -> Row:
    """Answer the worked example, with other cells."""
    (row,) = scored.answer(book(HEALTH, HEALTH_FILES, {**ACCOUNT, **cells}))
    return row


def test_the_worked_example() -> None:
    """The measures, the score, its coverage, its range and its band are those of the contract."""
    found = fields(book(HEALTH, HEALTH_FILES, ACCOUNT))
    names = ["seat_use", "logins_trend", "urgent", "nps", "nps_answers", "nps_last"]
    assert [found[name] for name in names] == ["0.52", "-0.25", "3", "0", "2", "6"]
    assert (found["health"], found["health_band"]) == ("52.962963", "yellow")
    # 28 days ago there was no trend (no sum before); seats were at 25 points (10 of 50 is 0.2),
    # tickets at 66.667 (two of them), nps at 100 (bob's 10). By these three, weights 40, 15, 15:
    # now (2600 + 750 + 750) / 70 = 58.571429, then (1000 + 1000 + 1500) / 70 = 50.
    assert health() == {
        "account_id": "a",
        "name": "a",
        "score": "health",
        "value": "52.962963",
        "band": "yellow",
        "low": "47.666667",
        "high": "57.666667",
        "coverage": "90",
        "change": "8.571429",
        "trend": "up",
    }


def test_a_cap_comes_last_on_all_three() -> None:
    """A champion who left keeps value, low and high at 39, and so in red; not the change."""
    row = health(champion="Left")
    assert [row[name] for name in ("value", "low", "high", "band", "change")] == [
        "39",
        "39",
        "39",
        "red",
        "8.571429",
    ]


def test_a_cap_above_the_low_end_leaves_it() -> None:
    """Of two caps that hold the lower counts, and only for what is above it."""
    # 50 points of half of the weight: low 25, high 75.
    about = {
        "of": {"x": {}, "y": {}},
        "cap": [{"when": {"x": "present"}, "at": "60"}, {"when": {"x": "50"}, "at": "30"}],
    }
    row = of_columns(about, x="50", y="")
    assert [row[name] for name in ("value", "low", "high")] == ["30", "25", "30"]


# Windows: as-of less N - 1 days to as-of, both in.
@pytest.mark.parametrize(
    ("over", "expected"), [("1d", "1"), ("7d", "1"), ("28d", "3"), ("29d", "7"), ("90d", "7")]
)
def test_windows_have_both_ends_in(over: str, expected: str) -> None:
    """28 days are as-of and the 27 before; 28 days ago is out, and so is tomorrow."""
    lines = [at(0, "1"), at(27, "2"), at(28, "4"), at(-1, "100")]
    assert use({"take": "sum x", "over": over}, *lines) == expected


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        ("sum x", "9.5"),  # 4 + 7 - 2 + 0.5; the text and the blank are passed over
        ("mean x", "2.375"),  # 9.5 / 4
        ("min x", "-2"),
        ("max x", "7"),
        ("last x", "-2"),  # of the last day the last line with a number
        ("count", "6"),
        ("days", "3"),  # 9, 2 and 1 days ago
        ("distinct who", "3"),  # ann, bob, Bob; blank is nobody
        ("since", "1"),
    ],
)
def test_each_take(take: str, expected: str) -> None:
    """What a measure takes from six rows, two of them without a number."""
    lines = [
        at(1, "7", "ann"),
        at(9, "4", "bob"),
        at(2, "0.5", "Bob"),
        at(1, "-2", "ann"),
        at(1, "abc", ""),
        at(9, "", "bob"),
    ]
    assert use({"take": take, "over": "28d"}, *lines) == expected


def test_without_a_window_all_rows_count() -> None:
    """Only rows after as-of are not seen."""
    assert use({"take": "since"}, at(900), at(700)) == "700"
    assert use({"take": "count"}, at(900), at(-1)) == "1"


@pytest.mark.parametrize("take", ["sum x", "count", "days", "distinct who"])
def test_silent_is_zero_and_not_connected_is_missing(take: str) -> None:
    """An account with any row on or before as-of is silent; another one is not connected."""
    about = {"take": take, "over": "7d"}
    other = at(0, account="b")  # keeps the source from being stale
    assert use(about, other, at(300)) == "0"
    assert use(about, other) == ""
    assert use(about, other, at(-1)) == ""
    assert use(about, other, "soon,a,1,") == ""
    assert use({**about, "empty": "0"}, other) == "0"


@pytest.mark.parametrize("take", ["mean x", "min x", "max x", "last x", "since"])
def test_the_rest_is_missing_without_rows_in_the_window(take: str) -> None:
    """What would be a value of nothing is none, though the account has rows."""
    assert use({"take": take, "over": "7d"}, at(300), at(0, account="b")) == ""


def test_any_row_is_before_where() -> None:
    """An account whose rows are all of another kind is silent, not unconnected."""
    about = {"take": "count", "over": "7d", "where": {"who": "ann"}}
    assert use(about, at(0, who="bob")) == "0"
    assert use(about, at(0, who="ANN"), at(0, who="bob")) == "1"


def test_a_sum_of_no_number_is_zero() -> None:
    """Rows are there, their numbers are not: nothing was added up, and a mean is of nothing."""
    assert use({"take": "sum x", "over": "7d"}, at(0, "abc")) == "0"
    assert use({"take": "mean x", "over": "7d"}, at(0, "abc")) == ""


@pytest.mark.parametrize(
    ("seats", "expected"),
    [("4", "0.75"), ("-4", "-0.75"), ("0", ""), ("", ""), ("9", "0.333333"), ("0.0", "")],
)
def test_per_divides(seats: str, expected: str) -> None:
    """A measure is divided by a field; by nothing, or by what is missing, it is missing."""
    assert use({"take": "sum x", "over": "7d", "per": "seats"}, at(0, "3"), seats=seats) == expected


def test_per_beats_empty() -> None:
    """Zero by an unknown number is unknown."""
    about = {"take": "count", "over": "7d", "empty": "0", "per": "seats"}
    assert use(about, at(0, account="b"), seats="") == ""
    assert use(about, at(0, account="b"), seats="5") == "0"


# Trend over 7 days: now 0 to 6 days ago, before 7 to 13 days ago.
@pytest.mark.parametrize(
    ("lines", "start", "expected"),
    [
        ([at(6, "3"), at(7, "4"), at(14, "9")], "", "-0.25"),  # (3 - 4) / 4
        ([at(0, "6"), at(13, "4")], "", "0.5"),  # its first row is on the first of the 14 days
        ([at(0, "6"), at(12, "4")], "", ""),  # and here it is younger by a day
        ([at(0, "6"), at(12, "4")], ago(13), "0.5"),  # where its start says another thing
        ([at(0, "6"), at(20, "4"), at(8, "4")], ago(12), ""),  # also against its rows
        ([at(20, "9"), at(8, "4"), at(-1)], "", "-1"),  # nothing now is a fall to nothing
        ([at(20, "9"), at(3, "4")], "", ""),  # nothing before: no trend
        ([at(20, "9"), at(8, "4"), at(9, "-4"), at(1, "5")], "", ""),  # nor before a sum of 0
        ([at(20, "9"), at(8, "-4"), at(1, "4")], "", "-2"),  # (4 + 4) / -4, as it is written
        ([], ago(100), ""),
    ],
)
def test_trends(lines: list[str], start: str, expected: str) -> None:
    """The sum now against the sum before, of accounts as old as both windows."""
    found = use({"take": "trend x", "over": "7d"}, *lines, at(0, account="b"), start_date=start)
    assert found == expected


@pytest.mark.parametrize(
    ("source", "newest", "expected"),
    [
        ({}, 7, "0"),  # 7 days old is not older than the shortest window
        ({}, 8, ""),
        ({"stale_after": "30d"}, 30, "0"),
        ({"stale_after": "30d"}, 31, ""),
        ({"stale_after": "1d"}, 2, ""),
    ],
)
def test_a_stale_source_says_nothing(source: Row, newest: int, expected: str) -> None:
    """A source that nobody has filled lately is not silence; its last row may be anybody's."""
    about = {"take": "count", "over": "7d", "empty": "0"}
    assert use(about, at(newest, account="gone"), at(newest + 5), source=source) == expected


def test_only_windowed_measures_go_stale() -> None:
    """How long ago the last row was is known all the better; the shortest window decides."""
    policy = {
        "sources": {"usage": USAGE},
        "measures": {
            "short": {"from": "usage", "take": "count", "over": "7d"},
            "long": {"from": "usage", "take": "count", "over": "90d"},
            "quiet": {"from": "usage", "take": "since"},
        },
    }
    found = fields(book(policy, {"usage.csv": sheet("date,account_id", f"{ago(8)},a")}))
    assert [found[name] for name in ("short", "long", "quiet")] == ["", "", "8"]


def test_an_empty_source_is_not_stale() -> None:
    """Without any row no row is too old: missing, or the zero that somebody asked for."""
    assert use({"take": "count", "over": "7d"}) == ""
    assert use({"take": "count", "over": "7d", "empty": "0"}) == "0"
    assert use({"take": "count", "over": "7d", "empty": "0"}, at(-3)) == "0"


def test_columns_and_via_find_the_account() -> None:
    """A source may call the id otherwise, or know only a key that another file knows."""
    policy = {
        "sources": {
            "own": {"file": "own.csv", "date": "day", "columns": {"account_id": "org", "n": "N x"}},
            "far": {
                "file": "far.csv",
                "date": "day",
                "via": {"file": "keys.csv", "on": "subscription_id"},
            },
        },
        "measures": {
            "one": {"from": "own", "take": "sum n", "over": "7d"},
            "two": {"from": "far", "take": "count", "over": "7d"},
        },
    }
    files = {
        "own.csv": sheet("day,org,N x", f"{ago(0)},a,5", f"{ago(0)},A,7", f"{ago(0)},,9"),
        "far.csv": sheet(
            "day,subscription_id", f"{ago(0)},s1", f"{ago(0)},s2", f"{ago(0)},s9", f"{ago(0)},"
        ),
        "keys.csv": sheet("subscription_id,account_id", "s1,a", "s2,a", "s2,a", "s3,b"),
    }
    found = fields(book(policy, files))
    assert (found["one"], found["two"]) == ("5", "2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T23:59:59+14:00", "2026-11-23"),
        ("2026-11-23 07:00", "2026-11-23"),
        ("2026-02-30", "None"),
        ("soon", "None"),
        ("", "None"),
        ("46000", "None"),
        ("2100-01-01", "None"),
    ],
)
def test_days_of_rows(text: str, expected: str) -> None:
    """The date counts as it is written, whatever its time and zone."""
    assert str(moment(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("-5", -5), ("2.50", Fraction(5, 2)), ("1k", 1000), ("1.234", None)]
)
def test_numbers_of_rows(text: str, expected: Fraction | None) -> None:
    """A number may be below zero, and is refused where it can be read in two ways."""
    assert number(text) == expected


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ("sso; api", "75"),  # (1 + 0.5) / 2
        ("SSO;reporting", "100"),
        ("sso; chat", "50"),  # a need that nobody meets
        ("chat", "0"),
        ("sso; sso; api", "75"),  # a need counts once
        ("sso; reporting; api", "83.333333"),  # 2.5 / 3
        (";", ""),
        ("", ""),
    ],
)
def test_match(needs: str, expected: str) -> None:
    """How much of what an account needs is met."""
    meet = {"sso": "1", "reporting": "1", "api": "0.5"}
    policy = {"measures": {"fit": {"match": "needs", "we_meet": meet}}}
    assert fields(book(policy, None, {"account_id": "a", "needs": needs}))["fit"] == expected


@pytest.mark.parametrize(
    ("zero", "full", "x", "expected"),
    [
        ("0", "0.8", "0.52", "65"),
        ("-0.5", "0.25", "-0.25", "33.333333"),
        ("6", "0", "3", "50"),
        ("6", "0", "7", "0"),
        ("6", "0", "-1", "100"),
        ("0", "100", "100.01", "100"),
        ("0", "64", "0.00000032", "0"),  # 0.0000005 lies half-way and goes to the even 0
        ("0", "64", "0.00000096", "0.000002"),  # 0.0000015 goes to the even 0.000002
    ],
)
def test_points(zero: str, full: str, x: str, expected: str) -> None:
    """Points lie between the value that earns none and the one that earns all."""
    assert of_columns({"of": {"x": {"zero": zero, "full": full}}}, x=x)["value"] == expected


@pytest.mark.parametrize(
    ("market", "value", "band", "coverage"),
    [
        ("Lighthouse", "100", "high", "100"),
        ("known", "50", "normal", "100"),
        ("other", "", "not scored", "0"),  # a problem, and missing
        ("", "", "not scored", "0"),
    ],
)
def test_points_of_texts(market: str, value: str, band: str, coverage: str) -> None:
    """A text earns what the policy says, in any case of letters; another one is missing."""
    about = {
        "of": {"market": {"weight": "2", "points": {"lighthouse": "100", "known": "50"}}},
        "bands": {"high": "at least 70", "normal": "rest"},
    }
    row = of_columns(about, market=market)
    assert (row["value"], row["band"], row["coverage"]) == (value, band, coverage)


def test_nothing_known_lies_anywhere() -> None:
    """Without any measure a score lies between 0 and 100, and nothing can have changed."""
    row = of_columns({"of": {"x": {}}, "min_coverage": "0"}, x="")
    assert [row[name] for name in ("value", "low", "high", "change", "trend")] == [
        "",
        "0",
        "100",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("least", "value", "band"),
    [(None, "80", "ok"), ("50", "80", "ok"), ("50.1", "", "not scored"), ("0", "80", "ok")],
)
def test_coverage_has_to_reach_a_minimum(least: str | None, value: str, band: str) -> None:
    """Half of the weight is enough for the default of 50; low and high are there all the same."""
    about: dict[str, Any] = {"of": {"x": {}, "y": {"weight": "1"}}, "bands": {"ok": "rest"}}
    row = of_columns(about | ({"min_coverage": least} if least else {}), x="80", y="")
    assert (row["value"], row["band"], row["low"], row["high"]) == (value, band, "40", "90")


def test_a_score_is_rounded_before_it_is_banded() -> None:
    """69.9999999 is 70, and 70 is green."""
    about = {"of": {"x": {}}, "bands": {"green": "at least 70", "red": "rest"}}
    assert of_columns(about, x="69.9999999")["band"] == "green"
    assert of_columns(about, x="69.9999994")["band"] == "red"


def test_scores_use_scores() -> None:
    """The outer score sees the inner one as everybody does: capped and rounded."""
    policy: dict[str, Any] = {
        "scores": {
            "outer": {"of": {"inner": {"weight": "3"}, "y": {}}},
            "inner": {
                "of": {"x": {"zero": "0", "full": "3"}},
                "cap": [{"when": {"champion": "left"}, "at": "20"}],
            },
            "named": {"of": {"inner_band": {"points": {"good": "70"}}}},
        }
    }
    policy["scores"]["inner"]["bands"] = {"good": "over 30", "bad": "rest"}

    def values(champion: str) -> list[str]:
        row = {"account_id": "a", "x": "1", "y": "0", "champion": champion}
        return [one["value"] for one in scored.answer(book(policy, None, row))]

    # 1 of 3 is 33.333333; with y: 3 x 33.333333 / 4 = 24.99999975, which is 25
    assert values("") == ["25", "33.333333", "70"]
    # capped at 20: 3 x 20 / 4 = 15; the band is then bad, which earns nothing that is known
    assert values("left") == ["15", "20", ""]


def test_scores_see_computed_fields() -> None:
    """Tenure is a field like any column: 73 days are a fifth of a year."""
    about = {"of": {"tenure_days": {"zero": "0", "full": "365"}}, "trend": "73d"}
    row = of_columns(about, start_date=ago(73))
    # 73 days ago the account had been there for 0 days, which is 0 points
    assert [row[name] for name in ("value", "change", "trend")] == ["20", "20", "up"]
    assert of_columns(about, start_date=ago(72))["change"] == ""  # it had not begun


@pytest.mark.parametrize(
    ("now", "before", "changed", "name"),
    [
        ("8", "3", "5", "up"),
        ("7.99", "3", "4.99", "flat"),
        ("3", "8", "-5", "down"),
        ("3", "3", "0", "flat"),
        ("3", None, "", ""),
    ],
)
def test_change_and_trend(now: str, before: str | None, changed: str, name: str) -> None:
    """A change of 5 either way is one; against a day without a score there is none."""
    policy = {
        "sources": {"usage": USAGE},
        "measures": {"m": {"from": "usage", "take": "last x", "over": "28d"}},
        "scores": {"s": {"of": {"m": {}}}},
    }
    lines = [f"{ago(0)},a,{now}"] + ([f"{ago(28)},a,{before}"] if before else [])
    (row,) = scored.answer(book(policy, {"usage.csv": sheet("date,account_id,x", *lines)}))
    assert (row["change"], row["trend"]) == (changed, name)


def test_change_is_over_what_both_days_know() -> None:
    """What is known on one of the days only does not move a score."""
    policy = {
        "sources": {"usage": USAGE},
        "measures": {
            "m": {"from": "usage", "take": "last x", "over": "10d"},
            "k": {"from": "usage", "take": "last y", "over": "10d"},
        },
        "scores": {"s": {"of": {"m": {"weight": "3"}, "k": {}, "z": {}}, "trend": "10d"}},
    }
    header, then = "date,account_id,x,y", f"{ago(10)},a,40,"
    row = {"account_id": "a", "z": "60"}
    (found,) = scored.answer(
        book(policy, {"usage.csv": sheet(header, then, f"{ago(0)},a,60,0")}, row)
    )
    # now (180 + 0 + 60) / 5 = 48; by m and z alone 240 / 4 = 60, before (120 + 60) / 4 = 45
    assert (found["value"], found["change"]) == ("48", "15")


def test_change_sees_the_journal_of_its_day() -> None:
    """What was told since belongs to today alone."""
    policy = {"scores": {"s": {"of": {"arr": {"zero": "0", "full": "1000"}}}}}
    journal = {"journal.csv": told(f"{ago(3)},a,event,expanded,300")}
    (found,) = scored.answer(book(policy, None, {"account_id": "a", "arr": "100"}, journal=journal))
    assert (found["value"], found["change"]) == ("30", "20")


# NPS
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([10, 9, 8, 7, 6, 0], "0"),  # 2 promoters, 2 detractors
        ([9], "100"),
        ([6], "-100"),
        ([7, 8], "0"),
        ([10, 10, 5], "33.333333"),  # 100 x (2 - 1) / 3
        ([], ""),
    ],
)
def test_nps(said: list[int], expected: str) -> None:
    """Promoters less detractors, of all."""
    found = nps.score(said)
    assert ("" if found is None else plain(six(found))) == expected


def test_nps_takes_the_last_answer_of_each() -> None:
    """Of two answers on one day the lower line counts; without a name each row is somebody."""
    about = {"take": "nps x", "by": "who", "over": "30d"}
    lines = [at(1, "10", "ann"), at(1, "2", "ann"), at(2, "9", "ann"), at(5, "9", "bob")]
    assert use(about, *lines) == "0"  # ann 2, bob 9
    assert use({**about, "over": "4d"}, *lines) == "-100"  # ann alone
    assert use(about, at(0, "9"), at(0, "9"), at(0, "2", "ann")) == "33.333333"


def test_answers_that_are_none_are_left_out() -> None:
    """Only whole numbers from 0 to 10 are answers, and one that is none takes nothing back."""
    about = {"take": "nps x", "by": "who", "over": "30d"}
    lines = [at(3, "10.0", "ann"), at(1, "11", "ann"), at(1, "8.5", "ann"), at(0, "-1", "ann")]
    assert use(about, *lines, at(0, "ten", "bob"), at(0, "", "bob")) == "100"


def test_a_book_pools_its_answers() -> None:
    """Nine promoters here and one detractor there are 80, not the mean of 100 and -100."""
    assert nps.pooled([[9] * 9, [0], []]) == 80
    assert nps.pooled([[], []]) is None


def test_the_fields_of_a_survey() -> None:
    """How many answered, and what was said last; nobody asked is not nobody answered."""
    policy = {
        "sources": {"survey": {"file": "survey.csv", "date": "date"}},
        "measures": {"nps": {"from": "survey", "take": "nps x", "by": "who", "over": "30d"}},
    }
    lines = [f"{ago(9)},a,9,ann", f"{ago(2)},a,7,bob", f"{ago(4)},a,10,ann", f"{ago(99)},b,9,cy"]
    files = {"survey.csv": sheet("date,account_id,x,who", *lines)}
    ids = [{"account_id": one} for one in "abc"]
    found = [one.signals for one in Book(book(policy, files, *ids)).accounts]
    assert [[one[f"nps{rest}"] for rest in ("", "_answers", "_last")] for one in found] == [
        ["50", "2", "7"],
        ["", "0", ""],
        ["", "", ""],
    ]


# RFM
@pytest.mark.parametrize(
    ("part", "expected"), [(1, "2.8"), (2, "4.6"), (3, "6.4"), (4, "8.2"), (0, "1"), (5, "10")]
)
def test_quantiles_are_interpolated(part: int, expected: str) -> None:
    """Of 1 to 10 the 20 % quantile lies at place 1.8, between 2 and 3."""
    found = rfm.quantile([Fraction(n) for n in range(10, 0, -1)], Fraction(part, 5))
    assert found == Fraction(expected)


@pytest.mark.parametrize(("x", "expected"), [(0, 1), (30, 1), (31, 2), (90, 2), (365, 4), (366, 5)])
def test_bins_count_the_cuts_strictly_below(x: int, expected: int) -> None:
    """A number on a cut is below it."""
    assert rfm.bin_of(x, [Fraction(cut) for cut in (30, 90, 180, 365)]) == expected


GIVEN: dict[str, Any] = {
    "sources": {"orders": {"file": "orders.csv", "date": "date"}},
    "rfm": {
        "from": "orders",
        "amount": "amount",
        "over": "365d",
        "cuts": {
            "recency": ["30", "90", "180", "365"],
            "frequency": ["1", "2", "4", "8"],
            "monetary": ["1k", "5k", "20k", "50k"],
        },
        "segments": [
            {"when": {"r": "at least 4", "f": "at least 2"}, "name": "champions"},
            {"when": {"m": "5"}, "name": "whales"},
            {"name": "others"},
        ],
    },
}
RFM = ["rfm_r", "rfm_f", "rfm_m", "rfm", "rfm_segment"]


def orders(*lines: str) -> list[list[str]]:
    """Score the accounts ``a`` and ``b`` by given cuts."""
    rows = [{"account_id": "a"}, {"account_id": "b"}]
    files = {"orders.csv": sheet("date,account_id,amount", *lines)}
    found = Book(book(GIVEN, files, *rows)).accounts
    return [[one.signals[name] for name in RFM] for one in found]


def test_rfm_by_given_cuts() -> None:
    """Recency is turned over; a refund counts for the sum alone."""
    lines = [f"{ago(31)},a,900", f"{ago(40)},a,700", f"{ago(5)},a,-100", f"{ago(2)},a,0"]
    # a: 31 days are 1 cut up, so 5 - 1 = 4; 2 rows above 0 are 1 cut up; 1500 is 1 cut up
    # b: 364 days are 3 cuts up, so 2; 1 row is no cut up; 60000 are 4 cuts up
    assert orders(*lines, f"{ago(364)},b,60k", f"{ago(365)},b,9") == [
        ["4", "2", "2", "422", "champions"],
        ["2", "1", "5", "215", "whales"],
    ]


def test_rfm_without_rows_and_without_sales() -> None:
    """No row is segment none; refunds alone have no recency."""
    assert orders(f"{ago(3)},b,-50", f"{ago(-1)},a,99") == [
        ["", "", "", "", "none"],
        ["", "1", "1", "", "others"],
    ]


def test_rfm_by_quantiles() -> None:
    """25 accounts that bought once, 0 to 24 days ago, for as much: five of each score."""
    policy = {**GIVEN, "rfm": {**GIVEN["rfm"], "cuts": "quantiles"}}
    rows = [{"account_id": f"n{n}"} for n in range(25)]
    lines = [f"{ago(n)},n{n},{n}" for n in range(1, 25)] + [f"{ago(0)},n0,1"]
    files = {"orders.csv": sheet("date,account_id,amount", *lines)}
    found = [one.signals for one in Book(book(policy, files, *rows)).accounts]
    # recencies 0 to 24: cuts at 4.8, 9.6, 14.4, 19.2, so 0-4 are r 5, 5-9 are r 4, ...
    assert [one["rfm_r"] for one in found] == [r for r in "54321" for _ in range(5)]
    # everybody bought once: all cuts are 1, none strictly below
    assert {one["rfm_f"] for one in found} == {"1"}
    # amounts 1, 1, 2, ... 24: cuts at places 4.8, 9.6, ... which hold 4.8, 9.6, ...
    assert [one["rfm_m"] for one in found] == [m for m in "12345" for _ in range(5)]


def test_rfm_of_equal_accounts_and_of_few() -> None:
    """Equal values get equal scores; 24 accounts have no quantiles."""
    trade = rfm.Trade(3, 1, Fraction(10))
    about = {"cuts": "quantiles"}
    assert rfm.cuts(about, dict.fromkeys(map(str, range(24)), trade)) is None
    edges = rfm.cuts(about, dict.fromkeys(map(str, range(25)), trade)) or {}
    assert [set(edges[name]) for name in ("recency", "frequency", "monetary")] == [{3}, {1}, {10}]


# CLV
CONTRACT: dict[str, Any] = {"margin": "0.8", "discount": "10%", "years": "5", "retention": "0.9"}
SBG = {"alpha": "0.668", "beta": "3.806"}


@pytest.mark.parametrize(
    ("retention", "survived", "expected"),
    [(SBG, 0, "52967.41"), (SBG, 3, "57687.50"), ("0.9", None, "55734.99"), (SBG, None, "None")],
)
def test_the_published_contracts(retention: Any, survived: int | None, expected: str) -> None:  # noqa: ANN401
    """The three values of the contract; sBG needs to know how many terms have passed."""
    found = clv.clv({**CONTRACT, "retention": retention}, Decimal(20000), 12, survived)
    assert str(found) == expected


@pytest.mark.parametrize(
    ("about", "months", "expected"),
    [
        # without discount and losses: 5 whole years of 100 x 0.8
        ({"retention": "1", "discount": "0"}, 12, "400.00"),
        # two terms of 36 months cover 5 years: 2 x 300 x 0.8
        ({"retention": "1", "discount": "0"}, 36, "480.00"),
        # half a year: one term of 100 x 0.8
        ({"retention": "1", "discount": "0", "years": "0.5"}, 12, "80.00"),
        # half of them leave a year: 80 x (1 + 1/2)
        ({"retention": "0.5", "discount": "0", "years": "2"}, 12, "120.00"),
        # terms of 24 months: 160 x (1 + 0.5^2 / 1.1^2) = 160 x 1.20661157
        ({"retention": "0.5", "discount": "10%", "years": "4"}, 24, "193.06"),
        # a term of 6 months: 40 x (1 + (0.25 / 1.21)^0.5) = 40 x (1 + 0.5 / 1.1)
        ({"retention": "0.25", "discount": "21%", "years": "1"}, 6, "58.18"),
        # sBG after 1 term: 80 x (1 + (3 + 1) / (1 + 3 + 1)) = 80 x 1.8
        ({"retention": {"alpha": "1", "beta": "3"}, "discount": "0", "years": "2"}, 12, "144.00"),
    ],
)
def test_contracts_by_hand(about: dict[str, Any], months: int, expected: str) -> None:
    """Terms, losses and discounts small enough to be added up by hand; arr is 100."""
    assert str(clv.clv({**CONTRACT, **about}, Decimal(100), months, 1)) == expected


@pytest.mark.parametrize(
    ("start", "now", "months", "expected"),
    [
        ("2026-11-23", "2026-11-23", 12, 0),
        ("2023-01-31", "2026-01-31", 12, 3),
        ("2026-01-31", "2026-02-28", 1, 1),
        ("2025-06-01", "2026-01-01", 12, 0),  # a first term that was cut is not a whole one
        ("2027-01-01", "2027-01-01", 12, 0),
    ],
)
def test_whole_terms(start: str, now: str, months: int, expected: int) -> None:
    """Terms that have been gone through from the first day to the last."""
    found = clv.whole_terms(date.fromisoformat(start), date.fromisoformat(now), months)
    assert found == expected


def test_clv_is_a_field() -> None:
    """Of an account with an amount and terms; the journal's amount beats the cell."""
    policy = {"clv": {"model": "contract", **CONTRACT, "retention": SBG}}
    row = {"account_id": "a", "arr": "10000", "start_date": "2023-11-20"}
    assert fields(book(policy, None, row))["clv"] == "28843.75"  # half of 57,687.50: n is 3
    journal = {"journal.csv": told(f"{ago(3)},a,event,expanded,20k")}
    assert fields(book(policy, None, row, journal=journal))["clv"] == "57687.5"
    assert fields(book(policy, None, {**row, "arr": ""}))["clv"] == ""
    assert fields(book(policy, None, {"account_id": "a", "arr": "10000"}))["clv"] == ""


# What signals are for
READY: dict[str, Any] = {
    "scores": {
        "upsell": {"of": {"x": {}}, "bands": {"ready": "at least 65", "later": "rest"}},
    }
}
GRID: dict[str, Any] = {
    "potential": {"A": "over 50k", "B": "rest"},
    "likelihood": {
        "from": "upsell",
        "levels": {"1": "at least 65", "2": "at least 35", "3": "rest"},
    },
    "grid": {"A": ["1", "1/2", "2"], "B": ["2", "2", "2"]},
    "borderline": [{"when": {"upsell_band": "later", "upsell": "over 50"}, "tier": "better"}],
    "tiers": {"1": {"name": "Growth"}, "2": {"name": "Rest"}},
}


@pytest.mark.parametrize(
    ("x", "further", "expected"),
    [
        ("65", {}, ("1", "A1", "1", "computed", "")),
        ("64.99", {}, ("2", "A2", "1", "computed", "rule")),
        ("40", {}, ("2", "A2", "2", "computed", "call to make")),
        ("0", {}, ("3", "A3", "2", "computed", "")),
        ("", {}, ("", "", "", "ungraded", "")),
        ("0", {"likelihood": "1"}, ("1", "A1", "1", "computed", "")),
    ],
)
def test_a_score_feeds_the_likelihood(x: str, further: Row, expected: tuple[str, ...]) -> None:
    """Its levels band it; a cell beats it, and without a score there is no likelihood."""
    row = {"account_id": "a", "potential": "60k", "x": x, **further}
    (found,) = answers.grade(book(READY, None, row, grid=GRID), add=["upsell", "upsell_band"])
    names = ["likelihood", "grade", "tier", "basis", "borderline"]
    assert tuple(found[name] for name in names) == expected
    assert list(found)[-2:] == ["upsell", "upsell_band"]


def test_the_journal_beats_a_score() -> None:
    """What a person told of the likelihood counts more."""
    journal = {"journal.csv": told(f"{ago(3)},a,likelihood,,3")}
    row = {"account_id": "a", "potential": "60k", "x": "99"}
    (found,) = answers.grade(book(READY, None, row, grid=GRID, journal=journal))
    assert (found["grade"], found["basis"]) == ("A3", "journal")


@pytest.mark.parametrize(("x", "expected"), [("70", 1), ("64", 0), ("", 0)])
def test_playbooks_see_scores(x: str, expected: int) -> None:
    """An activity may be for a band, or for a number."""
    row = {"account_id": "a", "grade": "A1", "start_date": ago(0), "x": x, "csm": "Ann"}
    ready = entry("pitch", "start", when={"upsell_band": "ready", "upsell": "over 65"})
    asked = replace(book(READY, None, row), playbook=case([row], {"all": [ready]}).playbook)
    assert len(answers.calendar(asked)) == len(worklist.worklist(asked)) == expected


@pytest.mark.parametrize(
    ("take", "due", "expected"),
    [
        ("first", "event Export-Adopted", ["2026-11-20"]),
        ("each", "event export-adopted", ["2026-11-20", "2026-11-23"]),
        ("each", "event any", []),
    ],
)
def test_sources_tell_events(take: str, due: str, expected: list[str]) -> None:
    """As if they stood in the journal; but ``any`` means events that a person logged."""
    policy = {
        "sources": {"usage": USAGE},
        "events": {"export-adopted": {"from": "usage", "where": {"x": "export"}, "take": take}},
    }
    lines = [at(0, "export"), at(3, "Export"), at(3, "export"), at(9, "login"), at(-2, "export")]
    files = {"usage.csv": sheet("date,account_id,x,who", *lines)}
    row = {"account_id": "a", "grade": "A1", "start_date": "2026-01-01"}
    asked = book(policy, files, row)
    asked = replace(asked, playbook=case([row], {"all": [entry("ask", due)]}).playbook)
    assert [one["due"] for one in answers.calendar(asked)] == expected


def test_everybody_is_scored_in_the_order_of_the_files() -> None:
    """No account disappears, whatever its status; scores stand as the policy has them."""
    policy: dict[str, Any] = {"scores": {name: {"of": {"x": {}}} for name in ("b", "a")}}
    rows = [{"account_id": "z", "status": "churned", "x": "1"}, {"account_id": "y", "x": ""}]
    found = [(row["account_id"], row["score"]) for row in scored.answer(book(policy, None, *rows))]
    assert found == [("z", "b"), ("z", "a"), ("y", "b"), ("y", "a")]


@FEW
@given(scored_cases())
def test_scores_keep_their_bounds(asked: Case) -> None:
    """Whatever the sources say, a score lies between its ends, and its coverage decides."""
    policy = (asked.signals or {})["scores"]
    for row in scored.answer(asked):
        low, high, coverage = (Decimal(row[name]) for name in ("low", "high", "coverage"))
        assert 0 <= low <= high <= 100
        least = Decimal(policy[row["score"]].get("min_coverage", scores.COVERED))
        assert (row["value"] != "") == (coverage >= least and coverage > 0)
        assert (row["band"] == scores.NOT_SCORED) == (row["value"] == "")
        if row["value"]:
            assert low <= Decimal(row["value"]) <= high


@FEW
@given(scored_cases())
def test_signals_are_written_as_they_are(asked: Case) -> None:
    """What generated signals say is what their file says, word for word."""
    written = yaml.load(folder.yaml(asked.signals or {}), yaml.BaseLoader)  # noqa: S506 (texts only)
    assert written == asked.signals
