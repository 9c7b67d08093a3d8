"""Nodes become values, problems are collected: how every YAML file of csprio is walked.

Comes in: a node and what it should be. Goes out: a value, a default where the node is wrong, and a
problem with its place. Nothing here raises for what a person wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from csprio.problems import Place, problem
from csprio.read.wording import hint, short
from csprio.read.yamls import ListNode, MapNode, Node, TextNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from csprio.problems import Problem

_YES, _NO = ("yes", "true", "y", "t", "on"), ("no", "false", "n", "f", "off")
_MOST_DIGITS = 9


def fold(key: str) -> str:
    """Fold a key of the grid as cells are compared with it: case aside, `1.0` as `1`."""
    folded = key.casefold()
    head, point, tail = folded.partition(".")
    return head if point and head.isdecimal() and not tail.strip("0") else folded


def describe(node: Node | None) -> str:
    """Say what a node is, for a message."""
    if isinstance(node, TextNode):
        return "nothing" if node.nothing else f"`{short(node.text)}`"
    return "nothing" if node is None else "a list" if isinstance(node, ListNode) else "a mapping"


def items(node: Node) -> tuple[Node, ...]:
    """Take a list, or one value as a list of one; a value left empty is no item."""
    if isinstance(node, ListNode):
        return node.items
    return () if isinstance(node, TextNode) and node.nothing else (node,)


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping whose keys csprio knows: a value for each key, a problem for each wrong one."""

    what: str
    place: Place
    nodes: Mapping[str, tuple[TextNode, Node]]
    problems: list[Problem]

    def report(self, code: str, place: Place, **facts: Any) -> None:  # noqa: ANN401 - facts of any kind
        """Add a problem."""
        self.problems.append(problem(code, place, **facts))

    def wrong(self, key: str, node: Node, expected: str, example: str) -> None:
        """Report a value of the wrong form."""
        self.report(
            "value-form", node.place,
            key=f"`{short(key)}`", expected=expected, found=describe(node), example=example,
        )  # fmt: skip

    def written(self, key: str) -> Node | None:
        """Give the key's node if the key is there, even with nothing after it."""
        entry = self.nodes.get(key)
        return entry[1] if entry else None

    def node(self, key: str) -> Node | None:
        """Give the key's node, None where it is left out or left empty."""
        node = self.written(key)
        return None if isinstance(node, TextNode) and node.nothing else node

    def place_of(self, key: str) -> Place:
        """Say where the key stands, else where the section begins."""
        entry = self.nodes.get(key)
        return entry[0].place if entry else self.place

    def text(self, key: str, default: str = "") -> str:
        """Give a text."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node, TextNode) and node.text.strip():
            return node.text.strip()
        self.wrong(key, node, "a text", f"`{key}: ...`")
        return default

    def whole(self, key: str, default: int | None = None, least: int = 0) -> int | None:
        """Give a whole number of at least `least`."""
        node = self.node(key)
        if node is None:
            return default
        value = whole(node)
        if value is not None and value >= least:
            return value
        self.wrong(key, node, f"a whole number from {least}", f"`{key}: {max(least, 1)}`")
        return default

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Give yes or no."""
        node = self.node(key)
        if node is None:
            return default
        word = node.text.strip().casefold() if isinstance(node, TextNode) else ""
        if word not in (*_YES, *_NO):
            self.wrong(key, node, "yes or no", f"`{key}: yes`")
        return word in _YES

    def choice(self, key: str, words: Sequence[str], what: str) -> str:
        """Give one of `words`, case aside; empty where it is left out or wrong."""
        node = self.node(key)
        return "" if node is None else self.pick(key, node, words, what)

    def pick(self, key: str, node: Node, words: Sequence[str], what: str) -> str:
        """Give the word of `words` that a node names; empty and a problem if none."""
        if not isinstance(node, TextNode) or node.nothing:
            self.wrong(key, node, f"one of {', '.join(words)}", f"`{key}: {words[0]}`")
            return ""
        named = {word.casefold(): word for word in words}.get(node.text.strip().casefold(), "")
        if not named:
            value, guess = short(node.text), hint(node.text.strip(), words)
            self.report("value-unknown", node.place, value=value, what=what, hint=guess)
        return named

    def text_nodes(self, key: str) -> list[TextNode]:
        """Give the texts of a list, or one text, each with its place."""
        node = self.node(key)
        found = []
        for item in () if node is None else items(node):
            if isinstance(item, TextNode) and item.text.strip():
                found.append(item)
            else:
                self.wrong(key, item, "a text or a list of texts", f"`{key}: [one, two]`")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Give the texts of a list, or one text as a list of one."""
        return tuple(node.text.strip() for node in self.text_nodes(key))

    def list_of(self, key: str) -> tuple[Node, ...]:
        """Give the items of a list; one value alone is a problem."""
        node = self.node(key)
        if node is None or isinstance(node, ListNode):
            return node.items if isinstance(node, ListNode) else ()
        self.wrong(key, node, "a list", f"lines under `{key}:` that each begin with `- `")
        return ()

    def pairs(self, key: str) -> tuple[tuple[TextNode, Node], ...]:
        """Give keys and values of a mapping whose keys are the user's own words."""
        node = self.node(key)
        if node is None or isinstance(node, MapNode):
            return node.entries if isinstance(node, MapNode) else ()
        self.wrong(key, node, "a mapping", f"lines under `{key}:` such as `key: value`")
        return ()


