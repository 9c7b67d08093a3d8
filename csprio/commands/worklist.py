"""`csprio worklist`: what does this person do this week?"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from csprio.commands.answer import ACCOUNT, OWNER, TIER, answer
from csprio.commands.options import Asked, answering, whole_number

if TYPE_CHECKING:
    from csprio.tables import Sheet
    from csprio.walk import Walk

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
WEEK, MOST_DAYS = timedelta(days=7), 3660


@answering(also=("todo", "remind", "template", "only_new"))
def worklist(
    asked: Asked,
    week: Annotated[
        str | None,
        typer.Option(
            "--week",
            metavar="WEEK",
            help=("An ISO week as 2026-W48, or this, or next. [default: this]"),
        ),
    ] = None,
    days: Annotated[
        str | None,
        typer.Option(
            "--days",
            metavar="N",
            help=("Instead of a week: N days, the day asked about the first."),
        ),
    ] = None,
    automated: Annotated[
        bool, typer.Option("--automated", help=("What machines do, instead of what people do."))
    ] = False,
) -> int:
    """List what each person does in a week: overdue first, then what is due, then the backlog."""
    if week is not None and days is not None:
        raise typer.BadParameter("give a week or a number of days, not both", param_hint="--days")
    low, high = window(asked.as_of, week, whole_number(days, "--days", MOST_DAYS))

    def build(walk: Walk) -> Sheet:
        from csprio import answers, pipeline

        listed = answers.window(low, high, automated=automated)
        return answers.worklist_sheet(walk, pipeline.plan, listed)

    return answer("worklist", asked, {**OWNER, **ACCOUNT, **TIER}, build, gathers=True)


def window(as_of: date, week: str | None, days: int | None) -> tuple[date, date]:
    """Give the first and the last day of a worklist: a week from Monday, or `days` from `as_of`."""
    if days is not None:
        return as_of, as_of + timedelta(days=days - 1)
    monday = as_of - timedelta(days=as_of.weekday())
    if week == "next":
        monday += WEEK
    elif week not in {None, "this"}:
        monday = _monday(week or "")
    return monday, monday + timedelta(days=6)


def _monday(week: str) -> date:
    from csprio.settings import FIRST_YEAR, LAST_YEAR

    written = _WEEK.fullmatch(week)
    with suppress(ValueError):
        if written and FIRST_YEAR <= int(written[1]) <= LAST_YEAR:
            return date.fromisocalendar(int(written[1]), int(written[2]), 1)
    message = f"{week!r} is no week; write it as 2026-W48, or this, or next"
    raise typer.BadParameter(message, param_hint="--week")
