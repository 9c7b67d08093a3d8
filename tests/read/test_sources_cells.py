"""Cells of sources read by whole columns: as the readings of single texts say, for any text."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csprio.batches import NOBODY, PARTS
from csprio.read import source_cells, source_days
from csprio.read.amounts import Amount, Bad, marks, money, number
from csprio.read.cells import as_number
from csprio.read.dates import day_of
from csprio.read.id_index import IdIndex
from csprio.read.source_cells import Cells, Reader, cells_of
from csprio.read.source_days import Calendar, heads_of, side_of
from csprio.settings import Numerals

if TYPE_CHECKING:
    from csprio.batches import Numbers

NUMBERS = st.one_of(
    st.sampled_from([
        "", "0", "-0", "007", "1.234", "-1.234", "0.123", "1.2345", "12.5", "12,5", "1,234",
        "1.234,5", "(5)", "5-", "$5", "EUR 5", "5k", "1.2M", "abc", "nan", "1e3", "1e99",
        "1e-99", "1 234.5", "0.1234567895", "0.1234567885", "-0.1234567885",
        "123456789.123456789", "12345678901234.5",
        "123456789012345", "99999999999999.9999", "-99999999999999.9999", "10.0", "10", "11", "-1",
        ".5", "5.", "1e14", "9.99999999999", "0.00005", "-2.5",
    ]),
    st.from_regex(r"\A-?[0-9]{1,11}([.,][0-9]{1,11})?\Z"),
)  # fmt: skip
NUMERALS = st.sampled_from(
    [
        Numerals(),
        Numerals(decimal="."),
        Numerals(decimal=","),
        Numerals(thousands="."),
        Numerals(currency="EUR"),
    ]
)
COLUMNS = st.tuples(st.lists(NUMBERS, max_size=20), st.booleans())


def cells(texts: list[str], *, coded: bool) -> Cells:
    """Make a column, as Arrow would read it from a file."""
    column = pa.array(texts, pa.string())
    return cells_of(column.dictionary_encode() if coded else column, ())


def exact(numbers: Numbers) -> list[Fraction | None]:
    """Give the numbers of all rows."""
    assert ((numbers.part >= 0) & (numbers.part < PARTS)).all()
    assert not numbers.whole[~numbers.known].any()
    assert not numbers.part[~numbers.known].any()
    rows = zip(numbers.whole.tolist(), numbers.part.tolist(), numbers.known.tolist(), strict=True)
    return [whole + Fraction(part, PARTS) if known else None for whole, part, known in rows]


def read(text: str, numerals: Numerals) -> Amount | Bad | None:
    """Read one text, as slowly as it takes."""
    if text in {"", "1e99"}:
        return Bad("bad-number") if text else None
    found = number(text, marks(numerals))
    if isinstance(found, Amount) and abs(found.value) >= 10**14:
        return Bad("bad-number")
    return found


@given(COLUMNS, NUMERALS)
def test_numbers(column: tuple[list[str], bool], numerals: Numerals) -> None:
    """A number is what it is read as alone, rounded half to even beyond nine decimals."""
    texts, coded = column
    reader = Reader(marks(numerals))
    found = reader.numbers(cells(texts, coded=coded))
    expected = [read(text, numerals) for text in texts]
    assert exact(found.values) == [
        Fraction(round(Fraction(one.value) * PARTS), PARTS) if isinstance(one, Amount) else None
        for one in expected
    ]
    pairs = [*zip(texts, expected, strict=True)]
    bad = {text: one.code for text, one in pairs if isinstance(one, Bad)}
    assert {text: one.code for text, one in found.bad.items()} == bad
    currencies = {t: one.currency for t, one in pairs if isinstance(one, Amount) and one.currency}
    assert found.currencies == currencies


@given(COLUMNS, NUMERALS)
def test_amounts(column: tuple[list[str], bool], numerals: Numerals) -> None:
    """An amount is money, and may be negative; what is finer than 0.0001 is none."""
    texts, coded = column
    found = Reader(marks(numerals)).amounts(cells(texts, coded=coded))
    for at, text in enumerate(texts):
        one = read(text, numerals)
        fine = isinstance(one, Amount) and Fraction(one.value) * 10_000 % 1 == 0
        assert found.values.known[at] == fine
        assert found.values.units[at] == (one.value * 10_000 if fine else 0)  # type: ignore[union-attr]
        if text and not fine:
            code = one.code if isinstance(one, Bad) else "bad-money"
            assert found.bad[text].code == code.replace("bad-number", "bad-money")
        alone = money(text, marks(numerals)) if text and "e" not in text else None
        if isinstance(alone, Amount):
            assert found.values.units[at] == alone.value * 10_000


@given(COLUMNS, NUMERALS)
def test_answers(column: tuple[list[str], bool], numerals: Numerals) -> None:
    """An answer is a whole number from 0 to 10, however it is written."""
    texts, coded = column
    found = Reader(marks(numerals)).answers(cells(texts, coded=coded))
    for at, text in enumerate(texts):
        one = read(text, numerals)
        right = isinstance(one, Amount) and not one.currency and one.value in range(11)
        assert found.values.known[at] == right
        assert found.values.units[at] == (one.value if right else 0)  # type: ignore[union-attr]
        assert (text in found.bad) == (bool(text) and not right)
    assert not found.currencies


@given(COLUMNS, NUMERALS)
@example((["1.0", "1", "x", ""], True), Numerals())
def test_numbers_written_plainly(column: tuple[list[str], bool], numerals: Numerals) -> None:
    """A condition sees the decimals that it sees of the accounts, each text once."""
    texts, coded = [text for text in column[0] if text != "1e99"], column[1]
    found = Reader(marks(numerals)).plainly(cells(texts, coded=coded))
    alone = as_number(pa.array([text or None for text in texts], pa.string()), marks(numerals))
    expected = alone.values.to_pylist()
    large = [text is not None and abs(Fraction(text)) >= 10**14 for text in expected]
    wanted = [None if much else text for text, much in zip(expected, large, strict=True)]
    dictionary = found.values.coded()
    assert dictionary.to_pylist() == wanted
    assert len(dictionary.dictionary) == len(set(dictionary.dictionary.to_pylist()))
    assert dictionary.dictionary.null_count == 0


def test_what_was_read_is_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many texts are kept, and reading them again gives the same."""
    monkeypatch.setattr(source_cells, "_MOST_KNOWN", 3)
    monkeypatch.setattr(source_days, "_MOST_KNOWN", 3)
    reader, calendar = Reader(marks(Numerals())), Calendar(None)
    texts = ["$1", "$2", "$3", "$4", "$5"]
    for _ in range(2):
        assert exact(reader.numbers(cells(texts, coded=False)).values) == [1, 2, 3, 4, 5]
        days = [f"2026-01-0{at}" for at in range(1, 6)]
        found = calendar.days(heads_of(cells(days, coded=False)))
        assert np.diff(found.values.day).tolist() == [1, 1, 1, 1]


