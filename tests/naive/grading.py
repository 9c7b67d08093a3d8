"""What an account is: size, likelihood, grade and tier, from the grid and the cells."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from naive import cells
from naive.conditions import Facts, compares, fields_of, holds

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
        """Add up the points and band them; a score none of whose fields is known gives no level."""
        lines = (self.likelihood or {}).get("score", [])
        fields = [field for line in lines for field in fields_of(line["when"])]
        if not any(facts.get(field, "").strip() for field in fields):
            return ""
        points = sum(
            (Decimal(str(one["points"])) for one in lines if holds(one["when"], facts)), Decimal(0)
        )
        return band((self.likelihood or {})["levels"], points)

    def grade(self, row: dict[str, str], facts: Facts) -> Graded:
        """Grade one account from its cells, and put it into its tier."""
        potential = cells.money(row.get("potential", ""))
        given = cells.key(row.get("grade", ""), self.grades)
        size = cells.key(row.get("size", ""), self.sizes) or band(self.bands, potential)
        level = cells.key(row.get("likelihood", ""), self.levels) or self.score(facts)
        if given:
            size, level = self.parts[given]
        grade = size + level if size and level else ""
        basis = "given" if given else "computed" if grade else "ungraded"
        seen = {
            **facts,
            "size": size,
            "likelihood": level,
            "grade": grade,
            "potential": cells.plain(potential),
        }
        tier, mark = self._tier(grade, cells.key(row.get("tier", ""), self.tiers), seen)
        return Graded(potential, size, level, grade, tier, basis, mark)

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


def band(bands: dict[str, str], number: Decimal | None) -> str:
    """Find the first band that holds a number; a missing one is in none."""
    if number is None:
        return ""
    text = cells.plain(number)
    return next(
        (name for name, test in bands.items() if test == "rest" or compares(test, text)), ""
    )
