"""What became of each account after a day: who left, when, and of whom nobody can say.

In: what the journal tells as of two days, or a column that tells who left. Out: `Outcomes`, with
one entry an account of the book as it stood on the first day. Per account. An account that was not
there to be lost, or of which nobody knows whether it was, is set aside with its reason: it is no
stayer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from csprio.decide.dates import NEVER
from csprio.journal import CHURNED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from csprio.decide.dates import Days
    from csprio.decide.memory import Memory

    Mask = npt.NDArray[np.bool_]


class Aside(StrEnum):
    """Why an account takes no part, in the order in which it is asked; `at` is the first day."""

    PROSPECT = "prospects: no customers yet"
    LATER = "not begun by {at}: their start_date is later"
    GONE = "gone by {at}"
    UNDATED = "inactive by status, and no `churned` event says since when"
    NOT_TOLD = "no longer in the accounts, whose column tells who left"


@dataclass(frozen=True)
class Outcomes:
    """Who left after the day: arrays with one entry an account.

    `on` is the day it left, NaT where it stayed, and for everybody where `dated` is not set: a
    column tells no days. `aside` are the accounts that take no part; one may have several reasons,
    of which the first counts.
    """

    left: Mask
    on: Days
    dated: bool
    aside: Mapping[Aside, Mask]

    @property
    def part(self) -> Mask:
        """Tell which accounts take part."""
        aside = [np.zeros(len(self.left), bool), *self.aside.values()]
        return np.asarray(~np.any(aside, axis=0))

    def set_aside(self, asked: Mask) -> dict[Aside, int]:
        """Count the accounts asked about that take no part, by the first reason of each."""
        counts, rest = {}, asked
        for reason in Aside:
            if reason in self.aside:
                counts[reason] = int((rest & self.aside[reason]).sum())
                rest = rest & ~self.aside[reason]
        return {reason: count for reason, count in counts.items() if count}


@dataclass(frozen=True)
class Standing:
    """How accounts stood on the day by their cells: arrays with one entry an account.

    `inactive` and `prospect` are so by status, `began` is their start_date, NaT where not known.
    `dated` tells whether the cells are as of the day, or as the file has them today.
    """

    inactive: Mask
    prospect: Mask
    began: Days
    dated: bool

    def aside(self, day: np.datetime64) -> dict[Aside, Mask]:
        """Set aside who was no customer yet on the day."""
        return {Aside.PROSPECT: self.prospect, Aside.LATER: self.began > day}


def by_events(before: Memory, after: Memory, standing: Standing) -> Outcomes:
    """Find who left between two days by `churned` events: after the first, by the second.

    `before` and `after` are the same journal as of these days, over the same accounts. Whoever left
    left, on the first such day, whether it came back or not.
    """
    day = before.as_of
    gone = before.churned(before.now)
    if standing.dated:
        gone = gone | standing.inactive
    events, _ = after.named(CHURNED)
    later = events.take(events.day > day)
    first = np.append(True, later.row[1:] != later.row[:-1])[: len(later)]
    on = np.full(len(gone), NEVER)
    on[later.row[first]] = later.day[first]
    left = ~np.isnat(on)
    aside = {Aside.GONE: gone, Aside.UNDATED: standing.inactive & ~left}
    return Outcomes(left, on, dated=True, aside=standing.aside(day) | aside)


def by_column(
    left: Mask, told: Mask, gone: Mask, standing: Standing, day: np.datetime64
) -> Outcomes:
    """Take who left from a column.

    `told` are the accounts that still stand in the file with the column; `gone` are those that an
    export of the day says had left by then, nobody where there is none.
    """
    aside = standing.aside(day) | {Aside.GONE: gone, Aside.NOT_TOLD: ~told}
    return Outcomes(left, np.full(len(left), NEVER), dated=False, aside=aside)
