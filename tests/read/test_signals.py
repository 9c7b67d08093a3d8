"""`signals.yaml`: the example of the contract, every key right and wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from csprio.read.literals import plain_number
from csprio.read.signals import read_signals
from csprio.read.yamls import parse_text
from csprio.rules import ALWAYS, AnyOf, Clause, Compare, Same
from csprio.signals import Retention, Take, Via

if TYPE_CHECKING:
    from csprio.problems import Problem
    from csprio.signals import Signals

EXAMPLE = """\
sources:
  usage:   {file: usage.csv, date: date}
  tickets: {file: tickets.csv, date: submitted_at}
  survey:  {file: responses.csv, date: answered_on}
  orders:  {file: transactions.csv, date: date}
events:
  export-adopted: {from: usage, where: {feature: export}, take: first}
measures:
  seat_use:     {from: usage, take: last active_users, over: 35d, per: seats}
  active_days:  {from: usage, take: days, over: 28d}
  features:     {from: usage, take: distinct feature, over: 90d}
  logins_trend: {from: usage, take: trend logins, over: 28d}
  urgent:       {from: tickets, take: count, where: {priority: [high, urgent]}, over: 90d, empty: 0}
  nps:          {from: survey, take: nps score, by: contact, over: 365d}
  needs_fit:    {match: needs, we_meet: {sso: 1, reporting: 1, api: 0.5}}
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
  strategic: {of: {market: {weight: 2, points: {lighthouse: 100, known: 50}}}, bands: {high: at least 70, normal: rest}}
rfm: {from: orders, amount: amount, over: 365d, cuts: quantiles,
      segments: [{when: {r: at least 4, f: at least 4, m: at least 4}, name: champions}, {name: others}]}
clv: {model: contract, margin: 0.8, discount: 10%, years: 5, retention: 0.9}
"""  # noqa: E501 - as the contract has it
USAGE = "sources: {usage: {file: u.csv, date: on}}\n"


def read(text: str) -> tuple[Signals | None, list[str]]:
    """Read signals; give them and their problems, sorted by place, with their remedies."""
    problems: list[Problem] = []
    node = parse_text(text, "s.yaml", problems)
    assert node is not None
    signals = read_signals(node, problems)
    return signals, [str(one) for one in sorted(problems, key=lambda one: one.order)]


def good(text: str) -> Signals:
    """Read signals that have nothing wrong."""
    signals, problems = read(text)
    assert problems == []
    assert signals is not None
    return signals


def refused(text: str, *expected: str) -> None:
    """Read signals with just these problems, each told by its place, code and words."""
    signals, problems = read(text)
    assert len(problems) == len(expected), problems
    for problem, part in zip(problems, expected, strict=True):
        assert part in problem
    assert signals is None


def measure(text: str) -> str:
    """Write signals with one measure of a source."""
    return f"{USAGE}measures:\n  m: {{from: usage, {text}}}\n"


def part(text: str) -> str:
    """Write signals with a score of one part."""
    return f"scores:\n  s: {{of: {{c: {text}}}}}\n"


def rfm(text: str) -> str:
    """Write signals with nothing but RFM."""
    return f"{USAGE}rfm: {{from: usage, amount: paid, {text}}}\n"


def clv(text: str) -> str:
    """Write signals with nothing but the lifetime value of contracts."""
    return f"clv: {{model: contract, margin: 0.8, discount: 0.1, {text}}}\n"


def told(*numbers: Decimal | None) -> str:
    """Write numbers in a row, `-` for none."""
    return " ".join("-" if one is None else plain_number(one) for one in numbers)


# --- right ----------------------------------------------------------------------------------------


def test_example_sources() -> None:
    """The contract's sources and event are read whole, with the places they stand at."""
    signals = good(EXAMPLE)
    assert [(one.file, one.date) for one in signals.sources.values()] == [
        ("usage.csv", "date"), ("tickets.csv", "submitted_at"),
        ("responses.csv", "answered_on"), ("transactions.csv", "date"),
    ]  # fmt: skip
    usage = signals.sources["usage"]
    assert (usage.columns, usage.via, usage.dates, usage.stale_after) == ({}, None, None, None)
    assert (str(usage.place), str(usage.places["date"])) == ("s.yaml:2:3", "s.yaml:2:30")
    [event] = signals.events
    assert (event.name, event.source, event.each) == ("export-adopted", "usage", False)
    assert isinstance(event.where, Clause)
    assert event.where.test == Same("export")


