"""The tables that travel: each column's name, type, unit and meaning, declared once.

Reading, checking, `--help`, the docs and every output format follow from these declarations. A
table that travels is a `pyarrow.Table`; `arrow_type` says what each kind of column is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pyarrow as pa

    from csprio.problems import Problem

MONEY_DECIMALS = 4
PART_ROWS = 16_384  # rows that a format turns into bytes at a time


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    ID = "id"  # text that is never compared as a number
    KEY = "key"  # a size, level, grade or tier: text in the grid's order
    MONEY = "money"  # decimal128(18, 4), exact
    NUMBER = "number"  # text of a plain decimal, or an Arrow number
    DATE = "date"  # date32
    WHOLE = "whole"  # int64
    SHARE = "share"  # a fraction, 4 decimals


@dataclass(frozen=True)
class Field:
    """A field of the accounts table, or one computed from it."""

    name: str
    kind: Kind
    meaning: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of an answer."""

    name: str
    kind: Kind
    meaning: str


_ACCOUNT = Column("account_id", Kind.ID, "the account")
_NAME = Column("name", Kind.TEXT, "the account's name")
_TIER = Column("tier", Kind.KEY, "the tier that counts")
_GRADE = Column("grade", Kind.KEY, "size and likelihood together")
_TASK: tuple[Column, ...] = (
    Column("activity", Kind.TEXT, "id of the activity in the playbook"),
    Column("title", Kind.TEXT, "what it is"),
    Column("role", Kind.TEXT, "key of the role that does it"),
)
_HOW: tuple[Column, ...] = (
    Column("with", Kind.TEXT, "the others who take part"),
    Column("channel", Kind.TEXT, "how: call, mail, visit"),
    Column("effort_minutes", Kind.WHOLE, "how long it takes, in minutes"),
    Column("objective", Kind.TEXT, "what it is to achieve"),
)
_DUE = Column("due", Kind.DATE, "the day it is due; blank where the account has no dates")
_STATUS = Column("status", Kind.TEXT, "open, overdue, undated, done, skipped, snoozed, expired")
_TASK_ID = Column("task_id", Kind.TEXT, "account_id:activity:occurrence")
_PLACE: tuple[Column, ...] = (
    Column("file", Kind.TEXT, "the file"),
    Column("line", Kind.WHOLE, "the line, from 1"),
    Column("column", Kind.TEXT, "a table's header, or a position in the line"),
)

