"""Whole columns of cells: the same answers as cell by cell, and what is reported for each text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.read import amounts, cells
from csprio.read.amounts import Bad, marks
from csprio.read.dates import Vote, Votes
from csprio.settings import Numerals
from csprio.tables import Kind, arrow_type

HERE = marks(Numerals())
EURO = marks(Numerals(decimal=","))
TEXTS = st.text(alphabet="0123456789.,k$- '", min_size=1, max_size=9)


def column(*texts: str | None) -> pa.Array:
    """Make a column."""
    return pa.array(texts, pa.string())


@given(st.text(), st.sampled_from([(), ("N/A", "-")]))
def test_white_space_is_what_python_says(text: str, missing: tuple[str, ...]) -> None:
    """Outer Unicode white space goes, as by `str.strip`; empty cells and words are missing."""
    bare = text.strip()
    if cells._GUARDED.match(bare):  # noqa: SLF001 (the rule, seen from outside)
        bare = bare[1:].strip()
    expected = None if bare in {"", *missing} else bare
    assert cells.clean(column(text), missing).to_pylist() == [expected]


@given(st.lists(st.none() | st.sampled_from(["a", "", " ", "b\u00a0", "'=1", "ö", "-"])), st.data())
def test_neighbours_change_nothing(texts: list[str | None], data: st.DataObject) -> None:
    """A cell becomes the same whatever stands beside it, in a part of a column, too."""
    first = data.draw(st.integers(0, len(texts)))
    alone = [cells.clean(column(text)).to_pylist()[0] for text in texts]
    assert cells.clean(column(*texts).slice(first)).to_pylist() == alone[first:]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'=1+1", "=1+1"),
        ("'-x", "-x"),
        ("''@x", "'@x"),
        ("'x", "'x"),
        ("'", "'"),
        ("=1", "=1"),
        ("''", "''"),
    ],
)
def test_a_guarding_apostrophe_goes(written: str, meant: str) -> None:
    """One apostrophe before what a spreadsheet takes for a formula is taken off, and no other."""
    assert cells.clean(column(f" {written} ")).to_pylist() == [meant]


def test_missing_words_are_exact() -> None:
    """Only the words that the settings list are missing, in their own spelling."""
    assert cells.clean(column("N/A", "n/a", "NA", " N/A "), ["N/A"]).to_pylist() == [
        None,
        "n/a",
        "NA",
        None,
    ]


@given(st.lists(st.none() | TEXTS), st.sampled_from([HERE, EURO]))
def test_money_columns_agree_with_money_cells(texts: list[str | None], here: amounts.Marks) -> None:
    """A column, plain or not, reads as its cells do; each text that is refused says why."""
    found = cells.as_money(column(*texts), here)
    read = {text: amounts.money(text, here) for text in texts if text is not None}
    assert found.values.type == arrow_type(Kind.MONEY)
    assert found.bad == {text: it for text, it in read.items() if isinstance(it, Bad)}
    expected = [
        None if text is None or isinstance(it := read[text], Bad) else it.value for text in texts
    ]
    assert found.values.to_pylist() == expected


@given(st.lists(st.none() | TEXTS), st.sampled_from([HERE, EURO]))
def test_number_columns_agree_with_number_cells(
    texts: list[str | None], here: amounts.Marks
) -> None:
    """A column of a rule's numbers reads as its cells do."""
    found = cells.as_number(column(*texts), here)
    read = {text: amounts.number(text, here) for text in texts if text is not None}
    assert found.bad == {text: it for text, it in read.items() if isinstance(it, Bad)}
    expected = [
        None if text is None or isinstance(it := read[text], Bad) else format(it.value, "f")
        for text in texts
    ]
    assert found.values.to_pylist() == expected


@given(st.lists(st.from_regex(r"\A(-?[0-9]{1,16}(\.[0-9]{0,5})?)\Z"), min_size=1))
def test_plain_numbers_are_never_ambiguous_in_one_place_only(texts: list[str]) -> None:
    """What Arrow reads as it stands is what the exact reader makes of it."""
    found = cells.as_money(column(*texts), HERE)
    for text, value in zip(texts, found.values.to_pylist(), strict=True):
        exact = amounts.money(text, HERE)
        assert value == (None if isinstance(exact, Bad) else exact.value)


def test_currencies_are_kept_by_text() -> None:
    """The currency written in a cell comes back with the cell's text."""
    found = cells.as_money(column("$5", "5", "7 EUR", None), HERE)
    assert found.currencies == {"$5": "USD", "7 EUR": "EUR"}
    assert found.values.to_pylist() == [Decimal(5), Decimal(5), Decimal(7), None]


def test_keys_take_the_grids_spelling() -> None:
    """Case aside, and `1.0` as 1, a key is the grid's; other text is refused with the choices."""
    found = cells.as_key(column("1.0", "Top", "1", "2", None, "1.5"), "size", ("TOP", "1"))
    assert found.values.to_pylist() == ["1", "TOP", "1", None, None, None]
    assert set(found.bad) == {"2", "1.5"}
    assert found.bad["2"].facts == {"field": "size", "keys": "`TOP`, `1`"}


def test_a_key_that_is_written_with_a_point() -> None:
    """A grid's own key `1.0` is itself, not 1."""
    assert cells.as_key(column("1.0", "1"), "tier", ("1", "1.0")).values.to_pylist() == ["1.0", "1"]


def test_motions() -> None:
    """Motions are found case, space and hyphen aside."""
    found = cells.as_motion(column("Growth", "Churn Prevention", "up", None))
    assert found.values.to_pylist() == ["growth", "churn-prevention", None, None]
    assert set(found.bad) == {"up"}


def test_dates_and_whole_numbers() -> None:
    """Dates and whole numbers come out typed, null where a text is refused."""
    dates = cells.as_date(column("03/11/2026", "x", None), "dmy")
    assert dates.values.to_pylist() == [date(2026, 11, 3), None, None]
    assert set(dates.bad) == {"x"}
    assert cells.as_whole(column("12.0", "0"), HERE).values.to_pylist() == [12, None]


def test_votes_are_the_first_of_each_side() -> None:
    """The first cell that only one order allows, and the first that both allow, are named."""
    found = cells.votes(
        column("05/05/2026", "x", "1/2/26", "2/1/26", "13/1/26", "1/13/26", "14/1/26"), "d"
    )
    assert found == Votes(Vote(4, "d", "13/1/26"), Vote(5, "d", "1/13/26"), Vote(2, "d", "1/2/26"))
    other = Votes(dmy=Vote(1, "e", "20/1/26"))
    assert (found | other).dmy == (1, "e", "20/1/26")
    assert cells.votes(column("2026-11-23", "31/31/2026", None), "d") == Votes()
