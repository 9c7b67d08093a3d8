"""How files are read and where they are: `csprio.yaml` as frozen values.

Made by `read` from YAML and the command line. None is not said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from csprio.rules import ALWAYS, NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from csprio.problems import Place
    from csprio.rules import Condition


FIRST_YEAR, LAST_YEAR = 1970, 2099  # of every day that csprio is told


class Read(Protocol):
    """A file as it was read: its path as given, and the SHA-256 of the bytes that were read."""

    @property
    def name(self) -> str:
        """The path as given."""

    @property
    def sha256(self) -> str:
        """The digest of the bytes."""


@dataclass(frozen=True)
class Numerals:
    """How numbers are written: None is not said, so an ambiguous value is refused."""

    decimal: str | None = None
    thousands: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class TableSettings:
    """How an accounts file is read: what `csprio.yaml` and the command line say about it."""

    columns: Mapping[str, str | None] = field(default_factory=dict)  # field -> header; None: off
    column_places: Mapping[str, Place] = field(default_factory=dict)
    only: Condition = ALWAYS
    combine: Mapping[str, str] = field(default_factory=dict)
    combine_places: Mapping[str, Place] = field(default_factory=dict)
    ids: str | None = None
    dates: str | None = None
    numerals: Numerals = Numerals()
    encoding: str | None = None
    delimiter: str | None = None
    skip_lines: int = 0
    sheet: str | None = None
    missing: tuple[str, ...] = ()
    inactive: tuple[str, ...] = ("churned", "cancelled", "closed", "lost", "inactive")
    prospects: tuple[str, ...] = ("prospect",)


@dataclass(frozen=True)
class Config:
    """`csprio.yaml`: paths are as given, resolved against `folder`; None is not said."""

    folder: str = ""
    accounts: tuple[str, ...] = ()
    grid: str | None = None
    playbooks: tuple[tuple[Condition, str, Place], ...] = ()
    plans: str | None = None
    signals: str | None = None
    journal: str | None = None
    team: str | None = None
    table: TableSettings = TableSettings()
    weekend: tuple[int, ...] = (5, 6)
    holidays: tuple[str, ...] = ()
    expires: int = 60
    by: str | None = None
    add: tuple[str, ...] = ()
    exports: tuple[tuple[str, str, Place], ...] = ()  # the name and the path of a map
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)
