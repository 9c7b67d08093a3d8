"""What the policy meets in this book of accounts."""

from csprio.codes.code import Code, warning

BOOK: tuple[Code, ...] = (
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
)
