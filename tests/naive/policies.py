"""Random grids, conditions, playbooks and own plans, such as a strict reader accepts."""

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from naive.pick import Pick

SIZES = [["A", "B", "C"], ["A", "B"], ["A", "B", "C", "D"], ["big", "small"], ["XL", "M", "S"]]
LEVELS = [["1", "2", "3"], ["1", "2"], ["1", "2", "3", "4"], ["hot", "cold"]]
TIERS = [["1", "2", "3"], ["1", "2"], ["gold", "silver", "bronze"], ["1", "2", "3", "4"]]
Tests = dict[str, list[Any]]

EDGES = ["50k", "10k", "1200.5", "1M", "20000", "0.01", "5k", "1.5M"]
VALUES = {"50k": 50000, "10k": 10000, "1200.5": 1200.5, "1M": 1e6, "20000": 20000, "0.01": 0.01}
VALUES |= {"5k": 5000, "1.5M": 1.5e6}
ROLES = ["sales", "csm", "custdev", "coach", "system"]
UNITS = {
    "d": [1, 2, 3, 7, 14, 30, 45, 60, 90, 200, 365, 366, 400],
    "bd": [1, 2, 3, 5, 10, 20, 60],
    "w": [1, 2, 4, 8, 26],
    "mo": [1, 2, 3, 5, 6, 11, 12, 13, 14],
    "q": [1, 2, 4],
    "y": [1],
}
EVERY = ["4d", "10d", "30d", "3bd", "5bd", "10bd", "1w", "2w", "1mo", "2mo", "3mo", "6mo", "13mo"]
EVERY += ["1q", "1y"]
MONTHLY = ["1mo", "2mo", "1q", "6mo", "1y"]
ANCHORS = ["start", "start", "term", "term", "renewal", "renewal", "notice", "notice"]
ANCHORS += ["graded", "graded", "event", "event", "event"]
CHAMPION: list[Any] = ["strong", "weak", "missing", "present", "not strong", "not present"]
CHAMPION += ["contains ron", "is not started", "is Strong", "not missing", "not contains we"]
CHAMPION += [["strong", "left us"], ["missing", "weak"]]
SEATS: list[Any] = ["5", "over 5", "at least 5", "under 20", "at most 20", "5..20", "> 5", "<= 20"]
SEATS += ["not 5", "not over 10", ["1", "over 20"], "missing", "20.0", "0..4.5"]
FURTHER = {
    "effort": ["45m", "2h", "1h30m", "10m"],
    "channel": ["call", "e-mail"],
    "objective": ["Agree on goals, and write them down", "Listen"],
}
ENDS_WITH = ["grade", "motion", "review", "touch"]
EVENTS = ["any", "any", "new-group", "New-Group", "renewed", "Export", "churned", "expanded"]


def bands(pick: Pick, sizes: list[str]) -> dict[str, str]:
    """Cut the amounts from 0 into bands: falling, rising or by ranges."""
    edges = sorted(pick.sample(EDGES, len(sizes) - 1), key=lambda edge: -VALUES[edge])
    above, below = ["over ", "at least ", "> ", ">= "], ["under ", "at most ", "< ", "<= "]
    way = pick.choice(["falling", "rising", "ranges"])
    if way == "falling":
        tests = [pick.choice(above) + edge for edge in edges]
        return dict(zip(sizes, [*tests, pick.choice(["rest", "at least 0"])], strict=True))
    if way == "rising":
        tests = [pick.choice(below) + edge for edge in reversed(edges)]
        return dict(zip(reversed(sizes), [*tests, "rest"], strict=True))
    middle = [f"{low}..{high}" for high, low in pairwise(edges)]
    tests = [pick.choice(above) + edges[0], *middle, "rest"]
    if not middle and tests[0].startswith(("at least", ">=")):
        tests[-1] = f"under {edges[0]}"
    return dict(zip(sizes, tests, strict=True))


def input_tests(as_of: date) -> Tests:
    """Offer tests of fields that every policy may look at."""
    near = [str(as_of + timedelta(days=apart)) for apart in (-90, -1, 0, 30)]
    days = [f"over {near[0]}", f"at least {near[1]}", f"under {near[2]}", f"{near[0]}..{near[2]}"]
    days += [near[2], f"not {near[1]}", "present", f"at most {near[3]}"]
    return {
        "champion": CHAMPION,
        "uses_beta": ["yes", "no", "not yes", "missing", ["yes", "missing"]],
        "seats": SEATS,
        "demo_day": [*days],
        "arr": ["over 10k", "20000", "missing", "1k..50k", "< 1200.5", "not at least 5k"],
        "segment": ["Retail", ["retail", "Public sector"], "missing", "contains sector"],
        "motion": ["growth", ["growth", "retention"], "missing", "not growth", "present"],
        "account_id": ["a1", "A1", ["b", "B"], "123", "not 123", "is b", "contains 1", "over 0"],
    }


