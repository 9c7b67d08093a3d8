"""Measures csprio beside its rivals, all as whole processes and in turns, and prints the ratios.

`python run.py --sizes 10k,100k,1M,5M` makes seeded data where they are not there yet, checks that
all rivals give csprio's answer, and prints a table for each question as soon as it is done. Only
the standard library may be imported here (see `measuring`).
"""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import contests
import report
from contests import LIMIT, OURS
from goals import MILLION, goals
from measuring import FailedError, Taken, in_turns, on_two_cores

if TYPE_CHECKING:
    from collections.abc import Callable

    from contests import Contest

HERE = Path(__file__).parent
SIZES = "10k,100k,1M,5M"
START = "start"
MAKERS: dict[str, Callable[[Path, int], Contest]] = {
    **{
        question: functools.partial(contests.answers, question=question)
        for question in ("grade", "calendar", "worklist")
    },
    "scores": contests.scores,
    "journal": contests.journal,
    "workbook": contests.workbook,
}
LARGEST = {"scores": MILLION, "journal": MILLION // 10}  # accounts
ROUNDS = {20_000: 9, 200_000: 7, 2 * MILLION: 5}  # up to so many accounts
ONLY = {"workbook": [contests.OF_A_WORKBOOK]}  # accounts, whatever sizes are asked for
FEWEST, START_ROUNDS = 3, 21
LONGEST = 900  # seconds: a program that would take longer is not run
ROOM = 0.8  # of the machine's memory, and of the free disk, may be filled
COPIES = 4  # of an answer, on the disk at a time
FIXED = 100 * MILLION  # bytes that a program takes for nothing
UNITS = {"k": 10**3, "m": MILLION}


def main() -> None:
    """Run what was asked for, print it, and write it where that was asked for."""
    asked = _asked()
    on_two_cores()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    about = report.machine()
    _say("\n".join(about))
    results: dict[tuple[str, int], dict[str, Taken]] = {}
    started: list[str] = []
    if START in asked.questions:
        for contest in contests.start_up(folder):
            started.append(contest.question)
            results[contest.question, contest.accounts] = _hold(
                contest, asked.rounds or START_ROUNDS, {}
            )
        _say(report.start_table(results, started))
    beside = {}
    for question in [each for each in MAKERS if each in asked.questions]:
        smaller: dict[int, dict[str, Taken]] = {}
        most = LARGEST.get(question, max(asked.sizes))
        for accounts in ONLY.get(question, [each for each in asked.sizes if each <= most]):
            contest = MAKERS[question](folder, accounts)
            beside[question] = contest.beside
            expected = {
                name: too_much(name, taken, accounts / size, folder)
                for size, programs in smaller.items()
                for name, taken in programs.items()
            }
            smaller[accounts] = _hold(contest, asked.rounds or _rounds(accounts), expected)
            contests.tidy(folder, accounts)
        results |= {(question, accounts): taken for accounts, taken in smaller.items()}
        if smaller:
            _say(f"{question}\n{report.table(results, question, beside[question])}")
    _say(report.goal_table(goals(results)))
    if asked.write:
        report.write(asked.write, report.whole(results, beside, started, about))
    if wrong := [
        f"{name}: {each.wrong}"
        for of in results.values()
        for name, each in of.items()
        if each.wrong
    ]:
        sys.exit("\n".join(wrong))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    all_of_them = ",".join([START, *MAKERS])
    parser.add_argument("--sizes", type=_sizes, default=_sizes(SIZES), help=f"default {SIZES}")
    parser.add_argument(
        "--questions", type=_questions, default=_questions(all_of_them), help=f"of {all_of_them}"
    )
    parser.add_argument(
        "--rounds", type=int, help="default 21 for the start; 9 to 3, the fewer the more accounts"
    )
    parser.add_argument("--folder", type=Path, default=HERE / ".data", help="of the data")
    parser.add_argument("--write", type=Path, help="a page to write the tables into")
    return parser.parse_args()


def _sizes(words: str) -> list[int]:
    """Read numbers of accounts such as 10k and 5M, smallest first."""
    numbers = []
    for word in words.lower().split(","):
        number = word.strip().rstrip("km")
        numbers.append(int(number) * UNITS.get(word.strip().removeprefix(number), 1))
    return sorted(numbers)


def _questions(words: str) -> list[str]:
    chosen = words.split(",")
    if unknown := set(chosen) - {START, *MAKERS}:
        raise argparse.ArgumentTypeError(f"no such question: {', '.join(sorted(unknown))}")
    return chosen


def _rounds(accounts: int) -> int:
    return next((rounds for most, rounds in ROUNDS.items() if accounts <= most), FEWEST)


def _hold(contest: Contest, rounds: int, expected: dict[str, str]) -> dict[str, Taken]:
    """Run a contest; programs that are expected to take too much are left out.

    Without csprio there is nothing to compare with, and so no contest.
    """
    about = f"{contest.question}, {contest.accounts:,} accounts"
    left_out = {name: why for name, why in (expected | dict(contest.missing)).items() if why}
    if OURS in left_out:
        return {OURS: Taken(left_out=left_out[OURS])}
    print(f"{about}: making what is needed", file=sys.stderr, flush=True)
    contest.prepare()
    print(f"{about}: {rounds} rounds", file=sys.stderr, flush=True)
    programs = [program for program in contest.programs if program.name not in left_out]
    env = {**contests.environment(), **contest.env}
    taken = in_turns(programs, rounds, env, contest.judge)
    return taken | {name: Taken(left_out=why) for name, why in left_out.items()}


def too_much(name: str, before: Taken, factor: float, folder: Path) -> str:
    """Tell why a program is better not run on so many times the accounts, if it is.

    The limit's memory is for the most part the answer's file, which the kernel can take back.
    """
    if not before.runs:
        return before.wrong or before.left_out
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    peak = max(before.peak - FIXED, 0) * factor + FIXED
    if peak > ROOM * memory and name != LIMIT:
        return f"not run, it would take about {peak / 10**9:.0f} GB"
    if (wall := before.wall * factor) > LONGEST:
        return f"not run, it would take about {wall / 60:.0f} minutes"
    if before.wrote * factor * COPIES > ROOM * shutil.disk_usage(folder).free:
        return "not run, its answer would fill the disk"
    return ""


def _say(text: str) -> None:
    print(f"{text}\n", flush=True)


if __name__ == "__main__":
    try:
        main()
    except FailedError as failed:
        sys.exit(str(failed))