def test_example_measures() -> None:
    """The contract's measures are read whole."""
    signals = good(EXAMPLE)
    taken = [(one.name, one.source, one.take, one.column, one.over) for one in signals.measures]
    assert taken == [
        ("seat_use", "usage", Take.LAST, "active_users", 35),
        ("active_days", "usage", Take.DAYS, "", 28),
        ("features", "usage", Take.DISTINCT, "feature", 90),
        ("logins_trend", "usage", Take.TREND, "logins", 28),
        ("urgent", "tickets", Take.COUNT, "", 90),
        ("nps", "survey", Take.NPS, "score", 365),
    ]
    seat_use, active_days, *_, urgent, nps = signals.measures
    assert (seat_use.per, seat_use.empty, seat_use.by, seat_use.where) == (
        "seats",
        None,
        "",
        ALWAYS,
    )
    assert (active_days.per, urgent.empty, nps.by) == ("", Decimal(0), "contact")
    assert isinstance(urgent.where, Clause)
    assert urgent.where.test == AnyOf((Same("high"), Same("urgent")))
    [match] = signals.matches
    assert (match.name, match.column) == ("needs_fit", "needs")
    assert match.meets == {"sso": 1, "reporting": 1, "api": Decimal("0.5")}


def test_example_scores() -> None:
    """The contract's scores are read whole."""
    health, strategic = good(EXAMPLE).scores
    assert [(one.field, told(one.weight, one.zero, one.full)) for one in health.parts] == [
        ("seat_use", "40 0 0.8"),
        ("logins_trend", "20 -0.5 0.25"),
        ("urgent", "15 6 0"),
        ("days_late", "10 30 0"),
        ("nps", "15 -100 100"),
    ]
    assert [(band.key, band.test) for band in health.bands] == [
        ("green", Compare(">=", Decimal(70))),
        ("yellow", Compare(">=", Decimal(40))),
        ("red", None),
    ]
    assert told(health.min_coverage, strategic.min_coverage) == "60 50"
    [cap] = health.caps
    assert isinstance(cap.when, Clause)
    assert (cap.when.field, cap.when.test, told(cap.at)) == ("champion", Same("left"), "39")
    [market] = strategic.parts
    assert told(market.weight, market.zero, market.full) == "2 - -"
    assert market.points == {"lighthouse": Decimal(100), "known": Decimal(50)}


def test_example_values() -> None:
    """The contract's RFM and lifetime value are read whole, and what all of it makes is known."""
    signals = good(EXAMPLE)
    assert signals.rfm is not None
    assert (signals.rfm.source, signals.rfm.amount, signals.rfm.over) == ("orders", "amount", 365)
    assert signals.rfm.cuts is None
    assert [each.name for each in signals.rfm.segments] == ["champions", "others"]
    assert signals.rfm.segments[1].when == ALWAYS
    assert signals.clv is not None
    assert (signals.clv.model, signals.clv.margin) == ("contract", Decimal("0.8"))
    assert (signals.clv.discount, signals.clv.years) == (Decimal("0.1"), 5)
    assert signals.clv.retention == Decimal("0.9")
    assert signals.fields == (
        "seat_use", "active_days", "features", "logins_trend", "urgent", "nps", "nps_answers",
        "nps_last", "needs_fit", "health", "health_band", "strategic", "strategic_band", "rfm_r",
        "rfm_f", "rfm_m", "rfm", "rfm_segment", "clv",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "sources:\n", "optional: []\n", "scores: {}\n"])
def test_nothing(text: str) -> None:
    """Every key may be left out, or left empty."""
    assert good(text).fields == ()


def test_source_keys() -> None:
    """A source says how its columns are called, where ids are looked up, and how dates are read."""
    source = good(
        "sources:\n"
        "  usage:\n"
        "    file: exports/usage.csv\n"
        "    date: Day\n"
        "    columns: {Account-ID: org, seats: Seats in use}\n"
        "    via: {file: subscriptions.csv, on: subscription_id}\n"
        "    dates: DMY\n"
        "    stale_after: 2w\n"
        "measures: {m: {from: Usage, take: COUNT}}\n"
    ).sources["usage"]
    assert source.columns == {"account_id": "org", "seats": "Seats in use"}
    assert source.via == Via("subscriptions.csv", "subscription_id", source.places["via"])
    assert (source.dates, source.stale_after) == ("dmy", 14)
    assert str(source.places["columns.account_id"]) == "s.yaml:5:27"