def test_columns_of_cells() -> None:
    """Cells are trimmed; what then is the same is one text, what then is empty is blank."""
    for coded in (True, False):
        column = cells([" a", "a", "'=b", "", " ", "c"], coded=coded)
        assert column.coded().to_pylist() == ["a", "a", "=b", None, None, "c"]
        assert column.blank.tolist() == [False, False, False, True, True, False]
        assert [column.text(row) for row in range(6)] == ["a", "a", "=b", "", "", "c"]
        assert len(column.coded().dictionary) == 3
        assert column.marked(["a", "c"]).tolist() == [True, True, False, False, False, True]
        some = column.take(np.array([5, 3, 0]))
        assert some.coded().to_pylist() == ["c", None, "a"]
        assert len(some) == 3


DAYS = st.one_of(
    st.dates(date(1968, 1, 1), date(2101, 1, 1)).flatmap(
        lambda day: st.sampled_from([
            day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}", f"{day:%Y%m%d}",
            f"{day.day}.{day.month}.{day:%y}", f"{day:%d %b %Y}", f"{day:%B} {day.day}, {day.year}",
        ])
    ),
    st.sampled_from([
        "", "soon", "46000", "46000.5", "05/05/2026", "2026-02-30", "0000-00-00", "T",
    ]),
)  # fmt: skip
TIMES = st.sampled_from([
    "", "", "", " 10:30", "T10:30:59.123Z", ", 3:04 PM", " 3:04 p.m. (CET)", "T24:00+01:00",
    " 25:00", "  10:30 ", " 10:30 11:30", "Z", "-01", "+0100 10:30", " ,  10:30", "\u00a010:30",
    " 10:30 UTC +01", ": 10:30", "\u00a0, 10:30", "t9:05:60,5 EST",
])  # fmt: skip


