"""Problems of maps of task systems, of the tasks exported by them, and of their ledgers."""

from csprio.codes.code import Code, error, warning

EXPORTS: tuple[Code, ...] = (
    error(
        "export-name",
        "`{name}` cannot be the name of a map: {why}",
        "give it another name, as `{example}`",
    ),
    error(
        "export-source",
        "the column `{column}` {why}",
        'write one of `from: FIELD`, `text: "{{title}} ({{name}})"` and `lines: [...]`',
    ),
    error(
        "export-template",
        "`{text}` is no text with fields: {why}",
        "write a field in braces, as `{{title}}`, or several of which the first that is not empty"
        " counts, as `{{why|objective}}`",
    ),
    error(
        "export-pattern",
        "`{pattern}` is no regular expression: {why}",
        "mend it, or leave the pattern out",
    ),
    error(
        "export-dates",
        "`{text}` is no form of dates",
        "write YYYY, MM and DD once each with what stands between them, as MM/DD/YYYY",
    ),
    error(
        "export-field",
        "the map wants `{field}`, and the answer of `csprio {command}` has no such column",
        "{hint}",
    ),
    warning(
        "tasks-rejected",
        "{count} not exported as {format}; the first, {task}: {reason}",
        "mend what the reasons say: the .rejects.csv beside the output of -o has each task with its"
        " own",
    ),
    warning(
        "tasks-formulas",
        "{cells} with = + - or @, the first in {column}: {value!r}",
        "import the file as it is; a spreadsheet may take such text for a formula",
    ),
    warning(
        "tasks-mixed",
        "these are tasks of {count} people, and {format} puts all of a file into one person's list",
        "write a file each, as -o 'tasks/{{owner}}.csv', or choose a person with --owner",
    ),
    error(
        "ledger-header",
        "this file is no ledger of exported tasks: {why}",
        "name another file, or a new one; a ledger begins with the line `{header}`",
    ),
    error(
        "ledger-unwritten",
        "the ledger does not hold what is exported: {reason}",
        "see to the file, its folder, its permissions and its free space, and run this again before"
        " anybody imports what it wrote",
    ),
)
