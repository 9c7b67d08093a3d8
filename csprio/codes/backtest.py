"""Problems of a backtest: outcomes that tell too little, and scores that know them beforehand."""

from csprio.codes.code import Code, error, note, warning

BACKTEST: tuple[Code, ...] = (
    error(
        "too-few-outcomes",
        "{found} of {accounts} accounts scored as of {at} {did}: with fewer than {least} the 95 % "
        "interval of an AUC is about 0.2 wide or wider, and the answer would be chance",
        "{remedy}",
    ),
    warning(
        "score-sees-outcome",
        "the score `{score}` looks at `{field}`, which tells who left: it knows the answer before"
        " it is asked",
        "leave the field out of the score, or tell who left by something else",
    ),
    note(
        "cells-undated",
        "the score `{score}` looks at cells of the accounts file, which are as of its export and "
        "not as of {at}: {fields}",
        "keep an export of each day and write `accounts: exports/{{date}}.csv` in csprio.yaml; "
        "until then, read the figures as a little too good",
    ),
)