@pytest.mark.parametrize(
    ("written", "take", "column"),
    [
        ("sum logins", Take.SUM, "logins"),
        ("mean  Active Users ", Take.MEAN, "Active Users"),
        ("min logins", Take.MIN, "logins"),
        ("MAX logins", Take.MAX, "logins"),
        ("since", Take.SINCE, ""),
        ("nps nps", Take.NPS, "nps"),
    ],
)
def test_takes(written: str, take: Take, column: str) -> None:
    """A way to take, and a column as it is written; `over` may be left out."""
    [found] = good(measure(f"take: {written}")).measures
    assert (found.take, found.column, found.over) == (take, column, None)


@pytest.mark.parametrize(("take", "each"), [("each", True), ("First", False), ("~", False)])
def test_events(take: str, each: bool) -> None:  # noqa: FBT001 - a row of the table
    """An event is each row or the first, which is what it is if nothing is said."""
    [event] = good(f"{USAGE}events: {{churned: {{from: usage, take: {take}}}}}\n").events
    assert (event.name, event.each, event.where) == ("churned", each, ALWAYS)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("{zero: 50k, full: 1.2M}", "1 50000 1200000"),
        ("{zero: 10%, full: 12.5 %, weight: 25%}", "25 0.1 0.125"),
        ("{zero: -1, full: '-0.5', weight: 0.5}", "0.5 -1 -0.5"),
        ("{zero: 1.2340, full: '50,000'}", "1 1.234 50000"),
    ],
)
def test_amounts(text: str, numbers: str) -> None:
    """Amounts and percentages are read as people mean them; a weight is 1 if nothing is said."""
    [found] = good(part(text)).scores[0].parts
    assert told(found.weight, found.zero, found.full) == numbers


def test_hundred() -> None:
    """A score and a match go from 0 to 100, which need not be said."""
    signals = good(
        "measures: {fit: {match: needs, we_meet: {sso: 50%}}}\n"
        "scores:\n"
        "  all_in_all: {of: {Health: , fit: {weight: 2}}}\n"
        "  health: {of: {c: {zero: 0, full: 9}}, min_coverage: 60%, trend: 4w, cap: [{when: {c: 1},"
        " at: 12.125}]}\n"
    )
    health, both = signals.scores
    assert (health.name, health.trend, health.bands) == ("health", 28, ())
    assert told(health.min_coverage, health.caps[0].at) == "60 12.125"
    assert [(one.field, told(one.weight, one.zero, one.full)) for one in both.parts] == [
        ("health", "1 0 100"),
        ("fit", "2 0 100"),
    ]
    assert signals.matches[0].meets == {"sso": Decimal("0.5")}


def test_order() -> None:
    """What is used stands before what uses it, the rest as in the file; caps and bands count."""
    of = "{of: {c: {zero: 0, full: 1}"
    signals = good(
        f"{USAGE}measures:\n"
        "  a: {from: usage, take: count}\n"
        "  b: {from: usage, take: count, per: D}\n"
        "  c: {from: usage, take: count}\n"
        "  d: {from: usage, take: count, per: A}\n"
        "scores:\n"
        f"  e: {of}}}, bands: {{low: rest}}}}\n"
        f"  f: {of}, h: }}}}\n"
        f"  g: {of}}}, cap: [{{when: {{any: [{{I-Band: present}}, {{c: 1}}]}}, at: 40}}]}}\n"
        f"  h: {of}}}}}\n"
        f"  i: {of}}}, bands: {{low: rest}}}}\n"
    )
    assert [one.name for one in signals.measures] == ["a", "d", "b", "c"]
    assert [one.per for one in signals.measures] == ["", "a", "d", ""]
    assert [one.name for one in signals.scores] == ["e", "h", "f", "i", "g"]


def test_long_chain() -> None:
    """A chain of thousands of scores is put in order without running out of stack."""
    lines = [f"  s{at}: {{of: {{s{at + 1}: }}}}\n" for at in range(5000)]
    signals = good("".join(["scores:\n", *lines, "  s5000: {of: {c: {zero: 0, full: 1}}}\n"]))
    assert [one.name for one in signals.scores[:2]] == ["s5000", "s4999"]


def test_rfm_cuts() -> None:
    """Cuts are lists of amounts; a list of one is enough, and segments may be left out."""
    rule = good(
        rfm("cuts: {recency: [30, 90], frequency: [1], monetary: [-5, 1k, 20k, 1.234M]}")
    ).rfm
    assert rule is not None
    assert rule.cuts is not None
    assert {key: told(*cuts) for key, cuts in rule.cuts.items()} == {
        "recency": "30 90",
        "frequency": "1",
        "monetary": "-5 1000 20000 1234000",
    }
    assert (rule.over, rule.segments) == (None, ())
    plain = good(rfm("over: 52w")).rfm
    assert plain is not None
    assert (plain.cuts, plain.over) == (None, 364)