@given(
    st.lists(st.tuples(DAYS, TIMES), max_size=20),
    st.sampled_from([None, "dmy", "mdy"]),
    st.booleans(),
)
def test_days(parts: list[tuple[str, str]], order: str | None, coded: bool) -> None:  # noqa: FBT001
    """Taking a time off changes no date: what is one with it is one, and no other text is."""
    texts = ["".join(part).strip() for part in parts]
    heads = heads_of(cells(texts, coded=coded))
    calendar = Calendar(order)
    found, iso = calendar.days(heads), calendar.iso(heads)
    expected = [day_of(text, order) if text else None for text in texts]
    epoch = date(1970, 1, 1)
    known = [isinstance(day, date) for day in expected]
    assert found.values.known.tolist() == known
    assert found.values.day.tolist() == [
        (day - epoch).days if isinstance(day, date) else 0 for day in expected
    ]
    written = [day.isoformat() if isinstance(day, date) else None for day in expected]
    assert iso.values.coded().to_pylist() == written
    bad = {t: day for t, day in zip(texts, expected, strict=True) if isinstance(day, Bad)}
    assert found.bad == iso.bad == bad
    for side in ("dmy", "mdy", "either"):
        first = [row for row, text in enumerate(texts) if side_of(text) == side]
        assert heads.first(side) == (first[0] if first else None)


def test_times_leave_few_texts() -> None:
    """A column of timestamps has as many different texts as days."""
    texts = [f"2026-11-{day:02} {hour:02}:{day:02}:07" for hour in range(24) for day in (1, 2)]
    heads = heads_of(cells([*texts, "1/2/2026 3:04 PM", "11/2/2026 3:04 PM"], coded=False))
    assert len(heads.texts) == 4
    assert heads.is_open()


IDS = st.text(alphabet="abAB01-\u00e9\u4e2d", min_size=1, max_size=30)


@given(st.lists(IDS, unique=True, max_size=60), st.lists(IDS, max_size=60), st.integers(0, 3))
def test_ids_are_found(book: list[str], asked: list[str], start: int) -> None:
    """Every id of the book is found in its row, and no other one."""
    index = IdIndex(pa.array(["", *book], pa.string()).slice(1))
    texts = [*asked, *book[::2], None]
    rows = {text: row for row, text in enumerate(book)}
    found = index.rows(pa.array(texts, pa.string()).slice(start))
    assert found.tolist() == [rows.get(text or "", NOBODY) for text in texts[start:]]


@pytest.mark.parametrize("length", [1, 8, 9, 64, 65])
def test_ids_of_any_length(length: int) -> None:
    """Ids that begin alike are told apart, and so is one that goes on where another ends."""
    ids = [("x" * length)[: length - 1] + end for end in "ab"]
    index = IdIndex(pa.array(ids))
    asked = pa.array([ids[1], ids[0] + "c", ids[0], ids[0][:-1], None], pa.string())
    assert index.rows(asked).tolist() == [1, NOBODY, 0, NOBODY, NOBODY]


@pytest.mark.parametrize("length", [2, 7, 8, 9, 15, 64, 65])
def test_ids_of_one_length(length: int) -> None:
    """Where all ids are as long as each other, each is still compared up to its end."""
    ids = [letter * (length - 1) + end for letter in "x\u00e9" for end in "ab"]
    index = IdIndex(pa.array(["first", *ids]).slice(1))
    asked = pa.array(["other", ids[1], ids[0][:-1] + "c", ids[0]]).slice(1)
    assert index.rows(asked).tolist() == [1, NOBODY, 0]
    assert index.rows(pa.array([ids[3], ids[2]])).tolist() == [3, 2]


def test_ids_that_meet_in_one_place() -> None:
    """A table as full as it gets still finds each of many ids."""
    ids = pa.array([f"ACC-{at}" for at in range(50_000)])
    assert IdIndex(ids).rows(ids).tolist() == [*range(50_000)]
    assert IdIndex(ids.slice(0, 0)).rows(ids.slice(0, 2)).tolist() == [NOBODY, NOBODY]
