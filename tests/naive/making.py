"""Small cases for examples: a few rows, a few activities, a few lines of a journal."""

from datetime import date
from typing import Any

from naive.book import Case, Row
from naive.journal import COLUMNS

AS_OF = date(2026, 11, 23)
ROLES = {
    "csm": {"title": "CSM"},
    "sales": {"title": "Sales"},
    "system": {"title": "Mail", "automated": "true"},
}


def case(rows: list[Row], plans: dict[str, Any], **further: Any) -> Case:  # noqa: ANN401
    """Make a case of a few rows and plans."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return Case(
        columns=columns,
        rows=rows,
        playbook={"roles": ROLES, "plans": plans},
        **{"as_of": AS_OF, **further},
    )


def entry(name: str, due: str, **further: Any) -> dict[str, Any]:  # noqa: ANN401
    """Make an activity of the csm."""
    return {"id": name, "title": name, "role": "csm", "due": due, **further}


def told(*lines: str) -> list[Row]:
    """Make entries of what a journal's lines say; cells left out at the end are blank."""
    cells = [line.split(",") for line in lines]
    return [
        dict(zip(COLUMNS, one + [""] * (len(COLUMNS) - len(one)), strict=True)) for one in cells
    ]
