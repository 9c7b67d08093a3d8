"""Hashes of ids: the same bytes have the same one, wherever they stand, and others another."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from csprio.read.id_hashes import Seen, hashes

IDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=40)


@given(IDS, IDS)
def test_alike(one: list[str], other: list[str]) -> None:
    """An id has one hash, however long its neighbours are."""
    found = dict(zip(one, hashes(pa.array(one, pa.string())).tolist(), strict=True))
    for text, number in zip(other, hashes(pa.array(other, pa.string())).tolist(), strict=True):
        assert found.setdefault(text, number) == number
    assert len(set(found.values())) == len(found)


@given(IDS, st.integers(0, 40), st.integers(0, 1))
def test_twice(ids: list[str], cut: int, again: int) -> None:
    """An id that stands twice is seen, also in two batches; without one there is no doubt."""
    once = list(dict.fromkeys(ids))
    batches = [once[:cut], once[cut:]] + [once[:1]] * again
    seen = Seen()
    for batch in batches:
        seen.add(pa.array(["before", *batch], pa.string()).slice(1))
    assert seen.twice() is bool(again and once)
    seen.add(pa.array(["x" * 41], pa.string()))
    assert seen.twice() is bool(again and once)


def test_millions_are_told_apart() -> None:
    """Ids that differ in one digit, or in length alone, have different hashes."""
    texts = [f"{n:08}" for n in range(200_000)] + ["0" * n for n in range(1, 8)] + ["\0", "\0\0"]
    assert len(set(hashes(pa.array(texts)).tolist())) == len(texts)
