"""The dates of one activity for one account: anchors, repeats, bounds, rolls, task ids."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from naive.playbook import Activity, When
from naive.terms import Term, Terms
from naive.workdays import Span, Workdays

SLACK = timedelta(days=62)  # more than any roll can move a date
BY_TERM = {"term", "renewal", "notice"}
UNDATED = {"start", "term", "renewal"}


@dataclass(frozen=True)
class Life:
    """What an account's dates hang on.

    ``events`` have their names in lower case; ``logged`` are the days of those that ``event any``
    means.
    """

    start: date | None
    graded: date | None
    notice_days: int | None
    terms: Terms
    events: tuple[tuple[date, str], ...] = ()
    logged: tuple[date, ...] = ()


@dataclass(frozen=True)
class Anchor:
    """A day that an activity is counted from, its tag in task ids, and the term it is in."""

    day: date
    tag: str
    term: Term | None


@dataclass(frozen=True)
class Task:
    """One occurrence: what, when (nothing when undated), which one, and counted from where."""

    activity: Activity
    occurrence: str
    due: date | None
    anchor: Anchor | None = None


def undated(activity: Activity) -> Task:
    """Stand in for an activity of an account that has no dates at all."""
    return Task(activity, "u", None)


def tasks_due(activity: Activity, life: Life, days: Workdays, low: date, high: date) -> list[Task]:
    """List the tasks due in a range, both ends in, whatever term they belong to."""
    anchors = [*_once(activity.due, life)]
    if activity.due.anchor in BY_TERM:
        reach = SLACK + timedelta(days=_days(activity.due.offset) + (life.notice_days or 0))
        terms = life.terms.between(low - reach, high + reach)
        anchors = [anchor for term in terms for anchor in _in_term(activity.due, life, term)]
    tasks = [task for anchor in anchors for task in _of_anchor(activity, anchor, life, days, high)]
    return [task for task in tasks if task.due and low <= task.due <= high]


def tasks_of_term(activity: Activity, life: Life, days: Workdays, term: Term) -> list[Task]:
    """List the tasks that belong to one term, wherever their dates lie."""
    anchors = _in_term(activity.due, life, term)
    return [
        task for anchor in anchors for task in _of_anchor(activity, anchor, life, days, term.end)
    ]


def _days(offset: Span | None) -> int:
    """Give more days than an offset can have."""
    longest = {"d": 1, "bd": 4, "w": 7, "mo": 31, "q": 93, "y": 366}
    return abs(offset.count) * longest[offset.unit] if offset else 0


def _once(due: When, life: Life) -> Iterator[Anchor]:
    """Anchors that no term repeats: the start, the grading, each event."""
    if due.anchor == "start" and life.start:
        yield Anchor(life.start, "s", life.terms.around(life.start))
    graded = life.graded or life.start
    if due.anchor == "graded" and graded:
        yield Anchor(graded, f"g{graded}.", life.terms.around(graded))
    if due.anchor == "event":
        wanted = due.event.casefold()
        days = {one for one, name in life.events if name == wanted}
        if wanted == "any":
            days = {*life.logged}
        for one in sorted(days):
            yield Anchor(one, f"e{one}.", life.terms.around(one))


def _in_term(due: When, life: Life, term: Term) -> Iterator[Anchor]:
    """Anchors that each term has one of."""
    tag = f"t{term.month}."
    if due.anchor == "term":
        yield Anchor(term.first, tag, term)
    elif due.anchor == "renewal":
        yield Anchor(term.end, tag, term)
    elif due.anchor == "notice" and life.notice_days:
        yield Anchor(term.end - timedelta(days=life.notice_days), tag, term)


def _of_anchor(
    activity: Activity, anchor: Anchor, life: Life, days: Workdays, high: date
) -> list[Task]:
    """Date the repeats of one anchor; of those that roll onto one day the first is kept."""
    bound = _until(activity, anchor, days)
    found: dict[date, Task] = {}
    for number, raw in _repeats(activity, anchor, days):
        ended = activity.every and bound and raw >= bound
        late = activity.due.anchor == "term" and anchor.term and raw >= anchor.term.end
        past_times = activity.times is not None and number > activity.times
        if ended or late or past_times or (activity.every and raw > high + SLACK):
            break
        due = _rolled(activity, anchor, raw, bound, life=life, days=days)
        found.setdefault(due, Task(activity, f"{anchor.tag}{number}", due, anchor))
    return list(found.values())


def _repeats(activity: Activity, anchor: Anchor, days: Workdays) -> Iterator[tuple[int, date]]:
    """Count from the anchor, without an end; months are added up and applied once."""
    offset, every = activity.due.offset, activity.every
    first = days.shift(anchor.day, offset)
    if every is None:
        yield 1, first
        return
    for i in count():
        if i and offset and offset.months is not None and every.months is not None:
            yield i + 1, days.shift(anchor.day, Span(offset.months + i * every.months, "mo"))
        else:
            yield i + 1, days.shift(first, every, i)


def _until(activity: Activity, anchor: Anchor, days: Workdays) -> date | None:
    """Settle the day that repeats stay before; none for what only the asked range ends."""
    until = activity.until
    if isinstance(until, date):
        return until
    if until is None:
        return anchor.term.end if activity.due.anchor == "term" and anchor.term else None
    if until.anchor == "renewal":
        return days.shift(anchor.term.end, until.offset) if anchor.term else None
    return days.shift(anchor.day, until.offset)


def _rolled(  # noqa: PLR0913 - a roll looks at all of these
    activity: Activity, anchor: Anchor, raw: date, bound: date | None, *, life: Life, days: Workdays
) -> date:
    """Move a date off a day off, the other way where it would pass a bound that it had kept."""
    roll, by_term = activity.roll, activity.due.anchor
    if by_term in {"renewal", "notice"} and life.start and raw < life.start:
        raw, roll = life.start, "next"
    if roll == "none" or days.is_worked(raw):
        return raw
    if roll == "previous":
        return days.earlier(raw)
    limits = [bound] if bound else []
    if by_term in {"term", "renewal"} and anchor.term:
        limits.append(anchor.term.end)
    later = days.later(raw)
    return days.earlier(raw) if any(raw <= limit < later for limit in limits) else later
