"""Task ids: `account_id:activity:occurrence`, read from the right.

Comes in: the ids of tasks and the accounts of their entries. Goes out: the ids as csprio writes
them, and why one is none. What many tasks share, their activity and occurrence, is judged once.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.read import ids as account_ids
from csprio.read.wording import short

if TYPE_CHECKING:
    from collections.abc import Callable

    Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

_PARTS = 3
_LENGTHS = 8  # lengths of account ids, the most frequent ones, for which there is a short way
_LONGEST = (1 << 31) - 1
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REPEAT = r"[1-9][0-9]*"
_OCCURRENCE = re.compile(
    rf"u|s{_REPEAT}|t[0-9]{{4}}-(?:0[1-9]|1[0-2])\.{_REPEAT}"
    rf"|[eg](?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})\.{_REPEAT}"
)


class Tasks(NamedTuple):
    """The ids, and for each row that holds none the reason."""

    ids: pa.Array
    wrong: dict[int, str]


def task_ids(keys: pa.Array, accounts: pa.Array, *, cut: bool) -> Tasks:
    """Check that each key is the id of a task of the account beside it; neither has a null.

    `cut` says that accounts are Salesforce ids cut to 15 characters, so that those in the ids of
    tasks are cut too.
    """
    odd = np.flatnonzero(~_plain(keys, accounts))
    if not len(odd):
        return Tasks(keys, {})
    at = pa.array(odd)
    found = _apart(keys.take(at), accounts.take(at), cut=cut)
    if cut:
        mask = np.zeros(len(keys), np.bool_)
        mask[odd] = True
        keys = pc.replace_with_mask(keys, pa.array(mask), found.ids)
    return Tasks(keys, {int(odd[row]): why for row, why in found.wrong.items()})


def _plain(keys: pa.Array, accounts: pa.Array) -> Mask:
    """Mark the keys that begin with their account and go on as the id of a task does."""
    good = np.zeros(len(keys), np.bool_)
    texts, names = keys.view(pa.binary()), accounts.view(pa.binary())
    lengths = pc.binary_length(names).to_numpy()
    several, counts = np.unique(lengths, return_counts=True)
    for length in several[np.argsort(-counts)][:_LENGTHS].tolist():
        rows = np.flatnonzero(lengths == length)
        here, theirs = texts, names
        if len(rows) < len(keys):
            here, theirs = texts.take(pa.array(rows)), names.take(pa.array(rows))
        same = pc.equal(pc.binary_slice(here, 0, length), theirs).to_numpy(zero_copy_only=False)
        ends = pc.binary_slice(here, length, _LONGEST).dictionary_encode()
        known = np.array([_is_end(end) for end in ends.dictionary.to_pylist()], np.bool_)
        good[rows] = same & known[ends.indices.to_numpy()]
    return good


def _is_end(end: bytes) -> bool:
    """Tell whether this is what follows the account in the id of a task."""
    head, _, rest = end.decode(errors="replace").partition(":")
    activity, _, occurrence = rest.partition(":")
    return not head and _is_activity(activity) and _is_occurrence(occurrence)


def _apart(keys: pa.Array, accounts: pa.Array, *, cut: bool) -> Tasks:
    """Take keys apart and say what is wrong with them; the ids count where nothing is."""
    split = pc.split_pattern(keys, ":", max_splits=_PARTS - 1, reverse=True)
    whole = pc.equal(pc.list_value_length(split), _PARTS).to_numpy(zero_copy_only=False)
    wrong = dict.fromkeys(np.flatnonzero(~whole).tolist(), "it has no two colons")
    rows = np.flatnonzero(whole)
    parts = split.filter(pa.array(whole)).flatten()
    at = np.arange(0, len(parts), _PARTS)
    account, activity, occurrence = (parts.take(pa.array(at + part)) for part in range(_PARTS))
    if cut:
        account = account_ids.cut(account)
    for row in _failing(activity, _is_activity):
        wrong[int(rows[row])] = f"`{short(activity[row].as_py())}` is not the id of an activity"
    for row in _failing(occurrence, _is_occurrence):
        why = f"`{short(occurrence[row].as_py())}` is no occurrence, such as s1 or t2026-11.1"
        wrong.setdefault(int(rows[row]), why)
    theirs = accounts.take(pa.array(rows))
    for row in np.flatnonzero(~pc.equal(account, theirs).to_numpy(zero_copy_only=False)).tolist():
        why = f"the entry is of the account `{short(theirs[row].as_py())}`"
        wrong.setdefault(int(rows[row]), why)
    joined = pc.binary_join_element_wise(account, activity, occurrence, ":")
    return Tasks(pc.replace_with_mask(keys, pa.array(whole), joined), wrong)


def _failing(texts: pa.Array, holds: Callable[[str], bool]) -> list[int]:
    """Give the rows whose text does not hold, each distinct text judged once."""
    coded = texts.dictionary_encode()
    good = np.array([holds(text) for text in coded.dictionary.to_pylist()], dtype=np.bool_)
    failing: list[int] = np.flatnonzero(~good[coded.indices.to_numpy()]).tolist()
    return failing


def _is_activity(text: str) -> bool:
    return _KEBAB.fullmatch(text) is not None


def _is_occurrence(text: str) -> bool:
    found = _OCCURRENCE.fullmatch(text)
    if found is None:
        return False
    try:
        return found["day"] is None or bool(date.fromisoformat(found["day"]))
    except ValueError:
        return False
