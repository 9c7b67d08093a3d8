"""One question's files as plain values, and every account of them graded, dated and planned."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from naive import cells, clv
from naive.conditions import holds
from naive.grading import BUILT_IN, Graded, Grid, told_potential
from naive.journal import CHURNED, TRACKS, Files, Told, hear, read
from naive.playbook import Activity, Playbook
from naive.scores import Scored
from naive.signals import Signals, Subject
from naive.sources import Sheet
from naive.tasks import Life
from naive.team import Team
from naive.terms import Terms
from naive.workdays import workdays

INACTIVE = ["churned", "cancelled", "closed", "lost", "inactive"]
PROSPECTS = ["prospect"]
WEEKEND = ["sat", "sun"]
MONTHS = 12
EXPIRES = "60d"

Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    """What a user has in a folder, and the day asked about; policies hold texts only.

    ``journal`` has the rows of each of its files by name; of no file there is no journal.
    ``files`` are what the sources of ``signals`` name.
    """

    columns: list[str]
    rows: list[Row]
    playbook: dict[str, Any]
    as_of: date
    grid: dict[str, Any] | None = None
    own: list[dict[str, Any]] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    journal: Files = field(default_factory=dict)
    team: list[Row] = field(default_factory=list)
    signals: dict[str, Any] | None = None
    files: dict[str, Sheet] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """The last day that changed an account's tier, and the ids of the plan it had before."""

    day: date
    before: set[str]


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
    told: Told
    change: Change | None
    signals: Row
    scored: dict[str, Scored]
    seen: Row

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
        self.days = workdays(
            tuple(config.get("weekend", WEEKEND)), tuple(config.get("holidays", []))
        )
        self.expires = timedelta(days=int(config.get("expires", EXPIRES).removesuffix("d")))
        self._inactive = {one.casefold() for one in config.get("inactive", INACTIVE)}
        self._prospects = {one.casefold() for one in config.get("prospects", PROSPECTS)}
        self.team = Team(case.team)
        self.entries = read(case.journal, self.grid, self.as_of)
        self.tracked = min((one.on for one in self.entries if one.kind in TRACKS), default=None)
        rows = [{key: cell.strip() for key, cell in row.items()} for row in case.rows]
        ids = [row["account_id"] for row in rows]
        self.signals = Signals(case.signals or {}, case.files, ids, self.as_of, config)
        if self.signals.learns:
            lives = [self.renewals(row) for row in rows]
            self.signals.learn(one for one in lives if one is not None)
        self.accounts = [self._account(row) for row in rows]

    @property
    def active(self) -> list[Account]:
        """The accounts that tiers, calendars and worklists are about."""
        return [account for account in self.accounts if not account.inactive]

    def person(self, account: Account, role: str) -> str:
        """Name who serves a role for an account; nobody is empty."""
        return self.team.person(account.row.get(self.playbook.column(role), ""), role)

    def _told(self, row: Row) -> Told:
        name = row["account_id"]
        own = [one for one in self.entries if one.account == name]
        return Told(tuple(hear(name, self.signals.heard(name), own)), self.as_of)

    def renewals(self, row: Row) -> tuple[int, bool] | None:
        """Count the renewals that an account has made, and tell whether it then left.

        Whose status alone says that it left has no day on which it did, and is not counted. Who
        left on the day of a renewal has not made that one.
        """
        told = self._told(row)
        facts = _facts(row, told)
        life = self._life(row, facts, told)
        term = life.terms.current(self.as_of)
        gone = [one.on for one in told.entries if one.event == CHURNED]
        status = facts.get("status", "").casefold()
        if life.start is None or term is None:
            return None
        if not told.churned and status in self._inactive:
            return None
        now = gone[-1] - timedelta(days=1) if told.churned else term.first
        months = cells.whole(row.get("term_months", "")) or MONTHS
        return clv.whole_terms(life.start, now, months), told.churned

    def _account(self, row: Row) -> Account:
        name = row["account_id"]
        told = self._told(row)
        facts = _facts(row, told)
        life = self._life(row, facts, told)
        counted = self._counted(life, row, told)
        worth = told_potential(told, _since(row, told), cells.money(row.get("potential", "")))
        known = {**facts, **counted, "potential": cells.plain(worth)}
        signals, scored = self.signals.read(Subject(name, known, life))
        graded = self.grid.grade(row, {**facts, **signals}, told)
        seen = {**facts, **counted, **signals, **self._settled(graded, row)}
        plan = self.playbook.plan(name, graded.grade, graded.tier)
        plan = [activity for activity in plan if holds(activity.when, seen)]
        status = facts.get("status", "").casefold()
        if status in self._prospects:
            plan = [activity for activity in plan if _is_before_start(activity)]
        return Account(
            row=row,
            id=name,
            name=facts["name"],
            graded=graded,
            arr=_arr(row, told),
            life=life,
            plan=plan,
            inactive=told.churned or status in self._inactive,
            told=told,
            change=self._change(row, told, signals),
            signals=signals,
            scored=scored,
            seen=seen,
        )

    def _change(self, row: Row, told: Told, signals: Row) -> Change | None:
        """Find the last day whose entries, taken together, changed the tier.

        What the signals say is the same before and after: no entry of that day has changed it.
        """
        for day in sorted({one.on for one in told.entries}, reverse=True):
            before, after = (
                self.grid.grade(row, {**_facts(row, some), **signals}, some)
                for some in told.around(day)
            )
            if before.tier != after.tier:
                plan = self.playbook.plan(row["account_id"], before.grade, before.tier)
                return Change(day, {activity.id for activity in plan})
        return None

    def _life(self, row: Row, facts: Row, told: Told) -> Life:
        """Read the dates that activities hang on; a grading after as-of does not count."""
        start = cells.day(row.get("start_date", ""))
        graded_on = cells.day(row.get("graded_on", ""))
        gradings = [day for day in (graded_on, told.graded) if day and day <= self.as_of]
        months = cells.whole(row.get("term_months", "")) or MONTHS
        return Life(
            start=start,
            graded=max(gradings, default=None),
            notice_days=cells.whole(row.get("notice_days", "")),
            terms=Terms(start, cells.day(facts["renewal_date"]), months),
            events=told.events,
            logged=told.logged,
        )

    def _counted(self, life: Life, row: Row, told: Told) -> Row:
        """Add what conditions of playbooks and scores may look at."""
        arr = _arr(row, told)
        potential = told_potential(told, _since(row, told), cells.money(row.get("potential", "")))
        headroom = None if potential is None or arr is None else potential - arr
        tenure = (self.as_of - life.start).days if life.start and life.start <= self.as_of else None
        term = life.terms.current(self.as_of)
        found = {
            "headroom": cells.plain(headroom),
            "tenure_days": cells.plain(tenure),
            "renewal_in": cells.plain((term.end - self.as_of).days if term else None),
            "days_since_grade": cells.plain(
                (self.as_of - life.graded).days if life.graded else None
            ),
            "days_since_touch": cells.plain(
                (self.as_of - told.touched).days if told.touched else None
            ),
        }
        return {name: text for name, text in found.items() if name not in row}

    @staticmethod
    def _settled(graded: Graded, row: Row) -> Row:
        """Add what only conditions of playbooks may look at."""
        return {
            "potential": cells.plain(graded.potential),
            "size": graded.size,
            "likelihood": graded.likelihood,
            "grade": graded.grade,
            "tier": graded.tier,
            "borderline": graded.borderline,
            "term_months": str(cells.whole(row.get("term_months", "")) or MONTHS),
        }