def graded_tests(sizes: list[str], levels: list[str]) -> Tests:
    """Offer tests of what the grid has found so far, in the grid's own words."""
    size, level = sizes[0], levels[0]
    grades = [sizes[0] + levels[0], sizes[-1].lower() + levels[-1]]
    return {
        "size": [size, size.lower(), sizes[:2], "missing", f"not {sizes[-1]}"],
        "likelihood": [level, levels[:2], "missing", f"not {level}", *_at_most(levels)],
        "grade": [grades[0], grades, "missing", "present", f"not {grades[1]}"],
        "potential": ["over 50k", "10k..50k", "missing", "present", "at most 9999.99"],
    }


def planned_tests(tiers: list[str]) -> Tests:
    """Offer tests of what only a playbook may look at."""
    return {
        "tier": [tiers[0], tiers[:2], "missing", "present", f"not {tiers[-1]}", *_at_most(tiers)],
        "borderline": ["missing", "call to make", "present", "rule", ["called", "override"]],
        "headroom": ["over 0", "at most 10k", "missing", "under 0"],
        "tenure_days": ["over 30", "at most 365", "missing", "0..90", "0"],
        "renewal_in": ["at most 90", "over 180", "missing", "1..31", "not under 30"],
        "days_since_grade": ["over 90", "missing", "at most 30", "0"],
        "days_since_touch": ["missing", "over 30", "not over 30"],
        "term_months": ["12", "at most 3", "over 12", "not 12"],
    }


def _at_most(keys: list[str]) -> list[str]:
    return [f"at most {keys[1]}"] if keys[0] == "1" else []


def condition(pick: Pick, tests: Tests) -> dict[str, Any]:
    """Build a condition out of tests: one field or two, or nested in any and all."""

    def lines(most: int) -> dict[str, Any]:
        return {name: pick.choice(tests[name]) for name in pick.sample(sorted(tests), most)}

    way = pick.choice(["one", "one", "two", "nested", "both"])
    if way in {"one", "two"}:
        return lines(1 if way == "one" else 2)
    group = [lines(pick.randint(1, 2)) for _ in range(pick.randint(1, 3))]
    nested = {pick.choice(["any", "all"]): group}
    return nested if way == "nested" else {**lines(1), **nested}


def _scores(pick: Pick, levels: list[str], as_of: date) -> dict[str, Any]:
    """Score the likelihood so that every level can be reached."""
    points = ["3", "-2", "0.5", "-1", *pick.several(["1", "-1", "0.5", "2"], 3)]
    lines = [{"when": condition(pick, input_tests(as_of)), "points": number} for number in points]
    edges = sorted(pick.sample(["2", "1", "0.5", "0", "-1"], len(levels) - 1), key=float)
    way = pick.choice(["at least ", "over ", ">= "])
    tests = [way + edge for edge in reversed(edges)]
    return {"score": lines, "levels": dict(zip(levels, [*tests, "rest"], strict=True))}


def grid(pick: Pick, as_of: date) -> dict[str, Any]:
    """Build a grid with cells, borderline ones, rules and tiers."""
    sizes, levels, tiers = (pick.choice(some) for some in (SIZES, LEVELS, TIERS))
    pairs = [f"{one}/{two}" for one in tiers for two in tiers if one != two]
    cell = [*tiers, *tiers, *pairs]
    policy: dict[str, Any] = {"name": "A grid", "potential": bands(pick, sizes)}
    if levels[0] != "1" or pick.one_in(2):
        policy["likelihood"] = _scores(pick, levels, as_of)
    policy["grid"] = {size: [pick.choice(cell) for _ in levels] for size in sizes}
    tests = {**input_tests(as_of), **graded_tests(sizes, levels)}
    count = pick.randint(0, 3)
    if count:
        way = ["better", "worse"]
        policy["borderline"] = [
            {"when": condition(pick, tests), "tier": pick.choice(way)} for _ in range(count)
        ]
    policy["tiers"] = {tier: {"name": f"Tier {tier}"} for tier in tiers}
    return policy


def offset(pick: Pick) -> str:
    """Draw an offset such as ``- 90d``, or none."""
    if pick.one_in(5):
        return ""
    unit = pick.choice(sorted(UNITS))
    return f" {pick.choice('+-')} {pick.choice(UNITS[unit])}{unit}"


CLOSE = 5  # days; nearer bounds may be none, by the month


