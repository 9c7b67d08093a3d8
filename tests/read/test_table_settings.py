"""The keys that say how an accounts file is read, walked on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from csprio.fields import FIELDS
from csprio.read.schema import section
from csprio.read.table_settings import COMBINE, read_table_settings
from csprio.read.yamls import parse_text
from csprio.settings import TableSettings
from csprio.tables import Kind

if TYPE_CHECKING:
    from csprio.problems import Problem

KEYS = ("columns", "only", "combine", "delimiter", "encoding", "currency", "inactive", "prospects")


def read(text: str) -> tuple[TableSettings, list[str]]:
    """Read settings; give them and the codes of their problems."""
    problems: list[Problem] = []
    node = parse_text(text, "f.yaml", problems)
    assert node is not None
    found = section(node, "the file", KEYS, problems)
    assert found is not None
    return read_table_settings(found), [one.code for one in problems]


def test_nothing() -> None:
    """Nothing said is the default in everything."""
    assert read("{}") == (TableSettings(), [])


@pytest.mark.parametrize("field", FIELDS, ids=[field.name for field in FIELDS])
def test_combine(field: object) -> None:
    """Money and counts may be summed, dates compared, texts only taken; the id is what combines."""
    name, kind = getattr(field, "name", ""), getattr(field, "kind", None)
    allowed: dict[object, tuple[str, ...]] = {
        Kind.MONEY: COMBINE, Kind.WHOLE: COMBINE, Kind.DATE: COMBINE[1:],
    }  # fmt: skip
    ways = () if name == "account_id" else allowed.get(kind, COMBINE[3:])
    for how in COMBINE:
        settings, codes = read(f"combine: {{{name}: {how}}}")
        assert (settings.combine, codes) == (
            ({name: how}, []) if how in ways else ({}, ["combine-field"])
        )


@pytest.mark.parametrize(
    ("written", "mark"),
    [("','", ","), (";", ";"), ('"\\t"', "\t"), ("\\t", "\t"), ("TAB", "\t"), ("'|'", "|"),
     ("pipe", "|"), ("^", "^")],
)  # fmt: skip
def test_delimiter(written: str, mark: str) -> None:
    """A separator is a character, or its name."""
    settings, codes = read(f"delimiter: {written}")
    assert (settings.delimiter, codes) == (mark, [])


def test_columns_fold() -> None:
    """Keys of `columns` are fields whatever their case and signs; others stay as written."""
    settings, codes = read("columns: {START-DATE: A, Health Band: B, tier: None}")
    assert codes == []
    assert settings.columns == {"start_date": "A", "Health Band": "B", "tier": None}


def test_empty_lists() -> None:
    """A list left empty on purpose turns the default words off."""
    settings, codes = read("inactive: []\nprospects: []")
    assert codes == []
    assert (settings.inactive, settings.prospects) == ((), ())
