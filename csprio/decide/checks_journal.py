"""What in the journal deserves a word once the book and the policy are known.

In: the journal, its memory, the graded book, the policy, the team. Out: findings about entries.
Over the whole book: accounts, names and events that are alike are reported once, with a count.
Only distinct names are walked, never entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.checks_policy import activities
from csprio.decide.dates import days_of
from csprio.decide.wanted import many, meant, nearest
from csprio.journal import CHURNED, NEW_ARR, RENEWED
from csprio.problems import EntryFinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from csprio.decide.memory import Memory
    from csprio.journal import Journal
    from csprio.rules import Policy
    from csprio.team import Team

    Mask = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]

ONE_BY_ONE = 20  # unknown accounts that are reported singly
NAMED_LATELY = np.timedelta64(365, "D")  # how long a name in `by` is looked at
RESERVED = (CHURNED, RENEWED, *NEW_ARR)
_ALIKE, _NEAR, _FIRST = 0.85, 0.6, 500
_ENTRY = ("entry", "entries")


def nothing_overdue(journal: Journal, memory: Memory, path: str | None) -> tuple[str, str] | None:
    """Say why nothing is overdue and what to do, where tracking has not begun."""
    if not np.isnat(memory.tracking):
        return None
    if journal.exists:
        why = "the journal has no task yet that is done, skipped or snoozed"
        return why, "log what is finished, as `csprio log done TASK`"
    if path is not None:
        return f"there is no journal {path} yet", "`csprio log ACCOUNT KIND` begins it"
    return "there is no journal", (
        "name one by `journal: journal.csv` in csprio.yaml, and tell it what happens by"
        " `csprio log`"
    )


def dated_ahead(journal: Journal, as_of: np.datetime64) -> Iterator[EntryFinding]:
    """Find the entries dated after the day asked about: the first one speaks for all."""
    days = days_of(journal.entries["date"])
    seen = int(np.searchsorted(days, as_of, "right"))
    if seen < len(days):
        entries = many(len(days) - seen, "entry is", "entries are")
        facts = {"entries": entries, "as_of": as_of, "date": days[seen]}
        yield EntryFinding("entries-ahead", seen, "date", facts)


# --- accounts that the book does not have ---------------------------------------------------------


class _Distinct(NamedTuple):
    """The distinct texts of a column, in the order of their first row, with that and a count."""

    texts: list[str]
    first: Ints
    times: Ints


def _distinct(column: pa.ChunkedArray, rows: Ints) -> _Distinct:
    """Find the distinct texts in some rows of a column; nulls are none."""
    coded = column.take(pa.array(rows)).combine_chunks().dictionary_encode()
    known = np.asarray(coded.is_valid().to_numpy(zero_copy_only=False))
    codes, at = np.asarray(coded.indices.fill_null(0).to_numpy()), np.flatnonzero(known)
    _, first, count = np.unique(codes[at], return_index=True, return_counts=True)
    return _Distinct(coded.dictionary.to_pylist(), rows[at[first]], count)


def unknown_accounts(journal: Journal, table: pa.Table) -> Iterator[EntryFinding]:
    """Find the accounts of the journal that the book does not have; those that left are let be."""
    ids = table["account_id"].combine_chunks()
    column = journal.entries["account_id"]
    named = pc.unique(column)
    strange = named.filter(pc.invert(pc.is_in(named, value_set=ids)))
    if not len(strange):
        return
    rows = np.flatnonzero(np.asarray(pc.is_in(column, value_set=strange)))
    left = _left(journal, rows)
    rows = rows[~np.asarray(pc.is_in(column.take(pa.array(rows)), value_set=left))]
    found = _distinct(column, rows)
    singly = found.texts[:ONE_BY_ONE]
    for text, entry, count in zip(singly, found.first.tolist(), found.times.tolist(), strict=False):
        facts = {"value": text, "entries": many(count, *_ENTRY), "hint": _hint(text, table)}
        yield EntryFinding("entry-account", entry, "account_id", facts)
    rest = len(found.texts) - len(singly)
    if rest:
        entries = many(int(found.times[ONE_BY_ONE:].sum()), *_ENTRY)
        facts = {"accounts": many(rest, "more account"), "entries": entries}
        facts |= {"value": found.texts[ONE_BY_ONE]}
        yield EntryFinding("entry-accounts", int(found.first[ONE_BY_ONE]), "account_id", facts)


def _left(journal: Journal, rows: Ints) -> pa.Array:
    """Name the accounts whose entries in these rows say that they churned, and not renewed."""
    entries = journal.entries.select(["account_id", "kind", "key"]).take(pa.array(rows))
    name = pc.utf8_lower(entries["key"])
    told = pc.and_(
        pc.equal(entries["kind"], "event"),
        pc.is_in(name, value_set=pa.array([CHURNED, RENEWED])),
    )
    accounts = entries["account_id"].filter(told).combine_chunks().dictionary_encode()
    left = np.zeros(len(accounts.dictionary), bool)
    left[accounts.indices] = pc.equal(name.filter(told), CHURNED)  # of several the last one stays
    return accounts.dictionary.filter(pa.array(left))


def _hint(value: str, table: pa.Table) -> str:
    """Say which account is meant: one of that name, else those with the nearest ids."""
    ids, names = (table[column].combine_chunks() for column in ("account_id", "name"))
    folded = value.casefold()
    called = pc.fill_null(pc.equal(pc.utf8_lower(names), folded), False)  # noqa: FBT003
    theirs = ids.filter(called).slice(0, 2).to_pylist()
    if theirs:
        one = " or ".join(f"`{each}`" for each in theirs)
        return f"that is the name of the account {one}: write its id"
    return f"{meant(value, _near_ids(folded, ids))}correct it, or add the account to the book"


def _near_ids(folded: str, ids: pa.Array) -> list[str]:
    """Find ids that begin or end as this one does: a slip spares one half or the other."""
    lower, half = pc.utf8_lower(ids), (len(folded) + 1) // 2
    found = []
    for alike in (pc.ends_with(lower, folded[-half:]), pc.starts_with(lower, folded[:half])):
        found += ids.filter(alike).slice(0, _FIRST).to_pylist()
    return found


# --- calls, events, names -------------------------------------------------------------------------


def ended_calls(memory: Memory, table: pa.Table, asked: Mask) -> Iterator[EntryFinding]:
    """Find the last call of each account that has ended, where the account's tier is another."""
    track = memory.track("tier")
    last = track.last(memory.now)
    rows = np.flatnonzero(asked & (last >= 0))
    calls = last[rows]
    until = days_of(memory.column("until", track))[calls]
    tier = memory.column("value", track).take(pa.array(calls))
    now = table["tier"].take(pa.array(rows))
    same = np.asarray(pc.fill_null(pc.equal(tier, now), False))  # noqa: FBT003
    for at in np.flatnonzero((until < memory.as_of) & ~same & np.asarray(tier.is_valid())).tolist():
        after = now[at].as_py()
        said = (
            "the account has no tier now"
            if after is None
            else f"the account is in tier {after} now"
        )
        account = table["account_id"][int(rows[at])].as_py()
        facts = {"tier": tier[at].as_py(), "until": until[at], "now": said, "account": account}
        yield EntryFinding("call-ended", memory.number_at(track.at[calls[at]]), "until", facts)