@pytest.mark.parametrize(
    ("written", "retention"),
    [
        ("90%", Decimal("0.9")),
        ("0.925", Decimal("0.925")),
        ("1", Decimal(1)),
        ("{alpha: 0.668, beta: 3.806}", (Decimal("0.668"), Decimal("3.806"))),
        ("Estimate", Retention.ESTIMATE),
    ],
)
def test_retention(written: str, retention: object) -> None:
    """Retention is a share a year, two parameters, or an estimate."""
    rule = good(clv(f"years: 3, retention: {written}")).clv
    assert rule is not None
    assert rule.retention == retention


def test_transactions() -> None:
    """Lifetime value of purchases names a source and its amounts, and makes one field more."""
    signals = good(
        f"{USAGE}clv: {{model: Transactions, margin: 30%, discount: 0, years: 1, from: usage,"
        " amount: paid}\n"
    )
    assert signals.clv is not None
    assert (signals.clv.model, signals.clv.source) == ("transactions", "usage")
    assert (signals.clv.amount, signals.clv.margin) == ("paid", Decimal("0.3"))
    assert signals.fields == ("clv", "p_alive")


# --- wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("measures:", "measure:", ["8:1: key-unknown: `measure` is no key of signals.yaml; did"]),
        ("usage.csv, date: date}", "usage.csv}", ["2:12: key-missing: source `usage` lacks `date"]),
        ("{file: usage.csv, date: date}", "usage.csv", ["2:12: value-form: source `usage` is to "]),
        ("usage.csv, date", "usage.csv, dates: ymd, date", ["value-unknown: `ymd` is no order of"]),
        ("usage.csv, date", "usage.csv, stale: 5d, date", ["`stale` is no key of source `usage`;"]),
        ("from: usage, where", "from: usgae, where", ["7:26: value-unknown: `usgae` is no source"]),
        ("from: usage, take: days", "form: usage, take: days", ["key-missing: m", "key-unknown: "]),
        ("take: first", "take: once", ["value-unknown: `once` is no way to take events"]),
        ("export-adopted", "Any", ["7:3: event-reserved: rows cannot tell the event `Any`"]),
        ("export-adopted", "expanded", ["its value is the new arr, which no row gives; give it"]),
        ("take: days", "take: dyas", ["value-unknown: `dyas` is no way to take; did you mean `da"]),
        ("take: last active_users", "take: avg active_users", ["did you mean `mean`?"]),
        ("take: days", "take: days date", ["take-column: `take: days date` names a column where"]),
        ("take: count", "take: count id", ["; write `take: count`, or `take: distinct id` to cou"]),
        ("take: trend logins", "take: trend", ["names no column; write the column behind it, as "]),
        ("take: nps score", "take: nps", ["`take: nps score`"]),
        ("trend logins, over: 28d", "trend logins", ["key-missing: `take: trend` of measure `log"]),
        ("over: 35d", "over: 35", ["9:62: span-form: `35` is no number of days: `35` is not a nu"]),
        ("over: 35d", "over: 12mo", ["span-form: `12mo` is no number of days: it is counted in"]),
        ("over: 35d", "over: 0d", ["it must be more than nothing"]),
        ("over: 35d", "over: [35d]", ["value-form: `over` is to be a number of days, not a list"]),
        ("per: seats", "per: [seats]", ["value-form: `per` is to be a text"]),
        ("empty: 0", "empty: 5", ["13:99: value-form: `empty` is to be 0, not `5`"]),
        ("over: 35d,", "over: 35d, empty: 0,", ["take-key: `empty` does nothing here, as `take: "]),
        ("take: days,", "take: days, by: contact,", ["take-key: `by` does nothing here, as `take"]),
        ("{priority: [", "{priority: [over x, ", ["test-comparison"]),
        ("match: needs", "mach: needs", ["key-missing: measure `needs_fit` lacks `match`",
         "key-unknown: `mach` is no key of measure `needs_fit`; did you mean `match`?"]),
        ("match: needs", "from: usage, match: needs", ["key-missing: measure `needs_fit` lacks `ta",
         "key-unknown: `match`", "key-unknown: `we_meet`"]),
        ("api: 0.5", "api: 5", ["value-form: `api` is to be a number from 0 to 1 (or a percentag"]),
        ("{sso: 1, reporting: 1, api: 0.5}", "[sso]", ["value-form: `we_meet` is to be a mapping"]),
        ("api: 0.5", "SSO: 1", ["grid-key: `SSO` cannot be what we meet: `sso` on line 15"]),
    ],
)  # fmt: skip
def test_sources_and_measures_refused(before: str, after: str, expected: list[str]) -> None:
    """A change that breaks a source, an event or a measure is named, and nothing else is."""
    assert before in EXAMPLE
    refused(EXAMPLE.replace(before, after, 1), *expected)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("weight: 40", "weight: 0", ["19:30: value-form: `weight` is to be a number over 0, not "]),
        ("weight: 40", "weight: -1", ["`weight` is to be a number over 0, not `-1`"]),
        ("weight: 40", "wieght: 40", ["key-unknown: `wieght` is no key of part `seat_use`"]),
        ("zero: 0, full: 0.8", "zero: 0", ["19:7: key-missing: part `seat_use` lacks `full`; add"]),
        ("zero: 0, full: 0.8", "full: 0.8", ["lacks `zero`; add `zero:` the one that earns 0"]),
        (", zero: 0, full: 0.8", "", ["part-points: `seat_use` has nothing that earns points; wr"]),
        ("full: 0.8}", "full: 0.0}", ["19:43: points-flat: `zero` and `full` are both 0, so no"]),
        ("full: 0.8}", "full: most}", ["value-form: `full` is to be a number, not `most`"]),
        ("full: 0.8}", "full: 3.800}", ["number-ambiguous"]),
        ("full: 0.8}", "full: 0.8, points: {x: 1, y: 2}}", ["part-points: `seat_use` has `points"]),
        ("known: 50", "known: 150", ["value-form: `known` is to be a number from 0 to 100, not `"]),
        ("known: 50", "Lighthouse: 50", ["grid-key: `Lighthouse` cannot be a text that earns"]),
        ("{lighthouse: 100, known: 50}", "{}", ["part-points: `market` has nothing that earns"]),
        ("{lighthouse: 100, known: 50}", "100", ["value-form: `points` is to be a mapping"]),
        ("red: rest", "red: at most 39", ["24:5: band-gap: the bands of score `health` leave out"]),
        ("red: rest", "red: under 0", ["band-never-wins: the band `red` can never win: no amount i",
         "band-gap"][::-1]),
        ("yellow: at least 40", "yellow: at least 70", ["band-never-wins: the band `yellow` can "]),
        ("green: at least 70", "green: over 100", ["band-never-wins"]),
        ("green: at least 70", "green: good", ["band-form: `good` is no band of score `health`"]),
        ("green:", "Not scored:", ["24:13: grid-key: `Not scored` cannot be a band: it is the ba"]),
        ("green: at least 70", "green: > 70", ["yaml-unquoted"]),
        ("min_coverage: 60", "min_coverage: 101", ["value-form: `min_coverage` is to be a number"]),
        ("min_coverage: 60", "trend: 1q", ["span-form: `1q` is no number of days"]),
        ("min_coverage: 60", "trend: {}", ["value-form: `trend` is to be a number of days"]),
        ("at: 39", "at: -1", ["value-form: `at` is to be a number from 0 to 100, not `-1`"]),
        ("when: {champion: left}, at", "at", ["key-missing: a line of `cap` lacks `when`"]),
        ("[{when: {champion: left}, at: 39}]", "39", ["value-form: `cap` is to be a list, not `3"]),
        ("cap: [", "caps: [", ["key-unknown: `caps` is no key of score `health`; did you mean `c"]),
        ("      days_late:", "      Seat Use:", ["22:7: columns-repeated: `Seat Use` and `seat_u"]),
        ("{market: {weight: 2, points: {lighthouse: 100, known: 50}}}", "{}", ["27:15: key-missi"]),
        ("{market: {weight: 2, points: {lighthouse: 100, known: 50}}}", "[market]", ["value-form"]),
        ("days_late:    ", "grade: ", ["22:7: score-sees-grade: `grade` is known only after "]),
        ("days_late:    ", "Likelihood: ", ["score-sees-grade: `Likelihood`"]),
        ("champion: left", "tier: 1", ["26:19: score-sees-grade: `tier`"]),
        ("champion: left", "any: [{size: A}, {champion: left}]", ["26:26: score-sees-grade: `siz"]),
        ("per: seats", "per: borderline", ["9:67: score-sees-grade: `borderline`"]),
        ("match: needs", "match: Tier Name", ["15:18: score-sees-grade: `Tier Name`"]),
        ("days_late:    ", "start_date: ", ["part-points: `start_date` is a date, which has no `"]),
        ("days_late:    ", "segment: ", ["part-points: `segment` is a text, which has no `zero`"]),
        ("days_late:    ", "strategic_band: ", ["part-points: `strategic_band` is a text"]),
        ("per: seats", "per: csm", ["per-field: `per: csm` cannot divide the measure: it is a te"]),
        ("per: seats", "per: renewal date", ["it is a date"]),
        ("per: seats", "per: Strategic", ["9:67: per-field: `per: Strategic` cannot divide the m"]),
        ("per: seats", "per: rfm_m", ["it is made by `rfm`"]),
    ],
)  # fmt: skip
def test_scores_refused(before: str, after: str, expected: list[str]) -> None:
    """A change that breaks a score is named, and nothing else is."""
    assert before in EXAMPLE
    refused(EXAMPLE.replace(before, after, 1), *expected)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("from: orders, ", "", ["28:6: key-missing: `rfm` lacks `from`"]),
        ("amount: amount", "amounts: amount", ["key-missing: `rfm` lacks `amount`", "key-unknown"]),
        ("cuts: quantiles", "cuts: quintiles", ["value-form: `cuts` is to be `quantiles`, or a l"]),
        ("cuts: quantiles", "cuts: {recency: [1], frequency: [1]}", ["lacks `monetary`"]),
        ("cuts: quantiles", "cuts: {recency: 30, frequency: [1], monetary: [1]}", ["value-form: "]),
        ("cuts: quantiles", "cuts: {recency: [90, 30], frequency: [1], monetary: [1]}",
         ["28:56: cuts-order: the cuts of `recency` do not rise from each to the next; write one"]),
        ("cuts: quantiles", "cuts: {recency: [1], frequency: [2, 2], monetary: [1]}", ["cuts-ord"]),
        ("cuts: quantiles", "cuts: {recency: [1], frequency: [2], monetary: [1,2,3,4,5,6,7,8,9]}",
         ["cuts-order: the cuts of `monetary` are 9"]),
        ("cuts: quantiles", "cuts: {recency: [-1], frequency: [2], monetary: [1]}",
         ["value-form: `recency` is to be a number from 0, not `-1`"]),
        ("name: champions", "name: None", ["grid-key: `None` cannot be a segment: it is the segm"]),
        ("name: champions", "nmae: champions", ["key-missing", "key-unknown: `nmae`"]),
        ("{r: at least 4", "{recency: at least 4", ["29:26: segment-field: a segment looks at "]),
        ("segments: [", "segments: [{name: all}, ", ["rule-never-reached", "rule-never-reached"]),
        ("model: contract", "model: contracts", ["30:14: value-unknown: `contracts` is no model "]),
        ("model: contract, ", "", ["key-missing: `clv` lacks `model`"]),
        ("model: contract", "model: transactions", ["key-missing: `clv` of `model: transactions` l",
         "key-missing", "key-unknown: `retention` is no key of `clv` of `model: transactions`"]),
        ("years: 5", "years: 5, amount: paid", ["key-unknown: `amount` is no key of `clv` of `mo"]),
        ("margin: 0.8", "margin: 80", ["value-form: `margin` is to be a number from 0 to 1 (or a"]),
        ("margin: 0.8", "margin: -1%", ["`margin` is to be a number from 0 to 1"]),
        ("discount: 10%", "discount: 10", ["value-form: `discount` is to be a rate a year "]),
        ("discount: 10%", "discount: -0.1", ["`discount` is to be a rate a year from 0 to 1"]),
        ("discount: 10%", "discount: ~", ["30:37: key-missing: `clv` of `model: contract` lacks"]),
        ("years: 5", "years: 0", ["value-form: `years` is to be a whole number from 1, not `0`"]),
        ("years: 5", "years: 2.5", ["value-form: `years` is to be a whole number from 1, not `2."]),
        ("years: 5", "years: 500", ["value-form: `years` is to be a whole number from 1 to 100, "]),
        ("retention: 0.9", "retention: 9", ["30:73: value-form: `retention` is to be a share kep"]),
        ("retention: 0.9", "retention: guess", ["value-form: `retention` is to be a share kept a"]),
        ("retention: 0.9", "retention: [0.9]", ["value-form: `retention` is to be a share kept a"]),
        ("retention: 0.9", "retention: {alpha: 0.668}", ["key-missing: `retention` lacks `beta`"]),
        ("retention: 0.9", "retention: {alpha: 0, beta: 1}", ["`alpha` is to be a number over 0,"]),
        (", retention: 0.9", "", ["key-missing: `clv` of `model: contract` lacks `retention`"]),
        ("clv: {", "clv: [{", ["yaml-syntax"]),
    ],
)  # fmt: skip
def test_values_refused(before: str, after: str, expected: list[str]) -> None:
    """A change that breaks RFM or lifetime value is named, and nothing else is."""
    assert before in EXAMPLE
    if "yaml-syntax" in expected:
        problems: list[Problem] = []
        assert parse_text(EXAMPLE.replace(before, after, 1), "s.yaml", problems) is None
    elif "rule-never-reached" in expected:
        signals, said = read(EXAMPLE.replace(before, after, 1))
        assert signals is not None
        assert all(one in text for one, text in zip(expected, said, strict=True))
    else:
        refused(EXAMPLE.replace(before, after, 1), *expected)


