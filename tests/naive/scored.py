"""The answer to ``scores``: a row an account and score, of exact CSV texts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from naive import scores
from naive.book import Book, Case, Row
from naive.cells import plain
from naive.conditions import holds
from naive.sources import length

TREND = "28d"


def answer(case: Case, where: Mapping[str, str] | None = None) -> list[Row]:
    """Score every account, as the file has them, and compare with how it stood some time ago."""
    policy = (case.signals or {}).get("scores", {})
    spans = {name: length(about.get("trend", TREND)) for name, about in policy.items()}
    books = {
        span: Book(replace(case, as_of=case.as_of - timedelta(days=span)))
        for span in {0, *spans.values()}
    }
    rows = []
    for number, account in enumerate(books[0].accounts):
        for name, about in policy.items() if holds(where, account.seen) else ():
            before = books[spans[name]].accounts[number].scored[name]
            now = account.scored[name]
            changed = scores.change(about, now, before)
            rows.append(
                {
                    "account_id": account.id,
                    "name": account.name,
                    "score": name,
                    "value": plain(now.value),
                    "band": now.band,
                    "low": plain(now.low),
                    "high": plain(now.high),
                    "coverage": plain(now.coverage),
                    "change": plain(changed),
                    "trend": scores.trend(changed),
                }
            )
    return rows
