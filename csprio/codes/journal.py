"""Problems of the journal's lines, and of the team."""

from csprio.codes.code import Code, error, note, warning

# A journal as a table.
_LINES: tuple[Code, ...] = (
    error(
        "not-a-journal",
        "this is no journal: it has no column {missing}; there are {headers}",
        "check the path; the first line of a journal is `{header}`",
    ),
    error(
        "columns-alike",
        "{headers} are both {column}",
        "rename one of them, or take it out",
    ),
    error(
        "journal-torn",
        "{why}, so the line is left out",
        "complete the line, or delete it and log the entry again; marks of a merge are no entries, "
        "delete them",
    ),
    warning(
        "journal-end",
        "the last line does not end; it is whole, so its entry counts",
        "see whether its last cell is complete, and end the line",
    ),
    note(
        "journal-order",
        "the entry of {date} stands below one of {before}; {lines} not in the order of the dates",
        "correct a date that is wrong; else nothing is to be done: entries count by date",
    ),
    warning(
        "journal-repeated",
        "the same entry stands in {first} already",
        "delete one of the two lines, if it was logged twice by mistake",
    ),
)

# Cells that leave an entry out.
_ENTRIES: tuple[Code, ...] = (
    error(
        "entry-kind",
        "`{value}` is no kind of entry, so the entry is left out",
        "{hint}{kinds}",
    ),
    error(
        "entry-blank",
        "{what} has no {column}, so it is left out",
        "fill it in, or delete the line",
    ),
    error(
        "entry-date",
        "`{value}` is not a date{why}, so the entry is left out",
        "{remedy}",
    ),
    error(
        "entry-value",
        "`{value}` is not {expected}{why}, so the entry is left out",
        "{remedy}",
    ),
    error(
        "entry-task",
        "`{value}` is no task id: {why}; the entry is left out",
        "copy it from the column task_id of a worklist or a calendar",
    ),
    error(
        "entry-until",
        "until {until} is {relation} the entry's date {date}, so the entry is left out",
        "correct one of the two dates",
    ),
)

_TEAM: tuple[Code, ...] = (
    error(
        "not-a-team",
        "this is no team: it has no column `name`; there are {headers}",
        "check the path; the first line of a team is `{header}`",
    ),
    error(
        "person-blank",
        "the row has no name, so it is left out",
        "fill it in, or delete the line",
    ),
    error(
        "person-cell",
        "`{value}` is not {expected}{why}, so it is left out",
        "{remedy}",
    ),
    error(
        "person-differs",
        "`{value}` is another {column} of {name} than `{other}` in {first}, which counts",
        "write the same in all rows of a person, or leave it empty in all but one",
    ),
    error(
        "person-away",
        "{why}, so the absence is left out",
        "write the first day of the absence in away_from and the last in away_to",
    ),
    error(
        "person-shared",
        "`{value}` names both {name} and {other} ({first})",
        "give each person a name and an email that nobody else has",
    ),
    error(
        "default-role",
        "{name} is the default for no role, as the row has none",
        "write a role into the column `role`, or take the `{value}` out of `default`",
    ),
    error(
        "two-defaults",
        "{name} and {other} ({first}) are both the default for {role}, so nobody is",
        "leave one of them, and empty the column `default` in the rows of the others",
    ),
    warning(
        "team-role",
        "the playbook has no role `{value}`",
        "{hint}",
    ),
    warning(
        "team-manager",
        "nobody in the team is called `{value}`",
        "{hint}",
    ),
)

JOURNAL: tuple[Code, ...] = (*_LINES, *_ENTRIES, *_TEAM)
