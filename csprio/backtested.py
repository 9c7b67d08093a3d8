"""A score as of an earlier day beside what came after it: the two readings of a backtest.

In: a question, the day of the score, how it is told who left. Out: a `Backtest`, whose sheet is the
answer. The score is read as `csprio scores --as-of` that day would: nothing later is seen. Only who
left is read as of the day asked about.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from csprio import pipeline
from csprio.answers import of_owners
from csprio.decide.backtest import LEAST, TooFew, Trial, backtest
from csprio.decide.columns import NONE
from csprio.decide.dates import day, days_of
from csprio.decide.grading import status_in
from csprio.decide.memory import Memory
from csprio.decide.outcomes import Standing, by_column, by_events
from csprio.decide.undated import columns_seen
from csprio.journal import CHURNED
from csprio.problems import Place, Stop, policy_stop, problem
from csprio.tables import ANSWERS, Sheet, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    import numpy.typing as npt

    from csprio.decide.outcomes import Outcomes
    from csprio.pipeline import Digests, Graded, Inputs, Question
    from csprio.problems import Problem
    from csprio.signals import Signals

    Mask = npt.NDArray[np.bool_]

_DATED = "{date}"  # in `accounts:`, an export of each day
_LEFT, _WHERE = "--left", Place("--where")


@dataclass(frozen=True)
class Backtest:
    """What was read: `then` as of the day of the score, `now` as of the day asked about.

    `now` is None where the first reading has told all that there is to know of who left. `left` is
    the test of a column, as typed, or "" for `churned` events; `met` are those accounts of `now`
    that meet it, `gone` those of `then` that met it already, where the cells of each day are known.
    """

    score: str
    then: Graded
    by: date
    left: str = ""
    now: Inputs | None = None
    met: Mask | None = None
    gone: Mask | None = None

    @property
    def at(self) -> date:
        """The day of the score."""
        return self.then.inputs.question.as_of

    @property
    def _readings(self) -> tuple[Inputs, ...]:
        """What was read, the later reading last."""
        return (self.then.inputs, *(() if self.now is None else (self.now,)))

    @property
    def paths(self) -> tuple[str, ...]:
        """Each input path as given, once."""
        return tuple(dict.fromkeys(path for inputs in self._readings for path in inputs.paths))

    @property
    def said(self) -> tuple[str, ...]:
        """What was taken for granted, each once."""
        return tuple(dict.fromkeys(line for inputs in self._readings for line in inputs.said))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the inputs, each once, and what is wrong with the question."""
        found = [each for inputs in self._readings for each in inputs.problems]
        return tuple(dict.fromkeys([*found, *self._about_the_score()]))

    def sheet(self) -> Sheet:
        """Answer `backtest`; Stop where too few left, or stayed."""
        trial = Trial(self.at, self.by, self.left)
        inputs = self.then.inputs
        assert inputs.scoring is not None  # noqa: S101 - the score was looked up in it
        scored = inputs.scoring.now.scores[self.score]
        found = backtest(trial, scored, self._outcomes(), inputs.book.table, of_owners(self.then))
        if isinstance(found, TooFew):
            raise self._too_few(found)
        return Sheet("backtest", ANSWERS["backtest"], found, self.by.isoformat(), self._hashes())

    def _outcomes(self) -> Outcomes:
        """Find who left."""
        inputs, as_of = self.then.inputs, day(self.at)
        book, grid = inputs.book.table, inputs.policy.grid
        standing = Standing(
            status_in(book, inputs.config.table.inactive),
            self.then.prospect,
            days_of(book["start_date"]),
            _cells_dated(inputs),
        )
        ids = book["account_id"].combine_chunks()
        latest = self._readings[-1]
        if self.met is not None:
            theirs = latest.book.table["account_id"].combine_chunks()
            found = pc.index_in(ids, value_set=theirs).fill_null(NONE).to_numpy()
            left = np.append(self.met, False)[found]  # NONE is the last
            gone = np.zeros(len(book), bool) if self.gone is None else self.gone
            return by_column(left, found != NONE, gone, standing, as_of)
        journal = latest.journal
        before, after = (Memory(journal, ids, grid, on) for on in (as_of, day(self.by)))
        return by_events(before, after, standing)

    def _about_the_score(self) -> Iterator[Problem]:
        """Report what lets a score know more than it could have known on the day."""
        signals = self.then.inputs.policy.signals
        assert signals is not None  # noqa: S101 - who calls has them
        seen = columns_seen(signals, self.score)
        field = self.left.partition("=")[0].strip()
        if field and plain(field) in set(map(plain, seen)):
            yield problem("score-sees-outcome", Place(_LEFT), score=self.score, field=field)
        if seen and not _cells_dated(self.then.inputs):
            fields = ", ".join(seen)
            yield problem("cells-undated", Place(""), score=self.score, at=self.at, fields=fields)

    def _too_few(self, found: TooFew) -> Stop:
        """Say that so few leavers or stayers tell nothing, and where more are to be had."""
        did = f"left by {self.by}" if found.left else f"stayed until {self.by}"
        if self.left:
            did = f"meet `{self.left}`" if found.left else f"do not meet `{self.left}`"
        remedies = {
            (True, False): "take an earlier --at or a later --as-of; log who left by `csprio log "
            "ACCOUNT event churned`, or name a column that tells it by --left 'FIELD=TEST'",
            (True, True): "see that --left says who left, or take more accounts",
            (False, False): "take a later --at: in so long a time almost everybody leaves",
            (False, True): "see that --left says who left, not who stayed",
        }
        remedy = remedies[found.left, bool(self.left)]
        facts = {"accounts": found.accounts, "found": found.found, "at": self.at}
        return policy_stop(
            "too-few-outcomes", Place(""), **facts, did=did, least=LEAST, remedy=remedy
        )

    def _hashes(self) -> Digests:
        """Pair each input path with the SHA-256 of its bytes, once."""
        files = tuple(dict.fromkeys(path for each in self._readings for path in each.files))
        reads = {read.name: read for each in self._readings for read in each.sources}
        return pipeline.Digests(files, tuple(reads.values()))


