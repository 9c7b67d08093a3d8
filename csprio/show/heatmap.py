"""The grid as a heat map: sizes down, levels across, in each cell accounts, shading and tier.

Comes in: a `GridPicture`. Goes out: lines. The shading is made of characters, so that colour is
never needed to read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.show.draw import Strip, fit, lines, styled
from csprio.show.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.show.terminal import Look
    from csprio.tables import GridPicture

_SHADES = ("·", "░", "▒", "▓", "█")
_COLORS = ("dim", "cyan", "green", "yellow", "bold red")


def heat_map(picture: GridPicture, look: Look) -> Iterator[str]:
    """Draw the map; one that is too wide is drawn in pieces, some levels at a time."""
    most = max((count for row in picture.counts for count in row), default=0)
    yield styled("size down, likelihood across: accounts, shading, tier", "dim", look)
    sizes = Strip("", [visible(size) for size in picture.sizes], least=1)
    columns = [_level(picture, place, most) for place in range(len(picture.levels))]
    while columns:
        taken = len(columns)
        while taken > 1 and fit([sizes, *columns[:taken]], [], look.width).left_out:
            taken -= 1
        strips, columns = [sizes, *columns[:taken]], columns[taken:]
        names = [strip.name for strip in strips]
        yield from lines(strips, fit(strips, names, look.width), look)
        if columns:
            yield ""
    if picture.ungraded:
        yield f"ungraded: {picture.ungraded}"


def _level(picture: GridPicture, place: int, most: int) -> Strip:
    """Draw one column: `12 ▓▓ 1/2`, the counts under each other."""
    counts = [row[place] for row in picture.counts]
    room = max(len(str(count)) for count in counts) if counts else 1
    cells, styles = [], {}
    for count, tiers in zip(counts, picture.tiers, strict=True):
        heat = -(-(len(_SHADES) - 1) * count // most) if most else 0
        cell = f"{count:>{room}} {_SHADES[heat] * 2} {visible(tiers[place])}"
        cells.append(cell)
        styles[cell] = _COLORS[heat]
    return Strip(visible(picture.levels[place]), cells, least=len(cells[0]), styles=styles)
