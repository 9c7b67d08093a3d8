"""Net promoter scores of the answers that people gave."""

import re
from collections.abc import Iterable
from fractions import Fraction

from naive.sources import Line

HIGHEST, PROMOTER, DETRACTOR = 10, 9, 6


def answer(text: str) -> int | None:
    """Read an answer, a whole number from 0 to 10; anything else is none."""
    found = re.fullmatch(r"(\d+)(\.0+)?", text)
    return int(found[1]) if found and int(found[1]) <= HIGHEST else None


def answers(lines: Iterable[Line], column: str, by: str | None) -> list[int]:
    """Give the last answer of each person; rows that name nobody are a person each."""
    found: dict[object, int] = {}
    for number, line in enumerate(lines):
        said = answer(line.cells[column])
        if said is not None:
            person = (line.seen[by] if by else "") or number
            found.pop(person, None)
            found[person] = said
    return list(found.values())


def score(said: list[int]) -> Fraction | None:
    """Take the share of detractors from that of promoters."""
    promoters = sum(one >= PROMOTER for one in said)
    detractors = sum(one <= DETRACTOR for one in said)
    return Fraction(100 * (promoters - detractors), len(said)) if said else None


def pooled(accounts: Iterable[list[int]]) -> Fraction | None:
    """Give the score of a book or a tier: of all answers of its accounts, not of their scores."""
    return score([one for said in accounts for one in said])
