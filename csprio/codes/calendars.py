"""Problems of calendar feeds and mails, and of to-dos that come back."""

from csprio.codes.code import Code, error, note, warning

CALENDARS: tuple[Code, ...] = (
    note(
        "feed-undated",
        "{tasks} without a day, which no calendar can show, left out{whose}",
        "give the accounts a start or renewal date, or take --todo, which lists them without a day",
    ),
    note(
        "feed-characters",
        "control characters in {texts}{whose} are written out, as \\x1b: a calendar cannot hold"
        " them",
        "take them out of the names or titles; the file is good as it is",
    ),
    error(
        "remind-form",
        "{value!r} is no time of day for a reminder",
        "write hours and minutes as 9h, 8h30 or 17h05, from 0h to 23h59",
    ),
    error(
        "mail-people",
        "a mail is for one person, and these are the lists of {count}",
        "write a file each, as -o 'mail/{{owner}}.eml', or choose a person with --owner",
    ),
    note(
        "mail-address",
        "the mail for {owner} has no line To:, since {why}",
        "write the address into the column email of team.csv",
    ),
    error(
        "calendar-broken",
        "the file cannot be read as a calendar: {reason}",
        "export it again from the program that has it",
    ),
    note(
        "todo-foreign",
        "the to-do {summary} is not one of csprio's, so it is left out",
        "if it concerns an account, tell it by csprio log ACCOUNT touch",
    ),
    warning(
        "todo-gone",
        "the to-do `{task}` is completed, but the book has no such task: it is left out",
        "nothing is to be done where the account has left the book; else compare its account_id",
    ),
    note(
        "calendar-events",
        "the file has events and no to-do of csprio's, and an event cannot be completed",
        "export to-dos, as csprio calendar --todo -o tasks.ics",
    ),
)
