"""Customer lifetime value of a contract that is renewed or not, term by term."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from itertools import count
from typing import Any

from naive.workdays import add_months

CENT = Decimal("0.01")
MONTHS = 12
DIGITS = 50


def share(text: str) -> Decimal:
    """Read a share: ``0.1`` or ``10%``."""
    return Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def whole_terms(start: date, now: date, months: int) -> int:
    """Count the whole terms from the start of a contract to the first day of the current one."""
    return next(n for n in count() if add_months(start, (n + 1) * months) > now)


def clv(
    about: Mapping[str, Any], arr: Decimal, months: int, survived: int | None
) -> Decimal | None:
    """Add up what the coming terms are worth today; sBG needs the number of terms survived."""
    with localcontext() as context:
        context.prec = DIGITS
        years = Decimal(about["years"]) * MONTHS / months
        rate = 1 + share(about["discount"])
        total = Decimal(0)
        for j in range(int(years.to_integral_value("ROUND_CEILING"))):
            staying = _staying(about["retention"], j, months, survived)
            if staying is None:
                return None
            total += staying / rate ** (Decimal(j * months) / MONTHS)
        term = arr * months / MONTHS
        return (term * share(about["margin"]) * total).quantize(CENT, ROUND_HALF_EVEN)


def _staying(retention: Any, j: int, months: int, survived: int | None) -> Decimal | None:  # noqa: ANN401
    """Give the chance that a contract is still there after so many further terms."""
    if not isinstance(retention, dict):
        return share(retention) ** (Decimal(j * months) / MONTHS)
    if survived is None:
        return None
    alpha, beta = Decimal(retention["alpha"]), Decimal(retention["beta"])
    chance = Decimal(1)
    for i in range(1, j + 1):
        chance *= (beta + survived + i - 1) / (alpha + beta + survived + i - 1)
    return chance
