"""Random signals: sources full of awkward rows, and policies that measure and score them."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from naive import rfm
from naive.book import Case, Row
from naive.grading import BUILT_IN
from naive.pick import Pick
from naive.sources import Sheet, Source
from naive.strategies import SEED, cases

Policy = dict[str, Any]
Draw = Callable[[Pick], str]

# Days before as-of: both ends of every window, of as-of and of the days that it is compared with.
OVERS = ["1d", "7d", "14d", "28d", "35d", "90d", "365d"]
TRENDS = ["7d", "28d", "90d"]
EDGES = [0, 6, 7, 13, 14, 27, 28, 34, 35, 55, 56, 62, 63, 69, 70, 89, 90, 179, 180, 364, 365]
FUTURE = [-1, -2, -10]
BAD_DAYS = ["", "soon", "2026-02-30", "1969-12-31", "46000", "2100-01-01"]
STRANGERS = ["nobody", "", "A1 ", "a1x", "0123", "z:1"]
SCORES = ["health", "upsell", "engagement", "strategic", "churn_risk"]
CROWD = 32  # accounts, a few more than quantiles need
COUNTED = {"sum", "count", "days", "distinct"}


def _of(*texts: str) -> Draw:
    return lambda pick: pick.choice(texts)


COLUMNS: dict[str, dict[str, Draw]] = {
    "usage": {
        "feature": _of("export", "export", "Export", "login", "share", ""),
        "logins": _of("0", "1", "2", "5", "5", "10", "12.5", "", "abc", "-3"),
        "active_users": _of("0", "3", "5", "10", "20", "20.0", "", "-1"),
    },
    "tickets": {
        "priority": _of("high", "Urgent", "low", ""),
        "hours": _of("0", "0.5", "2", "8", "", "n/a"),
    },
    "survey": {
        "contact": _of("ann", "bob", "cy", "ann", ""),
        "score": _of(*map(str, range(11)), "9", "10", "10.0", "11", "-1", "7.5", "", "ten"),
    },
    "orders": {
        "amount": _of(
            "0", "-50", "10", "10", "99.99", "500", "1200.50", "20000", "", "abc", "-500"
        ),
    },
}
NUMBERS = {
    "usage": ["logins", "active_users"],
    "tickets": ["hours"],
    "survey": ["score"],
    "orders": ["amount"],
}
TEXTS = {"usage": "feature", "tickets": "priority", "survey": "contact", "orders": "amount"}
WHERE: dict[str, list[Policy]] = {
    "usage": [{"feature": "export"}, {"feature": ["login", "share"]}, {"logins": "over 1"}],
    "tickets": [{"priority": ["high", "urgent"]}, {"priority": "missing"}, {"hours": "under 2"}],
    "survey": [{"contact": "present"}, {"contact": "not bob"}],
    "orders": [{"amount": "over 0"}, {"amount": "present"}],
}
# Columns of the accounts file that scores look at, besides those that every case has.
CELLS: dict[str, Draw] = {
    "days_late": _of("", "", "0", "12", "30", "45", "-3", "7.5"),
    "market": _of("", "lighthouse", "Known", "known", "other"),
    "needs": _of("", "sso", "sso; api", "SSO;reporting", "chat", "sso; chat; sso", ";"),
}
WHERE_FROM = {"zero": ["0", "10", "-1", "100"], "full": ["1", "0.8", "50", "-100", "5"]}
FIELDS = ["days_late", "tenure_days", "renewal_in", "days_since_touch", "headroom", "arr", "seats"]


def _day(pick: Pick, as_of: date) -> str:
    """Draw the day of a row: on an edge of a window, anywhere, after as-of, or none at all."""
    if pick.one_in(20):
        return pick.choice(BAD_DAYS)
    back = pick.choice(FUTURE) if pick.one_in(8) else pick.choice([*EDGES, pick.randint(0, 400)])
    day = str(as_of - timedelta(days=back))
    return day + pick.choice(["T23:59:59", " 00:30"]) if pick.one_in(10) else day


def _rows(pick: Pick, as_of: date, ids: list[str], columns: dict[str, Draw]) -> list[Row]:
    """Draw some rows of a few accounts, several of them perhaps on one day, some of a stranger."""
    rows = []
    for account in pick.sample(ids, min(len(ids), pick.choice([1, 2, 4]))):
        about = pick.choice(STRANGERS) if pick.one_in(12) else account
        for _ in range(pick.choice([1, 2, 3, 6])):
            day = _day(pick, as_of)
            rows += [
                {"day": day, "id": about, **{name: draw(pick) for name, draw in columns.items()}}
                for _ in range(pick.choice([1, 1, 1, 2]))
            ]
    return rows


def _source(
    pick: Pick, name: str, as_of: date, ids: list[str], seeds: list[int]
) -> tuple[Policy, dict[str, Sheet]]:
    """Draw a source and its files: often lively, sometimes silent for a while or empty."""
    columns = COLUMNS[name]
    stories = [Pick(f"{name}{seed}") for seed in seeds if seed]
    silent = pick.choice([0, 0, 0, 0, 0, 7, 8, 28, 29, 36, 91, 400])
    asked = as_of - timedelta(days=silent)
    rows = [row for story in stories for row in _rows(story, asked, ids, columns)]
    rows = [row for row in rows if silent == 0 or row["day"][:10] <= str(asked)]
    if pick.one_in(8):
        rows = []
    day, key = (
        pick.choice(["date", "answered_on"]),
        pick.choice(["account_id", "account_id", "org"]),
    )
    about: Policy = {"file": f"{name}.csv", "date": day}
    files = {}
    if pick.one_in(4):
        key = "subscription"
        about["via"] = {"file": f"{name}-keys.csv", "on": key}
        known = {row["id"] for row in rows} & set(ids)
        keys = [{key: f"s-{one}", "account_id": one} for one in sorted(known)]
        files[f"{name}-keys.csv"] = Sheet([key, "account_id"], keys + keys[:1])
        rows = [{**row, "id": f"s-{row['id']}" if row["id"] else ""} for row in rows]
    elif key == "org":
        about["columns"] = {"account_id": key}
    if pick.one_in(4):
        about["stale_after"] = pick.choice(["7d", "30d", "400d"])
    table = [
        {day: row["day"], key: row["id"], **{one: row[one] for one in columns}} for row in rows
    ]
    files[f"{name}.csv"] = Sheet([day, key, *columns], table)
    return about, files


def _measure(pick: Pick, sources: list[str]) -> Policy:
    """Draw a measure of a source, of any kind."""
    name = pick.choice(sources)
    number = pick.choice(NUMBERS[name])
    takes = [f"{one} {number}" for one in ("sum", "mean", "min", "max", "last", "trend", "trend")]
    takes += ["count", "count", "days", "since", f"distinct {TEXTS[name]}"]
    take = pick.choice(takes)
    about: Policy = {"from": name, "take": take, "over": pick.choice(OVERS)}
    if take in {"since", "count"} and pick.one_in(3):
        del about["over"]
    if pick.one_in(3):
        about["where"] = pick.choice(WHERE[name])
    if take.partition(" ")[0] in COUNTED and pick.one_in(3):
        about["empty"] = "0"
    if pick.one_in(5):
        about["per"] = pick.choice(["seats", "arr", "days_late"])
    return about


def _measures(pick: Pick, sources: list[str]) -> Policy:
    found = {f"m{number}": _measure(pick, sources) for number in range(pick.randint(1, 5))}
    if "survey" in sources and pick.one_in(2):
        found["nps"] = {"from": "survey", "take": "nps score", "by": "contact"}
        found["nps"]["over"] = pick.choice(OVERS)
    if pick.one_in(3):
        meet = {"sso": "1", "reporting": "1", "api": "0.5"}
        found["fit"] = {"match": "needs", "we_meet": meet}
    return found


def _line(pick: Pick, field: str) -> Policy:
    """Draw how a measure earns its points."""
    line: Policy = {}
    if pick.one_in(2):
        line["weight"] = pick.choice(["2", "0.5", "40", "15", "1"])
    if field == "market":
        return {**line, "points": {"lighthouse": "100", "known": pick.choice(["50", "33.5", "0"])}}
    zero, full = (pick.choice(WHERE_FROM[one]) for one in ("zero", "full"))
    return {**line, "zero": zero, "full": full}


def _score(pick: Pick, fields: list[str], before: list[str]) -> Policy:
    """Draw a score of measures, of columns, and perhaps of the scores before it."""
    some = pick.several([*fields, *fields, *FIELDS, "market", *before, *before], 5)
    about: Policy = {"of": {}}
    for field in dict.fromkeys([pick.choice(fields), *some]):
        about["of"][field] = {"zero": "0", "full": "100"} if field in before else _line(pick, field)
    if not pick.one_in(5):
        about["bands"] = _bands(pick, ["green", "yellow", "red"])
    if pick.one_in(2):
        about["min_coverage"] = pick.choice(["0", "20", "60", "100", "33.3"])
    if pick.one_in(3):
        about["trend"] = pick.choice(TRENDS)
    if pick.one_in(3):
        whens: list[Policy] = [
            {"champion": "left us"},
            {"champion": "missing"},
            {"seats": "over 5"},
        ]
        whens += [{fields[0]: pick.choice(["missing", "over 1", "at most 0"])}]
        whens += [{f"{one}_band": ["red", "is not scored"]} for one in before]
        at = ["0", "39", "60.5"]
        about["cap"] = [
            {"when": pick.choice(whens), "at": pick.choice(at)} for _ in range(pick.randint(1, 2))
        ]
    return about


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
    return {
        "from": "orders",
        "amount": "amount",
        "over": pick.choice(["90d", "365d"]),
        "cuts": "quantiles" if crowded or pick.one_in(4) else cuts,
        "segments": segments,
    }


def _with_enough(policy: Policy, files: dict[str, Sheet], ids: list[str], as_of: date) -> Policy:
    """Leave quantiles out where fewer accounts bought than they can be found among."""
    about = policy["rfm"]
    source = Source(policy["sources"]["orders"], files, as_of)
    if rfm.cuts(about, rfm.trades(about, source, ids, as_of)) is None:
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
    return replace(case, grid=grid, playbook=playbook)


def _with_cells(case: Case) -> Case:
    """Give the accounts the columns that only scores look at."""
    rows = [
        {**row, **{name: draw(Pick(f"{name}{row}")) for name, draw in CELLS.items()}}
        for row in case.rows
    ]
    return replace(case, rows=rows, columns=[*case.columns, *CELLS])


def _with_crowd(case: Case) -> Case:
    """Make a book large enough for quantiles: accounts like those there are, by other ids."""
    further = [
        {**case.rows[number % len(case.rows)], "account_id": f"q{number}"}
        for number in range(CROWD - len(case.rows))
    ]
    return replace(case, rows=[*case.rows, *further])


def _everybody(pick: Pick, files: dict[str, Sheet], as_of: date, ids: list[str]) -> Sheet:
    """Let nearly every account order something lately; a row names it as the others do."""
    orders = files["orders.csv"]
    day, key = orders.columns[:2]
    keys = files.get("orders-keys.csv")
    if keys:
        known = {row[key] for row in keys.rows}
        keys.rows.extend(
            {key: f"s-{one}", "account_id": one} for one in ids if f"s-{one}" not in known
        )
    rows = [
        {
            day: str(as_of - timedelta(days=pick.choice([*EDGES[:11], pick.randint(0, 88)]))),
            key: f"s-{one}" if keys else one,
            "amount": pick.choice(
                ["10", "10", "99.99", "500", "1200.50", str(pick.randint(1, 99))]
            ),
        }
        for one in ids
        if not pick.one_in(20)
    ]
    return Sheet(orders.columns, [*orders.rows, *rows])


@st.composite
def scored_cases(draw: DrawFn) -> Case:
    """Draw a whole folder with signals."""
    case = draw(cases())
    pick = Pick(draw(SEED))
    crowded = pick.one_in(5)
    case = _with_cells(_with_crowd(case) if crowded else case)
    ids = [row["account_id"] for row in case.rows]
    known = sorted(COLUMNS)
    policy: Policy = {"sources": {}}
    files: dict[str, Sheet] = {}
    chosen = pick.sample(known, pick.randint(1, len(known)))
    for name in dict.fromkeys([*chosen, "orders"]) if crowded else chosen:
        seeds = draw(st.lists(SEED, min_size=10, max_size=40))
        about, further = _source(pick, name, case.as_of, ids, seeds)
        policy["sources"][name] = about
        files |= further
    sources = list(policy["sources"])
    if pick.one_in(2):
        policy["events"] = {
            event: {"from": name, "where": pick.choice(WHERE[name]), "take": take}
            for event in pick.sample(["export", "new-group", "usage-drop"], pick.randint(1, 2))
            for name, take in [(pick.choice(sources), pick.choice(["first", "each"]))]
        }
    policy["measures"] = _measures(pick, sources)
    fields = list(policy["measures"])
    names = pick.sample(SCORES, pick.randint(1, 3))
    if crowded:
        files["orders.csv"] = _everybody(pick, files, case.as_of, ids)
    if "orders" in sources and (crowded or pick.one_in(2)):
        policy = _with_enough(
            {**policy, "rfm": _rfm(pick, crowded=crowded)}, files, ids, case.as_of
        )
        fields += ["rfm_m"] if "rfm" in policy else []
    if pick.one_in(2):
        policy["clv"] = _clv(pick)
        fields += ["clv"]
    policy["scores"] = {
        name: _score(Pick(f"{name}{pick.random()}"), fields, names[:number])
        for number, name in enumerate(names)
    }
    if "seats" not in case.columns or "arr" not in case.columns:
        case = _with_columns(case, ["seats", "arr"])
    case = _with_conditions(case, pick, fields, names)
    return replace(case, signals=policy, files=files)


def _with_columns(case: Case, wanted: list[str]) -> Case:
    """Make sure that the input has some columns, blank where it lacked them."""
    missing = [name for name in wanted if name not in case.columns]
    rows = [{**row, **dict.fromkeys(missing, "")} for row in case.rows]
    return replace(case, rows=rows, columns=[*case.columns, *missing])


def added(case: Case) -> list[str]:
    """List the fields that signals give, for ``grade --add``."""
    policy = case.signals or {}
    names = [*policy["measures"]]
    names += [f"nps_{rest}" for rest in ("answers", "last") if "nps" in policy["measures"]]
    if "rfm" in policy:
        names += ["rfm_r", "rfm_f", "rfm_m", "rfm", "rfm_segment"]
    names += ["clv"] if "clv" in policy else []
    return names + [f"{name}{end}" for name in policy["scores"] for end in ("", "_band")]
