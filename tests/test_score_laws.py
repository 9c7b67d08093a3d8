"""What holds of all signals, whatever the sources say: csprio is held against itself."""

import csv
import io
import os
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from naive import folder
from naive.book import Case, Row
from naive.pick import Pick
from naive.signalling import added, scored_cases
from naive.sources import Sheet, moment
from session import run

ASKED = os.environ.get("CSPRIO_EXAMPLES")
EXAMPLES = (
    settings(max_examples=int(ASKED), derandomize=False)
    if ASKED
    else settings(max_examples=max(settings().max_examples // 30, 10))
)
SEEDS = st.integers(0, 2**32)
EARLY = date(2019, 1, 1)  # before any row that can be drawn
MILLIONTH = Decimal("0.000001")
TREND = 28
LONG = "4000d"
# What becomes of a measure where every row stands in its file twice.
TWICE = {
    **dict.fromkeys(["count", "sum"], 2),
    **dict.fromkeys(["mean", "min", "max", "last", "days", "distinct", "since", "trend"], 1),
}


def ask(case: Case, *questions: list[str]) -> list[list[Row]]:
    """Ask csprio about a case in a folder of its own, and give the rows of each answer."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "book"
        folder.write(case, place)
        found = []
        for command, *options in questions:
            words = [command, "accounts.csv", "--signals=signals.yaml", "-f", "csv", *options]
            words += [] if "--as-of" in options else ["--as-of", str(case.as_of)]
            result = run(*words, cwd=place)
            told = f"$ csprio {' '.join(words)}\n{folder.show(place)}"
            assert result.code == 0, f"exit {result.code}: {result.err.decode()}\n{told}"
            found.append(list(csv.DictReader(io.StringIO(result.out.decode(), newline=""))))
        return found


def agree(one: Case, other: Case) -> None:
    """Hold two cases against each other: every answer is the same, to the last column."""
    fields = ",".join(added(one))
    questions = [["scores"], ["grade", "--add", fields], ["calendar"], ["worklist"]]
    for question, first, second in zip(
        questions, ask(one, *questions), ask(other, *questions), strict=True
    ):
        assert first == second, f"{question[0]}\n{shown(one)}\n--- or\n{shown(other)}"


def shown(case: Case) -> str:
    """Show a case as its files, for a message that somebody has to understand."""
    with tempfile.TemporaryDirectory() as name:
        folder.write(case, Path(name))
        return folder.show(Path(name))


def with_signals(case: Case, **parts: Any) -> Case:  # noqa: ANN401
    """Change sections of the signals."""
    return replace(case, signals={**(case.signals or {}), **parts})


def with_rows(case: Case, change: Callable[[dict[str, Any], list[Row]], list[Row]]) -> Case:
    """Change the rows of every source."""
    files = dict(case.files)
    for about in (case.signals or {})["sources"].values():
        sheet = files[about["file"]]
        files[about["file"]] = replace(sheet, rows=change(about, sheet.rows))
    return replace(case, files=files)


def plain_measures(case: Case, **instead: str) -> Case:
    """Keep measures that take rows, without what divides them or stands in for rows.

    Sources never go stale here.
    """
    policy = deepcopy(case.signals or {})
    measures = {name: about for name, about in policy["measures"].items() if "from" in about}
    for about in measures.values():
        about.pop("per", None)
        about.pop("empty", None)
        about |= {key: text for key, text in instead.items() if key in about}
    for about in policy["sources"].values():
        about["stale_after"] = LONG
    assume(measures)
    scores = {"s": {"of": {name: {"zero": "0", "full": "1"} for name in measures}}}
    bare = replace(case, grid=None, journal={}, playbook=PLAYBOOK, own=[])
    return replace(
        bare, signals={"sources": policy["sources"], "measures": measures, "scores": scores}
    )


def looks_at_all(case: Case) -> bool:
    """Tell whether what an account is hangs on the others: where quantiles are taken."""
    policy = case.signals or {}
    return "rfm" in policy and policy["rfm"].get("cuts", "quantiles") == "quantiles"


PLAYBOOK: dict[str, Any] = {
    "roles": {"csm": {"title": "CSM"}},
    "plans": {"all": [{"id": "call", "title": "Call", "role": "csm", "due": "start"}]},
}


@EXAMPLES
@given(scored_cases(), st.sampled_from(["3", "0.5", "1000"]))
def test_the_scale_of_weights_changes_nothing(case: Case, factor: str) -> None:
    """Weights are shares: multiplied by one number they say the same, the notes included."""
    scores = deepcopy((case.signals or {})["scores"])
    for about in scores.values():
        for line in about["of"].values():
            line["weight"] = f"{Decimal(line.get('weight', '1')) * Decimal(factor):f}"
    agree(case, with_signals(case, scores=scores))


@EXAMPLES
@given(scored_cases(), SEEDS)
def test_the_order_of_rows_changes_nothing(case: Case, seed: int) -> None:
    """But that of an account's rows of one day, where the last of them is the later."""

    def mixed(about: dict[str, Any], rows: list[Row]) -> list[Row]:
        pick = Pick(f"{seed}{about['file']}")
        key = _key_of(about, rows)
        places: dict[object, list[Row]] = {}
        for row in rows:
            places.setdefault(_day_of(row, about, key), []).append(row)
        return [places[_day_of(row, about, key)].pop(0) for row in pick.mixed(rows)]

    agree(case, with_rows(case, mixed))


def _key_of(about: dict[str, Any], rows: list[Row]) -> str:
    """Find the column by which rows name their account."""
    if "via" in about:
        return str(about["via"]["on"])
    names = [*rows[0]] if rows else []
    wanted = about.get("columns", {}).get("account_id", "")
    return wanted or next((one for one in names if one.casefold().startswith("account")), "")


def _day_of(row: Row, about: dict[str, Any], key: str) -> object:
    text = row[about["date"]]
    return row[key].strip(), moment(text, "dmy"), moment(text, "mdy")


@EXAMPLES
@given(scored_cases(), SEEDS)
def test_what_comes_later_is_not_seen(case: Case, seed: int) -> None:
    """The answers as of a day stay the same, whatever rows are added that are dated after it."""

    def later(about: dict[str, Any], rows: list[Row]) -> list[Row]:
        pick = Pick(f"{seed}{about['file']}")
        days = [str(case.as_of + timedelta(days=apart)) for apart in (1, 2, 30, 400)]
        more = [{**pick.choice(rows), about["date"]: day} for day in days] if rows else []
        mixed = [*rows]
        for row in more:
            mixed.insert(pick.randint(0, len(mixed)), row)
        return mixed

    agree(case, with_rows(case, later))


@EXAMPLES
@given(scored_cases())
def test_before_the_first_row_nothing_is_known(case: Case) -> None:
    """Before an account is connected its measures are missing, none of them is zero."""
    bare = plain_measures(case)
    names = list((bare.signals or {})["measures"])
    (rows,) = ask(bare, ["grade", "--add", ",".join(names), "--as-of", str(EARLY)])
    assert {row[name] for row in rows for name in names} <= {""}, shown(bare)
    (rows,) = ask(bare, ["scores", "--as-of", str(EARLY)])
    assert {(row["value"], row["band"], row["coverage"]) for row in rows} == {
        ("", "not scored", "0")
    }


@EXAMPLES
@given(scored_cases(), SEEDS)
def test_a_part_of_the_accounts_gets_the_same_answers(case: Case, seed: int) -> None:
    """What an account is does not hang on who else is asked about; quantiles aside."""
    pick = Pick(seed)
    if looks_at_all(case):
        case = plain_measures(case)
    kept = [row for row in case.rows if pick.one_in(2)] or case.rows[:1]
    ids = {row["account_id"] for row in kept}
    part = replace(case, rows=kept, own=[one for one in case.own if one["account"] in ids])
    questions = [["scores"], ["grade", "--add", ",".join(added(case))]]
    for all_rows, rows in zip(ask(case, *questions), ask(part, *questions), strict=True):
        assert [row for row in all_rows if row["account_id"] in ids] == rows, shown(case)


@EXAMPLES
@given(scored_cases())
def test_two_windows_are_one_of_both(case: Case) -> None:
    """What is counted in 28 days is what the last 14 hold, and the 14 before."""
    wide, half = plain_measures(case, over="28d"), plain_measures(case, over="14d")
    measures = (wide.signals or {})["measures"]
    names = [
        name
        for name, about in measures.items()
        if about["take"].split()[0] in {"sum", "count", "days"} and "over" in about
    ]
    assume(names)
    question = ["grade", "--add", ",".join(names)]
    (whole,) = ask(wide, question)
    before = str(case.as_of - timedelta(days=14))
    now, then = ask(half, question, [*question, "--as-of", before])
    for row, one, other in zip(whole, now, then, strict=True):
        for name in names:
            assert (row[name] == "") == (one[name] == ""), shown(wide)
            if row[name]:
                both = Decimal(one[name]) + Decimal(other[name] or 0)
                assert Decimal(row[name]) == both, f"{name}\n{shown(wide)}"


@EXAMPLES
@given(scored_cases())
def test_every_row_twice(case: Case) -> None:
    """Counts and sums double; a mean, a last value, a trend, days and distinct things stay."""
    bare = plain_measures(case)
    measures = (bare.signals or {})["measures"]
    factors = {name: TWICE.get(about["take"].split()[0]) for name, about in measures.items()}
    names = [name for name, factor in factors.items() if factor]
    assume(names)
    question = ["grade", "--add", ",".join(names)]
    (once,) = ask(bare, question)
    (twice,) = ask(with_rows(bare, lambda _, rows: [*rows, *rows]), question)
    for one, other in zip(once, twice, strict=True):
        for name in names:
            expected = one[name] and Decimal(one[name]) * (factors[name] or 0)
            assert (other[name] and Decimal(other[name])) == expected, f"{name}\n{shown(bare)}"


@EXAMPLES
@given(scored_cases())
def test_a_change_is_what_two_answers_differ_by(case: Case) -> None:
    """Where both days know everything and nothing is capped, it is the one score less the other."""
    scores = deepcopy((case.signals or {})["scores"])
    for about in scores.values():
        about.pop("cap", None)
        about["trend"] = f"{TREND}d"
    assume(
        (case.signals or {}).get("rfm", {"cuts": ""}).get("cuts", "quantiles") != "quantiles"
    )  # few may have had rows
    bare = with_signals(case, scores=scores)
    before = str(case.as_of - timedelta(days=TREND))
    now, then = ask(bare, ["scores"], ["scores", "--as-of", before])
    for one, other in zip(now, then, strict=True):
        if one["value"] and other["value"] and one["coverage"] == other["coverage"] == "100":
            apart = Decimal(one["value"]) - Decimal(other["value"])
            assert abs(Decimal(one["change"]) - apart) <= MILLIONTH, shown(bare)


@pytest.mark.parametrize("days", [0, 1])
def test_the_day_of_the_first_row_is_the_first_that_knows(days: int) -> None:
    """On the day of its first row an account is connected, on the day before it is not."""
    on = date(2026, 11, 23)
    rows = [{"date": str(on), "account_id": "a", "x": "1"}]
    case = Case(
        columns=["account_id"],
        rows=[{"account_id": "a"}],
        playbook=PLAYBOOK,
        as_of=on - timedelta(days=days),
        signals={
            "sources": {"log": {"file": "log.csv", "date": "date"}},
            "measures": {"m": {"from": "log", "take": "count", "where": {"x": "2"}}},
        },
        files={"log.csv": Sheet(["date", "account_id", "x"], rows)},
    )
    ((row,),) = ask(case, ["grade", "--add=m"])
    assert row["m"] == ("" if days else "0")
