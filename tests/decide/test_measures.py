"""Proves measures against a walk over the rows of each account, with fractions for numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csprio.batches import PARTS, Batch, Numbers, Units
from csprio.decide import distinct
from csprio.decide.exact import column
from csprio.decide.measures import Measured, measured
from csprio.decide.tally import Tally
from csprio.rules import ALWAYS, AnyOf, Clause, Compare, Either, Not, Same
from csprio.signals import Match, Measure, Signals, SourceRule, Take

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csprio.decide.exact import Exact
    from csprio.rules import Condition

AS_OF = 20_000  # days from 1970-01-01
ACCOUNTS = 3
COUNTED = (Take.SUM, Take.COUNT, Take.DAYS, Take.DISTINCT)


@dataclass(frozen=True)
class Line:
    """A row of the source: its account (-1: a stranger), how many days ago, and its cells."""

    account: int
    ago: int
    x: Fraction | None = None
    word: str | None = None
    who: str | None = None
    answer: int | None = None

    @property
    def day(self) -> int:
        """Count the days from 1970-01-01."""
        return AS_OF - self.ago


@dataclass(frozen=True)
class Account:
    """What the accounts table says of an account."""

    began: int | None = None  # days ago
    seats: str | None = None
    needs: str | None = None


NOBODY = Account()


# --- a batch, and what a walk over its rows gives -------------------------------------------------


def plain(number: Fraction | None) -> str | None:
    """Write a number as a plain decimal."""
    return None if number is None else f"{Decimal(int(number * PARTS)).scaleb(-9):f}"


def batch(lines: Sequence[Line], first: int) -> Batch:
    """Make a batch of rows, the first of which has this number in the file."""
    parts = [0 if line.x is None else int(line.x * PARTS) for line in lines]
    answers = Units(
        np.array([line.answer or 0 for line in lines], np.int64),
        np.array([line.answer is not None for line in lines], bool),
    )
    texts = {
        "Word": pa.array([line.word for line in lines], pa.string()).dictionary_encode(),
        "who": pa.array([line.who for line in lines], pa.string()),
        "X": pa.array([plain(line.x) for line in lines], pa.string()),
    }
    return Batch(
        np.array([line.account for line in lines], np.int64),
        np.array([line.day for line in lines], np.int64),
        np.arange(first, first + len(lines)),
        pa.table(texts),
        {
            "x": Numbers(
                np.array([part // PARTS for part in parts], np.int64),
                np.array([part % PARTS for part in parts], np.int64),
                np.array([line.x is not None for line in lines], bool),
            )
        },
        {"answer": answers},
    )


def batches(lines: Sequence[Line], cuts: Sequence[int]) -> list[Batch]:
    """Cut rows into batches."""
    ends = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    return [batch(lines[low:high], low) for low, high in pairwise(ends)]


def tallied(
    signals: Signals, lines: Sequence[Line], moments: Sequence[int], cuts: Sequence[int] = ()
) -> Tally:
    """Add up rows."""
    tally = Tally(signals, "usage", moments, ACCOUNTS)
    for each in batches(lines, cuts):
        tally.add(each)
    return tally


def table(accounts: Sequence[Account]) -> pa.Table:
    """Make a table of accounts."""
    began = [None if one.began is None else AS_OF - one.began for one in accounts]
    return pa.table(
        {
            "Start Date": pa.array(began, pa.int32()).cast(pa.date32()),
            "seats": pa.array([one.seats for one in accounts], pa.string()),
            "needs": pa.array([one.needs for one in accounts], pa.string()),
        }
    )


WHERE: dict[str, Condition] = {
    "": ALWAYS,
    "a": Clause("word", Same("a")),
    "over 1": Clause("x", Compare(">", Decimal(1))),
    "either": Either((Clause("word", Not(Same("a"))), Clause("who", AnyOf((Same("ann"),))))),
}


def meets(where: Condition, line: Line) -> bool:
    """Tell whether a row meets one of the conditions above."""
    return {
        WHERE[""]: True,
        WHERE["a"]: (line.word or "").casefold() == "a",
        WHERE["over 1"]: line.x is not None and line.x > 1,
        WHERE["either"]: (line.word or "a").casefold() != "a"
        or (line.who or "").casefold() == "ann",
    }[where]


class Walk:
    """All measures of one account on one day, row by row."""

    def __init__(self, signals: Signals, lines: Sequence[Line], ago: int) -> None:
        """See what there is on a day so many days ago."""
        self.signals = signals
        self.ago = ago
        self.lines = sorted((one for one in lines if one.ago >= ago), key=lambda one: one.day)

    @property
    def stale(self) -> bool:
        """Tell whether the last row is too old."""
        lengths = [one.over for one in self.signals.measures if one.over is not None]
        most = self.signals.sources["usage"].stale_after or min(lengths, default=None)
        return most is not None and bool(self.lines) and self.lines[-1].ago - self.ago > most

    def value(self, measure: Measure, row: int, account: Account) -> Fraction | None:
        """Take a measure before it is divided."""
        if measure.over is not None and self.stale:
            return None
        every = [line for line in self.lines if line.account == row]
        some = [line for line in every if meets(measure.where, line)]
        over = measure.over or 10**6
        seen = [line for line in some if line.ago - self.ago < over]
        if measure.take in COUNTED and not every:
            return None if measure.empty is None else Fraction(0)
        if measure.take is Take.TREND:
            before = [line for line in some if over <= line.ago - self.ago < 2 * over]
            born = account.began if account.began is not None else every[0].ago if every else -1
            then = sum((line.x or Fraction(0) for line in before), Fraction(0))
            now = sum((line.x or Fraction(0) for line in seen), Fraction(0))
            old = born >= self.ago + 2 * over - 1
            return now / then - 1 if old and then else None
        return self.taken(measure, seen)

    def taken(self, measure: Measure, seen: list[Line]) -> Fraction | None:
        """Take one value of the rows of a window."""
        numbers = [line.x for line in seen if line.x is not None]
        words = {line.word for line in seen} - {None}
        said = self.said(measure, seen)
        good, bad = sum(one >= 9 for one in said), sum(one <= 6 for one in said)
        values: dict[Take, Fraction | None] = {
            Take.SUM: sum(numbers, Fraction(0)),
            Take.COUNT: Fraction(len(seen)),
            Take.DAYS: Fraction(len({line.ago for line in seen})),
            Take.DISTINCT: Fraction(len(words)),
            Take.MEAN: sum(numbers, Fraction(0)) / len(numbers) if numbers else None,
            Take.MIN: min(numbers, default=None),
            Take.MAX: max(numbers, default=None),
            Take.LAST: numbers[-1] if numbers else None,
            Take.SINCE: Fraction(seen[-1].ago - self.ago) if seen else None,
            Take.NPS: Fraction(100 * (good - bad), len(said)) if said else None,
        }
        return values[measure.take]

    @staticmethod
    def said(measure: Measure, seen: list[Line]) -> list[int]:
        """Give the last answer of each person, the last of all at the end."""
        found: dict[object, int] = {}
        for place, line in enumerate(seen):
            if line.answer is not None:
                person = (line.who if measure.by else None) or place
                found.pop(person, None)
                found[person] = line.answer
        return [*found.values()]

    def answers(self, measure: Measure, row: int) -> list[int] | None:
        """Give the answers of an account; None where it has no row, or none that count."""
        every = [line for line in self.lines if line.account == row]
        if not every or (measure.over is not None and self.stale):
            return None
        over = measure.over or 10**6
        seen = [one for one in every if meets(measure.where, one) and one.ago - self.ago < over]
        return self.said(measure, seen)


# --- what is drawn --------------------------------------------------------------------------------

AGO = st.sampled_from(
    [-1, 0, 1, 6, 7, 8, 13, 14, 15, 20, 21, 27, 28, 64, 99, 100, 600]
) | st.integers(-3, 45)
X = st.none() | st.sampled_from(
    [
        Fraction(text)
        for text in (
            "0",
            "1",
            "1",
            "2",
            "-3",
            "12.5",
            "-0.000000001",
            "0.1",
            "-1.5",
            "99999999999999",
        )
    ]
)
LINES = st.lists(
    st.builds(
        Line,
        account=st.integers(-1, ACCOUNTS - 1),
        ago=AGO,
        x=X,
        word=st.sampled_from([None, "a", "A", "b", "a b"]),
        who=st.sampled_from([None, "ann", "Ann", "bob"]),
        answer=st.none() | st.integers(0, 10),
    ),
    max_size=25,
)
ONES = st.lists(
    st.builds(
        Account,
        began=st.none() | AGO,
        seats=st.sampled_from([None, "5", "0", "-2.5", "0.003", "many"]),
        needs=st.sampled_from([None, "sso", "SSO; api ;sso", "chat", " ; "]),
    ),
    min_size=ACCOUNTS,
    max_size=ACCOUNTS,
)
PERS = ["", "", "", "Seats", "gone", "fit", "m0", "n_answers", "n-last"]
COLUMNS = {Take.DISTINCT: "word", Take.NPS: "answer", Take.COUNT: "", Take.DAYS: "", Take.SINCE: ""}


@st.composite
def policies(draw: st.DrawFn) -> Signals:
    """Draw some measures of one source, and a match."""
    measures = []
    for number in range(draw(st.integers(1, 5))):
        take = draw(st.sampled_from(Take))
        over = draw(st.sampled_from([1, 7, 7, 14, 28, 100, 600, None]))
        measures.append(
            Measure(
                f"m{number}",
                "usage",
                take,
                COLUMNS.get(take, "x"),
                over=7 if take is Take.TREND and over is None else over,
                per=draw(st.sampled_from(PERS[:-3] if number == 0 else PERS)),
                where=WHERE[draw(st.sampled_from(sorted(WHERE)))],
                empty=draw(st.sampled_from([None, Decimal(0)])),
                by=draw(st.sampled_from(["", "Who", "nobody"])) if take is Take.NPS else "",
            )
        )
    survey = Measure("n", "usage", Take.NPS, "answer", over=14, by="who")
    rule = SourceRule("usage", "u.csv", "date", stale_after=draw(st.sampled_from([None, 3, 90])))
    match = Match("fit", "needs", {"sso": Decimal(1), "Api": Decimal("0.5")})
    return Signals({"usage": rule}, (), (survey, *measures), (match,))


def value_at(exact: Exact, row: int) -> Fraction | None:
    """Give the number of a row; its float is to be next to it."""
    if not exact.known[row]:
        return None
    found = exact.at(row)
    assert abs(Fraction(float(exact.floats[row])) - found) <= abs(found) / 2**48
    return found


def check(signals: Signals, found: Measured, walk: Walk, accounts: list[Account]) -> None:
    """Hold all measures of a day against those of a walk."""
    assert [*found.numbers] == [*(one.name for one in signals.measures), "fit"]
    for row, account in enumerate(accounts):
        made = {"fit": value_at(found.numbers["fit"], row), "seats": None, "gone": None}
        made["seats"] = None if account.seats in {None, "many"} else Fraction(account.seats or "")
        for measure in signals.measures:
            if measure.take is Take.NPS:
                said = walk.answers(replace(measure, by=measure.by.replace("nobody", "")), row)
                counts, last = (
                    value_at(found.counts[measure.name], row),
                    value_at(found.last[measure.name], row),
                )
                assert counts == (None if said is None else len(said))
                assert last == (said[-1] if said else None)
                assert found.answers[measure.name].answers[row] == len(said or ())
                made |= {f"{measure.name}answers": counts, f"{measure.name}last": last}
            expected = walk.value(
                replace(measure, by=measure.by.replace("nobody", "")), row, account
            )
            if measure.per and expected is not None:
                by = made[measure.per.casefold().replace("_", "").replace("-", "")]
                expected = expected / by if by else None
            made[measure.name] = expected
            assert value_at(found.numbers[measure.name], row) == expected, measure


@given(
    policies(), LINES, ONES, st.lists(st.integers(1, 25), max_size=4), st.sampled_from([0, 10**6])
)
def test_measures_agree_with_a_walk(
    signals: Signals, lines: list[Line], accounts: list[Account], cuts: list[int], many: int
) -> None:
    """Every measure of every account on each day, however the rows are cut into batches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct, "MANY", many)  # how often things counted are looked through
        ago = [0, 7, 15]
        tally = tallied(signals, lines, [AS_OF - each for each in ago], cuts)
        for each in ago:
            found = measured(signals, {"usage": tally}, table(accounts), AS_OF - each)
            walk = Walk(signals, lines, each)
            assert tally.is_stale(AS_OF - each) == walk.stale
            check(signals, found, walk, accounts)