def test_no_sources() -> None:
    """Where there are no sources at all, the message says where they go."""
    refused(
        "measures: {m: {from: usage, take: count}}\nrfm: {from: [a], amount: b}\n",
        "1:22: value-unknown: `usage` is no source; name its file and date column under `sources:`",
        "2:13: value-form: `from` is to be one of",
    )


def test_all_at_once() -> None:
    """Errors in all parts come together, those of the whole with those of single lines."""
    refused(
        "sources: {usage: {file: u.csv}}\n"
        "events: {any: {from: usage}}\n"
        "measures:\n  m: {from: usage, take: summ x}\n  arr: {from: usage, take: count}\n"
        "scores:\n  s: {of: {tier: {zero: 1, full: 1}, t: }}\n  t: {of: {s: }}\n"
        "rfm: {from: usage}\n"
        "clv: {model: contract}\n"
        "optionl: [x]\n",
        "1:18: key-missing", "2:10: event-reserved", "4:26: value-unknown", "5:3: signal-name",
        "7:3: score-cycle", "7:12: score-sees-grade", "7:28: points-flat",
        "9:6: key-missing", *["10:6: key-missing"] * 4,
        "11:1: key-unknown",
    )  # fmt: skip


def test_no_mappings() -> None:
    """What is a text or a list where it should be a mapping is told, each at its place."""
    refused("[sources]\n", "1:1: value-form: signals.yaml is to be a mapping, not a list")
    refused("measures: [a]\nscores: b\n", "1:11: value-form: `measures`", "2:9: value-form: `sc")
    refused(
        "sources: usage.csv\nevents:\n  e: usage\n"
        "measures:\n  m: usage\n  n: {take: [sum, x], from: usage}\n"
        "scores:\n  s: 1\n  t: {of: {s: 1}, cap: [39], bands: [a]}\n"
        "rfm: {segments: [a], from: usage, amount: b}\nclv: 5\n",
        "1:10: value-form: `sources` is", "3:6: value-form: event `e` is",
        "5:6: value-form: measure `m` is", "6:13: value-form: `take` is",
        "6:29: value-unknown", "8:6: value-form: score `s` is", "9:15: value-form: part `s` is",
        "9:25: value-form: a line of `cap` is", "9:37: value-form: `bands` is to be a mapping",
        "10:18: value-form: a line of `segments`", "10:28: value-unknown",
        "11:6: value-form: `clv`",
    )  # fmt: skip


