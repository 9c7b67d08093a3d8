"""Random signals: policies that measure, score and value what random sources say."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from naive import rfm
from naive.book import Book, Case
from naive.entries import entry
from naive.grading import BUILT_IN
from naive.pick import Pick
from naive.signal_rows import COLUMNS, MISSING, NUMBERS, TEXTS, Draw, everybody, source, where
from naive.sources import Sheet, Source
from naive.strategies import SEED, cases
from naive.workdays import add_months

Policy = dict[str, Any]

OVERS = ["1d", "7d", "14d", "28d", "35d", "90d", "365d"]
TRENDS = ["1d", "7d", "14d", "28d", "90d"]
SCORES = ["health", "upsell", "engagement", "strategic", "churn_risk"]
EVENTS = ["export", "New-Group", "usage-drop", "churned", "renewed"]
LEAST, MOST = 0.01, 100  # parameters of renewals that are no run-aways
CROWD = 32  # accounts, a few more than quantiles need
COUNTED = {"sum", "count", "days", "distinct"}


CALL = {"id": "call", "title": "Call", "role": "csm", "due": "start"}


def _of(*texts: str) -> Draw:
    return lambda pick: pick.choice(texts)


# Columns of the accounts file that signals look at, besides those that every case has.
CELLS: dict[str, Draw] = {
    "days_late": _of("", "", "0", "12", "30", "45", "-3", "7.5", "1,200", "n/a"),
    "market": _of("", "lighthouse", "Known", "known", "other"),
    "needs": _of("", "sso", "sso; api", "SSO;reporting", "chat", "sso; chat; sso", ";"),
}
COVERING: dict[str, Draw] = {
    "tenure_days": _of("", "0", "45", "400"),
    "headroom": _of("", "0", "12000", "-5"),
}
ENDS = [("0", "10"), ("10", "0"), ("-1", "1"), ("0", "0.8"), ("6", "-6"), ("100", "-100")]
ENDS += [("0", "365"), ("90", "0"), ("0", "1.5k"), ("-50k", "50k"), ("1", "3")]
FIELDS = ["days_late", "tenure_days", "renewal_in", "days_since_touch", "days_since_grade"]
FIELDS += ["headroom", "arr", "potential", "seats"]
POINTS = {
    "market": {"lighthouse": "100", "known": "33.5"},
    "motion": {"growth": "100", "retention": "60", "churn-prevention": "0"},
    "champion": {"strong": "100", "Weak": "20", "left us": "0"},
    "rfm_segment": {"champions": "100", "others": "40"},
}
DIVISORS = ["seats", "arr", "days_late", "tenure_days", "renewal_in", "headroom", "potential"]


def _measure(pick: Pick, policy: Policy, case: Case) -> Policy:
    """Draw a measure of a source, of any kind."""
    name = pick.choice([*policy["sources"]])
    number = pick.choice(NUMBERS[name])
    takes = [f"{one} {number}" for one in ("sum", "mean", "min", "max", "last", "trend", "trend")]
    takes += ["count", "count", "days", "since", f"distinct {TEXTS[name]}", f"distinct {number}"]
    takes += [f"distinct {policy['sources'][name]['date']}"]
    take = pick.choice(takes)
    about: Policy = {"from": name, "take": take, "over": pick.choice(OVERS)}
    if not take.startswith("trend") and pick.one_in(6):
        del about["over"]
    if pick.one_in(3):
        about["where"] = where(pick, name, policy["sources"][name], case.as_of)
    if take.partition(" ")[0] in COUNTED and pick.one_in(3):
        about["empty"] = "0"
    if pick.one_in(5):
        about["per"] = pick.choice(DIVISORS)
    return about


def _measures(pick: Pick, policy: Policy, case: Case) -> Policy:
    """Draw the measures; some are divided by another, which may stand behind them."""
    found = {f"m{number}": _measure(pick, policy, case) for number in range(pick.randint(1, 5))}
    if "survey" in policy["sources"] and pick.one_in(2):
        found["nps"] = {"from": "survey", "take": "nps score", "over": pick.choice(OVERS)}
        found["nps"] |= {} if pick.one_in(4) else {"by": "contact"}
        found["nps"] |= {"where": {"contact": "not cy"}} if pick.one_in(5) else {}
    if pick.one_in(3):
        meet = {"sso": "1", "reporting": "1", "api": "0.5"}
        found["fit"] = {"match": "needs", "we_meet": meet}
    mixed = pick.mixed([*found])
    for number, name in enumerate(mixed):
        if number and name.startswith("m") and pick.one_in(6):
            found[name]["per"] = pick.choice(mixed[:number])
    return {name: found[name] for name in pick.mixed([*found])}


def _line(pick: Pick, field: str) -> Policy:
    """Draw how a measure earns its points."""
    line: Policy = {}
    if pick.one_in(2):
        line["weight"] = pick.choice(["2", "0.5", "40", "15", "1", "33.3"])
    points = {"green": "100", "yellow": "55.5"} if field.endswith("_band") else POINTS.get(field)
    if points:
        return {**line, "points": points}
    zero, full = pick.choice(ENDS)
    return {**line, "zero": zero, "full": full}


def _score(pick: Pick, fields: list[str], before: list[str]) -> Policy:
    """Draw a score of measures, of columns, and perhaps of the scores before it."""
    bands = [f"{one}_band" for one in before]
    texts = ["market", "motion", "champion"] + ["rfm_segment"] * ("rfm_m" in fields)
    some = pick.several([*fields, *fields, *fields, *FIELDS, *texts, *before, *before, *bands], 5)
    about: Policy = {"of": {}}
    for field in dict.fromkeys([pick.choice(fields), *some]):
        bare = (field in before or field == "fit") and pick.one_in(2)
        hundred = {} if bare else {"zero": "0", "full": "100"}
        about["of"][field] = hundred if field in before else {} if bare else _line(pick, field)
    if not pick.one_in(5):
        about["bands"] = _bands(pick, ["green", "yellow", "red"])
    if pick.one_in(2):
        about["min_coverage"] = pick.choice(["0", "20", "60", "100", "33.3"])
    if pick.one_in(2):
        about["trend"] = pick.choice(TRENDS)
    if pick.one_in(3):
        at = ["0", "39", "60.5"]
        about["cap"] = [
            {"when": _cap(pick, fields, before), "at": pick.choice(at)}
            for _ in range(pick.randint(1, 2))
        ]
    return about


def _cap(pick: Pick, fields: list[str], before: list[str]) -> Policy:
    """Draw when a score is capped: by cells, computed fields, measures, or other scores."""
    whens: list[Policy] = [
        {"champion": pick.choice(["left us", "missing"])},
        {"seats": "over 5"},
        {"motion": ["churn-prevention", "missing"]},
        {"tenure_days": "at most 365"},
        {"renewal_in": pick.choice(["under 90", "missing"])},
        {"days_since_touch": "missing", "arr": "over 10k"},
        {"headroom": "under 0"},
        {"start_date": "over 2025-06-30"},
        {"any": [{"segment": "retail"}, {"days_since_grade": "0..30"}]},
        {pick.choice(fields): pick.choice(["missing", "over 1", "at most 0", "0"])},
    ]
    whens += [{f"{one}_band": ["red", "is not scored"]} for one in before]
    whens += [{one: pick.choice(["under 50", "missing"])} for one in before]
    return pick.choice([*whens, *whens[-3:]])


def _bands(pick: Pick, names: list[str]) -> Policy:
    """Cut the way from 0 to 100 into bands."""
    edges = sorted(pick.sample([10, 33, 40, 50, 65, 70, 90], len(names) - 1), reverse=True)
    tests = [f"{pick.choice(['at least', 'over'])} {edge}" for edge in edges]
    return dict(zip(names, [*tests, "rest"], strict=True))


def _rfm(pick: Pick, *, crowded: bool) -> Policy:
    cuts: Any = {
        "recency": ["6", "30", "90", "180"],
        "frequency": ["0", "1", "2", "4"],
        "monetary": ["0", "500", "1.2k", "20k"],
    }
    segments = [
        {"when": {"r": "at least 4", "f": "at least 3"}, "name": "champions"},
        {"when": {"r": "at most 2", "m": ["4", "5"]}, "name": "asleep"},
        {"name": "others"},
    ]
    about: Policy = {"from": "orders", "amount": "amount"}
    if not pick.one_in(4):
        about["over"] = pick.choice(["90d", "365d"])
    if not crowded and not pick.one_in(4):
        about["cuts"] = cuts
    elif pick.one_in(2):
        about["cuts"] = "quantiles"
    if not pick.one_in(6):
        about["segments"] = pick.choice([segments, segments, segments[:2], segments[2:]])
    return about


def _with_enough(policy: Policy, files: dict[str, Sheet], case: Case) -> Policy:
    """Leave quantiles out where fewer accounts bought than they can be found among."""
    about, ids = policy["rfm"], [row["account_id"] for row in case.rows]
    orders = Source(policy["sources"]["orders"], files, case.as_of, config=case.config)
    if rfm.cuts(about, rfm.trades(about, orders, ids, case.as_of)) is None:
        return {key: value for key, value in policy.items() if key != "rfm"}
    return policy


def _clv(pick: Pick) -> Policy:
    sbg = {"alpha": "0.668", "beta": "3.806"}
    return {
        "model": "contract",
        "margin": pick.choice(["0.8", "0.75", "1"]),
        "discount": pick.choice(["10%", "0.1", "8.5%", "0"]),
        "years": pick.choice(["5", "3", "1"]),
        "retention": pick.choice(["0.9", "0.85", sbg, sbg]),
    }


def _conditions(pick: Pick, fields: list[str], names: list[str]) -> Policy:
    """Draw a condition on what signals say."""
    name = pick.choice(names)
    ways: list[Policy] = [
        {name: pick.choice(["at least 50", "under 40", "missing", "present", "not over 65"])},
        {f"{name}_band": pick.choice(["green", ["yellow", "red"], "is not scored", "not red"])},
        {pick.choice(fields): pick.choice(["missing", "present", "over 0", "0", "at most 5"])},
    ]
    return pick.choice(ways)


def _with_conditions(case: Case, pick: Pick, fields: list[str], names: list[str]) -> Case:
    """Let the likelihood, borderline cells and activities look at what signals say."""
    grid, playbook = deepcopy(case.grid), deepcopy(case.playbook)
    if pick.one_in(2):
        grid = grid or deepcopy(BUILT_IN)
        levels = list(grid.get("likelihood", {}).get("levels", ()))
        levels = levels or [str(n + 1) for n in range(len(next(iter(grid["grid"].values()))))]
        banded = {"from": pick.choice(names), "levels": _bands(pick, levels)}
        grid = {"name": grid["name"], "potential": grid["potential"], "likelihood": banded} | grid
        grid["likelihood"] = banded
    if grid and "borderline" in grid and pick.one_in(2):
        for rule in grid["borderline"]:
            rule["when"] = _conditions(pick, fields, names)
    for plan in playbook["plans"].values():
        for activity in plan:
            if pick.one_in(4):
                activity["when"] = _conditions(pick, fields, names)
            if activity["due"].startswith("event") and pick.one_in(3):
                activity["due"] = f"event {pick.choice(EVENTS)} + 2d"
                activity.pop("until", None)
    return replace(case, grid=grid, playbook=playbook)


def _with_cells(case: Case, pick: Pick) -> Case:
    """Give the accounts the columns that only signals look at, and the likes of computed ones."""
    drawn = CELLS | {name: draw for name, draw in COVERING.items() if pick.one_in(12)}
    rows = [
        {**row, **{name: draw(Pick(f"{name}{row}")) for name, draw in drawn.items()}}
        for row in case.rows
    ]
    columns = [*case.columns, *drawn]
    blank = [name for name in ("seats", "arr") if name not in columns]
    rows = [{**row, **dict.fromkeys(blank, "")} for row in rows]
    config = {**case.config, **({"missing": MISSING} if pick.one_in(6) else {})}
    config |= {"dates": pick.choice(["dmy", "mdy"])} if pick.one_in(6) else {}
    return replace(case, rows=rows, columns=[*columns, *blank], config=config)


def _without(case: Case, pick: Pick, policy: Policy) -> tuple[Case, Policy]:
    """Leave out columns that only signals look at, and say that an input may lack them."""
    lost = [name for name in CELLS if pick.one_in(10)]
    if not lost:
        return case, policy
    columns = [name for name in case.columns if name not in lost]
    rows = [{name: row[name] for name in columns} for row in case.rows]
    return replace(case, rows=rows, columns=columns), {**policy, "optional": lost}


def _with_crowd(case: Case) -> Case:
    """Make a book large enough for quantiles: accounts like those there are, by other ids."""
    further = [
        {**case.rows[number % len(case.rows)], "account_id": f"q{number}"}
        for number in range(CROWD - len(case.rows))
    ]
    return replace(case, rows=[*case.rows, *further])


@st.composite
def scored_cases(draw: DrawFn) -> Case:
    """Draw a whole folder with signals."""
    case = draw(cases())
    pick = Pick(draw(SEED))
    crowded = pick.one_in(5)
    case = _with_cells(_with_crowd(case) if crowded else case, pick)
    ids, dates = [row["account_id"] for row in case.rows], case.config.get("dates")
    known = sorted(COLUMNS)
    policy: Policy = {"sources": {}}
    files: dict[str, Sheet] = {}
    chosen = pick.sample(known, pick.randint(1, len(known)))
    for name in dict.fromkeys([*chosen, "orders"]) if crowded else chosen:
        seeds = draw(st.lists(SEED, min_size=10, max_size=40))
        about, further = source(pick, name, case.as_of, ids, seeds, first=dates)
        policy["sources"][name] = about
        files |= further
    if pick.one_in(2):
        policy["events"] = {
            event: _event(pick, policy, case)
            for event in pick.sample(EVENTS, pick.randint(1, 3))
            if event != "churned" or pick.one_in(2)
        }
    policy["measures"] = _measures(pick, policy, case)
    fields = list(policy["measures"])
    names = pick.sample(SCORES, pick.randint(1, 3))
    if crowded:
        everybody(pick, files, case.as_of, ids)
    if "orders" in policy["sources"] and (crowded or pick.one_in(2)):
        policy = _with_enough({**policy, "rfm": _rfm(pick, crowded=crowded)}, files, case)
        fields += ["rfm_m"] if "rfm" in policy else []
    if pick.one_in(2):
        policy["clv"] = _clv(pick)
        fields += ["clv"]
    fields += ["nps_answers"] if "nps" in policy["measures"] else []
    policy["scores"] = {
        name: _score(Pick(f"{name}{pick.random()}"), fields, names[:number])
        for number, name in enumerate(names)
    }
    case = _with_conditions(case, pick, fields, names)
    case, policy = _without(case, pick, policy)
    return replace(case, signals=policy, files=files)


def _event(pick: Pick, policy: Policy, case: Case) -> Policy:
    """Draw which rows of a source count as an event."""
    name = pick.choice([*policy["sources"]])
    about: Policy = {"from": name}
    if not pick.one_in(6):
        about["where"] = where(pick, name, policy["sources"][name], case.as_of)
    if not pick.one_in(6):
        about["take"] = pick.choice(["first", "each"])
    return about


def added(case: Case) -> list[str]:
    """List the fields that signals give, for ``grade --add``."""
    policy = case.signals or {}
    names = [*policy["measures"]]
    names += [f"nps_{rest}" for rest in ("answers", "last") if "nps" in policy["measures"]]
    if "rfm" in policy:
        names += ["rfm_r", "rfm_f", "rfm_m", "rfm", "rfm_segment"]
    names += ["clv"] if "clv" in policy else []
    return names + [f"{name}{end}" for name in policy["scores"] for end in ("", "_band")]


def narrowed(case: Case) -> st.SearchStrategy[dict[str, str]]:
    """Draw what ``--where`` asks: nothing, one thing or two, of the signals or of the cells."""
    policy = case.signals or {}
    tests = {
        **{one: ["present", "over 0", "missing", "at most 1"] for one in policy["measures"]},
        **{one: ["over 40", "not over 65", "missing", "10..90"] for one in policy["scores"]},
        **{f"{one}_band": ["green", "is not scored", "not red"] for one in policy["scores"]},
        "motion": ["growth", "missing"],
        "renewal_in": ["under 200", "missing"],
    }

    def some(pick: Pick) -> dict[str, str]:
        drawn = dict.fromkeys(pick.several(sorted(tests), 2))
        return {one: pick.choice(tests[one]) for one in drawn}

    return SEED.map(lambda seed: some(Pick(seed)))


@st.composite
def renewing(draw: DrawFn) -> Case:
    """Draw a book of contracts that were renewed or not, by chances that differ a lot."""
    pick = Pick(draw(SEED))
    as_of = date(2026, 11, 23)
    months = pick.choice([12, 12, 1, 3])
    rows, told = [], []
    for number in range(pick.randint(150, 300)):
        chance, terms = pick.betavariate(0.6, 1.8), pick.randint(0, 9)
        start = add_months(as_of, -months * terms) - timedelta(days=pick.randint(0, 27))
        made = next((n for n in range(terms) if pick.random() < chance), None)
        rows.append({"account_id": f"c{number}", "start_date": str(start), "arr": "1200"})
        rows[-1] |= {"term_months": str(months), "status": pick.choice([""] * 20 + ["lost"])}
        if made is not None:
            end = add_months(start, months * (made + 1))
            on = end - timedelta(days=pick.choice([0, 0, 1, 5]))
            told.append(entry(f"c{number}", on, "event", key="churned"))
    policy = {**_clv(pick), "retention": "estimate"}
    case = Case(
        columns=[*rows[0]],
        rows=rows,
        playbook={"roles": {"csm": {"title": "CSM"}}, "plans": {"all": [CALL]}},
        as_of=as_of,
        journal={"journal.csv": told},
        signals={"clv": policy},
    )
    renewal = Book(case).signals.renewal or {}
    assume(renewal and all(LEAST < float(one) < MOST for one in renewal.values()))
    return case
