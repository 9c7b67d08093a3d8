"""How well a score as of an earlier day told who left.

In: the score of each account as of that day, what became of it since, ids and names. Out: one
table, a row a figure: the outcomes, the AUC, churn by band, how many leavers were warned of and how
long before, who was not, who takes no part. Over the whole book. Fewer than `LEAST` leavers or
stayers give no table but `TooFew`: the figures would tell of chance, not of the score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from csprio.decide.auc import Z, auc
from csprio.decide.book import share
from csprio.decide.columns import band_codes
from csprio.decide.exact import DECIMALS, MILLIONTH
from csprio.decide.rfm import quantile_cuts
from csprio.signals import NOT_SCORED, WORST_FIRST
from csprio.tables import ANSWERS, MONEY_DECIMALS, Kind, arrow_type

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import numpy.typing as npt

    from csprio.decide.auc import Auc
    from csprio.decide.outcomes import Outcomes
    from csprio.decide.scores import Scored
    from csprio.signals import ScoreRule

    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
    Row = dict[str, Any]

LEAST = 30  # leavers, and stayers: with fewer the interval of an AUC is wider than 0.2
QUARTERS = 4
_ENDS = np.array([0, 100])


@dataclass(frozen=True)
class Trial:
    """What is asked: the score as of `at`, against who left since, by `by`.

    `test` is the test of a column that tells who left, as it was typed; "" for `churned` events.
    """

    at: date
    by: date
    test: str = ""

    @property
    def note(self) -> str:
        """Say in words what is compared with what."""
        if self.test:
            return f"scored as of {self.at}; left where `{self.test}` as of {self.by}"
        return f"scored as of {self.at}; left after it and by {self.by}, as `churned` events tell"


@dataclass(frozen=True)
class TooFew:
    """Too few accounts of a kind: `found` of `accounts` that were scored `left`, or stayed."""

    found: int
    accounts: int
    left: bool


@dataclass(frozen=True)
class Safe:
    """The band of those whom the score calls safe: its place among the bands, and why that one.

    `high` tells whether it has the highest scores, or the lowest.
    """

    band: int
    high: bool
    why: str


def backtest(
    trial: Trial, scored: Scored, outcomes: Outcomes, accounts: pa.Table, asked: Mask
) -> pa.Table | TooFew:
    """Compare a score with what came after it. Over the whole book.

    `scored` is as of `trial.at` and `outcomes` since then, both over the accounts of `accounts`
    (its columns account_id and name); `asked` are those that the question is about.
    """
    known = scored.value.known
    tested = asked & outcomes.part & known
    leavers, stayers = tested & outcomes.left, tested & ~outcomes.left
    for group, left in ((leavers, True), (stayers, False)):
        if group.sum() < LEAST:
            return TooFew(int(group.sum()), int(tested.sum()), left)
    area = auc(scored.units[leavers], scored.units[stayers])
    safe = safe_band(scored.rule, area)
    rows = [
        _counted("outcomes", tested, leavers) | {"note": trial.note},
        _area(area, tested, leavers),
        *_bands(scored, asked & outcomes.part, outcomes.left, safe),
    ]
    if safe is not None:
        warned = tested & (scored.band != safe.band)
        missed = leavers & ~warned
        rows += [
            _warned(trial, scored.rule, safe, warned, leavers, outcomes),
            *_missed(trial, scored, safe, outcomes, accounts, missed),
        ]
    rows += _aside(trial, outcomes, asked)
    return _table(rows, trial, scored.rule.name)


def safe_band(rule: ScoreRule, area: Auc) -> Safe | None:
    """Find the band that means safe; None where there is none, or nobody can tell.

    It is the one at the greener end, where both ends are called by colours. Otherwise nobody has
    said whether much is good, and what came after has to: it is the band of the highest scores
    where the whole interval says that leavers score lower, of the lowest where it says higher.
    """
    if not rule.bands:
        return None
    codes = band_codes(_ENDS, np.ones(len(_ENDS), bool), rule.bands, 1)
    keys = [rule.bands[code].key.casefold() for code in codes.tolist()]
    if set(keys) <= set(WORST_FIRST):
        low, high = map(WORST_FIRST.index, keys)
        why, up = "the safest band, by its colour", high >= low
    elif area.above_chance:
        why, up = "the safest band, as leavers scored lower", True
    elif area.below_chance:
        why, up = "the safest band, as leavers scored higher", False
    else:
        return None
    return Safe(int(codes[int(up)]), up, why)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Give the 95 % interval of a share; `whole` is at least 1.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22(158), p. 209-212.
    """
    middle = (part + Z**2 / 2) / (whole + Z**2)
    reach = Z / (whole + Z**2) * math.sqrt(part * (whole - part) / whole + Z**2 / 4)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


# --- the rows -------------------------------------------------------------------------------------


def _counted(figure: str, accounts: Mask, left: Mask) -> Row:
    """Count accounts and leavers; the churn of nobody is missing, not 0."""
    whole, part = int(accounts.sum()), int((accounts & left).sum())
    row: Row = {"figure": figure, "accounts": whole, "left": part}
    if not whole:
        return row
    low, high = wilson(part, whole)
    return row | {"share": share(part, whole), "low": _rounded(low), "high": _rounded(high)}


