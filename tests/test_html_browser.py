"""The pages in a real browser: Chromium loads, sorts, filters and prints them, axe-core looks on.

Chromium is the system's; axe-core comes from npm, once, into a cache. Without them nothing is
proved here, and the tests say so by failing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from session import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.interop
ROOT = Path(__file__).parent.parent
DEMO = ROOT / "examples" / "demo"
ASKED = {
    "report": ("report", "accounts.csv"),
    "calendar": ("calendar", "accounts.csv", "--account", "ACME", "--account", "HARBOR"),
    "worklist": ("worklist", "accounts.csv"),
}
SCRIPTS = """\
account_id,name,potential,likelihood,csm,start_date
A,<script>document.title='hit'</script>,80000,1,"""
SCRIPTS += '''<img src=x onerror="document.title='hit'">,2026-11-16
B,"""><svg onload=document.title='hit'>",9000,2,</style><b>,2026-11-16
'''


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give the system's Chromium."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """Give the source of axe-core, fetched by npm where the cache lacks it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "csprio-tests"
    source = cache / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        cache.mkdir(parents=True, exist_ok=True)
        where = ["--silent", "--no-save", "--prefix", str(cache)]
        subprocess.run(["npm", "install", *where, "axe-core@4"], check=True)
    return source.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the demo's pages into a folder."""
    folder = tmp_path_factory.mktemp("pages")
    for name, words in ASKED.items():
        output = str(folder / f"{name}.html")
        run(*words, "--as-of", "2026-11-23", "-q", "-o", output, cwd=DEMO).good()
    return folder


class Loaded:
    """A page in the browser, and all that it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, width: int = 1200, **looks: Any) -> None:  # noqa: ANN401
        """Load it."""
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._context = browser.new_context(viewport={"width": width, "height": 900}, **looks)
        self.page: Page = self._context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())

    def __enter__(self) -> Page:
        """Give the page, which has asked for nothing but itself."""
        assert len(self.requests) == 1
        return self.page

    def __exit__(self, *failure: object) -> None:
        """Close it; whatever was done with it made it complain of nothing."""
        self._context.close()
        if failure == (None, None, None):
            assert (len(self.requests), self.complaints) == (1, [])


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shuts_nobody_out(name: str, scheme: str, pages: Path, browser: Browser, axe: str) -> None:
    """axe-core finds no violation in either scheme, and no page is wider than a telephone."""
    with Loaded(browser, pages / f"{name}.html", color_scheme=scheme) as page:
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document)")["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        page.set_viewport_size({"width": 360, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_sorts_and_filters(pages: Path, browser: Browser) -> None:
    """The book sorts by numbers and by the grid's order, and shows what is looked for."""
    with Loaded(browser, pages / "report.html") as page:
        table = page.locator("#accounts table")

        def column(at: int) -> list[str]:
            cells = table.locator(f"tbody tr:not([hidden]) td:nth-child({at})").all_inner_texts()
            return [cell.strip() for cell in cells]

        potential = table.get_by_role("button", name="potential")
        potential.focus()
        page.keyboard.press("Enter")
        sums = [int(cell.replace(",", "")) for cell in column(6) if cell]
        assert sums == sorted(sums)
        assert column(6)[-1] == "", "what is missing stands last"
        page.keyboard.press("Enter")
        assert table.locator("th[aria-sort=descending]").count() == 1
        assert column(6)[0] == "300,000" or int(column(6)[0].replace(",", "")) == max(sums)
        table.get_by_role("button", name="grade").click()
        assert column(4)[0] == "A1"
        page.get_by_label("csm").select_option("Maya Chen")
        page.get_by_label("find").fill("robotics")
        assert column(1) == ["Acme Robotics"]
        assert page.get_by_role("status").inner_text() == "1 of 42 shown"


def test_works_without_script(pages: Path, browser: Browser) -> None:
    """Without script everything stands there, and nothing that needs it is offered."""
    with Loaded(browser, pages / "report.html", java_script_enabled=False) as page:
        assert page.locator("#accounts tbody tr").count() == 42
        assert page.locator("button, input, select").count() == 0
        page.locator("summary").first.click()
        assert page.locator("details[open] td").first.is_visible()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_prints(paper: str, pages: Path, browser: Browser, tmp_path: Path) -> None:
    """A page prints on either paper, lists unfolded and the tools left out."""
    for name in ASKED:
        with Loaded(browser, pages / f"{name}.html") as page:
            made = page.pdf(path=tmp_path / f"{name}.pdf", format=paper)
            assert made.startswith(b"%PDF")
            page.emulate_media(media="print")
            assert page.locator("nav, .tools").filter(visible=True).count() == 0
            assert not page.evaluate(
                "[...document.querySelectorAll('.scroll')].some(each =>"
                " each.scrollWidth > each.clientWidth + 1)"
            )


def test_names_that_are_scripts_do_nothing(tmp_path: Path, browser: Browser) -> None:
    """What looks like script in a name is a name."""
    (tmp_path / "accounts.csv").write_text(SCRIPTS, encoding="utf-8")
    for command in ("report", "calendar", "worklist"):
        output = str(tmp_path / f"{command}.html")
        words = (command, "accounts.csv", "--as-of", "2026-11-23", "-q", "-o", output)
        run(*words, cwd=tmp_path).good()
        with Loaded(browser, Path(output)) as page:
            assert "hit" not in page.title()
            assert page.locator("img, svg svg, b b").count() == 0
            assert page.get_by_text("<script>document.title='hit'</script>").count() > 0
