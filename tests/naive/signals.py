"""All that the signals say: events, measures, scores and values, an account at a time."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from naive import cells, clv, measures, nps, rfm, sbg, scores
from naive.cells import plain, six
from naive.conditions import fields_of, holds
from naive.scores import Scored
from naive.sources import Line, Sheet, Source, length, window
from naive.tasks import Life

MONTHS = 12
Row = dict[str, str]


@dataclass(frozen=True)
class Subject:
    """One account as far as it is known without any grade."""

    id: str
    facts: Row
    life: Life


class Signals:
    """One ``signals.yaml`` with its files, seen on a day."""

    def __init__(
        self,
        policy: Mapping[str, Any],
        files: Mapping[str, Sheet],
        ids: list[str],
        as_of: date,
        config: Mapping[str, Any],
    ) -> None:
        """Read the sources, and what only all accounts together can say."""
        self._policy = policy
        self._as_of = as_of
        self._measures: dict[str, Any] = policy.get("measures", {})
        self._sources = {
            name: Source(about, files, as_of, whens=self._whens(name), config=config)
            for name, about in policy.get("sources", {}).items()
        }
        about = policy.get("rfm")
        self._rfm = rfm.fields(about, self._sources[about["from"]], ids, as_of) if about else {}

    @property
    def learns(self) -> bool:
        """Tell whether the chance of a renewal is to be found out from what the accounts did."""
        return bool(self._policy.get("clv", {}).get("retention") == "estimate")

    @property
    def renewal(self) -> dict[str, str] | None:
        """What the policy says of the chance of a renewal, or what was learned of it."""
        known: dict[str, str] | None = self._policy["clv"]["retention"]
        return known

    def learn(self, lives: Iterable[tuple[int, bool]]) -> None:
        """Estimate the chance of a renewal by how many each account has made, and whether it left.

        It takes the place of what the policy says.
        """
        every = list(lives)
        left, stayed = (Counter(n for n, gone in every if gone is way) for way in (True, False))
        found = sbg.estimate(left, stayed)
        known = {"alpha": str(found[0]), "beta": str(found[1])} if found else None
        self._policy = {**self._policy, "clv": {**self._policy["clv"], "retention": known}}

    def _whens(self, source: str) -> list[Any]:
        """List all conditions on the rows of a source."""
        rules = [*self._policy.get("events", {}).values(), *self._measures.values()]
        return [rule.get("where") for rule in rules if rule.get("from") == source]

    def heard(self, account: str) -> tuple[tuple[date, str], ...]:
        """Give the events that sources tell of an account."""
        found = []
        for name, about in self._policy.get("events", {}).items():
            lines = self._sources[about["from"]].of(account)
            days = [line.on for line in lines if holds(about.get("where"), line.seen)]
            some = days if about.get("take") == "each" else days[:1]
            found += [(on, name.casefold()) for on in some]
        return tuple(found)

    def is_stale(self, name: str) -> bool:
        """Tell whether a source has been silent for too long, by itself or for its measures."""
        over = [
            length(one["over"])
            for one in self._measures.values()
            if one.get("from") == name and "over" in one
        ]
        given = self._policy["sources"][name].get("stale_after")
        days = length(given) if given else min(over, default=None)
        return days is not None and self._sources[name].is_older(days)

    def read(self, subject: Subject) -> tuple[Row, dict[str, Scored]]:
        """Give the fields of an account, and its scores in the order of the file."""
        found: dict[str, Fraction | None] = {}
        for name in self._measures:
            self._measure(name, subject, found)
        fields = {name: "" if one is None else plain(six(one)) for name, one in found.items()}
        for name, about in self._measures.items():
            if about.get("take", "").startswith("nps "):
                fields |= self._answers(name, subject)
        fields |= self._rfm.get(subject.id, {})
        if "clv" in self._policy:
            fields["clv"] = plain(self._value(subject))
        book = _Scores(self._policy.get("scores", {}), found, {**subject.facts, **fields})
        scored = {name: book.scored(name) for name in self._policy.get("scores", {})}
        for name, one in scored.items():
            fields |= scores.fields(name, one)
        return fields, scored

    def _measure(self, name: str, subject: Subject, found: dict[str, Fraction | None]) -> None:
        """Take a measure, and first the one that it is divided by."""
        about = self._measures[name]
        if name in found:
            return
        if "match" in about:
            found[name] = measures.match(about, subject.facts)
            return
        per = about.get("per", "")
        if per in self._measures:
            self._measure(per, subject, found)
        by = found[per] if per in found else measures.exact(subject.facts.get(per, ""))
        source = self._sources[about["from"]]
        value = measures.measure(
            about, source, subject.id, subject.facts, stale=self.is_stale(about["from"])
        )
        if value is not None and "per" in about:
            value = value / by if by else None
        found[name] = value

    def said(self, name: str, account: str) -> list[int] | None:
        """Give the answers of an account to a survey, the last one last; nobody asked is None."""
        about = self._measures[name]
        every = self._sources[about["from"]].of(account)
        if not every or (self.is_stale(about["from"]) and "over" in about):
            return None
        some = [line for line in every if holds(about.get("where"), line.seen)]
        days = length(about["over"]) if "over" in about else None
        lines: list[Line] = window(some, self._as_of, days)
        return nps.answers(lines, about["take"].partition(" ")[2], about.get("by"))

    def _answers(self, name: str, subject: Subject) -> Row:
        """Count the answers of a survey, and give the last one."""
        said = self.said(name, subject.id)
        if said is None:
            return {f"{name}_answers": "", f"{name}_last": ""}
        return {
            f"{name}_answers": str(len(said)),
            f"{name}_last": plain(next(reversed(said), None)),
        }

    def _value(self, subject: Subject) -> Decimal | None:
        """Value a contract; without terms or an amount there is none."""
        arr = cells.signed(subject.facts.get("arr", ""))
        term = subject.life.terms.current(self._as_of)
        if arr is None or term is None or self._policy["clv"]["retention"] is None:
            return None
        months = cells.whole(subject.facts.get("term_months", "")) or MONTHS
        start = subject.life.start
        survived = clv.whole_terms(start, term.first, months) if start else None
        return clv.clv(self._policy["clv"], arr, months, survived)


class _Scores:
    """The scores of one account, each made when something asks for it."""

    def __init__(
        self, policy: Mapping[str, Any], found: Mapping[str, Fraction | None], facts: Row
    ) -> None:
        """Begin with the measures and all other fields."""
        self._policy = policy
        self._found = found
        self._facts = dict(facts)
        self._made: dict[str, Scored] = {}

    def scored(self, name: str) -> Scored:
        """Make a score, and first those that it looks at."""
        if name not in self._made:
            about = self._policy[name]
            for field in {*about["of"], *_looked_at(about)}:
                self._make(field)
            earned = {
                field: scores.points(line, self._number(field), self._facts.get(field, ""))
                for field, line in about["of"].items()
            }
            self._made[name] = scores.score(about, earned, self._facts)
            self._facts |= scores.fields(name, self._made[name])
        return self._made[name]

    def _make(self, field: str) -> None:
        for name in (field, field.removesuffix("_band")):
            if name in self._policy:
                self.scored(name)

    def _number(self, field: str) -> Fraction | None:
        """Give a measure exactly, anything else as its field says."""
        if field in self._found:
            return self._found[field]
        return measures.exact(self._facts.get(field, ""))


def _looked_at(about: Mapping[str, Any]) -> set[str]:
    return {field for line in about.get("cap", []) for field in fields_of(line["when"])}
