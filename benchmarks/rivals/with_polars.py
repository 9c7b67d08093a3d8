"""The polars script: scan_csv, lazy joins and dates, sink_csv.

`python with_polars.py QUESTION BOOK OUT`. It knows the benchmark's policy and a clean file, and
nothing else: no problems with lines, no calls, no journal.
"""

from __future__ import annotations

import sys

import polars as pl

import policy

KEYS = ["size", "likelihood", "status"]


def read(book: str, question: str) -> pl.LazyFrame:
    """Scan the columns that the answer needs."""
    types = {"account_id": pl.String, "likelihood": pl.String, "start_date": pl.Date}
    return pl.scan_csv(book, schema_overrides=types).select(policy.COLUMNS[question])


def grade(accounts: pl.LazyFrame) -> pl.LazyFrame:
    """Give each account its size, grade and tier."""
    potential = pl.col("potential")
    size = (
        pl.when(potential > policy.OVER)
        .then(pl.lit("A"))
        .when(potential >= policy.AT_LEAST)
        .then(pl.lit("B"))
        .when(potential.is_not_null())
        .then(pl.lit("C"))
        .otherwise(pl.lit(""))
    )
    cells = pl.LazyFrame([each._asdict() for each in policy.CELLS])
    known = accounts.with_columns(size=size, likelihood=pl.col("likelihood").fill_null(""))
    return known.join(cells, how="left", on=KEYS, maintain_order="left")


def active(accounts: pl.LazyFrame) -> pl.LazyFrame:
    """Keep the graded accounts that are served, with the first and last day of their term."""
    as_of, start, months = pl.lit(policy.AS_OF), pl.col("start_date"), pl.col("term_months")
    since = (as_of.dt.year() - start.dt.year()) * 12 + as_of.dt.month() - start.dt.month()

    def after(terms: pl.Expr) -> pl.Expr:
        return start.dt.offset_by(pl.format("{}mo", terms * months))

    served = (pl.col("status") == "active") & (pl.col("tier") != "")
    return (
        grade(accounts.with_row_index("row"))
        .filter(served)
        .with_columns(number=since // months)
        .with_columns(number=pl.col("number") - (after(pl.col("number")) > as_of))
        .with_columns(term=after(pl.col("number")), renewal=after(pl.col("number") + 1))
    )


def tasks(accounts: pl.LazyFrame, each: policy.Activity) -> pl.LazyFrame:
    """Date the tasks of an activity."""
    some = accounts if each.plan == "all" else accounts.filter(pl.col("tier") == each.plan)
    written = pl.col(each.anchor).dt.offset_by(f"{each.number}{each.unit}")
    beyond = pl.max_horizontal(written.dt.weekday().cast(pl.Int32) - 5, 0)  # Saturday 1, Sunday 2
    days_on = pl.when(beyond == 0).then(0).otherwise(3 - beyond)
    due = written + pl.duration(days=days_on if each.anchor == "term" else -beyond)
    late = pl.lit(policy.AS_OF) - pl.col("due") > pl.duration(days=policy.EXPIRES)
    name = pl.lit(f":{each.id}:t")
    month = pl.col("term").dt.strftime("%Y-%m")
    return some.with_columns(
        due=due,
        activity=pl.lit(each.id),
        title=pl.lit(each.title),
        role=pl.lit(each.role),
        channel=pl.lit(each.channel),
        effort_minutes=pl.lit(each.minutes),
        objective=pl.lit(each.objective),
        task_id=pl.concat_str("account_id", name, month, pl.lit(".1")),
    ).with_columns(status=pl.when(late).then(pl.lit("expired")).otherwise(pl.lit("open")))


def column(name: str) -> pl.Expr:
    """Give a column, or a blank one where it has no name."""
    return pl.col(name) if name else pl.lit("")


def calendar(accounts: pl.LazyFrame) -> pl.LazyFrame:
    """List the tasks of each account's current term."""
    served, found = active(accounts), []
    for each in policy.ACTIVITIES:
        _, _, owner, other = each.parties[0] if each.parties else ("", "", "", "")
        people = {"owner": column(owner), "with": column(other)}
        found.append(
            tasks(served, each).with_columns(**people).select("row", *policy.ANSWERS["calendar"])
        )
    return pl.concat(found).sort("row", "due", "activity")


def worklist(accounts: pl.LazyFrame) -> pl.LazyFrame:
    """List what each person does this week."""
    served, found = active(accounts), []
    nothing = ["days_overdue", "last_touch", "outcome", "until", "comment"]
    for each in policy.ACTIVITIES:
        due = tasks(served, each).filter(
            pl.col("due").is_between(pl.lit(policy.AS_OF), pl.lit(policy.WEEK_ENDS))
        )
        found += [
            due.with_columns(
                part=pl.lit(part),
                role=pl.lit(role),
                owner=pl.col(owner),
                why=pl.concat_str(pl.lit(each.why), pl.col(each.anchor), pl.lit(")")),
                renewal_date=pl.col("renewal"),
                **{"with": column(other)},
                **{name: pl.lit("") for name in nothing},
            )
            for part, role, owner, other in each.parties
        ]
    keys = ["owner", "due", "tier", "potential", "account_id", "activity"]
    return (
        pl.concat(found)
        .sort(keys, descending=[key == "potential" for key in keys])
        .with_columns(rank=pl.int_range(pl.len()).over("owner") + 1)
    )


QUESTIONS = {"grade": grade, "calendar": calendar, "worklist": worklist}

if __name__ == "__main__":
    question, book, out = sys.argv[1:]
    answer = QUESTIONS[question](read(book, question))
    answer.select(policy.ANSWERS[question]).sink_csv(out)
