"""The accounts some thousands at a time: however many there are, memory holds a few batches.

Comes in: paths of plain files, settings, what the policy needs. Go out: `Book`s, in the order of
the files. Nothing here says what is wrong with a file as a whole: that is `Odd`, and reading it at
once says what it is, line by line. What needs the whole book is kept in `_Whole`.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from csprio.problems import Stop
from csprio.read import text_pieces
from csprio.read.accounts import Book, book_of, cut, have, kept_of, said_kept
from csprio.read.dates import DMY, MDY, Votes
from csprio.read.findings import (
    Currencies,
    currencies_of,
    id_errors,
    row_problems,
    said_currency,
)
from csprio.read.headers import unknown_columns
from csprio.read.id_hashes import Seen
from csprio.read.part import (
    Columns,
    columns_of,
    part_of,
    settled,
    type_part,
    votes_of,
)
from csprio.read.pieces import ahead
from csprio.read.reopened import Kept
from csprio.read.source import STDIN, Source
from csprio.read.stack import pile
from csprio.read.table import ends_padded, lay_out, read_plainly
from csprio.read.text_pieces import Odd, Texts, line_ends
from csprio.tables import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from csprio.problems import Place, Problem
    from csprio.read.accounts import Keep
    from csprio.read.part import Needs, Part
    from csprio.read.stack import Stack
    from csprio.read.table import Layout
    from csprio.settings import TableSettings

_HASHED = 1 << 20  # bytes that are hashed at a time
_ID_LENGTHS = (15, 18)  # of Salesforce's ids


def walked(  # noqa: PLR0913, PLR0917 - what it takes to read accounts
    paths: Sequence[str],
    settings: TableSettings,
    needs: Needs,
    keep: Keep | None,
    stdin: BinaryIO | Kept,
    batch: int,
) -> Walked | None:
    """Open files to be walked through, `batch` bytes at a time.

    None where they are better, or have to be, read at once.

    So are small ones, those whose rows `combine:` folds, and a pipe that nobody has kept.
    """
    opened = {path: _opener(path, stdin) for path in paths}
    try:
        if settings.combine or sum(map(_size, opened.values())) <= text_pieces.PIECE:
            return None
        files = [_File(path, opened[path], settings, needs, batch) for path in paths]
        return Walked(files, settings, needs, keep)
    except (Odd, OSError, ValueError):
        return None


def _opener(path: str, stdin: BinaryIO | Kept) -> Callable[[], BinaryIO]:
    if path != STDIN:
        return lambda: Path(path).open("rb")
    return stdin if isinstance(stdin, Kept) else io.BytesIO


def _size(opened: Callable[[], BinaryIO]) -> int:
    with opened() as file:
        return file.seek(0, os.SEEK_END)


@dataclass(frozen=True)
class _Raw:
    """A file whose bytes nobody holds: its name as given, and its digest, made when asked for."""

    name: str
    opened: Callable[[], BinaryIO]

    @cached_property
    def sha256(self) -> str:
        """The digest of the bytes."""
        digest = hashlib.sha256()
        with self.opened() as file:
            while more := file.read(_HASHED):
                digest.update(more)
        return digest.hexdigest()


@dataclass
class _Whole:
    """What is known of the book as a whole, as far as it has been walked through.

    Of each account 8 bytes are kept; all else does not grow with their number.
    """

    seen: Seen = field(default_factory=Seen)
    lengths: set[int] = field(default_factory=set)  # of ids that may be of two kinds
    currencies: Currencies = field(default_factory=dict)
    rows: int = 0
    kept: int = 0

    def add(self, rows: int, kept: Stack, currencies: Currencies) -> None:
        """Take in what is kept of a batch; `Odd` where it does not go with those before."""
        column = kept.table["account_id"].combine_chunks()
        self.seen.add(column)
        lengths = pc.unique(pc.binary_length(column)).to_pylist()
        self.lengths |= {each for each in lengths if each in _ID_LENGTHS}
        self.currencies = currencies | self.currencies
        if len(self.currencies) > 1 or len(self.lengths) > 1:
            raise Odd
        self.rows, self.kept = self.rows + rows, self.kept + len(kept)


class Walked:
    """Accounts that can be walked through again and again, a batch at a time.

    `head` is a book without accounts. After a walk `problems` and `said` hold what there is to say
    of the whole; a batch has those of its own rows. Raises `Odd` where only the whole file can tell
    what it is; nothing of the walk counts then.
    """

    def __init__(
        self, files: list[_File], settings: TableSettings, needs: Needs, keep: Keep | None
    ) -> None:
        """Take the files, and find what their headers have."""
        self._files, self._settings, self._needs, self._keep = files, settings, needs, keep
        unlike = any(file.columns.further != files[0].columns.further for file in files)
        if unlike or unknown_columns([file.columns.header for file in files], settings):
            raise Odd  # a column that one file has is there, and empty, for the others' accounts
        self.problems: list[Problem] = []
        self.said: list[str] = []
        self._sources = tuple(_Raw(file.name, file.opened) for file in files)
        nobody = self._book(files[0].part(Source(files[0].name, b"", b""), 1), _Whole())
        headers = [(file.columns.header, file.columns.at) for file in files]
        self.head = replace(nobody, inputs_have=have(headers, settings))

    def __iter__(self) -> Iterator[Book]:
        """Give all accounts; the next batch is read while somebody works on one."""
        whole = _Whole()
        yield from ahead(self._books(whole))
        if whole.seen.twice():
            raise Odd
        self.problems = [note for file in self._files for note in file.columns.notes]
        self.said = [line for file in self._files for line in file.said]
        if self._keep is not None and whole.kept < whole.rows:
            self.said.append(said_kept(whole.kept, whole.rows))
        self.said += said_currency(whole.currencies)

    def _books(self, whole: _Whole) -> Iterator[Book]:
        for file in self._files:
            for part in file.parts():
                yield self._book(part, whole)

    def _book(self, part: Part, whole: _Whole) -> Book:
        """Make a book of a part whose rows are in order; else it is `Odd`."""
        stack = cut(pile([part], self._needs), self._settings)
        kept = kept_of(stack, self._keep)
        if any(id_errors(kept, self._settings)):
            raise Odd
        whole.add(len(stack), kept, currencies_of(kept, self._settings))
        book = book_of(kept, row_problems(kept, self._settings))
        return replace(book, sources=self._sources)


class _File:
    """A file of accounts, read in pieces."""

    def __init__(
        self,
        name: str,
        opened: Callable[[], BinaryIO],
        settings: TableSettings,
        needs: Needs,
        batch: int,
    ) -> None:
        self.name, self.opened, self._settings, self._needs = name, opened, settings, needs
        self.said: list[str] = []
        piped = opened if name == STDIN else None
        self._texts = Texts(name, settings.encoding, as_said=True, most=batch, opened=piped)
        head = self._texts.head
        try:
            self._layout: Layout = lay_out(Source(name, head, b""), settings)
            self.columns: Columns = columns_of(name, self._layout, settings, needs)
        except Stop:
            raise Odd from None
        ended = self._layout.body < len(head) or self._texts.whole
        if not ended or len(self._layout.header) == 1 or self.columns.errors:
            raise Odd
        self._start = self._texts.offset(self._layout.body)
        self._texts.forget_head()
        self._order = settings.dates

    def parts(self) -> Iterator[Part]:
        """Give the rows, typed."""
        for source, line in self._pieces():
            yield self.part(source, line)

    def part(self, source: Source, line: int) -> Part:
        """Read a piece that begins on a line; dates that need an order have all of them read."""
        part = self._clean(source, line, self.columns)
        if self._order is None and votes_of(part, self._needs) != Votes():
            self._order = self._settle()
        type_part(part, self._order, self._settings, self._needs)
        return part

    def _clean(self, source: Source, line: int, columns: Columns) -> Part:
        layout = replace(self._layout, body=0, body_line=line)
        found = read_plainly(source, layout, columns.wanted, columns.key)
        if found is None or ends_padded(source, layout):
            raise Odd
        return part_of(source, found, columns, self._settings)

    def _settle(self) -> str:
        """Find the order of day and month by one pass over the columns of dates, and say so."""
        wanted = {name: at for name, at in self.columns.at.items() if self._is_read(name)}
        columns = replace(self.columns, at=wanted, rules={}, adds={})
        proofs: dict[str, tuple[Place, str]] = {}
        for source, line in self._pieces():
            part = self._clean(source, line, columns)
            found = votes_of(part, self._needs)
            for order, vote in ((DMY, found.dmy), (MDY, found.mdy)):
                if vote is not None:
                    proofs.setdefault(order, (part.place(vote.row, vote.column), vote.text))
        if len(proofs) != 1:
            raise Odd
        ((order, (place, text)),) = proofs.items()
        self.said.append(settled(place, order, text))
        return order

    def _is_read(self, name: str) -> bool:
        return name == "account_id" or self._needs.kinds[name] is Kind.DATE

    def _pieces(self) -> Iterator[tuple[Source, int]]:
        """Give pieces of the text, and the line that each begins on."""
        line = self._layout.body_line
        for _, data in self._texts.walk(self._start):
            yield Source(self.name, data, b""), line
            line += line_ends(data)
