"""What calendars call a task: a UID that follows from its task_id and from nothing else.

Comes in: a task_id, or a UID that came back. Goes out: the other of the two. A UID is made of
letters, digits and a few marks, whatever the id is made of, and is never long.
"""

from __future__ import annotations

import hashlib
import re

OURS = "@csprio"
TASK = "X-CSPRIO-TASK"  # beside a UID that is too short to hold its task_id
STATUS = "X-CSPRIO-STATUS"  # what csprio itself says of a task that has ended
_LONGEST = 200  # some clients make file names of UIDs
_OTHERS = re.compile(rb"[^A-Za-z0-9_.:-]")
_WRITTEN = re.compile(rb"%([0-9A-F]{2})")


def uid_of(task_id: str) -> tuple[str, str]:
    """Give the UID of a task, and what is to stand beside it ("" where the UID says it all)."""
    spelled = _OTHERS.sub(lambda found: b"%%%02X" % ord(found[0]), task_id.encode()).decode()
    if len(spelled) <= _LONGEST:
        return spelled + OURS, ""
    return f"sha256-{hashlib.sha256(spelled.encode()).hexdigest()}{OURS}", spelled


def task_of(uid: str, beside: str = "") -> str:
    """Give the task_id that a UID means; "" where it is none of csprio's."""
    spelled = uid.strip().removesuffix(OURS)
    if not uid.strip().endswith(OURS) or not uid.isascii() or not beside.isascii():
        return ""
    if ":" not in spelled:  # as every task_id has it
        spelled = beside.strip()
    task = _WRITTEN.sub(lambda found: bytes([int(found[1], 16)]), spelled.encode())
    try:
        task_id = task.decode()
    except UnicodeDecodeError:
        return ""
    return task_id if uid_of(task_id)[0] == uid.strip() else ""
