"""What is wrong with the cells and rows of a source: told in full up to a number, then counted.

Comes in: rows of a piece that are in trouble. Goes out: problems with their places. A file may have
any number of bad cells; what is kept of them here is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from csprio.problems import Place, problem
from csprio.read.amounts import remedies
from csprio.read.refusals import date_remedy, why
from csprio.read.wording import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt

    from csprio.problems import Problem
    from csprio.read.amounts import Bad
    from csprio.read.source_cells import Cells
    from csprio.settings import Numerals

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
    Find = Callable[[int], Place]  # the place of a row of the piece

LISTED = 100  # cells of a column with one kind of problem that are told of with their places
_MOST_IDS = 100_000  # ids that are told apart


@dataclass
class Remarks:
    """Problems of a source's cells, and how many more there are."""

    numerals: Numerals
    found: list[Problem] = field(default_factory=list)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _more: dict[tuple[str, str], Place] = field(default_factory=dict)

    def cells(self, column: Cells, bad: Mapping[str, Bad], told: Mask, find: Find) -> None:
        """Report the cells that cannot be read, but for rows `told` of already, which grow."""
        for code in dict.fromkeys(one.code for one in bad.values()):
            texts = [text for text, one in bad.items() if one.code == code]
            rows = np.flatnonzero(column.marked(texts) & ~told)
            told[rows] = True

            def made(row: int) -> Problem:
                text = column.text(row)
                one, remedy = bad[text], remedies(self.numerals)
                facts = {"value": short(text), "remedy": remedy.get(one.code, ""), **one.facts}
                return problem(one.code, find(row), **facts)

            self._add(code, rows, made, find)

    def undated(self, column: Cells, bad: Mapping[str, Bad], order: str | None, find: Find) -> None:
        """Report the rows that are left out because nobody knows their day."""
        self._add(
            "source-undated",
            np.flatnonzero(column.blank),
            lambda row: problem("source-undated", find(row)),
            find,
        )

        def made(row: int) -> Problem:
            text = column.text(row)
            facts = {"why": why(bad[text]), "remedy": date_remedy(bad[text], order)}
            return problem("source-date", find(row), value=short(text), **facts)

        if bad:
            self._add("source-date", np.flatnonzero(column.marked(bad)), made, find)

    def problems(self) -> list[Problem]:
        """Give all problems, and for each kind that has more of them one that counts these."""
        more = [
            problem(
                "source-more", place, kind=code, listed=LISTED,
                more=_more(self._counts[code, column] - LISTED),
            )
            for (code, column), place in self._more.items()
        ]  # fmt: skip
        return [*self.found, *more]

    def _add(self, code: str, rows: Ints, made: Callable[[int], Problem], find: Find) -> None:
        if not len(rows):
            return
        key = code, find(int(rows[0])).column
        before = self._counts.get(key, 0)
        self._counts[key] = before + len(rows)
        room = max(LISTED - before, 0)
        self.found += [made(row) for row in rows[:room].tolist()]
        if len(rows) > room and key not in self._more:
            self._more[key] = find(int(rows[room]))


@dataclass
class Strays:
    """Rows that belong to nobody: how many, of how many ids, and where the first one stands."""

    rows: int = 0
    blank: int = 0
    place: Place | None = None
    first: str = ""
    _ids: set[str] = field(default_factory=set)

    def add(self, ids: Cells, rows: Ints, find: Find) -> None:
        """Count some rows of a column of ids."""
        if not len(rows):
            return
        filled = rows[~ids.blank[rows]]
        self.rows, self.blank = self.rows + len(rows), self.blank + len(rows) - len(filled)
        if not self.first and len(filled):
            self.first, self.place = ids.text(int(filled[0])), find(int(filled[0]))
        elif self.place is None:
            self.place = find(int(rows[0]))
        if len(self._ids) < _MOST_IDS:
            self._ids.update(ids.take(filled).coded().unique().to_pylist()[:_MOST_IDS])

    def told(self, code: str, one: str, many: str, **facts: str) -> Iterator[Problem]:
        """Say once what there is of them; `one` and `many` say what ids are called."""
        if self.place is None:
            return
        some = []
        if self.first:
            count, first = len(self._ids), f"`{short(self.first)}`"
            least = f"{_MOST_IDS:,} or more" if count >= _MOST_IDS else f"{count:,}"
            some.append(f"{one} {first}" if count == 1 else f"{least} {many}, first {first}")
        if self.blank:
            some.append(f"{_rows(self.blank)} without one")
        yield problem(code, self.place, rows=_rows(self.rows), who=", and ".join(some), **facts)


def _more(count: int) -> str:
    return "1 more cell" if count == 1 else f"{count:,} more cells"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
