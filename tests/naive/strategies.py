"""Strategies for whole cases: awkward accounts, a configuration, policies, and questions."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from naive import entries, policies
from naive.book import Book, Case, Row
from naive.grading import BUILT_IN, Grid
from naive.pick import Pick
from naive.workdays import add_months

DAYS = [
    "2026-11-23",
    "2026-11-22",
    "2024-02-29",
    "2027-02-28",
    "2026-12-31",
    "2027-01-31",
    "2028-02-29",
    "2026-08-01",
]
IDS = [
    "a1",
    "00123",
    "123",
    "Z:1",
    "1e5",
    "x-9",
    "Ω",
    "a 2",
    "A,3",
    "-5",
    "a10",
    "a:b:s1",
    "B",
    "0",
]
PEOPLE = ["Ann", "Bob", "ann", "Çelik", "Dora Quint", "", "", "", "O'Neil, Pat", "bob b"]
PEOPLE += ["ANN@x.example", "çelik"]
NAMES = ["", "Acme", "Globex, Inc.", 'The "Best"', "[/bold]", "=1+1", "Ümlaut GmbH", "acme"]
AMOUNTS = [
    "",
    "50000",
    "50000.01",
    "49999.99",
    "10000",
    "9999.99",
    "0",
    "1200.50",
    "1000000",
    "0.01",
    "20000.0",
]
BAD_AMOUNTS = ["abc", "-5", "1.23456", "1.234", "N/A"]
BAD_DATES = ["soon", "2026-02-30", "1969-12-31", "2100-01-01", "46000"]
MONTHS = [
    "",
    "",
    "",
    "12",
    "12.0",
    "1",
    "1",
    "1",
    "2",
    "3",
    "6",
    "7",
    "24",
    "36",
    "60",
    "0",
    "1.5",
    "x",
]
WEEKENDS = [["fri", "sat"], ["sun"], ["mon", "wed", "sun"], ["thu", "fri", "sat", "sun"]]
STATUS = [
    "",
    "",
    "",
    "",
    "",
    "",
    "active",
    "Churned",
    "prospect",
    "PROSPECT",
    "inactive",
    "on hold",
    "lost",
]
APART = [
    -800,
    -400,
    -366,
    -365,
    -364,
    -200,
    -95,
    -61,
    -60,
    -59,
    -40,
    -15,
    -7,
    -2,
    -1,
    0,
    1,
    2,
    3,
    7,
    14,
    30,
    90,
    200,
    370,
]
SLIVERS = [0, 1, -1, 5, 13, 14, 15, 16, 28, 29, 30, 31, 32, 45, 180, 183, 200, -20, -400]
OPTIONAL = [
    "name",
    "potential",
    "size",
    "likelihood",
    "grade",
    "graded_on",
    "tier",
    "csm",
    "sales",
    "term_months",
]
OPTIONAL += [
    "notice_days",
    "arr",
    "motion",
    "segment",
    "status",
    "start_date",
    "renewal_date",
    "system",
]


def _day_asked(pick: Pick) -> date:
    """Draw an as-of date, month ends and leap days more often than they happen."""
    if pick.one_in(2):
        return date.fromisoformat(pick.choice(DAYS))
    return date(2024, 1, 1) + timedelta(days=pick.randint(0, 1600))


def _start(pick: Pick, as_of: date) -> date | None:
    """Draw a start: near as-of, whole months before it, on an awkward day, or none."""
    way = pick.randint(0, 7)
    if way == 0:
        return None
    if way == 1:
        return add_months(as_of, pick.choice([-36, -24, -13, -12, -6, -3, -1, 0, 1]))
    if way == 2:
        return date.fromisoformat(
            pick.choice([*DAYS, "2020-02-29", "2024-01-31", "2025-08-31", "2039-05-31"])
        )
    return as_of + timedelta(days=pick.choice(APART) + pick.randint(-3, 3))


def _renewal(pick: Pick, as_of: date, start: date | None, months: int) -> date | None:
    """Draw a renewal: none, a sliver off whole terms of the start, near as-of, or far away."""
    way = pick.randint(0, 6)
    if way <= 1:
        return None
    if start and way <= 3:
        whole = add_months(start, months * pick.randint(0, 2))
        return whole + timedelta(days=pick.choice(SLIVERS))
    if way == 4:
        return add_months(as_of, pick.choice([-30, -12, -1, 0, 1, 12, 13, 40, 120]))
    return as_of + timedelta(days=pick.choice(APART))


def _dates(pick: Pick, as_of: date) -> Row:
    """Draw the cells that terms are made of; a few cannot be read."""
    months = pick.choice(MONTHS)
    length = int(float(months)) if months not in {"", "0", "1.5", "x"} else 12
    start = _start(pick, as_of)
    renewal = _renewal(pick, as_of, start, length)
    row = {
        "start_date": str(start or ""),
        "renewal_date": str(renewal or ""),
        "term_months": months,
    }
    row["notice_days"] = pick.choice(["", "30", "90", "1", "400", "0", "45.0", "x"])
    graded = [as_of + timedelta(days=apart) for apart in (-900, -400, -100, -30, -10, -1, 0, 1, 20)]
    row["graded_on"] = str(pick.choice(["", "", *graded, start or "", "soon"]))
    if pick.one_in(15):
        row[pick.choice(["start_date", "renewal_date"])] = pick.choice(BAD_DATES)
    return row


def _account(pick: Pick, account_id: str, as_of: date, grid: Grid, column: str) -> Row:
    """Draw one account; what people say by hand is rarer than what a CRM knows."""

    def cell(*usual: str, rare: list[str] | None = None, odds: int = 4) -> str:
        if rare and pick.randint(0, odds) == 0:
            return pick.choice(rare)
        return pick.choice(usual) if usual else ""

    odd_levels = [
        *(level.upper() for level in grid.levels),
        *(f"{one}.0" for one in grid.levels if one.isdigit()),
        "9",
    ]
    near = [str(as_of + timedelta(days=apart)) for apart in (-100, -90, -1, 0, 30)]
    return {
        "account_id": account_id,
        "name": pick.choice(NAMES),
        "potential": cell(*AMOUNTS, rare=BAD_AMOUNTS, odds=9),
        "size": cell(rare=[*grid.sizes, grid.sizes[0].lower(), "Q"]),
        "likelihood": cell("", *grid.levels, *grid.levels, rare=odd_levels),
        "grade": cell(rare=[*grid.grades, grid.grades[-1].lower(), "Q9"], odds=6),
        "tier": cell(rare=[*grid.tiers, grid.tiers[0].upper(), "9"], odds=5),
        "csm": pick.choice(PEOPLE),
        "sales": pick.choice(PEOPLE),
        column: pick.choice(PEOPLE),
        "system": cell("", "Mailer", "Ann"),
        **_dates(pick, as_of),
        "arr": cell(*AMOUNTS, rare=BAD_AMOUNTS, odds=9),
        "motion": cell("", "", "growth", "retention", "churn-prevention"),
        "segment": cell("", "retail", "Public sector"),
        "status": pick.choice(STATUS),
        "champion": cell("", "strong", "Strong", "weak", "not started", "left us"),
        "uses_beta": cell("", "yes", "No", "TRUE", "f", "1", "0", "y"),
        "seats": cell("", "5", "5.0", "20", "10", "0", "25.5"),
        "demo_day": cell("", *near),
    }


def config(pick: Pick, as_of: date) -> dict[str, Any]:
    """Draw a configuration: often none, else days off around as-of and other words for statuses."""
    config: dict[str, Any] = {}
    if pick.one_in(2):
        apart = [pick.randint(-40, 120) for _ in range(pick.randint(0, 12))]
        run = pick.randint(-10, 40)
        longer = range(run, run + pick.choice([0, 0, 5, 20]))
        config["holidays"] = sorted(str(as_of + timedelta(days=day)) for day in {*apart, *longer})
    if pick.one_in(4):
        config["weekend"] = pick.choice(WEEKENDS)
    if pick.one_in(4):
        config["expires"] = pick.choice(["7d", "30d", "60d", "1d"])
    if pick.one_in(5):
        config["inactive"] = ["On Hold", "churned"]
    if pick.one_in(5):
        config["prospects"] = ["prospect", "active"]
    return config


SEED = st.integers(0, 2**32)  # 0 leaves the row or the activity out


def _playbook(
    draw: DrawFn, pick: Pick, as_of: date, tiers: list[str], tests: policies.Tests
) -> dict[str, Any]:
    """Draw the seeds of all plans: for all, for some tiers, for the ungraded."""
    plans: dict[str, Any] = {}
    taken: list[str] = []
    for name in ["all", *tiers, "ungraded"]:
        seeds = [seed for seed in draw(st.lists(SEED, max_size=5)) if seed]
        if not seeds:
            continue
        prefix = f"t{tiers.index(name)}" if name in tiers else name
        plans[name] = policies.plan(prefix, seeds, as_of, tests, taken if name in tiers else [])
        if name == "all":
            taken = [entry["id"] for entry in plans[name]]
    return {"name": "A playbook", "roles": policies.roles(pick), "plans": plans}


@st.composite
def cases(draw: DrawFn) -> Case:
    """Draw a whole folder and a day to ask about."""
    pick = Pick(draw(SEED))
    as_of = _day_asked(pick)
    policy = None if pick.one_in(5) else policies.grid(pick, as_of)
    grid = Grid(policy or BUILT_IN)
    tests = {
        **policies.input_tests(as_of),
        **policies.graded_tests(grid.sizes, grid.levels),
        **policies.planned_tests(grid.tiers),
    }
    playbook = _playbook(draw, pick, as_of, grid.tiers, tests)
    assume(playbook["plans"])
    column = playbook["roles"]["custdev"]["column"]
    ids = [*pick.mixed(IDS), *(f"n{number}" for number in range(40))]
    seeds = draw(st.lists(SEED, min_size=10, max_size=40))
    kept = {one: seed for one, seed in zip(ids, seeds, strict=False) if seed}
    rows = [_account(Pick(f"{one}{seed}"), one, as_of, grid, column) for one, seed in kept.items()]
    assume(rows)
    dropped = set(pick.several(OPTIONAL, 2)) - {column}
    columns = [name for name in rows[0] if name not in dropped]
    plans = playbook["plans"]
    known = [entry["id"] for name in ("all", "ungraded") for entry in plans.get(name, [])]
    owners = [one for one, seed in kept.items() if seed % 8 == 1]
    case = Case(
        columns=columns,
        rows=[{name: row[name] for name in columns} for row in rows],
        playbook=playbook,
        as_of=as_of,
        grid=policy,
        own=[policies.own_plan(Pick(f"own{one}"), one, known, as_of, tests) for one in owners],
        config=config(pick, as_of),
        team=entries.team(pick) if pick.one_in(2) else [],
    )
    seeds = draw(st.lists(SEED, min_size=25, max_size=60))
    stories = [Pick(seed) for seed in seeds if seed]
    if pick.one_in(4) or not stories:
        return case
    return replace(case, journal=entries.journal(Book(case), pick, stories))


def _picks() -> st.SearchStrategy[Pick]:
    return SEED.map(Pick)


def ranges(as_of: date) -> st.SearchStrategy[tuple[date | None, date | None]]:
    """Draw the two ends of a calendar, either of them perhaps left out."""

    def both(pick: Pick) -> tuple[date | None, date | None]:
        first = as_of + timedelta(days=pick.randint(-60, 120))
        last = first + timedelta(days=pick.choice([0, 1, 7, 40, 120, 500]))
        return pick.choice(
            [(first, last), (first, last), (first, None), (None, last), (None, None)]
        )

    return _picks().map(both)


def windows(as_of: date) -> st.SearchStrategy[dict[str, Any]]:
    """Draw what a worklist is asked for: nothing, a week by name or number, or so many days."""

    def asked(pick: Pick) -> dict[str, Any]:
        year, week, _ = (as_of + timedelta(weeks=pick.randint(-12, 6))).isocalendar()
        days, named = pick.choice([1, 5, 14, 60, 200]), pick.choice(["this", "next"])
        return pick.choice([{}, {"days": days}, {"week": named}, {"week": f"{year}-W{week:02d}"}])

    return _picks().map(asked)
