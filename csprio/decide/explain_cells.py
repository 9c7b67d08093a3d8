"""What the accounts file says of the account, cell by cell.

In: the subject. Out: a step a cell that says anything, as read, with what was written, what is
wrong with it, and what beats it; one for those that are empty, one for those without a column.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from csprio.decide.explain_subject import Step, at, shown
from csprio.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from csprio.decide.explain_subject import Subject

READ = (
    "potential", "size", "likelihood", "grade", "graded_on", "tier", "motion", "arr",
    "start_date", "renewal_date", "term_months", "notice_days", "status",
)  # fmt: skip
BEATEN = {"motion": "motion", "arr": "arr", "renewal_date": "renewal_date", "status": "status"}


def cells(subject: Subject) -> Iterator[Step]:
    """Explain the account's row: its name, then its cells."""
    place = replace(subject.files.cell("account_id"), column="")
    name = str(subject.cell("name"))
    yield Step("account", "account", subject.id, "" if name == subject.id else name, place)
    roles = subject.schedule.policy.roles.values()
    known = {*(field.name for field in FIELDS), *(role.column for role in roles)}
    signals = subject.schedule.policy.signals
    known |= set(signals.fields if signals else ())  # which are no cells
    further = [name for name in subject.book.column_names if name not in known]
    absent: list[str] = []
    empty: list[str] = []
    for field in (*READ, *further):
        spot = subject.files.cell(field)
        if subject.cell(field) is None and subject.files.text(field) is None:
            (empty if spot.column else absent).append(field)
        else:
            why = "; ".join(_why(field, subject))
            yield Step("cell", field, shown(subject.cell(field)), why, spot)
    if empty:
        yield Step("cell", "empty", "", ", ".join(empty), place)
    if absent:
        yield Step("cell", "no column", "", ", ".join(absent), replace(place, line=0))


def _why(field: str, subject: Subject) -> Iterator[str]:
    """Say how a cell was read, what is wrong with it, and what beats it."""
    text, value = subject.files.text(field), shown(subject.cell(field))
    if text is None:
        yield "from another row of this account, by `combine:`"
    elif text != value:
        yield f"written `{text}`"
    for found in subject.files.found.get(subject.files.cell(field), ()):
        yield f"{found.code}: {found.message}"
    if field == "graded_on" and subject.cell(field) and subject.cell(field) > _as_of(subject):
        yield "after the day asked about, so it does not count"
    teller = subject.decided(BEATEN[field]) if field in BEATEN else None
    if teller is not None and subject.counts(field) != subject.cell(field):
        yield f"{at(teller.place)} says {shown(subject.counts(field))}, which counts"
    call = subject.decided("call") if field == "tier" else None
    if call is not None:
        yield f"{at(call.place)} calls tier {call.value}, which counts"


def _as_of(subject: Subject) -> object:
    return subject.schedule.as_of.astype(object)
