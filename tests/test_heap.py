"""One heap: asked for where there is glibc, and no matter where there is none."""

from __future__ import annotations

import ctypes

import pytest

from csprio.heap import give_back, one_heap


@pytest.mark.parametrize("fault", [AttributeError, OSError, TypeError])
def test_elsewhere(fault: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without such a library, or without such a function, runs as it does."""

    def fail(_: object) -> None:
        raise fault

    monkeypatch.setattr(ctypes, "CDLL", fail)
    one_heap()
    give_back()


def test_what_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most one heap is asked for."""
    asked = []

    class Library:
        """Stands in for the system's library."""

        def __init__(self, name: object) -> None:
            assert name is None

        def mallopt(self, *said: int) -> None:
            """Keep what was said."""
            asked.append(said)

    monkeypatch.setattr(ctypes, "CDLL", Library)
    one_heap()
    assert asked == [(-8, 1)]


def test_what_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is free goes back to the system."""
    asked = []

    class Library:
        """Stands in for the system's library."""

        def __init__(self, name: object) -> None:
            assert name is None

        def malloc_trim(self, kept: int) -> None:
            """Keep what was said."""
            asked.append(kept)

    monkeypatch.setattr(ctypes, "CDLL", Library)
    give_back()
    assert asked == [0]
