"""Markdown: a table in which no text of an input is obeyed, and worklists by person and day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from csprio.show.formats.md import escaped
from csprio.show.text import visible
from sheets import answer, naughty, of_texts, shown

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HARMLESS = {"table", "thead", "tbody", "tr", "th", "td", "inline"}


def rendered(document: str) -> list[str]:
    """Give the cells that a reader of Markdown sees; fails where one is more than plain text."""
    cells = []
    for token in MARKDOWN.parse(document):
        assert token.type.removesuffix("_open").removesuffix("_close") in HARMLESS, token
        if token.type == "inline":
            children = token.children or []
            assert {child.type for child in children} <= {"text"}, children
            cells.append("".join(child.content for child in children))
    return cells


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("account_id _x_", "account_id \\_x\\_"),
        ("a|b\\c `d`", "a\\|b\\\\c \\`d\\`"),
        ("<b>&lt; R&D", "&lt;b&gt;&amp;lt; R&D"),
        ("[x](javascript:y)", "\\[x\\](javascript:y)"),
        ("http://a www.b", "http\\://a www\\.b"),
        ("@here jane@x.y (@jane)", "@\u200bhere jane@x.y (@\u200bjane)"),
        (" a\r\n\n b\x1b ", "a b\\\\x1b"),
        (None, ""),
    ],
)
def test_escaped(text: str | None, expected: str) -> None:
    """What Markdown, GitHub or Slack would obey is written so that it is only seen."""
    assert escaped(text) == expected


def check_harmless(text: str) -> None:
    """Fail where a reader of Markdown sees anything but the text in its cell."""
    seen = rendered(shown("md", of_texts([["before", text, "after"]])).decode())
    plain = visible(" ".join(text.split()))
    assert [" ".join(cell.replace("\u200b", "").split()) for cell in seen] == [
        *"abc", "before", plain, "after",
    ]  # fmt: skip


def test_naughty_strings() -> None:
    """No naughty string leaves its cell, makes a link, an image, code or HTML."""
    for text in naughty():
        seen = rendered(shown("md", of_texts([["before", text, "after"]])).decode())
        assert (len(seen), seen[3], seen[5]) == (6, "before", "after"), text


@given(st.text(st.sampled_from("a1 |\\`*_~[]()<>!#&;@:/.-+=${}\"'wh\n"), max_size=12))
def test_any_punctuation(text: str) -> None:
    """Any mix of the characters that Markdown knows is shown as it is."""
    check_harmless(text)


def test_answer() -> None:
    """An answer is one table of all rows and columns; numbers stand at the right."""
    sheet = answer("check", [{"file": "a.csv", "line": 2, "message": "x | y"}])
    assert shown("md", sheet).decode() == (
        "| file | line | column | severity | code | message | remedy |\n"
        "| --- | ---: | --- | --- | --- | --- | --- |\n"
        "| a.csv | 2 |  |  |  | x \\| y |  |\n"
    )


def test_worklist() -> None:
    """Each person has a heading, each day one below it; ten of a backlog stand, the rest counts."""
    open_ = {"owner": "Jane_", "status": "open", "name": "Acme", "title": "Call", "rank": 2}
    rows = [
        {**open_, "rank": 1, "status": "overdue", "due": date(2026, 11, 20)},
        {**open_, "due": date(2026, 11, 24), "arr": Decimal("10.5")},
        {**open_, "rank": 3, "status": "undated"},
        *({**open_, "rank": n, "name": f"B{n}"} for n in range(4, 16)),
        {**open_, "owner": None, "due": date(2026, 11, 24)},
    ]
    backlog = pa.array([False, False, True, *[True] * 12, False])
    out = shown("md", answer("worklist", rows, backlog=backlog)).decode()
    head = (
        "## Jane\\_\n\n### Overdue\n\n"
        "| rank | due | status | name | title |\n| ---: | --- | --- | --- | --- |\n"
        "| 1 | 2026-11-20 | overdue | Acme | Call |\n\n"
        "### Tuesday 2026-11-24\n\n"
        "| rank | status | name | arr | title |\n| ---: | --- | --- | ---: | --- |\n"
        "| 2 | open | Acme | 10.5 | Call |\n\n"
        "### Backlog (13)\n\n"
        "| rank | status | name | title |\n| ---: | --- | --- | --- |\n"
        "| 3 | undated | Acme | Call |\n| 4 | open | B4 | Call |\n"
    )
    assert out.startswith(head)
    assert "| 12 | open | B12 | Call |\n\n... and 3 more in the backlog.\n\n## nobody\n" in out
    assert "B13" not in out
    assert shown("md", answer("worklist", [])) == b"Nothing to do.\n"
