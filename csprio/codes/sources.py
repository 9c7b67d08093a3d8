"""Problems of the files that `signals.yaml` names as sources: their columns and their rows."""

from csprio.codes.code import Code, error, warning

# What makes a source unusable, or asks for what it does not have.
_FILES: tuple[Code, ...] = (
    error(
        "source-missing",
        "there is no such file; line {line} of {policy} names it for the source `{source}`",
        "put the export there, or correct `{key}:`; paths count from the folder of {policy}",
    ),
    error(
        "source-column",
        "{file} has no column `{column}`{hint}",
        "correct the name, or say by `columns: {{{name}: HEADER}}` of the source `{source}` which "
        "one is meant; there are {headers}",
    ),
    error(
        "source-account",
        "no column of {file} is known as the account's id; there are {headers}",
        "add `columns: {{account_id: HEADER}}` to the source `{source}`; where its rows know only "
        "something that another file knows the account of, such as a subscription, use `via:`",
    ),
    error(
        "source-headers",
        "{headers} may each be `{name}`, which the source `{source}` needs",
        "say which one it is by `columns: {{{name}: HEADER}}` of the source, or rename the other",
    ),
    error(
        "via-two",
        "`{key}` belongs to the account `{account}` here, and to `{other}` in line {line}",
        "give each {column} one account: correct or delete one of the two lines",
    ),
)

# Cells of a row, and rows that nobody's account is known by.
_ROWS: tuple[Code, ...] = (
    error(
        "source-date",
        "`{value}` is not a date{why}, so the row is left out",
        "{remedy}",
    ),
    error(
        "source-undated",
        "the row has no date, so it is left out",
        "fill it in, or delete the line",
    ),
    error(
        "bad-answer",
        "`{value}` is no answer from 0 to 10, so it does not count",
        "write a whole number from 0 to 10, or leave it empty",
    ),
    error(
        "source-more",
        "{more} of this column, from here on, with the problem `{kind}`",
        "correct them like those before; csprio lists the first {listed}",
    ),
    error(
        "source-foreign",
        "not one row of the source `{source}` is of an account of the book: {who}",
        "say by `columns: {{account_id: HEADER}}` of the source which column has the ids of the "
        "accounts; where it knows another name of them, look the id up by `via:`",
    ),
    warning(
        "source-strangers",
        "left out: {rows} of the source `{source}` whose account the book does not have ({who})",
        "compare the ids in both files, unless these accounts are gone; `ids: salesforce` in "
        "csprio.yaml makes Salesforce ids of 15 and of 18 characters meet",
    ),
    warning(
        "via-unknown",
        "left out: {rows} of the source `{source}` whose account {file} does not tell ({who})",
        "add what is missing to {file}, or correct it here",
    ),
)

SOURCES: tuple[Code, ...] = (*_FILES, *_ROWS)
