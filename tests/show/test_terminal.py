"""How a stream looks: width and colour, and who may forbid it."""

from __future__ import annotations

import io
import os
from typing import IO, TYPE_CHECKING

import pytest

from csprio.show.terminal import USUAL_WIDTH, Look, is_terminal, look_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[IO[str]]:
    """Give a terminal of its own, in an environment that says nothing about terminals."""
    for name in ("COLUMNS", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    main, other = os.openpty()
    with os.fdopen(other, "w") as stream:
        yield stream
    os.close(main)


def test_terminal(terminal: IO[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal has colour and a width: what COLUMNS says, else its own, else the usual one."""
    assert look_of(terminal) == Look(USUAL_WIDTH, color=True)
    monkeypatch.setenv("COLUMNS", "123")
    assert look_of(terminal).width == 123
    monkeypatch.setenv("COLUMNS", "wide")
    assert look_of(terminal).width == USUAL_WIDTH


@pytest.mark.parametrize(
    ("name", "value", "color"),
    [
        ("NO_COLOR", "1", False),
        ("NO_COLOR", "", True),
        ("TERM", "dumb", False),
        ("TERM", "x", True),
    ],
)
def test_no_color(
    terminal: IO[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    color: bool,  # noqa: FBT001 - a case
) -> None:
    """NO_COLOR (not empty), TERM=dumb and the option each forbid colour."""
    monkeypatch.setenv(name, value)
    assert look_of(terminal).color is color
    assert look_of(terminal, no_color=True).color is False


def test_no_terminal() -> None:
    """A pipe, a closed stream and none at all are no terminals: nothing is cut or coloured."""
    closed = io.StringIO()
    closed.close()
    for stream in (io.StringIO(), closed, None):
        assert not is_terminal(stream)
        assert look_of(stream) == Look(None, color=False)
