"""The journal as it travels: its columns, its kinds of entries, and the entries read.

Made by `read` from CSV, consumed by `decide`, appended to by `keep`. What each kind of entry holds
is declared here once; reading, writing, checking and the docs follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from csprio.problems import Place
from csprio.tables import Kind, arrow_type

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from csprio.problems import Problem
    from csprio.settings import Read

COLUMNS = ("date", "account_id", "kind", "key", "value", "until", "by", "note")


class Holds(StrEnum):
    """What the key or the value of an entry holds."""

    NOTHING = "nothing"
    GRADE = "grade"
    SIZE = "size"
    LEVEL = "likelihood"
    TIER = "tier"
    MONEY = "money"
    MOTION = "motion"
    NUMBER = "number"
    TASK = "task_id"
    NAME = "name"  # a word that must be there
    TEXT = "text"  # anything, nothing included


@dataclass(frozen=True)
class EntryKind:
    """A kind of entry: what its key and its value hold, and what it tells.

    `until` says whether the column `until` may hold a day ("may"), must ("must"), or is not looked
    at (""). A blank value is allowed for `tier` (which withdraws) and where the value is text.
    """

    name: str
    key: Holds
    value: Holds
    meaning: str
    until: str = ""


KINDS: dict[str, EntryKind] = {
    kind.name: kind
    for kind in (
        EntryKind("grade", Holds.NOTHING, Holds.GRADE, "a grading: sets size and likelihood"),
        EntryKind("size", Holds.NOTHING, Holds.SIZE, "a grading: sets the size"),
        EntryKind("potential", Holds.NOTHING, Holds.MONEY, "a grading: sets the size by its band"),
        EntryKind("likelihood", Holds.NOTHING, Holds.LEVEL, "a grading: sets the likelihood"),
        EntryKind(
            "tier", Holds.NOTHING, Holds.TIER,
            "a call or an override; a blank value withdraws all earlier ones", "may",
        ),
        EntryKind("motion", Holds.NOTHING, Holds.MOTION, "growth, retention or churn-prevention"),
        EntryKind("event", Holds.NAME, Holds.TEXT, "a change of state", "may"),
        EntryKind("touch", Holds.TEXT, Holds.TEXT, "an unscheduled interaction; key: channel"),
        EntryKind("review", Holds.TEXT, Holds.TEXT, "a review's decision; key: channel"),
        EntryKind("kpi", Holds.NAME, Holds.NUMBER, "the value of a measure of success"),
        EntryKind("done", Holds.TASK, Holds.TEXT, "an activity is done; value: outcome"),
        EntryKind("skipped", Holds.TASK, Holds.TEXT, "an activity will not be done"),
        EntryKind("snoozed", Holds.TASK, Holds.TEXT, "an activity comes back on `until`", "must"),
        EntryKind("reopened", Holds.TASK, Holds.TEXT, "takes done, skipped, snoozed back"),
    )
}  # fmt: skip
GRADINGS = ("grade", "size", "potential", "likelihood")
CLOSINGS = ("done", "skipped", "snoozed", "reopened")  # the last line of a task decides
CHURNED, RENEWED, EXPANDED, CONTRACTED = "churned", "renewed", "expanded", "contracted"
NEW_ARR = (EXPANDED, CONTRACTED)  # events whose value is the new arr


@dataclass(frozen=True)
class Journal:
    """Entries in the order that counts: by date, then file name, then line.

    `entries` has the columns of `entry_schema`. Keys of the grid and motions are spelled as the
    policy spells them; `amount` is the value of `potential`, `expanded` and `contracted`. Entries
    that could not be read are not among them but in `problems`. `exists` tells a journal from none
    at all; `sources` are the files read; `said` is for stderr. `remarks` are for `check` alone, so
    they are looked for (`look`) when somebody asks. `heard` marks the events that rows of sources
    tell, where there are any; all other entries come from people.
    """

    entries: pa.Table
    exists: bool = False
    sources: tuple[Read, ...] = ()
    problems: tuple[Problem, ...] = ()
    find: Callable[[int, str], Place] | None = None
    look: Callable[[], tuple[Problem, ...]] | None = None
    said: tuple[str, ...] = ()
    heard: npt.NDArray[np.bool_] | None = None

    @cached_property
    def remarks(self) -> tuple[Problem, ...]:
        """What only a careful reader wants to know: lines out of order, entries made twice."""
        return () if self.look is None else self.look()

    def place(self, entry: int, column: str = "") -> Place:
        """Say where an entry stands: its file, the line it begins on, a column's header."""
        return Place("") if self.find is None else self.find(entry, column)


def entry_schema() -> pa.Schema:
    """Give the columns of `Journal.entries`."""
    import pyarrow as pa  # noqa: PLC0415 (imported when a command runs)

    date, text = arrow_type(Kind.DATE), pa.string()
    return pa.schema(
        [
            ("date", date),
            ("account_id", text),
            ("kind", text),
            ("key", text),
            ("value", text),
            ("amount", arrow_type(Kind.MONEY)),
            ("until", date),
            ("by", text),
            ("note", text),
        ]
    )
