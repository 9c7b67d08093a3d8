"""A workbook (.xlsx): its sheets, each a table of text as a CSV of it would say.

Comes in: the bytes of a file. Goes out: the sheets' names, and a sheet as a `Grid`, in which a row
is where the spreadsheet shows it; or a `Stop` where the file is damaged, or packs too much. Nothing
here knows a field.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from csprio.problems import ExitCode, Place, Stop, policy_stop, problem
from csprio.read.sheet_cells import Grid, Uncomputed
from csprio.read.unpacked import damaged
from csprio.read.wording import close, listed, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    Rows = list[tuple[Any, ...]]

MOST_ROWS = 1_048_576  # of a sheet, the header included
MOST_BYTES = 2 << 30  # that the parts of a file may have when they are unpacked
_RATIO, _SMALL = 400, 64 << 20  # more than this is packed into no workbook that a person works with
_PARTS = re.compile(r"xl/worksheets/[^/]+\.xml")
_NAMES = (b"xl/workbook", b"xl/worksheets")
_FORMULA = re.compile(rb"<f[ >/]")
# What openpyxl and zipfile say, each in its own way, of a file that is not whole.
_BROKEN = (
    ArithmeticError, AttributeError, EOFError, ImportError, LookupError, NotImplementedError,
    OSError, ParseError, RuntimeError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def is_workbook(raw: bytes) -> bool:
    """Tell a workbook from other files that are packed in the same way, damaged or not."""
    return any(part in raw for part in _NAMES)


class Workbook:
    """An open file; `sheets` are the names of those that are to be seen, in order."""

    def __init__(self, name: str, raw: bytes) -> None:
        """Look at what there is."""
        self.name, self._raw = name, raw
        if find_spec("openpyxl") is None:
            raise Stop(ExitCode.UNUSABLE, [problem("workbook-extra", Place(name))])
        with self._whole():
            self._formulas = self._look(raw)
            book = self._open(computed=True)
            self.sheets: tuple[str, ...] = tuple(
                sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"
            )
            if not self.sheets:
                raise ValueError("it has no sheet that can be seen")

    def sheet(self, title: str, skip: int = 0, decimal: str | None = None, name: str = "") -> Grid:
        """Read a sheet, its first `skip` rows aside.

        `decimal` is the mark of numbers in columns that hold texts, too; `name` stands in places
        instead of that of the file.
        """
        with self._whole():
            rows = self._rows(title, computed=True)
            if self._formulas:
                _mark(rows, self._rows(title, computed=False))
        return Grid(name or self.name, rows, skip, decimal)

    def chosen(self, title: str | None) -> tuple[str, str]:
        """Choose a sheet: the one asked for, else the first; give what is to be said of that."""
        if title is None:
            first = self.sheets[0]
            if len(self.sheets) == 1:
                return first, ""
            count, name = len(self.sheets), short(first)
            said = f"read the sheet `{name}`, the first of {count}; --sheet NAME reads another"
            return first, f"{self.name}: {said}"
        for name in self.sheets:
            if name.casefold() == title.strip().casefold():
                return name, ""
        near = close(title, self.sheets)
        hint = f"did you mean {near}?" if near else f"there are {listed(self.sheets)}"
        raise policy_stop("unknown-sheet", Place(self.name), name=short(title), hint=hint)

    def _rows(self, title: str, *, computed: bool) -> Rows:
        """Read all cells of a sheet; what a file says of its size is not to be believed."""
        sheet = self._open(computed=computed)[title]
        sheet.reset_dimensions()
        rows: Rows = []
        for row in sheet.iter_rows(values_only=True):
            if len(rows) == MOST_ROWS:
                raise ValueError("it has more rows than a sheet holds")
            rows.append(row)
        return rows

    def _open(self, *, computed: bool) -> Any:  # noqa: ANN401 - openpyxl has no types
        import openpyxl  # noqa: PLC0415 - few books are in such files

        return openpyxl.load_workbook(
            io.BytesIO(self._raw), read_only=True, data_only=computed, keep_links=False
        )

    def _look(self, raw: bytes) -> bool:
        """Refuse what would fill the memory; tell whether a sheet has formulas."""
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            if size > MOST_BYTES or size > max(_SMALL, _RATIO * len(raw)):
                raise ValueError(f"it would unpack to {size >> 20} MiB")
            sheets = [part for part in parts if _PARTS.fullmatch(part.filename)]
            return any(_FORMULA.search(packed.read(part)) for part in sheets)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Turn what is said of a damaged file into the end of the run."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and the like, which nobody asked about
                yield
        except _BROKEN as failure:
            raise damaged(self.name, ".xlsx", short(str(failure) or "it is not whole")) from None


def _mark(rows: Rows, written: Rows) -> None:
    """Put formulas where their values are missing."""
    for at, (values, texts) in enumerate(zip_longest(rows, written, fillvalue=())):
        if at < len(rows) and None in values:
            rows[at] = tuple(
                Uncomputed(text) if value is None and _is_formula(text) else value
                for value, text in zip_longest(values, texts)
            )


def _is_formula(text: object) -> bool:
    return text is not None and (not isinstance(text, str) or text.startswith("="))
