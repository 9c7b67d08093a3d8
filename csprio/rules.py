"""The policy as frozen values: conditions, bands, grid, playbook, configuration.

Made by `read` from YAML, consumed by `decide`. Nothing here reads, computes dates or prints; every
value that a person wrote carries the `Place` it stands at, so that an answer can be traced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from csprio.problems import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from csprio.signals import Signals

NOWHERE = Place("")

# --- conditions -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Same:
    """A plain value: equal as numbers or dates where both sides are, else as text without case."""

    text: str


@dataclass(frozen=True)
class Is:
    """`is TEXT`: the text itself, without case, whatever it looks like."""

    text: str


@dataclass(frozen=True)
class Contains:
    """`contains TEXT`: the text anywhere in the value, without case."""

    text: str


@dataclass(frozen=True)
class Compare:
    """`over`, `at least`, `under`, `at most`: sign is one of `>`, `>=`, `<`, `<=`."""

    sign: str
    bound: Decimal | date


@dataclass(frozen=True)
class Between:
    """`low..high`, both ends in."""

    low: Decimal | date
    high: Decimal | date


@dataclass(frozen=True)
class Missing:
    """`missing`: nothing is known."""


@dataclass(frozen=True)
class Present:
    """`present`: something is known."""


@dataclass(frozen=True)
class Not:
    """`not TEST`; a missing value does not meet it. `read` writes not-missing as `Present`."""

    test: Test


@dataclass(frozen=True)
class AnyOf:
    """A list of tests of which one must hold."""

    tests: tuple[Test, ...]


Test = Same | Is | Contains | Compare | Between | Missing | Present | Not | AnyOf


@dataclass(frozen=True)
class Clause:
    """One field and the test it must meet."""

    field: str
    test: Test
    place: Place = NOWHERE


@dataclass(frozen=True)
class Every:
    """All parts must hold; no part at all always holds."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Either:
    """One part must hold."""

    parts: tuple[Condition, ...]


Condition = Clause | Every | Either
ALWAYS = Every()


def clauses(condition: Condition) -> Iterator[Clause]:
    """Walk the clauses of a condition in the order written."""
    if isinstance(condition, Clause):
        yield condition
    else:
        for part in condition.parts:
            yield from clauses(part)


# --- the grid -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Band:
    """One line of bands: its key and the test that earns it; `test` None is `rest`."""

    key: str
    test: Compare | Between | None
    place: Place = NOWHERE


@dataclass(frozen=True)
class Points:
    """One line of a score: points (exact) where the condition holds."""

    when: Condition
    points: Decimal
    place: Place = NOWHERE


@dataclass(frozen=True)
class Likelihood:
    """How to get the likelihood where nobody gave it: a number, put into level bands.

    The number is a sum of points or, where `source` names one, a score of the signals.
    """

    score: tuple[Points, ...]
    levels: tuple[Band, ...]
    place: Place = NOWHERE
    source: str = ""
    source_place: Place = NOWHERE


@dataclass(frozen=True)
class Cell:
    """A cell of the grid: indices into `Grid.tiers`, best first; equal where it is plain."""

    better: int
    worse: int
    place: Place = NOWHERE

    @property
    def borderline(self) -> bool:
        """Tell whether the cell lies between two tiers."""
        return self.better != self.worse


@dataclass(frozen=True)
class BorderlineRule:
    """A rule for borderline cells: `tier` is `better`, `worse` or a tier's key."""

    when: Condition
    tier: str
    place: Place = NOWHERE


@dataclass(frozen=True)
class Tier:
    """A tier: its key, its name, and how many accounts a person of a role can carry."""

    key: str
    name: str
    accounts_per: Mapping[str, int] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True)
