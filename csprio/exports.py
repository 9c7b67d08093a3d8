"""Maps of task systems: how a task of an answer becomes a row that such a system imports.

Made by `read` from YAML, consumed by the format that writes by a map.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csprio.rules import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from csprio.problems import Place

# A text as it stands, or fields of which the first that is not empty counts.
Piece = str | tuple[str, ...]
ISO = "YYYY-MM-DD"
STILL_TO_DO = ("open", "overdue", "undated")
SYSTEMS = ("salesforce-tasks", "hubspot-tasks", "asana", "todoist", "jira", "taskwarrior")
# Formats that are no maps, whose names no map may take.
FORMATS = ("table", "csv", "excel", "json", "md", "parquet", "ics", "xlsx", "html", "eml")
# Fields that a map may name besides the columns of the answer, and what each is.
EXTRA_FIELDS: Mapping[str, str] = {
    "as_of": "the day asked about",
    "uuid": "a UUID that follows from the task_id alone",
    "tier_place": "the place of the tier in the grid, 1 for the best",
    "person": "what `people:` of the map says for the owner",
    "owner_email": "the owner's email of the team",
    "with_emails": "the emails of those who take part, as far as the team has them",
}


@dataclass(frozen=True)
class ExportColumn:
    """A column: what it is made of, and what its values must be like.

    `lines` are joined by line breaks; one whose fields are all empty is left out. `words` says a
    value in the system's own words, `otherwise` what stands for any other value and for none.
    `is_a` says in words what matches `pattern`. A `many` column of JSON is a list of its lines.
    """

    name: str
    lines: tuple[tuple[Piece, ...], ...] = ()
    dates: str = ISO
    words: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    required: bool = False
    longest: int | None = None
    pattern: str = ""
    is_a: str = ""
    one_line: bool = False
    many: bool = False
    place: Place = NOWHERE

    @property
    def fields(self) -> tuple[tuple[str, ...], ...]:
        """The fields it is made of, alternatives together."""
        return tuple(piece for line in self.lines for piece in line if not isinstance(piece, str))


@dataclass(frozen=True)
class Export:
    """A map: the columns of a system, and which tasks it takes.

    `form` is `csv` or `json`. Tasks of other `statuses` are left out. Where there is a
    `file_each`, the system takes one person's tasks at a time. `visible` texts have control
    characters written out, for a system that shows them on a terminal.
    """

    name: str
    columns: tuple[ExportColumn, ...]
    form: str = "csv"
    statuses: tuple[str, ...] = STILL_TO_DO
    people: Mapping[str, str] = field(default_factory=dict)
    file_each: bool = False
    visible: bool = False
    place: Place = NOWHERE
