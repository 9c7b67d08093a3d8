"""YAML in: bytes become a small tree of texts, lists and mappings, each with its place.

The only file that knows the yaml package. A safe subset: no tags, no merge keys, one document,
bounded size, depth and aliases, no repeated key. Texts stay exactly as typed (`NO`, `1e3`,
`12:30`). The tree is built from the parser's events, without recursion, so that no input can
exhaust the stack; problems are collected, and only a syntax error ends the reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from csprio.problems import Place, Problem, problem
from csprio.read.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterable

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_COPIES = 10_000
_UNSEEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SIGN = re.compile(r">(?P<equal>=?)[ \t]*(?P<rest>[^\s#}\]]*)")
_INDICATED = re.compile(r">[-+]?[0-9]")
_BREAK = re.compile(r"\r\n|\r|\n")
_MOST_SIGNS = 100
_STANDARD = "tag:yaml.org,2002:"


class TextNode(NamedTuple):
    """A scalar: its text as typed; `plain` tells one without quotes or block signs."""

    text: str
    place: Place
    plain: bool = True

    @property
    def nothing(self) -> bool:
        """Tell a value left empty, or written `~` or `null`, from a text."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


class ListNode(NamedTuple):
    """A sequence."""

    items: tuple[Node, ...]
    place: Place


class MapNode(NamedTuple):
    """A mapping: keys are texts, each once, in the order written."""

    entries: tuple[tuple[TextNode, Node], ...]
    place: Place


Node = TextNode | ListNode | MapNode