class Grid:
    """Sizes times levels make grades; `cells[size][level]` says the tier of each.

    `sizes` are in the order of the file's `grid:`; the bands of `potential` are in the order in
    which they are tried.
    """

    name: str
    sizes: tuple[str, ...]
    potential: tuple[Band, ...]
    levels: tuple[str, ...]
    likelihood: Likelihood | None
    cells: tuple[tuple[Cell, ...], ...]
    borderline: tuple[BorderlineRule, ...]
    tiers: tuple[Tier, ...]
    optional: tuple[str, ...] = ()
    place: Place = NOWHERE

    @property
    def grades(self) -> tuple[str, ...]:
        """All grades, size by size: A1, A2, A3, B1 ..."""
        return tuple(size + level for size in self.sizes for level in self.levels)

    @property
    def tier_keys(self) -> tuple[str, ...]:
        """Keys of the tiers, best first."""
        return tuple(tier.key for tier in self.tiers)


# --- the playbook ---------------------------------------------------------------------------------


class Unit(StrEnum):
    """Units an offset is counted in; weeks are days, quarters and years are months."""

    DAYS = "d"
    BUSINESS_DAYS = "bd"
    MONTHS = "mo"


class Anchor(StrEnum):
    """What an activity is dated from."""

    START = "start"
    TERM = "term"
    RENEWAL = "renewal"
    NOTICE = "notice"
    GRADED = "graded"
    EVENT = "event"


class Roll(StrEnum):
    """Where a date on a day off goes."""

    NEXT = "next"
    PREVIOUS = "previous"
    NONE = "none"


@dataclass(frozen=True)
class Offset:
    """A signed number of units; `backward` tells `- 0bd` from `+ 0bd`."""

    count: int = 0
    unit: Unit = Unit.DAYS
    backward: bool = False


@dataclass(frozen=True)
class Due:
    """ANCHOR plus or minus an offset; `event` names the event, `any` for each logged one."""

    anchor: Anchor
    offset: Offset = Offset()
    event: str = ""
    text: str = ""


@dataclass(frozen=True)
class Activity:
    """One line of a plan. `effort` is minutes; `every` counts forward; `with_` holds role keys."""

    id: str
    title: str
    role: str
    due: Due
    roll: Roll
    with_: tuple[str, ...] = ()
    every: Offset | None = None
    until: Due | date | None = None
    times: int | None = None
    when: Condition = ALWAYS
    effort: int = 30
    channel: str = ""
    objective: str = ""
    checklist: tuple[str, ...] = ()
    ends_with: str = ""
    window: tuple[Offset, Offset] | None = None
    place: Place = NOWHERE


@dataclass(frozen=True)
class Role:
    """A role: who it is, which accounts column names its person, whether a machine does it."""

    key: str
    title: str
    column: str
    automated: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True)
class Playbook:
    """Plans by name: `all`, `ungraded`, and one for each tier's key."""

    name: str
    roles: Mapping[str, Role]
    plans: Mapping[str, tuple[Activity, ...]]
    optional: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True)
class PlaybookChoice:
    """One line of a list of playbooks: the first whose condition holds serves an account."""

    when: Condition
    playbook: Playbook
    place: Place = NOWHERE


@dataclass(frozen=True)
class OwnPlan:
    """An account's own plan: activities added, replaced whole, and ids removed."""

    account: str
    add: tuple[Activity, ...] = ()
    replace: tuple[Activity, ...] = ()
    remove: tuple[str, ...] = ()
    place: Place = NOWHERE
    removed_at: Mapping[str, Place] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class DaysOff:
    """The business calendar: which weekdays work (Monday first) and single days that do not."""

    weekmask: tuple[bool, ...] = (True, True, True, True, True, False, False)
    holidays: tuple[date, ...] = ()
    places: Mapping[date, Place] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Policy:
    """All that the YAML files say about grading and planning."""

    grid: Grid
    playbooks: tuple[PlaybookChoice, ...]
    own_plans: tuple[OwnPlan, ...] = ()
    days_off: DaysOff = DaysOff()
    expires: int = 60
    signals: Signals | None = None

    @property
    def roles(self) -> Mapping[str, Role]:
        """The roles, which all playbooks of a list share."""
        return self.playbooks[0].playbook.roles