def test_via() -> None:
    """A lookup names a file and the column that both have; a mapped name stands once."""
    refused(
        "sources:\n"
        "  u: {file: u.csv, date: d, via: subs.csv}\n"
        "  v: {file: u.csv, date: d, via: {file: subs.csv}}\n"
        "  w: {file: u.csv, date: d, columns: {account id: a, Account_ID: b, c: [d]}}\n",
        "2:34: value-form: `via` is to be a mapping, not `subs.csv`",
        "3:34: key-missing: `via` lacks `on`",
        "4:54: columns-repeated: `Account_ID` and `account id` (line 4) are one field",
        "4:72: value-form: `c` is to be the header of a column, not a list",
    )


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("arr", "`arr` cannot be a measure: `arr` is a field of csprio"),
        ("Renewal In", "`renewal_in` is a field of csprio"),
        ("tier-name", "`tier_name` is a field of csprio"),
        ("CSM", "`csm` is a field of csprio"),
        ("All", "the word nests conditions"),
        ("--", "it has no letter or digit"),
        ("'a,b'", "`--add` and `--where` could not name it, with one of `,=<>!` in it"),
        (
            "He-alth",
            "`health` cannot be a score: `He-alth`, a measure on line 3, has the same name",
        ),
        ("health_band", "`health_band` cannot be the band of the score `health`: a measure on lin"),
        ("n_last", "`n_last` cannot be made by the measure `n`: a measure on line 3, has the same"),
        ("RFM", "`rfm` cannot be made by `rfm`: `RFM`, a measure on line 3, has the same name"),
        ("p.alive", "`p_alive` cannot be made by `clv`: `p.alive`, a measure on line 3, has the"),
    ],
)
def test_names(name: str, why: str) -> None:
    """No two fields have one name, spelling aside, and none that of a field of csprio."""
    signals, problems = read(
        f"{USAGE}measures:\n  {name}: {{from: usage, take: count}}\n"
        "  n: {from: usage, take: nps answer}\n"
        "scores: {health: {of: {c: {zero: 0, full: 1}}}}\n"
        "rfm: {from: usage, amount: paid}\n"
        "clv: {model: transactions, margin: 1, discount: 0, years: 1, from: usage, amount: paid}\n"
    )
    assert signals is None
    [problem] = problems
    assert ": signal-name: " in problem
    assert why in problem


