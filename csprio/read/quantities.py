"""Numbers of a certain kind: points of a hundred, shares, weights, lengths in days.

Comes in: a key of a section, or a node, and the kind of number that it is to be. Goes out: an exact
Decimal or a number of days, or None and a problem. `50k` and `10%` are read as people mean them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from csprio.read.due import read_days
from csprio.read.literals import read_number, tidy
from csprio.read.yamls import TextNode

if TYPE_CHECKING:
    from csprio.read.schema import Section
    from csprio.read.yamls import Node

# What could also be thousands where nothing else is known.
_LONE_POINT = re.compile(r"[-+]?[0-9]{1,3}\.[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A kind of number: what it is in words, an example, and its bounds (both in, None: no end).

    `above` leaves the lower bound out. `percent` is how far a `%` moves the point: 2 makes `10%`
    0.1, 0 only takes the sign off, None refuses it. `fine` takes `3.806` for what it is: so do all
    kinds with an upper bound, since 3806 would be past it.
    """

    expected: str
    example: str
    low: Decimal | None = None
    high: Decimal | None = None
    above: bool = False
    percent: int | None = None
    fine: bool = False

    def holds(self, value: Decimal) -> bool:
        """Tell whether a number is within the bounds."""
        if self.low is not None and (value < self.low or (self.above and value == self.low)):
            return False
        return self.high is None or value <= self.high


_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
NUMBER = Quantity("a number", "0.8", percent=2)
COUNT = Quantity("a number from 0", "30", _ZERO)
NOTHING = Quantity("0", "0", _ZERO, _ZERO)
PARAMETER = Quantity("a number over 0", "0.668", _ZERO, above=True, fine=True)
POINTS = Quantity("a number from 0 to 100", "50", _ZERO, _HUNDRED, percent=0)
RATE = Quantity("a rate a year from 0 to 1 (or a percentage)", "10%", _ZERO, _ONE, percent=2)
SHARE = Quantity("a number from 0 to 1 (or a percentage)", "0.8", _ZERO, _ONE, percent=2)
WEIGHT = Quantity("a number over 0", "40", _ZERO, above=True, percent=0)


def quantity(found: Section, key: str, asked: Quantity) -> Decimal | None:
    """Read the number of a key; None where it is left out or wrong."""
    node = found.node(key)
    return None if node is None else quantity_of(found, key, node, asked)


def quantity_of(found: Section, key: str, node: Node, asked: Quantity) -> Decimal | None:
    """Read a number from a node; `key` is what messages call it."""
    text = node.text.strip() if isinstance(node, TextNode) and not node.nothing else ""
    moved = asked.percent if text.endswith("%") else None
    bare = text if moved is None else text[:-1].rstrip()
    if (asked.fine or asked.high is not None) and _LONE_POINT.fullmatch(bare):
        bare += "0"  # the same number, which nobody reads as thousands
    before = len(found.problems)
    value = read_number(bare, node.place, found.problems)
    if value is not None and moved:
        value = tidy(value.scaleb(-moved))
    if value is not None and asked.holds(value):
        return value
    if len(found.problems) == before:
        found.wrong(key, node, asked.expected, f"`{key}: {asked.example}`")
    return None


def days(found: Section, key: str, default: int | None = None) -> int | None:
    """Read the length of a key in days; `default` where it is left out or wrong."""
    node = found.node(key)
    if isinstance(node, TextNode):
        return read_days(node, found.problems) or default
    if node is not None:
        found.wrong(key, node, "a number of days", f"`{key}: 28d`")
    return default
