"""Problems of a file as a table, and of its cells."""

from csprio.codes.code import Code, error, note, warning

# A file that cannot be read at all.
_FILES: tuple[Code, ...] = (
    error(
        "no-accounts",
        "no accounts file is named",
        "name one (or - for stdin) on the command line, or by `accounts:` in csprio.yaml",
    ),
    error(
        "missing-file",
        "there is no such file",
        "check the path; for accounts, - reads stdin",
    ),
    error(
        "no-match",
        "no file has a name like this",
        "check the folder and the pattern: * stands for any characters of a name, ? for one",
    ),
    error(
        "is-folder",
        "this is a folder, not a file",
        "name the file in it",
    ),
    error(
        "unreadable-file",
        "the file cannot be read: {reason}",
        "check its permissions and that it is a plain file",
    ),
    error(
        "spreadsheet",
        "this is a spreadsheet or another packed file ({kind}), not a text file",
        "open it and save it as CSV (in Excel: Save As, CSV UTF-8), then read that; accounts may "
        "also stand in an .xlsx",
    ),
    error(
        "workbook-extra",
        "this is a workbook, and reading one needs one more package",
        "run: pip install 'csprio[xlsx]'; or save the sheet as CSV and read that",
    ),
    error("unknown-sheet", "there is no sheet called `{name}`", "{hint}"),
    error(
        "cell-error",
        "the cell shows the error {value}, so it counts as empty",
        "correct it in the spreadsheet, or empty it",
    ),
    error(
        "cell-uncomputed",
        "the cell is the formula `{value}`, and the file does not say what it comes to",
        "open the file in a spreadsheet program and save it again, which computes it",
    ),
    warning(
        "cell-digits",
        "the number {value} has more digits than the 15 that a spreadsheet keeps",
        "give the column the format Text and enter the numbers anew: the last digits may be lost",
    ),
    error(
        "damaged-file",
        "this {kind} file cannot be unpacked: {why}",
        "fetch it or write it anew; it may have been copied only in part",
    ),
    error(
        "not-utf8",
        "line {line}, byte {byte}: not UTF-8",
        "files from Excel or Salesforce on Windows are often cp1252: add --encoding cp1252",
    ),
    error(
        "not-encoded",
        "line {line}, byte {byte}: not {encoding}",
        "name the encoding that the file is written in by --encoding",
    ),
    error(
        "unknown-encoding",
        "there is no encoding `{encoding}`",
        "use one such as utf-8, cp1252, latin-1 or utf-16-le in --encoding or `encoding:`",
    ),
    error(
        "nul-byte",
        "a NUL byte, which no text has",
        "export the file anew; if it is UTF-16 without its mark, add --encoding utf-16-le",
    ),
)

# A file whose rows or headers do not make a table.
_ROWS: tuple[Code, ...] = (
    error(
        "no-header",
        "the file has no header",
        "put the names of the columns in its first line",
    ),
    error(
        "two-separators",
        "the header may be {first} or {second}",
        "say which character separates the cells by --delimiter or `delimiter:` in csprio.yaml",
    ),
    error(
        "bad-delimiter",
        "`{delimiter}` cannot separate cells",
        "use one character, such as , ; | or tab, in --delimiter or `delimiter:`",
    ),
    error(
        "unclosed-quote",
        "a quote is opened here and never closed",
        'close it, or write a quote that is part of a cell as "" inside quotes',
    ),
    error(
        "ragged-row",
        "{cells} where the header has {header}",
        "put quotes around a cell that holds {delimiter}, or fill the row up",
    ),
    error(
        "no-id-column",
        "no column is the account's id or name; there are {headers}",
        "say which one it is in csprio.yaml: `columns: {{account_id: HEADER}}`; "
        "`csprio init DIR --from FILE` writes one where it can guess{separator}",
    ),
    error(
        "column-kind",
        "the column holds {what}, and csprio reads one value a row",
        "write it as text, as numbers or as dates in the export",
    ),
    error(
        "repeated-header",
        "`{header}` heads columns {positions}, and csprio reads it as {field}",
        "rename one of them, or turn it off in csprio.yaml: `columns: {{{field}: none}}`",
    ),
    error(
        "two-columns",
        "{headers} may each be {field}",
        "say which one it is in csprio.yaml: `columns: {{{field}: {first}}}`",
    ),
    error(
        "unknown-column",
        "no input has a column `{header}`{close}",
        "correct `columns:`, or take the line out",
    ),
    error(
        "blank-id",
        "the account has no id",
        "fill it in; a column that has one for each account can serve by "
        "`columns: {{account_id: HEADER}}`",
    ),
    error(
        "repeated-id",
        "`{value}` stands in {first} already",
        "keep one row an account, or fold its rows into one by `combine:` in csprio.yaml",
    ),
)

