"""The duckdb script: one query from CSV to CSV.

`python with_duckdb.py QUESTION BOOK OUT`. It knows the benchmark's policy and a clean file, and
nothing else: no problems with lines, no calls, no journal.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import duckdb

import policy

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES = """
    CREATE TABLE cells (size TEXT, likelihood TEXT, status TEXT, grade TEXT, tier TEXT,
        tier_name TEXT, basis TEXT, borderline TEXT, note TEXT);
    CREATE TABLE activities (plan TEXT, id TEXT, title TEXT, role TEXT, others TEXT, anchor TEXT,
        number INT, unit TEXT, minutes INT, channel TEXT, objective TEXT, why TEXT);
    CREATE TABLE parties (plan TEXT, id TEXT, part TEXT, role TEXT, owner TEXT, other TEXT);
    CREATE MACRO person(which, csm, sales, cust_dev) AS
        CASE which WHEN 'csm' THEN csm WHEN 'sales' THEN sales WHEN 'cust_dev' THEN cust_dev END;
"""
ACCOUNTS = """accounts AS (
    SELECT row_number() OVER () AS row, *
    FROM read_csv(getvariable('book'), header = true,
        types = {'account_id': 'VARCHAR', 'likelihood': 'VARCHAR', 'start_date': 'DATE'})
)"""
GRADED = """graded AS (
    SELECT * FROM (
        SELECT * REPLACE (coalesce(likelihood, '') AS likelihood),
            CASE WHEN potential > getvariable('over') THEN 'A'
                WHEN potential >= getvariable('at_least') THEN 'B'
                WHEN potential IS NOT NULL THEN 'C' ELSE '' END AS size
        FROM accounts
    ) JOIN cells USING (size, likelihood, status)
)"""
TASKS = """started AS (
    SELECT *, date_diff('month', start_date, getvariable('as_of')) // term_months AS whole
    FROM graded WHERE status = 'active' AND tier <> ''
), counted AS (
    SELECT *, whole - (start_date + to_months((whole * term_months)::INT)
        > getvariable('as_of'))::INT AS terms
    FROM started
), served AS (
    SELECT *, (start_date + to_months((terms * term_months)::INT))::DATE AS term,
        (start_date + to_months(((terms + 1) * term_months)::INT))::DATE AS renewal
    FROM counted
), written AS (
    SELECT *, CASE anchor WHEN 'term' THEN term ELSE renewal END AS day,
        (CASE unit WHEN 'mo' THEN day + to_months(number) WHEN 'w' THEN day + to_weeks(number)
            ELSE day + to_days(number) END)::DATE AS date,
        greatest(isodow(date) - 5, 0)::INT AS beyond
    FROM served JOIN activities ON plan = 'all' OR plan = tier
), tasks AS (
    SELECT *, date + CASE WHEN beyond = 0 THEN 0 WHEN anchor = 'term' THEN 3 - beyond
            ELSE -beyond END AS due,
        CASE WHEN getvariable('as_of') - due > getvariable('expires') THEN 'expired'
            ELSE 'open' END AS state,
        account_id || ':' || id || ':t' || strftime(term, '%Y-%m') || '.1' AS task_id
    FROM written
)"""
GRADE = """
    SELECT account_id, name, csm, potential, size, likelihood, grade, tier, tier_name, basis,
        borderline, note
    FROM graded ORDER BY row
"""
CALENDAR = """
    SELECT due, account_id, name, tier, grade, id AS activity, title, tasks.role,
        person(owner, csm, sales, cust_dev) AS owner, person(other, csm, sales, cust_dev) AS "with",
        channel, minutes AS effort_minutes, objective, state AS status, task_id
    FROM tasks JOIN parties USING (plan, id) WHERE part = 'lead' ORDER BY row, due, id
"""
WORKLIST = """
    SELECT person(owner, csm, sales, cust_dev) AS owner,
        row_number() OVER (PARTITION BY person(owner, csm, sales, cust_dev)
            ORDER BY due, tier, potential DESC, account_id, id) AS rank,
        due, state AS status, part, account_id, name, tier, grade, arr, id AS activity, title,
        parties.role, person(other, csm, sales, cust_dev) AS "with", channel,
        minutes AS effort_minutes, objective, NULL AS days_overdue, renewal AS renewal_date,
        NULL AS last_touch, why || day || ')' AS why, task_id, NULL AS outcome, NULL AS until,
        NULL AS comment
    FROM tasks JOIN parties USING (plan, id)
    WHERE due BETWEEN getvariable('as_of') AND getvariable('week_ends') AND owner <> ''
    ORDER BY 1, 2
"""
# duckdb 2.0 ends with an internal error at a million accounts unless this stands alone.
GRADED_ONCE = GRADED.replace("AS (", "AS MATERIALIZED (", 1)
QUERIES = {
    "grade": ([ACCOUNTS, GRADED], GRADE),
    "calendar": ([ACCOUNTS, GRADED_ONCE, TASKS], CALENDAR),
    "worklist": ([ACCOUNTS, GRADED_ONCE, TASKS], WORKLIST),
}


def prepare(database: duckdb.DuckDBPyConnection, book: str) -> None:
    """Put the policy and the days asked about into the database."""
    for name, value in {
        "book": book,
        "as_of": policy.AS_OF,
        "week_ends": policy.WEEK_ENDS,
        "expires": policy.EXPIRES,
        "over": policy.OVER,
        "at_least": policy.AT_LEAST,
    }.items():
        database.execute(f"SET VARIABLE {name} = ?", [value])
    database.execute(TABLES)
    rows: dict[str, Sequence[tuple[object, ...]]] = {
        "cells": policy.CELLS,
        "activities": [(*each, each.why) for each in policy.ACTIVITIES],
        "parties": [
            (each.plan, each.id, *party)
            for each in policy.ACTIVITIES
            for party in each.parties or [("lead", each.role, "", "")]
        ],
    }
    for table, values in rows.items():
        places = ", ".join("?" * len(values[0]))
        insert = f"INSERT INTO {table} VALUES ({places})"  # noqa: S608 - names of this file
        database.executemany(insert, values)


if __name__ == "__main__":
    question, book, out = sys.argv[1:]
    parts, query = QUERIES[question]
    with duckdb.connect() as database:
        prepare(database, book)
        database.execute(f"COPY (WITH {', '.join(parts)} {query}) TO '{out}' (HEADER)")
