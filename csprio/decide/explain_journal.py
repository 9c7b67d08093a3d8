"""What the journal tells of the account, entry by entry, and what came of each.

In: the subject. Out: a step an entry seen on the day asked about, in the order that counts; which
of them decide was found by the memory, here it is only put into words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csprio.decide.explain_subject import Step, at, shown
from csprio.journal import CHURNED, CLOSINGS, NEW_ARR, RENEWED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from csprio.decide.explain_subject import Entry, Subject

    _Teller = Callable[[Entry, Subject], Iterator[str]]

_AXES = {
    "grade": ("size", "level"),
    "size": ("size",),
    "potential": ("size",),
    "likelihood": ("level",),
}
_CALLED = {"size": "size", "level": "likelihood"}


def journal(subject: Subject) -> Iterator[Step]:
    """Explain every entry of the account, and count those that are not seen yet."""
    of_kind: dict[str, _Teller] = {
        **dict.fromkeys(_AXES, _grading),
        **dict.fromkeys(CLOSINGS, _closing),
        "tier": _call,
        "motion": _motion,
        "event": _event,
    }
    for entry in subject.entries.values():
        said = of_kind.get(entry.kind, _other)(entry, subject)
        what = " ".join(filter(None, [entry.kind, entry.key]))
        yield Step("journal", what, entry.value, "; ".join([*said, entry.said]), entry.place)
    yield from _later(subject)


def _later(subject: Subject) -> Iterator[Step]:
    entries = subject.journal.entries
    as_of = pa.scalar(subject.schedule.as_of.astype(object), pa.date32())
    later = pc.and_(pc.equal(entries["account_id"], subject.id), pc.greater(entries["date"], as_of))
    numbers = pc.indices_nonzero(pc.fill_null(later, False)).to_pylist()  # noqa: FBT003
    if numbers:
        why = "dated after the day asked about, so not seen"
        yield Step("journal", "later", str(len(numbers)), why, subject.journal.place(numbers[0]))


def _grading(entry: Entry, subject: Subject) -> Iterator[str]:
    told = {"size": subject.codes.told.size, "level": subject.codes.told.level}
    for axis in _AXES[entry.kind]:
        name, decides = _CALLED[axis], subject.decider(axis)
        if decides.at != entry.at:
            yield f"{name}: {at(decides.place)} is later"
        elif told[axis][subject.row] >= 0:
            yield f"sets the {name}"
        else:
            graded_on = shown(subject.cell("graded_on"))
            yield f"{name}: gives way to the cells, as graded_on {graded_on} is later"
    if entry.at == subject.deciding["amount"]:
        yield (
            "the last amount known"
            if subject.counts("potential") == entry.amount
            else f"the amount gives way to the cell {shown(subject.counts('potential'))}"
        )


def _call(entry: Entry, subject: Subject) -> Iterator[str]:
    """Tell what came of a call: it counts, it ended, it was withdrawn, another is later."""
    until = f" until {entry.until}" if entry.until and entry.value else ""
    ended = _ended(entry, subject)
    calls = [each for each in subject.entries.values() if each.kind == "tier"]
    last = next((each for each in reversed(calls) if not _ended(each, subject)), None)
    if not entry.value:
        yield "withdraws all calls before it"
    elif ended:
        yield f"ended on {entry.until}"
    elif last is not None and last.at == entry.at:
        yield f"the call that counts{until}"
    if last is not None and last.at > entry.at and not ended:
        yield f"{at(last.place)} {'is later' if last.value else 'withdraws it'}"


def _ended(entry: Entry, subject: Subject) -> bool:
    """Tell whether a call has come to its last day."""
    as_of = subject.schedule.as_of.astype(object)
    return bool(entry.value and entry.until and entry.until < as_of)


def _motion(entry: Entry, subject: Subject) -> Iterator[str]:
    yield from _decides("motion", "the motion that counts", entry, subject)


def _decides(name: str, words: str, entry: Entry, subject: Subject) -> Iterator[str]:
    """Say that an entry decides a thing, or which later one does."""
    decides = subject.decider(name)
    yield words if decides.at == entry.at else f"{at(decides.place)} is later"


def _event(entry: Entry, subject: Subject) -> Iterator[str]:
    name = entry.key.casefold()
    if name in NEW_ARR:
        words = f"arr is {shown(subject.counts('arr'))}"
        yield from _decides("arr", words, entry, subject)
    if name == CHURNED:
        yield from _decides("status", "inactive until an event renewed", entry, subject)
    if name == RENEWED and entry.until:
        yield from _decides("renewal_date", f"renewal_date is {entry.until}", entry, subject)
    if name == RENEWED:
        places, _, boundaries = subject.schedule.standing.renewals
        for boundary in boundaries[places == entry.at]:
            yield f"ends what is due by the renewal of the term that begins on {boundary}"
    either = "" if entry.heard or name == CHURNED else " and `event any`"
    yield f"dates activities of `event {entry.key}`{either}"


def _closing(entry: Entry, subject: Subject) -> Iterator[str]:
    if entry.at in subject.schedule.standing.closings.deciding:
        yield "decides the task"
    else:
        later = [each for each in subject.entries.values() if each.at > entry.at]
        alike = [each for each in later if each.key == entry.key and each.kind in CLOSINGS]
        yield f"{at(alike[-1].place)} is later" if alike else "no task has this id"


def _other(entry: Entry, subject: Subject) -> Iterator[str]:
    """Tell of a touch or a review whether it is the last; of a kpi nothing comes yet."""
    if entry.kind == "kpi":
        yield "nothing depends on it"
    elif entry.day == subject.counts("last_touch"):
        yield "the last touch"
    else:
        yield f"the last touch is of {shown(subject.counts('last_touch'))}"
