"""How likely contracts are renewed: alpha and beta that make what happened likeliest.

Found by looking around with smaller and smaller steps, which is crude, but of no formula that
could be wrong twice: the likelihood is that of Fader & Hardie (2007), equations 5 and 6.
"""

from collections import Counter
from math import exp, lgamma, log

FEWEST = 30
LAST_STEP = 1e-7


def log_survival(alpha: float, beta: float, terms: int) -> float:
    """Give the chance to be there after so many renewals: B(alpha, beta + t) / B(alpha, beta)."""
    one, two = alpha + beta, alpha + beta + terms
    return lgamma(beta + terms) - lgamma(two) - lgamma(beta) + lgamma(one)


def log_likelihood(alpha: float, beta: float, left: Counter[int], stayed: Counter[int]) -> float:
    """Judge parameters by who left after so many renewals, and who made so many and is there."""
    gone = sum(
        number * (log_survival(alpha, beta, terms) + log(alpha / (alpha + beta + terms)))
        for terms, number in left.items()
    )
    there = sum(number * log_survival(alpha, beta, terms) for terms, number in stayed.items())
    return gone + there


def estimate(left: Counter[int], stayed: Counter[int]) -> tuple[float, float] | None:
    """Find the likeliest alpha and beta; of fewer than thirty who left there are none."""
    if left.total() < FEWEST:
        return None

    def worth(at: tuple[float, float]) -> float:
        return log_likelihood(exp(at[0]), exp(at[1]), left, stayed)

    here, step = (0.0, 0.0), 1.0
    ways = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]
    while step > LAST_STEP:
        best = max(((here[0] + x * step, here[1] + y * step) for x, y in ways), key=worth)
        if worth(best) > worth(here):
            here = best
        else:
            step /= 2
    return exp(here[0]), exp(here[1])
