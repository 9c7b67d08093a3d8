"""The book graded a batch of accounts at a time; what is to be said of it is gathered on the way.

In: what was read, and which accounts the question is about. Out: graded batches. Most books are one
batch. A long one is walked through, so that memory holds a few thousand accounts: each answer then
takes the batches one after the other, and only a walk that came to its end counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from csprio import checking, pipeline
from csprio.answers import Counts, Parts, count, people_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from csprio.pipeline import Graded, Inputs
    from csprio.problems import Problem
    from csprio.tables import Sheet


@dataclass
class _Gathered:
    """What was found in the batches so far."""

    problems: list[Problem] = field(default_factory=list)
    planned: set[str] = field(default_factory=set)  # accounts with a plan of their own
    counts: Counts = field(default_factory=Counts)
    people: set[str] = field(default_factory=set)

    def add(self, graded: Graded) -> None:
        """Take in a batch."""
        self.problems += checking.contradicting(graded)
        self.planned |= checking.planned(graded)
        self.counts += count(graded)
        self.people.update(graded.everybody)


class Walk:
    """A graded book: `head`, which is all of it but for a long one, and then batch by batch.

    The head of a long book has no account, but all columns.
    """

    def __init__(
        self,
        inputs: Inputs,
        accounts: tuple[str, ...] = (),
        tell: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Grade the head; `tell` is told how many accounts are done whenever that changes."""
        self._inputs, self._accounts, self._tell = inputs, accounts, tell
        self.head = pipeline.grade(inputs, accounts)
        self._found = self._begun()
        if inputs.walked is None:  # all is read; what takes time from here on is the answer
            tell(self._found.counts.accounts)

    def __iter__(self) -> Iterator[Graded]:
        """Give all batches, the head first."""
        yield self.head
        yield from self.rest()

    def rest(self) -> Iterator[Graded]:
        """Give the batches behind the head; each walk finds anew what there is to say."""
        if self._inputs.walked is None:
            return
        found = self._found = self._begun()
        for book in self._inputs.walked:
            graded = pipeline.grade(replace(self._inputs, book=book), self._accounts)
            found.add(graded)
            found.problems += book.problems
            yield graded
            self._tell(found.counts.accounts)

    def in_turn(self, answer: Callable[[Graded], Sheet]) -> Sheet:
        """Answer a question batch by batch: the rows of each follow those of the one before."""
        head = answer(self.head)

        def parts() -> Iterator[pa.Table]:
            yield from head.more
            for graded in self.rest():
                sheet = answer(graded)
                yield sheet.table
                yield from sheet.more

        return replace(head, more=Parts(parts))

    @property
    def everybody(self) -> tuple[str, ...]:
        """Name all who are asked about, as far as it was walked through; without case, exactly."""
        people = sorted(self._found.people, key=lambda name: (name.casefold(), name))
        return people_asked(self.head, people)

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong with what was read, once it was walked through."""
        walked = self._inputs.walked
        unused = checking.unused_plans(self._inputs.policy, self._found.planned)
        own = () if walked is None else walked.problems
        return [*self._inputs.problems, *own, *unused, *self._found.problems]

    @property
    def said(self) -> list[str]:
        """What stderr is told, once it was walked through."""
        walked = self._inputs.walked
        own = () if walked is None else walked.said
        return [*self._inputs.said, *own, *self._found.counts.said(self._inputs)]

    def _begun(self) -> _Gathered:
        found = _Gathered()
        found.add(self.head)
        return found
