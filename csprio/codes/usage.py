"""Problems of the command line, of output files and of answers."""

from csprio.codes.code import Code, error, warning

OUTPUT: tuple[Code, ...] = (
    error("unknown-format", "there is no format {format!r}", "{remedy}"),
    error(
        "unknown-extension",
        "the name {output} does not say a format: {extension} means none",
        "add -f csv, or the name of another format; what -f excel writes is a .csv, too",
    ),
    error("not-text", "{format} is not text, and {why}", "{remedy}"),
    error(
        "format-not-for",
        "the format {format} cannot show what `csprio {command}` answers",
        "it is for: {answers}",
    ),
    error("report-format", "the format {format} cannot show a whole book", "{remedy}"),
    error(
        "template-wrong",
        "{reason}",
        "mend the template; docs/report.md says what it is given, and what it may use",
    ),
    error(
        "format-option",
        "{option} says nothing to the format {format}",
        "leave it out; it is for: {formats}",
    ),
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
        "too-many-rows",
        "a sheet of a workbook holds {most} rows, and the {what} has more",
        "write -f csv or parquet, or take fewer accounts or days: --where, --owner, --from, --to",
    ),
    warning(
        "workbook-cut",
        "{texts} longer than the 32,767 characters of a workbook's cell, cut at that; the first in "
        "the column {column}: {value!r} ...",
        "write -f csv where the whole is needed",
    ),
    warning(
        "workbook-characters",
        "{texts} with control characters, which a workbook cannot hold: \ufffd stands for each; "
        "the first in the column {column}: {value!r}",
        "take them out of the file that they come from, or write -f csv",
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
    *OUTPUT,
)
