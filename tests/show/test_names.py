"""Output names with placeholders: safe, apart, and one for everybody."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.problems import ExitCode, Stop
from csprio.show.names import (
    MOST_FILES,
    check_placeholders,
    name_files,
    safe_name,
    split,
    split_each,
)
from sheets import answer

OWNER = {"owner": "owner", "tier": "tier"}


def names(*owners: str, template: str = "{owner}.csv") -> list[str]:
    """Name a file for each owner."""
    return name_files(template, [{"owner": owner} for owner in owners])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Jane Doe", "Jane Doe"),
        ("Zoë Müller", "Zoë Müller"),
        (unicodedata.normalize("NFD", "Zoë"), "Zoë"),
        ("山田 太郎", "山田 太郎"),
        ("../../etc/passwd", "etc-passwd"),
        ("a/b\\c:d", "a-b-c-d"),
        ("jane@example.com", "jane@example.com"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("trailing. .", "trailing"),
        ("a\x1b[31m\nb\u202ec", "a-[31m-bc"),
        ("a\u00a0b", "a b"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("COM¹", "_COM¹"),
        ("console", "console"),
        ("{owner}", "owner-"),
        ("..", "_"),
        ("/", "_"),
    ],
)
def test_safe_name(value: str, expected: str) -> None:
    """Letters stay, and nothing that a system gives a meaning to does."""
    assert safe_name(value) == expected


@given(st.text(st.characters(codec="utf-8")))
def test_any_name_is_safe(value: str) -> None:
    """Any value gives a short name without separators, control characters or dots at its ends."""
    name = safe_name(value)
    assert name
    assert name[0] not in " .-"
    assert name[-1] not in " ."
    assert not set('/\\:*?"<>|{}') & set(name)
    assert all(unicodedata.category(character)[0] != "C" for character in name)
    assert len(name.encode()) <= 101
    assert name == unicodedata.normalize("NFC", name)


def test_long_name_is_cut_between_letters() -> None:
    """A long name is cut to 100 bytes, not within a letter, and two such stay apart."""
    assert safe_name("ü" * 99) == "ü" * 50
    assert names("ü" * 98, "ü" * 99) == ["ü" * 50 + ".csv", "ü" * 50 + "-2.csv"]


def test_names_that_meet() -> None:
    """The first keeps the name, case aside; the others get numbers, but no one else's own name."""
    assert names("Ann", "ann", "ANN", "bob") == ["Ann.csv", "ann-2.csv", "ANN-3.csv", "bob.csv"]
    assert names("Ann", "ann", "Ann-2") == ["Ann.csv", "ann-3.csv", "Ann-2.csv"]
    assert names("a/b", "a:b", "a-b") == ["a-b.csv", "a-b-2.csv", "a-b-3.csv"]
    assert names("", "nobody") == ["nobody.csv", "nobody-2.csv"]


@given(st.lists(st.text("aA-2/ü.", max_size=4), unique=True, max_size=12))
def test_no_two_names_meet(owners: list[str]) -> None:
    """Whatever the names, each has its own file, case aside."""
    made = names(*owners, template="out/{owner}.csv")
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in made}) == len(owners)


def test_several_placeholders() -> None:
    """A value has one name everywhere; paths that would still meet get numbers of their own."""
    values = [{"owner": o, "tier": t} for o, t in [("a", "1"), ("A", "1"), ("A", "2"), ("", "")]]
    assert name_files("{owner}/{tier}.md", values) == [
        "a/1.md",
        "A-2/1.md",
        "A-2/2.md",
        "nobody/none.md",
    ]
    values = [{"owner": "a1", "tier": "2"}, {"owner": "a", "tier": "12"}]
    assert name_files("{owner}{tier}.csv", values) == ["a12.csv", "a12-2.csv"]


def test_split() -> None:
    """Each owner's rows are in one sheet, in order; everybody named gets one, also for nothing."""
    rows = [{"owner": owner, "rank": n} for n, owner in enumerate(["b", "a", "b", None])]
    made = split(answer("worklist", rows), "o/{owner}.csv", OWNER, ["c", "a"])
    assert [(path, sheet.table.column("rank").to_pylist()) for path, sheet in made] == [
        ("o/b.csv", [0, 2]),
        ("o/a.csv", [1]),
        ("o/nobody.csv", [3]),
        ("o/c.csv", []),
    ]
    made = split(answer("worklist", rows[:1]), "{tier}-{owner}", OWNER, ["c"])
    assert [path for path, _ in made] == ["none-b", "none-c"]


def test_split_each() -> None:
    """An answer made for each owner has a file each, also beside another placeholder."""
    book: list[dict[str, Any]] = [{"tier": "1", "accounts": 1}, {"tier": None, "accounts": 2}]
    owned = [("Ann", answer("tiers", book)), ("", answer("tiers", book[:1]))]
    made = split_each(owned, "{owner}.csv", OWNER, ["Bob", "Ann"])
    assert [(path, sheet.table.num_rows) for path, sheet in made] == [
        ("Ann.csv", 2),
        ("nobody.csv", 1),
        ("Bob.csv", 0),
    ]
    assert made[0][1].table is owned[0][1].table
    assert [sheet.person for _, sheet in made] == ["Ann", "", "Bob"]
    made = split_each(owned, "{tier}/{owner}.csv", OWNER)
    assert [(path, sheet.table["accounts"].to_pylist()) for path, sheet in made] == [
        ("1/Ann.csv", [1]),
        ("none/Ann.csv", [2]),
        ("1/nobody.csv", [1]),
    ]
    assert split_each([], "{owner}.csv", OWNER) == []


def test_split_of_nothing() -> None:
    """An answer without rows and people is still a file with the header."""
    ((path, sheet),) = split(answer("worklist", []), "{owner}.csv", OWNER)
    assert (path, sheet.table.num_rows) == ("nobody.csv", 0)
    assert split(sheet, "plain.csv", {}) == [("plain.csv", sheet)]


@pytest.mark.parametrize("template", ["{csm}.csv", "{}.csv", "{owner}-{Tier}.csv"])
def test_unknown_placeholder(template: str) -> None:
    """A placeholder for which the answer has no column ends the run, and names those it has."""
    with pytest.raises(Stop, match=r"use \{owner\}, \{tier\}") as stop:
        check_placeholders(template, OWNER)
    assert stop.value.exit_code is ExitCode.POLICY
    with pytest.raises(Stop, match="write one file"):
        check_placeholders(template, {})


def test_too_many_files() -> None:
    """More than ten thousand files are refused; so many names that all meet are still apart."""
    owners = [f"a{n:b}".replace("0", "/").replace("1", ":") for n in range(MOST_FILES)]
    assert names(*owners)[::3333] == ["a-.csv", "a--3334.csv", "a--6667.csv", "a--10000.csv"]
    with pytest.raises(Stop, match="makes 10001 files") as stop:
        names(*(f"{n}" for n in range(MOST_FILES + 1)))
    assert stop.value.exit_code is ExitCode.POLICY