def about(offset_text: str) -> int:
    """Count an offset's days roughly, to tell which of two is surely the longer one."""
    found = re.fullmatch(r" ([+-]) (\d+)([a-z]+)", offset_text)
    if not found:
        return 0
    return (
        int(found[1] + found[2])
        * {"d": 10, "bd": 14, "w": 70, "mo": 304, "q": 912, "y": 3648}[found[3]]
        // 10
    )


def _repeats(pick: Pick, anchor: str, as_of: date) -> dict[str, Any]:
    """Draw how an activity repeats: at any pace, by months, or so densely that bounds are met."""
    way = pick.choice(["any", "any", "months", "dense"])
    if way == "dense":
        short = pick.choice(["5d", "6d", "8d", "9d", "10d", "11d", "12d", "4bd", "1w", "1mo"])
        return {
            "due": f"{anchor}{pick.choice(['', ' + 1d', ' + 2bd', ' - 3d', ' - 2bd'])}",
            "every": pick.choice(["1d", "1d", "1d", "2d", "3d", "1bd"]),
            "until": pick.choice([f"{anchor} + {short}"] * 2 + [f"renewal - {short}"]),
            "times": pick.choice(["5", "12", "30", "30"]),
        }
    entry: dict[str, Any] = {"due": anchor + offset(pick), "every": pick.choice(EVERY)}
    if way == "months":
        by = pick.choice(["1mo", "1q", "2mo", "13mo", "1y"])
        entry = {"due": f"{anchor} {pick.choice('+-')} {by}", "every": pick.choice(MONTHLY)}
    if pick.one_in(2):
        fixed = str(as_of + timedelta(days=pick.randint(-40, 200)))
        after = anchor + offset(pick)
        bounds = ["renewal" + offset(pick), fixed]
        if about(after.removeprefix(anchor)) > about(entry["due"].removeprefix(anchor)) + CLOSE:
            bounds += [after, after]
        entry["until"] = pick.choice(bounds)
    if pick.one_in(4):
        entry["times"] = pick.choice(["1", "2", "3", "12"])
    return entry


def activity(pick: Pick, name: str, as_of: date, tests: Tests) -> dict[str, Any]:
    """Build one activity with any anchor, and any of the further keys."""
    anchor = pick.choice(ANCHORS)
    if anchor == "event":
        anchor = f"event {pick.choice(EVENTS)}"
    roles = pick.mixed(ROLES)
    entry: dict[str, Any] = {"id": name, "title": f"Do {name}", "role": roles[0]}
    if anchor == "renewal" and pick.one_in(3):
        entry |= {"due": f"renewal - {pick.choice(['1d', '2d', '3d', '1bd'])}", "roll": "next"}
    elif anchor in {"renewal", "notice"} or pick.one_in(2):
        entry["due"] = anchor + offset(pick)
    else:
        entry |= _repeats(pick, anchor, as_of)
    if pick.one_in(2):
        entry["with"] = roles[1 : pick.randint(2, 4)]
    if pick.one_in(3):
        entry["roll"] = pick.choice(["next", "previous", "none"])
    if pick.one_in(4):
        entry["when"] = condition(pick, tests)
    if pick.one_in(2):
        entry["ends_with"] = pick.choice(ENDS_WITH)
    for key, values in FURTHER.items():
        if pick.one_in(4):
            entry[key] = pick.choice(values)
    return entry


def roles(pick: Pick) -> dict[str, Any]:
    """Name the roles; one of them may have a column of another name, one is a machine's."""
    found: dict[str, Any] = {role: {"title": role.title()} for role in ROLES}
    found["custdev"]["column"] = pick.choice(["cust_dev", "custdev"])
    found["system"]["automated"] = "true"
    return found


def plan(
    prefix: str, seeds: list[int], as_of: date, tests: Tests, taken: list[str]
) -> list[dict[str, Any]]:
    """Build one plan, an activity a seed; one may take an id of another plan, to replace it."""
    entries = []
    for number, seed in enumerate(seeds):
        pick = Pick(f"{prefix}{number}{seed}")
        name = f"{prefix}-{pick.randint(0, 9)}{number}"
        if not number and taken and pick.one_in(2):
            name = pick.choice(taken)
        entries.append(activity(pick, name, as_of, tests))
    return entries


def own_plan(
    pick: Pick, account: str, known: list[str], as_of: date, tests: Tests
) -> dict[str, Any]:
    """Give an account a plan of its own: activities added, replaced and removed."""
    entry: dict[str, Any] = {"account": account}
    gone = pick.choice(known) if known and pick.one_in(2) else None
    others = [one for one in known if one != gone]
    if gone:
        entry["remove"] = [gone]
    if others and pick.one_in(2):
        entry["replace"] = [activity(pick, pick.choice(others), as_of, tests)]
    if len(entry) == 1 or pick.one_in(2):
        entry["add"] = plan("own", [pick.randint(0, 10**6)], as_of, tests, [])
    return entry