def read(
    question: Question, at: date, choose: Callable[[Signals | None], str], left: str, stdin: bytes
) -> Backtest:
    """Read what a backtest needs; Stop with all that is wrong.

    `question` is as of the later day, `left` the test of a column or ""; `choose` names the score
    among those that there are, or stops. `stdin` comes as bytes, since it is read twice.
    """
    then = pipeline.grade(pipeline.read(replace(question, as_of=at), io.BytesIO(stdin)))
    signals = then.inputs.policy.signals
    score = choose(signals)
    assert signals is not None  # noqa: S101 - there is a score in them
    later = replace(question, owners=(), where=())
    if left:
        later = replace(later, where=(left,))
        now = _met(later, stdin)
        dated = _cells_dated(then.inputs)
        gone = _met(replace(later, as_of=at), stdin).asked if dated else None
        return Backtest(score, then, question.as_of, left, now.inputs, now.asked, gone)
    if not _rows_tell(signals):
        return Backtest(score, then, question.as_of)
    # Over the accounts of the day: who has left may have gone from the exports since.
    files = question.accounts or tuple(source.name for source in then.inputs.book.sources)
    latest = pipeline.read(replace(later, accounts=files), io.BytesIO(stdin))
    return Backtest(score, then, question.as_of, now=latest)


def _met(question: Question, stdin: bytes) -> Graded:
    """Find who meets the test of `--left`; what is wrong with the test is said to be of it."""
    try:
        return pipeline.grade(pipeline.read(question, io.BytesIO(stdin)))
    except Stop as stop:
        found = [
            replace(each, place=Place(_LEFT)) if each.place == _WHERE else each
            for each in stop.problems
        ]
        raise Stop(stop.exit_code, found, stop.also) from None


def _cells_dated(inputs: Inputs) -> bool:
    """Tell whether the accounts are an export of the day, and not the one that there is."""
    exports = any(_DATED in path for path in inputs.config.accounts)
    return exports and not inputs.question.accounts


def _rows_tell(signals: Signals) -> bool:
    """Tell whether rows of a source say who left: they are read up to the day asked about."""
    return any(rule.name.casefold() == CHURNED for rule in signals.events)
