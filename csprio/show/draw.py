"""Tables of text drawn for people: fitted to a width, or as wide as they want to be.

Comes in: columns of sanitised cells, in the order in which they stand, and how much each matters.
Goes out: lines. Widths, wrapping and styles are Rich's; the lines are laid out here because a
`rich.table.Table` takes a millisecond a row, which is minutes for a large book.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from csprio.show.terminal import Look

_GAP = "  "
_MORE = "…"


@dataclass(frozen=True)
class Strip:
    """A column to draw: its cells, the narrowest it is still worth showing, how it is styled.

    `right` columns hold numbers; `wraps` ones take more lines instead of losing text. `styles` maps
    a cell's text to a Rich style.
    """

    name: str
    cells: Sequence[str]
    least: int
    right: bool = False
    wraps: bool = False
    styles: Mapping[str, str] = field(default_factory=dict)

    @property
    def natural(self) -> int:
        """How wide the column wants to be."""
        return max(map(cells_in, (self.name, *self.cells)))


@dataclass(frozen=True)
class Fit:
    """What a width lets one see: the width of each column shown, and what was done to the rest."""

    widths: Mapping[str, int]
    left_out: tuple[str, ...] = ()
    shortened: tuple[str, ...] = ()

    def note(self, width: int | None) -> list[str]:
        """Say what is missing here, in lines of at most this width."""
        said = [
            f"{what}: {', '.join(names)}"
            for what, names in (("left out", self.left_out), ("shortened", self.shortened))
            if names
        ]
        text = f"({'; '.join(said)}; a wider terminal or -f csv shows all)"
        return wrap(text, max(width or 0, 1)) if said else []


def fit(strips: Sequence[Strip], by_importance: Sequence[str], width: int | None) -> Fit:
    """Choose columns by importance, then give them what room there is; None is all the room.

    Columns in which nothing stands go first, and nobody misses them; the most important one always
    stays. Those that wrap lose nothing, so that they grow last.
    """
    naturals = {strip.name: strip.natural for strip in strips}
    if width is None or sum(naturals.values()) + len(_GAP) * (len(strips) - 1) <= width:
        return Fit(naturals)
    by_name = {strip.name: strip for strip in strips}
    order = [name for name in by_importance if any(by_name[name].cells)] or by_importance
    widths: dict[str, int] = {}
    room = width
    for name in order:
        gap = len(_GAP) if widths else 0
        least = min(by_name[name].least, naturals[name])
        if not widths:
            least = max(1, min(least, width))
        if least + gap > room:
            break
        widths[name] = least
        room -= least + gap
    for name in sorted(widths, key=lambda name: by_name[name].wraps):
        more = min(room, naturals[name] - widths[name])
        widths[name] += more
        room -= more
    shown = {strip.name: widths[strip.name] for strip in strips if strip.name in widths}
    shortened = [n for n, w in shown.items() if w < naturals[n] and not by_name[n].wraps]
    left_out = [each.name for each in strips if each.name not in widths and any(each.cells)]
    return Fit(shown, tuple(left_out), tuple(shortened))


def lines(
    strips: Sequence[Strip], fitted: Fit, look: Look, bold: Sequence[bool] = ()
) -> Iterator[str]:
    """Draw a heading, a rule and a line a row; `bold` rows are totals."""
    shown = [strip for strip in strips if strip.name in fitted.widths]
    widths = [fitted.widths[strip.name] for strip in shown]
    yield _line([strip.name for strip in shown], shown, widths, look, style="bold")
    yield "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    yield from body(strips, fitted, look, bold)


def body(
    strips: Sequence[Strip], fitted: Fit, look: Look, bold: Sequence[bool] = ()
) -> Iterator[str]:
    """Draw the rows without a heading."""
    shown = [strip for strip in strips if strip.name in fitted.widths]
    widths = [fitted.widths[strip.name] for strip in shown]
    wrapped = any(strip.wraps for strip in shown)
    for row, is_bold in zip_longest(zip(*(s.cells for s in shown), strict=True), bold):
        style = "bold" if is_bold else ""
        for part in _wrapped(row, shown, widths) if wrapped else (row,):
            yield _line(part, shown, widths, look, style=style)


def styled(text: str, style: str, look: Look) -> str:
    """Give a text a Rich style where there may be colour."""
    if not (look.color and style and text):
        return text
    return _style(style).render(text, color_system=ColorSystem.STANDARD)


def _line(
    row: Sequence[str], strips: Sequence[Strip], widths: Sequence[int], look: Look, style: str
) -> str:
    cells = []
    for text, strip, width in zip(row, strips, widths, strict=True):
        cell = _fitted(text, width, right=strip.right)
        cells.append(styled(cell, strip.styles.get(text, style), look) if look.color else cell)
    return _GAP.join(cells).rstrip(" ")


def _wrapped(
    row: Sequence[str], strips: Sequence[Strip], widths: Sequence[int]
) -> Iterator[Sequence[str]]:
    """Give the lines of a row whose long texts go on below."""
    columns = [
        folded(text, width) if strip.wraps else [text]
        for text, strip, width in zip(row, strips, widths, strict=True)
    ]
    yield from zip_longest(*columns, fillvalue="")


def folded(text: str, width: int) -> list[str]:
    """Fold a text at blanks, and a word that is too long wherever it must be."""
    rows, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if cells_in(longer) <= width:
            line = longer
            continue
        if line:
            rows.append(line)
        line = word
        while cells_in(line) > width:
            head = set_cell_size(line, width).rstrip(" ") or line[:1]
            rows.append(head)
            line = line[len(head) :]
    return [*rows, line]


def _fitted(text: str, width: int, *, right: bool) -> str:
    missing = width - cells_in(text)
    if missing < 0:
        text = set_cell_size(text, width - 1) + _MORE
        return text if width else ""
    blank = " " * missing
    return blank + text if right else text + blank


def cells_in(text: str) -> int:
    """Count the cells of a terminal that a text takes: two for a wide character, none for marks."""
    return len(text) if text.isascii() else cell_len(text)


@cache
def _style(name: str) -> Style:
    return Style.parse(name)
