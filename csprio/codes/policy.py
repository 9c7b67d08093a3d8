"""Problems of the YAML files: grid, playbook, plans, configuration."""

from csprio.codes.code import Code, error, note, warning

_YAML: tuple[Code, ...] = (
    error(
        "policy-file",
        "the file cannot be read: {why}",
        "check the path; it is the one given on the command line or in csprio.yaml",
    ),
    error(
        "yaml-encoding",
        "byte {byte} of line {line} is not UTF-8",
        "save the file as UTF-8",
    ),
    error(
        "yaml-character",
        "the character {character} cannot stand in YAML",
        "delete it, or write it inside double quotes as {escape}",
    ),
    error(
        "yaml-bounds",
        "{what}, more than the {limit} that csprio takes",
        "{remedy}",
    ),
    error(
        "yaml-syntax",
        "the YAML cannot be read here: {detail}",
        "check the indentation (spaces, no tabs), and put quotes around a text that begins with a"
        " sign or has `: ` or ` #` in it",
    ),
    error(
        "yaml-unquoted",
        "`{text}` without quotes begins a block of text in YAML",
        "put quotes around it, or write `{words}`",
    ),
    error("yaml-tag", "the tag `{tag}` is not read", "leave it out: csprio knows what it expects"),
    error("yaml-alias", "the alias `*{name}` {why}", "write the value itself here"),
    error(
        "yaml-documents",
        "a second document begins here",
        "keep one document a file: delete the `---`, or move what follows it to a file of its own",
    ),
    error(
        "yaml-merge",
        "the merge key `<<` is not read",
        "write the keys out here",
    ),
    error(
        "yaml-key",
        "a key must be a text, not {found}",
        "write `key: value`",
    ),
    error(
        "yaml-repeated",
        "the key `{key}` stands here for the second time, first on line {line}",
        "keep one of the two",
    ),
)
_SHAPE: tuple[Code, ...] = (
    error("key-unknown", "`{key}` is no key of {what}", "{hint}"),
    error("key-missing", "{what} lacks `{key}`", "add `{key}:`{hint}"),
    error("value-form", "{key} is to be {expected}, not {found}", "write it as {example}"),
    error("value-unknown", "`{value}` is no {what}", "{hint}"),
)
_TESTS: tuple[Code, ...] = (
    error(
        "test-empty",
        "{what} has {found} where it needs {expected}",
        "{remedy}",
    ),
    error(
        "test-comparison",
        "`{text}` compares with what is neither a number nor a date",
        "write a number (50000, 50k, 1.2M) or a date (2026-11-23), or `is {text}` for the text",
    ),
    error(
        "test-range",
        "`{text}` is no range: {why}",
        "write two numbers or two dates, the lower first, as `10..20`, or `is {text}` for the text",
    ),
    error(
        "test-words",
        "`{text}` looks like a comparison, and `{word}` is no word for one",
        "write `{instead}`, or `is {text}` for the text",
    ),
    error(
        "test-date",
        "`{text}` is no day of the years 1970 to 2099",
        "write a date as 2026-11-23",
    ),
    error(
        "number-ambiguous",
        "`{text}` can be read as {small} and as {large}",
        "write `{plain}` for the first, `{grouped}` for the second",
    ),
    error(
        "number-bounds",
        "`{text}` has more digits than csprio counts with",
        "write at most 14 digits before the point and {places} after it",
    ),
    error(
        "where-form",
        "`{text}` is not FIELD=TEST",
        "write for instance `{example}`",
    ),
)
_GRID: tuple[Code, ...] = (
    error(
        "grid-key",
        "`{key}` cannot be {what}: {why}",
        "{remedy}",
    ),
    error(
        "grade-repeated",
        "the grade `{grade}` comes about twice: {first} and {second}",
        "rename a size or a level so that every grade has its own text",
    ),
    error(
        "band-form",
        "`{text}` is no band of {what}",
        "write `over 50k`, `at least 10k`, `under 5k`, `at most 5k`, `10..20` or `rest`",
    ),
    error(
        "band-gap",
        "the bands of {what} leave out {example}",
        "let the last band be `rest`, or close the gap",
    ),
    error(
        "band-never-wins",
        "the band `{key}` can never win: {why}",
        "put it before the band that takes its amounts, or change its bound",
    ),
    error(
        "likelihood-both",
        "the likelihood has both `score:` and `from:`",
        "keep `score:` to add up points, or `from:` to take a score of signals.yaml",
    ),
    warning(
        "level-out-of-reach",
        "no sum of the points reaches the level `{key}`: they add up to {low} .. {high}",
        "change the points or the level's bound",
    ),
    error(
        "grid-cells",
        "the row of size `{size}` has {found} cells, and there are {levels}",
        "write one cell for each level, in their order",
    ),
    error(
        "cell-form",
        "`{cell}` names no tier",
        "write a tier of {tiers}, or two as `1/2`",
    ),
    warning(
        "tier-order",
        "the better grade `{better}` has the worse tier `{low}`, and `{worse}` has `{high}`",
        "swap them, or leave it if it is meant",
    ),
    error(
        "borderline-tier",
        "no cell of the grid lies between `{tier}` and another tier",
        "write `better`, `worse`{hint}",
    ),
    warning(
        "borderline-unused",
        "the grid has no borderline cell, so these rules decide nothing",
        "write a cell such as `1/2`, or delete the rules",
    ),
    warning(
        "rule-never-reached",
        "an earlier line (line {line}) always holds, so this one is never reached",
        "put this one before it, or delete one of them",
    ),
)
_PLAYBOOK: tuple[Code, ...] = (
    error(
        "activity-id",
        "`{id}` is not kebab-case",
        "write small letters, digits and single hyphens, as `{example}`",
    ),
    error(
        "activity-repeated",
        "the activity `{id}` {where} (line {line})",
        "give one of them another id",
    ),
    error(
        "due-form",
        "`{text}` is no {what}: {why}",
        "write it as `start + 5bd`, `renewal - 90d`, `term + 3mo`, `event new-group + 2d`",
    ),
    error(
        "span-form",
        "`{text}` is no {what}: {why}",
        "write it as {example}",
    ),
    error(
        "every-needed",
        "`{key}` bounds repeats, and there is no `every`",
        "add `every:`, or delete `{key}`",
    ),
    error(
        "every-refused",
        "an activity of `{anchor}` comes once a term and takes no `every`",
        "delete `every`, or date it from `term` or `start`",
    ),
    error(
        "until-anchor",
        "`until` counts from `{anchor}`, the activity from `{own}`",
        "write `until` from {choices}, or as a date",
    ),
    warning(
        "until-first",
        "`until: {until}` is not after `due: {due}`, so the activity never comes",
        "let `until` be later than `due`",
    ),
    warning(
        "with-repeated",
        "the role `{role}` is named twice in this activity",
        "delete it from `with`",
    ),
    error(
        "plan-tier",
        "`{plan}` is no plan: the grid has no such tier",
        "{hint}",
    ),
    error(
        "roles-differ",
        "{what}, and all playbooks of a list share one set of roles",
        "write the same roles as in {file}",
    ),
    error(
        "plan-activity",
        "no playbook has an activity `{id}` to {verb}",
        "{hint}",
    ),
    error(
        "plan-taken",
        "the activity `{id}` {why}",
        "{remedy}",
    ),
    error(
        "plan-account",
        "the account `{account}` has its own plan already, in {file}",
        "keep one file for each account",
    ),
)
_CONFIG: tuple[Code, ...] = (
    error(
        "weekend-full",
        "a week of seven days off leaves no business day",
        "leave at least one day out of `weekend`",
    ),
    error(
        "marks-equal",
        "`decimal` and `thousands` are both `{mark}`",
        "give them different marks, or leave one out: it follows from the other",
    ),
    error(
        "columns-repeated",
        "`{key}` and `{first}` (line {line}) are one field",
        "keep one of the two",
    ),
    warning(
        "columns-field",
        "`{key}` is no field that csprio knows, so the column only travels under that name",
        "did you mean `{match}`?",
    ),
    error(
        "combine-field",
        "`{how}` cannot combine `{field}`, which is {kind}",
        "write {choices}",
    ),
    error(
        "accounts-dated",
        "`{path}` {why}",
        "{remedy}",
    ),
    error(
        "holidays-table",
        "the file has no column `date`",
        "name the column of the days `date` in the first line",
    ),
    warning(
        "value-unmet",
        "no account has the {field} `{value}`, so this never holds",
        "write one of {known}",
    ),
    warning(
        "tiers-unplanned",
        "the built-in playbooks have no plan for {tiers}: their accounts get what is for all",
        "write plans for them in a playbook of your own, and name it by `playbook:` or --playbook",
    ),
    warning(
        "accounts-per",
        "`accounts_per` names the role `{role}`, which the playbook does not have",
        "{hint}",
    ),
)
_FIELDS: tuple[Code, ...] = (
    error(
        "field-unknown",
        "no input has the field `{field}`",
        "{hint}",
    ),
    error(
        "field-later",
        "`{field}` is computed too late for {scope}",
        "use a column of the input here",
    ),
    note(
        "field-covered",
        "the input's column `{field}` counts instead of the computed field of that name",
        "rename the column, or set `columns: {{{field}: none}}`, to have the computed one",
    ),
)
POLICY: tuple[Code, ...] = (
    *_YAML, *_SHAPE, *_TESTS, *_GRID, *_PLAYBOOK, *_CONFIG, *_FIELDS,
)  # fmt: skip
