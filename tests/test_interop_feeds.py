"""Calendar feeds in the programs that people have: libical, ical.js, khal, vdirsyncer, todoman."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from interop_feeds import CLIENTS, HOW, ask, caldav, program
from session import run

pytestmark = pytest.mark.interop
DAY = ("-q", "--as-of", "2026-11-23")
ODD = "Bølt; GmbH, \\n \u202e\x07 " + "lang" * 30
BOOK = """\
account_id,name,csm,sales,potential,likelihood,start_date
ACME,Acme Robotics,Ana,Ben,180000,1,2026-11-18
"Ça; va, 100%","{odd}",Ana,,60000,2,{start}
GONE,Gone Ltd,Ana,Ben,5000,2,2026-11-18
NODAY,Nodate Ltd,Ana,,60000,2,
"""
GLIB = """
import json, sys, gi
gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ical
def wrong(part):
    found, each = [], part.get_first_property(ical.PropertyKind.XLICERROR_PROPERTY)
    while each is not None:
        found.append(each.as_ical_string())
        each = part.get_next_property(ical.PropertyKind.XLICERROR_PROPERTY)
    inner = part.get_first_component(ical.ComponentKind.ANY_COMPONENT)
    while inner is not None:
        found += wrong(inner)
        inner = part.get_next_component(ical.ComponentKind.ANY_COMPONENT)
    return found
answers = []
for path in sys.argv[1:]:
    whole = ical.Component.new_from_string(open(path, encoding="utf-8", newline="").read())
    good = bool(whole.check_restrictions()) and whole.is_valid()
    answers.append([good, wrong(whole), whole.count_components(ical.ComponentKind.ANY_COMPONENT)])
print(json.dumps(answers))
"""
ICAL_JS = """
import ICAL from 'ical.js';
import { readFileSync } from 'node:fs';
const answers = process.argv.slice(2).map((path) => {
  const whole = new ICAL.Component(ICAL.parse(readFileSync(path, 'utf8')));
  const parts = whole.getAllSubcomponents();
  const titles = parts.map((part) => part.getFirstPropertyValue('summary'));
  return [parts.length, titles];
});
console.log(JSON.stringify(answers));
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a book and an empty place for a client."""
    config = "accounts: accounts.csv\njournal: journal.csv\nby: Ana\n"
    (tmp_path / "csprio.yaml").write_text(config, encoding="utf-8")
    write_book(tmp_path)
    return tmp_path


def write_book(folder: Path, start: str = "2026-11-18", without: str = "") -> None:
    """Write the accounts; one of them starts on a day, and one may be gone."""
    rows = BOOK.format(odd=ODD, start=start).splitlines(keepends=True)
    kept = [row for row in rows if not without or not row.startswith(without)]
    (folder / "accounts.csv").write_text("".join(kept), encoding="utf-8")


def export(folder: Path, name: str, *options: str) -> list[str]:
    """Write a feed of the coming weeks and give its UIDs."""
    span = ("--from", "2026-11-01", "--to", "2026-12-31")
    run("calendar", *DAY, *span, *options, "-o", name, cwd=folder).good()
    text = (folder / name).read_bytes().decode().replace("\r\n ", "")
    return [line[4:] for line in text.split("\r\n") if line.startswith("UID:")]


def every_feed(folder: Path) -> list[str]:
    """Write one of each kind of feed."""
    export(folder, "events.ics", "--remind", "9h")
    export(folder, "todos.ics", "--todo", "--remind", "8h30")
    run("worklist", *DAY, "-o", "week.ics", cwd=folder).good()
    run("worklist", *DAY, "--todo", "-o", "week-todos.ics", cwd=folder).good()
    run("calendar", *DAY, "--from", "2031-01-01", "--to", "2031-01-01", "-o", "none.ics",
        cwd=folder).good()  # fmt: skip
    return ["events.ics", "todos.ics", "week.ics", "week-todos.ics", "none.ics"]


def test_libical(folder: Path) -> None:
    """What GNOME's calendar reads with finds every feed whole, and no error in it."""
    python = "/usr/bin/python3"
    check = [python, "-c", "import gi; gi.require_version('ICalGLib', '3.0')"]
    there = Path(python).exists()
    if not there or subprocess.run(check, capture_output=True, check=False).returncode:
        pytest.skip("libical is not installed: apt-get install python3-gi gir1.2-ical-3.0")
    feeds = every_feed(folder)
    answers = json.loads(ask(python, "-c", GLIB, *feeds, folder=folder))
    assert [(good, wrong) for good, wrong, _ in answers] == [(True, [])] * len(feeds)
    assert all(count for *_, count in answers)


def test_ical_js(folder: Path) -> None:
    """What Thunderbird and Nextcloud read with gives every title as it is in the book."""
    node, module = shutil.which("node"), CLIENTS / "node" / "node_modules"
    if node is None or not (module / "ical.js").exists():
        pytest.skip(f"ical.js is not installed: {HOW}, which needs node and npm")
    (folder / "node_modules").symlink_to(module)
    (folder / "read.mjs").write_text(ICAL_JS, encoding="utf-8")
    feeds = every_feed(folder)
    answers = json.loads(ask(node, "read.mjs", *feeds, folder=folder))
    titles = [title for _, found in answers for title in found if title is not None]
    seen = ODD.replace("\u202e\x07", "\\u202e\\x07").strip()
    assert any(title.endswith(f": {seen}") for title in titles)
    assert any(title.endswith(": Acme Robotics") for title in titles)


