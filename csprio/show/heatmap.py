"""The grid as a heat map: sizes down, levels across, in each cell accounts, shading and tier.

Comes in: a `GridPicture`. Goes out: lines. The shading is made of characters and every cell says
what its numbers are, so that neither colour nor a legend is needed to read it.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from csprio.show.draw import Strip, fit, lines, styled
from csprio.show.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.show.terminal import Look
    from csprio.tables import GridPicture

_TITLE = "accounts by size and likelihood, and the tier that the grid gives"
_SHADES = ("·", "░", "▒", "▓", "█")
_SHADE_WIDTH = 4
_COLORS = ("dim", "cyan", "green", "yellow", "bold red")


def heat_map(picture: GridPicture, look: Look) -> Iterator[str]:
    """Draw the map; one that is too wide is drawn in pieces, some levels at a time."""
    most = max((count for row in picture.counts for count in row), default=0)
    for line in wrap(_TITLE, look.width or len(_TITLE)):
        yield styled(line, "dim", look)
    sizes = Strip("", [f"size {visible(size)}" for size in picture.sizes], least=1)
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
        yield f"ungraded: {picture.ungraded:,}"


def _level(picture: GridPicture, place: int, most: int) -> Strip:
    """Draw one column: `12 ▓▓▓▓ tier 1/2`, the counts under each other."""
    counts = [row[place] for row in picture.counts]
    room = max((len(f"{count:,}") for count in counts), default=1)
    cells, styles = [], {}
    for count, tiers in zip(counts, picture.tiers, strict=True):
        heat = -(-(len(_SHADES) - 1) * count // most) if most else 0
        cell = f"{count:>{room},} {_SHADES[heat] * _SHADE_WIDTH} tier {visible(tiers[place])}"
        cells.append(cell)
        styles[cell] = _COLORS[heat]
    name = f"likelihood {visible(picture.levels[place])}"
    return Strip(name, cells, least=len(cells[0]), styles=styles)
