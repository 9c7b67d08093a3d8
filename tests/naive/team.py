"""Who is who: names that cells may write in any case or as an e-mail, and who serves by default."""

from naive.conditions import YES_OR_NO

COLUMNS = [
    "name",
    "email",
    "role",
    "default",
    "reports_to",
    "hours_per_week",
    "max_accounts",
    "region",
    "away_from",
    "away_to",
]


class Team:
    """The rows of a team, looked at whenever somebody has to be named."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        """Keep the rows as they are."""
        self._rows = rows

    def person(self, cell: str, role: str) -> str:
        """Name who a cell means, or who serves the role where the cell is blank."""
        if not cell:
            serves = [row["name"] for row in self._rows if row["role"] == role and _is_default(row)]
            return serves[0] if serves else ""
        wanted = cell.casefold()
        names = [row["name"] for row in self._rows if row["name"].casefold() == wanted]
        mails = [row["name"] for row in self._rows if row["email"].casefold() == wanted]
        return [*names, *mails, cell][0]


def _is_default(row: dict[str, str]) -> bool:
    return row["default"].casefold() in YES_OR_NO["yes"]
