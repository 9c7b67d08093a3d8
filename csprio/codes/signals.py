"""Problems of `signals.yaml`: sources, measures, scores, RFM and lifetime value."""

from csprio.codes.code import Code, error, warning

_MEASURES: tuple[Code, ...] = (
    error(
        "event-reserved",
        "rows cannot tell the event `{event}`: {why}",
        "{remedy}",
    ),
    error(
        "take-column",
        "`take: {take}` {why}",
        "{remedy}",
    ),
    error(
        "take-key",
        "`{key}` does nothing here, as `take: {take}` {why}",
        "{remedy}",
    ),
    error(
        "per-field",
        "`per: {field}` cannot divide the measure: it is {what}",
        "divide by a number: a column of the accounts, or another measure",
    ),
    warning(
        "source-unused",
        "nothing uses the source `{source}`",
        "delete it, or take a measure or an event from it",
    ),
    warning(
        "measure-unused",
        "nothing uses the measure `{measure}`",
        "delete it, or use it in a score, in a condition or under `add:` of csprio.yaml",
    ),
)
_SCORES: tuple[Code, ...] = (
    error(
        "part-points",
        "`{field}` {why}",
        "{remedy}",
    ),
    error(
        "points-flat",
        "`zero` and `full` are both {value}, so no value earns more than another",
        "let `zero` be the value that earns 0 points, `full` the one that earns 100",
    ),
    warning(
        "of-hundred",
        "{what} is counted out of 100, so {value} is next to nothing",
        "write {instead}, or leave it if it is meant",
    ),
    error(
        "score-cycle",
        "the {what} need each other in a circle: {names}",
        "let one of them do without the next",
    ),
    error(
        "score-sees-grade",
        "`{field}` is known only after grading, and scores and measures come before it",
        "use what is known by then: potential, arr, motion, a column of your own",
    ),
)
_NAMES: tuple[Code, ...] = (
    error(
        "signal-name",
        "`{name}` cannot be {what}: {why}",
        "{remedy}",
    ),
    error(
        "signal-column",
        "the accounts have a column `{column}`, and `{field}` is {what}",
        "rename it here, or turn the column off by `columns: {{{column}: none}}` in csprio.yaml",
    ),
)
_RFM: tuple[Code, ...] = (
    error(
        "cuts-order",
        "the cuts of `{key}` {why}",
        "write one to {most} numbers, each larger than the one before it, as `{example}`",
    ),
    error(
        "segment-field",
        "a segment looks at the scores `r`, `f` and `m` alone, not at `{field}`",
        "{hint}",
    ),
)
SIGNALS: tuple[Code, ...] = (*_MEASURES, *_SCORES, *_NAMES, *_RFM)
