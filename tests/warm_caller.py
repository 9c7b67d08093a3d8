"""What stands on the PATH as `csprio`: passes a call on to the server of warm.py, ends as it ends.

It starts without `site` and imports little, so that a call costs little more than a fork.
"""

import json
import os
import signal
import socket
import sys

DOOR = PYTHON = ""  # warm.py fills them in
BEFORE = (
    "LANG",
    "LC_",
    "PYTHON",
)  # what Python heeds before it runs anything, as it does terminals

started_by = {name: text for name, text in os.environ.items() if name.startswith(BEFORE)}
if started_by != {"LANG": "C.UTF-8"} or any(map(os.isatty, range(3))):
    os.execv(PYTHON, [PYTHON, "-m", "csprio", *sys.argv[1:]])  # noqa: S606

umask = os.umask(0)
os.umask(umask)
folder = os.getcwd()  # noqa: PTH109 - pathlib takes longer to import than all the rest
asked = {"folder": folder, "umask": umask, "words": sys.argv[1:], "env": dict(os.environ)}
words = json.dumps(asked).encode()
with socket.socket(socket.AF_UNIX) as call:
    call.connect(DOOR)
    socket.send_fds(call, [b"%d\n" % len(words)], [0, 1, 2])
    call.sendall(words)
    code = int(call.recv(100))
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
