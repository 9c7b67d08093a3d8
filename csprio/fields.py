"""The fields of the accounts table, each declared once: name, type, meaning, what CRMs call it.

Reading, checking, `--help` and the docs follow from these declarations. Also what is computed from
fields, and what grading adds. Nothing here reads or computes.
"""

from __future__ import annotations

from csprio.tables import Field, Kind

FIELDS: tuple[Field, ...] = (
    Field(
        "account_id",
        Kind.ID,
        "names the account; unique",
        (
            "Id",
            "Account: Account ID",
            "Record ID",
            "hs_object_id",
            "Company ID",
            "Organization ID",
            "Organization - ID",
            "Org ID",
            "Customer ID",
            "(Do Not Modify) Account",
            "Account ID 18",
            "Account ID (18)",
            "18 Digit Account ID",
            "CASESAFEID",
        ),
    ),
    Field(
        "name",
        Kind.TEXT,
        "what people call the account; default: the id",
        (
            "Account Name",
            "Account: Account Name",
            "Company name",
            "Company",
            "Organization name",
            "Organization - Name",
            "Org name",
            "Deal - Organization",
            "Associated Company",
            "Organization",
            "Customer name",
            "Customer",
            "Account",
        ),
    ),
    Field(
        "potential",
        Kind.MONEY,
        "what the account could be worth a year in all",
        (
            "Account potential",
            "Potential ARR",
            "Potential value",
            "Annual potential",
            "Total potential",
        ),
    ),
    Field("size", Kind.KEY, "a size of the grid, given by hand; beats potential"),
    Field("likelihood", Kind.KEY, "a level of the grid: 1 grows easily, 3 has hard barriers"),
    Field("grade", Kind.KEY, "a grade given by hand; beats size, potential and likelihood"),
    Field("graded_on", Kind.DATE, "day of the CRM's grading"),
    Field("tier", Kind.KEY, "a call on a borderline grade, or an override"),
    Field("csm", Kind.TEXT, "the Customer Success Manager", ("Customer Success Manager",)),
    Field("sales", Kind.TEXT, "the sales rep", ("Sales rep", "Account Executive")),
    Field("custdev", Kind.TEXT, "the person in Customer Development", ("Customer Development",)),
    Field("sponsor", Kind.TEXT, "the executive sponsor", ("Executive sponsor",)),
    Field(
        "start_date",
        Kind.DATE,
        "when the contract began (the close of the deal)",
        (
            "Close Date",
            "Closing Date",
            "Actual Close Date",
            "Contract Start Date",
            "Customer since",
            "Subscription Start Date",
            "Won time",
            "Deal - Won time",
        ),
    ),
    Field(
        "renewal_date",
        Kind.DATE,
        "end of the current term: first day of the next",
        ("Renewal", "Next Renewal Date", "Contract Renewal Date", "Subscription Renewal Date"),
    ),
    Field(
        "term_months",
        Kind.WHOLE,
        "length of a term, in months; blank is 12",
        ("Contract Term", "Contract Term (months)", "Term (months)", "Contract length (months)"),
    ),
    Field(
        "notice_days",
        Kind.WHOLE,
        "how long before renewal notice must be given, in days",
        ("Notice period (days)", "Owner Expiration Notice (days)"),
    ),
    Field(
        "arr",
        Kind.MONEY,
        "what the account pays now a year",
        ("Annual Recurring Revenue", "Current ARR", "hs_arr"),
    ),
    Field("motion", Kind.TEXT, "growth, retention or churn-prevention"),
    Field("segment", Kind.TEXT, "need-based segment", ("Customer segment",)),
    Field(
        "parent",
        Kind.ID,
        "the account it belongs to",
        (
            "ParentId",
            "Parent Account",
            "Parent Account ID",
            "Parent Company",
            "Parent Organization",
            "hs_parent_company_id",
        ),
    ),
    Field(
        "status",
        Kind.TEXT,
        "inactive and prospect words of the configuration count",
        ("Account Status", "Customer Status", "statecode"),
    ),
)
ROLE_FIELDS = ("csm", "sales", "custdev", "sponsor")
MOTIONS = ("growth", "retention", "churn-prevention")
# A CRM's record owner is nobody's role until `columns:` says whose.
OWNER_HEADERS = (
    "Account Owner",
    "Owner",
    "Company owner",
    "Organization - Owner",
    "Owner Name",
    "OwnerId",
    "Owner ID",
    "HubSpot Owner",
    "HubSpot owner ID",
    "Account: Account Owner",
    "Opportunity Owner",
    "Deal Owner",
    "Contact owner",
)
# Its own customers' money, in every CRM: never `arr`.
NOT_ARR = ("Annual Revenue",)

COMPUTED: tuple[Field, ...] = (
    Field("headroom", Kind.MONEY, "potential - arr"),
    Field("tenure_days", Kind.WHOLE, "days since start_date; missing before it"),
    Field("renewal_in", Kind.WHOLE, "days to the current term's end"),
    Field("days_since_grade", Kind.WHOLE, "days since the last grading"),
    Field("days_since_touch", Kind.WHOLE, "days since the last touch, review or done activity"),
)
# What grading and planning add; conditions of later stages and `--add` see them.
GRADED: tuple[Field, ...] = (
    Field("tier_name", Kind.TEXT, "the tier's name"),
    Field("basis", Kind.TEXT, "where the grade comes from: ungraded, journal, given, computed"),
    Field("borderline", Kind.TEXT, "blank, call to make, rule, called, override"),
    Field("last_touch", Kind.DATE, "date of the last touch, review or done activity"),
)