def _since(row: Row, told: Told) -> date | None:
    """Give the day of the CRM's grading, unless it is still to come."""
    since = cells.day(row.get("graded_on", ""))
    return since if since and since <= told.as_of else None


def _arr(row: Row, told: Told) -> Decimal | None:
    return cells.money(row.get("arr", "")) if told.arr is None else told.arr


def _facts(row: Row, told: Told) -> Row:
    """Make what conditions read: known fields as csprio reads them, other cells as they are.

    Of these the journal beats the motion, the arr, the renewal and the status.
    """
    facts = dict(row)
    facts["name"] = row.get("name", "") or row["account_id"]
    facts["potential"] = cells.plain(cells.money(row.get("potential", "")))
    for name in ("start_date", "renewal_date", "graded_on"):
        facts[name] = str(cells.day(row.get(name, "")) or "")
    for name in ("term_months", "notice_days"):
        facts[name] = cells.plain(cells.whole(row.get(name, "")))
    facts["arr"] = cells.plain(_arr(row, told))
    facts["motion"] = told.motion or row.get("motion", "")
    facts["renewal_date"] = str(told.renewal or facts["renewal_date"])
    facts["status"] = CHURNED if told.churned else row.get("status", "")
    return facts


def _is_before_start(activity: Activity) -> bool:
    """Tell what a prospect gets: only what is due so long before the start."""
    offset = activity.due.offset
    return activity.due.anchor == "start" and offset is not None and offset.count < 0
