"""Compares answers, byte for byte, with the files that stand beside their input.

`tests/golden/CASE/` is a case of its own (see cases.py). `examples/NAME/answers/commands` has a
line for each answer of an example: `NAME.EXT: command` for what goes to stdout, `NAME/: command`
for the files that the command writes into the folder NAME.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cases import ask, ask_case, compare_case, same, same_files, tree, write_case, write_files

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("golden/*/command"))
BOOKS = sorted(path.parent for path in HERE.parent.glob("examples/*/answers/commands"))


def _answers(answers: Path) -> list[tuple[str, str]]:
    """Read the lines of an example's `commands`: the answer's name and its command."""
    lines = (answers / "commands").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(": ") for line in lines if line.strip() and not line.startswith("#"))
    return [(name.strip(), command) for name, _, command in pairs]


ANSWERS = [(answers, name, command) for answers in BOOKS for name, command in _answers(answers)]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A command answers exactly what the case folder says it answers."""
    answer = ask_case(case, tmp_path)
    if request.config.getoption("--update-golden"):
        write_case(case, answer)
    compare_case(case, answer)


@pytest.mark.parametrize(
    ("answers", "name", "command"),
    ANSWERS,
    ids=[f"{answers.parent.name}-{name}" for answers, name, _ in ANSWERS],
)
def test_example(
    answers: Path, name: str, command: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """An example gives exactly the answers that are shown beside it."""
    update = request.config.getoption("--update-golden")
    answer = ask(command, answers.parent, tmp_path)
    assert answer.result.code == 0, answer.result.err.decode()
    if name.endswith("/"):
        assert all(path.startswith(name) for path in answer.written), f"only {name} is compared"
        inside = {path.removeprefix(name): b for path, b in answer.written.items()}
        if update:
            write_files(answers / name, inside)
        same_files(inside, tree(answers / name))
        assert answer.result.out == b""
        return
    if update:
        (answers / name).write_bytes(answer.result.out)
    same(answer.result.out, (answers / name).read_bytes(), name)
    assert answer.written == {}


@pytest.mark.parametrize("answers", BOOKS, ids=[answers.parent.name for answers in BOOKS])
def test_example_has_no_orphan(answers: Path) -> None:
    """Every file of an example's answers is made by one line of its commands."""
    names = [name for name, _ in _answers(answers)]
    assert len(names) == len(set(names))
    for path in set(tree(answers)) - {"commands"}:
        assert any(path == name or path.startswith(name) for name in names), path


def test_every_example_has_answers() -> None:
    """No example is shown without the answers that it gives."""
    examples = {path.name for path in HERE.parent.glob("examples/*/") if path.is_dir()}
    assert examples == {answers.parent.name for answers in BOOKS}
