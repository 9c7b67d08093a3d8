"""Maximum likelihood for models of a few parameters, and the value that says there is none.

In: a function that gives a log-likelihood and its slope. Out: the parameters at its peak, or
`NotFitted`. Nothing is drawn at random: the same data give the same parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Slope = Callable[[Floats], tuple[float, Floats]]

MOST_STEPS = 200
REACH = 12.0  # logarithms of parameters beyond this (a factor of 160,000) are run-aways
DIGITS = 9
_LONGEST_STEP = 2.0
_NEARBY = 1e-4
_CLOSE = 1e-8  # the log-likelihood that is left to gain
_FLAT = 1e-8
_ROUNDING = 1e-12


class Why(StrEnum):
    """Why there are no parameters."""

    TOO_FEW = "too few to estimate from"
    NO_MAXIMUM = "no parameters fit best: they run off to 0 or without end"
    NO_MEAN = "amounts so unlike that they have no mean to expect"
    NOT_CONVERGED = "the search for the parameters did not settle"


@dataclass(frozen=True)
class NotFitted:
    """Data that a model cannot be fitted to, or values that are too few to cut.

    `found` counts what the estimate rests on (churns, repeat customers, accounts), `least` is how
    many it needs.
    """

    why: Why
    found: int
    least: int


def peak(slope: Slope, start: Floats) -> Floats | Why:
    """Climb to the maximum of a smooth function by Newton's method, or say why there is none.

    `start` has shape (k,) with k small; `slope` takes such a point and gives the function there and
    its gradient, shape (k,). Points are logarithms of parameters (of any unit), or log odds; beyond
    `REACH` they count as run away. The Hessian is taken from differences of the gradient, and its
    eigenvalues by their size, so that steps also climb where the function is not concave (Nocedal,
    J. & Wright, S. J. (2006), Numerical Optimization, 2nd ed., section 3.4). Steps that do not
    climb are halved.
    """
    at = start
    for _ in range(MOST_STEPS):
        value, gradient = slope(at)
        curvature, axes = np.linalg.eigh(_curvature(slope, at))
        steepest = np.abs(curvature).max()
        bend = np.maximum(np.abs(curvature), _FLAT * steepest + np.finfo(float).tiny)
        step = axes @ ((axes.T @ gradient) / bend)
        if gradient @ step < _CLOSE:
            return at + step if curvature.min() > _FLAT * steepest else Why.NO_MAXIMUM
        step = step * min(1.0, _LONGEST_STEP / np.abs(step).max())
        while not slope(at + step)[0] >= value - _ROUNDING * abs(value):
            step = step / 2
        at = at + step
        if np.abs(at).max() > REACH:
            return Why.NO_MAXIMUM
    return Why.NOT_CONVERGED


def settled(parameter: float) -> float:
    """Keep `DIGITS` significant digits of a parameter: the same ones on every machine.

    Logarithms and exponentials differ in their last digits from one processor to the next; the
    peak is found far more closely than to these digits, and known from the data far less.
    """
    return float(f"{parameter:.{DIGITS}g}")


def _curvature(slope: Slope, at: Floats) -> Floats:
    """Give the negative Hessian, shape (k, k), from central differences of the gradient."""
    rows = [
        (slope(at - h)[1] - slope(at + h)[1]) / (2 * _NEARBY) for h in _NEARBY * np.eye(len(at))
    ]
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2