@pytest.mark.parametrize(
    ("scores", "circles"),
    [
        ({"a": "a"}, ["2:3: score-cycle: the scores need each other in a circle: a -> a"]),
        (
            {"a": "b", "b": "c", "c": "a"},
            ["2:3: score-cycle: the scores need each other in a circle: a -> b"],
        ),
        (
            {"x": "b", "b": "c", "c": "B"},
            ["3:3: score-cycle: the scores need each other in a circle: b -> c"],
        ),
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, ["a -> b -> a; let one", "c -> d -> c"]),
        ({"a": "c, b", "b": "a", "c": "a"}, ["a -> c -> a"]),
        ({"a": "b", "b": "c", "c": "plain"}, []),
        ({f"s{at}": f"s{(at + 1) % 20}" for at in range(20)}, ["s10 -> s11 -> 8 more -> s0"]),
    ],
)
def test_circles(scores: dict[str, str], circles: list[str]) -> None:
    """Scores that use each other in a circle are named in order, each circle once."""
    lines = [f"  {name}: {{of: {{{of}: }}}}\n" for name, of in scores.items()]
    text = "scores:\n" + "".join(lines).replace(", b", ": , b")
    text = text.replace("plain: ", "plain: {zero: 0, full: 1}")
    if circles:
        refused(text, *circles)
    else:
        good(text)