# --- single rules ---------------------------------------------------------------------------------


def one(take: Take, column: str = "", over: int | None = None) -> Measure:
    """Make a measure."""
    return Measure("m", "usage", take, column, over)


def only(
    measure: Measure, *lines: Line, stale_after: int | None = None, account: Account = NOBODY
) -> Fraction | None:
    """Take one measure of the first account."""
    rule = SourceRule("usage", "u.csv", "date", stale_after=stale_after)
    signals = Signals({"usage": rule}, (), (measure,))
    tally = tallied(signals, lines, [AS_OF])
    found = measured(signals, {"usage": tally}, table([account, NOBODY, NOBODY]), AS_OF)
    return value_at(found.numbers["m"], 0)


def x(ago: int, number: object = 1, account: int = 0) -> Line:
    """Make a row with a number."""
    return Line(account, ago, Fraction(str(number)))


def test_windows_have_both_ends_in() -> None:
    """28 days are as-of and the 27 before; 28 days ago is out, and so is tomorrow."""
    lines = [x(0, 1), x(27, 2), x(28, 4), x(-1, 100)]
    assert only(one(Take.SUM, "x", 28), *lines) == 3
    assert only(one(Take.SUM, "x", 29), *lines) == 7
    assert only(one(Take.SUM, "x"), *lines) == 7