ANSWERS: dict[str, tuple[Column, ...]] = {
    "grade": (
        _ACCOUNT,
        _NAME,
        Column("csm", Kind.TEXT, "who serves the role csm"),
        Column("potential", Kind.MONEY, "the last amount known"),
        Column("size", Kind.KEY, "the size that counts"),
        Column("likelihood", Kind.KEY, "the likelihood that counts"),
        _GRADE,
        _TIER,
        Column("tier_name", Kind.TEXT, "the tier's name"),
        Column("basis", Kind.TEXT, "ungraded, journal, given or computed"),
        Column("borderline", Kind.TEXT, "blank, call to make, rule, called or override"),
        Column("note", Kind.TEXT, "what is missing, left out or in disagreement"),
    ),
    "tiers": (
        _TIER,
        Column("tier_name", Kind.TEXT, "the tier's name"),
        _GRADE,
        Column("accounts", Kind.WHOLE, "how many accounts"),
        Column("accounts_share", Kind.SHARE, "of the accounts in the table"),
        Column("potential", Kind.MONEY, "sum of their potential"),
        Column("potential_share", Kind.SHARE, "of the potential in the table"),
        Column("arr", Kind.MONEY, "sum of what they pay now a year"),
        Column("arr_share", Kind.SHARE, "of the arr in the table"),
        Column("renewing_90d", Kind.WHOLE, "accounts whose current term ends within 90 days"),
    ),
    "calendar": (
        _DUE,
        _ACCOUNT,
        _NAME,
        _TIER,
        _GRADE,
        *_TASK,
        Column("owner", Kind.TEXT, "the person who does it"),
        *_HOW,
        _STATUS,
        _TASK_ID,
    ),
    "worklist": (
        Column("owner", Kind.TEXT, "whose list it is; blank is nobody's"),
        Column("rank", Kind.WHOLE, "place in the list, from 1"),
        _DUE,
        _STATUS,
        Column("part", Kind.TEXT, "lead, or with for those who take part"),
        _ACCOUNT,
        _NAME,
        _TIER,
        _GRADE,
        Column("arr", Kind.MONEY, "what the account pays now a year"),
        *_TASK,
        *_HOW,
        Column("days_overdue", Kind.WHOLE, "days since due; blank unless overdue"),
        Column("renewal_date", Kind.DATE, "end of the current term"),
        Column("last_touch", Kind.DATE, "date of the last touch, review or done activity"),
        Column("why", Kind.TEXT, "what it is for, in a line"),
        _TASK_ID,
        Column("outcome", Kind.TEXT, "to be filled in: done, skipped, snoozed, or words"),
        Column("until", Kind.TEXT, "to be filled in: the day a snoozed task comes back"),
        Column("comment", Kind.TEXT, "to be filled in"),
    ),
    "scores": (
        _ACCOUNT,
        _NAME,
        Column("score", Kind.TEXT, "the score's name in signals.yaml"),
        Column("value", Kind.NUMBER, "0 to 100; blank where too little is known"),
        Column("band", Kind.TEXT, "the band that the value falls into, or not scored"),
        Column("low", Kind.NUMBER, "the value if all that is missing earned 0 points"),
        Column("high", Kind.NUMBER, "the value if all that is missing earned 100 points"),
        Column("coverage", Kind.NUMBER, "how much of the weight is known, in percent"),
        Column(
            "change", Kind.NUMBER, "against `trend:` days before, over what is known on both days"
        ),
        Column("trend", Kind.TEXT, "up, flat or down; blank where the change is not known"),
        Column("note", Kind.TEXT, "what is missing, and what cost most points"),
    ),
    "backtest": (
        Column("score", Kind.TEXT, "the score's name"),
        Column("at", Kind.DATE, "the day it is as of"),
        Column(
            "figure", Kind.TEXT, "what the row tells: outcomes, auc, band, warned, missed, aside"
        ),
        Column("band", Kind.TEXT, "the band, of `band` and `missed`"),
        Column("accounts", Kind.WHOLE, "how many accounts"),
        Column("left", Kind.WHOLE, "how many of them left"),
        Column("share", Kind.SHARE, "left of accounts"),
        Column("value", Kind.NUMBER, "the AUC, the median days of `warned`, the score of `missed`"),
        Column("low", Kind.NUMBER, "95 % interval of AUC and share; first quartile of `warned`"),
        Column("high", Kind.NUMBER, "its other end; third quartile of `warned`"),
        Column("account_id", Kind.ID, "the account, of `missed`"),
        Column("name", Kind.TEXT, "the account's name"),
        Column("left_on", Kind.DATE, "the day it left; blank where a column tells who left"),
        Column("days_later", Kind.WHOLE, "days from the day of the score to that day"),
        Column("note", Kind.TEXT, "the same in words"),
    ),
    "explain": (
        Column("step", Kind.TEXT, "the step of the chain: cell, journal, size ... status"),
        Column("what", Kind.TEXT, "what it is about: a field, an entry, a task_id"),
        Column("value", Kind.TEXT, "what it is"),
        Column("why", Kind.TEXT, "why it is so"),
        *_PLACE,
    ),
    "check": (
        *_PLACE,
        Column("severity", Kind.TEXT, "error, warning or note"),
        Column("code", Kind.TEXT, "the problem's code, as in docs/problems.md"),
        Column("message", Kind.TEXT, "what is wrong"),
        Column("remedy", Kind.TEXT, "what to do"),
    ),
}
GRADING_SHEET = (
    "account_id",
    "name",
    "sales",
    "csm",
    "arr",
    "potential",
    "likelihood",
    "champion",
    "budget_barrier",
    "political_barrier",
    "legal_barrier",
    "note",
)


