"""Output names with placeholders: `out/{owner}.csv` becomes a safe file name for each owner.

Comes in: the name as given and the values of the answer. Goes out: paths, and the part of the
answer that belongs in each. Nothing here touches a file.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import count
from pathlib import PurePath
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.problems import Place, policy_stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from csprio.tables import Sheet

MOST_FILES = 10_000
_Key = tuple[str, ...]  # a value of each placeholder
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_EMPTY = {"owner": "nobody"}  # any other placeholder without a value is `none`
_NAME_BYTES = 100
_UNSAFE = re.compile(r'[/\\:*?"<>|{}\x00-\x1f\x7f]+')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|\Z)", re.IGNORECASE
)


def placeholders(template: str) -> list[str]:
    """Give the placeholders of an output name, each once, in order."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(template)))


def split(
    sheet: Sheet, template: str, column_for: Mapping[str, str], everybody: Sequence[str] = ()
) -> list[tuple[str, Sheet]]:
    """Give a path and a sheet for each value of the placeholders, in order of first appearance.

    `column_for` says which column of the answer a placeholder means; `everybody` are the people
    who get a file, after the others, even where there is nothing for them but the header. An
    answer without rows and people is one file, of nobody. A placeholder that means no column, and
    more than 10,000 files, stop the run (exit 2).
    """
    wanted = placeholders(template)
    check_placeholders(template, column_for)
    if not wanted:
        return [(template, sheet)]
    found = _groups(sheet, [column_for[name] for name in wanted])
    return _named(template, found, sheet, everybody)


def split_each(
    owned: Sequence[tuple[str, Sheet]],
    template: str,
    column_for: Mapping[str, str],
    everybody: Sequence[str] = (),
) -> list[tuple[str, Sheet]]:
    """Do the same to an answer that was made for each owner, whose rows do not name the owner."""
    check_placeholders(template, column_for)
    wanted = placeholders(template)
    at = wanted.index("owner")
    others = [column_for[name] for name in wanted if name != "owner"]
    found = {
        (*key[:at], owner, *key[at:]): part
        for owner, sheet in owned
        for key, part in (_groups(sheet, others) if others else {(): sheet}).items()
    }
    return _named(template, found, owned[0][1], everybody) if owned else []


def check_placeholders(template: str, column_for: Iterable[str]) -> None:
    """Stop (exit 2) where the name holds a placeholder that the answer has no column for."""
    known = list(column_for)
    for name in placeholders(template):
        if name not in known:
            offer = ", ".join(f"{{{each}}}" for each in known)
            remedy = f"use {offer}" if known else "write one file: take the braces out of the name"
            raise policy_stop(
                code="unknown-placeholder",
                place=Place(""),
                name=name,
                output=template,
                remedy=remedy,
            )


def name_files(template: str, values: Sequence[Mapping[str, str]]) -> list[str]:
    """Give a path for each combination of values; no two meet, case aside.

    Where two names would meet, the first keeps the name and the others get `-2`, `-3` ..., but
    never one that is somebody's own name.
    """
    if len(values) > MOST_FILES:
        raise policy_stop(
            code="too-many-files", place=Place(""), count=len(values), output=template
        )
    named: dict[str, dict[str, str]] = {}
    for placeholder in placeholders(template):
        each = list(dict.fromkeys(value[placeholder] for value in values))
        empty = _EMPTY.get(placeholder, "none")
        named[placeholder] = dict(zip(each, safe_names(each, empty), strict=True))
    paths = []
    for value in values:
        path = template
        for name, safe in named.items():  # no safe name holds a brace
            path = path.replace(f"{{{name}}}", safe[value[name]])
        paths.append(path)
    return _apart(paths, _suffixed_path)


def safe_names(values: Sequence[str], empty: str) -> list[str]:
    """Make each value part of a file name; no two meet, case aside, and "" is called `empty`."""
    return _apart([safe_name(value) if value else empty for value in values], _suffixed)


def safe_name(value: str) -> str:
    """Make a value part of a file name that every system takes: letters stay, in NFC.

    Separators, control characters and what Windows forbids become `-`; no dot, blank or hyphen
    leads, no dot or blank ends, no device of Windows is named, and 100 bytes are the most.
    """
    text = _UNSAFE.sub("-", unicodedata.normalize("NFC", value))
    text = "".join(_kept(character) for character in text)
    text = text.lstrip(" .-").encode()[:_NAME_BYTES].decode(errors="ignore").rstrip(" .")
    return f"_{text}" if not text or _RESERVED.match(text) else text


def _kept(character: str) -> str:
    """Give a blank for any space, nothing for what is not seen, else the character."""
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    return "" if category.startswith("C") else character


def _apart(names: Sequence[str], suffixed: Callable[[str, int], str]) -> list[str]:
    """Tell equal names apart, case aside; first come, first served, own names before made ones."""
    taken = {_folded(name) for name in names}
    given: set[str] = set()
    apart = []
    numbers: dict[str, count[int]] = {}
    for name in names:
        chosen = name
        if _folded(name) in given:
            tries = numbers.setdefault(_folded(name), count(2))
            made = (suffixed(name, number) for number in tries)
            chosen = next(each for each in made if _folded(each) not in taken)
            taken.add(_folded(chosen))
        given.add(_folded(chosen))
        apart.append(chosen)
    return apart


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _suffixed(name: str, number: int) -> str:
    return f"{name}-{number}"


def _suffixed_path(path: str, number: int) -> str:
    extension = PurePath(path).suffix
    if extension.lower() == ".gz":  # the format's own stands before it
        extension = PurePath(path.removesuffix(extension)).suffix + extension
    return f"{path.removesuffix(extension)}-{number}{extension}"


def _named(
    template: str, found: dict[_Key, Sheet], any_sheet: Sheet, everybody: Sequence[str]
) -> list[tuple[str, Sheet]]:
    """Name the parts, and give those who have none a header of their own."""
    wanted = placeholders(template)
    keys = list(found)
    if "owner" in wanted:
        named = {"", *(key[wanted.index("owner")] for key in keys)}
        alone = [person for person in dict.fromkeys(everybody) if person not in named]
        keys += [tuple(person if name == "owner" else "" for name in wanted) for person in alone]
    keys = keys or [("",) * len(wanted)]
    paths = name_files(template, [dict(zip(wanted, key, strict=True)) for key in keys])
    nothing = any_sheet.rows(pa.array([], pa.int64()))
    sheets = [found.get(key, nothing) for key in keys]
    if "owner" in wanted:
        at = wanted.index("owner")
        sheets = [replace(each, person=key[at]) for each, key in zip(sheets, keys, strict=True)]
    return list(zip(paths, sheets, strict=True))


def _groups(sheet: Sheet, columns: Sequence[str]) -> dict[_Key, Sheet]:
    """Give the rows of each combination of values, in order of first appearance."""
    whole = sheet.gathered()
    table = whole.table
    if not table.num_rows:
        return {}
    keys = {f"key{n}": _key(table.column(name)) for n, name in enumerate(columns)}
    numbered = pa.table({**keys, "row": pa.array(range(table.num_rows), pa.int64())})
    # One thread, so that values keep the order in which they first appear.
    grouped = numbered.group_by(list(keys), use_threads=False).aggregate([("row", "list")])
    found = zip(*(grouped.column(name).to_pylist() for name in keys), strict=True)
    return {
        key: whole.rows(rows.values) for key, rows in zip(found, grouped["row_list"], strict=True)
    }


def _key(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column.cast(pa.string()), "")