def test_nothing_in_the_window() -> None:
    """Who has any row has used nothing; who has none is not connected, unless no row means zero."""
    count = one(Take.COUNT, over=7)
    stranger = x(0, account=1)
    assert only(count, x(10), stranger) == 0
    assert only(count, stranger) is None
    assert only(replace(count, empty=Decimal(0)), stranger) == 0
    assert only(one(Take.MEAN, "x", 7), x(10), stranger) is None


def test_any_row_is_before_the_condition() -> None:
    """A row that does not meet `where` still tells that the account is connected."""
    where = Clause("word", Same("a"))
    assert only(replace(one(Take.SUM, "x", 7), where=where), x(0)) == 0


@pytest.mark.parametrize(("ago", "expected"), [(7, 0), (8, None)])
def test_a_stale_source(ago: int, expected: int | None) -> None:
    """Older than the shortest window of its measures: missing, even where no row means zero."""
    count = replace(one(Take.COUNT, over=7), empty=Decimal(0))
    assert only(count, x(ago)) == expected
    assert only(count, x(ago), stale_after=30) == 0
    assert only(count, x(ago), Line(-1, 0)) == 0  # a stranger's row is fresh, too
    assert only(replace(count, over=None), x(ago), stale_after=3) == 1


def test_a_source_without_rows_is_not_stale() -> None:
    """Nothing is older than nothing."""
    assert only(replace(one(Take.COUNT, over=7), empty=Decimal(0))) == 0