# Cells that allow two readings for the whole file.
_READINGS: tuple[Code, ...] = (
    error(
        "ambiguous-dates",
        "`{value}` may be {dmy} (day first) or {mdy} (month first), and no cell settles it",
        "say which by `dates: dmy` or `dates: mdy` {where}",
    ),
    error(
        "mixed-dates",
        "`{value}` can only be {order}, but `{other}` in line {line} only {other_order}",
        "write all dates of the file in one order, best as 2026-11-23",
    ),
    error(
        "two-currencies",
        "`{value}` is in {found}, but {first} has {taken}",
        "convert one of them, or say which one counts by `currency:` in csprio.yaml",
    ),
)

# Cells that make their field missing.
_CELLS: tuple[Code, ...] = (
    error(
        "bad-money",
        "`{value}` is not an amount: {why}",
        "{remedy}",
    ),
    error(
        "ambiguous-number",
        "`{value}` may be {small} or {large}",
        'say which by `decimal: "."` or `thousands: "."` in csprio.yaml',
    ),
    error(
        "other-currency",
        "`{value}` is not in {currency}",
        "convert it, or correct `currency:` in csprio.yaml",
    ),
    error(
        "bad-number",
        "`{value}` is not a number: {why}",
        "{remedy}",
    ),
    error(
        "bad-whole-number",
        "`{value}` is not a whole number from 1 to 9999",
        "write it as 12, or leave it empty",
    ),
    error(
        "bad-date",
        "`{value}` is not a date",
        "write it as 2026-11-23, or leave it empty{order}",
    ),
    error(
        "far-date",
        "`{value}` is outside the years 1970 to 2099",
        "correct it, or leave it empty where the day is not known",
    ),
    error(
        "excel-date",
        "`{value}` is a day as Excel counts them, perhaps {day}",
        "give the column a date format in the spreadsheet and export it again",
    ),
    error(
        "unknown-key",
        "`{value}` is not a {field} of the grid",
        "use one of {keys}; if the column means something else, turn it off in csprio.yaml: "
        "`columns: {{{field}: none}}`",
    ),
    error(
        "unknown-motion",
        "`{value}` is not a motion",
        "use one of {keys}; if the column means something else, turn it off in csprio.yaml: "
        "`columns: {{motion: none}}`",
    ),
    error(
        "mixed-ids",
        "`{value}` has 18 characters and `{other}` in {first} has 15: both are Salesforce ids",
        "add `ids: salesforce` to csprio.yaml, which cuts the long ones to 15",
    ),
)

# What a careful reader wants to know.
_NOTES: tuple[Code, ...] = (
    warning(
        "padded-footer",
        "`{value}` is all that this row holds, after a blank line at the end: it counts as an "
        "account, and may be a report's footer",
        "take the line out if it is no account",
    ),
    note(
        "alias-beaten",
        "`{header}` is not read, because `{winner}` is called {field}",
        "to read it instead, add `columns: {{{field}: {header}}}` to csprio.yaml",
    ),
    note(
        "owner-column",
        "`{header}` is nobody's role",
        "if it names the {role}, add `columns: {{{role}: {header}}}` to csprio.yaml",
    ),
    note(
        "combined-differs",
        "`{value}` gives way to `{kept}`, which stands first for the account ({count} in all)",
        "to keep another value, name `{field}` in `combine:` in csprio.yaml",
    ),
)

TABLE: tuple[Code, ...] = (*_FILES, *_ROWS, *_READINGS, *_CELLS, *_NOTES)
