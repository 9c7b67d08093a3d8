"""A book of a few invented accounts, one for each situation, dated around the day it is made.

Comes in: that day. Goes out: the bytes of an `accounts.csv` that csprio reads without a word.
"""

from __future__ import annotations

from datetime import date, timedelta

from csprio.starter.text import csv_bytes

HEADER = (
    "account_id", "name", "csm", "sales", "custdev", "sponsor", "coach", "potential", "likelihood",
    "champion", "arr", "start_date", "term_months", "notice_days", "status",
)  # fmt: skip
# What each shows: its cells, with the days since the contract began in the place of the date.
_TEAM = ("Maya Chen", "Dana Fox", "Ines Moreau", "Grace Adeyemi", "Ines Moreau")
_ROWS: tuple[tuple[str | int, ...], ...] = (
    # graded A1, and so in tier 1
    ("ALDER", "Alder Robotics", *_TEAM, "120000", "1", "strong", "48000", 100, "12", "60", ""),
    # A2 lies between tiers 1 and 2: a call to make
    ("BIRCH", "Birch Freight", *_TEAM, "80000", "2", "weak", "30000", 330, "12", "60", ""),
    # B2, tier 2; its term is nearly over
    ("CEDAR", "Cedar Press", *_TEAM, "25000", "2", "", "12000", 290, "12", "30", ""),
    # a likelihood that nobody gave: the score makes it a 1 of the strong champion
    ("DOGWOOD", "Dogwood Clinics", *_TEAM, "30000", "", "strong", "9000", 20, "12", "", ""),
    # small: tier 3, served by automation
    ("ELM", "Elm Street Bikes", *_TEAM, "4000", "3", "", "2400", 700, "12", "", ""),
    # not graded yet, which is work for somebody
    ("FIR", "Fir & Sons", *_TEAM, "", "", "", "6000", 10, "12", "", ""),
    # not a customer yet: it signs in a month and a half
    ("GORSE", "Gorse Energy", *_TEAM, "90000", "1", "strong", "", -45, "12", "", "prospect"),
    # graded, but without a date nothing can be planned
    ("HAZEL", "Hazel Foods", *_TEAM, "15000", "1", "", "5000", "", "", "", ""),
)
COUNT = len(_ROWS)


def sample_accounts(as_of: date) -> bytes:
    """Write the accounts, with contracts that began so many days before `as_of`."""
    rows = [
        [
            (as_of - timedelta(days=cell)).isoformat() if isinstance(cell, int) else cell
            for cell in row
        ]
        for row in _ROWS
    ]
    return csv_bytes(HEADER, rows)