@pytest.mark.parametrize(("began", "expected"), [(13, "-0.5"), (12, None), (None, None)])
def test_trend_needs_both_windows(began: int | None, expected: str | None) -> None:
    """An account that began after the earlier window has no trend; its first row may tell."""
    trend = one(Take.TREND, "x", 7)
    found = only(trend, x(0, 2), x(12, 4), account=Account(began))
    assert found == (None if expected is None else Fraction(expected))
    assert only(trend, x(0, 2), x(12, 4), x(13, 0)) == Fraction(-1, 2)


def test_trend_of_nothing() -> None:
    """Nothing now is -1; nothing before, or what cancels out, is no trend."""
    trend = one(Take.TREND, "x", 7)
    assert only(trend, x(8, 4), x(20), Line(0, 1)) == -1
    assert only(trend, x(0, 4), x(20)) is None
    assert only(trend, x(0, 4), x(8, "-0.1"), x(9, "0.1"), x(20)) is None


def test_the_last_number_is_the_last_that_is_known() -> None:
    """Latest day, then last line; a row without the number is passed over."""
    lines = [x(5, 1), x(2, 7), x(2, 8), x(3, 9), Line(0, 0)]
    assert only(one(Take.LAST, "x", 7), *lines) == 8


@pytest.mark.parametrize(("over", "expected"), [(64, 2), (65, 3), (600, 4), (None, 5)])
def test_different_days(over: int | None, expected: int) -> None:
    """Days are counted once, in windows of any length."""
    lines = [x(0), x(63), x(64), x(64), x(599), x(900), x(0, account=1)]
    assert only(one(Take.DAYS, over=over), *lines) == expected


@pytest.mark.parametrize("many", [1, 64, 65, 512, 513])
@pytest.mark.parametrize("cuts", [(), (30, 64, 600), (30, 64, 600, 1800)])
def test_different_texts(many: int, cuts: tuple[int, ...]) -> None:
    """Texts are counted once, few or many, also where they become many on the way."""
    lines = [Line(at % 2, 0, word=f"w{at // 2 % many}") for at in range(4 * many)]
    lines += [Line(0, 1), Line(2, 1), Line(-1, 1, word="stranger")]
    usage = SourceRule("usage", "u.csv", "date")
    signals = Signals({"usage": usage}, (), (one(Take.DISTINCT, "word"),))
    tally = tallied(signals, lines, [AS_OF], cuts)
    found = measured(signals, {"usage": tally}, table([NOBODY] * 3), AS_OF)
    assert [value_at(found.numbers["m"], row) for row in range(3)] == [many, many, 0]


