"""Mails: one person's list, as text, as HTML and as a calendar; headers that nothing enters."""

from __future__ import annotations

import io
from datetime import date
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from icalendar import Calendar

from csprio.problems import Problem, Stop
from csprio.show.formats.eml import write
from csprio.show.terminal import Look
from sheets import answer

if TYPE_CHECKING:
    from email.message import EmailMessage

    from csprio.tables import Sheet

WEEK = ("2026-11-23", "2026-11-29")
TASK: dict[str, Any] = {
    "owner": "Ana Ruiz", "due": date(2026, 11, 25), "status": "open", "part": "lead", "rank": 1,
    "account_id": "ACME", "name": "Acme & Sons", "tier": "1", "title": "Kickoff",
    "effort_minutes": 45, "channel": "call", "with": "Ben", "task_id": "ACME:kickoff:s1",
}  # fmt: skip
HEADERS = {
    "Content-Type", "MIME-Version", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"
}  # fmt: skip
ODD = (
    "Ana\r\nBcc: eve@evil.example", "Ana\n\nHello", 'A" <eve@evil.example>, "B', "Ána Ruíz, PhD",
    "x" * 40_000, "é" * 40_000, "\x00\x1b[31m", "\u202eanA", "=?utf-8?q?Bcc=3A?=", "a@b@c",
    "<script>",
)  # fmt: skip


class Tags(HTMLParser):
    """Gathers the tags and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def worklist(*rows: dict[str, Any], **rest: Any) -> Sheet:  # noqa: ANN401 - parts of a sheet
    """Make a worklist of tasks that differ from TASK in what is given."""
    full = [{**TASK, **row} for row in rows]
    return answer("worklist", full, as_of="2026-11-23", days=WEEK, **rest)


def mail(sheet: Sheet, **options: Any) -> tuple[EmailMessage, tuple[Problem, ...]]:  # noqa: ANN401
    """Give the message that a mail program reads."""
    sink = io.BytesIO()
    written = write(sheet, sink, Look(), **options)
    data = sink.getvalue()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    again = io.BytesIO()
    write(sheet, again, Look(), **options)
    assert again.getvalue() == data
    message: EmailMessage = message_from_bytes(data, policy=SMTP)
    assert not message.defects
    assert set(message.keys()) <= HEADERS
    return message, written.problems


def parts(message: EmailMessage) -> tuple[str, str, bytes]:
    """Give the text, the HTML and the calendar."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    (calendar,) = message.iter_attachments()
    assert text is not None
    assert html is not None
    content = calendar.get_payload(decode=True)
    assert isinstance(content, bytes)
    return text.get_content(), html.get_content(), content


def test_a_mail() -> None:
    """A mail goes to the address that the team has, and says week and counts."""
    late = {"status": "overdue", "due": date(2026, 11, 20), "days_overdue": 3}
    emails = {"Ana Ruiz": "ana@firm.example"}
    message, problems = mail(worklist(late, {}, {}, emails=emails))
    assert not problems
    assert str(message["To"]) == "Ana Ruiz <ana@firm.example>"
    assert message["Subject"] == "Your week 2026-W48: 1 overdue, 2 due"
    assert message["Date"] == "Mon, 23 Nov 2026 00:00:00 +0000"
    text, html, _ = parts(message)
    text = text.replace("\r\n", "\n")
    assert "Wednesday 2026-11-25\n- Kickoff: Acme & Sons\n  tier 1, call, 45 minutes" in text
    assert "Acme &amp; Sons" in html


def test_the_calendar_beside() -> None:
    """The list comes as a calendar too, of events or of to-dos, with reminders if wished."""
    for todo, kind in ((False, "VEVENT"), (True, "VTODO")):
        message, _ = mail(worklist({}), todo=todo, remind="9h")
        (item,) = Calendar.from_ical(parts(message)[2]).subcomponents
        assert (item.name, len(item.subcomponents)) == (kind, 1)


def test_the_backlog_is_cut() -> None:
    """Ten of a backlog are shown, and the rest is counted."""
    rows = [{"task_id": f"A{n}:grade:s1", "title": f"Grade {n}."} for n in range(14)]
    message, _ = mail(worklist(*rows, backlog=pa.array([True] * 14)))
    assert message["Subject"] == "Your week 2026-W48: 14 in the backlog"
    for body in parts(message)[:2]:
        assert "Grade 9." in body
        assert "Grade 10." not in body
        assert "Backlog (14)" in body
        assert "... and 4 more in the backlog." in body


def test_another_stretch_of_days() -> None:
    """A list that is of no week says its first and its last day."""
    sheet = answer("worklist", [TASK], as_of="2026-11-23", days=("2026-11-23", "2026-12-02"))
    assert mail(sheet)[0]["Subject"] == "Your list of 2026-11-23 to 2026-12-02: 1 due"


def test_what_is_in_it_makes_its_id() -> None:
    """The same list has the same id, another one another: a reader shows both."""
    first, second = (mail(worklist({"title": title}))[0] for title in ("One", "Two"))
    assert first["Message-ID"] != second["Message-ID"]


def test_nothing_to_do() -> None:
    """Who has nothing to do has a file that goes to nobody."""
    message, problems = mail(worklist(person="Ana Ruiz", emails={"Ana Ruiz": "ana@firm.example"}))
    assert not problems
    assert "To" not in message
    assert message["Subject"] == "week 2026-W48: nothing to do"
    assert "Nothing to do." in parts(message)[0]


@pytest.mark.parametrize("owner", ["ana@firm.example", "o'neil+x@firm.example"])
def test_a_name_that_is_an_address(owner: str) -> None:
    """Without a team, a person who is called by an address is written to."""
    message, problems = mail(worklist({"owner": owner}))
    assert (message["To"], problems) == (owner, ())


@pytest.mark.parametrize(
    "email", ["a@b, c@d", "a b@c.de", "a@b\nBcc: x@y", "a@", "é@b.de", "<a@b>", "a" * 250 + "@b.de"]
)
def test_no_address(email: str) -> None:
    """What is not the address of one person becomes no header, and that is said."""
    message, (said,) = mail(worklist({}, emails={"Ana Ruiz": email}))
    assert said.code == "mail-address"
    assert "To" not in message


def test_nobody() -> None:
    """The list of nobody goes to nobody, which is no news."""
    message, problems = mail(worklist({"owner": None}))
    assert ("To" in message, problems) == (False, ())


def test_two_people() -> None:
    """A mail is for one person."""
    with pytest.raises(Stop, match="mail-people"):
        mail(worklist({}, {"owner": "Ben"}))


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_injected(odd: str) -> None:
    """No text becomes a header, an address, a tag or a part; headers hold a name up to its end."""
    row = dict.fromkeys(("owner", "name", "title", "with", "objective", "account_id"), odd)
    message, problems = mail(worklist(row, emails={odd: "ana@firm.example"}))
    (address,) = message["To"].addresses
    assert isinstance(address, Address)
    assert address.addr_spec == "ana@firm.example"
    text, html, calendar = parts(message)
    page = Tags(html)
    assert page.tags <= {
        "html", "head", "meta", "title", "body", "h1", "h2", "table", "tr", "td", "br", "span", "p"
    }  # fmt: skip
    assert page.attributes <= {"lang", "charset", "style", "role"}
    assert len(Calendar.from_ical(calendar).subcomponents) == 1
    assert len(text) > len(odd)
    assert {each.code for each in problems} <= {"feed-characters"}
