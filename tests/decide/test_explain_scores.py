"""Values and measures in words, where they rest on what no small book has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from csprio.decide.explain_scores import _clv, _taken
from csprio.rules import ALWAYS, Clause, Condition, Same
from csprio.signals import CONTRACT, TRANSACTIONS, ClvRule, Measure, Retention, Take

FOUND: Any = SimpleNamespace(table=pa.table({"arr": ["20000"], "p_alive": ["0.5"]}))
ONE_TENTH = Decimal("0.1")


@pytest.mark.parametrize(
    ("model", "retention", "said"),
    [
        (CONTRACT, Retention.ESTIMATE, "arr 20000, {}, retention estimated from the book"),
        (CONTRACT, Decimal("0.9"), "arr 20000, {}, retention 0.9 a year"),
        (
            CONTRACT,
            (Decimal("0.668"), Decimal("3.806")),
            "arr 20000, {}, retention by alpha 0.668 and beta 3.806",
        ),
        (
            TRANSACTIONS,
            Retention.ESTIMATE,
            "orders of shop, still a customer with chance 0.5; {}",
        ),
    ],
)
def test_lifetime_value_in_words(
    model: str, retention: Decimal | tuple[Decimal, Decimal] | Retention, said: str
) -> None:
    """Whatever it rests on is said, with margin, discount and the years counted."""
    rule = ClvRule(model, Decimal("0.8"), ONE_TENTH, 5, retention, "shop", "amount")
    ahead = "margin 0.8, discount 0.1 a year, 5 years"
    assert _clv(rule, FOUND, 0) == said.format(ahead)


@pytest.mark.parametrize(
    ("over", "where", "said"),
    [
        (None, ALWAYS, "sum logins of usage up to 2026-11-23"),
        (28, ALWAYS, "sum logins of usage, 2026-10-27 to 2026-11-23"),
        (
            28,
            Clause("feature", Same("export")),
            "sum logins of usage where feature: export, 2026-10-27 to 2026-11-23",
        ),
    ],
)
def test_rows_of_a_measure_in_words(over: int | None, where: Condition, said: str) -> None:
    """The window is said with both of its days, which are in it."""
    measure = Measure("uses", "usage", Take.SUM, "logins", over, where=where)
    assert _taken(measure, date(2026, 11, 23)) == said
