"""What accounts are worth: recency, frequency and monetary value, and lifetime value, as fields.

In: the rule, and what is known of each account. Out: `Valued`: an Arrow column a field, null where
it is missing, and what keeps a rule from this book. Where retention, quantiles or the models of
transactions are estimated this is over the whole book, else per account.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from csprio.decide import bgnbd
from csprio.decide.clv_contract import MONTHS, Economics, contract_clv
from csprio.decide.columns import NONE, UNITS, keys_of
from csprio.decide.conditions import Conditions
from csprio.decide.dates import add_months, months_between
from csprio.decide.exact import MILLIONTH, MILLIONTHS, Exact, column, decimals, numbers_of
from csprio.decide.fitting import NotFitted, Why
from csprio.decide.rfm import Scores, rfm_scores
from csprio.decide.sbg import Sbg, fit_sbg
from csprio.decide.wanted import many
from csprio.problems import Problem, problem
from csprio.signals import CONTRACT, NO_SEGMENT, Retention

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from csprio.decide.bgnbd import Purchases
    from csprio.decide.dates import Days
    from csprio.decide.rfm import Cuts, Orders
    from csprio.decide.terms import Terms
    from csprio.signals import ClvRule, RfmRule

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

CENTS = 100
_DOUBT = 2.0**-38  # the part of a value within which its float is not trusted
_FINE = Context(prec=60)
_MOST_CENTS = 2**62 * CENTS // MILLIONTHS
_GIVE = "give it, as `retention: 0.9` a year or `retention: {alpha: 0.668, beta: 3.806}` a renewal"
_OTHERWISE = "leave `clv` out, or use `model: contract` where accounts have terms"
_BASES = ("recency", "frequency", "monetary")


@dataclass(frozen=True)
class Valued:
    """Columns by field, and why a rule could not be followed; its fields are null then."""

    fields: Mapping[str, pa.Array]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Lives:
    """What a lifetime value rests on: one entry an account; what counts terms is found when asked.

    `arr` is money a year, `churned` the day an account left by (NaT: none is known), `active` tells
    who is still there on `as_of`.
    """

    arr: Exact
    terms: Terms
    churned: Days
    active: Mask
    as_of: np.datetime64

    @cached_property
    def behind(self) -> Ints:
        """The whole terms from start_date to the current one; a cut first term is none."""
        return self._whole_terms(self.terms.current)

    @cached_property
    def left(self) -> Mask:
        """Tell who is known to have left, and when."""
        return self.begun & ~self.active & ~np.isnat(self.churned)

    @cached_property
    def made(self) -> Ints:
        """The renewals that an account has made, of one that left those before that day.

        On the first day of a term, as on each other one of the term before, it is the renewal
        between the two that was not made.
        """
        day_before = self.churned - np.timedelta64(1, "D")
        before = self.terms.holding(np.arange(len(day_before)), day_before)
        return np.where(self.left, self._whole_terms(before), self.behind)

    @property
    def begun(self) -> Mask:
        """Tell who has a start_date, from which terms are counted."""
        return ~np.isnat(self.terms.start)

    @property
    def counted(self) -> Mask:
        """Tell of whom is known how it went: still there since it began, or left on a known day."""
        return self.left | (self.active & (self.terms.start <= self.as_of))

    def _whole_terms(self, term: Ints) -> Ints:
        """Count the whole terms from start_date to the first day of a term."""
        start, months = self.terms.start, self.terms.months
        first = self.terms.first_day(np.arange(len(term)), term)
        number = months_between(start, first) // months
        number -= add_months(start, number * months) > first
        return np.where(np.isnat(start) | np.isnat(first), 0, np.maximum(number, 0))


def lives(
    table: pa.Table, terms: Terms, churned: Days, active: Mask, as_of: np.datetime64
) -> Lives:
    """Gather what lifetime values rest on, of a table with arr."""
    return Lives(numbers_of(table["arr"]), terms, churned, active, as_of)


# --- recency, frequency, monetary value -----------------------------------------------------------


def rfm_values(rule: RfmRule, orders: Orders | None, rows: int) -> Valued:
    """Score what accounts ordered, and name their segments; without orders nothing is known.

    `rfm` is the three digits joined, missing where one of them is. An account without orders is in
    the segment `none`, one that meets no condition of a segment in none of them.
    """
    missing = {name: pa.nulls(rows, pa.int64()) for name in ("rfm_r", "rfm_f", "rfm_m", "rfm")}
    missing["rfm_segment"] = pa.nulls(rows, pa.string())
    if orders is None:
        return Valued(missing)
    found = rfm_scores(orders, _cuts(rule))
    if isinstance(found, Scores):
        return Valued(_rfm_fields(rule, found, orders))
    facts = {"least": found.least, "found": found.found}
    return Valued(missing, (problem("rfm-few", rule.places.get("cuts", rule.place), **facts),))


def _cuts(rule: RfmRule) -> tuple[Cuts, Cuts, Cuts] | None:
    """Give the cuts of the rule in the units of orders; None is quantiles."""
    if rule.cuts is None:
        return None
    recency, frequency, monetary = (rule.cuts[name] for name in _BASES)
    return recency, frequency, tuple(cut * UNITS for cut in monetary)


def _rfm_fields(rule: RfmRule, found: Scores, orders: Orders) -> dict[str, pa.Array]:
    three = found.recency, found.frequency, found.monetary
    r, f, m = (_digit(each, each > 0) for each in three)
    joined = found.recency * 100 + found.frequency * 10 + found.monetary
    conditions = Conditions(pa.table({"r": r, "f": f, "m": m}))
    segment = np.full(len(joined), NONE, np.int64)
    for number, each in reversed([*enumerate(rule.segments)]):
        segment[conditions.mask(each.when)] = number
    segment = np.where(orders.some, segment, len(rule.segments))
    names = [*(each.name for each in rule.segments), NO_SEGMENT]
    return {
        "rfm_r": r,
        "rfm_f": f,
        "rfm_m": m,
        "rfm": _digit(joined, np.all([each > 0 for each in three], axis=0)),
        "rfm_segment": keys_of(segment, names),
    }


def _digit(values: Ints, known: Mask) -> pa.Array:
    return pa.array(values, pa.int64(), mask=~known)


# --- lifetime value -------------------------------------------------------------------------------


def lifetime_values(rule: ClvRule, lives: Lives, bought: Purchases | None) -> Valued:
    """Value accounts by the model of the rule, to two decimals, half to even."""
    return _contracts(rule, lives) if rule.model == CONTRACT else _buyers(rule, lives, bought)


def _contracts(rule: ClvRule, lives: Lives) -> Valued:
    """Value contracts: an account without terms or arr has no value.

    Nor has one without a start_date where the chance of a renewal hangs on those made before.
    """
    retention = _retention(rule, lives)
    if isinstance(retention, NotFitted):
        fields = {"clv": pa.nulls(len(lives.arr), MILLIONTH)}
        return Valued(fields, (_not_fitted(rule, "retention", retention, "left", _GIVE),))
    known = lives.arr.known & lives.terms.exist
    chances: float | Sbg
    if isinstance(retention, Decimal):
        chances = float(retention)
    else:
        chances, known = Sbg(*map(float, retention)), known & lives.begun
    arr = np.where(known, lives.arr.floats, np.nan)
    floats = contract_clv(arr, lives.terms.months, lives.behind, _economics(rule), chances)
    worth = _worth(rule, retention)

    def exact(row: int) -> Fraction:
        """Value one account."""
        return lives.arr.at(row) * worth(int(lives.terms.months[row]), int(lives.behind[row]))

    return Valued({"clv": _money(floats, exact)})


def _retention(rule: ClvRule, lives: Lives) -> Decimal | tuple[Decimal, Decimal] | NotFitted:
    """Give the share kept a year, or alpha and beta: those of the rule, or the likeliest ones."""
    if not isinstance(rule.retention, Retention):
        return rule.retention
    found = fit_sbg(lives.made[lives.counted], lives.left[lives.counted])
    if isinstance(found, NotFitted):
        return found
    return Decimal(str(found.alpha)), Decimal(str(found.beta))


def _worth(
    rule: ClvRule, retention: Decimal | tuple[Decimal, Decimal]
) -> Callable[[int, int], Fraction]:
    """Make what values 1 of arr a year, by the length of a term and the terms behind it.

    As `contract_clv`, which says how; exact, but for powers of part years, which have 60 digits.
    """

    @cache
    def worth(months: int, behind: int) -> Fraction:
        """Add up the terms ahead."""
        total, staying = Fraction(0), Fraction(1)
        for term in range(-(-MONTHS * rule.years // months)):
            total += staying / _power(1 + rule.discount, term * months)
            if isinstance(retention, Decimal):
                staying = _power(retention, (term + 1) * months)
            else:
                alpha, beta = map(Fraction, retention)
                staying *= (beta + behind + term) / (alpha + beta + behind + term)
        return Fraction(months, MONTHS) * Fraction(rule.margin) * total

    return worth


@cache
def _power(yearly: Decimal, months: int) -> Fraction:
    """Raise a factor a year to some months."""
    years, rest = divmod(months, MONTHS)
    if not rest:
        return Fraction(yearly) ** years
    return Fraction(_FINE.power(yearly, _FINE.divide(Decimal(months), Decimal(MONTHS))))


def _buyers(rule: ClvRule, lives: Lives, bought: Purchases | None) -> Valued:
    """Value accounts that buy when they like, and say how likely each still does."""
    nobody = pa.nulls(len(lives.arr), MILLIONTH)
    nothing, under = {"clv": nobody, "p_alive": nobody}, int(np.count_nonzero(lives.terms.exist))
    place = rule.places.get("model", rule.place)
    problems = []
    if under:
        problems.append(problem("clv-terms", place, accounts=many(under, "account")))
    if bought is None:
        return Valued(nothing, tuple(problems))
    try:
        found = _bought(rule, bought)
    except ImportError:
        found = problem("models-missing", place)
    if isinstance(found, Problem):
        return Valued(nothing, (*problems, found))
    worth, alive = found
    alive = np.where(bought.known, alive, np.nan)
    fields = {"clv": _money(worth, lambda row: Fraction(worth[row]))}
    fields["p_alive"] = column(Exact(alive, lambda row: Fraction(alive[row])))
    return Valued(fields, tuple(problems))


def _bought(rule: ClvRule, bought: Purchases) -> tuple[Floats, Floats] | Problem:
    """Fit both models, and give each account's value and its chance to be one still."""
    buying = bgnbd.fit_bgnbd(bought)
    if isinstance(buying, NotFitted):
        return _not_fitted(rule, "how often accounts buy", buying, "bought again", _OTHERWISE)
    spending = bgnbd.fit_gamma_gamma(bought)
    if isinstance(spending, NotFitted):
        return _not_fitted(rule, "how much accounts spend", spending, "paid again", _OTHERWISE)
    worth = bgnbd.transactions_clv(buying, spending, bought, _economics(rule))
    return worth, buying.p_alive(bought)


