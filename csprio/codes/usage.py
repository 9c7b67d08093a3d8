"""Problems of the command line, of output files and of answers."""

from csprio.codes.code import Code, error, warning

OUTPUT: tuple[Code, ...] = (
    error("unknown-format", "there is no format {format!r}", "{remedy}"),
    error(
        "unknown-extension",
        "the name {output} does not say a format: {extension} means none",
        "add -f csv (or table, excel, json, md, parquet); what -f excel writes is a .csv, too",
    ),
    error("not-text", "{format} is not text, and {why}", "{remedy}"),
    error(
        "unknown-placeholder",
        "the output name {output} holds {{{name}}}, for which the answer has no column",
        "{remedy}",
    ),
    error(
        "too-many-files",
        "the output name {output} makes {count} files; 10000 are the most",
        "take fewer accounts with --where or --owner, or write one file",
    ),
    error(
        "output-is-input",
        "the output {output} is the input {input}",
        "give the output another name; csprio never writes over what it reads",
    ),
    error(
        "unwritten",
        "could not write: {reason}",
        "see to the folder, its permissions and its free space, or choose another place with -o",
    ),
    warning(
        "formula-cells",
        "{cells} with = + - or @, the first in column {column}: {value!r}",
        "use -f excel for a spreadsheet, which may take such text for a formula",
    ),
)

ASKED: tuple[Code, ...] = (
    error("unknown-owner", "nobody called {name!r} has a role in these accounts", "{hint}"),
    error("unknown-account", "no account has the id or name {name!r}", "{hint}"),
    error(
        "account-ambiguous",
        "{count} accounts are called {name!r}",
        "give the account_id of the one you mean",
    ),
    error(
        "no-signals",
        "no signals are named, so there is nothing to score by",
        "name a file by `signals: signals.yaml` in csprio.yaml or by --signals; `csprio init DIR` "
        "writes one to begin with",
    ),
    error(
        "no-scores",
        "nothing here makes a score: there is no `scores:`",
        "add one, as `scores: {{health: {{of: {{seat_use: {{zero: 0, full: 0.8}}}}}}}}`; measures "
        "alone are shown by `csprio grade --add`",
    ),
    error("unknown-score", "there is no score called {name!r}", "{hint}"),
)

LATER: tuple[Code, ...] = (
    warning(
        "not-read-yet",
        "`{key}:` is known, and this version of csprio does not read it yet",
        "take the line out, so that nobody counts on it",
    ),
)

STARTED: tuple[Code, ...] = (
    error(
        "file-exists",
        "this file is there already, and csprio init overwrites nothing",
        "name another folder, or move the file away",
    ),
    error("holidays-code", "there are no holidays of {country!r}", "{hint}"),
)

USAGE: tuple[Code, ...] = (
    *ASKED,
    *STARTED,
    *LATER,
    *OUTPUT,
)
