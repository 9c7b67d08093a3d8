"""What an account is: size, likelihood, grade and tier, from the grid and the cells."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from naive import cells
from naive.conditions import Facts, compares, fields_of, holds

if TYPE_CHECKING:
    from naive.journal import Told

BUILT_IN: dict[str, Any] = {
    "name": "Potential and likelihood",
    "potential": {"A": "over 50k", "B": "at least 10k", "C": "rest"},
    "grid": {"A": ["1", "1/2", "2"], "B": ["1/2", "2", "2"], "C": ["3", "3", "3"]},
    "tiers": {
        "1": {"name": "Growth"},
        "2": {"name": "Bread and butter"},
        "3": {"name": "Automated"},
    },
}


@dataclass(frozen=True)
class Graded:
    """All that the grid says of one account; empty text for what is missing."""

    potential: Decimal | None
    size: str
    likelihood: str
    grade: str
    tier: str
    basis: str
    borderline: str


class Grid:
    """The grid's YAML, with the orders that it implies."""

    def __init__(self, policy: dict[str, Any]) -> None:
        """Take the policy as it was parsed, every key and scalar a text."""
        self.bands: dict[str, str] = policy["potential"]
        self.likelihood: dict[str, Any] | None = policy.get("likelihood")
        self.cells: dict[str, list[str]] = policy["grid"]
        self.rules: list[dict[str, Any]] = policy.get("borderline", [])
        self.names = {tier: about["name"] for tier, about in policy["tiers"].items()}
        self.tiers = list(self.names)
        self.sizes = list(self.cells)
        count = len(next(iter(self.cells.values())))
        self.levels = (
            list(self.likelihood["levels"])
            if self.likelihood
            else [str(n + 1) for n in range(count)]
        )
        self.parts = {size + level: (size, level) for size in self.sizes for level in self.levels}
        self.grades = list(self.parts)

    def cell(self, grade: str) -> list[str]:
        """Give the tier of a grade, or the two of a borderline one, the better first."""
        size, level = self.parts[grade]
        return sorted(self.cells[size][self.levels.index(level)].split("/"), key=self.tiers.index)

    def score(self, facts: Facts) -> str:
        """Add up the points and band them; a score none of whose fields is known gives no level.

        A score of the signals is banded as it is.
        """
        if self.likelihood and "from" in self.likelihood:
            value = facts.get(self.likelihood["from"], "")
            return band(self.likelihood["levels"], Decimal(value) if value else None)
        lines = (self.likelihood or {}).get("score", [])
        fields = [field for line in lines for field in fields_of(line["when"])]
        if not any(facts.get(field, "").strip() for field in fields):
            return ""
        points = sum(
            (Decimal(str(one["points"])) for one in lines if holds(one["when"], facts)), Decimal(0)
        )
        return band((self.likelihood or {})["levels"], points)

    def grade(self, row: dict[str, str], facts: Facts, told: "Told") -> Graded:
        """Grade one account from what was told and its cells, and put it into its tier."""
        given = cells.key(row.get("grade", ""), self.grades)
        size, level = self.parts[given] if given else ("", "")
        amount = cells.money(row.get("potential", ""))
        size = size or cells.key(row.get("size", ""), self.sizes) or band(self.bands, amount)
        level = level or cells.key(row.get("likelihood", ""), self.levels) or ""
        since = cells.day(row.get("graded_on", ""))
        since = since if since and since <= told.as_of else None
        told_size = self._told_size(told, since, in_cells=bool(size))
        told_level = self._told_level(told, since, in_cells=bool(level))
        potential = told_potential(told, since, amount)
        size = told_size or size
        level = told_level or level or self.score(facts)
        grade = size + level if size and level else ""
        by_hand = "journal" if told_size or told_level else "given" if given else "computed"
        seen = {
            **facts,
            "size": size,
            "likelihood": level,
            "grade": grade,
            "potential": cells.plain(potential),
        }
        call = told.call or cells.key(row.get("tier", ""), self.tiers)
        tier, mark = self._tier(grade, call, seen)
        basis = by_hand if grade else "ungraded"
        return Graded(potential, size, level, grade, tier, basis, mark)

    def _told_size(self, told: "Told", since: date | None, *, in_cells: bool) -> str:
        """Give the size that the journal set, unless it is older than the cell that gives one."""
        entry = told.last("grade", "size", "potential")
        if entry is None or (in_cells and since and entry.on < since):
            return ""
        if entry.kind == "potential":
            return band(self.bands, Decimal(entry.value))
        return self.parts[entry.value][0] if entry.kind == "grade" else entry.value

    def _told_level(self, told: "Told", since: date | None, *, in_cells: bool) -> str:
        """Give the likelihood that the journal set, unless it is older than the cell's."""
        entry = told.last("grade", "likelihood")
        if entry is None or (in_cells and since and entry.on < since):
            return ""
        return self.parts[entry.value][1] if entry.kind == "grade" else entry.value

    def _tier(self, grade: str, call: str | None, facts: Facts) -> tuple[str, str]:
        """Settle the tier and its mark: a call beats a rule, a rule beats the worse tier."""
        if not grade:
            return (call, "override") if call else ("", "")
        two = self.cell(grade)
        if call and call in two:
            return call, "called" if len(two) > 1 else ""
        if call:
            return call, "override"
        if len(two) == 1:
            return two[0], ""
        rule = next((one for one in self.rules if holds(one["when"], facts)), None)
        if rule is None:
            return two[1], "call to make"
        return two[0] if rule["tier"] == "better" else two[1], "rule"


def told_potential(told: "Told", since: date | None, cell: Decimal | None) -> Decimal | None:
    """Give the last amount known; an older one than the grading gives way to a cell only."""
    entry = told.last("potential")
    if entry is None or (cell is not None and since and entry.on < since):
        return cell
    return Decimal(entry.value)


def band(bands: dict[str, str], number: Decimal | None) -> str:
    """Find the first band that holds a number; a missing one is in none."""
    if number is None:
        return ""
    text = cells.plain(number)
    return next(
        (name for name, test in bands.items() if test == "rest" or compares(test, text)), ""
    )
