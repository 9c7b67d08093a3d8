"""Walking nodes: values where they are right, problems where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from csprio.read.schema import Section, fold, section, user_keys
from csprio.read.yamls import MapNode, parse_text

if TYPE_CHECKING:
    from csprio.problems import Problem

KEYS = ("name", "count", "flag", "words", "lines", "pairs", "kind")


def walk(text: str, required: tuple[str, ...] = ()) -> tuple[Section, list[Problem]]:
    """Take a section of a text."""
    problems: list[Problem] = []
    node = parse_text(text, "f.yaml", problems)
    assert node is not None
    found = section(node, "the file", KEYS, problems, required)
    assert found is not None
    return found, problems


def test_values() -> None:
    """Each kind of value is read, with lists as one value or several."""
    found, problems = walk(
        "name: ' x '\ncount: 3\nflag: Yes\nwords: one\nlines: [a, b]\npairs: {k: v}\nkind: BIG\n"
    )
    assert found.text("name") == "x"
    assert found.whole("count") == 3
    assert found.flag("flag")
    assert found.texts("words") == ("one",)
    assert found.texts("lines") == ("a", "b")
    assert [(key.text, node.place.column) for key, node in found.pairs("pairs")] == [("k", "12")]
    assert found.choice("kind", ("small", "big"), "kind") == "big"
    assert str(found.place_of("count")) == "f.yaml:2:1"
    assert problems == []


def test_left_out() -> None:
    """A key left out or left empty has its default."""
    for text in ("{}", "name:\ncount: ~\nflag: null\nwords:\nlines:\npairs:\nkind:\n"):
        found, problems = walk(text)
        assert found.text("name", "none") == "none"
        assert found.whole("count", 7) == 7
        assert found.flag("flag", default=True)
        assert found.texts("words") == ()
        assert found.list_of("lines") == ()
        assert found.pairs("pairs") == ()
        assert found.choice("kind", ("a",), "kind") == ""
        assert problems == []


def test_wrong_values() -> None:
    """Every wrong value is a problem at its place, and reading goes on with the default."""
    found, problems = walk(
        "name: [x]\ncount: -1\nflag: maybe\nwords: [{a: b}]\nlines: x\npairs: [x]\nkind: bog\n"
    )
    assert found.text("name", "none") == "none"
    assert found.whole("count", 7) == 7
    assert not found.flag("flag")
    assert found.texts("words") == ()
    assert found.list_of("lines") == ()
    assert found.pairs("pairs") == ()
    assert found.choice("kind", ("small", "big"), "kind") == ""
    assert [str(one.place) for one in problems] == [
        "f.yaml:1:7", "f.yaml:2:8", "f.yaml:3:7", "f.yaml:4:9", "f.yaml:5:8", "f.yaml:6:8",
        "f.yaml:7:7",
    ]  # fmt: skip
    assert str(problems[-1]) == "f.yaml:7:7: value-unknown: `bog` is no kind; did you mean `big`?"


@pytest.mark.parametrize("written", ["1.5", "x", "-1", "0", "9999999999", "٣", "1e3", "[1]"])
def test_whole(written: str) -> None:
    """A whole number below its least, too large, or in other digits is refused."""
    found, problems = walk(f"count: {written}")
    assert found.whole("count", least=1) is None
    assert [one.code for one in problems] == ["value-form"]


def test_keys() -> None:
    """Unknown keys get a guess; missing and empty required ones are named."""
    _, problems = walk("nmae: x\nwords: []\n", ("name", "words"))
    assert [str(one) for one in problems] == [
        "f.yaml:1:1: key-unknown: `nmae` is no key of the file; did you mean `name`?",
        "f.yaml:1:1: key-missing: the file lacks `name`; add `name:`",
        "f.yaml:2:1: key-missing: the file lacks `words`; add `words:` a value",
    ]


@pytest.mark.parametrize("text", ["[a]", "a", ""])
def test_no_mapping(text: str) -> None:
    """What is to be a mapping and is none is one problem; an empty one may be left empty."""
    problems: list[Problem] = []
    node = parse_text(text, "f.yaml", problems)
    assert node is not None
    assert section(node, "the file", KEYS, problems, ("name",)) is None
    assert [one.code for one in problems] == ["value-form"]
    if not text:
        assert section(node, "the file", KEYS, problems) is not None


def test_user_keys() -> None:
    """Keys that no cell could match, or that are one without case, are refused."""
    problems: list[Problem] = []
    node = parse_text("{A: 1, a: 2, ' b': 3, '': 4, 1: 5, '1.0': 6, \"c\\n\": 7}", "f", problems)
    assert isinstance(node, MapNode)
    assert [key for key, _, _ in user_keys(node.entries, "a size", problems)] == ["A", "1"]
    assert [one.code for one in problems] == ["grid-key"] * 5


@pytest.mark.parametrize(
    ("key", "folded"), [("A", "a"), ("1.0", "1"), ("1.50", "1.50"), ("A.0", "a.0"), ("1", "1")]
)
def test_fold(key: str, folded: str) -> None:
    """Keys compare as cells are compared with them."""
    assert fold(key) == folded
