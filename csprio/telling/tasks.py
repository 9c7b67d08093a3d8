"""Which task somebody means: a whole id, or a part of one that no other task has.

Comes in: the graded book and a text. Goes out: a task's id, or a problem that offers the closest.
Nothing here changes how a task stands.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csprio import pipeline
from csprio.decide.calendar import Tasks, current_span, dated, task_ids, undated
from csprio.decide.listed import Window, listed
from csprio.decide.occurrences import Span
from csprio.decide.standing import STATUSES
from csprio.journal import CLOSINGS
from csprio.problems import problem
from csprio.read import ids
from csprio.read import task_ids as task_form
from csprio.read.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from csprio.decide.calendar import Schedule
    from csprio.pipeline import Graded
    from csprio.problems import Place, Problem
    from csprio.rules import Policy

    Said = tuple[str, str, date | None, str]

REOPENED = "reopened"
_AROUND = np.timedelta64(400, "D")  # how far from the day asked about tasks are looked for
_LISTED = 10
_COMPARED = 5_000  # ids that a text is compared with, to find the closest
_COMPARED_ACCOUNTS = 50  # accounts whose tasks it is compared with
_FEW = 200  # accounts that are worth being planned alone
_OF_OCCURRENCES = re.compile(r"[stegu0-9.-]*")
_ENDED = [STATUSES.index(status) for status in ("done", "skipped")]
_WHERE_TO_LOOK = "csprio worklist and csprio calendar show the ids, in the column task_id"


@dataclass(frozen=True)
class TaskIds:
    """The tasks of a book: those of the accounts asked about, ids of all."""

    graded: Graded

    def find(self, text: str, kind: str, place: Place) -> str | Problem:
        """Find the one task that a text means; `kind` says what is to be told of it."""
        text = text.strip()
        if self.known(text):
            return self.spelled(text)
        found = _with_part(self._ended, text) if kind == REOPENED else self._going_on(text)
        exact = [each for each in found if f":{text.casefold()}:" in f":{each.casefold()}:"]
        found = exact if len(exact) == 1 else found  # kickoff, beside kickoff-invite
        if len(found) == 1:
            return found[0]
        if not found:
            return problem("unknown-task", place, task=short(text), hint=self._hint(text, kind))
        names = ", ".join(f"`{each}`" for each in found[:_LISTED])
        more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        facts = {"count": len(found), "listed": names + more}
        return problem("task-ambiguous", place, task=short(text), **facts)

    def whole(self, text: str, place: Place) -> str | Problem:
        """Take a whole id, as a sheet has it."""
        if self.known(text):
            return self.spelled(text)
        return problem("unknown-task", place, task=short(text), hint=self._why(text))

    def known(self, text: str) -> bool:
        """Tell whether a text is the whole id of an activity of an account of the book."""
        whole = self.spelled(text)
        account, *rest = whole.rsplit(":", 2)
        if account not in self._accounts or not rest or rest[0] not in self._activities:
            return False
        return not task_form.task_ids(pa.array([whole]), pa.array([account]), cut=False).wrong

    def spelled(self, text: str) -> str:
        """Cut a Salesforce id where the settings say so."""
        if self.graded.inputs.config.table.ids != ids.SALESFORCE or ":" not in text:
            return text
        account, _, rest = text.partition(":")
        return f"{ids.cut(pa.array([account]))[0].as_py()}:{rest}"

    @cached_property
    def last_said(self) -> dict[str, Said]:
        """What was said last of each task, on or before the day asked about."""
        journal = self.graded.inputs.journal.entries
        here = pc.and_(
            pc.is_in(journal["kind"], pa.array(CLOSINGS)),
            pc.less_equal(journal["date"], pa.scalar(self.graded.inputs.question.as_of)),
        )
        found = journal.filter(here)
        texts = [found[name].fill_null("").to_pylist() for name in ("key", "kind", "value", "note")]
        until = found["until"].to_pylist()
        return {
            key: (kind, value, day, note)
            for key, kind, value, note, day in zip(*texts, until, strict=True)
        }

    @cached_property
    def _accounts(self) -> frozenset[str]:
        return frozenset(self.graded.table["account_id"].to_pylist())

    @cached_property
    def _activities(self) -> frozenset[str]:
        return activity_ids(self.graded.inputs.policy)

    @cached_property
    def _ended(self) -> list[str]:
        """The ids of tasks that somebody has ended or put off."""
        asked = self.graded.table.filter(pa.array(self.graded.asked))["account_id"]
        mine = frozenset(asked.to_pylist())
        return sorted(
            task
            for task, (kind, *_) in self.last_said.items()
            if kind != REOPENED and task.rsplit(":", 2)[0] in mine
        )

    def _going_on(self, text: str) -> list[str]:
        """Give the ids, with a text in them, of tasks that have not ended, the nearest first."""
        meant = self._meant(text)
        if meant is not None and not meant:
            return []
        graded = replace(self.graded, accounts=meant) if meant else self.graded
        return _ids(graded, text)

    def _meant(self, text: str) -> tuple[str, ...] | None:
        """Give the accounts whose tasks alone can have a text in their ids; None: any account's.

        No plan needs to be made for the others, which is most of the work.
        """
        names = self.graded.table.filter(pa.array(self.graded.asked))["account_id"]
        head, colon, _ = text.partition(":")
        folded = head.casefold()
        if pc.any(pc.match_substring(names, ":")).as_py() or _OF_OCCURRENCES.fullmatch(folded):
            return None
        if any(each.endswith(folded) if colon else folded in each for each in self._activities):
            return None
        look = pc.ends_with if colon else pc.match_substring
        found = names.filter(look(names, head, ignore_case=True))
        return tuple(found.to_pylist()) if len(found) <= _FEW else None

    def _hint(self, text: str, kind: str) -> str:
        """Offer the closest ids, or say that the task has ended."""
        if kind == REOPENED and not self._ended:
            return "the journal has ended no task yet"
        if kind != REOPENED:
            ended = _with_part(self._ended, text)
            if len(ended) == 1:
                return f"`{ended[0]}` is {self.last_said[ended[0]][0]} already"
        close = _closest(text, self._ended if kind == REOPENED else self._near(text))
        return f"did you mean {close}?" if close else _WHERE_TO_LOOK

    def _near(self, text: str) -> list[str]:
        """Give the ids of tasks of the accounts most like the one that a text begins with."""
        names = self.graded.table.filter(pa.array(self.graded.asked))["account_id"].to_pylist()
        if len(names) > _COMPARED_ACCOUNTS:
            head = text.partition(":")[0].casefold()
            folded = {name.casefold(): name for name in names}
            names = [folded[each] for each in difflib.get_close_matches(head, folded, 3, 0.5)]
        return sorted(_ids(replace(self.graded, accounts=tuple(names)), "")) if names else []

    def _why(self, text: str) -> str:
        """Say which part of an id is not known."""
        account, *rest = self.spelled(text).rsplit(":", 2)
        if len(rest) < 2:  # noqa: PLR2004 - activity and occurrence
            return _WHERE_TO_LOOK
        if account not in self._accounts:
            return f"no account has the id `{short(account)}`"
        if rest[0] not in self._activities:
            close = _closest(rest[0], sorted(self._activities))
            return f"no plan has the activity `{short(rest[0])}`" + (
                f"; did you mean {close}?" if close else ""
            )
        return f"`{short(rest[1])}` is no occurrence such as s1 or t2026-11.1"


def activity_ids(policy: Policy) -> frozenset[str]:
    """Give the ids of all activities of all plans."""
    plans = chain.from_iterable(choice.playbook.plans.values() for choice in policy.playbooks)
    own = chain.from_iterable((plan.add, plan.replace) for plan in policy.own_plans)
    return frozenset(activity.id for plan in chain(plans, own) for activity in plan)


def _ids(graded: Graded, text: str) -> list[str]:
    """Give the ids, with a text in them, of tasks that have not ended.

    Those due nearest to the day asked about come first, the undated last.
    """
    schedule, far = pipeline.plan(graded), np.iinfo(np.int64).max
    found: dict[str, int] = {}
    for tasks in _around(schedule, graded):
        rows = pa.array(tasks.found.row)
        named = task_ids(tasks, schedule.accounts["account_id"].take(rows))
        held = pc.match_substring(named, text, ignore_case=True)
        stands = schedule.standing.of(tasks)
        wanted = pc.and_(held, pa.array(~np.isin(stands.status, _ENDED)))
        away = np.abs((stands.due - graded.as_of).astype(np.int64))
        away = pa.array(np.where(np.isnat(stands.due), far, away))
        pairs = (each.filter(wanted).to_pylist() for each in (named, away))
        found.update(zip(*pairs, strict=True))
    return sorted(found, key=lambda name: (found[name], name))


def _around(schedule: Schedule, graded: Graded) -> Iterator[Tasks]:
    """Yield the tasks of the current term, of the year around the day, and what lists have."""
    day, size = graded.as_of, len(graded.table)
    yield from dated(schedule, current_span(graded.terms, day))
    yield from dated(schedule, Span(np.full(size, day - _AROUND), np.full(size, day + _AROUND)))
    yield from undated(schedule)
    for each in listed(schedule, Window(day, day)):
        yield each.tasks


def _with_part(names: Sequence[str], text: str) -> list[str]:
    """Give the ids that have a text in them, case aside."""
    found = pc.match_substring(pa.array(names, pa.string()), text, ignore_case=True)
    return [name for name, held in zip(names, found.to_pylist(), strict=True) if held]


def _closest(text: str, names: Sequence[str]) -> str:
    """Quote the three ids most like a text."""
    folded = {name.casefold(): name for name in reversed(names[:_COMPARED])}
    close = difflib.get_close_matches(text.casefold(), folded, 3, 0.5)
    return ", ".join(f"`{folded[each]}`" for each in close)
