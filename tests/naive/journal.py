"""What people have told: entries in the order that counts, and what they say of one account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from naive import cells
from naive.grading import Grid

COLUMNS = ["date", "account_id", "kind", "key", "value", "until", "by", "note"]
GRADINGS = {"grade", "size", "potential", "likelihood"}
SETS_SIZE, SETS_LEVEL = {"grade", "size", "potential"}, {"grade", "likelihood"}
ENDS = {"done", "skipped"}
TRACKS = {"done", "skipped", "snoozed"}
LINES = {*TRACKS, "reopened"}
FREE = {"touch", "review", "kpi"}
MOTIONS = {"growth", "retention", "churn-prevention"}
CHURNED, RENEWED, NEW_ARR = "churned", "renewed", {"expanded", "contracted"}

Files = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Entry:
    """One line that could be read; keys of the grid as the grid spells them.

    Or an event that a source tells, which stands among them as if somebody had logged it.
    """

    on: date
    account: str
    kind: str
    key: str
    value: str
    until: date | None
    heard: bool = False

    @property
    def event(self) -> str:
        """The name of an event, without case; nothing for other kinds."""
        return self.key.casefold() if self.kind == "event" else ""


def read(files: Files, grid: Grid, as_of: date) -> list[Entry]:
    """Read what was written up to a day: by date, then file name, then line."""
    found = [
        (entry.on, name, number, entry)
        for name, rows in files.items()
        for number, row in enumerate(rows)
        if (entry := _entry({key: cell.strip() for key, cell in row.items()}, grid))
    ]
    return [entry for on, _, _, entry in sorted(found, key=lambda one: one[:3]) if on <= as_of]


def _entry(row: dict[str, str], grid: Grid) -> Entry | None:
    """Read one line; one that does not say what its kind must say tells nothing."""
    on, until = cells.day(row["date"]), cells.day(row["until"])
    kind, key = row["kind"], row["key"]
    value = _value(kind, key, row["value"], grid)
    if on is None or value is None:
        return None
    if kind in {*LINES, "event"} and not key:
        return None
    if kind == "snoozed" and (until is None or until <= on):
        return None
    return Entry(on, row["account_id"], kind, key, value, until)


def _value(kind: str, key: str, text: str, grid: Grid) -> str | None:
    """Give a value as it is understood, or nothing where it is not."""
    keys = {"grade": grid.grades, "size": grid.sizes, "likelihood": grid.levels, "tier": grid.tiers}
    if kind == "tier" and not text:
        return ""
    if kind in keys:
        return cells.key(text, keys[kind])
    if kind == "potential":
        return cells.plain(cells.money(text)) or None
    if kind == "motion":
        return text if text in MOTIONS else None
    if kind == "event" and key.casefold() in NEW_ARR:
        return cells.plain(cells.money(text)) or None
    return text if kind in {*LINES, *FREE, "event"} else None


def hear(account: str, events: Iterable[tuple[date, str]], logged: list[Entry]) -> list[Entry]:
    """Put what sources tell of an account among its entries; on one day, before what people did."""
    heard = [Entry(on, account, "event", name, "", None, heard=True) for on, name in events]
    return sorted([*heard, *logged], key=lambda one: one.on)


@dataclass(frozen=True)
class Told:
    """The entries about one account, in order, as they are seen on a day."""

    entries: tuple[Entry, ...]
    as_of: date

    def last(self, *kinds: str) -> Entry | None:
        """Find the last entry of some kinds."""
        return next((one for one in reversed(self.entries) if one.kind in kinds), None)

    def around(self, day: date) -> tuple["Told", "Told"]:
        """Give what was told before a day, and up to it, both as seen on it."""
        before = tuple(one for one in self.entries if one.on < day)
        until = tuple(one for one in self.entries if one.on <= day)
        return Told(before, day), Told(until, day)

    @property
    def call(self) -> str:
        """The tier that was called: the last call that still runs and was not withdrawn."""
        running = ""
        for entry in self.entries:
            if entry.kind == "tier" and not entry.value:
                running = ""
            elif entry.kind == "tier" and (entry.until is None or entry.until >= self.as_of):
                running = entry.value
        return running

    @property
    def motion(self) -> str:
        """The last motion."""
        entry = self.last("motion")
        return entry.value if entry else ""

    @property
    def graded(self) -> date | None:
        """The day of the last grading of any kind."""
        entry = self.last(*GRADINGS)
        return entry.on if entry else None

    @property
    def churned(self) -> bool:
        """Whether the account has left and not renewed since."""
        said = [one.event for one in self.entries if one.event in {CHURNED, RENEWED}]
        return said[-1:] == [CHURNED]

    @property
    def renewal(self) -> date | None:
        """The renewal date of the last ``renewed`` that gave one."""
        given = [one.until for one in self.entries if one.event == RENEWED and one.until]
        return given[-1] if given else None

    @property
    def renewed(self) -> list[date]:
        """The days of all renewals."""
        return [one.on for one in self.entries if one.event == RENEWED]

    @property
    def arr(self) -> Decimal | None:
        """What the account pays since it last grew or shrank."""
        given = [Decimal(one.value) for one in self.entries if one.event in NEW_ARR]
        return given[-1] if given else None

    @property
    def events(self) -> tuple[tuple[date, str], ...]:
        """All events, by day and name."""
        return tuple((one.on, one.event) for one in self.entries if one.event)

    @property
    def logged(self) -> tuple[date, ...]:
        """The days of events that a person logged; one who left is none of them."""
        by_hand = [one for one in self.entries if one.event and not one.heard]
        return tuple(one.on for one in by_hand if one.event != CHURNED)

    @property
    def touched(self) -> date | None:
        """The day of the last touch, review or task done and not taken back."""
        days = [
            one.on
            for number, one in enumerate(self.entries)
            if one.kind in {"touch", "review"}
            or (one.kind == "done" and not self._is_taken_back(one.key, number))
        ]
        return max(days, default=None)

    def _is_taken_back(self, task: str, number: int) -> bool:
        later = self.entries[number + 1 :]
        return any(one.kind == "reopened" and one.key == task for one in later)
