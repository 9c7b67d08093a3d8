"""Proves which columns of the accounts file a score rests on."""

from __future__ import annotations

from decimal import Decimal

from csprio.decide.undated import columns_seen
from csprio.rules import Clause, Every, Present, Same
from csprio.signals import (
    Cap,
    ClvRule,
    Match,
    Measure,
    Part,
    ScoreRule,
    Signals,
    SourceRule,
    Take,
)


def test_columns_seen() -> None:
    """Columns are found in parts, caps, scores within scores, matches and what measures divide by.

    Measures themselves, what csprio computes and lifetime value are no columns, and each column is
    named once, however it is written.
    """
    left = Every((Clause("champion", Same("left")), Clause("Fit-Band", Present())))
    signals = Signals(
        sources={"usage": SourceRule("usage", "usage.csv", "date")},
        measures=(
            Measure("seat_use", "usage", Take.LAST, "users", per="seats"),
            Measure("visits", "usage", Take.DAYS),
        ),
        matches=(Match("needs_fit", "needs", {"sso": Decimal(1)}),),
        scores=(
            ScoreRule("fit", (Part("needs_fit"), Part("Industry"))),
            ScoreRule(
                "health",
                (
                    Part("Seat Use"),
                    Part("visits"),
                    Part("days_late"),
                    Part("fit"),
                    Part("renewal_in"),
                    Part("clv"),
                    Part("industry"),
                ),
                caps=(Cap(left, Decimal(39)),),
            ),
        ),
        clv=ClvRule("contract", Decimal(1), Decimal(0), 5),
    )
    assert columns_seen(signals, "health") == (
        "days_late",
        "industry",
        "champion",
        "seats",
        "needs",
    )
    assert columns_seen(signals, "fit") == ("Industry", "needs")
