"""What is wrong with what somebody tells the journal, and with where it should be kept."""

from csprio.codes.code import Code, error

# The journal itself.
_PLACES: tuple[Code, ...] = (
    error(
        "no-journal",
        "no journal is named, so there is nowhere to keep this",
        "add `journal: journal.csv` to csprio.yaml, or name one by --journal; a new file is made",
    ),
    error(
        "journal-header",
        "this file is no journal, so nothing is added to it",
        "name another file; a journal begins with the line `{header}`",
    ),
    error(
        "journal-unwritten",
        "nothing was added: {reason}",
        "see to the file, its folder, its permissions and its free space, then tell it again",
    ),
    error(
        "no-by",
        "nobody is named who tells this",
        "add --by NAME, or `by: NAME` to csprio.yaml",
    ),
)

# What is told on the command line, or in a row of a sheet.
_TOLD: tuple[Code, ...] = (
    error("unknown-kind", "`{kind}` is no kind of entry", "{hint}"),
    error("value-missing", "`{kind}` needs {what}", "write {form}"),
    error("told-value", "`{value}` is no {what}", "{hint}"),
    error(
        "words-left",
        "`{word}` is one word too many for `{kind}`",
        "put a text of several words in quotes: {form}",
    ),
    error(
        "until-missing",
        "`snoozed` needs the day on which the task comes back",
        "give a day after {day} {where}",
    ),
    error(
        "until-early",
        "{until} is not after {day}, the day of the entry",
        "give a later day, as 2026-11-23",
    ),
    error(
        "until-unused",
        "`{kind}` takes no last day",
        "{remedy}; tier, snoozed and event renewed take one",
    ),
    error(
        "note-missing",
        "tier {tier} overrides the grid, which says {cell} for this account",
        "say why {where}",
    ),
    error(
        "likelihood-twice",
        "`{kind}` sets the likelihood itself",
        "leave --likelihood out",
    ),
    error("unknown-task", "no task has `{task}` in its id", "{hint}"),
    error(
        "task-ambiguous",
        "{count} tasks have `{task}` in their id: {listed}",
        "give more of the id",
    ),
)

# A sheet that somebody has filled in.
_SHEETS: tuple[Code, ...] = (
    error(
        "sheet-unknown",
        "the file is neither a worklist nor a grading sheet",
        "a worklist has the columns task_id, outcome, until and comment; a grading sheet account_id"
        " and one of potential, size, likelihood, grade, tier and motion",
    ),
    error(
        "sheet-repeated",
        "the column `{header}` stands in the sheet twice",
        "delete one of the two",
    ),
    error(
        "outcome-missing",
        "there is no outcome beside `{filled}`",
        "write done, skipped, snoozed or what came of it under outcome, or empty the row",
    ),
    error(
        "override-missing",
        "there is no grade or tier beside `{filled}`",
        "fill in grade or tier, or empty the row",
    ),
    error(
        "told-twice",
        "line {line} says something else about `{what}`",
        "say the same in both rows, or empty one of them",
    ),
    error(
        "sheet-disagrees",
        "the other cells of the row make it `{other}`, not `{value}`",
        "change this cell too, or empty it",
    ),
)
KEEP: tuple[Code, ...] = (*_PLACES, *_TOLD, *_SHEETS)