@lru_cache(1 << 12)  # a few names, which are asked about again and again
def plain(header: str) -> str:
    """Fold a header or field name as matching does: case, white space, `_`, `-` and `.` aside."""
    return "".join(ch for ch in header.casefold() if not ch.isspace() and ch not in "_-.")


def arrow_type(kind: Kind) -> pa.DataType:
    """Say which Arrow type holds a column of this kind; keys travel as text beside their codes."""
    import pyarrow as pa

    return {
        Kind.MONEY: pa.decimal128(18, MONEY_DECIMALS),
        Kind.DATE: pa.date32(),
        Kind.WHOLE: pa.int64(),
        Kind.SHARE: pa.decimal128(18, MONEY_DECIMALS),
    }.get(kind, pa.string())


@dataclass(frozen=True)
class GridPicture:
    """The grid with this book in it: by size, then level, the accounts and the tier as written.

    A tier is written as in the grid (`1`, `1/2`); `ungraded` accounts stand in no cell.
    """

    sizes: tuple[str, ...]
    levels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    tiers: tuple[tuple[str, ...], ...]
    ungraded: int = 0


@dataclass(frozen=True)
class ScoreEnds:
    """A score, and the bands that 0 and 100 fall into ("" without bands): its two ends."""

    name: str
    lowest: str = ""
    highest: str = ""


@dataclass(frozen=True)
class Sheet:
    """An answer before it has a format: declared columns and an Arrow table with just those.

    `inputs` pairs each input path as given with the SHA-256 of its bytes, for JSON; `more` holds
    further parts of the table. For people's formats only: `orders` gives a column's keys, best
    first; `backlog` marks rows (Arrow booleans); `picture` stands beside `tiers`; `scores` are
    those of `scores`, in order: every account has a row of each; `report` makes what lies behind
    the answer, for formats that show the whole book. `emails` are those of the team, by name;
    `closed` finds on which day the journal closed a task, by task_id; `days` are the first and the
    last day of a worklist; `person` is who gets it, where the output is a file each.
    """

    command: str
    columns: tuple[Column, ...]
    table: pa.Table
    as_of: str = ""
    inputs: Iterable[tuple[str, str]] = ()
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    backlog: pa.Array | None = None
    picture: GridPicture | None = None
    scores: tuple[ScoreEnds, ...] = ()
    more: Iterable[pa.Table] = ()
    report: Callable[[], Report] | None = None
    emails: Mapping[str, str] = field(default_factory=dict)
    closed: Callable[[], Mapping[str, str]] | None = None
    days: tuple[str, str] | None = None
    person: str | None = None

    def parts(self) -> Iterator[pa.Table]:
        """Give the rows in pieces of at most PART_ROWS, so that a format need not hold them all."""
        for table in chain([self.table], self.more):
            for start in range(0, table.num_rows, PART_ROWS):
                yield table.slice(start, PART_ROWS)

    def whole(self) -> pa.Table:
        """Give all rows as one table; `more` is read to its end and should be read only once."""
        import pyarrow as pa

        more = list(self.more)
        return pa.concat_tables([self.table, *more]) if more else self.table

    def gathered(self) -> Sheet:
        """Give the same answer with all rows in its table."""
        return replace(self, table=self.whole(), more=())

    def rows(self, indices: pa.Array) -> Sheet:
        """Give the same answer with just these rows, in this order, without its picture."""
        backlog = None if self.backlog is None else self.backlog.take(indices)
        taken = self.whole().take(indices)
        return replace(self, table=taken, backlog=backlog, picture=None, more=())


@dataclass(frozen=True)
class Report:
    """The book as a whole: answers about the same accounts on the same day, and what is wrong.

    `worklist` is that of the week, `ahead` the calendar from its Monday over the coming weeks;
    `machines` are the roles whose part is automated.
    """

    grade: Sheet
    tiers: Sheet
    worklist: Sheet
    ahead: Sheet
    problems: tuple[Problem, ...]
    machines: frozenset[str] = frozenset()
