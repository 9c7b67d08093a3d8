"""RFM and lifetime value, as `signals.yaml` says them.

Comes in: the section of the file and the names of the sources. Goes out: an `RfmRule` and a
`ClvRule`, each None where it is left out or wrong.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from csprio.read.conditions import condition_at
from csprio.read.grid_lint import check_reached
from csprio.read.quantities import (
    COUNT,
    NUMBER,
    PARAMETER,
    RATE,
    SHARE,
    days,
    quantity,
    quantity_of,
)
from csprio.read.schema import section
from csprio.read.source_rules import source_of
from csprio.read.wording import hint, short
from csprio.read.yamls import MapNode, TextNode
from csprio.rules import clauses
from csprio.signals import (
    CONTRACT,
    NO_SEGMENT,
    SEGMENT_FIELDS,
    TRANSACTIONS,
    ClvRule,
    Retention,
    RfmRule,
    Segment,
)
from csprio.tables import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from csprio.read.schema import Section
    from csprio.read.yamls import Node

RFM_KEYS = ("from", "amount", "over", "cuts", "segments")
CUTS = ("recency", "frequency", "monetary")
QUANTILES = "quantiles"
MOST_CUTS = 8  # so that every score is one digit
MOST_YEARS = 100
_EXAMPLES = {
    "recency": "[30, 90, 180, 365]", "frequency": "[1, 2, 4, 8]", "monetary": "[1k, 5k, 20k, 50k]",
}  # fmt: skip
_ALL_MODELS = ("model", "margin", "discount", "years")
_OF_MODEL = {
    CONTRACT: (*_ALL_MODELS, "retention"),
    TRANSACTIONS: (*_ALL_MODELS, "from", "amount"),
}
_RETENTION = "a share kept a year, alpha and beta, or `estimate`"


def read_rfm(found: Section, sources: tuple[str, ...]) -> RfmRule | None:
    """Read how recency, frequency and monetary value are scored."""
    node = found.node("rfm")
    required = ("from", "amount")
    inner = None if node is None else section(node, "`rfm`", RFM_KEYS, found.problems, required)
    if inner is None:
        return None
    segments = _segments(inner)
    check_reached(((each.when, each.place) for each in segments), inner.problems)
    return RfmRule(
        source=source_of(inner, sources),
        amount=inner.text("amount"),
        over=days(inner, "over"),
        cuts=_cuts(inner),
        segments=segments,
        place=found.place_of("rfm"),
        places={key: inner.place_of(key) for key in inner.nodes},
    )


def _cuts(rfm: Section) -> dict[str, tuple[Decimal, ...]] | None:
    """Read the cuts of each of the three; None is quantiles."""
    node = rfm.node("cuts")
    if node is None or (isinstance(node, TextNode) and node.text.strip().casefold() == QUANTILES):
        return None
    if not isinstance(node, MapNode):
        expected = "`quantiles`, or a list for each of recency, frequency and monetary"
        rfm.wrong("cuts", node, expected, "`cuts: quantiles`")
        return None
    inner = section(node, "`cuts`", CUTS, rfm.problems, CUTS)
    return {key: _ascending(inner, key) for key in CUTS} if inner is not None else None


def _ascending(cuts: Section, key: str) -> tuple[Decimal, ...]:
    kind, nodes = NUMBER if key == "monetary" else COUNT, cuts.list_of(key)
    values = [quantity_of(cuts, key, node, kind) for node in nodes]
    read = [value for value in values if value is not None]
    why = ""
    if len(nodes) > MOST_CUTS:
        why = f"are {len(nodes)}"
    elif len(read) == len(nodes) and any(two <= one for one, two in pairwise(read)):
        why = "do not rise from each to the next"
    if why:
        facts = {"key": key, "why": why, "most": MOST_CUTS, "example": _EXAMPLES[key]}
        cuts.report("cuts-order", cuts.place_of(key), **facts)
    return tuple(read)


def _segments(rfm: Section) -> tuple[Segment, ...]:
    segments = []
    for item in rfm.list_of("segments"):
        line = section(item, "a line of `segments`", ("when", "name"), rfm.problems, ("name",))
        if line is None:
            continue
        when, name = condition_at(line, "when"), line.text("name")
        if name.casefold() == NO_SEGMENT:
            why = "it is the segment of accounts without a row"
            facts = {"key": name, "what": "a segment", "why": why, "remedy": "choose another word"}
            rfm.report("grid-key", line.place_of("name"), **facts)
        for clause in clauses(when):
            if plain(clause.field) not in SEGMENT_FIELDS:
                guess = hint(clause.field, SEGMENT_FIELDS)
                rfm.report("segment-field", clause.place, field=short(clause.field), hint=guess)
        segments.append(Segment(when, name, line.place))
    return tuple(segments)


def read_clv(found: Section, sources: tuple[str, ...]) -> ClvRule | None:
    """Read how lifetime value is computed; which keys there are hangs on the model."""
    node = found.node("clv")
    if node is None:
        return None
    model = _model(node)
    what = f"`clv` of `model: {model}`" if model else "`clv`"
    every = dict.fromkeys(key for keys in _OF_MODEL.values() for key in keys)
    keys = _OF_MODEL.get(model, tuple(every))
    inner = section(node, what, keys, found.problems, _OF_MODEL.get(model, _ALL_MODELS))
    if inner is None:
        return None
    inner.choice("model", tuple(_OF_MODEL), "model of lifetime value")
    margin, discount = quantity(inner, "margin", SHARE), quantity(inner, "discount", RATE)
    years = _years(inner)
    retention = _retention(inner) if model != TRANSACTIONS else Retention.ESTIMATE
    source = source_of(inner, sources) if model != CONTRACT else ""
    amount = inner.text("amount") if model != CONTRACT else ""
    if not model or margin is None or discount is None or years is None or retention is None:
        return None
    places = {key: inner.place_of(key) for key in inner.nodes}
    place = found.place_of("clv")
    return ClvRule(model, margin, discount, years, retention, source, amount, place, places)


def _model(node: Node) -> str:
    """Look up the model before the keys are known; empty where there is none of that name."""
    entries: Iterable[tuple[TextNode, Node]] = node.entries if isinstance(node, MapNode) else ()
    written: Mapping[str, Node] = {key.text: value for key, value in entries}
    model = written.get("model")
    word = model.text.strip().casefold() if isinstance(model, TextNode) else ""
    return word if word in _OF_MODEL else ""


def _years(clv: Section) -> int | None:
    """Read how many years ahead are counted."""
    node, years = clv.node("years"), clv.whole("years", least=1)
    if node is not None and years is not None and years > MOST_YEARS:
        clv.wrong("years", node, f"a whole number from 1 to {MOST_YEARS}", "`years: 5`")
        return None
    return years


def _retention(clv: Section) -> Decimal | tuple[Decimal, Decimal] | Retention | None:
    """Read a share kept a year, the parameters of the chance a renewal has, or `estimate`."""
    node = clv.node("retention")
    if node is None:
        return None
    if isinstance(node, MapNode):
        keys = ("alpha", "beta")
        inner = section(node, "`retention`", keys, clv.problems, keys)
        if inner is None:
            return None
        alpha, beta = (quantity(inner, key, PARAMETER) for key in keys)
        return None if alpha is None or beta is None else (alpha, beta)
    if isinstance(node, TextNode) and node.text.strip().casefold() == Retention.ESTIMATE:
        return Retention.ESTIMATE
    before = len(clv.problems)
    value = quantity_of(clv, "retention", node, SHARE)
    if len(clv.problems) > before:
        del clv.problems[before:]
        example = "`retention: 0.9`, `retention: {alpha: 0.668, beta: 3.806}`"
        clv.wrong("retention", node, _RETENTION, example)
    return value