def _not_fitted(rule: ClvRule, what: str, found: NotFitted, did: str, remedy: str) -> Problem:
    """Say why a model has no parameters here."""
    place = rule.places.get("retention", rule.place)
    if found.why is not Why.TOO_FEW:
        return problem("clv-unfitted", place, what=what, why=found.why, remedy=remedy)
    some = f"{many(found.found, 'account')} that {did}"
    return problem("clv-few", place, what=what, found=some, least=found.least, remedy=remedy)


def _economics(rule: ClvRule) -> Economics:
    return Economics(float(rule.margin), float(rule.discount), rule.years)


def _money(values: Floats, exact: Callable[[int], Fraction]) -> pa.Array:
    """Round to cents, half to even; `exact` gives the value of a row whose float cannot tell."""
    known = ~np.isnan(values)
    cents = np.where(known, values, 0.0) * CENTS
    rounded = np.rint(cents)
    doubt = np.abs(np.abs(cents - rounded) - 0.5) <= np.abs(cents) * _DOUBT
    if (np.abs(cents) >= _MOST_CENTS).any():
        return pa.array(
            [
                Decimal(round(exact(row) * CENTS)).scaleb(-2) if there else None
                for row, there in enumerate(known.tolist())
            ],
            MILLIONTH,
        )
    for row in np.flatnonzero(doubt & known).tolist():
        rounded[row] = round(exact(row) * CENTS)
    return decimals(rounded.astype(np.int64) * (MILLIONTHS // CENTS), known)
