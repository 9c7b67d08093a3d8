"""Spoils a good journal, team or sheet in many small ways: csprio ends in good order each time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from session import run

if TYPE_CHECKING:
    from pathlib import Path

DAY = ("--as-of", "2026-11-23")
FILES = {
    "csprio.yaml": b"accounts: accounts.csv\njournal: journal.csv\nteam: team.csv\nby: Ana\n",
    "accounts.csv": b"""\
account_id,name,csm,sales,potential,likelihood,start_date,term_months,arr,tier
ACME,Acme Robotics,Maya,Dana,180000,2,2026-05-26,12,5000,
BOLT,Bolt Ltd,maya@x.example,Dana,5000,2,2026-05-26,12,600,
CORE,Core & Co,Tom,Dana,,,,,,
EDGE,Edge,Tom,Dana,20000,1,2025-12-01,12,9000,1
""",
    "team.csv": b"""\
name,email,role,default,reports_to,hours_per_week,max_accounts,region,away_from,away_to
Maya,maya@x.example,csm,yes,Ines,32,20,East,2026-12-24,2026-12-31
Tom,tom@x.example,csm,,Ines,32,20,West,,
Ines,ines@x.example,coach,yes,,16,,,,
Ines,,custdev,yes,,,,,,
""",
    "journal.csv": b"""\
date,account_id,kind,key,value,until,by,note
2026-10-01,ACME,grade,,A1,,Maya,why not
2026-10-02,ACME,touch,call,,,Maya,
2026-10-03,BOLT,tier,,1,2026-12-31,Ines,big
2026-10-05,CORE,event,new-group,the Graz plant,,Tom,
2026-10-06,EDGE,event,renewed,signed,2026-12-01,Tom,
2026-10-07,EDGE,event,expanded,"12,000",,Tom,
2026-10-08,EDGE,potential,,30k,,Tom,
2026-10-09,BOLT,kpi,seats,-4.5,,Tom,
2026-10-10,ACME,done,ACME:kickoff:s1,well,,Maya,
2026-10-11,BOLT,snoozed,BOLT:regrade-30:s1,,2026-12-01,Maya,ill
2026-10-12,EDGE,skipped,EDGE:regrade-30:s1,no,,Maya,
2026-10-13,EDGE,reopened,EDGE:regrade-30:s1,,,Maya,
2026-10-14,CORE,event,churned,closed,,Tom,"a ""quoted"" note"
""",
    "list.csv": b"""\
due,task_id,outcome,until,comment
2026-11-30,ACME:growth-review:t2026-05.2,done,,"well, well"
2026-12-05,ACME:renewal-plan:t2026-05.1,snoozed,2026-12-20,
2026-11-23,EDGE:handoff:s1,they know,,
""",
    "grades.csv": b"""\
account_id,potential,likelihood,grade,tier,motion,note
ACME,100000,1,,,,x
BOLT,,,B1,,,
CORE,5k,3,,1,growth,why
""",
}
TOLD = ("journal.csv", "journal.csv", "team.csv")
# A command, and the files of which one is spoiled.
COMMANDS = (
    (("grade", "--add", "last_touch,days_since_touch"), TOLD),
    (("worklist", "-f", "json"), TOLD),
    (("calendar", "-f", "table"), TOLD),
    (("explain", "EDGE"), TOLD),
    (("check",), TOLD),
    (("log", "ACME", "touch"), TOLD),
    (("log", "reopened", "EDGE"), TOLD),
    (("log", "--from", "list.csv"), ("list.csv", "journal.csv")),
    (("log", "--from", "grades.csv"), ("grades.csv", "journal.csv")),
)
PIECES = (
    b"", b'"', b"\r", b"\n", b";", b",", b"\t", b"\0", b"'", b"=1+1", b":", b"-5", b"nan",
    b"1e400", b"9" * 30, b"1.234", b"1,5", b"USD 5", b"EUR 5", b"\xff", b"\xef\xbb\xbf", b"\xc3",
    b"\x1b[31m", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"2026-02-30", b"2100-01-01",
    b"31/12/2026", b"11/12/2026", b"46000", b"<<<<<<< HEAD\n", b"x" * 5000, b"tier", b"snoozed",
    b"event", b"renewed", b"expanded", b"EDGE", b"EDGE:kickoff:t2025-12.1", b"yes", b"Ines",
    b"any", b"sep=;\n",
)  # fmt: skip


def spoiled(text: bytes, chance: random.Random) -> bytes:
    """Spoil a file: put in, take out, cut off, repeat a line, change a cell, a column, the code."""
    at = chance.randrange(len(text) + 1)
    lines = text.split(b"\n")
    line = chance.randrange(len(lines))
    cells = [each.split(b",") for each in lines]
    column = chance.randrange(len(cells[0]))
    ways = {
        "put in": text[:at] + chance.choice(PIECES) + text[at:],
        "take out": text[:at] + text[at + chance.randrange(30) :],
        "cut off": text[:at],
        "repeat": b"\n".join([*lines[:line], chance.choice(lines), *lines[line:]]),
        "code": text.decode("latin-1").encode(chance.choice(["utf-16", "utf-8-sig"])),
        "column": b"\n".join(b",".join(row[:column] + row[column + 1 :]) for row in cells),
    }
    cells[line][column % len(cells[line])] = chance.choice(PIECES)
    changed = b"\n".join(b",".join(row) for row in cells)
    return chance.choice([*ways.values(), changed, changed])


@pytest.mark.parametrize("command", range(len(COMMANDS)))
def test_ends_in_good_order(command: int, tmp_path: Path) -> None:
    """A code that is promised, no answer from a run that fails, and a journal only added to."""
    words, names = COMMANDS[command]
    for number in range(12):
        chance = random.Random(1000 * command + number)
        files = dict(FILES)
        for _ in range(chance.choice([1, 1, 2, 4])):
            name = chance.choice(names)
            files[name] = spoiled(files[name], chance)
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        result = run(*words, *DAY, cwd=tmp_path)
        assert result.code in {0, 1, 2, 3, 4}, (files, result.err)
        assert b"Traceback" not in result.err
        assert result.code == 0 or result.err or words[0] == "check"
        assert words[0] == "check" or result.code == 0 or not result.out
        journal = (tmp_path / "journal.csv").read_bytes()
        assert journal.startswith(files["journal.csv"])
        assert result.code == 0 or journal == files["journal.csv"]