def unheard_events(memory: Memory, policy: Policy) -> Iterator[EntryFinding]:
    """Find events that people told and no activity listens to, each name once.

    Where something listens to every event, only a name that nearly is one of those listened to.
    """
    track, names = memory.events
    found = _distinct(pa.chunked_array([names]), np.flatnonzero(~memory.heard(track)))
    heard = {each.due.event.casefold() for each, _ in activities(policy) if each.due.event}
    by_name = sorted(heard - {"any"})
    all_heard = "any" in heard
    for name, first, count in zip(*found, strict=True):
        close = nearest(name, by_name, _ALIKE if all_heard else _NEAR)
        if name in {*heard, *RESERVED} or (all_heard and close is None):
            continue
        hint = (
            f"did you mean `{close}`?"
            if close
            else f"give an activity `due: event {name}`, if it matters"
        )
        facts = {"event": name, "entries": many(count, *_ENTRY), "hint": hint}
        facts["how"] = " in particular" if all_heard else ""
        yield EntryFinding("event-unheard", memory.number_at(track.at[first]), "key", facts)


def unknown_writers(journal: Journal, team: Team, as_of: np.datetime64) -> Iterator[EntryFinding]:
    """Find the names in `by` of a year's entries that nobody in the team has, each once."""
    known = team.named()
    days = days_of(journal.entries["date"])
    rows = np.flatnonzero(days >= as_of - NAMED_LATELY)
    for name, entry, count in zip(*_distinct(journal.entries["by"], rows), strict=True):
        if name.casefold() not in known:
            hint = meant(name, team.names) + "add the person to the team, if it is no one who left"
            facts = {"value": name, "entries": f" ({many(count, *_ENTRY)})", "hint": hint}
            yield EntryFinding("by-unknown", entry, "by", facts)
