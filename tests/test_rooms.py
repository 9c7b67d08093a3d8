"""Proves from the source that the house is as designed: who uses whom, and what stays out."""

from __future__ import annotations

import ast

import pytest

from rooms import PACKAGE, functions, inside, lines_of, loaded_by, modules, room

GROUND = {
    "codes",
    "problems",
    "tables",
    "fields",
    "rules",
    "settings",
    "journal",
    "team",
    "signals",
    "batches",
    "exports",
    "uids",
}
# A room, and the rooms that it may use besides itself and the package's own docstring and version.
USES = {
    "": set(),
    "codes": set(),
    "problems": GROUND,
    "tables": GROUND,
    "fields": GROUND,
    "rules": GROUND,
    "settings": GROUND,
    "journal": GROUND,
    "team": GROUND,
    "signals": GROUND,
    "batches": GROUND,
    "exports": GROUND,
    "uids": GROUND,
    "read": GROUND,
    "decide": GROUND,
    "show": GROUND,
    "held": set(),
    "keep": GROUND | {"held"},
    "ledger": GROUND | {"held"},
    "exported": GROUND | {"read"},
    "completing": GROUND,
    "heap": set(),
    "question": GROUND | {"read", "decide"},
    "scoring": GROUND | {"read", "decide"},
    "pipeline": GROUND | {"question", "read", "decide", "scoring"},
    "answers": GROUND | {"decide", "heap", "pipeline"},
    "checking": GROUND | {"answers", "decide", "pipeline"},
    "walk": GROUND | {"answers", "checking", "pipeline"},
    "reported": GROUND | {"answers", "checking", "pipeline", "walk"},
    "backtested": GROUND | {"answers", "decide", "pipeline"},
    "explained": GROUND | {"checking", "decide", "pipeline"},
    "starter": GROUND | {"read", "decide", "pipeline", "show"},
    "telling": GROUND | {"keep", "read", "decide", "pipeline"},
    "commands": GROUND
    | {
        "answers",
        "backtested",
        "checking",
        "completing",
        "explained",
        "exported",
        "heap",
        "ledger",
        "reported",
        "keep",
        "pipeline",
        "show",
        "starter",
        "telling",
        "walk",
    },
    "cli": GROUND | {"commands", "show"},
    "__main__": {"cli"},
}
# A library, and the rooms that may use it when csprio runs (anyone may name its types).
STAGES = {
    "tables",
    "journal",
    "read",
    "decide",
    "question",
    "scoring",
    "pipeline",
    "answers",
    "backtested",
    "explained",
    "show",
    "starter",
    "telling",
}
LIBRARIES = {
    "pandas": {"read", "decide", "show"},
    "pyarrow": STAGES,
    "numpy": STAGES,
    "yaml": {"read"},
    "openpyxl": {"read"},
    "xlsxwriter": {"show"},
    "rich": {"show"},
    "typer": {"cli", "commands"},
    "holidays": {"read", "show", "commands"},
    "scipy": {"decide"},
    "icalendar": {"show", "telling"},
}
OFFLINE = {"asyncio", "ftplib", "http", "requests", "smtplib", "socket", "ssl", "urllib"}
IMPURE = {"io", "locale", "os", "pathlib", "random", "shutil", "subprocess", "sys", "tempfile"}
CLOCK = {"today", "now", "utcnow"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "processor", "misc"}
MODULE_LINES = 400
FUNCTION_LINES = 40

ALL = sorted(modules())


def test_every_room_is_known() -> None:
    """A new room is a decision: it is entered in the table of who may use whom."""
    assert {module.room for module in modules().values()} <= USES.keys()


@pytest.mark.parametrize("name", ALL)
def test_rooms(name: str) -> None:
    """A module uses only the rooms that its own room may use, wherever its imports stand."""
    module = modules()[name]
    for imported in module.imports:
        assert not imported.name.startswith("."), f"{name}:{imported.line} imports by dots"
        target = inside(imported)
        if target is not None and target != "csprio":
            allowed = USES[module.room] | {module.room}
            assert room(target) in allowed, f"{name}:{imported.line} uses {target}"


@pytest.mark.parametrize("name", ALL)
def test_libraries(name: str) -> None:
    """A library is used only in the rooms it belongs to, and none that opens a socket."""
    module = modules()[name]
    for imported in module.imports:
        where = f"{name}:{imported.line} imports {imported.name}"
        assert imported.library not in OFFLINE, where
        if imported.library in LIBRARIES and not imported.only_types:
            assert module.room in LIBRARIES[imported.library], where


def test_yaml_in_one_file() -> None:
    """One file knows YAML, so that there is one safe subset of it."""
    users = {n for n, m in modules().items() for i in m.imports if i.library == "yaml"}
    assert len(users) <= 1, users


@pytest.mark.parametrize("start", ["csprio.cli", "csprio.__main__"])
def test_nothing_heavy_at_start(start: str) -> None:
    """Nothing that is imported with the command line imports a heavy library."""
    for name in sorted(loaded_by(start)):
        for imported in modules()[name].imports:
            if imported.at_start and not imported.only_types:
                heavy = imported.library in LIBRARIES.keys() - {"typer"}
                assert not heavy, f"{name}:{imported.line} imports {imported.name} at start"


@pytest.mark.parametrize("name", [name for name in ALL if room(name) == "decide"])
def test_decide_is_pure(name: str) -> None:
    """What decides knows no file, clock, terminal, environment or chance."""
    module = modules()[name]
    assert not {i.library for i in module.imports if not i.only_types} & IMPURE
    for node in ast.walk(module.source):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                assert called.id not in {"open", "print", "input"}, f"{name}:{node.lineno}"
            if isinstance(called, ast.Attribute):
                assert called.attr not in CLOCK, f"{name}:{node.lineno} reads the clock"


def test_sizes() -> None:
    """A module fits a sitting and a function fits a screen."""
    long = [
        f"{name}: {count} lines"
        for name, module in modules().items()
        if (count := len(module.path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    ]
    long += [
        f"{module.name}.{node.name}: {lines_of(node)} lines"
        for module, node in functions()
        if lines_of(node) > FUNCTION_LINES
    ]
    assert long == []


def test_names_say_something() -> None:
    """No module hides behind a name that says nothing."""
    assert not {part for name in ALL for part in name.split(".")} & VAGUE


def test_whole_columns() -> None:
    """Nothing walks over the rows of a table one by one."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for loop in ("iterrows(", "itertuples(", "axis=1"):
            assert loop not in text, f"{path.name} uses {loop}"
