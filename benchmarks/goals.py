"""What csprio is meant to keep to, and what was measured of it.

In: what the programs of each question took. Out: goals, each with its measure where there is one.
Only the standard library may be imported here (see `measuring`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import contests
from contests import BARE, FEW, LIMIT, NOTHING, OURS, PLAIN, READING, TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from measuring import Taken

    Results = Mapping[tuple[str, int], Mapping[str, Taken]]

MILLION, MEGABYTE = 10**6, 10**6
TIMES = [  # question, accounts, at most so many times the limit
    ("grade", MILLION, 2.5),
    ("grade", 5 * MILLION, 2.5),
    ("calendar", MILLION, 1.5),
    ("worklist", 5 * MILLION, 2.5),
]
START = [("--version", 0, 1.3), ("--help", 0, 1.3), ("grade of 200 accounts", 200, 1.4)]
MEMORY = {"grade": 300, "calendar": 300, "worklist": 400}  # megabytes
AN_ACCOUNT = 16  # bytes
GROWTH = 1.1  # so many times the growth of the book
AS_FAST_AS_POLARS = 3
READINGS = 3
JOURNAL = 2
WORKBOOK = 2


@dataclass(frozen=True)
class Goal:
    """What is asked, as a most or a least in some unit, and what was measured."""

    what: str
    asked: float
    measured: float | None
    unit: str = "x"
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Tell whether it was met; nobody knows where nothing was measured."""
        if self.measured is None:
            return None
        return (self.measured >= self.asked) if self.at_least else (self.measured <= self.asked)


def goals(results: Results) -> Iterator[Goal]:
    """Give all goals, in the order in which the questions are asked."""
    yield from _start(results)
    yield from _against_the_limit(results)
    yield from _scores(results)
    yield from _journal(results)
    yield from _workbook(results)
    yield from _memory(results)
    yield from _growth(results)


def _start(results: Results) -> Iterator[Goal]:
    for question, accounts, most in START:
        taken = results.get((question, accounts), {})
        beside = next((name for name in taken if name != OURS), "its bare rival")
        yield Goal(f"{question} / {beside}", most, _ratio(taken, OURS, beside))


def _against_the_limit(results: Results) -> Iterator[Goal]:
    for question, accounts, most in TIMES:
        taken = results.get((question, accounts), {})
        yield Goal(f"{question}, {accounts:,} / the limit", most, _ratio(taken, OURS, LIMIT))
    taken = results.get(("worklist", 5 * MILLION), {})
    faster = _ratio(taken, "polars", OURS)
    yield Goal("worklist, 5,000,000: polars / csprio", AS_FAST_AS_POLARS, faster, at_least=True)


def _scores(results: Results) -> Iterator[Goal]:
    taken = results.get(("scores", MILLION), {})
    rows = MILLION * contests.ROWS_EACH
    what = f"scores, {MILLION:,} accounts and {rows:,} rows / Arrow reads the files"
    yield Goal(what, READINGS, _ratio(taken, OURS, READING))
    peak = taken[OURS].peak / taken[FEW].peak if _all(taken, OURS, FEW) else None
    yield Goal("scores, ten times the rows: peak memory", GROWTH, peak)


def _journal(results: Results) -> Iterator[Goal]:
    accounts = max(_sizes(results, "journal"), default=MILLION // 10)
    taken = results.get(("journal", accounts), {})
    ratio = None
    if _all(taken, PLAIN, TOLD, READING, NOTHING):
        read = max(taken[READING].wall - taken[NOTHING].wall, 0)
        ratio = taken[TOLD].wall / (JOURNAL * taken[PLAIN].wall + read)
    entries = f"{accounts * contests.ENTRIES_EACH:,} entries"
    what = f"worklist with {entries} / (twice without, and Arrow reads them once)"
    yield Goal(what, 1, ratio)


def _workbook(results: Results) -> Iterator[Goal]:
    accounts = contests.OF_A_WORKBOOK
    ratio = _ratio(results.get(("workbook", accounts), {}), OURS, BARE)
    yield Goal(f"workbook, {accounts:,} / {BARE}", WORKBOOK, ratio)


def _memory(results: Results) -> Iterator[Goal]:
    for question, base in MEMORY.items():
        for accounts in _sizes(results, question):
            ours = results[question, accounts].get(OURS)
            if ours is None or not ours.runs:
                continue
            most = base * MEGABYTE + AN_ACCOUNT * accounts
            what = f"{question}, {accounts:,}: peak memory"
            if question == "worklist":
                most += ours.wrote
                what += " (with the bytes of the answer)"
            yield Goal(what, most / MEGABYTE, ours.peak / MEGABYTE, "MB")


def _growth(results: Results) -> Iterator[Goal]:
    for question in MEMORY:
        for small, big in pairwise(_sizes(results, question)):
            before, after = results[question, small], results[question, big]
            if not (_all(before, OURS) and _all(after, OURS)):
                continue
            factor = big / small
            what = f"{question}, {small:,} to {big:,}: time"
            yield Goal(what, factor * GROWTH, after[OURS].times(before[OURS]))


def _sizes(results: Results, question: str) -> list[int]:
    return sorted(accounts for asked, accounts in results if asked == question)


def _ratio(taken: Mapping[str, Taken], ours: str, theirs: str) -> float | None:
    return taken[ours].times(taken[theirs]) if _all(taken, ours, theirs) else None


def _all(taken: Mapping[str, Taken], *names: str) -> bool:
    return all(name in taken and taken[name].runs for name in names)
