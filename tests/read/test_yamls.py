"""YAML in: exact texts, exact places, a safe subset, and never an exception."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from csprio.read import yamls
from csprio.read.grid import read_grid
from csprio.read.yamls import ListNode, MapNode, Node, TextNode, load, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.problems import Problem

SUITE = Path(__file__).parent.parent / "data" / "yaml-test-suite"
# How the suite writes what an editor would not show.
_SHOWN = {"␣": " ", "»": "\t", "—": "", "←": "\r", "⇔": "\ufeff", "↵": "", "∎\n": ""}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "\\": "\\"}
# Where libyaml (YAML 1.1) reads another text than YAML 1.2 says, or takes what 1.2 refuses.
_OTHERWISE = {"HM87", "L24T", "Y2GN", "9C9N", "9JBA", "DK95", "MUS6"}


def read(text: str | bytes) -> tuple[Node | None, list[str]]:
    """Parse a text; give the tree and the problems as they are shown."""
    problems: list[Problem] = []
    content = text.encode() if isinstance(text, str) else text
    return parse(content, "f.yaml", problems), [str(one) for one in problems]


def texts(node: Node) -> Iterator[str]:
    """Walk the scalars of a tree, keys before their values."""
    if isinstance(node, TextNode):
        yield node.text
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from texts(item)
    else:
        for key, value in node.entries:
            yield key.text
            yield from texts(value)


def suite_cases() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Walk the inputs inside the suite's files: name, input, the whole case."""
    for path in sorted(SUITE.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text("utf-8"))):
            text = case.get("yaml")
            if text is not None:
                for sign, meant in _SHOWN.items():
                    text = text.replace(sign, meant)
                yield f"{path.stem}-{number}", text, case


CASES = list(suite_cases())


