"""Pages that ask for nothing, and in which text is text: what is written, looked at as bytes."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from jinja2 import TemplateError

from csprio.decide.why import INACTIVE
from csprio.problems import Place, problem
from csprio.show import book
from csprio.show.formats import html as page
from csprio.show.names import safe_names
from csprio.show.template import Pages
from csprio.show.timeline import Event, timeline, weeks
from session import run
from sheets import answer, naughty, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

DAY = ("--as-of", "2026-11-23")
HEAD = "account_id,name,potential,likelihood,arr,csm,sales,cust_dev,start_date"
TORTURE = [
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\"'><b>", "{{ 7*7 }}",
    "{% include '/etc/passwd' %}", "[/bold]", "=cmd|' /C calc'!A0", "@SUM(1)", "../x",
    "a\u202eb", "\x1b[31mred", "two\nlines", "x" * 40_000, "]]>", "-->", "&lt;&amp;",
    "javascript:alert(1)",
]  # fmt: skip
# What a page of csprio's own is made of, and what its templates write into them.
ELEMENTS = (
    "html head meta title style body header h1 h2 h3 p main section div dl dt dd nav ul li a bdi b "
    "table caption thead tbody tr th td span details summary svg path rect circle text footer time "
    "script"
)


class Seen(HTMLParser):
    """Gathers the elements, attributes and texts of a page."""

    def __init__(self, content: str) -> None:
        """Read a page."""
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


def _csv(cells: Iterable[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def _book(folder: Path, rows: int = 8, texts: Sequence[str] = ()) -> Path:
    """Write an accounts file; each of the texts stands in every field of a row that takes one."""
    lines = [HEAD]
    for n in range(len(texts) or rows):
        people = [texts[n]] * 3 if texts else [f"Person {n % 4}", "Sam", "Cleo"]
        name = f"{texts[n] if texts else 'Account'} {n}"
        start = date(2025, 1 + n % 11, 1 + n % 28).isoformat()
        cells = [f"{name}!", name, str(900 + 700 * n), str(1 + n % 3), "900", *people, start]
        lines.append(_csv(cells))
    (folder / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _ask(folder: Path, *words: str) -> str:
    return run(*words, *DAY, "-q", cwd=folder).good().decode()


@pytest.mark.parametrize("command", ["report", "calendar", "worklist", "grade"])
def test_text_is_text(command: str, tmp_path: Path) -> None:
    """No text of an account becomes an element, an attribute or a character that is obeyed."""
    made = _ask(_book(tmp_path, texts=TORTURE), command, "accounts.csv", "-f", "html")
    seen = Seen(made)
    assert set(seen.elements) <= set(ELEMENTS.split())
    assert seen.elements.count("script") == 1
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    links = [value for name, value in seen.attributes if name in {"href", "src"}]
    assert all(re.fullmatch(r"#[a-z]+\d*", value) for value in links)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", made)
    written = "\n".join(seen.texts)
    if command != "worklist":  # in which not everybody has something to do
        assert all(text in written for text in TORTURE if text.isprintable())
        assert all(text in written for text in (r"\x1b[31mred", r"two\nlines", r"a\u202eb"))


def test_naughty_strings() -> None:
    """No string that is known to break programs breaks out of a table, and none gets lost."""
    strings = [text for text in naughty() if text]
    rows = [{"account_id": str(n), "name": text} for n, text in enumerate(strings)]
    made = shown("html", answer("grade", rows, as_of="2026-11-23")).decode()
    assert made.count("<tr>") == len(strings) + 1
    assert set(Seen(made).elements) <= set(ELEMENTS.split())


def test_policy_knows_style_and_script(tmp_path: Path) -> None:
    """The Content-Security-Policy allows the page's own style and script, and nothing else."""
    made = _ask(_book(tmp_path), "report", "accounts.csv")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', made)
    for kind in ("style", "script"):
        (own,) = re.findall(f"<{kind}>(.*?)</{kind}>", made, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in html.unescape(policy)
    assert policy.startswith("default-src 'none'; ")
    assert not re.search(r"\sstyle=|url\(|@import|unsafe", made)


def test_size_and_bytes(tmp_path: Path) -> None:
    """A book of 240 accounts is a page of at most 150 KB, and the same page twice."""
    _book(tmp_path, 240)
    made = _ask(tmp_path, "report", "accounts.csv")
    assert len(made.encode()) <= 150_000
    assert made == _ask(tmp_path, "report", "accounts.csv")


def test_long_book_has_a_page_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the most accounts of a page the book is an index whose links lead to its people."""
    monkeypatch.setattr(page, "MOST_ACCOUNTS", 7)
    _book(tmp_path)
    made = run("report", "accounts.csv", *DAY, "-o", "the book.html", cwd=tmp_path)
    assert b"the book.html: an index; a page for each of 5 names stands beside it\n" in made.err
    names = sorted(each.name for each in tmp_path.glob("*.html"))
    assert "the book-Person 0.html" in names
    assert len(names) == 6
    index = (tmp_path / "the book.html").read_text(encoding="utf-8")
    links = {v for n, v in Seen(index).attributes if n == "href" and not v.startswith("#")}
    assert links == {"./" + name.replace(" ", "%20") for name in names if name != "the book.html"}
    assert "Account 1" not in index
    own = (tmp_path / "the book-Person 1.html").read_text(encoding="utf-8")
    assert 'href="./the%20book.html"' in own
    assert "Account 1<" in own
    assert "Account 2<" not in own
    # On stdout and packed there is nowhere to put them: all is on one page.
    assert "Account 2<" in _ask(tmp_path, "report", "accounts.csv")


def test_safe_names_of_people() -> None:
    """Names that would lead elsewhere or meet become names of files that do not."""
    names = safe_names(["../x", "CON", "ann", "Ann", "x" * 300, ""], book.NOBODY)
    assert names == ["x", "_CON", "ann", "Ann-2", "x" * 100, "nobody"]


def test_template_of_ones_own(tmp_path: Path) -> None:
    """A template of one's own may stand alone or extend csprio's; its style joins the policy."""
    _book(tmp_path, texts=["<b>&", "<b>&"])
    mine = tmp_path / "mine.html"
    mine.write_text("{% for row in book.accounts.rows %}<p>{{ row[0] }}\n{% endfor %}")
    made = _ask(tmp_path, "report", "accounts.csv", "--template", "mine.html")
    assert made == "<p>&lt;b&gt;&amp; 0\n<p>&lt;b&gt;&amp; 1\n"
    mine.write_text("{% extends page %}{% block more_style %}h1{color:red}{% endblock %}")
    made = _ask(tmp_path, "report", "accounts.csv", "--template", "mine.html")
    (own,) = re.findall("<style>(.*?)</style>", made, re.DOTALL)
    assert own.endswith("h1{color:red}")
    assert base64.b64encode(hashlib.sha256(own.encode()).digest()).decode() in made


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n{% if %}", 2, "Expected an expression"),
        ("\n\n{{ nothing }}", 3, "'nothing' is undefined"),
        ("{{ title | safe }}", 1, "No filter named 'safe'"),
        ("{{ ''.__class__.__mro__ }}", 1, "access to attribute '__class__'"),
        ("{% include 'other.html' %}", 1, "other.html"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
        ("\n{% include 'mine.html' %}", 2, "mine.html"),
        ("{{ range(10000000) }}", 1, "range"),
    ],
)
def test_wrong_template(text: str, line: int, reason: str, tmp_path: Path) -> None:
    """What is wrong in a template is said with its file and line, and nothing is written."""
    _book(tmp_path)
    (tmp_path / "mine.html").write_text(text)
    words = ("report", "accounts.csv", "--template", "mine.html", "-o", "book.html", *DAY)
    result = run(*words, cwd=tmp_path)
    assert result.code == 2
    assert result.err.decode().startswith(f"mine.html:{line}: template-wrong: "), result.err
    assert reason in result.err.decode()
    assert not (tmp_path / "book.html").exists()


def test_template_is_an_input(tmp_path: Path) -> None:
    """A template that is not there stops the run, and so does one that would be written over."""
    _book(tmp_path)
    words = ("report", "accounts.csv", *DAY, "--template", "mine.html")
    assert run(*words, cwd=tmp_path).err.startswith(b"mine.html: missing-file: ")
    (tmp_path / "mine.html").write_bytes(b"\xff")
    assert b"not UTF-8" in run(*words, cwd=tmp_path).err
    (tmp_path / "mine.html").write_text("x")
    result = run(*words, "-o", "mine.html", cwd=tmp_path)
    assert (result.code, result.err[:16]) == (2, b"output-is-input:")


def test_defects_of_own_templates_are_no_problem_of_a_reader() -> None:
    """Where csprio's own template is wrong, that is a defect of csprio and raised as one."""
    with pytest.raises(TemplateError):
        Pages().page("report", {})


def test_report_asks_for_a_page(tmp_path: Path) -> None:
    """The report of an empty book is a page too, and one person's holds only that person's."""
    (tmp_path / "accounts.csv").write_text(HEAD + "\n", encoding="utf-8")
    page = _ask(tmp_path, "report", "accounts.csv")
    found = run("check", "accounts.csv", *DAY, "-f", "json", cwd=tmp_path).good()
    codes = [row["code"] for row in json.loads(found)["rows"]]
    assert codes
    assert all(f">{code}<" in page for code in codes)
    made = _ask(_book(tmp_path), "report", "accounts.csv", "--owner", "Person 1")
    assert "Account 1<" in made
    assert "Account 2<" not in made


def test_nothing_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `check` finds nothing, the page says so."""
    monkeypatch.setattr("csprio.checking.checked", lambda *_: ())
    assert "<p>Nothing is wrong.</p>" in _ask(_book(tmp_path), "report", "accounts.csv")


def test_inactive_accounts_ask_for_nothing() -> None:
    """The note by which a page knows inactive accounts is the one that they have."""
    assert INACTIVE.startswith(book._INACTIVE)  # noqa: SLF001


def test_problems_are_counted() -> None:
    """Of many problems alike the first are shown, and the rest are counted."""
    many = [problem("missing-file", Place("a.csv", line)) for line in range(25)]
    found = book._problems(many)  # noqa: SLF001
    assert len(found.rows) == 20
    assert found.more.startswith("... and 5 more")


def test_timeline_by_role() -> None:
    """Roles are lanes, labels that would meet take another line, and today is marked."""
    events = [
        Event("2026-01-10", "csm", "A rather long title of an activity here", "done"),
        Event("2026-01-12", "csm", "Check-in", "open"),
        Event("2026-12-30", "sales", "Renewal talk", "open"),
        Event("", "csm", "Undated", "undated"),
    ]
    drawn = timeline(events, "2026-06-30")
    assert drawn is not None
    assert [lane.name for lane in drawn.lanes] == ["csm", "sales"]
    one, two = drawn.lanes[0].marks
    assert one.y < two.y
    assert one.label.endswith("…")
    assert drawn.lanes[1].marks[0].left
    assert [tick.label for tick in drawn.months][::11] == ["Jan 2026", "Dec"]
    assert 500 < drawn.today < 620
    assert timeline(events[3:], "2026-06-30") is None
    many = [Event("2026-01-10", "csm", f"Call {n}", "open") for n in range(12)]
    crowded = timeline(many, "2020-01-01")
    assert crowded is not None
    assert crowded.today == -1
    assert [mark.label for mark in crowded.lanes[0].marks][8:] == [""] * 4


def test_long_timeline_names_fewer_months() -> None:
    """Over many years a timeline names a month in three, or the years alone."""
    ends = [Event(f"{year}-02-01", "csm", "Call", "open") for year in (2026, 2040)]
    drawn = timeline(ends, "2026-06-30")
    assert drawn is not None
    assert {tick.label[:3] for tick in drawn.months} == {"Jan"}


def test_weeks_stack_tasks() -> None:
    """Every task of a day is a square on the one before, and many together stay in the picture."""
    few = weeks([("2026-11-23", "t0"), ("2026-11-23", "t1")], date(2026, 11, 23), 8, "2026-11-25")
    assert [each.kind for each in few.squares] == ["t0", "t1"]
    assert few.today == 28
    many = weeks([("2026-11-24", "t0")] * 900, date(2026, 11, 23), 8, "2026-11-23")
    assert many.height < 140
    assert len(many.squares[0].path) < 40
