"""Measures: one value an account, taken from what the rows of a source add up to, or matched.

In: the signals, the tally of each source, the table of accounts, the day asked about. Out: exact
columns with one entry an account, which say who has none. Per account, but for a source that is
stale, which its tally knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.conditions import Conditions, as_text
from csprio.decide.distinct import Days, Distinct, Replies
from csprio.decide.exact import by_value, nothing, numbers_of, whole
from csprio.decide.nps import Answers
from csprio.decide.tally import windows
from csprio.decide.totals import Count, CountKnown, Last, LastAnswer, LastDay, Least, Most, Sum
from csprio.signals import Take
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    import numpy.typing as npt

    from csprio.decide.conditions import Value
    from csprio.decide.exact import Exact
    from csprio.decide.tally import Tally
    from csprio.decide.totals import Gathered
    from csprio.signals import Match, Measure, Signals

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

    Kind = TypeVar("Kind", bound=Gathered)

PERCENT = 100
BEGAN = "start_date"
_BETWEEN = ";"  # what a match's column puts between two needs
_ONE: Mapping[Take, type[Most | Last]] = {Take.MIN: Least, Take.MAX: Most, Take.LAST: Last}


@dataclass(frozen=True)
class Measured:
    """All measures of a book on one day, by name: in the order of the policy, matches last.

    `answers`, `last` and `counts` are of the measures that take nps: how many answers there are of
    each kind, the last answer of each account, and how many it gave, which is missing where it has
    no row in the source at all.
    """

    numbers: Mapping[str, Exact]
    answers: Mapping[str, Answers]
    last: Mapping[str, Exact]
    counts: Mapping[str, Exact]


def measured(
    signals: Signals, tallies: Mapping[str, Tally], table: pa.Table, moment: int
) -> Measured:
    """Take all measures on a day, in days from 1970-01-01, that the tallies were made for.

    `table` has a row an account. In it are found, as conditions find them, `start_date` and the
    columns that measures divide by and match.
    """
    fields = Conditions(table)
    numbers: dict[str, Exact] = {}
    answers: dict[str, Answers] = {}
    last: dict[str, Exact] = {}
    counts: dict[str, Exact] = {}
    matches = {each.name: _matched(each, fields) for each in signals.matches}
    made = {plain(name): exact for name, exact in matches.items()}
    for measure in signals.measures:
        name, asked = measure.name, _Asked(measure, tallies[measure.source], moment)
        exact = nothing(len(table)) if asked.silent else asked.number(fields)
        if measure.take is Take.NPS:
            answers[name], last[name], counts[name] = asked.answers, asked.last(), asked.count()
            made |= {plain(f"{name}_last"): last[name], plain(f"{name}_answers"): counts[name]}
        if measure.per:
            divisor = made.get(plain(measure.per))
            exact = exact.over(_numbers(fields, measure.per) if divisor is None else divisor)
        numbers[name] = made[plain(name)] = exact
    return Measured(numbers | matches, answers, last, counts)


@dataclass(frozen=True)
class _Asked:
    """One measure on one day, before it is divided."""

    of: Measure
    tally: Tally
    moment: int

    def number(self, fields: Conditions) -> Exact:
        """Take the measure, where its source is not silent."""
        match self.of.take:
            case Take.TREND:
                return self._trend(fields)
            case Take.NPS:
                return _score(self.answers)
            case Take.MEAN:
                count = self._now(CountKnown).found
                return self._now(Sum).scaled().exact(count > 0).over(whole(count, count > 0))
            case Take.MIN | Take.MAX | Take.LAST as take:
                one = self._now(_ONE[take])
                return one.scaled().exact(one.known)
            case Take.SINCE:
                days = self._now(LastDay)
                return whole(np.where(days.known, self.moment - days.found, 0), days.known)
            case _:
                return self._counted()

    def _counted(self) -> Exact:
        """Take what is 0 where no row is seen: of accounts that the source knows, or of all."""
        some = self._some
        known = some if self.of.empty is None else np.ones_like(some)
        match self.of.take:
            case Take.SUM:
                return self._now(Sum).scaled().exact(known)
            case Take.DAYS:
                return whole(self._now(Days).count(), known)
            case Take.DISTINCT:
                return whole(self._now(Distinct).count(), known)
            case _:
                return whole(self._now(Count).found, known)

    def _trend(self, fields: Conditions) -> Exact:
        """Compare the window with the one before it, for accounts that are older than both."""
        before = windows(self.of, self.moment)[-1]
        sum_before = self.tally.of(Sum, before, self.of).scaled()
        change = self._now(Sum).scaled().less(sum_before)
        older = _born(fields, self.tally.first_day) <= before.first
        return change.exact(older).over(sum_before.exact(older))

    @cached_property
    def answers(self) -> Answers:
        """Count the answers of each kind: none where the source is silent for too long."""
        if self.silent:
            return Answers(*(np.zeros(self.tally.accounts, np.int64) for _ in range(3)))
        return self._now(Replies).answers()

    def count(self) -> Exact:
        """Count all answers."""
        return whole(self.answers.answers, self._some & (not self.silent))

    def last(self) -> Exact:
        """Give the last answer."""
        one = self._now(LastAnswer)
        return one.scaled().exact(one.known & (not self.silent))

    @property
    def silent(self) -> bool:
        """Tell whether its source has no row that is young enough for a window."""
        return self.of.over is not None and self.tally.is_stale(self.moment)

    @property
    def _some(self) -> Mask:
        """Tell which accounts have any row in its source."""
        return self.tally.any_row(self.moment)

    def _now(self, kind: type[Kind]) -> Kind:
        """Give what the rows of its window add up to."""
        return self.tally.of(kind, windows(self.of, self.moment)[0], self.of)


def _score(answers: Answers) -> Exact:
    """Give the net promoter score exactly: 100 (P - D) / n."""
    said = answers.answers > 0
    more = PERCENT * (answers.promoters - answers.detractors)
    return whole(more, said).over(whole(answers.answers, said))


def _born(fields: Conditions, first_day: Ints) -> Ints:
    """Give the day from which an account is counted: its start, else its first row."""
    start = fields.column(BEGAN)
    if start is None:
        return first_day
    days = pc.fill_null(start.cast(pa.int32()), 0).to_numpy().astype(np.int64)
    return np.where(start.is_valid().to_numpy(), days, first_day)


def _numbers(fields: Conditions, field: str) -> Exact:
    """Read the numbers of a column of the accounts; nobody has any where there is none."""
    column = fields.column(field)
    return nothing(len(fields.none())) if column is None else numbers_of(column)


def _matched(match: Match, fields: Conditions) -> Exact:
    """Say how much of what each account needs is met, in percent; each need counts once."""
    worths = {need.casefold(): Fraction(worth) for need, worth in match.meets.items()}

    def worth(value: Value) -> Fraction | None:
        needs = {need.strip().casefold() for need in as_text(value).split(_BETWEEN)} - {""}
        met = sum((worths.get(need, Fraction(0)) for need in needs), Fraction(0))
        return PERCENT * met / len(needs) if needs else None

    column = fields.column(match.column)
    return nothing(len(fields.none())) if column is None else by_value(column, worth)