def test_answers_of_one_person_count_once() -> None:
    """The last answer of each `by` counts; who is not named is a person each time."""
    lines = [
        Line(0, 3, who="ann", answer=0),
        Line(0, 1, who="ann", answer=10),
        Line(0, 2, who="ann", answer=3),
        Line(0, 1, answer=6),
        Line(0, 1, answer=8),
    ]
    assert only(replace(one(Take.NPS, "answer"), by="who"), *lines) == 0
    assert only(one(Take.NPS, "answer"), *lines) == -40
    assert only(replace(one(Take.NPS, "answer"), by="nobody"), *lines) == -40


def test_division_beats_what_no_row_means() -> None:
    """0 of 0 seats is missing, and so is 0 of an unknown number."""
    count = replace(one(Take.COUNT, over=7), per="seats", empty=Decimal(0))
    assert only(count, account=Account(seats="5")) == 0
    assert only(count, account=Account(seats="0")) is None
    assert only(count, account=Account(seats="many")) is None


def test_sums_beyond_64_bits() -> None:
    """Sums are exact however large, by account and over batches."""
    large, small = Line(0, 0, Fraction(2**60)), Line(1, 0, Fraction(1, 2))
    signals = Signals({"usage": SourceRule("usage", "u.csv", "date")}, (), (one(Take.SUM, "x", 7),))
    tally = Tally(signals, "usage", [AS_OF], ACCOUNTS)
    for number in range(3):
        tally.add(batch([large, small] * 4, number * 8))
    found = measured(signals, {"usage": tally}, table([NOBODY] * 3), AS_OF).numbers["m"]
    assert found.at(0) == 2**60 * 12
    assert found.at(1) == 6
    assert column(found).to_pylist()[0] == 2**60 * 12


def test_columns_that_the_accounts_lack() -> None:
    """Without the columns nobody has a match or a divisor, and the first row tells the age."""
    rule, fit = SourceRule("usage", "u.csv", "date"), Match("fit", "needs", {"sso": Decimal(1)})
    per, trend = replace(one(Take.COUNT), per="seats"), replace(one(Take.TREND, "x", 7), name="t")
    signals = Signals({"usage": rule}, (), (per, trend), (fit,))
    tally = tallied(signals, [x(0, 2), x(8, 4), x(13, 0)], [AS_OF])
    bare = pa.table({"account_id": ["a", "b", "c"]})
    found = measured(signals, {"usage": tally}, bare, AS_OF).numbers
    assert [value_at(found[name], 0) for name in ("m", "t", "fit")] == [None, Fraction(-1, 2), None]


@pytest.mark.parametrize(
    ("needs", "expected"), [("sso; api", 75), ("SSO;sso", 100), ("chat; sso", 50), (";", None)]
)
def test_needs_that_are_met(needs: str, expected: int | None) -> None:
    """Each need counts once, case aside; an unknown one is not met; an empty list is missing."""
    match = Match("fit", "needs", {"sso": Decimal(1), "API": Decimal("0.5")})
    signals = Signals({}, (), (), (match,))
    found = measured(signals, {}, table([Account(needs=needs)]), AS_OF).numbers["fit"]
    assert value_at(found, 0) == expected


def test_texts_that_were_numbered_twice() -> None:
    """A column whose texts are numbered already may have a text twice, or a number for blank."""
    words = pa.DictionaryArray.from_arrays([0, 1, 2, 3, None], ["a", None, "a", "b"])
    rows = batch([Line(0, 0)] * 5, 0)
    rows = replace(rows, texts=pa.table({"word": words}))
    signals = Signals(
        {"usage": SourceRule("usage", "u.csv", "date")}, (), (one(Take.DISTINCT, "word"),)
    )
    tally = Tally(signals, "usage", [AS_OF], ACCOUNTS)
    tally.add(rows)
    tally.add(rows)
    found = measured(signals, {"usage": tally}, table([NOBODY] * 3), AS_OF).numbers["m"]
    assert value_at(found, 0) == 2
