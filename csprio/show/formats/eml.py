"""A mail to one person: the list as text and as HTML, and as a calendar that is attached.

Sent by whoever reads it from the file, as `msmtp -t`; csprio sends nothing. No character of the
data reaches a header as it stands, and the same list has the same bytes: date, id and boundaries
follow from what is in it. There is no line From:, which the sending program knows.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from email.charset import QP, Charset
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from typing import TYPE_CHECKING

from csprio.problems import Place, policy_stop, problem
from csprio.show.days import BACKLOG, OVERDUE, by_day
from csprio.show.formats import Written, ics
from csprio.show.letter import as_html, as_text
from csprio.show.priority import owners
from csprio.show.text import visible

if TYPE_CHECKING:
    from email.message import Message

    from csprio.problems import Problem
    from csprio.show.days import Row
    from csprio.show.formats import Sink
    from csprio.show.terminal import Look
    from csprio.tables import Sheet

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_LONGEST_ADDRESS = 254  # by RFC 5321
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_LONGEST_NAME = 60  # of a person in a header; the list itself has it whole
_WEEK_DAYS = 7
_POLICY = compat32.clone(linesep="\r\n")


def write(
    sheet: Sheet, sink: Sink, look: Look, *, todo: bool = False, remind: str | None = None
) -> Written:
    """Write the mail of one person; `todo` and `remind` are those of the calendar attached."""
    lists = owners(sheet)
    if len(lists) > 1:
        raise policy_stop("mail-people", Place(""), count=f"{len(lists)} people")
    owner, mine = lists[0] if lists else (sheet.person or "", sheet)
    feed, written = ics.feed_of(mine, look, todo=todo, remind=remind)
    days = by_day(mine.gathered()) if lists else []
    when = _when(mine)
    title = f"{when}: {_counted(days)}"
    heading = f"{owner or 'nobody'}, {title}"
    text, html = as_text(heading, days), as_html(heading, days)
    address, found = _address(owner, sheet) if lists and owner else ("", ())
    key = repr((owner, address, sheet.as_of, text, feed))
    seed = hashlib.sha256(key.encode()).hexdigest()[:32]
    message = _message(text, html, feed, seed)
    if address:
        message["To"] = f"{_display(owner)} <{address}>" if owner != address else address
    message["Subject"] = _header(f"Your {title}" if lists else title, "Subject")
    midnight = datetime.combine(date.fromisoformat(sheet.as_of), datetime.min.time(), UTC)
    message["Date"] = format_datetime(midnight)
    message["Message-ID"] = f"<{seed}@csprio.invalid>"
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's absence is announced to cron
    sink.write(message.as_bytes(policy=_POLICY))
    # The list itself shows what the calendar cannot: tasks without a day.
    of_feed = (each for each in written.problems if each.code != "feed-undated")
    return Written((*of_feed, *found))


def _address(owner: str, sheet: Sheet) -> tuple[str, tuple[Problem, ...]]:
    """Give the address of a person, by the team or by their own name; "" and why where none."""
    address = sheet.emails.get(owner, owner).strip()
    if _ADDRESS.fullmatch(address) and len(address) <= _LONGEST_ADDRESS:
        return address, ()
    why = "the team has no email of theirs"
    if owner in sheet.emails:
        why = f"`{visible(address[:_LONGEST_NAME])}` is no address"
    return "", (problem("mail-address", Place(""), owner=owner, why=why),)


def _display(name: str) -> str:
    """Write a name for a header: what is not plain is encoded, so that it can mean nothing."""
    shown = visible(name)
    if len(shown) > _LONGEST_NAME:
        shown = f"{shown[: _LONGEST_NAME - 1]}…"
    return shown if _PLAIN_NAME.fullmatch(shown) else _header(shown, "To", encode=True)


def _header(text: str, name: str, *, encode: bool = False) -> str:
    """Write a text for a header, encoded where it is not ASCII."""
    charset = "utf-8" if encode or not text.isascii() else "us-ascii"
    return Header(text, charset, header_name=name).encode(linesep="\n")


def _when(sheet: Sheet) -> str:
    """Say which days a list is for: an ISO week, or the first and the last."""
    first, last = (date.fromisoformat(day) for day in sheet.days or (sheet.as_of, sheet.as_of))
    whole = first.isoweekday() == 1 and last - first == timedelta(_WEEK_DAYS - 1)
    return f"week {first:%G-W%V}" if whole else f"list of {first} to {last}"


def _counted(days: list[tuple[str, list[Row]]]) -> str:
    """Count what a list holds, in words."""
    counts = {"overdue": 0, "due": 0, "in the backlog": 0}
    kinds = {OVERDUE: "overdue", BACKLOG: "in the backlog"}
    for heading, rows in days:
        counts[kinds.get(heading, "due")] += len(rows)
    return ", ".join(f"{many} {kind}" for kind, many in counts.items() if many) or "nothing to do"


def _message(text: str, html: str, feed: bytes, seed: str) -> Message:
    """Put the parts together; no line that they hold can look like a boundary."""
    utf8 = Charset("utf-8")
    utf8.body_encoding = QP
    both = MIMEMultipart("alternative", boundary=f"=_alternative_{seed}")
    for body, kind in ((text, "plain"), (html, "html")):
        part = MIMEText("", kind)
        del part["Content-Transfer-Encoding"]
        part.set_payload(body, utf8)
        both.attach(part)
    calendar = MIMEBase("text", "calendar", charset="utf-8")
    calendar.add_header("Content-Disposition", "attachment", filename="tasks.ics")
    calendar.set_payload(feed, "utf-8")
    whole = MIMEMultipart("mixed", boundary=f"=_mixed_{seed}")
    whole.attach(both)
    whole.attach(calendar)
    return whole
