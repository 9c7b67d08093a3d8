"""What a code of the catalogue is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: `--strict` and `check` look at errors and warnings."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Code:
    """One kind of problem: a kebab-case name and the templates of its two sentences.

    `message` says what is wrong, `remedy` what to do; both are `str.format` templates.
    """

    name: str
    severity: Severity
    message: str
    remedy: str


def error(name: str, message: str, remedy: str) -> Code:
    """Declare a code for what makes an answer wrong or impossible."""
    return Code(name, Severity.ERROR, message, remedy)


def warning(name: str, message: str, remedy: str) -> Code:
    """Declare a code for what is probably not meant."""
    return Code(name, Severity.WARNING, message, remedy)


def note(name: str, message: str, remedy: str) -> Code:
    """Declare a code for what a careful reader wants to know."""
    return Code(name, Severity.NOTE, message, remedy)
