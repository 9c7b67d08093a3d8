"""Text cells in, values out, and back; a cell that cannot be read is missing."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

MOST_DECIMALS = 4
FIRST_YEAR, LAST_YEAR = 1970, 2099
MULTIPLES = {"k": Decimal(1000), "m": Decimal(1_000_000)}
GROUPED = re.compile(r"[1-9][0-9]{0,2}([, '\u00a0])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?")


def plain(number: Decimal | int | None) -> str:
    """Write a number as its shortest plain decimal, nothing where there is none."""
    if number is None:
        return ""
    text = f"{Decimal(number):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def amount(text: str) -> Decimal | None:
    """Read an amount as policies write it: ``50000``, ``50k``, ``1.2M``."""
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)([kKmM]?)", text.strip())
    return Decimal(found[1]) * MULTIPLES.get(found[2].lower(), Decimal(1)) if found else None


def signed(text: str) -> Decimal | None:
    """Read a number that is written plainly, below zero or not."""
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def unsigned(text: str) -> Decimal | None:
    """Read digits, perhaps in groups of three, refusing what is readable in two ways."""
    text = text.strip()
    times = MULTIPLES.get(text[-1:].lower())
    if times:
        exact = unsigned(text[:-1])
        return None if exact is None else exact * times
    if GROUPED.fullmatch(text):
        return Decimal(re.sub("[^0-9.]", "", text))
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return None
    whole_part, _, decimals = text.partition(".")
    ambiguous = len(decimals) == 3 and 1 <= len(whole_part) <= 3 and whole_part[0] != "0"
    return None if ambiguous else Decimal(text)


def money(text: str) -> Decimal | None:
    """Read a money cell, refusing what is negative, too fine, or readable in two ways."""
    exact = unsigned(text)
    return exact if exact is not None and is_fine(Fraction(exact)) else None


def is_fine(exact: Fraction) -> bool:
    """Tell whether an amount has no more decimals than money may have."""
    scaled: Fraction = exact * 10**MOST_DECIMALS
    return scaled.denominator == 1


def number(text: str) -> Fraction | None:
    """Read a cell of a source as a number: as money is, but it may be below zero, and finer."""
    sign, text = (-1, text.strip()[1:]) if text.strip().startswith("-") else (1, text)
    exact = unsigned(text) if text[:1].isdigit() else None
    return None if exact is None else sign * Fraction(exact)


def decimal(exact: Fraction) -> str:
    """Write a number that has an end, however fine, as its shortest plain decimal."""
    places = next(n for n in range(40) if (exact * 10**n).denominator == 1)
    return plain(Decimal(int(exact * 10**places)).scaleb(-places))


def six(exact: Fraction) -> Decimal:
    """Round a score or a measure: half to even, to six decimals."""
    return Decimal(round(exact * 10**6)).scaleb(-6)


def day(text: str) -> date | None:
    """Read an ISO date cell, between the years a contract may have."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
        return None
    try:
        read = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR else None


def whole(text: str) -> int | None:
    """Read a whole number from 1; ``12.0`` is 12."""
    found = re.fullmatch(r"(\d+)(\.0+)?", text.strip())
    return int(found[1]) if found and int(found[1]) >= 1 else None


def key(text: str, keys: list[str]) -> str | None:
    """Find the key of the grid that a cell names: without case, ``1.0`` as 1."""
    text = text.strip()
    found = re.fullmatch(r"(\d+)\.0+", text)
    wanted = (found[1] if found else text).casefold()
    return next((one for one in keys if one.casefold() == wanted), None) if wanted else None