def test_circles_of_caps_and_measures() -> None:
    """A cap may close a circle, as may measures that divide by each other."""
    refused(
        f"{USAGE}measures:\n"
        "  a: {from: usage, take: count, per: B}\n"
        "  b: {from: usage, take: count, per: a}\n"
        "scores:\n"
        "  s: {of: {a: {zero: 0, full: 1}}, cap: [{when: {s_band: low}, at: 40}]}\n",
        "3:3: score-cycle: the measures need each other in a circle: a -> b -> a",
        "6:3: score-cycle: the scores need each other in a circle: s -> s",
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("min_coverage: 60", "min_coverage: 0.6",
         "25:19: of-hundred: `min_coverage` is counted out of 100, so 0.6 is next to nothing; w"),
        ("at: 39", "at: 0.39", "`at` is counted out of 100, so 0.39 is next to nothing; write"),
        ("{lighthouse: 100, known: 50}", "{lighthouse: 1, known: 0.5}",
         "27:48: of-hundred: what a text earns is counted out of 100, so 1 is next to nothing; w"),
        ("  tickets:", "  old: {file: o.csv, date: d}\n  tickets:",
         "3:3: source-unused: nothing uses the source `old`"),
    ],
)  # fmt: skip
def test_warnings(before: str, after: str, expected: str) -> None:
    """What is probably not meant is told, and the signals are read all the same."""
    assert before in EXAMPLE
    signals, problems = read(EXAMPLE.replace(before, after, 1))
    assert signals is not None
    [problem] = problems
    assert expected in problem


def test_unused_source_of_the_whole() -> None:
    """While a measure cannot be read, nothing is said about its source."""
    refused(measure("take: total x"), "did you mean `sum`?")
