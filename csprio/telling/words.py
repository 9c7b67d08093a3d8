"""`csprio log ACCOUNT KIND ...`: the words of a command line as entries of the journal.

Comes in: the words, what options say, the book. Goes out: entries, or a `Stop` (exit 2) with what
is wrong and what to write instead. Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csprio import pipeline
from csprio.journal import CHURNED, CLOSINGS, KINDS, NEW_ARR, RENEWED, Holds
from csprio.keep import one_line
from csprio.problems import ExitCode, Place, Problem, Stop, policy_stop, problem
from csprio.read.amounts import Bad
from csprio.read.dates import day_of
from csprio.read.literals import iso_date
from csprio.read.wording import close, short
from csprio.telling.account import account_called
from csprio.telling.entry import Entry
from csprio.telling.overrides import unexplained
from csprio.telling.tasks import TaskIds
from csprio.telling.values import Value, Values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from csprio.pipeline import Graded, Inputs

HERE = Place("")
RESERVED = (CHURNED, RENEWED, *NEW_ARR)
# How each kind is told, after the account.
FORMS = {
    "grade": "grade B2",
    "size": "size A",
    "potential": "potential 120k",
    "likelihood": "likelihood 1",
    "tier": "tier 1",
    "motion": "motion growth",
    "event": 'event new-group "who and what"',
    "touch": 'touch call "what was said"',
    "review": 'review meeting "what was decided"',
    "kpi": "kpi seats-in-use 412",
    "done": 'done TASK "what came of it"',
    "skipped": 'skipped TASK "why"',
    "snoozed": "snoozed TASK --until DATE",
    "reopened": 'reopened TASK "why"',
}
_SETS_LEVEL = ("grade", "likelihood")
_MOST_WORDS = 2


@dataclass(frozen=True)
class Said:
    """The words of a command line, and its options as typed."""

    words: tuple[str, ...]
    until: str | None = None
    note: str = ""
    likelihood: str | None = None


@dataclass
class _Draft:
    """An entry while it is made."""

    kind: str
    rest: list[str]
    day: date
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, **facts: object) -> None:
        self.problems.append(problem(code, HERE, **facts))


def entries_of(inputs: Inputs, said: Said) -> list[Entry]:
    """Make the entries that a command line tells."""
    name, kind, rest = _parts(said.words)
    account = None if name is None else account_called(inputs, name)
    graded = pipeline.grade(inputs, () if account is None else (account,))
    draft = _Draft(kind, rest, inputs.question.as_of)
    values = Values(inputs)
    made = _entry(draft, account, said, graded, values)
    found = [made] if made else []
    if made and said.likelihood is not None:
        found += _likelihood(draft, made, said.likelihood, values)
    if not draft.problems:
        draft.problems += unexplained(inputs, found, "by --note WHY")
    if draft.problems:
        raise Stop(ExitCode.POLICY, draft.problems)
    return found


def _parts(words: Sequence[str]) -> tuple[str | None, str, list[str]]:
    """Give the account (None where the task says it), the kind, and the words after it."""
    first, *rest = words
    if first.casefold() in CLOSINGS:
        return None, first.casefold(), rest
    if not rest:
        forms = f"one of {', '.join(KINDS)}"
        raise policy_stop("value-missing", HERE, kind=short(first), what="a kind", form=forms)
    kind, *rest = rest
    if kind.casefold() not in KINDS:
        raise policy_stop("unknown-kind", HERE, kind=short(kind), hint=_kind_hint(first, kind))
    return first, kind.casefold(), rest


def _kind_hint(first: str, kind: str) -> str:
    """Say which kind was probably meant, else which there are."""
    if kind.casefold() in RESERVED:
        return f"write `event {kind.casefold()}`"
    if first.casefold() in KINDS:
        return f"the account comes first: write `ACCOUNT {FORMS[first.casefold()]}`"
    near = close(kind, KINDS)
    kinds = ", ".join(f"`{each}`" for each in KINDS)
    return f"did you mean `{near}`?" if near else f"write one of {kinds}"


def _entry(
    draft: _Draft, account: str | None, said: Said, graded: Graded, values: Values
) -> Entry | None:
    """Make the entry itself; None where a problem was found."""
    key, value = _words_of(draft)
    if draft.problems:
        return None
    holds = KINDS[draft.kind]
    if holds.key is Holds.TASK:
        found = TaskIds(graded).find(key, draft.kind, HERE)
        if isinstance(found, Problem):
            draft.problems.append(found)
            return None
        key, account = found, found.rsplit(":", 2)[0]
    key, wanted = _key_and_value(draft, key)
    read = values.one(wanted, value, HERE) if value else Value("")
    if isinstance(read, Problem):
        draft.problems.append(read)
        read = Value("")
    until = _until(draft, key, said.until)
    note = one_line(said.note)
    if draft.problems or account is None:
        return None
    return Entry(account, draft.kind, key, read.text, until, note, read.amount)


def _words_of(draft: _Draft) -> tuple[str, str]:
    """Give the words that are the key and the value, none of them too many or missing."""
    kind = KINDS[draft.kind]
    form = f"`{FORMS[draft.kind]}`"
    why = form if kind.value is Holds.TEXT else f'`{FORMS[draft.kind]} --note "why"`'
    most = 1 if kind.key is Holds.NOTHING else _MOST_WORDS
    if len(draft.rest) > most:
        draft.report("words-left", word=short(draft.rest[most]), kind=draft.kind, form=why)
    words = [word.strip() for word in draft.rest[:most]]
    needs_key = kind.key in {Holds.TASK, Holds.NAME}
    needs_value = kind.value is not Holds.TEXT
    if kind.key is Holds.NOTHING:
        key, value, there = "", *(words or [""]), bool(words)
        blank = not value and draft.kind != "tier"
    else:
        key, value = (*words, "", "")[:_MOST_WORDS]
        there, blank = bool(key) or not needs_key, needs_value and not value
    if not there or blank:
        if draft.kind == "tier":
            form += ', or `tier ""` to withdraw all earlier calls'
        what = "a value" if there or kind.key is Holds.NOTHING else f"a {kind.key.value}"
        draft.report("value-missing", kind=draft.kind, what=what, form=form)
    return key, value


def _key_and_value(draft: _Draft, key: str) -> tuple[str, Holds]:
    """Spell the key, and say what the value holds; some events have a meaning of their own."""
    kind = KINDS[draft.kind]
    if kind.key is Holds.TASK:
        return key, kind.value
    key = one_line(key)
    if draft.kind == "event" and key.casefold() in RESERVED:
        key = key.casefold()
        if key in NEW_ARR:
            if len(draft.rest) < _MOST_WORDS or not draft.rest[1].strip():
                form = f"`event {key} 60k`"
                draft.report("value-missing", kind=f"event {key}", what="the new arr", form=form)
            return key, Holds.MONEY
    return key, kind.value


def _until(draft: _Draft, key: str, text: str | None) -> date | None:
    """Read the last day, where the kind takes one."""
    snoozed = draft.kind == "snoozed"
    calls = draft.kind == "tier" and any(word.strip() for word in draft.rest)
    takes = snoozed or calls or (draft.kind == "event" and key == RENEWED)
    day = draft.day
    if text is None:
        if snoozed:
            draft.report("until-missing", day=day, where="by --until DATE")
        return None
    until = iso_date(text.strip())
    if not takes:
        kind = 'tier ""' if draft.kind == "tier" else draft.kind
        draft.report("until-unused", kind=kind, remedy="leave --until out")
    elif until is None:
        found = day_of(text.strip(), None)
        code, facts = (found.code, found.facts) if isinstance(found, Bad) else ("bad-date", {})
        draft.report(code, **{"value": short(text), "order": "", **facts})
    elif until < day or (until == day and draft.kind != "tier"):
        draft.report("until-early", until=until, day=day)
    return until


def _likelihood(draft: _Draft, made: Entry, level: str, values: Values) -> list[Entry]:
    """Make the grading that comes with another entry."""
    if made.kind in _SETS_LEVEL:
        draft.report("likelihood-twice", kind=made.kind)
        return []
    read = values.one(Holds.LEVEL, level, HERE)
    if isinstance(read, Problem):
        draft.problems.append(read)
        return []
    return [Entry(made.account, "likelihood", "", read.text, None, made.note)]
