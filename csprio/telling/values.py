"""The values of entries: read as the policy and the configuration have them.

Comes in: text as people write it, on a command line or in a sheet. Goes out: the text as the
journal holds it, or a problem with a remedy. The same readers as for cells of accounts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from csprio.fields import MOTIONS
from csprio.journal import Holds
from csprio.keep import one_line
from csprio.problems import problem
from csprio.read import cells
from csprio.read.amounts import Bad, marks, remedies
from csprio.read.dates import DMY, MDY, both_ways, day_of
from csprio.read.literals import plain_number
from csprio.read.wording import hint, short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from csprio.pipeline import Inputs
    from csprio.problems import Place, Problem

_READS_TWICE = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_ORDER_HINT = {DMY: "; dates are read day first here", MDY: "; dates are read month first here"}


@dataclass(frozen=True)
class Value:
    """A value as the journal holds it; `amount` is that of money."""

    text: str
    amount: Decimal | None = None


class Values:
    """Reads values as one book's policy and configuration have them."""

    def __init__(self, inputs: Inputs) -> None:
        """Take the keys of the grid and how numbers and dates are written."""
        grid, settings = inputs.policy.grid, inputs.config.table
        self._numerals, self.dates = settings.numerals, settings.dates
        self._here = marks(settings.numerals)
        self._keys = {
            Holds.GRADE: grid.grades,
            Holds.SIZE: grid.sizes,
            Holds.LEVEL: grid.levels,
            Holds.TIER: grid.tier_keys,
            Holds.MOTION: MOTIONS,
        }

    def one(self, holds: Holds, text: str, place: Place) -> Value | Problem:
        """Read one value."""
        return self.column(holds, [text], [place])[0]

    def column(
        self, holds: Holds, texts: Sequence[str], places: Sequence[Place]
    ) -> list[Value | Problem]:
        """Read a column of values that are not blank."""
        if holds not in {*self._keys, Holds.MONEY, Holds.NUMBER}:
            return [Value(one_line(text)) for text in texts]
        bare = cells.clean(pa.array(texts, pa.string())).fill_null("")
        typed = self._typed(holds, bare)
        read = zip(bare.to_pylist(), typed.values.to_pylist(), places, strict=True)
        return [
            self._bad(holds, text, typed.bad.get(text), place)
            if value is None
            else self._value(holds, value)
            for text, value, place in read
        ]

    def keys(self, holds: Holds) -> tuple[str, ...]:
        """Give what a value may be, where that can be listed."""
        return self._keys.get(holds, ())

    def _typed(self, holds: Holds, texts: pa.Array) -> cells.Typed:
        if holds is Holds.MONEY:
            return cells.as_money(texts, self._here)
        if holds is Holds.NUMBER:
            return cells.as_number(texts, self._here)
        if holds is Holds.MOTION:
            return cells.as_motion(texts)
        return cells.as_key(texts, holds.value, self._keys[holds])

    def _value(self, holds: Holds, value: Any) -> Value:  # noqa: ANN401 - text or Decimal
        if holds is Holds.MONEY:
            return Value(self._written(plain_number(value)), value)
        return Value(self._written(value) if holds is Holds.NUMBER else value)

    def _written(self, number: str) -> str:
        """Write a number with the decimal mark of the configuration; nothing may read it twice."""
        if not self._here.settled and _READS_TWICE.fullmatch(number.removeprefix("-")):
            return f"{number}0"
        return number.replace(".", self._here.decimal)

    def _bad(self, holds: Holds, text: str, bad: Bad | None, place: Place) -> Problem:
        """Say why a value cannot be read, and what can."""
        value = short(text)
        if holds in self._keys:
            of = "" if holds is Holds.MOTION else " of the grid"
            facts = {"what": f"{holds.value}{of}", "hint": hint(text, self._keys[holds])}
            return problem("told-value", place, value=value, **facts)
        code = "bad-money" if holds is Holds.MONEY else "bad-number"
        if bad is None:
            bad = Bad(code, {"why": "there is nothing"})
        remedy = remedies(self._numerals)[code].replace(", or leave it empty", "")
        return problem(bad.code, place, **{"value": value, "remedy": remedy, **bad.facts})


def read_day(text: str, order: str | None, place: Place) -> date | Problem:
    """Read a day; one that reads two ways, where nothing settles the order, is a problem."""
    both = both_ways(text)
    if order is None and both is not None and both.dmy and both.mdy and both.dmy != both.mdy:
        facts = {"value": text, "dmy": both.dmy, "mdy": both.mdy, "where": "in csprio.yaml"}
        return problem("ambiguous-dates", place, **facts)
    if order is None and both is not None:
        order = DMY if both.dmy else MDY
    found = day_of(text, order)
    if isinstance(found, Bad):
        facts = {"value": short(text), "order": _ORDER_HINT.get(order or "", ""), **found.facts}
        return problem(found.code, place, **facts)
    return found
