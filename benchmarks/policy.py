"""The policy that csprio and its rivals are measured with: one playbook, and the built-in grid.

Out: the activities, the grid's cells and the days asked about as plain values, for the rivals, and
the same playbook as YAML, for csprio. Nothing but the standard library: whatever is imported here,
every rival pays for.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

AS_OF = date(2026, 11, 23)  # a Monday: the week of the worklist begins with it
WEEK_ENDS = date(2026, 11, 29)
EXPIRES = 60  # days
COLUMNS = {  # those that an answer needs, of the 25 in the book
    "grade": ["account_id", "name", "potential", "likelihood", "csm", "status"],
    "calendar": [
        *("account_id", "name", "potential", "likelihood", "csm", "sales", "cust_dev"),
        *("start_date", "term_months", "status"),
    ],
}
COLUMNS["worklist"] = [*COLUMNS["calendar"], "arr"]
ANSWERS = {
    "grade": [
        *("account_id", "name", "csm", "potential", "size", "likelihood", "grade"),
        *("tier", "tier_name", "basis", "borderline", "note"),
    ],
    "calendar": [
        *("due", "account_id", "name", "tier", "grade", "activity", "title", "role", "owner"),
        *("with", "channel", "effort_minutes", "objective", "status", "task_id"),
    ],
    "worklist": [
        *("owner", "rank", "due", "status", "part", "account_id", "name", "tier", "grade", "arr"),
        *("activity", "title", "role", "with", "channel", "effort_minutes", "objective"),
        *("days_overdue", "renewal_date", "last_touch", "why", "task_id"),
        *("outcome", "until", "comment"),
    ],
}
ROLES = {"csm": "csm", "sales": "sales", "custdev": "cust_dev", "system": ""}  # and their columns


class Activity(NamedTuple):
    """An activity: `number` of `unit` (d, w or mo) after its anchor, before it where negative."""

    plan: str  # all, or a tier
    id: str
    title: str
    role: str
    others: str  # one further role, or nothing
    anchor: str  # term or renewal
    number: int
    unit: str
    minutes: int
    channel: str
    objective: str

    @property
    def due(self) -> str:
        """The date as a playbook says it."""
        return f"{self.anchor} {'-' if self.number < 0 else '+'} {abs(self.number)}{self.unit}"

    @property
    def why(self) -> str:
        """The reason that a worklist gives, without the anchor's day."""
        plan = "plan for all" if self.plan == "all" else f"plan of tier {self.plan}"
        return f"{plan}: {self.due} ({self.anchor} "

    @property
    def parties(self) -> list[tuple[str, str, str, str]]:
        """Who has it in a list: part, role, the column of the owner and that of the other one."""
        lead = ("lead", self.role, ROLES[self.role], ROLES.get(self.others, ""))
        further = ("with", self.others, ROLES.get(self.others, ""), ROLES[self.role])
        return [each for each in (lead, further) if each[2]]


def _activity(*said: str) -> Activity:
    plan, name, title, role, others, due, minutes, channel, objective = said
    anchor, sign, distance = due.split()
    digits = distance.rstrip("dwmo")
    number, unit = int(digits) * (-1 if sign == "-" else 1), distance.removeprefix(digits)
    return Activity(
        plan, name, title, role, others, anchor, number, unit, int(minutes), channel, objective
    )