def whole(node: Node) -> int | None:
    """Read a whole number; None if it is none, or out of all proportion."""
    text = node.text.strip() if isinstance(node, TextNode) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def section(
    node: Node,
    what: str,
    known: Iterable[str],
    problems: list[Problem],
    required: Iterable[str] = (),
) -> Section | None:
    """Take a mapping with known keys: unknown and missing ones are problems; None if it is none."""
    if not isinstance(node, MapNode):
        if isinstance(node, TextNode) and node.nothing and not tuple(required):
            return Section(what, node.place, {}, problems)
        problems.append(_not_a_mapping(node, what, known))
        return None
    known = tuple(known)
    for key, _ in node.entries:
        if key.text not in known:
            guess = hint(key.text, known)
            problems.append(
                problem("key-unknown", key.place, key=short(key.text), what=what, hint=guess)
            )
    nodes = {key.text: (key, value) for key, value in node.entries}
    found = Section(what, node.place, nodes, problems)
    for name in required:
        if _vain(found.node(name)):
            more = " a value" if name in nodes else ""
            found.report("key-missing", found.place_of(name), what=what, key=name, hint=more)
    return found


def _vain(node: Node | None) -> bool:
    """Tell a key that is not there, or has nothing in it."""
    if isinstance(node, MapNode):
        return not node.entries
    return node is None or (isinstance(node, ListNode) and not node.items)


def _not_a_mapping(node: Node, what: str, known: Iterable[str]) -> Problem:
    first = next(iter(known))
    return problem(
        "value-form", node.place,
        key=what, expected="a mapping", found=describe(node), example=f"`{first}: ...`",
    )  # fmt: skip


def user_keys(
    entries: Iterable[tuple[TextNode, Node]], what: str, problems: list[Problem]
) -> Iterator[tuple[str, TextNode, Node]]:
    """Walk keys that a user chose, refusing what no cell could ever match."""
    seen: dict[str, TextNode] = {}
    for key, value in entries:
        text = key.text
        if not text.strip() or text != text.strip() or not text.isprintable():
            why, remedy = "it has white space around it or control characters", "write it plainly"
        elif fold(text) in seen:
            first = seen[fold(text)]
            why = f"`{short(first.text)}` on line {first.place.line} is the same, case aside"
            remedy = "give it another name"
        else:
            seen[fold(text)] = key
            yield text, key, value
            continue
        problems.append(
            problem("grid-key", key.place, key=short(text), what=what, why=why, remedy=remedy)
        )
