"""Makes the pictures of the README out of what csprio really answers about the demo.

`python docs/pictures.py` writes docs/pictures: tables of the terminal as SVG, and pages as PNG, for
which Chromium is wanted (the variable CHROMIUM, else `chromium` on the PATH).
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "examples" / "demo"
HOME = Path(__file__).parent / "pictures"
DAY = ("--as-of", "2026-11-23", "-q")
WIDTH = 104
TABLES = {
    "terminal": (("worklist", "--owner", "Maya Chen"),),
}
# A page: its command, and what of it is in the picture ("" for what a window of that size shows).
PAGES = {
    "page": (("report",), ""),
    "timeline": (("calendar", "--account", "ACME"), "#a1 .scroll >> nth=0"),
}

_IN_A_TERMINAL = """
import os, pty, sys
os.environ.update(COLUMNS=sys.argv[1], TERM="xterm-256color")
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:])))
"""


def answered(*words: str) -> str:
    """Give what csprio shows on a terminal, colours and all."""
    csprio = [sys.executable, "-m", "csprio", *words, *DAY]
    terminal = [sys.executable, "-c", _IN_A_TERMINAL, str(WIDTH), *csprio]
    shown = subprocess.run(
        terminal, cwd=DEMO, stdin=subprocess.DEVNULL, capture_output=True, check=True, text=True
    )
    return shown.stdout.replace("\r\n", "\n").replace("^D\b\b", "").rstrip()


def tables() -> None:
    """Draw what a terminal shows."""
    for name, commands in TABLES.items():
        console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
        for words in commands:
            console.print(Text.assemble(("$ ", "dim"), ("csprio " + shlex.join(words), "bold")))
            console.print(Text.from_ansi(answered(*words)), "", soft_wrap=True)
        drawn = console.export_svg(title="csprio", unique_id=name)
        # No picture may ask for a font from elsewhere; a reader's own will do.
        first, last = drawn.index("@font-face"), drawn.index(f".{name}-matrix")
        plain = drawn[:first] + drawn[last:]
        (HOME / f"{name}.svg").write_text(plain.replace("Fira Code, ", ""), encoding="utf-8")


def pages() -> None:
    """Photograph pages."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, (words, part) in PAGES.items():
            made = Path(folder) / f"{name}.html"
            csprio = [sys.executable, "-m", "csprio", *words, *DAY, "-o", str(made)]
            subprocess.run(csprio, cwd=DEMO, check=True)
            page = browser.new_page(viewport={"width": 1200, "height": 700})
            page.goto(made.as_uri())
            shown = page.locator(part) if part else page
            shown.screenshot(path=HOME / f"{name}.png")
        browser.close()


def main() -> int:
    """Make them all."""
    HOME.mkdir(exist_ok=True)
    tables()
    pages()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