def test_khal(folder: Path) -> None:
    """A feed that is imported twice is there once, and a task that moved has moved."""
    khal, calendar = program("khal"), folder / "calendar"
    calendar.mkdir()
    (folder / "khal.conf").write_text(
        f"[calendars]\n[[own]]\npath = {calendar}\n[sqlite]\npath = {folder / 'khal.db'}\n"
        "[locale]\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "[default]\ndefault_calendar = own\n",
        encoding="utf-8",
    )

    def imported() -> dict[str, str]:
        ask(khal, "-c", "khal.conf", "import", "--batch", "feed.ics", folder=folder)
        span = ("2026-10-01", "2027-01-31")
        form = ("--day-format", "", "--format", "{start-date} {uid}")
        said = ask(khal, "-c", "khal.conf", "list", *form, *span, folder=folder)
        rows = [line.split(" ", 1) for line in said.splitlines() if line]
        assert len(rows) == len({uid for _, uid in rows})
        return {uid: day for day, uid in rows}

    uids = export(folder, "feed.ics")
    first = imported()
    assert sorted(first) == sorted(uids)
    assert imported() == first
    write_book(folder, start="2026-11-20")
    kept = set(export(folder, "feed.ics")) & set(uids)  # some ids hold the day of a grade
    after = imported()
    changed = {uid for uid in kept if after[uid] != first[uid]}
    assert len(changed) > 3
    assert all(uid.startswith("%C3%87a") for uid in changed)


def test_a_server_and_back(folder: Path) -> None:
    """A feed reaches a server once; what is completed comes back, and what is dropped vanishes."""
    sync, todo = program("vdirsyncer"), program("todo")
    (folder / "list").mkdir()
    with caldav(folder) as url:
        storage = f'type = "caldav"\nurl = "{url}"\nusername = "ana"\npassword = "x"\n'
        (folder / "sync.conf").write_text(
            f'[general]\nstatus_path = "{folder / "status"}"\n'
            '[pair one]\na = "feed"\nb = "server"\ncollections = null\n'
            '[pair two]\na = "server"\nb = "list"\ncollections = null\n'
            f'[storage feed]\ntype = "singlefile"\npath = "{folder / "feed.ics"}"\n'
            f"[storage server]\n{storage}"
            f'[storage list]\ntype = "filesystem"\npath = "{folder / "list"}"\nfileext = ".ics"\n',
            encoding="utf-8",
        )
        (folder / "todo.py").write_text(
            f'path = "{folder / "list"}"\ndefault_list = "list"\ndate_format = "%Y-%m-%d"\n'
            f'cache_path = "{folder / "todo.db"}"\n',
            encoding="utf-8",
        )

        def synced(pair: str) -> list[str]:
            said = ask(sync, "-c", "sync.conf", "sync", pair, folder=folder)
            return [line for line in said.splitlines() if not line.startswith("Syncing ")]

        def listed() -> dict[str, str]:
            texts = [path.read_text(encoding="utf-8") for path in (folder / "list").glob("*.ics")]
            unfolded = [text.replace("\n ", "").splitlines() for text in texts]
            return {
                line[4:]: "\n".join(lines)
                for lines in unfolded
                for line in lines
                if line.startswith("UID:")
            }

        uids = export(folder, "feed.ics", "--todo")
        ask(sync, "-c", "sync.conf", "discover", folder=folder, stdin="y\n" * 9)
        assert len(synced("one")) == len(uids)
        assert synced("one") == []
        synced("two")
        assert sorted(listed()) == sorted(uids)

        known = json.loads(ask(todo, "--config", "todo.py", "--porcelain", "list", folder=folder))
        number = next(each["id"] for each in known if each["summary"].endswith(": Acme Robotics"))
        ask(todo, "--config", "todo.py", "done", str(number), folder=folder)
        (done,) = [uid for uid, text in listed().items() if "STATUS:COMPLETED" in text]
        synced("two")
        synced("one")
        run("log", "--from", "feed.ics", *DAY, cwd=folder).good()
        lines = (folder / "journal.csv").read_text(encoding="utf-8").splitlines()
        assert len(lines) == 2

        write_book(folder, without="GONE")
        left = export(folder, "feed.ics", "--todo")
        dropped = {uid for uid in uids if uid.startswith("GONE:")}
        assert set(left) == set(uids) - dropped
        assert dropped
        synced("one")
        synced("two")
        assert sorted(listed()) == sorted(left)
        assert done in left
        assert "STATUS:COMPLETED" in listed()[done]
        assert synced("one") == []
        again = run("log", "--from", "feed.ics", *DAY, "--accounts", "accounts.csv", cwd=folder)
        assert again.code == 0
        assert len((folder / "journal.csv").read_text(encoding="utf-8").splitlines()) == 2
