"""What all tests share: how hard hypothesis looks, and the switch that writes golden files anew."""

from __future__ import annotations

import importlib
import os
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from warm import csprio_in

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# So that an assertion in these shows both sides when it fails, as one in a test does.
pytest.register_assert_rewrite("agreeing", "cases", "session", "naive")

# `make test` looks hard and the same everywhere; tracing lines takes longer, and so looks less;
# `pytest --hypothesis-profile=explore` looks for what nobody has found yet.
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("full", max_examples=300, derandomize=True)
settings.register_profile("covered", max_examples=40, derandomize=True)
settings.register_profile("explore", max_examples=20_000, derandomize=False)
for _name in ("full", "covered", "explore"):
    settings.register_profile(
        _name,
        settings.get_profile(_name),
        deadline=None,
        print_blob=True,
        suppress_health_check=_SLOW,
    )
settings.load_profile("full")

# Lines count as covered by tests that ask for something of their own. These compare whatever whole
# answers come up, or only wait for other processes; tracing them would take twice as long.
_UNTRACED = {
    "naive",
    "test_benchmarks.py",
    "test_docs_shell.py",
    "test_html_browser.py",
    "test_interop_feeds.py",
    "test_interop_mail.py",
    "test_journal_laws.py",
    "test_naive_agrees.py",
    "test_naughty.py",
    "test_nightly.py",
    "test_same_bytes.py",
    "test_score_laws.py",
    "test_scores_agree.py",
    "test_walk.py",
    "test_wheel.py",
}
_TESTS = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let no trace be kept of tests that would prove little by it, and begin with them.

    They take longest, and what is short comes last, so that no worker ends alone.
    Modules that wait for a command are imported here, lest such a test be the first to do so.
    """
    if config.pluginmanager.hasplugin("_cov"):
        package = importlib.import_module("csprio")  # not above: the tracing begins after that
        for module in pkgutil.walk_packages(package.__path__, "csprio."):
            importlib.import_module(module.name)
    for item in items:
        if item.path.relative_to(_TESTS).parts[0] in _UNTRACED:
            item.add_marker("no_cover")
    items.sort(key=lambda item: item.get_closest_marker("no_cover") is None)
    if config.getoption("--traced"):
        items[:] = [item for item in items if item.get_closest_marker("no_cover") is None]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no client be missing where all were to be installed: a skipped test fails there."""
    report = yield
    wanted = os.environ.get("CSPRIO_EVERY_CLIENT") and item.get_closest_marker("interop")
    if wanted and report.skipped:
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def csprio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the path of a csprio that does not import everything anew for each call."""
    with csprio_in(tmp_path_factory.mktemp("warm")) as program:
        yield program


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`: the answers of today become the expected ones, for `git diff`.

    And `--traced`: only the tests whose lines count as covered, where all have passed already.
    """
    parser.addoption("--traced", action="store_true", help="leave out what is never traced")
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the expected files of tests/golden, tests/problems and examples anew",
    )
