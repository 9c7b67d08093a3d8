"""How messages quote and guess."""

from __future__ import annotations

from csprio.read.wording import close, hint, listed, short


def test_short() -> None:
    """A text in a message is on one line and not longer than sixty characters."""
    assert short("a\n  b") == "a b"
    assert short("x" * 61) == "x" * 57 + "..."
    assert short("x" * 60) == "x" * 60


def test_close() -> None:
    """The nearest choice is found whatever its case, as it is written."""
    assert close("STATUZ", ["Status", "stage"]) == "Status"
    assert close("zebra", ["status"]) is None


def test_hint() -> None:
    """A remedy names the likely word, else all of them, else deletion."""
    assert hint("potental", ["potential", "grid"]) == "did you mean `potential`?"
    assert hint("zebra", ["potential", "grid"]) == "write one of `potential`, `grid`"
    assert hint("zebra", []) == "leave it out"


def test_listed() -> None:
    """A long list is cut and counted."""
    assert listed(str(number) for number in range(14)).endswith("`11` and 2 more")
