"""Mails through a program that sends them: the recipe of docs/mail.md, word by word."""

from __future__ import annotations

import os
import re
import shutil
import socketserver
import subprocess
import threading
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from warm import LANG

if TYPE_CHECKING:
    from email.message import EmailMessage

ROOT = Path(__file__).parent.parent
MSMTP = shutil.which("msmtp")
SETTINGS = """\
account default
host 127.0.0.1
port {port}
tls off
auth off
from reports@firm.example
"""


class Sink(socketserver.ThreadingTCPServer):
    """A mail server on loopback that keeps what it is given: recipients and the message."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a port that is free."""
        super().__init__(("127.0.0.1", 0), Talk)
        self.got: list[tuple[list[str], bytes]] = []


class Talk(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to be given mails."""

    def handle(self) -> None:
        """Answer one client."""
        people: list[str] = []
        self.say("220 sink")
        for line in self.rfile:
            word, _, rest = line.decode().strip().partition(" ")
            if word.upper() == "RCPT":
                people.append(rest.partition(":")[2].strip("<>"))
            if word.upper() == "DATA":
                self.say("354 go on")
                server = self.server
                assert isinstance(server, Sink)
                server.got.append((people, self.message()))
                people = []
            self.say("221 bye" if word.upper() == "QUIT" else "250 good")
            if word.upper() == "QUIT":
                return

    def message(self) -> bytes:
        """Take a message up to its last line."""
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            assert line.endswith(b"\r\n")
            assert b"\r" not in line[:-2]
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def say(self, text: str) -> None:
        """Answer with a line."""
        self.wfile.write(f"{text}\r\n".encode())


def recipe() -> str:
    """Give the script that docs/mail.md shows, as of a day that the demo knows."""
    text = (ROOT / "docs" / "mail.md").read_text(encoding="utf-8")
    found = re.search(r"<<'END'\n(.*?)^END$", text, re.DOTALL | re.MULTILINE)
    assert found
    assert '"$(date +%F)"' in found[1]
    return found[1].replace('"$(date +%F)"', "2026-11-23")


@pytest.mark.interop
@pytest.mark.skipif(MSMTP is None, reason="msmtp is not installed: apt-get install msmtp")
def test_mondays_mails(csprio: Path, tmp_path: Path) -> None:
    """Cron's script brings everybody their own list, readable by any program, twice alike."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "mail.sh").write_text(recipe(), encoding="utf-8")
    path = os.pathsep.join([str(csprio.parent), "/usr/local/bin", "/usr/bin", "/bin"])
    with Sink() as sink:
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        settings = tmp_path / ".msmtprc"
        settings.write_text(SETTINGS.format(port=sink.server_address[1]), encoding="utf-8")
        settings.chmod(0o600)
        for _ in range(2):
            done = subprocess.run(
                ["/bin/sh", tmp_path / "mail.sh"],
                env={"HOME": str(tmp_path), "PATH": path, **LANG},
                capture_output=True,
                check=False,
                timeout=60,
            )
            assert done.returncode == 0, done.stderr
        sink.shutdown()
    first, second = sink.got[: len(sink.got) // 2], sink.got[len(sink.got) // 2 :]
    assert first == second
    files = sorted((tmp_path / "examples" / "demo" / "mail").glob("*.eml"))
    sent = [path for path in files if b"\r\nTo: " in path.read_bytes()]
    assert len(first) == len(sent) > 3
    for (people, data), file in zip(first, sent, strict=True):
        assert data.endswith(file.read_bytes().partition(b"\r\n")[2])
        message: EmailMessage = message_from_bytes(data, policy=SMTP)
        assert not message.defects
        assert [address.addr_spec for address in message["To"].addresses] == people
        assert message["From"] == "reports@firm.example"
        assert message["To"].addresses[0].display_name == file.stem
        for kind in ("plain", "html"):
            body = message.get_body((kind,))
            assert body is not None
            assert file.stem in body.get_content()
        (calendar,) = message.iter_attachments()
        content = calendar.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert Calendar.from_ical(content).subcomponents
