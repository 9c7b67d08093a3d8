"""Columns are chosen by importance, then given what room there is."""

from __future__ import annotations

from csprio.show.draw import Fit, Strip, body, fit, lines, styled
from csprio.show.terminal import Look

STRIPS = [
    Strip("id", ["1", "22"], least=2, right=True),
    Strip("name", ["a long name", "b"], least=4),
    Strip("empty", ["", ""], least=5),
    Strip("note", ["some words", ""], least=4),
]
ORDER = ["name", "empty", "id", "note"]


def test_room_for_all() -> None:
    """With room for every column, or no width at all, each is as wide as it wants to be."""
    wanted = Fit({"id": 2, "name": 11, "empty": 5, "note": 10})
    assert fit(STRIPS, ORDER, None) == wanted
    assert fit(STRIPS, ORDER, 34) == wanted


def test_less_room() -> None:
    """Empty columns go first and nobody misses them, then the least important; then it is cut."""
    assert fit(STRIPS, ORDER, 33) == Fit({"id": 2, "name": 11, "note": 10})
    assert fit(STRIPS, ORDER, 20) == Fit({"id": 2, "name": 10, "note": 4}, (), ("name", "note"))
    assert fit(STRIPS, ORDER, 10) == Fit({"id": 2, "name": 6}, ("note",), ("name",))
    assert fit(STRIPS, ORDER, 1) == Fit({"name": 1}, ("id", "note"), ("name",))


def test_what_wraps_grows_last() -> None:
    """A column that wraps loses nothing, so that the room goes to those that would be cut."""
    strips = [Strip("note", ["some words"], 4, wraps=True), Strip("name", ["a long name"], 4)]
    assert fit(strips, ["note", "name"], 18) == Fit({"note": 5, "name": 11})


def test_note() -> None:
    """What the width hides is said, in lines that fit too; nothing hidden, nothing said."""
    said = Fit({"a": 1}, ("b", "c"), ("a",)).note(40)
    assert " ".join(said) == "(left out: b, c; shortened: a; a wider terminal or -f csv shows all)"
    assert max(map(len, said)) <= 40
    assert Fit({"a": 1}).note(40) == []


def test_lines() -> None:
    """Numbers stand at the right, a shortened cell says so, a wide character counts double."""
    strips = [Strip("n", ["7", "42"], 1, right=True), Strip("x", ["日本語日本語", "b"], 4)]
    drawn = list(lines(strips, Fit({"n": 2, "x": 6}), Look()))
    assert drawn == [" n  x", "──────────", " 7  日本 …", "42  b"]


def test_wrapped() -> None:
    """A column that wraps folds at blanks, and within a word where the word is too long."""
    strips = [Strip("k", ["x"], 1), Strip("text", ["one two abcdefghij"], 4, wraps=True)]
    assert list(lines(strips, Fit({"k": 1, "text": 7}), Look()))[2:] == [
        "x  one two",
        "   abcdefg",
        "   hij",
    ]


def test_body() -> None:
    """The rows can stand without a heading, and empty columns draw none."""
    strips = [Strip("k", ["x", "y"], 1)]
    assert list(body(strips, Fit({"k": 1}), Look())) == ["x", "y"]
    assert list(body([Strip("k", [], 1)], Fit({"k": 1}), Look())) == []


def test_styles() -> None:
    """A style is an escape sequence where there may be colour, and nothing anywhere else."""
    assert styled("x", "bold red", Look(80, color=True)) == "\x1b[1;31mx\x1b[0m"
    assert styled("x", "bold red", Look(80)) == "x"
    strips = [Strip("s", ["late", "total"], 4, styles={"late": "red"})]
    drawn = list(lines(strips, Fit({"s": 5}), Look(80, color=True), [False, True]))
    assert drawn[2:] == ["\x1b[31mlate \x1b[0m", "\x1b[1mtotal\x1b[0m"]
