"""What the policy meets in this book of accounts."""

from csprio.codes.code import Code, note, warning

_ACCOUNTS: tuple[Code, ...] = (
    warning(
        "potential-below-arr",
        "potential {potential} is less than the {arr} that the account pays now",
        "potential is what the account could be worth a year in all, what it pays now included",
    ),
    warning(
        "start-after-renewal",
        "start_date {start_date} is not before renewal_date {renewal_date}",
        "correct one of the two: renewal_date is the end of the current term",
    ),
    warning(
        "renewal-far",
        "renewal_date {renewal_date} is more than the term of {months} months away",
        "give term_months, so that the terms are counted right",
    ),
    warning(
        "renewal-passed",
        "renewal_date {renewal_date} has passed; the term that runs now ends {term_end}",
        "write the new renewal_date, or set the status of an account that left",
    ),
    warning(
        "plan-unused",
        "no account has the id {account!r}",
        "correct `account:`, or delete the file",
    ),
    warning(
        "no-playbook",
        "no playbook of the list takes this account, so it has no plan",
        "add a line without `when` at the end of `playbook:` in csprio.yaml",
    ),
    note(
        "calls-to-make",
        "{accounts} ({grades}) lie{verb} between tier {better} and tier {worse}, and nobody has"
        " made the call: {names}",
        "make it: `csprio log ACCOUNT tier {better}` or `tier {worse}`; `borderline:` in the grid"
        " decides such cases by rule",
    ),
)

# What the journal tells of accounts and tasks, and the book has not.
_JOURNAL: tuple[Code, ...] = (
    note(
        "nothing-overdue",
        "{why}, so nothing counts as overdue",
        "{remedy}",
    ),
    warning(
        "entry-account",
        "`{value}` is no account of the book ({entries})",
        "{hint}",
    ),
    warning(
        "entry-accounts",
        "the book does not have {accounts} either ({entries}), the first of them `{value}`",
        "if the book is only a part of the accounts, that is why; else look for them in the CRM",
    ),
    note(
        "entries-ahead",
        "{entries} dated after {as_of}, and not looked at yet; the first one is of {date}",
        "nothing is to be done if the day asked about lies in the past; else correct the date",
    ),
    warning(
        "entry-no-task",
        "`{value}` is no task of the account, so `{kind}` is not counted",
        "{hint}",
    ),
    warning(
        "entry-no-activity",
        "no plan has an activity `{activity}` ({entries})",
        "{hint}the id of an activity stays for good: give it back to the activity if you have"
        " renamed it, and leave the entries if you have deleted it",
    ),
    note(
        "call-ended",
        "the call to tier {tier} ended on {until}: {now}",
        "call again by `csprio log {account} tier {tier}`, or withdraw the call for good by"
        ' `csprio log {account} tier ""`',
    ),
    note(
        "event-unheard",
        "no activity listens to the event `{event}`{how} ({entries})",
        "{hint}",
    ),
    note(
        "by-unknown",
        "nobody in the team is called `{value}`{entries}",
        "{hint}",
    ),
)

# What the policy asks for, and this book cannot have.
_POLICY: tuple[Code, ...] = (
    warning(
        "activity-never",
        "`{activity}` never comes: no term of the {accounts} that would get it is long enough for"
        " `{due}`",
        "move it to an earlier day of the term, or count it from `start` or `renewal`",
    ),
    warning(
        "role-unfilled",
        "nobody does the work of {roles} on {accounts}: no account names anybody for it",
        "name them in {columns} of the accounts, say by `columns: {{{key}: HEADER}}` in csprio.yaml"
        " which column does, or give a role its default in team.csv",
    ),
    note(
        "role-partly",
        "{count} of the {accounts} with work for the role `{role}` name{verb} nobody for it",
        '`csprio grade --where "{column}=missing"` lists them; fill the cells, or give the role'
        " its default in team.csv",
    ),
    warning(
        "person-unknown",
        "nobody in the team is called `{value}` ({cells})",
        "{hint}",
    ),
    warning(
        "holidays-end",
        "the holidays end with {last}, and dates are wanted up to {until}",
        "add the holidays of {year}{more}; `csprio init DIR --holidays CODE` writes those of a"
        " country",
    ),
)

BOOK: tuple[Code, ...] = (*_ACCOUNTS, *_JOURNAL, *_POLICY)