def load(path: str, shown: str, problems: list[Problem]) -> Node | None:
    """Read a YAML file, `shown` as the user named it; None and a problem if that fails."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - a path from the user may hold anything
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as failure:
        why = getattr(failure, "strerror", None) or str(failure)
        problems.append(problem("policy-file", Place(shown), why=why))
        return None
    return parse(content, shown, problems)


def parse(content: bytes, shown: str, problems: list[Problem]) -> Node | None:
    """Turn bytes into a tree; None if they are no YAML (a problem says). Empty is a nothing."""
    if len(content) > MAX_BYTES:
        problems.append(_bounds(Place(shown), "the file is too large", "1 MiB", "split the file"))
        return None
    text = _decode(content, shown, problems)
    return None if text is None else parse_text(text, shown, problems)


def parse_text(text: str, shown: str, problems: list[Problem]) -> Node | None:
    """Turn text into a tree, reading on after each unquoted `> 50000`."""
    unseen = _UNSEEN.search(text)
    if unseen:
        problems.append(_unseen(text, unseen.start(), shown))
        return None
    for _ in range(_MOST_SIGNS):
        builder = _Builder(shown, text)
        try:
            node = builder.build(yaml.parse(text, Loader=LOADER))
        except yaml.MarkedYAMLError as failure:
            sign = _unquoted(text, failure)
            if sign is None:
                problems += [*builder.problems, _syntax(text, failure, shown)]
                return None
            problems.append(_unquoted_problem(text, sign, shown))
            text = text[:sign] + "<" + text[sign + 1 :]  # so that what follows is read, too
        except yaml.YAMLError as failure:
            problems.append(problem("yaml-syntax", Place(shown), detail=short(str(failure))))
            return None
        else:
            problems += builder.problems
            return None if builder.gave_up or builder.hollow else node
    return None


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read: what it holds so far, and how large that is."""

    event: CollectionStartEvent
    nodes: list[Node] = field(default_factory=list)
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class _Builder:
    """Builds one document from events.

    `gave_up` tells that a bound was passed, `hollow` that an alias left a hole in the tree.
    """

    shown: str
    text: str
    problems: list[Problem] = field(default_factory=list)
    gave_up: bool = False
    hollow: bool = False
    root: Node | None = None
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int, int]] = field(default_factory=dict)
    copies: int = 0
    documents: int = 0

    def build(self, events: Iterable[Any]) -> Node:
        """Take events one by one; a document left empty is a nothing."""
        for event in events:
            if isinstance(event, ScalarEvent):
                self._scalar(event)
            elif isinstance(event, DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self._report("yaml-documents", event)
                    break
            elif isinstance(event, CollectionStartEvent):
                self._open(event)
            elif isinstance(event, (SequenceEndEvent, MappingEndEvent)):
                self._close()
            elif isinstance(event, AliasEvent):
                self._alias(event)
            if self.gave_up:
                break
        return self.root or TextNode("", Place(self.shown, 1, "1"))

    def _place(self, event: Any) -> Place:  # noqa: ANN401 - yaml's events have no common typed mark
        mark = event.start_mark
        return Place(self.shown, mark.line + 1, str(mark.column + 1))

    def _report(self, code: str, event: Any, **facts: Any) -> None:  # noqa: ANN401
        self.problems.append(problem(code, self._place(event), **facts))

    def _scalar(self, event: ScalarEvent) -> None:
        self._refuse_tag(event)
        node = TextNode(event.value, self._place(event), plain=not event.style)
        if event.style == ">" and not event.value.strip():
            self._empty_block(event)
        self._add(node, 1, 0, event.anchor)

    def _empty_block(self, event: Any) -> None:  # noqa: ANN401
        """Catch `>5`, which YAML takes for a block of text indented by five, and empty."""
        start = event.start_mark.index
        if _INDICATED.match(self.text, start):
            self.problems.append(_unquoted_problem(self.text, start, self.shown))

    def _open(self, event: CollectionStartEvent) -> None:
        self._refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self._give_up(event, "lists and mappings stand too deep in each other", MAX_DEPTH)
            return
        self.stack.append(_Open(event))

    def _close(self) -> None:
        done = self.stack.pop()
        place = self._place(done.event)
        node: Node
        if isinstance(done.event, MappingStartEvent):
            node = MapNode(self._entries(done.nodes), place)
        else:
            node = ListNode(tuple(done.nodes), place)
        self._add(node, done.size, done.height + 1, done.event.anchor)

    def _add(self, node: Node, size: int, height: int, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, size, height)
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.nodes.append(node)
        parent.size += size
        parent.height = max(parent.height, height)

    def _alias(self, event: AliasEvent) -> None:
        name = event.anchor or ""
        if any(frame.event.anchor == name for frame in self.stack):
            self._report("yaml-alias", event, name=short(name), why="stands inside what it names")
        elif name not in self.anchors:
            self._report("yaml-alias", event, name=short(name), why="names nothing before it")
        else:
            node, size, height = self.anchors[name]
            self.copies += size
            if self.copies > MAX_COPIES:
                self._give_up(event, "aliases copy too many values", MAX_COPIES)
            elif len(self.stack) + height > MAX_DEPTH:
                self._give_up(event, "lists and mappings stand too deep in each other", MAX_DEPTH)
            else:
                self._add(node, size, height, None)
            return
        self.hollow = True
        self._add(TextNode("", self._place(event)), 1, 0, None)

    def _refuse_tag(self, event: Any) -> None:  # noqa: ANN401
        if event.tag is not None:
            self._report("yaml-tag", event, tag=short(event.tag.replace(_STANDARD, "!!")))

    def _give_up(self, event: Any, what: str, limit: int) -> None:  # noqa: ANN401
        self.problems.append(_bounds(self._place(event), what, f"{limit:,}", "write it flatter"))
        self.gave_up = True

    def _entries(self, nodes: list[Node]) -> tuple[tuple[TextNode, Node], ...]:
        """Pair keys and values, leaving out what cannot be a key."""
        entries: dict[str, tuple[TextNode, Node]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, TextNode) or key.nothing:
                found = "nothing" if isinstance(key, TextNode) else "a list or a mapping"
                self.problems.append(problem("yaml-key", key.place, found=found))
            elif key.plain and key.text == "<<":
                self.problems.append(problem("yaml-merge", key.place))
            elif key.text in entries:
                line = entries[key.text][0].place.line
                known = short(key.text)
                self.problems.append(problem("yaml-repeated", key.place, key=known, line=line))
            else:
                entries[key.text] = (key, value)
        return tuple(entries.values())


def _decode(content: bytes, shown: str, problems: list[Problem]) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        before = content[: failure.start].decode("utf-8-sig")
        line, column = _position(before, len(before))
        place = Place(shown, line, str(column))
        # The byte within its line, as an editor that shows bytes counts it.
        start = max(content.rfind(b"\n", 0, failure.start), content.rfind(b"\r", 0, failure.start))
        problems.append(problem("yaml-encoding", place, line=line, byte=failure.start - start))
        return None


def _position(text: str, index: int) -> tuple[int, int]:
    """Count the line and the column, both from 1, of a character."""
    breaks = list(_BREAK.finditer(text, 0, index))
    return len(breaks) + 1, index - (breaks[-1].end() if breaks else 0) + 1


def _at(text: str, index: int, shown: str) -> Place:
    line, column = _position(text, index)
    return Place(shown, line, str(column))


def _unseen(text: str, index: int, shown: str) -> Problem:
    code = ord(text[index])
    escape = f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"  # noqa: PLR2004 - a byte
    facts = {"character": f"U+{code:04X}", "escape": escape}
    return problem("yaml-character", _at(text, index, shown), **facts)


def _bounds(place: Place, what: str, limit: str, remedy: str) -> Problem:
    return problem("yaml-bounds", place, what=what, limit=limit, remedy=remedy)


def _unquoted(text: str, failure: yaml.MarkedYAMLError) -> int | None:
    """Find the `>` that was meant as a comparison; None if the error is another."""
    for mark in (failure.context_mark, failure.problem_mark):
        if mark is not None and text[mark.index : mark.index + 1] == ">":
            return int(mark.index)
    return None


def _unquoted_problem(text: str, index: int, shown: str) -> Problem:
    match = _SIGN.match(text, index)
    rest = match["rest"].rstrip(",") if match else ""
    equal = match["equal"] if match else ""
    words = f"{'at least' if equal else 'over'} {rest}".rstrip()
    written = f">{equal} {rest}".rstrip()
    return problem(
        "yaml-unquoted", _at(text, index, shown), text=short(written), words=short(words)
    )


def _syntax(text: str, failure: yaml.MarkedYAMLError, shown: str) -> Problem:
    """Say where the parser stopped; what is never closed stands where it was opened."""
    mark, begun = failure.problem_mark, failure.context_mark
    if mark is None or (begun is not None and mark.index >= len(text)):
        mark = begun
    place = Place(shown, mark.line + 1, str(mark.column + 1)) if mark else Place(shown, 1, "1")
    detail = short(failure.problem or failure.context or "it ends too early")
    if failure.context and begun and mark and begun.line != mark.line:
        detail += f" ({failure.context} from line {begun.line + 1})"
    return problem("yaml-syntax", place, detail=detail)
