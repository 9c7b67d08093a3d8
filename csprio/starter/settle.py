"""How an export writes dates, amounts and ids, as far as the file itself settles it.

Comes in: the columns of a file and which field each is. Goes out: settings, some of them only
offered, and sentences about what a person has to settle. Nothing here decides for an account.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.read import ids
from csprio.read.amounts import Amount, marks, money
from csprio.read.cells import votes
from csprio.read.dates import DMY, MDY, Votes, both_ways
from csprio.settings import Numerals
from csprio.starter.columns import KINDS, How
from csprio.starter.settings import Setting
from csprio.starter.text import flow, one_line, quoted
from csprio.starter.words import RECYCLED
from csprio.tables import Kind, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.starter.columns import Columns, Finding

_DAY_FIRST = "."  # nobody who puts points between the parts of a date writes the month first
_DECIMALS = (",", ".")
_YES = ("true", "yes", "1", "t", "y")
_COMBINE = {"arr": "sum", "start_date": "min", "renewal_date": "max"}


@dataclass
class Settled:
    """Settings by key, what a person has to settle, and the reading used for the grading sheet.

    `points` tells of dates with points between their parts, as where the decimal mark is a comma;
    `recycled` is the header that tells deleted rows, if there are any.
    """

    settings: dict[str, Setting] = field(default_factory=dict)
    unsettled: list[str] = field(default_factory=list)
    dates: str | None = None
    numerals: Numerals = field(default_factory=Numerals)
    points: bool = False
    recycled: str = ""
    combine: dict[str, str] = field(default_factory=dict)

    def take(self, key: str, value: str, why: str, *, active: bool = True) -> None:
        """Note a setting; its value is YAML."""
        self.settings[key] = Setting(value, why, active)


def settle(columns: Columns, findings: Sequence[Finding]) -> Settled:
    """Find what the cells of the fields say about how the file is written."""
    at = {each.field: each.at for each in findings if each.how in {How.FOUND, How.GUESSED}}
    settled = Settled()
    _dates(columns, at, settled)
    _amounts(columns, at, settled)
    _currency(columns, at, settled)
    _recycle_bin(columns, settled)
    key = at.get("account_id", at.get("name"))
    if key is not None:
        _ids(columns.column(key), settled)
        _several_rows(columns, at, key, settled)
    return settled


def _of_kind(at: dict[str, int], kind: Kind) -> list[int]:
    return [place for name, place in at.items() if KINDS.get(name) is kind]


def _dates(columns: Columns, at: dict[str, int], settled: Settled) -> None:
    """Find the order of day and month; where the cells do not agree on one, say so."""
    found = Votes()
    for place in _of_kind(at, Kind.DATE):
        found |= votes(columns.column(place), columns.header[place])
    proof, other = found.dmy or found.mdy, found.dmy and found.mdy
    if other and proof:
        text = f"{proof[2]} is day first and {other[2]} is month first: csprio stops at such a file"
        settled.unsettled.append(f"dates: {text}; write all its dates in one order")
        settled.dates = DMY
    elif proof:
        settled.dates = DMY if found.dmy else MDY
        settled.take("dates", settled.dates, f"as {proof[2]} in column {proof[1]} shows")
    elif found.either:
        _open_dates(found.either, settled)


def _open_dates(vote: tuple[int, str, str], settled: Settled) -> None:
    """Settle an order that no cell proves by the points in its dates, or leave it to a person."""
    _, column, text = vote
    settled.dates = DMY
    if _DAY_FIRST in text:
        settled.points = True
        settled.take("dates", DMY, f"guessed from the points in {text}, column {column}")
        return
    both = both_ways(text)
    readings = f"{both.dmy} (dmy) or {both.mdy} (mdy)" if both else "either"
    settled.take("dates", DMY, f"TO SETTLE: is {text} {readings}?", active=False)
    settled.unsettled.append(
        f"dates: {text} in column {column} may be {readings}; csprio stops until "
        "csprio.yaml says which"
    )


def _amounts(columns: Columns, at: dict[str, int], settled: Settled) -> None:
    """Find the decimal mark with which the most amounts can be read, if it must be said at all."""
    texts = [text for place in _of_kind(at, Kind.MONEY) for text in columns.texts(place)]
    unread = {"": _unread(texts, "")}
    if not unread[""]:
        return
    unread |= {mark: _unread(texts, mark) for mark in _DECIMALS}
    fewest = min(len(unread[mark]) for mark in _DECIMALS)
    if len(unread[""]) <= fewest:
        return
    best = [mark for mark in _DECIMALS if len(unread[mark]) == fewest]
    if len(best) == 1:
        proof = next(text for text in unread[""] if text not in unread[best[0]])
        _take_decimal(best[0], f"as {proof} shows", settled)
    elif columns.layout.delimiter == ";" or settled.points:
        _take_decimal(",", f"guessed: {unread[''][0]} can be read two ways", settled)
    else:
        sample = unread[""][0]
        why = f"TO SETTLE: {sample} can be read two ways"
        settled.take("decimal", '","', why, active=False)
        settled.unsettled.append(f"amounts: {sample} can be read two ways; `decimal:` says which")


def _take_decimal(mark: str, why: str, settled: Settled) -> None:
    other = "." if mark == "," else ","
    settled.numerals = Numerals(mark, other)
    settled.take("decimal", f'"{mark}"', why)
    settled.take("thousands", f'"{other}"', "")


def _unread(texts: Sequence[str], decimal: str) -> list[str]:
    """Give the amounts that cannot be read with this decimal mark; an empty one is not said."""
    here = marks(Numerals(decimal=decimal or None))
    return [text for text in texts if not isinstance(money(text, here), Amount)]


def _currency(columns: Columns, at: dict[str, int], settled: Settled) -> None:
    """Name the currency that is written beside amounts; of several the most frequent one."""
    here = marks(settled.numerals)
    found: Counter[str] = Counter()
    for place in _of_kind(at, Kind.MONEY):
        for text in columns.texts(place):
            amount = money(text, here)
            if isinstance(amount, Amount) and amount.currency:
                found[amount.currency] += 1
    if not found:
        return
    (main, _), *others = found.most_common()
    if not others:
        settled.take("currency", quoted(main), "the one that the file has")
        return
    names = ", ".join(name for name, _ in others)
    why = f"guessed: the file has {names} too, reported as problems"
    settled.take("currency", quoted(main), why)
    settled.unsettled.append(f"currency: amounts in {names} are problems; convert them to {main}")


def _recycle_bin(columns: Columns, settled: Settled) -> None:
    """Leave out what a full export of Salesforce has in its recycle bin."""
    for at, text in enumerate(columns.header):
        if plain(text) not in RECYCLED:
            continue
        gone = sum(str(cell).casefold() in _YES for cell in columns.column(at).to_pylist())
        settled.recycled = text if gone else ""
        why = f"{gone} rows are in the recycle bin" if gone else "nothing is in the recycle bin now"
        settled.take("only", flow({text: "[no, missing]"}), why, active=bool(gone))


def _ids(column: pa.Array, settled: Settled) -> None:
    """Tell Salesforce ids of 18 characters, which reports cut to 15."""
    if ids.mixed(column) is not None:
        settled.take("ids", "salesforce", "the file has ids of 15 and of 18 characters")
    elif len(column) and column[0].is_valid and ids.is_checked(column[0].as_py()):
        settled.take("ids", "salesforce", "", active=False)


def _several_rows(columns: Columns, at: dict[str, int], key: int, settled: Settled) -> None:
    """Fold the rows of one account where an id stands in several."""
    again = ids.repeated(columns.column(key))
    if not again:
        return
    alike = _only_copies(columns, key)
    ways = {name: "first" if alike else way for name, way in _COMBINE.items() if name in at}
    settled.combine = ways or {"name": "first"}
    row = again[0][0]
    sample = one_line(columns.column(key)[row].as_py())
    kind = "the same row twice" if alike else "one row a deal, it seems"
    settled.take("combine", flow(settled.combine), f"{sample} has several rows: {kind}")
    if "account_id" not in at:
        settled.unsettled.append(
            f"ids: rows called {sample} count as one account, as the file has no id column"
        )


def _only_copies(columns: Columns, key: int) -> bool:
    """Tell whether rows of one id are the same in every cell."""
    pieces = [columns.cells.columns[at] for at in range(len(columns.header))]
    rows = pc.binary_join_element_wise(*pieces, "\x1f")
    return len(pc.unique(rows)) == len(columns.texts(key))
