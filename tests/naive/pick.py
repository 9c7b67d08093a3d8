"""A seeded source of choices.

Hypothesis draws the seeds, one a row and one an activity, and so can leave rows and activities out
of what it shows; what is in them comes from here, evenly and fast.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Pick(Random):
    """Random choices that are the same for the same seed, anywhere."""

    def one_in(self, count: int) -> bool:
        """Happen once in so many times."""
        return self.randrange(count) == 0

    def mixed(self, values: Sequence[T]) -> list[T]:
        """Give all values in any order."""
        return self.sample(values, len(values))

    def several(self, values: Sequence[T], most: int) -> list[T]:
        """Give up to so many values, some of them perhaps twice."""
        return [self.choice(values) for _ in range(self.randint(0, most))]
