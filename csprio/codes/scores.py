"""What scores, RFM and lifetime value meet in this book of accounts."""

from csprio.codes.code import Code, error, warning

SCORES: tuple[Code, ...] = (
    warning(
        "source-stale",
        "the last row of the source `{source}` is of {last}, more than {most} days ago, so its"
        " measures with `over:` are missing",
        "export it again, or say by `stale_after:` how old it may be",
    ),
    error(
        "points-unknown",
        "the score `{score}` has no points for `{value}`, so `{field}` is missing in it",
        "correct the cell, or say under `points:` what it earns",
    ),
    error(
        "rfm-few",
        "`cuts: quantiles` takes at least {least} accounts with orders, and finds {found}",
        "give cuts of your own, as `cuts: {{recency: [30, 90, 180, 365], frequency: [1, 2, 4, 8],"
        " monetary: [1k, 5k, 20k, 50k]}}`",
    ),
    error(
        "clv-few",
        "{what} cannot be estimated from {found}: it takes {least} or more",
        "{remedy}",
    ),
    error(
        "clv-unfitted",
        "{what} cannot be estimated from these accounts: {why}",
        "{remedy}",
    ),
    warning(
        "clv-terms",
        "`model: transactions` is for accounts that buy when they like, not for the {accounts} with"
        " contract terms",
        "use `model: contract`, or leave it if what they buy is not in their contract",
    ),
    error(
        "models-missing",
        "`model: transactions` needs scipy, which is not installed",
        "run `pip install 'csprio[models]'`, or use `model: contract`",
    ),
)
