"""Writes anew what the console blocks of the documents show.

`python docs/consoles.py [DOCUMENT ...]` runs every document as its test does and puts the output of
today into its blocks; where one leaves lines out by `...`, as many stay before and after it.
Read the diff before you believe it: a wrong answer is written as faithfully as a right one.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from test_docs_shell import DOCUMENTS, SHOWN, Block, Session, blocks  # noqa: E402 - found by now

ELLIPSIS = "..."


def shortened(shown: list[str], output: list[str]) -> list[str]:
    """Leave out of an output what the block left out of the old one."""
    if ELLIPSIS not in shown:
        return output
    first = shown.index(ELLIPSIS)
    last = len(shown) - 1 - shown[::-1].index(ELLIPSIS)
    tail = len(shown) - 1 - last
    if first + tail >= len(output):
        return output
    return [*output[:first], ELLIPSIS, *output[len(output) - tail :]]


def renewed(block: Block, session: Session) -> list[str]:
    """Run a block and give the lines that it should have."""
    lines: list[str] = []
    for script, shown in block.steps():
        code, output = session.type(script)
        if code and (block.kind == "sh" or not output):
            print(f"{block.where}: exit {code}\n{script}\n" + "\n".join(output), file=sys.stderr)
        if shown is None:
            return block.lines
        while shown and not shown[-1]:
            shown.pop()
        lines += ["$ " + script.replace("\n", "\n> "), *shortened(shown, output)]
    return lines


def renew(document: Path) -> None:
    """Run a document in a copy of the repository and write its console blocks anew."""
    text = document.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in SHOWN:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        inside = document.is_relative_to(ROOT / "examples")
        start = folder / document.parent.relative_to(ROOT) if inside else folder
        (folder / ".home").mkdir()
        session = Session(start, folder / ".home")
        shift = 0
        for block in blocks(document):
            if not block.runs:
                continue
            at = int(block.where.rpartition(":")[2]) + shift
            new = "\n".join(renewed(block, session)).split("\n")
            text[at : at + len(block.lines)] = new
            shift += len(new) - len(block.lines)
    document.write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each in [Path(word).resolve() for word in sys.argv[1:]] or DOCUMENTS:
        renew(each)
