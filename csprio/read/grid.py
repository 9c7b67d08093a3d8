"""The grid: sizes, levels, cells, tiers, from YAML.

Comes in: the tree of a grid file. Goes out: a `Grid`, or None where its problems leave none.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from csprio.codes import Severity
from csprio.problems import problem
from csprio.read.bands import Domain, check_bands, largest_first, read_bands
from csprio.read.conditions import condition_at
from csprio.read.grid_lint import check_borderline, check_grades, check_levels, check_order
from csprio.read.literals import read_number
from csprio.read.schema import Section, describe, fold, items, section, user_keys
from csprio.read.wording import hint, listed, short
from csprio.read.yamls import MapNode, Node, TextNode
from csprio.rules import BorderlineRule, Cell, Grid, Likelihood, Points, Tier
from csprio.tables import MONEY_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Collection

    from csprio.problems import Problem

KEYS = ("name", "potential", "likelihood", "grid", "borderline", "tiers", "optional")
_RESERVED = ("all", "ungraded", "better", "worse")
_POTENTIAL, _LEVELS = "`potential`", "`levels`"
_MONEY = Domain(MONEY_DECIMALS, Decimal(0))


def read_grid(node: Node, problems: list[Problem]) -> Grid | None:
    """Read and check a grid; `problems` holds those that its YAML has already."""
    sound = not _wrong(node, problems)  # a `>` without quotes was read as another sign
    found = section(node, "the grid", KEYS, problems, ("potential", "grid", "tiers"))
    if found is None:
        return None
    of_bands: list[Problem] = []
    before = len(problems)
    potential = read_bands(found.pairs("potential"), _POTENTIAL, "a size", problems)
    if sound and potential and len(problems) == before:
        check_bands(potential, _MONEY, _POTENTIAL, found.place_of("potential"), of_bands)
    before = len(problems)
    likelihood = _likelihood(found, problems)
    if sound and len(problems) == before:
        check_levels(likelihood, of_bands)
    tiers = _tiers(found)
    levels = _levels(found, likelihood)
    cells = _cells(found, levels, tiers)
    grid = Grid(
        name=found.text("name"),
        sizes=tuple(cells),
        potential=potential,
        levels=levels,
        likelihood=likelihood,
        cells=tuple(cells.values()),
        borderline=_borderline(found),
        tiers=tiers,
        optional=found.texts("optional"),
        place=found.place,
    )
    whole = not _wrong(node, problems)
    problems += of_bands
    if not whole:  # what follows looks at the whole
        return None
    check_grades(grid, problems)
    check_order(grid, largest_first(potential, _MONEY), problems)
    check_borderline(grid, found.place_of("borderline"), problems)
    return grid


def _wrong(node: Node, problems: Collection[Problem]) -> bool:
    """Tell whether the grid's file has an error so far."""
    file = node.place.file
    return any(one.place.file == file and one.severity is Severity.ERROR for one in problems)


def _likelihood(found: Section, problems: list[Problem]) -> Likelihood | None:
    node = found.node("likelihood")
    if node is None:
        return None
    keys = ("score", "from", "levels")
    written = node.entries if isinstance(node, MapNode) else ()
    way = "from" if any(key.text == "from" for key, _ in written) else "score"
    inner = section(node, "`likelihood`", keys, problems, (way, "levels"))
    if inner is None:
        return None
    if inner.node("from") is not None and inner.node("score") is not None:
        inner.report("likelihood-both", inner.place_of("score"))
    points = [line for item in inner.list_of("score") if (line := _points(item, problems))]
    levels = read_bands(inner.pairs("levels"), _LEVELS, "a level", problems)
    source, place = inner.text("from"), found.place_of("likelihood")
    return Likelihood(tuple(points), levels, place, source, inner.place_of("from"))


def _points(node: Node, problems: list[Problem]) -> Points | None:
    line = section(node, "a line of `score`", ("when", "points"), problems, ("points",))
    if line is None:
        return None
    when = condition_at(line, "when")
    written = line.node("points")
    text = written.text.strip() if isinstance(written, TextNode) else ""
    before = len(problems)
    value = read_number(text, written.place, problems, MONEY_DECIMALS) if written else None
    if value is None:
        if written and len(problems) == before:
            line.wrong("points", written, "a number", "`points: 2`")
        return None
    return Points(when, value, line.place)


def _tiers(found: Section) -> tuple[Tier, ...]:
    tiers = []
    for key, name, node in user_keys(found.pairs("tiers"), "a tier", found.problems):
        if fold(key) in _RESERVED:
            why, remedy = "the word has a meaning of its own in plans and rules", "choose another"
            found.report("grid-key", name.place, key=key, what="a tier", why=why, remedy=remedy)
        tier = section(node, f"tier `{short(key)}`", ("name", "accounts_per"), found.problems)
        if tier is not None:
            tiers.append(Tier(key, tier.text("name", key), _accounts_per(tier), name.place))
    return tuple(tiers)


