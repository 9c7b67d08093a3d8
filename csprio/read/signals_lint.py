"""What a careful reader of `signals.yaml` refuses, once its parts could be read.

Comes in: `Signals`. Goes out: problems, and the same signals in an order in which each measure and
score knows what it uses.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from csprio.fields import COMPUTED, FIELDS, GRADED
from csprio.problems import problem
from csprio.read.signal_clauses import CAP, signal_clauses, signal_fields
from csprio.read.wording import short
from csprio.rules import clauses
from csprio.tables import Kind, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from csprio.problems import Place, Problem
    from csprio.signals import Made, Measure, Part, ScoreRule, Signals

    Rule = TypeVar("Rule", Measure, ScoreRule)

# What grading makes of scores, so that no score can see it.
_AFTER = {"size", "likelihood", "grade", "tier", "tiername", "basis", "borderline"}
_OWN = {plain(field.name): field for field in (*FIELDS, *COMPUTED, *GRADED)}
_SIGNS = ",=<>!"
_NESTS = ("any", "all")
_LISTED = 12  # names of a circle
_COUNTED = (Kind.MONEY, Kind.NUMBER, Kind.WHOLE, Kind.SHARE)


def check_signals(signals: Signals, problems: list[Problem]) -> Signals:
    """Check names, fields and circles; give the signals in the order in which they are computed."""
    made = _check_names(signals, problems)
    problems += [_after(name, place) for name, place in _seen(signals) if plain(name) in _AFTER]
    _check_divisors(signals, made, problems)
    for score in signals.scores:
        for part in score.parts:
            _check_part(part, made, problems)
    return _in_order(_as_declared(signals, made), made, problems)


def _check_names(signals: Signals, problems: list[Problem]) -> dict[str, Made]:
    """Refuse fields of one name, and those that csprio has itself; give the first of each name."""
    taken: dict[str, Made] = {}
    for made in signals.made():
        folded, remedy = plain(made.field), "give it another name"
        first = taken.get(folded)
        if first is not None:
            again = "" if first.field == made.field else f"`{short(first.field)}`, "
            why = f"{again}{first.what} on line {first.place.line}, has the same name"
            remedy = "give one of them another name"
        elif folded in _OWN:
            why = f"`{_OWN[folded].name}` is a field of csprio"
        elif made.field.casefold() in _NESTS:
            why = "the word nests conditions"
        elif not folded:
            why = "it has no letter or digit"
        elif set(made.field) & set(_SIGNS):
            why = f"`--add` and `--where` could not name it, with one of `{_SIGNS}` in it"
        else:
            taken[folded] = made
            continue
        facts = {"name": short(made.field), "what": made.what, "why": why, "remedy": remedy}
        problems.append(problem("signal-name", made.place, **facts))
    return taken


def _seen(signals: Signals) -> Iterator[tuple[str, Place]]:
    """Walk the fields of accounts that measures and scores look at."""
    yield from signal_fields(signals)
    for scope, clause in signal_clauses(signals):
        if scope == CAP:
            yield clause.field, clause.place


def _after(name: str, place: Place) -> Problem:
    return problem("score-sees-grade", place, field=short(name))


def _check_divisors(signals: Signals, made: Mapping[str, Made], problems: list[Problem]) -> None:
    """Refuse to divide by what is no number, or is known only after the measures."""
    measures = {measure.name for measure in signals.measures}
    measures |= {match.name for match in signals.matches}
    for measure in signals.measures:
        own, found = _OWN.get(plain(measure.per)), made.get(plain(measure.per))
        what = ""
        if found is not None:
            what = found.what if found.rule not in measures else ""
            what = what or ("a date" if found.holds == "date" else "")
        elif own is not None and own.kind not in _COUNTED and plain(measure.per) not in _AFTER:
            what = "a date" if own.kind is Kind.DATE else "a text"
        if what:
            place = measure.places.get("per", measure.place)
            problems.append(problem("per-field", place, field=short(measure.per), what=what))


def _check_part(part: Part, made: Mapping[str, Made], problems: list[Problem]) -> None:
    """Refuse values that earn 0 and 100 points where a text or a date is counted."""
    folded = plain(part.field)
    own, found = _OWN.get(folded), made.get(folded)
    holds = found.holds if found is not None else "number"
    if found is None and own is not None and own.kind not in _COUNTED:
        holds = "date" if own.kind is Kind.DATE else "text"
    if part.zero is None or holds == "number" or folded in _AFTER:
        return
    why = f"is a {holds}, which has no `zero` and no `full`"
    remedy = "say under `points:` what each text earns"
    if holds == "date":
        remedy = (
            "use a number of days, such as tenure_days, renewal_in or a measure that takes since"
        )
    facts = {"field": short(part.field), "why": why, "remedy": remedy}
    problems.append(problem("part-points", part.place, **facts))


def _as_declared(signals: Signals, made: Mapping[str, Made]) -> Signals:
    """Write the fields that signals make as they are declared, however they are spelled in use."""

    def declared(name: str) -> str:
        return made[plain(name)].field if plain(name) in made else name

    measures = [replace(each, per=declared(each.per)) for each in signals.measures]
    scores = [
        replace(
            score,
            parts=tuple(replace(part, field=declared(part.field)) for part in score.parts),
        )
        for score in signals.scores
    ]
    return replace(signals, measures=tuple(measures), scores=tuple(scores))


def _in_order(signals: Signals, made: Mapping[str, Made], problems: list[Problem]) -> Signals:
    """Put what is used before what uses it, measures and scores each among themselves."""

    def rules(names: Iterable[str]) -> list[str]:
        return [made[plain(name)].rule for name in names if plain(name) in made]

    divides = {measure.name: rules([measure.per]) for measure in signals.measures}
    uses = {
        score.name: rules(
            [part.field for part in score.parts]
            + [clause.field for cap in score.caps for clause in clauses(cap.when)]
        )
        for score in signals.scores
    }
    measures = _ordered(signals.measures, divides, "measures", problems)
    scores = _ordered(signals.scores, uses, "scores", problems)
    return replace(signals, measures=measures, scores=scores)


def _ordered(
    rules: Sequence[Rule], uses: Mapping[str, list[str]], what: str, problems: list[Problem]
) -> tuple[Rule, ...]:
    """Put each behind what it uses, else as they stand; report circles that share no rule."""
    by_name = {rule.name: rule for rule in rules}
    done: dict[str, Rule] = {}
    told: set[str] = set()
    for start in by_name:
        path = {} if start in done else {start: iter(uses[start])}
        while path:  # depth first, without recursion: a file may chain thousands
            name = next(reversed(path))
            used = next((one for one in path[name] if one in by_name and one not in done), None)
            if used is None:
                done[name] = by_name[name]
                del path[name]
            elif used not in path:
                path[used] = iter(uses[used])
            else:
                names = list(path)
                circle = names[names.index(used) :]
                if not told.intersection(circle):
                    told.update(circle)
                    problems.append(_circle(circle, what, by_name[used].place))
    return tuple(done.values())


def _circle(names: list[str], what: str, place: Place) -> Problem:
    first = [short(name) for name in names[:_LISTED]]
    more = [f"{len(names) - _LISTED} more"] if len(names) > _LISTED else []
    shown = " -> ".join([*first, *more, short(names[0])])
    return problem("score-cycle", place, what=what, names=shown)


def check_sources(signals: Signals, problems: list[Problem]) -> None:
    """Warn of sources that nothing is taken from."""
    users = (*signals.events, *signals.measures, signals.rfm, signals.clv)
    used = {user.source for user in users if user is not None}
    problems += [
        problem("source-unused", source.place, source=short(source.name))
        for source in signals.sources.values()
        if source.name not in used
    ]
