"""One question's files as plain values, and every account of them graded, dated and planned."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from naive import cells
from naive.conditions import holds
from naive.grading import BUILT_IN, Graded, Grid
from naive.playbook import Activity, Playbook
from naive.tasks import Life
from naive.terms import Terms
from naive.workdays import Workdays

INACTIVE = ["churned", "cancelled", "closed", "lost", "inactive"]
PROSPECTS = ["prospect"]
WEEKEND = ["sat", "sun"]
MONTHS = 12
EXPIRES = "60d"

Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    """What a user has in a folder, and the day asked about; policies hold texts only."""

    columns: list[str]
    rows: list[Row]
    playbook: dict[str, Any]
    as_of: date
    grid: dict[str, Any] | None = None
    own: list[dict[str, Any]] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    events: dict[str, tuple[tuple[date, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """One account with all that is known of it."""

    row: Row
    id: str
    name: str
    graded: Graded
    arr: Decimal | None
    life: Life
    plan: list[Activity]
    inactive: bool

    @property
    def has_dates(self) -> bool:
        """Tell whether the account has any term."""
        return bool(self.life.terms)


class Book:
    """All accounts of a case, in the order of the file."""

    def __init__(self, case: Case) -> None:
        """Settle the policies, then each account by itself."""
        config = case.config
        self.case = case
        self.as_of = case.as_of
        self.grid = Grid(case.grid or BUILT_IN)
        self.playbook = Playbook(case.playbook, case.own)
        self.days = Workdays(config.get("weekend", WEEKEND), config.get("holidays", []))
        self.expires = timedelta(days=int(config.get("expires", EXPIRES).removesuffix("d")))
        self._inactive = {one.casefold() for one in config.get("inactive", INACTIVE)}
        self._prospects = {one.casefold() for one in config.get("prospects", PROSPECTS)}
        self.accounts = [
            self._account({key: cell.strip() for key, cell in row.items()}) for row in case.rows
        ]

    @property
    def active(self) -> list[Account]:
        """The accounts that tiers, calendars and worklists are about."""
        return [account for account in self.accounts if not account.inactive]

    def person(self, account: Account, role: str) -> str:
        """Name who serves a role for an account; nobody is empty."""
        return account.row.get(self.playbook.column(role), "")

    def _account(self, row: Row) -> Account:
        facts = _facts(row)
        graded = self.grid.grade(row, facts)
        life = self._life(row, facts["account_id"])
        seen = {**facts, **self._computed(graded, cells.money(row.get("arr", "")), life, row)}
        plan = self.playbook.plan(facts["account_id"], graded.grade, graded.tier)
        plan = [activity for activity in plan if holds(activity.when, seen)]
        status = row.get("status", "").casefold()
        if status in self._prospects:
            plan = [activity for activity in plan if _is_before_start(activity)]
        return Account(
            row=row,
            id=facts["account_id"],
            name=facts["name"],
            graded=graded,
            arr=cells.money(row.get("arr", "")),
            life=life,
            plan=plan,
            inactive=status in self._inactive,
        )

    def _life(self, row: Row, account_id: str) -> Life:
        """Read the dates that activities hang on; a grading after as-of does not count."""
        start = cells.day(row.get("start_date", ""))
        graded_on = cells.day(row.get("graded_on", ""))
        months = cells.whole(row.get("term_months", "")) or MONTHS
        return Life(
            start=start,
            graded=graded_on if graded_on and graded_on <= self.as_of else None,
            notice_days=cells.whole(row.get("notice_days", "")),
            terms=Terms(start, cells.day(row.get("renewal_date", "")), months),
            events=self.case.events.get(account_id, ()),
        )

    def _computed(
        self, graded: Graded, arr: Decimal | None, life: Life, row: Row
    ) -> dict[str, str]:
        """Add what only conditions of playbooks may look at."""
        headroom = None if graded.potential is None or arr is None else graded.potential - arr
        tenure = (self.as_of - life.start).days if life.start and life.start <= self.as_of else None
        term = life.terms.current(self.as_of)
        return {
            "potential": cells.plain(graded.potential),
            "size": graded.size,
            "likelihood": graded.likelihood,
            "grade": graded.grade,
            "tier": graded.tier,
            "borderline": graded.borderline,
            "term_months": str(cells.whole(row.get("term_months", "")) or MONTHS),
            "headroom": cells.plain(headroom),
            "tenure_days": cells.plain(tenure),
            "renewal_in": cells.plain((term.end - self.as_of).days if term else None),
            "days_since_grade": cells.plain(
                (self.as_of - life.graded).days if life.graded else None
            ),
            "days_since_touch": "",
        }


def _facts(row: Row) -> Row:
    """Make what conditions read: known fields as csprio reads them, other cells as they are."""
    facts = dict(row)
    facts["name"] = row.get("name", "") or row["account_id"]
    for name in ("potential", "arr"):
        facts[name] = cells.plain(cells.money(row.get(name, "")))
    for name in ("start_date", "renewal_date", "graded_on"):
        facts[name] = str(cells.day(row.get(name, "")) or "")
    for name in ("term_months", "notice_days"):
        facts[name] = cells.plain(cells.whole(row.get(name, "")))
    return facts


def _is_before_start(activity: Activity) -> bool:
    """Tell what a prospect gets: only what is due so long before the start."""
    offset = activity.due.offset
    return activity.due.anchor == "start" and offset is not None and offset.count < 0
