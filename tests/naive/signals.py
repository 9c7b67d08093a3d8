"""All that the signals say: events, measures, scores and values, an account at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from naive import cells, clv, measures, nps, rfm, scores
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
        self, policy: Mapping[str, Any], files: Mapping[str, Sheet], ids: list[str], as_of: date
    ) -> None:
        """Read the sources, and what only all accounts together can say."""
        self._policy = policy
        self._as_of = as_of
        self._sources = {
            name: Source(about, files, as_of) for name, about in policy.get("sources", {}).items()
        }
        self._measures: dict[str, Any] = policy.get("measures", {})
        about = policy.get("rfm")
        self._rfm = rfm.fields(about, self._sources[about["from"]], ids, as_of) if about else {}

    def heard(self, account: str) -> tuple[tuple[date, str], ...]:
        """Give the events that sources tell of an account."""
        found = []
        for name, about in self._policy.get("events", {}).items():
            lines = self._sources[about["from"]].of(account)
            days = [line.on for line in lines if holds(about.get("where"), line.cells)]
            some = days[:1] if about["take"] == "first" else days
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
        found = {name: self._measured(about, subject) for name, about in self._measures.items()}
        fields = {name: "" if one is None else plain(six(one)) for name, one in found.items()}
        for name, about in self._measures.items():
            if about.get("take", "").startswith("nps "):
                fields |= self._answers(name, about, subject)
        fields |= self._rfm.get(subject.id, {})
        if "clv" in self._policy:
            fields["clv"] = plain(self._value(subject))
        book = _Scores(self._policy.get("scores", {}), found, {**subject.facts, **fields})
        scored = {name: book.scored(name) for name in self._policy.get("scores", {})}
        for name, one in scored.items():
            fields |= scores.fields(name, one)
        return fields, scored

    def _measured(self, about: Mapping[str, Any], subject: Subject) -> Fraction | None:
        if "match" in about:
            return measures.match(about, subject.facts)
        name = about["from"]
        stale = self.is_stale(name)
        return measures.measure(about, self._sources[name], subject.id, subject.facts, stale=stale)

    def _answers(self, name: str, about: Mapping[str, Any], subject: Subject) -> Row:
        """Count the answers of a survey, and give the last one."""
        every = self._sources[about["from"]].of(subject.id)
        if not every or (self.is_stale(about["from"]) and "over" in about):
            return {f"{name}_answers": "", f"{name}_last": ""}
        some = [line for line in every if holds(about.get("where"), line.cells)]
        days = length(about["over"]) if "over" in about else None
        lines: list[Line] = window(some, self._as_of, days)
        said = nps.answers(lines, about["take"].partition(" ")[2], about.get("by"))
        return {
            f"{name}_answers": str(len(said)),
            f"{name}_last": plain(next(reversed(said), None)),
        }

    def _value(self, subject: Subject) -> Decimal | None:
        """Value a contract; without terms or an amount there is none."""
        arr = cells.signed(subject.facts.get("arr", ""))
        term = subject.life.terms.current(self._as_of)
        if arr is None or term is None:
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