@pytest.mark.parametrize(
    "written", ["NO", "yes", "1e3", "12:30", "2026-11-23", "0x1F", "0o17", "00123", "1_000", ".5"]
)
def test_text_as_typed(written: str) -> None:
    """What looks like a number, a time, a date or a truth value stays what was typed."""
    node, problems = read(f"key: {written}")
    assert isinstance(node, MapNode)
    assert [node.entries[0][1].place.column, list(texts(node)), problems] == [
        "6", ["key", written], [],
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_nothing(written: str) -> None:
    """A value left empty is nothing; the same in quotes is a text."""
    plain, quoted = read(f"key: {written}")[0], read(f"key: '{written}'")[0]
    assert isinstance(plain, MapNode)
    assert isinstance(quoted, MapNode)
    values = [plain.entries[0][1], quoted.entries[0][1]]
    assert [isinstance(one, TextNode) and one.nothing for one in values] == [True, False]


@pytest.mark.parametrize("content", ["", "\n", "# only a comment\n", "---\n", "\ufeff"])
def test_empty(content: str) -> None:
    """An empty file is a nothing, not an error."""
    node, problems = read(content)
    assert isinstance(node, TextNode)
    assert node.nothing
    assert problems == []


def test_places() -> None:
    """A place is the line and the character, from 1, also after other alphabets and a BOM."""
    node, _ = read("\ufeffä: 1\r\nb:\r\n  - é: [x, 日, y]\r\n")
    assert isinstance(node, MapNode)
    inner = node.entries[1][1]
    assert isinstance(inner, ListNode)
    row = inner.items[0]
    assert isinstance(row, MapNode)
    values = row.entries[0][1]
    assert isinstance(values, ListNode)
    assert [str(one.place) for one in values.items] == ["f.yaml:3:9", "f.yaml:3:12", "f.yaml:3:15"]
    assert str(node.entries[0][0].place) == "f.yaml:1:1"


@pytest.mark.parametrize(
    ("written", "place", "quoted", "words"),
    [
        ("A: > 50000", "1:4", "> 50000", "over 50000"),
        ("A: >50", "1:4", "> 50", "over 50"),
        ("A: >5\nB: 1", "1:4", "> 5", "over 5"),
        ("A: >= 10k # or more", "1:4", ">= 10k", "at least 10k"),
        ("A: >= 50,000", "1:4", ">= 50,000", "at least 50,000"),
        ("when: {arr: > 5k, tier: 1}", "1:13", "> 5k", "over 5k"),
        ("when: {arr: >= 5k}", "1:13", ">= 5k", "at least 5k"),
        ("arr: [missing, > 5]", "1:16", "> 5", "over 5"),
    ],
)
def test_unquoted_sign(written: str, place: str, quoted: str, words: str) -> None:
    """An unquoted `>` is named with both ways to write it."""
    _, problems = read(written)
    assert problems == [
        (
            f"f.yaml:{place}: yaml-unquoted: `{quoted}` without quotes begins a block of text in"
            " YAML;"
            f" put quotes around it, or write `{words}`"
        )
    ]


def test_reads_on() -> None:
    """After an unquoted sign the rest of the file is read, so that all its errors are shown."""
    _, problems = read("A: > 5\nB: {c: > 6, c: 1}\nA: !!str x\nD: *gone\n<<: {}\n[e]: 1\n")
    codes = [one.split(": ")[1] for one in problems]
    assert sorted(codes) == [
        "yaml-alias", "yaml-key", "yaml-merge", "yaml-repeated", "yaml-repeated", "yaml-tag",
        "yaml-unquoted", "yaml-unquoted",
    ]  # fmt: skip


def test_block_of_text() -> None:
    """A block of text that is meant as one is read."""
    node, problems = read("objective: >\n  Agree on\n  success\nlist: |\n  a\n  b\n")
    assert node is not None
    assert problems == []
    assert list(texts(node)) == ["objective", "Agree on success\n", "list", "a\nb\n"]


@pytest.mark.parametrize(
    ("written", "code", "place"),
    [
        ("a: !!str b", "yaml-tag", "1:4"),
        ("a: !local {b: c}", "yaml-tag", "1:4"),
        ("a: ! b", "yaml-tag", "1:4"),
        ("a: !!python/object/apply:os.system [x]", "yaml-tag", "1:4"),
        ("a: 1\n---\nb: 2", "yaml-documents", "2:1"),
        ("a: 1\na: 2", "yaml-repeated", "2:1"),
        ("{a: 1, 'a': 2}", "yaml-repeated", "1:8"),
        ("a: {<<: {b: 1}}", "yaml-merge", "1:5"),
        ("? {a: 1}\n: 2", "yaml-key", "1:3"),
        ("~: 2", "yaml-key", "1:1"),
        ("a: *b", "yaml-alias", "1:4"),
        ("&a [*a]", "yaml-alias", "1:5"),
        ("a: &a {b: {c: *a}}", "yaml-alias", "1:15"),
        ("a: 'b", "yaml-syntax", "1:4"),
        ("a: [b", "yaml-syntax", "1:4"),
        ("a:\n\tb: 1", "yaml-syntax", "2:1"),
        ("a: b: c", "yaml-syntax", "1:5"),
        ("a: @x", "yaml-syntax", "1:4"),
        ("%YAML 3.0\n---\na: 1", "yaml-syntax", "1:1"),
        ("a: b\x00", "yaml-character", "1:5"),
        ("a: b\x1b[31m", "yaml-character", "1:5"),
        ("a: " + "[" * 41 + "]" * 41, "yaml-bounds", "1:43"),
    ],
)
def test_refused(written: str, code: str, place: str) -> None:
    """Everything outside the safe subset is an error at its place."""
    _, problems = read(written)
    assert [one.split(": ")[:2] for one in problems] == [[f"f.yaml:{place}", code]]


def test_quotes_keep_merge_key() -> None:
    """In quotes `<<` is a key like any other."""
    node, problems = read("'<<': 1")
    assert node is not None
    assert (list(texts(node)), problems) == (["<<", "1"], [])


def test_aliases() -> None:
    """An alias is the value it names, at that value's place."""
    node, problems = read("a: &x {b: 1}\nc: *x\n")
    assert isinstance(node, MapNode)
    assert problems == []
    assert node.entries[0][1] is node.entries[1][1]


def test_laughs() -> None:
    """Aliases that would copy a billion values are stopped after ten thousand, at once."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    node, problems = read("\n".join(lines))
    assert node is None
    assert [one.split(": ")[1] for one in problems] == ["yaml-bounds"]


def test_alias_depth() -> None:
    """Depth is bounded also where it comes about by aliases."""
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60))]
    node, problems = read("\n".join(lines))
    assert node is None
    assert [one.split(": ")[1] for one in problems] == ["yaml-bounds"]


@pytest.mark.parametrize("sign", ["[", "{", "- ", "? ", "[[{"])
def test_deep(sign: str) -> None:
    """A megabyte of opening brackets ends in one error, without recursion."""
    node, problems = read(sign * (1_000_000 // len(sign)))
    assert node is None
    assert [one.split(": ")[1] for one in problems] == ["yaml-bounds"]


def test_large() -> None:
    """A file of more than one MiB is refused before it is parsed."""
    assert read(b"#" * (yamls.MAX_BYTES + 1)) == (
        None,
        [
            (
                "f.yaml: yaml-bounds: the file is too large, more than the 1 MiB that csprio takes;"
                " split the file"
            )
        ],
    )
    assert read(b"#" * yamls.MAX_BYTES)[1] == []


def test_not_utf8() -> None:
    """A file in another encoding is named with the line and the byte."""
    assert read("a: 1\nb: é\xe9".encode("latin-1"))[1] == [
        "f.yaml:2:4: yaml-encoding: byte 4 of line 2 is not UTF-8; save the file as UTF-8"
    ]
    assert "yaml-encoding" in read("a: 1".encode("utf-16"))[1][0]


def test_load(tmp_path: Path) -> None:
    """A file that cannot be opened is a problem that says why."""
    problems: list[Problem] = []
    for path in (tmp_path / "none.yaml", tmp_path, tmp_path / "nul\0.yaml"):
        assert load(str(path), "shown.yaml", problems) is None
    assert [one.code for one in problems] == ["policy-file"] * 3
    assert str(problems[0]).startswith(
        "shown.yaml: policy-file: the file cannot be read: No such file or directory; "
    )


def test_pure_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libyaml the same files give the same trees and places."""
    folder = Path(__file__).parents[2] / "playbooks"
    contents = [path.read_bytes() for path in sorted(folder.glob("*.yaml"))]
    fast = [read(content) for content in contents]
    monkeypatch.setattr(yamls, "LOADER", yaml.SafeLoader)
    assert contents
    assert [read(content) for content in contents] == fast


@pytest.mark.parametrize("path", sorted(SUITE.glob("*.yaml")), ids=lambda path: path.stem)
def test_suite_file_as_grid(path: Path) -> None:
    """A file of the YAML test suite is no grid: it gives errors with their place."""
    problems: list[Problem] = []
    node = parse(path.read_bytes(), path.name, problems)
    grid = None if node is None else read_grid(node, problems)
    assert grid is None
    assert problems
    assert all(one.place.line and one.place.column for one in problems)


@pytest.mark.parametrize(("name", "text", "case"), CASES, ids=[name for name, _, _ in CASES])
def test_suite_input_as_grid(name: str, text: str, case: dict[str, Any]) -> None:
    """An input of the YAML test suite gives positioned errors as a grid, never an exception."""
    problems: list[Problem] = []
    node = parse(text.encode(), name, problems)
    read_right = node is not None and not problems
    if node is not None:
        assert read_grid(node, problems) is None
    assert problems
    assert all(one.place.line and one.place.column for one in problems)
    if name.split("-", maxsplit=1)[0] not in _OTHERWISE and read_right:
        assert not case.get("fail")


def expected_texts(tree: str) -> list[str]:
    """Take the scalars out of the suite's expected events."""
    found = []
    for line in tree.splitlines():
        match = re.match(r"=VAL (?:&\S+ )?[:'\"|>](.*)", line.strip())
        if match:
            shown = match[1].replace("␣", " ").replace("»", "\t").replace("—", "")
            found.append(re.sub(r"\\(.)", lambda escape: _ESCAPED[escape[1]], shown))
    return found


def test_suite_texts() -> None:
    """What csprio takes of the YAML test suite, it reads as the suite says, text for text."""
    compared = 0
    for name, text, case in CASES:
        node, problems = read(text)
        tree = case.get("tree", "")
        aside = name.split("-")[0] in _OTHERWISE or "=ALI" in tree or not tree
        if node is None or problems or aside:
            continue
        wanted = expected_texts(tree)
        assert list(texts(node)) == (wanted or [""]), name
        compared += 1
    assert compared > 80


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    """Whatever the bytes are, there is a tree or a problem, and no exception."""
    node, problems = read(content)
    assert node is not None or problems


@given(st.text(alphabet="ab:-?[]{},&*!|>'\"#% \n\t~<@`", max_size=60))
def test_any_signs(text: str) -> None:
    """Whatever signs of YAML follow each other, there is a tree or a problem."""
    node, problems = read(text)
    assert node is not None or problems


@given(st.recursive(st.text(max_size=8), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_written_and_read(value: object) -> None:
    """What a YAML writer writes is read back text for text."""
    written = yaml.safe_dump(value, allow_unicode=True, default_style='"')
    node, problems = read(written)
    assert node is not None
    assert problems == []

    def plain(one: Node) -> object:
        return one.text if isinstance(one, TextNode) else [plain(item) for item in one_items(one)]

    assert plain(node) == value


def one_items(node: Node) -> tuple[Node, ...]:
    """Give the items of a list."""
    assert isinstance(node, ListNode)
    return node.items