ACTIVITIES = [  # six for all and nine for each tier: fifteen tasks an account and term
    _activity(*(said.strip() for said in line.split("|")))
    for line in """
all | digest | What you achieved | system | | term + 1mo | 1 | email | Keep the results in sight
all | tips | Tips that make a habit | system | | term + 2w | 1 | in-app | Turn first use into habit
all | survey | NPS survey | system | | term + 6mo | 1 | email | Find fans and foes
all | check-in | Check-in | csm | | term + 3mo | 30 | call | Hear what has changed
all | notice | Know the answer early | csm | sales | renewal - 4mo | 15 | call | Hear it in time
all | confirm | Confirm the renewal | csm | | renewal - 2w | 5 | | See that it is signed
1 | kickoff | Kickoff call | custdev | csm | term + 7d | 90 | call | Agree on success, in numbers
1 | plan | Growth plan | custdev | | term + 45d | 120 | | Say who could be next
1 | review-1 | Growth review | custdev | csm | term + 2mo | 60 | visit | Show gains, ask for more
1 | review-2 | Growth review | custdev | csm | term + 5mo | 60 | visit | Show gains, ask for more
1 | review-3 | Growth review | custdev | csm | term + 8mo | 60 | visit | Show gains, ask for more
1 | reference | Ask for a reference | sales | | term + 7mo | 15 | mail | Let a fan speak
1 | expand | Plan the expansion | custdev | sales | renewal - 5mo | 60 | | Have a price by then
1 | prepare | Plan the renewal | csm | | renewal - 90d | 30 | | Know who decides, and on what
1 | renew | Renewal talk | csm | sales | renewal - 60d | 60 | call | Renew, with more
2 | kickoff | Kickoff call | csm | sales | term + 7d | 60 | call | Agree on success metrics
2 | introduce | Meet Customer Development | custdev | csm | term + 55d | 30 | call | See more
2 | metrics-1 | Check success metrics | csm | | term + 2mo | 30 | call | See whether it works
2 | metrics-2 | Check success metrics | csm | | term + 5mo | 30 | call | See whether it works
2 | metrics-3 | Check success metrics | csm | | term + 8mo | 30 | call | See whether it works
2 | sales-again | Sales looks in again | sales | | term + 7mo | 15 | call | Ask about other groups
2 | map | Map further uses | custdev | | renewal - 5mo | 45 | | Find where else it fits
2 | prepare | Plan the renewal | csm | | renewal - 90d | 15 | | Know who decides
2 | renew | Renewal talk | csm | | renewal - 60d | 30 | call | Renew
3 | welcome | Welcome message | system | | term + 7d | 1 | email | Show where to begin
3 | lesson-1 | Short lesson | system | | term + 2mo | 1 | email | Teach a feature
3 | lesson-2 | Short lesson | system | | term + 4mo | 1 | email | Teach a feature
3 | lesson-3 | Short lesson | system | | term + 5mo | 1 | email | Teach a feature
3 | lesson-4 | Short lesson | system | | term + 8mo | 1 | email | Teach a feature
3 | community | Invite to the community | system | | term + 55d | 1 | email | Let users meet
3 | webinar | Invite to the webinar | system | | renewal - 5mo | 1 | email | Show what is new
3 | offer | Offer the renewal | system | | renewal - 90d | 1 | email | Make it easy to stay
3 | look | Sales looks in | sales | | renewal - 60d | 15 | call | See whether more is possible
""".strip().splitlines()
]
TIERS = {"1": "Growth", "2": "Bread and butter", "3": "Automated"}
GRID = {"A": ["1", "1/2", "2"], "B": ["1/2", "2", "2"], "C": ["3", "3", "3"]}
OVER, AT_LEAST = 50_000, 10_000  # above the first a size A, from the second a B
INACTIVE = "inactive by status: left out of tiers, calendars and worklists"
NO_SIZE = "size unknown (no potential, size or grade)"
NO_LIKELIHOOD = "likelihood unknown (no likelihood or grade)"


class Cell(NamedTuple):
    """What an account of this size, likelihood (blank where unknown) and status is."""

    size: str
    likelihood: str
    status: str
    grade: str
    tier: str
    tier_name: str
    basis: str
    borderline: str
    note: str


def _cell(size: str, likelihood: str, status: str) -> Cell:
    notes = [INACTIVE] if status == "churned" else []
    if not size or not likelihood:
        notes += [] if size else [NO_SIZE]
        notes += [] if likelihood else [NO_LIKELIHOOD]
        return Cell(size, likelihood, status, "", "", "", "ungraded", "", "; ".join(notes))
    better, _, worse = GRID[size][int(likelihood) - 1].partition("/")
    tier, call = worse or better, "call to make" if worse else ""
    if worse:
        notes.append(f"between tier {better} and {worse}: a call to make, tier {worse} until then")
    note = "; ".join(notes)
    name = TIERS[tier]
    return Cell(size, likelihood, status, size + likelihood, tier, name, "computed", call, note)


CELLS = [
    _cell(size, likelihood, status)
    for size in (*GRID, "")
    for likelihood in ("1", "2", "3", "")
    for status in ("active", "churned")
]


def playbook() -> str:
    """Write the playbook as csprio reads it."""
    lines = ["name: Benchmark", "roles:"]
    for role, column in ROLES.items():
        how = f"column: {column}" if column else "automated: true"
        lines.append(f"  {role}: {{title: {role}, {how}}}")
    lines.append("plans:")
    for plan in dict.fromkeys(each.plan for each in ACTIVITIES):
        lines.append(f"  {plan}:")
        lines += [f"    - {{{_yaml(each)}}}" for each in ACTIVITIES if each.plan == plan]
    return "\n".join(lines) + "\n"


def _yaml(activity: Activity) -> str:
    said = {
        "id": activity.id,
        "title": f'"{activity.title}"',
        "role": activity.role,
        "with": f"[{activity.others}]" if activity.others else "",
        "due": activity.due,
        "effort": f"{activity.minutes}m",
        "channel": activity.channel,
        "objective": f'"{activity.objective}"',
    }
    return ", ".join(f"{key}: {value}" for key, value in said.items() if value)
