"""`signals.yaml`: sources, events, measures, scores, RFM and lifetime value.

Comes in: the tree of the file. Goes out: `Signals`, or None where its problems leave none. What
only the inputs can tell (unknown fields, columns of the same name) is asked of `signal_clauses`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from csprio.codes import Severity
from csprio.read.measures import match_names, read_measures
from csprio.read.schema import section
from csprio.read.score_rules import read_scores
from csprio.read.signals_lint import check_signals, check_sources
from csprio.read.source_rules import names_under, read_events, read_sources
from csprio.read.value_rules import read_clv, read_rfm
from csprio.signals import Signals

if TYPE_CHECKING:
    from collections.abc import Collection

    from csprio.problems import Problem
    from csprio.read.yamls import Node

KEYS = ("sources", "events", "measures", "scores", "rfm", "clv", "optional")


def read_signals(node: Node, problems: list[Problem]) -> Signals | None:
    """Read and check the signals; `problems` holds those that the YAML has already.

    Every error of the file is added at once; with any there is no `Signals`. Warnings leave them.
    """
    sound = not _wrong(node, problems)  # a `>` without quotes was read as another sign
    found = section(node, "signals.yaml", KEYS, problems)
    if found is None:
        return None
    names = names_under(found, "sources")
    measures, matches = read_measures(found, names)
    signals = Signals(
        sources=read_sources(found),
        events=read_events(found, names),
        measures=measures,
        matches=matches,
        scores=read_scores(found, match_names(found), sound=sound),
        rfm=read_rfm(found, names),
        clv=read_clv(found, names),
        optional=found.texts("optional"),
        place=found.place,
    )
    signals = check_signals(signals, problems)
    if _wrong(node, problems):
        return None
    check_sources(signals, problems)  # looks at the whole
    return signals


def _wrong(node: Node, problems: Collection[Problem]) -> bool:
    """Tell whether the file has an error so far."""
    file = node.place.file
    return any(one.place.file == file and one.severity is Severity.ERROR for one in problems)