def _area(area: Auc, tested: Mask, leavers: Mask) -> Row:
    """Write the AUC, and in words what it means and which way the score runs."""
    pairs = "of 100 pairs of a leaver and a stayer the leaver scored"
    lower = f"{pairs} lower in {_of_100(area.value)}"
    if area.above_chance:
        note = lower
    elif area.below_chance:
        note = f"{pairs} higher in {_of_100(1 - area.value)}: the score runs the other way"
    else:
        note = f"{lower}: not to be told from chance, as the interval holds 0.5"
        if area.value < Fraction(1, 2):
            note += "; below it, leavers score higher if anything"
    return {
        "figure": "auc",
        "accounts": int(tested.sum()),
        "left": int(leavers.sum()),
        "value": _rounded(area.value),
        "low": _rounded(area.low),
        "high": _rounded(area.high),
        "note": note,
    }


def _bands(scored: Scored, part: Mask, left: Mask, safe: Safe | None) -> Iterator[Row]:
    """Count leavers by band, in the order of the rule, and those without a score at the end."""
    for place, band in enumerate(scored.rule.bands):
        note = safe.why if safe is not None and place == safe.band else None
        row = _counted("band", part & (scored.band == place), left)
        yield row | {"band": band.key, "note": note}
    yield _counted("band", part & ~scored.value.known, left) | {"band": NOT_SCORED}


def _warned(  # noqa: PLR0913, PLR0917 - what a row is made of
    trial: Trial, rule: ScoreRule, safe: Safe, warned: Mask, leavers: Mask, outcomes: Outcomes
) -> Row:
    """Count the leavers that the score did not call safe, and how many days before they left."""
    caught, all_of = int((warned & leavers).sum()), int(leavers.sum())
    note = f"{caught} of {all_of} leavers were not in `{rule.bands[safe.band].key}`"
    row = _counted("warned", warned, leavers) | {"low": None, "high": None, "note": note}
    days = _days_later(trial, outcomes)[warned & leavers]
    if not outcomes.dated or not len(days):
        return row
    # One number lies between itself and itself.
    first, median, third = quantile_cuts(np.resize(days, max(len(days), 2)), QUARTERS)
    row |= {"value": _exactly(median), "low": _exactly(first), "high": _exactly(third)}
    return row | {"note": f"{note}; median and quartiles of the days until they left"}


def _missed(  # noqa: PLR0913, PLR0917 - what the rows are made of
    trial: Trial,
    scored: Scored,
    safe: Safe,
    outcomes: Outcomes,
    accounts: pa.Table,
    missed: Mask,
) -> list[Row]:
    """List those who were called safe and left: by day, then the safest score first, then by id."""
    rows = np.flatnonzero(missed)
    picked = accounts.select(["account_id", "name"]).take(pa.array(rows))
    found = [
        {
            "figure": "missed",
            "band": scored.rule.bands[safe.band].key,
            "value": Decimal(int(scored.units[row])).scaleb(-DECIMALS),
            "left_on": on,
            "days_later": int(days) if outcomes.dated else None,
            **who,
        }
        for row, on, days, who in zip(
            rows.tolist(),
            outcomes.on[rows].tolist(),
            _days_later(trial, outcomes)[rows],
            picked.to_pylist(),
            strict=True,
        )
    ]
    sign = -1 if safe.high else 1
    return sorted(
        found, key=lambda row: (row["days_later"] or 0, sign * row["value"], row["account_id"])
    )


def _aside(trial: Trial, outcomes: Outcomes, asked: Mask) -> Iterator[Row]:
    """Count those who take no part, by their reason."""
    for reason, count in outcomes.set_aside(asked).items():
        yield {"figure": "aside", "accounts": count, "note": reason.format(at=trial.at)}


def _table(rows: list[Row], trial: Trial, score: str) -> pa.Table:
    """Write the rows as a table in the columns promised."""
    types = {
        column.name: MILLIONTH if column.kind is Kind.NUMBER else arrow_type(column.kind)
        for column in ANSWERS["backtest"]
    }
    every = [{"score": score, "at": trial.at, **row} for row in rows]
    return pa.table(
        {name: pa.array([row.get(name) for row in every], kind) for name, kind in types.items()}
    )


# --- numbers --------------------------------------------------------------------------------------


def _days_later(trial: Trial, outcomes: Outcomes) -> Ints:
    """Count the days from the day of the score to that of leaving, where there is such a day."""
    return np.asarray((outcomes.on - np.datetime64(trial.at)).astype(np.int64))


def _rounded(number: Fraction | float) -> Decimal:
    """Round half up to the decimals of shares."""
    units = math.floor(number * 10**MONEY_DECIMALS + Fraction(1, 2))
    return Decimal(units).scaleb(-MONEY_DECIMALS)


def _exactly(quarters: Fraction) -> Decimal:
    """Write a number of quarters as it is."""
    return Decimal(quarters.numerator) / Decimal(quarters.denominator)


def _of_100(chance: Fraction) -> str:
    """Write a chance as so many of 100, with one decimal, half up."""
    return f"{math.floor(chance * 1000 + Fraction(1, 2)) / 10:g}"
