"""Reads csprio's own source, by ast, for the tests of its layout: what imports what, and where.

In: the files of the package. Out: its modules, with every import in them. Nothing is imported.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parent.parent / "csprio"


@dataclass(frozen=True)
class Import:
    """One name that a module imports, and whether that happens when the module is imported."""

    name: str
    line: int
    at_start: bool
    only_types: bool

    @property
    def library(self) -> str:
        """The top-level package that the name belongs to."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    name: str
    path: Path
    source: ast.Module

    @property
    def room(self) -> str:
        """The folder or module right below csprio: where in the house this file stands."""
        return room(self.name)

    @property
    def imports(self) -> list[Import]:
        """Every import of the file, wherever it stands in it."""
        return list(_imports(self.source.body, at_start=True, only_types=False))


@cache
def modules() -> dict[str, Module]:
    """Give every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def room(name: str) -> str:
    """Give the room of a dotted name: `csprio.read.lines` is in `read`, `csprio` in ``."""
    return name.split(".")[1] if "." in name else ""


def inside(imported: Import) -> str | None:
    """Give the module of the package that an import loads: a name in a module loads the module."""
    name = imported.name
    while name.partition(".")[0] == "csprio":
        if name in modules():
            return name
        name = name.rpartition(".")[0]
    return None


def loaded_by(start: str) -> set[str]:
    """Give the modules of the package that are imported by the time `start` is."""
    found: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name in found or name not in modules():
            continue
        found.add(name)
        todo.append(name.rpartition(".")[0])
        todo += [
            target
            for imported in modules()[name].imports
            if imported.at_start and not imported.only_types and (target := inside(imported))
        ]
    return found


def functions() -> Iterator[tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Give every function of the package with its module."""
    for module in modules().values():
        for node in ast.walk(module.source):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield module, node


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function, its docstring aside: saying why must not cost anything."""
    first = function.body[0]
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    said = (first.end_lineno or 0) - first.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - said


def _imports(nodes: list[ast.stmt], *, at_start: bool, only_types: bool) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, at_start, only_types)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                dots = "." * node.level
                name = f"{dots}{node.module or ''}.{alias.name}"
                yield Import(name, node.lineno, at_start, only_types)
        else:
            types = only_types or (isinstance(node, ast.If) and "TYPE_CHECKING" in _names(node))
            starts = at_start and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for _, value in ast.iter_fields(node):
                inner = (
                    [item for item in value if isinstance(item, ast.AST)]
                    if (isinstance(value, list))
                    else []
                )
                yield from _imports(_statements(inner), at_start=starts, only_types=types)


def _statements(nodes: list[ast.AST]) -> list[ast.stmt]:
    """Flatten what a compound statement holds (handlers, match cases) to its statements."""
    flat: list[ast.stmt] = []
    for node in nodes:
        if isinstance(node, ast.stmt):
            flat.append(node)
        elif isinstance(node, ast.ExceptHandler | ast.match_case):
            flat += node.body
    return flat


def _names(node: ast.If) -> set[str]:
    """Give the names that the condition of an `if` mentions."""
    found = {inner.id for inner in ast.walk(node.test) if isinstance(inner, ast.Name)}
    return found | {inner.attr for inner in ast.walk(node.test) if isinstance(inner, ast.Attribute)}
