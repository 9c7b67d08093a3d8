"""The plain pandas script: read_csv, merge, concat, to_csv.

`python with_pandas.py QUESTION BOOK OUT`. It knows the benchmark's policy and a clean file, and
nothing else: no problems with lines, no calls, no journal.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Days = NDArray[np.datetime64]
    Ints = NDArray[np.int64]

KEYS = ["size", "likelihood", "status"]
ROLLS = {"term": "forward", "renewal": "backward"}


def read(book: str, question: str) -> pd.DataFrame:
    """Read the columns that the answer needs."""
    texts = dict.fromkeys(
        set(policy.COLUMNS[question]) - {"potential", "term_months", "arr"}, "str"
    )
    frame = pd.read_csv(book, usecols=policy.COLUMNS[question], dtype=texts)
    if "start_date" in frame:
        frame["start_date"] = pd.to_datetime(frame["start_date"], format="%Y-%m-%d")
    return frame


def grade(accounts: pd.DataFrame) -> pd.DataFrame:
    """Give each account its size, grade and tier."""
    potential = accounts["potential"]
    bands = [potential > policy.OVER, potential >= policy.AT_LEAST, potential.notna()]
    accounts["size"] = np.select(bands, ["A", "B", "C"], "")
    accounts["likelihood"] = accounts["likelihood"].fillna("")
    return accounts.merge(pd.DataFrame(policy.CELLS), how="left", on=KEYS)


def tasks(graded: pd.DataFrame, low: str = "1900", high: str = "2100") -> Iterator[pd.DataFrame]:
    """Date the tasks of the current term that are due in a window, activity by activity."""
    active = graded[(graded["status"] == "active") & (graded["tier"] != "")]
    starts = active["start_date"].to_numpy().astype("M8[D]")
    active = active.assign(**terms(starts, active["term_months"].to_numpy()))
    active["row"] = np.arange(len(active))
    for each in policy.ACTIVITIES:
        some = active if each.plan == "all" else active[active["tier"] == each.plan]
        anchor = some[each.anchor].to_numpy().astype("M8[D]")
        if each.unit == "mo":
            day = add_months(anchor, each.number)
        else:
            day = anchor + each.number * {"d": 1, "w": 7}[each.unit]
        due = np.busday_offset(day, 0, ROLLS[each.anchor])  # type: ignore[call-overload]
        within = (due >= np.datetime64(low)) & (due <= np.datetime64(high))
        some, due = some[within], due[within]
        days_ago = (np.datetime64(policy.AS_OF) - due).astype(int)
        month = some["term"].dt.strftime("%Y-%m")
        yield some.assign(
            due=due.astype("M8[s]"),
            status=np.where(days_ago > policy.EXPIRES, "expired", "open"),
            activity=each.id,
            title=each.title,
            role=each.role,
            channel=each.channel,
            effort_minutes=each.minutes,
            objective=each.objective,
            task_id=some["account_id"] + f":{each.id}:t" + month + ".1",
        )


def terms(start: Days, months: Ints) -> dict[str, Days]:
    """Find the first day of each current term, and the first after it."""
    as_of = np.datetime64(policy.AS_OF)
    since = (as_of.astype("M8[M]") - start.astype("M8[M]")).astype(int)
    number = since // months
    number -= add_months(start, number * months) > as_of
    ends = add_months(start, (number + 1) * months)
    first = add_months(start, number * months)
    return {"term": first.astype("M8[s]"), "renewal": ends.astype("M8[s]")}


def add_months(day: Days, months: Ints | int) -> Days:
    """Add months; a day that the month lacks becomes its last one."""
    month = day.astype("M8[M]")
    same_day = (month + months).astype("M8[D]") + (day - month.astype("M8[D]"))
    clipped: Days = np.minimum(same_day, (month + months + 1).astype("M8[D]") - 1)
    return clipped


def calendar(accounts: pd.DataFrame) -> pd.DataFrame:
    """List the tasks of each account's current term."""
    found = []
    for each, frame in zip(policy.ACTIVITIES, tasks(grade(accounts)), strict=True):
        _, _, owner, other = each.parties[0] if each.parties else ("", "", "", "")
        frame["owner"] = frame[owner] if owner else ""
        frame["with"] = frame[other] if other else ""
        found.append(frame[["row", *policy.ANSWERS["calendar"]]])
    return pd.concat(found).sort_values(["row", "due", "activity"])


def worklist(accounts: pd.DataFrame) -> pd.DataFrame:
    """List what each person does this week."""
    week = str(policy.AS_OF), str(policy.WEEK_ENDS)
    found = []
    for each, frame in zip(policy.ACTIVITIES, tasks(grade(accounts), *week), strict=True):
        days = frame[each.anchor].dt.strftime("%Y-%m-%d")
        found += [
            frame.assign(
                part=part,
                role=role,
                owner=frame[owner],
                why=each.why + days + ")",
                **{"with": frame[other] if other else ""},
            )
            for part, role, owner, other in each.parties
        ]
    keys = ["owner", "due", "tier", "potential", "account_id", "activity"]
    lists = pd.concat(found).sort_values(keys, ascending=[key != "potential" for key in keys])
    lists["rank"] = lists.groupby("owner").cumcount() + 1
    lists["renewal_date"] = lists["renewal"]
    nothing = ["days_overdue", "last_touch", "outcome", "until", "comment"]
    return lists.assign(**dict.fromkeys(nothing, ""))


QUESTIONS = {"grade": grade, "calendar": calendar, "worklist": worklist}

if __name__ == "__main__":
    question, book, out = sys.argv[1:]
    answer = QUESTIONS[question](read(book, question))
    answer[policy.ANSWERS[question]].to_csv(out, index=False)