def _accounts_per(tier: Section) -> dict[str, int]:
    pairs = tier.pairs("accounts_per")
    counts = Section(
        "`accounts_per`", tier.place, {k.text: (k, v) for k, v in pairs}, tier.problems
    )
    found = {key.text: counts.whole(key.text, least=1) for key, _ in pairs}
    return {role: count for role, count in found.items() if count is not None}


def _levels(found: Section, likelihood: Likelihood | None) -> tuple[str, ...]:
    """Take the levels in the order of `levels`; without `likelihood` they are 1 to n."""
    if likelihood is not None:
        return tuple(band.key for band in likelihood.levels)
    if found.node("likelihood") is not None:
        return ()
    rows = [len(items(node)) for _, node in found.pairs("grid")]
    # The commonest length, so that one row with a cell too many is reported, not all others.
    count = max(rows, key=lambda length: (rows.count(length), length), default=0)
    return tuple(str(level) for level in range(1, count + 1))


def _cells(
    found: Section, levels: tuple[str, ...], tiers: tuple[Tier, ...]
) -> dict[str, tuple[Cell, ...]]:
    """Read the row of each size, in the order written."""
    known = {fold(key.text): key.text for key, _ in found.pairs("potential")}
    rows: dict[str, tuple[Cell, ...]] = {}
    for key, name, node in user_keys(found.pairs("grid"), "a size", found.problems):
        if fold(key) not in known:
            sizes = known.values()
            if sizes:
                guess = hint(key, sizes)
                found.report("value-unknown", name.place, value=short(key), what="size", hint=guess)
            continue
        rows[known[fold(key)]] = _row(key, name, node, levels, tiers, found.problems)
    written = isinstance(found.node("grid"), MapNode)
    for key in known.values():
        if written and key not in rows:
            place = found.place_of("grid")
            more = " with a cell for each level"
            found.report("key-missing", place, what="`grid`", key=key, hint=more)
    return rows


def _row(  # noqa: PLR0913, PLR0917 - a row knows its size, its place, and what its cells may name
    key: str,
    name: TextNode,
    node: Node,
    levels: tuple[str, ...],
    tiers: tuple[Tier, ...],
    problems: list[Problem],
) -> tuple[Cell, ...]:
    cells = items(node)
    if levels and len(cells) != len(levels):
        problems.append(
            problem(
                "grid-cells", name.place,
                size=short(key), found=len(cells), levels=_count(levels),
            )
        )  # fmt: skip
    return tuple(cell for item in cells if (cell := _cell(item, tiers, problems)) is not None)


def _count(levels: tuple[str, ...]) -> str:
    return f"{len(levels)} level{'' if len(levels) == 1 else 's'} ({', '.join(levels)})"


def _cell(node: Node, tiers: tuple[Tier, ...], problems: list[Problem]) -> Cell | None:
    """Read `1` or `1/2`; the better tier first, however it is written."""
    if not tiers:  # reported where they should stand
        return None
    ranks = {fold(tier.key): rank for rank, tier in enumerate(tiers)}
    text = node.text.strip() if isinstance(node, TextNode) and not node.nothing else ""
    parts = [(text, text)] if fold(text) in ranks else [
        (text[:at].strip(), text[at + 1 :].strip()) for at, sign in enumerate(text) if sign == "/"
    ]  # fmt: skip
    named = [pair for pair in parts if fold(pair[0]) in ranks and fold(pair[1]) in ranks]
    if len(named) == 1:
        one, two = (ranks[fold(part)] for part in named[0])
        return Cell(min(one, two), max(one, two), node.place)
    known = listed(tier.key for tier in tiers)
    problems.append(problem("cell-form", node.place, cell=describe(node).strip("`"), tiers=known))
    return None


def _borderline(found: Section) -> tuple[BorderlineRule, ...]:
    rules = []
    for node in found.list_of("borderline"):
        what, keys = "a line of `borderline`", ("when", "tier")
        line = section(node, what, keys, found.problems, ("tier",))
        if line is None:
            continue
        rules.append(
            BorderlineRule(condition_at(line, "when"), _rule_tier(line, found), line.place)
        )
    return tuple(rules)


def _rule_tier(line: Section, found: Section) -> str:
    """Give `better`, `worse`, or the tier's key as the grid writes it."""
    keys = {fold(key.text): key.text for key, _ in found.pairs("tiers")}
    written = line.node("tier")
    if isinstance(written, TextNode) and fold(written.text.strip()) in keys:
        return keys[fold(written.text.strip())]
    return (
        ""
        if written is None
        else line.pick("tier", written, ("better", "worse", *keys.values()), "tier")
    )
